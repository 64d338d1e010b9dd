import Foundation
import PipelineCommands
import PipelineDomain
import PipelineProtocol
import PipelineStore
import Testing

@testable import PipelineServer

@Suite("Founding, engine and log")
struct EngineTests {
    private let admin = PersonID(1)
    private let now = Instant(milliseconds: 1_800_000_000_000)

    private func inDirectory(_ body: (String) throws -> Void) throws {
        let path = NSTemporaryDirectory() + "engine-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Examples.found(path)
        try body(path)
    }

    private func run(_ engine: Engine, _ words: [String]) throws -> (Engine.Ran, String) {
        let request = Request(words)
        let command = try #require(CommandTable.find(request[0]))
        var reply = ReplyWriter(.resp2)
        let ran = engine.run(
            Invocation(command, request), as: admin, at: now, reply: &reply)
        return (ran, String(decoding: reply.bytes, as: UTF8.self))
    }

    @Test("§2: a founded company has its admin, whose password is kept as a scrypt string alone")
    func founding() throws {
        try inDirectory { path in
            let company = try Company.open(path)
            let credentials = try #require(company.ledger.credentials(login: Array("admin".utf8)))
            #expect(credentials.person == admin && credentials.isActive)
            let hash = try #require(credentials.passwordHash.flatMap(PasswordHash.init(phc:)))
            #expect(try hash.matches(Array("right-password".utf8)))
            let log = try Data(
                contentsOf: URL(fileURLWithPath: path + "/log/00000000000000000001.log"))
            #expect(log.range(of: Data("right-password".utf8)) == nil)
            #expect(log.range(of: Data("$scrypt$".utf8)) != nil)
        }
    }

