import Foundation
import Glibc

/// A thread that lives as long as the daemon.
enum NamedThread {
    /// - Parameter nice: from 0 to 19, as of a process: how readily it lets the others go first.
    static func start(
        _ name: String, nice: Int32 = 0, _ body: @escaping @Sendable () -> Void
    ) {
        let thread = Thread {
            if nice > 0 { giveWay(nice) }
            body()
        }
        thread.name = name
        thread.start()
    }

    /// Makes the calling thread let the others go first from now on: so readily, from 1 to 19. Where it fails
    /// the thread is as busy as others.
    static func giveWay(_ nice: Int32) {
        // On Linux 0 is the calling thread here.
        _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, nice)
    }
}
