import PipelineDomain
import PipelineProtocol

extension Call {
    /// With what was planned and done about it.
    func writeWholeLead(_ lead: Lead) {
        write(lead, LeadColumn.self, more: 1)
        reply.bulk("activities")
        writeActivities(lead.activities)
    }

    func writeLeads(
        owner: PersonReference?, status: Lead.Status?, _ listing: Listing<LeadColumn>
    ) throws(Rejection) {
        let candidates =
            try owner.map { (owner) throws(Rejection) in
                Array(try state.person(owner).leads)
            } ?? visibleLeads()
        writeList(candidates, listing) { [state, viewer] id in
            let lead = state.leads[id]
            let isFound = (status == nil || lead.status == status) && state.sees(viewer, lead)
            return isFound ? lead : nil
        }
    }

    /// Everything, or the leads of the viewer and of the people below, ascending (D-33).
    private func visibleLeads() -> [LeadID] {
        if state.seesEverything(viewer) { return Array(state.leads.ids) }
        return ([viewer] + state.peopleBelow(viewer)).flatMap { state.persons[$0].leads }.sorted()
    }
}

/// A lead, and what it became as far as that may be seen (D-34).
enum LeadColumn: String, NodeColumn {
    typealias Row = Lead
    case id, name, owner, status, company, source, phone, email, industry
    case visits, downloads, enquiries, employees
    case reason, customer, contact, opportunity, createdAt, endedAt, rev

    func value(of lead: Lead, in call: Call) -> Node {
        switch self {
        case .id: .id(lead.id)
        case .name: .text(lead.name)
        case .owner: .id(lead.owner)
        case .status: .text(lead.status.rawValue)
        case .company: .optional(lead[.company])
        case .source: .optional(lead[.source])
        case .phone: .optional(lead[.phone])
        case .email: .optional(lead[.email])
        case .industry: .optional(lead[.industry])
        case .visits: .count(lead.measures[.visits])
        case .downloads: .count(lead.measures[.downloads])
        case .enquiries: .count(lead.measures[.enquiries])
        case .employees: .count(lead.measures[.employees])
        case .reason: .optional(lead.reason)
        case .customer: .optional(lead.conversion?.customer)
        case .contact:
            .optional(
                lead.conversion.map(\.contact).flatMap {
                    call.state.sees(call.viewer, call.state.contacts[$0]) ? $0 : nil
                })
        case .opportunity:
            .optional(
                lead.conversion.map(\.opportunity).flatMap {
                    call.state.sees(call.viewer, call.state.opportunities[$0]) ? $0 : nil
                })
        case .createdAt: .instant(lead.createdAt)
        case .endedAt: .optional(lead.endedAt)
        case .rev: .count(lead.revision.number)
        }
    }
}
