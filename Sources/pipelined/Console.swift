import Foundation
import Glibc
import PipelineServer

/// The operator's terminal.
enum Console {
    static func error(_ line: String) { write(line + "\n") }

    /// A new password: from a file's first line, or asked for twice at the terminal. Never from the
    /// arguments, which everybody on the machine can read (O-2).
    static func newPassword(of login: String, file: String?) throws -> [UInt8] {
        if let file { return try firstLine(of: file) }
        guard isatty(STDIN_FILENO) == 1 else {
            throw OperationError(
                .usage,
                "no terminal to ask for the password of '\(login)'; name a file that holds it")
        }
        let password = ask("Password of '\(login)': ")
        guard ask("The same again: ") == password else {
            throw OperationError(.usage, "the two passwords differ")
        }
        return password
    }

    private static func firstLine(of path: String) throws -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw OperationError(
                .usage,
                "the password file \(path) cannot be read: \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        return line(from: descriptor)
    }

    private static func ask(_ prompt: String) -> [UInt8] {
        write(prompt)
        var before = termios()
        tcgetattr(STDIN_FILENO, &before)
        var silent = before
        silent.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
        defer {
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &before)
            write("\n")
        }
        return line(from: STDIN_FILENO)
    }

    /// One line without its ending, byte by byte, so that nothing behind it is taken.
    private static func line(from descriptor: Int32) -> [UInt8] {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while read(descriptor, &byte, 1) == 1, byte != UInt8(ascii: "\n") { bytes.append(byte) }
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        return bytes
    }

    private static func write(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }
}
