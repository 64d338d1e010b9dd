import PipelineProtocol
import Testing

@testable import pipeline_client

@Suite struct RenderingTests {
    private static func bulk(_ text: String) -> Reply { .bulk(Array(text.utf8)) }

    private static func map(_ pairs: (String, Reply)...) -> Reply {
        .map(pairs.map { .init(key: bulk($0.0), value: $0.1) })
    }

    private let deals = Reply.array([
        map(
            ("id", bulk("o12")), ("title", bulk("方舟电子")), ("amount", bulk("500000.00")),
            ("open", .boolean(true)), ("pending", .null)),
        map(
            ("id", bulk("o7")), ("title", bulk("tab\there")), ("amount", bulk("12.50")),
            ("open", .boolean(false)), ("pending", bulk("a3"))),
    ])
    private let deal = map(
        ("id", bulk("o12")), ("rev", .integer(4)),
        ("customer", map(("id", bulk("c7")), ("name", bulk("方舟")))),
        ("tags", .array([bulk("a"), bulk("b")])), ("note", bulk("one\ntwo")),
        ("tasks", .array([map(("key", bulk("visit")), ("done", .boolean(true)))])),
        ("history", .array([])))

    private func render(_ reply: Reply, _ format: Style.Format, columns: [String] = []) -> [String]
    {
        Rendering.render(reply, Style(format: format), columns: columns).lines
    }

