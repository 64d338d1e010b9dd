import Testing

@testable import PipelineDomain

/// Whoever steps in for an approver who let time pass, and is an approver too (D-23, D-27).
struct SteppingInTests {
    /// The requests of `rep` go to `manager`, `director` and, of three levels, `mentor`.
    private func company(levels: Int, _ change: (inout Gate) -> Void = { _ in }) throws -> Scenario
    {
        let gate = askSuperior {
            $0.levels = [.init(fromMinorUnits: 0, count: levels)]
            $0.escalateAfterHours = 8
            change(&$0)
        }
        let scenario = try TransferTests.company(gate)
        try scenario.given(
            "admin",
            UpdateUnit(unit: SampleCompany.root, name: nil, parent: nil, head: .login("mentor")))
        return scenario
    }

    private func submitted(_ scenario: Scenario) throws -> ApprovalID {
        try scenario.submit(try scenario.deal(amount: "500"))
    }

    /// Days later, the deadline has passed.
    private func passTime(_ scenario: Scenario, _ request: ApprovalID) {
        scenario.pass(days: 5)
        let context = Context(
            actor: .nobody, now: scenario.now, expectedRevision: nil, zones: TestZones())
        scenario.given(
            scenario.state.passTime(of: .approval(request), context), by: .nobody)
    }

    @Test("D-23, D-27: the approver of level 2 who steps in at level 1 decides once, for both")
    func last() throws {
        let scenario = try company(levels: 2)
        let request = try submitted(scenario)
        let (manager, director) = (scenario.person("manager"), scenario.person("director"))
        #expect(scenario[request].approvers == [manager, director])
        passTime(scenario, request)
        #expect(scenario[request].escalatedTo == director)
        let decision = try scenario.given("director", approve(request))
        #expect(decision.answer.first == Answer.Field("status", .text("approved")))
        #expect(
            decision.events.first
                == .approval(request, .approved(onBehalfOf: manager, note: nil)))
        #expect(scenario[request].status == .approved)
        #expect(scenario[scenario[request].opportunity].currentStage.key == "b")
        #expect(!scenario.told("director").contains(.approvalRequested))
    }

    @Test("D-23, D-27: of three levels the third is asked next, and the other two are decided")
    func middle() throws {
        let scenario = try company(levels: 3)
        let request = try submitted(scenario)
        passTime(scenario, request)
        let decision = try scenario.given("director", approve(request))
        #expect(decision.answer.first == Answer.Field("status", .text("pending")))
        #expect(
            scenario[request].approvers
                == ["manager", "director", "mentor"].map { scenario.person($0) })
        #expect(scenario[request].current == scenario.person("mentor"))
        #expect(scenario.told("mentor") == [.approvalRequested])
        scenario.expect(
            "director", approve(request),
            refusedAs: .notPermitted(
                action: "decide \(request) now",
                who: "\(scenario.person("mentor")), whose turn it is"))
        try scenario.given("mentor", approve(request))
        #expect(scenario[request].status == .approved)
    }

    @Test("D-23, D-27: a level between is still asked after the later one stepped in")
    func between() throws {
        let scenario = try company(levels: 3)
        let request = try submitted(scenario)
        // The manager now answers to the mentor, who is the third of those asked.
        try scenario.given("admin", change("manager", superior: .some(.login("mentor"))))
        passTime(scenario, request)
        #expect(scenario[request].escalatedTo == scenario.person("mentor"))
        try scenario.given("mentor", approve(request))
        #expect(scenario[request].current == scenario.person("director"))
        let decision = try scenario.given("director", approve(request))
        #expect(decision.answer.first == Answer.Field("status", .text("approved")))
        #expect(scenario[request].status == .approved)
    }

    @Test("D-23, D-27: whoever had it before steps in at no later level; the next above may")
    func earlier() throws {
        let scenario = try company(levels: 2)
        let request = try submitted(scenario)
        try scenario.given("manager", approve(request))
        try scenario.given(
            "admin",
            RerouteApproval(approval: request, to: .login("colleague"), reason: "总监出差"))
        passTime(scenario, request)
        // The colleague is below the manager, who decided, and the director, whose level it was.
        #expect(scenario[request].escalatedTo == scenario.person("mentor"))
        try scenario.given("mentor", approve(request))
        #expect(scenario[request].decidedFor == scenario.person("colleague"))
        #expect(scenario[request].status == .approved)
    }

    @Test("D-23, D-27, D-19: the yes for two levels is followed by the rule where one is missing")
    func automatic() throws {
        let scenario = try company(levels: 4) { $0.onNoSuperior = .auto }
        let request = try submitted(scenario)
        try scenario.given("manager", approve(request))
        passTime(scenario, request)
        #expect(scenario[request].escalatedTo == scenario.person("mentor"))
        try scenario.given("mentor", approve(request))
        #expect(scenario[request].status == .approved)
        #expect(scenario[request].decidedBy == nil)
    }
}
