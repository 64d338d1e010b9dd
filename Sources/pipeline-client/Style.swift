/// How answers are written (S-5).
struct Style: Sendable, Equatable {
    enum Format: String, Sendable {
        case text, tsv, csv, json, jsonl
    }

    var format: Format
    /// Columns of the terminal; nil where lines may have any length.
    var width: Int?
    var color = false
    /// One field a line instead of tables.
    var expanded = false
    var language = Language.english
    /// Whether instants are shown by the clock of this machine; only ever at a terminal.
    var localTime = false

    enum Paint: String {
        case bold = "1"
        case dim = "2"
        case red = "31"
        case green = "32"
        case yellow = "33"
        case cyan = "36"
        case reverse = "7"
    }

    func paint(_ text: String, _ paint: Paint) -> String {
        color && !text.isEmpty ? "\u{1B}[\(paint.rawValue)m\(text)\u{1B}[0m" : text
    }
}

/// Text of others made harmless for a terminal: no control character and no direction override
/// reaches it.
enum Printable {
    static func line(_ text: String) -> String {
        clean(text, newline: "↵")
    }

    static func block(_ text: String) -> String {
        clean(text, newline: "\n")
    }

    private static func clean(_ text: String, newline: String) -> String {
        guard text.unicodeScalars.contains(where: isHarmful) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            if scalar == "\n" {
                result += newline
            } else if scalar == "\t" {
                result += "    "
            } else if scalar == "\r" {
                continue
            } else if isHarmful(scalar) {
                result += "\\u{" + String(scalar.value, radix: 16) + "}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F...0x9F, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
