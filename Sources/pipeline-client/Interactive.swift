import Glibc
import PipelineProtocol

/// The shell at a terminal: a prompt that counts what waits, pushes above it as they come, Ctrl-C
/// ends the line, Ctrl-D leaves. Lines come from a source that an editor can take the place of.
@MainActor
final class Interactive {
    private enum Event: Sendable {
        case line(LineReader.Line?)
        case interrupt
        case session(SessionEvent)
        case finished(number: Int, Outcome)
        case counted(Int)
    }

    private let runner: Runner
    private let input: LineReader
    private let events: AsyncStream<Event>
    private let post: AsyncStream<Event>.Continuation
    /// The step that runs, nil while a line is typed.
    private var running: Int?
    private var steps = 0
    private var isReading = false
    private var acknowledges = false
    private var waiting: Int?
    private var isCounting = false

    /// Older messages than these are only counted when the shell starts.
    private static let greetedMessages = 10

    init(_ runner: Runner, _ input: LineReader) {
        self.runner = runner
        self.input = input
        (events, post) = AsyncStream.makeStream(of: Event.self)
    }

    func run() async -> ExitCode {
        let post = post
        let interrupts = Terminal.onInterrupt { post.yield(.interrupt) }
        defer { interrupts.cancel() }
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
        prompt()
        for await event in events {
            if let exit = take(event) {
                await runner.session.close()
                return exit
            }
        }
        return .ok
    }

    private func begin() async throws {
        let session = runner.session
        try await session.learnCommands()
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

    /// What came while the person was away: the last few in full, the others as a number.
    private func greet(_ reply: Reply) async throws {
        let rows = reply.elements ?? []
        let recent = rows.suffix(Self.greetedMessages)
        if rows.count > recent.count {
            Terminal.errorLine(
                Phrase.unseenBefore(runner.style.language, String(rows.count - recent.count)))
        }
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
        case .line(let line):
            isReading = false
            guard let line else {
                Terminal.error("\n")
                return .ok
            }
            start(line)
        case .interrupt:
            if running != nil {
                running = nil
                Terminal.errorLine("\n" + Phrase.interruptedAnswer(runner.style.language))
            } else {
                Terminal.error("\n")
            }
            prompt()
        case .finished(let number, let outcome):
            guard running == number else { return nil }
            running = nil
            runner.show(outcome)
            if outcome.touchesApprovals { recount() }
            if outcome.leaves { return .ok }
            prompt()
        case .counted(let count):
            isCounting = false
            guard waiting != count else { return nil }
            above { waiting = count }
        case .session(let event):
            return take(event)
        }
        return nil
    }

    private func take(_ event: SessionEvent) -> ExitCode? {
        let language = runner.style.language
        switch event {
        case .push(let push):
            if push.content?.type?.hasPrefix("approval.") == true { recount() }
            above { Terminal.outLine(push.line(runner.style)) }
            if acknowledges {
                Task { try? await Watching(runner, WatchOptions()).acknowledge(push) }
            }
        case .lost:
            above { Terminal.errorLine(Phrase.reconnecting(language)) }
        case .reconnected:
            recount()
            above { Terminal.errorLine(Phrase.reconnected(language)) }
        case .gave(let failure):
            above { runner.show(runner.outcome(failure)) }
            return failure.exit
        case .alarm: break
        }
        return nil
    }

    /// Writes over the prompt and shows it again below.
    private func above(_ body: () -> Void) {
        guard running == nil else { return body() }
        Terminal.error(canErase ? "\r\u{1B}[K" : "\n")
        body()
        prompt()
    }

    private var canErase: Bool {
        runner.style.width != nil && getenv("TERM").map { String(cString: $0) } != "dumb"
    }

    private func start(_ line: LineReader.Line) {
        steps += 1
        let number = steps
        running = number
        Task {
            post.yield(.finished(number: number, await outcome(line)))
        }
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

    /// In the shell messages appear anyhow; `watch` shows the unacknowledged ones once more and
    /// follows further channels.
    private func watch(_ options: WatchOptions) async -> Outcome {
        acknowledges = options.acknowledge
        do {
            return try await Watching(runner, options).subscribe() ?? Outcome()
        } catch {
            return runner.outcome(error)
        }
    }

    private func prompt() {
        var text = ""
        if let waiting, waiting > 0 {
            text += "[\(Phrase.pending(runner.style.language, String(waiting)))] "
        }
        if let deal = runner.context.deal { text += "deal \(deal) " }
        Terminal.error(runner.style.paint(text + ">", .bold) + " ")
        guard !isReading else { return }
        isReading = true
        Task { [input, post] in post.yield(.line(await input.next())) }
    }

    /// Asked only after something happened to approvals, never while a line is typed; the loop does
    /// not wait for it.
    private func recount() {
        guard !isCounting else { return }
        isCounting = true
        Task { post.yield(.counted(await count() ?? waiting ?? 0)) }
    }

    private func count() async -> Int? {
        guard await runner.session.commands.knows("APPROVAL.LIST") else { return nil }
        let list = ["APPROVAL.LIST", "MINE", "STATUS", "pending", "LIMIT", "0", "1000"]
        let reply = try? await runner.session.run(list)
        return reply?.errorLine == nil ? reply?.elements?.count : nil
    }
}
