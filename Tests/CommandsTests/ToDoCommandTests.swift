import PipelineProtocol
import Testing

@testable import PipelineCommands

@Suite("Commands: to do")
struct ToDoCommandTests {
    private func company() -> LedgerCompany {
        let company = LedgerCompany.furnished()
        company.run("LEAD.CREATE Zhao", as: "ann")
        company.run("LEAD.ACTIVITY l1 call AT 2026-11-21 NOTE budget", as: "ann")
        company.run("OPP.ACTIVITY o2 visit AT 2026-12-01", as: "ann")
        return company
    }

    @Test("D-6: rows say what, on which deal or lead, and when")
    func rows() {
        let company = company()
        let rows = company.run("TODO.LIST", as: "ann").rows
        #expect(rows.map { $0["kind"]?.text } == ["activity", "activity", "task"])
        #expect(rows.map { $0["key"]?.text } == ["call", "visit", "site-visit"])
        #expect(rows.map { $0["due"]?.text } == ["2026-11-21", "2026-12-01", nil])
        #expect(rows.map { $0["overdue"] } == [.boolean(true), .boolean(false), .boolean(false)])
        #expect(rows[0]["lead"]?.text == "l1")
        #expect(rows[0]["title"]?.text == "Zhao")
        #expect(rows[0]["name"]?.text == "budget")
        #expect(rows[0]["at"]?.text == "2026-11-21T01:00:00.000Z")
        #expect(rows[1]["opportunity"]?.text == "o2")
        #expect(rows[1]["stage"]?.text == "start")
        #expect(rows[2]["title"]?.text == "Bridge 大桥")
        #expect(company.run("TODO.LIST LIMIT 1 1", as: "ann").rows == [rows[1]])
        #expect(company.run("TODO.LIST OWNER ann", as: "lee").rows == rows)
        #expect(
            company.run("TODO.LIST DUE 2026-11-22 2026-12-31", as: "ann").rows == [rows[1]])
        company.submit()
        let waiting = company.run("TODO.LIST", as: "lee").rows
        #expect(waiting.map { $0["approval"]?.text } == ["a1"])
        #expect(waiting.map { $0["opportunity"]?.text } == ["o1"])
    }

    @Test(
        "P-5: each refusal's line",
        arguments: [
            (
                "TODO.LIST OWNER nobody DUE 2026-12-31 2026-01-01", "bob",
                "NOTFOUND no person 'nobody'; check the id, or ask whoever may see it"
            ),
            (
                "TODO.LIST OWNER ann DUE 2026-12-31 2026-01-01", "bob",
                "NOPERM you may not see what e4 has to do; that is for e4 or somebody above"
            ),
            (
                "TODO.LIST DUE 2026-12-31 2026-01-01", "bob",
                "INVALID DUE: ends on 2026-01-01, before it begins on 2026-12-31"
            ),
        ])
    func refusals(line: String, login: String, text: String) {
        #expect(company().refusal(line, as: login) == text)
    }
}
