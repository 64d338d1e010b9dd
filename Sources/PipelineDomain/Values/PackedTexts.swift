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
    package func has(_ number: Int) -> Bool {
        storage.map { $0.header.present & 1 << UInt16(number) != 0 } ?? false
    }

    /// How many there are from one number on up to another.
    package func count(in numbers: Range<Int>) -> Int { numbers.count { has($0) } }

    /// The bytes of a text, valid during the call; `nil` where there is none.
    package func withUTF8<Result>(
        _ number: Int, _ body: (UnsafeBufferPointer<UInt8>?) -> Result
    ) -> Result {
        guard let storage, has(number) else { return body(nil) }
        return storage.withUnsafeMutablePointers { header, bytes in
            var place = Self.place(of: number, header.pointee, bytes)
            let length = Int(Varint.read(bytes, &place))
            return body(UnsafeBufferPointer(start: bytes + place, count: length))
        }
    }

    /// Where the text's length lies, or would lie.
    private static func place(
        of number: Int, _ header: Header, _ bytes: UnsafePointer<UInt8>
    ) -> Int {
        var place = 0
        var before = header.present & (1 << UInt16(number) - 1)
        while before != 0 {
            let length = Varint.read(bytes, &place)
            place += Int(length)
            before &= before - 1
        }
        return place
    }

    /// What lies before the text, the text, what lies behind it.
    private mutating func replace(_ number: Int, with text: UnsafeBufferPointer<UInt8>?) {
        var bytes: [UInt8] = []
        var present = UInt16(0)
        func append(_ text: UnsafeBufferPointer<UInt8>) {
            Varint.append(UInt64(text.count), to: &bytes)
            bytes.append(contentsOf: text)
        }
        if let storage {
            storage.withUnsafeMutablePointers { header, old in
                present = header.pointee.present
                let old = UnsafeBufferPointer(start: old, count: Int(header.pointee.byteCount))
                bytes.reserveCapacity(old.count + (text?.count ?? 0) + Varint.mostBytes)
                var end = Self.place(of: number, header.pointee, old.baseAddress!)
                bytes.append(contentsOf: old[..<end])
                if let text { append(text) }
                if has(number) {
                    let length = Varint.read(old.baseAddress!, &end)
                    end += Int(length)
                }
                bytes.append(contentsOf: old[end...])
            }
        } else if let text {
            append(text)
        }
        let bit: UInt16 = 1 << UInt16(number)
        self = PackedTexts(text == nil ? present & ~bit : present | bit, bytes)
    }

    fileprivate init(_ present: UInt16, _ bytes: [UInt8]) {
        guard present != 0 else { return }
        let made = Storage.create(minimumCapacity: bytes.count) { _ in
            Header(present: present, byteCount: UInt32(bytes.count))
        }
        made.withUnsafeMutablePointerToElements { target in
            bytes.withUnsafeBufferPointer { source in
                guard let start = source.baseAddress else { return }
                target.initialize(from: start, count: source.count)
            }
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

    package func finish() -> PackedTexts { PackedTexts(present, bytes) }

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

    /// What the largest takes.
    static let mostBytes = 10

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
