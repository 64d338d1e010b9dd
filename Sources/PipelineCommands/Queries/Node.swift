import PipelineDomain
import PipelineProtocol

/// A small tree that can be written as a reply and as one line of JSON alike: inbox rows go out as
/// both (P-7, P-8).
enum Node: Sendable {
    case null
    case text(String)
    case integer(Int64)
    case boolean(Bool)
    case id(prefix: StaticString, UInt32)
    case instant(Instant)
    case map([(String, Node)])
    case array([Node])

    static func optional(_ text: String?) -> Node { text.map { .text($0) } ?? .null }

    static func optional(_ instant: Instant?) -> Node { instant.map { .instant($0) } ?? .null }

    static func optional<Kind>(_ id: Identifier<Kind>?) -> Node { id.map { .id($0) } ?? .null }

    static func id<Kind>(_ id: Identifier<Kind>) -> Node { .id(prefix: Kind.prefix, id.number) }

    /// A count that may be beyond 64 bits only in theory.
    static func count(_ number: (some BinaryInteger)?) -> Node {
        number.map { .integer(Int64(clamping: $0)) } ?? .null
    }

    static func texts(_ texts: some Sequence<String>) -> Node { .array(texts.map { .text($0) }) }

    static func ids<Kind>(_ ids: some Sequence<Identifier<Kind>>) -> Node {
        .array(ids.map { .id($0) })
    }

    func write(to reply: inout ReplyWriter) {
        switch self {
        case .null: reply.null()
        case .text(let text): reply.bulk(text)
        case .integer(let value): reply.integer(value)
        case .boolean(let value): reply.boolean(value)
        case .id(let prefix, let number): reply.bulk("\(prefix)\(number)")
        case .instant(let instant): reply.bulk(instant)
        case .array(let nodes):
            reply.array(nodes.count)
            for node in nodes { node.write(to: &reply) }
        case .map(let members):
            reply.map(members.count)
            for (name, value) in members {
                reply.bulk(name)
                value.write(to: &reply)
            }
        }
    }

    func writeJSON(to bytes: inout [UInt8]) {
        switch self {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .text(let text): Self.quote(text, &bytes)
        case .integer(let value): bytes.append(contentsOf: String(value).utf8)
        case .boolean(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
        case .id(let prefix, let number): Self.quote("\(prefix)\(number)", &bytes)
        case .instant(let instant): Self.quote(instant.description, &bytes)
        case .map(let members):
            bytes.append(UInt8(ascii: "{"))
            for (index, (name, value)) in members.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                Self.quote(name, &bytes)
                bytes.append(UInt8(ascii: ":"))
                value.writeJSON(to: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        case .array(let nodes):
            bytes.append(UInt8(ascii: "["))
            for (index, node) in nodes.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                node.writeJSON(to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        }
    }

    private static func quote(_ text: String, _ bytes: inout [UInt8]) {
        var text = text
        text.withUTF8 { text in
            bytes.append(UInt8(ascii: "\""))
            // What needs no escape is copied in one go.
            var start = text.startIndex
            for index in text.indices where mustEscape(text[index]) {
                bytes.append(contentsOf: text[start..<index])
                escape(text[index], &bytes)
                start = index + 1
            }
            bytes.append(contentsOf: text[start...])
            bytes.append(UInt8(ascii: "\""))
        }
    }

    private static func mustEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private static func escape(_ byte: UInt8, _ bytes: inout [UInt8]) {
        switch byte {
        case 0x0A: bytes.append(contentsOf: "\\n".utf8)
        case 0x09: bytes.append(contentsOf: "\\t".utf8)
        case 0..<0x20:
            bytes.append(contentsOf: "\\u00".utf8)
            bytes.append(contentsOf: [hex(byte >> 4), hex(byte & 0xF)])
        default: bytes.append(contentsOf: [UInt8(ascii: "\\"), byte])
        }
    }

    private static func hex(_ digit: UInt8) -> UInt8 {
        digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
    }
}
