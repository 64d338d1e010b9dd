/// Why a text is not JSON, and where.
public struct JSONProblem: Error, Hashable, Sendable {
    /// Counted from 1; columns in characters (Unicode scalars).
    public let line: Int
    public let column: Int
    public let fault: Fault

    public enum Fault: Hashable, Sendable {
        case notUTF8
        case expected(String)
        case tooDeep(most: Int)
        case unknownEscape
        case unpairedSurrogate
        case controlCharacter
        case numberTooLong(most: Int)
    }

    /// One line of English that says how to mend it.
    public var message: String {
        let what =
            switch fault {
            case .notUTF8: "the text is not UTF-8"
            case .expected(let expected): "\(expected) is expected here"
            case .tooDeep(let most): "nested deeper than \(most) levels"
            case .unknownEscape: #"unknown escape in a text; a backslash itself is written \\"#
            case .unpairedSurrogate: #"a \u surrogate without its other half"#
            case .controlCharacter: #"a control character in a text must be escaped, as in \n"#
            case .numberTooLong(let most): "a number of more than \(most) characters"
            }
        return "not JSON at line \(line), column \(column): \(what)"
    }
}

/// Reads one JSON text (RFC 8259) into a tree. Memory and time are proportional to the text.
public struct JSONParser {
    /// Deepest nesting of lists and objects; it bounds the recursion.
    public static let deepest = 32

    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0

    /// The value that the whole text stands for. A byte order mark at its start is skipped.
    public static func parse(_ text: some Collection<UInt8>) throws(JSONProblem) -> JSONValue {
        var parser = JSONParser(Array(text))
        guard String(validating: parser.bytes, as: UTF8.self) != nil else {
            throw JSONProblem(line: 1, column: 1, fault: .notUTF8)
        }
        if parser.bytes.starts(with: [0xEF, 0xBB, 0xBF]) { parser.position = 3 }
        let value = try parser.value()
        parser.skipSpace()
        guard parser.peek == nil else { throw parser.problem(.expected("the end of the text")) }
        return value
    }

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private func problem(_ fault: JSONProblem.Fault) -> JSONProblem {
        var (line, column) = (1, 1)
        for byte in bytes.prefix(position) {
            if byte == UInt8(ascii: "\n") {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        return JSONProblem(line: line, column: column, fault: fault)
    }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
            position += 1
        }
    }

    /// Steps over the byte if it comes next.
    private mutating func take(_ byte: Unicode.Scalar) -> Bool {
        guard peek == UInt8(ascii: byte) else { return false }
        position += 1
        return true
    }

    private mutating func value() throws(JSONProblem) -> JSONValue {
        skipSpace()
        switch peek {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try list()
        case UInt8(ascii: "\""): return .text(try text())
        case UInt8(ascii: "-"): return try number()
        case .some(let byte) where Self.isDigit(byte): return try number()
        default: break
        }
        for (word, value) in Self.words where bytes[position...].starts(with: word.utf8) {
            position += word.utf8.count
            return value
        }
        throw problem(.expected("a value"))
    }

    private static let words: [(String, JSONValue)] = [
        ("null", .null), ("true", .boolean(true)), ("false", .boolean(false)),
    ]

    private mutating func descend() throws(JSONProblem) {
        depth += 1
        guard depth <= Self.deepest else { throw problem(.tooDeep(most: Self.deepest)) }
        position += 1
        skipSpace()
    }

    private mutating func list() throws(JSONProblem) -> JSONValue {
        try descend()
        defer { depth -= 1 }
        var values: [JSONValue] = []
        if take("]") { return .list(values) }
        while true {
            values.append(try value())
            skipSpace()
            if take("]") { return .list(values) }
            guard take(",") else { throw problem(.expected("',' or ']'")) }
        }
    }

    private mutating func object() throws(JSONProblem) -> JSONValue {
        try descend()
        defer { depth -= 1 }
        var members: [JSONValue.Member] = []
        if take("}") { return .object(members) }
        while true {
            skipSpace()
            guard peek == UInt8(ascii: "\"") else {
                throw problem(.expected("the name of a member in double quotes"))
            }
            let name = try text()
            skipSpace()
            guard take(":") else { throw problem(.expected("':'")) }
            members.append(JSONValue.Member(name, try value()))
            skipSpace()
            if take("}") { return .object(members) }
            guard take(",") else { throw problem(.expected("',' or '}'")) }
        }
    }

    // MARK: Numbers

    private mutating func digits() throws(JSONProblem) {
        guard let first = peek, Self.isDigit(first) else { throw problem(.expected("a digit")) }
        while let byte = peek, Self.isDigit(byte) { position += 1 }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private mutating func number() throws(JSONProblem) -> JSONValue {
        let start = position
        _ = take("-")
        if !take("0") { try digits() }
        if take(".") { try digits() }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            try digits()
        }
        let end = position
        guard end - start <= JSONNumber.longestLiteral else {
            position = start
            throw problem(.numberTooLong(most: JSONNumber.longestLiteral))
        }
        let literal = String(decoding: bytes[start..<end], as: UTF8.self)
        return .number(JSONNumber(literal: literal))
    }

    // MARK: Texts

    private mutating func text() throws(JSONProblem) -> String {
        position += 1
        var text: [UInt8] = []
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                try escape(into: &text)
            case 0..<0x20:
                throw problem(.controlCharacter)
            default:
                text.append(byte)
                position += 1
            }
        }
        throw problem(.expected("the closing '\"' of a text"))
    }

    private mutating func escape(into text: inout [UInt8]) throws(JSONProblem) {
        let start = position
        position += 1
        let byte = peek
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte ?? 0)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            text.append(contentsOf: try scalar(escapedAt: start).utf8)
        default:
            position = start
            throw problem(.unknownEscape)
        }
    }

    /// The character of `\uXXXX` or of two such that make a surrogate pair, after the first `\u`.
    private mutating func scalar(escapedAt start: Int) throws(JSONProblem) -> Character {
        let first = try hexadecimal()
        if let scalar = Unicode.Scalar(first) { return Character(scalar) }
        if first < 0xDC00, take("\\"), take("u") {
            let second = try hexadecimal()
            let code = 0x10000 + ((first & 0x3FF) << 10 | second & 0x3FF)
            if (0xDC00...0xDFFF).contains(second), let scalar = Unicode.Scalar(code) {
                return Character(scalar)
            }
        }
        position = start
        throw problem(.unpairedSurrogate)
    }

    private mutating func hexadecimal() throws(JSONProblem) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw problem(.expected("a hexadecimal digit"))
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }
}
