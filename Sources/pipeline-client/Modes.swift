/// Arguments → one command.
@MainActor
struct OneCommand {
    private let runner: Runner

    init(_ runner: Runner) {
        self.runner = runner
    }

    func run(_ words: [String]) async -> ExitCode {
        let outcome = await runner.run(words) { options in
            await Watching(runner, options).run()
        }
        runner.show(outcome)
        await runner.session.close()
        return outcome.exit
    }
}

/// Piped input: one command a line, until the first that fails.
@MainActor
struct Script {
    private let runner: Runner
    private let input: LineReader
    private let keepsGoing: Bool

    init(_ runner: Runner, _ input: LineReader, keepsGoing: Bool) {
        self.runner = runner
        self.input = input
        self.keepsGoing = keepsGoing
    }

    /// The exit code of the first line that failed.
    func run() async -> ExitCode {
        var exit = ExitCode.ok
        var number = 0
        while let line = await input.next() {
            number += 1
            let outcome = await run(line)
            let language = runner.style.language
            runner.show(outcome) { remark in
                outcome.exit == .ok
                    ? remark : Phrase.lineFailed(language, String(number), remark)
            }
            if outcome.leaves { break }
            if outcome.exit == .ok { continue }
            if exit == .ok { exit = outcome.exit }
            if !keepsGoing || outcome.exit == .connect { break }
        }
        await runner.session.close()
        return exit
    }

    private func run(_ line: LineReader.Line) async -> Outcome {
        do {
            let words = try Lines.words(line)
            guard !words.isEmpty else { return Outcome() }
            // The whole table at once: a script asks about many commands, also within MULTI.
            try await runner.session.learnCommands()
            return await runner.run(words) { options in await Watching(runner, options).run() }
        } catch {
            return runner.outcome(error)
        }
    }
}

/// Lines of input as words.
enum Lines {
    static func words(_ line: LineReader.Line) throws(Failure) -> [String] {
        guard let text = line.text else { throw Failure(.usage, .notUTF8) }
        // A backslash command is one word; elsewhere the backslash quotes.
        let bare = text.filter { !$0.isWhitespace }
        if bare.hasPrefix("\\"), Words.aliases[bare] != nil { return [bare] }
        do throws(LineSplitter.Problem) {
            return try LineSplitter.split(text)
        } catch {
            switch error {
            case .unbalancedQuote(let quote):
                throw Failure(.usage, .unbalancedQuote, String(quote))
            }
        }
    }
}

/// `watch`: each message a line as it comes, until interrupted, counted out or timed out.
@MainActor
struct Watching {
    private let runner: Runner
    private let options: WatchOptions
    private static let alarmNumber = 1

    init(_ runner: Runner, _ options: WatchOptions) {
        self.runner = runner
        self.options = options
    }

    func run() async -> Outcome {
        let session = runner.session
        let alarm = options.seconds.map { session.alarm(Self.alarmNumber, after: $0) }
        defer { alarm?.cancel() }
        do {
            if let refused = try await subscribe() { return refused }
            let seen = try await follow()
            return timedOut(seen)
        } catch {
            return runner.outcome(error)
        }
    }

    /// Subscribing shows everything unacknowledged first (P-7).
    func subscribe() async throws -> Outcome? {
        let session = runner.session
        await session.forgetSeen()
        let patterns = options.channels.filter { $0.contains("*") }
        let channels = options.channels.filter { !$0.contains("*") }
        for (verb, names) in [("SUBSCRIBE", channels), ("PSUBSCRIBE", patterns)] {
            guard !names.isEmpty else { continue }
            let reply = try await session.run([verb] + names)
            if let line = reply.errorLine {
                return Outcome(remarks: [line], exit: ExitCode(errorLine: line))
            }
        }
        return nil
    }

    /// How many messages came before the time was over; nil when as many came as were wanted.
    private func follow() async throws -> Int? {
        var seen = 0
        for await event in runner.session.events {
            switch event {
            case .push(let push):
                Terminal.outLine(push.line(runner.style))
                if options.acknowledge { try await acknowledge(push) }
                seen += 1
                if seen == options.count { return nil }
            case .lost: Terminal.errorLine(Phrase.reconnecting(runner.style.language))
            case .reconnected: Terminal.errorLine(Phrase.reconnected(runner.style.language))
            case .gave(let failure): throw failure
            case .alarm: return seen
            }
        }
        throw Failure.lost
    }

    func acknowledge(_ push: Push) async throws {
        guard let sequence = push.inboxSequence else { return }
        let reply = try await runner.session.run(["INBOX.ACK", String(sequence)])
        if let line = reply.errorLine { Terminal.errorLine(Printable.line(line)) }
    }

    private func timedOut(_ seen: Int?) -> Outcome {
        guard let seen, let count = options.count, let seconds = options.seconds else {
            return Outcome()
        }
        let spelled = seconds == seconds.rounded() ? String(Int(seconds)) : String(seconds)
        return Outcome(
            remarks: [
                Phrase.watchTimeout(
                    runner.style.language, String(seen), String(count), spelled)
            ], exit: .server)
    }
}
