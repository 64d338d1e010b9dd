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
    /// What Tab completes with (S-3).
    var vocabulary = Vocabulary()
    var names = Names()
    /// Asks the person and comes back with what was typed; nil where nobody can be asked.
    var confirm: ((String) async -> String?)?
    let profile: String
    private var importer: Importer?
    /// Whether a terminal shows it to a person, who may be asked and told more.
    let isInteractive: Bool

    init(
        session: Session, server: ServerAddress, user: String, directory: ConfigurationDirectory,
        style: Style, isInteractive: Bool, profile: String = Profiles.standardName
    ) {
        self.profile = profile
        self.session = session
        self.server = server
        self.directory = directory
        self.style = style
        self.isInteractive = isInteractive
        context = WordContext(deal: nil, user: user)
        vocabulary.language = style.language
    }

    func learn(_ reply: Reply) {
        vocabulary.seen.learn(reply)
        names.learn(reply)
    }

    /// Asks for the names behind the ids of an answer that is about to be shown.
    func resolve(_ reply: Reply) async {
        names = await names.resolving(reply, session)
    }

    /// A long job is given up between two of its steps.
    func cancel() { importer?.cancel() }

    /// One split line. `watch` is given to `watching`.
    func run(_ words: [String], watching: (WatchOptions) async -> Outcome) async -> Outcome {
        do {
            switch try Words.step(words, context: context) {
            case .command(let translated):
                if let near = try await misspelt(words, translated) {
                    throw Failure(.usage, .unknownWord, words.first ?? "", near)
                }
                guard try await isConfirmed(words, translated) else {
                    return Outcome(remarks: [Phrase.notDecided(style.language)])
                }
                return try await send(translated)
            case .importing(let options):
                let importer = Importer(self, options)
                self.importer = importer
                defer { self.importer = nil }
                return try await importer.run()
            case .exporting(let options):
                return try await Exporter(runner: self, options: options).run()
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
                vocabulary.language = language
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
            let near = Spelling.nearest(to: name, among: Words.all.map(\.name))
        else { return nil }
        try await session.learnCommands()
        return await session.commands.knows(name) ? nil : near
    }

    /// Whoever approves in the shell first sees how much, whose, and what was filled (S-4).
    private func isConfirmed(_ words: [String], _ translated: Translated) async throws -> Bool {
        guard let confirm, words.first == "approve" || words.first == "批准",
            translated.command.count > 1
        else { return true }
        let approval = try await session.run(["APPROVAL.GET", translated.command[1]])
        guard approval.errorLine == nil else { return true }
        var deal: Reply?
        if let id = approval["opportunity"]?.text {
            deal = try await session.run(["OPP.GET", id, "WITH", "2", "feedback", "tasks"])
        }
        await resolve(.array([approval, deal ?? .null]))
        let page = ApprovalPage.lines(
            approval, deal: deal?.errorLine == nil ? deal : nil, style, names)
        Terminal.outLine(page.joined(separator: "\n"))
        let id = approval["id"]?.text ?? translated.command[1]
        let answer = await confirm(Phrase.askApprove(style.language, id))
        return ["y", "yes", "是"].contains(answer?.lowercased() ?? "")
    }

    private func send(_ translated: Translated) async throws -> Outcome {
        let reply = try await session.run(translated.command)
        if let line = reply.errorLine {
            return try await eachProcess(translated, line) ?? refusal(line)
        }
        switch translated.deal {
        case .none: break
        case .open(let id): context.deal = id
        case .openAnswered: if let id = reply["id"]?.text { context.deal = id }
        }
        learn(reply)
        // A screen for people has names; programs get what the server said.
        if style.format == .text, style.width != nil { await resolve(reply) }
        var output = Rendering.Output()
        if let chart = Charts.lines(translated.command, reply, style, names) {
            output.lines = chart
        } else {
            output = Rendering.render(reply, style, columns: translated.columns, names: names)
        }
        let name = translated.command.first?.uppercased() ?? ""
        if name.hasSuffix(".LIST"), style.format == .text, reply.elements?.count == Self.page,
            !Words.has("LIMIT", in: translated.command), !Words.has("COUNT", in: translated.command)
        {
            output.remarks.append(Phrase.moreRows(style.language, String(Self.page)))
        }
        return Outcome(
            lines: output.lines, remarks: output.remarks,
            touchesApprovals: name.hasPrefix("APPROVAL.") || name == "EXEC")
    }

    /// A funnel is of one process; whoever names none at a screen gets one after the other.
    private func eachProcess(_ translated: Translated, _ line: String) async throws -> Outcome? {
        let pattern = "INVALID PROCESS: the deals follow several processes, name one of *"
        guard style.format == .text, style.width != nil,
            let keys = Refusals.match(pattern, line)?.first
        else { return nil }
        var whole = Outcome()
        for key in keys.split(separator: ", ") {
            var one = translated
            one.command += ["PROCESS", String(key)]
            let outcome = try await send(one)
            if !whole.lines.isEmpty { whole.lines.append("") }
            whole.lines.append(style.paint(Printable.line(String(key)), .bold))
            whole.lines += outcome.lines
            whole.remarks += outcome.remarks
            if outcome.exit != .ok { whole.exit = outcome.exit }
        }
        return whole
    }

    private func refusal(_ line: String) -> Outcome {
        var outcome = Outcome(exit: ExitCode(errorLine: line))
        if let translated = Refusals.translated(line, style.language) {
            outcome.remarks.append(Printable.line(translated))
        } else if let friendlier = Rendering.friendlier(line) {
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
        guard let topic = topics.first, topic != "all" else {
            return Outcome(lines: Help.overview(style, isLong: !topics.isEmpty))
        }
        if let word = Words.find(Words.aliases[topic] ?? topic) {
            return Outcome(lines: Help.word(word, style))
        }
        let reply = try await session.run(["COMMAND", "DOCS"] + topics)
        let lines = Help.command(reply, style)
        guard lines.isEmpty else { return Outcome(lines: lines) }
        try await session.learnCommands()
        let known = await Array(session.commands.names) + Words.all.map(\.name)
        var remarks = [Phrase.helpUnknown(style.language, topic)]
        if let near = Spelling.nearest(to: topic, among: known) {
            remarks = [Phrase.unknownWord(style.language, topic, near)]
        }
        return Outcome(remarks: remarks, exit: .usage)
    }

    /// As many rows as the server sends of a list when nothing else is asked for.
    private static let page = 100

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
