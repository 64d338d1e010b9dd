import Logging
import NIOCore
import PipelineDomain
import PipelineProtocol

/// How notifications reach a subscriber: pulled from the ledger behind the connection's cursor, for
/// replay and live rows alike (P-7, N-1).
extension ConnectionHandler {
    /// Rows pulled from the ledger at a time.
    private static let pullRows = 64

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

    /// Pushes durable rows behind the cursor. A replay stays a little ahead of the socket; live rows
    /// are pushed at once, and a subscriber that does not take them is cut off (P-7, N-7).
    func pull(_ context: ChannelHandlerContext, durable: UInt64) {
        guard let person = subscribedPerson else { return }
        while machine.admitsPushes, let feed = machine.feed, !feed.isLive || hasInboxGrown {
            if !feed.isLive, !context.channel.isWritable { return }
            let rows = engine.inboxMessages(
                of: person, after: feed.cursor, durable: durable, limit: Self.pullRows)
            guard let last = rows.last else {
                machine.feed?.isLive = true
                hasInboxGrown = false
                return
            }
            var writer = ReplyWriter(machine.version)
            for row in rows {
                writer.push(3)
                writer.bulk("message")
                writer.bulk("inbox")
                writer.bulk(row.payload)
            }
            machine.outbox.push(writer.bytes)
            machine.feed?.cursor = last.seq
            pushedUpTo = last.seq
            flush(context)
            if feed.isLive, machine.outbox.count > services.outputCap { return cutOff(context) }
        }
    }

    /// Nothing is lost: the inbox replays what was not acknowledged (N-7).
    func cutOff(_ context: ChannelHandlerContext) {
        services.logger.notice(
            "slow subscriber cut off",
            metadata: ["id": "\(id)", "bytes": "\(machine.outbox.count)"])
        services.counters.cutOff()
        machine.end()
        context.close(promise: nil)
    }
}
