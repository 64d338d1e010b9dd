import PipelineProtocol

/// One value that a person at a terminal is asked for who leaves it out.
struct Ask: Sendable {
    enum Form: Sendable {
        case text, amount, date
        /// One of the reasons that the deal's process lists.
        case reason
        /// One of those for which a deal should never have been one.
        case invalidReason
        /// Everything that the deal's stage still asks for.
        case missingFeedback
        /// One of the tasks of the deal's stage that are not done.
        case openTask
    }

    let label: Translation
    /// Put before the value; such a one may be left empty.
    var keyword: String?
    var form = Form.text

    init(_ english: String, _ chinese: String, _ keyword: String? = nil, _ form: Form = .text) {
        label = Translation(english, chinese)
        self.keyword = keyword
        self.form = form
    }

    private init(_ form: Form, _ english: String, _ chinese: String) {
        self.init(english, chinese, nil, form)
    }

    static let reason = Ask(.reason, "Reason", "原因")
    static let invalidReason = Ask(.invalidReason, "Reason", "原因")
    static let missingFeedback = Ask(.missingFeedback, "Feedback", "反馈")
    static let openTask = Ask(.openTask, "Task", "任务")
}

/// Asks for what a word lacks (S-2). Only where somebody can be asked.
@MainActor
struct Asking {
    let runner: Runner
    let confirm: (String) async -> String?

    private enum Ending: Error {
        case givenUp
    }

    private var language: Language { runner.style.language }

    /// The line with what was asked for; nil when the person gave up.
    func completed(_ line: [String]) async throws -> [String]? {
        guard let first = line.first, let word = Words.find(Words.aliases[first] ?? first),
            !word.asks.isEmpty
        else { return line }
        var arguments = Array(line.dropFirst())
        var deal = runner.context.deal
        var given = arguments.count
        if word.takes.first == .deal {
            if given == 1, let named = Words.identifier(arguments[0], "o") {
                deal = named
                given = 0
            }
            guard deal != nil else { return line }
        }
        guard given < word.asks.count(where: { $0.keyword == nil }) else { return line }
        do {
            for ask in word.asks.dropFirst(given) {
                arguments += try await values(ask, deal ?? "")
            }
        } catch Ending.givenUp {
            return nil
        }
        let completed = [first] + arguments
        // One arrow up brings it back, where the server refuses one of the answers.
        runner.remember?(completed.map(LineSplitter.quote).joined(separator: " "))
        return completed
    }

    private func values(_ ask: Ask, _ deal: String) async throws -> [String] {
        switch ask.form {
        case .missingFeedback: return try await feedback(deal)
        case .openTask: return try await task(deal)
        case .reason, .invalidReason:
            let definition = await runner.definition(of: deal)
            let reasons =
                (ask.form == .reason ? definition?.lossReasons : definition?.invalidReasons) ?? []
            let hint = reasons.isEmpty ? "" : " (" + reasons.joined(separator: ", ") + ")"
            let again = Phrase.askOneOf(language, reasons.joined(separator: ", "))
            return [
                try await answer(ask.label(language) + hint, isOptional: false, again) { text in
                    reasons.isEmpty || reasons.contains(text) ? text : nil
                }
            ]
        case .text, .amount, .date: break
        }
        let again = ask.form == .amount ? Phrase.askAmountAgain : .askDayAgain
        let text = try await answer(
            ask.label(language), isOptional: ask.keyword != nil, again(language)
        ) { text in
            switch ask.form {
            case .amount: Typed.amount(text)
            case .date: Typed.date(text)
            default: text
            }
        }
        guard let keyword = ask.keyword else { return [text] }
        return text.isEmpty ? [] : [keyword, text]
    }

    /// Asked again until it is understood; empty only where that is allowed.
    private func answer(
        _ label: String, isOptional: Bool, _ again: String = "",
        _ understand: (String) -> String? = { $0 }
    ) async throws -> String {
        let colon = language == .chinese ? "：" : ":"
        let optional = isOptional ? " " + Phrase.askOptional(language) : ""
        while true {
            guard let typed = await confirm(Printable.line(label) + optional + colon) else {
                throw Ending.givenUp
            }
            let text = String(typed.withoutBlanks)
            if text.isEmpty {
                if isOptional { return "" }
                continue
            }
            if let understood = understand(text) { return understood }
            Terminal.errorLine(again)
        }
    }

    private func rows(_ part: String, _ deal: String) async throws -> [Reply] {
        let reply = try await runner.session.run(["OPP.GET", deal, "WITH", "1", part])
        if let line = reply.errorLine { throw ServerRefusal(line: line) }
        let stage = reply["stage"]?.text
        return (reply[part]?.elements ?? []).filter { $0["stage"]?.text == stage }
    }

    private func feedback(_ deal: String) async throws -> [String] {
        var values: [String] = []
        let missing = try await rows("feedback", deal).filter { ($0["value"] ?? .null) == .null }
        for row in missing {
            guard let key = row["key"]?.text else { continue }
            let label = row["name"]?.text ?? key
            let text = try await answer(label, isOptional: row["required"]?.boolean != true)
            if !text.isEmpty { values += [key, text] }
        }
        if missing.isEmpty { throw Failure(.ok, .nothingMissing) }
        if values.isEmpty { throw Ending.givenUp }
        return values
    }

    private func task(_ deal: String) async throws -> [String] {
        let open = try await rows("tasks", deal).filter { $0["done"]?.boolean != true }
        guard !open.isEmpty else { throw Failure(.ok, .nothingMissing) }
        let names = open.map { $0["name"]?.text ?? "" }
        let keys = open.map { $0["key"]?.text ?? "" }
        for (place, name) in names.enumerated() {
            Terminal.outLine("  \(place + 1)  " + Printable.line(name))
        }
        let again = Phrase.askOneOf(language, "1–\(keys.count)")
        let chosen = try await answer(Phrase.askWhich(language), isOptional: false, again) { text in
            if let place = Int(text) {
                return keys.indices.contains(place - 1) ? keys[place - 1] : nil
            }
            if let place = names.firstIndex(of: text) { return keys[place] }
            return keys.contains(text) ? text : nil
        }
        return [chosen]
    }
}

/// A refusal of the server in answer to what the shell asked by itself.
struct ServerRefusal: Error {
    let line: String
}

extension String {
    var withoutBlanks: Substring {
        var text = self[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