    @Test("O-2: founding twice, and opening what was never founded, are refused by code")
    func foundedOnce() throws {
        try inDirectory { path in
            #expect { try Examples.found(path) } throws: {
                ($0 as? OperationError)?.code == .refused
            }
            #expect { try Company.open(path + "-nowhere") } throws: {
                ($0 as? OperationError)?.code == .notFounded
            }
        }
    }

    @Test("W-13: a second daemon on the same directory is refused by code")
    func locked() throws {
        try inDirectory { path in
            let company = try Company.open(path)
            #expect { try Company.open(path) } throws: {
                ($0 as? OperationError)?.code == .locked
            }
            withExtendedLifetime(company) {}
        }
    }

    @Test(
        "O-2: passwd sets a password that holds, for people there are; the operator did it, nobody else"
    )
    func settingPasswords() throws {
        try inDirectory { path in
            try Company.setPassword(path, login: "admin", password: Array("another-one".utf8))
            let company = try Company.open(path)
            let hash = company.ledger.credentials(login: Array("admin".utf8))?.passwordHash
            #expect(
                try hash.flatMap(PasswordHash.init(phc:))?.matches(Array("another-one".utf8))
                    == true)
            let last = try company.log.read([company.log.durable])[0]
            let recorded = try RecordCodec.decode(last.bytes, sequence: last.sequence)
            #expect(recorded.actor == .nobody)
            guard case .person(admin, .passwordChanged) = recorded.event else {
                Issue.record("\(recorded.event)")
                return
            }
            try company.log.close()
        }
        try inDirectory { path in
            #expect {
                try Company.setPassword(path, login: "nobody", password: Array("another-one".utf8))
            } throws: { ($0 as? OperationError)?.code == .refused }
            #expect { try Company.setPassword(path, login: "admin", password: [1]) } throws: {
                ($0 as? OperationError)?.code == .usage
            }
        }
    }

    @Test("W-2: a write's gate is its own last record; what is decided together is one batch")
    func gates() throws {
        try inDirectory { path in
            let company = try Company.open(path)
            let engine = Engine(ledger: company.ledger, journal: company.log)
            let start = engine.durable
            let (read, _) = try run(engine, ["ME"])
            #expect(read.gate == start)
            let (first, _) = try run(engine, ["UNIT.CREATE", "a"])
            let (second, reply) = try run(engine, ["UNIT.CREATE", "b"])
            #expect(first.gate == start + 1 && second.gate == start + 2)
            #expect(reply.contains("seq"))
            #expect(try run(engine, ["ME"]).0.gate == start + 2)
            #expect(engine.durable == start)
            let taken = try #require(engine.takeBatch())
            #expect(taken.batch.count == 2)
            #expect(engine.takeBatch() == nil)
            try engine.journal.commit(taken.batch)
            engine.committed(upTo: taken.batch.lastSequence)
            #expect(engine.durable == start + 2)
        }
    }

    @Test("P-4: a transaction is one frame, and a refusal inside applies nothing")
    func transactions() throws {
        try inDirectory { path in
            let company = try Company.open(path)
            let engine = Engine(ledger: company.ledger, journal: company.log)
            let start = engine.durable
            let command = try #require(CommandTable.find(Array("UNIT.CREATE".utf8)[...]))
            func transact(_ requests: [[String]]) -> String {
                var reply = ReplyWriter(.resp2)
                _ = engine.transact(
                    requests.map { Invocation(command, Request($0)) }, as: admin, at: now,
                    reply: &reply)
                return String(decoding: reply.bytes, as: UTF8.self)
            }
            #expect(
                transact([["UNIT.CREATE", "a"], ["UNIT.CREATE", "b", "PARENT", "u999"]])
                    .hasPrefix("-EXECABORT "))
            #expect(engine.sequence == start && engine.takeBatch() == nil)
            #expect(transact([["UNIT.CREATE", "a"], ["UNIT.CREATE", "b"]]).hasPrefix("*2\r\n"))
            #expect(engine.takeBatch()?.batch.count == 2)
        }
    }

    @Test("E-3: where two batches wait, each takes along what its own commands brought about")
    func effectsGoWithTheirBatch() throws {
        let path = NSTemporaryDirectory() + "engine-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Company.makeDirectory(path)
        // Frames of 32 KiB at most, so that a little waits in two.
        try Log.create(
            directory: Company.logDirectory(path), fileSystem: PosixFileSystem(),
            cluster: ClusterID(bytes: SIMD16(repeating: 1)), segmentBytes: 64 << 10)
        try Examples.found(path)
        let company = try Company.open(path)
        let engine = Engine(ledger: company.ledger, journal: company.log)
        engine.watch(true)
        while try engine.journal.maintain(now: 1_000_000) {}
        let command = try #require(CommandTable.find(Array("UNIT.CREATE".utf8)[...]))
        for count in [15, 45] {
            let request = Request(["UNIT.CREATE", String(repeating: "部", count: 200)])
            var reply = ReplyWriter(.resp2)
            _ = engine.transact(
                Array(repeating: Invocation(command, request), count: count), as: admin, at: now,
                reply: &reply)
        }
        for count in [15, 45] {
            let taken = try #require(engine.takeBatch())
            #expect(taken.batch.count == count && taken.effects.changes.count == count)
            #expect(taken.effects.changes.last?.recorded.sequence == taken.batch.lastSequence)
            try engine.journal.commit(taken.batch)
            engine.committed(upTo: taken.batch.lastSequence)
        }
        #expect(engine.takeBatch() == nil)
    }

    @Test(
        "W-8: with the disk nearly full writes are refused before anything is touched, reads go on")
    func diskFull() throws {
        try inDirectory { path in
            var ledger = Ledger(zones: NoZones())
            let (log, _) = try Log.open(
                directory: Company.logDirectory(path), freeBytesMin: .max
            ) { sequence, _, record in try ledger.replay(record, sequence: sequence) }
            while try log.maintain(now: 1_000_000) {}
            let engine = Engine(ledger: ledger, journal: log)
            let start = engine.sequence
            #expect(try run(engine, ["UNIT.CREATE", "a"]).1.hasPrefix("-DISKFULL "))
            #expect(try !run(engine, ["ME"]).1.hasPrefix("-"))
            engine.markDelivered([(admin, 1)], at: now)
            #expect(engine.sequence == start && engine.takeBatch() == nil)
        }
    }

    @Test("D-35: the commands of a person who is not active are not run and not answered")
    func expelled() throws {
        try inDirectory { path in
            let company = try Company.open(path)
            let engine = Engine(ledger: company.ledger, journal: company.log)
            let request = Request(["UNIT.CREATE", "a"])
            let command = try #require(CommandTable.find(request[0]))
            var reply = ReplyWriter(.resp2)
            let invocation = Invocation(command, request)
            let ran = engine.run(invocation, as: PersonID(99), at: now, reply: &reply)
            let transacted = engine.transact([invocation], as: PersonID(99), at: now, reply: &reply)
            #expect(ran.isExpelled && transacted.isExpelled && reply.bytes.isEmpty)
            #expect(engine.takeBatch() == nil)
        }
    }
}
