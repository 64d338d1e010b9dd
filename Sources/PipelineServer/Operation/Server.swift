import COpenSSL
import Foundation
import Logging
import NIOCore
import NIOPosix
import NIOSSL
import PipelineProtocol
import PipelineStore
import Synchronization

/// The daemon: a company, its log thread, its event loops and its listeners.
public final class Server: Sendable {
    private let group: MultiThreadedEventLoopGroup
    private let services: Services
    private let ports: [LoopPort]
    private let logThread: LogThread
    private let ticker: Ticker
    private let listeners: Mutex<[any Channel]>
    private let tls: TLSSource

    /// How long connections may take to receive what is answered already when the daemon ends.
    private static let drainMilliseconds = 10_000

    /// Where the server listens, in words.
    public let greeting: String

    /// Recovers the company and listens; returns when connections are accepted.
    ///
    /// - Parameter configFile: for `INFO`; empty if there is none.
    public static func start(
        _ configuration: Configuration, configFile: String, acceptDataLossAfter: UInt64? = nil
    ) throws(OperationError) -> Server {
        // Before the certificate: who has no company yet is to be told of that first.
        try Company.requireFounded(configuration.data)
        let tls: TLSSource
        do throws(TLSError) {
            tls = try TLSSource(configuration.tls)
        } catch {
            throw OperationError(.certificate, "\(error)")
        }
        let company = try Company.open(
            configuration.data, acceptDataLossAfter: acceptDataLossAfter)
        logRecovery(company.report)
        return try Server(configuration, configFile, company, tls)
    }

    private init(
        _ configuration: Configuration, _ configFile: String, _ company: Company, _ tls: TLSSource
    ) throws(OperationError) {
        let loopCount =
            configuration.eventLoops > 0 ? configuration.eventLoops : System.usualLoopCount
        var runID = [UInt8](repeating: 0, count: 20)
        guard RAND_bytes(&runID, Int32(runID.count)) == 1 else {
            throw OperationError(.system, "libcrypto gives no random bytes")
        }
        let facts = ServerFacts(
            runID: ServerFacts.hexadecimal(runID), port: configuration.listen.port,
            configFile: configFile, maxClients: configuration.maxClients,
            outputCap: configuration.outputCap, eventLoops: loopCount,
            backupDirectory: configuration.backupDirectory,
            recovered: company.report.lastSequence)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: loopCount)
        let engine = Engine(ledger: company.ledger, journal: company.log)
        let snapshots = SnapshotThread(
            engine, ServerLog.logger, everyRecords: UInt64(configuration.snapshotRecords),
            last: company.report.snapshotSequence ?? 0, retentionDays: configuration.retentionDays)
        let services = Services(
            engine: engine, facts: facts, logger: ServerLog.logger, snapshots: snapshots)
        self.group = group
        self.services = services
        self.tls = tls
        let acceptor = Acceptor(services: services, tls: tls)
        do {
            ports = try group.makeIterator().map { loop in
                let attention = LoopAttention()
                let context = try loop.submit {
                    NIOLoopBound(
                        LoopContext(loop: loop, services: services, attention: attention),
                        eventLoop: loop)
                }.wait()
                return LoopPort(loop: loop, attention: attention, context: context)
            }
        } catch {
            throw OperationError(.system, "the event loops cannot be started: \(error)")
        }
        services.register(ports)
        let ports = ports
        logThread = LogThread(engine) { commit in
            for port in ports { port.publish(commit) }
        }
        logThread.start()
        snapshots.start()
        ticker = Ticker(engine, ServerLog.logger) { Patience.end() }
        ticker.start()
        var channels: [any Channel] = []
        var places: [String] = []
        channels.append(try acceptor.listen(configuration.listen, group, ports, isSecure: true))
        places.append("\(configuration.listen) (TLS)")
        if let plaintext = configuration.plaintextListen {
            channels.append(try acceptor.listen(plaintext, group, ports, isSecure: false))
            places.append("\(plaintext) (plaintext)")
        }
        listeners = Mutex(channels)
        greeting =
            "pipelined \(ServerIdentity.version) listening on \(places.joined(separator: " and "))"
    }

    private static func logRecovery(_ report: RecoveryReport) {
        var metadata: Logger.Metadata = [
            "records": "\(report.lastSequence)", "segments": "\(report.segmentCount)",
            "epoch": "\(report.epoch)",
        ]
        if let snapshot = report.snapshotSequence { metadata["snapshot"] = "\(snapshot)" }
        for rejected in report.rejectedSnapshots {
            ServerLog.logger.warning(
                "a snapshot cannot be used", metadata: ["snapshot": "\(rejected)"])
        }
        if let torn = report.tornTail {
            metadata["torn"] = "\(torn.bytes) bytes at \(torn.file):\(torn.offset)"
            metadata["copy"] = "\(torn.copy)"
            ServerLog.logger.warning(
                "log recovered; an unfinished frame was cut off", metadata: metadata)
        } else if let loss = report.acceptedLoss {
            metadata["lost"] = "\(loss.corruption)"
            ServerLog.logger.warning("log recovered with accepted data loss", metadata: metadata)
        } else {
            ServerLog.logger.info("log recovered", metadata: metadata)
        }
    }

    /// Reads certificate and key again, from where the configuration says now; on failure the old ones
    /// stay (O-3).
    func reloadCertificate(_ settings: TLSSettings) {
        do throws(TLSError) {
            try tls.reload(settings)
            services.logger.info("certificate read again")
        } catch {
            services.logger.error("the old certificate stays", metadata: ["error": "\(error)"])
        }
    }

    /// Accepts nothing more, answers what is in flight, makes everything durable, writes a snapshot
    /// and closes the log (O-3).
    public func stop() {
        services.logger.info("stopping")
        for listener in listeners.withLock({ $0 }) { try? listener.close().wait() }
        for port in ports { port.loop.execute { port.context.value.drain() } }
        let deadline = Clock.monotonicMilliseconds + UInt64(Self.drainMilliseconds)
        while services.counters.openConnections > 0, Clock.monotonicMilliseconds < deadline {
            Clock.sleep(milliseconds: 5)
        }
        services.snapshots.stop()
        ticker.stop()
        logThread.stop()
        if services.writesLastSnapshot.load(ordering: .relaxed) { services.snapshots.writeLast() }
        do throws(StoreError) {
            try services.engine.journal.close()
        } catch {
            Fault.end(.durability, "the log cannot be closed: \(error)")
        }
        services.logger.info("stopped", metadata: ["seq": "\(services.engine.durable)"])
    }
}

