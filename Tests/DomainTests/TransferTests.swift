import Testing

@testable import PipelineDomain

struct TransferTests {
    /// One gate with approval by the superior; levels as given.
    static func company(_ gate: Gate = askSuperior()) throws -> Scenario {
        let scenario = try SampleCompany.scenario()
        try scenario.publish(
            "method", linear(stage("a", 20) { $0.gate = gate }, stage("b", 50), stage("c", 80)))
        return scenario
    }

    static func twoLevels(_ change: (inout Gate) -> Void = { _ in }) -> Gate {
        askSuperior {
            $0.levels = [.init(fromMinorUnits: 0, count: 2)]
            change(&$0)
        }
    }

    private func transfer(_ deal: OpportunityID, to: String) -> TransferOpportunity {
        TransferOpportunity(opportunity: deal, to: .login(to))
    }

    @Test("D-28: owner and unit change, stage, clocks and feedback stay, sums follow (E-5)")
    func moves() throws {
        let scenario = try Self.company()
        let deal = try scenario.deal(amount: "500")
        let before = scenario.state.opportunities[deal]
        scenario.pass(days: 3)
        try scenario.given("director", transfer(deal, to: "westerner"))
        let after = scenario.state.opportunities[deal]
        #expect(after.owner == scenario.person("westerner"))
        #expect(after.unit == SampleCompany.west)
        #expect(after.enteredStage == before.enteredStage)
        #expect(after.createdAt == before.createdAt)
        #expect(after.revision.number == before.revision.number + 1)
        let east = scenario.state.units[SampleCompany.east].sums[after.version.id]?[0]
        let west = scenario.state.units[SampleCompany.west].sums[after.version.id]?[0]
        let sales = scenario.state.units[SampleCompany.sales].sums[after.version.id]?[0]
        #expect(east == nil)
        #expect(west?.open == 1 && west?.amounts.first?.minorUnits == 50_000)
        #expect(sales?.open == 1 && sales?.entered == 1)
        #expect(scenario.state.persons[before.owner].opportunities.isEmpty)
        #expect(Array(scenario.state.persons[after.owner].opportunities) == [deal])
        #expect(scenario.told("westerner") == [.dealTransferred])
    }

    @Test("D-28: a pending request stays with its approver")
    func staysWithApprover() throws {
        let scenario = try Self.company()
        let deal = try scenario.deal()
        let request = try scenario.submit(deal)
        try scenario.given("manager", transfer(deal, to: "westerner"))
        let approval = scenario.state.approvals[request]
        #expect(approval.approvers == [scenario.person("manager")])
        #expect(scenario.state.opportunities[deal].pending == request)
        #expect(scenario.told("neighbour").isEmpty)
        try scenario.given("manager", approve(request))
        #expect(scenario.state.opportunities[deal].currentStage.key == "b")
    }

    @Test(
        "D-28, D-20: the new owner's own level goes to the next superior, and both sides are told")
    func newOwnerIsApprover() throws {
        let scenario = try Self.company()
        let deal = try scenario.deal()
        let request = try scenario.submit(deal)
        try scenario.given("director", transfer(deal, to: "manager"))
        #expect(scenario.state.approvals[request].approvers == [scenario.person("director")])
        #expect(scenario.told("director") == [.approvalRequested])
        #expect(scenario.told("rep") == [.approvalRerouted])
        #expect(
            scenario.told("manager") == [.approvalRequested, .approvalRerouted, .dealTransferred])
        scenario.expect(
            "manager", approve(request),
            refusedAs: .notPermitted(
                action: "decide \(request)",
                who: "its approver \(scenario.person("director"))"))
        try scenario.given("director", approve(request))
        #expect(scenario.state.opportunities[deal].currentStage.key == "b")
    }

    @Test("D-28, D-22: where nobody is left the request waits and the admins are told")
    func vacancy() throws {
        let scenario = try Self.company(Self.twoLevels())
        let deal = try scenario.deal()
        let request = try scenario.submit(deal)
        try scenario.given("director", transfer(deal, to: "manager"))
        #expect(scenario.state.approvals[request].approvers == [scenario.person("director")])
        #expect(scenario.state.approvals[request].vacancies == 1)
        #expect(scenario.told("admin") == [.approvalEscalated])
        try scenario.given("director", approve(request))
        #expect(scenario.state.approvals[request].status == .pending)
        #expect(scenario.told("admin") == [.approvalEscalated, .approvalEscalated])
        #expect(scenario.state.opportunities[deal].currentStage.key == "a")
    }

    @Test("D-28, D-19: the gate's designate takes the level for which no superior is left")
    func designate() throws {
        let scenario = try SampleCompany.scenario()
        let mentor = scenario.person("mentor")
        let gate = Self.twoLevels {
            $0.onNoSuperior = .designate
            $0.designate = mentor
        }
        try scenario.publish("method", linear(stage("a", 20) { $0.gate = gate }, stage("b", 50)))
        let deal = try scenario.deal()
        let request = try scenario.submit(deal)
        try scenario.given("admin", transfer(deal, to: "director"))
        #expect(
            scenario.state.approvals[request].approvers == [scenario.person("manager"), mentor])
        #expect(scenario.state.approvals[request].vacancies == 0)
    }

    @Test("D-17: a transfer and a reassignment stand in the deal's records, and replay alike")
    func recorded() throws {
        let scenario = try Self.company()
        let deal = try scenario.deal()
        let request = try scenario.submit(deal)
        try scenario.given("director", transfer(deal, to: "manager"))
        let (rep, manager) = (scenario.person("rep"), scenario.person("manager"))
        let facts = ApprovalReassignment(
            deciders: Change(from: [manager], to: [scenario.person("director")]), vacancies: 0,
            cause: .transfer)
        #expect(
            scenario.records(of: deal).suffix(2).map(\.event) == [
                .opportunity(deal, .transferred(Change(from: rep, to: manager))),
                .approval(request, .reassigned(facts)),
            ])
        #expect(
            scenario.state.opportunities[deal].records == scenario.records(of: deal).map(\.sequence)
        )
    }

    @Test("D-32, P-5: refusals of OPP.TRANSFER in their order")
    func refusals() throws {
        let scenario = try Self.company()
        let deal = try scenario.deal()
        let rep = scenario.person("rep")
        let nobody = TransferOpportunity(opportunity: deal, to: .login("nobody"))
        scenario.expect(
            "colleague", nobody, refusedAs: .notFound(noun: "opportunity", name: "\(deal)"))
        scenario.expect("rep", nobody, refusedAs: .notFound(noun: "person", name: "nobody"))
        for who in ["rep", "executive"] {
            scenario.expect(
                who, transfer(deal, to: "colleague"),
                refusedAs: .notPermitted(
                    action: "transfer \(deal)", who: "somebody above its owner \(rep), or an admin"),
                seeing: 9)
        }
        scenario.expect(
            "manager", transfer(deal, to: "rep"),
            refusedAs: .stale(name: "\(deal)", current: 1, changedBy: rep), seeing: 9)
        scenario.expect(
            "manager", transfer(deal, to: "rep"),
            refusedAs: .invalid("TO", "\(rep) owns \(deal) already"))
        try scenario.given("rep", lose(deal))
        scenario.expect(
            "manager", transfer(deal, to: "rep"),
            refusedAs: .alreadyClosed(opportunity: deal, outcome: .lost))
    }
}
