import CScheduler
import Glibc
import Synchronization

/// How a thread lets all others go first, and yet gets somewhere where they leave no processor idle.
enum Patience {
    private static let nice: Int32 = 19
    /// Whoever wakes up takes the processor at once from a thread whose slice is longer than their own
    /// (Linux 6.12 and later). The longest that there is.
    private static let sliceNanoseconds: UInt64 = 100_000_000
    /// After this a piece of work is carried out like any other thread's.
    static let milliseconds: UInt64 = 2_000

    /// Patient threads at work, and since when; `nil` for those that are patient no longer.
    private static let underWay = Mutex<[Int32: UInt64?]>([:])

    /// To Linux, who knows threads by their number, a thread is a process here.
    private static let process = __priority_which_t(PRIO_PROCESS.rawValue)

    static var thread: Int32 { pipelined_thread_id() }

    /// Makes the calling thread patient; where this fails it is as busy as others.
    static func take() {
        if pipelined_set_scheduling(nice, sliceNanoseconds) != 0 { set(nice, of: thread) }
    }

    /// Carries out a piece of work. On a thread that is patient, it is so until `end` finds that it has
    /// taken long, and is again afterwards.
    static func during<Result>(_ work: () throws -> Result) rethrows -> Result {
        let thread = thread
        let isNew = underWay.withLock { underWay in
            guard underWay[thread] == nil, value(of: thread) == nice else { return false }
            underWay[thread] = .some(Clock.monotonicMilliseconds)
            return true
        }
        guard isNew else { return try work() }
        defer {
            let since = underWay.withLock { $0.removeValue(forKey: thread) ?? nil }
            if since == nil { take() }
        }
        return try work()
    }

    /// To be called about every second: who has waited long for a piece of work waits no longer for
    /// everybody else's.
    static func end(at now: UInt64 = Clock.monotonicMilliseconds) {
        underWay.withLock { underWay in
            for case (let thread, let since?) in underWay where now >= since + milliseconds {
                underWay[thread] = .some(nil)
                lose(thread)
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
