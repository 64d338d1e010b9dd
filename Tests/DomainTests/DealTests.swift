import Testing

@testable import PipelineDomain

@Suite("A deal's own facts")
struct DealTests {
    private func scenario() throws -> Scenario {
        let scenario = try SampleCompany.scenario()
        try scenario.publish(
            "method",
            linear(stage("a", 10), stage("b", 40) { $0.gate = askSuperior() }, stage("c", 80)))
        return scenario
    }

    @Test("D-9: created by hand it is in stage 1 in the same step")
    func created() throws {
        let scenario = try scenario()
        let facts = OpportunityFacts(
            title: "Campaign", customer: SampleCompany.customer, owner: scenario.person("rep"),
            version: ProcessVersionID(1), amount: money("12.50"), currency: cny, close: nil,
            fields: [.source: "referral"])
        scenario.expect(
            "rep", scenario.newDeal(amount: "12.5", fields: [.source: "referral", .region: ""]),
            gives: [.opportunity(OpportunityID(1), .created(facts))])
        let deal = scenario[OpportunityID(1)]
        #expect(deal.stage == 0)
        #expect(deal.enteredStage == scenario.now)
        #expect(deal.revision.number == 1)
        #expect(deal.outcome == .open)
    }

    @Test("D-9, D-32: for others only somebody above creates a deal, or an admin")
    func forOthers() throws {
        let scenario = try scenario()
        for who in ["admin", "manager", "director"] {
            #expect(scenario.refusal(who, scenario.newDeal(for: "rep")) == nil)
        }
        for who in ["colleague", "neighbour", "executive", "trainee"] {
            scenario.expect(
                who, scenario.newDeal(for: "rep"),
                refusedAs: .notPermitted(
                    action: "create a deal for \(scenario.person("rep"))",
                    who: "somebody above them or an admin"))
        }
    }

    @Test("D-10: an inactive owner takes no deal")
    func inactiveOwner() throws {
        let scenario = try scenario()
        let rep = scenario.person("rep")
        scenario.intervene { $0.persons[rep].isActive = false }
        scenario.expect("admin", scenario.newDeal(for: "rep"), refusedAs: .inactive(rep))
    }

    @Test(
        "D-10: a customer's name is unique whatever its case and composition",
        arguments: [
            ("Acme", "ACME"), ("Caf\u{E9}", "CAFE\u{301}"), ("Straße", "STRASSE"),
            ("Σίσυφος", "ΣΊΣΥΦΟΣ"), ("ΟΔΥΣΣΕΥΣ", "οδυσσευς"), ("Ｆｏｏ", "ｆｏｏ"), ("ﬁsh", "FISH"),
        ])
    func customerNames(first: String, second: String) throws {
        let scenario = try scenario()
        try scenario.given("rep", CreateCustomer(name: first, fields: [:]))
        let taken = Rejection.taken(what: "customer name", text: first, by: "c2")
        scenario.expect("colleague", CreateCustomer(name: second, fields: [:]), refusedAs: taken)
        // One's own name may change its case.
        try scenario.given(
            "rep", UpdateCustomer(customer: CustomerID(2), name: second, fields: [:]))
        try scenario.given("rep", UpdateCustomer(customer: CustomerID(2), name: "New", fields: [:]))
        try scenario.given("colleague", CreateCustomer(name: first, fields: [:]))
    }

    @Test(
        "D-10: names that only look alike are different",
        arguments: [("Kılıç", "Kiliç"), ("方舟", "方丹")])
    func differentNames(first: String, second: String) throws {
        let scenario = try scenario()
        try scenario.given("rep", CreateCustomer(name: first, fields: [:]))
        try scenario.given("rep", CreateCustomer(name: second, fields: [:]))
    }

    @Test("D-10: a customer is renamed onto another's name by nobody")
    func renaming() throws {
        let scenario = try scenario()
        try scenario.given("rep", CreateCustomer(name: "Acme", fields: [:]))
        scenario.expect(
            "rep", UpdateCustomer(customer: CustomerID(2), name: "方舟电子", fields: [:]),
            refusedAs: .taken(what: "customer name", text: "方舟电子", by: "c1"))
    }

