/// What surrounds a deal: its values, activities, team and contacts, customers and leads.
extension Words {
    static let details: [Word] = [
        step(
            "set", "OPP.UPDATE", .init("change a deal's values", "修改商机字段"),
            ["set AMOUNT 620000", "set 1042 CLOSE 2027-08-31 CHANNEL partner"], atLeast: 1),
        step(
            "did", "OPP.ACTIVITY", .init("a call, visit or mail that took place", "记录电话、拜访等活动"),
            ["did call RESULT answered", "did 1042 visit NOTE \"saw the plant\""], atLeast: 1,
            adding: ["DONE"]),
        step(
            "plan", "OPP.ACTIVITY", .init("a call or visit to come", "安排活动"),
            ["plan call AT 2026-12-01T01:00:00Z", "plan 1042 visit TO xiaoli"], atLeast: 1),
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
            kind: "e", takes: [.deal, .person]),
        step(
            "leave", "OPP.TEAM", .init("somebody leaves a deal's team", "把同事移出商机团队"),
            ["leave wangfang"], keyword: "REMOVE", kind: "e", takes: [.deal, .person]),
        step(
            "tag", "OPP.TAG", .init("mark a deal", "给商机加标签"), ["tag 重点"], keyword: "ADD"),
        step(
            "untag", "OPP.TAG", .init("take a mark away", "去掉标签"), ["untag 重点"],
            keyword: "REMOVE"),
        step(
            "override", "OPP.OVERRIDE", .init("move a deal past its gates", "越过关卡移动商机"),
            ["override 1042 quote REASON \"signed on the phone\""], keyword: "TO",
            takes: [.deal, .stage]),
        list(
            "customers", "CUSTOMER.LIST", .init("the customers", "客户列表"),
            ["customers", "customers NAME 方舟"]),
        one("customer", "CUSTOMER.GET", "c", .init("one customer", "查看客户"), ["customer 7"]),
        made(
            "new-customer", "CUSTOMER.CREATE", .init("a new customer", "新建客户"),
            ["new-customer 方舟电子 TYPE enterprise"]),
        list(
            "contacts", "CONTACT.LIST", .init("the contacts you see", "联系人列表"),
            ["contacts CUSTOMER 7"]),
        one("contact", "CONTACT.GET", "k", .init("one contact", "查看联系人"), ["contact 12"]),
        Word(
            name: "new-contact", usage: "new-contact CLIENT NAME [TITLE text] [PHONE text] …",
            summary: .init("somebody who works for a customer", "新建联系人"),
            examples: ["new-contact 7 赵兵 TITLE 采购总监"], wire: "CONTACT.CREATE",
            takes: [.customer]
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
            ["new-lead 赵兵 COMPANY 方舟电子 PHONE 13800000000"]),
        Word(
            name: "convert", usage: "convert LEAD TITLE [CUSTOMER c] [AMOUNT m] …",
            summary: .init("a lead becomes a deal, which is then open", "线索转为商机并打开它"),
            examples: ["convert 9 \"方舟电子年度投放\" AMOUNT 500000"], wire: "LEAD.CONVERT",
            takes: [.lead]
        ) { (arguments, _) throws(Failure) in
            guard arguments.count >= 2 else { throw usage("convert") }
            let rest = leading("TITLE", Array(arguments.dropFirst()))
            return .command(
                Translated(
                    ["LEAD.CONVERT", prefixed(arguments[0], "l")] + prefixingKeywords(rest),
                    deal: .openAnswered))
        },
        Word(
            name: "discard", usage: "discard LEAD reason",
            summary: .init("a lead comes to nothing", "放弃线索"), examples: ["discard 9 wrong-number"],
            wire: "LEAD.DISCARD", takes: [.lead]
        ) { (arguments, _) throws(Failure) in
            guard arguments.count >= 2 else { throw usage("discard") }
            let rest = leading("REASON", Array(arguments.dropFirst()))
            return .command(Translated(["LEAD.DISCARD", prefixed(arguments[0], "l")] + rest))
        },
    ]

    private static func made(
        _ name: String, _ wire: String, _ summary: Translation, _ examples: [String]
    ) -> Word {
        Word(
            name: name, usage: "\(name) NAME […]", summary: summary, examples: examples, wire: wire
        ) { (arguments, _) throws(Failure) in
            guard !arguments.isEmpty else { throw usage(name) }
            return .command(Translated([wire] + prefixingKeywords(arguments)))
        }
    }
}
