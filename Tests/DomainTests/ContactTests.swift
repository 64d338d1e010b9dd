import Testing

@testable import PipelineDomain

@Suite("Contacts")
struct ContactTests {
    private let chief = ContactID(1)
    private let clerk = ContactID(2)

    /// The rep's deal in a method whose first stage needs a decision-maker, with two contacts of its
    /// customer known and none on it.
    private func scenario(asking: Bool = false) throws -> (Scenario, OpportunityID) {
        let scenario = try SampleCompany.scenario()
        try scenario.publish(
            "method",
            linear(
                stage("a", 10) {
                    $0.requires = asking ? [] : [.contactDecisionMaker]
                    var field = FeedbackField(key: "signer", name: "Signer", type: .contact)
                    field.required = false
                    $0.feedback = [field]
                    if asking { $0.gate = askSuperior() }
                }, stage("b", 40)))
        let deal = try scenario.deal()
        for name in ["Wang", "Li"] {
            try scenario.given(
                "rep", CreateContact(customer: SampleCompany.customer, name: name, fields: [:]))
        }
        return (scenario, deal)
    }

    private func add(_ contact: ContactID, _ deal: OpportunityID, _ part: ContactPart)
        -> AddDealContact
    {
        AddDealContact(opportunity: deal, contact: contact, part: part)
    }

    private func remove(_ contact: ContactID, _ deal: OpportunityID, by: ContactID? = nil)
        -> RemoveDealContact
    {
        RemoveDealContact(opportunity: deal, contact: contact, successor: by)
    }

    private func update(
        _ contact: ContactID, name: String? = nil, fields: [Contact.Field: String] = [:],
        left: Bool? = nil, customer: CustomerID? = nil
    ) -> UpdateContact {
        UpdateContact(contact: contact, name: name, fields: fields, left: left, customer: customer)
    }

    private func told(
        _ scenario: Scenario, _ who: String, _ deal: OpportunityID, by: String,
        _ change: ContactChange
    )
        -> Event
    {
        .inbox(
            scenario.person(who),
            .notified(
                Notification(
                    kind: .contactChanged, opportunity: deal, approval: nil,
                    by: scenario.person(by), note: nil, contact: change)))
    }

