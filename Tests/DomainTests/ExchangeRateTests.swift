import Testing

@testable import PipelineDomain

@Suite("Exchange rates")
struct ExchangeRateTests {
    private static func rate(_ text: String) -> ExchangeRate {
        do {
            return try ExchangeRate(text.utf8)
        } catch {
            preconditionFailure("\(text): \(error)")
        }
    }

    private static func set(_ code: String, _ date: String, _ text: String) -> SetRate {
        SetRate(currency: currency(code), day: day(date), rate: rate(text))
    }

    @Test(
        "D-36: a rate is an exact decimal in its shortest form",
        arguments: [
            ("7.25", "7.25"), ("7", "7"), ("0.00000001", "0.00000001"), ("10.50000000", "10.5"),
            ("9999999.99999999", "9999999.99999999"), ("007.2", "7.2"),
        ])
    func written(text: String, shortest: String) {
        #expect(Self.rate(text).decimal == shortest)
    }

    @Test(
        "D-36: what is no rate",
        arguments: [
            ("", RateProblem.malformed), (".5", .malformed), ("5.", .malformed), ("-1", .malformed),
            ("1e3", .malformed), ("1,5", .malformed), ("0", .zero), ("0.00000000", .zero),
            ("10000000", .tooLarge), ("1.123456789", .tooPrecise),
        ])
    func refused(text: String, problem: RateProblem) {
        #expect(throws: problem) { try ExchangeRate(text.utf8) }
    }

    @Test("D-36: sums are exact and rounded once, half up")
    func roundedOnce() {
        let conversion = Conversion(Self.rate("0.335"), from: currency("USD"), to: cny)
        var sum = ExactSum()
        for _ in 0..<3 { sum.add(1, conversion, basisPoints: 5_000) }
        // Three times 0.1675 is 0.5025; each by itself would be 0.
        #expect(sum.rounded == 1)
        sum.add(-1, conversion, basisPoints: 5_000)
        #expect(sum.rounded == 0)
        var tie = ExactSum()
        tie.add(1, Conversion(Self.rate("0.5"), from: cny, to: cny))
        #expect(tie.rounded == 1)
        var negative = ExactSum()
        negative.add(-1, Conversion(Self.rate("0.5"), from: cny, to: cny))
        #expect(negative.rounded == -1)
    }

    @Test(
        "D-36: exponents of both currencies count",
        arguments: [("JPY", "KWD", 2_000), ("KWD", "JPY", 2), ("USD", "CNY", 2_000)])
    func exponents(from: String, to: String, expected: Int128) {
        var sum = ExactSum()
        let minor: Int128 = from == "JPY" ? 1 : 1_000
        sum.add(minor, Conversion(Self.rate("2"), from: currency(from), to: currency(to)))
        #expect(sum.rounded == expected)
    }

    @Test("D-36: four thousand million largest deals at the highest rate do not overflow")
    func bounds() {
        let deals: Int128 = 4_294_967_295
        let largest: Int128 = 1_000_000_000_000_000 * 100
        let conversion = Conversion(
            Self.rate("9999999.99999999"), from: currency("USD"), to: currency("KWD"))
        var sum = ExactSum()
        sum.add(deals * largest, conversion)
        let minor: Int128 = 10_000_000_000
        // 10^17 cents, ten thousandths to the cent, over 10^8: times the rate in hundred-millionths.
        let factor: Int128 = 999_999_999_999_999
        #expect(sum.rounded == deals * (minor * factor))
    }

    @Test("D-36: the rate of a day is the last one set for it or before")
    func dated() throws {
        let scenario = try SampleCompany.scenario()
        try scenario.given("admin", Self.set("USD", "2026-12-01", "7.5"))
        try scenario.given("admin", Self.set("USD", "2026-11-01", "7"))
        #expect(scenario.state.rate(of: currency("USD"), on: day("2026-10-31")) == nil)
        #expect(scenario.state.rate(of: currency("USD"), on: day("2026-11-30"))?.decimal == "7")
        #expect(scenario.state.rate(of: currency("USD"), on: day("2026-12-01"))?.decimal == "7.5")
        #expect(scenario.state.revision(of: .currency(currency("USD"))) == 2)
    }

    @Test("D-36: a second rate for the same day corrects the first and says from what to what")
    func corrected() throws {
        let scenario = try SampleCompany.scenario()
        try scenario.given("admin", Self.set("USD", "2026-11-01", "7"))
        scenario.expect(
            "admin", Self.set("USD", "2026-11-01", "7.1"),
            gives: [
                .company(
                    .rateSet(
                        currency("USD"), from: day("2026-11-01"),
                        Change(from: Self.rate("7"), to: Self.rate("7.1"))))
            ])
        scenario.expect("admin", Self.set("USD", "2026-11-01", "7.1"), gives: [])
    }

