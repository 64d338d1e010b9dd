import PipelineDomain
import Testing

@testable import PipelineCommands

@Suite("Records: damaged bytes")
struct CodecDamageTests {
    @Test(
        "W-6: a record cut anywhere is refused",
        arguments: [EventMaker.Style.typical, .smallest, .chinese])
    func everyTruncation(style: EventMaker.Style) {
        for tag in RecordTag.all {
            var maker = EventMaker(style)
            let bytes = encoded(maker.recorded(tag))
            for length in 0..<bytes.count {
                let fault = fault(of: Array(bytes[..<length]))
                #expect(fault?.fault == .truncated, "\(RecordTag.name(tag)) cut to \(length)")
            }
        }
    }

    @Test("W-6: a flipped bit is refused or read as the record that these bytes stand for")
    func everyFlip() {
        for tag in RecordTag.all {
            var maker = EventMaker(.chinese)
            var bytes = encoded(maker.recorded(tag))
            for place in bytes.indices {
                for bit in 0..<8 {
                    bytes[place] ^= 1 << bit
                    expectSound(bytes)
                    bytes[place] ^= 1 << bit
                }
            }
        }
    }

    @Test(
        "W-6: any other byte in any place is refused or read as what it stands for",
        arguments: [RecordTag.Opportunity.created, .feedbackGiven, .won])
    func everyByte(tag: RecordTag.Opportunity) {
        var maker = EventMaker(.typical)
        let sound = encoded(maker.recorded(tag))
        for place in sound.indices {
            var bytes = sound
            for value in UInt8.min...UInt8.max {
                bytes[place] = value
                expectSound(bytes)
            }
        }
    }

    @Test("W-6: random payloads under every tag are refused or read as what they stand for")
    func randomPayloads() {
        var seeds = SystemRandomNumberGenerator()
        let seed: UInt64 = seeds.next()
        print("records: random payloads from seed \(seed)")
        var dice = SplitMix(seed: seed)
        for tag in RecordTag.all {
            // In the layout that is written: what is read of older ones is written anew.
            let head = [UInt8(tag.rawValue & 0xFF), UInt8(tag.rawValue >> 8), tag.version, 2, 3, 0]
            for _ in 0..<200 {
                let payload = (0..<dice.below(40)).map { _ in
                    // Small bytes make it further: they are counts, flags and codes.
                    UInt8(dice.below(dice.below(2) == 0 ? 4 : 256))
                }
                expectSound(head + payload, "seed \(seed)")
            }
        }
    }

    /// Whatever decodes must be exactly what its bytes say: each value has one form.
    private func expectSound(_ bytes: [UInt8], _ comment: String = "") {
        guard let decoded = try? RecordCodec.decode(bytes, sequence: 1) else { return }
        #expect(encoded(decoded) == bytes, "\(hexadecimal(bytes)) \(comment)")
    }

