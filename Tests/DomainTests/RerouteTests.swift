import Testing

@testable import PipelineDomain

struct RerouteTests {
    private func reroute(_ approval: ApprovalID, _ who: String) -> RerouteApproval {
        RerouteApproval(approval: approval, to: .login(who), reason: "ill")
    }

    @Test("D-18: rerouted by an admin with a reason; both sides are told, and it is recorded")
    func rerouted() throws {
        let scenario = try TransferTests.company(TransferTests.twoLevels())
        let deal = try scenario.deal()
        let request = try scenario.submit(deal)
        try scenario.given("admin", reroute(request, "mentor"))
        let (mentor, director) = (scenario.person("mentor"), scenario.person("director"))
        #expect(scenario[request].approvers == [mentor, director])
        #expect(scenario.told("mentor") == [.approvalRequested])
        #expect(scenario.told("manager") == [.approvalRequested, .approvalRerouted])
        #expect(scenario.told("rep") == [.approvalRerouted])
        let facts = ApprovalReassignment(
            deciders: Change(
                from: [scenario.person("manager"), director], to: [mentor, director]),
            vacancies: 0, cause: .reroute, reason: "ill")
        #expect(
            scenario.records(of: deal).last?.event == .approval(request, .reassigned(facts)))
        try scenario.given("mentor", approve(request))
        try scenario.given("director", approve(request))
        #expect(scenario[deal].currentStage.key == "b")
    }

    @Test("D-22: rerouting fills a level that nobody was left for")
    func fillsVacancy() throws {
        let scenario = try TransferTests.company(TransferTests.twoLevels())
        let deal = try scenario.deal()
        let request = try scenario.submit(deal)
        try scenario.given("manager", approve(request))
        try scenario.given(
            "admin", DeactivatePerson(person: .login("director"), dealsTo: nil))
        try scenario.given("admin", reroute(request, "executive"))
        #expect(scenario[request].vacancies == 0)
        #expect(scenario[request].current == scenario.person("executive"))
        try scenario.given("executive", approve(request))
        #expect(scenario[deal].currentStage.key == "b")
    }
}
