import Testing

@testable import PipelineDomain

@Suite("Win rates, conversion, dwell")
struct StageReportTests {
    private func method(_ phases: [Stage.Phase?] = [nil, nil, nil]) -> ProcessDefinition {
        var definition = linear(
            stage("a", 20) {
                $0.phase = phases[0]
                $0.maxDwellDays = 10
            },
            stage("b", 40) {
                $0.phase = phases[1]
                $0.maxDwellDays = 10
            },
            stage("c", 80) {
                $0.phase = phases[2]
                $0.maxDwellDays = 10
            })
        definition.transitions = [.init(from: "b", to: "a")]
        return definition
    }

    private func basis(_ scenario: Scenario, for who: String = "admin") -> ReportBasis {
        scenario.state.basis(for: scenario.person(who), at: scenario.now)
    }

    @Test("A-4: of 10 that entered 2 were won: 20 %, with Wilson's interval from 5.7 to 51.0")
    func winRate() throws {
        let scenario = try SampleCompany.scenario()
        try scenario.publish("method", method())
        for _ in 0..<10 {
            let deal = try scenario.deal()
            try scenario.given("rep", advance(deal))
        }
        for number in [1, 2] as [UInt32] {
            try scenario.given("rep", advance(OpportunityID(number)))
            try scenario.given("rep", win(OpportunityID(number)))
        }
        try scenario.given("rep", lose(OpportunityID(3)))
        // An invalid one is in no rate.
        let extra = try scenario.deal()
        try scenario.given("rep", invalidate(extra))
        let report = try basis(scenario).winRates(Scope())
        let first = try #require(report.rows.first)
        #expect(first.share.entered == 10 && first.share.won == 2)
        #expect(first.share.lost == 1 && first.share.open == 7 && first.share.invalid == 1)
        #expect(first.share.rate?.twoDecimals == "20.00")
        #expect(first.share.interval?.lowPercent == "5.7")
        #expect(first.share.interval?.highPercent == "51.0")
        #expect(first.configured == percent(20))
        #expect(report.rows.map(\.share.entered) == [10, 10, 2])
        #expect(report.rows[2].share.rate?.twoDecimals == "100.00")
        #expect(report.total.rate?.twoDecimals == "20.00")
        let none = try basis(scenario).winRates(scope("2020-01-01", "2020-12-31"))
        #expect(none.rows.allSatisfy { $0.share == Share() && $0.share.rate == nil })
        let groups = try basis(scenario).winRates(Scope(), by: .owner).groups
        #expect(groups.map(\.key.text) == ["\(scenario.person("rep"))"])
        #expect(groups.map(\.share.entered) == [10])
    }

    @Test("A-4: Wilson's interval at its ends")
    func wilson() throws {
        #expect(WilsonInterval(hits: 0, of: 0) == nil)
        let none = try #require(WilsonInterval(hits: 0, of: 10))
        #expect((none.lowPercent, none.highPercent) == ("0.0", "27.8"))
        let all = try #require(WilsonInterval(hits: 10, of: 10))
        #expect((all.lowPercent, all.highPercent) == ("72.2", "100.0"))
    }

    private func scope(_ from: String, _ to: String) -> Scope {
        var scope = Scope()
        scope.period = day(from)...day(to)
        return scope
    }

    @Test("A-4, A-5: a cohort is made by the first entry of each stage")
    func cohorts() throws {
        let scenario = try SampleCompany.scenario()
        try scenario.publish("method", method())
        let deal = try scenario.deal()
        scenario.pass(days: 40)
        try scenario.given("rep", advance(deal))
        scenario.pass(days: 1)
        try scenario.given("rep", advance(deal, to: "a", note: "back"))
        try scenario.given("rep", advance(deal))
        let early = scope("2026-11-22", "2026-11-30")
        let late = scope("2026-12-01", "2027-01-31")
        #expect(try basis(scenario).winRates(early).rows.map(\.share.entered) == [1, 0, 0])
        #expect(try basis(scenario).winRates(late).rows.map(\.share.entered) == [0, 1, 0])
        #expect(try basis(scenario).conversion(early).rows.map(\.advanced) == [1, 0, 0])
        #expect(try basis(scenario).conversion(late).rows.map(\.entered) == [0, 1, 0])
        #expect(try basis(scenario).winRates(late).total.entered == 0)
    }

