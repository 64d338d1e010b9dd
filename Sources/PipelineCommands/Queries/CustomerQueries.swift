import PipelineDomain
import PipelineProtocol

extension Call {
    func writeCustomer(_ customer: Customer, with parts: [CustomerPart] = []) {
        rowsLookedAt += customer.opportunities.count
        let row = CustomerRow(customer, self)
        write(row, CustomerColumn.self, more: parts.isEmpty ? 0 : 1)
        guard !parts.isEmpty else { return }
        reply.bulk(CustomerPart.fields.rawValue)
        writeFields(.customer, row.seesDetails ? customer.custom : [:])
    }

    func writeCustomers(name: String?, _ listing: Listing<CustomerColumn>) {
        let part = name?.lowercased()
        let customers = state.customers
        writeList(customers.ids, listing) { id in
            let customer = customers[id]
            let isFound = part.map { customer.name.lowercased().contains($0) } ?? true
            return isFound ? CustomerRow(customer, self) : nil
        }
    }
}

/// A customer in a list. Whether its details may be seen is looked up once, and only if it is asked: its
/// deals are walked through for that.
final class CustomerRow {
    let customer: Customer
    private let state: State
    private let viewer: PersonID
    private(set) lazy var seesDetails = state.seesDetails(viewer, of: customer)

    init(_ customer: Customer, _ call: Call) {
        self.customer = customer
        state = call.state
        viewer = call.viewer
    }
}

/// Everybody knows a customer's name; the other fields are null for those who do not work with it.
enum CustomerColumn: String, NodeColumn {
    typealias Row = CustomerRow
    case id, name, type, industry, address, phone, website, createdAt, rev

    func value(of row: CustomerRow, in call: Call) -> Node {
        let customer = row.customer
        return switch self {
        case .id: .id(customer.id)
        case .name: .text(customer.name)
        case .type: detail(.type, of: row)
        case .industry: detail(.industry, of: row)
        case .address: detail(.address, of: row)
        case .phone: detail(.phone, of: row)
        case .website: detail(.website, of: row)
        case .createdAt: .instant(customer.createdAt)
        case .rev: .count(customer.revision.number)
        }
    }

    private func detail(_ field: Customer.Field, of row: CustomerRow) -> Node {
        guard let text = row.customer[field], row.seesDetails else { return .null }
        return .text(text)
    }
}

/// Further parts of a customer (`WITH`).
enum CustomerPart: String, CaseIterable, Sendable {
    case fields
}
