/// `CONTACT.CREATE`: whoever may change the customer or is in charge of a deal with it.
public struct CreateContact: Intent {
    let customer: CustomerID
    let name: String
    let fields: [Contact.Field: String]

    public init(customer: CustomerID, name: String, fields: [Contact.Field: String]) {
        self.customer = customer
        self.name = name
        self.fields = fields
    }

    public func decide(_ state: State, _ context: Context) throws(Rejection) -> Decision {
        let customer = try state.customer(customer)
        try state.requireMayChange(
            customer.id.description, enteredBy: customer.createdBy, of: customer,
            onlyFilling: true, context)
        let id = state.contacts.nextID
        let event = ContactEvent.created(
            customer: customer.id, name: name, fields: fields.filter { !$0.value.isEmpty })
        return Decision(.contact(id), [.contact(id, event)], createsSubject: true)
    }
}

/// `CONTACT.UPDATE`: whoever may change what was entered about the customer, or entered the customer.
/// Whoever is in charge of a deal with the customer may at least fill what is empty; and of a deal that
/// the contact is on, say that the contact left or works elsewhere, which is told to those who follow
/// the contact's open deals (D-40). An empty value clears a field.
public struct UpdateContact: Intent {
    let contact: ContactID
    let name: String?
    let fields: [Contact.Field: String]
    let left: Bool?
    let customer: CustomerID?

    public init(
        contact: ContactID, name: String?, fields: [Contact.Field: String], left: Bool?,
        customer: CustomerID?
    ) {
        self.contact = contact
        self.name = name
        self.fields = fields
        self.left = left
        self.customer = customer
    }

    public func decide(_ state: State, _ context: Context) throws(Rejection) -> Decision {
        let contact = try state.contact(contact, for: context.actor)
        let employer: CustomerID? =
            if let customer = self.customer { try state.customer(customer).id } else { nil }
        let customer = state.customers[contact.customer]
        if !state.isOwn(customer.createdBy, of: context.actor) {
            try state.requireMayChange(
                contact.id.description, enteredBy: contact.createdBy, of: customer,
                onlyFilling: onlyFills(contact, context.actor, state), context)
        }
        try context.check(contact.revision, of: contact.id.description)
        let moves = employer != nil && employer != contact.customer
        if moves, left == true {
            throw .invalid("LEFT", "is either yes or a new CUSTOMER, not both")
        }
        var events = plainEvents(of: contact)
        var change: ContactChange?
        if let employer, moves {
            events.append(.customerChanged(Change(from: contact.customer, to: employer)))
            change = .moved(contact.id, to: employer)
        } else if let left, left != contact.hasLeft {
            events.append(left ? .left : .returned)
            change = left ? .left(contact.id) : nil
        }
        var all = events.map { Event.contact(contact.id, $0) }
        if let change {
            for id in contact.opportunities where state.opportunities[id].outcome == .open {
                all += state.tellAll(of: state.opportunities[id], change, context)
            }
        }
        return Decision(.contact(contact.id), all)
    }

    private func onlyFills(_ contact: Contact, _ actor: PersonID, _ state: State) -> Bool {
        (name == nil || name == contact.name)
            && fields.allSatisfy { contact[$0] == nil || contact[$0] == $1 }
            && (left == nil && customer == nil
                || contact.opportunities.contains {
                    state.isInCharge(actor, of: state.opportunities[$0])
                })
    }

    private func plainEvents(of contact: Contact) -> [ContactEvent] {
        var events: [ContactEvent] = []
        if let name, name != contact.name {
            events.append(.renamed(Change(from: contact.name, to: name)))
        }
        for field in Contact.Field.allCases {
            guard let value = fields[field] else { continue }
            let new: String? = value.isEmpty ? nil : value
            guard new != contact[field] else { continue }
            events.append(.changed(field, Change(from: contact[field], to: new)))
        }
        return events
    }
}

/// `OPP.CONTACT … ADD`: the owner and everyone above; locked while pending (D-25). Adding a contact
/// that is on the deal already changes its part.
public struct AddDealContact: Intent {
    let opportunity: OpportunityID
    let contact: ContactID
    let part: ContactPart

    public init(opportunity: OpportunityID, contact: ContactID, part: ContactPart) {
        self.opportunity = opportunity
        self.contact = contact
        self.part = part
    }

    public func decide(_ state: State, _ context: Context) throws(Rejection) -> Decision {
        let deal = try state.opportunity(opportunity, for: context.actor)
        let contact = try state.contact(contact, for: context.actor)
        _ = try state.changeable(opportunity, context, "change")
        try deal.requireUnlocked()
        try state.requirePresent(contact, "ADD", for: deal)
        return Decision(
            .opportunity(deal.id), deal.gives(part, to: contact.id),
            answer: [Answer.Field("contact", .text(contact.id.description))])
    }
}

/// `OPP.CONTACT … REMOVE`: with a successor, who takes over the part; told to those who follow the
/// deal (D-40).
public struct RemoveDealContact: Intent {
    let opportunity: OpportunityID
    let contact: ContactID
    let successor: ContactID?

    public init(opportunity: OpportunityID, contact: ContactID, successor: ContactID?) {
        self.opportunity = opportunity
        self.contact = contact
        self.successor = successor
    }

    public func decide(_ state: State, _ context: Context) throws(Rejection) -> Decision {
        let deal = try state.opportunity(opportunity, for: context.actor)
        let contact = try state.contact(contact, for: context.actor)
        let successor: Contact? =
            if let successor { try state.contact(successor, for: context.actor) } else { nil }
        _ = try state.changeable(opportunity, context, "change")
        try deal.requireUnlocked()
        guard let present = deal.contacts.first(where: { $0.contact == contact.id }) else {
            let known = deal.contacts.map(\.contact.description).joined(separator: ", ")
            throw .invalid(
                "REMOVE",
                "\(contact.id) is not on \(deal.id)" + (known.isEmpty ? "" : "; on it: \(known)"))
        }
        if let successor {
            guard successor.id != contact.id else {
                throw .invalid("SUCCESSOR", "\(contact.id) cannot succeed itself")
            }
            try state.requirePresent(successor, "SUCCESSOR", for: deal)
        }
        var events: [Event] = [
            .opportunity(
                deal.id,
                .contactRemoved(contact.id, part: present.part, successor: successor?.id))
        ]
        if let successor { events += deal.gives(present.part, to: successor.id) }
        events += state.tellAll(of: deal, .replaced(contact.id, by: successor?.id), context)
        return Decision(
            .opportunity(deal.id), events,
            answer: [Answer.Field("contact", .optional(successor?.id))])
    }
}

extension Opportunity {
    /// The event that puts a contact on the deal with the part; none where that is so already.
    func gives(_ part: ContactPart?, to contact: ContactID) -> [Event] {
        guard let present = contacts.first(where: { $0.contact == contact }) else {
            return [.opportunity(id, .contactAdded(contact, part: part))]
        }
        guard present.part != part else { return [] }
        return [
            .opportunity(
                id, .contactPartChanged(contact, Change(from: present.part, to: part)))
        ]
    }
}

extension State {
    fileprivate func requirePresent(
        _ contact: Contact, _ argument: String, for deal: Opportunity
    ) throws(Rejection) {
        guard contact.customer == deal.customer else {
            throw .invalid(
                argument,
                "\(contact.id) is a contact of \(contact.customer), \(deal.id) is with \(deal.customer)"
            )
        }
        guard !contact.hasLeft else {
            throw .invalid(argument, "\(contact.id) has left \(contact.customer)")
        }
    }
}