    @Test("D-10: a contact is put on a deal with a part, which a second ADD changes")
    func parts() throws {
        let (scenario, deal) = try scenario()
        scenario.expect(
            "rep", add(clerk, deal, .user),
            gives: [.opportunity(deal, .contactAdded(clerk, part: .user))])
        scenario.expect(
            "manager", add(clerk, deal, .sponsor),
            gives: [
                .opportunity(
                    deal, .contactPartChanged(clerk, Change(from: .user, to: .sponsor)))
            ])
        scenario.expect("rep", add(clerk, deal, .sponsor), gives: [])
        try scenario.given("rep", add(chief, deal, .decisionMaker))
        #expect(
            scenario[deal].contacts == [
                DealContact(contact: chief, part: .decisionMaker),
                DealContact(contact: clerk, part: .sponsor),
            ])
        #expect(Array(scenario.state.contacts[chief].opportunities) == [deal])
    }

    @Test("D-2: a stage that requires a decision-maker is left only with one who is still there")
    func requirement() throws {
        let (scenario, deal) = try scenario()
        let gate = Rejection.gate(
            opportunity: deal, stage: "a", missing: [.field(.contactDecisionMaker)])
        scenario.expect("rep", advance(deal), refusedAs: gate)
        try scenario.given("rep", add(chief, deal, .sponsor))
        scenario.expect("rep", advance(deal), refusedAs: gate)
        try scenario.given("rep", add(chief, deal, .decisionMaker))
        #expect(scenario.refusal("rep", advance(deal)) == nil)
        try scenario.given("rep", update(chief, left: true))
        scenario.expect("rep", advance(deal), refusedAs: gate)
        try scenario.given("rep", update(chief, left: false))
        #expect(scenario.refusal("rep", advance(deal)) == nil)
        try scenario.given("rep", CreateCustomer(name: "Other", fields: [:]))
        try scenario.given("rep", update(chief, customer: CustomerID(2)))
        scenario.expect("rep", advance(deal), refusedAs: gate)
    }

    @Test("D-40: who leaves is told at once to the owner and all superiors of every open deal")
    func leaving() throws {
        let (scenario, deal) = try scenario()
        let second = try scenario.deal(by: "colleague")
        let closed = try scenario.deal()
        for (who, on) in [("rep", deal), ("colleague", second), ("rep", closed)] {
            try scenario.given(who, add(chief, on, .decisionMaker))
        }
        try scenario.given("rep", lose(closed))
        scenario.expect(
            "rep", update(chief, left: true),
            gives: [.contact(chief, .left)]
                + ["manager", "director"].map {
                    told(scenario, $0, deal, by: "rep", .left(chief))
                }
                + ["colleague", "manager", "director"].map {
                    told(scenario, $0, second, by: "rep", .left(chief))
                })
        #expect(scenario.told("neighbour").isEmpty)
        scenario.expect("rep", update(chief, left: true), gives: [])
        scenario.expect("rep", update(chief, left: false), gives: [.contact(chief, .returned)])
    }

    @Test("D-40: so is a new employer, who then has the contact")
    func employer() throws {
        let (scenario, deal) = try scenario()
        try scenario.given("rep", add(chief, deal, .decisionMaker))
        try scenario.given("rep", CreateCustomer(name: "Rival", fields: [:]))
        let rival = CustomerID(2)
        scenario.expect(
            "rep", update(chief, left: true, customer: rival),
            refusedAs: .invalid([.init("LEFT", "is either yes or a new CUSTOMER, not both")]))
        scenario.expect(
            "rep", update(chief, fields: [.title: "CEO"], customer: rival),
            gives: [
                .contact(chief, .changed(.title, Change(from: nil, to: "CEO"))),
                .contact(
                    chief, .customerChanged(Change(from: SampleCompany.customer, to: rival))),
                told(scenario, "manager", deal, by: "rep", .moved(chief, to: rival)),
                told(scenario, "director", deal, by: "rep", .moved(chief, to: rival)),
            ])
        #expect(Array(scenario.state.customers[rival].contacts) == [chief])
        #expect(Array(scenario.state.customers[SampleCompany.customer].contacts) == [clerk])
    }

    @Test("D-40: a successor takes over the part, and the same people are told")
    func successor() throws {
        let (scenario, deal) = try scenario()
        try scenario.given("rep", add(chief, deal, .decisionMaker))
        try scenario.given("rep", add(clerk, deal, .user))
        let change = ContactChange.replaced(chief, by: clerk)
        scenario.expect(
            "manager", remove(chief, deal, by: clerk),
            gives: [
                .opportunity(
                    deal, .contactRemoved(chief, part: .decisionMaker, successor: clerk)),
                .opportunity(
                    deal, .contactPartChanged(clerk, Change(from: .user, to: .decisionMaker))),
                told(scenario, "rep", deal, by: "manager", change),
                told(scenario, "director", deal, by: "manager", change),
            ])
        #expect(
            scenario[deal].contacts == [DealContact(contact: clerk, part: .decisionMaker)])
        #expect(scenario.state.contacts[chief].opportunities.isEmpty)
        scenario.expect(
            "rep", remove(clerk, deal),
            gives: [
                .opportunity(deal, .contactRemoved(clerk, part: .decisionMaker, successor: nil)),
                told(scenario, "manager", deal, by: "rep", .replaced(clerk, by: nil)),
                told(scenario, "director", deal, by: "rep", .replaced(clerk, by: nil)),
            ])
    }

    @Test(
        "D-32, D-34: a contact exists for whoever sees the customer's details, and is changed by who entered it"
    )
    func rights() throws {
        let (scenario, deal) = try scenario()
        let unseen = Rejection.notFound(noun: "contact", name: "k1")
        for who in ["westerner", "colleague", "mentor"] {
            scenario.expect(who, update(chief, name: "X"), refusedAs: unseen)
        }
        for who in ["rep", "manager", "director", "admin"] {
            #expect(scenario.refusal(who, update(chief, name: "X")) == nil)
        }
        func who(_ author: String) -> String {
            "\(scenario.person(author)), who entered it, somebody above, or an admin; who is in charge of a deal with c1 fills what is empty"
        }
        scenario.expect(
            "executive", update(chief, name: "X"),
            refusedAs: .notPermitted(action: "change k1", who: who("rep")))
        scenario.expect(
            "westerner",
            CreateContact(customer: SampleCompany.customer, name: "Zhao", fields: [:]),
            refusedAs: .notPermitted(action: "change c1", who: who("admin")))
        scenario.expect(
            "rep", CreateContact(customer: CustomerID(9), name: "Zhao", fields: [:]),
            refusedAs: .notFound(noun: "customer", name: "c9"))
        scenario.expect(
            "executive", add(chief, deal, .user),
            refusedAs: .notPermitted(
                action: "change o1", who: "its owner \(scenario.person("rep")) or somebody above"))
        scenario.expect(
            "westerner", add(chief, deal, .user),
            refusedAs: .notFound(noun: "opportunity", name: "o1"))
    }

    @Test("P-5: not found, not permitted, conflict, pending and invalid come in this order")
    func precedence() throws {
        let (scenario, deal) = try scenario(asking: true)
        try scenario.given("rep", update(clerk, left: true))
        let approval = try scenario.submit(deal)
        let missing = ContactID(9)
        scenario.expect(
            "executive", add(missing, deal, .user),
            refusedAs: .notFound(noun: "contact", name: "k9"))
        scenario.expect(
            "rep", add(clerk, deal, .user),
            refusedAs: .stale(
                name: "o1", current: scenario[deal].revision.number,
                changedBy: scenario.person("rep")), seeing: 1)
        let locked = Rejection.pending(opportunity: deal, approval: approval)
        scenario.expect("rep", add(clerk, deal, .user), refusedAs: locked)
        scenario.expect("rep", remove(clerk, deal), refusedAs: locked)
        try scenario.given("rep", recall(deal))
        scenario.expect(
            "rep", add(clerk, deal, .user),
            refusedAs: .invalid([.init("ADD", "k2 has left c1")]))
        scenario.expect(
            "rep", remove(clerk, deal), refusedAs: .invalid([.init("REMOVE", "k2 is not on o1")]))
        try scenario.given("rep", add(chief, deal, .user))
        scenario.expect(
            "rep", remove(chief, deal, by: chief),
            refusedAs: .invalid([.init("SUCCESSOR", "k1 cannot succeed itself")]))
        scenario.expect(
            "rep", remove(clerk, deal),
            refusedAs: .invalid([.init("REMOVE", "k2 is not on o1; on it: k1")]))
        try scenario.given("rep", lose(deal))
        scenario.expect(
            "rep", add(chief, deal, .user),
            refusedAs: .alreadyClosed(opportunity: deal, outcome: .lost))
    }

    @Test("D-10: only people of the deal's own customer come on it")
    func foreign() throws {
        let (scenario, deal) = try scenario()
        try scenario.given("rep", CreateCustomer(name: "Other", fields: [:]))
        try scenario.given("rep", update(chief, customer: CustomerID(2)))
        scenario.expect(
            "rep", add(chief, deal, .user),
            refusedAs: .invalid([.init("ADD", "k1 is a contact of c2, o1 is with c1")]))
    }

    @Test("D-2: a feedback field of type contact takes somebody present of the deal's customer")
    func feedbackField() throws {
        let (scenario, deal) = try scenario()
        scenario.expect(
            "rep", feedback(deal, ("signer", "k1")),
            gives: [
                .opportunity(
                    deal,
                    .feedbackGiven(
                        StageItem(stage: "a", key: "signer"),
                        Change(from: nil, to: .contact(chief))))
            ])
        let wrong = Rejection.invalid([
            .init("signer", "must be the id of a contact of c1, such as k3")
        ])
        try scenario.given("rep", CreateCustomer(name: "Other", fields: [:]))
        try scenario.given("rep", update(clerk, customer: CustomerID(2)))
        for text in ["k2", "k9", "wang", "e1"] {
            scenario.expect("rep", feedback(deal, ("signer", text)), refusedAs: wrong)
        }
        try scenario.given("rep", update(chief, left: true))
        scenario.expect(
            "rep", feedback(deal, ("signer", "k1")),
            refusedAs: .invalid([.init("signer", "k1 has left c1")]))
    }
}
