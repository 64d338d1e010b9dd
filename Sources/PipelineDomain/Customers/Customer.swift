/// Who the deal is with. A customer's name is unique, case folded (D-10).
public struct Customer: Sendable {
    /// Everything about a customer but the name.
    public enum Field: String, Sendable, CaseIterable {
        case type, industry, address, phone, website
    }

    public let id: CustomerID
    public internal(set) var name: String
    /// Filled fields only.
    public internal(set) var fields: [Field: String]
    /// Custom fields by key; filled ones only.
    public internal(set) var custom: [String: FeedbackValue] = [:]
    public let createdAt: Instant
    public let createdBy: PersonID
    public internal(set) var revision: Revision
    /// Deals with the customer, whatever their outcome.
    public internal(set) var opportunities = OrderedIDs<OpportunityKind>()
    /// People who work for the customer, or did until they left.
    public internal(set) var contacts = OrderedIDs<ContactKind>()

    public subscript(field: Field) -> String? { fields[field] }
}

public enum CustomerEvent: Hashable, Sendable {
    case created(name: String, fields: [Customer.Field: String])
    case renamed(Change<String>)
    case changed(Customer.Field, Change<String?>)
    /// A custom field, by key.
    case customChanged(String, Change<FeedbackValue?>)
}

extension State {
    mutating func evolve(_ id: CustomerID, _ event: CustomerEvent, _ recorded: Recorded) {
        switch event {
        case .created(let name, let fields):
            customers.append(
                Customer(
                    id: id, name: name, fields: fields, createdAt: recorded.at,
                    createdBy: recorded.actor,
                    revision: Revision(
                        number: 1, by: recorded.actor)))
            customerNames[folded(name)] = id
            return
        case .renamed(let change):
            customerNames[folded(change.from)] = nil
            customerNames[folded(change.to)] = id
            customers[id].name = change.to
        case .changed(let field, let change):
            customers[id].fields[field] = change.to
        case .customChanged(let key, let change):
            customers[id].custom[key] = change.to
        }
        customers[id].revision.advance(by: recorded.actor)
    }
}

/// `CUSTOMER.CREATE`: anyone (D-32).
public struct CreateCustomer: Intent {
    let name: String
    let fields: [Customer.Field: String]

    public init(name: String, fields: [Customer.Field: String]) {
        self.name = name
        self.fields = fields
    }

    public func decide(_ state: State, _ context: Context) throws(Rejection) -> Decision {
        try state.requireFree(name)
        let id = state.customers.nextID
        let event = CustomerEvent.created(name: name, fields: fields.filter { !$0.value.isEmpty })
        return Decision(.customer(id), [.customer(id, event)], createsSubject: true)
    }
}

/// `CUSTOMER.UPDATE`: whoever entered the customer, whoever is in charge of a deal with it, and an
/// admin. An empty value clears a field.
public struct UpdateCustomer: Intent {
    let customer: CustomerID
    let name: String?
    let fields: [Customer.Field: String]
    let custom: [(key: String, value: String)]

    public init(
        customer: CustomerID, name: String?, fields: [Customer.Field: String],
        custom: [(key: String, value: String)] = []
    ) {
        self.custom = custom
        self.customer = customer
        self.name = name
        self.fields = fields
    }

    public func decide(_ state: State, _ context: Context) throws(Rejection) -> Decision {
        let customer = try state.customer(customer)
        try state.requireMayChange(customer, context, "change \(customer.id)")
        try context.check(customer.revision, of: customer.id.description)
        var events: [CustomerEvent] = []
        if let name, name != customer.name {
            if folded(name) != folded(customer.name) { try state.requireFree(name) }
            events.append(.renamed(Change(from: customer.name, to: name)))
        }
        for field in Customer.Field.allCases {
            guard let value = fields[field] else { continue }
            let new: String? = value.isEmpty ? nil : value
            guard new != customer[field] else { continue }
            events.append(.changed(field, Change(from: customer[field], to: new)))
        }
        let values = state.customValues(
            custom, .customer, now: customer.custom, in: state.company.currency)
        guard values.faults.isEmpty else { throw .invalid(values.faults) }
        events += values.changes.map { .customChanged($0.key, $0.change) }
        return Decision(.customer(customer.id), events.map { .customer(customer.id, $0) })
    }
}

extension State {
    /// Everybody knows a customer's name; the rest is for those who work with it (D-32).
    public func seesDetails(_ viewer: PersonID, of customer: Customer) -> Bool {
        customer.createdBy == viewer || seesEverything(viewer)
            || customer.opportunities.contains { sees(viewer, opportunities[$0]) }
    }

    func mayChange(_ person: PersonID, _ customer: Customer) -> Bool {
        customer.createdBy == person || persons[person].role == .admin
            || customer.opportunities.contains { isInCharge(person, of: opportunities[$0]) }
    }

    func requireFree(_ name: String) throws(Rejection) {
        guard let other = customerNames[folded(name)] else { return }
        throw .taken(what: "customer name", text: customers[other].name, by: other.description)
    }
}
