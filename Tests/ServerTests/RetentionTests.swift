import Foundation
import PipelineCommands
import PipelineDomain
import PipelineProtocol
import PipelineStore
import StoreTesting
import Testing

@testable import PipelineServer

@Suite("Retention")
struct RetentionTests {
    private let day: Int64 = 86_400_000

    /// A company on the real disk, with segments of 32 KiB, that entered a deal a day for a hundred days.
    private func aged(_ body: (Engine, String, Instant) throws -> Void) throws {
        let path = NSTemporaryDirectory() + "retention-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: path) }
        try SimulatedDisk.write(to: path)
        let company = try Company.open(path)
        let engine = Engine(ledger: company.ledger, journal: company.log)
        var now = SimulatedDisk.founded
        for number in 1...100 {
            now = Instant(milliseconds: now.milliseconds + day)
            _ = try ask(engine, "OPP.CREATE d\(number) CUSTOMER c1 PROCESS ask", at: now)
            try commit(engine)
            while try company.log.maintain(now: UInt64(number) * 100) {}
        }
        for _ in 0..<2 {
            _ = try engine.writeSnapshot(at: now) {}
            _ = try ask(engine, "OPP.UPDATE o100 TITLE again\(engine.sequence)", at: now)
            try commit(engine)
        }
        #expect(try company.log.archive() > 8)
        try body(engine, path, now)
    }

    private func commit(_ engine: Engine) throws {
        while let (batch, _) = engine.takeBatch() {
            try engine.journal.commit(batch)
            engine.committed(upTo: batch.lastSequence)
        }
    }

    private func ask(
        _ engine: Engine, _ line: String, as person: PersonID = SimulatedDisk.people.admin,
        at now: Instant
    ) throws -> String {
        var reply = ReplyWriter(.resp3)
        let ran = engine.run(
            try SimulatedDisk.invocation(line), as: person, at: now, reply: &reply)
        ran.query?.answer(
            from: JournalSource(journal: engine.journal), PastStates(zones: SystemZones()),
            into: &reply)
        return String(decoding: reply.bytes, as: UTF8.self)
    }

    private func output(_ path: String, _ body: (OfflineTools) throws -> Void) throws -> String {
        var lines: [String] = []
        try body(OfflineTools(path) { lines.append($0) })
        return lines.joined(separator: "\n")
    }

    @Test("W-9: nothing is dropped by default, nor what is younger than the setting says")
    func keeps() throws {
        try aged { engine, _, now in
            for days in [0, 101, 36_500] {
                var retention = Retention(engine, days: days)
                let outcome = try retention.run(at: now, monotonic: 1) {}
                #expect(outcome == Retention.Outcome(), "\(days) days")
            }
            #expect(try engine.journal.firstSequence() == 1)
        }
    }

    @Test(
        "W-9: history older than the setting is dropped as a recorded event; who asks is told the horizon"
    )
    func drops() throws {
        try aged { engine, path, now in
            let early = Instant(milliseconds: SimulatedDisk.founded.milliseconds + 5 * day)
            let date = String("\(early)".prefix(10))
            #expect(
                try ask(engine, "REPORT.FUNNEL PROCESS ask ASOF \(date)", at: now).hasPrefix("%"))
            var retention = Retention(engine, days: 30)
            let outcome = try retention.run(at: now, monotonic: 1) { try commit(engine) }
            let horizon = try #require(outcome.horizon)
            #expect(outcome.removed == 0, "an answer that was begun may still read")
            let kept = SimulatedDisk.founded.milliseconds + 70 * day
            #expect(horizon.since.milliseconds < kept)
            #expect(horizon.since.milliseconds > kept - 20 * day)
            #expect(engine.photograph().state.company.horizon == horizon)

            let named = "begins with record \(horizon.first), after \(horizon.since)"
            for line in [
                "OPP.HISTORY o1 FROM 5", "AUDIT.LIST FROM 5",
                "REPORT.FUNNEL PROCESS ask ASOF \(date)", "REPORT.FUNNEL PROCESS ask ASOF 20",
                "REPORT.WATERFALL PERIOD \(date) \(String("\(now)".prefix(10)))",
            ] {
                let reply = try ask(engine, line, at: now)
                #expect(reply.contains("INVALID") && reply.contains(named), "\(line): \(reply)")
            }
            let audit = try ask(engine, "AUDIT.LIST COUNT 1", at: now)
            #expect(audit.contains("company.historyDropped") && audit.contains(horizon.chain))
            #expect(try ask(engine, "OPP.HISTORY o1", at: now) == "*0\r\n")
            #expect(try ask(engine, "OPP.GET o1 WITH 1 history", at: now).contains("d1"))
            #expect(try ask(engine, "OPP.HISTORY o100", at: now).contains("again"))
            #expect(
                try ask(engine, "REPORT.FUNNEL PROCESS ask ASOF \(horizon.first + 5)", at: now)
                    .hasPrefix("%"))

