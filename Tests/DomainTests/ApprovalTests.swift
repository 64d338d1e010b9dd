import Testing

@testable import PipelineDomain

@Suite("Approval")
struct ApprovalTests {
    /// One gate in the first of two stages.
    private func scenario(_ change: (inout Gate) -> Void = { _ in }) throws -> Scenario {
        let scenario = try SampleCompany.scenario()
        try scenario.publish(
            "method", linear(stage("a", 10) { $0.gate = askSuperior(change) }, stage("b", 40)))
        return scenario
    }

    private func approvers(_ scenario: Scenario, of owner: String, by who: String? = nil) throws
        -> [String]
    {
        let deal = try scenario.deal(by: owner)
        let approval = try scenario.submit(deal, by: who ?? owner)
        return scenario[approval].approvers.map { scenario.state.persons[$0].login }
    }

    private func noSuperior(_ deal: OpportunityID) -> Rejection {
        .noSuperior(opportunity: deal, stage: "a")
    }

    @Test("D-11: the superior is asked, and his approval moves the deal in the same step")
    func granted() throws {
        let scenario = try scenario()
        let deal = try scenario.deal(amount: "100")
        let (approval, rep, manager) = (
            ApprovalID(1), scenario.person("rep"), scenario.person("manager")
        )
        let facts = ApprovalFacts(
            opportunity: deal, stage: "a", target: .stage("b"), approvers: [manager],
            endsAutomatically: false, attempt: 1, amount: money("100"), currency: cny, note: nil)
        scenario.expect(
            "rep", advance(deal),
            gives: [
                .approval(approval, .requested(facts)),
                .inbox(
                    manager,
                    .notified(
                        .init(
                            kind: .approvalRequested, opportunity: deal, approval: approval,
                            by: rep,
                            note: nil))),
            ])
        #expect(scenario[deal].currentStage.key == "a")
        scenario.pass(hours: 2)
        scenario.expect(
            "manager", approve(approval),
            gives: [
                .approval(approval, .approved(onBehalfOf: nil, note: nil)),
                .opportunity(
                    deal,
                    .moved(Change(from: "a", to: "b"), approval: approval, note: nil)),
                .inbox(
                    rep,
                    .notified(
                        .init(
                            kind: .approvalApproved, opportunity: deal, approval: approval,
                            by: manager, note: nil))),
            ])
        #expect(scenario[approval].decidedBy == manager)
        #expect(scenario[approval].decidedAt == scenario.now)
        #expect(scenario[deal].enteredStage == scenario.now)
        #expect(scenario[deal].pending == nil)
    }

    @Test("D-12: a rejection says why, the deal stays, attempts count up, each is a new request")
    func rejected() throws {
        let scenario = try scenario()
        let deal = try scenario.deal()
        let first = try scenario.submit(deal)
        for silence in ["", " ", "\n\t"] {
            scenario.expect(
                "manager", reject(first, silence),
                refusedAs: .invalid([.init("NOTE", "a rejection says why")]))
        }
        try scenario.given("manager", reject(first, "no budget named"))
        #expect(scenario[deal].currentStage.key == "a")
        #expect(scenario[first].status == .rejected)
        #expect(scenario[first].decisionNote == "no budget named")
        let second = try scenario.submit(deal)
        try scenario.given("rep", recall(deal))
        let third = try scenario.submit(deal)
        #expect([first, second, third].map { scenario[$0].attempt } == [1, 2, 3])
        #expect(scenario[first].status == .rejected)
        #expect(scenario.told("rep") == [.approvalRejected])
    }

    @Test("D-18: the approvers are those of the day of submission, whatever changes later")
    func frozen() throws {
        let scenario = try scenario()
        let deal = try scenario.deal()
        let approval = try scenario.submit(deal)
        try scenario.given("admin", change("rep", unit: SampleCompany.west))
        try scenario.given("admin", SampleCompany.setHead(of: SampleCompany.east, to: "colleague"))
        #expect(scenario[approval].approvers == [scenario.person("manager")])
        #expect(scenario.refusal("neighbour", approve(approval)) != nil)
        try scenario.given("manager", approve(approval))
        #expect(scenario[deal].currentStage.key == "b")
    }

    @Test("§1: the superior is the one named, else the unit's head, else the next unit's")
    func superiors() throws {
        let scenario = try scenario()
        #expect(try approvers(scenario, of: "junior") == ["mentor"])
        #expect(try approvers(scenario, of: "rep") == ["manager"])
        #expect(try approvers(scenario, of: "manager") == ["director"])
    }

    @Test("§1: an inactive superior is replaced by his own")
    func inactive() throws {
        let scenario = try scenario()
        let manager = scenario.person("manager")
        scenario.intervene { $0.persons[manager].isActive = false }
        #expect(try approvers(scenario, of: "rep") == ["director"])
        let director = scenario.person("director")
        scenario.intervene { $0.persons[director].isActive = false }
        let deal = try scenario.deal()
        scenario.expect("rep", advance(deal), refusedAs: noSuperior(deal))
    }

