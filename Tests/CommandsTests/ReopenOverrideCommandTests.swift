import Testing

@testable import PipelineCommands

struct ReopenOverrideCommandTests {
    private func company() -> LedgerCompany {
        let company = LedgerCompany.furnished()
        company.run("OPP.ADVANCE o2", as: "ann")
        company.run("OPP.WIN o2", as: "ann")
        company.run("OPP.LOSE o3 REASON price REVIEW dear", as: "bob")
        return company
    }

    @Test("D-15: OPP.REOPEN answers reopened, or pending where the deal was won")
    func reopened() throws {
        let company = company()
        let lost = company.run("OPP.REOPEN o3 REASON 'back again'", as: "lee")
        #expect(lost["status"]?.text == "reopened")
        #expect(lost["stage"]?.text == "proposal")
        #expect(lost["approval"] == .null)
        let history = company.run("OPP.HISTORY o3", as: "lee").elements?.last
        #expect(history?["type"]?.text == "reopened")
        #expect(history?["from"]?.text == "lost")
        #expect(history?["note"]?.text == "back again")
        let won = company.run("OPP.REOPEN o2 REASON again STAGE start", as: "lee")
        #expect(won["status"]?.text == "pending")
        #expect(won["approval"]?.text == "a1")
        #expect(company.run("APPROVAL.GET a1", as: "boss")["to"]?.text == "reopen")
        company.run("APPROVAL.APPROVE a1", as: "boss")
        let deal = company.run("OPP.GET o2", as: "ann")
        #expect(deal["outcome"]?.text == "open")
        #expect(deal["stage"]?.text == "start")
        #expect(try company.replayed().run("OPP.GET o2", as: "ann") == deal)
    }

    @Test("D-31: OPP.OVERRIDE answers the stage and shows as an override")
    func overridden() throws {
        let company = company()
        #expect(
            company.run("OPP.OVERRIDE o1 TO closing REASON law", as: "lee")["stage"]?.text
                == "closing")
        let history = company.run("OPP.HISTORY o1", as: "ann").elements?.last
        #expect(history?["type"]?.text == "overridden")
        #expect(history?["from"]?.text == "proposal")
        #expect(history?["to"]?.text == "closing")
        #expect(history?["note"]?.text == "law")
        #expect(
            try company.replayed().run("OPP.GET o1", as: "ann")
                == company.run("OPP.GET o1", as: "ann"))
    }

    @Test(
        "P-5: every refusal of OPP.REOPEN and OPP.OVERRIDE, in order",
        arguments: [
            (
                "zoe", "OPP.REOPEN o3 REASON x",
                "NOTFOUND no opportunity 'o3'; check the id, or ask whoever may see it"
            ),
            (
                "bob", "OPP.REOPEN o3 REASON x IFREV 9",
                "NOPERM you may not reopen o3; that is for somebody above its owner e5, or an admin"
            ),
            (
                "lee", "OPP.REOPEN o1 REASON x IFREV 9",
                "CONFLICT o1 is at revision 1, changed by e4; read it again and repeat with IFREV 1"
            ),
            (
                "lee", "OPP.REOPEN o1 REASON ' '",
                "CONFLICT o1 is open; OPP.OVERRIDE or OPP.ADVANCE moves it"
            ),
            (
                "lee", "OPP.REOPEN o3 REASON ' ' STAGE closing",
                "INVALID STAGE: 'closing' is none of: proposal; REASON: must not be empty"
            ),
            (
                "zoe", "OPP.OVERRIDE o1 TO closing REASON x",
                "NOTFOUND no opportunity 'o1'; check the id, or ask whoever may see it"
            ),
            (
                "ann", "OPP.OVERRIDE o1 TO closing REASON x IFREV 9",
                "NOPERM you may not override the stage of o1; that is for somebody above its owner e4, or an admin"
            ),
            (
                "lee", "OPP.OVERRIDE o1 TO closing REASON x IFREV 9",
                "CONFLICT o1 is at revision 1, changed by e4; read it again and repeat with IFREV 1"
            ),
            (
                "lee", "OPP.OVERRIDE o3 TO nowhere REASON x",
                "CONFLICT o3 is closed (lost); OPP.NOTE is still possible"
            ),
            (
                "lee", "OPP.OVERRIDE o1 TO nowhere REASON ' '",
                "INVALID TO: no stage 'nowhere'; stages: proposal, negotiation, closing; REASON: must not be empty"
            ),
            (
                "lee", "OPP.OVERRIDE o1 TO proposal REASON x",
                "INVALID TO: o1 is in stage 'proposal' already"
            ),
        ])
    func refusals(login: String, line: String, expected: String) {
        #expect(company().refusal(line, as: login) == expected)
    }

    @Test("D-25, D-35: pending, and an owner who is gone")
    func laterRefusals() {
        let company = company()
        company.submit()
        #expect(
            company.refusal("OPP.OVERRIDE o1 TO nowhere REASON x", as: "lee")
                == "PENDING o1 waits for a1 and is locked; OPP.RECALL o1 takes the request back")
        company.run("OPP.REOPEN o2 REASON x", as: "lee")
        #expect(
            company.refusal("OPP.REOPEN o2 REASON x", as: "lee")
                == "PENDING o2 waits for a2 and is locked; OPP.RECALL o2 takes the request back")
        company.run("PERSON.DEACTIVATE bob")
        #expect(
            company.refusal("OPP.REOPEN o3 REASON x", as: "lee")
                == "CONFLICT e5, who owns o3, is not active; PERSON.ACTIVATE e5 first")
    }
}
