/// `OPP.CREATE`: anyone for themselves or somebody below; an admin names any owner (D-9, D-32).
public struct CreateOpportunity: Intent {
    let title: String
    let customer: CustomerID
    let amount: Amount?
    let currency: Currency?
    let close: Day?
    let process: ProcessReference?
    let owner: PersonReference?
    let fields: DealFields
    let details: DealDetails

    public init(
        title: String, customer: CustomerID, amount: Amount?, currency: Currency?, close: Day?,
        process: ProcessReference?, owner: PersonReference?, fields: DealFields,
        details: DealDetails = DealDetails()
    ) {
        self.details = details
        self.title = title
        self.customer = customer
        self.amount = amount
        self.currency = currency
        self.close = close
        self.process = process
        self.owner = owner
        self.fields = fields
    }

    public func decide(_ state: State, _ context: Context) throws(Rejection) -> Decision {
        let customer = try state.customer(customer)
        let owner = try state.person(owner ?? .id(context.actor))
        if let process { _ = try state.process(process) }
        try state.requireMayEnter("a deal", for: owner.id, context)
        let filled = fields.withoutEmpty
        if let external = filled[.externalID] { try state.requireFree(external, context) }
        guard owner.isActive else { throw .inactive(owner.id) }
        let currency = currency ?? state.company.currency
        let money = try amount.map(in: currency)
        let traits = DealTraits(
            owner: owner.id, unit: owner.unit, customerType: customer[.type],
            industry: filled[.industry] ?? customer[.industry], product: filled[.product])
        let version = try state.chooseProcess(process, for: traits)
        let id = state.opportunities.nextID
        let facts = OpportunityFacts(
            title: title, customer: customer.id, owner: owner.id, version: version.id,
            amount: money, currency: currency, close: close, fields: filled)
        let more = details.isEmpty ? [] : try details.events(of: nil, in: currency, state)
        return Decision(
            .opportunity(id), ([.created(facts)] + more).map { .opportunity(id, $0) },
            createsSubject: true,
            answer: [
                Answer.Field("process", .text(version.key)),
                Answer.Field("version", .integer(Int64(version.number))),
                Answer.Field("stage", .text(version.definition.stages[0].key)),
            ])
    }
}

/// `OPP.UPDATE`: any fields in one step; an empty text clears a field. While an approval is pending
/// nothing but the tags may change (D-25).
public struct UpdateOpportunity: Intent {
    let opportunity: OpportunityID
    let title: String?
    let customer: CustomerID?
    /// `.some(nil)` clears.
    let amount: Amount??
    let currency: Currency?
    let close: Day??
    let fields: DealFields
    let details: DealDetails

    public init(
        opportunity: OpportunityID, title: String? = nil, customer: CustomerID? = nil,
        amount: Amount?? = nil, currency: Currency? = nil, close: Day?? = nil,
        fields: DealFields = DealFields(), details: DealDetails = DealDetails()
    ) {
        self.title = title
        self.details = details
        self.opportunity = opportunity
        self.customer = customer
        self.amount = amount
        self.currency = currency
        self.close = close
        self.fields = fields
    }

    public func decide(_ state: State, _ context: Context) throws(Rejection) -> Decision {
        // What is named and absent comes before everything else (P-5).
        try state.lookAt(opportunity, for: context.actor) { _ in }
        let newCustomer: CustomerID? =
            if let customer { try state.customer(customer).id } else { nil }
        let deal = try state.changeable(opportunity, context, "change")
        if let external = fields[.externalID], !external.isEmpty, external != deal[.externalID] {
            try state.requireFree(external, context)
        }
        if !changesOnlyTags { try deal.requireUnlocked() }
        var events: [OpportunityEvent] = []
        if let title, title != deal.title {
            if title.isEmpty { throw .invalid("TITLE", "a deal has a title") }
            events.append(.changed(.title, Change(from: deal.title, to: title)))
        }
        for field in DealFields.all {
            guard let text = fields[field], text != deal[field] ?? "" else { continue }
            let new = text.isEmpty ? nil : text
            events.append(.changed(field, Change(from: deal[field], to: new)))
        }
        if let newCustomer, newCustomer != deal.customer {
            events.append(.customerChanged(Change(from: deal.customer, to: newCustomer)))
        }
        let moneyEvents = try moneyEvents(of: deal)
        events += moneyEvents
        if let close, close != deal.close {
            events.append(.closeChanged(Change(from: deal.close, to: close)))
        }
        if !details.isEmpty || currency != nil {
            try events.append(
                contentsOf: details.events(of: deal, in: currency ?? deal.currency, state))
        }
        var recorded = events.map { Event.opportunity(deal.id, $0) }
        if case .amountChanged(let change) = moneyEvents.first {
            recorded += state.voided(by: change.to, of: deal, context)
                .map { .approval($0, .voided) }
        }
        recorded += state.slipped(deal, events, context)
        return Decision(.opportunity(deal.id), recorded)
    }

    private var changesOnlyTags: Bool {
        details.tags != nil && details.competitors == nil && details.cost == nil
            && details.custom.isEmpty && title == nil && customer == nil && amount == nil
            && currency == nil
            && close == nil && fields == DealFields()
    }

    private func moneyEvents(of deal: Opportunity) throws(Rejection) -> [OpportunityEvent] {
        let currency = currency ?? deal.currency
        guard let amount else {
            guard currency != deal.currency else { return [] }
            guard deal.amount == nil else {
                throw .invalid(
                    "CUR", "give AMOUNT as well: an amount is never carried into another currency")
            }
            return [.currencyChanged(Change(from: deal.currency, to: currency))]
        }
        let money = try amount.map(in: currency)
        var events: [OpportunityEvent] = []
        if money != deal.amount {
            events.append(.amountChanged(Change(from: deal.amount, to: money)))
        }
        if money == nil, currency != deal.currency {
            events.append(.currencyChanged(Change(from: deal.currency, to: currency)))
        }
        return events
    }
}

extension Opportunity {
    /// While an approval is pending the deal is locked (D-25).
    func requireUnlocked() throws(Rejection) {
        if let pending { throw .pending(opportunity: id, approval: pending) }
    }
}

extension State {
    /// Names the other deal only to those who may see it (D-34).
    fileprivate func requireFree(
        _ externalID: String, _ context: Context
    ) throws(Rejection) {
        guard let other = externalIDs[externalID] else { return }
        let visible = sees(context.actor, opportunities[other])
        throw .taken(
            what: "external id", text: externalID,
            by: visible ? other.description : "another deal")
    }
}

extension Optional where Wrapped == Amount {
    func map(in currency: Currency) throws(Rejection) -> Money? {
        guard let amount = self else { return nil }
        do {
            return try amount.money(in: currency)
        } catch {
            throw .invalid("AMOUNT", error.text(currency.code))
        }
    }
}

extension AmountProblem {
    /// What is wrong, for an error line.
    public func text(_ currency: String = "the currency") -> String {
        switch self {
        case .malformed: "must be a plain decimal such as 500000.00"
        case .negative: "must not be negative"
        case .tooLarge: "must be below 10^15"
        case .tooPrecise(let digits): "\(currency) has \(digits) decimals"
        }
    }
}
