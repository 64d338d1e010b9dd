/// The version of the serialization a connection has agreed on with `HELLO` (P-1).
public enum ProtocolVersion: UInt8, Sendable, CaseIterable {
    /// The default: strings, integers and flat arrays only.
    case resp2 = 2
    /// Adds maps, sets, booleans, pushes, verbatim text and one null.
    case resp3 = 3
}

/// The first word of an error line (P-5): Redis's where Redis has one, else ours.
public enum ErrorCode: String, Sendable, CaseIterable {
    case err = "ERR"
    case wrongType = "WRONGTYPE"
    case noAuth = "NOAUTH"
    case wrongPass = "WRONGPASS"
    case noPerm = "NOPERM"
    case noProto = "NOPROTO"
    case loading = "LOADING"
    case execAbort = "EXECABORT"
    case outOfMemory = "OOM"
    case busy = "BUSY"
    case misconfigured = "MISCONF"
    case notFound = "NOTFOUND"
    case conflict = "CONFLICT"
    case invalid = "INVALID"
    case gate = "GATE"
    case pending = "PENDING"
    case diskFull = "DISKFULL"
}
