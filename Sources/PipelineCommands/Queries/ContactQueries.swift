import PipelineDomain
import PipelineProtocol

extension Call {
    /// By id; a customer whose details the viewer may not see shows only contacts of shared deals.
    /// Looking through all of them goes off the lock (E-1).
    func writeContacts(
        of customer: CustomerID?, _ listing: Listing<ContactColumn>
    ) throws(Rejection) {
        guard let customer else {
            later { call, _ in call.writeContacts(Array(call.state.contacts.ids), listing) }
            return
        }
        let ids = Array(try state.customer(customer).contacts)
        try scanning(ids.count) { call in call.writeContacts(ids, listing) }
    }

    private func writeContacts(_ ids: [ContactID], _ listing: Listing<ContactColumn>) {
        // Many are of one customer, who is judged once.
        var details: [CustomerID: Bool] = [:]
        writeList(ids, listing) { [state, viewer] id in
            let contact = state.contacts[id]
            if state.seesByItself(viewer, contact) { return contact }
            let customer = contact.customer
            let seesDetails =
                details[customer] ?? state.seesDetails(viewer, of: state.customers[customer])
            details[customer] = seesDetails
            return seesDetails ? contact : nil
        }
    }

    /// The people of the buyer's side on a deal, with their parts (D-10).
    func writeContacts(of deal: Opportunity) {
        reply.array(deal.contacts.count)
        for present in deal.contacts {
            let contact = state.contacts[present.contact]
            reply.map(5 + Contact.Field.allCases.count)
            reply.bulk("id")
            reply.bulk(contact.id)
            reply.bulk("name")
            reply.bulk(contact.name)
            reply.bulk("part")
            reply.optional(present.part?.rawValue)
            for field in Contact.Field.allCases {
                reply.bulk(field.rawValue)
                reply.optional(contact[field])
            }
            reply.bulk("customer")
            reply.bulk(contact.customer)
            reply.bulk("left")
            reply.boolean(contact.hasLeft)
        }
    }
}

/// A contact, as those see it who may.
enum ContactColumn: String, NodeColumn {
    typealias Row = Contact
    case id, name, customer, title, phone, email, left, opportunities, createdAt, rev

    func value(of contact: Contact, in call: Call) -> Node {
        switch self {
        case .id: .id(contact.id)
        case .name: .text(contact.name)
        case .customer: .id(contact.customer)
        case .title: .optional(contact[.title])
        case .phone: .optional(contact[.phone])
        case .email: .optional(contact[.email])
        case .left: .boolean(contact.hasLeft)
        case .opportunities:
            .ids(
                contact.opportunities.filter {
                    call.state.sees(call.viewer, call.state.opportunities[$0])
                })
        case .createdAt: .instant(contact.createdAt)
        case .rev: .count(contact.revision.number)
        }
    }
}
