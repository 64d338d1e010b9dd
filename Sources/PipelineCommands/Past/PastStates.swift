public import PipelineDomain
import Synchronization

/// Where a deferred reply reads the log. All that it asks for is durable. What cannot be read fails as
/// `lost`: that old records are damaged is no reason to stop serving what memory holds.
public protocol RecordSource: Sendable {
    /// Bodies of records, in the order of their ascending sequences.
    func records(
        _ sequences: [UInt64]
    ) throws(RecordError) -> [(sequence: UInt64, bytes: [UInt8])]

    /// Shows the bodies of all records of a span in their order, until `visit` answers false.
    func walk(
        _ sequences: ClosedRange<UInt64>, _ visit: (UInt64, UnsafeRawBufferPointer) -> Bool
    ) throws(RecordError)

    /// The latest state at hand that is behind none of the bounds and has more than the first
    /// `sequence` records, such as a snapshot; `nil`: there is none.
    func basis(atOrBefore bounds: [PastBound], beyond sequence: UInt64) -> Ledger?
}

extension RecordSource {
    public func basis(atOrBefore bounds: [PastBound], beyond sequence: UInt64) -> Ledger? { nil }
}

/// States of the past, rebuilt from the log. The last few are kept, and the next one is built
/// on the nearest of them. One is rebuilt at a time.
public final class PastStates: Sendable {
    private struct Kept: Sendable {
        /// Used last comes last.
        var ledgers: [Ledger] = []
    }

    private let kept = Mutex(Kept())
    private let zones: any ZoneRules
    private static let most = 4
    /// Replaying so many records onto a state that is kept takes less time than loading a snapshot.
    private static let replayedRather: UInt64 = 250_000
    /// What filtered reports look at, of now and of then.
    let presentColumns = KeptColumns()
    let pastColumns = KeptColumns()
    let pause: Pause

    /// - Parameter pause: lets others go first, every now and then in what takes long.
    public init(zones: any ZoneRules, pause: @escaping Pause = {}) {
        self.zones = zones
        self.pause = pause
    }

    /// The company as that record left it.
    public func company(
        at sequence: UInt64, from source: some RecordSource
    ) throws(RecordError) -> Ledger {
        try ledger(at: [.position(sequence)], upTo: sequence, from: source)
    }

    /// The company with the last record within all bounds, which is at most `last`.
    func ledger(
        at bounds: [PastBound], upTo last: UInt64, from source: some RecordSource
    ) throws(RecordError) -> Ledger {
        let bounds = bounds + [.position(last)]
        return try kept.withLock { kept throws(RecordError) in
            let nearest = kept.ledgers.filter { ledger in bounds.allSatisfy { $0.admits(ledger) } }
                .max { $0.lastSequence < $1.lastSequence }
            let far = nearest.map { $0.lastSequence + Self.replayedRather } ?? 0
            var rebuilt =
                source.basis(atOrBefore: bounds, beyond: far) ?? nearest ?? Ledger(zones: zones)
            try rebuilt.replay(until: bounds, upTo: last, from: source, pause)
            let reached = rebuilt.lastSequence
            kept.ledgers.removeAll { $0.lastSequence == reached }
            kept.ledgers.append(rebuilt)
            if kept.ledgers.count > Self.most { kept.ledgers.removeFirst() }
            return rebuilt
        }
    }
}

extension PastBound {
    /// Whether a state is not behind the bound.
    func admits(_ ledger: Ledger) -> Bool {
        switch self {
        case .position(let sequence): ledger.lastSequence <= sequence
        case .instant(let instant): ledger.lastInstant <= instant
        }
    }

    /// Whether a record that follows `time` is still within the bound.
    func admits(_ recorded: Recorded, after time: Instant) -> Bool {
        switch self {
        case .position(let sequence): recorded.sequence <= sequence
        case .instant(let instant): max(time, recorded.at) <= instant
        }
    }
}

extension Ledger {
    /// Applying so many takes some ten microseconds.
    private static let recordsBetweenPauses: UInt64 = 64

    /// Applies further records within all bounds, and none behind `last`.
    mutating func replay(
        until bounds: [PastBound], upTo last: UInt64, from source: some RecordSource,
        _ pause: @escaping Pause
    ) throws(RecordError) {
        try walk(until: bounds, upTo: last, from: source, pause) { ledger, recorded in
            ledger.replay(recorded)
        }
    }

    /// Hands the records that follow, within all bounds and none behind `last`, to `body`, which applies
    /// each with `replay`. Meanwhile units' sums may be behind.
    mutating func walk(
        until bounds: [PastBound], upTo last: UInt64, from source: some RecordSource,
        _ pause: @escaping Pause, _ body: (inout Ledger, Recorded) -> Void
    ) throws(RecordError) {
        var end = last
        for case .position(let sequence) in bounds { end = min(end, sequence) }
        guard lastSequence < end else { return }
        var failure: RecordError?
        deferSums()
        defer { settleSums(pause) }
        try source.walk(lastSequence + 1...end) { sequence, bytes in
            do throws(RecordError) {
                let recorded = try RecordCodec.decode(bytes, sequence: sequence)
                guard bounds.allSatisfy({ $0.admits(recorded, after: lastInstant) }) else {
                    return false
                }
                body(&self, recorded)
                if sequence.isMultiple(of: Self.recordsBetweenPauses) { pause() }
                return true
            } catch {
                failure = error
                return false
            }
        }
        if let failure { throw failure }
    }
}
