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
            wire: "OPP.LIST", choices: ["all", "mine", "open", "won", "lost", "invalid"],
            keywordsInChinese: true
        ) { (arguments, context) throws(Failure) in
            var filter = spelled(arguments)
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
                "new", "new 方舟年度投放 方舟电子 480k 2027-06-30",
                "new \"Ark spring\" 7 500000 2027/3/31 PROCESS bid",
            ], wire: "OPP.CREATE", takes: [.text, .customer],
            asks: [
                .init("Title", "标题"), .init("Customer", "客户"),
                .init("Amount", "金额", "AMOUNT", .amount),
                .init("Expected close", "预计成交日期", "CLOSE", .date),
            ]
        ) { (arguments, _) throws(Failure) in .command(try newDeal(arguments)) },
        Word(
            name: "deal", usage: "deal [ID|TITLE]",
            summary: .init("show a deal; the next words apply to it", "查看商机；之后的命令作用于它"),
            examples: ["deal 1042", "deal o1042", "deal 方舟", "deal"], wire: "OPP.GET",
            takes: [.deal]
        ) { (arguments, context) throws(Failure) in
            let tail = ["WITH", "3", "feedback", "tasks", "notes"]
            if let first = arguments.first, identifier(first, "o") == nil {
                let title = arguments.joined(separator: " ")
                return .command(Translated(["OPP.GET", title] + tail, deal: .openAnswered))
            }
            let (id, rest) = try deal(arguments, context, word: "deal")
            guard rest.isEmpty else { throw usage("deal") }
            return .command(Translated(["OPP.GET", id] + tail, deal: .open(id)))
        },
    ]

    static func list(
        _ name: String, _ wire: String, _ summary: Translation, _ examples: [String],
        columns: [String] = [], finding keyword: String? = nil
    ) -> Word {
        Word(
            name: name, usage: "\(name) […]", summary: summary, examples: examples, wire: wire,
            keywordsInChinese: true
        ) {
            (arguments, _) throws(Failure) in
            var arguments = arguments
            // One bare word is what is looked for, `customers 方舟`.
            if arguments.count == 1, let keyword { arguments.insert(keyword, at: 0) }
            return .command(Translated([wire] + spelled(arguments), columns: columns))
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
        if !has("CUSTOMER", in: arguments), let customer = rest.popFirst() {
            command += ["CUSTOMER", customer]
            if let amount = rest.first.flatMap(Typed.amount) {
                command += ["AMOUNT", amount]
                rest.removeFirst()
            }
            if let day = rest.first.flatMap(Typed.date) {
                command += ["CLOSE", day]
                rest.removeFirst()
            }
        }
        guard command.count > 2 || has("CUSTOMER", in: arguments) else { throw usage("new") }
        return Translated(spelled(command + inEnglish(rest)), deal: .openAnswered)
    }

    static let dealSteps: [Word] = [
        Word(
            name: "feedback", usage: "feedback [DEAL] FIELD VALUE [FIELD VALUE …]",
            summary: .init("write what the customer said", "填写反馈项"),
            examples: [
                "feedback", "feedback budget_owner 赵兵",
                "feedback 1042 budget_owner 赵兵 decision May",
            ],
            wire: "OPP.FEEDBACK", takes: [.deal, .field], asks: [.missingFeedback]
        ) { (arguments, context) throws(Failure) in
            let (id, rest) = try deal(arguments, context, word: "feedback")
            guard rest.count >= 2, rest.count.isMultiple(of: 2) else { throw usage("feedback") }
            return .command(Translated(["OPP.FEEDBACK", id] + rest))
        },
        Word(
            name: "done", usage: "done [DEAL] TASK [comment] [EVIDENCE text]",
            summary: .init("a task is done", "标记任务完成"),
            examples: ["done", "done site-visit", "done 1042 site-visit met the CFO"],
            wire: "OPP.TASK", takes: [.deal, .task], asks: [.openTask]
        ) { (arguments, context) throws(Failure) in
            .command(try task("done", "DONE", arguments, context))
        },
        Word(
            name: "undo", usage: "undo [DEAL] TASK [comment]",
            summary: .init("a task is not done after all", "撤销任务完成"),
            examples: ["undo site-visit"], wire: "OPP.TASK", takes: [.deal, .task]
        ) { (arguments, context) throws(Failure) in
            .command(try task("undo", "UNDO", arguments, context))
        },
        step(
            "advance", "OPP.ADVANCE",
            .init("to the next stage, or to its approval", "推进到下一阶段（或提交审批）"),
            ["advance", "advance the budget is confirmed", "advance 1042 TO negotiation"],
            text: "NOTE", usage: "[comment] [TO stage]"),
        step(
            "guide", "OPP.GUIDE", .init("what is left to do here", "本阶段还差什么"),
            ["guide", "guide 1042"]),
        step(
            "history", "OPP.HISTORY", .init("everything that happened to a deal", "商机的全部历史"),
            ["history", "history 1042 COUNT 20"], usage: "[COUNT n]",
            columns: ["at", "by", "type", "field", "from", "to", "approval", "note"]),
        step(
            "recall", "OPP.RECALL", .init("take an approval request back", "撤回审批申请"),
            ["recall", "recall 1042 the price changes"], text: "NOTE", usage: "[comment]"),
        step(
            "win", "OPP.WIN", .init("the deal is won", "赢单"),
            ["win", "win the site visit decided it"], text: "REVIEW", usage: "[review]"),
        step(
            "lose", "OPP.LOSE", .init("the deal is lost, and why", "输单及原因"),
            ["lose", "lose price", "lose 1042 price 10 % dearer COMPETITOR Apex"],
            keyword: "REASON", text: "NOTE", takes: [.deal, .reason],
            usage: "reason [comment] [COMPETITOR name] [REVIEW review]", asks: [.reason]),
        step(
            "invalidate", "OPP.INVALIDATE", .init("it should never have been a deal", "作废（本不应立项）"),
            ["invalidate duplicate"],
            keyword: "REASON", text: "NOTE", usage: "reason [comment]", asks: [.invalidReason]),
        step(
            "reopen", "OPP.REOPEN", .init("open a closed deal again", "重新打开已关闭的商机"),
            ["reopen 1042 budget came back"],
            keyword: "REASON", text: "REASON", usage: "reason [STAGE stage]",
            asks: [.init("Reason", "原因")]),
        step(
            "transfer", "OPP.TRANSFER", .init("give a deal to somebody", "转交商机"),
            ["transfer 1042 12", "transfer wang", "transfer 王芳"],
            keyword: "TO", kind: "e", atLeast: 1, takes: [.deal, .person], usage: "PERSON",
            asks: [.init("To whom", "转交给谁")]),
        step(
            "note", "OPP.NOTE", .init("a note on a deal", "给商机添加备注"),
            ["note call again on Monday", "note 1042 ask wang MENTION wangfang"], text: "",
            atLeast: 1, usage: "text [MENTION person]", asks: [.init("Note", "备注")]),
    ]

    /// A step whose rest is passed on. `keyword` is put before its first value where the person left
    /// it out; what then stands without quotes is one text after the keyword `text`, or after none
    /// where that is empty.
    static func step(
        _ name: String, _ wire: String, _ summary: Translation, _ examples: [String],
        keyword: String? = nil, kind: Character? = nil, text: String? = nil,
        atLeast count: Int = 0, takes: [ValueKind] = [.deal], adding: [String] = [],
        usage needs: String = "", columns: [String] = [], asks: [Ask] = [],
        keywordsInChinese: Bool = false
    ) -> Word {
        Word(
            name: name, usage: "\(name) [DEAL]" + (needs.isEmpty ? "" : " \(needs)"),
            summary: summary, examples: examples, wire: wire, takes: takes,
            keywordsInChinese: keywordsInChinese, asks: asks
        ) { (arguments, context) throws(Failure) in
            var (id, rest) = try deal(arguments, context, word: name, atLeast: count)
            if let keyword, keyword != text { rest = leading(keyword, rest) }
            if let text {
                let fixed = rest.prefix(keyword == nil || keyword == text ? 0 : 2)
                let tail = rest.dropFirst(fixed.count)
                rest = fixed + joiningText(text.isEmpty ? nil : text, tail)
            }
            guard rest.count >= (keyword == nil ? count : 2) else { throw usage(name) }
            if let kind { rest[1] = prefixed(rest[1], kind) }
            return .command(Translated([wire, id] + spelled(rest) + adding, columns: columns))
        }
    }

    private static func task(
        _ name: String, _ verb: String, _ arguments: [String], _ context: WordContext
    ) throws(Failure) -> Translated {
        let (id, rest) = try deal(arguments, context, word: name)
        guard let key = rest.first else { throw usage(name) }
        return Translated(["OPP.TASK", id, key, verb] + joiningText("NOTE", rest.dropFirst()))
    }
}
