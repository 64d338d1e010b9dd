import PipelineCommands
import PipelineDomain
import PipelineStore

/// Drops history that is older than the operator wants it kept (W-9). Used by the snapshots' own thread.
///
/// In an order in which nothing is lost that was not to be: a snapshot of the company at the new horizon,
/// the record that tells of it, the log's own horizon, and, an hour later, the segments: an answer that was
/// begun before may still read them.
struct Retention {
    private let engine: Engine
    private let days: Int
    /// When the segments behind the horizon may go, on the monotonic clock.
    private var removalDue: UInt64 = 0

    static let graceMilliseconds: UInt64 = 3_600_000
    private static let dayMilliseconds: Int64 = 86_400_000

    init(_ engine: Engine, days: Int) {
        self.engine = engine
        self.days = days
    }

    /// What one look came to.
    struct Outcome: Equatable {
        /// The horizon, where it moved.
        var horizon: HistoryHorizon?
        /// Segments removed.
        var removed = 0
    }

    /// `pause` is called until what was recorded is durable.
    mutating func run(
        at now: Instant, monotonic: UInt64, waiting pause: () throws -> Void
    ) throws -> Outcome {
        guard days > 0 else { return Outcome() }
        var outcome = Outcome()
        if monotonic >= removalDue { outcome.removed = try engine.journal.removeDropped() }
        let limit = now.milliseconds - Int64(days) * Self.dayMilliseconds
        guard let end = try engine.journal.expired(before: limit) else { return outcome }
        let horizon = try photographed(at: end, now)
        guard engine.dropHistory(to: horizon, at: now) else { return outcome }
        let sequence = engine.sequence
        while engine.journal.durable < sequence { try pause() }
        try engine.journal.drop(upTo: end)
        removalDue = monotonic + Self.graceMilliseconds
        outcome.horizon = horizon
        return outcome
    }

    /// Writes the snapshot that everything behind the horizon is replayed on.
    private func photographed(at end: LogPosition, _ now: Instant) throws -> HistoryHorizon {
        let ledger = try PastStates(zones: SystemZones(), pause: Patience.pause).company(
            at: end.sequence, from: JournalSource(journal: engine.journal))
        _ = try engine.journal.snapshots.write(
            start: end, sequence: end.sequence, latestInstant: ledger.lastInstant.milliseconds,
            cluster: engine.journal.clusterID, at: now.milliseconds
        ) { add in try SnapshotLoading.sections(of: ledger.state, to: add) }
        return HistoryHorizon(
            first: end.sequence + 1, since: ledger.lastInstant, chain: "\(end.digest)")
    }
}