    @Test("§1: a circle of inactive superiors ends")
    func inactiveCircle() throws {
        let scenario = try scenario()
        let (a, b) = (scenario.person("mentor"), scenario.person("colleague"))
        // No command makes such a circle; a log made by other means must not hang the server.
        scenario.intervene {
            for person in [a, b] { $0.persons[person].isActive = false }
            $0.persons[a].superior = b
            $0.persons[b].superior = a
        }
        let deal = try scenario.deal(by: "junior")
        scenario.expect("junior", advance(deal), refusedAs: noSuperior(deal))
        #expect(scenario.state.isAbove(b, scenario.person("junior")))
        #expect(scenario.state.chain(above: a) == [])
    }

    @Test(
        "D-19: at the top of the tree it is refused by default",
        arguments: ["director", "mentor", "admin"])
    func top(who: String) throws {
        let scenario = try scenario()
        let deal = try scenario.deal(by: who)
        scenario.expect(who, advance(deal), refusedAs: noSuperior(deal))
    }

    @Test("D-19: a designate stands in at the top, but not for himself")
    func designate() throws {
        let scenario = try SampleCompany.scenario()
        let gate = askSuperior {
            $0.onNoSuperior = .designate
            $0.designate = scenario.person("mentor")
        }
        try scenario.publish("method", linear(stage("a", 10) { $0.gate = gate }, stage("b", 40)))
        #expect(try approvers(scenario, of: "director") == ["mentor"])
        let own = try scenario.deal(by: "mentor")
        scenario.expect("mentor", advance(own), refusedAs: noSuperior(own))
        let mentor = scenario.person("mentor")
        scenario.intervene { $0.persons[mentor].isActive = false }
        let deal = try scenario.deal(by: "director")
        scenario.expect("director", advance(deal), refusedAs: noSuperior(deal))
    }

    @Test("D-20: a designate who submits for somebody else is not asked himself")
    func designateSubmits() throws {
        let scenario = try SampleCompany.scenario()
        let gate = askSuperior {
            $0.onNoSuperior = .designate
            $0.designate = scenario.person("director")
        }
        try scenario.publish("method", linear(stage("a", 10) { $0.gate = gate }, stage("b", 40)))
        let deal = try scenario.deal(by: "manager")
        scenario.expect("director", advance(deal), refusedAs: noSuperior(deal))
        #expect(try approvers(scenario, of: "manager") == ["director"])
    }

    @Test("D-19: auto grants at the top by rule, never as a person")
    func automatic() throws {
        let scenario = try scenario { $0.onNoSuperior = .auto }
        let deal = try scenario.deal(by: "director")
        try scenario.given("director", advance(deal))
        let approval = scenario[ApprovalID(1)]
        #expect(scenario[deal].currentStage.key == "b")
        #expect(approval.status == .approved)
        #expect(approval.decidedBy == nil)
        #expect(approval.approvers == [])
        #expect(scenario.state.inboxes.ids.allSatisfy { scenario.state.inboxes[$0].rows.isEmpty })
    }

    @Test("D-19, D-23: where some levels are there, auto grants what remains after them")
    func automaticRest() throws {
        let scenario = try scenario {
            $0.onNoSuperior = .auto
            $0.levels = [.init(fromMinorUnits: 0, count: 5)]
        }
        let deal = try scenario.deal(amount: "1")
        let approval = try scenario.submit(deal)
        #expect(scenario[approval].approvers.count == 2)
        try scenario.given("manager", approve(approval))
        #expect(scenario[deal].pending == approval)
        try scenario.given("director", approve(approval))
        #expect(scenario[approval].status == .approved)
        #expect(scenario[approval].decidedBy == nil)
        #expect(scenario[deal].currentStage.key == "b")
        let levels = scenario.log.compactMap { recorded -> Int? in
            guard case .approval(_, .levelApproved(let level, _, _)) = recorded.event else {
                return nil
            }
            return level
        }
        #expect(levels == [1, 2])
    }

    @Test("D-19: refused at any level, not only the first")
    func missingLevel() throws {
        let scenario = try scenario { $0.levels = [.init(fromMinorUnits: 0, count: 3)] }
        let deal = try scenario.deal(amount: "1")
        scenario.expect("rep", advance(deal), refusedAs: noSuperior(deal))
    }

    @Test("D-20: owner and submitter are skipped; a superior who submits does not approve")
    func selfApproval() throws {
        let scenario = try scenario()
        #expect(try approvers(scenario, of: "rep", by: "manager") == ["director"])
        #expect(try approvers(scenario, of: "rep", by: "director") == ["manager"])
        let deal = try scenario.deal()
        let approval = try scenario.submit(deal)
        for who in ["rep", "admin", "executive", "director"] {
            scenario.expect(
                who, approve(approval),
                refusedAs: .notPermitted(
                    action: "decide \(approval)", who: "its approver \(scenario.person("manager"))")
            )
        }
    }

