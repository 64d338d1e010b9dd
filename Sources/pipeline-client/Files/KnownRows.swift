import PipelineProtocol

/// What is in the company already, as far as an import must know: fetched once, in pages.
struct KnownRows {
    struct Deal {
        var id: String
        var stage: String
    }

    private var keys: Set<String> = []
    /// Ids by the customers' names, and the ids themselves.
    private var customers: [String: String] = [:]
    /// Deals that were entered and nothing else: an import that was broken off.
    private(set) var begun: [String: Deal] = [:]

    /// Whether the person may put deals past their gates: whoever enters a deal owns it, and only an
    /// admin may override what is their own.
    private(set) var mayMove = true
    private var processes = ProcessBook()

    init() {}

    @MainActor
    init(_ noun: FileNoun, _ session: Session) async throws {
        switch noun {
        case .customers:
            for row in try await session.pages(["CUSTOMER.LIST"]) {
                if let name = row["name"]?.text { keys.insert(name.lowercased()) }
            }
        case .leads:
            for row in try await session.pages(["LEAD.LIST"]) {
                keys.insert(noun.key.map { row[$0]?.text ?? "" }.joined(separator: "\u{1F}"))
            }
        case .deals: try await learnDeals(session)
        }
    }

    @MainActor
    private mutating func learnDeals(_ session: Session) async throws {
        for row in try await session.pages(["CUSTOMER.LIST"]) {
            guard let id = row["id"]?.text, let name = row["name"]?.text else { continue }
            customers[name.lowercased()] = id
            customers[id] = customers[id] ?? id
        }
        let me = try await session.run(["ME"])
        mayMove = me["role"]?.text?.split(separator: ",").contains("admin") ?? false
        processes = await Names().resolvingProcesses(session).processes
        let fields = ["FIELDS", "5", "id", "extid", "stage", "outcome", "rev"]
        for row in try await session.pages(["OPP.LIST"] + fields) {
            guard let id = row["id"]?.text else { continue }
            let key = row["extid"]?.text ?? id
            keys.insert(key)
            if row["rev"]?.integer == 1, row["outcome"]?.text == "open" {
                begun[key] = Deal(id: id, stage: row["stage"]?.text ?? "")
            }
        }
    }

    func has(_ key: String) -> Bool { keys.contains(key) }

    func customer(_ name: String) -> String? { customers[name.lowercased()] }

    /// The key of the stage that a row gives by key or by name.
    func stage(_ row: FileRow) -> String {
        let stage = row["stage"]
        let stages = processes[row["process"]]?.stages ?? []
        return stages.first { $0.key == stage || $0.name == stage }?.key ?? stage
    }

    /// What the server would not say before the deal exists.
    func fault(_ row: FileRow, _ noun: FileNoun, _ language: Language) -> (
        column: String, text: String
    )? {
        guard noun == .deals, !has(row.key(noun)) else { return nil }
        if customer(row["customer"]) == nil {
            return ("customer", Phrase.importCustomer(language, row["customer"]))
        }
        let stage = stage(row)
        let definition = processes[row["process"]]
        let stages = definition?.stages.map(\.key) ?? []
        if !stage.isEmpty, !stages.isEmpty, !stages.contains(stage) {
            let text = Phrase.importStage(language, stage, stages.joined(separator: ", "))
            return ("stage", text)
        }
        let outcome = row["outcome"]
        let outcomes = ["open", "won", "lost", "invalid"]
        if !outcome.isEmpty, !outcomes.contains(outcome) {
            let text = Phrase.importStage(language, outcome, outcomes.joined(separator: ", "))
            return ("outcome", text)
        }
        if ["lost", "invalid"].contains(outcome), row["reason"].isEmpty {
            return ("reason", Phrase.importKept(language, "reason"))
        }
        let reasons = (outcome == "lost" ? definition?.lossReasons : nil) ?? []
        if !reasons.isEmpty, !reasons.contains(row["reason"]) {
            let text = Phrase.importStage(language, row["reason"], reasons.joined(separator: ", "))
            return ("reason", text)
        }
        return nil
    }
}

/// How a deal that is no longer open is closed.
enum Closing {
    static func command(_ row: FileRow, _ id: String) -> [String]? {
        switch row["outcome"] {
        case "won": return ["OPP.WIN", id, "REVIEW", "import"]
        case "lost":
            let competitor = row["competitor"]
            return ["OPP.LOSE", id, "REASON", row["reason"], "REVIEW", "import"]
                + (competitor.isEmpty ? [] : ["COMPETITOR", competitor])
        case "invalid": return ["OPP.INVALIDATE", id, "REASON", row["reason"]]
        default: return nil
        }
    }
}

extension Session {
    /// Every row of a list, in pages of a thousand by the list's own cursor: an offset would be counted
    /// out from the beginning for each page.
    func pages(_ command: [String]) async throws -> [Reply] {
        var rows: [Reply] = []
        var cursor = "0"
        repeat {
            let reply = try await run(command + ["CURSOR", cursor, "COUNT", "1000"])
            if let line = reply.errorLine {
                throw Failure(ExitCode(errorLine: line), .refused, line)
            }
            guard let page = reply.elements, page.count == 2, let next = page[0].text else {
                return rows
            }
            rows += page[1].elements ?? []
            cursor = next
        } while cursor != "0"
        return rows
    }
}
