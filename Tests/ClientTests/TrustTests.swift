import NIOCore
import NIOPosix
import NIOSSL
import PipelineProtocol
import Synchronization
import Testing

@testable import pipeline_client

/// Answers `+OK` to every request over TLS.
private final class Answering: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    private var parser = RequestParser()
    private let requests: Requests

    init(_ requests: Requests) {
        self.requests = requests
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        unwrapInboundIn(data).withUnsafeReadableBytes { parser.append($0) }
        while let request = try? parser.next() {
            requests.count.add(1, ordering: .relaxed)
            let isRefused = request.string(4) == "wrong"
            let line = isRefused ? "-WRONGPASS no\r\n" : "+OK\r\n"
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: line)), promise: nil)
        }
    }
}

private final class Requests: Sendable {
    let count = Atomic(0)
}

/// A TLS server on a free port of this machine.
private struct Server {
    let channel: any Channel
    let requests = Requests()

    init(_ certificate: String, _ key: String) async throws {
        let configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMBytes(Array(certificate.utf8))
                .map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(key.utf8), format: .pem)))
        let context = try NIOSSLContext(configuration: configuration)
        let requests = requests
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers(
                        NIOSSLServerHandler(context: context), Answering(requests))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    var port: Int { channel.localAddress?.port ?? 0 }
}

@Suite struct TrustTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        try PrivateFile.write(Certificates.ca, to: scratch.path + "/a/ca.pem")
    }

    private func dialer(_ server: Server, host: String = "127.0.0.1", authority: Bool) -> Dialer {
        Dialer(
            address: ServerAddress(host: host, port: server.port), user: "u", password: "right",
            authority: authority ? scratch.path + "/a/ca.pem" : nil,
            pinsPath: scratch.path + "/a/pins")
    }

    private func failure(_ dialer: Dialer) async -> Failure? {
        do {
            try await dialer.dial().close()
            return nil
        } catch {
            return error as? Failure
        }
    }

    @Test(
        "S-6: a certificate of the given authority is believed, by address and by name",
        arguments: ["127.0.0.1", "localhost"])
    func authority(host: String) async throws {
        let server = try await Server(Certificates.good, Certificates.goodKey)
        let link = try await dialer(server, host: host, authority: true).dial()
        #expect(try await link.send(["PING"]) == .simple("OK"))
        link.close()
        try await server.channel.close()
    }

    @Test("S-6: another host name and an expired certificate are told apart, and nothing is sent")
    func refusals() async throws {
        let other = try await Server(Certificates.other, Certificates.otherKey)
        #expect(await failure(dialer(other, authority: true))?.phrase == .wrongHostName)
        #expect(
            await failure(dialer(other, host: "localhost", authority: true))?.phrase
                == .wrongHostName)
        let expired = try await Server(Certificates.expired, Certificates.expiredKey)
        for authority in [true, false] {
            let failure = await failure(dialer(expired, authority: authority))
            #expect(failure?.phrase == .expired)
            #expect(failure?.arguments.last == "2021-01-01")
            #expect(failure?.exit == .connect)
        }
        #expect(other.requests.count.load(ordering: .relaxed) == 0)
        #expect(expired.requests.count.load(ordering: .relaxed) == 0)
        try await other.channel.close()
        try await expired.channel.close()
    }

    @Test("S-6: an unknown authority is refused where nobody can be asked")
    func unknown() async throws {
        let server = try await Server(Certificates.good, Certificates.goodKey)
        let failure = await failure(dialer(server, authority: false))
        #expect(failure?.phrase == .unknownAuthority)
        #expect(server.requests.count.load(ordering: .relaxed) == 0)
        try await server.channel.close()
    }

    @Test("S-6: consent pins the certificate, and a pinned one is not asked about again")
    func consent() async throws {
        let server = try await Server(Certificates.good, Certificates.goodKey)
        let asked = Mutex<[String]>([])
        let pinsPath = scratch.path + "/a/pins"
        var first = dialer(server, authority: false)
        first.consent = { endpoint, fingerprint in
            asked.withLock { $0.append(fingerprint) }
            return false
        }
        #expect(await failure(first)?.phrase == .pinDeclined)
        #expect(try Pins.load(pinsPath) == Pins())
        #expect(server.requests.count.load(ordering: .relaxed) == 0)
        first.consent = { _, fingerprint in
            asked.withLock { $0.append(fingerprint) }
            return true
        }
        #expect(await failure(first) == nil)
        #expect(await failure(first) == nil)
        let fingerprints = asked.withLock { $0 }
        #expect(fingerprints.count == 2)
        let pinned = try Pins.load(pinsPath)[first.address.endpoint] ?? ""
        #expect(Pins.spelled(pinned) == fingerprints[0])
        try await server.channel.close()
    }

    @Test("S-6: a changed pin is a hard error that shows both fingerprints")
    func changed() async throws {
        let server = try await Server(Certificates.renewed, Certificates.renewedKey)
        var dialer = dialer(server, authority: false)
        dialer.consent = { _, _ in
            Issue.record("a changed pin is never asked about")
            return true
        }
        let old = try NIOSSLCertificate(bytes: Array(Certificates.good.utf8), format: .pem)
        var pins = Pins()
        pins[dialer.address.endpoint] = PresentedCertificate(old)?.fingerprint
        try pins.save(dialer.pinsPath)
        let failure = await failure(dialer)
        #expect(failure?.phrase == .pinChanged)
        #expect(failure?.arguments[1] == Pins.spelled(pins[dialer.address.endpoint] ?? ""))
        #expect(failure?.arguments[2] != failure?.arguments[1])
        #expect(server.requests.count.load(ordering: .relaxed) == 0)
        try await server.channel.close()
    }

    @Test("S-6: a pinned certificate that has expired is refused")
    func expiredPin() async throws {
        let server = try await Server(Certificates.expired, Certificates.expiredKey)
        let dialer = dialer(server, authority: false)
        let old = try NIOSSLCertificate(bytes: Array(Certificates.expired.utf8), format: .pem)
        var pins = Pins()
        pins[dialer.address.endpoint] = PresentedCertificate(old)?.fingerprint
        try pins.save(dialer.pinsPath)
        #expect(await failure(dialer)?.phrase == .expired)
        #expect(server.requests.count.load(ordering: .relaxed) == 0)
        try await server.channel.close()
    }

    @Test("S-1: a refused login is exit code 4, a closed port 3")
    func login() async throws {
        let server = try await Server(Certificates.good, Certificates.goodKey)
        let good = dialer(server, authority: true)
        let wrong = Dialer(
            address: good.address, user: "u", password: "wrong", authority: good.authority,
            pinsPath: good.pinsPath)
        #expect(await failure(wrong) == Failure(.auth, .authRefused, "WRONGPASS no"))
        try await server.channel.close()
        #expect(await failure(good)?.phrase == .cannotConnect)
    }
}
