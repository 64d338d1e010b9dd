import PipelineProtocol
import Testing

@testable import pipeline_client

@Suite struct WordsTests {
    private let context = WordContext(deal: "o12", user: "xiaoli")

    private func command(_ line: String) throws -> String {
        let step = try Words.step(try LineSplitter.split(line), context: context)
        guard case .command(let translated) = step else { return "\(step)" }
        return translated.command.map(LineSplitter.quote).joined(separator: " ")
    }

    @Test(
        "S-2: a rep's words become commands",
        arguments: [
            ("deals", "OPP.LIST OUTCOME open"), ("deals all", "OPP.LIST"),
            ("deals mine STAGE proposal", "OPP.LIST OWNER xiaoli OUTCOME open STAGE proposal"),
            ("deals won UNIT 3", "OPP.LIST OUTCOME won UNIT u3"),
            ("deals OUTCOME lost owner 4", "OPP.LIST OUTCOME lost owner e4"),
            ("deal 1042", "OPP.GET o1042 WITH 3 feedback tasks notes"),
            ("deal", "OPP.GET o12 WITH 3 feedback tasks notes"),
            ("new \"方舟 2027\" 7", "OPP.CREATE \"方舟 2027\" CUSTOMER c7"),
            (
                "new x c7 500000 2027-03-31",
                "OPP.CREATE x CUSTOMER c7 AMOUNT 500000 CLOSE 2027-03-31"
            ),
            ("new x 7 2027-03-31 CUR USD", "OPP.CREATE x CUSTOMER c7 CLOSE 2027-03-31 CUR USD"),
            ("new x CUSTOMER 7 OWNER 3", "OPP.CREATE x CUSTOMER c7 OWNER e3"),
            (
                "new x 方舟电子 48万 2027/3/1",
                "OPP.CREATE x CUSTOMER 方舟电子 AMOUNT 480000 CLOSE 2027-03-01"
            ),
            ("新建 x 7", "OPP.CREATE x CUSTOMER c7"),
            ("deal 方舟 春季", "OPP.GET \"方舟 春季\" WITH 3 feedback tasks notes"),
            ("feedback budget_owner 赵兵", "OPP.FEEDBACK o12 budget_owner 赵兵"),
            ("feedback 1042 a b c d", "OPP.FEEDBACK o1042 a b c d"),
            ("done site-visit", "OPP.TASK o12 site-visit DONE"),
            ("done 9 site-visit NOTE ok", "OPP.TASK o9 site-visit DONE NOTE ok"),
            (
                "done site-visit met the CFO EVIDENCE a photo",
                "OPP.TASK o12 site-visit DONE NOTE \"met the CFO\" EVIDENCE \"a photo\""
            ),
            ("undo site-visit", "OPP.TASK o12 site-visit UNDO"),
            ("advance budget is confirmed", "OPP.ADVANCE o12 NOTE \"budget is confirmed\""),
            ("advance note is here TO won", "OPP.ADVANCE o12 NOTE \"is here\" TO won"),
            ("win the visit did it", "OPP.WIN o12 REVIEW \"the visit did it\""),
            (
                "lose 9 price 10 % dearer COMPETITOR Apex",
                "OPP.LOSE o9 REASON price NOTE \"10 % dearer\" COMPETITOR Apex"
            ),
            ("reopen budget came back", "OPP.REOPEN o12 REASON \"budget came back\""),
            ("note call again on Monday", "OPP.NOTE o12 \"call again on Monday\""),
            ("set AMOUNT 620k CLOSE 2027年8月1日", "OPP.UPDATE o12 AMOUNT 620000 CLOSE 2027-08-01"),
            ("did visit saw the plant", "OPP.ACTIVITY o12 visit NOTE \"saw the plant\" DONE"),
            (
                "plan call 2027-1-2 bring samples TO 7",
                "OPP.ACTIVITY o12 call AT 2027-01-02 NOTE \"bring samples\" TO e7"
            ),
            ("customers 方舟", "CUSTOMER.LIST NAME 方舟"),
            ("approve 310 good work", "APPROVAL.APPROVE a310 NOTE \"good work\""),
            ("reroute 310 12 on leave", "APPROVAL.REROUTE a310 TO e12 REASON \"on leave\""),
            ("funnel 华东销售部", "REPORT.FUNNEL UNIT 华东销售部"),
            (
                "funnel 3 PERIOD 2027/1/1 2027/3/31",
                "REPORT.FUNNEL UNIT u3 PERIOD 2027-01-01 2027-03-31"
            ),
            ("advance", "OPP.ADVANCE o12"), ("advance o9 TO won", "OPP.ADVANCE o9 TO won"),
            ("guide", "OPP.GUIDE o12"), ("history 9 COUNT 2", "OPP.HISTORY o9 COUNT 2"),
            ("recall", "OPP.RECALL o12"), ("win", "OPP.WIN o12"),
            ("lose price", "OPP.LOSE o12 REASON price"),
            ("lose 9 REASON price NOTE x", "OPP.LOSE o9 REASON price NOTE x"),
            ("transfer 7", "OPP.TRANSFER o12 TO e7"),
            ("transfer 9 wang", "OPP.TRANSFER o9 TO wang"),
            ("note 2027", "OPP.NOTE o12 2027"), ("note 9 hello", "OPP.NOTE o9 hello"),
            ("approvals", "APPROVAL.LIST MINE STATUS pending"),
            ("approvals sent", "APPROVAL.LIST SENT"), ("approvals all", "APPROVAL.LIST"),
            ("approval 310", "APPROVAL.GET a310"), ("approve 310", "APPROVAL.APPROVE a310"),
            ("approve a310 fine", "APPROVAL.APPROVE a310 NOTE fine"),
            ("reject 310 \"who pays?\"", "APPROVAL.REJECT a310 NOTE \"who pays?\""),
            ("reject 310 NOTE x", "APPROVAL.REJECT a310 NOTE x"),
            ("funnel UNIT 3", "REPORT.FUNNEL UNIT u3"), ("forecast", "REPORT.FORECAST"),
            ("todo", "TODO.LIST"), ("inbox", "INBOX.LIST UNACKED"),
            ("inbox all COUNT 3", "INBOX.LIST COUNT 3"), ("ack 17 18", "INBOX.ACK 17 18"),
            ("ack upto 9", "INBOX.ACK upto 9"), ("whoami", "ME"), ("customer 7", "CUSTOMER.GET c7"),
            ("person xiaoli", "PERSON.GET xiaoli"), ("person 12", "PERSON.GET e12"),
            ("商机 我的 阶段 报价", "OPP.LIST OWNER xiaoli OUTCOME open STAGE 报价"),
            ("商机 赢单 部门 3", "OPP.LIST OUTCOME won UNIT u3"),
            ("转化率 华东 按 负责人 流程 bid", "REPORT.CONVERSION UNIT 华东 BY owner PROCESS bid"),
            ("漏斗 期间 2027/1/1 2027年3月31日", "REPORT.FUNNEL PERIOD 2027-01-01 2027-03-31"),
            ("修改 金额 62万 预计成交 2027-8-1", "OPP.UPDATE o12 AMOUNT 620000 CLOSE 2027-08-01"),
            ("新建 客户 7 48w 流程 bid", "OPP.CREATE 客户 CUSTOMER c7 AMOUNT 480000 PROCESS bid"),
            ("新客户 电话 电话 010-5555", "CUSTOMER.CREATE 电话 PHONE 010-5555"),
            ("客户 公司", "CUSTOMER.LIST NAME 公司"), ("漏斗 产品", "REPORT.FUNNEL UNIT 产品"),
            ("审批 我提交的", "APPROVAL.LIST SENT"), ("消息 全部", "INBOX.LIST"),
            ("备注 客户 部门 都要去", "OPP.NOTE o12 \"客户 部门 都要去\""),
            ("OPP.LIST STAGE x", "OPP.LIST STAGE x"), ("opp.get 12", "opp.get 12"),
            ("WATCH key", "WATCH key"), ("PING", "PING"),
        ])
    func translation(line: String, expected: String) throws {
        #expect(try command(line) == expected)
    }

