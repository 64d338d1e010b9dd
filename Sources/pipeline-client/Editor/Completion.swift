/// What Tab offers and what is shown behind the cursor, from the words, the server's command table
/// and what was seen: pure functions, nothing is asked (S-3).
struct Vocabulary: Equatable, Sendable {
    var forms: [String: CommandForm] = [:]
    var seen = Seen()
    var language = Language.english
}

/// A line up to the cursor, as far as it is understood while it is typed.
struct PartialLine: Equatable {
    var words: [String]
    /// The word under the cursor; empty after a blank.
    var partial: String

    init(_ text: String) {
        words = []
        partial = ""
        var quote: Character?
        var isWord = false
        for character in text {
            if let open = quote {
                if character == open { quote = nil } else { partial.append(character) }
            } else if character == "\"" || (character == "'" && partial.isEmpty) {
                quote = character
                isWord = true
            } else if character.isWhitespace {
                if isWord || !partial.isEmpty { words.append(partial) }
                partial = ""
                isWord = false
            } else {
                partial.append(character)
            }
        }
        isQuoted = quote != nil || isWord
    }

    /// Text of a person's own is never completed.
    private(set) var isQuoted = false
}

enum Completion {
    struct Candidate: Equatable {
        var value: String
        var note = ""
    }

    /// What may stand in the place of the word under the cursor, best first.
    static func candidates(for text: String, _ vocabulary: Vocabulary) -> [Candidate] {
        let line = PartialLine(text)
        guard !line.isQuoted else { return [] }
        guard let first = line.words.first else { return names(line.partial, vocabulary) }
        let word = Words.find(Words.aliases[first] ?? first)
        if word?.name == "help" {
            return names(line.partial, vocabulary)
        }
        let form = vocabulary.forms[(word?.wire ?? first).uppercased()]
        let arguments = Array(line.words.dropFirst())
        if let argument = arguments.last.flatMap({ form?.keyword($0) }), !argument.isFlag {
            return values(argument, line.partial, vocabulary)
        }
        var result: [Candidate] = []
        for kind in kinds(word, form, arguments) {
            result += things(kind, line.partial, vocabulary)
        }
        if word == nil, let form, arguments.count < form.positionals.count {
            result += values(form.positionals[arguments.count], line.partial, vocabulary)
        }
        result += choices(word, line.partial, vocabulary)
        let used = Set(arguments.map { $0.uppercased() })
        for keyword in form?.keywords ?? [] {
            guard let token = keyword.token, !used.contains(token), matches(token, line.partial)
            else { continue }
            if token == "REQID" || token == "IFREV", line.partial.isEmpty { continue }
            result.append(Candidate(value: token))
        }
        return unique(result)
    }

    /// Words of its own that may follow, in the language that is typed.
    private static func choices(_ word: Word?, _ partial: String, _ vocabulary: Vocabulary)
        -> [Candidate]
    {
        guard let word else { return [] }
        let isChinese =
            word.keywordsInChinese
            && (partial.isEmpty ? vocabulary.language == .chinese : !partial.allSatisfy(\.isASCII))
        return word.choices.map { isChinese ? Words.spelledInChinese[$0] ?? $0 : $0 }
            .filter { matches($0, partial) }.map { Candidate(value: $0) }
    }

    /// The kinds of the argument that is typed: a deal may be left out where one is open, so that
    /// the next one is offered as well.
    private static func kinds(_ word: Word?, _ form: CommandForm?, _ arguments: [String])
        -> [ValueKind]
    {
        guard let word else { return [] }
        var takes = word.takes
        guard !takes.isEmpty else { return [] }
        if let first = arguments.first, takes[0] == .deal, Words.identifier(first, "o") == nil {
            takes.removeFirst()
        }
        guard arguments.count < takes.count else { return [] }
        if arguments.isEmpty, takes[0] == .deal, takes.count > 1 { return [takes[1], .deal] }
        return [takes[arguments.count]]
    }

    private static func names(_ partial: String, _ vocabulary: Vocabulary) -> [Candidate] {
        let isChinese = partial.unicodeScalars.contains { !$0.isASCII }
        var result = Words.all.compactMap { word -> Candidate? in
            let chinese = Words.name(word.name, .chinese)
            // What is shown before anything is typed is in the person's language.
            let name =
                isChinese || (partial.isEmpty && vocabulary.language == .chinese)
                ? chinese : word.name
            guard matches(name, partial) else { return nil }
            return Candidate(value: name, note: word.summary(vocabulary.language))
        }
        guard !partial.isEmpty else { return result }
        result += vocabulary.forms.values.filter { matches($0.name, partial) }
            .sorted { $0.name < $1.name }
            .map { Candidate(value: $0.name, note: $0.summary) }
        return result
    }

