/// The languages of the shell (S-9).
enum Language: String, Sendable, Equatable {
    case english = "en"
    case chinese = "zh"

    /// The language of `--lang`, or the one of the locale: `LC_ALL`, `LC_MESSAGES`, `LANG`, the first
    /// that is set.
    init(option: String?, environment: [String: String]) {
        if let chosen = option.flatMap(Language.init(named:)) {
            self = chosen
            return
        }
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].lazy
            .compactMap { environment[$0] }.first { !$0.isEmpty }
        self = locale?.hasPrefix("zh") == true ? .chinese : .english
    }

    /// `zh`, `zh-CN`, `zh_CN.UTF-8` and `中文` alike; nil for a language that the shell does not speak.
    init?(named name: String) {
        switch name.lowercased().prefix(while: { $0.isLetter }) {
        case "zh", "chinese", "中文": self = .chinese
        case "en", "english", "英文": self = .english
        default: return nil
        }
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
