import PipelineDomain
import Testing

@testable import PipelineCommands

@Suite("Records: bytes that never change")
struct CodecGoldenTests {
    @Test("W-12: every type has a golden record")
    func complete() {
        let types = Set(
            GoldenRecords.events.map { String($0.label.prefix { $0 != " " }) })
        #expect(types == Set(RecordTag.all.map(RecordTag.name)))
        #expect(Set(GoldenRecords.events.map(\.label)) == Set(GoldenBytes.version1.keys))
    }

    @Test("W-12: an event is written as ever since its type has its present layout")
    func written() {
        for (label, event) in GoldenRecords.events + ReminderRecords.later {
            let golden = GoldenBytes.version2[label] ?? GoldenBytes.version1[label]
            let written = hexadecimal(encoded(recorded(event)))
            #expect(written == golden?.filter(\.isHexDigit), "\(label)")
        }
    }

    @Test("W-12: the bytes of every release are read as the events that they stand for")
    func read() throws {
        let events = GoldenRecords.events + ReminderRecords.later
        for (label, event) in events {
            let releases = [GoldenBytes.version1[label], GoldenBytes.version2[label]]
            #expect(releases.contains { $0 != nil }, "\(label)")
            for golden in releases.compactMap({ $0?.filter(\.isHexDigit) }) {
                let bytes = stride(from: 0, to: golden.count, by: 2).compactMap { place in
                    UInt8(golden.dropFirst(place).prefix(2), radix: 16)
                }
                let decoded = try RecordCodec.decode(bytes, sequence: 77)
                #expect(decoded == recorded(event), "\(label)")
            }
        }
        #expect(Set(GoldenBytes.version2.keys).isSubset(of: events.map(\.label)))
    }

    private func recorded(_ event: Event) -> Recorded {
        Recorded(sequence: 77, at: GoldenRecords.at, actor: GoldenRecords.actor, event: event)
    }
}
