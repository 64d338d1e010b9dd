import PipelineProtocol
import Testing

@testable import PipelineCommands

/// Sentences of the rules that no other suite is about.
struct RuleSentenceTests {
    @Test("D-22: changing unit keeps requests where they are")
    func unitKeepsRequests() {
        let company = LedgerCompany.furnished()
        company.submit()
        company.run("PERSON.UPDATE lee UNIT u4")
        company.run("PERSON.UPDATE ann UNIT u1")
        let request = company.run("APPROVAL.GET a1", as: "lee")
        #expect(request["approvers"]?.plain == "[e3, e2]")
        #expect(company.refusal("APPROVAL.APPROVE a1", as: "lee") == nil)
    }

    @Test(
        "D-13: invalid as well as lost while a request waits: it is cancelled, the superior is told"
    )
    func endsWhilePending() {
        for (line, type) in [
            ("OPP.LOSE o1 REASON price REVIEW 贵", "deal.lost"),
            ("OPP.INVALIDATE o1 REASON duplicate", "deal.invalid"),
        ] {
            let company = LedgerCompany.furnished()
            company.submit()
            company.run(line, as: "ann")
            #expect(company.run("APPROVAL.GET a1", as: "ann")["status"]?.text == "cancelled")
            #expect(company.run("OPP.GET o1", as: "ann")["pending"] == .null)
            let told = company.run("INBOX.LIST", as: "lee").rows.compactMap { $0["type"]?.text }
            #expect(told == ["approval.requested", "approval.cancelled", type])
            #expect(
                company.refusal("APPROVAL.APPROVE a1", as: "lee")
                    == "CONFLICT a1 is cancelled already, by e4")
        }
    }

    @Test("D-28: a closed deal stays credited to its owner, its unit to the one at closing (D-10)")
    func credited() {
        let company = LedgerCompany.furnished()
        company.run("OPP.LOSE o3 REASON price REVIEW 贵", as: "bob")
        #expect(
            company.refusal("OPP.TRANSFER o3 TO ann", as: "lee")
                == "CONFLICT o3 is closed (lost); OPP.NOTE is still possible")
        company.run("PERSON.UPDATE bob UNIT u4")
        let deal = company.run("OPP.GET o3")
        #expect(deal["owner"]?.text == "e5" && deal["unit"]?.text == "u3")
    }

    @Test(
        "D-5: where a backward transition has a gate, going back waits for it; the reason is recorded"
    )
    func gateBackward() {
        let company = LedgerCompany.furnished()
        company.put(
            "back",
            """
            {"name": "退回", "stages": [
              {"key": "a", "name": "甲", "winRate": 10}, {"key": "b", "name": "乙", "winRate": 20}],
             "transitions": [{"from": "b", "to": "a", "gate": {"approval": "superior"}}]}
            """)
        company.run("PROCESS.PUBLISH back")
        company.run("OPP.CREATE 商机 CUSTOMER c1 PROCESS back", as: "ann")
        company.run("OPP.ADVANCE o4", as: "ann")
        #expect(
            company.refusal("OPP.ADVANCE o4 TO a", as: "ann")
                == "INVALID NOTE: going back to 'a' needs a NOTE that says why")
        let reply = company.run("OPP.ADVANCE o4 TO a NOTE 重来", as: "ann")
        #expect(reply["status"]?.text == "pending" && reply["stage"]?.text == "b")
        company.run("APPROVAL.APPROVE a1", as: "lee")
        #expect(company.run("OPP.GET o4", as: "ann")["stage"]?.text == "a")
        let row = company.run("OPP.HISTORY o4", as: "ann").rows.last
        #expect(row?["type"]?.text == "moved" && row?["note"]?.text == "重来")
        #expect(row?["from"]?.text == "b" && row?["to"]?.text == "a" && row?["by"]?.text == "e3")
    }

    @Test("P-5: what conflicts with the company comes before what is wrong by itself")
    func conflictBeforeInvalid() {
        let company = LedgerCompany.furnished()
        company.run("PERSON.DEACTIVATE zoe")
        let gone = "CONFLICT e7 is not active; name somebody who is"
        #expect(company.refusal("PERSON.UPDATE ann TZ 月球 SUPERIOR zoe") == gone)
        #expect(company.refusal("UNIT.UPDATE u1 PARENT u2 HEAD zoe") == gone)
        #expect(company.refusal("OPP.NOTE o1 ' ' MENTION zoe", as: "ann") == gone)
        #expect(
            company.refusal("PERSON.UPDATE root TZ 月球 ROLE rep")
                == "CONFLICT e1 is the last active admin; give somebody else that role first")
        #expect(
            company.refusal("PERSON.UPDATE boss TZ 月球 SUPERIOR ann")
                == "CONFLICT e2 would be their own superior (e2); choose another one")
        #expect(
            company.refusal("OPP.NOTE o1 ' ' MENTION bob,ann", as: "ann")
                == "INVALID text: must not be empty; MENTION: e5 may not see o1")
        company.submit()
        #expect(
            company.refusal("APPROVAL.APPROVE a1 IFREV 9", as: "boss")
                == "NOPERM you may not decide a1 now; that is for e3, whose turn it is")
    }

    @Test("P-5, D-30: a stale document is a conflict, whatever is wrong in it")
    func staleDocuments() {
        let company = LedgerCompany.furnished()
        for (line, name, revision) in [
            ("PROCESS.PUT bid x", "bid", 2), ("FIELD.PUT customer tier x", "customer.tier", 0),
            ("CALENDAR.PUT cn x", "cn", 0),
        ] {
            #expect(
                company.refusal("\(line) IFREV 9")
                    == "CONFLICT \(name) is at revision \(revision), changed by e1; read it again and repeat with IFREV \(revision)"
            )
            #expect(company.refusal(line)?.hasPrefix("INVALID json") == true)
            #expect(company.refusal("\(line) IFREV 9", as: "ann")?.hasPrefix("NOPERM") == true)
        }
    }
}
