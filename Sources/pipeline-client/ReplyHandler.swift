import NIOCore
import PipelineProtocol
import Synchronization

/// Requests on their way out, and where their answers go.
struct Outgoing: Sendable {
    let commands: [[String]]
    let answers: EventLoopPromise<[Reply]>
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
        let answers: EventLoopPromise<[Reply]>
        let confirmation: String?
        var remaining: Int
        var replies: [Reply] = []
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
        var confirmation: String?
        var remaining = outgoing.commands.count
        if remaining == 1, let command = outgoing.commands.first {
            let name = command.first?.lowercased() ?? ""
            if ["subscribe", "unsubscribe", "psubscribe", "punsubscribe"].contains(name) {
                confirmation = name
                remaining = max(1, command.count - 1)
            }
        }
        waiting.append(
            Waiting(answers: outgoing.answers, confirmation: confirmation, remaining: remaining))
        var buffer = context.channel.allocator.buffer(capacity: 256 * outgoing.commands.count)
        for command in outgoing.commands {
            buffer.writeString("*\(command.count)\r\n")
            for argument in command {
                buffer.writeString("$\(argument.utf8.count)\r\n")
                buffer.writeString(argument)
                buffer.writeString("\r\n")
            }
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
            guard !waiting.isEmpty else { return }
            let first = waiting.startIndex
            waiting[first].replies.append(reply)
            // A refusal comes alone, however many channels were named.
            waiting[first].remaining -=
                waiting[first].confirmation == nil ? 1 : waiting[first].remaining
            if waiting[first].remaining <= 0 { answerFirst() }
            return
        }
        guard let kind = elements.first?.text, !waiting.isEmpty,
            waiting[waiting.startIndex].confirmation == kind
        else {
            pushes.yield(reply)
            return
        }
        let first = waiting.startIndex
        waiting[first].replies.append(.array(elements))
        waiting[first].remaining -= 1
        if waiting[first].remaining == 0 { answerFirst() }
    }

    private func answerFirst() {
        guard let first = waiting.popFirst() else { return }
        let isConfirmed = first.confirmation != nil && first.replies.first?.errorLine == nil
        first.answers.succeed(isConfirmed ? [.array(first.replies)] : first.replies)
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
        while let first = waiting.popFirst() { first.answers.fail(ending.cause) }
        pushes.finish()
    }
}
