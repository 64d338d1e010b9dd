import PipelineDomain
import PipelineProtocol

extension Call {
    /// With what was planned and done about it.
    func writeWholeLead(_ lead: Lead) {
        writeLead(lead, more: 1)
        reply.bulk("activities")
        writeActivities(lead.activities)
    }

    /// `more` members are to follow.
    private func writeLead(_ lead: Lead, more: Int = 0) {
        // What it became may be out of sight by now (D-34).
        let conversion = lead.conversion
        let deal = conversion.map(\.opportunity).flatMap {
            state.sees(viewer, state.opportunities[$0]) ? $0 : nil
        }
        let contact = conversion.map(\.contact).flatMap {
            state.sees(viewer, state.contacts[$0]) ? $0 : nil
        }
        reply.map(
            more + 11 + Lead.Field.allCases.count + Lead.Measure.allCases.count)
        reply.bulk("id")
        reply.bulk(lead.id)
        reply.bulk("name")
        reply.bulk(lead.name)
        reply.bulk("owner")
        reply.bulk(lead.owner)
        reply.bulk("status")
        reply.bulk(lead.status.rawValue)
        for field in Lead.Field.allCases {
            reply.bulk(field.rawValue)
            reply.optional(lead[field])
        }
        for measure in Lead.Measure.allCases {
            reply.bulk(measure.rawValue)
            if let count = lead.measures[measure] { reply.integer(count) } else { reply.null() }
        }
        reply.bulk("reason")
        reply.optional(lead.reason)
        reply.bulk("customer")
        reply.optional(conversion?.customer)
        reply.bulk("contact")
        reply.optional(contact)
        reply.bulk("opportunity")
        reply.optional(deal)
        reply.bulk("createdAt")
        reply.bulk(lead.createdAt)
        reply.bulk("endedAt")
        reply.optional(lead.endedAt?.description)
        reply.bulk("rev")
        reply.integer(lead.revision.number)
    }

    func writeLeads(
        owner: PersonReference?, status: Lead.Status?, page: Page
    ) throws(Rejection) {
        let candidates =
            try owner.map { (owner) throws(Rejection) in
                Array(try state.person(owner).leads)
            } ?? visibleLeads()
        writeList(
            candidates, page,
            row: { [state, viewer] id in
                let lead = state.leads[id]
                let isFound = (status == nil || lead.status == status) && state.sees(viewer, lead)
                return isFound ? lead : nil
            }, write: { writeLead($0) })
    }

    /// Everything, or the leads of the viewer and of the people below, ascending (D-33).
    private func visibleLeads() -> [LeadID] {
        if state.seesEverything(viewer) { return Array(state.leads.ids) }
        return ([viewer] + state.peopleBelow(viewer)).flatMap { state.persons[$0].leads }.sorted()
    }
}
