/// Who decides in a person's place, from one date to another, both included (D-21, D-37).
public struct Delegation: Hashable, Sendable {
    public let to: PersonID
    public let from: Day
    public let until: Day
    /// When those dates begin and end in the delegator's zone; the end is the first instant after.
    public let starts: Instant
    public let ends: Instant

    public init(to: PersonID, from: Day, until: Day, starts: Instant, ends: Instant) {
        self.to = to
        self.from = from
        self.until = until
        self.starts = starts
        self.ends = ends
    }

    init(to: PersonID, from: Day, until: Day, in zone: String, _ zones: any ZoneRules) {
        self.init(
            to: to, from: from, until: until, starts: zones.start(of: from, in: zone),
            ends: zones.start(of: Day(number: until.number + 1), in: zone))
    }

    /// The same dates in another zone, if they are other instants there.
    func moved(to zone: String, _ zones: any ZoneRules) -> Delegation? {
        let moved = Delegation(to: to, from: from, until: until, in: zone, zones)
        return moved == self ? nil : moved
    }
}

extension State {
    /// Who may decide in the person's place at the instant; it does not chain (D-21).
    public func delegate(of person: PersonID, at instant: Instant) -> PersonID? {
        guard let delegation = persons[person].delegation, delegation.starts <= instant,
            instant < delegation.ends, persons[delegation.to].isActive
        else { return nil }
        return delegation.to
    }

    /// Whether `viewer` may decide the request in `approver`'s place; never one's own (D-20), and
    /// never beside a level that was put to them or that they decided: nobody decides twice (D-23).
    func standsIn(
        _ viewer: PersonID, for approver: PersonID, _ approval: Approval, at instant: Instant
    ) -> Bool {
        viewer != approval.submitter && viewer != opportunities[approval.opportunity].owner
            && delegate(of: approver, at: instant) == viewer
            && !persons[viewer].asked.contains(approval.id)
    }

    /// Whether the viewer could decide the request as a delegate, or could until it was decided: who
    /// comes too late is told so (D-21, D-26). What was decided before is none of theirs.
    func wasPutToDelegate(_ viewer: PersonID, _ approval: Approval) -> Bool {
        let candidates = approval.status == .pending ? approval.undecided : approval.approvers[...]
        return candidates.contains { approver in
            guard standsIn(viewer, for: approver, approval, at: clock) else { return false }
            guard let decidedAt = approval.decidedAt, approval.status != .pending else {
                return true
            }
            return persons[approver].delegation.map { $0.starts <= decidedAt } ?? false
        }
    }

    /// The pending requests that a person has to decide, sooner or later, for themselves or in
    /// somebody's place; ascending for each.
    public func requests(for viewer: PersonID) -> [ApprovalID] {
        var found = persons[viewer].asked.filter {
            approvals[$0].undecided.contains(viewer) || stepsIn(viewer, approvals[$0])
        }
        for approver in persons[viewer].delegators {
            found += persons[approver].asked.filter {
                approvals[$0].undecided.contains(approver)
                    && standsIn(viewer, for: approver, approvals[$0], at: clock)
            }
        }
        return found
    }

    /// Whether it is the person's turn to decide, or their delegator's.
    public func isTurn(of viewer: PersonID, _ approval: Approval) -> Bool {
        guard let current = approval.current else { return false }
        return current == viewer || standsIn(viewer, for: current, approval, at: clock)
            || stepsIn(viewer, approval)
    }

    /// The request goes to the approver and to the delegate (N-3), unless that is one of the
    /// approvers as well.
    func ask(
        _ approver: PersonID, _ id: ApprovalID, of deal: Opportunity, submitter: PersonID,
        beside approvers: [PersonID], note: String?, _ context: Context
    ) -> [Event] {
        var asked = [approver]
        if let delegate = delegate(of: approver, at: context.now), delegate != submitter,
            delegate != deal.owner, !approvers.contains(delegate),
            !persons[delegate].asked.contains(id)
        {
            asked.append(delegate)
        }
        return asked.map {
            // From whoever asks, whosever act brought the turn to the approver.
            notify(
                $0, .approvalRequested, opportunity: deal.id, approval: id, note: note,
                from: submitter, context)
        }
    }

