/// When something is planned: an instant, or a date, which means the morning of that day where the
/// person who is to do it lives (D-37).
public enum Moment: Hashable, Sendable {
    case instant(Instant)
    case day(Day)

    func instant(in zone: String, _ zones: any ZoneRules) -> Instant {
        switch self {
        case .instant(let instant): instant
        case .day(let day): zones.instant(of: day, hour: Bounds.morningHour, in: zone)
        }
    }
}

/// `OPP.ACTIVITY` and `LEAD.ACTIVITY`: whoever sees the deal or the lead; allowed while an approval is
/// pending (D-25, D-32, D-41). A result means that it is done.
public struct AddActivity: Intent {
    let target: Activity.Target
    let kind: String
    let to: PersonReference?
    let at: Moment?
    let done: Bool
    let result: Activity.Result?
    let note: String?

    public init(
        target: Activity.Target, kind: String, to: PersonReference?, at: Moment?, done: Bool,
        result: Activity.Result?, note: String?
    ) {
        self.target = target
        self.kind = kind
        self.to = to
        self.at = at
        self.done = done
        self.result = result
        self.note = note
    }

    public func decide(_ state: State, _ context: Context) throws(Rejection) -> Decision {
        let subject = try requireTarget(state, context)
        let assignee = try state.person(to ?? .id(context.actor))
        try requireOpen(state, context)
        guard assignee.isActive else { throw .inactive(assignee.id) }
        guard mayDo(assignee.id, state) else {
            throw .invalid("TO", "\(assignee.id) may not see \(subject.id)")
        }
        let id = state.activities.nextID
        let facts = ActivityFacts(
            target: target, kind: kind, assignee: assignee.id,
            at: at?.instant(in: assignee.zone, context.zones), isDone: done || result != nil,
            result: result, note: note)
        return Decision(
            subject, [.activity(id, .entered(facts))], createdFields: ["activity"],
            answer: [Answer.Field("activity", .text(id.description))])
    }

    private func requireTarget(
        _ state: State, _ context: Context
    ) throws(Rejection) -> Subject {
        switch target {
        case .opportunity(let id):
            .opportunity(try state.opportunity(id, for: context.actor).id)
        case .lead(let id): .lead(try state.lead(id, for: context.actor).id)
        }
    }

    private func requireOpen(_ state: State, _ context: Context) throws(Rejection) {
        switch target {
        case .opportunity(let id):
            let deal = state.opportunities[id]
            try context.check(deal.revision, of: id.description)
            guard deal.outcome == .open else {
                throw .alreadyClosed(opportunity: id, outcome: deal.outcome)
            }
        case .lead(let id): try state.leads[id].requireOpen(context)
        }
    }

    private func mayDo(_ person: PersonID, _ state: State) -> Bool {
        switch target {
        case .opportunity(let id): state.sees(person, state.opportunities[id])
        case .lead(let id): state.sees(person, state.leads[id])
        }
    }
}

/// `ACTIVITY.DONE`: whoever sees the deal or the lead, closed ones included: what happened, happened.
public struct FinishActivity: Intent {
    let activity: ActivityID
    let result: Activity.Result?

    public init(activity: ActivityID, result: Activity.Result?) {
        self.activity = activity
        self.result = result
    }

    public func decide(_ state: State, _ context: Context) throws(Rejection) -> Decision {
        let activity = try state.activity(activity, for: context.actor)
        try context.check(activity.revision, of: activity.id.description)
        if let by = activity.doneBy { throw .alreadyDone(activity: activity.id, by: by) }
        return Decision(
            .activity(activity.id), [.activity(activity.id, .done(result: result))])
    }
}
