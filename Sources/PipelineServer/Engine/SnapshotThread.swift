import Logging
import PipelineCommands
package import PipelineDomain
package import PipelineStore
import Synchronization

/// Writes snapshots beside everything else (W-9): from a photograph, never under the engine's lock.
/// One at a time; when so many records have come since the last one, and when asked to. In between it
/// reads what is behind them, segment by segment, once a day.
final class SnapshotThread: Sendable {
    /// What a request for a snapshot comes to.
    enum Outcome: Sendable {
        case written(WrittenSnapshot)
        case copied(WrittenBackup)
        /// There is something of that name.
        case exists
        /// The disk has no room for it (W-8).
        case diskFull
        case ending
        case failed(String)
    }

    private struct Wishes: Sendable {
        var waiting: [Wish] = []
        var isStopping = false
    }

    private struct Wish: Sendable {
        /// Where to copy everything to, if it is a backup that is wanted.
        let backup: String?
        let done: @Sendable (Outcome) -> Void
    }

    private let engine: Engine
    private let logger: Logger
    /// Records after which a snapshot is due; 0: never by itself.
    private let everyRecords: UInt64
    private let last: Atomic<UInt64>
    private let retention: Mutex<Retention>
    private let wishes = Mutex(Wishes())
    private let wake = WakeSignal()
    private let ended = WakeSignal()

    /// Whether enough records have come is looked at this often.
    private static let lookMilliseconds = 1000
    /// The log is audited from a minute after the start on, and each day again.
    private static let auditDelayMilliseconds: UInt64 = 60_000
    private static let auditIntervalMilliseconds: UInt64 = 86_400_000

    /// `last`: the last record of the snapshot that there is; 0 for none.
    init(
        _ engine: Engine, _ logger: Logger, everyRecords: UInt64, last: UInt64,
        retentionDays: Int = 0
    ) {
        retention = Mutex(Retention(engine, days: retentionDays))
        self.engine = engine
        self.logger = logger
        self.everyRecords = everyRecords
        self.last = Atomic(last)
    }

    /// The last record that the newest snapshot includes.
    var lastSequence: UInt64 { last.load(ordering: .relaxed) }

    func start() { NamedThread.start("snapshots", isPatient: true) { self.run() } }

    /// Has a snapshot written of everything up to now; `done` is called on the snapshots' own thread.
    ///
    /// - Parameter backup: a directory to be made, with a copy of the snapshot and the log.
    func request(backup: String? = nil, _ done: @escaping @Sendable (Outcome) -> Void) {
        let isEnding = wishes.withLock { wishes in
            if !wishes.isStopping { wishes.waiting.append(Wish(backup: backup, done: done)) }
            return wishes.isStopping
        }
        if isEnding { done(.ending) } else { wake.signal() }
    }

    /// Ends the thread; a snapshot whose rows are still being written is given up.
    func stop() {
        wishes.withLock { $0.isStopping = true }
        wake.signal()
        ended.wait()
    }

    /// The last snapshot, once nothing is decided any more and all is durable (O-3).
    func writeLast() {
        guard engine.durable > lastSequence else { return }
        _ = write { false }
    }

    private func run() {
        var audit = LogAudit()
        var nextAudit = Clock.monotonicMilliseconds + Self.auditDelayMilliseconds
        while true {
            _ = wake.wait(milliseconds: Self.lookMilliseconds)
            let (waiting, isStopping) = wishes.withLock { wishes in
                defer { wishes.waiting = [] }
                return (wishes.waiting, wishes.isStopping)
            }
            if isStopping {
                for wish in waiting { wish.done(.ending) }
                break
            }
            let isDue = everyRecords > 0 && engine.durable >= lastSequence + everyRecords
            let taken = waiting.filter { $0.backup.map(BackupDirectory.isTaken) == true }
            for wish in taken { wish.done(.exists) }
            let others = waiting.filter { $0.backup.map(BackupDirectory.isTaken) != true }
            guard isDue || !others.isEmpty else {
                if Clock.monotonicMilliseconds >= nextAudit, !goOn(&audit) {
                    audit = LogAudit()
                    nextAudit += Self.auditIntervalMilliseconds
                }
                continue
            }
            // The last one is written by a thread that does not wait for the others.
            let outcome = Patience.during(hasEnd: false) {
                write { wishes.withLock(\.isStopping) }
            }
            for wish in others {
                wish.done(wish.backup.map { copy(to: $0, after: outcome) } ?? outcome)
            }
        }
        ended.signal()
    }

    /// Verifies one more segment; false when all of them are through, or one is damaged. What is in memory
    /// is right all the same, so the daemon goes on; but whoever runs it must know.
    private func goOn(_ audit: inout LogAudit) -> Bool {
        do {
            switch try audit.step(engine.journal, segments: 1) {
            case .going: return true
            case .sound(let sequence):
                logger.info("the log was audited", metadata: ["seq": "\(sequence)"])
            case .damaged(let corruption):
                logger.critical(
                    "the log is damaged: restore the file from a backup",
                    metadata: ["damage": "\(corruption)"])
            }
        } catch {
            logger.error("the log cannot be audited", metadata: ["error": "\(error)"])
        }
        return false
    }

