/// A call, a visit, a demonstration: planned or done, on a deal or on a lead (D-41).
public struct Activity: Sendable {
    public enum Result: String, Hashable, Sendable, CaseIterable {
        case answered
        case noAnswer = "no-answer"
        case refused
    }
    /// What the activity is about.
    public enum Target: Hashable, Sendable {
        case opportunity(OpportunityID)
        case lead(LeadID)
    }

    public let id: ActivityID
    public let target: Target
    /// A key of the company's own choosing, such as `call`.
    public let kind: String
    /// Who is to do it.
    public let assignee: PersonID
    /// When it is planned for, or when it happened; `nil`: no time was said.
    public let at: Instant?
    public let note: String?
    public let createdAt: Instant
    public let createdBy: PersonID
    public internal(set) var doneAt: Instant?
    public internal(set) var doneBy: PersonID?
    public internal(set) var result: Result?
    /// Whether the reminder of the planned time fired (N-4).
    var isReminded = false
    public internal(set) var revision: Revision

    public var isDone: Bool { doneAt != nil }
}

public struct ActivityFacts: Hashable, Sendable {
    public let target: Activity.Target
    public let kind: String
    public let assignee: PersonID
    public let at: Instant?
    /// Whether it was done when it was entered.
    public let isDone: Bool
    public let result: Activity.Result?
    public let note: String?

    public init(
        target: Activity.Target, kind: String, assignee: PersonID, at: Instant?, isDone: Bool,
        result: Activity.Result?, note: String?
    ) {
        self.target = target
        self.kind = kind
        self.assignee = assignee
        self.at = at
        self.isDone = isDone
        self.result = result
        self.note = note
    }
}

public enum ActivityEvent: Hashable, Sendable {
    case entered(ActivityFacts)
    case done(result: Activity.Result?)
}

extension State {
    mutating func evolve(_ id: ActivityID, _ event: ActivityEvent, _ recorded: Recorded) {
        switch event {
        case .entered(let facts):
            activities.append(
                Activity(
                    id: id, target: facts.target, kind: facts.kind, assignee: facts.assignee,
                    at: facts.at, note: facts.note, createdAt: recorded.at,
                    createdBy: recorded.actor, doneAt: facts.isDone ? recorded.at : nil,
                    doneBy: facts.isDone ? recorded.actor : nil, result: facts.result,
                    revision: Revision(number: 1, by: recorded.actor)))
            if !facts.isDone { persons[facts.assignee].plannedActivities.insert(id) }
        case .done(let result):
            persons[activities[id].assignee].plannedActivities.remove(id)
            activities[id].doneAt = recorded.at
            activities[id].doneBy = recorded.actor
            activities[id].result = result
            activities[id].revision.advance(by: recorded.actor)
        }
        switch activities[id].target {
        case .opportunity(let deal):
            opportunities[deal].pack.insert(id, in: .activities)
            opportunities[deal].record(recorded)
        case .lead(let lead):
            leads[lead].activities.insert(id)
            leads[lead].revision.advance(by: recorded.actor)
        }
    }
}

extension State {
    /// Whoever sees the deal or the lead sees what is done about it.
    public func sees(_ viewer: PersonID, _ activity: Activity) -> Bool {
        switch activity.target {
        case .opportunity(let id): sees(viewer, opportunities[id])
        case .lead(let id): sees(viewer, leads[id])
        }
    }

    /// The activity, if the viewer may see it; what one may not see does not exist (D-34).
    public func activity(_ id: ActivityID, for viewer: PersonID) throws(Rejection) -> Activity {
        if let activity = activities[find: id], sees(viewer, activity) { return activity }
        throw .notFound(noun: ActivityKind.noun, name: id.description)
    }
}
