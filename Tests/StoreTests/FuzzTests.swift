import Foundation
import StoreTesting
import Testing

@testable import PipelineStore

/// Bytes that nobody wrote, and written ones that somebody changed: reading them must end, and with
/// nothing but the errors that there are. `STORE_FUZZ` says how many rounds; `make fuzz` takes many.
@Suite("Fuzzing")
struct FuzzTests {
    private static let rounds =
        ProcessInfo.processInfo.environment["STORE_FUZZ"].flatMap(Int.init).map { max($0, 1) }
        ?? 1_500
    private static let seed =
        ProcessInfo.processInfo.environment["STORE_FUZZ_SEED"].flatMap(UInt64.init) ?? 1

    @Test("W-6: frames made of anything are refused or read, and never trap")
    func frames() throws {
        var random = SeededGenerator(seed: Self.seed)
        let fixture = try StoreFixture.filled(frames: 3, segmentBytes: 16 << 10, bodyBytes: 90)
        let intact = fixture.files.contents(StoreFixture.firstSegment)
        for round in 0..<Self.rounds {
            var bytes = intact
            mutate(&bytes, &random)
            // Half of them with checksums that hold, so that more than these is tried.
            if Bool.random(using: &random) { repairChecksums(&bytes) }
            fixture.files.put(StoreFixture.firstSegment, bytes)
            do throws(StoreError) {
                let inspection = try LogReader.frames(
                    directory: StoreFixture.path, fileSystem: fixture.files
                ) { frame in
                    #expect(Array(frame.records).count == frame.header.recordCount)
                }
                if inspection.tail == .clean { #expect(inspection.lastSequence >= 6) }
            } catch {
                guard case .newerFormat = error else {
                    Issue.record("round \(round) of seed \(Self.seed): \(error)")
                    return
                }
            }
        }
    }

    @Test("W-9: snapshots made of anything are refused or read, and never trap")
    func snapshots() throws {
        var random = SeededGenerator(seed: Self.seed &+ 1)
        let fixture = try StoreFixture(segmentBytes: 16 << 10)
        let log = try fixture.open().log
        let bodies = (1...7 as ClosedRange<UInt64>).map { StoreFixture.body($0) }
        try StoreFixture.commit(bodies, to: log)
        try StoreFixture.snapshot(log, of: bodies)
        let store = SnapshotStore(directory: StoreFixture.path, fileSystem: fixture.files)
        let intact = fixture.files.contents(store.path(7))
        for _ in 0..<Self.rounds {
            var bytes = intact
            mutate(&bytes, &random)
            repairFooter(&bytes)
            fixture.files.put(store.path(7), bytes)
            guard let reader = try? store.open(7) else { continue }
            for index in reader.sections.indices { try? reader.withSection(index) { _ in } }
            try? reader.verify()
        }
    }

    private func mutate(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            guard !bytes.isEmpty else { return }
            // Most of what matters lies in the first bytes of a block, and in the last of the file.
            let near = [0, bytes.count - 256].randomElement(using: &random) ?? 0
            let place =
                Bool.random(using: &random)
                ? Int.random(in: 0..<bytes.count, using: &random)
                : min(bytes.count - 1, max(0, near) + Int.random(in: 0..<128, using: &random))
            switch Int.random(in: 0..<4, using: &random) {
            case 0: bytes[place] = .random(in: 0...255, using: &random)
            case 1: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
            case 2:
                for index in place..<min(bytes.count, place + 8) { bytes[index] = 0xFF }
            default:
                bytes.removeLast(Int.random(in: 0...min(64, bytes.count), using: &random))
                bytes += [UInt8](repeating: 0, count: Int.random(in: 0...64, using: &random))
            }
        }
    }

    private func repairChecksums(_ bytes: inout [UInt8]) {
        for start in stride(from: 0, to: bytes.count - 4096, by: 4096) {
            let length = Int(
                bytes[(start + 12)..<(start + 16)].reversed().reduce(UInt32(0)) {
                    $0 << 8 | UInt32($1)
                })
            guard length <= bytes.count - start - 112 else { continue }
            sum(&bytes, start + 112, length, into: start + 104)
            sum(&bytes, start, 108, into: start + 108)
        }
    }

    private func repairFooter(_ bytes: inout [UInt8]) {
        guard bytes.count >= 4096 + 128 else { return }
        sum(&bytes, 0, 4092, into: 4092)
        let start = bytes.count - 128
        let table = bytes[(start + 16)..<(start + 24)].reversed().reduce(UInt64(0)) {
            $0 << 8 | UInt64($1)
        }
        guard table < UInt64(start) else { return }
        sum(&bytes, Int(table), bytes.count - 4 - Int(table), into: bytes.count - 4)
    }

    private func sum(_ bytes: inout [UInt8], _ start: Int, _ count: Int, into place: Int) {
        let sum = bytes[start..<(start + count)].withUnsafeBytes { CRC32C.checksum($0) }
        withUnsafeBytes(of: sum.littleEndian) { bytes.replaceSubrange(place..<place + 4, with: $0) }
    }
}
