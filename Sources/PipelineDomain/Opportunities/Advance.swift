/// `OPP.ADVANCE`: on to another stage, at once or through approval (D-5, D-11).
public struct AdvanceOpportunity: Intent {
    let opportunity: OpportunityID
    let to: String?
    let note: String?

    public init(opportunity: OpportunityID, to: String?, note: String?) {
        self.opportunity = opportunity
        self.to = to
        self.note = note
    }

    public func decide(_ state: State, _ context: Context) throws(Rejection) -> Decision {
        let deal = try state.changeable(opportunity, context, "move")
        try deal.requireUnlocked()
        let move = try deal.move(to: to)
        if move.isBackward {
            guard !note.isBlank else {
                throw .invalid(
                    "NOTE", "going back to '\(move.stage.key)' needs a NOTE that says why")
            }
        } else {
            try state.requireGate(of: deal)
        }
        let today = state.today(context)
        let decided =
            move.isBackward
            ? try state.deciders(at: move.gate, of: deal, submitter: context.actor, on: today)
            : try state.deciders(onwards: move.gate, of: deal, submitter: context.actor, on: today)
        guard let decided else {
            let events = state.moved(
                deal, to: move.stage.key, approval: nil, note: note, context)
            return Decision(
                .opportunity(deal.id), events,
                answer: Submission.moved(stage: move.stage.key, approval: nil).answer)
        }
        let submission = state.submit(
            deal, target: .stage(move.stage.key), decided, note: note, context)
        return Decision(
            .opportunity(deal.id), submission.events, createdFields: ["approval"],
            answer: submission.result.answer)
    }
}

/// `OPP.RECALL`: the submitter takes a request back before the last decision (D-26).
public struct RecallOpportunity: Intent {
    let opportunity: OpportunityID
    let note: String?

    public init(opportunity: OpportunityID, note: String?) {
        self.opportunity = opportunity
        self.note = note
    }

    public func decide(_ state: State, _ context: Context) throws(Rejection) -> Decision {
        let deal = try state.recallable(opportunity, by: context.actor)
        guard let pending = deal.pending ?? deal.approvals.last else {
            try context.check(deal.revision, of: deal.id.description)
            throw .nothingPending(opportunity: deal.id)
        }
        let approval = state.approvals[pending]
        guard approval.submitter == context.actor else {
            throw .notPermitted(
                action: "recall \(approval.id)", who: "its submitter \(approval.submitter)")
        }
        try context.check(deal.revision, of: deal.id.description)
        guard approval.status == .pending else {
            throw .alreadyDecided(
                approval: approval.id, status: approval.status, by: approval.decidedBy)
        }
        var events: [Event] = [.approval(approval.id, .recalled(note: note))]
        for approver in state.audience(of: approval, context) {
            events.append(
                state.notify(
                    approver, .approvalRecalled, opportunity: deal.id, approval: approval.id,
                    note: note, context))
        }
        return Decision(
            .opportunity(deal.id), events,
            answer: [
                Answer.Field("stage", .text(deal.currentStage.key)),
                Answer.Field("approval", .text(approval.id.description)),
            ])
    }
}

extension State {
    /// The deal, also for the submitter of its pending request who may no longer see it: after a
    /// transfer nobody else could take the request back (D-26, D-28).
    fileprivate func recallable(
        _ id: OpportunityID, by person: PersonID
    ) throws(Rejection) -> Opportunity {
        if let pending = opportunities[find: id]?.pending, approvals[pending].submitter == person {
            return opportunities[id]
        }
        return try opportunity(id, for: person)
    }
}

/// What came of asking a deal to leave its stage.
enum Submission {
    case moved(stage: String, approval: ApprovalID?)
    case pending(stage: String, approval: ApprovalID)

    var answer: [Answer.Field] {
        switch self {
        case .moved(let stage, let approval):
            [
                Answer.Field("status", .text("moved")), Answer.Field("stage", .text(stage)),
                Answer.Field("approval", .optional(approval)),
            ]
        case .pending(let stage, let approval):
            [
                Answer.Field("status", .text("pending")), Answer.Field("stage", .text(stage)),
                Answer.Field("approval", .text(approval.description)),
            ]
        }
    }
}

extension State {
    /// Refuses, naming everything that is missing (D-11).
    func requireGate(of deal: Opportunity, alsoMissing: [Rejection.Missing] = []) throws(Rejection)
    {
        let missing = missing(of: deal) + alsoMissing
        guard missing.isEmpty else {
            throw .gate(opportunity: deal.id, stage: deal.currentStage.key, missing: missing)
        }
    }

