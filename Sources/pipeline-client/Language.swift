/// The languages of the shell (S-9).
enum Language: String, Sendable, Equatable {
    case english = "en"
    case chinese = "zh"

    /// The language of `--lang`, or the one of the locale: `LC_ALL`, `LC_MESSAGES`, `LANG`, the first
    /// that is set.
    init(option: String?, environment: [String: String]) {
        if let option, let chosen = Language(rawValue: option) {
            self = chosen
            return
        }
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].lazy
            .compactMap { environment[$0] }.first { !$0.isEmpty }
        self = locale?.hasPrefix("zh") == true ? .chinese : .english
    }
}

struct Translation: Sendable {
    let english: String
    let chinese: String

    init(_ english: String, _ chinese: String) {
        self.english = english
        self.chinese = chinese
    }

    func callAsFunction(_ language: Language) -> String {
        language == .chinese ? chinese : english
    }
}

extension Phrase {
    /// The phrase with `{0}`, `{1}` … replaced. Arguments are never scanned for placeholders.
    func text(in language: Language, _ arguments: [String] = []) -> String {
        guard let translation = Phrase.texts[self] else { return rawValue }
        let template = language == .chinese ? translation.chinese : translation.english
        var result = ""
        var rest = template[...]
        while let open = rest.firstIndex(of: "{") {
            result += rest[..<open]
            let close = rest[open...].firstIndex(of: "}")
            guard let close, let index = Int(rest[rest.index(after: open)..<close]),
                arguments.indices.contains(index)
            else {
                result.append("{")
                rest = rest[rest.index(after: open)...]
                continue
            }
            result += arguments[index]
            rest = rest[rest.index(after: close)...]
        }
        return result + rest
    }

    func callAsFunction(_ language: Language, _ arguments: String...) -> String {
        text(in: language, arguments)
    }
}
