import Synchronization

/// The event loops, once they exist.
final class PortRegister: Sendable {
    private let ports = Mutex<[LoopPort]>([])

    func set(_ ports: [LoopPort]) { self.ports.withLock { $0 = ports } }

    var all: [LoopPort] { ports.withLock { $0 } }
}
