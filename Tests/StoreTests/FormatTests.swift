import PipelineStore
import StoreTesting
import Testing

@Suite struct FormatTests {
    @Test("W-3: CRC-32C has its standard check value, whatever the length")
    func checkValue() {
        let digits = Array("123456789".utf8)
        #expect(digits.withUnsafeBytes(CRC32C.checksum) == 0xE306_9283)
        #expect([UInt8]().withUnsafeBytes(CRC32C.checksum) == 0)
        let zeros = [UInt8](repeating: 0, count: 32)
        #expect(zeros.withUnsafeBytes(CRC32C.checksum) == 0x8A91_36AA)
        for count in 0..<70 {
            let bytes = StoreFixture.body(3, count: count)
            #expect(bytes.withUnsafeBytes(CRC32C.checksum) == Self.bitwise(bytes))
            #expect(bytes.withUnsafeBytes(CRC32C.checksumByTables) == Self.bitwise(bytes))
        }
    }

    private static func bitwise(_ bytes: [UInt8]) -> UInt32 {
        var value: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            value ^= UInt32(byte)
            for _ in 0..<8 { value = value & 1 == 1 ? (value >> 1) ^ 0x82F6_3B78 : value >> 1 }
        }
        return ~value
    }

    @Test("W-3: the chain is SHA-256")
    func sum() {
        let digest = Array("abc".utf8).withUnsafeBytes { Digest(of: $0) }
        #expect(
            digest.description
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    @Test("W-12: the bytes of a tiny log are these")
    func goldenLog() throws {
        let fixture = try StoreFixture(segmentBytes: 16 << 10)
        let log = try fixture.open().log
        try StoreFixture.commit([Array("one".utf8), Array("two".utf8)], to: log, at: 1_000)
        try StoreFixture.commit([Array("three".utf8)], to: log, at: 900)
        try log.close()
        #expect(
            fixture.files.paths == [
                "/data/00000000000000000001.log", "/data/format", "/data/lock", "/data/marks",
                "/data/spare",
            ])
        let expected = [
            StoreFixture.firstSegment: (Golden.segment, 16 << 10),
            StoreFixture.format: (Golden.format, 4 << 10),
            StoreFixture.marks: (Golden.marks, 8 << 10),
        ]
        for (path, (pieces, count)) in expected {
            let actual = fixture.files.contents(path)
            #expect(
                actual == Golden.file(pieces, count: count), "\(path): \(Golden.describe(actual))")
        }
    }

    @Test("W-12: the golden log is read")
    func goldenIsRead() throws {
        let fixture = try StoreFixture(segmentBytes: 16 << 10)
        fixture.files.put(
            StoreFixture.firstSegment, Golden.file(Golden.segment, count: 16 << 10))
        fixture.files.put(StoreFixture.format, Golden.file(Golden.format, count: 4 << 10))
        fixture.files.put(StoreFixture.marks, Golden.file(Golden.marks, count: 8 << 10))
        let opened = try fixture.open()
        #expect(
            opened.records.map { String(decoding: $0.bytes, as: UTF8.self) }
                == ["one", "two", "three"])
        #expect(opened.report.leaderTimeMilliseconds == 1_000)
        #expect(opened.log.clusterID == StoreFixture.cluster)
    }

    @Test(
        "W-12: a newer format is refused as such, not as damage",
        arguments: ["format", "marks", "00000000000000000001.log"])
    func newerFormat(name: String) throws {
        let fixture = try StoreFixture.filled(frames: 2)
        let path = StoreFixture.path + "/" + name
        fixture.change(path) { bytes in
            bytes[8] = 2
            let end = name.hasSuffix(".log") ? 108 : 4092
            let sum = bytes[..<end].withUnsafeBytes(CRC32C.checksum)
            withUnsafeBytes(of: sum.littleEndian) { sum in
                bytes.replaceSubrange(end..<(end + 4), with: sum)
            }
        }
        #expect(fixture.refusal() == .newerFormat(file: path, found: 2, supported: 1))
    }

    @Test("W-3: the leader's time never goes back, however the wall clock does")
    func leaderTime() throws {
        let fixture = try StoreFixture()
        let log = try fixture.open().log
        for time in [5_000, 4_000, 6_000] as [Int64] {
            try StoreFixture.commit([[1]], to: log, at: time)
        }
        var times: [Int64] = []
        _ = try LogReader.frames(directory: StoreFixture.path, fileSystem: fixture.files) {
            times.append($0.header.leaderTimeMilliseconds)
        }
        #expect(times == [5_000, 5_000, 6_000])
    }
}
