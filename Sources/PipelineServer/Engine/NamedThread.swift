import Foundation
import Glibc

/// A thread that lives as long as the daemon.
enum NamedThread {
    /// Linux's SCHED_IDLE, which the headers show to C alone.
    private static let whenIdle: Int32 = 5

    /// - Parameter isPatient: whether it runs only where no other thread wants a processor.
    static func start(
        _ name: String, isPatient: Bool = false, _ body: @escaping @Sendable () -> Void
    ) {
        let thread = Thread {
            // Where this fails the thread is as busy as others. On Linux 0 is the calling thread here.
            if isPatient {
                var none = sched_param()
                _ = sched_setscheduler(0, whenIdle, &none)
            }
            body()
        }
        thread.name = name
        thread.start()
    }
}
