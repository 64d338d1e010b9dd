import Glibc
import StoreTesting
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
        // Four frames of a header, a length and 300 bytes that repeat, where four blocks had been.
        #expect(packed.allSatisfy { fixture.files.contents($0).count < 1_200 })
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
            for bit in 0..<UInt8(8) {
                var flipped = intact
                flipped[offset] ^= 1 << bit
                files.put(path, flipped)
                let damaged = Result {
                    try LogReader.frames(directory: StoreFixture.path, fileSystem: files).tail
                }
                if case .success(.clean) = damaged { Issue.record("byte \(offset), bit \(bit)") }
                // Whoever reads a record gets it as it was, or an error.
                for sequence in [1, 4] as [UInt64] {
                    guard let read = try? archived.log.read([sequence]) else { continue }
                    #expect(read[0].bytes == archived.bodies[Int(sequence) - 1])
                }
            }
        }
    }

    @Test("W-3: a byte changed in an archived record, with all checksums mended, breaks the chain")
    func tampered() throws {
        let archived = try Self.archived()
        let files = archived.fixture.files
        let directory = LogDirectory(path: StoreFixture.path, files: files)
        let archive = Archive(directory, try FormatFile.read(directory))
        let segment = try #require(try directory.archivedSegments().first)
        let whole = AlignedBuffer(byteCount: 16 << 10)
        #expect(try archive.unpack(segment, into: whole) == nil)
        // The second frame's first record.
        let frame = UnsafeMutableRawBufferPointer(rebasing: whole.bytes[4096...])
        var header = try FrameHeader(decoding: UnsafeRawBufferPointer(frame))
        frame[FrameHeader.byteCount + 10] ^= 1
        header.payloadChecksum = CRC32C.checksum(
            UnsafeRawBufferPointer(rebasing: frame[FrameHeader.byteCount..<header.contentBytes]))
        header.encode(into: frame)
        files.put(directory.archived(segment), try archive.pack(whole, segment))
        let tail = try LogReader.frames(directory: StoreFixture.path, fileSystem: files).tail
        guard case .corrupt(let corruption) = tail else {
            Issue.record("nothing was noticed: \(tail)")
            return
        }
        #expect(corruption.file == directory.archived(segment))
        #expect(corruption.offset == 2 * 4096, "the frame that is no longer chained")
        #expect(corruption.lastTrustedSequence == 2)
        #expect(
            corruption.reason.hasPrefix(
                "\(FrameDefect.brokenChain), at offset 4096 of \(corruption.file) with the records 2 to"
                    + " 2: that one was changed"))
        #expect(corruption.doubted == 2...2)
    }

    @Test(
        "W-9: an event of a quiet day takes no more than 200 bytes, and one is read without the others"
    )
    func smallAndPartial() throws {
        let fixture = try StoreFixture(segmentBytes: 4 << 20)
        let log = try fixture.open().log
        var random = SeededGenerator(seed: 3)
        var bodies: [[UInt8]] = []
        while bodies.count < 2_100 {
            // What a usual record has: some bytes that repeat, and some that do not.
            let body =
                Array("opportunity.updated 方舟电子年度投放".utf8)
                + (0..<24).map { _ in UInt8.random(in: 0...255, using: &random) }
            try StoreFixture.commit([body], to: log)
            bodies.append(body)
            while try log.maintain(now: 0) {}
        }
        for _ in 0..<2 {
            try StoreFixture.snapshot(log, of: bodies)
            try StoreFixture.commit([[1]], to: log)
            bodies.append([1])
        }
        #expect(try log.archive() == 2)
        let path = try #require(fixture.files.paths.first { $0.hasSuffix(".packed") })
        let size = fixture.files.contents(path).count
        #expect(size <= 1_024 * 200, "\(size) bytes for 1024 frames")
        let before = fixture.files.bytesRead
        #expect(try log.read([500])[0].bytes == bodies[499])
        let read = fixture.files.bytesRead - before
        #expect(read < size / 2, "\(read) of \(size) bytes")
        #expect(try log.read((1...2_100).map(\.self)).map(\.bytes) == Array(bodies.prefix(2_100)))
    }

    @Test("W-3: an audit goes through all but the segment being written, and finds damage anywhere")
    func audit() throws {
        let archived = try Self.archived()
        let files = archived.fixture.files
        func outcome() throws -> LogAudit.Outcome {
            var audit = LogAudit()
            for _ in 0..<10 {
                let outcome = try audit.step(archived.log, segments: 1)
                if outcome != .going { return outcome }
            }
            return .going
        }
        #expect(try outcome() == .sound(upTo: 8))
        let packed = try #require(files.paths.last { $0.hasSuffix(".packed") })
        let intact = files.contents(packed)
        archived.fixture.change(packed) { $0[$0.count - 3] ^= 1 }
        guard case .damaged(let corruption) = try outcome() else {
            Issue.record("nothing was noticed")
            return
        }
        #expect(corruption.file == packed && corruption.lastTrustedSequence == 4)
        files.put(packed, intact)
        #expect(try outcome() == .sound(upTo: 8))
        files.put(packed, nil)
        guard case .damaged(let missing) = try outcome() else {
            Issue.record("a missing segment was not noticed")
            return
        }
        #expect(missing.lastTrustedSequence == 4)
    }

    @Test("W-12: archived segments of both versions are read; a newer one is refused as such")
    func versions() throws {
        for (version, hex) in Golden.archived {
            let fixture = try StoreFixture.filled(frames: 5, segmentBytes: 16 << 10)
            let path = StoreFixture.path + "/archive/00000000000000000001.packed"
            fixture.files.put(StoreFixture.firstSegment, nil)
            try fixture.files.makeDirectory(StoreFixture.path + "/archive")
            fixture.files.put(path, Golden.bytes(hex))
            let expected = (1...10 as ClosedRange<UInt64>).map { StoreFixture.body($0) }
            let opened = try fixture.open()
            #expect(opened.records.map(\.bytes) == expected, "version \(version)")
            #expect(try opened.log.read([3, 8, 1]).map(\.bytes) == [2, 7, 0].map { expected[$0] })
            try opened.log.close()
            fixture.change(path) { $0[8] = 3 }
            #expect(
                throws: StoreError.newerFormat(file: path, found: 3, supported: 2)
            ) { try LogReader.frames(directory: StoreFixture.path, fileSystem: fixture.files) }
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

    @Test("W-11: a segment that is archived while it is read or copied is found where it went")
    func archivedMeanwhile() throws {
        let archived = try Self.archived()
        let files = archived.fixture.files
        let directory = LogDirectory(path: StoreFixture.path, files: files)
        let segment = try #require(try directory.archivedSegments().first)
        let whole = AlignedBuffer(byteCount: 16 << 10)
        let archive = Archive(directory, try FormatFile.read(directory))
        #expect(try archive.unpack(segment, into: whole) == nil)
        // In both places, as just before the segment is removed.
        files.put(directory.segment(segment), [UInt8](whole.bytes))
        let end = try LogReader.frames(directory: StoreFixture.path, fileSystem: files).end
        func losing(_ body: () throws -> Void) throws {
            let before = files.calls.count
            try body()
            let opening = try #require(
                files.calls[before...].firstIndex {
                    $0.hasPrefix("open") && $0.hasSuffix("00000000000000000001.log")
                })
            files.inject(.error(ENOENT), at: files.calls.count + opening - before)
            try body()
        }
        try losing {
            let inspection = try LogReader.frames(
                directory: StoreFixture.path, fileSystem: files)
            #expect(inspection.tail == .clean && inspection.lastSequence == 11)
        }
        var copies = 0
        try losing {
            copies += 1
            let written = try LogCopy.make(
                of: StoreFixture.path, upTo: end, at: "/copy\(copies)", fileSystem: files)
            #expect(written.sequence == 11)
        }
        #expect(files.paths.contains("/copy2/archive/00000000000000000001.packed"))
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
