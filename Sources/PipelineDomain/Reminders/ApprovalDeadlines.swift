/// What happens to a request that nobody decides, in this order (D-27).
public enum ApprovalDeadline: String, Hashable, Sendable, CaseIterable {
    /// T1: the approver is reminded.
    case remind
    /// T2: the approver's superior may decide too.
    case escalate
    /// T3: the administrators are told.
    case admins
}

/// When a deadline passes, and whether the process then decides by itself.
struct PendingDeadline {
    let deadline: ApprovalDeadline
    let at: Instant
    /// `nil`: nobody but people decide.
    let verdict: Gate.Deadline?
}

extension Gate {
    fileprivate func hours(_ deadline: ApprovalDeadline) -> Int? {
        switch deadline {
        case .remind: remindAfterHours
        case .escalate: escalateAfterHours
        case .admins: adminAfterHours
        }
    }

    /// The one at which the process decides, if it does: T3, or the last that is set.
    fileprivate var deciding: ApprovalDeadline? {
        onDeadline == .wait ? nil : ApprovalDeadline.allCases.last { hours($0) != nil }
    }

    /// The deadlines of one request for two gates: people hear at the earlier ones, and the process decides
    /// only what both gates let it decide, alike and after the same time (D-24, D-27).
    func awaited(with other: Gate) -> Gate {
        var both = self
        both.remindAfterHours = [remindAfterHours, other.remindAfterHours].compactMap(\.self).min()
        both.escalateAfterHours =
            [escalateAfterHours, other.escalateAfterHours].compactMap(\.self).min()
        both.adminAfterHours = [adminAfterHours, other.adminAfterHours].compactMap(\.self).min()
        let isAlike =
            onDeadline == other.onDeadline
            && deciding.map { hours($0) == other.hours($0) && other.deciding == $0 } ?? false
        if !isAlike { both.onDeadline = .wait }
        return both
    }
}

extension State {
    /// Those of the present level that have not passed, in working hours of the approver's calendar
    /// from when they were asked (D-27).
    func deadlines(of approval: Approval, _ zones: any ZoneRules) -> [PendingDeadline] {
        guard let approver = approval.current else { return [] }
        let gate = awaitedGate(of: approval)
        let person = persons[approver]
        return ApprovalDeadline.allCases.compactMap { deadline in
            guard let hours = gate.hours(deadline), !approval.passed.contains(deadline),
                let at = calendar(of: person.unit).instant(
                    after: hours, workingHoursFrom: approval.asked.at, in: person.zone, zones)
            else { return nil }
            return PendingDeadline(
                deadline: deadline, at: at,
                verdict: gate.deciding == deadline ? gate.onDeadline : nil)
        }
    }

    /// What passes by now. Where the process decides, nothing else is worth telling.
    func passDeadlines(of approval: Approval, _ context: Context) -> [(at: Instant, [Event])] {
        let passed = deadlines(of: approval, context.zones).filter { $0.at <= context.now }
        if let last = passed.first(where: { $0.verdict != nil }), let verdict = last.verdict {
            return [(last.at, expire(approval, isApproved: verdict == .approve, context))]
        }
        return passed.map { ($0.at, pass($0.deadline, approval, context)) }
    }

    private func pass(
        _ deadline: ApprovalDeadline, _ approval: Approval, _ context: Context
    ) -> [Event] {
        let told: [PersonID]
        let event: ApprovalEvent
        switch deadline {
        case .remind:
            event = .reminded
            told = deciding(approval, at: context.now)
        case .escalate:
            let superior = escalation(of: approval)
            event = .escalated(to: superior)
            told = superior.map { [$0] } ?? []
        case .admins:
            event = .adminsTold
            told = admins
        }
        let kind: Notification.Kind = deadline == .escalate ? .approvalEscalated : .approvalDue
        return [.approval(approval.id, event)]
            + told.map {
                notify(
                    $0, kind, opportunity: approval.opportunity, approval: approval.id,
                    note: deadline == .admins ? nil : approval.note, context)
            }
    }

    /// The approver and the running delegate.
    private func deciding(_ approval: Approval, at now: Instant) -> [PersonID] {
        guard let approver = approval.current else { return [] }
        guard let delegate = delegate(of: approver, at: now), delegate != approver,
            standsIn(delegate, for: approver, approval, at: now)
        else { return [approver] }
        return [approver, delegate]
    }

    /// The approver's superior, or the next one up who may decide the request (D-20) and has decided no
    /// level of it (D-23). One who is to be asked later may decide both levels by stepping in.
    private func escalation(of approval: Approval) -> PersonID? {
        guard let approver = approval.current else { return nil }
        let owner = opportunities[approval.opportunity].owner
        return chain(above: approver).first {
            $0 != owner && $0 != approval.submitter && !mayHaveDecided($0, approval)
        }
    }

    /// Decided by the process for the level whose turn it is, never as a person (D-27).
    private func expire(
        _ approval: Approval, isApproved: Bool, _ context: Context
    ) -> [Event] {
        let deal = opportunities[approval.opportunity]
        var events: [Event] = [.approval(approval.id, .expired(isApproved: isApproved))]
        guard isApproved else {
            return events + tell(approval, deal, .approvalRejected, note: nil, context)
        }
        guard approval.isAtLastLevel else {
            let next = approval.decidedLevels + 1
            guard next < approval.approvers.count else {
                return events + tellAdmins(of: approval, context)
            }
            return events
                + ask(
                    approval.approvers[next], approval.id, of: deal,
                    submitter: approval.submitter, beside: approval.approvers,
                    note: approval.note, context)
        }
        events += granted(
            deal, approval.target, approval: approval.id, note: approval.note, context)
        return events + tell(approval, deal, .approvalApproved, note: nil, context)
    }

    /// Whether the person may decide in the approver's place because the approver let time pass
    /// (D-27); never one's own (D-20).
    func stepsIn(_ person: PersonID, _ approval: Approval) -> Bool {
        approval.status == .pending && approval.escalatedTo == person
            && person != approval.submitter
            && person != opportunities[approval.opportunity].owner
    }
}

extension Approval {
    /// Somebody new is asked: the clocks start anew.
    mutating func restartClocks(_ recorded: Recorded) {
        asked = LogPlace(recorded)
        passed = []
        escalatedTo = nil
    }
}

/// When something was recorded, and where.
public struct LogPlace: Hashable, Sendable {
    public let at: Instant
    public let sequence: UInt64

    init(_ recorded: Recorded) {
        at = recorded.at
        sequence = recorded.sequence
    }
}
