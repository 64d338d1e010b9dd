import Testing

@testable import PipelineStore

@Suite("Archived segments")
struct ArchiveTests {
    /// Several segments, then two snapshots at the end: everything before is archived.
    private static func archived() throws -> (fixture: StoreFixture, log: Log, bodies: [[UInt8]]) {
        let fixture = try StoreFixture(segmentBytes: 16 << 10)
        let log = try fixture.open().log
        var bodies: [[UInt8]] = []
        for _ in 0..<10 {
            let body = StoreFixture.body(log.durable + 1, count: 300)
            try StoreFixture.commit([body], to: log)
            bodies.append(body)
            while try log.maintain(now: 0) {}
        }
        try StoreFixture.snapshot(log, of: Array(bodies.prefix(10)))
        let last = StoreFixture.body(11)
        try StoreFixture.commit([last], to: log)
        bodies.append(last)
        #expect(try log.archive() == 0, "one snapshot is not enough")
        try StoreFixture.snapshot(log, of: bodies)
        #expect(try log.archive() == 2)
        return (fixture, log, bodies)
    }

    @Test("W-9: what lies before both snapshots is packed, and every record is still read")
    func reads() throws {
        let fixture: StoreFixture
        let bodies: [[UInt8]]
        do {
            let archived = try Self.archived()
            (fixture, bodies) = (archived.fixture, archived.bodies)
            let all = try archived.log.read((1...11 as ClosedRange<UInt64>).map(\.self))
            #expect(all.map(\.bytes) == bodies)
            #expect(try archived.log.read([7, 2, 5]).map(\.bytes) == [6, 1, 4].map { bodies[$0] })
            try archived.log.close()
        }
        let packed = fixture.files.paths.filter { $0.hasSuffix(".packed") }
        #expect(packed.count == 2)
        // Four frames of a header, a length and 300 bytes, where four blocks had been.
        #expect(packed.map { fixture.files.contents($0).count } == [1_696, 1_696])
        #expect(try fixture.open().records.map(\.bytes) == bodies)
        #expect(try fixture.restore().records.map(\.bytes) == bodies)
    }

    @Test("W-3, W-9: the chain goes on through archived segments, and damage in one is found")
    func chain() throws {
        let archived = try Self.archived()
        let files = archived.fixture.files
        let inspection = try LogReader.frames(directory: StoreFixture.path, fileSystem: files)
        #expect(inspection.tail == .clean)
        #expect(inspection.lastSequence == 11)
        let path = try #require(files.paths.first { $0.hasSuffix(".packed") })
        let intact = files.contents(path)
        for offset in intact.indices {
            var flipped = intact
            flipped[offset] ^= 0x10
            files.put(path, flipped)
            let damaged = Result {
                try LogReader.frames(directory: StoreFixture.path, fileSystem: files).tail
            }
            #expect((try? damaged.get()) != .clean, "byte \(offset)")
        }
    }

    @Test("W-7, W-9: archiving cut off at any call leaves every record where it can be read")
    func everyCall() throws {
        var call = 0
        while true {
            let archived = try Self.archived()
            let files = archived.fixture.files
            var bodies = archived.bodies
            for _ in 0..<5 {
                let body = StoreFixture.body(archived.log.durable + 1, count: 300)
                try StoreFixture.commit([body], to: archived.log)
                bodies.append(body)
                while try archived.log.maintain(now: 0) {}
            }
            for _ in 0..<2 {
                try StoreFixture.snapshot(archived.log, of: bodies)
                let body = StoreFixture.body(archived.log.durable + 1)
                try StoreFixture.commit([body], to: archived.log)
                bodies.append(body)
            }
            let made = files.calls.count
            files.inject(.crash, at: made + call)
            _ = try? archived.log.archive()
            let isOver = files.calls.count <= made + call
            var random = SeededGenerator(seed: UInt64(call) + 1)
            if call % 2 == 0 { files.kill() } else { files.cutPower(&random) }
            let opened = try archived.fixture.open()
            #expect(opened.records.map(\.bytes) == bodies, "call \(call)")
            let everything = (1...UInt64(bodies.count)).map(\.self)
            #expect(try opened.log.read(everything).map(\.bytes) == bodies, "call \(call)")
            if isOver { break }
            call += 1
        }
        #expect(call > 20)
    }

    @Test("W-11: a copy takes the archive along, and may end within it")
    func copies() throws {
        let archived = try Self.archived()
        let files = archived.fixture.files
        var ends: [LogPosition] = []
        _ = try LogReader.frames(directory: StoreFixture.path, fileSystem: files) {
            ends.append($0.end)
        }
        for (index, end) in ends.enumerated() {
            let target = "/copy\(index)"
            let written = try LogCopy.make(
                of: StoreFixture.path, upTo: end, at: target, raisesEpoch: true, fileSystem: files)
            #expect(written.sequence == end.sequence)
            var bodies: [[UInt8]] = []
            let (log, report) = try Log.open(
                directory: target, fileSystem: files, freeBytesMin: 0
            ) { _, _, body in bodies.append([UInt8](body)) }
            #expect(bodies == Array(archived.bodies.prefix(index + 1)))
            #expect(report.epoch == 2)
            try StoreFixture.commit([[1]], to: log)
        }
        #expect(throws: StoreError.alreadyFounded(directory: "/copy0")) {
            try LogCopy.make(
                of: StoreFixture.path, upTo: ends[0], at: "/copy0", fileSystem: files)
        }
    }

    @Test("W-7: every call of a copy failed in turn: there is none, or it is whole")
    func everyCallOfACopy() throws {
        let archived = try Self.archived()
        let files = archived.fixture.files
        let end = try LogReader.frames(directory: StoreFixture.path, fileSystem: files).end
        var call = 0
        while true {
            let target = "/copy\(call)"
            let made = files.calls.count
            files.inject(.error(5), at: made + call)
            let written = try? LogCopy.make(
                of: StoreFixture.path, upTo: end, at: target, fileSystem: files)
            let isOver = files.calls.count <= made + call
            if isOver {
                #expect(written?.sequence == 11)
                break
            }
            if files.paths.contains(target + "/format") {
                let inspection = try LogReader.frames(directory: target, fileSystem: files)
                #expect(inspection.tail == .clean, "call \(call)")
                #expect(inspection.lastSequence == 11, "call \(call)")
            } else {
                #expect(written == nil, "call \(call)")
            }
            call += 1
        }
        #expect(call > 40)
    }
}
