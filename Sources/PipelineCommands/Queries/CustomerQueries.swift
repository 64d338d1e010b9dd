import PipelineDomain
import PipelineProtocol

extension Call {
    func writeCustomer(_ customer: Customer, with parts: [CustomerPart] = []) {
        write(customer, CustomerColumn.self, more: parts.isEmpty ? 0 : 1)
        guard !parts.isEmpty else { return }
        reply.bulk(CustomerPart.fields.rawValue)
        writeFields(
            .customer, state.seesDetails(viewer, of: customer) ? customer.custom : [:])
    }

    func writeCustomers(name: String?, _ listing: Listing<CustomerColumn>) {
        let part = name?.lowercased()
        let customers = state.customers
        writeList(customers.ids, listing) { id in
            let customer = customers[id]
            let isFound = part.map { customer.name.lowercased().contains($0) } ?? true
            return isFound ? customer : nil
        }
    }
}

/// Everybody knows a customer's name; the other fields are null for those who do not work with it.
enum CustomerColumn: String, NodeColumn {
    typealias Row = Customer
    case id, name, type, industry, address, phone, website, createdAt, rev

    func value(of customer: Customer, in call: Call) -> Node {
        switch self {
        case .id: .id(customer.id)
        case .name: .text(customer.name)
        case .type: detail(.type, of: customer, in: call)
        case .industry: detail(.industry, of: customer, in: call)
        case .address: detail(.address, of: customer, in: call)
        case .phone: detail(.phone, of: customer, in: call)
        case .website: detail(.website, of: customer, in: call)
        case .createdAt: .instant(customer.createdAt)
        case .rev: .count(customer.revision.number)
        }
    }

    private func detail(_ field: Customer.Field, of customer: Customer, in call: Call) -> Node {
        guard let text = customer[field], call.state.seesDetails(call.viewer, of: customer) else {
            return .null
        }
        return .text(text)
    }
}

/// Further parts of a customer (`WITH`).
enum CustomerPart: String, CaseIterable, Sendable {
    case fields
}
