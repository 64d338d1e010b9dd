import Testing

@testable import PipelineDomain

@Suite("Funnel and forecast")
struct FunnelTests {
    /// Moves new deals so far that so many have entered each stage.
    private func fill(_ scenario: Scenario, entered: [Int], amount: String? = nil) throws {
        for index in 0..<entered[0] {
            let deal = try scenario.deal(amount: amount)
            for stage in 1..<entered.count where index < entered[stage] {
                try scenario.given("rep", advance(deal))
            }
        }
    }

    private func stages(_ rates: [Int]) -> ProcessDefinition {
        ProcessDefinition(
            name: "Method", stages: rates.enumerated().map { stage("s-\($0)", $1) })
    }

    /// A company without the cost of comparing states after each of thousands of steps.
    private func bulk(_ entered: [Int], rates: [Int], minorUnits: Int64) throws -> (State, PersonID)
    {
        let scenario = try SampleCompany.scenario()
        try scenario.publish("method", stages(rates))
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
                            version: ProcessVersionID(1),
                            amount: Money(minorUnits: minorUnits, currency: cny), currency: cny,
                            close: day("2027-03-31"), fields: [:]))))
            for stage in 1..<entered.count where index < entered[stage] {
                let step = Change(from: "s-\(stage - 1)", to: "s-\(stage)")
                record(.opportunity(id, .moved(step, approval: nil, note: nil)))
            }
        }
        return (state, rep)
    }

    @Test("A-2: 65, 34, 27, 15 and 6 deals of 500 000 make 26 850 000")
    func forecastOracle() throws {
        let (state, rep) = try bulk(
            [147, 82, 48, 21, 6], rates: [10, 40, 60, 80, 90], minorUnits: 50_000_000)
        let funnel = try state.funnel(Scope(), for: PersonID(1))
        #expect(funnel.rows.map(\.count) == [65, 34, 27, 15, 6])
        #expect(
            funnel.rows.map { Decimal.text($0.weighted, digits: 2) } == [
                "3250000.00", "6800000.00", "8100000.00", "6000000.00", "2700000.00",
            ])
        #expect(Decimal.text(funnel.weighted, digits: 2) == "26850000.00")
        for viewer in [PersonID(1), rep] {
            for period in [nil, day("2027-03-31")...day("2027-03-31")] {
                var scope = Scope()
                scope.period = period
                let forecast = try state.forecast(scope, for: viewer, today: day("2027-01-01"))
                #expect(Decimal.text(forecast.figures.amount, digits: 2) == "26850000.00")
                #expect(forecast.figures.deals == 147)
                #expect(forecast.figures.expectedWins == 537_000)
            }
        }
        var later = Scope()
        later.period = day("2027-04-01")...day("2027-06-30")
        let overdue = try state.forecast(later, for: rep, today: day("2027-04-01"))
        #expect(overdue.figures.amount == 0)
        #expect(overdue.overdueAmount == Int128(147) * 50_000_000)
        let notYet = try state.forecast(later, for: rep, today: day("2027-03-31"))
        #expect(notYet.overdueAmount == 0)
    }

    @Test("A-5: conversion is an exact fraction, printed to one decimal")
    func conversionOracle() throws {
        let entered = [1000, 800, 600, 450, 350, 250, 150, 130]
        let percents = zip(entered, entered.dropFirst()).map {
            Fraction(numerator: $1, denominator: $0).percent
        }
        #expect(percents == ["80.0", "75.0", "75.0", "77.8", "71.4", "60.0", "86.7"])
        #expect(Fraction(numerator: 150, denominator: 1000).percent == "15.0")
        #expect(Fraction(numerator: 130, denominator: 1000).percent == "13.0")
        #expect(Fraction(numerator: 1, denominator: 3).percent == "33.3")
        #expect(Fraction(numerator: 5, denominator: 10_000).percent == "0.1")
        #expect(Fraction(numerator: 49, denominator: 100_000).percent == "0.0")
        #expect(Fraction(numerator: Int.max, denominator: 1).percent.hasSuffix(".0"))
    }

    @Test("A-5: the funnel's own rows give the same fractions")
    func conversionRows() throws {
        let (state, _) = try bulk(
            [1000, 800, 600, 450, 350, 250, 150, 130], rates: [1, 2, 3, 4, 5, 6, 7, 8],
            minorUnits: 100)
        let rows = try state.funnel(Scope(), for: PersonID(1)).rows
        #expect(
            rows.map(\.conversion?.percent) == [
                "80.0", "75.0", "75.0", "77.8", "71.4", "60.0", "86.7", "0.0",
            ])
        #expect(rows.map(\.conversion).first == Fraction(numerator: 800, denominator: 1000))
        // All that came to the last stage are in it still; 60.0 is the worst of the others, not yet weak.
        #expect(rows.allSatisfy { !$0.isWeak })
    }

    @Test("A-6: a step at or below 0.7 of the median of the others is flagged")
    func weakSteps() {
        func weak(_ percents: Int?...) -> [Int] {
            let values = percents.map { $0.map { Fraction(numerator: $0, denominator: 100) } }
            return Funnel.weakSteps(values).enumerated().filter(\.element).map(\.offset)
        }
        #expect(weak(30, 30, 18, 30) == [2])
        #expect(weak(30, 30, 22, 30) == [])
        #expect(weak(10, 10, 7, 10) == [2])
        #expect(weak(100, 100, 70) == [2])
        #expect(weak(60, 60, 42, 60) == [2])
        #expect(weak(20, 40, 21) == [0, 2])
        #expect(weak(20, 40, 22, nil) == [0])
        #expect(weak(0, 0, 0) == [0, 1, 2])
        #expect(weak(50, 1) == [1])
        #expect(weak(80, 57) == [])
        #expect(weak(50) == [])
        #expect(weak() == [])
        #expect(weak(nil, nil) == [])
        let large = Fraction(numerator: 4_000_000_000, denominator: 4_000_000_000)
        #expect(Funnel.weakSteps([large, large, large]) == [false, false, false])
    }

    @Test("A-1: a funnel counts the open deals of the whole subtree, unit beside unit")
    func subtrees() throws {
        let scenario = try SampleCompany.scenario()
        try scenario.publish("method", stages([10, 50]))
        try fill(scenario, entered: [3, 1], amount: "10")
        try scenario.deal(by: "westerner", amount: "5")
        try scenario.deal(by: "director", amount: "1")
        try scenario.given("rep", lose(OpportunityID(3)))
        func funnel(_ unit: UnitID) throws -> Funnel {
            var scope = Scope()
            scope.unit = unit
            return try scenario.state.funnel(
                scope, for: scenario.person("executive"), today: day("2026-11-22"))
        }
        #expect(try funnel(SampleCompany.east).rows.map(\.count) == [1, 1])
        #expect(try funnel(SampleCompany.west).rows.map(\.amount) == [500, 0])
        #expect(try funnel(SampleCompany.sales).rows.map(\.amount) == [1_600, 1_000])
        #expect(try funnel(SampleCompany.root).open == 4)
        #expect(try funnel(SampleCompany.root).weighted == 660)
    }

    @Test("A-1, D-33: a funnel shows each viewer what he may see, and says whether that is all")
    func viewers() throws {
        let scenario = try SampleCompany.scenario()
        try scenario.publish("method", stages([10, 50]))
        for who in ["rep", "colleague", "junior", "westerner"] {
            try scenario.deal(by: who, amount: "1")
        }
        func seen(_ who: String, _ unit: UnitID) throws -> (Int, Bool) {
            var scope = Scope()
            scope.unit = unit
            let funnel = try scenario.state.funnel(scope, for: scenario.person(who))
            return (funnel.open, funnel.isComplete)
        }
        #expect(try seen("rep", SampleCompany.east) == (1, false))
        #expect(try seen("manager", SampleCompany.east) == (3, true))
        #expect(try seen("manager", SampleCompany.root) == (3, false))
        #expect(try seen("director", SampleCompany.sales) == (4, true))
        #expect(try seen("mentor", SampleCompany.east) == (1, false))
        #expect(try seen("executive", SampleCompany.root) == (4, true))
        #expect(throws: Rejection.notFound(noun: "unit", name: "u4")) {
            _ = try seen("rep", SampleCompany.west)
        }
        var foreign = Scope()
        foreign.owner = .login("westerner")
        #expect(throws: Rejection.notFound(noun: "person", name: "westerner")) {
            try scenario.state.funnel(foreign, for: scenario.person("rep"))
        }
    }

    @Test("A-1: filters take part of the deals away, and all filters together")
    func filters() throws {
        let scenario = try SampleCompany.scenario()
        try scenario.publish("method", stages([10, 50]))
        try scenario.given(
            "rep", CreateCustomer(name: "Ministry", fields: [.type: "government"]))
        try scenario.given(
            "rep", scenario.newDeal(customer: CustomerID(2), fields: [.product: "ads"]))
        try scenario.given("rep", scenario.newDeal(fields: [.product: "ads"]))
        try scenario.given("colleague", scenario.newDeal(customer: CustomerID(2)))
        func open(_ change: (inout Scope) -> Void) throws -> Int {
            var scope = Scope()
            change(&scope)
            return try scenario.state.funnel(
                scope, for: scenario.person("admin"), today: day("2026-11-22")
            ).open
        }
        #expect(try open { $0.customerType = "government" } == 2)
        #expect(try open { $0.fields = [.product: "ads"] } == 2)
        #expect(try open { $0.owner = .login("rep") } == 2)
        #expect(
            try open {
                $0.customerType = "government"
                $0.fields = [.product: "ads"]
                $0.owner = .login("rep")
            } == 1)
        #expect(try open { $0.period = day("2020-01-01")...day("2030-01-01") } == 0)
    }

    @Test("A-1: over several processes one must be named")
    func severalProcesses() throws {
        let scenario = try SampleCompany.scenario()
        try scenario.publish("one", stages([10, 50]))
        try scenario.publish("two", stages([10, 50]))
        try scenario.deal(process: "one")
        try scenario.deal(process: "two")
        #expect(throws: Rejection.severalProcesses(["one", "two"])) {
            try scenario.state.funnel(
                Scope(), for: scenario.person("admin"), today: day("2026-11-22"))
        }
        var scope = Scope()
        scope.process = .key("two")
        #expect(
            try scenario.state.funnel(
                scope, for: scenario.person("admin"), today: day("2026-11-22")
            ).open == 1)
        scope.process = .key("three")
        #expect(throws: Rejection.notFound(noun: "process", name: "three")) {
            try scenario.state.funnel(
                scope, for: scenario.person("admin"), today: day("2026-11-22"))
        }
    }

    @Test("A-1: an empty company and an unused process have a funnel too")
    func empty() throws {
        let scenario = try SampleCompany.scenario()
        #expect(
            try scenario.state.funnel(
                Scope(), for: scenario.person("admin"), today: day("2026-11-22")
            ).rows.isEmpty)
        try scenario.publish("method", stages([10, 50]))
        var scope = Scope()
        scope.process = .key("method")
        let funnel = try scenario.state.funnel(
            scope, for: scenario.person("admin"), today: day("2026-11-22"))
        #expect(funnel.rows.map(\.count) == [0, 0])
        #expect(funnel.rows.allSatisfy { $0.conversion == nil && !$0.isWeak })
    }

    @Test(
        "A-1, A-5: versions are merged by stage key, each deal by its own version's rate and order")
    func versions() throws {
        let scenario = try SampleCompany.scenario()
        try scenario.publish("method", linear(stage("a", 10), stage("old", 20), stage("z", 50)))
        let old = try scenario.deal(amount: "100")
        for _ in 0..<2 { try scenario.given("rep", advance(old)) }
        try scenario.given("rep", win(old))
        let halfway = try scenario.deal(amount: "100")
        try scenario.given("rep", advance(halfway))
        try scenario.publish("method", linear(stage("a", 30), stage("z", 90)))
        let new = try scenario.deal(amount: "100")
        try scenario.given("rep", advance(new))
        let funnel = try scenario.state.funnel(
            Scope(), for: scenario.person("admin"), today: day("2026-11-22"))
        #expect(funnel.version == 2)
        #expect(funnel.rows.map(\.key) == ["a", "z", "old"])
        #expect(funnel.rows.map(\.count) == [0, 1, 1])
        #expect(funnel.weighted == 9_000 + 2_000)
        // All three left 'a'; of two in 'z' one was won; of two in 'old' one went on.
        #expect(
            funnel.rows.map(\.conversion) == [
                Fraction(numerator: 3, denominator: 3), Fraction(numerator: 1, denominator: 2),
                Fraction(numerator: 1, denominator: 2),
            ])
    }

    @Test("A-5: a step counts the deals that entered both of its stages, by whatever way they went")
    func stepsLeftOut() throws {
        let scenario = try SampleCompany.scenario()
        let ways = [("x", "y"), ("x", "z"), ("y", "z"), ("z", "won")]
        try scenario.publish(
            "loose", flexible([stage("x", 9), stage("y", 9), stage("z", 9)], ways))
        for way in ["z", "z", "z", "y"] {
            let deal = try scenario.deal()
            try scenario.given("rep", advance(deal, to: way))
            if way == "y" { try scenario.given("rep", lose(deal)) }
        }
        for who in ["admin", "rep"] {
            let basis = scenario.state.basis(for: scenario.person(who))
            let rows = try basis.funnel(Scope()).rows
            #expect(rows.map(\.conversion?.percent) == ["25.0", "0.0", "0.0"])
            #expect(
                try basis.conversion(Scope()).rows.map(\.conversion?.percent)
                    == rows.map(\.conversion?.percent))
        }
        // One goes back for what it left out.
        try scenario.given(
            "admin", OverrideOpportunity(opportunity: OpportunityID(1), to: "y", reason: "skipped"))
        let rows = try scenario.state.basis(for: PersonID(1)).funnel(Scope()).rows
        #expect(rows.map(\.conversion?.percent) == ["50.0", "50.0", "0.0"])
    }

    @Test("D-36: unlike currencies are never added; the rest is listed by currency")
    func unlikeCurrencies() throws {
        let scenario = try SampleCompany.scenario()
        try scenario.publish("method", stages([50, 60]))
        for (text, code) in [
            ("10", "CNY"), ("3", "USD"), ("4", "USD"), ("7", "JPY"), ("0.001", "KWD"),
        ] {
            try scenario.deal(amount: text, in: code)
        }
        try scenario.given("rep", advance(OpportunityID(3)))
        try scenario.given("rep", lose(OpportunityID(5)))
        for viewer in ["admin", "rep"] {
            let funnel = try scenario.state.funnel(Scope(), for: scenario.person(viewer))
            #expect(funnel.amount == 1_000)
            #expect(funnel.unconverted.map(\.currency.code) == ["JPY", "USD"])
            #expect(funnel.unconverted.map(\.decimal) == ["7", "7.00"])
            #expect(funnel.unconverted.map(\.count) == [1, 2])
            let forecast = try scenario.state.forecast(
                Scope(), for: scenario.person(viewer), today: day("2027-01-01"))
            #expect(forecast.figures.amount == 500)
            #expect(forecast.unconverted == funnel.unconverted)
        }
    }

    @Test("D-36: the largest amounts are summed exactly, beyond 64 bits")
    func largest() throws {
        let most: Int64 = 99_999_999_999_999_999
        let (state, _) = try bulk([1_000, 500], rates: [33, 67], minorUnits: most)
        let funnel = try state.funnel(Scope(), for: PersonID(1))
        #expect(funnel.amount == Int128(most) * 1_000)
        let weighted = Int128(most) * 500 * (3_300 + 6_700)
        #expect(funnel.weighted == Decimal.rounded(weighted, by: 10_000))
    }

    @Test("D-36: a total is rounded once, not stage by stage")
    func roundedOnce() throws {
        let (state, _) = try bulk([2, 1], rates: [50, 50], minorUnits: 1)
        let funnel = try state.funnel(Scope(), for: PersonID(1))
        #expect(funnel.rows.map(\.weighted) == [1, 1])
        #expect(funnel.weighted == 1)
    }

    @Test("A-4: invalid deals are in no rate, won ones in every stage they entered")
    func invalidApart() throws {
        let scenario = try SampleCompany.scenario()
        try scenario.publish("method", stages([10, 50]))
        try fill(scenario, entered: [3, 3])
        try scenario.given("rep", win(OpportunityID(1)))
        try scenario.given("rep", invalidate(OpportunityID(2)))
        let rows = try scenario.state.funnel(
            Scope(), for: scenario.person("admin"), today: day("2026-11-22")
        ).rows
        #expect(rows.map(\.conversion?.denominator) == [2, 2])
        #expect(rows.map(\.conversion?.numerator) == [2, 1])
        let deal = scenario[OpportunityID(3)]
        #expect(scenario.state.guide(deal, now: scenario.now).realised?.percent == "50.0")
    }
}
