/// A person on the buyer's side: works for one customer at a time (D-10, D-40).
public struct Contact: Sendable {
    /// Everything about a contact but the name.
    public enum Field: String, Sendable, CaseIterable { case title, phone, email }

    public let id: ContactID
    public internal(set) var name: String
    public internal(set) var customer: CustomerID
    /// Filled fields only.
    public internal(set) var fields: [Field: String]
    /// Whether the contact has left the customer's service.
    public internal(set) var hasLeft = false
    public let createdAt: Instant
    public let createdBy: PersonID
    public internal(set) var revision: Revision
    /// Deals that the contact is on, whatever their outcome.
    public internal(set) var opportunities = OrderedIDs<OpportunityKind>()

    public subscript(field: Field) -> String? { fields[field] }
}

/// What a contact is in the buyer's decision (D-10, D-40).
public enum ContactPart: String, Hashable, Sendable, CaseIterable {
    case decisionMaker = "decision-maker"
    case sponsor, influencer, user
}

/// A contact on a deal; `part` is `nil` while nobody has said what it is.
public struct DealContact: Hashable, Sendable {
    public let contact: ContactID
    public internal(set) var part: ContactPart?
}

/// What became of a contact that a deal relies on (D-40).
public enum ContactChange: Hashable, Sendable {
    case left(ContactID)
    /// Works for another customer now.
    case moved(ContactID, to: CustomerID)
    /// Taken off the deal; the successor has the part, where there is one.
    case replaced(ContactID, by: ContactID?)

    public var contact: ContactID {
        switch self {
        case .left(let contact), .moved(let contact, _), .replaced(let contact, _): contact
        }
    }
}

public enum ContactEvent: Hashable, Sendable {
    case created(customer: CustomerID, name: String, fields: [Contact.Field: String])
    case renamed(Change<String>)
    case changed(Contact.Field, Change<String?>)
    case left
    /// Left by mistake, or came back.
    case returned
    case customerChanged(Change<CustomerID>)
}

extension State {
    mutating func evolve(_ id: ContactID, _ event: ContactEvent, _ recorded: Recorded) {
        switch event {
        case .created(let customer, let name, let fields):
            contacts.append(
                Contact(
                    id: id, name: name, customer: customer, fields: fields,
                    createdAt: recorded.at, createdBy: recorded.actor,
                    revision: Revision(number: 1, by: recorded.actor)))
            customers[customer].contacts.insert(id)
            return
        case .renamed(let change): contacts[id].name = change.to
        case .changed(let field, let change): contacts[id].fields[field] = change.to
        case .left: contacts[id].hasLeft = true
        case .returned: contacts[id].hasLeft = false
        case .customerChanged(let change):
            customers[change.from].contacts.remove(id)
            customers[change.to].contacts.insert(id)
            contacts[id].customer = change.to
            contacts[id].hasLeft = false
        }
        contacts[id].revision.advance(by: recorded.actor)
    }
}

extension State {
    /// Whoever entered the contact, those above, whoever sees the customer's details, or a deal that the
    /// contact is on.
    public func sees(_ viewer: PersonID, _ contact: Contact) -> Bool {
        seesByItself(viewer, contact) || seesDetails(viewer, of: customers[contact.customer])
    }

    /// Whether the viewer may see the contact whatever they may see of the customer.
    public func seesByItself(_ viewer: PersonID, _ contact: Contact) -> Bool {
        isOwn(contact.createdBy, of: viewer)
            || contact.opportunities.contains { opportunities.borrow($0) { sees(viewer, $0) } }
    }

    /// The contact, if the viewer may see it; what one may not see does not exist (D-34).
    public func contact(_ id: ContactID, for viewer: PersonID) throws(Rejection) -> Contact {
        if let contact = contacts[find: id], sees(viewer, contact) { return contact }
        throw .notFound(noun: ContactKind.noun, name: id.description)
    }

    /// Whether the contact still works for the deal's customer, as one that counts must.
    func isPresent(_ contact: ContactID, for deal: Opportunity) -> Bool {
        contacts[contact].customer == deal.customer && !contacts[contact].hasLeft
    }

    /// Whether the deal has somebody with the part who still works for its customer (D-2).
    func hasContact(_ part: ContactPart, _ deal: Opportunity) -> Bool {
        deal.contacts.contains { $0.part == part && isPresent($0.contact, for: deal) }
    }

    /// The owner, the team and everyone above are told at once, but for the one who did it (D-40).
    func tellAll(of deal: Opportunity, _ change: ContactChange, _ context: Context) -> [Event] {
        var people = [deal.owner]
        for person in deal.team.map(\.person) + chain(above: deal.owner)
        where !people.contains(person) {
            people.append(person)
        }
        return people.filter { $0 != context.actor }.map { person in
            .inbox(
                person,
                .notified(
                    Notification(
                        kind: .contactChanged, opportunity: deal.id, approval: nil,
                        by: context.actor, note: nil, contact: change)))
        }
    }
}
