/// How the daemon and its subcommands end; documented in `docs/` and in `--help` (O-3).
public enum ExitCode: Int32, Sendable, CaseIterable {
    /// All went well.
    case success = 0
    /// Wrong usage: an unknown flag, a missing value.
    case usage = 64
    /// The log is damaged and was not touched; see `--accept-data-loss-after` (W-6).
    case corruptData = 65
    /// There is no company in the directory; `init` founds one.
    case notFounded = 66
    /// There is already a company in the directory, or no such login.
    case refused = 67
    /// The address cannot be listened on.
    case unavailable = 69
    /// A defect of the daemon itself.
    case defect = 70
    /// The operating system refused a call.
    case system = 71
    /// Write, sync, rename or directory sync of a durable file failed: nothing that was not durable
    /// was answered; start again (W-7).
    case durability = 74
    /// Another daemon uses the directory (W-13).
    case locked = 75
    /// A file was written by a later release (W-12).
    case newerFormat = 76
    /// Certificate or key cannot be read, or do not fit.
    case certificate = 77
    /// A second SIGTERM or SIGINT ended the daemon before it had stopped by itself.
    case forced = 130
    /// The configuration has an error; the line and a suggestion are in the message.
    case configuration = 78
}
