import Foundation
import StoreTesting
import Testing

@testable import PipelineStore

/// A log of 64 KiB whose frames fill all of it but the last block.
@Suite("Every bit of a log")
struct EveryBitTests {
    private static let segmentBytes = 64 << 10
    private static let frames = segmentBytes / 4096 - 1
    /// Looks at every bit through a whole start, not only at every sixteenth byte: `STORE_EVERY_BIT`.
    private static let isLong =
        ProcessInfo.processInfo.environment["STORE_EVERY_BIT"] != nil

    private let fixture: StoreFixture
    private let directory: LogDirectory
    private let format: FormatFile
    private let mark: CommitMark?
    private let intact: [UInt8]
    /// Where each frame begins, and where the last one ends.
    private var points: [LogPosition] = [.beginning]
    /// What of each frame is no padding.
    private var contents: [Range<Int>] = []

    init() throws {
        fixture = try .filled(
            frames: Self.frames, segmentBytes: Self.segmentBytes, bodyBytes: 1_700)
        directory = LogDirectory(path: StoreFixture.path, files: fixture.files)
        format = try FormatFile.read(directory)
        mark = try CommitMark.newest(directory, cluster: format.clusterID)
        intact = fixture.files.contents(StoreFixture.firstSegment)
        var whole = try LogScan(directory, format: format, mark: mark)
        var points = points
        var contents = contents
        try whole.run { scanned throws(StoreError) in
            points.append(scanned.end)
            let content = scanned.frame.header.contentBytes
            contents.append(scanned.offset..<(scanned.offset + content))
        }
        self.points = points
        self.contents = contents
        try #require(contents.count == Self.frames)
    }

    /// Every flip changes one frame, or what is behind the last, and all before and after it is as it was:
    /// so that frame alone is verified, from the point that the untouched ones before it lead to.
    @Test(
        "W-6: every bit flipped is found out, or lies in padding and leads to the same point",
        arguments: [0..<segmentBytes / 2, segmentBytes / 2..<segmentBytes])
    func everyBit(bytes: Range<Int>) throws {
        let flipped = AlignedBuffer(byteCount: intact.count)
        flipped.bytes.copyBytes(from: intact)
        var wrong: [String] = []
        var harmless = 0
        for offset in bytes {
            let frame = min(offset / 4096, Self.frames)
            let start = points[frame]
            for bit in 0..<UInt8(8) {
                flipped.bytes[offset] ^= 1 << bit
                let end = try? Frame(
                    verifying: UnsafeRawBufferPointer(rebasing: flipped.bytes[start.offset...]),
                    after: start, of: format.clusterID
                ).position(after: start)
                flipped.bytes[offset] ^= 1 << bit
                let isPadding = frame < Self.frames && !contents[frame].contains(offset)
                if isPadding { harmless += 1 }
                if isPadding ? end != points[frame + 1] : end != nil {
                    wrong.append("byte \(offset) bit \(bit)")
                }
            }
        }
        #expect(wrong.isEmpty, "\(wrong.prefix(5))")
        #expect(harmless > 0)
    }

    /// What a start makes of a flip: damage where a frame follows or was acknowledged, the rest of a torn
    /// write behind the last frame, nothing in padding.
    @Test("W-6: a start refuses every flip that it finds, and cuts off only what is behind the end")
    func everyStart() throws {
        var wrong: [String] = []
        for offset in intact.indices where Self.isLong || offset % 16 == 0 {
            for bit in 0..<UInt8(8) where Self.isLong || offset / 16 % 8 == Int(bit) {
                var flipped = intact
                flipped[offset] ^= 1 << bit
                fixture.files.put(StoreFixture.firstSegment, flipped)
                var scan = try LogScan(directory, format: format, mark: mark)
                try scan.run { _ throws(StoreError) in }
                // Behind the last frame a bit that is not zero is the rest of a torn write.
                let isBehind = offset >= points[Self.frames].offset
                let isContent = contents.contains { $0.contains(offset) }
                let isAsExpected =
                    switch scan.tail {
                    case .clean: !isContent && !isBehind && scan.position == points.last
                    case .torn: isBehind && scan.position == points.last
                    case .corrupt: isContent
                    }
                if !isAsExpected { wrong.append("byte \(offset) bit \(bit): \(scan.tail)") }
            }
        }
        #expect(wrong.isEmpty, "\(wrong.prefix(5))")
    }
}
