import PipelineProtocol
import Testing

@testable import pipeline_client

/// Whole screens as text: what a change of their looks changes is seen in the difference.
@Suite struct ScreenTests {
    private static func bulk(_ text: String) -> Reply { .bulk(Array(text.utf8)) }
    private static func map(_ pairs: [(String, Reply)]) -> Reply {
        .map(pairs.map { .init(key: bulk($0.0), value: $0.1) })
    }

    private var model: WatchModel {
        var model = WatchModel()
        model.show([
            .init(
                subject: .approval("a310"), opportunity: "o1042", kind: "proposal",
                text: "方舟电子年度投放 — 已经快把客户搞定了", amount: "480,000.00 CNY", who: "小李"),
            .init(
                subject: .message(17), opportunity: "o7", kind: "reminder.overdue",
                text: "成交日期已过", who: ""),
        ])
        return model
    }

    private func screen(_ model: WatchModel, _ width: Int, _ height: Int, zh: Bool = false)
        -> [String]
    {
        let style = Style(format: .text, width: width, language: zh ? .chinese : .english)
        return WatchScreen(style: style, width: width, height: height).lines(model)
    }

    @Test("S-4: the full screen, wide")
    func wide() {
        #expect(
            screen(model, 100, 7) == [
                "pipelined  1 to decide, 1 messages",
                "",
                "> a310                 proposal                480,000.00 CNY  小李      "
                    + "方舟电子年度投放 — 已经快…",
                "  #17                  reminder.overdue                                  成交日期已过",
                "",
                "",
                "j/k move  Enter the deal  a approve  r reject  x acknowledge  ? help  q leave",
            ])
    }

    @Test("S-4: the full screen, narrow and in Chinese")
    func narrow() {
        #expect(
            screen(model, 40, 5, zh: true) == [
                "pipelined  1 项待批，1 条消息",
                "",
                "> a310    proposal        方舟电子年度…",
                "  #17     已逾期          成交日期已过",
                "a 批准  r 驳回  ? 帮助  q 退出",
            ])
    }

    @Test("S-5: no screen is wider or higher than its window", arguments: [10, 24, 41, 80, 133])
    func bounds(width: Int) {
        var model = model
        var modes: [WatchModel.Mode] = [.list, .help]
        modes.append(.page(lines: Array(repeating: "中文 line ", count: 50), top: 3))
        modes.append(
            .deciding(.init(approval: "a1", approves: true, summary: ["金额  1"], asks: true)))
        for mode in modes {
            model.mode = mode
            for height in [4, 9, 40] {
                let lines = screen(model, width, height)
                #expect(lines.count == height)
                #expect(lines.allSatisfy { TextWidth.of($0) <= width })
            }
        }
    }

    private func press(_ keys: [Key], _ model: inout WatchModel) -> [WatchModel.Request] {
        keys.compactMap { model.take($0) }
    }

    @Test("S-4: j, k, Enter, x, q")
    func keys() {
        var model = model
        #expect(press([.text("k"), .enter], &model) == [.open("o1042")])
        #expect(press([.text("j"), .text("j"), .enter], &model) == [.open("o7")])
        #expect(press([.text("a"), .text("x")], &model) == [.explain, .acknowledge(17)])
        #expect(press([.text("?")], &model) == [] && model.mode == .help)
        #expect(press([.text("q")], &model) == [] && model.mode == .list)
        #expect(press([.text("q")], &model) == [.quit])
    }

    @Test("S-4: approving shows what is approved, takes a comment and asks")
    func approving() {
        var model = model
        #expect(
            press([.text("a")], &model) == [
                .prepare(approval: "a310", opportunity: "o1042", approves: true)
            ])
        model.mode = .deciding(.init(approval: "a310", approves: true, summary: ["金额"]))
        #expect(press([.text("可以投"), .enter], &model) == [])
        #expect(screen(model, 40, 10).contains("Approve a310? (y/n)"))
        #expect(
            press([.text("y")], &model) == [
                .decide(approval: "a310", approves: true, note: "可以投")
            ])
        model.mode = .deciding(.init(approval: "a310", approves: true, summary: []))
        #expect(press([.enter, .text("n")], &model) == [] && model.mode == .list)
    }

    @Test("S-4: what was filled is scrolled where it does not fit, and says so")
    func longSummary() {
        var model = model
        model.height = 12
        model.width = 40
        let summary = (1...20).map { "field \($0)  " + String(repeating: "长", count: 20) }
        model.mode = .deciding(.init(approval: "a310", approves: true, summary: summary))
        #expect(screen(model, 40, 12).contains("  (0 rows above, 35 below: arrows)"))
        #expect(press([.pageDown, .down], &model) == [])
        #expect(screen(model, 40, 12).contains("  (6 rows above, 29 below: arrows)"))
        _ = press(Array(repeating: .pageDown, count: 20), &model)
        #expect(screen(model, 40, 12).contains { $0.contains("field 20") })
        #expect(press([.text("好"), .enter, .text("y")], &model).count == 1)
    }

    @Test(
        "S-4, S-7: while the connection is lost the screen says so, and is left by Ctrl-C as well")
    func lost() {
        var model = model
        model.isLost = true
        #expect(screen(model, 60, 6).last == "connection lost; connecting again …")
        #expect(press([.text("j"), .control("c")], &model) == [.interrupt])
        #expect(model.selected == 1)
    }

    @Test("S-4: nothing is rejected without a comment")
    func rejecting() {
        var model = model
        model.mode = .deciding(.init(approval: "a310", approves: false, summary: []))
        #expect(press([.text(" "), .enter, .text("y")], &model) == [])
        #expect(press([.enter, .text("y")], &model).count == 1)
        model.mode = .deciding(.init(approval: "a310", approves: false, summary: []))
        #expect(press([.escape], &model) == [] && model.mode == .list)
    }

    @Test("S-4: what is selected stays selected when the list changes")
    func selection() {
        var model = model
        _ = model.take(.text("j"))
        let rows = model.rows
        model.show([rows[1]])
        #expect(model.selected == 0)
        model.show(rows)
        #expect(model.selected == 1)
        model.show([])
        #expect(model.selected == 0 && model.take(.enter) == nil)
    }

    private static let funnel = map([
        ("process", bulk("quarter")), ("currency", bulk("CNY")),
        (
            "stages",
            .array(
                [
                    ("意向", 65, "32500000.00", "10.00", "55.8", ""),
                    ("方案", 34, "17000000.00", "40.00", "58.5", ""),
                    ("谈判", 27, "13500000.00", "60.00", "43.8", "weak"),
                ].map { name, count, amount, rate, conversion, flag in
                    map([
                        ("stage", bulk(name)), ("name", bulk(name)), ("count", .integer(count)),
                        ("amount", bulk(amount)), ("winRate", bulk(rate)),
                        ("conversion", bulk(conversion)),
                        ("flag", flag.isEmpty ? .null : bulk(flag)),
                    ])
                })
        ), ("open", .integer(126)), ("amount", bulk("63000000.00")),
        ("weighted", bulk("18150000.00")), ("complete", .boolean(false)),
    ])

    private func chart(_ name: String, _ reply: Reply, _ width: Int) -> [String]? {
        Charts.lines([name], reply, Style(format: .text, width: width))
    }

    @Test("S-5: the funnel as bars, the weak step marked")
    func funnelChart() {
        #expect(
            chart("REPORT.FUNNEL", Self.funnel, 80) == [
                "stage                           deals         amount  win rate     go on",
                "意向   ███████████████████████     65  32,500,000.00      10 %  ↓ 55.8 %",
                "方案   ████████████                34  17,000,000.00      40 %  ↓ 58.5 %",
                "谈判   █████████▌                  27  13,500,000.00      60 %  ↓ 43.8 %  ◀ weak",
                "",
                "open 126 · amount 63,000,000.00 CNY · weighted 18,150,000.00 CNY",
                "only what you may see: others have deals here too",
            ])
    }

    @Test("S-5: the forecast from P10 to P90, with the target")
    func forecastChart() {
        let reply = Self.map([
            ("amount", Self.bulk("26850000.00")), ("currency", Self.bulk("CNY")),
            ("deals", .integer(147)), ("expectedWins", Self.bulk("53.7")),
            ("p10", Self.bulk("24000000.00")), ("p50", Self.bulk("27000000.00")),
            ("p90", Self.bulk("30000000.00")), ("target", Self.bulk("31000000.00")),
            ("complete", .boolean(true)),
        ])
        #expect(
            chart("REPORT.FORECAST", reply, 60) == [
                "26,850,000.00 CNY",
                "147 open deals, 53.7 wins expected",
                "",
                "  ······├─────────────────●──────────────────┤·····◆······",
                "       24M               27M                30M",
                "",
                "nine in ten above (P10) 24,000,000.00 CNY",
                "as likely above (P50)   27,000,000.00 CNY",
                "one in ten above (P90)  30,000,000.00 CNY",
                "target                  31,000,000.00 CNY",
            ])
    }

    private static let stays = map([
        (
            "rows",
            .array(
                [
                    ("机会", "3.00", "4.00", nil, "80.0"), ("方案制定", "12.50", "14.00", 10, "60.0"),
                    ("报价", nil, "9.00", nil, "70.0"), ("中标", "13.00", "13.00", nil, "90.0"),
                ].map { name, median, mean, most, rate in
                    map([
                        ("key", bulk(name)), ("name", bulk(name)),
                        ("median", median.map(bulk) ?? .null), ("mean", bulk(mean)),
                        ("maxDwellDays", most.map { .integer(Int64($0)) } ?? .null),
                        ("conversion", bulk(rate)),
                    ])
                })
        )
    ])

    @Test("S-5: dwell as bars: the longest, what is over its limit, and who has not left yet")
    func dwell() {
        #expect(
            chart("REPORT.DWELL", Self.stays, 76) == [
                "name                    median   mean  maxDwellDays  conversion",
                "机会      ██▎           3.00 d   4.00             -        80.0",
                "方案制定  █████████▋   12.50 d  14.00            10        60.0  ◀ over 10 d",
                "报价      ▒▒▒▒▒▒▒     ≥ 9.00 d   9.00             -        70.0",
                "中标      ██████████   13.00 d  13.00             -        90.0  ◀ longest",
            ])
    }

    @Test("S-5: conversion as bars, the weakest step marked; groups one below the other")
    func conversion() {
        let marked = chart("REPORT.CONVERSION", Self.stays, 70) ?? []
        #expect(marked.filter { $0.hasSuffix("◀ lowest") }.count == 1)
        #expect(marked.first { $0.hasSuffix("◀ lowest") }?.hasPrefix("方案制定") == true)
        // What the server calls weak takes its place.
        let flagged = chart("REPORT.CONVERSION", Self.funnel, 70) ?? []
        #expect(flagged.first { $0.hasSuffix("◀ weak") }?.hasPrefix("谈判") == true)
        #expect(!flagged.contains { $0.hasSuffix("◀ lowest") })
        let groups = Self.map([
            (
                "rows",
                .array(
                    ["华东", "华南"].map {
                        Self.map([
                            ("key", Self.bulk("u1")), ("label", Self.bulk($0)),
                            ("stages", Self.stays["rows"] ?? .null),
                        ])
                    })
            )
        ])
        let lines = chart("REPORT.CONVERSION", groups, 70) ?? []
        #expect(lines.filter { $0.hasSuffix("◀ lowest") }.count == 2)
        #expect(lines.first == "华东" && lines.contains("华南"))
    }

    @Test("S-5: no chart is wider than its window", arguments: [20, 33, 48, 60, 79, 200])
    func chartBounds(width: Int) {
        for name in ["REPORT.FUNNEL", "REPORT.CONVERSION"] {
            for line in chart(name, Self.funnel, width) ?? [] {
                #expect(TextWidth.of(line) <= width, "\(name) at \(width): \(line)")
            }
        }
    }

    @Test("S-5: an answer that lacks what a chart is made of is shown as any other")
    func graceful() {
        for name in ["REPORT.FUNNEL", "REPORT.DWELL", "REPORT.FORECAST", "UNIT.TREE"] {
            #expect(chart(name, .array([]), 80) == nil)
            #expect(chart(name, Self.map([("x", .integer(1))]), 80) == nil)
        }
        #expect(Charts.lines(["REPORT.FUNNEL"], Self.funnel, Style(format: .tsv)) == nil)
    }

    @Test("S-5: numbers for scales and amounts for people")
    func numbers() {
        #expect(Measure.short(26_850_000, .english) == "26.9M")
        #expect(Measure.short(26_850_000, .chinese) == "2685万")
        #expect(Amount.grouped("1234567.89") == "1,234,567.89")
        #expect(Amount.grouped("-500") == "-500" && Amount.grouped("abc") == "abc")
        #expect(Measure.bar(1, of: 1_000, columns: 10) == "▏")
    }

    @Test(
        "S-9: refusals in Chinese, the server's line still behind them",
        arguments: [
            (
                "GATE o1042 cannot leave 'proposal': missing feedback 'budget_owner'; task 'site-visit' not done",
                "o1042 还不能离开阶段 proposal：缺少反馈 budget_owner；任务未完成 site-visit"
            ),
            (
                "NOTFOUND no opportunity 'o9'; check the id, or ask whoever may see it",
                "找不到商机“o9”；请检查编号，或询问有权查看的人"
            ),
            (
                "PENDING o5 waits for a1 and is locked; OPP.RECALL o5 takes the request back",
                "o5 正在等待审批 a1，已锁定；可用 撤回 收回"
            ),
            ("WRONGTYPE whatever", nil),
        ])
    func refusals(line: String, text: String?) {
        #expect(Refusals.translated(line, .chinese) == text)
        #expect(Refusals.translated(line, .english) == nil)
    }
}
