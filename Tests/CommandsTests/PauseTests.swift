import PipelineDomain
import Testing

@testable import PipelineCommands

@Suite("Pauses")
struct PauseTests {
    @Test("E-1: the same elements come, with a pause now and then between them")
    func elements() {
        for count in [0, 1, 256, 257, 1_000] {
            let pauses = LedgerCompany.Pauses()
            #expect(Array(Pausing(0..<count, pauses.count)) == Array(0..<count))
            #expect(pauses.number == count / 256 + 1)
        }
    }

    @Test("E-1: a report that looks at many deals lets others go first, whatever it tells")
    func reports() {
        let company = LedgerCompany.furnished()
        // More than reports look at under the lock.
        for number in 1...1_600 {
            let deal = "OPP.CREATE \"扩建 \(number)\" CUSTOMER c1 PROCESS bid AMOUNT \(number)"
            company.run("\(deal) CLOSE 2026-12-20", as: "ann")
        }
        company.run("REPORT.STAGNANT")  // Makes the columns, with pauses of its own.
        for report in [
            "FUNNEL PROCESS bid BY owner", "FORECAST BY owner", "WINRATE PROCESS bid",
            "CONVERSION PROCESS bid", "DWELL PROCESS bid", "STAGNANT", "HOLES PROCESS bid",
            "CONVERSION PROCESS bid BY month", "DWELL PROCESS bid BY unit",
            "HOLES PROCESS bid BY owner",
            "ATTAINMENT", "VELOCITY", "VELOCITY BY customertype", "REPS", "UNANSWERED",
            "EFFECT dwell BEFORE 2026-10-01 2026-10-31 AFTER 2026-11-01 2026-11-30", "WATERFALL",
            "FUNNEL PROCESS bid ASOF 1000",
        ] {
            let before = company.pauses.number
            #expect(company.run("REPORT.\(report)").errorLine == nil, "\(report)")
            #expect(company.pauses.number - before >= 7, "\(report)")
        }
    }
}
