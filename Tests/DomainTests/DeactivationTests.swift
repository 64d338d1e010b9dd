import Testing

@testable import PipelineDomain

struct DeactivationTests {
    private func deactivate(_ who: String, to heir: String? = nil) -> DeactivatePerson {
        DeactivatePerson(person: .login(who), dealsTo: heir.map(PersonReference.login))
    }

    @Test("D-22: the undecided levels are resolved again from the owner upwards, both sides told")
    func resolvedAgain() throws {
        let scenario = try TransferTests.company()
        let deal = try scenario.deal()
        let request = try scenario.submit(deal)
        try scenario.given("admin", deactivate("manager"))
        let director = scenario.person("director")
        #expect(scenario[request].approvers == [director])
        #expect(scenario.told("director") == [.approvalRequested])
        #expect(scenario.told("rep") == [.approvalRerouted])
        #expect(scenario.state.superior(of: scenario.person("rep")) == director)
        try scenario.given("director", approve(request))
        #expect(scenario[deal].currentStage.key == "b")
    }

    @Test("D-22: levels already decided stay decided, and are not asked again (D-23)")
    func decidedLevelsStay() throws {
        let scenario = try TransferTests.company(TransferTests.twoLevels())
        let deal = try scenario.deal()
        let request = try scenario.submit(deal)
        try scenario.given("manager", approve(request))
        try scenario.given("admin", deactivate("director"))
        #expect(scenario[request].approvers == [scenario.person("manager")])
        #expect(scenario[request].vacancies == 1)
        #expect(scenario[request].status == .pending)
        #expect(scenario[request].current == nil)
        #expect(scenario.told("admin") == [.approvalEscalated])
        scenario.expect(
            "manager", approve(request),
            refusedAs: .notPermitted(
                action: "decide \(request) now", who: "whoever an admin names by APPROVAL.REROUTE"))
    }

    @Test("D-22: the gate's designate is asked where nobody above is left")
    func designate() throws {
        let scenario = try SampleCompany.scenario()
        let mentor = scenario.person("mentor")
        let gate = askSuperior {
            $0.onNoSuperior = .designate
            $0.designate = mentor
        }
        try scenario.publish("method", linear(stage("a", 20) { $0.gate = gate }, stage("b", 50)))
        let deal = try scenario.deal(by: "manager")
        let request = try scenario.submit(deal, by: "manager")
        try scenario.given("admin", deactivate("director"))
        #expect(scenario[request].approvers == [mentor])
        #expect(scenario.told("mentor") == [.approvalRequested])
    }

    @Test("D-22: automatic approval of the gate approves nothing when an approver goes")
    func neverByDefault() throws {
        let scenario = try TransferTests.company(askSuperior { $0.onNoSuperior = .auto })
        let deal = try scenario.deal(by: "manager")
        let request = try scenario.submit(deal, by: "manager")
        try scenario.given("admin", deactivate("director"))
        #expect(scenario[request].status == .pending)
        #expect(scenario[request].vacancies == 1)
        #expect(scenario[deal].currentStage.key == "a")
    }

    @Test("D-35, D-20: deals go to whom the command says, who approves none of them")
    func deals() throws {
        let scenario = try TransferTests.company()
        let (first, second) = (try scenario.deal(), try scenario.deal())
        let closed = try scenario.deal()
        try scenario.given("rep", lose(closed))
        let request = try scenario.submit(first)
        let rep = scenario.person("rep")
        scenario.expect("admin", deactivate("rep"), refusedAs: .ownsDeals(rep, [first, second]))
        try scenario.given("admin", deactivate("rep", to: "manager"))
        let manager = scenario.person("manager")
        #expect(scenario[first].owner == manager && scenario[second].owner == manager)
        #expect(scenario[closed].owner == rep)
        #expect(scenario[request].approvers == [scenario.person("director")])
        #expect(!scenario.state.persons[rep].isActive)
    }

    @Test("D-35: one step when the person both owns deals and decides others")
    func ownerAndDecider() throws {
        let scenario = try TransferTests.company()
        let own = try scenario.deal(by: "manager")
        let ownRequest = try scenario.submit(own, by: "manager")
        let other = try scenario.deal()
        let request = try scenario.submit(other)
        try scenario.given("admin", deactivate("manager", to: "director"))
        #expect(scenario[own].owner == scenario.person("director"))
        #expect(scenario[ownRequest].approvers.isEmpty && scenario[ownRequest].vacancies == 1)
        #expect(scenario[request].approvers == [scenario.person("director")])
    }

    @Test("D-35: an admin remains, and whoever is back is a superior again")
    func admins() throws {
        let scenario = try TransferTests.company()
        let admin = scenario.person("admin")
        scenario.expect("admin", deactivate("admin"), refusedAs: .lastAdmin(admin))
        try scenario.given("admin", change("executive", role: .admin))
        try scenario.given("admin", deactivate("executive"))
        scenario.expect("admin", deactivate("admin"), refusedAs: .lastAdmin(admin))
        try scenario.given("admin", deactivate("manager"))
        try scenario.given("admin", ActivatePerson(person: .login("manager")))
        #expect(
            scenario.state.superior(of: scenario.person("rep")) == scenario.person("manager"))
    }

    @Test("§2: what would not fit one frame is refused as a whole")
    func tooMuch() throws {
        let scenario = try TransferTests.company()
        let deal = try scenario.deal()
        var state = scenario.state
        let created = try #require(scenario.records(of: deal).first).event
        guard case .opportunity(_, let event) = created else { return }
        for number in 2...60_000 as ClosedRange<UInt32> {
            state.evolve(
                Recorded(
                    sequence: 0, at: scenario.now, actor: scenario.person("rep"),
                    event: .opportunity(OpportunityID(number), event)))
        }
        let context = Context(
            actor: scenario.person("admin"), now: scenario.now, zones: TestZones())
        let refusal = Rejection.tooMuchAtOnce(scenario.person("rep"), deals: 60_000, requests: 0)
        #expect(throws: refusal) { try deactivate("rep", to: "manager").decide(state, context) }
    }
}
