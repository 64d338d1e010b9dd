import Testing

@testable import PipelineDomain

@Suite("Organisation")
struct OrganisationTests {
    private func circle(_ scenario: Scenario, _ who: String) -> Rejection {
        let person = scenario.person(who)
        return .cycle(what: "\(person) would be their own superior", name: person.description)
    }

    @Test("D-29: nobody becomes his own superior, by either tree or both")
    func circles() throws {
        let scenario = try SampleCompany.scenario()
        scenario.expect(
            "admin", change("rep", superior: .some(.login("rep"))),
            refusedAs: circle(scenario, "rep"))
        scenario.expect(
            "admin", change("mentor", superior: .some(.login("trainee"))),
            refusedAs: circle(scenario, "mentor"))
        // The director heads the unit above the manager's: person tree against unit tree.
        scenario.expect(
            "admin", change("director", superior: .some(.login("rep"))),
            refusedAs: circle(scenario, "director"))
        try scenario.given("admin", change("rep", superior: .some(.login("westerner"))))
        scenario.expect(
            "admin", SampleCompany.setHead(of: SampleCompany.west, to: "trainee"),
            gives: [
                .unit(
                    SampleCompany.west,
                    .headChanged(
                        Change(from: scenario.person("neighbour"), to: scenario.person("trainee"))))
            ])
        scenario.expect(
            "admin", change("mentor", unit: SampleCompany.west),
            refusedAs: circle(scenario, "mentor"))
    }

    @Test("D-29: two heads who sit in each other's units are a circle")
    func crossedHeads() throws {
        let scenario = try SampleCompany.scenario()
        try scenario.given("admin", change("neighbour", unit: SampleCompany.east))
        scenario.expect(
            "admin", change("manager", unit: SampleCompany.west),
            refusedAs: circle(scenario, "manager"))
    }

    @Test("D-29: a unit lies neither below itself nor below its own part, and the root stays")
    func unitCircles() throws {
        let scenario = try SampleCompany.scenario()
        for target in [SampleCompany.sales, SampleCompany.east] {
            scenario.expect(
                "admin", move(SampleCompany.sales, under: target),
                refusedAs: .cycle(what: "unit u2 would lie below itself", name: "\(target)"))
        }
        for target in [SampleCompany.root, SampleCompany.east] {
            scenario.expect(
                "admin", move(SampleCompany.root, under: target),
                refusedAs: .invalid([
                    .init("PARENT", "u1 is the root of the tree and stays it")
                ]))
        }
        scenario.expect("admin", move(SampleCompany.east, under: SampleCompany.sales), gives: [])
        for target in [UnitID(0), UnitID(99), UnitID(UInt32.max)] {
            scenario.expect(
                "admin", move(SampleCompany.east, under: target),
                refusedAs: .notFound(noun: "unit", name: "\(target)"))
        }
    }

