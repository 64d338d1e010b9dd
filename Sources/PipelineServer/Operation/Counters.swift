import Synchronization

/// What `INFO` counts. Relaxed: a figure may be a moment old.
final class Counters: Sendable {
    private let connections = Atomic(0)
    private let connectionsEver = Atomic(0)
    private let connectionsRejected = Atomic(0)
    private let subscribersCutOff = Atomic(0)
    private let commands = Atomic(0)
    private let errors = Atomic(0)
    private let bytesReceived = Atomic(0)
    private let bytesSent = Atomic(0)

    struct Snapshot {
        var connections, connectionsEver, connectionsRejected, subscribersCutOff: Int
        var commands, errors, bytesReceived, bytesSent: Int
    }

    func connected() {
        connections.add(1, ordering: .relaxed)
        connectionsEver.add(1, ordering: .relaxed)
    }

    func disconnected() { connections.subtract(1, ordering: .relaxed) }

    func rejected() { connectionsRejected.add(1, ordering: .relaxed) }

    func cutOff() { subscribersCutOff.add(1, ordering: .relaxed) }

    func received(_ bytes: Int) { bytesReceived.add(bytes, ordering: .relaxed) }

    func sent(_ bytes: Int) { bytesSent.add(bytes, ordering: .relaxed) }

    func add(commands count: Int, errors errorCount: Int) {
        if count > 0 { commands.add(count, ordering: .relaxed) }
        if errorCount > 0 { errors.add(errorCount, ordering: .relaxed) }
    }

    var openConnections: Int { connections.load(ordering: .relaxed) }

    var snapshot: Snapshot {
        Snapshot(
            connections: connections.load(ordering: .relaxed),
            connectionsEver: connectionsEver.load(ordering: .relaxed),
            connectionsRejected: connectionsRejected.load(ordering: .relaxed),
            subscribersCutOff: subscribersCutOff.load(ordering: .relaxed),
            commands: commands.load(ordering: .relaxed), errors: errors.load(ordering: .relaxed),
            bytesReceived: bytesReceived.load(ordering: .relaxed),
            bytesSent: bytesSent.load(ordering: .relaxed))
    }
}
