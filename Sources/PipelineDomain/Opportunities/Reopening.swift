/// Where a closed deal goes on, and why it was opened again (D-15).
public struct Reopening: Hashable, Sendable {
    /// By key: the one it closed from, or an earlier one.
    public let stage: String
    public let reason: String

    public init(stage: String, reason: String) {
        self.stage = stage
        self.reason = reason
    }
}

/// `OPP.REOPEN`: by everyone above the owner and admins. A won deal needs approval, as at a gate
/// (D-15, D-32).
public struct ReopenOpportunity: Intent {
    let opportunity: OpportunityID
    let reason: String
    let stage: String?

    public init(opportunity: OpportunityID, reason: String, stage: String?) {
        self.opportunity = opportunity
        self.reason = reason
        self.stage = stage
    }

    public func decide(_ state: State, _ context: Context) throws(Rejection) -> Decision {
        let deal = try state.governed(opportunity, context, "reopen")
        try context.check(deal.revision, of: deal.id.description)
        guard deal.outcome != .open else { throw .notClosed(opportunity: deal.id) }
        guard state.persons[deal.owner].isActive else {
            throw .ownerInactive(opportunity: deal.id, owner: deal.owner)
        }
        try deal.requireUnlocked()
        let key = stage ?? deal.currentStage.key
        var faults: [Rejection.Fault] = []
        if deal.version.stageIndex(key).map({ $0 <= deal.stage }) != true {
            let stages = deal.definition.stages[...deal.stage].map(\.key)
            faults.append(
                .init("STAGE", "'\(key)' is none of: \(stages.joined(separator: ", "))"))
        }
        faults += Rejection.faults(ofReason: reason)
        guard faults.isEmpty else { throw .invalid(faults) }
        let reopening = Reopening(stage: key, reason: reason)
        let gate = deal.currentStage.gate.reopening
        guard deal.outcome == .won,
            let deciders = try state.deciders(
                at: gate, of: deal, submitter: context.actor, on: state.today(context))
        else {
            return Decision(
                .opportunity(deal.id),
                [.opportunity(deal.id, .reopened(from: deal.outcome, reopening, approval: nil))],
                answer: Self.answer(.moved(stage: key, approval: nil)))
        }
        let submission = state.submit(
            deal, target: .reopened(reopening), deciders, note: reason, context)
        return Decision(
            .opportunity(deal.id), submission.events, createdFields: ["approval"],
            answer: Self.answer(submission.result))
    }

    private static func answer(_ result: Submission) -> [Answer.Field] {
        switch result {
        case .moved(let stage, let approval):
            [
                Answer.Field("status", .text("reopened")), Answer.Field("stage", .text(stage)),
                Answer.Field("approval", .optional(approval)),
            ]
        case .pending: result.answer
        }
    }
}

extension Gate {
    /// A won deal is opened again through the gate that it closed through, or a plain one.
    var reopening: Gate {
        var gate = self
        gate.approval = .superior
        return gate
    }
}

extension Opportunity {
    /// Whole days in the present stage, the time that the deal was closed left out (D-15).
    public func dwellDays(at now: Instant) -> Int {
        let end = (closedAt ?? now).milliseconds.subtractingReportingOverflow(closedMilliseconds)
        return end.overflow
            ? 0 : Instant(milliseconds: end.partialValue).wholeDays(since: enteredStage)
    }
}
