import Testing

@testable import PipelineDomain

@Suite("Attainment, holes, velocity, reps, leads, losses")
struct ResultReportTests {
    private let east = HolderReference.unit(SampleCompany.east)

    private func basis(_ scenario: Scenario, for who: String = "admin") -> ReportBasis {
        scenario.state.basis(for: scenario.person(who), at: scenario.now)
    }

    private func scope(unit: UnitID? = nil, _ from: String, _ to: String) -> Scope {
        var scope = Scope()
        scope.unit = unit
        scope.period = day(from)...day(to)
        return scope
    }

    private func scenario() throws -> Scenario {
        let scenario = try SampleCompany.scenario()
        var definition = linear(stage("a", 20), stage("b", 50))
        definition.cycleDays = 45
        definition.lossReasons = ["price", "competitor"]
        definition.invalidReasons = ["duplicate"]
        try scenario.publish("method", definition)
        return scenario
    }

    private func target(_ scenario: Scenario, _ period: String, _ text: String) throws {
        try scenario.given(
            "admin",
            SetTarget(
                holder: east, period: CalendarPeriod(period.utf8) ?? .month(of: day("2026-01-01")),
                goal: .amount(amount(text), nil), product: nil, region: nil, channel: nil))
    }

    private func close(_ deal: OpportunityID, _ date: String) -> UpdateOpportunity {
        update(deal, close: .some(day(date)))
    }

    @Test("A-10: won and to be expected against the target, and the days that are left")
    func attainment() throws {
        let scenario = try scenario()
        try target(scenario, "2026Q4", "1000")
        let (won, open, later) = (
            try scenario.deal(amount: "300"), try scenario.deal(amount: "800"),
            try scenario.deal(amount: "5000")
        )
        try scenario.given("rep", advance(won))
        scenario.pass(days: 9)
        try scenario.given("rep", win(won))
        try scenario.given("rep", advance(open))
        try scenario.given("rep", close(open, "2026-12-20"))
        try scenario.given("rep", close(later, "2027-02-01"))
        // Without a period: the quarter of 1 December, in which 31 days are left, that day included.
        var eastern = Scope()
        eastern.unit = SampleCompany.east
        let report = try basis(scenario, for: "manager").attainment(eastern)
        #expect(report.period == day("2026-10-01")...day("2026-12-31"))
        #expect(report.total.target == 100_000)
        #expect(report.total.won == 30_000)
        #expect(report.total.weighted == 40_000)
        #expect(report.total.attained == "30.00")
        #expect(report.total.expectedAttainment == "70.00")
        #expect(report.total.gap == 30_000)
        #expect(report.remainingDays == 31)
        #expect(report.cycle == Int64(9 * 86_400_000))
        #expect(report.canStillClose == true)
        let parts = try basis(scenario, for: "manager").attainment(eastern, by: .owner)
        let rep = parts.rows.first { $0.key.name == "Rep" }
        #expect(rep?.figures.won == 30_000 && rep?.figures.target == nil)
        #expect(parts.rows.count == 5)
        let months = try basis(scenario).attainment(eastern, by: .month).rows
        #expect(months.map(\.key.text) == ["2026-10", "2026-11", "2026-12"])
        #expect(months.map(\.figures.won) == [0, 0, 30_000])
        // Of a month that the period cuts, what lies in it.
        let cut = try basis(scenario).attainment(
            scope(unit: SampleCompany.east, "2026-11-15", "2026-12-10"), by: .month)
        #expect(cut.rows.map(\.key.text) == ["2026-11", "2026-12"])
        #expect(cut.rows.map(\.figures.won).reduce(0, +) == cut.total.won)
        #expect(cut.rows.map(\.figures.weighted).reduce(0, +) == cut.total.weighted)
        #expect(cut.total.weighted == 0)
        // A rep has a report, but the unit's target is not his to see.
        #expect(try basis(scenario, for: "rep").attainment(eastern).total.target == nil)
        let forecast = try basis(scenario).forecast(
            scope(unit: SampleCompany.east, "2026-10-01", "2026-12-31"))
        #expect(forecast.target == 100_000 && forecast.won == 30_000)
        #expect(forecast.gap == 30_000)
        #expect(forecast.chance == 0.5)
    }

    @Test("A-10: without a deal won, the process says how long a cycle is")
    func statedCycle() throws {
        let scenario = try scenario()
        try scenario.deal()
        let report = try basis(scenario).attainment(Scope())
        #expect(report.cycle == Int64(45 * 86_400_000))
        #expect(report.canStillClose == false)
        #expect(report.total.attained == nil)
    }

