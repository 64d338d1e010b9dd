import Testing

@testable import PipelineCommands

struct TeamCommandTests {
    @Test("D-10, D-33: the team is an array of texts, and its members find the deal in their list")
    func shown() throws {
        let company = LedgerCompany.furnished()
        company.run("OPP.TEAM o1 ADD zoe ROLE technical-sales", as: "ann")
        company.run("OPP.TEAM o1 ADD bob ROLE 方案顾问", as: "lee")
        let deal = company.run("OPP.GET o1", as: "zoe")
        #expect(deal["team"]?.elements?.map(\.text) == ["e5 方案顾问", "e7 technical-sales"])
        #expect(company.run("OPP.LIST FIELDS 1 id", as: "zoe").elements?.count == 1)
        let row = company.run("INBOX.LIST", as: "zoe").elements?.last
        #expect(row?["type"]?.text == "team.joined")
        #expect(row?["text"]?.text == "Ann put you on the team of 'Bridge 大桥': technical-sales")
        company.run("OPP.TEAM o1 REMOVE zoe", as: "ann")
        let history = company.run("OPP.HISTORY o1", as: "ann").elements?.suffix(2)
        #expect(history?.map { $0["type"]?.text } == ["team.joined", "team.left"])
        #expect(history?.last?["from"]?.text == "e7 technical-sales")
        #expect(company.run("INBOX.LIST", as: "zoe").elements?.last?["type"]?.text == "withdrawn")
        let replayed = try company.replayed()
        #expect(replayed.run("OPP.GET o1", as: "bob") == company.run("OPP.GET o1", as: "bob"))
    }

    @Test(
        "P-5: every refusal of OPP.TEAM, in order",
        arguments: [
            (
                "ann", "OPP.TEAM o1 ADD zoe",
                "ERR syntax error: OPP.TEAM needs ROLE; usage: OPP.TEAM opportunity [ADD person] [ROLE name] [REMOVE person] [IFREV rev] [REQID token]"
            ),
            (
                "ann", "OPP.TEAM o1",
                "ERR syntax error: OPP.TEAM needs ADD with ROLE, or REMOVE; usage: OPP.TEAM opportunity [ADD person] [ROLE name] [REMOVE person] [IFREV rev] [REQID token]"
            ),
            (
                "zoe", "OPP.TEAM o1 REMOVE e99",
                "NOTFOUND no opportunity 'o1'; check the id, or ask whoever may see it"
            ),
            (
                "eve", "OPP.TEAM o1 REMOVE e99",
                "NOTFOUND no person 'e99'; check the id, or ask whoever may see it"
            ),
            (
                "eve", "OPP.TEAM o1 REMOVE zoe IFREV 7",
                "NOPERM you may not change the team of o1; that is for its owner e4 or somebody above"
            ),
            (
                "ann", "OPP.TEAM o1 REMOVE zoe IFREV 7",
                "CONFLICT o1 is at revision 1, changed by e4; read it again and repeat with IFREV 1"
            ),
            ("ann", "OPP.TEAM o1 REMOVE zoe", "INVALID REMOVE: e7 is not on the team of o1"),
            (
                "bob", "OPP.TEAM o3 ADD zoe ROLE x",
                "CONFLICT o3 is closed (lost); OPP.NOTE is still possible"
            ),
        ])
    func refusals(login: String, line: String, expected: String) {
        let company = LedgerCompany.furnished()
        company.run("OPP.LOSE o3 REASON price REVIEW dear", as: "bob")
        #expect(company.refusal(line, as: login) == expected)
    }
}