    @Test(
        "S-2: words without what they need are usage errors",
        arguments: [
            "new", "new title", "feedback", "feedback budget_owner", "done", "done 1042", "lose",
            "lose 1042", "note", "transfer", "reject 310", "reject", "approve", "approve x", "ack",
            "customer", "language", "watch --count 0", "watch --count", "watch --timeout x",
            "watch --nope", "deal 1042 extra",
        ])
    func usage(line: String) throws {
        let words = try LineSplitter.split(line)
        let failure = #expect(throws: Failure.self) { try Words.step(words, context: context) }
        #expect(failure?.exit == .usage)
    }

    @Test(
        "S-2: without an open deal its words ask for one",
        arguments: ["advance", "feedback a b", "done x", "deal"])
    func noDeal(line: String) throws {
        let words = try LineSplitter.split(line)
        let none = WordContext(deal: nil, user: "xiaoli")
        #expect(throws: Failure(.usage, .noDealOpen, words[0])) {
            try Words.step(words, context: none)
        }
    }

    @Test("S-2: a deal shown or made is the open one")
    func effect() throws {
        guard case .command(let shown) = try Words.step(["deal", "7"], context: context),
            case .command(let made) = try Words.step(["new", "x", "7"], context: context),
            case .command(let listed) = try Words.step(["deals"], context: context)
        else { throw Failure(.usage, .nothing) }
        #expect(shown.deal == .open("o7"))
        #expect(made.deal == .openAnswered)
        #expect(listed.deal == .none)
    }

    @Test("S-4: watch has a count, a time and an acknowledgement")
    func watch() throws {
        let words = ["watch", "--count", "2", "--timeout", "1.5", "--ack", "inbox", "events:*"]
        let expected = WatchOptions(
            channels: ["inbox", "events:*"], count: 2, seconds: 1.5, acknowledge: true)
        #expect(try Words.step(words, context: context) == .watch(expected))
        #expect(try Words.step(["watch"], context: context) == .watch(WatchOptions()))
    }

    @Test("S-2: every word has examples that it understands itself")
    func examples() throws {
        for word in Words.all {
            #expect(!word.examples.isEmpty)
            for example in word.examples where !example.contains("--cacert") {
                // Alone, a word that asks for what it lacks is complete at a terminal only.
                if example == word.name, !word.asks.isEmpty { continue }
                _ = try Words.step(try Lines.words(.init(text: example)), context: context)
            }
        }
        #expect(Set(Words.all.map(\.name)).count == Words.all.count)
    }

    @Test(
        "S-2: did-you-mean finds the near and only the near",
        arguments: [
            ("dael", "deal"), ("dealz", "deals"), ("aprove", "approve"), ("forcast", "forecast"),
            ("xyzzy", nil), ("q", nil), ("funnnel", "funnel"),
        ])
    func nearest(typed: String, expected: String?) {
        #expect(Spelling.nearest(to: typed, among: Words.all.map(\.name)) == expected)
    }
}
