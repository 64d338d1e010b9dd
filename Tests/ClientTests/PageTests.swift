import PipelineProtocol
import Testing

@testable import pipeline_client

@Suite struct PageTests {
    private static func bulk(_ text: String) -> Reply { .bulk(Array(text.utf8)) }

    private static func map(_ pairs: (String, Reply)...) -> Reply {
        .map(pairs.map { .init(key: bulk($0.0), value: $0.1) })
    }

    private static let json = """
        {"stages":[{"key":"chance","name":"机会","tasks":[{"key":"call","name":"拜访"}],
        "feedback":[{"key":"budget","name":"预算负责人"}]},{"key":"award","name":"中标"}],
        "lossReasons":["价格"]}
        """

    private var names: Names {
        var names = Names()
        names.learn(Self.map(("key", Self.bulk("bid")), ("json", Self.bulk(Self.json))))
        names.learn(Self.map(("id", Self.bulk("o1")), ("process", Self.bulk("bid"))))
        names.learn(Self.map(("id", Self.bulk("e3")), ("name", Self.bulk("小李"))))
        return names
    }

    private let style = Style(format: .text, width: 60)

    @Test("S-5: people read the company's names for stages, tasks and feedback")
    func companyNames() {
        let row = Self.map(
            ("opportunity", Self.bulk("o1")), ("stage", Self.bulk("chance")),
            ("to", Self.bulk("award")), ("submitter", Self.bulk("e3")))
        let named = names.processes.named(row)
        #expect(named["stage"]?.text == "机会" && named["to"]?.text == "中标")
        // Of a process that nobody knows the key stays.
        let other = Self.map(("process", Self.bulk("other")), ("stage", Self.bulk("unheard")))
        #expect(names.processes.named(other)["stage"]?.text == "unheard")
        let change = Self.map(("field", Self.bulk("budget")), ("to", Self.bulk("chance")))
        #expect(names.processes.named(change)["field"]?.text == "预算负责人")
        #expect(names.processes.named(change)["to"]?.text == "chance")
        #expect(names.processes["bid"]?.lossReasons == ["价格"])
    }

    @Test("S-2: a guide is a page: what is missing, what comes next, how long it has been here")
    func guide() {
        func item(_ kind: String, _ key: String, _ name: String) -> Reply {
            Self.map(
                ("kind", Self.bulk(kind)), ("key", Self.bulk(key)), ("name", Self.bulk(name)))
        }
        let guide = Self.map(
            ("id", Self.bulk("o1")), ("stage", Self.bulk("chance")),
            ("guidance", Self.bulk("先弄清谁说了算")), ("missing", .array([item("task", "call", "拜访")])),
            ("next", .array([item("field", "amount", "amount")])), ("dwellDays", .integer(3)),
            ("maxDwellDays", .integer(14)), ("winRate", Self.bulk("10.00")), ("realised", .null),
            ("advice", .null))
        #expect(
            GuidePage.lines(guide, style, names, process: "bid") == [
                "o1  机会", "  先弄清谁说了算", "", "still to do", "  ☐ call  拜访", "",
                "the next stage asks for", "  · amount  amount", "",
                "3 of 14 days here · win rate 10.00 %",
            ])
        #expect(GuidePage.lines(Self.map(("id", .null)), style, names, process: nil) == nil)
    }

    @Test("S-5: a write is answered in one line")
    func receipts() {
        func line(_ more: (String, Reply)...) -> String? {
            let always: [(String, Reply)] = [
                ("id", Self.bulk("o1")), ("rev", .integer(3)), ("seq", .integer(9)),
            ]
            let pairs = (always + more).map { Reply.Pair(key: Self.bulk($0.0), value: $0.1) }
            return Receipt.line(.map(pairs), style, names, process: "bid")
        }
        #expect(line() == "✓ o1")
        #expect(line(("status", Self.bulk("moved")), ("stage", Self.bulk("award"))) == "✓ o1 → 中标")
        #expect(
            line(("status", Self.bulk("pending")), ("approval", Self.bulk("a2")))
                == "o1 waits for approval a2; 'recall' takes it back")
        #expect(line(("owner", Self.bulk("e3")), ("approval", .null)) == "✓ o1  owner 小李")
        #expect(Receipt.line(Self.map(("id", Self.bulk("o1"))), style, names, process: nil) == nil)
    }

    @Test("S-5: a deal on one page: head, where it stands, stage by stage, notes")
    func deal() {
        let deal = Self.map(
            ("id", Self.bulk("o1")), ("title", Self.bulk("年度投放")),
            ("amount", Self.bulk("5000.00")), ("currency", Self.bulk("CNY")),
            ("owner", Self.bulk("e3")), ("process", Self.bulk("bid")),
            ("stage", Self.bulk("chance")), ("outcome", Self.bulk("open")), ("region", .null),
            (
                "tasks",
                .array([
                    Self.map(
                        ("stage", Self.bulk("chance")), ("key", Self.bulk("call")),
                        ("name", Self.bulk("拜访")), ("required", .boolean(true)),
                        ("done", .boolean(true)), ("by", Self.bulk("e3")))
                ])
            ),
            (
                "feedback",
                .array([
                    Self.map(
                        ("stage", Self.bulk("chance")), ("key", Self.bulk("budget")),
                        ("name", Self.bulk("预算负责人")), ("required", .boolean(true)),
                        ("value", .null))
                ])
            ),
            ("notes", .array([Self.map(("by", Self.bulk("e3")), ("text", Self.bulk("再约\n周一")))])))
        #expect(
            DealPage.lines(deal, style, names) == [
                "o1  年度投放", "  amount  5,000.00 CNY", "  owner   小李 (e3)", "  [机会] › 中标", "",
                "机会", "  ✓ call    拜访  小李", "  ☐ budget  预算负责人", "", "notes",
                "    小李  再约↵周一",
            ])
    }

    @Test("S-9: a refused gate names what is missing by the company's names")
    func gate() {
        let line = "GATE o1 cannot leave 'chance': missing feedback 'budget'; task 'call' not done"
        #expect(
            Refusals.translated(line, .chinese, names.processes)
                == "o1 还不能离开阶段 机会（chance）：缺少反馈 预算负责人（budget）；任务未完成 拜访（call）")
    }
}
