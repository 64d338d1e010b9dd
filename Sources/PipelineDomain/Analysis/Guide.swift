/// What a rep asks for any open deal (D-16).
public struct Guide: Sendable {
    public struct Item: Sendable {
        public let kind: String
        public let key: String
        public let name: String
        public let isRequired: Bool
    }
    /// What comes next, for the message catalogue.
    public enum Advice: Sendable {
        case closed(Outcome)
        case waitForApproval(ApprovalID, by: PersonID?)
        case improveAndResubmit(note: String?)
        case complete([Rejection.Missing])
        case advance(to: String, needsApproval: Bool)
        case win(needsApproval: Bool)
    }

    public let stage: Stage
    public let missing: [Rejection.Missing]
    /// The next stage's tasks and feedback, so as to prepare; empty in the last one.
    public let next: [Item]
    public let dwellDays: Int
    /// Won ÷ entered of this stage over the whole company; `nil` where nobody entered.
    public let realised: Fraction?
    public let advice: Advice
}

extension State {
    public func guide(_ deal: Opportunity, now: Instant) -> Guide {
        let stage = deal.currentStage
        let missing = deal.outcome == .open ? missing(of: deal) : []
        let next =
            deal.stage < deal.version.lastStage
            ? deal.definition.stages[deal.stage + 1] : nil
        return Guide(
            stage: stage, missing: missing, next: next.map(Self.items) ?? [],
            dwellDays: deal.dwellDays(at: now),
            realised: realised(deal), advice: advice(deal, missing, next))
    }

    private static func items(of stage: Stage) -> [Guide.Item] {
        stage.tasks.map {
            Guide.Item(kind: "task", key: $0.key, name: $0.name, isRequired: $0.required)
        }
            + stage.feedback.map {
                Guide.Item(kind: "feedback", key: $0.key, name: $0.name, isRequired: $0.required)
            }
            + stage.requires.map {
                Guide.Item(kind: "field", key: $0.rawValue, name: $0.rawValue, isRequired: true)
            }
    }

    private func advice(
        _ deal: Opportunity, _ missing: [Rejection.Missing], _ next: Stage?
    ) -> Guide.Advice {
        guard deal.outcome == .open else { return .closed(deal.outcome) }
        if let pending = deal.pending {
            return .waitForApproval(pending, by: approvals[pending].current)
        }
        if !missing.isEmpty { return .complete(missing) }
        if let last = deal.approvals.last.map({ approvals[$0] }), last.status == .rejected,
            last.stage == deal.currentStage.key
        {
            return .improveAndResubmit(note: last.decisionNote)
        }
        let asks = deal.currentStage.gate.approval == .superior || !deal.voided.isEmpty
        guard let next else { return .win(needsApproval: asks) }
        return .advance(to: next.key, needsApproval: asks)
    }

    private func realised(_ deal: Opportunity) -> Fraction? {
        guard let sums = units[State.rootUnit].sums[deal.version.id],
            sums[deal.stage].entered > 0
        else { return nil }
        return Fraction(
            numerator: sums[deal.stage].won, denominator: sums[deal.stage].entered)
    }
}
