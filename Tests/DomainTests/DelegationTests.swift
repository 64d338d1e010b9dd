import Testing

@testable import PipelineDomain

struct DelegationTests {
    private func delegate(
        _ who: String, to: String, _ from: String = "2026-11-22", _ until: String = "2026-11-30"
    ) -> DelegatePerson {
        DelegatePerson(
            person: .login(who), wish: .to(.login(to), from: day(from), until: day(until)))
    }

    @Test("D-21: the delegate sees pending requests at once, decides, and both names are recorded")
    func decides() throws {
        let scenario = try TransferTests.company()
        let deal = try scenario.deal()
        let request = try scenario.submit(deal)
        try scenario.given("manager", delegate("manager", to: "neighbour"))
        let (manager, neighbour) = (scenario.person("manager"), scenario.person("neighbour"))
        #expect(scenario.told("neighbour") == [.approvalRequested])
        #expect(scenario.state.sees(neighbour, scenario[deal]))
        #expect(scenario.state.requests(for: neighbour) == [request])
        try scenario.given("neighbour", approve(request))
        #expect(scenario[request].decidedBy == neighbour)
        #expect(scenario[request].decidedFor == manager)
        #expect(scenario[deal].currentStage.key == "b")
        #expect(scenario.told("manager") == [.approvalRequested, .approvalApproved])
        #expect(!scenario.state.sees(neighbour, scenario[deal]))
        #expect(scenario.state.sees(neighbour, scenario[request]))
    }

    @Test("D-21: the approver may decide too, and then the delegate comes too late (D-26)")
    func approverToo() throws {
        let scenario = try TransferTests.company()
        try scenario.given("manager", delegate("manager", to: "neighbour"))
        let deal = try scenario.deal()
        let request = try scenario.submit(deal)
        #expect(scenario.told("neighbour") == [.approvalRequested])
        try scenario.given("manager", reject(request, "too dear"))
        let manager = scenario.person("manager")
        #expect(scenario[request].decidedFor == nil)
        scenario.expect(
            "neighbour", approve(request),
            refusedAs: .alreadyDecided(approval: request, status: .rejected, by: manager))
    }

    @Test("D-21: delegation does not chain")
    func noChain() throws {
        let scenario = try TransferTests.company()
        try scenario.given("manager", delegate("manager", to: "neighbour"))
        try scenario.given("neighbour", delegate("neighbour", to: "mentor"))
        let request = try scenario.submit(try scenario.deal())
        #expect(scenario.state.requests(for: scenario.person("mentor")).isEmpty)
        scenario.expect(
            "mentor", approve(request), refusedAs: .notFound(noun: "approval", name: "\(request)"))
    }

    @Test("D-20: nobody approves their own deal as a delegate", arguments: ["rep", "colleague"])
    func notOwn(who: String) throws {
        let scenario = try TransferTests.company()
        try scenario.given("admin", change("colleague", superior: .some(.login("mentor"))))
        try scenario.given("admin", change("rep", superior: .some(.login("colleague"))))
        let deal = try scenario.deal()
        try scenario.given("admin", delegate("mentor", to: who))
        let request = try scenario.submit(deal, by: "colleague")
        #expect(scenario[request].approvers == [scenario.person("mentor")])
        #expect(!scenario.told(who).contains(.approvalRequested))
        scenario.expect(
            who, approve(request),
            refusedAs: .notPermitted(
                action: "decide \(request)", who: "its approver \(scenario.person("mentor"))"))
    }

    @Test("D-37: both dates are included, in the delegator's zone")
    func dates() throws {
        let scenario = try TransferTests.company()
        try scenario.given(
            "manager", delegate("manager", to: "neighbour", "2026-11-23", "2026-11-24"))
        let manager = scenario.person("manager")
        func holds(_ hour: Int64) -> Bool {
            // Hours after 2026-11-22T16:00Z, which is midnight in Shanghai.
            let midnight: Int64 = 1_795_363_200_000
            return scenario.state.delegate(
                of: manager, at: Instant(milliseconds: midnight + hour * 3_600_000)) != nil
        }
        #expect(!holds(-1) && holds(0) && holds(47) && !holds(48))
        try scenario.given(
            "admin",
            UpdatePerson(
                person: .login("manager"), name: nil, unit: nil, superior: nil, role: nil,
                zone: "UTC", language: nil))
        #expect(!holds(0) && holds(8) && holds(55) && !holds(56))
    }

    @Test("D-21: before its dates and after them a delegation gives no right")
    func outside() throws {
        let scenario = try TransferTests.company()
        let request = try scenario.submit(try scenario.deal())
        try scenario.given(
            "manager", delegate("manager", to: "neighbour", "2026-11-23", "2026-11-24"))
        #expect(scenario.told("neighbour").isEmpty)
        let absent = Rejection.notFound(noun: "approval", name: "\(request)")
        scenario.expect("neighbour", approve(request), refusedAs: absent)
        scenario.pass(days: 1)
        #expect(scenario.refusal("neighbour", approve(request)) == nil)
        scenario.pass(days: 2)
        scenario.expect("neighbour", approve(request), refusedAs: absent)
    }

    @Test("D-21, D-35: cleared, replaced or inactive, the delegate loses the right at once")
    func ends() throws {
        let scenario = try TransferTests.company()
        let request = try scenario.submit(try scenario.deal())
        let neighbour = scenario.person("neighbour")
        try scenario.given("manager", delegate("manager", to: "neighbour"))
        try scenario.given("manager", DelegatePerson(person: .login("manager"), wish: .clear))
        #expect(scenario.state.requests(for: neighbour).isEmpty)
        #expect(scenario.state.persons[neighbour].delegators.isEmpty)
        try scenario.given("manager", delegate("manager", to: "neighbour"))
        try scenario.given("manager", delegate("manager", to: "mentor"))
        #expect(scenario.state.requests(for: neighbour).isEmpty)
        try scenario.given(
            "admin", DeactivatePerson(person: .login("mentor"), dealsTo: nil))
        #expect(scenario.state.delegate(of: scenario.person("manager"), at: scenario.now) == nil)
        #expect(scenario[request].approvers == [scenario.person("manager")])
    }

