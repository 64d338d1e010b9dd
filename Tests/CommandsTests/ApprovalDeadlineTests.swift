import PipelineDomain
import PipelineProtocol
import Testing

@testable import PipelineCommands

/// D-27: requests that nobody decides. `ann`'s deals go to `lee`, whose superior is `boss`.
struct ApprovalDeadlineTests {
    /// Working days of eight hours; the first week of December has a holiday and a make-up Saturday.
    private static let calendar = """
        {"name": "中国", "hours": ["09:00-12:00", "13:00-18:00"],
         "holidays": ["2026-11-25"], "workdays": ["2026-11-28"]}
        """

    private func asked(_ gate: String, amount: String = "") -> LedgerCompany {
        let company = LedgerCompany.furnished()
        let reply = company.run(
            ["CALENDAR.PUT", "cn", Self.calendar].map { Array($0.utf8) })
        #expect(reply.errorLine == nil)
        company.given(
            "",
            stages: """
                [{"key": "a", "name": "甲", "winRate": 10,
                  "gate": {"approval": "superior", \(gate)}},
                 {"key": "b", "name": "乙", "winRate": 20}]
                """, deal: amount)
        // Monday, 09:00 in Shanghai.
        company.live(until: at("2026-11-23T01:00:00Z"))
        company.run("OPP.ADVANCE o4 NOTE 请批", as: "ann")
        return company
    }

    private func told(_ company: LedgerCompany, _ login: String) -> [String] {
        company.told(login).filter { $0.hasPrefix("approval") }
    }

    private static let all =
        #""remindAfterHours": 8, "escalateAfterHours": 16, "adminAfterHours": 24"#

