import NIOCore
import PipelineDomain
import PipelineProtocol
import Synchronization

/// What the connections of one event loop share. Lives on that loop alone.
final class LoopContext {
    let loop: any EventLoop
    let services: Services
    /// Buffer that bytes on their way to the socket are collected in.
    var scratch = ByteBuffer()
    /// Writer that connections borrow while they answer.
    var writer = ReplyWriter(.resp2)

    private(set) var connections: [UInt64: ConnectionHandler] = [:]
    private var waiting: [ConnectionHandler] = []
    /// Writes that are asked for again once the disk has caught up.
    private var postponed: [() -> Void] = []
    private var subscribers: [PersonID: [ConnectionHandler]] = [:]
    /// Who listens to live changes.
    let events: EventRegister
    var monitors: [UInt64: ConnectionHandler] = [:]
    private var deliveries: [PersonID: UInt64] = [:]
    /// Connections whose pushes wait for their turn.
    private var pushes = PushQueue<ConnectionHandler>()
    /// Whether the log will be told when the loop has done what there is to do.
    private var isTurnEnding = false
    /// Position of the last commit that the loop has seen: replies up to there have been released.
    private(set) var durable: UInt64 = 0
    private let isAttentive: LoopAttention
    private(set) var isDraining = false

    init(loop: any EventLoop, services: Services, attention: LoopAttention) {
        self.loop = loop
        self.services = services
        isAttentive = attention
        events = EventRegister(services.engine)
    }

    func add(_ connection: ConnectionHandler) { connections[connection.id] = connection }

    func remove(_ connection: ConnectionHandler) { connections[connection.id] = nil }

    /// For `CLIENT LIST`: all but those that are on their way out.
    var descriptions: [ClientDescription] {
        connections.values.filter { !$0.machine.isClosing }.map(\.description)
    }

    /// What the connections subscribe to: those of one login, or all.
    func subscriptions(of identity: Identity?) -> [Subscriptions] {
        connections.values.filter {
            $0.machine.subscriptions.count > 0
                && (identity == nil || $0.machine.identity == identity)
        }.map(\.machine.subscriptions)
    }

    // MARK: Commits

    /// Tells the connection once more is durable. The caller looks at the durable position again
    /// afterwards, since a commit may have passed before the loop was known to wait.
    func wait(_ connection: ConnectionHandler) {
        waiting.append(connection)
        attend()
    }

    /// Everything up to the commit's position is durable: waiting replies leave, then the rows that
    /// it brought are pushed, so that a reply precedes the pushes it caused (P-7).
    func committed(_ commit: Engine.Commit) {
        let released = waiting
        waiting.removeAll(keepingCapacity: true)
        for connection in released { connection.becameDurable() }
        durable = commit.durable
        resumePostponed()
        for person in commit.effects.inboxes {
            for connection in subscribers[person] ?? [] { connection.inboxGrew() }
        }
        serve(pushes.urgent())
        if commit.effects.endsSessions {
            for connection in Array(connections.values) { connection.endIfDeactivated() }
        }
        events.deliver(commit.effects.changes)
        attend()
        if pushes.beginRound(at: Clock.monotonicMicroseconds) { goRound() }
    }

    // MARK: Pushes

    /// Has the connection served when its turn comes, once for everything that waits for it then.
    func enqueue(_ connection: ConnectionHandler, as urgency: PushUrgency) {
        guard connection.awaits < urgency else { return }
        connection.awaits = urgency
        pushes.add(connection, as: urgency)
    }

    private func serve(_ connections: [ConnectionHandler]) {
        guard !connections.isEmpty else { return }
        let turn = PushTurn(services.engine)
        // One that waits in both queues is served once.
        for connection in connections where connection.awaits != .nothing {
            connection.takeTurn(turn)
        }
    }

