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
        let step = deal.stepOnwards
        return Guide(
            stage: stage, missing: missing, next: step.stage.map(Self.items) ?? [],
            dwellDays: deal.dwellDays(at: now),
            realised: realised(deal), advice: advice(deal, missing, step))
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
        _ deal: Opportunity, _ missing: [Rejection.Missing], _ step: (stage: Stage?, gate: Gate)
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
        let asks = step.gate.approval == .superior || !deal.voided.isEmpty
        guard let next = step.stage else { return .win(needsApproval: asks) }
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

extension Opportunity {
    /// The stage that comes next, with what it asks for; no stage where the deal is to be won. In a
    /// flexible process: the nearest one ahead that can be reached, then winning, then a way back (D-5).
    fileprivate var stepOnwards: (stage: Stage?, gate: Gate) {
        let own = currentStage.gate
        guard definition.kind == .flexible else {
            return (stage < version.lastStage ? definition.stages[stage + 1] : nil, own)
        }
        let ways = definition.transitions.filter { $0.from == currentStage.key }
        let ahead = ways.compactMap { way in
            version.stageIndex(way.to).map { (index: $0, way: way) }
        }
        .filter { $0.index > stage }.min { $0.index < $1.index }
        if let ahead { return (definition.stages[ahead.index], ahead.way.gate ?? own) }
        if let won = ways.first(where: { $0.to == Outcome.won.rawValue }) {
            return (nil, won.gate ?? own)
        }
        guard stage < version.lastStage, let back = ways.first,
            let index = version.stageIndex(back.to)
        else { return (nil, own) }
        return (definition.stages[index], back.gate ?? Gate())
    }
}
