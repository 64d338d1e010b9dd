import Logging
import PipelineStore
import Synchronization

/// Writes snapshots beside everything else (W-9): from a photograph, never under the engine's lock.
/// One at a time; when so many records have come since the last one, and when asked to.
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
    private let wishes = Mutex(Wishes())
    private let wake = WakeSignal()
    private let ended = WakeSignal()

    /// Whether enough records have come is looked at this often.
    private static let lookMilliseconds = 1000

    /// `last`: the last record of the snapshot that there is; 0 for none.
    init(_ engine: Engine, _ logger: Logger, everyRecords: UInt64, last: UInt64) {
        self.engine = engine
        self.logger = logger
        self.everyRecords = everyRecords
        self.last = Atomic(last)
    }

    /// The last record that the newest snapshot includes.
    var lastSequence: UInt64 { last.load(ordering: .relaxed) }

    func start() { NamedThread.start("snapshots") { self.run() } }

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

    /// Ends the thread; a snapshot that is being written is finished first.
    func stop() {
        wishes.withLock { $0.isStopping = true }
        wake.signal()
        ended.wait()
    }

    /// The last snapshot, once nothing is decided any more and all is durable (O-3).
    func writeLast() {
        guard engine.durable > lastSequence else { return }
        _ = write()
    }

    private func run() {
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
            guard isDue || !others.isEmpty else { continue }
            let outcome = write()
            for wish in others {
                wish.done(wish.backup.map { copy(to: $0, after: outcome) } ?? outcome)
            }
        }
        ended.signal()
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
        }
    }

    private func write() -> Outcome {
        let began = Clock.monotonicMilliseconds
        // Before the photograph: what the log holds behind it is read again at a start.
        let start = engine.journal.position
        let (state, sequence, latestInstant) = engine.photograph()
        do {
            let written = try engine.journal.snapshots.write(
                start: start, sequence: sequence,
                latestInstant: latestInstant.milliseconds, cluster: engine.journal.clusterID,
                at: Clock.now.milliseconds
            ) { add in
                try SnapshotLoading.sections(of: state, to: add)
                // Nothing is told before it is durable, and a snapshot tells a great deal (W-2).
                while engine.journal.durable < sequence { Clock.sleep(milliseconds: 1) }
            }
            last.store(sequence, ordering: .relaxed)
            let archived = try archive()
            logger.info(
                "snapshot written",
                metadata: [
                    "seq": "\(sequence)", "bytes": "\(written.byteCount)",
                    "milliseconds": "\(Clock.monotonicMilliseconds - began)",
                    "archived": "\(archived)",
                ])
            return .written(written)
        } catch StoreError.diskFull {
            // The next one by itself comes as many records later: a full disk is not tried every second.
            last.store(sequence, ordering: .relaxed)
            logger.error("no room for a snapshot")
            return .diskFull
        } catch {
            Fault.end(.durability, "the snapshot cannot be written: \(error)")
        }
    }
}
