import Foundation
import PipelineStore
import StoreTesting
import Testing

@Suite struct CrashSimulationTests {
    /// What a client was told, and what it is waiting for.
    private struct Oracle {
        var acknowledged: [[UInt8]] = []
        /// Bodies of the one batch that was being committed when the lights went out.
        var inFlight: [[UInt8]] = []
    }

    /// 2 000, or what `STORE_SEEDS` says, for the long run.
    private static let seeds =
        ProcessInfo.processInfo.environment["STORE_SEEDS"].flatMap(UInt64.init).map { max($0, 1) }
        ?? 2_000

    @Test("W-6: kills and power cuts at random calls lose nothing acknowledged and split no batch")
    func killsAndPowerCuts() {
        for seed in 1...Self.seeds {
            do {
                try run(seed)
            } catch {
                Issue.record("seed \(seed): \(error)")
            }
        }
    }

    private struct Violation: Error {
        let text: String
    }

    private func run(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let fixture = try StoreFixture(
            segmentBytes: ([16, 32, 64].randomElement(using: &random) ?? 16) << 10)
        var oracle = Oracle()
        for _ in 1...6 {
            plan(fixture.files, &random)
            do {
                let opened = try open(fixture, &random)
                let bodies = opened.records.map(\.bytes)
                if let text = judge(opened, bodies, oracle) { throw Violation(text: text) }
                oracle = Oracle(acknowledged: bodies)
                try work(opened.log, &oracle, &random)
            } catch let error as StoreError {
                // Only the planned crash may end a run: nothing lawful leads to a refusal.
                guard case .io(let failure) = error, failure.code == 5 else { throw error }
            }
            // A killed process leaves its unsynced writes to the next one, which must not take
            // them for durable.
            if Bool.random(using: &random) {
                fixture.files.kill()
            } else {
                fixture.files.cutPower(&random)
            }
        }
        fixture.files.cutPower(&random)
        let opened = try open(fixture, &random)
        if let text = judge(opened, opened.records.map(\.bytes), oracle) {
            throw Violation(text: text)
        }
    }

    /// From a snapshot where there is one, or all by replaying: both must come to the same.
    private func open(
        _ fixture: StoreFixture, _ random: inout SeededGenerator
    ) throws(StoreError) -> StoreFixture.Opened {
        Int.random(in: 0..<3, using: &random) == 0 ? try fixture.open() : try fixture.restore()
    }

    /// Lets a call in the near future be the last one before the power goes.
    private func plan(_ files: MemoryFileSystem, _ random: inout SeededGenerator) {
        let made = files.calls.count
        files.inject(.crash, at: made + Int.random(in: 0...120, using: &random))
        for _ in 1...2 {
            files.inject(.short, at: made + Int.random(in: 0...120, using: &random))
        }
    }

    private func judge(
        _ opened: StoreFixture.Opened, _ bodies: [[UInt8]], _ oracle: Oracle
    ) -> String? {
        if !opened.report.rejectedSnapshots.isEmpty {
            return "a snapshot was spoilt: \(opened.report.rejectedSnapshots)"
        }
        let sequences = opened.records.map(\.sequence)
        if sequences != (0..<UInt64(bodies.count)).map({ $0 + 1 }) { return "not dense" }
        if bodies != oracle.acknowledged && bodies != oracle.acknowledged + oracle.inFlight {
            return "\(oracle.acknowledged.count) records were acknowledged,"
                + " \(oracle.inFlight.count) in flight, \(bodies.count) came back"
        }
        return nil
    }

    private func work(
        _ log: Log, _ oracle: inout Oracle, _ random: inout SeededGenerator
    ) throws {
        var group = GroupCommit(durable: log.durable, frameBytesMax: log.frameBytesMax)
        var decided: [[UInt8]] = []
        for step in 1...60 as ClosedRange<UInt64> {
            for _ in 0..<Int.random(in: 0...2, using: &random) {
                let unit = unit(&random)
                _ = try group.append(StoreFixture.records(unit), at: Int64(step))
                decided += unit
            }
            if let batch = group.takeBatch() {
                oracle.inFlight = Array(decided.prefix(batch.count))
                try log.commit(batch)
                group.committed(upTo: batch.lastSequence)
                oracle.acknowledged += oracle.inFlight
                oracle.inFlight = []
                decided.removeFirst(batch.count)
            }
            if Int.random(in: 0..<4, using: &random) == 0 {
                _ = try log.maintain(now: step * UInt64.random(in: 1...60, using: &random))
            }
            if Int.random(in: 0..<25, using: &random) == 0 {
                try snapshot(log, oracle)
            }
            try readBack(log, oracle, &random)
        }
        try log.close()
    }

    private func snapshot(_ log: Log, _ oracle: Oracle) throws {
        try StoreFixture.snapshot(log, of: oracle.acknowledged)
        _ = try log.archive()
    }

    private func unit(_ random: inout SeededGenerator) -> [[UInt8]] {
        (0..<Int.random(in: 1...4, using: &random)).map { _ in
            let count = [3, 60, 500, 1_500].randomElement(using: &random) ?? 3
            return (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
        }
    }

    private func readBack(
        _ log: Log, _ oracle: Oracle, _ random: inout SeededGenerator
    ) throws {
        let count = oracle.acknowledged.count
        guard count > 0 else { return }
        let sequence = Int.random(in: 1...count, using: &random)
        let read = try log.read([UInt64(sequence)])
        if read.first?.bytes != oracle.acknowledged[sequence - 1] {
            throw Violation(text: "record \(sequence) reads back differently")
        }
    }
}
