import Testing

@testable import PipelineDomain

@Suite("Leads")
struct LeadTests {
    private let lead = LeadID(1)

    /// A published method and the rep's lead l1, of the company Globex.
    private func scenario() throws -> Scenario {
        let scenario = try SampleCompany.scenario()
        try scenario.publish("method", linear(stage("a", 10), stage("b", 40)))
        try scenario.given(
            "rep",
            CreateLead(
                name: "Zhao", owner: nil,
                fields: [.company: "Globex", .source: "fair", .phone: "110", .industry: "steel"],
                measures: [.visits: 3]))
        return scenario
    }

    private func convert(
        customer: CustomerID? = nil, amount text: String? = nil, process: String? = nil,
        owner: String? = nil
    ) -> ConvertLead {
        ConvertLead(
            lead: lead, title: "Tunnel", customer: customer, amount: text.map(DomainTests.amount),
            currency: nil, close: nil, process: process.map(ProcessReference.key),
            owner: owner.map(PersonReference.login))
    }

    private func update(
        name: String? = nil, owner: String? = nil, fields: [Lead.Field: String] = [:],
        measures: [Lead.Measure: Int?] = [:]
    ) -> UpdateLead {
        UpdateLead(
            lead: lead, name: name, owner: owner.map(PersonReference.login), fields: fields,
            measures: measures)
    }

    @Test("D-9: converting makes customer, contact and deal in stage 1 in one step")
    func conversion() throws {
        let scenario = try scenario()
        let created = scenario.now
        scenario.pass(days: 3)
        let deal = OpportunityID(1)
        let contact = ContactID(1)
        let customer = CustomerID(2)
        let conversion = LeadConversion(customer: customer, contact: contact, opportunity: deal)
        scenario.expect(
            "manager", convert(amount: "12.5"),
            gives: [
                .customer(customer, .created(name: "Globex", fields: [.industry: "steel"])),
                .contact(
                    contact, .created(customer: customer, name: "Zhao", fields: [.phone: "110"])),
                .opportunity(
                    deal,
                    .created(
                        OpportunityFacts(
                            title: "Tunnel", customer: customer, owner: scenario.person("rep"),
                            version: ProcessVersionID(1), amount: money("12.5"), currency: cny,
                            close: nil, fields: [.source: "fair", .industry: "steel"], lead: lead))),
                .opportunity(deal, .contactAdded(contact, part: nil)),
                .lead(lead, .converted(conversion)),
            ])
        #expect(scenario[deal].stage == 0)
        #expect(scenario.state.leads[lead].status == .converted)
        #expect(scenario.state.leads[lead].conversion == conversion)
        #expect(scenario.state.cycleStart(of: scenario[deal]) == created)
        #expect(scenario[deal].createdAt == scenario.now)
    }

    @Test("D-9: an existing customer may be named; the contact is made with it")
    func existingCustomer() throws {
        let scenario = try scenario()
        try scenario.given("rep", convert(customer: SampleCompany.customer))
        #expect(scenario.state.customers.count == 1)
        #expect(scenario.state.contacts[ContactID(1)].customer == SampleCompany.customer)
        #expect(scenario[OpportunityID(1)].customer == SampleCompany.customer)
    }

    @Test("D-9, D-10: a taken name refuses the whole, naming the customer")
    func takenName() throws {
        let scenario = try scenario()
        try scenario.given("rep", update(fields: [.company: ""]))
        try scenario.given("rep", CreateCustomer(name: "ZHAO", fields: [:]))
        scenario.expect(
            "rep", convert(),
            refusedAs: .customerKnown(name: "ZHAO", CustomerID(2), lead: LeadID(1)))
        #expect(scenario.refusal("rep", convert(customer: CustomerID(2))) == nil)
    }

