import Testing

@testable import pipeline_client

@Suite struct TextWidthTests {
    @Test(
        "S-5: text is as wide as a terminal shows it",
        arguments: [
            ("", 0), ("abc", 3), ("方舟电子", 8), ("a方b", 4), ("ｆｕｌｌ", 8), ("한국", 4),
            ("e\u{301}", 1), ("\u{200B}", 0), ("👍", 2), ("👨‍👩‍👧", 2), ("❤\u{FE0F}", 2), ("é", 1),
            ("…", 1), ("—", 1), ("、", 2), ("“”", 2), ("𠀀", 2), ("\u{1100}\u{1161}", 2),
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
