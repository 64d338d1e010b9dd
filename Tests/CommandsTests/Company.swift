import PipelineDomain
import PipelineProtocol
import Synchronization
import Testing

@testable import PipelineCommands

/// A company under test: its ledger, a clock that only the test moves, and every record ever made.
///
/// Commands are written as lines, with quotes as in an inline command.
final class LedgerCompany {
    private(set) var ledger = Ledger(zones: FixedZones())
    /// 2026-11-22T02:17:21.123Z.
    var now = Instant(milliseconds: 1_795_313_841_123)
    /// Encoded, the one with sequence n at n − 1.
    private(set) var log: [[UInt8]] = []
    /// Records of the last command.
    private(set) var records = Records()
    private(set) var execution = Execution()
    /// States of the past that were asked for.
    private lazy var past = PastStates(zones: FixedZones(), pause: pauses.count)
    /// How often reports have let others go first.
    let pauses = Pauses()

    /// The root unit `u1` and the admin `e1`, login `root`.
    init() {
        ledger.found(
            Founding(company: "华东建工", currency: Self.currency("CNY"), zone: "Asia/Shanghai"),
            adminLogin: "root", adminPasswordHash: "$scrypt$root", at: now, records: &records)
        keep()
    }

    /// Goes on where another company is now. A ledger is a value, and its copy costs nothing.
    init(continuing ledger: Ledger, _ log: [[UInt8]], at now: Instant) {
        self.ledger = ledger
        self.log = log
        self.now = now
    }

    final class Pauses: Sendable {
        private let counted = Mutex(0)
        var number: Int { counted.withLock { $0 } }
        @Sendable func count() { counted.withLock { $0 += 1 } }
    }

    // MARK: Running

    /// Runs one command and reads its reply back, whole and alone.
    @discardableResult
    func run(_ line: String, as login: String = "root", _ version: ProtocolVersion = .resp3)
        -> Reply
    {
        run(Self.words(line), as: login, version)
    }

    @discardableResult
    func run(
        _ words: [[UInt8]], as login: String = "root", _ version: ProtocolVersion = .resp3
    ) -> Reply {
        Self.parse(bytes(words, as: login, version))
    }

    /// The error line of a command that must be refused.
    func refusal(_ line: String, as login: String = "root") -> String? {
        run(line, as: login).errorLine
    }

    /// The reply as it goes out.
    func bytes(_ words: [[UInt8]], as login: String, _ version: ProtocolVersion) -> [UInt8] {
        let request = Request(words)
        guard let command = CommandTable.find(request[0]) else {
            var reply = ReplyWriter(version)
            reply.errorLine(CommandTable.unknown(request))
            return reply.bytes
        }
        var reply = ReplyWriter(version)
        records.removeAll()
        execution = ledger.run(
            invocation(command, request), as: person(login), at: now, reply: &reply,
            records: &records)
        keep()
        if let deferred = execution.deferred {
            #expect(deferred.through <= UInt64(log.count), "it may read what is durable")
            deferred.answer(from: KeptLog(records: log), past, into: &reply)
        }
        return reply.bytes
    }

    func bytes(
        _ line: String, as login: String = "root", _ version: ProtocolVersion = .resp3
    ) -> [UInt8] {
        bytes(Self.words(line), as: login, version)
    }

    /// Whether the last command or transaction wrote anything.
    var wrote: Bool { !records.isEmpty }

    /// `MULTI`, the lines, `EXEC`.
    @discardableResult
    func transact(_ lines: [String], as login: String = "root") -> Reply {
        transact(words: lines.map(Self.words), as: login)
    }

    func transact(words: [[[UInt8]]], as login: String) -> Reply {
        let invocations = words.compactMap { words -> Invocation? in
            let request = Request(words)
            return CommandTable.find(request[0]).map { invocation($0, request) }
        }
        #expect(invocations.count == words.count, "a command of the transaction is unknown")
        var reply = ReplyWriter(.resp3)
        records.removeAll()
        execution = ledger.runTransaction(
            invocations, as: person(login), at: now, reply: &reply, records: &records)
        keep()
        return Self.parse(reply.bytes)
    }

    func markDelivered(_ login: String, upTo seq: UInt64) {
        records.removeAll()
        ledger.markDelivered(person(login), upTo: seq, at: now, records: &records)
        keep()
    }

    /// Has commands tell what listeners of `events` channels may hear.
    func watch() { ledger.isWatched = true }
    // MARK: Time

    /// Lets time pass up to the clock, as the daemon does; what failed on the way.
    @discardableResult
    func passTime() -> [String] {
        var setAside: [String] = []
        var hasMore = true
        while hasMore {
            records.removeAll()
            let passed = ledger.passTime(at: now, records: &records)
            keep()
            setAside += passed.setAside
            hasMore = passed.hasMore
            for id in passed.targets { measure(id) }
        }
        return setAside
    }

    private func measure(_ id: TargetID) {
        let sequence = ledger.lastSequence
        guard let measured = ledger.state.measure(id, sequence: sequence, at: now, FixedZones())
        else { return }
        records.removeAll()
        _ = ledger.passTime(of: measured, at: now, records: &records)
        keep()
    }

    /// Lives on until then without a pause: whatever falls due does so at its instant.
    func live(until end: Instant) {
        passTime()
        while let next = ledger.schedule.dues.next?.at, next <= end {
            now = max(now, next)
            passTime()
        }
        now = end
        passTime()
    }

    /// The daemon was down until then.
    func sleep(until end: Instant) throws {
        try restart()
        now = end
        passTime()
    }

