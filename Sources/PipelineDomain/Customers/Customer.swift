/// Who the deal is with. A customer's name is unique, case folded (D-10).
public struct Customer: Sendable {
    /// Everything about a customer but the name.
    public enum Field: String, Sendable, CaseIterable {
        case type, industry, address, phone, website
    }

    public let id: CustomerID
    /// The name, then the filled fields.
    var texts: PackedTexts
    /// Custom fields by key; filled ones only.
    public internal(set) var custom: [String: FeedbackValue] = [:]
    public let createdAt: Instant
    public let createdBy: PersonID
    public internal(set) var revision: Revision
    /// Deals with the customer, whatever their outcome.
    public internal(set) var opportunities = OrderedIDs<OpportunityKind>()
    /// People who work for the customer, or did until they left.
    public internal(set) var contacts = OrderedIDs<ContactKind>()

    public internal(set) var name: String {
        get { texts[0] ?? "" }
        set { texts[0] = newValue }
    }

    /// `nil` where the field is not filled.
    public internal(set) subscript(field: Field) -> String? {
        get { texts[field.place] }
        set { texts[field.place] = newValue }
    }
}

extension Customer.Field {
    /// Among a customer's texts.
    package var place: Int {
        switch self {
        case .type: 1
        case .industry: 2
        case .address: 3
        case .phone: 4
        case .website: 5
        }
    }
}

extension PackedTexts {
    fileprivate init(name: String, _ fields: [Customer.Field: String]) {
        var maker = TextRunMaker()
        maker.add(name, at: 0)
        for field in Customer.Field.allCases.sorted(by: { $0.place < $1.place }) {
            if let text = fields[field] { maker.add(text, at: field.place) }
        }
        self.init(maker)
    }
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
                    id: id, texts: PackedTexts(name: name, fields), createdAt: recorded.at,
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
            customers[id][field] = change.to
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
    /// Custom fields.
    let custom: [(key: String, value: String)]

    public init(
        name: String, fields: [Customer.Field: String],
        custom: [(key: String, value: String)] = []
    ) {
        self.custom = custom
        self.name = name
        self.fields = fields
    }

    public func decide(_ state: State, _ context: Context) throws(Rejection) -> Decision {
        try state.requireFree(name)
        let id = state.customers.nextID
        let values = state.customValues(custom, .customer, now: [:], in: state.company.currency)
        guard values.faults.isEmpty else { throw .invalid(values.faults) }
        let events =
            [.created(name: name, fields: fields.filter { !$0.value.isEmpty })]
            + values.changes.map { CustomerEvent.customChanged($0.key, $0.change) }
        return Decision(
            .customer(id), events.map { .customer(id, $0) }, createsSubject: true)
    }
}

/// `CUSTOMER.UPDATE`: see `State.mayChange(_:enteredBy:of:)`. Whoever is in charge of a deal with the
/// customer may at least fill what is empty, so that no gate waits for somebody else's work. An empty
/// value clears a field.
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
        try state.requireMayChange(
            customer.id.description, enteredBy: customer.createdBy, of: customer,
            onlyFilling: onlyFills(customer), context)
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

    private func onlyFills(_ customer: Customer) -> Bool {
        (name == nil || name == customer.name)
            && fields.allSatisfy { customer[$0] == nil || customer[$0] == $1 }
            && custom.allSatisfy { customer.custom[$0.key] == nil }
    }
}

extension State {
    /// Everybody knows a customer's name; the rest is for those who work with it (D-32, D-33).
    public func seesDetails(_ viewer: PersonID, of customer: Customer) -> Bool {
        seesEverything(viewer) || isOwn(customer.createdBy, of: viewer)
            || seesADeal(viewer, with: customer)
    }

    /// There may be very many, most of them of a few owners: each owner is judged once.
    private func seesADeal(_ viewer: PersonID, with customer: Customer) -> Bool {
        var strangers: Set<PersonID> = []
        return customer.opportunities.contains { id in
            opportunities.borrow(id) { deal in
                if deal.pending == nil, strangers.contains(deal.owner) {
                    return persons[viewer].teams.contains(id)
                }
                if sees(viewer, deal) { return true }
                strangers.insert(deal.owner)
                return false
            }
        }
    }

    /// Whether the person is oneself or somebody below.
    func isOwn(_ person: PersonID, of viewer: PersonID) -> Bool {
        person == viewer || isAbove(viewer, person)
    }

    /// Whether the person is in charge of a deal with the customer.
    func worksWith(_ person: PersonID, _ customer: Customer) -> Bool {
        var others: Set<PersonID> = []
        return customer.opportunities.contains { id in
            let owner = opportunities.borrow(id) { $0.owner }
            guard others.insert(owner).inserted else { return false }
            return isOwn(owner, of: person)
        }
    }

    /// What was entered about a customer is changed by whoever entered it, those above and admins; by
    /// others who are in charge of a deal with it once whoever entered it works on none any more. Anybody
    /// may enter a deal, so that by itself gives no right over another one's work (D-32, D-33).
    func mayChange(_ person: PersonID, enteredBy author: PersonID, of customer: Customer) -> Bool {
        if persons[person].role == .admin || isOwn(author, of: person) { return true }
        guard worksWith(person, customer) else { return false }
        return !customer.opportunities.contains {
            opportunities.borrow($0) { $0.owner == author && $0.outcome == .open }
        }
    }

    /// - Parameter onlyFilling: Whether nothing is overwritten.
    func requireMayChange(
        _ name: String, enteredBy author: PersonID, of customer: Customer, onlyFilling: Bool,
        _ context: Context
    ) throws(Rejection) {
        if mayChange(context.actor, enteredBy: author, of: customer) { return }
        let mayFill = worksWith(context.actor, customer)
        guard !mayFill || !onlyFilling else { return }
        throw .notPermitted(
            action: mayFill ? "overwrite what is filled in of \(name)" : "change \(name)",
            who: "\(author), who entered it, somebody above, or an admin"
                + (mayFill
                    ? "" : "; who is in charge of a deal with \(customer.id) fills what is empty"))
    }

    func requireFree(_ name: String) throws(Rejection) {
        guard let other = customerNames[folded(name)] else { return }
        throw .taken(what: "customer name", text: customers[other].name, by: other.description)
    }
}
