import CScheduler
import Glibc
import Synchronization

/// How a thread lets all others go first, and yet gets somewhere where they leave no processor idle.
enum Patience {
    private static let nice: Int32 = 19
    /// After this a piece of work is carried out like any other thread's.
    static let milliseconds: UInt64 = 2_000

    /// Patience with one piece of work. Times in microseconds.
    struct Work {
        let began: Int64
        /// Whether patience may be lost.
        let hasEnd: Bool
        private var waited: Int64 = 0
        private(set) var isOver = false

        init(began: Int64, hasEnd: Bool) {
            self.began = began
            self.hasEnd = hasEnd
        }

        /// After a pause: patience is lost by whom others let wait for 100 ms and eight ninths of the time.
        mutating func wait(from before: Int64, until now: Int64) {
            waited += now - before
            isOver = isOver || hasEnd && waited >= 100_000 && waited * 9 >= (now - began) * 8
        }

        /// It is lost in the end by whoever takes long.
        mutating func goOn(at now: Int64) {
            isOver = isOver || hasEnd && now - began >= Int64(milliseconds) * 1000
        }
    }

    private static let underWay = Mutex<[Int32: Work]>([:])

    /// To Linux, who knows threads by their number, a thread is a process here.
    private static let process = __priority_which_t(PRIO_PROCESS.rawValue)

    static var thread: Int32 { pipelined_thread_id() }

    /// Makes the calling thread patient; where this fails it is as busy as others.
    static func take() { set(nice, of: thread) }

    /// Carries out a piece of work. On a thread that is patient, it is so until it turns out to take long,
    /// if that is to have an end, and is again afterwards.
    static func during<Result>(
        hasEnd: Bool = true, _ work: () throws -> Result
    ) rethrows -> Result {
        let thread = thread
        let isNew = underWay.withLock { underWay in
            guard underWay[thread] == nil, value(of: thread) == nice else { return false }
            underWay[thread] = Work(began: Clock.monotonicMicroseconds, hasEnd: hasEnd)
            return true
        }
        guard isNew else { return try work() }
        defer {
            if underWay.withLock({ $0.removeValue(forKey: thread)?.isOver }) == true { take() }
        }
        return try work()
    }

    /// Lets whoever waits for the processor have it, on a patient thread at work. A nice value alone does
    /// not: who has used up their share for the moment waits for the next tick of the kernel's clock, up to
    /// 4 ms.
    @Sendable static func pause() {
        let thread = thread
        guard underWay.withLock({ $0[thread]?.isOver }) == false else { return }
        let before = Clock.monotonicMicroseconds
        sched_yield()
        let now = Clock.monotonicMicroseconds
        // Nobody else was there.
        guard now > before + 10 else { return }
        underWay.withLock { underWay in
            underWay[thread]?.wait(from: before, until: now)
            if underWay[thread]?.isOver == true { lose(thread) }
        }
    }

    /// To be called about every second: who has waited long for a piece of work waits no longer for
    /// everybody else's.
    static func end(at now: Int64 = Clock.monotonicMicroseconds) {
        underWay.withLock { underWay in
            for (thread, work) in underWay where !work.isOver {
                underWay[thread]?.goOn(at: now)
                if underWay[thread]?.isOver == true { lose(thread) }
            }
        }
    }

    /// Has a thread compete as an equal. Fails without a word where the process may not: the thread is then
    /// as patient as before.
    static func lose(_ thread: Int32) { set(0, of: thread) }

    /// The nice value of a thread.
    static func value(of thread: Int32) -> Int32 { getpriority(process, id_t(thread)) }

    private static func set(_ value: Int32, of thread: Int32) {
        _ = setpriority(process, id_t(thread), value)
    }
}
