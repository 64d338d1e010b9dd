/// A reply as a client reads it back, in either version.
public enum Reply: Sendable, Equatable {
    /// `+`: a status.
    case simple(String)
    /// `-` or `!`: a refusal, its code first.
    case error(String)
    /// `:`: an integer.
    case integer(Int64)
    /// `$`: a byte string; also `(`, a number beyond 64 bits, as its digits.
    case bulk([UInt8])
    /// `_`, `$-1` or `*-1`: no value.
    case null
    /// `#`: a boolean.
    case boolean(Bool)
    /// `,`: a number as it was written.
    case double(String)
    /// `*`: an array; in RESP2 also a map, a set or a push.
    case array([Reply])
    /// `%`: a map, in the server's order.
    case map([Pair])
    /// `~`: a set, in the server's order.
    case set([Reply])
    /// `>`: a message that answers no request.
    case push([Reply])
    /// `=`: text for people, with its format (`txt` or `mkd`).
    case verbatim(format: String, text: String)

    /// One entry of a map.
    public struct Pair: Sendable, Equatable {
        public var key: Reply
        public var value: Reply

        /// An entry of a map.
        public init(key: Reply, value: Reply) {
            self.key = key
            self.value = value
        }
    }
}

extension Reply {
    /// The value beside `key`, in a map or in the flat array that stands for one in RESP2; nil when
    /// there is none.
    public subscript(key: String) -> Reply? {
        switch self {
        case .map(let pairs):
            return pairs.first { $0.key.isText(key) }?.value
        case .array(let elements):
            var index = 0
            while index + 1 < elements.count {
                if elements[index].isText(key) { return elements[index + 1] }
                index += 2
            }
            return nil
        default:
            return nil
        }
    }

    /// The text of a status, a byte string in UTF-8, a number `,` or verbatim text; else nil.
    public var text: String? {
        switch self {
        case .simple(let text), .double(let text), .verbatim(_, let text): text
        case .bulk(let bytes): String(validating: bytes, as: UTF8.self)
        default: nil
        }
    }

    /// The value of an integer; else nil.
    public var integer: Int64? {
        if case .integer(let value) = self { value } else { nil }
    }

    /// The truth of a boolean, in RESP2 of `:1` or `:0`; else nil.
    public var boolean: Bool? {
        switch self {
        case .boolean(let value): value
        case .integer(1): true
        case .integer(0): false
        default: nil
        }
    }

    /// The elements of an array, a set or a push; else nil.
    public var elements: [Reply]? {
        switch self {
        case .array(let elements), .set(let elements), .push(let elements): elements
        default: nil
        }
    }

    /// The entries of a map, or of the flat array that stands for one in RESP2; else nil.
    public var pairs: [Pair]? {
        switch self {
        case .map(let pairs): return pairs
        case .array(let elements) where elements.count.isMultiple(of: 2):
            return Self.pairs(of: elements)
        default: return nil
        }
    }

    /// The line of a refusal, its code first; else nil.
    public var errorLine: String? {
        if case .error(let line) = self { line } else { nil }
    }

    static func pairs(of elements: [Reply]) -> [Pair] {
        stride(from: 1, to: elements.count, by: 2).map {
            Pair(key: elements[$0 - 1], value: elements[$0])
        }
    }

    private func isText(_ wanted: String) -> Bool {
        switch self {
        case .bulk(let bytes): bytes.elementsEqual(wanted.utf8)
        default: text == wanted
        }
    }
}