    @Test("D-10: an external id is unique; the other deal is named to those who see it")
    func externalIDs() throws {
        let scenario = try scenario()
        try scenario.given("rep", scenario.newDeal(fields: [.externalID: "X-1"]))
        let again = scenario.newDeal(fields: [.externalID: "X-1"])
        scenario.expect(
            "manager", again, refusedAs: .taken(what: "external id", text: "X-1", by: "o1"))
        scenario.expect(
            "colleague", again,
            refusedAs: .taken(what: "external id", text: "X-1", by: "another deal"))
        try scenario.given("rep", update(OpportunityID(1), fields: [.externalID: "X-2"]))
        try scenario.given("colleague", again)
        scenario.expect(
            "rep", update(OpportunityID(1), fields: [.externalID: "X-1"]),
            refusedAs: .taken(what: "external id", text: "X-1", by: "another deal"))
    }

    @Test("D-10: an open deal's unit is its owner's current one; closing freezes it")
    func unit() throws {
        let scenario = try scenario()
        let (open, lost) = (try scenario.deal(amount: "10"), try scenario.deal(amount: "20"))
        try scenario.given("rep", lose(lost))
        try scenario.given("admin", change("rep", unit: SampleCompany.west))
        #expect(scenario[open].unit == SampleCompany.west)
        #expect(scenario[lost].unit == SampleCompany.east)
        var scope = Scope()
        scope.unit = SampleCompany.east
        let east = try scenario.state.funnel(scope, for: scenario.person("admin"))
        #expect(east.open == 0)
        #expect(east.rows.map(\.conversion?.denominator) == [1, nil, nil])
        scope.unit = SampleCompany.west
        #expect(try scenario.state.funnel(scope, for: scenario.person("admin")).open == 1)
    }

    @Test("D-10, D-36: an amount is never carried into another currency")
    func currencies() throws {
        let scenario = try scenario()
        let deal = try scenario.deal(amount: "10")
        scenario.expect(
            "rep", update(deal, currency: currency("USD")),
            refusedAs: .invalid([
                .init(
                    "CUR",
                    "give AMOUNT as well: an amount is never carried into another currency")
            ]))
        scenario.expect(
            "rep", update(deal, amount: amount("0.5"), currency: currency("JPY")),
            refusedAs: .invalid([.init("AMOUNT", "JPY has 0 decimals")]))
        scenario.expect(
            "rep", update(deal, amount: amount("5"), currency: currency("JPY")),
            gives: [
                .opportunity(
                    deal, .amountChanged(Change(from: money("10"), to: money("5", "JPY"))))
            ])
        try scenario.given("rep", update(deal, amount: .some(nil), currency: currency("KWD")))
        #expect(scenario[deal].amount == nil)
        #expect(scenario[deal].currency == currency("KWD"))
        try scenario.given("rep", update(deal, amount: amount("0.001")))
        #expect(scenario[deal].amount == money("0.001", "KWD"))
    }

    @Test("D-17: a change tells from what to what; what stays the same is no change")
    func changes() throws {
        let scenario = try scenario()
        let deal = try scenario.deal(amount: "10")
        scenario.expect(
            "manager",
            update(
                deal, title: "Campaign", amount: amount("10.00"), close: day("2027-01-01"),
                fields: [.region: "North", .channel: ""]),
            gives: [
                .opportunity(deal, .changed(.region, Change(from: nil, to: "North"))),
                .opportunity(
                    deal, .closeChanged(Change(from: nil, to: day("2027-01-01")))),
            ])
        scenario.expect("rep", update(deal, fields: [.region: "North"]), gives: [])
        scenario.expect(
            "rep", update(deal, close: .some(nil), fields: [.region: ""]),
            gives: [
                .opportunity(deal, .changed(.region, Change(from: "North", to: nil))),
                .opportunity(deal, .closeChanged(Change(from: day("2027-01-01"), to: nil))),
            ])
        scenario.expect(
            "rep", update(deal, title: ""),
            refusedAs: .invalid([.init("TITLE", "a deal has a title")]))
    }

