import PipelineDomain
import Testing

/// Who may do what to a deal of junior's that waits for mentor (his superior) and then for neighbour
/// (the designate, with no other right to it).
@Suite("Rights")
struct RightsTests {
    enum Verdict { case may, notPermitted, absent }

    private struct Fixture {
        let scenario: Scenario
        let deal: OpportunityID
        let approval: ApprovalID
    }

    private func fixture() throws -> Fixture {
        let scenario = try SampleCompany.scenario()
        let gate = askSuperior {
            $0.levels = [.init(fromMinorUnits: 0, count: 5)]
            $0.onNoSuperior = .designate
            $0.designate = scenario.person("neighbour")
        }
        try scenario.publish(
            "method", linear(stage("a", 10) { $0.gate = gate }, stage("b", 20), stage("c", 30)))
        let deal = try scenario.deal(by: "junior", amount: "5")
        let approval = try scenario.submit(deal, by: "junior")
        return Fixture(scenario: scenario, deal: deal, approval: approval)
    }

    private func verdict(_ refusal: Rejection?) -> Verdict {
        switch refusal {
        case .notFound: .absent
        case .notPermitted: .notPermitted
        default: .may
        }
    }

    /// Change covers everything that is the owner's and everyone's above.
    struct Relation: Sendable, CustomTestStringConvertible {
        let who: String
        let why: String
        let change: Verdict
        let note: Verdict
        let recall: Verdict
        let decide: Verdict
        var testDescription: String { "\(who), \(why)" }
    }

    static let waiting: [Relation] = [
        .init(
            who: "junior", why: "owner and submitter", change: .may, note: .may, recall: .may,
            decide: .notPermitted),
        .init(
            who: "mentor", why: "superior by the person tree, approver", change: .may, note: .may,
            recall: .notPermitted, decide: .may),
        .init(
            who: "manager", why: "head of the unit", change: .may, note: .may,
            recall: .notPermitted, decide: .notPermitted),
        .init(
            who: "director", why: "head of the unit above", change: .may, note: .may,
            recall: .notPermitted, decide: .notPermitted),
        .init(
            who: "colleague", why: "peer in the unit", change: .absent, note: .absent,
            recall: .absent, decide: .absent),
        .init(
            who: "trainee", why: "below", change: .absent, note: .absent, recall: .absent,
            decide: .absent),
        .init(
            who: "westerner", why: "in another unit", change: .absent, note: .absent,
            recall: .absent, decide: .absent),
        .init(
            who: "executive", why: "executive", change: .notPermitted, note: .may,
            recall: .notPermitted, decide: .notPermitted),
        .init(
            who: "admin", why: "admin", change: .notPermitted, note: .may, recall: .notPermitted,
            decide: .notPermitted),
        .init(
            who: "neighbour", why: "approver of a later level without other right",
            change: .notPermitted, note: .may, recall: .notPermitted, decide: .notPermitted),
    ]

    @Test("D-32, D-33: who may do what while the request waits", arguments: waiting)
    func whileWaiting(relation: Relation) throws {
        let (scenario, deal, approval) = try parts()
        let who = relation.who
        let changes = [
            scenario.refusal(who, update(deal)), scenario.refusal(who, feedback(deal)),
            scenario.refusal(who, mark(deal, "x")), scenario.refusal(who, advance(deal)),
            scenario.refusal(who, win(deal)), scenario.refusal(who, lose(deal)),
            scenario.refusal(who, invalidate(deal)),
        ]
        #expect(changes.map(verdict) == Array(repeating: relation.change, count: 7))
        #expect(verdict(scenario.refusal(who, note(deal))) == relation.note)
        #expect(verdict(scenario.refusal(who, recall(deal))) == relation.recall)
        #expect(verdict(scenario.refusal(who, approve(approval))) == relation.decide)
        #expect(verdict(scenario.refusal(who, reject(approval, "no"))) == relation.decide)
        let viewer = scenario.person(who)
        #expect(scenario.state.sees(viewer, scenario[deal]) == (relation.note == .may))
        #expect(scenario.state.sees(viewer, scenario[approval]) == (relation.note == .may))
    }

    private func parts() throws -> (Scenario, OpportunityID, ApprovalID) {
        let fixture = try fixture()
        return (fixture.scenario, fixture.deal, fixture.approval)
    }

    @Test(
        "D-33, D-34: once the last approver has decided, a deal not otherwise his is gone for him")
    func formerApprover() throws {
        let (scenario, deal, approval) = try parts()
        try scenario.given("mentor", approve(approval))
        #expect(verdict(scenario.refusal("neighbour", note(deal))) == .may)
        try scenario.given("neighbour", approve(approval))
        scenario.expect(
            "neighbour", note(deal), refusedAs: .notFound(noun: "opportunity", name: "o1"))
        scenario.expect(
            "neighbour", update(deal), refusedAs: .notFound(noun: "opportunity", name: "o1"))
        // His own decision he may still read.
        #expect(scenario.state.sees(scenario.person("neighbour"), scenario[approval]))
    }

