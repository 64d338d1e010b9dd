import PipelineDomain
import PipelineProtocol

extension Call {
    func writeCustomer(_ customer: Customer, with parts: [CustomerPart] = []) {
        let seesDetails = state.seesDetails(viewer, of: customer)
        reply.map(4 + Customer.Field.allCases.count + (parts.isEmpty ? 0 : 1))
        reply.bulk("id")
        reply.bulk(customer.id)
        reply.bulk("name")
        reply.bulk(customer.name)
        for field in Customer.Field.allCases {
            reply.bulk(field.rawValue)
            reply.optional(seesDetails ? customer[field] : nil)
        }
        reply.bulk("createdAt")
        reply.bulk(customer.createdAt)
        reply.bulk("rev")
        reply.integer(customer.revision.number)
        guard !parts.isEmpty else { return }
        reply.bulk(CustomerPart.fields.rawValue)
        writeFields(.customer, seesDetails ? customer.custom : [:])
    }

    func writeCustomers(name: String?, page: Page) {
        let part = name?.lowercased()
        let customers = state.customers
        writeList(
            customers.ids, page,
            row: { id in
                let customer = customers[id]
                let isFound = part.map { customer.name.lowercased().contains($0) } ?? true
                return isFound ? customer : nil
            }, write: { writeCustomer($0) })
    }
}

/// Further parts of a customer (`WITH`).
enum CustomerPart: String, CaseIterable, Sendable {
    case fields
}