    @Test("D-17: every event of a deal, its approvals' included, is in its records and counted")
    func records() throws {
        let scenario = try scenario()
        let (deal, other) = (try scenario.deal(), try scenario.deal(by: "colleague"))
        try scenario.given("rep", advance(deal))
        let first = try scenario.submit(deal)
        try scenario.given("colleague", note(other))
        try scenario.given("manager", note(deal, "why?"))
        try scenario.given("manager", reject(first, "too vague"))
        let second = try scenario.submit(deal)
        try scenario.given("rep", recall(deal))
        let third = try scenario.submit(deal)
        try scenario.given("manager", approve(third))
        try scenario.given("rep", win(deal))
        #expect(Set([first, second, third]).count == 3)
        for id in [deal, other] {
            #expect(scenario[id].records == scenario.records(of: id).map(\.sequence))
            #expect(scenario[id].revision.number == UInt32(scenario[id].records.count))
            #expect(scenario[id].revision.by == scenario.records(of: id).last?.actor)
        }
        #expect(scenario[deal].records.count == 11)
    }

    @Test("D-30: a stale revision is refused with the current one and who made it")
    func stale() throws {
        let scenario = try scenario()
        let deal = try scenario.deal()
        try scenario.given("manager", update(deal, fields: [.region: "North"]))
        let stale = Rejection.stale(
            name: "o1", current: 2, changedBy: scenario.person("manager"))
        scenario.expect("rep", advance(deal), refusedAs: stale, seeing: 1)
        scenario.expect("rep", update(deal), refusedAs: stale, seeing: 1)
        scenario.expect("rep", mark(deal, "x"), refusedAs: stale, seeing: 3)
        scenario.expect("rep", feedback(deal), refusedAs: stale, seeing: 0)
        scenario.expect("rep", lose(deal), refusedAs: stale, seeing: 1)
        scenario.expect("rep", invalidate(deal), refusedAs: stale, seeing: 1)
        scenario.expect("rep", win(deal), refusedAs: stale, seeing: 1)
        scenario.expect("rep", note(deal), refusedAs: stale, seeing: 1)
        scenario.expect("rep", recall(deal), refusedAs: stale, seeing: 1)
        #expect(scenario.refusal("rep", advance(deal), seeing: 2) == nil)
    }

    @Test("D-30: customers, units, people and processes are guarded likewise")
    func staleOthers() throws {
        let scenario = try scenario()
        let admin = PersonID(1)
        func stale(_ name: String, _ current: UInt32) -> Rejection {
            .stale(name: name, current: current, changedBy: admin)
        }
        scenario.expect(
            "admin", move(SampleCompany.east, under: SampleCompany.root),
            refusedAs: stale("u3", 2), seeing: 1)
        scenario.expect("admin", change("rep", name: "R"), refusedAs: stale("e7", 1), seeing: 9)
        scenario.expect(
            "admin", UpdateCustomer(customer: SampleCompany.customer, name: "N", fields: [:]),
            refusedAs: stale("c1", 1), seeing: 2)
        scenario.expect(
            "admin", PutProcess(key: "method", definition: linear(stage("a", 1))),
            refusedAs: stale("method", 2), seeing: 1)
        scenario.expect(
            "admin", PublishProcess(process: .key("method"), allowDip: false),
            refusedAs: stale("method", 2), seeing: 1)
    }

    @Test(
        "D-32: notes reach the owner unless it is the owner's own, and may answer a note of the deal"
    )
    func notes() throws {
        let scenario = try scenario()
        let (deal, other) = (try scenario.deal(), try scenario.deal())
        try scenario.given("rep", note(deal))
        #expect(scenario.told("rep") == [])
        try scenario.given("executive", note(deal, "good", replyTo: NoteID(1)))
        #expect(scenario.told("rep") == [.noteAdded])
        for missing in [NoteID(0), NoteID(3), NoteID(UInt32.max)] {
            scenario.expect(
                "rep", note(deal, replyTo: missing),
                refusedAs: .notFound(noun: "note", name: "\(missing)"))
        }
        scenario.expect(
            "rep", note(other, replyTo: NoteID(1)), refusedAs: .notFound(noun: "note", name: "n1"))
    }
}
