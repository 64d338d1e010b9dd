import PipelineProtocol
import Testing

@Suite struct SpellingTests {
    private let commands = ["OPP.GET", "OPP.LIST", "OPP.ADVANCE", "PERSON.GET", "ME", "PING"]

    @Test(
        "P-9: a mistyped command suggests the nearest",
        arguments: [
            ("OPP.GTE", "OPP.GET"), ("opp.lst", "OPP.LIST"), ("OPP.ADVNACE", "OPP.ADVANCE"),
            ("PERSONGET", "PERSON.GET"), ("pign", "PING"), ("OPP.GET", "OPP.GET"),
        ])
    func suggests(word: String, nearest: String) {
        #expect(Spelling.nearest(to: word, among: commands) == nearest)
    }

    @Test("P-9: a word that is near to nothing suggests nothing", arguments: ["", "x", "HGETALL"])
    func suggestsNothing(word: String) {
        #expect(Spelling.nearest(to: word, among: commands) == nil)
    }

    @Test("P-9: the nearest wins, and of equally near ones the first")
    func nearestWins() {
        #expect(Spelling.nearest(to: "REASOM", among: ["SEASON", "REASON"]) == "REASON")
        #expect(Spelling.nearest(to: "card", among: ["cart", "care"]) == "cart")
        #expect(Spelling.nearest(to: "card", among: [String]()) == nil)
    }

    @Test("P-9: a third of the length may differ, and no more")
    func limit() {
        #expect(Spelling.nearest(to: "abcdef", among: ["abcdxy"]) == "abcdxy")
        #expect(Spelling.nearest(to: "abcdef", among: ["abcxyz"]) == nil)
    }

    @Test("P-9: words of a client's length are not compared")
    func longWord() {
        let long = String(repeating: "a", count: 65_536)
        #expect(Spelling.nearest(to: long, among: [long]) == nil)
    }
}
