import Glibc

/// The end of the process when going on would break the promise of the log (W-7).
enum Fault {
    /// Logs one line and ends the process at once: no answer leaves any more.
    static func end(_ code: ExitCode, _ message: String) -> Never {
        ServerLog.logger.critical("\(message)", metadata: ["exit": "\(code.rawValue)"])
        _exit(code.rawValue)
    }
}
