import StoreTesting
import Testing

@testable import PipelineStore

@Suite("Dropped history")
struct HorizonTests {
    private struct Kept {
        let fixture: StoreFixture
        let log: Log
        let bodies: [[UInt8]]
    }

    /// Twenty frames of one record at the instants 100, 200, …; five segments of four, of which the first
    /// four are archived.
    private static func archived() throws -> Kept {
        let fixture = try StoreFixture(segmentBytes: 16 << 10)
        let log = try fixture.open().log
        var bodies: [[UInt8]] = []
        for step in 1...20 as ClosedRange<UInt64> {
            bodies.append(StoreFixture.body(step, count: 300))
            try StoreFixture.commit([bodies[bodies.count - 1]], to: log, at: Int64(step * 100))
            while try log.maintain(now: 0) {}
            if step > 18 { try StoreFixture.snapshot(log, of: bodies) }
        }
        #expect(try log.archive() == 4)
        return Kept(fixture: fixture, log: log, bodies: bodies)
    }

    /// Drops what is before the point, as the daemon does, but for the record that tells of it.
    private static func drop(_ kept: Kept, before milliseconds: Int64) throws -> Int {
        guard let end = try kept.log.expired(before: milliseconds) else { return 0 }
        let bodies = Array(kept.bodies.prefix(Int(end.sequence)))
        _ = try kept.log.snapshots.write(
            start: end, sequence: end.sequence, latestInstant: 6, cluster: StoreFixture.cluster,
            at: 7
        ) { add in try StoreFixture.sections(of: bodies, to: add) }
        try kept.log.drop(upTo: end)
        return try kept.log.removeDropped()
    }

    @Test("W-9: a segment has expired when the frame behind it is older than the limit")
    func expired() throws {
        let kept = try Self.archived()
        let ends = try [400, 500, 501, 900, 901, 1_701, 5_000].map {
            try kept.log.expired(before: $0)?.sequence
        }
        // The last archived segment ends with record 16; the one after it is in use.
        #expect(ends == [nil, nil, 4, 4, 8, 16, 16])
    }

    @Test("W-9: without a snapshot of its end nothing is dropped")
    func needsSnapshot() throws {
        let kept = try Self.archived()
        let end = try #require(try kept.log.expired(before: 901))
        #expect(throws: StoreError.self) { try kept.log.drop(upTo: end) }
        #expect(
            try LogReader.firstSequence(
                directory: StoreFixture.path, fileSystem: kept.fixture.files) == 1)
    }

    @Test("W-9: what is kept is read, verified, copied and started from as before")
    func kept() throws {
        let kept = try Self.archived()
        let files = kept.fixture.files
        #expect(try Self.drop(kept, before: 901) == 2)
        #expect(try Self.drop(kept, before: 901) == 0)
        #expect(try kept.log.firstSequence() == 9)
        #expect(
            try kept.log.read([9, 15, 20]).map(\.bytes) == [8, 14, 19].map { kept.bodies[$0] })
        try kept.log.close()
        files.kill()
        let inspection = try LogReader.frames(directory: StoreFixture.path, fileSystem: files)
        #expect(inspection.tail == .clean)
        #expect(inspection.firstSequence == 9 && inspection.lastSequence == 20)
        let store = SnapshotStore(directory: StoreFixture.path, fileSystem: files)
        #expect(try store.sequences() == [8, 19, 20])
        // Also from the snapshot at the horizon, when the others are gone; but from nothing never.
        for spoilt in [[], [20], [19, 20]] as [[UInt64]] {
            for sequence in spoilt { kept.fixture.change(store.path(sequence)) { $0[100] ^= 1 } }
            #expect(try kept.fixture.restore().records.map(\.bytes) == kept.bodies)
            files.kill()
            for sequence in spoilt { kept.fixture.change(store.path(sequence)) { $0[100] ^= 1 } }
        }
        let target = "/copy"
        _ = try LogCopy.make(
            of: StoreFixture.path, upTo: inspection.end, at: target, fileSystem: files)
        let copy = try LogReader.frames(directory: target, fileSystem: files)
        #expect(copy.firstSequence == 9 && copy.digest == inspection.digest)
        for sequence in [8, 19, 20] as [UInt64] {
            kept.fixture.change(store.path(sequence)) { $0[100] ^= 1 }
        }
        let refused = #expect(throws: StoreError.self) { try kept.fixture.restore() }
        guard case .corrupt(let corruption) = refused else {
            Issue.record("a start from nothing")
            return
        }
        #expect(corruption.lastTrustedSequence == 8)
        #expect(corruption.reason.contains("up to record 8 was dropped"))
    }

    @Test("W-3, W-9: the chain goes on from the last record dropped, and the horizon is checked")
    func chain() throws {
        let kept = try Self.archived()
        let files = kept.fixture.files
        _ = try Self.drop(kept, before: 901)
        try kept.log.close()
        let path = StoreFixture.path + "/horizon"
        let intact = files.contents(path)
        for bit in 0..<(intact.count * 8) {
            var flipped = intact
            flipped[bit / 8] ^= 1 << UInt8(bit % 8)
            files.put(path, flipped)
            let inspected = try? LogReader.frames(
                directory: StoreFixture.path, fileSystem: files)
            if inspected?.tail == .clean { Issue.record("bit \(bit)") }
        }
        files.put(path, nil)
        // Without it the log would have to begin with record 1.
        let inspection = try LogReader.frames(directory: StoreFixture.path, fileSystem: files)
        guard case .corrupt = inspection.tail else {
            Issue.record("the missing horizon was not noticed")
            return
        }
    }

    @Test("W-7, W-9: dropping cut off at any call leaves all that is to be kept, and goes on later")
    func everyCall() throws {
        var call = 0
        while true {
            let kept = try Self.archived()
            let files = kept.fixture.files
            let made = files.calls.count
            files.inject(.crash, at: made + call)
            _ = try? Self.drop(kept, before: 901)
            let isOver = files.calls.count <= made + call
            var random = SeededGenerator(seed: UInt64(call) + 1)
            if call % 2 == 0 { files.kill() } else { files.cutPower(&random) }
            let opened = try kept.fixture.restore()
            #expect(opened.records.map(\.bytes) == kept.bodies, "call \(call)")
            let again = Kept(fixture: kept.fixture, log: opened.log, bodies: kept.bodies)
            _ = try Self.drop(again, before: 901)
            _ = try opened.log.removeDropped()
            #expect(try opened.log.firstSequence() == 9, "call \(call)")
            #expect(files.paths.filter { $0.hasSuffix(".packed") }.count == 2, "call \(call)")
            let rest = (9...20 as ClosedRange<UInt64>).map(\.self)
            #expect(try opened.log.read(rest).map(\.bytes) == Array(kept.bodies[8...]))
            if isOver { break }
            call += 1
        }
        #expect(call > 20)
    }
}
