/// Deals, customers and leads: lists, one of them, and the steps of a deal.
extension Words {
    static let dealColumns = [
        "id", "title", "customer", "amount", "currency", "stage", "close", "owner", "pending",
    ]

    static let deals: [Word] = [
        Word(
            name: "deals", usage: "deals [all|mine|open|won|lost|invalid] [STAGE s] [OWNER e] …",
            summary: .init("the deals you may see, open ones first of all", "可见的商机（默认进行中）"),
            examples: ["deals", "deals mine", "deals won UNIT 3", "deals SORTBY amount DESC"],
            wire: "OPP.LIST", choices: ["all", "mine", "open", "won", "lost", "invalid"]
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
            name: "new", usage: "new TITLE CLIENT [SUM] [DATE] [CUR code] [PROCESS key] …",
            summary: .init("a new deal, which is then open", "新建商机并打开它"),
            examples: [
                "new \"方舟电子 2027 campaign\" c7", "new \"Ark spring\" 7 500000 2027-03-31",
                "new \"Ark spring\" CUSTOMER c7 AMOUNT 500000",
            ], wire: "OPP.CREATE"
        ) { (arguments, _) throws(Failure) in .command(try newDeal(arguments)) },
        Word(
            name: "deal", usage: "deal [ID]",
            summary: .init("show a deal; the next words apply to it", "查看商机；之后的命令作用于它"),
            examples: ["deal 1042", "deal o1042", "deal"], wire: "OPP.GET", takes: [.deal]
        ) { (arguments, context) throws(Failure) in
            let (id, rest) = try deal(arguments, context, word: "deal")
            guard rest.isEmpty else { throw usage("deal") }
            return .command(
                Translated(["OPP.GET", id, "WITH", "2", "feedback", "tasks"], deal: .open(id)))
        },
    ]

    static func list(_ name: String, _ wire: String, _ summary: Translation, _ examples: [String])
        -> Word
    {
        Word(name: name, usage: "\(name) […]", summary: summary, examples: examples, wire: wire) {
            (arguments, _) throws(Failure) in
            .command(Translated([wire] + prefixingKeywords(arguments)))
        }
    }

    static func one(
        _ name: String, _ wire: String, _ kind: Character, _ summary: Translation,
        _ examples: [String]
    ) -> Word {
        Word(
            name: name, usage: "\(name) ID", summary: summary, examples: examples, wire: wire,
            takes: ValueKind(rawValue: String(kind)).map { [$0] } ?? []
        ) { (arguments, _) throws(Failure) in
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
            summary: .init("write what the customer said", "填写反馈项"),
            examples: ["feedback budget_owner 赵兵", "feedback 1042 budget_owner 赵兵 decision May"],
            wire: "OPP.FEEDBACK", takes: [.deal, .field]
        ) { (arguments, context) throws(Failure) in
            let (id, rest) = try deal(arguments, context, word: "feedback")
            guard rest.count >= 2 else { throw usage("feedback") }
            return .command(Translated(["OPP.FEEDBACK", id] + rest))
        },
        Word(
            name: "done", usage: "done [DEAL] TASK [EVIDENCE text] [NOTE text]",
            summary: .init("a task is done", "标记任务完成"),
            examples: ["done site-visit", "done 1042 site-visit NOTE \"met the CFO\""],
            wire: "OPP.TASK", takes: [.deal, .task]
        ) { (arguments, context) throws(Failure) in
            .command(try task("done", "DONE", arguments, context))
        },
        Word(
            name: "undo", usage: "undo [DEAL] TASK [NOTE text]",
            summary: .init("a task is not done after all", "撤销任务完成"),
            examples: ["undo site-visit"], wire: "OPP.TASK", takes: [.deal, .task]
        ) { (arguments, context) throws(Failure) in
            .command(try task("undo", "UNDO", arguments, context))
        },
        step(
            "advance", "OPP.ADVANCE",
            .init("to the next stage, or to its approval", "推进到下一阶段（或提交审批）"),
            ["advance", "advance 1042 TO negotiation"]),
        step(
            "guide", "OPP.GUIDE", .init("what is left to do here", "本阶段还差什么"),
            ["guide", "guide 1042"]),
        step(
            "history", "OPP.HISTORY", .init("everything that happened to a deal", "商机的全部历史"),
            ["history", "history 1042 COUNT 20"]),
        step(
            "recall", "OPP.RECALL", .init("take an approval request back", "撤回审批申请"),
            ["recall", "recall 1042"]),
        step(
            "win", "OPP.WIN", .init("the deal is won", "赢单"),
            ["win", "win REVIEW \"the site visit decided it\""]),
        step(
            "lose", "OPP.LOSE", .init("the deal is lost, and why", "输单及原因"),
            ["lose price", "lose 1042 price NOTE \"10 % dearer\""],
            keyword: "REASON", takes: [.deal, .reason]),
        step(
            "invalidate", "OPP.INVALIDATE", .init("it should never have been a deal", "作废（本不应立项）"),
            ["invalidate duplicate"],
            keyword: "REASON"),
        step(
            "reopen", "OPP.REOPEN", .init("open a closed deal again", "重新打开已关闭的商机"),
            ["reopen 1042 \"budget came back\""],
            keyword: "REASON"),
        step(
            "transfer", "OPP.TRANSFER", .init("give a deal to somebody", "转交商机"),
            ["transfer 1042 12", "transfer wang"],
            keyword: "TO", kind: "e", atLeast: 1, takes: [.deal, .person]),
        step(
            "note", "OPP.NOTE", .init("a note on a deal", "给商机添加备注"),
            ["note \"call again on Monday\""], atLeast: 1),
    ]

    /// A step whose rest is passed on; `keyword` is put before it where the person left it out.
    static func step(
        _ name: String, _ wire: String, _ summary: Translation, _ examples: [String],
        keyword: String? = nil, kind: Character? = nil, atLeast count: Int = 0,
        takes: [ValueKind] = [.deal], adding: [String] = []
    ) -> Word {
        let needed = keyword.map { " \($0.lowercased())" } ?? (count > 0 ? " text" : "")
        return Word(
            name: name, usage: "\(name) [DEAL]\(needed) […]", summary: summary,
            examples: examples, wire: wire, takes: takes
        ) { (arguments, context) throws(Failure) in
            var (id, rest) = try deal(arguments, context, word: name, atLeast: count)
            if let keyword {
                rest = leading(keyword, rest)
                guard rest.count >= 2 else { throw usage(name) }
            }
            if rest.count < count { throw usage(name) }
            if let kind, rest.count >= 2 { rest[1] = prefixed(rest[1], kind) }
            return .command(Translated([wire, id] + prefixingKeywords(rest) + adding))
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
