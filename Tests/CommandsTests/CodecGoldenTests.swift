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

    @Test("W-12: an event is written as in the first release")
    func written() {
        for (label, event) in GoldenRecords.events {
            let recorded = Recorded(
                sequence: 77, at: GoldenRecords.at, actor: GoldenRecords.actor, event: event)
            let golden = GoldenBytes.version1[label]?.filter(\.isHexDigit)
            #expect(hexadecimal(encoded(recorded)) == golden, "\(label)")
        }
    }

    @Test("W-12: the bytes of the first release are read as the events that they stand for")
    func read() throws {
        for (label, event) in GoldenRecords.events {
            let golden = try #require(GoldenBytes.version1[label]).filter(\.isHexDigit)
            let bytes = stride(from: 0, to: golden.count, by: 2).compactMap { place in
                UInt8(golden.dropFirst(place).prefix(2), radix: 16)
            }
            let decoded = try RecordCodec.decode(bytes, sequence: 77)
            #expect(
                decoded
                    == Recorded(
                        sequence: 77, at: GoldenRecords.at, actor: GoldenRecords.actor,
                        event: event), "\(label)")
        }
    }
}