    @Test("D-29: a unit takes its people, its deals' sums and its approvers' tree along")
    func movedUnit() throws {
        let scenario = try SampleCompany.scenario()
        try scenario.publish(
            "method", linear(stage("a", 10) { $0.gate = askSuperior() }, stage("b", 20)))
        let deal = try scenario.deal(amount: "10")
        let open = try scenario.submit(deal)
        try scenario.given("admin", move(SampleCompany.east, under: SampleCompany.west))
        var scope = Scope()
        scope.unit = SampleCompany.west
        #expect(
            try scenario.state.funnel(
                scope, for: scenario.person("neighbour"), today: day("2026-11-22")
            ).amount == 1_000)
        #expect(scenario.state.isAbove(scenario.person("neighbour"), scenario.person("rep")))
        #expect(
            scenario.state.superior(of: scenario.person("manager")) == scenario.person("neighbour"))
        // The open request stays with whom it was put to.
        #expect(scenario[open].current == scenario.person("manager"))
    }

    @Test("D-29: the tree is at most so deep, by creating and by moving")
    func depth() throws {
        let scenario = SampleCompany.founded()
        for index in 1..<Bounds.unitDepth {
            try scenario.given(
                "admin",
                CreateUnit(name: "U", parent: UnitID(UInt32(index)), kind: nil, head: nil))
        }
        let tooDeep = Rejection.invalid([.init("PARENT", "the tree is at most 64 levels deep")])
        let bottom = UnitID(64)
        scenario.expect(
            "admin", CreateUnit(name: "U", parent: bottom, kind: nil, head: nil), refusedAs: tooDeep
        )
        for parent in [1, 65] as [UInt32] {
            try scenario.given(
                "admin", CreateUnit(name: "V", parent: UnitID(parent), kind: nil, head: nil))
        }
        scenario.expect("admin", move(UnitID(65), under: UnitID(63)), refusedAs: tooDeep)
        try scenario.given("admin", move(UnitID(65), under: UnitID(62)))
        #expect(scenario.state.subtree(of: State.rootUnit).count == 66)
    }

    @Test("§1: inactive people become neither superior nor head")
    func inactive() throws {
        let scenario = try SampleCompany.scenario()
        let mentor = scenario.person("mentor")
        scenario.intervene { $0.persons[mentor].isActive = false }
        let refusal = Rejection.inactive(mentor)
        scenario.expect(
            "admin", SampleCompany.hire("new", SampleCompany.east, superior: "mentor"),
            refusedAs: refusal)
        scenario.expect(
            "admin", change("rep", superior: .some(.login("mentor"))), refusedAs: refusal)
        scenario.expect(
            "admin", SampleCompany.setHead(of: SampleCompany.east, to: "mentor"), refusedAs: refusal
        )
        scenario.expect(
            "admin", CreateUnit(name: "X", parent: nil, kind: nil, head: .login("mentor")),
            refusedAs: refusal)
    }

    @Test("§1: the head of one's own unit is asked one level up, even through units without a head")
    func headOfOwnUnit() throws {
        let scenario = try SampleCompany.scenario()
        let state = scenario.state
        #expect(state.superior(of: scenario.person("manager")) == scenario.person("director"))
        #expect(state.superior(of: scenario.person("director")) == nil)
        #expect(state.chain(above: scenario.person("rep")).count == 2)
        try scenario.given("admin", SampleCompany.setHead(of: SampleCompany.sales, to: "manager"))
        #expect(scenario.state.superior(of: scenario.person("manager")) == nil)
        #expect(scenario.state.superior(of: scenario.person("rep")) == scenario.person("manager"))
    }

    @Test("D-19: the founded root has no head, and the admin no superior")
    func founded() {
        let scenario = SampleCompany.founded()
        #expect(scenario.state.units[State.rootUnit].head == nil)
        #expect(scenario.state.superior(of: PersonID(1)) == nil)
        #expect(scenario.state.peopleBelow(PersonID(1)) == [])
    }

    @Test("D-30: logins are unique, and never change hands")
    func logins() throws {
        let scenario = try SampleCompany.scenario()
        scenario.expect(
            "admin", SampleCompany.hire("rep", SampleCompany.west),
            refusedAs: .taken(what: "login", text: "rep", by: "\(scenario.person("rep"))"))
    }

    @Test("D-37: a zone must be known", arguments: ["", "Mars/Base", "utc"])
    func zones(zone: String) throws {
        let scenario = try SampleCompany.scenario()
        scenario.expect(
            "admin",
            UpdatePerson(
                person: .login("rep"), name: nil, unit: nil, superior: nil, role: nil, zone: zone,
                language: nil),
            refusedAs: .invalid([
                .init("TZ", "'\(zone)' is no IANA time zone such as Asia/Shanghai")
            ]))
    }

    @Test("D-32: units and people are an admin's", arguments: ["rep", "director", "executive"])
    func adminOnly(who: String) throws {
        let scenario = try SampleCompany.scenario()
        let refusals = [
            scenario.refusal(who, CreateUnit(name: "X", parent: nil, kind: nil, head: nil)),
            scenario.refusal(who, move(SampleCompany.east, under: SampleCompany.root)),
            scenario.refusal(who, SampleCompany.hire("new", SampleCompany.east)),
            scenario.refusal(who, change("rep", role: .admin)),
            scenario.refusal(who, change(who, role: .admin)),
        ]
        for refusal in refusals {
            guard case .notPermitted? = refusal else {
                Issue.record("\(who) is not stopped: \(String(describing: refusal))")
                continue
            }
        }
    }
}
