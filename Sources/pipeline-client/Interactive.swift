import Glibc
import PipelineProtocol

/// The shell at a terminal: a prompt that counts what waits, pushes above it as they come, Ctrl-C
/// ends the line, Ctrl-D leaves.
@MainActor
final class Interactive {
    enum Event: Sendable {
        case front(FrontEvent)
        case bytes([UInt8])
        case resized
        case interrupt
        case session(SessionEvent)
        case finished(number: Int, Outcome)
        case counted(Int?)
    }

    let runner: Runner
    private let input: LineReader
    private let environment: [String: String]
    private let events: AsyncStream<Event>
    private let post: AsyncStream<Event>.Continuation
    private var front: (any LineFront)?
    private var editor: EditorFront? { front as? EditorFront }
    /// The step that runs, nil while a line is typed.
    private var running: Int?
    private var steps = 0
    private var acknowledges = false
    private var waiting: Int?
    private var isCounting = false
    private var countAgain = false
    private var question: CheckedContinuation<String?, Never>?
    private var view: WatchView?
    /// What is run at once, after which the shell leaves; nil to ask for lines.
    private let only: String?

    /// Older messages than these are only counted when the shell starts.
    private static let greetedMessages = 10

    init(
        _ runner: Runner, _ input: LineReader, _ environment: [String: String],
        only: String? = nil
    ) {
        self.only = only
        self.runner = runner
        self.input = input
        self.environment = environment
        (events, post) = AsyncStream.makeStream(of: Event.self)
    }

    /// Whether the line editor can be used here.
    private var canEdit: Bool {
        environment["TERM"] != "dumb" && Terminal.isTerminal(STDOUT_FILENO)
    }

    func run() async -> ExitCode {
        let post = post
        let relay = Task { [session = runner.session] in
            for await event in session.events { post.yield(.session(event)) }
        }
        defer { relay.cancel() }
        do {
            try await begin()
        } catch {
            runner.show(runner.outcome(error))
            return runner.outcome(error).exit
        }
        let sources = openFront()
        defer {
            withExtendedLifetime(sources) {}
            front?.close()
        }
        if let only {
            start(LineReader.Line(text: only))
        } else {
            prompt()
            Task { await learn() }
        }
        for await event in events {
            if let exit = take(event) {
                await runner.session.close()
                return exit
            }
        }
        return .ok
    }

    private func openFront() -> [Any] {
        let post = post
        let style: () -> Style = { [runner] in runner.style }
        guard canEdit else {
            front = PlainFront(input, style: style) { post.yield(.front($0)) }
            return [Terminal.onInterrupt { post.yield(.interrupt) }]
        }
        let history = History(directory: runner.directory, profile: runner.profile)
        let vocabulary: () -> Vocabulary = { [runner] in runner.vocabulary }
        front = EditorFront(history: history, style: style, vocabulary: vocabulary) {
            post.yield(.front($0))
        }
        return [
            RawTerminal.onBytes { post.yield(.bytes($0)) },
            RawTerminal.onResize { post.yield(.resized) },
            RawTerminal.restoreOnSignals() as Any, Terminal.onInterrupt { post.yield(.interrupt) },
        ]
    }

    private func begin() async throws {
        let session = runner.session
        try await session.learnCommands()
        runner.confirm = { [weak self] question in await self?.ask(question) }
        runner.remember = { [weak self] line in self?.editor?.remember(line) }
        guard only == nil else {
            _ = try await session.run(["SUBSCRIBE", "inbox"])
            return
        }
        Terminal.errorLine(
            runner.style.paint(
                Phrase.welcome(
                    runner.style.language, runner.server.endpoint, runner.context.user ?? ""),
                .dim))
        waiting = await count()
        guard await session.commands.knows("INBOX.LIST") else { return }
        try await greet(try await session.run(["INBOX.LIST", "UNACKED", "COUNT", "1000"]))
        _ = try await session.run(["SUBSCRIBE", "inbox"])
    }

    /// What Tab completes with: the server's command table and what the person is likely to name,
    /// asked once and while nobody waits (S-3).
    private func learn() async {
        let session = runner.session
        if let docs = try? await session.run(["COMMAND", "DOCS"]) {
            runner.vocabulary.forms = CommandForm.all(in: docs)
        }
        let wanted = [
            ["PERSON.LIST", "LIMIT", "0", "500"], ["CUSTOMER.LIST", "LIMIT", "0", "500"],
            ["UNIT.TREE"], ["PROCESS.LIST"], ["OPP.LIST", "OUTCOME", "open", "LIMIT", "0", "500"],
            ["APPROVAL.LIST", "MINE", "STATUS", "pending"],
        ]
        for command in wanted where await session.commands.knows(command[0]) {
            guard let reply = try? await session.run(command) else { continue }
            runner.learn(reply)
        }
    }

    /// What came while the person was away: the last few in full, the others as a number.
    private func greet(_ reply: Reply) async throws {
        let rows = reply.elements ?? []
        let recent = rows.suffix(Self.greetedMessages)
        if rows.count > recent.count {
            Terminal.errorLine(
                Phrase.unseenBefore(runner.style.language, String(rows.count - recent.count)))
        }
        runner.learn(reply)
        for row in recent {
            let push = Push(channel: "inbox", payload: JSONText.compact(row))
            Terminal.outLine(push.line(runner.style))
        }
        if let last = rows.last?["seq"]?.integer {
            await runner.session.sawInbox(upTo: last)
        }
    }