    @Test("W-6: trailing bytes are refused")
    func trailing() {
        for tag in RecordTag.all {
            var maker = EventMaker(.typical)
            let bytes = encoded(maker.recorded(tag))
            #expect(
                fault(of: bytes + [0, 0]) == RecordError(.trailingBytes(2), at: bytes.count))
        }
    }

    @Test("W-12: a type from a newer program is refused by name", arguments: [0, 0x04FF, 0x7F01])
    func unknownTag(tag: UInt16) {
        var bytes = encoded(Self.cancelled)
        bytes[0] = UInt8(tag & 0xFF)
        bytes[1] = UInt8(tag >> 8)
        #expect(fault(of: bytes) == RecordError(.unknownTag(tag), at: 0))
    }

    @Test("W-12: a newer schema of a known type is refused, and so is none")
    func unknownVersion() {
        for tag in RecordTag.all {
            var maker = EventMaker(.typical)
            var bytes = encoded(maker.recorded(tag))
            for version in [0, tag.version + 1, 255] {
                bytes[2] = version
                #expect(
                    fault(of: bytes)
                        == RecordError(.unknownVersion(tag: tag.rawValue, version: version), at: 2))
            }
        }
    }

    @Test("W-6: each fault is named with its place")
    func faults() {
        #expect(reading([0x80, 0x00], Int.self) == RecordError(.integerPadded, at: 0))
        #expect(
            reading([UInt8](repeating: 0xFF, count: 9) + [0x02], UInt64.self)
                == RecordError(.integerTooLong, at: 0))
        #expect(
            reading([UInt8](repeating: 0x80, count: 12), UInt64.self)
                == RecordError(.integerTooLong, at: 0))
        #expect(
            reading([0x80, 0x80, 0x80, 0x80, 0x10], PersonID.self)
                == RecordError(.outOfRange("an id"), at: 0))
        #expect(
            reading([0x91, 0x4E], Rate.self) == RecordError(.outOfRange("a rate"), at: 0))
        #expect(
            reading([0x80, 0x80, 0x80, 0x80, 0x10], Day.self)
                == RecordError(.outOfRange("a date"), at: 0))
        #expect(reading([2], Bool.self) == RecordError(.invalidFlag(2), at: 0))
        #expect(reading([1, 7, 0], Bool?.self) == RecordError(.invalidFlag(7), at: 1))
        #expect(
            reading([5], Person.Role.self)
                == RecordError(.unknownCode(of: "Role", code: 5), at: 0))
        #expect(
            reading([0], Person.Role.self)
                == RecordError(.unknownCode(of: "Role", code: 0), at: 0))
        #expect(
            reading([9, 1], FeedbackValue.self)
                == RecordError(.unknownCode(of: "ValueType", code: 9), at: 0))
        #expect(reading(Array("cny".utf8), Currency.self) == RecordError(.unknownCurrency, at: 0))
        #expect(reading(Array("thb".utf8), Currency.self) == RecordError(.unknownCurrency, at: 0))
        #expect(reading(Array("QQQ".utf8), Currency.self) == RecordError(.unknownCurrency, at: 0))
        #expect(
            reading([0xFF, 0xFF, 0xFF], Currency.self) == RecordError(.unknownCurrency, at: 0))
    }

    @Test(
        "D-38: what is not UTF-8 is refused",
        arguments: [
            [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xE9, 0x94], [0xF5, 0x80, 0x80, 0x80],
        ]
            as [[UInt8]])
    func notText(bytes: [UInt8]) {
        #expect(
            reading([UInt8(bytes.count)] + bytes, String.self)
                == RecordError(.invalidUTF8, at: 1))
    }

    @Test("W-1: members twice or out of order are refused")
    func members() {
        typealias Fields = [Customer.Field: String]
        #expect(reading([2, 1, 0, 2, 0], Fields.self) == nil)
        #expect(
            reading([2, 2, 0, 1, 0], Fields.self) == RecordError(.membersOutOfOrder, at: 3))
        #expect(
            reading([2, 1, 0, 1, 0], Fields.self) == RecordError(.membersOutOfOrder, at: 3))
    }

    @Test("W-6: a count beyond the bytes is refused before memory is taken")
    func hugeCounts() {
        let most = [UInt8](repeating: 0xFF, count: 9) + [0x01]
        #expect(reading(most, [String].self) == RecordError(.truncated, at: 0))
        #expect(reading(most, String.self) == RecordError(.truncated, at: 0))
        #expect(reading(most, [Customer.Field: String].self) == RecordError(.truncated, at: 0))
        #expect(reading([3, 0, 0], [String].self) == RecordError(.truncated, at: 0))
    }

    @Test("W-6: a message names the place and the type")
    func messages() {
        #expect(
            RecordError(.unknownTag(0x0A01), at: 0).description
                == "byte 0: unknown record type 0x0A01")
        #expect(
            RecordError(.unknownCode(of: "Role", code: 9), at: 17).description
                == "byte 17: unknown code 9 of Role")
    }

    // MARK: -

    private static let cancelled = Recorded(
        sequence: 1, at: Instant(milliseconds: 5), actor: PersonID(1),
        event: .approval(ApprovalID(1), .cancelled))

    private func fault(of bytes: [UInt8]) -> RecordError? {
        do throws(RecordError) {
            _ = try RecordCodec.decode(bytes, sequence: 1)
            return nil
        } catch {
            return error
        }
    }

    private func reading<Value: RecordValue>(_ bytes: [UInt8], _: Value.Type) -> RecordError? {
        bytes.withUnsafeBytes { bytes in
            var decoder = RecordDecoder(bytes)
            do throws(RecordError) {
                _ = try decoder.read(Value.self)
                try decoder.finish()
                return nil
            } catch {
                return error
            }
        }
    }
}