    @Test("D-33: a lost deal is gone for the approver who was still to decide")
    func cancelledApprover() throws {
        let (scenario, deal, _) = try parts()
        try scenario.given("junior", lose(deal))
        scenario.expect(
            "neighbour", note(deal), refusedAs: .notFound(noun: "opportunity", name: "o1"))
    }

    @Test(
        "D-33: who has had his turn and is no longer above does not see the deal that still waits")
    func decidedLevel() throws {
        let scenario = try SampleCompany.scenario()
        let gate = askSuperior { $0.levels = [.init(fromMinorUnits: 0, count: 2)] }
        try scenario.publish("method", linear(stage("a", 10) { $0.gate = gate }, stage("b", 20)))
        let deal = try scenario.deal(amount: "1")
        let approval = try scenario.submit(deal)
        try scenario.given("admin", change("rep", unit: SampleCompany.west))
        #expect(verdict(scenario.refusal("manager", note(deal))) == .may)
        try scenario.given("manager", approve(approval))
        #expect(scenario[deal].pending == approval)
        #expect(verdict(scenario.refusal("manager", note(deal))) == .absent)
        #expect(verdict(scenario.refusal("director", note(deal))) == .may)
    }

    @Test("D-34: rights follow the tree as it is now, both ways")
    func current() throws {
        let (scenario, deal, _) = try parts()
        try scenario.given("admin", change("junior", superior: .some(.login("colleague"))))
        #expect(verdict(scenario.refusal("colleague", lose(deal))) == .may)
        // Mentor still has to decide, so he sees the deal; it is no longer his to change.
        #expect(verdict(scenario.refusal("mentor", lose(deal))) == .notPermitted)
        try scenario.given(
            "admin", change("junior", unit: SampleCompany.root, superior: .some(nil)))
        for who in ["colleague", "manager", "director"] {
            #expect(verdict(scenario.refusal(who, note(deal))) == .absent)
        }
    }

    @Test("D-34: what may not be seen is refused word for word like what does not exist")
    func indistinguishable() throws {
        let (scenario, _, _) = try parts()
        func refusals(_ deal: OpportunityID, _ approval: ApprovalID) -> [String] {
            let all = [
                scenario.refusal("colleague", update(deal)),
                scenario.refusal("colleague", note(deal)),
                scenario.refusal("colleague", advance(deal)),
                scenario.refusal("colleague", recall(deal)),
                scenario.refusal("colleague", win(deal)),
                scenario.refusal("colleague", lose(deal), seeing: 77),
                scenario.refusal("colleague", approve(approval)),
                scenario.refusal("colleague", reject(approval, "")),
            ]
            return all.map { "\($0.map { "\($0)" } ?? "accepted")" }
        }
        let hidden = refusals(OpportunityID(1), ApprovalID(1))
        for number in [UInt32(2), 0, UInt32.max] {
            let absent = refusals(OpportunityID(number), ApprovalID(number)).map {
                $0.replacing("o\(number)", with: "o1").replacing("a\(number)", with: "a1")
            }
            #expect(absent == hidden)
        }
    }