/// Takes connections in and gives each its handlers.
struct Acceptor: Sendable {
    let services: Services
    let tls: TLSSource
    private let connectionIDs = ConnectionNumbers()

    init(services: Services, tls: TLSSource) {
        self.services = services
        self.tls = tls
    }

    func listen(
        _ address: HostPort, _ group: MultiThreadedEventLoopGroup, _ ports: [LoopPort],
        isSecure: Bool
    ) throws(OperationError) -> any Channel {
        let contexts = Dictionary(
            ports.map { (ObjectIdentifier($0.loop), $0.context) }, uniquingKeysWith: { $1 })
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.socketOption(.so_keepalive), value: 1)
            .childChannelOption(
                .writeBufferWaterMark,
                value: .init(
                    low: WireBounds.replayAheadBytes / 2, high: WireBounds.replayAheadBytes)
            )
            .childChannelInitializer { channel in
                guard services.counters.openConnections < services.facts.maxClients,
                    let context = contexts[ObjectIdentifier(channel.eventLoop)]
                else {
                    services.counters.rejected()
                    return channel.eventLoop.makeFailedFuture(ChannelError.ioOnClosedChannel)
                }
                return channel.eventLoop.makeCompletedFuture {
                    if isSecure {
                        try channel.pipeline.syncOperations.addHandler(
                            NIOSSLServerHandler(context: tls.context))
                    }
                    try channel.pipeline.syncOperations.addHandler(
                        ConnectionHandler(id: connectionIDs.next(), loop: context.value))
                }
            }
        do {
            return try bootstrap.bind(host: address.host, port: address.port).wait()
        } catch {
            throw OperationError(.unavailable, "cannot listen on \(address): \(error)")
        }
    }
}

/// Numbers connections from 1, as `CLIENT ID` shows them.
final class ConnectionNumbers: Sendable {
    private let last = Atomic<UInt64>(0)

    func next() -> UInt64 { last.add(1, ordering: .relaxed).newValue }
}
