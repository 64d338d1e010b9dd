import PipelineStore
import Synchronization

/// Makes batches durable, one after the other, and tells the loops (W-2, E-3).
///
/// Runs two threads: one commits, the other maintains the log beside it, so that a commit never
/// waits for marks, spare segments or a look at free space.
final class LogThread: Sendable {
    private let engine: Engine
    private let publish: @Sendable (Engine.Commit) -> Void
    private let isStopping = Atomic(false)
    private let commitEnded = WakeSignal()
    private let maintenanceEnded = WakeSignal()

    /// The log's own clockwork runs this often while there is something to mark (W-5).
    private static let maintenanceMilliseconds = 40
    /// And this often while nothing was written: free space is still looked at (W-8).
    private static let idleMaintenanceRounds = 25

    init(_ engine: Engine, publish: @escaping @Sendable (Engine.Commit) -> Void) {
        self.engine = engine
        self.publish = publish
    }

    func start() {
        NamedThread.start("log") { self.commitUntilStopped() }
        NamedThread.start("log-maintenance") { self.maintainUntilStopped() }
    }

    /// Commits what was decided, then stops both threads; returns when they have ended.
    func stop() {
        engine.endTurn()
        isStopping.store(true, ordering: .sequentiallyConsistent)
        engine.wake.signal()
        commitEnded.wait()
        maintenanceEnded.wait()
    }

    private func commitUntilStopped() {
        while true {
            while let (batch, effects) = engine.takeDueBatch() {
                do {
                    try engine.journal.commit(batch)
                } catch {
                    // Nothing that waits for this batch is ever answered (W-7).
                    Fault.end(.durability, "the log cannot be written: \(error)")
                }
                engine.committed(upTo: batch.lastSequence)
                publish(Engine.Commit(durable: batch.lastSequence, effects: effects))
            }
            if isStopping.load(ordering: .sequentiallyConsistent) { break }
            engine.wake.wait()
        }
        commitEnded.signal()
    }

    private func maintainUntilStopped() {
        var idleRounds = Self.idleMaintenanceRounds
        while !isStopping.load(ordering: .sequentiallyConsistent) {
            idleRounds += 1
            // A mark that was not due yet is due the next time (W-5).
            let isBehind = engine.journal.marked != engine.journal.durable
            if isBehind || idleRounds >= Self.idleMaintenanceRounds {
                do {
                    if try engine.journal.maintain(now: Clock.monotonicMilliseconds) { continue }
                } catch {
                    Fault.end(.durability, "the log cannot be maintained: \(error)")
                }
                idleRounds = 0
            }
            Clock.sleep(milliseconds: Self.maintenanceMilliseconds)
        }
        maintenanceEnded.signal()
    }
}
