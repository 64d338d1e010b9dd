import Foundation
import PipelineDomain
import Testing

@testable import PipelineCommands

/// Rows that nobody wrote: refused, or a state that can be read and written, and never a trap.
@Suite("Fuzzing of snapshots")
struct SnapshotFuzzTests {
    private static let rounds =
        ProcessInfo.processInfo.environment["STORE_FUZZ"].flatMap(Int.init).map { max($0, 1) }
        ?? 1_500
    private static let seed =
        ProcessInfo.processInfo.environment["STORE_FUZZ_SEED"].flatMap(UInt64.init) ?? 1

    @Test("W-9, W-12: whatever stands in a section, reading it ends with rows or with an error")
    func anything() throws {
        var random = Lot(seed: Self.seed)
        let intact = try MemorySnapshot(SnapshotTests.randomCompany(3).ledger.state)
        var read = 0
        for _ in 0..<Self.rounds {
            var snapshot = intact
            let place = Int.random(in: 0..<snapshot.parts.count, using: &random)
            let part = snapshot.parts[place]
            var bytes = part.bytes
            for _ in 0..<Int.random(in: 1...3, using: &random) where !bytes.isEmpty {
                let offset = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[offset] = .random(in: 0...255, using: &random)
                case 1: bytes[offset] ^= 1 << UInt8.random(in: 0...7, using: &random)
                case 2: bytes.remove(at: offset)
                default: bytes.insert(.random(in: 0...255, using: &random), at: offset)
                }
            }
            snapshot.parts[place] = MemorySnapshot.Part(part: part.part, bytes: bytes)
            guard let state = try? snapshot.state() else { continue }
            // What could be read is a state, and all of it can be looked at.
            read += 1
            #expect(try MemorySnapshot(state) == snapshot)
            let company = LedgerCompany.furnished()
            let other = try company.replayed(
                into: Ledger(
                    zones: FixedZones(), restoring: state, sequence: 1_000,
                    latestInstant: Instant(milliseconds: 0)),
                after: .max)
            // The login itself may be what was changed.
            guard other.ledger.credentials(login: "root".utf8) != nil else { continue }
            for line in ["UNIT.TREE", "OPP.LIST", "APPROVAL.LIST", "INBOX.LIST", "TODO.LIST"] {
                other.run(line)
            }
        }
        #expect(read > 0)
    }
}
