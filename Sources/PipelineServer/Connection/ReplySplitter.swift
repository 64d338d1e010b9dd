/// Finds where one encoded reply ends, so that the replies of a transaction's commands can be told
/// apart. Reads only what our own `ReplyWriter` wrote.
enum ReplySplitter {
    /// End of the head of the aggregate that `bytes` start with.
    static func endOfHead(of bytes: [UInt8]) -> Int {
        min((bytes.firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count - 1) + 1, bytes.count)
    }

    /// End of the reply that starts at `start`; the end of `bytes` if it is cut short.
    static func end(of bytes: [UInt8], from start: Int) -> Int {
        var position = start
        var missing = 1
        while missing > 0, position < bytes.count {
            let type = bytes[position]
            var index = position + 1
            var number = 0
            while index < bytes.count, bytes[index] != UInt8(ascii: "\r") {
                let digit = bytes[index] &- UInt8(ascii: "0")
                if digit <= 9 { number = number &* 10 &+ Int(digit) }
                index += 1
            }
            let isNegative = position + 1 < bytes.count && bytes[position + 1] == UInt8(ascii: "-")
            position = index + 2
            missing -= 1
            if isNegative { continue }
            switch type {
            case UInt8(ascii: "$"), UInt8(ascii: "="): position += number + 2
            case UInt8(ascii: "*"), UInt8(ascii: "~"), UInt8(ascii: ">"): missing += number
            case UInt8(ascii: "%"): missing += 2 * number
            default: break
            }
        }
        return min(position, bytes.count)
    }
}