    @Test("S-5: rows are a table for people")
    func table() {
        #expect(
            render(deals, .text) == [
                "id   title            amount  open  pending",
                "---  -----------  ----------  ----  -------",
                "o12  方舟电子     500,000.00  yes   -",
                "o7   tab    here       12.50  no    a3",
            ])
    }

    @Test("S-5: one record is a line for each field, nested ones below")
    func fields() {
        #expect(
            render(deal, .text) == [
                "id        o12", "rev       4", "customer  c7 方舟", "tags      a, b",
                "note      one",
                "          two", "tasks", "  key    done", "  -----  ----", "  visit  yes",
                "history   -",
            ])
    }

    @Test("S-5: people see the columns that matter, and programs all of them")
    func columns() {
        let output = Rendering.render(
            deals, Style(format: .text), columns: ["title", "id", "unknown"])
        #expect(output.lines[0] == "title        id")
        #expect(output.remarks == [])
        #expect(render(deals, .tsv, columns: ["id"])[0] == "id\ttitle\tamount\topen\tpending")
    }

    @Test("S-5: one field a line on request")
    func expanded() {
        let lines = Rendering.render(deals, Style(format: .text, expanded: true)).lines
        #expect(lines.count == 11)
        #expect(lines[0] == "id       o12")
        #expect(lines[5] == "")
    }

    @Test("S-5: piped output is TSV, one line a row whatever is inside")
    func tsv() {
        #expect(
            render(deals, .tsv) == [
                "id\ttitle\tamount\topen\tpending", "o12\t方舟电子\t500000.00\ttrue\t",
                "o7\ttab\\there\t12.50\tfalse\ta3",
            ])
        #expect(render(deal, .tsv)[2] == "customer\t{\"id\":\"c7\",\"name\":\"方舟\"}")
        #expect(render(deal, .tsv)[4] == "note\tone\\ntwo")
        #expect(render(.array([.integer(1), .null]), .tsv) == ["1", ""])
        #expect(render(.array([]), .tsv) == [])
    }

    @Test("S-5: CSV quotes what needs quotes")
    func csv() {
        let rows = Reply.array([Self.map(("a", Self.bulk("x,\"y\"")), ("b", Self.bulk("l\nm")))])
        #expect(render(rows, .csv) == ["a,b", "\"x,\"\"y\"\"\",\"l\nm\""])
    }

    @Test("S-5: JSON keeps order, types and decimal strings")
    func json() {
        #expect(
            render(deals, .jsonl)[1]
                == #"{"id":"o7","title":"tab\there","amount":"12.50","open":false,"pending":"a3"}"#)
        #expect(
            render(
                Self.map(("a", .integer(1)), ("b", .array([.double("1.5"), .double("inf")]))), .json
            )
                == ["{\n  \"a\": 1,\n  \"b\": [\n    1.5,\n    \"inf\"\n  ]\n}"])
        #expect(render(.array([]), .json) == ["[]"])
        #expect(render(Self.bulk("\u{1}\u{9B}\""), .json) == [#""\u0001\u009b\"""#])
    }

    @Test("S-5: nested lists are indented")
    func nested() {
        let reply = Reply.array([.integer(1), .array([.integer(2), .array([.integer(3)])])])
        #expect(render(reply, .text) == ["1", "- 2", "  - 3"])
    }

    @Test("S-5: nothing from others steers the terminal")
    func harmless() {
        let text = render(Self.bulk("a\u{1B}[2Jb\u{9B}c\u{202E}d\re"), .text)
        #expect(text == ["a\\u{1b}[2Jb\\u{9b}c\\u{202e}de"])
        #expect(Printable.line("a\nb") == "a↵b")
    }

    @Test("S-5: color only where it is wanted")
    func color() {
        let style = Style(format: .text, color: true)
        #expect(
            Rendering.render(Self.map(("a", .integer(1))), style).lines == [
                "\u{1B}[36ma\u{1B}[0m  1"
            ])
    }

    @Test("S-9: booleans and remarks speak the language")
    func chinese() {
        let style = Style(format: .text, language: .chinese)
        #expect(Rendering.render(.boolean(true), style).lines == ["是"])
        #expect(Rendering.render(.array([]), style).remarks == ["（无）"])
    }

    @Test("S-5, S-9: amounts of reports are grouped, their words Chinese, nested parts no JSON")
    func reports() {
        let part = Self.map(("by", Self.bulk("period")), ("sum", Self.bulk("7000.00")))
        let reply = Self.map(
            ("won", Self.bulk("29503730.21")), ("canStillClose", .boolean(true)),
            ("method", Self.bulk("grid")),
            (
                "rows",
                .array([
                    Self.map(
                        ("id", Self.bulk("t1")), ("flags", .array([Self.bulk("no-power")])),
                        ("parts", .array([part])))
                ])
            ))
        let style = Style(format: .text, language: .chinese)
        #expect(
            Rendering.render(reply, style).lines == [
                "赢单        29,503,730.21", "来得及成交  是", "算法        网格", "明细",
                "  编号  标记      分解", "  ----  --------  ----------------------------",
                "  t1    无决策人  依据 期间, 分解合计 7,000.00",
            ])
    }

    @Test(
        "S-1: the server's first word decides the exit code",
        arguments: [
            ("ERR unknown command", ExitCode.server), ("INVALID amount", .server),
            ("ERR wrong number of arguments for 'opp.get' command; usage: OPP.GET o", .usage),
            ("ERR syntax error: STAGE needs a value", .usage), ("ERR internal", .server),
            ("EXECABORT x", .server), ("NOAUTH x", .auth), ("WRONGPASS x", .auth),
            ("NOPERM x", .denied), ("NOTFOUND o9", .notFound), ("CONFLICT x", .conflict),
            ("GATE o1", .conflict), ("PENDING a3", .conflict), ("GATES", .server), ("", .server),
        ])
    func exitCode(line: String, code: ExitCode) {
        #expect(ExitCode(errorLine: line) == code)
    }

    @Test("S-4: a push is one line")
    func push() {
        let payload =
            #"{"v":1,"seq":5,"type":"approval.requested","at":"2026-11-22T03:04:05.678Z","#
            + #""opportunity":{"id":"o12","title":"方舟"},"approval":{"id":"a3"},"text":"x\ny"}"#
        let reply = Reply.push([Self.bulk("message"), Self.bulk("inbox"), Self.bulk(payload)])
        let push = Push(reply)
        #expect(push?.inboxSequence == 5)
        #expect(
            push?.line(Style(format: .text))
                == "#5 2026-11-22T03:04:05.678Z  approval.requested  a3  o12 方舟  x↵y")
        #expect(
            push?.line(Style(format: .tsv))
                == "5\tapproval.requested\t2026-11-22T03:04:05.678Z\to12\ta3\tx\\ny")
        #expect(push?.line(Style(format: .json)) == payload)
        #expect(Push(channel: "inbox", payload: "no json").line(Style(format: .text)) == "no json")
        #expect(
            Push(channel: "events", payload: #"{"seq":9}"#).inboxSequence == nil)
        #expect(Push(.push([Self.bulk("subscribe"), Self.bulk("inbox"), .integer(1)])) == nil)
    }

    @Test("S-2: help of a command comes from the server's own table")
    func help() {
        func argument(_ name: String, _ type: String, _ token: String?, _ flags: [String]) -> Reply
        {
            Self.map(
                ("name", Self.bulk(name)), ("type", Self.bulk(type)),
                ("token", token.map(Self.bulk) ?? .null),
                ("flags", .array(flags.map { .simple($0) })))
        }
        let docs = Self.map(
            (
                "opp.advance",
                Self.map(
                    ("summary", Self.bulk("Moves a deal on")), ("since", Self.bulk("1.0")),
                    ("group", Self.bulk("deals")),
                    (
                        "arguments",
                        .array([
                            argument("opportunity", "string", nil, []),
                            argument("stage", "string", "TO", ["optional"]),
                            argument("dry", "pure-token", "FORCE", ["optional"]),
                            argument("seq", "integer", nil, ["multiple"]),
                        ])
                    ))
            ))
        #expect(
            Help.command(docs, Style(format: .text)) == [
                "OPP.ADVANCE opportunity [TO stage] [FORCE] seq [seq …]", "Moves a deal on",
                "group deals, since 1.0",
            ])
        #expect(Help.command(.array([]), Style(format: .text)) == [])
    }

    @Test("S-9: every phrase is in both languages with the same arguments")
    func catalogue() {
        for phrase in Phrase.allCases {
            guard let texts = Phrase.texts[phrase] else {
                Issue.record("no text for \(phrase)")
                continue
            }
            let placeholders = ["{0}", "{1}", "{2}", "{3}"]
            #expect(
                placeholders.map(texts.english.contains)
                    == placeholders.map(texts.chinese.contains),
                "\(phrase)")
        }
        #expect(Phrase.lineFailed.text(in: .english, ["3", "{0}"]) == "line 3: {0}")
    }
}
