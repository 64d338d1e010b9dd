import PipelineProtocol

/// Replies as JSON, members in the server's order. Decimal amounts are strings on the wire and stay
/// strings, so that no reader rounds them.
enum JSONText {
    static func compact(_ reply: Reply) -> String {
        var text = ""
        write(reply, indent: nil, into: &text)
        return text
    }

    /// Two blanks a level.
    static func indented(_ reply: Reply) -> String {
        var text = ""
        write(reply, indent: 0, into: &text)
        return text
    }

    private static func write(_ reply: Reply, indent: Int?, into text: inout String) {
        switch reply {
        case .simple(let value), .verbatim(_, let value): write(value, into: &text)
        case .error(let line): write(line, into: &text)
        case .bulk(let bytes): write(String(decoding: bytes, as: UTF8.self), into: &text)
        case .integer(let value): text += String(value)
        case .double(let value): text += isNumber(value) ? value : "\"\(value)\""
        case .boolean(let value): text += value ? "true" : "false"
        case .null: text += "null"
        case .array(let elements), .set(let elements), .push(let elements):
            enclose("[", "]", elements, indent, into: &text) { element, indent, text in
                write(element, indent: indent, into: &text)
            }
        case .map(let pairs):
            enclose("{", "}", pairs, indent, into: &text) { pair, indent, text in
                write(pair.key.text ?? compact(pair.key), into: &text)
                text += indent == nil ? ":" : ": "
                write(pair.value, indent: indent, into: &text)
            }
        }
    }

    private static func enclose<Element>(
        _ open: String, _ close: String, _ elements: [Element], _ indent: Int?,
        into text: inout String, _ body: (Element, Int?, inout String) -> Void
    ) {
        text += open
        let inner = indent.map { $0 + 2 }
        for (index, element) in elements.enumerated() {
            if index > 0 { text += "," }
            if let inner { text += "\n" + String(repeating: " ", count: inner) }
            body(element, inner, &text)
        }
        if let indent, !elements.isEmpty { text += "\n" + String(repeating: " ", count: indent) }
        text += close
    }

    static func write(_ value: String, into text: inout String) {
        text += "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where scalar.value < 0x20 || (scalar.value >= 0x7F && scalar.value < 0xA0):
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }

    /// RESP3 doubles may be `inf` or `nan`, which JSON has no word for.
    private static func isNumber(_ value: String) -> Bool {
        guard let number = Double(value), number.isFinite else { return false }
        return value.first.map { $0 == "-" || $0.isNumber } ?? false
    }
}
