/// Reads what `RecordEncoder` wrote. Every access is checked against the end of the bytes, and every
/// value has one accepted form, so no input traps and what decodes encodes to the same bytes again.
///
/// The bytes must outlive the decoder.
struct RecordDecoder {
    private let bytes: UnsafeRawBufferPointer
    /// Bytes read so far.
    private(set) var offset = 0
    /// Schema version of the record at hand, for values whose layout depends on it (W-12).
    var version: UInt8 = 1
    /// Room that is used over and over, by whoever puts something together out of many values.
    var scratch: [UInt8] = []

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    var remaining: Int { bytes.count &- offset }

    mutating func byte() throws(RecordError) -> UInt8 {
        guard offset < bytes.count else { throw RecordError(.truncated, at: offset) }
        let byte = bytes[offset]
        offset &+= 1
        return byte
    }

    mutating func fixed16() throws(RecordError) -> UInt16 {
        guard remaining >= 2 else { throw RecordError(.truncated, at: offset) }
        defer { offset &+= 2 }
        return UInt16(
            littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
    }

    mutating func fixed64() throws(RecordError) -> UInt64 {
        guard remaining >= 8 else { throw RecordError(.truncated, at: offset) }
        defer { offset &+= 8 }
        return UInt64(
            littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// Most integers are below 128: one byte, which is looked at first.
    @inline(__always)
    mutating func unsigned() throws(RecordError) -> UInt64 {
        if offset < bytes.count, bytes[offset] < 0x80 {
            defer { offset &+= 1 }
            return UInt64(bytes[offset])
        }
        return try longUnsigned()
    }

    private mutating func longUnsigned() throws(RecordError) -> UInt64 {
        let start = offset
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let byte = try byte()
            // The tenth byte holds the 64th bit alone.
            if shift == 63, byte > 1 { throw RecordError(.integerTooLong, at: start) }
            value |= UInt64(byte & 0x7F) &<< shift
            if byte < 0x80 {
                if byte == 0, shift > 0 { throw RecordError(.integerPadded, at: start) }
                return value
            }
            shift &+= 7
        }
    }

    mutating func signed() throws(RecordError) -> Int64 {
        let value = try unsigned()
        return Int64(bitPattern: value &>> 1) ^ -Int64(bitPattern: value & 1)
    }

    /// An integer of a narrower type; `what` names the field when it does not fit.
    mutating func unsigned<Integer: UnsignedInteger & FixedWidthInteger>(
        _ what: StaticString
    ) throws(RecordError) -> Integer {
        let start = offset
        guard let value = Integer(exactly: try unsigned()) else {
            throw RecordError(.outOfRange("\(what)"), at: start)
        }
        return value
    }

    mutating func signed<Integer: SignedInteger & FixedWidthInteger>(
        _ what: StaticString
    ) throws(RecordError) -> Integer {
        let start = offset
        guard let value = Integer(exactly: try signed()) else {
            throw RecordError(.outOfRange("\(what)"), at: start)
        }
        return value
    }

    /// How many elements follow. Each takes at least one byte, so a larger number is refused before
    /// anything is made of it.
    mutating func count() throws(RecordError) -> Int {
        let start = offset
        let value = try unsigned()
        guard value <= UInt64(remaining) else { throw RecordError(.truncated, at: start) }
        return Int(value)
    }

    mutating func text() throws(RecordError) -> String {
        // Five times as fast as `String(validating:)`, which looks types up at run time.
        String(copying: UTF8Span(unchecked: try utf8().span))
    }

    /// A text's bytes where they stand, checked: for those who keep no `String`.
    mutating func utf8() throws(RecordError) -> UnsafeBufferPointer<UInt8> {
        let length = try count()
        let start = offset
        let slice = try bytes(length)
        guard (try? UTF8Span(validating: slice.span)) != nil else {
            throw RecordError(.invalidUTF8, at: start)
        }
        return slice
    }

    /// So many bytes where they stand, unchecked.
    mutating func bytes(_ length: Int) throws(RecordError) -> UnsafeBufferPointer<UInt8> {
        guard length <= remaining else { throw RecordError(.truncated, at: offset) }
        defer { offset &+= length }
        return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset &+ length])
            .assumingMemoryBound(to: UInt8.self)
    }

    mutating func flag() throws(RecordError) -> Bool {
        let start = offset
        switch try byte() {
        case 0: return false
        case 1: return true
        case let other: throw RecordError(.invalidFlag(other), at: start)
        }
    }

    mutating func read<Value: RecordValue>(
        _: Value.Type = Value.self
    ) throws(RecordError) -> Value {
        try Value(reading: &self)
    }

    /// Refuses anything that is left over.
    func finish() throws(RecordError) {
        guard remaining == 0 else { throw RecordError(.trailingBytes(remaining), at: offset) }
    }
}
