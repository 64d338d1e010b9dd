import Testing

@testable import pipeline_client

@Suite struct TextWidthTests {
    @Test(
        "S-5: text is as wide as a terminal shows it",
        arguments: [
            ("", 0), ("abc", 3), ("方舟电子", 8), ("a方b", 4), ("ｆｕｌｌ", 8), ("한국", 4),
            ("e\u{301}", 1), ("\u{200B}", 0), ("👍", 2), ("👨‍👩‍👧", 2), ("❤\u{FE0F}", 2), ("é", 1),
            ("…", 1), ("—", 1), ("عرض", 3), ("שָׁלוֹם", 4), ("กำ", 2), ("की", 2), ("👍🏽", 2),
            ("🇨🇳", 2), ("\u{1B}[31m红\u{1B}[0m", 2), ("、", 2), ("“”", 2), ("𠀀", 2),
            ("\u{1100}\u{1161}", 2),
        ])
    func width(text: String, columns: Int) {
        #expect(TextWidth.of(text) == columns)
    }

    @Test(
        "S-5: a cut is visible and never splits a wide character",
        arguments: [
            ("方舟电子", 8, "方舟电子"), ("方舟电子", 7, "方舟电…"), ("方舟电子", 6, "方舟…"),
            ("方舟电子", 1, "…"), ("方舟电子", 0, ""), ("abcdef", 4, "abc…"),
        ])
    func truncate(text: String, columns: Int, expected: String) {
        #expect(TextWidth.truncate(text, to: columns) == expected)
        #expect(TextWidth.of(TextWidth.truncate(text, to: columns)) <= columns)
    }

    @Test("S-5: a cut colour still ends")
    func paintedCut() {
        #expect(TextWidth.truncate("\u{1B}[1m方舟电子\u{1B}[0m", to: 5) == "\u{1B}[1m方舟…\u{1B}[0m")
    }

    @Test("S-4: what is wider than a page goes on below, at blanks where there are any")
    func wrap() {
        #expect(TextWidth.wrap("short", to: 10) == ["short"])
        #expect(
            TextWidth.wrap("  the budget is with Zhao", to: 12) == [
                "  the ", "    budget ", "    is with ", "    Zhao",
            ])
        #expect(TextWidth.wrap("方舟电子年度投放计划", to: 10) == ["方舟电子年", "  度投放计", "  划"])
        let red = TextWidth.wrap("\u{1B}[31m" + "红色的字很长很长\u{1B}[0m", to: 10)
        #expect(red == ["\u{1B}[31m红色的字很\u{1B}[0m", "\u{1B}[31m  长很长\u{1B}[0m"])
    }

    @Test("S-4: no row is wider than its page and nothing is lost", arguments: [9, 10, 17, 40])
    func wrapBounds(columns: Int) {
        let text = "  ✓ budget_owner  预算负责人  赵兵 and his deputy，见面两次 👨‍👩‍👧 averyveryverylongword"
        let rows = TextWidth.wrap(text, to: columns)
        #expect(rows.allSatisfy { TextWidth.of($0) <= columns })
        let letters = { (text: String) in text.filter { $0 != " " } }
        #expect(letters(rows.joined()) == letters(text))
    }

    @Test("S-5: padding counts columns, not characters")
    func pad() {
        #expect(TextWidth.pad("赵兵", to: 6) == "赵兵  ")
        #expect(TextWidth.pad("42", to: 4, right: true) == "  42")
        #expect(TextWidth.pad("too long", to: 3) == "too long")
    }

    @Test("S-5: columns align under Chinese names and numbers align right")
    func table() {
        let table = TextTable(
            columns: ["id", "title", "amount"],
            rows: [
                [.init(text: "o1"), .init(text: "方舟电子"), .init(text: "500000.00", isNumber: true)],
                [.init(text: "o12"), .init(text: "Ark"), .init(text: "-", isEmpty: true)],
            ])
        let lines = table.lines(Style(format: .text)).lines
        #expect(
            lines == [
                "id   title        amount", "---  --------  ---------", "o1   方舟电子  500000.00",
                "o12  Ark               -",
            ])
    }

    @Test("S-5: a number is never cut: half of one looks like another")
    func numbers() {
        let table = TextTable(
            columns: ["id", "title", "amount", "stage"],
            rows: [
                [
                    .init(text: "o1"), .init(text: "方舟电子年度投放"),
                    .init(text: "500,000.00 CNY", isNumber: true), .init(text: "方案制定"),
                ]
            ])
        for width in [26, 30, 40] {
            let (lines, _) = table.lines(Style(format: .text, width: width))
            #expect(lines[2].contains("500,000.00 CNY") || !lines[2].contains("500"))
            #expect(lines.allSatisfy { TextWidth.of($0) <= width })
        }
    }

    @Test("S-5: a table is never wider than the terminal", arguments: [20, 24, 31, 40, 60, 200])
    func fits(width: Int) {
        let table = TextTable(
            columns: ["id", "title", "customer", "note"],
            rows: [
                [
                    .init(text: "o1042"), .init(text: "方舟电子二〇二七年度品牌传播"),
                    .init(text: "c7 方舟电子有限公司"), .init(text: "called twice this week"),
                ]
            ])
        let (lines, dropped) = table.lines(Style(format: .text, width: width))
        #expect(lines.allSatisfy { TextWidth.of($0) <= width })
        #expect((dropped > 0) == (width < 35))
        #expect(lines[2].hasPrefix("o1042  "))
    }
}
