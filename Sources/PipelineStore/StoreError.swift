/// One failed call to the operating system: which call, on which path, and `errno`.
public struct IOFailure: Error, Sendable, Equatable, CustomStringConvertible {
    public let operation: String
    public let path: String
    public let code: Int32

    public init(operation: String, path: String, code: Int32) {
        self.operation = operation
        self.path = path
        self.code = code
    }

    public var description: String {
        "\(operation) \(path): \(SystemErrorText.of(code)) (errno \(code))"
    }
}

/// Why the log cannot be trusted, and where (W-6). `lastTrustedSequence` is the last record before
/// the damage: the only value that `acceptDataLossAfter` takes.
public struct Corruption: Error, Sendable, Equatable, CustomStringConvertible {
    public let file: String
    /// First byte, in the file, that is not trusted.
    public let offset: UInt64
    /// Bytes from `offset` on that are not trusted; 0 when what should be there is missing.
    public let length: UInt64
    public let reason: String
    public let lastTrustedSequence: UInt64
    /// Records of the last frame that the chain leads to, where it may be that one that was changed (W-3).
    public var doubted: ClosedRange<UInt64>?

    public var description: String {
        "\(file): bytes \(offset)..<\(offset + length) cannot be trusted: \(reason); "
            + (doubted == nil
                ? "the last trusted record is \(lastTrustedSequence)"
                : "the chain leads up to record \(lastTrustedSequence)")
    }
}

/// Everything the store refuses or fails with.
public enum StoreError: Error, Sendable, Equatable {
    /// A call to the operating system failed. On the writing side this is final (W-7).
    case io(IOFailure)
    /// The log is damaged and was not touched (W-6).
    case corrupt(Corruption)
    /// Another process, or another `Log` of this one, holds the directory (W-13).
    case locked(path: String)
    /// A file was written by a later release (W-12).
    case newerFormat(file: String, found: Int, supported: Int)
    /// There is no log in this directory yet.
    case notFounded(directory: String)
    /// `create` found a log, or what is left of one, in this directory.
    case alreadyFounded(directory: String)
    /// The records of one command or transaction do not fit one frame (W-3).
    case unitTooLarge(bytes: Int, limit: Int)
    /// There is no room for the next segment (W-8).
    case diskFull(directory: String)
    /// A record that is not durable, or that never existed, was asked for.
    case notDurable(sequence: UInt64, durable: UInt64)
    /// The reader of `replay` could not make sense of a record.
    case recordRefused(file: String, offset: UInt64, sequence: UInt64, reason: String)
    /// The log was closed.
    case closed
}

extension StoreError {
    /// A name that was to be there is not.
    var isNotFound: Bool {
        if case .io(let failure) = self { failure.isNotFound } else { false }
    }
}

extension StoreError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .io(let failure): failure.description
        case .corrupt(let corruption): corruption.description
        case .locked(let path): "\(path) is locked: another daemon uses this directory"
        case .newerFormat(let file, let found, let supported):
            "\(file) has format \(found), written by a later release; this one reads up to \(supported)"
        case .notFounded(let directory): "\(directory) holds no log"
        case .alreadyFounded(let directory): "\(directory) already holds a log"
        case .unitTooLarge(let bytes, let limit):
            "the records of one command take a frame of \(bytes) bytes; the limit is \(limit)"
        case .diskFull(let directory): "no room for another segment in \(directory)"
        case .notDurable(let sequence, let durable):
            "record \(sequence) is not in the log, which is durable up to \(durable)"
        case .recordRefused(let file, let offset, let sequence, let reason):
            "\(file): record \(sequence) in the frame at offset \(offset): \(reason)"
        case .closed: "the log is closed"
        }
    }
}
