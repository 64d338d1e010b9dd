import PipelineProtocol

/// The full screen of `watch` at work: it asks the server what the model wants to know (S-4).
@MainActor
final class WatchView {
    private enum Event {
        case key(Key)
        case redraw
        /// What a key asked for is done.
        case answered
        case close
    }

    private let runner: Runner
    private let rows: () -> Int
    private var model = WatchModel()
    private let events: AsyncStream<Event>
    private let posting: AsyncStream<Event>.Continuation
    /// What the server is asked, one after the other and beside the keys, so that the screen can be
    /// left while nobody answers.
    private let requests: AsyncStream<(WatchModel.Request, isOfKey: Bool)>
    private let asking: AsyncStream<(WatchModel.Request, isOfKey: Bool)>.Continuation
    /// What a key asked for and has not got; the keys that follow wait, since it may change what they
    /// mean.
    private var pending: WatchModel.Request?
    private var ahead: [Key] = []
    /// How many approvals waited when the server was last asked; nil before that.
    private(set) var waiting: Int?

    init(_ runner: Runner, rows: @escaping () -> Int) {
        self.runner = runner
        self.rows = rows
        (events, posting) = AsyncStream.makeStream(of: Event.self)
        (requests, asking) = AsyncStream.makeStream()
    }

    /// Letters pressed at once arrive as one text; each is a key of its own here.
    func take(_ key: Key) {
        guard case .text(let text) = key else { return post(.key(key)) }
        for letter in text { post(.key(.text(String(letter)))) }
    }

    private func post(_ event: Event) { posting.yield(event) }
    private func refreshSoon() { asking.yield((.refresh, isOfKey: false)) }
    func resized() { post(.redraw) }
    func take(_ push: Push) { refreshSoon() }
    func close() { post(.close) }

    func lost() {
        model.isLost = true
        post(.redraw)
    }

    func reconnected() {
        model.isLost = false
        model.notice = Phrase.reconnected(runner.style.language)
        refreshSoon()
        post(.redraw)
    }

    func run() async -> Outcome {
        Screen.enter()
        let worker = Task {
            for await (request, isOfKey) in requests {
                await carryOut(request)
                post(isOfKey ? .answered : .redraw)
            }
        }
        defer {
            worker.cancel()
            Screen.leave()
        }
        refreshSoon()
        for await event in events {
            switch event {
            case .close: return Outcome()
            case .redraw: break
            case .key(let key): ahead.append(key)
            case .answered: pending = nil
            }
            if let outcome = takeKeys() { return outcome }
            draw()
        }
        return Outcome()
    }

    /// The keys that need not wait; the outcome when one of them leaves the screen.
    private func takeKeys() -> Outcome? {
        if pending != nil {
            // Who leaves need not wait until somebody answers.
            guard model.isLost, let last = ahead.last, WatchModel.leaving.contains(last) else {
                return nil
            }
            return left(last == .control("c") ? .interrupted : .ok)
        }
        while pending == nil, !ahead.isEmpty {
            switch model.take(ahead.removeFirst()) {
            case nil: break
            case .quit: return left(.ok)
            case .interrupt: return left(.interrupted)
            case let request?:
                pending = request
                asking.yield((request, isOfKey: true))
            }
        }
        return nil
    }

    private func left(_ exit: ExitCode) -> Outcome {
        var outcome = Outcome(exit: exit, touchesApprovals: true)
        if case .decide = pending {
            outcome.remarks = [Phrase.interruptedAnswer(runner.style.language)]
        }
        return outcome
    }

    private func draw() {
        let width = runner.style.width ?? 80
        model.height = rows()
        model.width = width
        Screen.draw(WatchScreen(style: runner.style, width: width, height: rows()).lines(model))
    }

    private func refresh() async {
        let approvals = await ask(["APPROVAL.LIST", "MINE", "STATUS", "pending"])
        let messages = await ask(["INBOX.LIST", "UNACKED", "COUNT", "200"])
        guard let approvals, let messages else { return }
        runner.learn(approvals)
        await runner.resolve(approvals)
        let named = runner.names.processes.named(approvals)
        let names = runner.names
        let pending = Set((approvals.elements ?? []).compactMap { $0["id"]?.text })
        model.show(
            (named.elements ?? []).compactMap { .init(approval: $0, names) }
                + (messages.elements ?? []).compactMap { .init(message: $0, pending: pending) })
        waiting = model.approvals
    }

    private func carryOut(_ request: WatchModel.Request) async {
        switch request {
        case .open(let deal):
            let parts = ["feedback", "tasks", "notes"]
            guard let reply = await ask(["OPP.GET", deal, "WITH", "3"] + parts) else { return }
            await runner.resolve(reply)
            model.mode = .page(lines: DealPage.lines(reply, runner.style, runner.names), top: 0)
        case .prepare(let approval, let deal, let approves):
            guard let request = await ask(["APPROVAL.GET", approval]) else { return }
            var page: Reply?
            if let deal { page = await ask(["OPP.GET", deal, "WITH", "2", "feedback", "tasks"]) }
            await runner.resolve(.array([request, page ?? .null]))
            let summary = ApprovalPage.lines(request, deal: page, runner.style, runner.names)
            model.mode = .deciding(
                .init(approval: approval, approves: approves, summary: summary))
        case .decide(let approval, let approves, let note):
            let command = [approves ? "APPROVAL.APPROVE" : "APPROVAL.REJECT", approval]
            let done = await ask(command + (note.isEmpty ? [] : ["NOTE", note]))
            if done != nil { await runner.acknowledgeRequest(of: approval) }
            await refresh()
            guard done != nil else { return }
            let phrase = approves ? Phrase.watchApproved : .watchRejected
            model.notice = phrase(runner.style.language, approval)
        case .acknowledge(let sequence):
            _ = await ask(["INBOX.ACK", String(sequence)])
            await refresh()
        case .refresh: await refresh()
        case .explain: model.notice = Phrase.watchNoApproval(runner.style.language)
        case .quit, .interrupt: break
        }
    }

    /// Nil when it was refused, which the last line then says.
    private func ask(_ command: [String]) async -> Reply? {
        do {
            let reply = try await runner.session.run(command)
            guard let line = reply.errorLine else { return reply }
            let readable = ServerText.readable(line)
            model.notice = Printable.line(
                Refusals.translated(readable, runner.style.language, runner.names.processes)
                    ?? readable)
        } catch {
            model.notice = Rendering.remarks(error, runner.style.language).joined(separator: " ")
        }
        return nil
    }
}
