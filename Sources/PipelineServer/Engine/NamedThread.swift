import Foundation
import Glibc

/// A thread that lives as long as the daemon.
enum NamedThread {
    /// - Parameter nice: from 0 to 19, as of a process: how readily it lets the others go first.
    static func start(
        _ name: String, nice: Int32 = 0, _ body: @escaping @Sendable () -> Void
    ) {
        let thread = Thread {
            // On Linux 0 is the calling thread here. Where it fails the thread is as busy as others.
            if nice > 0 { _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, nice) }
            body()
        }
        thread.name = name
        thread.start()
    }
}
