import PipelineDomain
import PipelineProtocol

extension Call {
    /// Deals that the viewer sees and the filter takes (§2).
    func writeOpportunities(
        _ filter: OpportunityFilter, _ listing: Listing<OpportunityColumn>
    ) throws(Rejection) {
        let matcher = try OpportunityMatcher(filter, state)
        let deals = state.opportunities
        writeList(try candidates(filter), listing) { id in
            let deal = deals[id]
            return matcher.matches(deal) ? deal : nil
        }
    }

    /// What the viewer may see, ascending by id.
    private func candidates(_ filter: OpportunityFilter) throws(Rejection) -> [OpportunityID] {
        if let owner = filter.owner {
            let owner = try state.person(owner)
            return owner.opportunities.filter { state.sees(viewer, state.opportunities[$0]) }
        }
        return state.opportunities(seenBy: viewer)
    }
}

/// A filter with its references looked up.
private struct OpportunityMatcher: Sendable {
    let filter: OpportunityFilter
    let units: Set<UnitID>?
    let process: ProcessID?

    init(_ filter: OpportunityFilter, _ state: State) throws(Rejection) {
        self.filter = filter
        if let customer = filter.customer { _ = try state.customer(customer) }
        units =
            if let unit = filter.unit { Set(state.subtree(of: try state.unit(unit).id)) } else {
                nil
            }
        process = if let process = filter.process { try state.process(process).id } else { nil }
    }

    func matches(_ deal: Opportunity) -> Bool {
        if let units, !units.contains(deal.unit) { return false }
        if let process, deal.version.process != process { return false }
        if let stage = filter.stage, deal.currentStage.key != stage { return false }
        if let outcome = filter.outcome, deal.outcome != outcome { return false }
        if let customer = filter.customer, deal.customer != customer { return false }
        if let close = filter.close {
            guard let day = deal.close, close.contains(day) else { return false }
        }
        if let tag = filter.tag, !deal.hasTag(tag) { return false }
        return DealFields.all.allSatisfy { field in
            filter.fields[field].map { $0 == deal[field] ?? "" } ?? true
        }
    }
}
