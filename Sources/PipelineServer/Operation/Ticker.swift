import Glibc
import Logging
import PipelineCommands
import PipelineDomain
import Synchronization

/// Lets time pass: looks at the wall clock once a second and has the engine do what fell due (N-5).
final class Ticker: Sendable {
    private let engine: Engine
    private let zones = SystemZones()
    private let logger: Logger
    private let everySecond: @Sendable () -> Void
    private let isStopping = Atomic(false)
    private let wake = WakeSignal()
    private let ended = WakeSignal()

    private static let intervalMilliseconds = 1_000

    /// - Parameter everySecond: what else is to be done about once a second.
    init(_ engine: Engine, _ logger: Logger, everySecond: @escaping @Sendable () -> Void) {
        self.engine = engine
        self.logger = logger
        self.everySecond = everySecond
    }

    func start() {
        NamedThread.start("clock") { self.tickUntilStopped() }
    }

    /// Returns when nothing more is recorded.
    func stop() {
        isStopping.store(true, ordering: .sequentiallyConsistent)
        wake.signal()
        ended.wait()
    }

    private func tickUntilStopped() {
        var watch = ClockWatch()
        while !isStopping.load(ordering: .sequentiallyConsistent) {
            let look = watch.look(
                wall: Clock.now.milliseconds, monotonic: Clock.monotonicMilliseconds)
            if let step = look.stepMilliseconds {
                logger.warning(
                    "the wall clock was set; reminders are held for a minute",
                    metadata: ["seconds": "\(step / 1000)"])
            }
            if !look.isHolding { passTime() }
            everySecond()
            _ = wake.wait(milliseconds: Self.intervalMilliseconds)
        }
        ended.signal()
    }

    /// In steps, with a pause after each three times as long as it took: however much there is to be looked
    /// at after a start or a reorganisation, the lock is for commands most of the time (E-1).
    private func passTime() {
        var hasMore = true
        while hasMore, !isStopping.load(ordering: .sequentiallyConsistent) {
            let start = Clock.monotonicMicroseconds
            let passed = engine.passTime(at: Clock.now)
            let spent = Clock.monotonicMicroseconds - start
            hasMore = passed.hasMore
            report(passed)
            for id in passed.targets { measure(id) }
            if hasMore { usleep(useconds_t(clamping: 3 * spent)) }
        }
    }

    /// Off the lock, since it looks at many deals.
    private func measure(_ id: TargetID) {
        let now = Clock.now
        let (state, sequence, _) = engine.photograph()
        guard let measured = state.measure(id, sequence: sequence, at: now, zones) else { return }
        report(engine.passTime(of: measured, at: now))
    }

    private func report(_ passed: TimePassed) {
        for id in passed.setAside {
            logger.error("what is due here failed and was set aside", metadata: ["id": "\(id)"])
        }
    }
}

/// Compares the wall clock with the monotonic one (W-3).
struct ClockWatch {
    /// What a look at both clocks tells.
    struct Look: Equatable {
        /// By how much the wall clock was set, if by more than is borne; negative: back.
        var stepMilliseconds: Int64?
        /// Whether reminders wait until the clock has proved steady.
        var isHolding: Bool
    }

    static let borneMilliseconds: Int64 = 5 * 60 * 1000
    static let holdMilliseconds: UInt64 = 60 * 1000

    private var last: (wall: Int64, monotonic: UInt64)?
    private var heldUntil: UInt64 = 0

    mutating func look(wall: Int64, monotonic: UInt64) -> Look {
        defer { last = (wall, monotonic) }
        var step: Int64?
        if let last {
            let passed = Int64(clamping: monotonic &- last.monotonic)
            let (gap, over) = wall.subtractingReportingOverflow(last.wall &+ passed)
            if over || gap.magnitude > UInt64(Self.borneMilliseconds) {
                step = gap
                heldUntil = monotonic &+ Self.holdMilliseconds
            }
        }
        return Look(stepMilliseconds: step, isHolding: monotonic < heldUntil)
    }
}
