/// `APPROVAL.REROUTE`: an admin names who decides the level whose turn it is, or the one that nobody
/// is left for, saying why (D-18, D-22).
public struct RerouteApproval: Intent {
    let approval: ApprovalID
    let to: PersonReference
    let reason: String

    public init(approval: ApprovalID, to: PersonReference, reason: String) {
        self.approval = approval
        self.to = to
        self.reason = reason
    }

    public func decide(_ state: State, _ context: Context) throws(Rejection) -> Decision {
        let approval = try state.approval(approval, for: context.actor)
        let person = try state.person(to)
        try state.requireAdmin(context, "reroute \(approval.id)")
        try context.check(approval.revision, of: approval.id.description)
        guard approval.status == .pending else {
            throw .alreadyDecided(
                approval: approval.id, status: approval.status, by: approval.decidedBy)
        }
        guard person.isActive else { throw .inactive(person.id) }
        let faults = faults(of: person.id, for: approval, by: context.actor, state)
        guard faults.isEmpty else { throw .invalid(faults) }
        let later = approval.undecided.dropFirst()
        let filled = approval.current == nil ? 1 : 0
        let events = state.reassign(
            approval, to: [person.id] + later, vacancies: approval.vacancies - filled, .reroute,
            reason: reason, context)
        return Decision(
            .approval(approval.id), events,
            answer: [Answer.Field("opportunity", .text(approval.opportunity.description))])
    }

    /// Nobody approves their own (D-20), nobody decides twice (D-23), and an admin names who decides
    /// and does not decide by that (D-22).
    private func faults(
        of person: PersonID, for approval: Approval, by admin: PersonID, _ state: State
    ) -> [Rejection.Fault] {
        var faults: [Rejection.Fault] = []
        if person == admin {
            faults.append(
                .init("TO", "\(person) reroutes it and cannot take it; name somebody else"))
        }
        if person == state.opportunities[approval.opportunity].owner {
            faults.append(.init("TO", "\(person) owns \(approval.opportunity)"))
        }
        if person == approval.submitter {
            faults.append(.init("TO", "\(person) submitted \(approval.id)"))
        }
        if approval.approvers.contains(person) {
            faults.append(.init("TO", "\(person) is among its approvers already"))
        } else if state.mayHaveDecided(person, approval) {
            faults.append(.init("TO", "\(person) has had it before"))
        }
        return faults + Rejection.faults(ofReason: reason)
    }
}
