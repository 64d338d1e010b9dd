/// What surrounds a deal: its values, activities, team and contacts, customers and leads.
extension Words {
    static let details: [Word] = [
        step(
            "set", "OPP.UPDATE", .init("change a deal's values", "修改商机字段"),
            ["set AMOUNT 620k", "set 1042 CLOSE 2027-08-31 CHANNEL partner"], atLeast: 1,
            usage: "[AMOUNT m] [CLOSE date] …", keywordsInChinese: true),
        activity(
            "did", .init("a call, visit or mail that took place", "记录电话、拜访等活动"),
            ["did call", "did 1042 visit saw the plant", "did call RESULT answered"],
            usage: "activity [comment] [RESULT answered|no-answer|refused]", adding: ["DONE"]),
        activity(
            "plan", .init("a call or visit to come", "安排活动"),
            [
                "plan call tomorrow", "plan visit 2026-12-01 9:30 bring samples",
                "plan 1042 visit TO xiaoli",
            ],
            usage: "activity [DATE] [time] [comment] [TO person]"),
        Word(
            name: "finish", usage: "finish ACTIVITY [RESULT answered|no-answer|refused]",
            summary: .init("a planned activity took place", "完成已安排的活动"),
            examples: ["finish 12 RESULT answered"], wire: "ACTIVITY.DONE", takes: [.activity]
        ) { (arguments, _) throws(Failure) in
            guard let first = arguments.first else { throw usage("finish") }
            return .command(
                Translated(["ACTIVITY.DONE", prefixed(first, "v")] + arguments.dropFirst()))
        },
        step(
            "join", "OPP.TEAM", .init("somebody joins a deal's team", "把同事加入商机团队"),
            ["join wangfang ROLE designer", "join 1042 wangfang ROLE designer"], keyword: "ADD",
            kind: "e", takes: [.deal, .person], usage: "PERSON ROLE role"),
        step(
            "leave", "OPP.TEAM", .init("somebody leaves a deal's team", "把同事移出商机团队"),
            ["leave wangfang"], keyword: "REMOVE", kind: "e", takes: [.deal, .person],
            usage: "PERSON"),
        step(
            "tag", "OPP.TAG", .init("mark a deal", "给商机加标签"), ["tag 重点"], keyword: "ADD",
            usage: "text"),
        step(
            "untag", "OPP.TAG", .init("take a mark away", "去掉标签"), ["untag 重点"],
            keyword: "REMOVE", usage: "text"),
        step(
            "override", "OPP.OVERRIDE", .init("move a deal past its gates", "越过关卡移动商机"),
            ["override 1042 quote signed on the phone"], keyword: "TO", text: "REASON",
            takes: [.deal, .stage], usage: "stage reason"),
        list(
            "customers", "CUSTOMER.LIST",
            .init("the customers, or those of a name", "客户列表（可按名称查找）"),
            ["customers", "customers 方舟"], columns: ["id", "name", "type", "industry", "phone"],
            finding: "NAME"),
        one(
            "customer", "CUSTOMER.GET", "c", .init("one customer", "查看客户"),
            ["customer 7", "customer 方舟电子"]),
        made(
            "new-customer", "CUSTOMER.CREATE", .init("a new customer", "新建客户"),
            ["new-customer 方舟电子", "new-customer 方舟电子 TYPE enterprise PHONE 010-5555"],
            usage: "[TYPE type] [INDUSTRY text] [PHONE text] …",
            asks: [
                .init("Name", "名称"),
                .init(
                    "Type (enterprise, government, institution …)",
                    "类型（enterprise、government、institution 等）", "TYPE"),
            ]),
        list(
            "contacts", "CONTACT.LIST", .init("the contacts you see", "联系人列表"),
            ["contacts", "contacts CUSTOMER 7", "contacts CUSTOMER 方舟电子"]),
        one("contact", "CONTACT.GET", "k", .init("one contact", "查看联系人"), ["contact 12"]),
        Word(
            name: "new-contact", usage: "new-contact CLIENT NAME [TITLE text] [PHONE text] …",
            summary: .init("somebody who works for a customer", "新建联系人"),
            examples: ["new-contact 7 赵兵 TITLE 采购总监", "new-contact 方舟电子 赵兵"],
            wire: "CONTACT.CREATE", takes: [.customer],
            asks: [
                .init("Customer", "客户"), .init("Name", "姓名"), .init("Title", "职务", "TITLE"),
                .init("Phone", "电话", "PHONE"),
            ]
        ) { (arguments, _) throws(Failure) in
            guard arguments.count >= 2 else { throw usage("new-contact") }
            return .command(
                Translated(
                    ["CONTACT.CREATE", prefixed(arguments[0], "c")] + arguments.dropFirst()))
        },
        list("leads", "LEAD.LIST", .init("the leads", "线索列表"), ["leads", "leads OWNER 12"]),
        one("lead", "LEAD.GET", "l", .init("one lead", "查看线索"), ["lead 9"]),
        made(
            "new-lead", "LEAD.CREATE", .init("a new lead", "新建线索"),
            ["new-lead", "new-lead 赵兵 COMPANY 方舟电子 PHONE 13800000000"],
            usage: "[COMPANY text] [PHONE text] [SOURCE text] …",
            asks: [
                .init("Name", "姓名"), .init("Company", "公司", "COMPANY"),
                .init("Phone", "电话", "PHONE"), .init("Source", "来源", "SOURCE"),
            ]),
        Word(
            name: "convert", usage: "convert LEAD TITLE [CUSTOMER c] [AMOUNT m] …",
            summary: .init("a lead becomes a deal, which is then open", "线索转为商机并打开它"),
            examples: ["convert 9 方舟电子年度投放 AMOUNT 500k"], wire: "LEAD.CONVERT",
            takes: [.lead],
            asks: [
                .init("Lead", "线索编号"), .init("Title of the deal", "商机标题"),
                .init("Amount", "金额", "AMOUNT", .amount),
            ]
        ) { (arguments, _) throws(Failure) in
            guard arguments.count >= 2 else { throw usage("convert") }
            let rest = leading("TITLE", Array(arguments.dropFirst()))
            return .command(
                Translated(
                    ["LEAD.CONVERT", prefixed(arguments[0], "l")] + spelled(rest),
                    deal: .openAnswered))
        },
        Word(
            name: "discard", usage: "discard LEAD reason",
            summary: .init("a lead comes to nothing", "放弃线索"), examples: ["discard 9 wrong number"],
            wire: "LEAD.DISCARD", takes: [.lead]
        ) { (arguments, _) throws(Failure) in
            guard arguments.count >= 2 else { throw usage("discard") }
            let rest = joiningText("REASON", arguments.dropFirst())
            return .command(Translated(["LEAD.DISCARD", prefixed(arguments[0], "l")] + rest))
        },
    ]