    /// All of it, as a value.
    struct Parts: Sendable {
        let ledger: Ledger
        let log: [[UInt8]]
        let now: Instant
    }

    var parts: Parts { Parts(ledger: ledger, log: log, now: now) }

    convenience init(_ parts: Parts) {
        self.init()
        (ledger, log, now) = (parts.ledger, parts.log, parts.now)
    }

    func recover(_ log: [[UInt8]], at instant: Instant) throws {
        self.log = log
        now = instant
        try restart()
    }

    /// All that is left are the records.
    func restart() throws { ledger = try replayed().ledger }

    /// A snapshot is left, and the records behind it.
    func restart(from state: State, at sequence: UInt64, latest: Instant) throws {
        let restored = Ledger(
            zones: FixedZones(), restoring: state, sequence: sequence, latestInstant: latest)
        ledger = try replayed(into: restored, after: Int(sequence)).ledger
    }

    func fail(at subject: DueSubject) {
        ledger.schedule.decide = { $1 == subject ? [] : $0.passTime(of: $1, $2) }
    }

    /// Time brings nothing else about: no reminders and no deadlines.
    func onlyBeginsDelegations() {
        ledger.schedule.decide = { state, subject, context in
            guard case .delegation = subject else { return [] }
            return state.passTime(of: subject, context)
        }
    }

    func advance(milliseconds: Int64) {
        now = Instant(milliseconds: now.milliseconds + milliseconds)
    }

    func person(_ login: String) -> PersonID {
        guard let person = ledger.credentials(login: login.utf8)?.person else {
            Issue.record("nobody has the login \(login)")
            return PersonID(1)
        }
        return person
    }

    /// Another company with the same past, to go on by itself.
    func fork() -> LedgerCompany {
        let other = LedgerCompany(ledger, log)
        other.now = now
        return other
    }

    private init(_ ledger: Ledger, _ log: [[UInt8]]) {
        self.ledger = ledger
        self.log = log
    }

    /// A ledger that has read the records of this one, and nothing else.
    func replayed() throws -> LedgerCompany {
        try replayed(into: Ledger(zones: FixedZones()), after: 0)
    }

    /// A ledger that goes on from another with the records of this one behind the first `count`.
    func replayed(into ledger: Ledger, after count: Int) throws -> LedgerCompany {
        let other = LedgerCompany()
        other.ledger = ledger
        other.log = log
        other.now = now
        for (index, record) in log.enumerated().dropFirst(count) {
            var failure: RecordError?
            record.withUnsafeBytes { bytes in
                do throws(RecordError) {
                    try other.ledger.replay(bytes, sequence: UInt64(index + 1))
                } catch {
                    failure = error
                }
            }
            if let failure { throw failure }
        }
        return other
    }

    private func keep() {
        var start = 0
        for end in records.ends {
            log.append(Array(records.bytes[start..<end]))
            start = end
        }
    }

    // MARK: Reading and writing

    /// The words of a line, with quotes and escapes as on the wire.
    static func words(_ line: String) -> [[UInt8]] {
        var parser = RequestParser()
        parser.limits = .afterAuthentication
        Array((line + "\r\n").utf8).withUnsafeBytes { parser.append($0) }
        guard let request = try? parser.next() else {
            Issue.record("not a command line: \(line)")
            return [[]]
        }
        return (0..<request.count).map { Array(request[$0]) }
    }

    static func parse(_ bytes: [UInt8]) -> Reply {
        var parser = ReplyParser()
        parser.append(bytes)
        do {
            guard let reply = try parser.next() else {
                Issue.record("an incomplete reply: \(String(decoding: bytes, as: UTF8.self))")
                return .null
            }
            #expect(try parser.next() == nil, "more than one reply")
            return reply
        } catch {
            Issue.record("no reply: \(error)")
            return .null
        }
    }

    /// With passwords as the server hands them over: hashed, or proved.
    private func invocation(_ command: Command, _ request: Request) -> Invocation {
        if case .dryRun = command.access, let inner = CommandTable.find(request[1]) {
            let secrets = Self.secrets(of: inner, request.dropFirst())
            return Invocation(
                command, request,
                secrets: Dictionary(uniqueKeysWithValues: secrets.map { ($0 + 1, $1) }))
        }
        var invocation = Invocation(
            command, request, secrets: Self.secrets(of: command, request))
        if command.requestToken(withPasswordsIn: request) != nil {
            let known = ledger.passwordHash(of: request[1])
            for (index, secret) in invocation.secrets where secret == known {
                invocation.knownPasswords.insert(index)
            }
        }
        return invocation
    }

    private static func secrets(of command: Command, _ request: Request) -> [Int: String] {
        var secrets: [Int: String] = [:]
        for argument in command.passwordArguments(in: request) {
            let text = String(decoding: request[argument.index], as: UTF8.self)
            if !argument.isProof {
                secrets[argument.index] = "$scrypt$\(text)"
            } else if text == "right-one" {
                secrets[argument.index] = ""
            }
        }
        return secrets
    }

    private static func currency(_ code: String) -> Currency {
        Currency(code) ?? Company.defaultCurrency
    }
}

extension Ledger {
    /// What a subscriber of the person's inbox would be pushed.
    func inboxMessages(
        of person: PersonID, after: UInt64, durable: UInt64, limit: Int, at now: Instant? = nil
    ) -> [InboxMessage] {
        liveView(at: now ?? state.clock).inboxMessages(
            of: person, after: after, durable: durable, limit: limit)
    }
}
