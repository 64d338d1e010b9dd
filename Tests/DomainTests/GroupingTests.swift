import Testing

@testable import PipelineDomain

@Suite("Rows of what deals have in common")
struct GroupingTests {
    private func basis(_ scenario: Scenario) -> ReportBasis {
        scenario.state.basis(for: scenario.person("admin"), at: scenario.now)
    }

    @Test("A-1, A-2, A-13: versions are merged by stage key, in the newest one's place and name")
    func stagesOfVersions() throws {
        let scenario = try SampleCompany.scenario()
        for stages in [["a", "x", "b"], ["a", "n", "x", "b"]] {
            try scenario.publish(
                "method", ProcessDefinition(name: "M", stages: stages.map { stage($0, 50) }))
            let deal = try scenario.deal(amount: "10")
            while scenario[deal].currentStage.key != "x" {
                try scenario.given("rep", advance(deal))
            }
        }
        // The present version knows the stage no more.
        try scenario.publish("method", linear(stage("a", 50), stage("b", 50)))
        try scenario.deal(amount: "10")
        let basis = basis(scenario)
        let keys = [
            try basis.funnelRows(Scope(), by: .stage).map(\.key),
            try basis.forecast(Scope(), by: .stage).rows.map(\.key),
            try basis.velocity(Scope(), by: .stage).rows.map(\.key),
        ]
        for keys in keys {
            #expect(keys.map(\.text) == ["a", "x"])
            #expect(keys.map(\.name) == ["A", "X"])
        }
        #expect(try basis.funnelRows(Scope(), by: .stage).map(\.count) == [1, 2])
    }

    @Test("A-7, A-10: a row without a key holds the deals that lack it, and no target")
    func withoutKey() throws {
        let scenario = try SampleCompany.scenario()
        try scenario.publish("method", linear(stage("a", 50)))
        try scenario.given(
            "admin",
            SetTarget(
                holder: .unit(SampleCompany.root), period: .quarter(of: day("2026-11-22")),
                goal: .amount(amount("1000"), nil), product: nil, region: nil, channel: nil))
        for (text, product) in [("5", "screen"), ("7", nil), ("9", nil)] as [(String, String?)] {
            try scenario.given(
                "rep", scenario.newDeal(amount: text, fields: product.map { [.product: $0] } ?? [:])
            )
        }
        for number in [1, 2] as [UInt32] {
            try scenario.given(
                "rep", update(OpportunityID(number), close: .some(day("2026-12-01"))))
        }
        try scenario.given("rep", win(OpportunityID(3)))
        for viewer in ["admin", "rep"] {
            let basis = scenario.state.basis(for: scenario.person(viewer), at: scenario.now)
            var scope = Scope()
            scope.period = day("2026-10-01")...day("2026-12-31")
            for grouping in [Grouping.product, .region, .customerType] {
                let report = try basis.attainment(scope, by: grouping)
                let isByProduct = grouping == .product
                #expect(report.rows.map(\.key.text) == (isByProduct ? ["screen", nil] : [nil]))
                let last = try #require(report.rows.last?.figures)
                #expect(last.weighted == (isByProduct ? 350 : 600) && last.won == 900)
                #expect(last.target == nil)
                #expect(report.rows.map(\.figures.weighted).reduce(0, +) == report.total.weighted)
                #expect(report.isComplete)
            }
            let holes = try basis.holes(scope, by: .product)
            #expect(holes.groups.map(\.key.text) == ["screen", nil])
            #expect(holes.groups.map { $0.figures.rows.map(\.count) } == [[1], [1]])
            #expect(holes.groups.map(\.figures.won) == [0, 900])
            #expect(holes.groups.last?.figures.target == nil)
        }
    }

    @Test("A-7, A-10: more months than a list has rows are refused, not cut")
    func longPeriods() throws {
        let scenario = try SampleCompany.scenario()
        var scope = Scope()
        scope.period = day("1900-01-01")...day("9999-12-31")
        let refused = Rejection.invalid([
            .init("PERIOD", "holds more than 1000 rows BY month; take a shorter one")
        ])
        #expect(throws: refused) { try basis(scenario).attainment(scope, by: .month) }
        #expect(throws: refused) { try basis(scenario).holes(scope, by: .month) }
        scope.period = day("1900-01-01")...day("1983-04-30")
        #expect(try basis(scenario).attainment(scope, by: .month).rows.count == 1000)
    }

    @Test("A-2: stages of two processes are two, whatever they are called")
    func stagesOfProcesses() throws {
        let scenario = try SampleCompany.scenario()
        for process in ["one", "two"] {
            try scenario.publish(process, linear(stage("a", 50), stage("b", 50)))
            try scenario.deal(amount: "10", process: process)
        }
        try scenario.given("rep", advance(OpportunityID(1)))
        try scenario.deal(amount: "5", process: "one")
        let rows = try basis(scenario).forecast(Scope(), by: .stage).rows
        #expect(rows.map(\.key.text) == ["a", "b", "a"])
        #expect(rows.map(\.figures.amount) == [250, 500, 500])
    }
}
