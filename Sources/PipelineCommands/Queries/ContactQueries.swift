import PipelineDomain
import PipelineProtocol

extension Call {
    func writeContact(_ contact: Contact) {
        reply.map(7 + Contact.Field.allCases.count)
        reply.bulk("id")
        reply.bulk(contact.id)
        reply.bulk("name")
        reply.bulk(contact.name)
        reply.bulk("customer")
        reply.bulk(contact.customer)
        for field in Contact.Field.allCases {
            reply.bulk(field.rawValue)
            reply.optional(contact[field])
        }
        reply.bulk("left")
        reply.boolean(contact.hasLeft)
        reply.bulk("opportunities")
        reply.ids(contact.opportunities.filter { state.sees(viewer, state.opportunities[$0]) })
        reply.bulk("createdAt")
        reply.bulk(contact.createdAt)
        reply.bulk("rev")
        reply.integer(contact.revision.number)
    }

    /// By id; a customer whose details the viewer may not see shows only contacts of shared deals.
    /// Looking through all of them goes off the lock (E-1).
    func writeContacts(of customer: CustomerID?, page: Page) throws(Rejection) {
        guard let customer else {
            later { call, _ in call.writeContacts(Array(call.state.contacts.ids), page: page) }
            return
        }
        writeContacts(Array(try state.customer(customer).contacts), page: page)
    }

    private func writeContacts(_ ids: [ContactID], page: Page) {
        writeList(
            ids, page,
            row: { [state, viewer] id in
                let contact = state.contacts[id]
                return state.sees(viewer, contact) ? contact : nil
            }, write: writeContact)
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
