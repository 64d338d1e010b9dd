import PipelineProtocol
import Testing

@testable import pipeline_client

@Suite struct TypedTests {
    @Test(
        "S-2: amounts as people write them",
        arguments: [
            ("480000", "480000"), ("480,000.50", "480000.50"), ("480k", "480000"),
            ("1.2m", "1200000"), ("48万", "480000"), ("48w", "480000"),
            ("48万元", "480000"), ("1.2亿", "120000000"), ("元", nil),
            ("0.00005万", "0.5"), ("1.23456万", "12345.6"), ("￥5千", "5000"), ("0k", "0"),
            ("12x", nil), ("1.2.3", nil), ("", nil), ("k", nil), ("-5", nil), ("5.", nil),
            (".5", nil), ("万", nil),
        ])
    func amounts(typed: String, read: String?) {
        #expect(Typed.amount(typed) == read)
    }

    @Test(
        "S-2: days as people write them",
        arguments: [
            ("2027-06-30", "2027-06-30"), ("2027/6/3", "2027-06-03"), ("2027.6.30", "2027-06-30"),
            ("2027年6月30日", "2027-06-30"), ("6/30", nil), ("27-06-30", nil), ("2027-06", nil),
            ("yesterday", nil), ("", nil), ("20270630", nil), ("2027-006-30", nil),
        ])
    func days(typed: String, read: String?) {
        #expect(Typed.date(typed) == read)
    }

    @Test("S-2: a day near today has a name, and a time of day belongs to this machine's clock")
    func moments() throws {
        let today = try #require(Typed.date("今天"))
        #expect(Typed.date("today") == today && Typed.date("tomorrow") != today)
        #expect(
            Typed.time("9:05") == "09:05" && Typed.time("24:00") == nil && Typed.time("9") == nil)
        let instant = try #require(Typed.instant("2027-06-30", "09:05"))
        #expect(instant.hasPrefix("2027-06-30T09:05:00") && instant.utf8.count == 25)
    }

    @Test("P-5: what the server escaped is text again for people; what is no UTF-8 stays escaped")
    func serverText() {
        #expect(ServerText.readable(#"no '\xe6\x96\xb9' and \n"#) == #"no '方' and \n"#)
        #expect(ServerText.readable(#"half \xe6\x96 end"#) == #"half \xe6\x96 end"#)
        #expect(
            ServerText.readable(#"ascii \x1b stays, \xzz too, \x"#)
                == #"ascii \x1b stays, \xzz too, \x"#)
        // Read back, an escaped direction override is as harmless as any other.
        #expect(Printable.line(ServerText.readable(#"\xe2\x80\xae"#)) == "\\u{202e}")
    }

    private func indexes(_ line: String) throws -> [Reference] {
        Words.references(in: try LineSplitter.split(line))
    }

    @Test("S-2: names are looked up, ids, logins and keys are not")
    func references() throws {
        #expect(try indexes("OPP.CREATE x CUSTOMER 方舟电子") == [.init(index: 3, kind: .customer)])
        #expect(try indexes("OPP.CREATE x CUSTOMER c7 OWNER xiaoli") == [])
        #expect(try indexes("OPP.TRANSFER o1 TO 王芳") == [.init(index: 3, kind: .person)])
        #expect(try indexes("OPP.TRANSFER o1 TO wangfang") == [])
        #expect(try indexes("REPORT.FUNNEL UNIT 华东销售部") == [.init(index: 2, kind: .unit)])
        #expect(try indexes("OPP.GET 方舟 WITH 1 tasks") == [.init(index: 1, kind: .deal)])
        #expect(
            try indexes("OPP.FEEDBACK o1 预算负责人 赵兵 margin 五") == [.init(index: 2, kind: .field)])
        #expect(try indexes("OPP.ADVANCE o1 NOTE TO TO 入围") == [.init(index: 5, kind: .stage)])
    }

    @Test("S-9: every word has one Chinese name, and no two share one")
    func chinese() {
        #expect(Set(Words.chinese.keys) == Set(Words.all.map(\.name)))
        #expect(Set(Words.chinese.values).count == Words.chinese.count)
        for (name, chinese) in Words.chinese { #expect(Words.aliases[chinese] == name) }
        for target in Words.aliases.values { #expect(Words.find(target) != nil, "\(target)") }
        #expect(Words.localised("deals mine", .chinese) == "商机 我的")
        #expect(UsageText.localised("done [DEAL] TASK", .chinese) == "完成 [商机] 任务")
    }
}
