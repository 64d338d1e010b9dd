import PipelineProtocol

/// Help: examples first (S-2). Words are explained here, commands by the server.
enum Help {
    static func overview(_ style: Style) -> [String] {
        let language = style.language
        var lines = [style.paint(Phrase.helpWords(language), .bold)]
        let width = Words.all.map { TextWidth.of($0.name) }.max() ?? 0
        for word in Words.all {
            let name = style.paint(TextWidth.pad(word.name, to: width), .cyan)
            lines.append("  \(name)  \(word.summary(language))")
        }
        return lines + ["", Phrase.helpWire(language), Phrase.helpMore(language)]
    }

    static func word(_ word: Word, _ style: Style) -> [String] {
        var lines = [style.paint(Phrase.helpExamples(style.language), .bold)]
        lines += word.examples.map { "  " + $0 }
        return lines + ["", style.paint(word.usage, .cyan), word.summary(style.language)]
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
