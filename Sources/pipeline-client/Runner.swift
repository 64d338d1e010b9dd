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
    /// Keeps a line that was completed by questions, as if it had been typed.
    var remember: ((String) -> Void)?
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

    func learnProcesses() async {
        names = await names.resolvingProcesses(session)
    }

    /// The process that a deal follows.
    func definition(of deal: String) async -> ProcessBook.Definition? {
        await learnProcesses()
        if names.processes.process(of: deal) == nil,
            let reply = try? await session.run(["OPP.GET", deal])
        {
            learn(reply)
        }
        return names.processes.process(of: deal).flatMap { names.processes[$0] }
    }

    /// A long job is given up between two of its steps.
    func cancel() { importer?.cancel() }

    /// One split line. `watch` is given to `watching`.
    func run(_ words: [String], watching: (WatchOptions) async -> Outcome) async -> Outcome {
        do {
            guard let words = try await asked(words) else {
                return Outcome(remarks: [Phrase.notDecided(style.language)])
            }
            switch try Words.step(words, context: context) {
            case .command(let translated):
                return try await run(translated, typed: words)
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
                guard let language = Language(named: name) else {
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

    private func asked(_ words: [String]) async throws -> [String]? {
        guard let confirm else { return words }
        return try await Asking(runner: self, confirm: confirm).completed(words)
    }

    private func run(_ translated: Translated, typed words: [String]) async throws -> Outcome {
        try await refuseUnknown(words, translated)
        var translated = translated
        let isWord = translated.command != words
        // What is typed as a command of the server is sent as it is.
        let resolved = isWord ? try await Lookup(runner: self).resolved(translated.command) : words
        guard let resolved, try await isConfirmed(resolved, isWord: isWord) else {
            return Outcome(remarks: [Phrase.notDecided(style.language)])
        }
        translated.command = resolved
        return try await send(translated)
    }

    /// A first word that is neither ours nor the server's comes with the nearest of ours. What has the
    /// look of a wire command is the server's to judge.
    private func refuseUnknown(_ words: [String], _ translated: Translated) async throws {
        guard let name = words.first, translated.command == words, !Words.looksLikeWire(name)
        else { return }
        try await session.learnCommands()
        if await session.commands.knows(name) { return }
        let known = Words.all.map(\.name) + Words.chinese.values
        guard let near = Spelling.nearest(to: name, among: known) else {
            throw Failure(.usage, .noSuchWord, Printable.line(name))
        }
        throw Failure(.usage, .unknownWord, Printable.line(name), near)
    }

    /// Whoever approves in the shell first sees how much, whose, and what was filled (S-4).
    private func isConfirmed(_ command: [String], isWord: Bool) async throws -> Bool {
        guard let confirm, isWord, command.first == "APPROVAL.APPROVE", command.count > 1
        else { return true }
        let approval = try await session.run(["APPROVAL.GET", command[1]])
        guard approval.errorLine == nil else { return true }
        var deal: Reply?
        if let id = approval["opportunity"]?.text {
            deal = try await session.run(["OPP.GET", id, "WITH", "2", "feedback", "tasks"])
        }
        await resolve(.array([approval, deal ?? .null]))
        let page = ApprovalPage.lines(
            approval, deal: deal?.errorLine == nil ? deal : nil, style, names)
        Terminal.outLine(page.joined(separator: "\n"))
        let id = approval["id"]?.text ?? command[1]
        return Answers.isYes(await confirm(Phrase.askApprove(style.language, id)))
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

    /// Prints what came of a step; remarks in red where the step failed.
    func show(_ outcome: Outcome, prefix: (String) -> String = { $0 }) {
        if !outcome.lines.isEmpty {
            Terminal.out(outcome.lines.joined(separator: "\n") + "\n")
        }
        for (place, remark) in outcome.remarks.enumerated() {
            // The server's own line, which follows what it means, is there for who looks for it.
            let isFirst = place == 0 && outcome.exit != .ok
            Terminal.errorLine(style.paint(prefix(remark), isFirst ? .red : .dim))
        }
    }
}