    /// Serves some of those whose round it is, and the others after what else the loop has to do; then
    /// rests until the next round may begin.
    private func goRound() {
        serve(pushes.next())
        let wait = pushes.wait(at: Clock.monotonicMicroseconds)
        guard let wait else { return }
        // What were ready at once would run before the loop looks at its sockets.
        loop.assumeIsolated().scheduleTask(in: .microseconds(max(1, wait))) {
            if self.pushes.continueRound(at: Clock.monotonicMicroseconds) { self.goRound() }
        }
    }

    // MARK: The end of a turn

    /// A write was decided: it goes to the log once everything that arrived with it is decided too.
    func hasDecided() {
        guard !isTurnEnding else { return }
        isTurnEnding = true
        loop.assumeIsolated().execute {
            self.isTurnEnding = false
            self.services.engine.endTurn()
        }
    }

    // MARK: Writers that wait for the disk

    /// Runs `work` after the next commit. Where the log waits for room and not for a commit, a timer
    /// sees to it.
    func postpone(_ work: @escaping () -> Void) {
        postponed.append(work)
        attend()
        guard postponed.count == 1 else { return }
        loop.assumeIsolated().scheduleTask(in: Self.postponement) { self.resumePostponed() }
    }

    private func resumePostponed() {
        guard !postponed.isEmpty else { return }
        let resumed = postponed
        postponed.removeAll()
        for work in resumed { work() }
    }

    private static let postponement = TimeAmount.milliseconds(20)

    func attend() {
        isAttentive.set(
            !waiting.isEmpty || !postponed.isEmpty || !subscribers.isEmpty || !events.isEmpty)
    }

    // MARK: Inboxes

    func subscribe(_ connection: ConnectionHandler, to person: PersonID) {
        subscribers[person, default: []].append(connection)
        attend()
    }

    func unsubscribe(_ connection: ConnectionHandler, from person: PersonID) {
        subscribers[person]?.removeAll { $0 === connection }
        if subscribers[person]?.isEmpty == true { subscribers[person] = nil }
        attend()
    }

    /// Rows up to `cursor` reached a socket of the person; told to the ledger once per turn of the
    /// loop (N-8).
    func delivered(to person: PersonID, upTo cursor: UInt64) {
        let isFirst = deliveries.isEmpty
        deliveries[person] = max(deliveries[person] ?? 0, cursor)
        guard isFirst else { return }
        loop.assumeIsolated().execute { self.tellDeliveries() }
    }

    private func tellDeliveries() {
        let told = deliveries.map { (person: $0.key, upTo: $0.value) }
        deliveries.removeAll(keepingCapacity: true)
        services.engine.markDelivered(told, at: Clock.now)
    }

    // MARK: The end

    /// Ends the connections selected; the asker's own is left to its machine.
    func kill(_ filter: ClientFilter, asker: UInt64) -> (count: Int, isSelf: Bool) {
        var count = 0
        var isSelf = false
        for connection in Array(connections.values)
        where !connection.machine.isClosing
            && filter.selects(connection.description, asker: asker)
        {
            count += 1
            if connection.id == asker { isSelf = true } else { connection.end() }
        }
        return (count, isSelf)
    }

    /// No new commands once those that have arrived are answered (O-3).
    func drain() {
        isDraining = true
        for connection in Array(connections.values) { connection.drain() }
    }
}

/// Whether a loop has anything to do for a commit, readable by the log thread.
final class LoopAttention: Sendable {
    private let flag = Atomic(false)

    func set(_ value: Bool) { flag.store(value, ordering: .sequentiallyConsistent) }

    var isSet: Bool { flag.load(ordering: .sequentiallyConsistent) }
}

/// One loop as the log thread and the acceptor see it.
struct LoopPort: Sendable {
    let loop: any EventLoop
    let attention: LoopAttention
    let context: NIOLoopBound<LoopContext>

    /// One hop a commit, and none to a loop where nobody waits (E-3).
    func publish(_ commit: Engine.Commit) {
        guard attention.isSet || commit.effects.endsSessions else { return }
        loop.execute { context.value.committed(commit) }
    }
}
