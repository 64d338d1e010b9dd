import Testing

@testable import PipelineCommands

struct TransferCommandTests {
    @Test("D-28, D-32: OPP.TRANSFER answers the new owner and keeps the request")
    func answer() throws {
        let company = LedgerCompany.furnished()
        company.submit()
        let reply = company.run("OPP.TRANSFER o1 TO zoe REQID t1", as: "boss")
        #expect(reply["id"]?.text == "o1")
        #expect(reply["owner"]?.text == "e7")
        #expect(reply["pending"]?.text == "a1")
        let deal = company.run("OPP.GET o1", as: "zoe")
        #expect(deal["owner"]?.text == "e7")
        #expect(deal["unit"]?.text == "u4")
        #expect(company.refusal("OPP.GET o1", as: "ann")?.hasPrefix("NOTFOUND") == true)
        #expect(company.run("OPP.TRANSFER o1 TO zoe REQID t1", as: "boss") == reply)
        let history = company.run("OPP.HISTORY o1", as: "boss").elements?.last
        #expect(history?["type"]?.text == "transferred")
        #expect(history?["from"]?.text == "e4")
        #expect(history?["to"]?.text == "e7")
        let row = company.run("INBOX.LIST", as: "zoe").elements?.last
        #expect(row?["type"]?.text == "deal.transferred")
        #expect(row?["text"]?.text == "Boss transferred 'Bridge 大桥' to you")
        #expect(try company.replayed().run("OPP.GET o1", as: "zoe") == deal)
    }

    @Test(
        "P-5: every refusal of OPP.TRANSFER, in order",
        arguments: [
            (
                "boss", "OPP.TRANSFER o1",
                "ERR syntax error: OPP.TRANSFER needs TO; usage: OPP.TRANSFER opportunity TO person [IFREV rev] [REQID token]"
            ),
            (
                "zoe", "OPP.TRANSFER o1 TO bob",
                "NOTFOUND no opportunity 'o1'; check the id, or ask whoever may see it"
            ),
            (
                "zoe", "OPP.TRANSFER o99 TO bob",
                "NOTFOUND no opportunity 'o99'; check the id, or ask whoever may see it"
            ),
            (
                "ann", "OPP.TRANSFER o1 TO e99",
                "NOTFOUND no person 'e99'; check the id, or ask whoever may see it"
            ),
            (
                "ann", "OPP.TRANSFER o1 TO bob IFREV 9",
                "NOPERM you may not transfer o1; that is for somebody above its owner e4, or an admin"
            ),
            (
                "lee", "OPP.TRANSFER o1 TO ann IFREV 9",
                "CONFLICT o1 is at revision 1, changed by e4; read it again and repeat with IFREV 1"
            ),
            ("lee", "OPP.TRANSFER o1 TO ann", "INVALID TO: e4 owns o1 already"),
            (
                "lee", "OPP.TRANSFER o3 TO ann",
                "CONFLICT o3 is closed (lost); OPP.NOTE is still possible"
            ),
        ])
    func refusals(login: String, line: String, expected: String) {
        let company = LedgerCompany.furnished()
        company.run("OPP.LOSE o3 REASON price REVIEW dear", as: "bob")
        #expect(company.refusal(line, as: login) == expected)
    }
}