    /// Copies the snapshot and the log up to now, on this thread, so that no snapshot goes meanwhile.
    private func copy(to path: String, after outcome: Outcome) -> Outcome {
        guard case .written = outcome else { return outcome }
        do {
            return .copied(try BackupDirectory.copy(engine.journal, to: path))
        } catch StoreError.alreadyFounded {
            return .exists
        } catch {
            // A backup is a copy: that it failed says nothing about what is durable here.
            return .failed("\(error)")
        }
    }

    /// Segments that went to the archive. A disk too full for it is no harm to the snapshot: they go
    /// with the next one.
    private func archive() throws -> Int {
        do {
            return try engine.journal.archive()
        } catch StoreError.diskFull {
            logger.warning("no room for the archive; it is tried again after the next snapshot")
            return 0
        } catch StoreError.corrupt(let corruption) {
            // It stays where it is, and so does all that comes after it.
            logger.critical(
                "a segment is damaged and cannot be archived: restore the file from a backup",
                metadata: ["damage": "\(corruption)"])
            return 0
        }
    }

    /// Drops what is older than the operator wants it kept; tried again with the next snapshot where the
    /// disk is full.
    private func retire() throws {
        do {
            let outcome = try retention.withLock { retention in
                try retention.run(at: Clock.now, monotonic: Clock.monotonicMilliseconds) {
                    Clock.sleep(milliseconds: 1)
                }
            }
            guard let horizon = outcome.horizon else { return }
            logger.notice(
                "older history was dropped",
                metadata: ["first": "\(horizon.first)", "since": "\(horizon.since)"])
        } catch StoreError.diskFull {
            logger.warning("no room to drop older history; it is tried again later")
        } catch let error as RecordError {
            logger.error("history cannot be dropped", metadata: ["error": "\(error)"])
        } catch StoreError.corrupt(let corruption) {
            logger.critical(
                "the log is damaged: restore the file from a backup",
                metadata: ["damage": "\(corruption)"])
        }
    }

    /// - Parameter isGivenUp: looked at again and again until all rows are written.
    private func write(unless isGivenUp: () -> Bool) -> Outcome {
        let began = Clock.monotonicMilliseconds
        do {
            let written = try engine.writeSnapshot(at: Clock.now, unless: isGivenUp) {
                Clock.sleep(milliseconds: 1)
            }
            let sequence = written.sequence
            last.store(sequence, ordering: .relaxed)
            let archived = try archive()
            try retire()
            logger.info(
                "snapshot written",
                metadata: [
                    "seq": "\(sequence)", "bytes": "\(written.byteCount)",
                    "milliseconds": "\(Clock.monotonicMilliseconds - began)",
                    "archived": "\(archived)",
                ])
            return .written(written)
        } catch is GivenUp {
            return .ending
        } catch StoreError.diskFull {
            // The next one by itself comes as many records later: a full disk is not tried every second.
            last.store(engine.durable, ordering: .relaxed)
            logger.error("no room for a snapshot")
            return .diskFull
        } catch {
            Fault.end(.durability, "the snapshot cannot be written: \(error)")
        }
    }
}

extension Engine {
    /// Writes everything decided by now, whatever else is decided meanwhile (W-9). `pause` is called
    /// until the last record of it is durable.
    func writeSnapshot(
        at now: Instant, unless isGivenUp: () -> Bool = { false },
        waiting pause: () throws -> Void
    ) throws -> WrittenSnapshot {
        // Before the photograph: what the log holds behind it is read again at a start.
        let start = journal.position
        let (state, sequence, latestInstant) = photograph()
        return try journal.writeSnapshot(
            of: state, sequence: sequence, latestInstant: latestInstant, start: start, at: now,
            proceed: { if isGivenUp() { throw GivenUp() } },
            // Nothing is told before it is durable, and a snapshot tells a great deal (W-2).
            settle: { while journal.durable < sequence { try pause() } })
    }
}

extension Log {
    /// Writes a state that was photographed when the log was at `start` or behind it.
    ///
    /// - Parameters:
    ///   - proceed: called before each section.
    ///   - settle: called when all rows are written, before the snapshot counts.
    @discardableResult
    package func writeSnapshot(
        of state: State, sequence: UInt64, latestInstant: Instant, start: LogPosition,
        at now: Instant, proceed: () throws -> Void = {}, settle: () throws -> Void = {}
    ) throws -> WrittenSnapshot {
        try snapshots.write(
            start: start, sequence: sequence, latestInstant: latestInstant.milliseconds,
            cluster: clusterID, at: now.milliseconds
        ) { add in
            try SnapshotLoading.sections(of: state) { section, bytes in
                try proceed()
                try add(section, bytes)
            }
            try settle()
        }
    }
}

/// A snapshot is not wanted any more.
private struct GivenUp: Error {}
