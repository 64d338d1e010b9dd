import Glibc
import NIOCore
import NIOPosix
import NIOSSL
import PipelineProtocol

/// What a session talks through; tests put another one in its place.
protocol Link: AnyObject, Sendable {
    /// The answer, refusals of the server included.
    ///
    /// Throws `Failure.lost` when the connection ends first, `answerTimeout` when it takes too long.
    func send(_ arguments: [String]) async throws -> Reply
    /// The answers to several commands that are sent at once.
    func send(batch commands: [[String]]) async throws -> [Reply]
    /// Messages that answer nothing, in order; ends with the connection. To be read once.
    var pushes: AsyncStream<Reply> { get }
    func close()
}

extension Link {
    func send(batch commands: [[String]]) async throws -> [Reply] {
        var replies: [Reply] = []
        for command in commands { replies.append(try await send(command)) }
        return replies
    }
}

/// One TLS connection.
final class Connection: Link {
    let pushes: AsyncStream<Reply>
    private let channel: any Channel
    private let ending: Ending
    private let patience: TimeAmount

    private init(
        _ channel: any Channel, _ pushes: AsyncStream<Reply>, _ ending: Ending,
        _ patience: TimeAmount
    ) {
        self.channel = channel
        self.pushes = pushes
        self.ending = ending
        self.patience = patience
    }

    /// TCP is connected when this returns; the handshake shows with the first answer.
    static func open(
        _ address: ServerAddress, _ encryption: Encryption, _ sighting: Sighting,
        connectSeconds: Double, answerSeconds: Double
    ) async throws -> Connection {
        let (pushes, continuation) = AsyncStream.makeStream(of: Reply.self)
        let ending = Ending()
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(amount(connectSeconds))
            .channelOption(.socketOption(.so_keepalive), value: 1)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers(
                        encryption.handler(sighting),
                        ReplyHandler(pushes: continuation, ending: ending))
                }
            }
        do {
            let channel = try await bootstrap.connect(host: address.host, port: address.port).get()
            return Connection(channel, pushes, ending, amount(answerSeconds))
        } catch {
            continuation.finish()
            throw refusal(error, address.endpoint, connectSeconds)
        }
    }

    func send(_ arguments: [String]) async throws -> Reply {
        try await send(arguments, within: patience)
    }

    func send(_ arguments: [String], withinSeconds seconds: Double) async throws -> Reply {
        try await send(arguments, within: Self.amount(seconds))
    }

    func send(batch commands: [[String]]) async throws -> [Reply] {
        guard !commands.isEmpty else { return [] }
        return try await send(commands, within: patience)
    }

    private func send(_ arguments: [String], within patience: TimeAmount) async throws -> Reply {
        try await send([arguments], within: patience).first ?? .null
    }

    private func send(_ commands: [[String]], within patience: TimeAmount) async throws
        -> [Reply]
    {
        let answers = channel.eventLoop.makePromise(of: [Reply].self)
        let seconds = Double(patience.nanoseconds) / 1e9
        let alarm = channel.eventLoop.scheduleTask(in: patience) {
            answers.fail(Failure(.connect, .answerTimeout, Self.spelled(seconds)))
        }
        channel.writeAndFlush(Outgoing(commands: commands, answers: answers)).whenFailure {
            [ending] error in
            answers.fail(error is ChannelError ? ending.cause : error)
        }
        defer { alarm.cancel() }
        return try await answers.futureResult.get()
    }

    func close() {
        channel.close(promise: nil)
    }

    private static func amount(_ seconds: Double) -> TimeAmount {
        .milliseconds(Int64((seconds * 1000).rounded(.up)))
    }

    private static func spelled(_ seconds: Double) -> String {
        seconds == seconds.rounded() ? String(Int(seconds)) : String(seconds)
    }

    private static func refusal(_ error: any Error, _ endpoint: String, _ seconds: Double)
        -> Failure
    {
        switch error {
        case let failure as Failure: return failure
        case ChannelError.connectTimeout:
            return Failure(.connect, .connectTimeout, endpoint, spelled(seconds))
        case let error as NIOConnectionError:
            if error.dnsAError != nil && error.dnsAAAAError != nil {
                return Failure(.connect, .unknownHost, endpoint)
            }
            if let first = error.connectionErrors.first?.error as? IOError {
                return Failure(.connect, .cannotConnect, endpoint, reason(first))
            }
            if case ChannelError.connectTimeout? = error.connectionErrors.first?.error {
                return Failure(.connect, .connectTimeout, endpoint, spelled(seconds))
            }
            return Failure(.connect, .cannotConnect, endpoint, "\(error)")
        case let error as IOError:
            return Failure(.connect, .cannotConnect, endpoint, reason(error))
        default:
            return Failure(.connect, .cannotConnect, endpoint, "\(error)")
        }
    }

    private static func reason(_ error: IOError) -> String {
        String(cString: strerror(error.errnoCode))
    }
}
