/// `OPP.WIN`: from the last stage, or one with a transition to `won`; checks that stage's gate and
/// asks for approval where it is set (D-14).
public struct WinOpportunity: Intent {
    let opportunity: OpportunityID
    let review: String?
    let note: String?

    public init(opportunity: OpportunityID, review: String?, note: String?) {
        self.opportunity = opportunity
        self.review = review
        self.note = note
    }

    public func decide(_ state: State, _ context: Context) throws(Rejection) -> Decision {
        let deal = try state.changeable(opportunity, context, "win")
        try deal.requireUnlocked()
        let listed = deal.definition.transitions.first {
            $0.from == deal.currentStage.key && $0.to == Outcome.won.rawValue
        }
        guard listed != nil || deal.stage == deal.version.lastStage else {
            throw .invalid(
                "opportunity",
                "\(deal.id) is in stage '\(deal.currentStage.key)' and is won from \(deal.closingStages); OPP.ADVANCE it first"
            )
        }
        try state.requireGate(
            of: deal,
            alsoMissing: deal.definition.reviewRequired && review.isBlank
                ? [.review] : [])
        let closing = Closing(reason: "", competitor: nil, review: review, note: note)
        let gate = listed?.gate ?? deal.currentStage.gate
        let decided = try state.deciders(
            onwards: gate, of: deal, submitter: context.actor, on: state.today(context))
        guard let deciders = decided else {
            return Decision(
                .opportunity(deal.id), state.won(deal, closing, approval: nil, context),
                answer: Self.answer(.moved(stage: deal.currentStage.key, approval: nil)))
        }
        let submission = state.submit(deal, target: .won(closing), deciders, note: note, context)
        return Decision(
            .opportunity(deal.id), submission.events, createdFields: ["approval"],
            answer: Self.answer(submission.result))
    }

    private static func answer(_ result: Submission) -> [Answer.Field] {
        switch result {
        case .moved(let stage, let approval):
            [
                Answer.Field("status", .text(Outcome.won.rawValue)),
                Answer.Field("stage", .text(stage)), Answer.Field("approval", .optional(approval)),
            ]
        case .pending: result.answer
        }
    }
}

extension Opportunity {
    /// The stages that the deal can be won from, for messages: the last one, and those with a transition
    /// to `won`.
    fileprivate var closingStages: String {
        definition.stages.enumerated().filter { index, stage in
            index == version.lastStage
                || definition.transitions.contains {
                    $0.from == stage.key && $0.to == Outcome.won.rawValue
                }
        }.map { "'\($0.element.key)'" }.joined(separator: " or ")
    }
}

/// `OPP.LOSE`: from any stage, a pending request included (D-13).
public struct LoseOpportunity: Intent {
    let opportunity: OpportunityID
    let closing: Closing

    public init(opportunity: OpportunityID, closing: Closing) {
        self.opportunity = opportunity
        self.closing = closing
    }

    public func decide(_ state: State, _ context: Context) throws(Rejection) -> Decision {
        let deal = try state.changeable(opportunity, context, "lose")
        var faults = Self.faults(of: closing.reason, among: deal.definition.lossReasons)
        if deal.definition.reviewRequired, closing.review.isBlank {
            faults.append(
                .init("REVIEW", "is compulsory in this process: what worked, what did not"))
        }
        guard faults.isEmpty else { throw .invalid(faults) }
        let events = state.end(
            deal, .lost(closing.frozen(deal, state, context)), .dealLost, note: closing.reason,
            context)
        return Decision(
            .opportunity(deal.id), events,
            answer: [Answer.Field("outcome", .text(Outcome.lost.rawValue))])
    }

    static func faults(of reason: String, among reasons: [String]) -> [Rejection.Fault] {
        if Optional(reason).isBlank { return [.init("REASON", "must not be empty")] }
        guard !reasons.isEmpty, !reasons.contains(reason) else { return [] }
        return [.init("REASON", "must be one of: \(reasons.joined(separator: ", "))")]
    }
}

/// `OPP.INVALIDATE`: should never have been worked; counted apart from lost (§1, D-13).
public struct InvalidateOpportunity: Intent {
    let opportunity: OpportunityID
    let closing: Closing

    public init(opportunity: OpportunityID, closing: Closing) {
        self.opportunity = opportunity
        self.closing = closing
    }

    public func decide(_ state: State, _ context: Context) throws(Rejection) -> Decision {
        let deal = try state.changeable(opportunity, context, "invalidate")
        let faults = LoseOpportunity.faults(
            of: closing.reason, among: deal.definition.invalidReasons)
        guard faults.isEmpty else { throw .invalid(faults) }
        let events = state.end(
            deal, .invalidated(closing.frozen(deal, state, context)), .dealInvalid,
            note: closing.reason, context)
        return Decision(
            .opportunity(deal.id), events,
            answer: [Answer.Field("outcome", .text(Outcome.invalid.rawValue))])
    }
}

extension State {
    /// Ends the deal without winning it: a pending request is cancelled, its approver and the owner's
    /// superior are told, so that losses are not hidden as invalid (D-13).
    fileprivate func end(
        _ deal: Opportunity, _ event: OpportunityEvent, _ kind: Notification.Kind, note: String?,
        _ context: Context
    ) -> [Event] {
        var events: [Event] = []
        if let pending = deal.pending {
            let approval = approvals[pending]
            events.append(.approval(pending, .cancelled))
            for approver in audience(of: approval, context)
            where approver != context.actor {
                events.append(
                    notify(
                        approver, .approvalCancelled, opportunity: deal.id, approval: pending,
                        note: note, context))
            }
        }
        events.append(.opportunity(deal.id, event))
        events.append(contentsOf: tellSuperior(of: deal, kind, note: note, context))
        return events
    }

    func won(
        _ deal: Opportunity, _ closing: Closing, approval: ApprovalID?, _ context: Context
    ) -> [Event] {
        [.opportunity(deal.id, .won(approval: approval, closing.frozen(deal, self, context)))]
            + tellSuperior(of: deal, .dealWon, note: nil, context)
    }

    func tellSuperior(
        of deal: Opportunity, _ kind: Notification.Kind, note: String?, _ context: Context
    ) -> [Event] {
        guard let superior = superior(of: deal.owner), superior != context.actor else { return [] }
        return [notify(superior, kind, opportunity: deal.id, note: note, context)]
    }
}
