import Logging
import NIOCore
import NIOPosix
import PipelineCommands
import PipelineDomain
import PipelineProtocol
import PipelineStore
import Synchronization

/// What every connection may call upon.
final class Services: Sendable {
    let engine: Engine
    let counters = Counters()
    let logger: Logger
    let facts: ServerFacts
    let snapshots: SnapshotThread
    /// Whether the end of the server writes a snapshot: not after `SHUTDOWN NOSAVE`.
    let writesLastSnapshot = Atomic(true)
    private let passwords: PasswordPool
    /// Reads of histories from the disk, and long answers. They are patient, so that whoever writes waits for no
    /// report where all processors are busy, but not without end.
    private let readers = FairPool<PersonID>("readers", threads: 2, isPatient: true)
    /// One thread, so that one state of the past is rebuilt at a time and histories need not wait.
    private let rebuilders = FairPool<PersonID>("rebuilders", threads: 1, isPatient: true)
    private let past = PastStates(zones: SystemZones(), pause: Patience.pause)
    private let ports: PortRegister
    let slowLog = SlowLog()
    let monitors: Monitors

    /// Output waiting for a subscriber after which it is cut off, in bytes (N-7).
    var outputCap: Int { facts.outputCap }

    init(engine: Engine, facts: ServerFacts, logger: Logger, snapshots: SnapshotThread) {
        self.snapshots = snapshots
        self.engine = engine
        self.facts = facts
        self.logger = logger
        ports = PortRegister()
        monitors = Monitors(ports)
        passwords = PasswordPool()
    }

    func shutDown() {
        readers.shutDown()
        rebuilders.shutDown()
        passwords.shutDown()
    }

    func register(_ ports: [LoopPort]) { self.ports.set(ports) }

    /// A whole reply that takes records of the log, all durable, or a long computation; any error of
    /// the log is final (W-7). Whoever asks much waits for it behind those who ask little.
    func answer(
        _ query: RecordQuery, _ version: ProtocolVersion, for person: PersonID,
        on loop: any EventLoop
    ) -> EventLoopFuture<(reply: [UInt8], microseconds: Int64)> {
        let source = JournalSource(journal: engine.journal)
        let past = past
        return run(query.looksBack ? rebuilders : readers, for: person, on: loop) {
            let start = Clock.monotonicMicroseconds
            var reply = ReplyWriter(version)
            query.answer(from: source, past, into: &reply)
            return (reply.bytes, Clock.monotonicMicroseconds - start)
        }
    }

    /// Finds something out on other threads; always succeeds unless the server is ending.
    func find(
        _ question: Question, asker: UInt64, on loop: any EventLoop
    ) -> EventLoopFuture<Finding> {
        switch question {
        case .verify(let login, let password): return verify(login, password, on: loop)
        case .hash(let argument, let identity, let password):
            return passwords.hash(password, for: identity.person, on: loop).map {
                .secret(argument: argument, $0)
            }
        case .compare(let argument, let token, let identity, let person, let password):
            guard let known = engine.passwordHash(of: person, ifRemembered: token, of: identity)
            else { return loop.makeSucceededFuture(.same(argument: argument, false)) }
            return passwords.verify(
                password, against: known, for: identity.person, on: loop
            ).map {
                .same(argument: argument, $0)
            }
        case .prove(let argument, let identity, let password):
            let known = engine.credentials(login: Array(identity.login.utf8))?.passwordHash
            return passwords.verify(
                password, against: known, for: identity.person, on: loop
            ).map {
                .secret(argument: argument, $0 ? "" : nil)
            }
        case .maintain(let wish, let identity): return maintain(wish, for: identity, on: loop)
        case .clients(let identity): return clients(for: identity, on: loop)
        case .subscriptions(let identity):
            let isAdmin = engine.isAdmin(identity.person)
            return onEveryLoop(loop) { $0.subscriptions(of: isAdmin ? nil : identity) }.map {
                .subscriptions($0.flatMap { $0 })
            }
        case .permit(let identity):
            return loop.makeSucceededFuture(
                engine.isAdmin(identity.person) ? .permitted : .denied)
        case .deals(let identity): return countDeals(for: identity.person, on: loop)
        case .kill(let filter, let identity):
            guard engine.isAdmin(identity.person) else {
                return loop.makeSucceededFuture(.denied)
            }
            if let user = filter.user, engine.credentials(login: Array(user.utf8)) == nil {
                return loop.makeSucceededFuture(.unknownUser)
            }
            return onEveryLoop(loop) { $0.kill(filter, asker: asker) }.map { results in
                .killed(
                    results.reduce(0) { $0 + $1.count }, isSelf: results.contains(where: \.isSelf))
            }
        }
    }

    private func verify(
        _ login: [UInt8], _ password: [UInt8], on loop: any EventLoop
    ) -> EventLoopFuture<Finding> {
        let credentials = engine.credentials(login: login)
        let usable = credentials.flatMap { $0.isActive ? $0.passwordHash : nil }
        return passwords.check(
            password, against: usable, of: credentials?.person, on: loop
        ).map { isRight in
            guard let isRight else { return .overloaded }
            guard isRight, let credentials else { return .verified(nil) }
            let login = String(decoding: login, as: UTF8.self)
            return .verified(Identity(person: credentials.person, login: login))
        }
    }

    /// An admin sees every connection, others see their own.
    private func clients(
        for identity: Identity, on loop: any EventLoop
    ) -> EventLoopFuture<Finding> {
        let isAdmin = engine.isAdmin(identity.person)
        return onEveryLoop(loop) { $0.descriptions }.map { parts in
            .clients(parts.flatMap { $0 }.filter { isAdmin || $0.user == identity.login })
        }
    }

    /// Counts on a photograph: there may be a million deals to look at.
    private func countDeals(
        for person: PersonID, on loop: any EventLoop
    ) -> EventLoopFuture<Finding> {
        let (state, sequence, _) = engine.photograph()
        return run(readers, for: person, on: loop) {
            .deals(state.opportunities(seenBy: person).count, gate: sequence)
        }
    }

    private func run<Result: Sendable>(
        _ pool: FairPool<PersonID>, for person: PersonID, on loop: any EventLoop,
        _ body: @escaping @Sendable () -> Result
    ) -> EventLoopFuture<Result> {
        // Without a bound nothing is turned away.
        pool.run(in: person, on: loop, body) ?? loop.makeFailedFuture(CancellationError())
    }

    private func onEveryLoop<Result: Sendable>(
        _ loop: any EventLoop, _ body: @escaping @Sendable (LoopContext) -> Result
    ) -> EventLoopFuture<[Result]> {
        let parts = ports.all.map { port in port.loop.submit { body(port.context.value) } }
        return EventLoopFuture.whenAllSucceed(parts, on: loop)
    }
}
