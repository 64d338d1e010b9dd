import PipelineDomain

@testable import PipelineCommands

/// Records in memory, read as the server reads its log.
struct KeptLog: RecordSource {
    let records: [[UInt8]]

    func records(_ sequences: [UInt64]) -> [(sequence: UInt64, bytes: [UInt8])] {
        sequences.map { ($0, records[Int($0) - 1]) }
    }

    func walk(
        _ sequences: ClosedRange<UInt64>, _ visit: (UInt64, UnsafeRawBufferPointer) -> Bool
    ) {
        for sequence in sequences {
            let goesOn = records[Int(sequence) - 1].withUnsafeBytes { visit(sequence, $0) }
            guard goesOn else { return }
        }
    }
}

/// Two zones without daylight saving, one with it in 2027, and one whose clock jumps from 8:30 to 9:30
/// on 2027-03-28.
struct FixedZones: ZoneRules {
    private static let summer =
        Instant(milliseconds: 1_806_195_600_000)..<Instant(milliseconds: 1_824_944_400_000)

    func isKnown(_ zone: String) -> Bool {
        ["UTC", "Asia/Shanghai", "Europe/Berlin", "Test/Jump"].contains(zone)
    }

    func offsetSeconds(of zone: String, at instant: Instant) -> Int {
        switch zone {
        case "Asia/Shanghai": 8 * 3600
        case "Europe/Berlin": Self.summer.contains(instant) ? 2 * 3600 : 3600
        case "Test/Jump": instant.milliseconds < 1_806_222_600_000 ? 0 : 3600
        default: 0
        }
    }
}
