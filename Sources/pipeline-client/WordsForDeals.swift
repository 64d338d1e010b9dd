/// Deals, customers and leads: lists, one of them, and the steps of a deal.
extension Words {
    static let dealColumns = [
        "id", "title", "customer", "amount", "currency", "stage", "close", "owner", "pending",
    ]

    static let deals: [Word] = [
        Word(
            name: "deals", usage: "deals [all|mine|open|won|lost|invalid] [STAGE s] [OWNER e] …",
            summary: .wordDeals,
            examples: ["deals", "deals mine", "deals won UNIT 3", "deals SORTBY amount DESC"]
        ) { (arguments, context) throws(Failure) in
            var filter = prefixingKeywords(arguments)
            var command = ["OPP.LIST"]
            switch filter.first?.lowercased() {
            case "all":
                filter.removeFirst()
            case "mine":
                guard let user = context.user else { throw Failure(.usage, .noUser) }
                filter.removeFirst()
                command += ["OWNER", user, "OUTCOME", "open"]
            case let outcome? where ["open", "won", "lost", "invalid"].contains(outcome):
                filter.removeFirst()
                command += ["OUTCOME", outcome]
            default:
                if !has("OUTCOME", in: filter) { command += ["OUTCOME", "open"] }
            }
            return .command(Translated(command + filter, columns: dealColumns))
        },
        Word(
            name: "new", usage: "new TITLE CUSTOMER [AMOUNT] [CLOSE] [CUR code] [PROCESS key] …",
            summary: .wordNew,
            examples: [
                "new \"方舟电子 2027 campaign\" c7", "new \"Ark spring\" 7 500000 2027-03-31",
                "new \"Ark spring\" CUSTOMER c7 AMOUNT 500000",
            ]
        ) { (arguments, _) throws(Failure) in .command(try newDeal(arguments)) },
        Word(
            name: "deal", usage: "deal [ID]", summary: .wordDeal,
            examples: ["deal 1042", "deal o1042", "deal"]
        ) { (arguments, context) throws(Failure) in
            let (id, rest) = try deal(arguments, context, word: "deal")
            guard rest.isEmpty else { throw usage("deal") }
            return .command(
                Translated(["OPP.GET", id, "WITH", "2", "feedback", "tasks"], deal: .open(id)))
        },
        list("customers", "CUSTOMER.LIST", .wordCustomers, ["customers", "customers LIMIT 0 20"]),
        one("customer", "CUSTOMER.GET", "c", .wordCustomer, ["customer 7"]),
        list("leads", "LEAD.LIST", .wordLeads, ["leads", "leads OWNER 12"]),
        one("lead", "LEAD.GET", "l", .wordLead, ["lead 9"]),
        list("people", "PERSON.LIST", .wordPeople, ["people", "people UNIT 3"]),
        one("person", "PERSON.GET", "e", .wordPerson, ["person 12", "person xiaoli"]),
        list("team", "UNIT.TREE", .wordTeam, ["team", "team u3 DEPTH 2"]),
    ]

    static func list(_ name: String, _ wire: String, _ summary: Phrase, _ examples: [String])
        -> Word
    {
        Word(name: name, usage: "\(name) […]", summary: summary, examples: examples) {
            (arguments, _) throws(Failure) in
            .command(Translated([wire] + prefixingKeywords(arguments)))
        }
    }

    static func one(
        _ name: String, _ wire: String, _ kind: Character, _ summary: Phrase, _ examples: [String]
    ) -> Word {
        Word(name: name, usage: "\(name) ID", summary: summary, examples: examples) {
            (arguments, _) throws(Failure) in
            guard let first = arguments.first else { throw usage(name) }
            return .command(Translated([wire, prefixed(first, kind)] + arguments.dropFirst()))
        }
    }

    /// Up to three bare values after the title: the customer, the amount, the day of closing.
    private static func newDeal(_ arguments: [String]) throws(Failure) -> Translated {
        guard let title = arguments.first else { throw usage("new") }
        var rest = arguments.dropFirst()
        var command = ["OPP.CREATE", title]
        if let first = rest.first, let customer = identifier(first, "c") {
            command += ["CUSTOMER", customer]
            rest = rest.dropFirst()
            if let second = rest.first, isAmount(second) {
                command += ["AMOUNT", second]
                rest = rest.dropFirst()
            }
            if let third = rest.first, isDate(third) {
                command += ["CLOSE", third]
                rest = rest.dropFirst()
            }
        }
        command += prefixingKeywords(Array(rest))
        guard has("CUSTOMER", in: command) else { throw usage("new") }
        return Translated(command, deal: .openAnswered)
    }

