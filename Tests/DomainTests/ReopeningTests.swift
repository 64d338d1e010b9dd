import Testing

@testable import PipelineDomain

struct ReopeningTests {
    private func reopen(_ deal: OpportunityID, at stage: String? = nil) -> ReopenOpportunity {
        ReopenOpportunity(opportunity: deal, reason: "came back", stage: stage)
    }

    private func plain() throws -> (Scenario, OpportunityID) {
        let scenario = try SampleCompany.scenario()
        try scenario.publish("method", linear(stage("a", 20), stage("b", 50)))
        let deal = try scenario.deal(amount: "100")
        try scenario.given("rep", advance(deal))
        return (scenario, deal)
    }

    @Test("D-15: a lost deal goes on where it closed; closed time is left out of dwell")
    func lost() throws {
        let (scenario, deal) = try plain()
        scenario.pass(days: 2)
        try scenario.given("rep", lose(deal))
        scenario.pass(days: 10)
        #expect(scenario[deal].dwellDays(at: scenario.now) == 2)
        try scenario.given("manager", reopen(deal))
        #expect(scenario[deal].outcome == .open)
        #expect(scenario[deal].closing == nil && scenario[deal].closedAt == nil)
        #expect(scenario[deal].currentStage.key == "b")
        scenario.pass(days: 3)
        #expect(scenario[deal].dwellDays(at: scenario.now) == 5)
        try scenario.given("rep", lose(deal))
        scenario.pass(days: 7)
        try scenario.given("manager", reopen(deal, at: "a"))
        #expect(scenario[deal].currentStage.key == "a")
        #expect(scenario[deal].dwellDays(at: scenario.now) == 0)
        let reopened = Event.opportunity(
            deal,
            .reopened(from: .lost, Reopening(stage: "a", reason: "came back"), approval: nil))
        #expect(scenario.records(of: deal).last?.event == reopened)
    }

    @Test("D-15, E-5: an open deal counts again, in its owner's unit of now (D-10)")
    func sums() throws {
        let (scenario, deal) = try plain()
        try scenario.given("rep", lose(deal))
        try scenario.given("admin", change("rep", unit: SampleCompany.west))
        #expect(scenario[deal].unit == SampleCompany.east)
        try scenario.given("neighbour", reopen(deal))
        #expect(scenario[deal].unit == SampleCompany.west)
        let version = scenario[deal].version.id
        let east = scenario.state.units[SampleCompany.east].sums[version]?[1]
        let west = scenario.state.units[SampleCompany.west].sums[version]?[1]
        #expect(east == nil)
        #expect(west?.open == 1 && west?.entered == 1 && west?.amounts.first?.count == 1)
    }

    @Test("D-15: a won deal is opened again through approval, of others than who asks (D-20)")
    func won() throws {
        let (scenario, deal) = try plain()
        try scenario.given("rep", win(deal))
        try scenario.given("manager", reopen(deal, at: "a"))
        let request = try #require(scenario[deal].pending)
        #expect(scenario[deal].outcome == .won)
        #expect(scenario[request].approvers == [scenario.person("director")])
        scenario.expect(
            "manager", reopen(deal),
            refusedAs: .pending(opportunity: deal, approval: request))
        try scenario.given("director", reject(request, "no"))
        #expect(scenario[deal].outcome == .won && scenario[deal].pending == nil)
        try scenario.given("manager", reopen(deal, at: "a"))
        let second = try #require(scenario[deal].pending)
        try scenario.given("director", approve(second))
        #expect(scenario[deal].outcome == .open)
        #expect(scenario[deal].currentStage.key == "a")
        let sums = scenario.state.units[SampleCompany.root].sums[scenario[deal].version.id]
        #expect(sums?[0].won == 0 && sums?[0].open == 1)
    }

    @Test("D-15, D-19: with nobody left to ask, reopening a won deal is refused")
    func nobodyLeft() throws {
        let scenario = try SampleCompany.scenario()
        try scenario.publish("method", linear(stage("a", 20)))
        let deal = try scenario.deal(by: "director")
        try scenario.given("director", win(deal))
        scenario.expect(
            "admin", reopen(deal), refusedAs: .noSuperior(opportunity: deal, stage: "a"))
    }

    @Test("D-35: a deal is not opened again for an owner who is gone, nor by a request of before")
    func ownerGone() throws {
        let (scenario, deal) = try plain()
        try scenario.given("rep", win(deal))
        try scenario.given("manager", reopen(deal))
        let request = try #require(scenario[deal].pending)
        try scenario.given("admin", DeactivatePerson(person: .login("rep"), dealsTo: nil))
        #expect(scenario[request].status == .cancelled)
        #expect(scenario[deal].pending == nil)
        #expect(scenario.told("manager").last == .approvalCancelled)
        scenario.expect(
            "manager", reopen(deal),
            refusedAs: .ownerInactive(opportunity: deal, owner: scenario.person("rep")))
    }
}
