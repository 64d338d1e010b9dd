import PipelineProtocol

/// A small tree that can be written as a reply and as one line of JSON alike: inbox rows go out as
/// both (P-7, P-8).
enum Node: Sendable {
    case null
    case text(String)
    case integer(Int64)
    case boolean(Bool)
    case map([(String, Node)])
    case array([Node])

    static func optional(_ text: String?) -> Node { text.map { .text($0) } ?? .null }

    func write(to reply: inout ReplyWriter) {
        switch self {
        case .null: reply.null()
        case .text(let text): reply.bulk(text)
        case .integer(let value): reply.integer(value)
        case .boolean(let value): reply.boolean(value)
        case .map(let members):
            reply.map(members.count)
            for (name, value) in members {
                reply.bulk(name)
                value.write(to: &reply)
            }
        case .array(let items):
            reply.array(items.count)
            for item in items { item.write(to: &reply) }
        }
    }

    func writeJSON(to bytes: inout [UInt8]) {
        switch self {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .text(let text): Self.quote(text, &bytes)
        case .integer(let value): bytes.append(contentsOf: String(value).utf8)
        case .boolean(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
        case .map(let members):
            bytes.append(UInt8(ascii: "{"))
            for (index, (name, value)) in members.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                Self.quote(name, &bytes)
                bytes.append(UInt8(ascii: ":"))
                value.writeJSON(to: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        case .array(let items):
            bytes.append(UInt8(ascii: "["))
            for (index, item) in items.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                item.writeJSON(to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        }
    }

    private static func quote(_ text: String, _ bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0x0A: bytes.append(contentsOf: "\\n".utf8)
            case 0x09: bytes.append(contentsOf: "\\t".utf8)
            case 0..<0x20:
                bytes.append(contentsOf: "\\u00".utf8)
                bytes.append(contentsOf: [hex(byte >> 4), hex(byte & 0xF)])
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func hex(_ digit: UInt8) -> UInt8 {
        digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
    }
}