    @Test("D-33: seeing from above and listing from above are one and the same", arguments: 0..<20)
    func bothWays(seed: Int) throws {
        let scenario = SampleCompany.founded()
        var random = SplitMix(seed: UInt64(seed))
        for index in 1...8 {
            let parent = UnitID(UInt32.random(in: 1...UInt32(index), using: &random))
            try scenario.given(
                "admin", CreateUnit(name: "U\(index)", parent: parent, kind: nil, head: nil))
        }
        for index in 1...16 {
            let unit = UnitID(UInt32.random(in: 1...9, using: &random))
            let superior =
                index > 1 && Bool.random(using: &random)
                ? "p\(Int.random(in: 1..<index, using: &random))-x" : nil
            try scenario.given(
                "admin", SampleCompany.hire("p\(index)-x", unit, superior: superior))
        }
        for unit in 1...9 where Bool.random(using: &random) {
            let head = "p\(Int.random(in: 1...16, using: &random))-x"
            let intent = SampleCompany.setHead(of: UnitID(UInt32(unit)), to: head)
            if scenario.refusal("admin", intent) == nil { try scenario.given("admin", intent) }
        }
        let people = Array(scenario.state.persons.ids)
        for upper in people {
            let below = people.filter { scenario.state.isAbove(upper, $0) }
            #expect(scenario.state.peopleBelow(upper) == below)
            #expect(
                scenario.state.superior(of: upper).map { scenario.state.isAbove($0, upper) }
                    != false)
        }
    }

    @Test("D-32: customers are changed by who entered them, those above and admins")
    func customers() throws {
        let scenario = try SampleCompany.scenario()
        try scenario.publish("method", linear(stage("a", 10)))
        try scenario.given("colleague", CreateCustomer(name: "Acme", fields: [:]))
        let customer = CustomerID(2)
        let rename = UpdateCustomer(customer: customer, name: "Acme Ltd", fields: [:])
        for who in ["rep", "executive", "trainee"] {
            #expect(verdict(scenario.refusal(who, rename)) == .notPermitted)
        }
        for who in ["colleague", "admin", "manager", "director"] {
            #expect(verdict(scenario.refusal(who, rename)) == .may)
        }
        try scenario.given("rep", scenario.newDeal(customer: customer))
        #expect(verdict(scenario.refusal("rep", rename)) == .may)
        #expect(verdict(scenario.refusal("trainee", rename)) == .notPermitted)
        scenario.expect(
            "rep", UpdateCustomer(customer: CustomerID(9), name: "X", fields: [:]),
            refusedAs: .notFound(noun: "customer", name: "c9"))
    }

    @Test(
        "D-33: a deal of one's own lets one fill what is empty, not overwrite what others work with"
    )
    func customersOfOthers() throws {
        let scenario = try SampleCompany.scenario()
        try scenario.publish("method", linear(stage("a", 10)))
        try scenario.given("colleague", CreateCustomer(name: "Acme", fields: [.phone: "1"]))
        let customer = CustomerID(2)
        try scenario.given("colleague", scenario.newDeal(customer: customer))
        try scenario.given(
            "colleague", CreateContact(customer: customer, name: "Wang", fields: [:]))
        let update = { (name: String?, fields: [Customer.Field: String]) in
            UpdateCustomer(customer: customer, name: name, fields: fields)
        }
        #expect(verdict(scenario.refusal("rep", update(nil, [.address: "x"]))) == .notPermitted)
        try scenario.given("rep", scenario.newDeal(customer: customer))
        for wish in [
            update("Other", [:]), update(nil, [.phone: "2"]), update(nil, [.phone: ""]),
        ] { #expect(verdict(scenario.refusal("rep", wish)) == .notPermitted) }
        let filling = update(nil, [.phone: "1", .address: "x", .type: "y"])
        #expect(verdict(scenario.refusal("rep", filling)) == .may)
        let wang = UpdateContact(
            contact: ContactID(1), name: nil, fields: [.email: "w"], left: nil, customer: nil)
        #expect(verdict(scenario.refusal("rep", wang)) == .may)
        let gone = UpdateContact(
            contact: ContactID(1), name: nil, fields: [:], left: true, customer: nil)
        #expect(verdict(scenario.refusal("rep", gone)) == .notPermitted)
        #expect(verdict(scenario.refusal("manager", gone)) == .may)
        try scenario.given(
            "rep",
            AddDealContact(opportunity: OpportunityID(2), contact: ContactID(1), part: .user))
        #expect(verdict(scenario.refusal("rep", gone)) == .may)
        // Handed over, it is the new owner's to work with.
        try scenario.given(
            "manager", TransferOpportunity(opportunity: OpportunityID(1), to: .login("rep")))
        #expect(verdict(scenario.refusal("rep", update("Other", [.phone: "2"]))) == .may)
    }

    @Test("D-32: passwords are changed by their owner with the old one, or by an admin")
    func passwords() throws {
        let scenario = try SampleCompany.scenario()
        let intent = ChangePassword(person: .login("rep"))
        let new = ["new": "$scrypt$x"]
        let proof = ["new": "$scrypt$x", "OLD": ""]
        #expect(throws: Never.self) { try scenario.decide("rep", intent, secrets: proof) }
        #expect(throws: Never.self) { try scenario.decide("admin", intent, secrets: new) }
        for (who, secrets) in [("rep", new), ("colleague", proof), ("manager", proof)] {
            #expect(throws: Rejection.self) {
                try scenario.decide(who, intent, secrets: secrets)
            }
        }
    }

    /// The deals that everybody is listed are those that they see one by one.
    private func expectListed(_ state: State, location: SourceLocation = #_sourceLocation) {
        for person in state.persons.ids {
            let seen = state.opportunities.ids.filter {
                state.sees(person, state.opportunities[$0])
            }
            #expect(state.opportunities(seenBy: person) == seen, sourceLocation: location)
        }
    }

    @Test("D-33: a customer's details are seen through any one of its many deals")
    func details() throws {
        let scenario = try SampleCompany.scenario()
        try scenario.publish(
            "method", linear(stage("a", 20) { $0.gate = askSuperior() }, stage("b", 50)))
        for _ in 0..<3 { try scenario.deal() }
        let last = try scenario.deal()
        func sees(_ who: String) -> Bool {
            scenario.state.seesDetails(
                scenario.person(who), of: scenario.state.customers[SampleCompany.customer])
        }
        for who in ["rep", "manager", "director", "executive"] { #expect(sees(who), "\(who)") }
        for who in ["colleague", "westerner", "neighbour"] { #expect(!sees(who), "\(who)") }
        try scenario.given(
            "rep", ChangeTeam(opportunity: last, wish: .add(.login("westerner"), role: "technical"))
        )
        #expect(sees("westerner") && !sees("neighbour"))
        expectListed(scenario.state)
        let request = try scenario.submit(last)
        try scenario.given(
            "admin", RerouteApproval(approval: request, to: .login("neighbour"), reason: "away"))
        #expect(sees("neighbour") && !sees("colleague"))
        expectListed(scenario.state)
        try scenario.given("neighbour", approve(request))
        #expect(!sees("neighbour"))
    }
}
