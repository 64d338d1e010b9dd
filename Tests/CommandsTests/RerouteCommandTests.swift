import Testing

@testable import PipelineCommands

struct RerouteCommandTests {
    @Test("D-18: APPROVAL.REROUTE shows in the request and in the deal's history")
    func shown() throws {
        let company = LedgerCompany.furnished()
        company.submit()
        let reply = company.run("APPROVAL.REROUTE a1 TO zoe REASON \"on leave\"")
        #expect(reply["id"]?.text == "a1")
        #expect(reply["opportunity"]?.text == "o1")
        let request = company.run("APPROVAL.GET a1", as: "zoe")
        #expect(request["approvers"]?.elements?.map(\.text) == ["e7", "e2"])
        let row = company.run("OPP.HISTORY o1", as: "ann").elements?.last
        #expect(row?["type"]?.text == "approval.rerouted")
        #expect(row?["note"]?.text == "on leave")
        #expect(row?["details"]?["cause"]?.text == "reroute")
        #expect(try company.replayed().run("APPROVAL.GET a1", as: "zoe") == request)
    }

    @Test(
        "P-5: every refusal of APPROVAL.REROUTE, in order",
        arguments: [
            (
                "root", "APPROVAL.REROUTE a1 TO bob",
                "ERR syntax error: APPROVAL.REROUTE needs REASON; usage: APPROVAL.REROUTE approval TO person REASON text [IFREV rev] [REQID token]"
            ),
            (
                "zoe", "APPROVAL.REROUTE a1 TO e99 REASON x",
                "NOTFOUND no approval 'a1'; check the id, or ask whoever may see it"
            ),
            (
                "lee", "APPROVAL.REROUTE a1 TO e99 REASON x",
                "NOTFOUND no person 'e99'; check the id, or ask whoever may see it"
            ),
            (
                "lee", "APPROVAL.REROUTE a1 TO bob REASON x IFREV 9",
                "NOPERM you may not reroute a1; that is for an admin"
            ),
            (
                "root", "APPROVAL.REROUTE a1 TO bob REASON x IFREV 9",
                "CONFLICT a1 is at revision 1, changed by e4; read it again and repeat with IFREV 1"
            ),
            (
                "root", "APPROVAL.REROUTE a1 TO zoe REASON x",
                "CONFLICT e7 is not active; name somebody who is"
            ),
            (
                "root", "APPROVAL.REROUTE a1 TO ann REASON ' '",
                "INVALID TO: e4 owns o1; TO: e4 submitted a1; REASON: must not be empty"
            ),
            (
                "root", "APPROVAL.REROUTE a1 TO boss REASON x",
                "INVALID TO: e2 is among its approvers already"
            ),
        ])
    func refusals(login: String, line: String, expected: String) {
        let company = LedgerCompany.furnished()
        company.submit()
        company.run("PERSON.DEACTIVATE zoe")
        if login == "zoe" { company.run("PERSON.ACTIVATE zoe") }
        #expect(company.refusal(line, as: login) == expected)
    }

    @Test("D-26: a decided request is not rerouted")
    func decided() {
        let company = LedgerCompany.furnished()
        company.submit()
        company.run("APPROVAL.REJECT a1 NOTE dear", as: "lee")
        #expect(
            company.refusal("APPROVAL.REROUTE a1 TO bob REASON x")
                == "CONFLICT a1 is rejected already, by e3")
    }
}
