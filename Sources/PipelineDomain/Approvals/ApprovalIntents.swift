/// `APPROVAL.APPROVE` and `APPROVAL.REJECT`: the request's deciders only (D-12, D-20, D-26, D-32).
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
        let approval = try state.approval(approval, for: context.actor)
        let deal = state.opportunities[approval.opportunity]
        guard approval.approvers.contains(context.actor) else {
            throw .notPermitted(
                action: "decide \(approval.id)",
                who: approval.current.map { "its approver \($0)" } ?? "its approvers")
        }
        try context.check(approval.revision, of: approval.id.description)
        guard approval.status == .pending, let current = approval.current else {
            throw .alreadyDecided(
                approval: approval.id, status: approval.status, by: approval.decidedBy)
        }
        guard current == context.actor else {
            throw .notPermitted(
                action: "decide \(approval.id) now", who: "\(current), whose turn it is")
        }
        switch verdict {
        case .approve(let note):
            return Decision(
                .approval(approval.id), state.approve(approval, deal, note: note, context),
                answer: [
                    Answer.Field("status", .text(status(after: approval))),
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

    private func status(after approval: Approval) -> String {
        let isLast = approval.decidedLevels + 1 == approval.approvers.count
        return (isLast ? Approval.Status.approved : .pending).rawValue
    }
}

extension State {
    fileprivate func approve(
        _ approval: Approval, _ deal: Opportunity, note: String?, _ context: Context
    ) -> [Event] {
        let level = approval.decidedLevels + 1
        var events: [Event] = []
        if level < approval.approvers.count {
            events.append(
                .approval(
                    approval.id, .levelApproved(level: level, onBehalfOf: nil, note: note)))
            events.append(
                notify(
                    approval.approvers[level], .approvalRequested, opportunity: deal.id,
                    approval: approval.id, note: approval.note, context))
            return events
        }
        if approval.endsAutomatically {
            events.append(
                .approval(
                    approval.id, .levelApproved(level: level, onBehalfOf: nil, note: note)))
            events.append(.approval(approval.id, .approvedAutomatically))
        } else {
            events.append(.approval(approval.id, .approved(onBehalfOf: nil, note: note)))
        }
        events.append(
            contentsOf: granted(deal, approval.target, approval: approval.id, note: nil, context))
        return events + tell(approval, deal, .approvalApproved, note: note, context)
    }

    fileprivate func reject(
        _ approval: Approval, _ deal: Opportunity, note: String, _ context: Context
    ) -> [Event] {
        [.approval(approval.id, .rejected(onBehalfOf: nil, note: note))]
            + tell(approval, deal, .approvalRejected, note: note, context)
    }

    /// Submitter and owner learn of the decision.
    private func tell(
        _ approval: Approval, _ deal: Opportunity, _ kind: Notification.Kind, note: String?,
        _ context: Context
    ) -> [Event] {
        var told = [approval.submitter]
        if deal.owner != approval.submitter { told.append(deal.owner) }
        return told.filter { $0 != context.actor }.map {
            notify($0, kind, opportunity: deal.id, approval: approval.id, note: note, context)
        }
    }
}