            let later = Retention.graceMilliseconds + 1
            let second = try retention.run(at: now, monotonic: later) { try commit(engine) }
            #expect(second.horizon == nil && second.removed > 4)
            #expect(
                try ask(engine, "REPORT.FUNNEL PROCESS ask ASOF \(horizon.first)", at: now)
                    .hasPrefix("%"))
            let hash = try SnapshotLoading.hash(of: engine.photograph().state)
            try engine.journal.close()
            try checkTools(path, horizon, engine.sequence)
            try checkStart(path, hash)
        }
    }

    @Test("D-17, W-6: damage in the archive fails the answers that need it, and nothing else")
    func damagedArchive() throws {
        try aged { engine, path, now in
            let archive = path + "/log/archive/"
            for name in try FileManager.default.contentsOfDirectory(atPath: archive) {
                let url = URL(fileURLWithPath: archive + name)
                var bytes = try Data(contentsOf: url)
                bytes[bytes.count - 9] ^= 0x20
                try bytes.write(to: url)
            }
            for line in [
                "OPP.HISTORY o1", "AUDIT.LIST FROM 5", "REPORT.FUNNEL PROCESS ask ASOF 40",
            ] {
                let reply = try ask(engine, line, at: now)
                #expect(reply.contains("cannot be read"), "\(line): \(reply)")
            }
            #expect(try ask(engine, "OPP.GET o1", at: now).contains("d1"))
            #expect(try ask(engine, "OPP.UPDATE o1 TITLE on", at: now).contains("seq"))
            try commit(engine)
            try engine.journal.close()
        }
    }

    private func checkStart(_ path: String, _ hash: Digest) throws {
        // From another directory: this process still holds the lock of the first one.
        let copy = path + "-copy"
        defer { try? FileManager.default.removeItem(atPath: copy) }
        try FileManager.default.copyItem(atPath: path, toPath: copy)
        let company = try Company.open(copy)
        #expect(try SnapshotLoading.hash(of: company.ledger.state) == hash)
        try company.log.close()
    }

    private func checkTools(_ path: String, _ horizon: HistoryHorizon, _ last: UInt64) throws {
        let first = horizon.first
        let checked = try output(path) { try $0.check() }
        #expect(checked.contains("records before \(first) were dropped"))
        #expect(checked.contains("everything is as it should be"))
        #expect(
            try output(path) { try $0.dump(from: 1, to: .max, asJSON: false) }
                .split(separator: "\n").count == Int(last - first + 1))
        let target = path + "-restored"
        defer { try? FileManager.default.removeItem(atPath: target) }
        let attempts: [(OfflineTools) throws -> Void] = [
            { try $0.dump(from: 2, to: 9, asJSON: false) },
            { try $0.restore(to: target, .sequence(5)) },
            { try $0.restore(to: target, .time(milliseconds: 0)) },
        ]
        for attempt in attempts {
            #expect {
                _ = try output(path, attempt)
            } throws: {
                let error = $0 as? OperationError
                return error?.code == .refused
                    && error?.description.contains("records before \(first) were dropped") == true
            }
        }
        _ = try output(path) { try $0.restore(to: target, .sequence(first + 3)) }
        #expect(
            try output(target) { try $0.check() }.contains("everything is as it should be"))
    }
}
