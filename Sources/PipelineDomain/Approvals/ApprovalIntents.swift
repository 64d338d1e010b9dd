/// `APPROVAL.APPROVE` and `APPROVAL.REJECT`: the request's deciders only (D-12, D-20, D-21, D-26,
/// D-32).
public struct DecideApproval: Intent {
    public enum Verdict: Sendable {
        case approve(note: String?)
        /// The comment is compulsory (D-12).
        case reject(note: String)
    }

    let approval: ApprovalID
    let verdict: Verdict

    public init(approval: ApprovalID, verdict: Verdict) {
        self.approval = approval
        self.verdict = verdict
    }

    public func decide(_ state: State, _ context: Context) throws(Rejection) -> Decision {
        var state = state
        state.clock = context.now
        let approval = try state.approval(approval, for: context.actor)
        let deal = state.opportunities[approval.opportunity]
        guard state.isDecider(context.actor, of: approval) else {
            throw .notPermitted(
                action: "decide \(approval.id)",
                who: approval.current.map { "its approver \($0)" } ?? "its approvers")
        }
        guard approval.status != .pending || state.isTurn(of: context.actor, approval) else {
            throw .notPermitted(
                action: "decide \(approval.id) now",
                who: approval.current.map { "\($0), whose turn it is" }
                    ?? "whoever an admin names by APPROVAL.REROUTE")
        }
        try context.check(approval.revision, of: approval.id.description)
        guard approval.status == .pending else {
            throw .alreadyDecided(
                approval: approval.id, status: approval.status, by: approval.decidedBy)
        }
        switch verdict {
        case .approve(let note):
            return Decision(
                .approval(approval.id), state.approve(approval, deal, note: note, context),
                answer: [
                    Answer.Field("status", .text(status(after: approval, by: context.actor))),
                    Answer.Field("opportunity", .text(deal.id.description)),
                ])
        case .reject(let note):
            guard !Optional(note).isBlank else {
                throw .invalid("NOTE", "a rejection says why")
            }
            return Decision(
                .approval(approval.id), state.reject(approval, deal, note: note, context),
                answer: [
                    Answer.Field("status", .text(Approval.Status.rejected.rawValue)),
                    Answer.Field("opportunity", .text(deal.id.description)),
                ])
        }
    }

    private func status(after approval: Approval, by decider: PersonID) -> String {
        (approval.isLastYes(of: decider) ? Approval.Status.approved : .pending).rawValue
    }
}

extension State {
    /// An approver, or the delegate of one, whosever turn it is; of a request that is decided, whoever
    /// had a part in it.
    fileprivate func isDecider(_ person: PersonID, of approval: Approval) -> Bool {
        approval.approvers.contains(person) || wasPutToDelegate(person, approval)
            || stepsIn(person, approval)
            || approval.status != .pending && persons[person].asked.contains(approval.id)
    }

    fileprivate func approve(
        _ approval: Approval, _ deal: Opportunity, note: String?, _ context: Context
    ) -> [Event] {
        let level = approval.decidedLevels + 1
        let principal = approval.principal(of: context.actor)
        var events: [Event] = []
        if !approval.isLastYes(of: context.actor) {
            events.append(
                .approval(
                    approval.id, .levelApproved(level: level, onBehalfOf: principal, note: note)))
            guard let next = approval.remaining(after: context.actor).first else {
                return events + tellAdmins(of: approval, context)
            }
            return events
                + ask(
                    next, approval.id, of: deal,
                    submitter: approval.submitter, beside: approval.approvers + [context.actor],
                    note: approval.note, context)
        }
        if approval.endsAutomatically {
            events.append(
                .approval(
                    approval.id, .levelApproved(level: level, onBehalfOf: principal, note: note)))
            events.append(.approval(approval.id, .approvedAutomatically))
        } else {
            events.append(.approval(approval.id, .approved(onBehalfOf: principal, note: note)))
        }
        events.append(
            contentsOf: granted(
                deal, approval.target, approval: approval.id, note: approval.note, context))
        return events + tell(approval, deal, .approvalApproved, note: note, context)
    }

    fileprivate func reject(
        _ approval: Approval, _ deal: Opportunity, note: String, _ context: Context
    ) -> [Event] {
        let principal = approval.principal(of: context.actor)
        return [.approval(approval.id, .rejected(onBehalfOf: principal, note: note))]
            + tell(approval, deal, .approvalRejected, note: note, context)
    }

    /// Submitter and owner learn of the decision.
    func tell(
        _ approval: Approval, _ deal: Opportunity, _ kind: Notification.Kind, note: String?,
        _ context: Context
    ) -> [Event] {
        var told = [approval.submitter]
        if deal.owner != approval.submitter { told.append(deal.owner) }
        // The approver learns what was decided in their place.
        if let principal = approval.principal(of: context.actor), !told.contains(principal) {
            told.append(principal)
        }
        return told.filter { $0 != context.actor }.map {
            notify($0, kind, opportunity: deal.id, approval: approval.id, note: note, context)
        }
    }
}

extension Approval {
    /// Whose right a delegate uses; `nil` for an approver in their own turn.
    fileprivate func principal(of decider: PersonID) -> PersonID? {
        current == decider ? nil : current
    }
}
