/// Splits one typed line into words as a shell does: blanks separate, single quotes at the start of a
/// word keep everything (elsewhere they are apostrophes),
/// double quotes know the escapes `\" \\ \n \t \r \xHH`, a backslash outside quotes takes the next
/// character as it is, `#` at the start of a word begins a comment.
enum LineSplitter {
    enum Problem: Error, Equatable {
        case unbalancedQuote(Character)
    }

    static func split(_ line: String) throws(Problem) -> [String] {
        var words: [String] = []
        var word: String?
        var rest = line[...]
        while let character = rest.popFirst() {
            switch character {
            case "'" where word == nil:
                word = (word ?? "") + (try singleQuoted(&rest))
            case "\"":
                word = (word ?? "") + (try doubleQuoted(&rest))
            case "\\":
                word = (word ?? "") + String(rest.popFirst() ?? "\\")
            case "#" where word == nil:
                return words
            case _ where character.isWhitespace:
                if let finished = word { words.append(finished) }
                word = nil
            default:
                word = (word ?? "") + String(character)
            }
        }
        if let word { words.append(word) }
        return words
    }

    private static func singleQuoted(_ rest: inout Substring) throws(Problem) -> String {
        var text = ""
        while let character = rest.popFirst() {
            if character == "'" { return text }
            text.append(character)
        }
        throw .unbalancedQuote("'")
    }

    private static func doubleQuoted(_ rest: inout Substring) throws(Problem) -> String {
        var text = ""
        while let character = rest.popFirst() {
            if character == "\"" { return text }
            guard character == "\\", let escaped = rest.popFirst() else {
                text.append(character)
                continue
            }
            switch escaped {
            case "n": text.append("\n")
            case "t": text.append("\t")
            case "r": text.append("\r")
            case "x": text.append(contentsOf: hexadecimal(&rest))
            case "\"", "\\": text.append(escaped)
            default:
                // An unknown escape stays as typed, so that a regular expression or a Windows
                // path survives.
                text.append("\\")
                text.append(escaped)
            }
        }
        throw .unbalancedQuote("\"")
    }

    private static func hexadecimal(_ rest: inout Substring) -> String {
        let digits = rest.prefix(2)
        guard digits.count == 2, let value = UInt8(digits, radix: 16), value < 0x80 else {
            return "\\x"
        }
        rest.removeFirst(2)
        return String(Unicode.Scalar(value))
    }

    /// One word written so that `split` gives it back.
    static func quote(_ word: String) -> String {
        let plain = word.unicodeScalars.allSatisfy {
            !$0.properties.isWhitespace && !"'\"\\#".unicodeScalars.contains($0)
        }
        if plain && !word.isEmpty { return word }
        var quoted = "\""
        for character in word {
            switch character {
            case "\"", "\\": quoted += "\\\(character)"
            case "\n": quoted += "\\n"
            case "\t": quoted += "\\t"
            case "\r": quoted += "\\r"
            default: quoted.append(character)
            }
        }
        return quoted + "\""
    }
}
