import PipelineDomain
import Testing

@testable import PipelineCommands

@Suite("Records: there and back")
struct CodecRoundTripTests {
    @Test("W-1: every event comes back from its bytes", arguments: EventMaker.Style.allCases)
    func roundTrip(style: EventMaker.Style) throws {
        for tag in RecordTag.all {
            var maker = EventMaker(style)
            let recorded = maker.recorded(tag)
            let bytes = encoded(recorded)
            let decoded = try RecordCodec.decode(bytes, sequence: recorded.sequence)
            #expect(decoded == recorded, "\(RecordTag.name(tag))")
            #expect(
                bytes.prefix(2).elementsEqual([
                    UInt8(tag.rawValue & 0xFF), UInt8(tag.rawValue >> 8),
                ]))
        }
    }

    @Test("W-1: random events of every type come back from their bytes")
    func randomRoundTrip() throws {
        var seeds = SystemRandomNumberGenerator()
        let first: UInt64 = seeds.next()
        print("records: seeds from \(first)")
        for offset in 0..<60 as Range<UInt64> {
            let seed = first &+ offset
            var maker = EventMaker(.random, seed: seed)
            for tag in RecordTag.all {
                let recorded = maker.recorded(tag)
                let decoded = try RecordCodec.decode(
                    encoded(recorded), sequence: recorded.sequence)
                #expect(decoded == recorded, "seed \(seed), \(RecordTag.name(tag))")
            }
        }
    }

    @Test("W-1: equal records give equal bytes, whatever order a dictionary is in")
    func deterministic() {
        let forward = OpportunityField.allCases
        for count in 0...forward.count {
            var left: [OpportunityField: String] = [:]
            var right: [OpportunityField: String] = Dictionary(minimumCapacity: 100)
            for field in forward.prefix(count) { left[field] = field.rawValue }
            for field in forward.prefix(count).reversed() { right[field] = field.rawValue }
            let bytes = [left, right].map { fields in
                var encoder = RecordEncoder()
                encoder.write(fields)
                return encoder.bytes
            }
            #expect(bytes[0] == bytes[1])
            let codes = left.keys.map(\.code).sorted()
            #expect(codes == Array(1..<UInt8(count + 1)))
            #expect(bytes[0].first == UInt8(count))
            #expect(count == 0 || bytes[0][1] == 1)
        }
    }

    @Test("W-3: a body is appended to what is there already")
    func appends() throws {
        var maker = EventMaker(.typical)
        let first = maker.recorded(RecordTag.Opportunity.moved)
        let second = maker.recorded(RecordTag.Approval.cancelled)
        var bytes: [UInt8] = [1, 2, 3]
        RecordCodec.encode(first, into: &bytes)
        RecordCodec.encode(second, into: &bytes)
        #expect(bytes == [1, 2, 3] + encoded(first) + encoded(second))
    }

    @Test("D-38: a text of the largest size comes back byte for byte")
    func longText() throws {
        let text = String(repeating: "挖掘机 e\u{301} ", count: 60_000)
        let recorded = Recorded(
            sequence: 9, at: Instant(milliseconds: 0), actor: PersonID(1),
            event: .opportunity(OpportunityID(1), .noted(NoteID(1), text: text, replyTo: nil)))
        let decoded = try RecordCodec.decode(encoded(recorded), sequence: 9)
        guard case .opportunity(_, .noted(_, let back, _, _)) = decoded.event else {
            Issue.record("another event came back")
            return
        }
        // Byte for byte: strings compare equal even where their composition differs.
        #expect(back.utf8.elementsEqual(text.utf8))
    }

    @Test(
        "W-3: integers of every length come back",
        arguments: [0, 1, 127, 128, 16_383, 16_384, 1 << 31, 1 << 63, UInt64.max])
    func integers(value: UInt64) throws {
        var encoder = RecordEncoder()
        encoder.unsigned(value)
        encoder.signed(Int64(bitPattern: value))
        encoder.signed(~Int64(bitPattern: value))
        encoder.fixed64(value)
        try encoder.bytes.withUnsafeBytes { bytes in
            var decoder = RecordDecoder(bytes)
            #expect(try decoder.unsigned() == value)
            #expect(try decoder.signed() == Int64(bitPattern: value))
            #expect(try decoder.signed() == ~Int64(bitPattern: value))
            #expect(try decoder.fixed64() == value)
            try decoder.finish()
        }
    }
}

extension RecordEncoder {
    init() {
        var none: [UInt8] = []
        self.init(taking: &none)
    }
}
