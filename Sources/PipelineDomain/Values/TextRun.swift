/// A few texts under small numbers as they lie in memory: a bit for each that is there, then each after its
/// length. Nothing at all where there is none.
///
/// Valid as long as the bytes are.
package struct TextRun {
    let bytes: UnsafeBufferPointer<UInt8>

    /// Texts have numbers below this.
    package static let count = 16
    static let presentByteCount = 2

    /// - Parameter bytes: as `TextRunMaker` made them, or checked by `isSound`.
    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    private var present: UInt16 {
        bytes.isEmpty ? 0 : UInt16(bytes[0]) | UInt16(bytes[1]) << 8
    }

    private static func bit(_ number: Int) -> UInt16 { 1 << UInt16(number) }

    /// Whether there is such a text, be it an empty one.
    package func has(_ number: Int) -> Bool { present & Self.bit(number) != 0 }

    /// The bytes of a text; `nil` where there is none.
    package subscript(number: Int) -> UnsafeBufferPointer<UInt8>? {
        guard has(number), let base = bytes.baseAddress else { return nil }
        var start = place(of: number).lowerBound
        let length = Int(Varint.read(base, &start))
        return UnsafeBufferPointer(rebasing: bytes[start..<start + length])
    }

    /// A copy of a text.
    func text(_ number: Int) -> String? {
        // They came from a `String` or were checked.
        self[number].map { String(copying: UTF8Span(unchecked: $0.span)) }
    }

    /// Where the text lies with its length before it, or would lie.
    private func place(of number: Int) -> Range<Int> {
        guard let base = bytes.baseAddress, !bytes.isEmpty else { return 0..<0 }
        var start = Self.presentByteCount
        var before = present & (Self.bit(number) - 1)
        while before != 0 {
            Self.skip(base, &start)
            before &= before - 1
        }
        var end = start
        if has(number) { Self.skip(base, &end) }
        return start..<end
    }

    private static func skip(_ bytes: UnsafePointer<UInt8>, _ place: inout Int) {
        let length = Varint.read(bytes, &place)
        place += Int(length)
    }

    /// The bytes with another text, or without it.
    func replacing(_ number: Int, with text: UnsafeBufferPointer<UInt8>?) -> [UInt8] {
        let present = present & ~Self.bit(number) | (text == nil ? 0 : Self.bit(number))
        guard present != 0 else { return [] }
        let gap = place(of: number)
        var new: [UInt8] = []
        new.reserveCapacity(bytes.count - gap.count + (text?.count ?? 0) + 12)
        new.append(UInt8(truncatingIfNeeded: present))
        new.append(UInt8(truncatingIfNeeded: present >> 8))
        if !bytes.isEmpty { new += bytes[Self.presentByteCount..<gap.lowerBound] }
        if let text {
            Varint.append(UInt64(text.count), to: &new)
            new += text
        }
        new += bytes[gap.upperBound...]
        return new
    }

    /// Whether these bytes, which may be anything, are such texts, all with numbers below `limit`.
    static func isSound(_ bytes: UnsafeBufferPointer<UInt8>, below limit: Int) -> Bool {
        guard !bytes.isEmpty else { return true }
        guard bytes.count > presentByteCount else { return false }
        let present = TextRun(bytes).present
        guard present != 0, Int(present) < 1 << limit else { return false }
        // Lengths below 128 are ASCII, which no character of several bytes goes across: where all are, the
        // texts are looked at in one go.
        let start = CheckedVarints(bytes, from: presentByteCount)
        var reader = start
        var longest = 0
        for _ in 0..<present.nonzeroBitCount {
            guard let text = reader.bytesAfterLength() else { return false }
            longest = max(longest, text.count)
        }
        guard reader.isAtEnd else { return false }
        if longest < 128 {
            return (try? UTF8Span(validating: bytes.extracting(presentByteCount...).span)) != nil
        }
        reader = start
        while !reader.isAtEnd {
            guard reader.text() != nil else { return false }
        }
        return true
    }
}

/// Makes the bytes of a `TextRun`, in the order of the numbers.
package struct TextRunMaker {
    private var present: UInt16 = 0
    private(set) var bytes: [UInt8] = []

    package init() {}

    /// Uses the bytes' capacity; give them back with `give(back:)`.
    package init(taking bytes: inout [UInt8]) {
        swap(&self.bytes, &bytes)
        self.bytes.removeAll(keepingCapacity: true)
    }

    package mutating func give(back bytes: inout [UInt8]) { swap(&self.bytes, &bytes) }

    package mutating func add(_ text: String, at number: Int) {
        var text = text
        text.withUTF8 { add($0, at: number) }
    }

    /// - Parameter utf8: must be UTF-8. Traps unless the numbers ascend.
    package mutating func add(_ utf8: UnsafeBufferPointer<UInt8>, at number: Int) {
        precondition(present >> UInt16(number) == 0, "texts must ascend")
        present |= 1 << UInt16(number)
        if bytes.isEmpty { bytes += [0, 0] }
        bytes[0] = UInt8(truncatingIfNeeded: present)
        bytes[1] = UInt8(truncatingIfNeeded: present >> 8)
        Varint.append(UInt64(utf8.count), to: &bytes)
        bytes.append(contentsOf: utf8)
    }
}
