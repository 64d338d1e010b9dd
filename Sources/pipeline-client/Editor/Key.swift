/// What a person pressed, whatever bytes the terminal makes of it.
enum Key: Equatable, Sendable {
    case text(String)
    /// A bracketed paste: nothing in it is a command to the editor.
    case paste(String)
    /// Ctrl with a letter, in lower case.
    case control(Character)
    case alt(Character)
    case enter, tab, backspace, delete, escape
    case left, right, up, down, home, end, pageUp, pageDown
    case wordLeft, wordRight, deleteWordLeft
}

/// Bytes of a terminal in raw mode → keys. Whatever is cut off at the end of one reading is kept for
/// the next; unknown sequences are dropped whole, never typed into the line.
struct KeyDecoder {
    private var buffer: [UInt8] = []
    private var isPasting = false
    private static let pasteEnd: [UInt8] = Array("\u{1B}[201~".utf8)
    /// No sequence of a terminal is longer.
    private static let longestSequence = 32

    /// Whether a lone Escape may have been pressed: it is told from a sequence only by time.
    var mayBeEscape: Bool { !isPasting && buffer == [0x1B] }

    mutating func feed(_ bytes: some Sequence<UInt8>) -> [Key] {
        buffer += bytes
        var keys: [Key] = []
        while let key = next() {
            if case .text(let new) = key, case .text(let old)? = keys.last {
                keys[keys.count - 1] = .text(old + new)
            } else {
                keys.append(key)
            }
        }
        return keys
    }

    /// Nothing followed for a while: the Escape stands alone.
    mutating func endOfSequence() -> [Key] {
        guard mayBeEscape else { return [] }
        buffer = []
        return [.escape]
    }

    private mutating func next() -> Key? {
        while let first = buffer.first {
            if isPasting { return pasted() }
            if first == 0x1B {
                guard let (key, length) = sequence() else { return nil }
                buffer.removeFirst(length)
                if let key { return key }
                continue
            }
            if first < 0x20 || first == 0x7F {
                buffer.removeFirst()
                if let key = Self.control(first) { return key }
                continue
            }
            guard let length = Self.length(first) else {
                buffer.removeFirst()
                continue
            }
            guard buffer.count >= length else { return nil }
            let text = String(validating: buffer[..<length], as: UTF8.self)
            buffer.removeFirst(text == nil ? 1 : length)
            if let text { return .text(text) }
        }
        return nil
    }

    private mutating func pasted() -> Key? {
        guard let end = buffer.firstRange(of: Self.pasteEnd) else { return nil }
        let text = String(decoding: buffer[..<end.lowerBound], as: UTF8.self)
        buffer.removeSubrange(..<end.upperBound)
        isPasting = false
        return .paste(text)
    }

    /// The key of the sequence at the front and its length; nil while it is not complete.
    private mutating func sequence() -> (Key?, Int)? {
        guard buffer.count > 1 else { return nil }
        switch buffer[1] {
        case UInt8(ascii: "["):
            guard
                let end = buffer.dropFirst(2).firstIndex(where: { (0x40...0x7E).contains($0) })
            else {
                return buffer.count > Self.longestSequence ? (nil, buffer.count) : nil
            }
            let parameters = String(decoding: buffer[2..<end], as: UTF8.self)
            if parameters == "200", buffer[end] == UInt8(ascii: "~") {
                isPasting = true
                return (nil, end + 1)
            }
            return (Self.key(parameters, buffer[end]), end + 1)
        case UInt8(ascii: "O"):
            guard buffer.count > 2 else { return nil }
            return (Self.key("", buffer[2]), 3)
        case 0x1B: return (.escape, 1)
        case 0x7F, 0x08: return (.deleteWordLeft, 2)
        case let byte where byte < 0x20: return (.escape, 1)
        case let byte where byte < 0x7F:
            return (.alt(Character(Unicode.Scalar(byte).properties.lowercaseMapping)), 2)
        default: return (nil, 1)
        }
    }

    private static func key(_ parameters: String, _ final: UInt8) -> Key? {
        let numbers = parameters.split(separator: ";").compactMap { Int($0) }
        // 3 is Alt, 5 is Ctrl: both make an arrow jump over a word.
        let jumps = numbers.count > 1 && [3, 5, 7].contains(numbers[1])
        switch final {
        case UInt8(ascii: "A"): return .up
        case UInt8(ascii: "B"): return .down
        case UInt8(ascii: "C"): return jumps ? .wordRight : .right
        case UInt8(ascii: "D"): return jumps ? .wordLeft : .left
        case UInt8(ascii: "H"): return .home
        case UInt8(ascii: "F"): return .end
        case UInt8(ascii: "M"): return .enter
        case UInt8(ascii: "~"):
            switch numbers.first {
            case 1, 7: return .home
            case 4, 8: return .end
            case 3: return .delete
            case 5: return .pageUp
            case 6: return .pageDown
            default: return nil
            }
        default: return nil
        }
    }

    private static func control(_ byte: UInt8) -> Key? {
        switch byte {
        case 0x0D, 0x0A: return .enter
        case 0x09: return .tab
        case 0x7F, 0x08: return .backspace
        case 1...26: return .control(Character(Unicode.Scalar(byte + 0x60)))
        default: return nil
        }
    }

    private static func length(_ byte: UInt8) -> Int? {
        switch byte {
        case 0x20..<0x80: 1
        case 0xC2..<0xE0: 2
        case 0xE0..<0xF0: 3
        case 0xF0..<0xF5: 4
        default: nil
        }
    }
}
