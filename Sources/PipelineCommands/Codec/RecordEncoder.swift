/// Writes values in the one form that `RecordDecoder` accepts: equal values give equal bytes
/// (docs/RECORDS.md).
struct RecordEncoder {
    private(set) var bytes: [UInt8]

    /// Goes on after `bytes`, which is left empty: give it back with `finish(into:)`. Moving the
    /// array rather than sharing it keeps appending free of copies.
    init(taking bytes: inout [UInt8]) {
        self.bytes = []
        swap(&self.bytes, &bytes)
    }

    /// Hands the bytes back to where they were taken from.
    mutating func finish(into bytes: inout [UInt8]) { swap(&self.bytes, &bytes) }

    mutating func byte(_ value: UInt8) { bytes.append(value) }

    /// Two bytes, low one first.
    mutating func fixed16(_ value: UInt16) {
        bytes.append(UInt8(truncatingIfNeeded: value))
        bytes.append(UInt8(truncatingIfNeeded: value &>> 8))
    }

    /// Eight bytes, low one first: for hashes, whose size a varint would only raise.
    mutating func fixed64(_ value: UInt64) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// LEB128: seven bits a byte, low ones first, the high bit set on all but the last.
    mutating func unsigned(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest &>>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// Zigzag: 0, -1, 1, -2 … become 0, 1, 2, 3 …
    mutating func signed(_ value: Int64) {
        unsigned(UInt64(bitPattern: (value &<< 1) ^ (value &>> 63)))
    }

    mutating func count(_ value: Int) { unsigned(UInt64(value)) }

    /// The length in bytes, then UTF-8 as it stands: the domain's texts are in NFC already (D-38).
    mutating func text(_ value: String) {
        count(value.utf8.count)
        bytes.append(contentsOf: value.utf8)
    }

    /// Bytes as they stand.
    mutating func append(_ raw: UnsafeBufferPointer<UInt8>) { bytes.append(contentsOf: raw) }

    mutating func write(_ value: some RecordValue) { value.encode(to: &self) }
}
