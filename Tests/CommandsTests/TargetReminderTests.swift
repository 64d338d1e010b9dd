import PipelineDomain
import PipelineProtocol
import Testing

@testable import PipelineCommands

@Suite("Targets that are behind")
struct TargetReminderTests {
    private func company() -> LedgerCompany {
        let company = LedgerCompany.furnished()
        company.now = at("2026-11-30T02:00:00Z")
        return company
    }

    private func told(_ company: LedgerCompany, _ login: String) -> [String] {
        company.told(login).filter { $0.hasPrefix("target.behind") }
            .map { String($0.dropFirst("target.behind ".count)) }
    }

    private func last(_ company: LedgerCompany, _ login: String) -> Reply? {
        company.run("INBOX.LIST", as: login).elements?
            .last { $0["type"]?.text == "target.behind" }
    }

    @Test(
        "N-2, N-3, N-4: a target behind is told at a quarter, half and three quarters, a week later above"
    )
    func behind() throws {
        let company = company()
        company.run("TARGET.SET ann PERIOD 2026-12 AMOUNT 100000", as: "lee")
        company.live(until: at("2026-12-09T00:00:00Z"))
        #expect(told(company, "ann") == ["2026-12-08T01:00"])
        let row = try #require(last(company, "ann"))
        #expect(
            row["text"]?.text
                == "the target of 'Ann' for 2026-12 is behind: 0.00 % is reached where 22.58 % is due"
        )
        #expect(row["target"]?.text == "t1" && row["by"] == .null)
        // Another amount is no new reminder, and nor is a start.
        company.run("TARGET.SET ann PERIOD 2026-12 AMOUNT 90000", as: "lee")
        try company.restart()
        company.live(until: at("2027-01-05T00:00:00Z"))
        #expect(
            told(company, "ann") == ["2026-12-08T01:00", "2026-12-16T01:00", "2026-12-24T01:00"])
        #expect(
            told(company, "lee") == ["2026-12-15T01:00", "2026-12-23T01:00", "2026-12-31T01:00"])
        #expect(
            last(company, "lee")?["text"]?.text
                == "「Ann」2026-12 的目标进度落后:已完成 0.00 %,应完成 74.19 %")
    }

    @Test("N-2: nobody is told of what is reached; the superior not of what was reached in time")
    func reached() {
        let company = company()
        company.run("TARGET.SET bob PERIOD 2026-12 ACTIVITY call COUNT 4", as: "lee")
        company.now = at("2026-12-02T02:00:00Z")
        company.run("OPP.ACTIVITY o3 call DONE", as: "bob")
        company.live(until: at("2026-12-16T00:00:00Z"))
        #expect(told(company, "bob") == [] && told(company, "lee") == [])
        company.live(until: at("2026-12-17T00:00:00Z"))
        #expect(told(company, "bob") == ["2026-12-16T01:00"])
        company.run("OPP.ACTIVITY o3 call DONE", as: "bob")
        company.live(until: at("2026-12-24T00:00:00Z"))
        #expect(told(company, "lee") == [])
    }

    @Test(
        "N-4, N-2: of a unit its head is told, not of what was past when it was set; and who wants it"
    )
    func units() throws {
        let company = company()
        company.run("TARGET.SET u3 PERIOD 2026Q4 AMOUNT 1000000", as: "boss")
        company.run("TARGET.SET ann PERIOD 2026-12 AMOUNT 100000", as: "lee")
        company.run("PREF.SET target.behind off", as: "ann")
        company.live(until: at("2026-12-20T00:00:00Z"))
        #expect(told(company, "lee") == ["2026-12-09T01:00", "2026-12-15T01:00"])
        #expect(told(company, "boss") == ["2026-12-16T01:00"] && told(company, "ann") == [])
        // Rights are looked at when it is read (D-34).
        company.run("UNIT.UPDATE u3 HEAD zoe")
        let rows = company.run("INBOX.LIST", as: "lee").elements ?? []
        #expect(
            rows.first { $0["at"]?.text?.hasPrefix("2026-12-09") == true }?["type"]?.text
                == "withdrawn")
    }

    @Test("N-4: after a downtime it comes in the digest")
    func late() throws {
        let company = company()
        company.run("TARGET.SET ann PERIOD 2026-12 AMOUNT 100000", as: "lee")
        try company.sleep(until: at("2026-12-09T04:00:00Z"))
        #expect(told(company, "ann") == [])
        let digests = company.told("ann").filter { $0.hasPrefix("digest") }
        #expect(digests == ["digest 2026-12-09T04:00"])
        let text = company.run("INBOX.LIST", as: "ann").elements?.last?["text"]?.text
        #expect(text?.contains("1 behind a target") == true)
    }
}
