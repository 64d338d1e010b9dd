import StoreTesting
import Testing

@testable import PipelineStore

@Suite struct RecoveryTests {
    private static let secondSegment = "/data/00000000000000000009.log"

    @Test("W-6: an untouched log comes back whole")
    func sound() throws {
        let fixture = try StoreFixture.filled(frames: 10, segmentBytes: 16 << 10)
        let opened = try fixture.open()
        #expect(opened.records.map(\.sequence) == Array(1...20))
        #expect(opened.records.allSatisfy { $0.bytes == StoreFixture.body($0.sequence) })
        #expect(opened.report.lastSequence == 20)
        #expect(opened.report.segmentCount == 3)
        #expect(opened.report.tornTail == nil)
        #expect(opened.log.durable == 20)
    }

    @Test("W-6: a flipped bit in the middle refuses to start, naming file and offset")
    func flippedInTheMiddle() throws {
        let fixture = try StoreFixture.filled(frames: 4)
        fixture.change(StoreFixture.firstSegment) { $0[4096 + 130] ^= 0x10 }
        let found = try #require(fixture.corruption())
        #expect(found.file == StoreFixture.firstSegment)
        #expect(found.offset == 4096)
        #expect(found.length == 4096)
        #expect(found.lastTrustedSequence == 2)
        #expect(found.description.contains("/00000000000000000001.log: bytes 4096..<8192"))
    }

    @Test(
        "W-6: every flipped byte of a small log is detected, or lies in padding and harms nothing")
    func everyByte() throws {
        let fixture = try StoreFixture.filled(frames: 5, segmentBytes: 16 << 10, bodyBytes: 9)
        let sound = try inspect(fixture)
        let frameContent = FrameHeader.byteCount + 2 * (4 + 9)
        var undetected = 0
        for path in fixture.files.paths where path != "/data/lock" && path != "/data/spare" {
            let original = fixture.files.contents(path)
            for offset in original.indices {
                var flipped = original
                flipped[offset] ^= 1 << UInt8(offset % 8)
                fixture.files.put(path, flipped)
                let outcome = try? inspect(fixture)
                guard let outcome, outcome.tail == .clean else { continue }
                undetected += 1
                #expect(outcome.digest == sound.digest && outcome.lastSequence == 10)
                let inPadding = path.hasSuffix(".log") && offset % 4096 >= frameContent
                let inOneMark = path == StoreFixture.marks && outcome.mark != nil
                #expect(inPadding || inOneMark, "\(path) \(offset)")
            }
            fixture.files.put(path, original)
        }
        // Five frames' padding, and both marks: the other one stands in for a damaged one.
        #expect(undetected == 5 * (4096 - frameContent) + 2 * 4096)
    }

    private func inspect(_ fixture: StoreFixture) throws(StoreError) -> LogInspection {
        try LogReader.frames(directory: StoreFixture.path, fileSystem: fixture.files)
    }

