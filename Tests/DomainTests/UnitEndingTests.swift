import Testing

@testable import PipelineDomain

@Suite("Units that end")
struct UnitEndingTests {
    private let west = SampleCompany.west
    private let east = SampleCompany.east
    private let sales = SampleCompany.sales

    private func merge(_ unit: UnitID, into target: UnitID, dropping: String...) -> MergeUnit {
        MergeUnit(unit: unit, into: target, dropping: dropping.map { .key($0) })
    }

    private func naming(_ unit: UnitID, types: [String] = []) -> ProcessDefinition {
        var definition = linear(stage("a", 50))
        definition.appliesTo.units = [unit]
        definition.appliesTo.customerTypes = types
        return definition
    }

    @Test("D-29: people, units and open deals of a merged unit follow in one event")
    func follow() throws {
        let scenario = try SampleCompany.scenario()
        try scenario.given(
            "admin", CreateUnit(name: "Far West", parent: west, kind: .team, head: nil))
        try scenario.publish("plain", linear(stage("a", 50)))
        let open = try scenario.deal(by: "westerner", amount: "10")
        let closed = try scenario.deal(by: "westerner", amount: "20")
        try scenario.given("westerner", win(closed))
        scenario.expect(
            "admin", merge(west, into: east),
            gives: [.unit(west, .merged(Merger(into: east, dropping: [])))])
        let state = scenario.state
        #expect(state.units[west].isActive == false)
        #expect(state.units[west].members.isEmpty)
        #expect(state.units[west].head == nil)
        #expect(state.persons[scenario.person("westerner")].unit == east)
        #expect(state.units[UnitID(5)].parent == east)
        #expect(scenario[open].unit == east)
        #expect(scenario[closed].unit == west)
        #expect(state.superior(of: scenario.person("westerner")) == scenario.person("manager"))
    }

    @Test("D-29, E-5: sums follow; the target's subtree counts what the merged unit closed")
    func sums() throws {
        let scenario = try SampleCompany.scenario()
        try scenario.publish("plain", linear(stage("a", 50)))
        try scenario.deal(by: "westerner", amount: "10")
        let closed = try scenario.deal(by: "westerner", amount: "20")
        try scenario.given("westerner", win(closed))
        try scenario.deal(by: "rep", amount: "40")
        let version = try #require(scenario.state.processes[ProcessID(1)].current)
        let before = scenario.state.units[SampleCompany.root].sums
        try scenario.given("admin", merge(west, into: east))
        let state = scenario.state
        #expect(state.units[SampleCompany.root].sums == before)
        #expect(state.units[sales].sums == before)
        let east = try #require(state.units[east].sums[version]?.first)
        #expect(east.open == 2)
        #expect(east.entered == 3)
        #expect(east.won == 1)
        #expect(east.amounts.map(\.minorUnits) == [5_000])
        let west = try #require(state.units[west].sums[version]?.first)
        #expect(west.open == 0)
        #expect(west.won == 1)
    }

    @Test("D-29: a process that named the merged unit stands for the other one")
    func processes() throws {
        let scenario = try SampleCompany.scenario()
        try scenario.publish("general", linear(stage("a", 50)))
        try scenario.publish("western", naming(west))
        try scenario.given("admin", merge(west, into: east))
        let deal = try scenario.deal(by: "rep")
        #expect(scenario[deal].version.key == "western")
    }

    @Test("D-29, D-1: two processes that would fit equally well are named, until one is dropped")
    func conflict() throws {
        let scenario = try SampleCompany.scenario()
        try scenario.publish("western", naming(west))
        try scenario.publish("eastern", naming(east))
        scenario.expect(
            "admin", merge(west, into: east),
            refusedAs: .processConflict(east, pairs: [["eastern", "western"]]))
        try scenario.given("admin", merge(west, into: east, dropping: "western"))
        let deal = try scenario.deal(by: "westerner")
        #expect(scenario[deal].version.key == "eastern")
    }

    @Test(
        "D-1, D-29: different customer types never meet; one that is open to all meets none with a list",
        arguments: [(["a"], ["b"], false), (["a"], [], false), (["A"], ["a", "b"], true)])
    func lists(western: [String], eastern: [String], isConflict: Bool) throws {
        let scenario = try SampleCompany.scenario()
        try scenario.publish("western", naming(west, types: western))
        try scenario.publish("eastern", naming(east, types: eastern))
        #expect((scenario.refusal("admin", merge(west, into: east)) != nil) == isConflict)
    }

    @Test("D-29: merging is refused in order")
    func refusals() throws {
        let scenario = try SampleCompany.scenario()
        scenario.expect(
            "rep", merge(west, into: UnitID(9)),
            refusedAs: .notFound(noun: "unit", name: "u9"))
        scenario.expect(
            "rep", merge(west, into: east),
            refusedAs: .notPermitted(action: "merge units", who: "an admin"))
        scenario.expect(
            "admin", merge(west, into: east),
            refusedAs: .stale(name: "u4", current: 2, changedBy: scenario.person("admin")),
            seeing: 7)
        scenario.expect(
            "admin", merge(sales, into: west),
            refusedAs: .cycle(what: "unit u2 would go into itself or below", name: "u4"))
        scenario.expect(
            "admin", merge(west, into: west),
            refusedAs: .cycle(what: "unit u4 would go into itself or below", name: "u4"))
        try scenario.publish("eastern", naming(east))
        scenario.expect(
            "admin", merge(west, into: east, dropping: "eastern"),
            refusedAs: .invalid("DROP", "'eastern' does not name u4"))
        try scenario.given("admin", merge(west, into: east))
        scenario.expect(
            "admin", merge(west, into: east),
            refusedAs: .inactiveUnit(west, mergedInto: east))
    }

    @Test("D-29: a unit with people or units in it is not deactivated, and they are named")
    func inUse() throws {
        let scenario = try SampleCompany.scenario()
        scenario.expect(
            "admin", DeactivateUnit(unit: sales),
            refusedAs: .unitInUse(
                sales, people: [scenario.person("director")], units: [east, west]))
        scenario.expect(
            "rep", DeactivateUnit(unit: sales),
            refusedAs: .notPermitted(action: "deactivate units", who: "an admin"))
    }

    @Test("D-29: nobody and nothing comes into a unit that is not active")
    func inactive() throws {
        let scenario = try SampleCompany.scenario()
        try scenario.given(
            "admin", CreateUnit(name: "Old", parent: nil, kind: .team, head: nil))
        let old = UnitID(5)
        scenario.expect(
            "admin", DeactivateUnit(unit: old), gives: [.unit(old, .deactivated)])
        let refusal = Rejection.inactiveUnit(old, mergedInto: nil)
        scenario.expect("admin", DeactivateUnit(unit: old), refusedAs: refusal)
        scenario.expect(
            "admin", CreateUnit(name: "New", parent: old, kind: nil, head: nil),
            refusedAs: refusal)
        scenario.expect("admin", SampleCompany.hire("new", old), refusedAs: refusal)
        scenario.expect("admin", change("rep", unit: old), refusedAs: refusal)
        scenario.expect("admin", move(west, under: old), refusedAs: refusal)
        scenario.expect("admin", move(old, under: west), refusedAs: refusal)
        scenario.expect("admin", SampleCompany.setHead(of: old, to: "rep"), refusedAs: refusal)
        scenario.expect("admin", merge(west, into: old), refusedAs: refusal)
        scenario.expect(
            "admin", DeactivateUnit(unit: SampleCompany.root),
            refusedAs: .unitInUse(
                SampleCompany.root,
                people: ["admin", "executive", "mentor"].map(scenario.person), units: [sales]))
    }
}
