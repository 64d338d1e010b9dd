/// Text for error lines: one line of printable ASCII whatever a client sent (P-5).
enum ErrorText {
    /// Appends `text` with every byte outside printable ASCII escaped (`\r`, `\n`, `\t`, `\xHH`),
    /// and stops with `...` before `bytes` would hold more than `end` of them.
    static func append(
        _ text: some Sequence<UInt8>, to bytes: inout [UInt8], upTo end: Int = .max
    ) {
        let ellipsisBytes = 3
        for byte in text {
            // Four bytes is the longest escape.
            if end - bytes.count < 4 + ellipsisBytes {
                bytes.append(contentsOf: "...".utf8)
                return
            }
            switch byte {
            case 0x20...0x7E: bytes.append(byte)
            case UInt8(ascii: "\n"): bytes.append(contentsOf: #"\n"#.utf8)
            case UInt8(ascii: "\r"): bytes.append(contentsOf: #"\r"#.utf8)
            case UInt8(ascii: "\t"): bytes.append(contentsOf: #"\t"#.utf8)
            default:
                bytes.append(contentsOf: #"\x"#.utf8)
                bytes.append(hexDigit(byte >> 4))
                bytes.append(hexDigit(byte & 0x0F))
            }
        }
    }

    static func escaped(_ text: some Sequence<UInt8>) -> String {
        var bytes: [UInt8] = []
        append(text, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func hexDigit(_ nibble: UInt8) -> UInt8 {
        nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + (nibble - 10)
    }
}
