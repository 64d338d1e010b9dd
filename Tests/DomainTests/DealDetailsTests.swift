import Testing

@testable import PipelineDomain

@Suite("Details of a deal")
struct DealDetailsTests {
    private func scenario() throws -> (Scenario, OpportunityID) {
        let scenario = try SampleCompany.scenario()
        try scenario.publish(
            "sale", linear(stage("a", 40) { $0.gate = askSuperior() }, stage("b", 60)))
        let deal = try scenario.deal(amount: "1250")
        return (scenario, deal)
    }

    private func tag(_ deal: OpportunityID, add: String? = nil, remove: String? = nil)
        -> TagOpportunity
    {
        TagOpportunity(opportunity: deal, adding: add, removing: remove)
    }

    private func change(
        _ deal: OpportunityID, amount: Amount?? = nil, currency: Currency? = nil,
        competitors: [String]? = nil, cost: Amount?? = nil, feasibility: String? = nil,
        custom: [(key: String, value: String)] = []
    ) -> UpdateOpportunity {
        UpdateOpportunity(
            opportunity: deal, customer: nil, amount: amount, currency: currency, close: nil,
            fields: feasibility.map { [.feasibility: $0] } ?? [:],
            details: DealDetails(competitors: competitors, cost: cost, custom: custom))
    }

    @Test("D-10: tags are sorted and the same whatever their case")
    func tags() throws {
        let (scenario, deal) = try scenario()
        try scenario.given("rep", tag(deal, add: "urgent"))
        try scenario.given("manager", tag(deal, add: "重点"))
        try scenario.given("rep", tag(deal, add: "Big"))
        #expect(scenario[deal].tags == ["Big", "urgent", "重点"])
        scenario.expect("rep", tag(deal, add: "URGENT"), gives: [])
        scenario.expect(
            "rep", tag(deal, add: "hot", remove: "BIG"),
            gives: [
                .opportunity(deal, .tagRemoved("Big")), .opportunity(deal, .tagAdded("hot")),
            ])
        #expect(scenario[deal].tags == ["hot", "urgent", "重点"])
    }

    @Test("D-25: tags may change while an approval is pending, the other fields may not")
    func pending() throws {
        let (scenario, deal) = try scenario()
        let approval = try scenario.submit(deal)
        try scenario.given("rep", tag(deal, add: "urgent"))
        let refusal = Rejection.pending(opportunity: deal, approval: approval)
        scenario.expect("rep", change(deal, competitors: ["三一"]), refusedAs: refusal)
        scenario.expect("rep", change(deal, feasibility: "yes"), refusedAs: refusal)
        scenario.expect("rep", change(deal, cost: amount("5")), refusedAs: refusal)
    }

    @Test("D-32, D-10: tagging is refused in order")
    func refusals() throws {
        let (scenario, deal) = try scenario()
        scenario.expect(
            "colleague", tag(deal, add: "x"),
            refusedAs: .notFound(noun: "opportunity", name: deal.description))
        scenario.expect(
            "executive", tag(deal, add: "x"),
            refusedAs: .notPermitted(
                action: "tag \(deal)",
                who: "its owner \(scenario.person("rep")) or somebody above"))
        scenario.expect(
            "rep", tag(deal, add: "x"),
            refusedAs: .stale(
                name: deal.description, current: 1, changedBy: scenario.person("rep")),
            seeing: 5)
        scenario.expect(
            "rep", tag(deal, add: "a,b", remove: "none"),
            refusedAs: .invalid([
                .init("REMOVE", "\(deal) has no tag 'none'"),
                .init("ADD", "a tag has no comma in it"),
            ]))
        try scenario.given("rep", lose(deal))
        scenario.expect(
            "rep", tag(deal, add: "x"),
            refusedAs: .alreadyClosed(opportunity: deal, outcome: .lost))
    }

    @Test(
        "D-10: ROI is exact, in percent with two decimals, half up",
        arguments: [
            ("1000", "25.00"), ("1250", "0.00"), ("2000", "-37.50"), ("300", "316.67"),
            ("0", nil), ("999999", "-99.87"),
        ])
    func roi(cost: String, roi: String?) throws {
        let (scenario, deal) = try scenario()
        #expect(scenario[deal].roi == nil)
        try scenario.given("rep", change(deal, cost: amount(cost)))
        #expect(scenario[deal].roi == roi)
    }

