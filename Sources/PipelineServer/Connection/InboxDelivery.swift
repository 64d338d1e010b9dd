import Logging
import NIOCore
import PipelineDomain
import PipelineProtocol

/// How notifications reach a subscriber: pulled from the company behind the connection's cursor, for
/// replay and live rows alike (P-7, N-1).
extension ConnectionHandler {
    /// Keeps the loop's register of subscribers in step with the machine.
    func syncSubscription() {
        syncWatching()
        let person = machine.feed == nil ? nil : machine.identity?.person
        guard person != subscribedPerson else { return }
        if let subscribedPerson { loop.unsubscribe(self, from: subscribedPerson) }
        subscribedPerson = person
        pushedUpTo = nil
        if let person { loop.subscribe(self, to: person) }
    }

    /// Pushes everything that came about up to the last commit that the loop has seen.
    func takeTurn(_ turn: PushTurn) {
        awaits = .nothing
        guard let context else { return }
        pull(context, durable: loop.durable, turn)
        releaseEvents(context, turn)
    }

    /// Whether rows may wait behind the cursor for which no turn of the loop is to come: while a
    /// subscription is replayed, or when a turn came before the confirmation had left.
    var mustPull: Bool {
        guard let feed = machine.feed else { return false }
        return !feed.isLive || (hasInboxGrown && awaits == .nothing)
    }

    /// Pushes durable rows behind the cursor. A replay stays a little ahead of the socket; live rows
    /// are pushed at once, and a subscriber that does not take them is cut off (P-7, N-7).
    func pull(_ context: ChannelHandlerContext, durable: UInt64, _ turn: PushTurn) {
        guard let person = subscribedPerson else { return }
        while machine.admitsPushes, let feed = machine.feed, !feed.isLive || hasInboxGrown {
            if !feed.isLive, !context.channel.isWritable { return }
            let rows = turn.inbox(of: person, after: feed.cursor, durable: durable)
            if let last = rows.last {
                machine.feed?.cursor = last
                push(rows, upTo: last, to: person, context)
            }
            if feed.isLive, machine.outbox.count > services.outputCap { return cutOff(context) }
            if rows.isComplete {
                machine.feed?.isLive = true
                hasInboxGrown = false
            }
        }
    }

    private func push(
        _ rows: InboxRendering, upTo last: UInt64, to person: PersonID,
        _ context: ChannelHandlerContext
    ) {
        let frame = rows.frame(machine.version)
        guard machine.outbox.releasedCount == 0, context.channel.isWritable else {
            machine.outbox.push(frame.readableBytesView)
            pushedUpTo = last
            return flush(context)
        }
        // Nothing is in its way: the bytes that all share go to the socket uncopied.
        services.counters.sent(frame.readableBytes)
        guard !rows.isTold else {
            return context.writeAndFlush(wrapOutboundOut(frame), promise: nil)
        }
        let written = context.eventLoop.makePromise(of: Void.self)
        let loop = loop
        written.futureResult.assumeIsolated().whenSuccess {
            rows.isTold = true
            loop.delivered(to: person, upTo: last)
        }
        context.writeAndFlush(wrapOutboundOut(frame), promise: written)
    }

    /// Nothing is lost: the inbox replays what was not acknowledged (N-7).
    func cutOff(_ context: ChannelHandlerContext) {
        services.logger.notice(
            "slow subscriber cut off",
            metadata: ["id": "\(id)", "bytes": "\(machine.outbox.count + heldEventBytes)"])
        services.counters.cutOff()
        machine.end()
        context.close(promise: nil)
    }
}
