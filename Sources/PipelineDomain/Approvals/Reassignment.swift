/// Why the deciders of a pending request became others: never silently (D-18).
public struct ApprovalReassignment: Hashable, Sendable {
    public enum Cause: String, Hashable, Sendable, CaseIterable {
        /// The deal went to one of the deciders, who may not approve it (D-20, D-28).
        case transfer
        /// One of the deciders was deactivated (D-22).
        case deactivation
        /// An admin named somebody else, saying why (D-18).
        case reroute
    }

    /// Those who had still to decide, and those who have to now.
    public let deciders: Change<[PersonID]>
    /// Levels for which nobody is left, after those.
    public let vacancies: Int
    public let cause: Cause
    public let reason: String?

    public init(
        deciders: Change<[PersonID]>, vacancies: Int, cause: Cause, reason: String? = nil
    ) {
        self.deciders = deciders
        self.vacancies = vacancies
        self.cause = cause
        self.reason = reason
    }
}

extension Approval {
    /// Whether the next approval is the final one.
    var isAtLastLevel: Bool { decidedLevels + 1 == approvers.count && vacancies == 0 }

    /// Who is still to be asked after the decider's yes to the present level: nobody decides twice, so
    /// that of somebody who stepped in is a yes to the decider's own level as well (D-23, D-27).
    func remaining(after decider: PersonID) -> [PersonID] {
        undecided.dropFirst().filter { $0 != decider }
    }

    /// Whether the decider's yes is the final one.
    func isLastYes(of decider: PersonID) -> Bool {
        current != nil && vacancies == 0 && remaining(after: decider).isEmpty
    }

    /// Those who have decided already: asking them again would add nothing (D-23).
    var decided: ArraySlice<PersonID> { approvers.prefix(decidedLevels) }
}

extension State {
    /// The gate that the request is to pass.
    func gate(of approval: Approval) -> Gate {
        let deal = opportunities[approval.opportunity]
        let stage = deal.definition.stages.first { $0.key == approval.stage }
        if case .reopened = approval.target { return (stage?.gate ?? Gate()).reopening }
        let listed = deal.definition.transitions.first {
            $0.from == approval.stage && $0.to == approval.target.key
        }
        return listed?.gate ?? stage?.gate ?? Gate()
    }

    /// Deciders for `wanted` levels, looked for from the owner upwards beside those in `taken`; where
    /// too few are left, the gate's designate, and then nobody (D-22).
    private func successors(
        for approval: Approval, wanted: Int, beside taken: some Sequence<PersonID>
    ) -> [PersonID] {
        let owner = opportunities[approval.opportunity].owner
        let barred = Set(taken).union([owner, approval.submitter])
        func isFree(_ person: PersonID) -> Bool {
            !barred.contains(person) && !mayHaveDecided(person, approval)
        }
        var found = Array(chain(above: owner).lazy.filter(isFree).prefix(wanted))
        if found.count < wanted, let designate = gate(of: approval).designate,
            persons[designate].isActive, isFree(designate), !found.contains(designate)
        {
            found.append(designate)
        }
        return found
    }

    /// Whether the person has perhaps decided a level of the request, as approver or as delegate:
    /// nobody decides twice (D-23).
    func mayHaveDecided(_ person: PersonID, _ approval: Approval) -> Bool {
        approval.decidedLevels > 0 && persons[person].asked.contains(approval.id)
            && !approval.undecided.contains(person)
    }

    /// All levels still undecided, resolved again as the organisation is now (D-22).
    func resolvedAgain(_ approval: Approval, _ context: Context) -> [Event] {
        let wanted = approval.undecided.count + approval.vacancies
        let found = successors(for: approval, wanted: wanted, beside: approval.decided)
        return reassign(
            approval, to: found, vacancies: wanted - found.count, .deactivation, context)
    }

    /// The new owner's level goes to the next superior; the other deciders stay (D-28).
    func withoutNewOwner(_ approval: Approval, _ context: Context) -> [Event] {
        let owner = opportunities[approval.opportunity].owner
        guard approval.undecided.contains(owner) else { return [] }
        let others = approval.undecided.filter { $0 != owner }
        let next = successors(for: approval, wanted: 1, beside: approval.approvers)
        return reassign(
            approval, to: others + next, vacancies: approval.vacancies + 1 - next.count, .transfer,
            context)
    }

    /// The change, and word of it to both sides: the deciders before and now, and those who ask.
    /// Where nobody is left for a level the admins are told to REROUTE, never to decide (D-22).
    func reassign(
        _ approval: Approval, to deciders: [PersonID], vacancies: Int,
        _ cause: ApprovalReassignment.Cause, reason: String? = nil, _ context: Context
    ) -> [Event] {
        let deal = opportunities[approval.opportunity]
        let facts = ApprovalReassignment(
            deciders: Change(from: Array(approval.undecided), to: deciders), vacancies: vacancies,
            cause: cause, reason: reason)
        var events: [Event] = [.approval(approval.id, .reassigned(facts))]
        if let first = deciders.first, first != approval.current {
            events += ask(
                first, approval.id, of: deal, submitter: approval.submitter,
                beside: deciders, note: approval.note, context)
        }
        var told: Set<PersonID> = [context.actor]
        let dropped = approval.undecided.filter { !deciders.contains($0) }
        for person in dropped + [approval.submitter, deal.owner] {
            guard persons[person].isActive, told.insert(person).inserted else { continue }
            events.append(
                notify(
                    person, .approvalRerouted, opportunity: deal.id, approval: approval.id,
                    note: reason, context))
        }
        if deciders.isEmpty || vacancies > approval.vacancies {
            events.append(contentsOf: tellAdmins(of: approval, context))
        }
        return events
    }

    /// Somebody has to be named by APPROVAL.REROUTE before the request can go on (D-22).
    func tellAdmins(of approval: Approval, _ context: Context) -> [Event] {
        admins.map {
            notify(
                $0, .approvalEscalated, opportunity: approval.opportunity, approval: approval.id,
                context)
        }
    }
}

extension ApprovalTarget {
    /// The stage's key, `won` or `reopen`.
    public var key: String {
        switch self {
        case .stage(let key): key
        case .won: Outcome.won.rawValue
        case .reopened: "reopen"
        }
    }
}