    private static func values(
        _ argument: CommandForm.Argument, _ partial: String, _ vocabulary: Vocabulary
    ) -> [Candidate] {
        if !argument.choices.isEmpty {
            return argument.choices.filter { matches($0, partial) }.map { Candidate(value: $0) }
        }
        if argument.token == "REASON" { return things(.reason, partial, vocabulary) }
        return argument.kind.map { things($0, partial, vocabulary) } ?? []
    }

    /// By the beginning of the id, of its number, of a key or of a name.
    private static func things(_ kind: ValueKind, _ partial: String, _ vocabulary: Vocabulary)
        -> [Candidate]
    {
        if kind == .topic { return names(partial, vocabulary) }
        return vocabulary.seen[kind].reversed().filter { thing in
            matches(thing.value, partial) || matches(String(thing.value.dropFirst()), partial)
                || (!partial.isEmpty && matches(thing.name, partial))
        }.map { Candidate(value: $0.value, note: $0.name) }
    }

    private static func matches(_ candidate: String, _ partial: String) -> Bool {
        candidate.lowercased().hasPrefix(partial.lowercased())
    }

    private static func unique(_ candidates: [Candidate]) -> [Candidate] {
        var known: Set<String> = []
        return candidates.filter { known.insert($0.value).inserted }
    }

    /// What all candidates begin with, where that is more than was typed.
    static func common(_ candidates: [Candidate]) -> String {
        guard var common = candidates.first?.value else { return "" }
        for candidate in candidates {
            while !candidate.value.lowercased().hasPrefix(common.lowercased()) {
                common.removeLast()
            }
        }
        return common
    }
}

/// The rest of a command's usage behind the cursor.
enum Hint {
    static func text(for text: String, _ vocabulary: Vocabulary) -> String {
        let line = PartialLine(text)
        guard let first = line.words.first else { return ghost(line.partial, vocabulary) }
        let typed = line.words.count - 1 + (line.partial.isEmpty ? 0 : 1)
        let lead = line.partial.isEmpty && !line.isQuoted ? "" : " "
        let arguments = Array(line.words.dropFirst())
        if let word = Words.find(Words.aliases[first] ?? first) {
            let usage = UsageText.localised(word.usage, vocabulary.language)
            let rest = remaining(UsageText.groups(usage), arguments, line.partial, typed)
            return rest.isEmpty ? "" : lead + rest.joined(separator: " ")
        }
        guard let form = vocabulary.forms[first.uppercased()] else { return "" }
        let rest = remaining(form, arguments, typed, line.partial)
        return rest.isEmpty ? "" : lead + rest.joined(separator: " ")
    }

    /// The rest of a word's name and its usage, while the name itself is typed.
    static func ghost(_ partial: String, _ vocabulary: Vocabulary) -> String {
        guard !partial.isEmpty else { return "" }
        if let (word, name) = word(beginning: partial) {
            let usage = UsageText.localised(word.usage, vocabulary.language)
            return String(name.dropFirst(partial.count))
                + UsageText.groups(usage).dropFirst().map { " " + $0 }.joined()
        }
        let matching = vocabulary.forms.keys.filter { $0.hasPrefix(partial.uppercased()) }
        guard let name = matching.min(), let form = vocabulary.forms[name] else { return "" }
        let rest = String(name.dropFirst(partial.count))
        return (partial == partial.lowercased() ? rest.lowercased() : rest)
            + form.arguments.map { " " + $0.usage }.joined()
    }

    /// A word by its name in either language: the one that is typed, else the first that begins so.
    private static func word(beginning partial: String) -> (Word, name: String)? {
        let names = Words.all.flatMap { word in
            [(word, name: word.name), (word, name: Words.name(word.name, .chinese))]
        }
        return names.first { $0.name == partial } ?? names.first { $0.name.hasPrefix(partial) }
    }

    private static func remaining(
        _ groups: [String], _ arguments: [String], _ partial: String, _ typed: Int
    ) -> [String] {
        var skipped = 1 + typed
        let first = arguments.first ?? (partial.isEmpty ? nil : partial)
        if groups.count > 1, ["[DEAL]", "[商机]"].contains(groups[1]), let first,
            Words.identifier(first, "o") == nil
        {
            skipped += 1
        }
        return Array(groups.dropFirst(skipped))
    }

    private static func remaining(
        _ form: CommandForm, _ arguments: [String], _ typed: Int, _ partial: String
    ) -> [String] {
        let used = Set(arguments.map { $0.uppercased() })
        var rest = form.positionals.dropFirst(typed).map(\.usage)
        if let argument = arguments.last.flatMap({ form.keyword($0) }), !argument.isFlag,
            partial.isEmpty
        {
            rest = [argument.name]
        }
        return rest + form.keywords.filter { !used.contains($0.token ?? "") }.map(\.usage)
    }
}
