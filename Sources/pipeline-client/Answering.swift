import PipelineProtocol

/// From an answer of the server to what a person or a program gets to see of it.
extension Runner {
    /// As many rows as the server sends of a list when nothing else is asked for.
    private static let page = 100

    /// A screen for people has names; programs get what the server said.
    private var isForPeople: Bool { style.format == .text && style.width != nil }

    func send(_ translated: Translated) async throws -> Outcome {
        let reply = try await session.run(translated.command)
        if let line = reply.errorLine {
            return try await another(translated, line) ?? refusal(line)
        }
        learn(reply)
        switch translated.deal {
        case .none: break
        case .open(let id): context.deal = id
        case .openAnswered: if let id = reply["id"]?.text { context.deal = id }
        }
        if isForPeople { await resolve(reply) }
        var outcome = try await shown(reply, of: translated)
        let name = translated.command.first?.uppercased() ?? ""
        if name.hasSuffix(".LIST"), style.format == .text, reply.elements?.count == Self.page,
            !Words.has("LIMIT", in: translated.command), !Words.has("COUNT", in: translated.command)
        {
            outcome.remarks.append(Phrase.moreRows(style.language, String(Self.page)))
        }
        outcome.touchesApprovals = name.hasPrefix("APPROVAL.") || name == "EXEC"
        if isInteractive, ["APPROVAL.APPROVE", "APPROVAL.REJECT"].contains(name) {
            await acknowledgeRequest(of: translated.command[1])
        }
        return outcome
    }

    /// Whoever has decided needs to be told no more that it waits.
    func acknowledgeRequest(of approval: String) async {
        guard let rows = try? await session.run(["INBOX.LIST", "UNACKED", "COUNT", "1000"]) else {
            return
        }
        let sequences = (rows.elements ?? []).compactMap { row -> String? in
            guard row["type"]?.text == "approval.requested",
                row["approval"]?["id"]?.text == approval
            else { return nil }
            return row["seq"]?.integer.map { String($0) }
        }
        guard !sequences.isEmpty else { return }
        _ = try? await session.run(["INBOX.ACK"] + sequences)
    }

    private func shown(_ reply: Reply, of translated: Translated) async throws -> Outcome {
        let command = translated.command
        let name = command.first?.uppercased() ?? ""
        if let chart = Charts.lines(command, reply, style, names) { return Outcome(lines: chart) }
        var reply = reply
        if isForPeople, !style.expanded {
            let deal = command.dropFirst().first ?? ""
            let process = names.processes.process(of: reply["id"]?.text ?? deal)
            if let line = Receipt.line(reply, style, names, process: process) {
                return Outcome(lines: [line], remarks: try await next(name, reply))
            }
            if name == "OPP.GET", translated.deal != .none {
                return Outcome(lines: DealPage.lines(reply, style, names))
            }
            if name == "OPP.GUIDE",
                let page = GuidePage.lines(reply, style, names, process: process)
            {
                return Outcome(lines: page)
            }
            reply = names.processes.named(reply, of: names.processes.process(of: deal))
        }
        let output = Rendering.render(reply, style, columns: translated.columns, names: names)
        return Outcome(lines: output.lines, remarks: output.remarks)
    }

    /// What the deal's stage still needs, after a step of it.
    private func next(_ command: String, _ reply: Reply) async throws -> [String] {
        guard isInteractive, Receipt.steps.contains(command), reply["status"]?.text != "pending",
            let deal = reply["id"]?.text
        else { return [] }
        return Receipt.next(try await session.run(["OPP.GUIDE", deal]), style).map { [$0] } ?? []
    }

    /// Where a process must be named: a funnel is shown of one after the other, and a new deal's is
    /// asked for. Nil where that is not what the refusal is about.
    private func another(_ translated: Translated, _ line: String) async throws -> Outcome? {
        let deals = "INVALID PROCESS: the deals follow several processes, name one of *"
        if isForPeople, let keys = Refusals.match(deals, line)?.first {
            return try await eachProcess(translated, keys.split(separator: ", ").map(String.init))
        }
        let fit = "INVALID PROCESS: * and * fit equally well; name one"
        guard let confirm, let listed = Refusals.match(fit, line) else { return nil }
        let keys = listed.flatMap {
            $0.replacing(" and ", with: ", ").split(separator: ", ").map(String.init)
        }
        await learnProcesses()
        guard let key = await process(of: keys, confirm) else {
            return Outcome(remarks: [Phrase.notDecided(style.language)])
        }
        var named = translated
        named.command += ["PROCESS", key]
        return try await send(named)
    }

    /// Asked until it is one of them, by its key or its name; nil when the person gave up.
    private func process(of keys: [String], _ confirm: (String) async -> String?) async -> String? {
        let listed = keys.map { key in
            names.processes[key]?.name.map { "\(key) \($0)" } ?? key
        }.joined(separator: ", ")
        while let answer = await confirm(Phrase.askProcess(style.language, Printable.line(listed)))
        {
            let typed = String(answer.withoutBlanks)
            if typed.isEmpty { return nil }
            if let key = keys.first(where: { $0 == typed || names.processes[$0]?.name == typed }) {
                return key
            }
            Terminal.errorLine(Phrase.askOneOf(style.language, Printable.line(listed)))
        }
        return nil
    }

    private func eachProcess(_ translated: Translated, _ keys: [String]) async throws -> Outcome {
        var whole = Outcome()
        for key in keys {
            var one = translated
            one.command += ["PROCESS", key]
            let outcome = try await send(one)
            if !whole.lines.isEmpty { whole.lines.append("") }
            whole.lines.append(style.paint(Printable.line(key), .bold))
            whole.lines += outcome.lines
            whole.remarks += outcome.remarks
            if outcome.exit != .ok { whole.exit = outcome.exit }
        }
        return whole
    }

    private func refusal(_ line: String) -> Outcome {
        var outcome = Outcome(exit: ExitCode(errorLine: line))
        let line = ServerText.readable(line)
        if let translated = Refusals.translated(line, style.language, names.processes) {
            outcome.remarks.append(Printable.line(translated))
        } else if let friendlier = Rendering.friendlier(line) {
            outcome.remarks.append(friendlier(style.language))
        }
        outcome.remarks.append(Printable.line(line))
        return outcome
    }

    func outcome(_ error: any Error) -> Outcome {
        if let refused = error as? ServerRefusal { return refusal(refused.line) }
        return Outcome(
            remarks: Rendering.remarks(error, style.language),
            exit: (error as? Failure)?.exit ?? .connect)
    }
}
