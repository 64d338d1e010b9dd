import Testing

@testable import PipelineCommands

struct DelegationCommandTests {
    @Test("D-21, N-3: the delegate finds the request, decides it, and APPROVAL.GET names both")
    func decided() throws {
        let company = LedgerCompany.furnished()
        company.submit()
        company.run("PERSON.DELEGATE lee TO zoe FROM 2026-11-22 UNTIL 2026-11-23", as: "lee")
        #expect(company.run("PERSON.GET lee")["delegate"]?.text == "e7")
        #expect(company.run("PERSON.GET lee")["delegateUntil"]?.text == "2026-11-23")
        #expect(company.run("ME", as: "zoe")["approvals"]?.integer == 1)
        #expect(company.run("APPROVAL.LIST MINE", as: "zoe").elements?.count == 1)
        #expect(company.run("OPP.LIST FIELDS 1 id", as: "zoe").elements?.count == 1)
        let row = company.run("INBOX.LIST", as: "zoe").elements?.last
        #expect(row?["type"]?.text == "approval.requested")
        company.run("APPROVAL.APPROVE a1 NOTE fine", as: "zoe")
        let request = company.run("APPROVAL.GET a1", as: "ann")
        #expect(request["decidedBy"]?.text == "e7")
        #expect(request["decidedFor"]?.text == "e3")
        #expect(request["level"]?.integer == 2)
        #expect(try company.replayed().run("APPROVAL.GET a1", as: "ann") == request)
        #expect(company.refusal("OPP.GET o1", as: "zoe")?.hasPrefix("NOTFOUND") == true)
    }

    @Test("N-2: a request comes from its submitter, whosever act brought the turn to its reader")
    func asker() throws {
        let company = LedgerCompany.furnished()
        company.submit()
        company.run("APPROVAL.APPROVE a1", as: "lee")
        company.run("PERSON.DELEGATE boss TO zoe FROM 2026-11-22 UNTIL 2026-11-23")
        for login in ["lee", "boss", "zoe"] {
            let row = try #require(company.run("INBOX.LIST", as: login).elements?.first)
            #expect(row["type"]?.text == "approval.requested")
            #expect(row["by"]?["id"]?.text == "e4", "\(login)")
            #expect(row["text"]?.text?.contains(login == "lee" ? "Ann请您" : "Ann asks") == true)
        }
    }

    @Test("D-21, D-34: the right ends with the last day, for queries and for what is delivered")
    func ends() {
        let company = LedgerCompany.furnished()
        company.submit()
        company.run("PERSON.DELEGATE lee TO zoe FROM 2026-11-22 UNTIL 2026-11-22")
        #expect(company.run("OPP.GET o1", as: "zoe")["id"]?.text == "o1")
        // Midnight in Shanghai is at 16:00Z.
        company.advance(milliseconds: 14 * 3_600_000)
        let late = company.now
        #expect(company.refusal("OPP.GET o1", as: "zoe")?.hasPrefix("NOTFOUND") == true)
        #expect(company.run("APPROVAL.LIST MINE", as: "zoe").elements?.isEmpty == true)
        let messages = company.ledger.inboxMessages(
            of: company.person("zoe"), after: 0, durable: .max, limit: 9, at: late)
        let texts = messages.map { String(decoding: $0.payload, as: UTF8.self) }
        #expect(texts.count == 1 && texts[0].contains("\"withdrawn\""))
    }

    @Test(
        "P-5: every refusal of PERSON.DELEGATE, in order",
        arguments: [
            (
                "lee", "PERSON.DELEGATE lee TO bob UNTIL 2026-11-23",
                "ERR syntax error: PERSON.DELEGATE needs FROM; usage: PERSON.DELEGATE person [TO person] [FROM date] [UNTIL date] [CLEAR] [IFREV rev] [REQID token]"
            ),
            (
                "lee", "PERSON.DELEGATE lee TO bob CLEAR",
                "ERR syntax error: PERSON.DELEGATE needs CLEAR alone; usage: PERSON.DELEGATE person [TO person] [FROM date] [UNTIL date] [CLEAR] [IFREV rev] [REQID token]"
            ),
            (
                "ann", "PERSON.DELEGATE e99 CLEAR",
                "NOTFOUND no person 'e99'; check the id, or ask whoever may see it"
            ),
            (
                "ann", "PERSON.DELEGATE lee TO e99 FROM 2026-11-22 UNTIL 2026-11-23",
                "NOTFOUND no person 'e99'; check the id, or ask whoever may see it"
            ),
            (
                "ann", "PERSON.DELEGATE lee CLEAR IFREV 9",
                "NOPERM you may not delegate for e3; that is for the person, or an admin"
            ),
            (
                "lee", "PERSON.DELEGATE lee CLEAR IFREV 9",
                "CONFLICT e3 is at revision 1, changed by e1; read it again and repeat with IFREV 1"
            ),
            (
                "lee", "PERSON.DELEGATE lee TO zoe FROM 2026-11-24 UNTIL 2026-11-23",
                "CONFLICT e7 is not active; name somebody who is"
            ),
            (
                "lee", "PERSON.DELEGATE lee TO lee FROM 2026-11-24 UNTIL 2026-11-23",
                "INVALID TO: e3 cannot be their own delegate; UNTIL: 2026-11-23 is before FROM, which is 2026-11-24"
            ),
            (
                "lee", "PERSON.DELEGATE lee TO bob FROM 2026-11-20 UNTIL 2026-11-21",
                "INVALID UNTIL: 2026-11-21 is past in zone Asia/Shanghai"
            ),
        ])
    func refusals(login: String, line: String, expected: String) {
        let company = LedgerCompany.furnished()
        company.run("PERSON.DEACTIVATE zoe")
        #expect(company.refusal(line, as: login) == expected)
    }
}
