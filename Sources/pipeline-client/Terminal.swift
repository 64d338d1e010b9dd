import Dispatch
import Glibc
import Synchronization

/// The three standard streams: what they are, and plain writing and reading.
enum Terminal {
    static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

    /// Columns of the terminal on `descriptor`, else `COLUMNS`, else 80; at least 10.
    static func width(_ descriptor: Int32, _ environment: [String: String]) -> Int {
        var size = winsize()
        if ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 {
            return max(10, Int(size.ws_col))
        }
        return max(10, environment["COLUMNS"].flatMap { Int($0) } ?? 80)
    }

    static func out(_ text: String) { write(text, to: STDOUT_FILENO) }
    static func outLine(_ text: String) { write(text + "\n", to: STDOUT_FILENO) }
    static func error(_ text: String) { write(text, to: STDERR_FILENO) }
    static func errorLine(_ text: String) { write(text + "\n", to: STDERR_FILENO) }

    /// A reader that is gone ends this program as it would any other in a pipe; a full disk ends it as
    /// a failure, since data that was asked for is lost.
    private static func write(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                bytes = bytes.dropFirst(count)
            } else if errno == EPIPE {
                signal(SIGPIPE, SIG_DFL)
                raise(SIGPIPE)
            } else if errno == EAGAIN {
                var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&ready, 1, -1)
            } else if errno != EINTR {
                guard descriptor == STDOUT_FILENO else { return }
                errorLine("stdout: " + String(cString: strerror(errno)))
                restoreEcho()
                RawTerminal.leave()
                exit(ExitCode.server.rawValue)
            }
        }
    }

    // MARK: questions

    private static let savedMode = Mutex<termios?>(nil)

    /// Asks on the terminal itself, so that piped data stays apart. Nil without a terminal or at the
    /// end of input.
    static func ask(_ question: String, echo: Bool) -> String? {
        let terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
        guard terminal >= 0 else { return nil }
        defer { close(terminal) }
        write(question, to: terminal)
        if !echo { hush(terminal) }
        defer {
            if !echo {
                restoreEcho()
                write("\n", to: terminal)
            }
        }
        return LineReader(terminal).line().flatMap { $0.text }
    }

    private static func hush(_ terminal: Int32) {
        var mode = termios()
        guard tcgetattr(terminal, &mode) == 0 else { return }
        savedMode.withLock { $0 = mode }
        mode.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(terminal, TCSAFLUSH, &mode)
    }

    /// Gives the terminal its echo back; also called when a signal ends the program mid-question.
    static func restoreEcho() {
        let mode = savedMode.withLock { saved in
            defer { saved = nil }
            return saved
        }
        guard var mode else { return }
        let terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
        guard terminal >= 0 else { return }
        tcsetattr(terminal, TCSANOW, &mode)
        close(terminal)
    }

    /// Calls `body` for every Ctrl-C instead of ending the program.
    static func onInterrupt(_ body: @escaping @Sendable () -> Void) -> any DispatchSourceSignal {
        signal(SIGINT, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
        source.setEventHandler(handler: body)
        source.resume()
        return source
    }
}

/// Lines of one descriptor, read as they are needed.
final class LineReader: Sendable {
    struct Line: Sendable, Equatable {
        /// Nil when the line is not UTF-8.
        let text: String?
    }

    private struct State {
        var buffer: [UInt8] = []
        var scanned = 0
        var ended = false
    }

    private let descriptor: Int32
    private let state = Mutex(State())

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// The next line without its end; nil at the end of input. Blocks.
    func line() -> Line? {
        state.withLock { state in
            while true {
                if let end = state.buffer[state.scanned...].firstIndex(of: 0x0A) {
                    let line = Self.decoded(state.buffer[..<end])
                    state.buffer.removeSubrange(...end)
                    state.scanned = 0
                    return line
                }
                state.scanned = state.buffer.count
                if state.ended { return Self.last(&state) }
                Self.fill(&state, descriptor)
            }
        }
    }

    /// The same without blocking a task.
    func next() async -> Line? {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: self.line()) }
        }
    }

    private static func last(_ state: inout State) -> Line? {
        guard !state.buffer.isEmpty else {
            // A terminal's Ctrl-D ends one reading, not all of them.
            state.ended = false
            return nil
        }
        let line = decoded(state.buffer[...])
        state.buffer = []
        state.scanned = 0
        return line
    }

    private static func fill(_ state: inout State, _ descriptor: Int32) {
        var chunk = [UInt8](repeating: 0, count: 16_384)
        let count = read(descriptor, &chunk, chunk.count)
        if count > 0 {
            state.buffer += chunk[..<count]
        } else if count == 0 || errno != EINTR {
            state.ended = true
        }
    }

    private static func decoded(_ bytes: ArraySlice<UInt8>) -> Line {
        let bytes = bytes.last == 0x0D ? bytes.dropLast() : bytes
        return Line(text: String(validating: bytes, as: UTF8.self))
    }
}
