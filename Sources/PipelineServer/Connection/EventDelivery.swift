import DequeModule
import NIOCore
import PipelineCommands
import PipelineDomain

/// How live changes reach a subscriber (P-8). What the socket does not take at once is held back as it
/// is, not as bytes, so that rights are looked at again when it leaves (D-34).
extension ConnectionHandler {
    struct HeldEvent {
        let message: LiveMessage
        let form: LiveMessage.Form
    }

    /// Keeps the loop's register of listeners in step with the machine.
    func syncWatching() {
        let person = machine.subscriptions.listensToEvents ? machine.identity?.person : nil
        guard person != watchingPerson else { return }
        if let watchingPerson { loop.events.remove(self, of: watchingPerson) }
        watchingPerson = person
        heldEvents.removeAll()
        heldEventBytes = 0
        if let person { loop.events.add(self, of: person) }
        loop.attend()
    }

    /// A change that may concern the person: waits for the connection's turn.
    func hold(_ message: LiveMessage) {
        guard !machine.isClosing else { return }
        for form in machine.subscriptions.forms(of: message.channels) {
            heldEvents.append(HeldEvent(message: message, form: form))
            heldEventBytes += message.byteCount
            loop.enqueue(self, as: .events)
        }
    }

    /// Lets what was held back go, as far as the socket takes it and the person may see it now. Live
    /// changes are not replayed: who is cut off reads the present state and subscribes again (N-7).
    func releaseEvents(_ context: ChannelHandlerContext, _ turn: PushTurn) {
        guard !heldEvents.isEmpty, let person = watchingPerson, machine.isPastBarrier else {
            return
        }
        while context.channel.isWritable, let held = heldEvents.popFirst() {
            heldEventBytes -= held.message.byteCount
            guard machine.subscriptions.asks(for: held.form),
                turn.shows(held.message, to: person)
            else { continue }
            push(held.message.frame(held.form, machine.version), context)
        }
        flush(context)
        if heldEventBytes + machine.outbox.count > services.outputCap, !heldEvents.isEmpty {
            cutOff(context)
        }
    }

    private func push(_ frame: ByteBuffer, _ context: ChannelHandlerContext) {
        guard heldEvents.isEmpty, machine.outbox.releasedCount == 0 else {
            machine.outbox.push(frame.readableBytesView)
            if machine.outbox.releasedCount > Self.gatheredBytes { flush(context) }
            return
        }
        services.counters.sent(frame.readableBytes)
        context.writeAndFlush(wrapOutboundOut(frame), promise: nil)
    }

    /// So many bytes go out in one write: a record of TLS.
    private static let gatheredBytes = 16 << 10
}

/// The connections of one loop that listen to `events` channels, by person, so that a change is only
/// held against those whom it may concern (N-7).
final class EventRegister {
    private let engine: Engine
    private var connections: [PersonID: [ConnectionHandler]] = [:]
    /// Those of them who see everything; `nil`: to be found out.
    private var overseers: [PersonID]?

    init(_ engine: Engine) { self.engine = engine }

    var isEmpty: Bool { connections.isEmpty }

    func add(_ connection: ConnectionHandler, of person: PersonID) {
        if isEmpty { engine.watch(true) }
        connections[person, default: []].append(connection)
        overseers = nil
    }

    func remove(_ connection: ConnectionHandler, of person: PersonID) {
        connections[person]?.removeAll { $0 === connection }
        guard connections[person]?.isEmpty == true else { return }
        connections[person] = nil
        overseers = nil
        if isEmpty { engine.watch(false) }
    }

    /// Hands each change to the connections of those whom it may concern; whether they may see it is
    /// looked at when it leaves.
    func deliver(_ changes: [LiveChange]) {
        guard !changes.isEmpty, !isEmpty else { return }
        let view = engine.liveView(at: Clock.now)
        if overseers == nil || changes.contains(where: \.concernsRoles) {
            overseers = connections.keys.filter(view.seesEverything)
        }
        for change in changes {
            let people = listeners(among: view.audience(of: change))
            guard !people.isEmpty else { continue }
            let message = LiveMessage(change, channels: view.channels(of: change))
            for person in people {
                for connection in connections[person] ?? [] { connection.hold(message) }
            }
        }
    }

    private func listeners(among audience: LiveView.Audience) -> [PersonID] {
        switch audience {
        case .everybody: Array(connections.keys)
        case .people(let people):
            people.filter { connections[$0] != nil }
                + (overseers ?? []).filter { !people.contains($0) }
        }
    }
}
