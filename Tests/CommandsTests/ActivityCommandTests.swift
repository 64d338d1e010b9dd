import PipelineProtocol
import Testing

@testable import PipelineCommands

@Suite("Commands: activities and notes")
struct ActivityCommandTests {
    @Test("D-41: an activity has an id, a kind, a time, a doer and a result, and is in the history")
    func activities() {
        let company = LedgerCompany.furnished()
        let reply = company.run("OPP.ACTIVITY o1 call TO ann AT 2026-12-01 NOTE budget", as: "lee")
        #expect(reply["id"]?.text == "o1")
        #expect(reply["activity"]?.text == "v1")
        company.run(
            "OPP.ACTIVITY o1 visit AT 2026-12-01T10:00:00+08:00 RESULT no-answer", as: "ann")
        #expect(company.run("ACTIVITY.DONE v01 RESULT refused", as: "ann")["rev"]?.integer == 2)
        let rows = company.run("OPP.GET o1 WITH 1 activities", as: "ann")["activities"]?.rows ?? []
        #expect(rows.map { $0["id"]?.text } == ["v1", "v2"])
        #expect(rows.map { $0["kind"]?.text } == ["call", "visit"])
        #expect(
            rows.map { $0["at"]?.text } == ["2026-12-01T01:00:00.000Z", "2026-12-01T02:00:00.000Z"])
        #expect(rows.map { $0["result"]?.text } == ["refused", "no-answer"])
        #expect(rows.map { $0["done"] } == [.boolean(true), .boolean(true)])
        for (kind, kept) in [("拜访", "拜访"), ("\"Site Visit\"", "site visit"), ("CALL", "call")] {
            company.run("OPP.ACTIVITY o2 \(kind)", as: "ann")
            let rows = company.run("OPP.GET o2 WITH 1 activities", as: "ann")["activities"]?.rows
            #expect(rows?.last?["kind"]?.text == kept)
        }
        let history = company.run("OPP.HISTORY o1", as: "ann").rows
        #expect(
            history.map { $0["type"]?.text } == [
                "created", "activity", "activity", "activity.done",
            ])
        #expect(history[1]["field"]?.text == "call")
        #expect(history[1]["note"]?.text == "budget")
        #expect(history[1]["details"]?["to"]?.text == "e4")
        #expect(history[3]["details"]?["result"]?.text == "refused")
    }

    @Test("D-41: leads show their activities")
    func leads() {
        let company = LedgerCompany.furnished()
        company.run("LEAD.CREATE Zhao", as: "ann")
        #expect(company.run("LEAD.ACTIVITY l1 call DONE", as: "lee")["activity"]?.text == "v1")
        let rows = company.run("LEAD.GET l1", as: "ann")["activities"]?.rows
        #expect(rows?.first?["done"] == .boolean(true))
    }

    @Test("D-41, N-9: who is mentioned reads so, once, in their language; the note keeps the names")
    func mentions() {
        let company = LedgerCompany.furnished()
        company.run(#"OPP.NOTE o1 "see this" MENTION boss,e3,e4"#, as: "ann")
        let boss = company.run("INBOX.LIST", as: "boss").rows
        #expect(boss.map { $0["type"]?.text } == ["note.mention"])
        #expect(
            boss.first?["text"]?.text == "Ann mentioned you in a note on 'Bridge 大桥': see this")
        let lee = company.run("INBOX.LIST", as: "lee").rows
        #expect(lee.first?["text"]?.text?.hasPrefix("Ann在商机「Bridge 大桥」的留言中提到了您") == true)
        #expect(company.run("INBOX.LIST", as: "ann").rows.isEmpty)
        let notes = company.run("OPP.GET o1 WITH 1 notes", as: "ann")["notes"]?.rows
        #expect(notes?.first?["mentions"]?.rows.map(\.text) == ["e2", "e3", "e4"])
        company.run(#"OPP.NOTE o1 fine REPLYTO n1"#, as: "boss")
        #expect(
            company.run("INBOX.LIST", as: "ann").rows.map { $0["type"]?.text } == ["note.added"])
    }

    @Test(
        "P-5: each refusal's line",
        arguments: [
            (
                "OPP.ACTIVITY o1 call", "bob",
                "NOTFOUND no opportunity 'o1'; check the id, or ask whoever may see it"
            ),
            (
                "OPP.ACTIVITY o1 call TO nobody", "ann",
                "NOTFOUND no person 'nobody'; check the id, or ask whoever may see it"
            ),
            (
                "OPP.ACTIVITY o1 call TO bob IFREV 4", "ann",
                "CONFLICT o1 is at revision 1, changed by e4; read it again and repeat with IFREV 1"
            ),
            ("OPP.ACTIVITY o1 call TO bob", "ann", "INVALID TO: e5 may not see o1"),
            (
                "OPP.ACTIVITY o1 call AT soon", "ann",
                "INVALID AT: must be a date, YYYY-MM-DD, or an instant such as 2026-11-22T09:30:00Z"
            ),
            (#"OPP.ACTIVITY o1 """#, "ann", "INVALID kind: must not be empty"),
            (
                "OPP.ACTIVITY o1 call RESULT maybe", "ann",
                "INVALID RESULT: must be one of: answered, no-answer, refused"
            ),
            (
                "LEAD.ACTIVITY l1 call", "bob",
                "NOTFOUND no lead 'l1'; check the id, or ask whoever may see it"
            ),
            ("LEAD.ACTIVITY l1 call TO bob", "ann", "INVALID TO: e5 may not see l1"),
            (
                "ACTIVITY.DONE v1", "bob",
                "NOTFOUND no activity 'v1'; check the id, or ask whoever may see it"
            ),
            (
                "ACTIVITY.DONE o1", "bob",
                "INVALID activity: must be the id of an activity, such as v12"
            ),
            ("ACTIVITY.DONE v2", "ann", "CONFLICT v2 is done already, by e4"),
            (
                "ACTIVITY.DONE v1 IFREV 2", "ann",
                "CONFLICT v1 is at revision 1, changed by e4; read it again and repeat with IFREV 1"
            ),
            (
                "OPP.NOTE o1 x MENTION bob,e7", "ann",
                "INVALID MENTION: e5 may not see o1; MENTION: e7 may not see o1"
            ),
            (
                "OPP.NOTE o1 x MENTION nobody", "ann",
                "NOTFOUND no person 'nobody'; check the id, or ask whoever may see it"
            ),
            (
                "OPP.NOTE o1 x MENTION bob,,lee", "ann",
                "INVALID MENTION: must be a person's id, such as e3, or login"
            ),
        ])
    func refusals(line: String, login: String, text: String) {
        let company = LedgerCompany.furnished()
        company.run("LEAD.CREATE Zhao", as: "ann")
        company.run("LEAD.ACTIVITY l1 call", as: "ann")
        company.run("LEAD.ACTIVITY l1 call DONE", as: "ann")
        #expect(company.refusal(line, as: login) == text)
    }

    @Test("D-25: closed deals take no activity; pending ones do")
    func closed() {
        let company = LedgerCompany.furnished()
        company.submit()
        #expect(company.refusal("OPP.ACTIVITY o1 call", as: "ann") == nil)
        company.run("OPP.LOSE o1 REASON price REVIEW dear", as: "ann")
        #expect(
            company.refusal("OPP.ACTIVITY o1 call", as: "ann")
                == "CONFLICT o1 is closed (lost); OPP.NOTE is still possible")
    }

    @Test("W-1: the records alone give the same activities and notes back")
    func replayed() throws {
        let company = LedgerCompany.furnished()
        company.run("LEAD.CREATE Zhao", as: "ann")
        company.run("LEAD.ACTIVITY l1 call AT 2026-12-01", as: "ann")
        company.run("OPP.ACTIVITY o1 call TO ann", as: "lee")
        company.run("ACTIVITY.DONE v2", as: "lee")
        company.run("OPP.NOTE o1 x MENTION lee", as: "ann")
        company.run("OPP.NOTE o1 y REPLYTO n1", as: "lee")
        let again = try company.replayed()
        for line in [
            "LEAD.GET l1", "OPP.GET o1 WITH 3 activities notes history", "INBOX.LIST",
        ] {
            for login in ["ann", "lee", "eve"] {
                #expect(again.run(line, as: login) == company.run(line, as: login))
            }
        }
    }
}
