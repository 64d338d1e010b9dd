import CThread
import Glibc
import Synchronization

/// How a thread lets all others go first, and yet gets somewhere where they leave no processor idle.
enum Patience {
    private static let nice: Int32 = 19
    /// After so long a piece of work is carried out like any other thread's.
    static let longestMicroseconds: Int64 = 2_000_000
    /// So is one that others have let wait for so long, and for eight ninths of its time.
    static let longestWaitMicroseconds: Int64 = 100_000
    /// A pause that is over sooner was nobody's gain.
    private static let shortestWaitMicroseconds: Int64 = 10

    /// Patience with one piece of work. Times in microseconds.
    struct Work {
        /// To Linux, who knows threads by their number.
        let thread: Int32
        let began: Int64
        /// Whether the thread may get the nice value of others. Without that it just pauses no more.
        let hasEnd: Bool
        private var waited: Int64 = 0
        private(set) var isOver = false

        init(thread: Int32 = 0, began: Int64, hasEnd: Bool) {
            self.thread = thread
            self.began = began
            self.hasEnd = hasEnd
        }

        /// After a pause.
        mutating func wait(from before: Int64, until now: Int64) {
            waited += now - before
            let isStarved = waited >= longestWaitMicroseconds && waited * 9 >= (now - began) * 8
            isOver = isOver || isStarved
        }

        mutating func goOn(at now: Int64) {
            isOver = isOver || hasEnd && now - began >= longestMicroseconds
        }
    }

    /// What patient threads are at, by what a thread knows of itself without asking the kernel.
    private static let underWay = Mutex<[pthread_t: Work]>([:])

    /// To Linux a thread is a process here.
    private static let process = __priority_which_t(PRIO_PROCESS.rawValue)

    static var thread: Int32 { pipelined_thread_id() }

    /// Makes the calling thread patient; where this fails it is as busy as others.
    static func take() { set(nice, of: thread) }

    /// Carries out a piece of work. On a thread that is patient, it is so until it turns out to take long,
    /// if that is to have an end, and is again afterwards.
    static func during<Result>(
        hasEnd: Bool = true, _ work: () throws -> Result
    ) rethrows -> Result {
        let (own, thread) = (pthread_self(), thread)
        let isNew = underWay.withLock { underWay in
            guard underWay[own] == nil, value(of: thread) == nice else { return false }
            underWay[own] = Work(
                thread: thread, began: Clock.monotonicMicroseconds, hasEnd: hasEnd)
            return true
        }
        guard isNew else { return try work() }
        defer {
            if underWay.withLock({ $0.removeValue(forKey: own)?.isOver }) == true { take() }
        }
        return try work()
    }

    /// Lets whoever waits for the processor have it, on a patient thread at work. A nice value alone does
    /// not: who has used up their share for the moment waits for the next tick of the kernel's clock, up to
    /// 4 ms.
    @Sendable static func pause() {
        let own = pthread_self()
        guard underWay.withLock({ $0[own]?.isOver }) == false else { return }
        let before = Clock.monotonicMicroseconds
        sched_yield()
        let now = Clock.monotonicMicroseconds
        guard now >= before + shortestWaitMicroseconds else { return }
        let work = underWay.withLock { underWay in
            underWay[own]?.wait(from: before, until: now)
            return underWay[own]
        }
        if let work, work.isOver, work.hasEnd { lose(work.thread) }
    }

    /// To be called about every second: who has waited long for a piece of work waits no longer for
    /// everybody else's.
    static func end(at now: Int64 = Clock.monotonicMicroseconds) {
        // Under the lock, or a thread could lose the patience that it has taken for its next work.
        underWay.withLock { underWay in
            for (own, work) in underWay where !work.isOver {
                underWay[own]?.goOn(at: now)
                if underWay[own]?.isOver == true { lose(work.thread) }
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