    /// A new request, and its approval at once where nobody is to be asked (D-19).
    func submit(
        _ deal: Opportunity, target: ApprovalTarget, _ deciders: Deciders, note: String?,
        _ context: Context
    ) -> (events: [Event], result: Submission) {
        let id = approvals.nextID
        let stage = deal.currentStage.key
        // Attempts are counted for each gate: leaving a stage for another is one, winning and being
        // opened again are others (D-12).
        let attempt = deal.approvals.reduce(1) { count, earlier in
            let earlier = approvals[earlier]
            return count + (earlier.stage == stage && earlier.target.key == target.key ? 1 : 0)
        }
        let facts = ApprovalFacts(
            opportunity: deal.id, stage: stage, target: target, approvers: deciders.approvers,
            endsAutomatically: deciders.endsAutomatically, attempt: attempt, amount: deal.amount,
            currency: deal.currency, note: note)
        var events: [Event] = [.approval(id, .requested(facts))]
        if let first = deciders.approvers.first {
            events += ask(
                first, id, of: deal, submitter: context.actor, beside: deciders.approvers,
                note: note, context)
            return (events, .pending(stage: stage, approval: id))
        }
        events.append(.approval(id, .approvedAutomatically))
        events.append(contentsOf: granted(deal, target, approval: id, note: note, context))
        let now =
            switch target {
            case .stage(let key): key
            case .won: stage
            case .reopened(let reopening): reopening.stage
            }
        return (events, .moved(stage: now, approval: id))
    }

    /// What an approval brings about, in the same step (D-14).
    func granted(
        _ deal: Opportunity, _ target: ApprovalTarget, approval: ApprovalID, note: String?,
        _ context: Context
    ) -> [Event] {
        switch target {
        case .stage(let key): moved(deal, to: key, approval: approval, note: note, context)
        case .won(let closing): won(deal, closing, approval: approval, context)
        case .reopened(let reopening):
            [.opportunity(deal.id, .reopened(from: deal.outcome, reopening, approval: approval))]
        }
    }

    /// The team hears of it (N-2).
    func moved(
        _ deal: Opportunity, to: String, approval: ApprovalID?, note: String?, _ context: Context
    ) -> [Event] {
        let change = Change(from: deal.currentStage.key, to: to)
        return [.opportunity(deal.id, .moved(change, approval: approval, note: note))]
            + tellTeam(of: deal, .dealMoved, note: "\(change.from) → \(to)", context)
    }

    /// Everybody on the team but who did it (N-2).
    func tellTeam(
        of deal: Opportunity, _ kind: Notification.Kind, note: String, _ context: Context
    ) -> [Event] {
        var told: Set<PersonID> = [context.actor]
        return deal.team.map(\.person).filter { told.insert($0).inserted }.map {
            notify($0, kind, opportunity: deal.id, note: note, context)
        }
    }
}

/// One way on from a stage.
private struct Move {
    let stage: Stage
    let isBackward: Bool
    let gate: Gate
}

extension Opportunity {
    /// The move that the caller means, by the kind of the process (D-5).
    fileprivate func move(to wanted: String?) throws(Rejection) -> Move {
        if wanted == nil || wanted == "won", stage == version.lastStage {
            throw .invalid(
                "TO",
                "\(id) is in its last stage '\(currentStage.key)'; OPP.WIN or OPP.LOSE ends it")
        }
        if wanted == "won" {
            throw .invalid("TO", "a deal is won by OPP.WIN \(id)")
        }
        let target = if let wanted { wanted } else { try defaultTarget() }
        guard let index = version.stageIndex(target) else {
            throw .invalid("TO", "no stage '\(target)'; from here: \(reachable)")
        }
        guard index != stage else {
            throw .invalid("TO", "\(id) is in stage '\(target)' already; from here: \(reachable)")
        }
        let listed = definition.transitions.first {
            $0.from == currentStage.key && $0.to == target
        }
        let isNext = definition.kind == .linear && index == stage + 1
        guard listed != nil || isNext else {
            throw .invalid(
                "TO",
                "'\(target)' cannot be reached from '\(currentStage.key)'; from here: \(reachable)")
        }
        let isBackward = index < stage
        return Move(
            stage: definition.stages[index], isBackward: isBackward,
            gate: listed?.gate ?? (isBackward ? Gate() : currentStage.gate))
    }

    /// Without TO: the next stage, where the process allows that step.
    private func defaultTarget() throws(Rejection) -> String {
        let next = definition.stages[stage + 1].key
        if definition.kind == .linear { return next }
        let forward = definition.transitions.filter {
            $0.from == currentStage.key && (version.stageIndex($0.to) ?? -1) > stage
        }
        if forward.contains(where: { $0.to == next }) { return next }
        if forward.count == 1 { return forward[0].to }
        throw .invalid("TO", "name the stage; from here: \(reachable)")
    }

    /// Stage keys that can be reached from here, for messages.
    private var reachable: String {
        var keys = definition.transitions.filter { $0.from == currentStage.key }.map(\.to)
        if definition.kind == .linear, stage < version.lastStage {
            keys.insert(definition.stages[stage + 1].key, at: 0)
        }
        return keys.isEmpty ? "nothing" : keys.joined(separator: ", ")
    }
}
