import PipelineProtocol
import Testing

@testable import PipelineCommands

/// §2, D-36: `SORTBY`.
struct SortTests {
    /// ann's o1 600 000.00 CNY, o2 without amount, and deals in other currencies; yen are known from
    /// the 22nd on, dinars and dollars never.
    private func company() -> LedgerCompany {
        let company = LedgerCompany.furnished()
        company.run("RATE.SET JPY 2026-11-22 0.05")
        for (title, money) in [
            ("日元", "AMOUNT 13000000 CUR JPY"), ("第纳尔", "AMOUNT 1.500 CUR KWD"),
            ("美元", "AMOUNT 3 CUR USD"), ("第纳尔二", "AMOUNT 20 CUR KWD"), ("小", "AMOUNT 599999.99"),
            ("未知", ""),
        ] {
            company.run("OPP.CREATE \(title) CUSTOMER c1 PROCESS bid \(money)", as: "ann")
        }
        return company
    }

    private func ids(_ company: LedgerCompany, _ words: String) -> [String] {
        company.run("OPP.LIST OWNER ann FIELDS 1 id SORTBY \(words)", as: "ann").rows
            .compactMap { $0["id"]?.text }
    }

    @Test(
        "D-36, §2: amounts are sorted by what they are worth in the company's currency; what cannot be converted comes behind by currency, what is unknown last, both ways"
    )
    func amounts() {
        let company = company()
        #expect(
            ids(company, "amount") == ["o8", "o1", "o4", "o5", "o7", "o6", "o2", "o9"])
        #expect(
            ids(company, "amount DESC") == ["o4", "o1", "o8", "o7", "o5", "o6", "o2", "o9"])
    }

    @Test("D-36: a closed deal counts at the rate frozen into it")
    func frozen() {
        let company = company()
        company.run("OPP.LOSE o4 REASON price REVIEW 贵", as: "ann")
        company.run("RATE.SET JPY 2026-11-22 0.01")
        #expect(ids(company, "amount DESC").first == "o4")
    }

    @Test("D-10, §2: the return on a deal's cost orders deals exactly, beyond 64 bits too")
    func returns() {
        let company = company()
        for (deal, amount, cost) in [
            ("o1", "900000000000000.00", "0.01"), ("o2", "900000000000000.01", "0.01"),
            ("o8", "2", "1"), ("o4", "0", "900000000000000.00"),
        ] {
            let reply = company.run(
                "OPP.UPDATE \(deal) AMOUNT \(amount) CUR CNY COST \(cost)", as: "ann")
            #expect(reply.errorLine == nil)
        }
        let most = company.run("OPP.GET o2", as: "ann")["roi"]?.text
        #expect(most == "9000000000000000000.00")
        #expect(ids(company, "roi").prefix(4) == ["o4", "o8", "o1", "o2"])
        #expect(ids(company, "roi DESC").prefix(4) == ["o2", "o1", "o8", "o4"])
    }

    @Test("§2: dates that are unknown come last, both ways")
    func dates() {
        let company = company()
        company.run("OPP.UPDATE o2 CLOSE 2026-12-31", as: "ann")
        #expect(ids(company, "close").prefix(2) == ["o2", "o1"])
        #expect(ids(company, "close DESC").prefix(3) == ["o1", "o2", "o4"])
        #expect(ids(company, "title DESC LIMIT 0 1") == ["o6"])
    }
}
