/// `OPP.OVERRIDE`: to any stage, past the gates, with a reason, recorded as an override (D-31); by
/// everyone above the owner and admins. It cancels no request: a pending deal stays locked (D-25).
public struct OverrideOpportunity: Intent {
    let opportunity: OpportunityID
    let to: String
    let reason: String

    public init(opportunity: OpportunityID, to: String, reason: String) {
        self.opportunity = opportunity
        self.to = to
        self.reason = reason
    }

    public func decide(_ state: State, _ context: Context) throws(Rejection) -> Decision {
        let seen = try state.governed(opportunity, context, "override the stage of")
        let deal = try state.open(seen, context)
        try deal.requireUnlocked()
        var faults: [Rejection.Fault] = []
        if deal.version.stageIndex(to) == nil {
            let known = deal.definition.stages.map(\.key).joined(separator: ", ")
            faults.append(.init("TO", "no stage '\(to)'; stages: \(known)"))
        } else if to == deal.currentStage.key {
            faults.append(.init("TO", "\(deal.id) is in stage '\(to)' already"))
        }
        faults += Rejection.faults(ofReason: reason)
        guard faults.isEmpty else { throw .invalid(faults) }
        let change = Change(from: deal.currentStage.key, to: to)
        return Decision(
            .opportunity(deal.id),
            [.opportunity(deal.id, .overridden(change, reason: reason))]
                + state.tellTeam(
                    of: deal, .dealMoved, note: "\(change.from) → \(to)", context),
            answer: [Answer.Field("stage", .text(to))])
    }
}

extension Rejection {
    /// A reason is compulsory, and blanks are none.
    static func faults(ofReason reason: String) -> [Fault] {
        reason.contains { !$0.isWhitespace } ? [] : [Fault("REASON", "must not be empty")]
    }
}
