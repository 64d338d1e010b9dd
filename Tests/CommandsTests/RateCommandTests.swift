import PipelineDomain
import PipelineProtocol
import Testing

@testable import PipelineCommands

@Suite("RATE.SET and RATE.LIST")
struct RateCommandTests {
    @Test("D-36: rates are set, corrected and listed by currency and date")
    func list() {
        let company = LedgerCompany.furnished()
        company.run("RATE.SET USD 2026-12-01 7.5")
        company.run("RATE.SET EUR 2026-11-01 8")
        company.run("RATE.SET USD 2026-11-01 7.10")
        company.run("RATE.SET usd 2026-11-01 7.2")
        #expect(
            company.run("RATE.LIST", as: "ann").plain == """
                [{code: EUR, date: 2026-11-01, rate: 8}, \
                {code: USD, date: 2026-11-01, rate: 7.2}, \
                {code: USD, date: 2026-12-01, rate: 7.5}]
                """)
        #expect(
            company.run("RATE.LIST CUR EUR").plain == "[{code: EUR, date: 2026-11-01, rate: 8}]")
    }

    @Test("D-36, §2: the answer has the currency, its revision and the position")
    func answer() {
        let company = LedgerCompany.furnished()
        let dry = company.run("DRYRUN RATE.SET USD 2026-12-01 7.5")
        #expect(dry.plain == "{id: USD, rev: 1}")
        let reply = company.run("RATE.SET USD 2026-12-01 7.5")
        #expect(reply.plain == "{id: USD, rev: 1, seq: \(company.log.count)}")
    }

    @Test(
        "P-5: every refusal of RATE.SET",
        arguments: [
            (
                "RATE.SET XXX 2026-01-01 7", "root",
                "INVALID code: must be an ISO 4217 code such as CNY"
            ),
            (
                "RATE.SET USD 2026-02-30 7", "root",
                "INVALID date: must be a calendar date, YYYY-MM-DD"
            ),
            ("RATE.SET USD 2026-01-01 0", "root", "INVALID rate: must be above 0"),
            (
                "RATE.SET CNY 2026-01-01 7", "ann",
                "NOPERM you may not set rates; that is for an admin"
            ),
            (
                "RATE.SET CNY 2026-01-01 7", "root",
                "INVALID code: CNY is the company's own currency, which is 1"
            ),
            (
                "RATE.SET USD 2026-01-01 7 IFREV 3", "root",
                "CONFLICT USD is at revision 0, changed by e1; read it again and repeat with IFREV 0"
            ),
        ])
    func refusals(line: String, login: String, error: String) {
        #expect(LedgerCompany.furnished().refusal(line, as: login) == error)
    }

    @Test("D-36: a report converts, and lists by currency what it cannot convert")
    func report() {
        let company = LedgerCompany.furnished()
        company.run("OPP.CREATE Pier CUSTOMER c1 AMOUNT 100 CUR USD", as: "bob")
        #expect(
            company.run("REPORT.FUNNEL PROCESS bid").plain.contains(
                "unconverted: [{currency: USD, count: 1, amount: 100.00}]"))
        company.run("RATE.SET USD 2026-11-22 7.25")
        let report = company.run("REPORT.FUNNEL PROCESS bid").plain
        #expect(report.contains("amount: 601725.50"))
        #expect(!report.contains("unconverted"))
    }

    @Test("D-17, D-36: the history tells the rate frozen at closing, and replay keeps it")
    func history() throws {
        let company = LedgerCompany.furnished()
        company.run("RATE.SET USD 2026-11-22 7.25")
        company.run("OPP.CREATE Pier CUSTOMER c1 AMOUNT 100 CUR USD", as: "bob")
        company.run("OPP.LOSE o4 REASON price REVIEW late", as: "bob")
        #expect(company.run("OPP.HISTORY o4").plain.contains("rate: 7.25"))
        #expect(try company.replayed().run("OPP.GET o4").plain.contains("rate: 7.25"))
    }
}
