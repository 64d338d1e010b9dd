/// A few texts under small numbers, one behind the other in one piece of memory: rows by the million have
/// several each, and a `String` of its own costs 16 bytes even where there is none and 48 more from the
/// sixteenth byte on.
///
/// A value. What is there is never changed: another text makes the piece anew. Hence `Sendable`.
package struct PackedTexts: @unchecked Sendable {
    struct Header: Sendable {
        /// Bit n: whether there is a text n.
        var present: UInt16
        var byteCount: UInt32
    }

    /// In the order of their numbers, each after its length.
    private final class Storage: ManagedBuffer<Header, UInt8> {}

    private var storage: Storage?

    /// Texts have numbers below this.
    package static let count = 16

    package init() {}

    package subscript(number: Int) -> String? {
        get {
            withUTF8(number) { bytes in
                bytes.map { bytes in
                    // They came from a `String` or were checked.
                    String(copying: UTF8Span(unchecked: bytes.span))
                }
            }
        }
        set {
            guard var text = newValue else {
                if has(number) { replace(number, with: nil) }
                return
            }
            text.withUTF8 { replace(number, with: $0) }
        }
    }

    /// Whether there is such a text, be it an empty one.
    package func has(_ number: Int) -> Bool { present & Self.bit(number) != 0 }

    private var present: UInt16 {
        storage?.withUnsafeMutablePointerToHeader { $0.pointee.present } ?? 0
    }

    private static func bit(_ number: Int) -> UInt16 { 1 << UInt16(number) }

    /// How many there are from one number on up to another.
    package func count(in numbers: Range<Int>) -> Int { numbers.count { has($0) } }

    /// The bytes of a text, valid during the call; `nil` where there is none.
    package func withUTF8<Result>(
        _ number: Int, _ body: (UnsafeBufferPointer<UInt8>?) -> Result
    ) -> Result {
        guard has(number) else { return body(nil) }
        return withBytes(number) { bytes, place in
            var start = place.lowerBound
            let length = Int(Varint.read(bytes.baseAddress!, &start))
            return body(UnsafeBufferPointer(rebasing: bytes[start..<start + length]))
        }
    }

    /// All bytes, and where among them the text lies with its length before it, or would lie.
    private func withBytes<Result>(
        _ number: Int, _ body: (UnsafeBufferPointer<UInt8>, Range<Int>) -> Result
    ) -> Result {
        guard let storage else { return body(UnsafeBufferPointer(start: nil, count: 0), 0..<0) }
        return storage.withUnsafeMutablePointers { header, bytes in
            var start = 0
            var before = header.pointee.present & (Self.bit(number) - 1)
            while before != 0 {
                Self.skip(bytes, &start)
                before &= before - 1
            }
            var end = start
            if header.pointee.present & Self.bit(number) != 0 { Self.skip(bytes, &end) }
            return body(
                UnsafeBufferPointer(start: bytes, count: Int(header.pointee.byteCount)),
                start..<end)
        }
    }

    private static func skip(_ bytes: UnsafePointer<UInt8>, _ place: inout Int) {
        let length = Varint.read(bytes, &place)
        place += Int(length)
    }

    /// What lies before the text, the text, what lies behind it.
    private mutating func replace(_ number: Int, with text: UnsafeBufferPointer<UInt8>?) {
        let present = present & ~Self.bit(number) | (text == nil ? 0 : Self.bit(number))
        let added = text.map { Varint.byteCount(UInt64($0.count)) + $0.count } ?? 0
        self = withBytes(number) { old, gap in
            PackedTexts(present, byteCount: old.count - gap.count + added) { bytes in
                var rest = bytes.extracting(
                    bytes.initialize(fromContentsOf: old[..<gap.lowerBound])...)
                if let text {
                    rest = rest.extracting(Varint.write(UInt64(text.count), to: rest)...)
                    rest = rest.extracting(rest.initialize(fromContentsOf: text)...)
                }
                _ = rest.initialize(fromContentsOf: old[gap.upperBound...])
            }
        }
    }

    /// - Parameter fill: writes `byteCount` bytes.
    fileprivate init(
        _ present: UInt16, byteCount: Int, _ fill: (UnsafeMutableBufferPointer<UInt8>) -> Void
    ) {
        guard present != 0 else { return }
        let made = Storage.create(minimumCapacity: byteCount) { _ in
            Header(present: present, byteCount: UInt32(byteCount))
        }
        made.withUnsafeMutablePointerToElements {
            fill(UnsafeMutableBufferPointer(start: $0, count: byteCount))
        }
        storage = unsafeDowncast(made, to: Storage.self)
    }
}

/// Makes packed texts, in the order of their numbers. Its bytes can be lent by whoever makes many.
package struct PackedTextsMaker {
    private var present: UInt16 = 0
    private var bytes: [UInt8] = []

    package init() {}

    /// Uses the bytes' capacity; give them back with `finish(into:)`.
    package init(taking bytes: inout [UInt8]) {
        swap(&self.bytes, &bytes)
        self.bytes.removeAll(keepingCapacity: true)
    }

    package mutating func add(_ text: String, at number: Int) {
        var text = text
        text.withUTF8 { add($0, at: number) }
    }

    /// - Parameter utf8: must be UTF-8. Traps unless the numbers ascend.
    package mutating func add(_ utf8: UnsafeBufferPointer<UInt8>, at number: Int) {
        precondition(present >> UInt16(number) == 0, "texts must ascend")
        present |= 1 << UInt16(number)
        Varint.append(UInt64(utf8.count), to: &bytes)
        bytes.append(contentsOf: utf8)
    }

    package func finish() -> PackedTexts {
        PackedTexts(present, byteCount: bytes.count) { _ = $0.initialize(fromContentsOf: bytes) }
    }

    package mutating func finish(into bytes: inout [UInt8]) -> PackedTexts {
        defer { swap(&self.bytes, &bytes) }
        return finish()
    }
}

extension PackedTexts: CustomReflectable {
    /// What it holds, not how.
    package var customMirror: Mirror {
        Mirror(
            self, unlabeledChildren: (0..<Self.count).map { self[$0] }, displayStyle: .collection)
    }
}

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

    /// Returns how many bytes it wrote.
    static func write(_ value: UInt64, to bytes: UnsafeMutableBufferPointer<UInt8>) -> Int {
        var rest = value
        var place = 0
        while rest >= 0x80 {
            bytes[place] = UInt8(truncatingIfNeeded: rest) | 0x80
            rest &>>= 7
            place += 1
        }
        bytes[place] = UInt8(rest)
        return place + 1
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