    private static func made(
        _ name: String, _ wire: String, _ summary: Translation, _ examples: [String],
        usage needs: String, asks: [Ask]
    ) -> Word {
        Word(
            name: name, usage: "\(name) NAME \(needs)", summary: summary, examples: examples,
            wire: wire, asks: asks
        ) { (arguments, _) throws(Failure) in
            guard let first = arguments.first else { throw usage(name) }
            let rest = inEnglish(arguments.dropFirst())
            return .command(Translated([wire, first] + spelled(rest)))
        }
    }

    /// A call or a visit: its kind, then the day and the time where it is to come, then a text.
    private static func activity(
        _ name: String, _ summary: Translation, _ examples: [String], usage needs: String,
        adding: [String] = []
    ) -> Word {
        Word(
            name: name, usage: "\(name) [DEAL] \(needs)", summary: summary, examples: examples,
            wire: "OPP.ACTIVITY", takes: [.deal],
            asks: [.init("What (call, visit, mail …)", "活动（call、visit、mail 等）")]
        ) { (arguments, context) throws(Failure) in
            let (id, given) = try deal(arguments, context, word: name, atLeast: 1)
            var rest = given[...]
            guard let kind = rest.popFirst() else { throw usage(name) }
            let moment = takingDays(&rest, withTime: true)
            var tail = spelled(joiningText("NOTE", rest))
            if let to = tail.firstIndex(of: "TO"), to + 1 < tail.count {
                tail[to + 1] = prefixed(tail[to + 1], "e")
            }
            return .command(
                Translated(
                    ["OPP.ACTIVITY", id, kind] + moment.flatMap { ["AT", $0] } + tail + adding))
        }
    }
}
