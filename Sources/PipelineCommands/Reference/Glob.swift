/// Redis's glob patterns: `*`, `?`, `[a-z]`, `[^a]`, `\` before a character to be taken as it is.
public enum Glob {
    /// Ignores the case of ASCII letters, unless told otherwise. Time is at most the product of the
    /// lengths.
    public static func matches(
        _ pattern: some Collection<UInt8>, _ text: [UInt8], ignoringCase: Bool = true
    ) -> Bool {
        let pattern = Array(pattern)
        var position = 0
        var index = 0
        // Where to go on when what followed the last star did not match.
        var retry: (position: Int, index: Int)?
        while index < text.count {
            if position < pattern.count, pattern[position] == UInt8(ascii: "*") {
                retry = (position + 1, index)
                position += 1
                continue
            }
            if let next = one(pattern, position, text[index], ignoringCase) {
                position = next
                index += 1
                continue
            }
            guard let last = retry else { return false }
            retry = (last.position, last.index + 1)
            position = last.position
            index = last.index + 1
        }
        return pattern[position...].allSatisfy { $0 == UInt8(ascii: "*") }
    }

    /// Position behind the part of the pattern that takes `byte`; `nil` if it takes another.
    private static func one(
        _ pattern: [UInt8], _ position: Int, _ byte: UInt8, _ ignoringCase: Bool
    ) -> Int? {
        guard position < pattern.count else { return nil }
        switch pattern[position] {
        case UInt8(ascii: "?"): return position + 1
        case UInt8(ascii: "["): return set(pattern, position + 1, byte, ignoringCase)
        case UInt8(ascii: "\\") where position + 1 < pattern.count:
            return fold(pattern[position + 1], ignoringCase) == fold(byte, ignoringCase)
                ? position + 2 : nil
        default:
            return fold(pattern[position], ignoringCase) == fold(byte, ignoringCase)
                ? position + 1 : nil
        }
    }

    private static func set(
        _ pattern: [UInt8], _ start: Int, _ byte: UInt8, _ ignoringCase: Bool
    ) -> Int? {
        var position = start
        let isNegated = position < pattern.count && pattern[position] == UInt8(ascii: "^")
        if isNegated { position += 1 }
        var isFound = false
        while position < pattern.count, pattern[position] != UInt8(ascii: "]") {
            if pattern[position] == UInt8(ascii: "\\"), position + 1 < pattern.count {
                position += 1
            } else if position + 2 < pattern.count, pattern[position + 1] == UInt8(ascii: "-") {
                let ends = [
                    fold(pattern[position], ignoringCase),
                    fold(pattern[position + 2], ignoringCase),
                ].sorted()
                if (ends[0]...ends[1]).contains(fold(byte, ignoringCase)) { isFound = true }
                position += 3
                continue
            }
            if fold(pattern[position], ignoringCase) == fold(byte, ignoringCase) { isFound = true }
            position += 1
        }
        guard isFound != isNegated else { return nil }
        return min(position + 1, pattern.count)
    }

    private static func fold(_ byte: UInt8, _ ignoringCase: Bool) -> UInt8 {
        ignoringCase && (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
    }
}