    @Test("D-23, D-21: a delegate decides the level of whose turn it is")
    func levels() throws {
        let scenario = try TransferTests.company(TransferTests.twoLevels())
        let deal = try scenario.deal()
        let request = try scenario.submit(deal)
        try scenario.given("director", delegate("director", to: "neighbour"))
        let manager = scenario.person("manager")
        scenario.expect(
            "neighbour", approve(request),
            refusedAs: .notPermitted(
                action: "decide \(request) now", who: "\(manager), whose turn it is"))
        try scenario.given("manager", approve(request))
        #expect(scenario.told("neighbour") == [.approvalRequested])
        try scenario.given("neighbour", approve(request))
        #expect(scenario[request].decidedFor == scenario.person("director"))
    }
}

/// D-23: a person who appears twice decides once.
struct DecidesOnceTests {
    private func delegate(_ who: String, to: String) -> DelegatePerson {
        DelegatePerson(
            person: .login(who),
            wish: .to(.login(to), from: day("2026-11-22"), until: day("2026-11-30")))
    }

    @Test("D-23, D-21: who stood in for one level does not for the next; its approver decides it")
    func twoDelegations() throws {
        let scenario = try TransferTests.company(TransferTests.twoLevels())
        try scenario.given("manager", delegate("manager", to: "neighbour"))
        try scenario.given("director", delegate("director", to: "neighbour"))
        let deal = try scenario.deal()
        let request = try scenario.submit(deal)
        try scenario.given("neighbour", approve(request))
        #expect(scenario.told("neighbour") == [.approvalRequested])
        #expect(scenario.state.requests(for: scenario.person("neighbour")).isEmpty)
        let director = scenario.person("director")
        for intent in [approve(request), reject(request, "不")] {
            scenario.expect(
                "neighbour", intent,
                refusedAs: .notPermitted(
                    action: "decide \(request)", who: "its approver \(director)"))
        }
        #expect(!scenario.state.sees(scenario.person("neighbour"), scenario[deal]))
        try scenario.given("director", approve(request))
        #expect(scenario[request].status == .approved)
        scenario.expect(
            "neighbour", approve(request),
            refusedAs: .alreadyDecided(approval: request, status: .approved, by: director))
    }

    @Test("D-23, D-21: an approver of a later level does not stand in for an earlier one")
    func approverAsDelegate() throws {
        let scenario = try TransferTests.company(TransferTests.twoLevels())
        try scenario.given("manager", delegate("manager", to: "director"))
        let request = try scenario.submit(try scenario.deal())
        let manager = scenario.person("manager")
        #expect(scenario.told("director").isEmpty)
        scenario.expect(
            "director", approve(request),
            refusedAs: .notPermitted(
                action: "decide \(request) now", who: "\(manager), whose turn it is"))
        try scenario.given("manager", approve(request))
        #expect(scenario.told("director") == [.approvalRequested])
        try scenario.given("director", approve(request))
        #expect(scenario[request].decidedFor == nil)
    }

    @Test("D-23, D-22: nobody who decided a level is given another, not by order and not by rule")
    func notTwice() throws {
        let scenario = try TransferTests.company(TransferTests.twoLevels())
        try scenario.given("manager", delegate("manager", to: "neighbour"))
        let request = try scenario.submit(try scenario.deal())
        try scenario.given("neighbour", approve(request))
        let reroute = RerouteApproval(
            approval: request, to: .login("neighbour"), reason: "出差")
        scenario.expect(
            "admin", reroute,
            refusedAs: .invalid([
                .init("TO", "\(scenario.person("neighbour")) has had it before")
            ]))
        // The second level is looked for again, and neighbour is next above.
        try scenario.given("admin", change("manager", superior: .some(.login("neighbour"))))
        try scenario.given("admin", change("director", superior: .some(.login("mentor"))))
        try scenario.given("admin", change("neighbour", superior: .some(.login("mentor"))))
        try scenario.given("admin", DeactivatePerson(person: .login("director"), dealsTo: nil))
        #expect(
            scenario[request].approvers == ["manager", "mentor"].map { scenario.person($0) })
    }

    @Test("D-22: administrators name who decides, never themselves; another admin may be named")
    func notTheAdmin() throws {
        let scenario = try TransferTests.company()
        try scenario.given("admin", change("mentor", role: .admin))
        let request = try scenario.submit(try scenario.deal())
        let admin = scenario.person("admin")
        scenario.expect(
            "admin", RerouteApproval(approval: request, to: .id(admin), reason: "急"),
            refusedAs: .invalid([
                .init("TO", "\(admin) reroutes it and cannot take it; name somebody else")
            ]))
        try scenario.given(
            "admin", RerouteApproval(approval: request, to: .login("mentor"), reason: "急"))
        #expect(scenario[request].current == scenario.person("mentor"))
    }

    @Test("D-22: before any level is decided a request may be put back to whom it was taken from")
    func back() throws {
        let scenario = try TransferTests.company(TransferTests.twoLevels())
        let request = try scenario.submit(try scenario.deal())
        for who in ["neighbour", "manager"] {
            try scenario.given(
                "admin", RerouteApproval(approval: request, to: .login(who), reason: "换"))
        }
        try scenario.given("manager", approve(request))
        try scenario.given("director", approve(request))
        #expect(scenario[request].status == .approved)
    }
}
