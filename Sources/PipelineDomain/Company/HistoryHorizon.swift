/// Where the history begins whose older part was dropped by the operator's setting (W-9).
public struct HistoryHorizon: Hashable, Sendable {
    /// The first record that is kept.
    public let first: UInt64
    /// The latest instant of the records dropped.
    public let since: Instant
    /// SHA-256 of the chain up to the last record dropped, in hexadecimal digits: what was dropped can
    /// still be proved to be what it was (W-3).
    public let chain: String

    public init(first: UInt64, since: Instant, chain: String) {
        self.first = first
        self.since = since
        self.chain = chain
    }

    /// For whoever asks for what is gone.
    public var text: String {
        "lies before the history that is kept, which begins with record \(first), after \(since)"
    }
}

extension State {
    /// Moves the horizon; nothing where it is as far already.
    public func dropHistory(to horizon: HistoryHorizon) -> [Event] {
        guard horizon.first > company.horizon?.first ?? 1 else { return [] }
        return [.company(.historyDropped(horizon))]
    }
}
