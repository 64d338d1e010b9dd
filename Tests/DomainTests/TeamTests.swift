import Testing

@testable import PipelineDomain

struct TeamTests {
    private func company() throws -> (Scenario, OpportunityID) {
        let scenario = try SampleCompany.scenario()
        var visit = StageTask(key: "visit", name: "Visit")
        visit.role = "technical"
        let first = stage("a", 20) {
            $0.gate = askSuperior()
            $0.tasks = [visit, StageTask(key: "call", name: "Call")]
        }
        try scenario.publish("method", linear(first, stage("b", 50)))
        return (scenario, try scenario.deal())
    }

    private func add(_ deal: OpportunityID, _ who: String, _ role: String = "technical")
        -> ChangeTeam
    {
        ChangeTeam(opportunity: deal, wish: .add(.login(who), role: role))
    }

    private func remove(_ deal: OpportunityID, _ who: String) -> ChangeTeam {
        ChangeTeam(opportunity: deal, wish: .remove(.login(who)))
    }

    @Test("D-33, D-10: who joins the team is told and sees the deal; who leaves no longer does")
    func joinAndLeave() throws {
        let (scenario, deal) = try company()
        let outsider = scenario.person("westerner")
        #expect(!scenario.state.sees(outsider, scenario[deal]))
        try scenario.given("rep", add(deal, "westerner"))
        try scenario.given("rep", add(deal, "westerner", "adviser"))
        #expect(scenario.state.sees(outsider, scenario[deal]))
        #expect(scenario.told("westerner") == [.teamJoined, .teamJoined])
        #expect(scenario[deal].roles(of: outsider) == ["adviser", "technical"])
        try scenario.given("westerner", note(deal))
        try scenario.given("manager", remove(deal, "westerner"))
        #expect(scenario[deal].team.isEmpty)
        #expect(scenario.state.persons[outsider].teams.isEmpty)
        #expect(!scenario.state.sees(outsider, scenario[deal]))
    }

    @Test("D-6, D-32: a task is also marked by whoever fills its role, and by no other of the team")
    func tasks() throws {
        let (scenario, deal) = try company()
        let rep = scenario.person("rep")
        try scenario.given("rep", add(deal, "westerner"))
        try scenario.given("rep", add(deal, "colleague", "adviser"))
        try scenario.given("westerner", mark(deal, "visit"))
        for (who, task) in [
            ("westerner", "call"), ("colleague", "visit"), ("westerner", "none"),
        ] {
            scenario.expect(
                who, mark(deal, task),
                refusedAs: .notPermitted(
                    action: "mark tasks of \(deal)", who: "its owner \(rep) or somebody above"))
        }
    }

    @Test("D-25: the team may change while an approval is pending")
    func whilePending() throws {
        let (scenario, deal) = try company()
        _ = try scenario.submit(deal)
        try scenario.given("rep", add(deal, "westerner"))
        try scenario.given("rep", remove(deal, "westerner"))
    }

    @Test("D-30: adding whoever is there already changes nothing")
    func twice() throws {
        let (scenario, deal) = try company()
        try scenario.given("rep", add(deal, "westerner"))
        scenario.expect("rep", add(deal, "westerner"), gives: [])
    }
}
