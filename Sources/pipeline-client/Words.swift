/// What a word is translated with: what the session knows about the person and the open deal.
struct WordContext: Equatable {
    var deal: String?
    var user: String?
}

/// How a command that succeeded changes the open deal.
enum DealEffect: Equatable {
    case none
    case open(String)
    /// A new deal: its id is in the answer.
    case openAnswered
}

/// One wire command made from a rep's words.
struct Translated: Equatable {
    var command: [String]
    var deal: DealEffect = .none
    /// The columns that matter to a person at a terminal; other output has every field.
    var columns: [String] = []

    init(_ command: [String], deal: DealEffect = .none, columns: [String] = []) {
        self.command = command
        self.deal = deal
        self.columns = columns
    }
}

/// What a typed line asks for.
enum Step: Equatable {
    case command(Translated)
    case watch(WatchOptions)
    case help([String])
    case login([String])
    /// Files of customers, leads or deals (S-8).
    case importing(ImportOptions)
    case exporting(ExportOptions)
    case language(String)
    case expanded
    case quit
}

struct WatchOptions: Equatable {
    var channels: [String] = ["inbox"]
    /// Leave after so many messages.
    var count: Int?
    /// Leave after so many seconds.
    var seconds: Double?
    var acknowledge = false
}

/// One of the rep's words (S-2): the line of help, the examples and the translation.
struct Word: Sendable {
    let name: String
    let usage: String
    let summary: Translation
    let examples: [String]
    /// The command it becomes, whose keywords it takes; nil where there is none.
    var wire: String?
    /// What its arguments name, for completion.
    var takes: [ValueKind] = []
    /// Words of its own that may follow.
    var choices: [String] = []
    /// Whether its choices and keywords may be typed in Chinese too.
    var keywordsInChinese = false
    /// What a person at a terminal is asked for who leaves it out.
    var asks: [Ask] = []
    let translate: @Sendable (_ arguments: [String], _ context: WordContext) throws(Failure) -> Step
}

/// A rep's words → wire commands. Everything else is passed on as typed.
enum Words {
    static let groups: [(title: Translation, words: [Word])] = [
        (.init("Deals", "商机"), deals + dealSteps),
        (.init("Around a deal", "客户、联系人与活动"), details),
        (.init("Approvals and messages", "审批与消息"), approvals + inbox),
        (.init("Reports", "报表"), reports),
        (.init("People and processes", "人员与流程"), people),
        (.init("Files and the shell", "文件与终端"), files + shell),
    ]

    static let all: [Word] = groups.flatMap(\.words)

    static func find(_ name: String) -> Word? {
        all.first { $0.name == name }
    }

    /// The step for one split line (never empty). Words are lower case; a line that begins with no
    /// word of ours is a wire command, and the server judges it.
    static func step(_ line: [String], context: WordContext) throws(Failure) -> Step {
        guard let name = line.first else { return .help([]) }
        let canonical = aliases[name] ?? name
        guard let word = find(canonical) else { return .command(Translated(line)) }
        let arguments = Array(line.dropFirst())
        return try word.translate(
            word.keywordsInChinese ? inEnglish(arguments) : arguments, context)
    }

    /// Whether the line is one of ours or has the look of a wire command (a dot or capitals); other
    /// first words are worth a did-you-mean before the server is asked.
    static func looksLikeWire(_ name: String) -> Bool {
        name.contains(".") || (name == name.uppercased() && name != name.lowercased())
    }

    // MARK: ids

    /// `1042` and `o1042` for a deal; nil for anything else.
    static func identifier(_ text: String, _ kind: Character) -> String? {
        let digits = text.first == kind ? text.dropFirst() : text[...]
        guard !digits.isEmpty, digits.utf8.count <= 20,
            digits.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 })
        else { return nil }
        return String(kind) + digits
    }

    /// A login, key or id stays; a bare number gets the prefix.
    static func prefixed(_ text: String, _ kind: Character) -> String {
        identifier(text, kind) ?? text
    }

    /// `keyword` unless the arguments already begin with it.
    static func leading(_ keyword: String, _ arguments: [String]) -> [String] {
        if arguments.isEmpty || arguments.first?.uppercased() == keyword { return arguments }
        return [keyword] + arguments
    }

    static func has(_ keyword: String, in arguments: [String]) -> Bool {
        arguments.contains { $0.uppercased() == keyword }
    }

    /// The deal a step applies to: named first, else the open one.
    static func deal(
        _ arguments: [String], _ context: WordContext, word: String, atLeast count: Int = 0
    ) throws(Failure) -> (deal: String, rest: [String]) {
        if let first = arguments.first, let named = identifier(first, "o"),
            arguments.count > count
        {
            return (named, Array(arguments.dropFirst()))
        }
        guard let open = context.deal else { throw Failure(.usage, .noDealOpen, word) }
        return (open, arguments)
    }

    static func usage(_ name: String) -> Failure {
        Failure(.usage, .wordUsage, name, find(name)?.usage ?? name)
    }
}