    /// The exit code when it is time to leave.
    private func take(_ event: Event) -> ExitCode? {
        switch event {
        case .front(let event): return take(event)
        case .bytes(let bytes): editor?.feed(bytes)
        case .resized:
            runner.style.width = Terminal.width(STDOUT_FILENO, environment)
            view?.resized()
            editor?.resized()
        case .interrupt: interrupt()
        case .finished(let number, let outcome):
            guard running == number else { return nil }
            running = nil
            runner.show(outcome)
            if outcome.touchesApprovals { recount() }
            if outcome.leaves || only != nil { return outcome.exit }
            prompt()
        case .counted(let count):
            isCounting = false
            if countAgain { recount() }
            guard let count, waiting != count else { return nil }
            waiting = count
            if running == nil { front?.change(promptText) }
        case .session(let event): return take(event)
        }
        return nil
    }

    private func take(_ event: FrontEvent) -> ExitCode? {
        if let asked = question {
            question = nil
            if case .line(let answer) = event {
                asked.resume(returning: answer)
            } else {
                asked.resume(returning: nil)
            }
            return nil
        }
        switch event {
        case .line(nil):
            if !canEdit { Terminal.error("\n") }
            return .ok
        case .line(let line?): start(LineReader.Line(text: line))
        case .notUTF8: start(LineReader.Line(text: nil))
        case .interrupt: interrupt()
        }
        return nil
    }

    private func interrupt() {
        if running != nil {
            running = nil
            runner.cancel()
            Terminal.errorLine("\n" + Phrase.interruptedAnswer(runner.style.language))
        } else if !canEdit {
            Terminal.error("\n")
        }
        prompt()
    }

    private func take(_ event: SessionEvent) -> ExitCode? {
        let language = runner.style.language
        switch event {
        case .push(let push):
            runner.vocabulary.seen.learn(push)
            if push.content?.type?.hasPrefix("approval.") == true { recount() }
            if let view {
                view.take(push)
                return nil
            }
            above { Terminal.outLine(push.line(runner.style)) }
            if acknowledges {
                Task { try? await Watching(runner, WatchOptions()).acknowledge(push) }
            }
        case .lost:
            if let view {
                view.lost()
            } else {
                above { Terminal.errorLine(Phrase.reconnecting(language)) }
            }
        case .reconnected:
            recount()
            if let view {
                view.reconnected()
            } else {
                above { Terminal.errorLine(Phrase.reconnected(language)) }
            }
        case .gave(let failure):
            view?.close()
            above { runner.show(runner.outcome(failure)) }
            return failure.exit
        case .alarm: break
        }
        return nil
    }

    private func above(_ body: () -> Void) {
        guard running == nil || question != nil, let front else { return body() }
        front.above(body)
    }

    private func start(_ line: LineReader.Line) {
        steps += 1
        let number = steps
        running = number
        Task { post.yield(.finished(number: number, await outcome(line))) }
    }

    private func outcome(_ line: LineReader.Line) async -> Outcome {
        do throws(Failure) {
            let words = try Lines.words(line)
            guard !words.isEmpty else { return Outcome() }
            return await runner.run(words) { options in await watch(options) }
        } catch {
            return runner.outcome(error)
        }
    }

    /// One line typed in answer to a question; nil when it was broken off.
    private func ask(_ text: String) async -> String? {
        await withCheckedContinuation { continuation in
            question = continuation
            front?.begin(text, isQuestion: true)
        }
    }

    /// The full screen; with channels or options of its own, messages appear as lines.
    private func watch(_ options: WatchOptions) async -> Outcome {
        if options == WatchOptions(), let editor {
            let view = WatchView(runner, rows: RawTerminal.rows)
            self.view = view
            editor.diversion = { [weak view] key in view?.take(key) }
            let outcome = await view.run()
            editor.diversion = nil
            self.view = nil
            // What the screen knew, should nobody answer now.
            waiting = view.waiting ?? waiting
            return outcome
        }
        acknowledges = options.acknowledge
        do {
            return try await Watching(runner, options).subscribe() ?? Outcome()
        } catch {
            return runner.outcome(error)
        }
    }

    private var promptText: String {
        var text = ""
        if let waiting, waiting > 0 {
            text += "[\(Phrase.pending(runner.style.language, String(waiting)))] "
        }
        if let deal = runner.context.deal { text += "\(deal) " }
        return text + ">"
    }

    private func prompt() { front?.begin(promptText, isQuestion: false) }

    /// Asked only after something happened to approvals, never while a line is typed; the loop does
    /// not wait for it.
    private func recount() {
        countAgain = isCounting
        guard !isCounting else { return }
        isCounting = true
        Task { post.yield(.counted(await count())) }
    }

    private func count() async -> Int? {
        guard let reply = try? await runner.session.run(["ME"]) else { return nil }
        return reply["approvals"]?.integer.map { Int(clamping: $0) }
    }
}
