import Foundation
import StoreTesting
import Testing

@testable import PipelineStore

@Suite("Every bit of a log")
struct EveryBitTests {
    /// 16 KiB, or 64 KiB where `STORE_EVERY_BIT` asks for the long run.
    private static let segmentBytes =
        ProcessInfo.processInfo.environment["STORE_EVERY_BIT"] == nil ? 16 << 10 : 64 << 10

    /// Flips every bit and scans from the frame that it lies in. What is found is what a start finds: a
    /// scan looks at nothing before its point, and the frames before are the same.
    @Test("W-6: every bit flipped is found out, or lies in padding and changes nothing")
    func everyBit() throws {
        let count = Self.segmentBytes / 4096 - 1
        let fixture = try StoreFixture.filled(
            frames: count, segmentBytes: Self.segmentBytes, bodyBytes: 1_700)
        let directory = LogDirectory(path: StoreFixture.path, files: fixture.files)
        let format = try FormatFile.read(directory)
        let mark = try CommitMark.newest(directory, cluster: format.clusterID)
        var points: [LogPosition] = [.beginning]
        var contents: [Range<Int>] = []
        var whole = try LogScan(directory, format: format, mark: mark)
        try whole.run { scanned throws(StoreError) in
            points.append(scanned.end)
            let content = scanned.frame.header.contentBytes
            contents.append(scanned.offset..<(scanned.offset + content))
        }
        #expect(contents.count == count)
        let intact = fixture.files.contents(StoreFixture.firstSegment)
        var wrong: [String] = []
        for offset in intact.indices {
            let frame = contents.lastIndex { $0.lowerBound <= offset } ?? 0
            let isPadding = !contents[frame].contains(offset)
            for bit in 0..<UInt8(8) {
                var flipped = intact
                flipped[offset] ^= 1 << bit
                fixture.files.put(StoreFixture.firstSegment, flipped)
                var scan = try LogScan(directory, format: format, mark: mark, from: points[frame])
                try scan.run { _ throws(StoreError) in }
                // Behind the last frame a bit that is not zero is the rest of a torn write.
                let isBehind = offset >= points[count].offset
                let isAsExpected =
                    switch scan.tail {
                    case .clean: isPadding && !isBehind && scan.position == points[count]
                    case .torn: isBehind && scan.position == points[count]
                    case .corrupt: !isPadding
                    }
                if !isAsExpected { wrong.append("byte \(offset) bit \(bit): \(scan.tail)") }
            }
        }
        #expect(wrong.isEmpty, "\(wrong.prefix(5))")
    }
}
