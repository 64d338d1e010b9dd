/// Bytes received and not yet understood. Grows only by what really arrived; gives memory back
/// once drained.
struct InputBuffer: Sendable {
    private(set) var bytes: [UInt8] = []
    /// Index of the first byte not yet consumed.
    private(set) var start = 0

    var count: Int { bytes.count - start }

    mutating func append(_ new: UnsafeRawBufferPointer) {
        // Moving the rest to the front only when it is the smaller part keeps the cost of a byte
        // constant, however small the portions are.
        if start > 0, start >= bytes.count - start {
            bytes.removeSubrange(0..<start)
            start = 0
        }
        bytes.append(contentsOf: new)
    }

    mutating func consume(_ count: Int) {
        start += count
        if start >= bytes.count { removeAll() }
    }

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: bytes.capacity <= WireBounds.idleBufferBytes)
        start = 0
    }

    /// The decimal number in `range`, as strictly as Redis reads it: an optional `-`, no `+`, no
    /// leading zeros, at most `WireBounds.lengthDigits` digits. Nil for anything else.
    func length(_ range: Range<Int>) -> Int? {
        var index = range.lowerBound
        var isNegative = false
        if index < range.upperBound, bytes[index] == UInt8(ascii: "-") {
            isNegative = true
            index += 1
        }
        let digits = range.upperBound - index
        guard digits >= 1, digits <= WireBounds.lengthDigits else { return nil }
        if bytes[index] == UInt8(ascii: "0"), digits > 1 || isNegative { return nil }
        var value = 0
        while index < range.upperBound {
            let digit = bytes[index] &- UInt8(ascii: "0")
            guard digit <= 9 else { return nil }
            value = value * 10 + Int(digit)
            index += 1
        }
        return isNegative ? -value : value
    }
}
