/// `OPP.TRANSFER`: the deal goes to another owner, also while an approval is pending (D-25, D-28,
/// D-32). Stage, clocks, feedback and history stay; the unit follows the new owner.
public struct TransferOpportunity: Intent {
    let opportunity: OpportunityID
    let to: PersonReference

    public init(opportunity: OpportunityID, to: PersonReference) {
        self.opportunity = opportunity
        self.to = to
    }

    public func decide(_ state: State, _ context: Context) throws(Rejection) -> Decision {
        _ = try state.opportunity(opportunity, for: context.actor)
        let owner = try state.person(to)
        let seen = try state.governed(opportunity, context, "transfer")
        let deal = try state.open(seen, context)
        guard owner.isActive else { throw .inactive(owner.id) }
        guard owner.id != deal.owner else {
            throw .invalid("TO", "\(owner.id) owns \(deal.id) already")
        }
        var draft = Draft(state, context)
        draft.transfer(deal.id, to: owner.id)
        return Decision(
            .opportunity(deal.id), draft.events,
            answer: [
                Answer.Field("owner", .text(owner.id.description)),
                Answer.Field("pending", .optional(deal.pending)),
            ])
    }
}

extension Draft {
    /// The new owner is told, and approves nothing of their own: their level of a pending request
    /// goes to the next superior (D-20, D-28).
    mutating func transfer(_ id: OpportunityID, to owner: PersonID) {
        let deal = state.opportunities[id]
        add(.opportunity(id, .transferred(Change(from: deal.owner, to: owner))))
        if let pending = deal.pending {
            add(state.withoutNewOwner(state.approvals[pending], context))
        }
        if owner != context.actor {
            add(state.notify(owner, .dealTransferred, opportunity: id, context))
        }
    }
}
