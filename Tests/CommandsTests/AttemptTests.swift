import PipelineProtocol
import Testing

@testable import PipelineCommands

struct AttemptTests {
    @Test("D-12, D-15: attempts count up for each gate: reopening has a count of its own")
    func reopening() {
        let company = LedgerCompany.furnished()
        company.put(
            "gated",
            """
            {"name": "审批", "stages": [
              {"key": "only", "name": "唯一", "winRate": 50, "gate": {"approval": "superior"}}]}
            """)
        company.run("PROCESS.PUBLISH gated")
        company.run("OPP.CREATE 丙 CUSTOMER c1 PROCESS gated", as: "ann")
        func attempt(_ line: String, _ login: String, _ verdict: String, _ decider: String)
            -> Reply?
        {
            let approval = company.run(line, as: login)["approval"]?.text ?? "none"
            company.run("\(verdict)", as: decider)
            return company.run("APPROVAL.GET \(approval)")["attempt"]
        }
        #expect(attempt("OPP.WIN o4", "ann", "APPROVAL.REJECT a1 NOTE 再议", "lee") == .integer(1))
        #expect(attempt("OPP.WIN o4", "ann", "APPROVAL.APPROVE a2", "lee") == .integer(2))
        let reopen = "OPP.REOPEN o4 REASON 退货"
        #expect(attempt(reopen, "lee", "APPROVAL.REJECT a3 NOTE 不", "boss") == .integer(1))
        #expect(attempt(reopen, "lee", "APPROVAL.APPROVE a4", "boss") == .integer(2))
        #expect(attempt("OPP.WIN o4", "ann", "OPP.RECALL o4", "ann") == .integer(3))
    }
}