    @Test("A-5: 1000, 800, 600, 450, 350, 250, 150 and 130, and where they are worst")
    func conversion() throws {
        let scenario = try SampleCompany.scenario()
        let entered = [1000, 800, 600, 450, 350, 250, 150, 130]
        try scenario.publish(
            "method",
            ProcessDefinition(
                name: "M", stages: entered.indices.map { stage("s-\($0)", 10 + $0) }))
        var state = scenario.state
        let rep = scenario.person("rep")
        var sequence = UInt64(scenario.log.count)
        func record(_ event: Event) {
            sequence += 1
            state.evolve(
                Recorded(sequence: sequence, at: scenario.now, actor: rep, event: event))
        }
        for index in 0..<entered[0] {
            let id = state.opportunities.nextID
            record(
                .opportunity(
                    id,
                    .created(
                        OpportunityFacts(
                            title: "T", customer: SampleCompany.customer, owner: rep,
                            version: ProcessVersionID(1), amount: nil, currency: cny, close: nil,
                            fields: [:]))))
            for stage in 1..<entered.count where index < entered[stage] {
                let step = Change(from: "s-\(stage - 1)", to: "s-\(stage)")
                record(.opportunity(id, .moved(step, approval: nil, note: nil)))
            }
        }
        let report = try state.basis(for: PersonID(1), at: scenario.now).conversion(Scope())
        #expect(
            report.rows.dropLast().map { $0.conversion?.percent } == [
                "80.0", "75.0", "75.0", "77.8", "71.4", "60.0", "86.7",
            ])
        // Deals and end, of all that entered.
        #expect(report.rows.map { $0.ofFirst?.percent }.suffix(2) == ["15.0", "13.0"])
        #expect(report.rows.map(\.entered) == entered)
        // Nobody has been won from the last stage, which is worse still; it is shown apart.
        #expect(report.end?.percent == "0.0")
        #expect(report.rows.dropLast().allSatisfy { !$0.isWeak })
    }

    @Test("A-5: of the deals that entered their first stage in the period, how many came to each")
    func ofFirst() throws {
        let scenario = try SampleCompany.scenario()
        try scenario.publish("method", linear(stage("a", 20), stage("b", 40)))
        for _ in 0..<3 { try scenario.given("rep", advance(try scenario.deal())) }
        scenario.pass(days: 30)
        // From now on deals begin elsewhere.
        try scenario.publish("method", linear(stage("new", 10), stage("a", 20), stage("b", 40)))
        let deal = try scenario.deal()
        for _ in 0..<2 { try scenario.given("rep", advance(deal)) }
        try scenario.given("rep", win(deal))
        try scenario.given("rep", advance(try scenario.deal()))
        let all = try basis(scenario).conversion(Scope())
        #expect(all.rows.map(\.entered) == [2, 5, 4])
        #expect(all.rows.map { $0.ofFirst?.percent } == ["40.0", "100.0", "80.0"])
        #expect(all.end?.percent == "20.0")
        // Of those that began in the period, and no others that came to the stage in it.
        try scenario.given("rep", lose(OpportunityID(1)))
        let late = try basis(scenario).conversion(scope("2026-12-01", "2026-12-31"), by: .owner)
        #expect(late.rows.map { $0.ofFirst?.percent } == ["100.0", "100.0", "50.0"])
        #expect(late.groups[0].rows.map { $0.ofFirst?.percent } == ["100.0", "100.0", "50.0"])
        #expect(late.end?.percent == "50.0")
    }

    @Test("A-5: the worst of the steps that anybody left")
    func worst() throws {
        let scenario = try SampleCompany.scenario()
        try scenario.publish("method", method())
        for index in 1...4 {
            let deal = try scenario.deal()
            if index <= 2 { try scenario.given("rep", advance(deal)) }
            if index <= 2 { try scenario.given("rep", advance(deal)) }
            if index <= 2 { try scenario.given("rep", win(deal)) }
        }
        let report = try basis(scenario).conversion(Scope())
        #expect(report.rows.map { $0.conversion?.percent } == ["50.0", "100.0", "100.0"])
        #expect(report.rows.map(\.isWorst) == [true, false, false])
        #expect(report.rows.map(\.isWeak) == [true, false, false])
        #expect(report.end?.percent == "50.0")
    }

    @Test("A-6: one unit's step of 18 % among others at 30 % is flagged")
    func weakUnit() {
        let values = [30, 30, 18, 30].map { Fraction(numerator: $0, denominator: 100) }
        #expect(Funnel.weakSteps(values) == [false, false, true, false])
    }

    // MARK: Dwell

    private func survival(_ days: [(Int64, Bool)]) -> Survival {
        Survival(days.map { .init(milliseconds: $0.0 * 86_400_000, hasEnded: $0.1) })
    }

    private func days(_ milliseconds: Int64?) -> String? { milliseconds.map(Survival.days) }

    @Test(
        "A-8: without open stays: the mean, and the least length by which half, nine in ten ended")
    func complete() {
        let ten = survival((1...10).map { ($0, true) })
        #expect(days(ten.mean) == "5.50")
        #expect(days(ten.median) == "5.00")
        #expect(days(ten.p90) == "9.00")
        #expect((ten.count, ten.open) == (10, 0))
        let third = survival([(1, true), (1, true), (2, true)])
        #expect(days(third.mean) == "1.33")
        #expect(survival([]).mean == nil && survival([]).median == nil)
    }

    @Test("A-8: Kaplan and Meier's estimate counts those still in it")
    func censored() {
        // At risk 6, 5, (4 leaves the study), 3, 2: S = 5/6, 4/6, 4/9, 2/9; the last one goes on.
        let stays = survival([
            (1, true), (2, true), (3, false), (4, true), (5, true), (8, false),
        ])
        #expect(days(stays.median) == "4.00")
        #expect(stays.p90 == nil)
        #expect(stays.open == 2)
        // 1 + 5/6 + 2 × 4/6 + 4/9 + 3 × 2/9.
        #expect(days(stays.mean) == "4.28")
        // Left out, the open ones would make it look as if deals went through in three days.
        #expect(days(survival([(1, true), (2, true), (4, true), (5, true)]).median) == "2.00")
        #expect(survival([(3, false), (9, false)]).median == nil)
    }

    @Test("A-8, D-15: dwell starts anew on the way back, and closed time is left out")
    func stays() throws {
        let scenario = try SampleCompany.scenario()
        try scenario.publish("method", method())
        let deal = try scenario.deal()
        scenario.pass(days: 3)
        try scenario.given("rep", advance(deal))
        scenario.pass(days: 2)
        try scenario.given("rep", lose(deal))
        scenario.pass(days: 30)
        try scenario.given(
            "manager", ReopenOpportunity(opportunity: deal, reason: "back", stage: nil))
        scenario.pass(days: 4)
        try scenario.given("rep", advance(deal, to: "a", note: "again"))
        scenario.pass(days: 1)
        let rows = try basis(scenario).dwell(Scope()).rows
        #expect(rows.map(\.stays.count) == [2, 1, 0])
        #expect(rows.map(\.stays.open) == [1, 0, 0])
        #expect(days(rows[1].stays.mean) == "6.00")
        #expect(days(rows[0].stays.median) == "3.00")
        #expect(scenario[deal].visits.map(\.stage) == [0, 1])
        try scenario.given("rep", lose(deal))
        #expect(try basis(scenario).dwell(Scope()).rows[0].stays.open == 0)
    }

    @Test("A-8, D-7: stays go along with a migration")
    func migration() throws {
        let scenario = try SampleCompany.scenario()
        try scenario.publish("method", method())
        let deal = try scenario.deal()
        scenario.pass(days: 3)
        try scenario.given("rep", advance(deal))
        scenario.pass(days: 2)
        try scenario.publish("method", linear(stage("x", 10), stage("b", 20), stage("z", 30)))
        try scenario.given(
            "admin",
            MigrateProcess(
                process: .key("method"), from: 1, to: 2,
                stages: [(from: "b", to: "z"), (from: "a", to: "x")]))
        scenario.pass(days: 1)
        let rows = try basis(scenario).dwell(Scope()).rows
        #expect(rows.map(\.stage) == ["x", "b", "z"])
        #expect(rows.map(\.stays.count) == [1, 0, 2])
        #expect(days(rows[0].stays.mean) == "3.00")
        #expect(rows.map(\.stays.open) == [0, 0, 1])
    }

    // MARK: Standing still

    @Test("A-9, D-40: over the stage's limit, and mid or late without a decision-maker")
    func stagnant() throws {
        let scenario = try SampleCompany.scenario()
        try scenario.publish("method", method([.early, .mid, .late]))
        let (still, moving, late) = (
            try scenario.deal(amount: "100"), try scenario.deal(), try scenario.deal()
        )
        for _ in 0..<2 { try scenario.given("rep", advance(late)) }
        scenario.pass(days: 10)
        #expect(try basis(scenario).stagnation(Scope()).rows.map(\.opportunity) == [late])
        scenario.pass(hours: 1)
        try scenario.given("rep", advance(moving))
        let report = try basis(scenario).stagnation(Scope(), by: .stage)
        #expect(report.rows.map(\.opportunity) == [still, late, moving])
        #expect(report.rows.map(\.isStagnant) == [true, true, false])
        #expect(report.rows.map(\.hasNoPower) == [false, true, true])
        #expect(report.rows.map(\.dwellDays) == [10, 10, 0])
        #expect(report.total.stagnant == 2 && report.total.noPower == 2)
        #expect(report.total.amount == 10_000)
        #expect(report.groups.map(\.key.text) == ["a", "b", "c"])
        try scenario.given(
            "rep", CreateContact(customer: SampleCompany.customer, name: "王总", fields: [:]))
        try scenario.given(
            "rep", AddDealContact(opportunity: late, contact: ContactID(1), part: .decisionMaker))
        let after = try basis(scenario).stagnation(Scope())
        #expect(after.rows.map(\.hasNoPower) == [false, false, true])
        #expect(try basis(scenario, for: "westerner").stagnation(Scope()).rows.isEmpty)
        #expect(try basis(scenario, for: "westerner").stagnation(Scope()).isComplete == false)
    }
}
