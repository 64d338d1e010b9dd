public import PipelineDomain

/// Encoded records of one command or transaction: they become durable together or not at all.
public struct Records: Sendable {
    public private(set) var bytes: [UInt8] = []
    /// Where each record ends in `bytes`.
    public private(set) var ends: [Int] = []

    public init() {}

    public var isEmpty: Bool { ends.isEmpty }

    var count: Int { ends.count }

    /// Forgets the records behind the first `count`.
    mutating func truncate(to count: Int) {
        ends.removeSubrange(count...)
        bytes.removeSubrange((ends.last ?? 0)...)
    }

    public mutating func removeAll(keepingCapacity: Bool = true) {
        bytes.removeAll(keepingCapacity: keepingCapacity)
        ends.removeAll(keepingCapacity: keepingCapacity)
    }

    mutating func append(_ event: Event, by actor: PersonID, at instant: Instant) {
        RecordCodec.encode(event, by: actor, at: instant, into: &bytes)
        ends.append(bytes.count)
    }
}

/// What running a command came to, beside its reply.
public struct Execution: Sendable {
    /// People whose inbox grew.
    public internal(set) var touchedInboxes: [PersonID] = []
    /// Set where the reply is not written yet: see `RecordQuery`.
    public internal(set) var deferred: RecordQuery?
    /// Rows that lists looked at to answer, and writes to be decided and carried out.
    var rowsLookedAt = 0
    /// Rows of their own inbox up to here are in the reply, for whoever asked (N-8).
    public internal(set) var shownUpTo: UInt64?
    /// What subscribers of `events` channels may be told of; empty unless `Ledger.isWatched`.
    public internal(set) var changes: [LiveChange] = []
}

/// Who a login is, for checking a password.
public struct Credentials: Sendable {
    public let person: PersonID
    /// scrypt PHC string; `nil`: no password is set.
    public let passwordHash: String?
    public let isActive: Bool
}