    /// Everybody who has the request before them or has decided a level of it.
    func audience(of approval: Approval, _ context: Context) -> [PersonID] {
        var people = Array(approval.approvers.prefix(approval.decidedLevels + 1))
        if let current = approval.current, let delegate = delegate(of: current, at: context.now),
            standsIn(delegate, for: current, approval, at: context.now),
            !people.contains(delegate)
        {
            people.append(delegate)
        }
        if let superior = approval.escalatedTo, !people.contains(superior) {
            people.append(superior)
        }
        return people
    }
}

/// `PERSON.DELEGATE`: by the person or an admin (D-21).
public struct DelegatePerson: Intent {
    public enum Wish: Sendable {
        case to(PersonReference, from: Day, until: Day)
        case clear
    }

    let person: PersonReference
    let wish: Wish

    public init(person: PersonReference, wish: Wish) {
        self.person = person
        self.wish = wish
    }

    public func decide(_ state: State, _ context: Context) throws(Rejection) -> Decision {
        let person = try state.person(person)
        var delegate: Person?
        if case .to(let reference, _, _) = wish { delegate = try state.person(reference) }
        guard person.id == context.actor || state.persons[context.actor].role == .admin else {
            throw .notPermitted(action: "delegate for \(person.id)", who: "the person, or an admin")
        }
        try context.check(person.revision, of: person.id.description)
        guard case .to(_, let from, let until) = wish, let delegate else {
            let none = Change<Delegation?>(from: person.delegation, to: nil)
            return Decision(
                .person(person.id),
                person.delegation == nil ? [] : [.person(person.id, .delegated(none))])
        }
        for one in [person, delegate] where !one.isActive { throw .inactive(one.id) }
        let delegation = Delegation(
            to: delegate.id, from: from, until: until, in: person.zone, context.zones)
        let faults = Self.faults(of: delegation, by: person, context)
        guard faults.isEmpty else { throw .invalid(faults) }
        guard delegation != person.delegation else { return Decision(.person(person.id), []) }
        var draft = Draft(state, context)
        draft.add(
            .person(person.id, .delegated(Change(from: person.delegation, to: delegation))))
        let requests = draft.handOver(from: person, to: delegate.id)
        guard draft.estimatedBytes <= Bounds.decisionBytes else {
            throw .tooMuchAtOnce(person.id, deals: 0, requests: requests)
        }
        return Decision(.person(person.id), draft.events)
    }

    private static func faults(
        of delegation: Delegation, by person: Person, _ context: Context
    ) -> [Rejection.Fault] {
        var faults: [Rejection.Fault] = []
        if delegation.to == person.id {
            faults.append(.init("TO", "\(person.id) cannot be their own delegate"))
        }
        if delegation.until < delegation.from {
            faults.append(
                .init(
                    "UNTIL", "\(delegation.until) is before FROM, which is \(delegation.from)"))
        } else if delegation.ends <= context.now {
            faults.append(.init("UNTIL", "\(delegation.until) is past in zone \(person.zone)"))
        }
        return faults
    }
}

extension Draft {
    /// The delegate is told at once of what waits for the person now (D-21, N-3); how much that is.
    fileprivate mutating func handOver(from person: Person, to delegate: PersonID) -> Int {
        guard state.delegate(of: person.id, at: context.now) == delegate else { return 0 }
        let waiting = person.asked.filter {
            let approval = state.approvals[$0]
            return approval.current == person.id
                && state.standsIn(delegate, for: person.id, approval, at: context.now)
        }
        for id in waiting {
            let approval = state.approvals[id]
            add(
                state.notify(
                    delegate, .approvalRequested, opportunity: approval.opportunity, approval: id,
                    note: approval.note, from: approval.submitter, context))
        }
        return waiting.count
    }
}
