/// `PERSON.DEACTIVATE`: in one step the person's open deals go to somebody else and the requests that
/// wait for them to other deciders (D-22, D-35).
public struct DeactivatePerson: Intent {
    let person: PersonReference
    let dealsTo: PersonReference?

    public init(person: PersonReference, dealsTo: PersonReference?) {
        self.person = person
        self.dealsTo = dealsTo
    }

    public func decide(_ state: State, _ context: Context) throws(Rejection) -> Decision {
        let person = try state.person(person)
        let heir: Person? = if let dealsTo { try state.person(dealsTo) } else { nil }
        try state.requireAdmin(context, "deactivate people")
        try context.check(person.revision, of: person.id.description)
        guard person.isActive else { throw .activity(person.id, isActive: false) }
        guard person.role != .admin || state.admins.contains(where: { $0 != person.id }) else {
            throw .lastAdmin(person.id)
        }
        if let heir, !heir.isActive { throw .inactive(heir.id) }
        let deals = person.opportunities.filter { state.opportunities[$0].outcome == .open }
        if heir == nil, !deals.isEmpty { throw .ownsDeals(person.id, deals) }
        if heir?.id == person.id {
            throw .invalid("DEALS-TO", "names \(person.id), who is to be deactivated")
        }
        let requests = person.asked.filter { state.approvals[$0].undecided.contains(person.id) }
        var draft = Draft(state, context)
        draft.add(.person(person.id, .deactivated))
        if let heir {
            for deal in deals { draft.transfer(deal, to: heir.id) }
        }
        for deal in person.opportunities { draft.cancelReopening(of: deal) }
        for request in requests where draft.state.approvals[request].status == .pending {
            draft.add(draft.state.resolvedAgain(draft.state.approvals[request], context))
        }
        guard draft.estimatedBytes <= Bounds.decisionBytes else {
            throw .tooMuchAtOnce(person.id, deals: deals.count, requests: requests.count)
        }
        return Decision(
            .person(person.id), draft.events,
            answer: [
                Answer.Field("deals", .integer(Int64(deals.count))),
                Answer.Field("approvals", .integer(Int64(requests.count))),
            ],
            rowsLookedAt: person.opportunities.count + draft.events.count * Bounds.rowsPerChange)
    }
}

extension Draft {
    /// A closed deal stays credited to its owner, and is not opened again for somebody who is gone.
    fileprivate mutating func cancelReopening(of id: OpportunityID) {
        let deal = state.opportunities[id]
        guard deal.outcome != .open, let pending = deal.pending else { return }
        let approval = state.approvals[pending]
        let told = state.audience(of: approval, context) + [approval.submitter]
        add(.approval(pending, .cancelled))
        for person in told where person != context.actor && state.persons[person].isActive {
            add(
                state.notify(
                    person, .approvalCancelled, opportunity: id, approval: pending, context))
        }
    }
}

/// `PERSON.ACTIVATE`: deals and requests stay where they went.
public struct ActivatePerson: Intent {
    let person: PersonReference

    public init(person: PersonReference) { self.person = person }

    public func decide(_ state: State, _ context: Context) throws(Rejection) -> Decision {
        let person = try state.person(person)
        try state.requireAdmin(context, "activate people")
        try context.check(person.revision, of: person.id.description)
        guard !person.isActive else { throw .activity(person.id, isActive: true) }
        return Decision(.person(person.id), [.person(person.id, .activated)])
    }
}