    @Test("D-32, D-30, D-36: RATE.SET is refused in order")
    func refusals() throws {
        let scenario = try SampleCompany.scenario()
        try scenario.given("admin", Self.set("USD", "2026-11-01", "7"))
        scenario.expect(
            "rep", Self.set("CNY", "2026-11-01", "7"),
            refusedAs: .notPermitted(action: "set rates", who: "an admin"))
        scenario.expect(
            "admin", Self.set("USD", "2026-11-02", "7"),
            refusedAs: .stale(name: "USD", current: 1, changedBy: scenario.person("admin")),
            seeing: 9)
        scenario.expect(
            "admin", Self.set("CNY", "2026-11-01", "7"),
            refusedAs: .invalid("code", "CNY is the company's own currency, which is 1"))
    }

    @Test("D-36: open deals are converted at the day's rate; without one they are listed apart")
    func funnel() throws {
        let scenario = try SampleCompany.scenario()
        try scenario.publish("plain", linear(stage("a", 50), stage("b", 60)))
        try scenario.deal(amount: "100")
        try scenario.deal(amount: "0.01", in: "USD")
        try scenario.deal(amount: "5", in: "EUR")
        try scenario.given("admin", Self.set("USD", "2026-12-01", "7.5"))
        let admin = scenario.person("admin")
        let before = try scenario.state.funnel(Scope(), for: admin, today: day("2026-11-30"))
        #expect(before.amount == 10_000)
        #expect(before.unconverted.map(\.currency.code) == ["EUR", "USD"])
        let after = try scenario.state.funnel(Scope(), for: admin, today: day("2026-12-01"))
        #expect(after.amount == 10_008)
        #expect(after.weighted == 5_004)
        #expect(after.unconverted.map(\.currency.code) == ["EUR"])
        let forecast = try scenario.state.forecast(Scope(), for: admin, today: day("2026-12-01"))
        #expect(forecast.figures.amount == 5_004)
        #expect(forecast.unconverted.map(\.decimal) == ["5.00"])
    }

    @Test("D-36: closing freezes the rate of the day")
    func frozen() throws {
        let scenario = try SampleCompany.scenario()
        try scenario.publish("plain", linear(stage("a", 50)))
        let lost = try scenario.deal(amount: "10", in: "USD")
        let invalid = try scenario.deal(amount: "10", in: "USD")
        let won = try scenario.deal(amount: "10", in: "USD")
        let own = try scenario.deal(amount: "10")
        try scenario.given("admin", Self.set("USD", "2026-11-01", "7"))
        try scenario.given("rep", lose(lost))
        try scenario.given("rep", invalidate(invalid))
        try scenario.given("rep", win(won))
        try scenario.given("rep", win(own))
        try scenario.given("admin", Self.set("USD", "2026-11-01", "8"))
        for deal in [lost, invalid, won] {
            #expect(scenario[deal].closing?.rate?.decimal == "7")
            let amount = scenario.state.convertedAmount(
                of: scenario[deal], on: day("2027-01-01"))
            #expect(amount?.rounded == 7_000)
        }
        #expect(scenario[own].closing?.rate == nil)
        #expect(
            scenario.state.convertedAmount(of: scenario[own], on: day("2027-01-01"))?.rounded
                == 1_000)
    }

    @Test("D-36: a deal closed without a rate stays unconverted, whatever rate comes later")
    func neverOne() throws {
        let scenario = try SampleCompany.scenario()
        try scenario.publish("plain", linear(stage("a", 50)))
        let deal = try scenario.deal(amount: "10", in: "USD")
        try scenario.given("rep", lose(deal))
        try scenario.given("admin", Self.set("USD", "2026-11-01", "8"))
        #expect(scenario.state.convertedAmount(of: scenario[deal], on: day("2027-01-01")) == nil)
    }

    @Test(
        "D-18, D-23: approval levels are counted at the rate of the day of submission",
        arguments: [("USD", "7.14", 1), ("USD", "7.15", 2), ("EUR", nil, 2)])
    func levels(code: String, text: String?, expected: Int) throws {
        let scenario = try SampleCompany.scenario()
        let gate = askSuperior {
            $0.levels = [
                .init(fromMinorUnits: 0, count: 1), .init(fromMinorUnits: 50_000_000, count: 2),
            ]
        }
        try scenario.publish("gated", linear(stage("a", 50) { $0.gate = gate }, stage("b", 60)))
        if let text { try scenario.given("admin", Self.set(code, "2026-11-01", text)) }
        let deal = try scenario.deal(amount: "70000", in: code)
        let approval = try scenario.submit(deal)
        #expect(scenario[approval].approvers.count == expected)
    }
}