    @Test("D-36, D-10: a cost is never carried into another currency")
    func currencies() throws {
        let (scenario, deal) = try scenario()
        try scenario.given("rep", change(deal, cost: amount("1000")))
        scenario.expect(
            "rep", change(deal, amount: amount("10"), currency: currency("USD")),
            refusedAs: .invalid(
                "COST", "give COST as well: an amount is never carried into another currency"))
        try scenario.given(
            "rep",
            change(deal, amount: amount("10"), currency: currency("USD"), cost: amount("8")))
        #expect(scenario[deal].roi == "25.00")
        scenario.expect(
            "rep", change(deal, cost: amount("0.001")),
            refusedAs: .invalid("COST", "USD has 2 decimals"))
        scenario.expect(
            "rep", change(deal, cost: .some(nil)),
            gives: [
                .opportunity(deal, .costChanged(Change(from: money("8", "USD"), to: nil)))
            ])
    }

    @Test("P-5: a wrong cost and a wrong field of the company are told in one refusal")
    func everyFault() throws {
        let (scenario, deal) = try scenario()
        scenario.expect(
            "rep", change(deal, cost: amount("0.001"), custom: [("none", "1")]),
            refusedAs: .invalid([
                .init("COST", "CNY has 2 decimals"),
                .init("none", "is no field of the company; FIELD.PUT makes one"),
            ]))
    }

    @Test("D-10: competitors and feasibility change from what to what")
    func fields() throws {
        let (scenario, deal) = try scenario()
        scenario.expect(
            "rep", change(deal, competitors: ["三一", "Acme"], feasibility: "yes"),
            gives: [
                .opportunity(deal, .changed(.feasibility, Change(from: nil, to: "yes"))),
                .opportunity(
                    deal, .competitorsChanged(Change(from: [], to: ["三一", "Acme"]))),
            ])
        scenario.expect(
            "rep", change(deal, competitors: ["三一", "Acme"], feasibility: ""),
            gives: [.opportunity(deal, .changed(.feasibility, Change(from: "yes", to: nil)))])
    }

    @Test("D-10: the company's own fields take values of their type, and name every fault")
    func custom() throws {
        let (scenario, deal) = try scenario()
        var size = FeedbackField(key: "size", name: "Size", type: .choice)
        size.choices = ["small", "large"]
        let floors = FeedbackField(key: "floors", name: "Floors", type: .number)
        for field in [size, floors] {
            try scenario.given("admin", PutField(noun: .opportunity, field: field))
        }
        scenario.expect(
            "rep", change(deal, custom: [("size", "large"), ("floors", "12.50")]),
            gives: [
                .opportunity(
                    deal, .customChanged("size", Change(from: nil, to: .choice("large")))),
                .opportunity(
                    deal, .customChanged("floors", Change(from: nil, to: .number("12.5")))),
            ])
        scenario.expect(
            "rep", change(deal, custom: [("size", "")]),
            gives: [
                .opportunity(
                    deal, .customChanged("size", Change(from: .choice("large"), to: nil)))
            ])
        scenario.expect(
            "rep",
            change(deal, custom: [("size", "x"), ("none", "1"), ("floors", "1"), ("floors", "2")]),
            refusedAs: .invalid([
                .init("size", "must be one of: small, large"),
                .init("none", "is no field of the company; there are: floors, size"),
                .init("floors", "is given twice"),
            ]))
    }

    @Test("D-10, D-32: FIELD.PUT is refused in order; a field's type stays")
    func fieldRefusals() throws {
        let (scenario, _) = try scenario()
        var field = FeedbackField(key: "size", name: "Size", type: .text)
        try scenario.given("admin", PutField(noun: .customer, field: field))
        scenario.expect("admin", PutField(noun: .customer, field: field), gives: [])
        scenario.expect(
            "rep", PutField(noun: .customer, field: field),
            refusedAs: .notPermitted(action: "define fields", who: "an admin"))
        field.type = .number
        scenario.expect(
            "admin", PutField(noun: .customer, field: field),
            refusedAs: .stale(
                name: "customer.size", current: 1, changedBy: scenario.person("admin")),
            seeing: 2)
        scenario.expect(
            "admin", PutField(noun: .customer, field: field),
            refusedAs: .invalid("type", "stays 'text'; take another key"))
        try scenario.given("admin", PutField(noun: .opportunity, field: field))
        try scenario.given(
            "admin",
            UpdateCustomer(
                customer: SampleCompany.customer, name: nil, fields: [:],
                custom: [("size", "very large")]))
        #expect(
            scenario.state.customers[SampleCompany.customer].custom
                == ["size": .text("very large")])
    }
}
