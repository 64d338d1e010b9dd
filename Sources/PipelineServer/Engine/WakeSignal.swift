import Dispatch

/// Wakes one waiting thread; signals that come while nobody waits are not lost.
final class WakeSignal: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    func signal() { semaphore.signal() }

    func wait() { semaphore.wait() }

    /// Waits no longer than `milliseconds`; says whether there was a signal.
    func wait(milliseconds: Int) -> Bool {
        semaphore.wait(timeout: .now() + .milliseconds(milliseconds)) == .success
    }
}
