import PipelineProtocol
import Testing

@testable import pipeline_client

/// S-5: of what a report answers no figure is left out silently.
@Suite struct ReportScreenTests {
    private static func map(_ pairs: (String, Reply)...) -> Reply {
        .map(pairs.map { .init(key: .simple($0.0), value: $0.1) })
    }

    private func chart(_ line: String, _ reply: Reply, _ width: Int = 110) -> [String] {
        Charts.lines(
            line.split(separator: " ").map(String.init), reply, Style(format: .text, width: width))
            ?? []
    }

    private static func forecast(_ amount: String, _ more: (String, Reply)...) -> Reply {
        let pairs: [(String, Reply)] =
            [
                ("currency", .simple("CNY")), ("amount", .simple(amount)), ("deals", .integer(2)),
                ("expectedWins", .simple("1.2")), ("method", .simple("grid")),
                ("step", .simple("12.50")),
            ] + more
        return .map(pairs.map { .init(key: .simple($0.0), value: $0.1) })
    }

    @Test("S-5: a forecast of a period says what is won, the chance, and each part of it")
    func forecast() {
        let reply = Self.forecast(
            "300.00", ("won", .simple("1234.00")), ("target", .simple("5000.00")),
            ("gap", .simple("3466.00")), ("chance", .simple("12.3")),
            (
                "unconvertedTarget",
                .array([Self.map(("currency", .simple("USD")), ("amount", .simple("777.00")))])
            ),
            (
                "rows",
                .array([
                    Self.map(
                        ("key", .simple("e5")), ("name", .simple("小李")),
                        ("amount", .simple("100.00")), ("deals", .integer(1)),
                        ("method", .simple("exact")))
                ])
            ))
        let lines = chart("REPORT.FORECAST BY owner", reply, 80)
        for line in [
            "won                     1,234.00 CNY", "chance                  12.3 %",
            "method                  grid", "step                    12.50 CNY",
            "targets without a rate: 777.00 USD",
        ] { #expect(lines.contains(line), "\(line)") }
        #expect(lines.contains { $0.hasPrefix("小李") && $0.contains("100.00") })
    }

    @Test("S-5: the unit beside is drawn below, by the same chart")
    func versus() {
        let other = Self.forecast("4321.00")
        let lines = chart(
            "REPORT.FORECAST UNIT u2 VERSUS u3", Self.forecast("300.00", ("versus", other)))
        #expect(lines.contains("versus u3"))
        #expect(lines.first == "300.00 CNY" && lines.contains("4,321.00 CNY"))
        // What cannot be drawn is told nevertheless.
        let rows = Self.map(
            ("rows", .array([Self.map(("name", .simple("a")), ("winRate", .simple("1.00")))])),
            ("versus", Self.map(("rows", .array([])), ("entered", .integer(77)))))
        #expect(chart("REPORT.WINRATE VERSUS u3", rows).contains { $0.hasSuffix(" 77") })
    }

    @Test("S-5: a funnel by something has a bar for each part; a narrow one says what it lacks")
    func funnel() {
        let stage = Self.map(
            ("name", .simple("意向")), ("count", .integer(3)), ("amount", .simple("30.00")),
            ("winRate", .simple("10.00")), ("weighted", .simple("3.33")))
        let reply = Self.map(
            ("stages", .array([stage])), ("open", .integer(3)),
            (
                "rows",
                .array([
                    Self.map(
                        ("key", .simple("u2")), ("name", .simple("华南")), ("count", .integer(2)),
                        ("amount", .simple("20.00")), ("weighted", .simple("2.22")))
                ])
            ))
        let wide = chart("REPORT.FUNNEL BY unit", reply)
        #expect(wide.contains { $0.hasPrefix("意向") && $0.contains("3.33") })
        #expect(wide.contains { $0.hasPrefix("华南") && $0.contains("2.22") })
        #expect(!wide.contains { $0.contains("more columns") })
        #expect(
            chart("REPORT.FUNNEL BY unit", reply, 40).count { $0.hasPrefix("(3 more columns") } == 1
        )
    }

    private static func step(_ count: Int64, _ amount: String) -> Reply {
        map(("count", .integer(count)), ("amount", .simple(amount)))
    }

    @Test("S-5: a waterfall stands step by step, each part below the other, no figure cut")
    func waterfall() {
        let part: [(String, Reply)] = [
            ("opening", Self.step(280, "600000.00")), ("new", Self.step(1, "10.00")),
            ("lost", Self.step(0, "0.00")), ("revalued", .simple("-3.00")),
            ("closing", Self.step(281, "600007.00")),
        ]
        func reply(_ pairs: [(String, Reply)]) -> Reply {
            .map(pairs.map { .init(key: .simple($0.0), value: $0.1) })
        }
        let rows = Reply.array([reply([("key", .simple("e5")), ("name", .simple("小李"))] + part)])
        let lines = chart(
            "REPORT.WATERFALL BY owner",
            reply([("currency", .simple("CNY"))] + part + [("rows", rows)]),
            60)
        #expect(
            lines == [
                "name                                         amount  count",
                "opening   █████████████████████████████  600,000.00    280",
                "new       ▏                                   10.00      1",
                "revalued                                      -3.00      -",
                "closing   █████████████████████████████  600,007.00    281",
                "", "currency CNY", "", "小李",
            ] + Array(lines.prefix(5)))
    }

    @Test("S-5: holes are marked, and those of each part have its figures below them")
    func holes() {
        let stage = Self.map(
            ("key", .simple("a")), ("name", .simple("意向")), ("count", .integer(3)),
            ("needed", .integer(25)), ("missing", .integer(22)), ("flag", .simple("hole")))
        let group = Self.map(
            ("key", .simple("u2")), ("name", .simple("华南")), ("target", .simple("5500.00")),
            ("stages", .array([stage])))
        let lines = chart(
            "REPORT.HOLES BY unit",
            Self.map(
                ("target", .simple("11000.00")), ("rows", .array([stage])),
                ("groups", .array([group]))))
        #expect(lines.count { $0.hasPrefix("意向") && $0.hasSuffix("25  ◀ hole") } == 2)
        #expect(lines.contains("target 11,000.00") && lines.contains("target 5,500.00"))
        #expect(lines.contains("华南"))
    }
}
