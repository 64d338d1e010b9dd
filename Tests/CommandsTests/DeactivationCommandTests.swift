import Testing

@testable import PipelineCommands

struct DeactivationCommandTests {
    @Test("D-35, D-22: PERSON.DEACTIVATE ends access and answers what it moved")
    func deactivated() throws {
        let company = LedgerCompany.furnished()
        company.submit()
        let reply = company.run("PERSON.DEACTIVATE ann DEALS-TO lee")
        #expect(reply["id"]?.text == "e4")
        #expect(reply["deals"]?.integer == 2)
        #expect(reply["approvals"]?.integer == 0)
        #expect(company.ledger.credentials(login: "ann".utf8)?.isActive == false)
        #expect(!company.ledger.isActive(company.person("ann")))
        let request = company.run("APPROVAL.GET a1", as: "boss")
        #expect(request["approvers"]?.elements?.map(\.text) == ["e2"])
        #expect(request["status"]?.text == "pending")
        let row = company.run("INBOX.LIST", as: "lee").elements?[1]
        #expect(row?["type"]?.text == "approval.rerouted")
        #expect(row?["text"]?.text == "商机「Bridge 大桥」的审批单已改由他人审批")
        let history = company.run("OPP.HISTORY o1", as: "boss").elements?.last
        #expect(history?["type"]?.text == "approval.rerouted")
        #expect(history?["from"]?.text == "e3 e2")
        #expect(history?["to"]?.text == "e2")
        #expect(try company.replayed().run("APPROVAL.GET a1", as: "boss") == request)
        #expect(company.run("PERSON.ACTIVATE ann")["id"]?.text == "e4")
        #expect(company.ledger.isActive(company.person("ann")))
    }

    @Test(
        "P-5: every refusal of PERSON.DEACTIVATE and PERSON.ACTIVATE, in order",
        arguments: [
            (
                "ann", "PERSON.DEACTIVATE e99 DEALS-TO e98",
                "NOTFOUND no person 'e99'; check the id, or ask whoever may see it"
            ),
            (
                "ann", "PERSON.DEACTIVATE bob DEALS-TO e98",
                "NOTFOUND no person 'e98'; check the id, or ask whoever may see it"
            ),
            (
                "ann", "PERSON.DEACTIVATE bob IFREV 9",
                "NOPERM you may not deactivate people; that is for an admin"
            ),
            (
                "root", "PERSON.DEACTIVATE bob IFREV 9",
                "CONFLICT e5 is at revision 1, changed by e1; read it again and repeat with IFREV 1"
            ),
            ("root", "PERSON.DEACTIVATE zoe", "CONFLICT e7 is inactive already"),
            (
                "root", "PERSON.DEACTIVATE root",
                "CONFLICT e1 is the last active admin; give somebody else that role first"
            ),
            (
                "root", "PERSON.DEACTIVATE ann DEALS-TO zoe",
                "CONFLICT e7 is not active; name somebody who is"
            ),
            (
                "root", "PERSON.DEACTIVATE ann",
                "CONFLICT e4 owns open deals: o1, o2; DEALS-TO says who gets them"
            ),
            (
                "root", "PERSON.DEACTIVATE ann DEALS-TO ann",
                "INVALID DEALS-TO: names e4, who is to be deactivated"
            ),
            (
                "ann", "PERSON.ACTIVATE e99",
                "NOTFOUND no person 'e99'; check the id, or ask whoever may see it"
            ),
            (
                "ann", "PERSON.ACTIVATE zoe",
                "NOPERM you may not activate people; that is for an admin"
            ),
            (
                "root", "PERSON.ACTIVATE zoe IFREV 1",
                "CONFLICT e7 is at revision 2, changed by e1; read it again and repeat with IFREV 2"
            ),
            ("root", "PERSON.ACTIVATE ann", "CONFLICT e4 is active already"),
        ])
    func refusals(login: String, line: String, expected: String) {
        let company = LedgerCompany.furnished()
        company.run("PERSON.DEACTIVATE zoe")
        #expect(company.refusal(line, as: login) == expected)
    }
}
