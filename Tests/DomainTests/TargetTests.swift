import Testing

@testable import PipelineDomain

@Suite("Targets")
struct TargetTests {
    private func set(
        _ holder: HolderReference, _ period: String, _ text: String, product: String? = nil,
        region: String? = nil, in code: String? = nil
    ) -> SetTarget {
        SetTarget(
            holder: holder, period: CalendarPeriod(period.utf8) ?? .month(of: day("2026-11-22")),
            goal: .amount(amount(text), code.map(currency)), product: product, region: region,
            channel: nil)
    }

    private let east = HolderReference.unit(SampleCompany.east)
    private let sales = HolderReference.unit(SampleCompany.sales)

    private func tree(
        _ scenario: Scenario, _ who: String, _ top: HolderReference? = nil, _ period: String? = nil
    ) throws -> [TargetRow] {
        try wholeTree(scenario, who, top, period).rows
    }

    private func wholeTree(
        _ scenario: Scenario, _ who: String, _ top: HolderReference? = nil, _ period: String? = nil
    ) throws -> TargetTree {
        try scenario.state.basis(for: scenario.person(who)).targetTree(
            top, period: period.flatMap { CalendarPeriod($0.utf8) })
    }

    @Test("A-12: periods: years, quarters and months, and what they are made of")
    func periods() {
        let texts = ["2026", "2026Q4", "2026q1", "2026-11", "2026-02"]
        #expect(
            texts.compactMap { CalendarPeriod($0.utf8)?.text } == [
                "2026", "2026Q4", "2026Q1", "2026-11", "2026-02",
            ])
        for text in ["", "26", "2026Q5", "2026Q0", "2026-13", "2026-1", "2026Q", "20x6", "9999"] {
            #expect(CalendarPeriod(text.utf8) == nil, "\(text)")
        }
        #expect(CalendarPeriod("2028-02".utf8)?.days == day("2028-02-01")...day("2028-02-29"))
        #expect(CalendarPeriod("2026Q4".utf8)?.days == day("2026-10-01")...day("2026-12-31"))
        #expect(CalendarPeriod("2026Q4".utf8)?.following.text == "2027Q1")
        #expect(CalendarPeriod("2026".utf8)?.parts.map(\.text).last == "2026Q4")
        #expect(
            CalendarPeriod("2026Q4".utf8)?.parts.map(\.text) == ["2026-10", "2026-11", "2026-12"])
        #expect(CalendarPeriod.quarter(of: day("2026-12-31")).text == "2026Q4")
    }

    @Test("D-32: everyone above the holder sets a target, and admins; not the holder")
    func rights() throws {
        let scenario = try SampleCompany.scenario()
        let rep = HolderReference.person(.login("rep"))
        for who in ["manager", "director", "admin"] {
            #expect(scenario.refusal(who, set(rep, "2026", "5")) == nil)
        }
        let refused = Rejection.notPermitted(
            action: "set targets of \(scenario.person("rep"))",
            who: "somebody above the holder, or an admin")
        for who in ["rep", "colleague", "neighbour", "executive", "westerner"] {
            scenario.expect(who, set(rep, "2026", "5"), refusedAs: refused)
        }
        #expect(scenario.refusal("director", set(east, "2026", "5")) == nil)
        #expect(scenario.refusal("manager", set(east, "2026", "5")) != nil)
        #expect(scenario.refusal("director", set(sales, "2026", "5")) != nil)
        #expect(scenario.refusal("admin", set(sales, "2026", "5")) == nil)
        scenario.expect(
            "admin", set(.unit(UnitID(99)), "2026", "5"),
            refusedAs: .notFound(noun: "unit", name: "u99"))
        scenario.expect(
            "admin", set(.person(.login("nobody")), "2026", "5"),
            refusedAs: .notFound(noun: "person", name: "nobody"))
        scenario.expect(
            "admin", set(east, "2026", "0.001"),
            refusedAs: .invalid([.init("AMOUNT", "CNY has 2 decimals")]))
    }

    @Test("A-12: a second one for the same corrects the first; the same again changes nothing")
    func correction() throws {
        let scenario = try SampleCompany.scenario()
        try scenario.given("admin", set(east, "2026Q4", "100"))
        let key = TargetKey(
            holder: .unit(SampleCompany.east), period: .quarter(of: day("2026-11-22")))
        scenario.expect(
            "director", set(east, "2026Q4", "150"),
            gives: [
                .target(
                    TargetID(1),
                    .set(key, Change(from: .amount(money("100")), to: .amount(money("150")))))
            ])
        scenario.expect("director", set(east, "2026Q4", "150"), gives: [])
        try scenario.given("admin", set(east, "2026Q4", "7", product: "挖掘机"))
        #expect(scenario.state.targets.count == 2)
        #expect(scenario.state.targets[TargetID(1)].revision.number == 2)
        scenario.expect(
            "director", set(east, "2026Q4", "1"),
            refusedAs: .stale(name: "t1", current: 2, changedBy: scenario.person("director")),
            seeing: 1)
    }

    @Test("A-12: children must sum to the parent, or the gap is shown")
    func tree() throws {
        let scenario = try SampleCompany.scenario()
        try scenario.given("admin", set(sales, "2026", "1000"))
        try scenario.given("admin", set(sales, "2026Q1", "300"))
        try scenario.given("admin", set(sales, "2026Q2", "200.50"))
        try scenario.given("admin", set(east, "2026", "700"))
        try scenario.given("admin", set(.person(.login("rep")), "2026", "400"))
        // The west has no target of its own: its people's stand for it.
        try scenario.given("admin", set(.person(.login("westerner")), "2026", "350"))
        try scenario.given("admin", set(sales, "2026", "600", product: "挖掘机"))
        try scenario.given("admin", set(sales, "2026", "400", product: "起重机"))
        try scenario.given("admin", set(sales, "2026", "999", region: "华东"))
        let rows = try tree(scenario, "admin", nil, "2026")
        let top = try #require(rows.first)
        #expect(top.target.key.holder == .unit(SampleCompany.sales))
        #expect(top.parts.map(\.by) == ["holder", "period", "product", "region"])
        #expect(top.parts.map(\.sum) == [105_000, 50_050, 100_000, 99_900])
        #expect(top.parts.map(\.gap) == [-5_000, 49_950, 0, 100])
        let eastern = try #require(rows.first { $0.target.key.holder == .unit(SampleCompany.east) })
        #expect(eastern.parts.map(\.by) == ["holder"])
        #expect(eastern.parts.map(\.gap) == [30_000])
        #expect(try tree(scenario, "admin", sales, "2026Q1").count == 1)
        #expect(try tree(scenario, "admin", east).count == 2)
    }

    @Test("A-12: a year broken down in part into months shows the gap that is left")
    func partsOfYears() throws {
        let scenario = try SampleCompany.scenario()
        try scenario.given("admin", set(sales, "2026", "1200"))
        for month in 1...11 {
            let text = month < 10 ? "0\(month)" : "\(month)"
            try scenario.given("admin", set(sales, "2026-\(text)", "100"))
        }
        try scenario.given("admin", set(east, "2026", "1200"))
        for month in ["2026-02", "2026-08"] { try scenario.given("admin", set(east, month, "700")) }
        // Where a quarter has a target of its own, its months are not looked at.
        try scenario.given("admin", set(east, "2026Q1", "100"))
        let rows = try tree(scenario, "admin", nil, "2026")
        func parts(_ unit: UnitID) throws -> TargetRow.Parts? {
            let row = try #require(rows.first { $0.target.key.holder == .unit(unit) })
            return row.parts.first { $0.by == "period" }
        }
        let whole = try #require(try parts(SampleCompany.sales))
        #expect(whole.sum == 110_000 && whole.gap == 10_000)
        let eastern = try #require(try parts(SampleCompany.east))
        #expect(eastern.sum == 80_000 && eastern.gap == 40_000)
        // What is set in part is no target of the whole.
        let book = TargetBook(state: scenario.state, today: day("2026-11-22"))
        let key = TargetKey(
            holder: .unit(SampleCompany.sales), period: .month(of: day("2026-01-01")))
        #expect(book.value(key, over: day("2026-10-01")...day("2026-12-31")) == nil)
    }

    @Test("D-32, D-34: one sees one's own and those below; another's are as absent")
    func visibility() throws {
        let scenario = try SampleCompany.scenario()
        for holder in [sales, east, .unit(SampleCompany.west), .person(.login("rep"))] {
            try scenario.given("admin", set(holder, "2026", "10"))
        }
        #expect(try tree(scenario, "executive").count == 4)
        #expect(try tree(scenario, "director").count == 4)
        #expect(
            try tree(scenario, "manager").map(\.target.key.holder) == [
                .unit(SampleCompany.east), .person(scenario.person("rep")),
            ])
        #expect(try tree(scenario, "rep").map(\.name) == ["Rep"])
        #expect(try !wholeTree(scenario, "manager").isComplete)
        #expect(try wholeTree(scenario, "manager", east).isComplete)
        #expect(try tree(scenario, "westerner").isEmpty)
        #expect(throws: Rejection.notFound(noun: "unit", name: "u4")) {
            try tree(scenario, "manager", .unit(SampleCompany.west))
        }
        #expect(throws: Rejection.notFound(noun: "unit", name: "u99")) {
            try tree(scenario, "manager", .unit(UnitID(99)))
        }
        #expect(throws: Rejection.notFound(noun: "person", name: "rep")) {
            try tree(scenario, "colleague", .person(.login("rep")))
        }
    }

    @Test("A-12, D-36: targets in several currencies are told in the company's")
    func currencies() throws {
        let scenario = try SampleCompany.scenario()
        try scenario.given("admin", set(east, "2026", "100", in: "USD"))
        #expect(try tree(scenario, "admin").map(\.value) == [nil])
        // That there is one is said wherever it would be held against something.
        let missing = [CurrencySum(of: Money(minorUnits: 10_000, currency: currency("USD")))]
            .map(\.decimal)
        #expect(try wholeTree(scenario, "admin").unconverted.map(\.decimal) == missing)
        var scope = Scope()
        scope.unit = SampleCompany.east
        scope.period = day("2026-01-01")...day("2026-12-31")
        let basis = scenario.state.basis(for: scenario.person("admin"))
        let attainment = try basis.attainment(scope).total
        #expect(attainment.target == nil)
        #expect(attainment.unconvertedTarget.map(\.decimal) == missing)
        #expect(try basis.forecast(scope).unconvertedTarget.map(\.decimal) == missing)
        #expect(try basis.holes(scope).total.unconvertedTarget.map(\.decimal) == missing)
        scope.period = day("2026-01-01")...day("2026-06-30")
        #expect(try basis.attainment(scope).total.unconvertedTarget.isEmpty)
        try scenario.given(
            "admin",
            SetRate(
                currency: currency("USD"), day: day("2026-01-01"),
                rate: try ExchangeRate("7.25".utf8)))
        #expect(try tree(scenario, "admin").map(\.value) == [72_500])
    }

    @Test("A-12: the target of a span is put together from years, quarters and months")
    func spans() throws {
        let scenario = try SampleCompany.scenario()
        for (period, text) in [
            ("2026Q1", "300"), ("2026-04", "50"), ("2026-05", "60"), ("2026-06", "70"),
            ("2027", "2000"),
        ] {
            try scenario.given("admin", set(east, period, text))
        }
        let book = TargetBook(state: scenario.state, today: day("2026-11-22"))
        let key = TargetKey(
            holder: .unit(SampleCompany.east), period: .month(of: day("2026-01-01")))
        func value(_ from: String, _ to: String) -> Int128? {
            book.value(key, over: day(from)...day(to))
        }
        #expect(value("2026-01-01", "2026-03-31") == 30_000)
        #expect(value("2026-04-01", "2026-06-30") == 18_000)
        #expect(value("2026-01-01", "2026-05-31") == 41_000)
        #expect(value("2027-01-01", "2027-12-31") == 200_000)
        #expect(value("2026-01-01", "2026-12-31") == nil)
        #expect(value("2026-01-02", "2026-03-31") == nil)
        #expect(value("2026-01-01", "2026-03-30") == nil)
    }
}
