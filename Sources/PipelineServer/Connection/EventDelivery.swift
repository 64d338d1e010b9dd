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

    /// A change that the person may see. `flushEvents` follows once all of a commit are here.
    func deliver(_ message: LiveMessage) {
        guard let context, !machine.isClosing else { return }
        for form in machine.subscriptions.forms(of: message.channels) {
            if heldEvents.isEmpty, machine.isPastBarrier, context.channel.isWritable {
                machine.outbox.push(message.frame(form, machine.version))
            } else {
                heldEvents.append(HeldEvent(message: message, form: form))
                heldEventBytes += message.byteCount
            }
        }
    }

    func flushEvents() {
        guard let context, !machine.isClosing else { return }
        flush(context)
        cutOffIfSlow(context)
    }

    /// Lets what was held back go, as far as the socket takes it and the person may still see it.
    func releaseEvents(_ context: ChannelHandlerContext) {
        guard !heldEvents.isEmpty, let person = watchingPerson, machine.isPastBarrier,
            context.channel.isWritable
        else { return }
        let view = engine.liveView(at: Clock.now)
        var released = 0
        while released < heldEvents.count, context.channel.isWritable {
            let held = heldEvents[released]
            released += 1
            heldEventBytes -= held.message.byteCount
            guard machine.subscriptions.asks(for: held.form),
                view.shows(held.message.change, to: person)
            else { continue }
            machine.outbox.push(held.message.frame(held.form, machine.version))
            flush(context)
        }
        // A write that fails ends the connection at once, and what was held back goes with it.
        heldEvents.removeFirst(min(released, heldEvents.count))
    }

    /// Live changes are not replayed: who was cut off reads the present state and subscribes again
    /// (N-7).
    private func cutOffIfSlow(_ context: ChannelHandlerContext) {
        if heldEventBytes + machine.outbox.count > services.outputCap, !heldEvents.isEmpty {
            cutOff(context)
        }
    }
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

    /// Hands each change to the connections of those who may see it.
    func deliver(_ changes: [LiveChange]) {
        guard !changes.isEmpty, !isEmpty else { return }
        let view = engine.liveView(at: Clock.now)
        if overseers == nil || changes.contains(where: \.concernsRoles) {
            overseers = connections.keys.filter(view.seesEverything)
        }
        var touched: [ObjectIdentifier: ConnectionHandler] = [:]
        for change in changes {
            let people = listeners(among: view.audience(of: change))
                .filter { view.shows(change, to: $0) }
            guard !people.isEmpty else { continue }
            let message = LiveMessage(change, channels: view.channels(of: change))
            for person in people {
                for connection in connections[person] ?? [] {
                    connection.deliver(message)
                    touched[ObjectIdentifier(connection)] = connection
                }
            }
        }
        for connection in touched.values { connection.flushEvents() }
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
