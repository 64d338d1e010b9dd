import StoreTesting
import Testing

@testable import PipelineStore

@Suite("Snapshots of the store")
struct SnapshotStoreTests {
    /// A log of so many frames of two records, still open, and what it holds.
    private static func filled(
        frames: Int, segmentBytes: Int = 64 << 10
    ) throws -> (fixture: StoreFixture, log: Log, bodies: [[UInt8]]) {
        let fixture = try StoreFixture(segmentBytes: segmentBytes)
        let log = try fixture.open().log
        var bodies: [[UInt8]] = []
        for _ in 0..<frames { bodies += try more(log) }
        return (fixture, log, bodies)
    }

    @discardableResult
    private static func more(_ log: Log) throws -> [[UInt8]] {
        let next = log.durable + 1
        let bodies = [StoreFixture.body(next), StoreFixture.body(next + 1)]
        try StoreFixture.commit(bodies, to: log)
        return bodies
    }

    private static func path(_ sequence: UInt64) -> String {
        SnapshotStore(directory: StoreFixture.path).path(sequence)
    }

    @Test("W-9: a start takes the snapshot and replays only what lies behind it")
    func startsFromIt() throws {
        let fixture: StoreFixture
        var bodies: [[UInt8]]
        do {
            let filled = try Self.filled(frames: 9)
            (fixture, bodies) = (filled.fixture, filled.bodies)
            try StoreFixture.snapshot(filled.log, of: bodies)
            bodies += try Self.more(filled.log)
            try filled.log.close()
        }
        let opened = try fixture.restore()
        #expect(opened.records.map(\.bytes) == bodies)
        #expect(opened.report.snapshotSequence == 18)
        #expect(opened.report.frameCount == 1)
        #expect(opened.report.lastSequence == 20)
        // Records before the snapshot are read back from segments that the start never looked at.
        #expect(
            try opened.log.read([1, 7, 20]).map(\.bytes) == [bodies[0], bodies[6], bodies[19]])
    }

    @Test("W-9: the photograph may be ahead of the log's end by records not durable yet")
    func aheadOfTheStart() throws {
        let fixture: StoreFixture
        var bodies: [[UInt8]]
        do {
            let filled = try Self.filled(frames: 2)
            (fixture, bodies) = (filled.fixture, filled.bodies)
            let start = filled.log.position
            bodies += try Self.more(filled.log)
            // Of that frame's records one only was decided when the photograph was taken.
            let section = SnapshotSection(kind: 1, version: 1, firstRow: 1, rowCount: 5)
            var bytes: [UInt8] = []
            for body in bodies.prefix(5) {
                withUnsafeBytes(of: UInt32(body.count).littleEndian) { bytes += $0 }
                bytes += body
            }
            _ = try filled.log.snapshots.write(
                start: start, sequence: 5, latestInstant: 6, cluster: StoreFixture.cluster, at: 7
            ) { add in try bytes.withUnsafeBytes { try add(section, $0) } }
            try filled.log.close()
        }
        let opened = try fixture.restore()
        #expect(opened.report.snapshotSequence == 5)
        #expect(opened.records.map(\.bytes) == bodies)
    }

    @Test("W-9: two are kept, and the older one serves when the newer one is damaged")
    func twoAreKept() throws {
        let fixture: StoreFixture
        var bodies: [[UInt8]]
        do {
            let filled = try Self.filled(frames: 1)
            (fixture, bodies) = (filled.fixture, filled.bodies)
            for _ in 1...3 {
                try StoreFixture.snapshot(filled.log, of: bodies)
                bodies += try Self.more(filled.log)
            }
            try filled.log.close()
        }
        let store = SnapshotStore(directory: StoreFixture.path, fileSystem: fixture.files)
        #expect(try store.sequences() == [4, 6])
        #expect(try store.newest(atOrBefore: 5)?.header.sequence == 4)
        #expect(try store.newest(atOrBefore: 100)?.header.sequence == 6)
        #expect(try store.newest(atOrBefore: 3) == nil)
        fixture.change(Self.path(6)) { $0[$0.count - 10] ^= 4 }
        let opened = try fixture.restore()
        #expect(opened.report.snapshotSequence == 4)
        #expect(opened.records.map(\.bytes) == bodies)
        #expect(opened.report.rejectedSnapshots.map(\.path) == [Self.path(6)])
        #expect(
            opened.report.rejectedSnapshots.map(\.reason) == [
                "the checksum of the footer does not match"
            ])
    }

    @Test("W-9: an old one of many megabytes goes piece by piece, and nothing of it is left")
    func longOnesGo() throws {
        let fixture = try Self.filled(frames: 1).fixture
        let opened = try fixture.restore()
        let bytes = [UInt8](repeating: 7, count: 17 << 20)
        func write(_ sequence: UInt64) throws {
            _ = try opened.log.snapshots.write(
                start: opened.log.position, sequence: sequence, latestInstant: 6,
                cluster: StoreFixture.cluster, at: 7
            ) { add in
                try bytes.withUnsafeBytes {
                    try add(SnapshotSection(kind: 1, version: 1, firstRow: 1, rowCount: 1), $0)
                }
            }
        }
        for sequence in [2, 3, 4] as [UInt64] { try write(sequence) }
        let store = SnapshotStore(directory: StoreFixture.path, fileSystem: fixture.files)
        #expect(try store.sequences() == [3, 4])
        #expect(try fixture.files.list(StoreFixture.path).allSatisfy { !$0.hasSuffix(".new") })
        for sequence in [3, 4] as [UInt64] { try store.open(sequence).verify() }
    }

    @Test("W-9, A-18: of older ones the last of every 30 days is kept, to rebuild the past from")
    func oneAMonth() throws {
        let fixture: StoreFixture
        var bodies: [[UInt8]]
        do {
            let filled = try Self.filled(frames: 1)
            (fixture, bodies) = (filled.fixture, filled.bodies)
            for day in [0, 12, 29, 30, 95, 96, 130, 131, 132] as [Int64] {
                try StoreFixture.snapshot(filled.log, of: bodies, latestInstant: day * 86_400_000)
                bodies += try Self.more(filled.log)
            }
            try filled.log.close()
        }
        let store = SnapshotStore(directory: StoreFixture.path, fileSystem: fixture.files)
        // Days 29, 30 and 96, and the two newest.
        #expect(try store.sequences() == [6, 8, 12, 16, 18])
        #expect(try store.newest(atOrBefore: 11)?.header.sequence == 8)
        let opened = try fixture.restore()
        #expect(opened.report.snapshotSequence == 18)
        #expect(opened.records.map(\.bytes) == bodies)
    }

    @Test("W-9, W-12: every bit of a snapshot flipped is noticed")
    func everyBit() throws {
        let filled = try Self.filled(frames: 4)
        try StoreFixture.snapshot(filled.log, of: filled.bodies)
        let files = filled.fixture.files
        let path = Self.path(8)
        let intact = files.contents(path)
        let store = SnapshotStore(directory: StoreFixture.path, fileSystem: files)
        try store.open(8).verify()
        var unnoticed: [Int] = []
        for bit in 0..<(intact.count * 8) {
            var flipped = intact
            flipped[bit / 8] ^= 1 << UInt8(bit % 8)
            files.put(path, flipped)
            if (try? store.open(8).verify()) != nil { unnoticed.append(bit) }
        }
        #expect(unnoticed.isEmpty)
        for cut in stride(from: 0, to: intact.count, by: 97) {
            files.put(path, Array(intact.prefix(cut)))
            #expect(throws: (any Error).self) { try store.open(8).verify() }
        }
        files.put(path, intact + [0])
        #expect(throws: (any Error).self) { try store.open(8) }
    }

    @Test(
        "W-7: every call of writing a snapshot failed in turn: the log stays whole, and so do the old"
    )
    func everyCallFails() throws {
        var call = 0
        while true {
            let filled = try Self.filled(frames: 2)
            try StoreFixture.snapshot(filled.log, of: filled.bodies)
            let bodies = filled.bodies + (try Self.more(filled.log))
            let files = filled.fixture.files
            let made = files.calls.count
            files.inject(.error(5), at: made + call)
            let isWritten = (try? StoreFixture.snapshot(filled.log, of: bodies)) != nil
            let isOver = files.calls.count <= made + call
            var random = SeededGenerator(seed: UInt64(call) + 1)
            try withExtendedLifetime(filled.log) {
                files.cutPower(&random)
                let opened = try filled.fixture.restore()
                #expect(opened.records.map(\.bytes) == bodies, "call \(call)")
                #expect(opened.report.rejectedSnapshots.isEmpty, "call \(call)")
                // Where only the last sync of the directory failed, it may have come through.
                let expected: [UInt64] = isWritten ? [6] : [4, 6]
                let used = opened.report.snapshotSequence ?? 0
                #expect(expected.contains(used), "call \(call)")
            }
            if isOver {
                #expect(isWritten)
                break
            }
            call += 1
        }
        #expect(call > 15)
    }

    @Test(
        "W-6: a damaged frame of the last segment is refused also where a snapshot includes it",
        arguments: [0, 1, 2, 4])
    func damageBeforeTheSnapshot(frame: Int) throws {
        let fixture: StoreFixture
        do {
            let filled = try Self.filled(frames: 3)
            fixture = filled.fixture
            try StoreFixture.snapshot(filled.log, of: filled.bodies)
            try Self.more(filled.log)
            try Self.more(filled.log)
            try filled.log.close()
        }
        #expect(try fixture.restore().report.snapshotSequence == 6)
        fixture.change(StoreFixture.firstSegment) { $0[frame * 4096 + 150] ^= 1 }
        for open in [fixture.restore, fixture.open] {
            let refused = #expect(throws: StoreError.self) { try open(nil) }
            guard case .corrupt(let corruption) = refused else {
                Issue.record("\(String(describing: refused))")
                return
            }
            #expect(corruption.lastTrustedSequence == UInt64(2 * frame))
            #expect(corruption.offset == UInt64(4096 * frame))
        }
    }

    @Test("W-5, W-6: where no mark tells of what is gone, a snapshot does")
    func snapshotProvesTheEnd() throws {
        for isTorn in [true, false] {
            let fixture: StoreFixture
            do {
                let filled = try Self.filled(frames: 3)
                fixture = filled.fixture
                try StoreFixture.snapshot(filled.log, of: filled.bodies)
                // As at founding: no mark was written yet.
                let marks = fixture.files.contents(StoreFixture.marks)
                try filled.log.close()
                fixture.files.put(StoreFixture.marks, marks)
            }
            #expect(try fixture.restore().records.count == 6)
            fixture.change(StoreFixture.firstSegment) { bytes in
                let kept = isTorn ? 2 * 4096 + 100 : 2 * 4096
                bytes.replaceSubrange(
                    kept..<(3 * 4096), with: [UInt8](repeating: 0, count: 3 * 4096 - kept))
            }
            let refused = #expect(throws: StoreError.self) { try fixture.restore() }
            guard case .corrupt(let corruption) = refused else {
                Issue.record("\(String(describing: refused))")
                return
            }
            #expect(corruption.lastTrustedSequence == 4)
            #expect(corruption.reason.contains("up to 6 were acknowledged"))
        }
    }

    @Test("W-6: a log without its format is damaged, and no place to found another one")
    func formatIsGone() throws {
        let fixture = try StoreFixture.filled(frames: 1)
        fixture.files.put(StoreFixture.format, nil)
        guard case .corrupt(let corruption) = fixture.refusal() else {
            Issue.record("it was not refused")
            return
        }
        #expect(corruption.file == StoreFixture.format)
        #expect(throws: StoreError.corrupt(corruption)) {
            try LogReader.frames(directory: StoreFixture.path, fileSystem: fixture.files)
        }
        #expect(throws: StoreError.alreadyFounded(directory: StoreFixture.path)) {
            try Log.create(
                directory: StoreFixture.path, fileSystem: fixture.files,
                cluster: StoreFixture.cluster)
        }
    }

    @Test("W-6: with loss accepted, a snapshot of what is given up is set aside")
    func acceptedLoss() throws {
        let fixture: StoreFixture
        let bodies: [[UInt8]]
        do {
            let filled = try Self.filled(frames: 1)
            fixture = filled.fixture
            try StoreFixture.snapshot(filled.log, of: filled.bodies)
            bodies = filled.bodies + (try Self.more(filled.log)) + (try Self.more(filled.log))
            let start = filled.log.position
            let later = bodies + (try Self.more(filled.log))
            _ = try filled.log.snapshots.write(
                start: start, sequence: 8, latestInstant: 6, cluster: StoreFixture.cluster, at: 7
            ) { add in
                let section = SnapshotSection(kind: 1, version: 1, firstRow: 1, rowCount: 0)
                try [UInt8]().withUnsafeBytes { try add(section, $0) }
                #expect(later.count == 8)
            }
            try filled.log.close()
        }
        fixture.change(StoreFixture.firstSegment) { $0[3 * 4096 + 150] ^= 1 }
        let opened = try fixture.restore(acceptDataLossAfter: 6)
        #expect(opened.report.lastSequence == 6)
        #expect(opened.records.map(\.bytes) == bodies)
        #expect(opened.report.snapshotSequence == 2)
        #expect(fixture.files.paths.contains(Self.path(8) + ".lost-2"))
        #expect(opened.log.epoch == 2)
    }

    @Test("W-12: a snapshot of a later format is told apart from a damaged one, and not used")
    func newer() throws {
        let fixture: StoreFixture
        do {
            let filled = try Self.filled(frames: 2)
            fixture = filled.fixture
            try StoreFixture.snapshot(filled.log, of: filled.bodies)
            try filled.log.close()
        }
        fixture.change(Self.path(4)) { bytes in
            bytes[8] = 2
            let sum = bytes[..<4092].withUnsafeBytes { CRC32C.checksum($0) }
            withUnsafeBytes(of: sum.littleEndian) { bytes.replaceSubrange(4092..<4096, with: $0) }
        }
        let opened = try fixture.restore()
        #expect(opened.report.snapshotSequence == nil)
        #expect(opened.records.count == 4)
        #expect(
            opened.report.rejectedSnapshots.map(\.reason) == [
                "it has format 2, written by a later release; this one reads up to 1"
            ])
    }

    /// Every run of zeros as its length, everything else as it stands.
    private static func shortened(_ bytes: [UInt8]) -> String {
        var text = ""
        var zeros = 0
        for byte in bytes + [1] {
            if byte == 0 {
                zeros += 1
                continue
            }
            if zeros > 0 { text += zeros == 1 ? "00" : "(\(zeros))" }
            zeros = 0
            text += (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        return String(text.dropLast(2))
    }

    @Test("W-12: the bytes of a snapshot of format 1 are these")
    func golden() throws {
        let filled = try Self.filled(frames: 1)
        try StoreFixture.snapshot(filled.log, of: filled.bodies)
        let bytes = filled.fixture.files.contents(Self.path(2))
        #expect(Self.shortened(bytes) == Self.goldenBytes)
    }

    private static let goldenBytes = """
        505045534e41503101(7)02(7)02(7)01(8)10(6)01(7)e803(7)0102030405060708090a0b0c0d0\
        e0f68dac1607cb93f020a74b8f12bc5694d00b9f0aed1daba29a4fe7d593d757e9507(7)06(3971)\
        61c77a0a28(3)20272e353c434a51585f666d747b828990979ea5acb3bac1c8cfd6dde4ebf2f9000\
        70e151c232a3128(3)3f464d545b626970777e858c939aa1a8afb6bdc4cbd2d9e0e7eef5fc030a11\
        181f262d343b4249500100010002(3)01(8)10(6)58(7)32250fea(4)50504553464f4f5401(3)01\
        (3)5810(6)02(7)569df7820047a291377a33e9d1f362848150a102bcd5d5fdd90b080c608d4f928\
        6e91d8508ccf0b8e0e0b17efb6180d53c1ba9fa4d1d52d334c2f921622e33d7(28)e49b8235
        """

    @Test("W-9: a section that does not sum up is never handed out")
    func damagedSection() throws {
        let filled = try Self.filled(frames: 3)
        try StoreFixture.snapshot(filled.log, of: filled.bodies)
        filled.fixture.change(Self.path(6)) { $0[4096 + 30] ^= 1 }
        let reader = try filled.log.snapshots.open(6)
        #expect(throws: SnapshotDefect.checksum("section 1")) { try reader.withSection(0) { _ in } }
        try reader.withSection(1) { #expect(!$0.isEmpty) }
    }

    @Test("W-9: the hash of a state is the same from its file and from its sections")
    func stateHash() throws {
        let filled = try Self.filled(frames: 2)
        let written = try StoreFixture.snapshot(filled.log, of: filled.bodies)
        let reader = try filled.log.snapshots.open(4)
        var hash = StateHash()
        for (index, section) in reader.sections.enumerated() {
            try reader.withSection(index) { hash.add(section, $0) }
        }
        #expect(hash.sum() == written.stateHash)
        #expect(reader.stateHash == written.stateHash)
    }
}
