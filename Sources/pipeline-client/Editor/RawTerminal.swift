import Dispatch
import Glibc
import Synchronization

/// The terminal while a person edits at it: every key at once and unechoed, signals as keys. Output
/// stays as it is, so that a line end is still a line end.
enum RawTerminal {
    private static let cooked = Mutex<termios?>(nil)

    /// False where there is no terminal to change.
    @discardableResult
    static func enter() -> Bool {
        var mode = termios()
        guard tcgetattr(STDIN_FILENO, &mode) == 0 else { return false }
        cooked.withLock { if $0 == nil { $0 = mode } }
        mode.c_iflag &= ~tcflag_t(BRKINT | ICRNL | INPCK | ISTRIP | IXON)
        mode.c_lflag &= ~tcflag_t(ECHO | ICANON | IEXTEN | ISIG)
        tcsetattr(STDIN_FILENO, TCSADRAIN, &mode)
        Terminal.out("\u{1B}[?2004h")
        return true
    }

    /// As it was before; also when a signal ends the program.
    static func leave() {
        let mode = cooked.withLock { saved in
            defer { saved = nil }
            return saved
        }
        guard var mode else { return }
        Terminal.out("\u{1B}[?2004l")
        tcsetattr(STDIN_FILENO, TCSADRAIN, &mode)
    }

    /// Calls `body` for every reading, with nothing at the end of input.
    static func onBytes(_ body: @escaping @Sendable ([UInt8]) -> Void) -> any DispatchSourceRead {
        let source = DispatchSource.makeReadSource(
            fileDescriptor: STDIN_FILENO, queue: .global(qos: .userInteractive))
        source.setEventHandler {
            var chunk = [UInt8](repeating: 0, count: 4096)
            let count = read(STDIN_FILENO, &chunk, chunk.count)
            if count < 0, errno == EINTR || errno == EAGAIN { return }
            body(count > 0 ? Array(chunk[..<count]) : [])
            if count <= 0 { source.cancel() }
        }
        source.resume()
        return source
    }

    /// Calls `body` whenever the window changes its size.
    static func onResize(_ body: @escaping @Sendable () -> Void) -> any DispatchSourceSignal {
        let source = DispatchSource.makeSignalSource(signal: SIGWINCH, queue: .global())
        source.setEventHandler(handler: body)
        source.resume()
        return source
    }

    /// A signal that ends the program gives the terminal back first.
    static func restoreOnSignals() -> [any DispatchSourceSignal] {
        [SIGTERM, SIGHUP, SIGQUIT].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                Screen.leave()
                leave()
                signal(number, SIG_DFL)
                // To the process: this thread is one of those that take no signals.
                kill(getpid(), number)
            }
            source.resume()
            return source
        }
    }

    /// Ctrl-Z: the shell that started us has the terminal until it is told to go on.
    static func stop() {
        leave()
        raise(SIGSTOP)
        enter()
    }

    static func rows() -> Int {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 0 else { return 24 }
        return Int(size.ws_row)
    }
}

/// The other screen of the terminal, which a full-screen view uses and leaves as it found it.
enum Screen {
    private static let isOn = Mutex(false)

    static func enter() {
        isOn.withLock { $0 = true }
        Terminal.out("\u{1B}[?1049h\u{1B}[?25l")
    }

    static func leave() {
        let was = isOn.withLock { on in
            defer { on = false }
            return on
        }
        if was { Terminal.out("\u{1B}[?25h\u{1B}[?1049l") }
    }

    /// Draws `lines` from the top; what was there before goes.
    static func draw(_ lines: [String]) {
        Terminal.out(
            "\u{1B}[H" + lines.map { $0 + "\u{1B}[K" }.joined(separator: "\r\n") + "\u{1B}[J")
    }
}
