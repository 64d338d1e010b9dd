import PipelineProtocol

/// What came of one step: what to print, and the exit code it stands for.
struct Outcome: Equatable, Sendable {
    var lines: [String] = []
    /// For stderr.
    var remarks: [String] = []
    var exit = ExitCode.ok
    var leaves = false
    /// The step may have changed what waits for the person.
    var touchesApprovals = false
}

/// Runs steps for one person: translation, the server, rendering. Every mode uses it.
@MainActor
final class Runner {
    let session: Session
    let directory: ConfigurationDirectory
    let server: ServerAddress
    var style: Style
    var context: WordContext
    /// Whether a terminal shows it to a person, who may be asked and told more.
    let isInteractive: Bool

    init(
        session: Session, server: ServerAddress, user: String, directory: ConfigurationDirectory,
        style: Style, isInteractive: Bool
    ) {
        self.session = session
        self.server = server
        self.directory = directory
        self.style = style
        self.isInteractive = isInteractive
        context = WordContext(deal: nil, user: user)
    }

    /// One split line. `watch` is given to `watching`.
    func run(_ words: [String], watching: (WatchOptions) async -> Outcome) async -> Outcome {
        do {
            switch try Words.step(words, context: context) {
            case .command(let translated):
                if let near = try await misspelt(words, translated) {
                    throw Failure(.usage, .unknownWord, words.first ?? "", near)
                }
                return try await send(translated)
            case .watch(let options):
                return await watching(options)
            case .help(let topics):
                return try await help(topics)
            case .login:
                throw Failure(.usage, .notInLoop, "login")
            case .language(let name):
                guard let language = Language(rawValue: name) else {
                    throw Failure(.usage, .languageUnknown)
                }
                style.language = language
                return Outcome()
            case .expanded:
                style.expanded.toggle()
                let phrase = style.expanded ? Phrase.expandedOn : .expandedOff
                return Outcome(remarks: [phrase(style.language)])
            case .quit:
                return Outcome(leaves: true)
            }
        } catch {
            return outcome(error)
        }
    }

    /// A word that is neither ours nor the server's, but near one of ours. What has the look of a
    /// wire command is the server's to judge.
    private func misspelt(_ words: [String], _ translated: Translated) async throws -> String? {
        guard let name = words.first, translated.command == words, !Words.looksLikeWire(name),
            let near = Nearest.match(name, in: Words.all.map(\.name))
        else { return nil }
        try await session.learnCommands()
        return await session.commands.knows(name) ? nil : near
    }

    private func send(_ translated: Translated) async throws -> Outcome {
        let reply = try await session.run(translated.command)
        if let line = reply.errorLine { return refusal(line) }
        switch translated.deal {
        case .none: break
        case .open(let id): context.deal = id
        case .openAnswered: if let id = reply["id"]?.text { context.deal = id }
        }
        let output = Rendering.render(reply, style, columns: translated.columns)
        let name = translated.command.first?.uppercased() ?? ""
        return Outcome(
            lines: output.lines, remarks: output.remarks,
            touchesApprovals: name.hasPrefix("APPROVAL.") || name == "EXEC")
    }

    private func refusal(_ line: String) -> Outcome {
        var outcome = Outcome(exit: ExitCode(errorLine: line))
        if let friendlier = Rendering.friendlier(line) {
            outcome.remarks.append(friendlier(style.language))
        }
        outcome.remarks.append(Printable.line(line))
        return outcome
    }

    func outcome(_ error: any Error) -> Outcome {
        Outcome(
            remarks: Rendering.remarks(error, style.language),
            exit: (error as? Failure)?.exit ?? .connect)
    }

    private func help(_ topics: [String]) async throws -> Outcome {
        guard let topic = topics.first else { return Outcome(lines: Help.overview(style)) }
        if let word = Words.find(Words.aliases[topic] ?? topic) {
            return Outcome(lines: Help.word(word, style))
        }
        let reply = try await session.run(["COMMAND", "DOCS"] + topics)
        let lines = Help.command(reply, style)
        guard lines.isEmpty else { return Outcome(lines: lines) }
        try await session.learnCommands()
        let known = await Array(session.commands.names) + Words.all.map(\.name)
        var remarks = [Phrase.helpUnknown(style.language, topic)]
        if let near = Nearest.match(topic, in: known) {
            remarks = [Phrase.unknownWord(style.language, topic, near)]
        }
        return Outcome(remarks: remarks, exit: .usage)
    }

    /// Prints what came of a step; remarks in red where the step failed.
    func show(_ outcome: Outcome, prefix: (String) -> String = { $0 }) {
        if !outcome.lines.isEmpty {
            Terminal.out(outcome.lines.joined(separator: "\n") + "\n")
        }
        for remark in outcome.remarks {
            let text = prefix(remark)
            Terminal.errorLine(
                style.paint(text, outcome.exit == .ok ? .dim : .red))
        }
    }
}
