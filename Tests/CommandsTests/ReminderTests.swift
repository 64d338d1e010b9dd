import PipelineDomain
import PipelineProtocol
import Testing

@testable import PipelineCommands

extension LedgerCompany {
    /// What a person was told, with its instant: `reminder.cycle 2027-01-01T01:00:00.000Z`.
    func told(_ login: String) -> [String] {
        ledger.state.inboxes[person(login)].rows.map {
            "\($0.notification.kind.rawValue) \($0.at.description.prefix(16))"
        }
    }

    func settled(_ login: String) -> [Bool?] {
        (run("INBOX.LIST", as: login).elements ?? []).map { $0["settled"] == .boolean(true) }
    }

    /// A process of its own with these members, with `ann`'s deal o4 in it.
    func given(_ members: String, stages: String? = nil, deal: String = "") {
        let stages =
            stages
            ?? #"[{"key": "a", "name": "甲", "winRate": 10}, {"key": "b", "name": "乙", "winRate": 20}]"#
        put("own", #"{"name": "自家", \#(members) "stages": \#(stages)}"#)
        #expect(run("PROCESS.PUBLISH own").errorLine == nil)
        let reply = run("OPP.CREATE 挖掘机 CUSTOMER c1 PROCESS own \(deal)", as: "ann")
        #expect(reply["id"]?.text == "o4", "\(reply)")
    }
}

func at(_ text: String) -> Instant {
    guard let instant = Instant(text.utf8) else { preconditionFailure("no instant \(text)") }
    return instant
}

/// What falls due as time passes, by rule. It is Sunday, 2026-11-22, 10:17 in Shanghai, where everybody
/// lives.
struct ReminderTests {
    private func company(
        _ members: String, stages: String? = nil, deal: String = ""
    ) -> LedgerCompany {
        let company = LedgerCompany.furnished()
        // Only what a test is about.
        for (deal, owner) in [("o1", "ann"), ("o2", "ann"), ("o3", "bob")] {
            company.run("OPP.LOSE \(deal) REASON price REVIEW x", as: owner)
        }
        company.given(members, stages: stages, deal: deal)
        return company
    }

    private func told(_ company: LedgerCompany, _ login: String) -> [String] {
        company.told(login).filter { !$0.hasPrefix("deal.lost") }
    }

