/// A JSON text as a tree. Members keep their order and may repeat; numbers keep their digits.
public indirect enum JSONValue: Hashable, Sendable {
    case null
    case boolean(Bool)
    case number(JSONNumber)
    case text(String)
    case list([JSONValue])
    case object([Member])

    public struct Member: Hashable, Sendable {
        public let name: String
        public let value: JSONValue

        public init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }
}

/// A JSON number exactly as it was written; never a binary fraction.
public struct JSONNumber: Hashable, Sendable {
    public let literal: String

    /// Longest number that is read, in characters.
    static let longestLiteral = 64
    /// Most digits of a number that is written without an exponent.
    private static let mostDigits = 40
    /// Stands for every exponent that is larger; nothing below accepts it.
    private static let exponentBound = 1_000_000

    public init(_ integer: Int) { literal = String(integer) }

    /// - Parameter literal: A number in JSON's grammar.
    init(literal: String) { self.literal = literal }

    /// The value × 10^`places`; nil unless that is whole and has at most 18 digits.
    public func integer(places: Int = 0) -> Int? {
        let (digits, exponent) = decomposed
        guard !digits.isEmpty else { return 0 }
        let zeros = exponent + places
        guard zeros >= 0, digits.count + zeros <= 18 else { return nil }
        return Int(sign + digits + String(repeating: "0", count: zeros))
    }

    /// Digits and at most one point, without an exponent; nil if that takes more than 40 digits.
    public var plain: String? {
        let (digits, exponent) = decomposed
        guard !digits.isEmpty else { return "0" }
        guard abs(exponent) + digits.count <= Self.mostDigits else { return nil }
        guard exponent < 0 else { return sign + digits + String(repeating: "0", count: exponent) }
        let zeros = String(repeating: "0", count: max(0, 1 - exponent - digits.count))
        let padded = zeros + digits
        return sign + padded.dropLast(-exponent) + "." + padded.suffix(-exponent)
    }

    private var sign: String { literal.first == "-" ? "-" : "" }

    /// The value without its sign is `digits` × 10^`exponent`; the digits have no zeros at either
    /// end, and zero has none at all.
    private var decomposed: (digits: String, exponent: Int) {
        let parts = literal.lowercased().split(separator: "e", maxSplits: 1)
        let halves = (parts.first ?? "").drop { $0 == "-" }.split(separator: ".", maxSplits: 1)
        let fraction = halves.count > 1 ? halves[1] : ""
        var digits = ((halves.first ?? "") + fraction).drop { $0 == "0" }
        var exponent = 0
        if parts.count > 1 {
            let bound = Self.exponentBound
            let written = Int(parts[1]) ?? (parts[1].first == "-" ? -bound : bound)
            exponent = min(max(written, -bound), bound)
        }
        exponent -= fraction.count
        while digits.last == "0" {
            digits.removeLast()
            exponent += 1
        }
        return (String(digits), exponent)
    }
}

extension JSONValue {
    /// The value on one line, with a space after each comma and colon; text beyond ASCII as it is.
    public var json: String {
        var out = ""
        write(to: &out)
        return out
    }

    private func write(to out: inout String) {
        switch self {
        case .null: out += "null"
        case .boolean(let value): out += value ? "true" : "false"
        case .number(let number): out += number.literal
        case .text(let text): Self.write(text, to: &out)
        case .list(let values):
            out += "["
            for (index, value) in values.enumerated() {
                if index > 0 { out += ", " }
                value.write(to: &out)
            }
            out += "]"
        case .object(let members):
            out += "{"
            for (index, member) in members.enumerated() {
                if index > 0 { out += ", " }
                Self.write(member.name, to: &out)
                out += ": "
                member.value.write(to: &out)
            }
            out += "}"
        }
    }

    private static func write(_ text: String, to out: inout String) {
        // Most texts stand for themselves, and long ones are copied in one go.
        guard text.utf8.contains(where: isEscaped) else {
            out += "\""
            out += text
            out += "\""
            return
        }
        out += "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\t": out += "\\t"
            case "\u{0}"..."\u{1F}", "\u{7F}":
                let hex = String(scalar.value, radix: 16)
                out += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: out.unicodeScalars.append(scalar)
            }
        }
        out += "\""
    }

    private static func isEscaped(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == 0x7F || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }
}