    private static func isAmount(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x2E }
    }

    private static func isDate(_ text: String) -> Bool {
        text.utf8.count == 10
            && text.utf8.enumerated().allSatisfy { index, byte in
                index == 4 || index == 7 ? byte == 0x2D : byte >= 0x30 && byte <= 0x39
            }
    }

    static let dealSteps: [Word] = [
        Word(
            name: "feedback", usage: "feedback [DEAL] FIELD VALUE [FIELD VALUE …]",
            summary: .wordFeedback,
            examples: ["feedback budget_owner 赵兵", "feedback 1042 budget_owner 赵兵 decision May"]
        ) { (arguments, context) throws(Failure) in
            let (id, rest) = try deal(arguments, context, word: "feedback")
            guard rest.count >= 2 else { throw usage("feedback") }
            return .command(Translated(["OPP.FEEDBACK", id] + rest))
        },
        Word(
            name: "done", usage: "done [DEAL] TASK [EVIDENCE text] [NOTE text]",
            summary: .wordDone,
            examples: ["done site-visit", "done 1042 site-visit NOTE \"met the CFO\""]
        ) { (arguments, context) throws(Failure) in
            .command(try task("done", "DONE", arguments, context))
        },
        Word(
            name: "undo", usage: "undo [DEAL] TASK [NOTE text]", summary: .wordUndo,
            examples: ["undo site-visit"]
        ) { (arguments, context) throws(Failure) in
            .command(try task("undo", "UNDO", arguments, context))
        },
        step("advance", "OPP.ADVANCE", .wordAdvance, ["advance", "advance 1042 TO negotiation"]),
        step("guide", "OPP.GUIDE", .wordGuide, ["guide", "guide 1042"]),
        step("history", "OPP.HISTORY", .wordHistory, ["history", "history 1042 COUNT 20"]),
        step("recall", "OPP.RECALL", .wordRecall, ["recall", "recall 1042"]),
        step("win", "OPP.WIN", .wordWin, ["win", "win REVIEW \"the site visit decided it\""]),
        step(
            "lose", "OPP.LOSE", .wordLose, ["lose price", "lose 1042 price NOTE \"10 % dearer\""],
            keyword: "REASON"),
        step(
            "invalidate", "OPP.INVALIDATE", .wordInvalidate, ["invalidate duplicate"],
            keyword: "REASON"),
        step(
            "reopen", "OPP.REOPEN", .wordReopen, ["reopen 1042 \"budget came back\""],
            keyword: "REASON"),
        step(
            "transfer", "OPP.TRANSFER", .wordTransfer, ["transfer 1042 12", "transfer wang"],
            keyword: "TO", kind: "e", atLeast: 1),
        step("note", "OPP.NOTE", .wordNote, ["note \"call again on Monday\""], atLeast: 1),
    ]

    /// A step whose rest is passed on; `keyword` is put before it where the person left it out.
    static func step(
        _ name: String, _ wire: String, _ summary: Phrase, _ examples: [String],
        keyword: String? = nil, kind: Character? = nil, atLeast count: Int = 0
    ) -> Word {
        let needed = keyword.map { " \($0.lowercased())" } ?? (count > 0 ? " text" : "")
        return Word(
            name: name, usage: "\(name) [DEAL]\(needed) […]", summary: summary, examples: examples
        ) { (arguments, context) throws(Failure) in
            var (id, rest) = try deal(arguments, context, word: name, atLeast: count)
            if let keyword {
                rest = leading(keyword, rest)
                guard rest.count >= 2 else { throw usage(name) }
            }
            if rest.count < count { throw usage(name) }
            if let kind, rest.count >= 2 { rest[1] = prefixed(rest[1], kind) }
            return .command(Translated([wire, id] + prefixingKeywords(rest)))
        }
    }

    private static func task(
        _ name: String, _ verb: String, _ arguments: [String], _ context: WordContext
    ) throws(Failure) -> Translated {
        let (id, rest) = try deal(arguments, context, word: name)
        guard let key = rest.first else { throw usage(name) }
        return Translated(["OPP.TASK", id, key, verb] + rest.dropFirst())
    }
}
