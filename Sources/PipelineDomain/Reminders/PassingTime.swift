/// Something that the passing of time may concern.
public enum DueSubject: Hashable, Sendable {
    case opportunity(OpportunityID)
    case approval(ApprovalID)
    case activity(ActivityID)
    /// A delegation that has still to begin, by whose it is.
    case delegation(PersonID)
    case target(TargetID)

    public var id: String {
        switch self {
        case .opportunity(let id): id.description
        case .approval(let id): id.description
        case .activity(let id): id.description
        case .delegation(let id): id.description
        case .target(let id): id.description
        }
    }
}

extension State {
    /// When the subject next has to be looked at; `nil`: not before it changes.
    public func nextDue(of subject: DueSubject, _ zones: any ZoneRules) -> Instant? {
        switch subject {
        case .opportunity(let id):
            guard opportunities.contains(id) else { return nil }
            let isOpen = opportunities.borrow(id) { $0.outcome == .open }
            return isOpen ? reminders(of: opportunities[id], zones).map(\.at).min() : nil
        case .approval(let id):
            guard let approval = approvals[find: id] else { return nil }
            return deadlines(of: approval, zones).map(\.at).min()
        case .activity(let id):
            guard let activity = activities[find: id] else { return nil }
            return reminderTime(of: activity, zones)
        case .delegation(let id):
            guard let person = persons[find: id], !person.delegationIsTold else { return nil }
            return person.delegation?.starts
        case .target(let id):
            guard let target = targets[find: id] else { return nil }
            return nextCheck(of: target, zones)
        }
    }

    /// What is due for the subject by now and has not fired, as events (N-4). Pure, like every other
    /// decision; `context.actor` is nobody.
    public func passTime(of subject: DueSubject, _ context: Context) -> [Event] {
        switch subject {
        case .opportunity(let id):
            guard let deal = opportunities[find: id] else { return [] }
            let due = reminders(of: deal, context.zones).filter { $0.at <= context.now }
                .sorted { $0.at < $1.at }
            return due.prefix(Bounds.remindersPerStep).flatMap { reminder in
                inTime(
                    [
                        .reminder(.deal(id, reminder.key)),
                        notify(
                            reminder.person, reminder.key.rule.kind, opportunity: id,
                            note: reminder.note, context),
                    ], due: reminder.at, context)
            }
        case .approval(let id):
            guard let approval = approvals[find: id] else { return [] }
            return passDeadlines(of: approval, context).flatMap { at, events in
                inTime(events, due: at, context)
            }
        case .activity(let id):
            guard let activity = activities[find: id],
                let at = reminderTime(of: activity, context.zones), at <= context.now
            else { return [] }
            return inTime(
                [.reminder(.activity(id)), remind(of: activity, context)], due: at, context)
        case .delegation(let id): return begin(delegationOf: id, context)
        // Only once it has been measured.
        case .target: return []
        }
    }

    /// What comes too late to be told by itself goes into the digest (N-4). What a deadline decided
    /// is news, not a reminder.
    func inTime(_ events: [Event], due: Instant, _ context: Context) -> [Event] {
        let (late, over) = context.now.milliseconds.subtractingReportingOverflow(due.milliseconds)
        guard over || late > Bounds.lateMilliseconds else { return events }
        return events.map { event in
            guard case .inbox(let person, .notified(let row)) = event, row.kind.isReminder else {
                return event
            }
            return .reminder(.late(person, LateReminder(row)))
        }
    }

    // MARK: Activities

    /// The last set hour, on a working day, before what is planned; not if that was over when it was
    /// planned (N-6).
    private func reminderTime(of activity: Activity, _ zones: any ZoneRules) -> Instant? {
        guard let planned = activity.at, !activity.isDone, !activity.isReminded,
            isOpen(activity.target)
        else { return nil }
        let zone = persons[activity.assignee].zone
        var day = zones.day(in: zone, at: planned)
        if zones.instant(of: day, hour: Bounds.morningHour, in: zone) > planned {
            day = day.advanced(by: -1)
        }
        let at = reminderTime(on: day, ahead: true, for: activity.assignee, zones)
        return at < activity.createdAt ? nil : at
    }

    func isOpen(_ target: Activity.Target) -> Bool {
        switch target {
        case .opportunity(let deal): opportunities[deal].outcome == .open
        case .lead(let lead): leads[lead].status == .open
        }
    }

    private func remind(of activity: Activity, _ context: Context) -> Event {
        let deal: OpportunityID? =
            if case .opportunity(let id) = activity.target { id } else { nil }
        return notify(
            activity.assignee, .reminderTask, opportunity: deal, note: activity.kind, context)
    }

    // MARK: Delegations

    /// The delegate is told of what waits when the delegation begins (D-21, N-3).
    private func begin(delegationOf id: PersonID, _ context: Context) -> [Event] {
        guard let person = persons[find: id], !person.delegationIsTold,
            let delegation = person.delegation, delegation.starts <= context.now
        else { return [] }
        var events: [Event] = [.reminder(.delegation(id))]
        guard let delegate = delegate(of: id, at: context.now) else { return events }
        // Everything ever asked of the person is looked at, without copying any of it.
        let open = person.asked.lazy.filter { approvals.borrow($0) { $0.status == .pending } }
        let waiting = open.map { approvals[$0] }.filter {
            $0.current == id && standsIn(delegate, for: id, $0, at: context.now)
        }
        events += waiting.prefix(Bounds.listMost).map { approval in
            // Without the notes: there may be many.
            notify(
                delegate, .approvalRequested, opportunity: approval.opportunity,
                approval: approval.id, from: approval.submitter, context)
        }
        return events
    }
}

extension Event {
    /// Whether it changes a text of a deal and nothing that falls due: the most frequent event.
    @inlinable public var isPlainChange: Bool {
        if case .opportunity(_, .changed) = self { true } else { false }
    }

    /// What has to be looked at again because of it.
    public func dueSubjects(_ state: State) -> [DueSubject] {
        switch self {
        case .opportunity(let id, let event):
            switch event {
            case .created, .closeChanged, .moved, .taskDone, .taskUndone, .teamJoined, .teamLeft,
                .transferred, .won, .lost, .invalidated, .overridden, .migrated:
                return [.opportunity(id)]
            case .reopened:
                guard let deal = state.opportunities[find: id] else { return [] }
                return [.opportunity(id)] + deal.activities.map { .activity($0) }
            default: return []
            }
        case .approval(let id, _): return [.approval(id)]
        case .activity(let id, _): return [.activity(id)]
        case .person(let id, .delegated): return [.delegation(id)]
        case .target(let id, .set): return [.target(id)]
        default: return []
        }
    }

    /// Whether it may move the due time of anything at all: zones, calendars, who is above whom.
    public var mayMoveAnyDue: Bool {
        switch self {
        case .company(.calendarPut): true
        case .unit(_, .moved), .unit(_, .headChanged), .unit(_, .merged): true
        case .person(_, .unitChanged), .person(_, .superiorChanged), .person(_, .zoneChanged),
            .person(_, .deactivated), .person(_, .activated):
            true
        default: false
        }
    }
}
