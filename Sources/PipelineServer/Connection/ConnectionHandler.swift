import DequeModule
import Glibc
import Logging
import NIOCore
import NIOSSL
import PipelineCommands
import PipelineDomain
import PipelineProtocol

/// The one place where a connection's actions are performed: moves bytes between the channel and
/// the machine, calls the engine, and fetches from other threads what takes time.
final class ConnectionHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    let id: UInt64
    var machine: ConnectionMachine
    let loop: LoopContext
    let services: Services
    var context: ChannelHandlerContext?
    private let connectedAt = Clock.monotonicMilliseconds
    private var usedAt = Clock.monotonicMilliseconds
    /// Whether the loop will call when more is durable.
    private var isWaiting = false
    private var isProcessing = false
    private var isReadPending = false
    /// Whether the end has begun.
    private var isEnded = false
    /// Whether anything has arrived since the end of the server was announced.
    private var hasReceivedLately = false
    /// Whether the connection will be closed even if its client reads nothing more.
    private var isClosingLater = false
    /// Records being waited for or read.
    private var fetch: Fetch?
    /// Rows encoded but not yet given to the channel reach up to here.
    var pushedUpTo: UInt64?
    /// Whether there may be rows behind the cursor of a live feed.
    var hasInboxGrown = false
    /// What the loop is to give this connection a turn for.
    var awaits = PushUrgency.nothing
    /// Whose inbox the loop delivers to this connection.
    var subscribedPerson: PersonID?
    /// Whose live changes the loop delivers to this connection.
    var watchingPerson: PersonID?
    /// Whether the loop knows this connection as a monitor.
    var isMonitoring = false
    var heldEvents: Deque<HeldEvent> = []
    var heldEventBytes = 0

    private struct Fetch {
        let query: RecordQuery
        let gate: UInt64
        let invocation: Invocation
        /// Spent on it under the lock.
        let microseconds: Int64
    }

    init(id: UInt64, loop: LoopContext) {
        self.id = id
        self.loop = loop
        services = loop.services
        machine = ConnectionMachine(id: id)
    }

    var engine: Engine { services.engine }

    // MARK: The channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        loop.add(self)
        services.counters.connected()
        if loop.isDraining { context.close(promise: nil) }
    }

    func handlerRemoved(context: ChannelHandlerContext) { forget() }

    func channelInactive(context: ChannelHandlerContext) {
        forget()
        context.fireChannelInactive()
    }

    private func forget() {
        guard context != nil else { return }
        context = nil
        machine.end()
        machine.feed = nil
        machine.subscriptions.removeAll()
        machine.isMonitor = false
        syncSubscription()
        syncMonitoring()
        loop.remove(self)
        services.counters.disconnected()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        services.counters.received(buffer.readableBytes)
        buffer.withUnsafeReadableBytes { machine.receive($0) }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        usedAt = Clock.monotonicMilliseconds
        hasReceivedLately = true
        process()
    }

    /// Reading stops while commands wait here that could not be taken yet.
    func read(context: ChannelHandlerContext) {
        if machine.isCongested || machine.isClosing {
            isReadPending = true
        } else {
            context.read()
        }
    }

    /// The handshake is over, and TLS 1.3 ends with a message of the client's. It is acknowledged at
    /// once, or a client that waits for that (Nagle) would hold its first command back for 40 ms.
    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        let quickAcknowledgement = ChannelOptions.Types.SocketOption(
            level: .tcp, name: NIOBSDSocket.Option(rawValue: TCP_QUICKACK))
        try? context.channel.syncOptions?.setOption(quickAcknowledgement, value: 1)
        context.fireUserInboundEventTriggered(event)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { process() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        services.logger.debug("connection failed", metadata: ["id": "\(id)", "error": "\(error)"])
        context.close(promise: nil)
    }

    // MARK: Called by the loop

    func becameDurable() {
        isWaiting = false
        fetchWhenDurable()
        process()
    }

    func inboxGrew() {
        hasInboxGrown = true
        loop.enqueue(self, as: .inbox)
    }

    func endIfDeactivated() {
        guard let identity = machine.identity, !engine.isActive(identity.person) else { return }
        end()
    }

    /// Ends the connection at once, whether its client reads or not: what is released already may
    /// still arrive (D-35, `CLIENT KILL`).
    func end() {
        machine.end()
        process()
        context?.close(promise: nil)
    }

    /// Answers what has arrived, then ends; a connection that only idles ends without more ado (O-3).
    func drain() {
        process()
        hasReceivedLately = false
        loop.loop.assumeIsolated().scheduleTask(in: Self.drainGrace) {
            if !self.hasReceivedLately, self.machine.isIdle { return self.hangUp() }
            self.machine.isDraining = true
            self.process()
        }
    }

    /// Says farewell and waits for none: a client that idles reads nothing and sends none, and TLS
    /// would be waited for in vain. Nothing is under way that could be lost by that.
    private func hangUp() {
        guard let context else { return }
        machine.end()
        let secure = try? context.pipeline.syncOperations.context(
            handlerType: NIOSSLServerHandler.self)
        context.close(promise: nil)
        secure?.close(promise: nil)
    }

    /// Commands that a client had sent before the end was announced still get their answer.
    private static let drainGrace = TimeAmount.milliseconds(50)

    // MARK: Work

    /// Takes commands until there are none, then lets leave what may leave, in one write.
    func process() {
        guard !isProcessing, let context else { return }
        isProcessing = true
        var isEnding = false
        // In log order: what came about before is told before commands that come after it are answered.
        if awaits != .nothing { takeTurn(PushTurn(engine)) }
        repeat {
            machine.outbox.borrow(&loop.writer)
            syncMonitoring()
            isEnding = takeCommands()
            syncMonitoring()
            syncSubscription()
            tellMonitors()
            send(context)
            machine.outbox.giveBack(&loop.writer)
        } while machine.canResume
        services.counters.add(commands: machine.commandCount, errors: machine.errorCount)
        machine.commandCount = 0
        machine.errorCount = 0
        isProcessing = false
        if isEnding { closeWhenSent(context) } else { resumeReading(context) }
    }

    /// Performs actions until there is nothing left to do; true when the connection is to end.
    private func takeCommands() -> Bool {
        while true {
            switch machine.next() {
            case .wait: return false
            case .close: return true
            case .run(let invocation, let person): run(invocation, as: person)
            case .transact(let invocations, let person): transact(invocations, as: person)
            case .check(let invocation):
                machine.checked(invocation, engine.checkForm(invocation))
            case .describe(let request, let verb, let person):
                services.describe(request, verb, for: person, into: &machine.outbox.writer)
                machine.described()
            case .find(let question): find(question)
            }
        }
    }

    private func run(_ invocation: Invocation, as person: PersonID) {
        let start = Clock.monotonicMicroseconds
        let ran = engine.run(
            invocation, as: person, at: Clock.now, reply: &machine.outbox.writer)
        let microseconds = Clock.monotonicMicroseconds - start
        if invocation.command.isWrite { loop.hasDecided() }
        if ran.isExpelled {
            machine.expel()
        } else if ran.isPostponed {
            later { $0.run(invocation, as: person) }
        } else if let query = ran.query {
            fetch = Fetch(
                query: query, gate: ran.gate, invocation: invocation, microseconds: microseconds)
            fetchWhenDurable()
        } else {
            noteIfSlow(invocation, microseconds)
            machine.ran(gate: ran.gate)
        }
    }

    private func noteIfSlow(_ invocation: Invocation, _ microseconds: Int64) {
        guard microseconds >= SlowLog.slowerThanMicroseconds else { return }
        services.slowLog.add(
            invocation.command, invocation.request, microseconds: microseconds,
            from: Self.text(context?.channel.remoteAddress), named: machine.name)
    }

    private func transact(_ invocations: [Invocation], as person: PersonID) {
        let ran = engine.transact(
            invocations, as: person, at: Clock.now, reply: &machine.outbox.writer)
        loop.hasDecided()
        if ran.isExpelled {
            machine.expel()
        } else if ran.isPostponed {
            later { $0.transact(invocations, as: person) }
        } else {
            machine.transacted(gate: ran.gate)
        }
    }

    /// Asks again once the disk may have caught up; meanwhile the connection's queue waits.
    private func later(_ work: @escaping (ConnectionHandler) -> Void) {
        loop.postpone {
            guard !self.machine.isClosing, self.context != nil else { return }
            self.machine.beginReply()
            work(self)
            self.process()
        }
    }

    // MARK: Output

    private func send(_ context: ChannelHandlerContext) {
        var durable = engine.durable
        machine.outbox.release(durable: durable)
        flush(context)
        if mustPull { pull(context, durable: durable, PushTurn(engine)) }
        if !heldEvents.isEmpty, awaits == .nothing { releaseEvents(context, PushTurn(engine)) }
        guard machine.outbox.isGated, !isWaiting else { return }
        isWaiting = true
        loop.wait(self)
        durable = engine.durable
        machine.outbox.release(durable: durable)
        flush(context)
    }

    /// Writes everything released, unless the socket has enough to do.
    func flush(_ context: ChannelHandlerContext) {
        guard machine.outbox.releasedCount > 0, context.channel.isWritable else { return }
        if loop.scratch.capacity > Self.keptScratchBytes { loop.scratch = ByteBuffer() }
        loop.scratch.clear()
        machine.outbox.take { _ = loop.scratch.writeBytes($0) }
        services.counters.sent(loop.scratch.readableBytes)
        var promise: EventLoopPromise<Void>?
        if let cursor = pushedUpTo, let person = subscribedPerson {
            pushedUpTo = nil
            let written = context.eventLoop.makePromise(of: Void.self)
            let loop = loop
            written.futureResult.assumeIsolated().whenSuccess {
                loop.delivered(to: person, upTo: cursor)
            }
            promise = written
        }
        context.writeAndFlush(wrapOutboundOut(loop.scratch), promise: promise)
    }

    private static let keptScratchBytes = 256 << 10

    private func closeWhenSent(_ context: ChannelHandlerContext) {
        guard !isEnded else { return }
        guard machine.outbox.count == 0 else { return closeLater() }
        isEnded = true
        // The promise of an empty write is kept once everything before it has reached the socket.
        let sent = context.eventLoop.makePromise(of: Void.self)
        sent.futureResult.assumeIsolated().whenComplete { _ in context.close(promise: nil) }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: sent)
    }

    /// A client that does not take its last answers is not waited for beyond this.
    private static let lastAnswersGrace = TimeAmount.seconds(10)

    private func closeLater() {
        guard !isClosingLater else { return }
        isClosingLater = true
        loop.loop.assumeIsolated().scheduleTask(in: Self.lastAnswersGrace) {
            self.context?.close(promise: nil)
        }
    }

    private func resumeReading(_ context: ChannelHandlerContext) {
        guard isReadPending, !machine.isCongested else { return }
        isReadPending = false
        context.read()
    }

    // MARK: Answers from other threads

    /// Answers off the loop once what the answer takes is durable; the connection's queue waits (D-17).
    private func fetchWhenDurable() {
        guard let fetch else { return }
        guard engine.durable >= fetch.query.through else {
            loop.wait(self)
            if engine.durable >= fetch.query.through { fetchWhenDurable() }
            return
        }
        self.fetch = nil
        services.answer(
            fetch.query, machine.version, for: machine.identity?.person ?? .nobody, on: loop.loop
        ).assumeIsolated().whenSuccess { answer in
            guard !self.machine.isClosing else { return }
            self.noteIfSlow(fetch.invocation, fetch.microseconds + answer.microseconds)
            self.machine.beginReply()
            self.machine.outbox.writer.raw(answer.reply)
            self.machine.ran(gate: fetch.gate)
            self.process()
        }
    }

    private func find(_ question: Question) {
        services.find(question, asker: id, on: loop.loop).assumeIsolated().whenSuccess { finding in
            self.machine.found(finding)
            self.process()
        }
    }

    /// For `CLIENT LIST`.
    var description: ClientDescription {
        let now = Clock.monotonicMilliseconds
        return ClientDescription(
            id: id, address: Self.text(context?.channel.remoteAddress),
            localAddress: Self.text(context?.channel.localAddress), name: machine.name,
            ageSeconds: Int64(now - connectedAt) / 1000, idleSeconds: Int64(now - usedAt) / 1000,
            channels: machine.subscriptions.channels.count,
            patterns: machine.subscriptions.patterns.count,
            queued: machine.transaction?.items.count, inputBytes: machine.parser.bufferedBytes,
            outputBytes: machine.outbox.count, command: machine.lastCommand.lowercased(),
            user: machine.identity?.login ?? "default", version: machine.version,
            libraryName: machine.libraryName, libraryVersion: machine.libraryVersion)
    }

    static func text(_ address: SocketAddress?) -> String {
        guard let address, let ip = address.ipAddress, let port = address.port else { return "?:0" }
        return ip.contains(":") ? "[\(ip)]:\(port)" : "\(ip):\(port)"
    }
}
