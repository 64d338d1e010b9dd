import PipelineProtocol

/// Help: examples first (S-2). Words are explained here, commands by the server.
enum Help {
    /// Examples of a day, then the words by what they are for; `isLong` with a line for each.
    static func overview(_ style: Style, isLong: Bool = false) -> [String] {
        let language = style.language
        var lines: [String] = []
        if !isLong {
            lines.append(style.paint(Phrase.helpExamples(language), .bold))
            let examples = day.map { Words.localised($0.example, language) }
            let width = examples.map { TextWidth.of($0) }.max() ?? 0
            for (example, (_, meaning)) in zip(examples, day) {
                let shown = style.paint(TextWidth.pad(example, to: width), .cyan)
                lines.append("  \(shown)  \(meaning(language))")
            }
        }
        for group in Words.groups {
            lines.append("")
            lines.append(style.paint(group.title(language), .bold))
            if isLong {
                let width = language == .chinese ? 24 : 12
                lines += group.words.map { word in
                    let name = style.paint(TextWidth.pad(named(word, language), to: width), .cyan)
                    return "  \(name)  \(word.summary(language))"
                }
            } else {
                let names = group.words.map { Words.name($0.name, language) }
                lines += wrapped(names, style.width ?? 80).map { "  " + $0 }
            }
        }
        return lines + ["", Phrase.helpWire(language), Phrase.helpMore(language)]
    }

    /// Help that needs no server: the overview, the options and our own words; nil where only it knows.
    static func alone(_ options: Options, _ style: Style) -> [String]? {
        if options.version { return ["pipeline-client " + Release.version] }
        let isHelp = options.word == "help"
        let topics = isHelp ? Array(options.words.dropFirst()) : options.words
        guard options.help || isHelp else { return nil }
        guard let topic = topics.first, topic != "all" else {
            return [Phrase.usageLine(style.language), ""]
                + overview(style, isLong: !topics.isEmpty) + [""] + OptionForm.lines(style)
        }
        return Words.find(Words.aliases[topic] ?? topic).map { word($0, style) }
    }

    /// In Chinese with the English word, which works as well.
    private static func named(_ word: Word, _ language: Language) -> String {
        let name = Words.name(word.name, language)
        return name == word.name ? name : TextWidth.pad(name, to: 10) + "  " + word.name
    }

    private static func wrapped(_ words: [String], _ width: Int) -> [String] {
        var lines: [String] = []
        for word in words {
            if let last = lines.last, TextWidth.of(last) + TextWidth.of(word) + 4 <= width {
                lines[lines.count - 1] = last + "  " + word
            } else {
                lines.append(word)
            }
        }
        return lines
    }

    private static let day: [(example: String, meaning: Translation)] = [
        ("new", .init("a new deal: you are asked for what it needs", "新建商机，逐项询问所需内容")),
        ("deals mine", .init("what you are working on", "您手上的商机")),
        ("deal 1042", .init("open one; the next words are about it", "打开一个商机，之后的命令都针对它")),
        ("guide", .init("what is left to do in this stage", "本阶段还差什么")),
        ("done", .init("a task is done: you are asked which", "完成任务，选择哪一项")),
        ("feedback", .init("what the customer said: you are asked for each", "填写客户反馈，逐项询问")),
        ("advance", .init("on to the next stage, or to its approval", "推进到下一阶段，或提交审批")),
        ("watch", .init("a screen to decide what waits for you", "全屏处理等待您决定的事项")),
        ("funnel", .init("where the deals stand, and where they get stuck", "漏斗：商机分布与卡点")),
    ]

    static func word(_ word: Word, _ style: Style) -> [String] {
        var lines = [style.paint(Phrase.helpExamples(style.language), .bold)]
        lines += word.examples.map { "  " + Words.localised($0, style.language) }
        return lines + [
            "", style.paint(UsageText.localised(word.usage, style.language), .cyan),
            word.summary(style.language),
        ]
    }

    /// The lines for the answer of `COMMAND DOCS`; none when the server does not know the command.
    static func command(_ reply: Reply, _ style: Style) -> [String] {
        var lines: [String] = []
        for entry in reply.pairs ?? [] {
            guard let name = entry.key.text else { continue }
            if !lines.isEmpty { lines.append("") }
            let arguments = entry.value["arguments"]?.elements ?? []
            let usage = ([name.uppercased()] + arguments.map(argument)).joined(separator: " ")
            lines.append(style.paint(Printable.line(usage), .cyan))
            if let summary = entry.value["summary"]?.text {
                lines.append(Printable.line(summary))
            }
            let details = ["group", "since"].compactMap { key in
                entry.value[key]?.text.map { "\(key) \($0)" }
            }
            if !details.isEmpty {
                lines.append(style.paint(Printable.line(details.joined(separator: ", ")), .dim))
            }
            for sub in entry.value["subcommands"]?.pairs ?? [] {
                guard let name = sub.key.text else { continue }
                let spelled = name.uppercased().split(separator: "|").joined(separator: " ")
                lines.append(
                    Printable.line("  \(spelled)  \(sub.value["summary"]?.text ?? "")"))
            }
        }
        return lines
    }

    /// One argument as Redis writes it in its own help: `[TOKEN name [name …]]`.
    private static func argument(_ reply: Reply) -> String {
        let name = reply["display_text"]?.text ?? reply["name"]?.text ?? "…"
        let nested = reply["arguments"]?.elements?.map(argument) ?? []
        var text: String
        switch reply["type"]?.text {
        case "oneof": text = nested.joined(separator: "|")
        case "block": text = nested.joined(separator: " ")
        case "pure-token": text = ""
        default: text = name
        }
        if let token = reply["token"]?.text {
            text = text.isEmpty ? token.uppercased() : "\(token.uppercased()) \(text)"
        }
        let flags = reply["flags"]?.elements?.compactMap(\.text) ?? []
        if flags.contains("multiple") {
            let again = flags.contains("multiple_token") ? text : name
            text += " [\(again) …]"
        }
        return flags.contains("optional") ? "[\(text)]" : text
    }
}