    @Test(
        "D-23: the amount says how many superiors in turn",
        arguments: [
            (nil, "CNY", 1), ("0", "CNY", 1), ("499999.99", "CNY", 1), ("500000", "CNY", 2),
            ("999999999999999.99", "CNY", 2), ("1", "USD", 2),
        ])
    func levels(text: String?, code: String, count: Int) throws {
        let scenario = try scenario {
            $0.levels = [
                .init(fromMinorUnits: 0, count: 1), .init(fromMinorUnits: 50_000_000, count: 2),
            ]
        }
        let deal = try scenario.deal(amount: text, in: code)
        let approval = try scenario.submit(deal)
        #expect(scenario[approval].approvers.count == count)
    }

    @Test("D-23: levels are asked in turn; each approves in his own")
    func turns() throws {
        let scenario = try scenario { $0.levels = [.init(fromMinorUnits: 0, count: 2)] }
        let deal = try scenario.deal(amount: "1")
        let approval = try scenario.submit(deal)
        #expect(scenario.told("director") == [])
        scenario.expect(
            "director", approve(approval),
            refusedAs: .notPermitted(
                action: "decide \(approval) now",
                who: "\(scenario.person("manager")), whose turn it is"))
        try scenario.given("manager", approve(approval))
        #expect(scenario[deal].pending == approval)
        #expect(scenario.told("director") == [.approvalRequested])
        #expect(scenario.refusal("manager", approve(approval)) != nil)
        try scenario.given("director", approve(approval))
        #expect(scenario[deal].currentStage.key == "b")
    }

    @Test("D-23: who appears twice decides once")
    func twice() throws {
        let scenario = try SampleCompany.scenario()
        let gate = askSuperior {
            $0.levels = [.init(fromMinorUnits: 0, count: 3)]
            $0.onNoSuperior = .designate
            $0.designate = scenario.person("manager")
        }
        try scenario.publish("method", linear(stage("a", 10) { $0.gate = gate }, stage("b", 40)))
        let deal = try scenario.deal(amount: "1")
        let approval = try scenario.submit(deal)
        #expect(
            scenario[approval].approvers == [
                scenario.person("manager"), scenario.person("director"),
            ])
    }

    @Test("D-26: recall before the decision; whoever comes second is told what happened")
    func recalling() throws {
        let scenario = try scenario()
        let deal = try scenario.deal()
        scenario.expect("rep", recall(deal), refusedAs: .nothingPending(opportunity: deal))
        let first = try scenario.submit(deal)
        scenario.expect(
            "manager", recall(deal),
            refusedAs: .notPermitted(
                action: "recall \(first)", who: "its submitter \(scenario.person("rep"))"))
        try scenario.given("rep", recall(deal))
        #expect(scenario.told("manager") == [.approvalRequested, .approvalRecalled])
        scenario.expect(
            "manager", approve(first),
            refusedAs: .alreadyDecided(
                approval: first, status: .recalled, by: scenario.person("rep")))
        let second = try scenario.submit(deal)
        try scenario.given("manager", approve(second))
        scenario.expect(
            "rep", recall(deal),
            refusedAs: .alreadyDecided(
                approval: second, status: .approved, by: scenario.person("manager")))
    }

    @Test("D-26: recall is possible until the last decision, and both levels hear of it")
    func recallBetweenLevels() throws {
        let scenario = try scenario { $0.levels = [.init(fromMinorUnits: 0, count: 2)] }
        let deal = try scenario.deal(amount: "1")
        let approval = try scenario.submit(deal)
        try scenario.given("manager", approve(approval))
        try scenario.given("rep", recall(deal))
        #expect(scenario.told("manager") == [.approvalRequested, .approvalRecalled])
        #expect(scenario.told("director") == [.approvalRequested, .approvalRecalled])
        #expect(scenario[deal].pending == nil)
    }

    @Test("D-26: nobody decides twice")
    func doubleDecision() throws {
        let scenario = try scenario()
        let deal = try scenario.deal()
        let approval = try scenario.submit(deal)
        try scenario.given("manager", reject(approval, "no"))
        let decided = Rejection.alreadyDecided(
            approval: approval, status: .rejected, by: scenario.person("manager"))
        scenario.expect("manager", approve(approval), refusedAs: decided)
        scenario.expect("manager", reject(approval, "no"), refusedAs: decided)
    }

    @Test("D-30: a decision on a stale revision is refused")
    func staleDecision() throws {
        let scenario = try scenario()
        let deal = try scenario.deal()
        let approval = try scenario.submit(deal)
        scenario.expect(
            "manager", approve(approval),
            refusedAs: .stale(name: "a1", current: 1, changedBy: scenario.person("rep")), seeing: 2)
    }
}