    @Test("W-6: a last frame torn at any sector is cut, copied beside and counted")
    func tornAtEverySector() throws {
        for keptBytes in stride(from: 0, to: 12_288, by: 512) {
            let fixture = try StoreFixture.filled(frames: 3)
            let log = try fixture.open().log
            try StoreFixture.commit([StoreFixture.body(7, count: 12_288 - 116)], to: log)
            // Without `close` the mark stays at 6: nobody may rely on the last frame.
            fixture.files.kill()
            let torn = 3 * 4096 + keptBytes
            fixture.change(StoreFixture.firstSegment) { bytes in
                bytes.replaceSubrange(
                    torn..., with: [UInt8](repeating: 0, count: bytes.count - torn))
            }
            let opened = try fixture.open()
            #expect(opened.records.map(\.sequence) == Array(1...6))
            #expect(opened.report.tornTail?.bytes ?? 0 == UInt64(keptBytes))
            guard keptBytes > 0 else { continue }
            let copy = try #require(opened.report.tornTail?.copy)
            #expect(copy == StoreFixture.firstSegment + ".torn-12288")
            #expect(fixture.files.durableContents(copy).count == keptBytes)
            #expect(
                fixture.files.durableContents(StoreFixture.firstSegment)[12_288...].allSatisfy {
                    $0 == 0
                })
            try StoreFixture.commit([[1]], to: opened.log)
        }
    }

    @Test("W-6: a segment cut short at any 512 bytes is refused, and so is a long one")
    func truncatedFile() throws {
        let fixture = try StoreFixture.filled(frames: 5)
        let original = fixture.files.contents(StoreFixture.firstSegment)
        for count in stride(from: 0, to: original.count, by: 512) {
            fixture.files.put(StoreFixture.firstSegment, Array(original[..<count]))
            let found = try #require(fixture.corruption(), "\(count)")
            #expect(found.file == StoreFixture.firstSegment)
            #expect(found.lastTrustedSequence <= 10)
        }
        fixture.files.put(StoreFixture.firstSegment, original + [0])
        #expect(fixture.corruption()?.reason == "the file has 65537 bytes instead of 65536")
    }

    @Test(
        "W-6: a bad frame before the last segment is refused though nothing valid follows it there")
    func badFrameBeforeLastSegment() throws {
        let fixture = try StoreFixture.filled(frames: 6, segmentBytes: 16 << 10)
        fixture.change(StoreFixture.firstSegment) { $0[3 * 4096 + 120] ^= 1 }
        let found = try #require(fixture.corruption())
        #expect(found.file == StoreFixture.firstSegment)
        #expect(found.offset == 3 * 4096)
    }

    @Test("W-6: damage that a later frame follows is refused even where no mark covers it")
    func laterFrame() throws {
        let fixture = try StoreFixture()
        let log = try fixture.open().log
        for sequence in 1...3 { try StoreFixture.commit([[UInt8(sequence)]], to: log) }
        fixture.files.kill()
        fixture.change(StoreFixture.firstSegment) { $0[4096 + 20] ^= 1 }
        let found = try #require(fixture.corruption())
        #expect(found.offset == 4096)
        #expect(found.length == 4096)
        #expect(found.reason.contains("a frame follows at offset 8192"))
    }

    @Test("W-5: a log that ends before the mark is refused, torn or clean")
    func beforeTheMark() throws {
        for wipeAll in [false, true] {
            let fixture = try StoreFixture.filled(frames: 3)
            fixture.change(StoreFixture.firstSegment) { bytes in
                if wipeAll {
                    bytes.replaceSubrange(8192..., with: [UInt8](repeating: 0, count: 57_344))
                } else {
                    bytes[8192 + 115] ^= 1
                }
            }
            let found = try #require(fixture.corruption())
            #expect(found.offset == 8192)
            #expect(found.reason.contains("records up to 6 were acknowledged"))
        }
    }

    @Test("W-6: a missing segment is refused, first, middle or last")
    func missingSegment() throws {
        for missing in [1, 9, 17] as [UInt64] {
            let fixture = try StoreFixture.filled(frames: 9, segmentBytes: 16 << 10)
            let digits = String(missing)
            let name = String(repeating: "0", count: 20 - digits.count) + digits
            fixture.files.put("/data/\(name).log", nil)
            #expect(fixture.corruption()?.lastTrustedSequence == missing - 1)
        }
    }

    @Test("W-3: a frame out of another log, or out of its place, is refused")
    func foreignFrame() throws {
        let fixture = try StoreFixture.filled(frames: 3)
        let segment = fixture.files.contents(StoreFixture.firstSegment)
        fixture.change(StoreFixture.firstSegment) { bytes in
            bytes.replaceSubrange(12_288..<16_384, with: segment[8192..<12_288])
        }
        #expect(fixture.corruption()?.reason == "the frame begins with record 5 instead of 7")
    }

    @Test("W-3: a frame of another cluster is refused, and one that breaks the chain is found out")
    func replacedFrame() throws {
        for isForeign in [false, true] {
            let fixture = try StoreFixture.filled(frames: 3)
            let files = MemoryFileSystem()
            try Log.create(
                directory: StoreFixture.path, fileSystem: files,
                cluster: isForeign ? ClusterID(bytes: SIMD16(repeating: 9)) : StoreFixture.cluster)
            let other = try Log.open(
                directory: StoreFixture.path, fileSystem: files, replay: { _, _, _ in }
            ).log
            try StoreFixture.commit([[1], [2]], to: other)
            let replacement = files.contents(StoreFixture.firstSegment)[..<4096]
            fixture.change(StoreFixture.firstSegment) { bytes in
                bytes.replaceSubrange(..<4096, with: replacement)
            }
            let found = try #require(fixture.corruption())
            #expect(found.offset == (isForeign ? 0 : 4096))
            #expect(
                found.reason.hasPrefix(
                    isForeign
                        ? "the frame belongs to cluster 0909" : "the frame is not chained to"))
        }
    }

    @Test("W-3: of two frames that are not chained the one that was changed is named")
    func namesTheChangedFrame() throws {
        /// Changes a byte of a frame, payload or header, and mends its checksums.
        func corruption(of frame: Int, at place: Int) throws -> Corruption {
            let fixture = try StoreFixture.filled(frames: 4)
            fixture.change(StoreFixture.firstSegment) { bytes in
                bytes.withUnsafeMutableBytes { bytes in
                    bytes[frame * 4096 + place] ^= 1
                    let frame = UnsafeMutableRawBufferPointer(rebasing: bytes[(frame * 4096)...])
                    let length = Int(
                        UnsafeRawBufferPointer(frame).littleEndian(at: 12, as: UInt32.self))
                    let payload = frame[FrameHeader.byteCount..<(FrameHeader.byteCount + length)]
                    frame.storeLittleEndian(
                        CRC32C.checksum(UnsafeRawBufferPointer(rebasing: payload)), at: 104)
                    frame.storeLittleEndian(
                        CRC32C.checksum(UnsafeRawBufferPointer(rebasing: frame[..<108])), at: 108)
                }
            }
            return try #require(fixture.corruption())
        }
        let body = FrameHeader.byteCount + FrameHeader.recordPrefixBytes
        for frame in 0..<3 {
            // The last one is attested by the mark, the others by the one that follows.
            let found = try corruption(of: frame, at: body)
            #expect(found.offset == UInt64(frame + 1) * 4096)
            let records = UInt64(2 * frame + 1)...UInt64(2 * frame + 2)
            #expect(found.doubted == records)
            #expect(
                found.reason.contains(
                    "at offset \(frame * 4096) of \(StoreFixture.firstSegment) with the records"
                        + " \(records.lowerBound) to \(records.upperBound): that one was changed"))
        }
        let last = try corruption(of: 3, at: body)
        #expect(last.offset == 3 * 4096 && last.doubted == nil, "the mark names that very frame")
        // A changed chain: nobody attests to the frame that holds it.
        let chain = try corruption(of: 2, at: 72)
        #expect(chain.offset == 2 * 4096)
        #expect(chain.reason.contains("with the records 3 to 4: one of them was changed"))
    }

    @Test("W-3: a log rewritten with valid checksums does not match its mark")
    func rewritten() throws {
        let fixture = try StoreFixture.filled(frames: 1)
        let forger = try StoreFixture()
        let log = try forger.open().log
        try StoreFixture.commit([[6], [6]], to: log)
        let forged = forger.files.contents(StoreFixture.firstSegment)
        fixture.files.put(StoreFixture.firstSegment, forged)
        #expect(fixture.corruption()?.lastTrustedSequence == 0)
    }

    @Test("W-6: lost marks are refused")
    func lostMarks() throws {
        let fixture = try StoreFixture.filled(frames: 2)
        fixture.files.put(StoreFixture.marks, nil)
        #expect(fixture.corruption()?.file == StoreFixture.marks)
    }

    @Test(
        "W-6: loss is accepted only after the last trusted record, keeps copies, raises the epoch")
    func acceptedLoss() throws {
        let fixture = try StoreFixture.filled(frames: 9, segmentBytes: 16 << 10)
        fixture.change(Self.secondSegment) { $0[4096 + 30] ^= 1 }
        for wrong in [0, 9, 11, 18] as [UInt64] {
            #expect(fixture.refusal(acceptDataLossAfter: wrong) != nil)
        }
        let opened = try fixture.open(acceptDataLossAfter: 10)
        #expect(opened.records.map(\.sequence) == Array(1...10))
        #expect(opened.log.epoch == 2)
        let loss = try #require(opened.report.acceptedLoss)
        #expect(loss.corruption.lastTrustedSequence == 10)
        #expect(
            loss.kept == [
                "/data/00000000000000000017.log.lost-2", Self.secondSegment + ".torn-4096",
            ])
        #expect(loss.kept.allSatisfy { !fixture.files.contents($0).isEmpty })
        try StoreFixture.commit([[1]], to: opened.log)
        try opened.log.close()
        fixture.files.kill()
        let again = try fixture.open()
        #expect(again.log.epoch == 2)
        #expect(again.records.count == 11)
    }

    @Test("W-6: an override on a sound log changes nothing")
    func overrideWithoutDamage() throws {
        let fixture = try StoreFixture.filled(frames: 3)
        let opened = try fixture.open(acceptDataLossAfter: 2)
        #expect(opened.records.count == 6)
        #expect(opened.log.epoch == 1)
        #expect(opened.report.acceptedLoss == nil)
    }

    @Test("W-6: with the first segment lost, accepting the loss begins an empty log")
    func acceptedLossOfEverything() throws {
        let fixture = try StoreFixture.filled(frames: 2)
        fixture.files.put(StoreFixture.firstSegment, nil)
        let opened = try fixture.open(acceptDataLossAfter: 0)
        #expect(opened.records.isEmpty)
        try StoreFixture.commit([[1]], to: opened.log)
        fixture.files.kill()
        #expect(try fixture.open().records.count == 1)
    }

    @Test("W-1: what the reader of the records throws names the record")
    func refusedRecord() throws {
        struct Unreadable: Error {}
        let fixture = try StoreFixture.filled(frames: 2)
        #expect(
            throws: StoreError.recordRefused(
                file: StoreFixture.firstSegment, offset: 4096, sequence: 3, reason: "Unreadable()")
        ) {
            _ = try Log.open(directory: StoreFixture.path, fileSystem: fixture.files) {
                sequence, _, _ in
                if sequence == 3 { throw Unreadable() }
            }
        }
    }
}
