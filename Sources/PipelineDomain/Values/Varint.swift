/// Unsigned integers in seven bits a byte, low ones first, the high bit set on all but the last.
enum Varint {
    /// Traps on bytes that `append` did not write.
    @inline(__always)
    static func read(_ bytes: UnsafePointer<UInt8>, _ place: inout Int) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let byte = bytes[place]
            place &+= 1
            value |= UInt64(byte & 0x7F) &<< shift
            if byte < 0x80 { return value }
            shift &+= 7
        }
    }

    @inline(__always)
    static func readSigned(_ bytes: UnsafePointer<UInt8>, _ place: inout Int) -> Int64 {
        signed(read(bytes, &place))
    }

    static func byteCount(_ value: UInt64) -> Int {
        value == 0 ? 1 : (UInt64.bitWidth - value.leadingZeroBitCount + 6) / 7
    }

    static func append(signed value: Int64, to bytes: inout [UInt8]) {
        append(unsigned(value), to: &bytes)
    }

    /// 0, -1, 1, -2 … become 0, 1, 2, 3 …
    static func unsigned(_ value: Int64) -> UInt64 {
        UInt64(bitPattern: (value &<< 1) ^ (value &>> 63))
    }

    static func signed(_ value: UInt64) -> Int64 {
        Int64(bitPattern: value &>> 1) ^ -Int64(bitPattern: value & 1)
    }

    static func append(_ value: UInt64, to bytes: inout [UInt8]) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest &>>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }
}

/// A few integers on their way into a row.
struct VarintBuffer {
    private var bytes = InlineArray<56, UInt8>(repeating: 0)
    private(set) var count = 0

    mutating func append(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes[count] = UInt8(truncatingIfNeeded: rest) | 0x80
            count += 1
            rest &>>= 7
        }
        bytes[count] = UInt8(truncatingIfNeeded: rest)
        count += 1
    }

    mutating func append(signed value: Int64) { append(Varint.unsigned(value)) }

    /// What was appended, valid during the call.
    func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        bytes.span.withUnsafeBufferPointer { body($0.extracting(..<count)) }
    }
}

/// Reads integers from bytes that may be anything: each has one accepted form.
struct CheckedVarints {
    private let bytes: UnsafeBufferPointer<UInt8>
    private(set) var place: Int

    init(_ bytes: UnsafeBufferPointer<UInt8>, from place: Int = 0) {
        self.bytes = bytes
        self.place = place
    }

    var isAtEnd: Bool { place >= bytes.count }

    /// `nil` where there is no integer.
    @inline(__always)
    mutating func next() -> UInt64? {
        guard place < bytes.count else { return nil }
        guard bytes[place] >= 0x80 else {
            defer { place &+= 1 }
            return UInt64(bytes[place])
        }
        return long()
    }

    mutating func byte() -> UInt8? {
        guard place < bytes.count else { return nil }
        defer { place &+= 1 }
        return bytes[place]
    }

    /// So many bytes as the length before them says; `nil` where there are not as many.
    mutating func bytesAfterLength() -> UnsafeBufferPointer<UInt8>? {
        guard let length = next(), length <= UInt64(bytes.count - place) else { return nil }
        defer { place += Int(length) }
        return bytes.extracting(place..<place + Int(length))
    }

    /// Text after its length; `nil` where there is none, or it is not UTF-8.
    mutating func text() -> UnsafeBufferPointer<UInt8>? {
        guard let text = bytesAfterLength(), (try? UTF8Span(validating: text.span)) != nil else {
            return nil
        }
        return text
    }

    private mutating func long() -> UInt64? {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while place < bytes.count {
            let byte = bytes[place]
            place &+= 1
            // The tenth byte holds the 64th bit alone, and none is there for nothing.
            if shift == 63, byte > 1 { return nil }
            value |= UInt64(byte & 0x7F) &<< shift
            if byte < 0x80 { return byte == 0 ? nil : value }
            shift &+= 7
        }
        return nil
    }
}
