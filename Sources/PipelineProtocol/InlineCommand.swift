/// A typed line, split into arguments by Redis's rules (P-1).
///
/// Blanks separate. Inside double quotes `\n \r \t \b \a \xHH` are escapes and `\` keeps any other
/// character as it is; inside single quotes only `\'` is. A closing quote must be followed by a
/// blank or the end of the line.
struct InlineCommand {
    private(set) var bytes: [UInt8] = []
    private(set) var bounds: [ArgumentBounds] = []

    private let line: ArraySlice<UInt8>
    private var position: Int

    /// Splits `line`, which excludes its line ending; a blank line has no arguments.
    ///
    /// Throws `unbalancedQuotes`.
    init(_ line: ArraySlice<UInt8>) throws(ProtocolError) {
        self.line = line
        position = line.startIndex
        while true {
            while let byte = current, Self.isBlank(byte) { position += 1 }
            if current == nil { return }
            let offset = bytes.count
            try readArgument()
            bounds.append(
                ArgumentBounds(offset: UInt32(offset), count: UInt32(bytes.count - offset)))
        }
    }

    private var current: UInt8? { byte(ahead: 0) }

    private func byte(ahead: Int) -> UInt8? {
        let index = position + ahead
        return index < line.endIndex ? line[index] : nil
    }

    private mutating func readArgument() throws(ProtocolError) {
        while let byte = current {
            position += 1
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"):
                return
            case UInt8(ascii: "\""):
                return try readDoubleQuoted()
            case UInt8(ascii: "'"):
                return try readSingleQuoted()
            default:
                bytes.append(byte)
            }
        }
    }

    private mutating func readDoubleQuoted() throws(ProtocolError) {
        while let byte = current {
            position += 1
            if byte == UInt8(ascii: "\"") { return try endQuotes() }
            guard byte == UInt8(ascii: "\\"), let escape = current else {
                bytes.append(byte)
                continue
            }
            if escape == UInt8(ascii: "x"), let high = hexValue(ahead: 1),
                let low = hexValue(ahead: 2)
            {
                bytes.append(high << 4 | low)
                position += 3
                continue
            }
            position += 1
            switch escape {
            case UInt8(ascii: "n"): bytes.append(UInt8(ascii: "\n"))
            case UInt8(ascii: "r"): bytes.append(UInt8(ascii: "\r"))
            case UInt8(ascii: "t"): bytes.append(UInt8(ascii: "\t"))
            case UInt8(ascii: "b"): bytes.append(0x08)
            case UInt8(ascii: "a"): bytes.append(0x07)
            default: bytes.append(escape)
            }
        }
        throw .unbalancedQuotes
    }

    private mutating func readSingleQuoted() throws(ProtocolError) {
        while let byte = current {
            position += 1
            if byte == UInt8(ascii: "'") { return try endQuotes() }
            if byte == UInt8(ascii: "\\"), current == UInt8(ascii: "'") {
                bytes.append(UInt8(ascii: "'"))
                position += 1
            } else {
                bytes.append(byte)
            }
        }
        throw .unbalancedQuotes
    }

    private func endQuotes() throws(ProtocolError) {
        if let next = current, !Self.isBlank(next) { throw .unbalancedQuotes }
    }

    private func hexValue(ahead: Int) -> UInt8? {
        guard let byte = byte(ahead: ahead) else { return nil }
        switch ASCII.lowercased(byte) {
        case let digit where digit >= UInt8(ascii: "0") && digit <= UInt8(ascii: "9"):
            return digit - UInt8(ascii: "0")
        case let letter where letter >= UInt8(ascii: "a") && letter <= UInt8(ascii: "f"):
            return letter - UInt8(ascii: "a") + 10
        default:
            return nil
        }
    }

    /// C's `isspace`.
    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || (0x09...0x0D).contains(byte)
    }
}
