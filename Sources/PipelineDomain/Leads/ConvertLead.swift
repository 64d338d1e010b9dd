/// `LEAD.CONVERT`: customer, contact and deal together, the lead marked converted: all or nothing
/// (D-9). Without CUSTOMER one is made of the lead's company, or of its name where it has none.
public struct ConvertLead: Intent {
    let lead: LeadID
    let title: String
    let customer: CustomerID?
    let amount: Amount?
    let currency: Currency?
    let close: Day?
    let process: ProcessReference?
    let owner: PersonReference?

    public init(
        lead: LeadID, title: String, customer: CustomerID?, amount: Amount?, currency: Currency?,
        close: Day?, process: ProcessReference?, owner: PersonReference?
    ) {
        self.lead = lead
        self.title = title
        self.customer = customer
        self.amount = amount
        self.currency = currency
        self.close = close
        self.process = process
        self.owner = owner
    }

    public func decide(_ state: State, _ context: Context) throws(Rejection) -> Decision {
        let lead = try state.lead(lead, for: context.actor)
        let known: Customer? = if let customer { try state.customer(customer) } else { nil }
        let owner = try state.person(owner ?? .id(lead.owner))
        if let process { _ = try state.process(process) }
        try state.requireInCharge(of: lead, context, "convert")
        if owner.id != lead.owner {
            try state.requireMayEnter("a deal", for: owner.id, context)
        }
        try lead.requireOpen(context)
        let name = lead[.company] ?? lead.name
        if known == nil, let other = state.customerNames[folded(name)] {
            throw .customerKnown(name: state.customers[other].name, other, lead: lead.id)
        }
        guard owner.isActive else { throw .inactive(owner.id) }
        let customer = known?.id ?? state.customers.nextID
        let (facts, version) = try deal(state, lead, customer, known, owner)
        let conversion = LeadConversion(
            customer: customer, contact: state.contacts.nextID,
            opportunity: state.opportunities.nextID)
        var events: [Event] = []
        if known == nil {
            events.append(.customer(customer, .created(name: name, fields: lead.customerFields)))
        }
        events += [
            .contact(
                conversion.contact,
                .created(customer: customer, name: lead.name, fields: lead.contactFields)),
            .opportunity(conversion.opportunity, .created(facts)),
            .opportunity(conversion.opportunity, .contactAdded(conversion.contact, part: nil)),
            .lead(lead.id, .converted(conversion)),
        ]
        return Decision(
            .lead(lead.id), events,
            createdFields: known == nil
                ? ["customer", "contact", "opportunity"] : ["contact", "opportunity"],
            answer: [
                Answer.Field("customer", .text(customer.description)),
                Answer.Field("contact", .text(conversion.contact.description)),
                Answer.Field("opportunity", .text(conversion.opportunity.description)),
                Answer.Field("process", .text(version.key)),
                Answer.Field("version", .integer(Int64(version.number))),
                Answer.Field("stage", .text(version.definition.stages[0].key)),
            ])
    }

    private func deal(
        _ state: State, _ lead: Lead, _ customer: CustomerID, _ known: Customer?, _ owner: Person
    ) throws(Rejection) -> (OpportunityFacts, ProcessVersion) {
        let currency = currency ?? state.company.currency
        let money = try amount.map(in: currency)
        var fields = DealFields()
        fields[.source] = lead[.source]
        fields[.industry] = lead[.industry]
        let version = try state.chooseProcess(
            process,
            for: DealTraits(
                owner: owner.id, unit: owner.unit, customerType: known?[.type],
                industry: lead[.industry] ?? known?[.industry], product: nil))
        let facts = OpportunityFacts(
            title: title, customer: customer, owner: owner.id, version: version.id, amount: money,
            currency: currency, close: close, fields: fields, lead: lead.id)
        return (facts, version)
    }
}

extension Lead {
    fileprivate var customerFields: [Customer.Field: String] {
        var fields: [Customer.Field: String] = [:]
        fields[.industry] = self[.industry]
        return fields
    }

    fileprivate var contactFields: [Contact.Field: String] {
        var fields: [Contact.Field: String] = [:]
        fields[.phone] = self[.phone]
        fields[.email] = self[.email]
        return fields
    }
}