    @Test(
        "D-4: a cycle of 45 days and 5 ahead reminds on day 40, at nine, once; a week later above")
    func cycle() throws {
        let company = company(#""cycleDays": 45, "remindDaysBefore": 5,"#)
        company.live(until: at("2027-01-01T00:59:59Z"))
        #expect(told(company, "ann") == [])
        company.live(until: at("2027-01-01T01:00:30Z"))
        #expect(told(company, "ann") == ["reminder.cycle 2027-01-01T01:00"])
        try company.restart()
        company.live(until: at("2028-01-01T00:00:00Z"))
        #expect(told(company, "ann") == ["reminder.cycle 2027-01-01T01:00"])
        #expect(told(company, "lee") == ["reminder.cycle 2027-01-08T01:00"])
        let row = company.run("INBOX.LIST", as: "ann").elements?.last
        #expect(row?["text"]?.text == "the average cycle of '挖掘机' is nearly used up")
        #expect(row?["by"] == .null)
        let above = company.run("INBOX.LIST", as: "lee").elements?.last
        #expect(above?["text"]?.text == "商机「挖掘机」的平均销售周期即将用完")
    }

    @Test("N-4, D-30: a reminder is no change of its deal")
    func revision() {
        let company = company(#""cycleDays": 45, "remindDaysBefore": 5,"#)
        company.live(until: at("2027-02-01T00:00:00Z"))
        #expect(company.run("OPP.UPDATE o4 TITLE 挖掘机二期 IFREV 1", as: "ann").errorLine == nil)
    }

    @Test("N-6: ahead of a date the working day before; a make-up day is one")
    func ahead() {
        // Five days before is Saturday the 26th.
        for (makeUp, day) in [("", "25"), (#", "workdays": ["2026-12-26"]"#, "26")] {
            let company = company(#""remindDaysBefore": 5,"#, deal: "CLOSE 2026-12-31")
            company.run(
                ["CALENDAR.PUT", "cn", #"{"name": "中国"\#(makeUp)}"#].map { Array($0.utf8) })
            company.live(until: at("2026-12-31T23:00:00Z"))
            #expect(told(company, "ann") == ["reminder.close 2026-12-\(day)T01:00"])
        }
    }

    @Test("N-4: past its date every seven days, from the second time also above, until it changes")
    func overdue() throws {
        let company = company("", deal: "CLOSE 2026-12-01")
        company.live(until: at("2026-12-18T00:00:00Z"))
        let first = ["02", "09", "16"].map { "reminder.overdue 2026-12-\($0)T01:00" }
        #expect(told(company, "ann") == first)
        #expect(told(company, "lee") == Array(first.dropFirst()))
        #expect(company.settled("ann").suffix(3) == [false, false, false])
        company.run("OPP.UPDATE o4 CLOSE 2026-12-24", as: "ann")
        #expect(company.settled("ann").suffix(3) == [true, true, true])
        try company.restart()
        company.live(until: at("2026-12-29T00:00:00Z"))
        #expect(told(company, "ann") == first + ["reminder.overdue 2026-12-25T01:00"])
        // Back at the first date: what was fired stays fired.
        company.run("OPP.UPDATE o4 CLOSE 2026-12-01", as: "ann")
        company.live(until: at("2026-12-31T00:00:00Z"))
        #expect(told(company, "ann").count == 5)
        #expect(told(company, "ann").last == "reminder.overdue 2026-12-30T01:00")
        company.run("OPP.LOSE o4 REASON x", as: "ann")
        company.live(until: at("2027-12-31T00:00:00Z"))
        #expect(told(company, "ann").count == 5)
    }

    private static let slow = """
        [{"key": "a", "name": "甲", "winRate": 10, "maxDwellDays": 3,
          "tasks": [{"key": "t", "name": "拜访", "dueDays": 2, "role": "tech"}]},
         {"key": "b", "name": "乙", "winRate": 20}]
        """

    @Test("A-9, D-15: longer in a stage than allowed, the time that it was closed left out")
    func dwell() {
        let company = company("", stages: Self.slow)
        company.live(until: at("2026-11-23T02:17:21Z"))
        company.run("OPP.LOSE o4 REASON x", as: "ann")
        company.live(until: at("2026-12-03T02:17:21Z"))
        company.run("OPP.REOPEN o4 REASON 又来了", as: "lee")
        company.live(until: at("2026-12-05T03:00:00Z"))
        #expect(!told(company, "ann").contains { $0.hasPrefix("reminder.dwell") })
        company.live(until: at("2026-12-07T03:00:00Z"))
        // Three days were over on Saturday at 10:17.
        #expect(told(company, "ann").last == "reminder.dwell 2026-12-07T01:00")
    }

    @Test("D-6, N-6: a task is told to whoever has to do it, where they live; done, it is settled")
    func task() {
        let company = company("", stages: Self.slow)
        company.run("PERSON.UPDATE bob TZ UTC")
        company.run("OPP.TEAM o4 ADD bob ROLE tech", as: "ann")
        company.live(until: at("2026-11-24T23:00:00Z"))
        #expect(told(company, "ann") == [])
        #expect(
            told(company, "bob") == [
                "team.joined 2026-11-22T02:17", "reminder.task 2026-11-24T09:00",
            ])
        let row = company.run("INBOX.LIST", as: "bob").elements?.last
        #expect(row?["text"]?.text == "a task of '挖掘机' is due: 拜访")
        #expect(company.settled("bob").last == false)
        company.run("OPP.TASK o4 t DONE", as: "bob")
        #expect(company.settled("bob").last == true)
        #expect(told(company, "ann") == [], "whoever did it did so by the role")
        company.live(until: at("2027-03-01T00:00:00Z"))
        #expect(!told(company, "lee").contains { $0.hasPrefix("reminder.task") })
    }

    @Test("D-41: a planned activity is told on the morning before it; one that is done is not")
    func activity() {
        let company = company("")
        company.run("OPP.ACTIVITY o4 visit TO ann AT 2026-11-30T16:00:00+08:00", as: "lee")
        company.run("OPP.ACTIVITY o4 call TO ann AT 2026-11-30T16:00:00+08:00", as: "lee")
        company.run("ACTIVITY.DONE v2", as: "lee")
        company.live(until: at("2027-01-01T00:00:00Z"))
        #expect(told(company, "ann") == ["reminder.task 2026-11-30T01:00"])
        #expect(company.settled("ann") == [false])
        company.run("ACTIVITY.DONE v1", as: "lee")
        #expect(company.settled("ann") == [true])
    }

    @Test("D-37: where nine o'clock is left out, the next minute that there is")
    func gap() {
        let company = company(#""remindDaysBefore": 1,"#)
        company.run("PERSON.UPDATE ann TZ Test/Jump")
        company.run(
            ["CALENDAR.PUT", "x", #"{"name": "七天", "workdays": ["2027-03-28"]}"#].map {
                Array($0.utf8)
            })
        company.run("OPP.UPDATE o4 CLOSE 2027-03-29", as: "ann")
        company.live(until: at("2027-03-28T12:00:00Z"))
        #expect(told(company, "ann") == ["reminder.close 2027-03-28T08:30"])
    }

    @Test("N-6, N-5: a zone that changes moves what has not fired")
    func zone() {
        let company = company(#""remindDaysBefore": 5,"#, deal: "CLOSE 2027-06-30")
        company.live(until: at("2027-01-01T00:00:00Z"))
        company.run("PERSON.UPDATE ann TZ Europe/Berlin")
        company.live(until: at("2027-06-30T00:00:00Z"))
        #expect(told(company, "ann") == ["reminder.close 2027-06-25T07:00"])
    }

    @Test("N-2, N-4: a kind turned off leaves no row, and turning it on brings nothing back")
    func muted() throws {
        let company = company(#""cycleDays": 45, "remindDaysBefore": 5,"#)
        company.run("PREF.SET reminder.cycle off", as: "ann")
        company.live(until: at("2027-01-02T00:00:00Z"))
        company.run("PREF.SET reminder.cycle on", as: "ann")
        try company.restart()
        company.live(until: at("2027-01-20T00:00:00Z"))
        #expect(told(company, "ann") == [])
        #expect(told(company, "lee") == ["reminder.cycle 2027-01-08T01:00"])
    }

    @Test("N-4: a moment that was past when the date was set never falls due")
    func past() {
        let company = company(#""remindDaysBefore": 5,"#, deal: "CLOSE 2026-11-24")
        company.live(until: at("2026-11-25T12:00:00Z"))
        #expect(told(company, "ann") == ["reminder.overdue 2026-11-25T01:00"])
    }

    @Test(
        "N-4: two stays that begin at the same instant, as the clock went back, have their own keys"
    )
    func twoStays() {
        let company = company(
            "",
            stages: #"""
                [{"key": "a", "name": "甲", "winRate": 10, "maxDwellDays": 5},
                 {"key": "b", "name": "乙", "winRate": 20, "maxDwellDays": 5}]
                """#)
        let start = company.now
        func keys() -> [ReminderKey] {
            company.ledger.state.opportunities[OpportunityID(4)].reminders
                .filter { $0.rule == .dwell }
        }
        company.live(until: at("2026-12-10T00:00:00Z"))
        let first = keys()
        company.now = start
        company.passTime()
        company.run("OPP.ADVANCE o4", as: "ann")
        #expect(keys().isEmpty)
        company.live(until: at("2026-12-10T00:00:00Z"))
        let second = keys()
        #expect(first.count == 1 && second.count == 1 && first != second)
        #expect(told(company, "ann").count == 2)
    }

    @Test("P-4, N-5: what an aborted transaction would have made falls due never and stops nothing")
    func aborted() throws {
        let company = company(
            #""cycleDays": 45, "remindDaysBefore": 5,"#,
            stages: #"""
                [{"key": "a", "name": "甲", "winRate": 10, "maxDwellDays": 5,
                  "gate": {"approval": "superior", "remindAfterHours": 8}},
                 {"key": "b", "name": "乙", "winRate": 20}]
                """#)
        company.passTime()
        let (known, records) = (company.ledger.dueCount, company.log.count)
        let lines = [
            "OPP.CREATE 塔 CUSTOMER c1 PROCESS own CLOSE 2026-12-20",
            "OPP.ACTIVITY o5 call AT 2026-12-01", "OPP.ADVANCE o5",
            "OPP.UPDATE o4 CLOSE 2026-12-01",
            "PERSON.DELEGATE ann TO bob FROM 2026-12-01 UNTIL 2026-12-31",
        ]
        let refused = company.transact(lines + ["OPP.UPDATE o99 TITLE x"], as: "ann")
        #expect(refused.errorLine?.contains("command 6 (OPP.UPDATE)") == true)
        #expect(company.passTime() == [])
        #expect(company.ledger.dueCount == known && company.log.count == records)
        company.live(until: at("2026-11-26T00:00:00Z"))
        // The ids are given to others now, and those do fall due.
        #expect(company.transact(lines, as: "ann").errorLine == nil)
        company.live(until: at("2027-01-31T00:00:00Z"))
        #expect(company.ledger.setAsideCount == 0)
        for kind in ["reminder.dwell", "reminder.task", "reminder.close", "reminder.overdue"] {
            #expect(told(company, "ann").contains { $0.hasPrefix("\(kind) 2026-1") }, "\(kind)")
        }
        #expect(told(company, "lee").contains { $0.hasPrefix("approval.due") })
        #expect(told(company, "bob").contains { $0.hasPrefix("reminder") } == false)
    }
}
