import PipelineDomain
import PipelineProtocol
import Testing

@testable import PipelineCommands

/// N-4, N-5: what comes late, what fails, and that time itself is recorded.
struct DowntimeTests {
    private static let due = #"""
        {"name": "快", "cycleDays": 10, "remindDaysBefore": 1,
         "stages": [{"key": "a", "name": "甲", "winRate": 10, "maxDwellDays": 3},
                    {"key": "b", "name": "乙", "winRate": 20}]}
        """#

    private func company() -> LedgerCompany {
        let company = LedgerCompany.furnished()
        for deal in ["o1", "o2"] {
            company.run("OPP.LOSE \(deal) REASON price REVIEW x", as: "ann")
        }
        company.run("OPP.LOSE o3 REASON price REVIEW x", as: "bob")
        company.put("fast", Self.due)
        company.run("PROCESS.PUBLISH fast")
        for login in ["ann", "ann", "bob"] {
            company.run("OPP.CREATE 桥 CUSTOMER c1 PROCESS fast CLOSE 2026-11-30", as: login)
        }
        company.passTime()
        return company
    }

    private func told(_ company: LedgerCompany, _ login: String) -> [String] {
        company.told(login).filter { !$0.hasPrefix("deal.lost") }
    }

    @Test("N-4: after a long downtime one digest per person, and the same reminders never again")
    func digest() throws {
        let company = company()
        try company.sleep(until: at("2026-12-03T04:00:00Z"))
        #expect(told(company, "ann") == ["digest 2026-12-03T04:00"])
        #expect(told(company, "bob") == ["digest 2026-12-03T04:00"])
        let row = try #require(company.run("INBOX.LIST", as: "ann").elements?.last)
        #expect(
            row["text"]?.text
                == "What fell due meanwhile: 2 close to the close date, 2 past the close date, 2 near the end of the cycle, 2 too long in the stage"
        )
        #expect(row["items"]?.elements?.count == 8)
        #expect(row["items"]?.elements?.first?["type"]?.text == "reminder.dwell")
        #expect(
            row["items"]?.elements?.first?["text"]?.text
                == "'桥' has been in stage '甲' for too long")
        #expect(row["opportunity"] == .null)
        #expect(row["settled"] == .boolean(false))
        for deal in ["o4", "o5"] {
            company.run("OPP.LOSE \(deal) REASON price REVIEW x", as: "ann")
        }
        #expect(
            company.run("INBOX.LIST", as: "ann").elements?.last?["settled"] == .boolean(true))
        try company.restart()
        company.passTime()
        #expect(told(company, "ann").count == 1)
        company.live(until: at("2026-12-03T08:00:00Z"))
        #expect(told(company, "ann").count == 1)
        #expect(told(company, "lee") == ["digest 2026-12-03T04:00"])
        let digest = company.run("INBOX.LIST", as: "lee").elements?
            .last { $0["type"]?.text == "digest" }
        #expect(digest?["text"]?.text == "停机期间错过的提醒:阶段停留超期 3 项")
    }

    /// ann's deal o4 with two tasks for Tuesday.
    private func tasks() -> LedgerCompany {
        let company = LedgerCompany.furnished()
        for deal in ["o1", "o2"] {
            company.run("OPP.LOSE \(deal) REASON price REVIEW x", as: "ann")
        }
        company.given(
            "",
            stages: #"""
                [{"key": "a", "name": "甲", "winRate": 10,
                  "tasks": [{"key": "t", "name": "拜访", "dueDays": 2},
                            {"key": "u", "name": "报价", "dueDays": 2}]},
                 {"key": "b", "name": "乙", "winRate": 20}]
                """#)
        company.passTime()
        return company
    }

    private func digest(_ company: LedgerCompany) throws -> Reply {
        try #require(
            company.run("INBOX.LIST", as: "ann").elements?.last { $0["type"]?.text == "digest" })
    }

    @Test("N-4, N-9: a digest names each task, activity and target")
    func named() throws {
        let company = tasks()
        for (name, kind) in [("赵", "call"), ("钱", "visit")] {
            let lead = company.run("LEAD.CREATE \(name)", as: "ann")["id"]?.text ?? ""
            company.run("LEAD.ACTIVITY \(lead) \(kind) AT 2026-11-24T03:00:00Z", as: "ann")
        }
        company.run("TARGET.SET ann PERIOD 2026-11 AMOUNT 50", as: "lee")
        try company.sleep(until: at("2026-11-27T04:00:00Z"))
        let items = try #require(try digest(company)["items"]?.elements)
        #expect(
            items.compactMap { $0["text"]?.text }.sorted() == [
                "a task of '挖掘机' is due: 报价", "a task of '挖掘机' is due: 拜访",
                "something is due: call", "something is due: visit",
                "the target of 'Ann' for 2026-11 is behind: 0.00 % is reached where 73.33 % is due",
            ])
    }

    @Test("N-4: a digest of tasks is settled once the last of them is done")
    func settledTasks() throws {
        let company = tasks()
        try company.sleep(until: at("2026-11-27T04:00:00Z"))
        for task in ["t", "u"] {
            #expect(try digest(company)["settled"] == .boolean(false))
            company.run("OPP.TASK o4 \(task) DONE", as: "ann")
        }
        #expect(try digest(company)["settled"] == .boolean(true))
    }

    @Test("N-4: killed after any record of the digest, it is told once all the same")
    func killed() throws {
        let whole = company()
        let before = whole.log.count
        try whole.sleep(until: at("2026-12-03T04:00:00Z"))
        for count in before..<whole.log.count {
            let company = LedgerCompany.furnished()
            try company.recover(Array(whole.log.prefix(count)), at: whole.now)
            company.passTime()
            for login in ["ann", "bob"] {
                #expect(told(company, login).map { $0.prefix(6) } == ["digest"], "\(count)")
            }
            #expect(company.ledger.state.inboxes[company.person("ann")].late.isEmpty)
        }
    }

    @Test("N-4: a quarter of an hour late is in time; kinds turned off are not in the digest")
    func slightlyLate() throws {
        let company = company()
        company.run("PREF.SET reminder.overdue off", as: "ann")
        try company.sleep(until: at("2026-12-01T01:15:00Z"))
        #expect(
            told(company, "ann").sorted()
                == ["digest 2026-12-01T01:15"]
                + Array(repeating: "reminder.cycle 2026-12-01T01:15", count: 2))
        let row = company.run("INBOX.LIST", as: "ann").elements?.last
        #expect(
            row?["text"]?.text
                == "What fell due meanwhile: 2 close to the close date, 2 too long in the stage")
        #expect(
            company.run("INBOX.LIST", as: "bob").elements?.last?["items"]?.elements?.count == 2)
        try company.sleep(until: at("2026-12-30T01:15:00Z"))
        #expect(told(company, "bob").count { $0.hasPrefix("digest") } == 2)
        // Who wants no digest is told of nothing that came late, and of nothing later on.
        company.run("PREF.SET digest off", as: "bob")
        try company.sleep(until: at("2027-02-28T01:15:00Z"))
        company.run("PREF.SET digest on", as: "bob")
        company.passTime()
        #expect(told(company, "bob").count { $0.hasPrefix("digest") } == 2)
    }

    @Test("N-5: what fails is set aside, reported and counted, and stops nothing else")
    func poisoned() {
        let company = company()
        company.fail(at: .opportunity(OpportunityID(4)))
        company.now = at("2026-11-26T01:00:00Z")
        #expect(company.passTime() == ["o4"])
        #expect(company.ledger.setAsideCount == 1)
        #expect(told(company, "ann") == ["reminder.dwell 2026-11-26T01:00"])
        #expect(told(company, "bob") == ["reminder.dwell 2026-11-26T01:00"])
        #expect(company.passTime() == [])
        // A change of the deal gives it another chance.
        company.run("OPP.UPDATE o4 CLOSE 2026-12-24", as: "ann")
        #expect(company.passTime() == ["o4"])
    }

    @Test("E-1, A-1: the clock of reports is recorded at midnight, and when it lags by an hour")
    func clock() {
        let company = company()
        func ticks() -> Int {
            company.log.count { $0.prefix(2) == [0x20, 0x00] }
        }
        company.now = at("2026-11-22T03:00:00Z")
        company.passTime()
        #expect(ticks() == 0)
        company.now = at("2026-11-22T03:17:22Z")
        company.passTime()
        #expect(ticks() == 1)
        company.now = at("2026-11-22T15:59:59Z")
        company.passTime()
        company.now = at("2026-11-22T16:00:00Z")
        company.passTime()
        #expect(ticks() == 3)
        let row = company.run("AUDIT.LIST").elements?.last
        #expect(row?["type"]?.text == "company.timePassed")
        #expect(row?["by"] == .null)
    }

    @Test("W-3: a clock set back fires nothing twice, and what comes later in its time")
    func back() {
        let company = company()
        company.live(until: at("2026-11-26T02:00:00Z"))
        company.now = at("2026-11-20T00:00:00Z")
        company.passTime()
        company.live(until: at("2026-11-27T00:00:00Z"))
        #expect(told(company, "bob") == ["reminder.dwell 2026-11-26T01:00"])
    }
}
