import PipelineProtocol
import Testing

@testable import PipelineCommands

/// D-16: what a rep asks for an open deal.
struct GuideTests {
    private func advice(_ company: LedgerCompany, _ deal: String = "o1") -> String? {
        company.run("OPP.GUIDE \(deal)", as: "ann")["advice"]?.text
    }

    @Test("D-16: the guide of a deal, member by member, from entering the stage to its end")
    func story() {
        let company = LedgerCompany.furnished()
        company.advance(milliseconds: 3 * 24 * 3_600_000 + 1)
        let guide = company.run("OPP.GUIDE o1", as: "ann")
        #expect(
            guide.pairs?.compactMap(\.key.text) == [
                "id", "stage", "guidance", "missing", "next", "dwellDays", "maxDwellDays",
                "winRate", "realised", "advice",
            ])
        #expect(guide["stage"]?.text == "proposal")
        #expect(guide["guidance"]?.text == "Ask who decides.")
        #expect(
            guide["missing"]?.plain
                == "[{kind: feedback, key: budget_owner, name: 预算负责人}, {kind: task, key: site-visit, name: 参观客户}]"
        )
        #expect(guide["next"]?.plain == "[]")
        #expect(guide["dwellDays"] == .integer(3) && guide["maxDwellDays"] == .integer(14))
        #expect(guide["winRate"]?.text == "40.00" && guide["realised"]?.text == "0.0")
        #expect(advice(company) == "Complete first: 预算负责人, 参观客户.")
        company.completeFirstGate()
        #expect(
            advice(company)
                == "Ready: OPP.ADVANCE moves it to 'negotiation' once your superior approves.")
        company.run("OPP.ADVANCE o1", as: "ann")
        #expect(advice(company) == "Wait for a1, which lies with e3; OPP.RECALL takes it back.")
        company.run("APPROVAL.REJECT a1 NOTE 太贵", as: "lee")
        #expect(advice(company) == "Rejected: 太贵. Improve it and OPP.ADVANCE again.")
        company.run("OPP.OVERRIDE o1 TO negotiation REASON 急", as: "lee")
        #expect(advice(company) == "Ready: OPP.ADVANCE moves it to 'closing'.")
        company.run("OPP.ADVANCE o1", as: "ann")
        #expect(advice(company) == "Ready to close: OPP.WIN or OPP.LOSE ends it.")
        company.run("OPP.WIN o1 REVIEW 好", as: "ann")
        #expect(advice(company) == "The deal is closed (won).")
        #expect(company.run("OPP.GUIDE o1", as: "ann")["missing"]?.plain == "[]")
    }

    @Test("D-16: what the next stage will ask for, tasks, feedback and fields, can be prepared now")
    func ahead() {
        let company = LedgerCompany.furnished()
        company.put(
            "ahead",
            """
            {"name": "预备", "stages": [
              {"key": "one", "name": "一", "winRate": 10},
              {"key": "two", "name": "二", "winRate": 20, "requires": ["close"],
               "tasks": [{"key": "demo", "name": "演示"}],
               "feedback": [{"key": "need", "name": "需求", "type": "text"}]}]}
            """)
        company.run("PROCESS.PUBLISH ahead")
        company.run("OPP.CREATE 商机 CUSTOMER c1 PROCESS ahead", as: "ann")
        #expect(
            company.run("OPP.GUIDE o4", as: "ann")["next"]?.plain
                == "[{kind: task, key: demo, name: 演示}, {kind: feedback, key: need, name: 需求}, {kind: field, key: close, name: close}]"
        )
        #expect(company.refusal("OPP.TASK o4 demo DONE", as: "ann") == nil)
        #expect(company.refusal("OPP.FEEDBACK o4 need 塔吊", as: "ann") == nil)
    }

    @Test(
        "D-16, D-5: in a flexible process the guide names a stage that can be reached, and its gate"
    )
    func flexible() {
        let company = LedgerCompany.furnished()
        company.put(
            "jump",
            """
            {"name": "灵活", "kind": "flexible", "stages": [
              {"key": "a", "name": "甲", "winRate": 10, "gate": {"approval": "superior"}},
              {"key": "b", "name": "乙", "winRate": 20}, {"key": "c", "name": "丙", "winRate": 30},
              {"key": "d", "name": "丁", "winRate": 40}],
             "transitions": [{"from": "a", "to": "c", "gate": {"approval": "none"}},
              {"from": "c", "to": "won", "gate": {"approval": "superior"}},
              {"from": "c", "to": "b"}, {"from": "b", "to": "a"}]}
            """)
        company.run("PROCESS.PUBLISH jump")
        company.run("OPP.CREATE 商机 CUSTOMER c1 PROCESS jump", as: "ann")
        #expect(advice(company, "o4") == "Ready: OPP.ADVANCE moves it to 'c'.")
        #expect(company.run("OPP.ADVANCE o4", as: "ann")["stage"]?.text == "c")
        #expect(
            advice(company, "o4")
                == "Ready to close: OPP.WIN asks your superior or OPP.LOSE ends it.")
        company.run("OPP.ADVANCE o4 TO b NOTE 回头", as: "ann")
        #expect(advice(company, "o4") == "Ready: OPP.ADVANCE moves it to 'a'.")
    }
}
