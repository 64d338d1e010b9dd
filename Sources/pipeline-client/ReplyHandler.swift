import NIOCore
import PipelineProtocol
import Synchronization

/// A request on its way out, and where its answer goes.
struct Outgoing: Sendable {
    let arguments: [String]
    let answer: EventLoopPromise<Reply>
}

/// Why a connection ended, for whoever sends on it afterwards: a handshake may fail before the first
/// request is written.
final class Ending: Sendable {
    private let first = Mutex<(any Error)?>(nil)

    var cause: any Error { first.withLock { $0 } ?? Failure.lost }

    func because(_ error: any Error) {
        first.withLock { if $0 == nil { $0 = error } }
    }
}

/// Requests out, answers back in order, pushes aside.
final class ReplyHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = Outgoing
    typealias OutboundOut = ByteBuffer

    /// In RESP3 the answer to SUBSCRIBE and its kin is one push for every channel.
    private struct Waiting {
        let answer: EventLoopPromise<Reply>
        let confirmation: String?
        var remaining: Int
        var confirmations: [Reply] = []
    }

    private var parser = ReplyParser()
    private var waiting = CircularBuffer<Waiting>()
    private let ending: Ending
    private let pushes: AsyncStream<Reply>.Continuation

    init(pushes: AsyncStream<Reply>.Continuation, ending: Ending) {
        self.ending = ending
        self.pushes = pushes
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let outgoing = unwrapOutboundIn(data)
        let name = outgoing.arguments.first?.lowercased() ?? ""
        let confirms = ["subscribe", "unsubscribe", "psubscribe", "punsubscribe"].contains(name)
        waiting.append(
            Waiting(
                answer: outgoing.answer, confirmation: confirms ? name : nil,
                remaining: max(1, outgoing.arguments.count - 1)))
        var buffer = context.channel.allocator.buffer(capacity: 256)
        buffer.writeString("*\(outgoing.arguments.count)\r\n")
        for argument in outgoing.arguments {
            buffer.writeString("$\(argument.utf8.count)\r\n\(argument)\r\n")
        }
        context.write(wrapOutboundOut(buffer), promise: promise)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        unwrapInboundIn(data).withUnsafeReadableBytes { parser.append($0) }
        do {
            while let reply = try parser.next() { deliver(reply) }
        } catch {
            ending.because(error)
            context.close(promise: nil)
        }
    }

    private func deliver(_ reply: Reply) {
        guard case .push(let elements) = reply else {
            if let first = waiting.popFirst() { first.answer.succeed(reply) }
            return
        }
        guard let kind = elements.first?.text, !waiting.isEmpty,
            waiting[waiting.startIndex].confirmation == kind
        else {
            pushes.yield(reply)
            return
        }
        var first = waiting.removeFirst()
        first.confirmations.append(.array(elements))
        first.remaining -= 1
        if first.remaining == 0 {
            first.answer.succeed(.array(first.confirmations))
        } else {
            waiting.prepend(first)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        ending.because(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        end()
    }

    private func end() {
        while let first = waiting.popFirst() { first.answer.fail(ending.cause) }
        pushes.finish()
    }
}