    @Test("D-27: T1, T2 and T3 in working hours, round a holiday and a make-up day")
    func deadlines() throws {
        let company = asked(Self.all)
        company.run("PERSON.DELEGATE lee TO bob FROM 2026-11-23 UNTIL 2026-12-31", as: "lee")
        try company.restart()
        // Eight hours each: Monday, Tuesday, and Thursday as Wednesday is a holiday.
        company.live(until: at("2026-12-31T00:00:00Z"))
        #expect(
            told(company, "lee")
                == ["approval.requested 2026-11-23T01:00", "approval.due 2026-11-23T10:00"])
        #expect(
            told(company, "bob")
                == ["approval.requested 2026-11-23T01:00", "approval.due 2026-11-23T10:00"])
        #expect(told(company, "boss") == ["approval.escalated 2026-11-24T10:00"])
        #expect(told(company, "root") == ["approval.due 2026-11-26T10:00"])
        #expect(company.run("APPROVAL.GET a1")["status"]?.text == "pending")
        let row = company.run("INBOX.LIST", as: "boss").elements?.last
        #expect(
            row?["text"]?.text
                == "the request for '挖掘机' to leave stage '甲' was not decided in time; you may decide it too: 请批"
        )
        #expect(row?["settled"] == .boolean(false))
        let history = company.run("OPP.HISTORY o4", as: "ann").elements ?? []
        #expect(
            history.suffix(2).compactMap { $0["type"]?.text }
                == ["approval.escalated", "approval.admins"])
        #expect(history.last?["by"] == .null)
    }

    @Test(
        "D-27: after T2 the superior sees the request, may decide it, and both names are recorded")
    func escalated() {
        let company = asked(Self.all)
        let early = company.refusal("APPROVAL.APPROVE a1", as: "boss")
        #expect(early == "NOPERM you may not decide a1; that is for its approver e3")
        company.live(until: at("2026-11-24T10:00:00Z"))
        #expect(company.run("TODO.LIST", as: "boss").elements?.count == 1)
        #expect(company.run("APPROVAL.APPROVE a1", as: "boss").errorLine == nil)
        let approval = company.run("APPROVAL.GET a1", as: "ann")
        #expect(approval["decidedBy"]?.text == "e2")
        #expect(approval["decidedFor"]?.text == "e3")
        #expect(company.run("OPP.GET o4", as: "ann")["stage"]?.text == "b")
        #expect(company.settled("boss").last == true)
        company.live(until: at("2027-01-31T00:00:00Z"))
        #expect(told(company, "root") == [])
        #expect(
            told(company, "lee").last == "approval.approved 2026-11-24T10:00",
            "the approver learns of it")
    }

    @Test("D-27: a make-up Saturday counts, the Sunday after does not")
    func makeUpDay() {
        let company = asked(#""remindAfterHours": 36"#)
        company.live(until: at("2026-12-31T00:00:00Z"))
        // 8 h on Monday, Tuesday, Thursday and Friday, 4 h on Saturday, lunch left out.
        #expect(told(company, "lee").last == "approval.due 2026-11-28T06:00")
    }

    @Test("D-27: rejected at the last deadline by the process, never as a person")
    func rejected() {
        let company = asked(Self.all + #", "onDeadline": "reject""#)
        company.live(until: at("2026-11-27T00:00:00Z"))
        #expect(told(company, "root") == [], "nothing is left to tell them")
        #expect(told(company, "ann") == ["approval.rejected 2026-11-26T10:00"])
        #expect(told(company, "lee").last == "approval.rejected 2026-11-26T10:00")
        let approval = company.run("APPROVAL.GET a1", as: "ann")
        #expect(approval["status"]?.text == "rejected")
        #expect(approval["decidedBy"] == .null)
        #expect(
            company.refusal("APPROVAL.APPROVE a1", as: "lee")
                == "CONFLICT a1 is rejected already, by rule")
        #expect(
            company.refusal("OPP.UPDATE o4 TITLE x IFREV 1", as: "ann")
                == "CONFLICT o4 is at revision 4, changed by the passing of time; read it again and repeat with IFREV 4"
        )
        let row = company.run("INBOX.LIST", as: "ann").elements?.last
        #expect(row?["text"]?.text == "the system rejected '挖掘机' in stage '甲'")
        let last = company.run("OPP.HISTORY o4", as: "ann").elements?.last
        #expect(last?["type"]?.text == "approval.expired")
        #expect(last?["to"]?.text == "rejected")
        #expect(last?["by"] == .null)
    }

    @Test(
        "D-27, D-23: granted level by level, each with clocks of its own; late or not, it is done")
    func approved() throws {
        let gate = #""levels": [{"from": "0", "count": 2}], "escalateAfterHours": 8, "#
        let company = asked(gate + #""onDeadline": "approve""#, amount: "AMOUNT 5")
        company.live(until: at("2026-11-23T10:00:00Z"))
        #expect(told(company, "boss") == ["approval.requested 2026-11-23T10:00"])
        #expect(company.run("OPP.GET o4", as: "ann")["stage"]?.text == "a")
        try company.sleep(until: at("2026-12-31T00:00:00Z"))
        #expect(company.run("OPP.GET o4", as: "ann")["stage"]?.text == "b")
        // The reason stands with the move, as it does where a person approves (D-5).
        let history = company.run("OPP.HISTORY o4", as: "ann").elements ?? []
        #expect(history.first { $0["type"]?.text == "moved" }?["note"]?.text == "请批")
        #expect(told(company, "ann") == ["approval.approved 2026-12-31T00:00"])
        #expect(company.run("APPROVAL.GET a1", as: "ann")["status"]?.text == "approved")
    }

    @Test("D-27, D-18: another approver starts the clocks anew; what was told is settled")
    func rerouted() {
        let company = asked(#""remindAfterHours": 8"#)
        company.live(until: at("2026-11-23T11:00:00Z"))
        #expect(company.settled("lee").suffix(2) == [false, false])
        company.run("APPROVAL.REROUTE a1 TO bob REASON 出差", as: "root")
        #expect(company.settled("lee").suffix(3) == [true, true, false])
        company.live(until: at("2026-12-31T00:00:00Z"))
        #expect(
            told(company, "bob")
                == ["approval.requested 2026-11-23T11:00", "approval.due 2026-11-24T10:00"])
        #expect(told(company, "lee").count { $0.hasPrefix("approval.due") } == 1)
    }

    @Test("N-4, D-27: deadlines passed while the daemon was down come in the digest")
    func late() throws {
        let company = asked(Self.all)
        try company.sleep(until: at("2026-12-31T00:00:00Z"))
        #expect(told(company, "lee") == ["approval.requested 2026-11-23T01:00"])
        #expect(company.told("lee").last == "digest 2026-12-31T00:00")
        #expect(company.told("boss").last == "digest 2026-12-31T00:00")
        #expect(company.run("APPROVAL.APPROVE a1", as: "boss").errorLine == nil)
    }

    @Test("D-21: when a delegation set ahead begins, the delegate is told of what waits")
    func delegation() throws {
        let company = asked(#""remindAfterHours": 8"#)
        company.run("PERSON.DELEGATE lee TO bob FROM 2026-12-01 UNTIL 2026-12-02", as: "lee")
        #expect(told(company, "bob") == [])
        try company.restart()
        company.live(until: at("2026-12-31T00:00:00Z"))
        #expect(told(company, "bob") == ["approval.requested 2026-11-30T16:00"])
    }
}
