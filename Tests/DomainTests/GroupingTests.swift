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
