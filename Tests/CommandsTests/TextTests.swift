import PipelineProtocol
import Testing

@testable import PipelineCommands

/// D-38: text is kept in NFC and comes back whole.
struct TextTests {
    @Test(
        "D-38: a title is kept in NFC",
        arguments: [
            ("Cafe\u{301} Zoe\u{308}", "Caf\u{E9} Zo\u{EB}"),
            ("\u{1112}\u{1161}\u{11AB}", "\u{D55C}"),
            ("A\u{30A}ngstro\u{308}m", "\u{C5}ngstr\u{F6}m"),
            ("\u{212B}", "\u{C5}"),
            ("华东建工 二期（备选）", "华东建工 二期（备选）"),
            ("𠮷野家 👩‍👩‍👧 🇨🇳 ✈️", "𠮷野家 👩‍👩‍👧 🇨🇳 ✈️"),
            ("q\u{307}\u{323}", "q\u{323}\u{307}"),
        ])
    func titles(_ given: String, _ kept: String) {
        let company = LedgerCompany.furnished()
        let words = ["OPP.UPDATE", "o1", "TITLE", given].map { Array($0.utf8) }
        #expect(company.run(words, as: "ann")["rev"] == .integer(2))
        guard case .bulk(let bytes) = company.run("OPP.GET o1", as: "ann")["title"] else {
            Issue.record("no title")
            return
        }
        #expect(bytes == Array(kept.utf8))
        #expect(company.run(words, as: "ann")["rev"] == .integer(2), "the same title is no change")
    }

    @Test("D-38, D-10: two spellings of one name are one name, in any case")
    func uniqueness() {
        let company = LedgerCompany.furnished()
        func create(_ name: String) -> String? {
            company.run(["CUSTOMER.CREATE", name].map { Array($0.utf8) }).errorLine
        }
        #expect(create("Caf\u{E9}") == nil)
        #expect(
            create("CAFE\u{301}") == escaped("CONFLICT customer name 'Caf\u{E9}' is taken by c3"))
        #expect(create("市政府")?.hasPrefix("CONFLICT") == true)
    }

    @Test("D-38: notes, feedback and reasons come back as they were written")
    func others() {
        let company = LedgerCompany.furnished()
        let text = "客户说：\n\t“再看看” 🤝"
        func run(_ words: String...) -> Reply {
            company.run(words.map { Array($0.utf8) }, as: "ann")
        }
        #expect(run("OPP.NOTE", "o1", text).errorLine == nil)
        #expect(run("OPP.FEEDBACK", "o1", "budget_owner", text).errorLine == nil)
        let deal = run("OPP.GET", "o1", "WITH", "2", "notes", "feedback")
        #expect(deal["notes"]?.elements?.first?["text"]?.text == text)
        #expect(deal["feedback"]?.elements?.first?["value"]?.text == text)
    }
}
