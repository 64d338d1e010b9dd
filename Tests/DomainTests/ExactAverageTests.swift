import Testing

@testable import PipelineDomain

/// D-36: sums are exact, and each figure is rounded once: no figure is worked out from a rounded one.
@Suite("Averages of exact sums")
struct ExactAverageTests {
    /// Half a fen for each cent, so that 2.01 USD are 100.5 fen.
    private func scenario() throws -> Scenario {
        let scenario = try SampleCompany.scenario()
        try scenario.publish("method", linear(stage("a", 50), stage("b", 50)))
        try scenario.given(
            "admin",
            SetRate(
                currency: currency("USD"), day: day("2026-01-01"),
                rate: try ExchangeRate("0.5".utf8)))
        return scenario
    }

    private func basis(_ scenario: Scenario) -> ReportBasis {
        scenario.state.basis(for: scenario.person("admin"), at: scenario.now)
    }

    @Test("A-7, A-13: an average is the exact sum divided, rounded once")
    func averages() throws {
        let scenario = try scenario()
        try scenario.deal(amount: "2.01", in: "USD")
        try scenario.deal(amount: "1.00")
        // 200.5 ÷ 2 is 100.25; of 201 it would be 100.5, which is told as 101.
        #expect(try basis(scenario).velocity(Scope()).total.averageAmount == 100)
        #expect(try basis(scenario).holes(Scope()).total.averageAmount == 100)
    }

    @Test("A-7: what is needed follows from the exact average")
    func holes() throws {
        let scenario = try scenario()
        try scenario.deal(amount: "2.01", in: "USD")
        try scenario.deal(amount: "1.00")
        try scenario.given(
            "admin",
            SetTarget(
                holder: .unit(SampleCompany.root), period: .quarter(of: day("2026-11-22")),
                goal: .amount(amount("1000"), nil), product: nil, region: nil, channel: nil))
        var scope = Scope()
        scope.period = day("2026-10-01")...day("2026-12-31")
        // 100 000 ÷ (100.25 × 50 %) is 1995.01…; by 201 ÷ 2 it would be 1991.
        #expect(try basis(scenario).holes(scope).total.rows.map(\.needed) == [1996, 1996])
    }

    @Test("A-13, A-15: velocity and the change of an amount follow from exact sums")
    func products() throws {
        let scenario = try scenario()
        func win(_ text: String, in code: String? = nil) throws {
            let deal = try scenario.deal(amount: text, in: code)
            try scenario.given("rep", advance(deal))
            scenario.pass(hours: 8)
            try scenario.given("rep", DomainTests.win(deal))
        }
        try win("0.01", in: "USD")
        scenario.pass(days: 2)
        try win("1.00")
        // From half a fen to a hundred; from 1 fen, rounded, it would be 9900 %.
        let effect = try basis(scenario).effect(
            .amount, Scope(), before: day("2026-11-22")...day("2026-11-22"),
            after: day("2026-11-25")...day("2026-11-25"))
        #expect(effect.change == "19900.00")
        #expect(effect.before?.rounded == 1 && effect.after?.rounded == 100)
        // Half a fen × 100 % ÷ a third of a day is 1.5, told as 2; of 1 fen it would be 3.
        try scenario.deal(amount: "0.01", in: "USD")
        #expect(try basis(scenario).velocity(Scope()).total.velocity == 2)
    }

    @Test("D-36: quotients of numbers that leave 128 bits on the way are exact where they can be")
    func large() {
        let huge = Int128(1) << 100
        #expect(Decimal.quotient([huge, huge, 7], by: [huge, huge, 2]) == 4)
        #expect(Decimal.quotientUp([huge, huge, 7], by: [huge, huge, 3]) == 3)
        #expect(Decimal.quotientUp([6], by: [3]) == 2)
        #expect(Decimal.quotient([-7], by: [2]) == -4)
    }
}