    @Test("A-7: stages that hold too few deals for the next quarter's target")
    func holes() throws {
        let scenario = try scenario()
        try target(scenario, "2027Q1", "1000")
        for _ in 0..<7 { try scenario.deal(amount: "200") }
        for number in 1...4 as ClosedRange<UInt32> {
            try scenario.given("rep", advance(OpportunityID(number)))
        }
        var eastern = Scope()
        eastern.unit = SampleCompany.east
        let report = try basis(scenario).holes(eastern)
        #expect(report.period == day("2027-01-01")...day("2027-03-31"))
        #expect(report.total.averageAmount == 20_000)
        // 1000 ÷ (200 × 20 %) = 25, of which 3 are there; 1000 ÷ (200 × 50 %) = 10, of which 4.
        #expect(report.total.rows.map(\.needed) == [25, 10])
        #expect(report.total.rows.map(\.missing) == [22, 6])
        #expect(report.total.rows.map(\.isHole) == [true, true])
        let none = try basis(scenario).holes(Scope())
        #expect(
            none.total.target == nil
                && none.total.rows.allSatisfy { $0.needed == nil && !$0.isHole })
    }

    @Test("A-7: ⌈(target − won) ÷ (average × win rate)⌉ rounds up, and what is won counts")
    func holesRounding() throws {
        let scenario = try scenario()
        try target(scenario, "2026Q4", "1000.01")
        let won = try scenario.deal(amount: "400")
        try scenario.given("rep", advance(won))
        try scenario.given("rep", win(won))
        try scenario.deal(amount: "100")
        let report = try basis(scenario).holes(
            scope(unit: SampleCompany.east, "2026-10-01", "2026-12-31"))
        #expect(report.total.won == 40_000)
        // 600.01 ÷ 20 is 30.0005; 600.01 ÷ 50 is 12.0002.
        #expect(report.total.rows.map(\.needed) == [31, 13])
    }

    @Test("A-11: 500 000 at 25 % and 100 000 a deal take 20 demos")
    func plan() throws {
        func plan(_ target: Int64, _ points: Int, _ average: Int64) -> ActivityPlan? {
            Rate(basisPoints: points).flatMap {
                ActivityPlan(target: target, rate: $0, average: average)
            }
        }
        #expect(plan(50_000_000, 2_500, 10_000_000)?.activities == 20)
        #expect(plan(50_000_000, 2_500, 10_000_000)?.deals == 5)
        #expect(plan(50_000_001, 2_500, 10_000_000)?.activities == 21)
        #expect(plan(0, 2_500, 10_000_000)?.activities == 0)
        #expect(plan(1, 0, 1) == nil && plan(1, 1, 0) == nil)
        #expect(plan(99_999_999_999_999_999, 1, 1)?.activities == 999_999_999_999_999_990_000)
    }

    @Test("A-13: open deals × average amount × win rate ÷ cycle, per day")
    func velocity() throws {
        let scenario = try scenario()
        let won = try scenario.deal(amount: "100")
        let lost = try scenario.deal(amount: "100")
        try scenario.given("rep", advance(won))
        try scenario.given("rep", lose(lost))
        scenario.pass(days: 20)
        try scenario.given("rep", win(won))
        for text in ["300", "500", "400"] { try scenario.deal(amount: text) }
        let report = try basis(scenario).velocity(Scope())
        #expect(report.total.open == 3 && report.total.averageAmount == 40_000)
        #expect(report.total.winRate?.twoDecimals == "50.00")
        #expect(report.total.cycle == Int64(20 * 86_400_000))
        // 3 × 400 × 50 % ÷ 20 = 30 a day.
        #expect(report.total.velocity == 3_000)
        let none = try basis(scenario, for: "westerner").velocity(Scope())
        #expect(none.total.velocity == nil && none.total.open == 0 && !none.isComplete)
    }

    @Test("A-15: from 30 to 25 days is −16.67 %, an improvement")
    func effect() throws {
        #expect(EffectReport.change(from: .init(30), to: .init(25)) == "-16.67")
        #expect(EffectReport.change(from: .init(25), to: .init(30)) == "20.00")
        #expect(EffectReport.change(from: .init(0), to: .init(30)) == nil)
        #expect(EffectReport.change(from: nil, to: .init(30)) == nil)
        let scenario = try scenario()
        for (days, count) in [(30, 2), (25, 2)] {
            for _ in 0..<count {
                let deal = try scenario.deal(amount: "10")
                try scenario.given("rep", advance(deal))
                scenario.pass(days: days)
                try scenario.given("rep", win(deal))
            }
        }
        // Won on days 30 and 60, then on days 85 and 110.
        let (before, after) = (
            day("2026-11-22")...day("2027-01-31"), day("2027-02-01")...day("2027-12-31")
        )
        let report = try basis(scenario).effect(.cycle, Scope(), before: before, after: after)
        #expect(report.before?.twoDecimals == "30.00" && report.after?.twoDecimals == "25.00")
        #expect(report.change == "-16.67")
        #expect(report.effect == "improvement")
        let wins = try basis(scenario).effect(.won, Scope(), before: before, after: after)
        #expect(wins.change == "0.00" && wins.effect == "none")
        let amounts = try basis(scenario).effect(
            .amount, Scope(), before: after, after: day("2030-01-01")...day("2030-12-31"))
        #expect(amounts.change == "-100.00" && amounts.effect == "deterioration")
    }

    @Test("A-16: losses by reason, competitor and owner; invalid deals beside, not among them")
    func losses() throws {
        let scenario = try scenario()
        for (reason, competitor) in [
            ("price", "三一"), ("price", "三一"), ("competitor", "徐工"), ("price", nil),
        ] as [(String, String?)] {
            let deal = try scenario.deal(amount: "10")
            let closing = Closing(reason: reason, competitor: competitor, review: nil, note: nil)
            try scenario.given("rep", LoseOpportunity(opportunity: deal, closing: closing))
        }
        try scenario.given("rep", invalidate(try scenario.deal(amount: "99")))
        let report = try basis(scenario).losses(Scope(), by: .owner)
        #expect(report.total.lost == 4 && report.total.amount == 4_000)
        #expect(report.total.invalid == 1 && report.total.invalidAmount == 9_900)
        #expect(report.reasons.map(\.key.text) == ["price", "competitor"])
        #expect(report.reasons.map(\.figures.lost) == [3, 1])
        #expect(report.competitors.map(\.key.text) == ["三一", "徐工"])
        #expect(report.competitors.map(\.figures.amount) == [2_000, 1_000])
        #expect(report.groups.map(\.figures.lost) == [4])
        let later = try basis(scenario).losses(scope("2027-01-01", "2027-12-31"))
        #expect(later.total.lost == 0 && later.reasons.isEmpty)
    }

    @Test("A-14: activities, calls for a qualified lead, follow-ups for an advance, slowest stage")
    func reps() throws {
        let scenario = try scenario()
        try scenario.given(
            "rep", CreateLead(name: "Zhao", owner: nil, fields: [:], measures: [:]))
        func act(_ target: Activity.Target, _ kind: String, _ result: Activity.Result?) throws {
            try scenario.given(
                "rep",
                AddActivity(
                    target: target, kind: kind, to: nil, at: nil, done: result != nil,
                    result: result, note: nil))
        }
        for result in [.answered, .noAnswer, .answered] as [Activity.Result] {
            try act(.lead(LeadID(1)), "call", result)
        }
        try scenario.given(
            "rep",
            ConvertLead(
                lead: LeadID(1), title: "T", customer: SampleCompany.customer, amount: nil,
                currency: nil, close: nil, process: nil, owner: nil))
        let deal = OpportunityID(1)
        for _ in 0..<2 { try act(.opportunity(deal), "visit", .answered) }
        try act(.opportunity(deal), "visit", nil)
        scenario.pass(days: 8)
        try scenario.given("rep", advance(deal))
        scenario.pass(days: 2)
        try scenario.given("rep", win(deal))
        let rows = try basis(scenario, for: "manager").reps(Scope()).rows
        let rep = try #require(rows.first { $0.name == "Rep" })
        #expect(rep.planned == 6 && rep.done == 5 && rep.answered == 4)
        #expect(rep.callsPerLead == "3.00")
        #expect(rep.followUpsPerAdvance == "2.00")
        #expect(rep.slowestStage?.key == "a" && rep.slowestStage?.mean == Int64(8 * 86_400_000))
        #expect(rep.share.rate?.twoDecimals == "100.00")
        #expect(rep.cycle == Int64(10 * 86_400_000))
        #expect(
            Set(rows.map(\.name)) == ["Manager", "Rep", "Colleague", "Junior", "Trainee"])
        #expect(try basis(scenario, for: "rep").reps(Scope()).rows.map(\.name) == ["Rep"])
    }

    @Test("A-20: leads by source, with the interval of their conversion")
    func leads() throws {
        let scenario = try scenario()
        for index in 1...10 as ClosedRange<UInt32> {
            try scenario.given(
                "rep",
                CreateLead(
                    name: "L\(index)", owner: nil,
                    fields: index <= 6 ? [.source: "展会"] : [:], measures: [:]))
        }
        for index in 1...2 as ClosedRange<UInt32> {
            try scenario.given(
                "rep",
                ConvertLead(
                    lead: LeadID(index), title: "T", customer: SampleCompany.customer, amount: nil,
                    currency: nil, close: nil, process: nil, owner: nil))
        }
        try scenario.given("rep", DiscardLead(lead: LeadID(3), reason: "spam"))
        let report = try basis(scenario, for: "manager").leads(Scope())
        #expect(report.total.leads == 10 && report.total.converted == 2)
        #expect(report.total.discarded == 1 && report.total.open == 7)
        #expect(report.total.conversion?.percent == "20.0")
        #expect(report.total.interval?.lowPercent == "5.7")
        #expect(report.rows.map(\.key.text) == ["展会", nil])
        #expect(report.rows.map(\.figures.leads) == [6, 4])
        #expect(try basis(scenario, for: "westerner").leads(Scope()).total.leads == 0)
        #expect(try basis(scenario, for: "westerner").leads(Scope()).isComplete == false)
        var product = Scope()
        product.fields[.product] = "x"
        #expect(throws: Rejection.self) { try basis(scenario).leads(product) }
    }

    @Test("D-41: notes of reps that nobody above has answered")
    func unanswered() throws {
        let scenario = try scenario()
        let deal = try scenario.deal()
        try scenario.given("rep", note(deal, "客户换人了"))
        try scenario.given("rep", note(deal, "second"))
        try scenario.given("manager", note(deal, "well done", replyTo: NoteID(1)))
        scenario.pass(days: 3)
        let report = try basis(scenario, for: "manager").unanswered(Scope(), by: .owner)
        #expect(report.rows.map(\.note) == [NoteID(2)])
        #expect(report.rows.map(\.waitingDays) == [3])
        #expect(report.groups.map(\.count) == [1])
        try scenario.given("rep", note(deal, "still there?", replyTo: NoteID(2)))
        #expect(try basis(scenario).unanswered(Scope()).rows.map(\.note) == [NoteID(2), NoteID(4)])
        #expect(try basis(scenario, for: "colleague").unanswered(Scope()).rows.isEmpty)
    }

    @Test(
        "D-41, A-19: notes on deals that one counts but does not see are left out, and that is said"
    )
    func unansweredAndGone() throws {
        let scenario = try scenario()
        let deal = try scenario.deal()
        try scenario.given("rep", note(deal, "help"))
        try scenario.given("rep", lose(deal))
        var eastern = Scope()
        eastern.unit = SampleCompany.east
        let before = try basis(scenario, for: "manager").unanswered(eastern)
        #expect(before.total == 1 && before.isComplete)
        try scenario.given("admin", change("rep", unit: SampleCompany.west))
        let manager = basis(scenario, for: "manager")
        #expect(try manager.losses(eastern).total.lost == 1)
        #expect(try manager.unanswered(eastern).rows.isEmpty)
        #expect(try !manager.unanswered(eastern).isComplete)
        // Of a deal that would be in no row nothing is missing.
        try scenario.given("director", note(deal, "why?", replyTo: NoteID(1)))
        #expect(try basis(scenario, for: "manager").unanswered(eastern).isComplete)
    }

    @Test("A-16, A-19: losses are complete where only deals that were not lost are hidden")
    func allLosses() throws {
        let scenario = try scenario()
        let (lost, won) = (try scenario.deal(), try scenario.deal(by: "westerner"))
        try scenario.given("rep", lose(lost))
        try scenario.deal(by: "westerner")
        try scenario.given("westerner", advance(won))
        try scenario.given("westerner", win(won))
        let quarter = scope("2026-10-01", "2026-12-31")
        for scope in [Scope(), quarter] {
            let report = try basis(scenario, for: "rep").losses(scope)
            #expect(report.total.lost == 1 && report.isComplete)
        }
        try scenario.given("westerner", lose(OpportunityID(3)))
        #expect(try !basis(scenario, for: "rep").losses(Scope()).isComplete)
    }
}