    @Test("D-9, P-5: a lead that came to an end is a conflict, whatever is asked of it")
    func ended() throws {
        for (end, status) in [(true, Lead.Status.converted), (false, .discarded)] {
            let scenario = try scenario()
            if end {
                try scenario.given("rep", convert())
            } else {
                scenario.expect(
                    "rep", DiscardLead(lead: lead, reason: "spam"),
                    gives: [.lead(lead, .discarded(reason: "spam"))])
                #expect(scenario.state.leads[lead].reason == "spam")
            }
            let ended = Rejection.leadEnded(lead: lead, status: status)
            scenario.expect("rep", convert(), refusedAs: ended)
            scenario.expect("rep", update(name: "X"), refusedAs: ended)
            scenario.expect("rep", DiscardLead(lead: lead, reason: "spam"), refusedAs: ended)
            scenario.expect(
                "rep", convert(),
                refusedAs: .stale(name: "l1", current: 2, changedBy: scenario.person("rep")),
                seeing: 1)
        }
    }

    @Test("D-32, D-33: leads are seen and worked by their owner and everyone above")
    func rights() throws {
        let scenario = try scenario()
        let unseen = Rejection.notFound(noun: "lead", name: "l1")
        for who in ["colleague", "neighbour", "mentor"] {
            scenario.expect(who, update(name: "X"), refusedAs: unseen)
            scenario.expect(who, convert(), refusedAs: unseen)
            scenario.expect(who, DiscardLead(lead: lead, reason: "r"), refusedAs: unseen)
        }
        let who = "its owner \(scenario.person("rep")) or somebody above"
        for (intent, action) in [(0, "change"), (1, "convert"), (2, "discard")] {
            let refusal = Rejection.notPermitted(action: "\(action) l1", who: who)
            switch intent {
            case 0: scenario.expect("executive", update(name: "X"), refusedAs: refusal)
            case 1: scenario.expect("executive", convert(), refusedAs: refusal)
            default:
                scenario.expect(
                    "admin", DiscardLead(lead: lead, reason: "r"), refusedAs: refusal)
            }
        }
        for who in ["rep", "manager", "director"] {
            #expect(scenario.refusal(who, convert()) == nil)
        }
    }

    @Test("D-32: another owner is named by somebody above or an admin, never by the owner")
    func owners() throws {
        let scenario = try scenario()
        let rep = scenario.person("rep")
        let colleague = scenario.person("colleague")
        scenario.expect(
            "rep", update(owner: "colleague"),
            refusedAs: .notPermitted(
                action: "give l1 to another owner",
                who: "somebody above its owner \(rep) or an admin"))
        scenario.expect(
            "rep", convert(owner: "colleague"),
            refusedAs: .notPermitted(
                action: "create a deal for \(colleague)", who: "somebody above them or an admin"))
        scenario.expect(
            "colleague", CreateLead(name: "X", owner: .login("rep"), fields: [:], measures: [:]),
            refusedAs: .notPermitted(
                action: "create a lead for \(rep)", who: "somebody above them or an admin"))
        scenario.expect(
            "admin", update(owner: "colleague"),
            gives: [.lead(lead, .ownerChanged(Change(from: rep, to: colleague)))])
        #expect(Array(scenario.state.persons[colleague].leads) == [lead])
        #expect(scenario.state.persons[rep].leads.isEmpty)
        scenario.intervene { $0.persons[rep].isActive = false }
        scenario.expect("manager", update(owner: "rep"), refusedAs: .inactive(rep))
        scenario.expect("manager", convert(owner: "rep"), refusedAs: .inactive(rep))
    }

    @Test("D-17: what changes of a lead is recorded from what to what")
    func changes() throws {
        let scenario = try scenario()
        scenario.expect(
            "rep",
            update(
                name: "Qian", fields: [.company: "", .email: "q@x", .source: "fair"],
                measures: [.visits: nil, .employees: 40]),
            gives: [
                .lead(lead, .renamed(Change(from: "Zhao", to: "Qian"))),
                .lead(lead, .changed(.company, Change(from: "Globex", to: nil))),
                .lead(lead, .changed(.email, Change(from: nil, to: "q@x"))),
                .lead(lead, .measured(.visits, Change(from: 3, to: nil))),
                .lead(lead, .measured(.employees, Change(from: nil, to: 40))),
            ])
        #expect(scenario.state.leads[lead].measures == [.employees: 40])
        scenario.expect("rep", update(name: "Qian"), gives: [])
    }
}
