/// Why somebody is reminded of a deal (D-4, N-2). An escalated one goes to the owner's superior.
public enum ReminderRule: String, Hashable, Sendable, CaseIterable {
    /// The close date comes near.
    case close
    /// The close date is past; once a week.
    case overdue
    case overdueEscalated = "overdue.escalated"
    /// The average cycle is nearly used up.
    case cycle
    case cycleEscalated = "cycle.escalated"
    /// Longer in its stage than the process allows.
    case dwell
    case dwellEscalated = "dwell.escalated"
    case task
    case taskEscalated = "task.escalated"
}

/// What makes a reminder of a deal the same one: it fires once for a key, for ever (N-4).
public struct ReminderKey: Hashable, Sendable {
    public let rule: ReminderRule
    /// What the due date hangs on: the close date (days since 1970), the days from creation on to the
    /// reminder (cycle), or the record by which the deal entered its stage: two stays may begin at the
    /// same instant, since clocks go back.
    public let base: Int64
    /// Counts repetitions from 0.
    public let count: Int
    /// The task, by key.
    public let task: String?
    /// Who has to do the task, where several have.
    public let person: PersonID?

    public init(
        rule: ReminderRule, base: Int64, count: Int = 0, task: String? = nil,
        person: PersonID? = nil
    ) {
        self.rule = rule
        self.base = base
        self.count = count
        self.task = task
        self.person = person
    }
}

/// What somebody would have been reminded of in time, had the daemon run (N-4).
public struct LateReminder: Hashable, Sendable {
    public let kind: Notification.Kind
    public let opportunity: OpportunityID?
    public let approval: ApprovalID?
    /// What of it: the note that the row would have had where a deal may have several (tasks, stages), or
    /// where there is no deal (activities of leads, targets).
    public let note: String?

    public init(
        kind: Notification.Kind, opportunity: OpportunityID?, approval: ApprovalID?, note: String?
    ) {
        self.kind = kind
        self.opportunity = opportunity
        self.approval = approval
        self.note = note
    }

    /// Instead of the row.
    init(_ row: Notification) {
        let isTold = [.reminderTask, .reminderDwell, .targetBehind].contains(row.kind)
        self.init(
            kind: row.kind, opportunity: row.opportunity, approval: row.approval,
            note: isTold ? row.note : nil)
    }

    /// As it would have been told by itself.
    public var alone: Notification {
        Notification(kind: kind, opportunity: opportunity, approval: approval, by: nil, note: note)
    }
}

/// Everything that came too late for one person, in one row (N-4).
public struct LateDigest: Hashable, Sendable {
    /// Each thing once, in the order in which it fell due; at most `Bounds.digestItems`.
    public internal(set) var items: [LateReminder] = []
    /// How many more there were.
    public internal(set) var beyond = 0

    public init(items: [LateReminder] = [], beyond: Int = 0) {
        self.items = items
        self.beyond = beyond
    }

    public var isEmpty: Bool { items.isEmpty && beyond == 0 }

    mutating func add(_ item: LateReminder) {
        guard !items.contains(item) else { return }
        if items.count < Bounds.digestItems { items.append(item) } else { beyond += 1 }
    }
}

/// That something fell due and was seen to, whether or not anybody wanted to hear of it (N-4). None of
/// these counts as a change of what it is about.
public enum ReminderEvent: Hashable, Sendable {
    case deal(OpportunityID, ReminderKey)
    case activity(ActivityID)
    /// The person's delegation began, and the delegate was told what waits.
    case delegation(PersonID)
    /// Comes in the person's next digest instead of by itself.
    case late(PersonID, LateReminder)
}

extension PersonID {
    /// Whoever does what the passing of time brings about: nobody. Shown as nothing.
    public static let nobody = PersonID(0)

    /// `nil` for nobody.
    public var somebody: PersonID? { self == .nobody ? nil : self }
}

extension State {
    mutating func evolve(_ event: ReminderEvent) {
        switch event {
        case .deal(let id, let key): opportunities[id].reminded(key)
        case .activity(let id): activities[id].isReminded = true
        case .delegation(let id): persons[id].delegationIsTold = true
        case .late(let person, let item):
            inboxes[person].late.add(item)
            lateReaders.insert(person)
        }
    }

    /// The digest becomes a row, unless its person wants none; either way it is done with (N-2, N-4).
    mutating func digest(_ digest: LateDigest, for person: PersonID, _ recorded: Recorded) {
        inboxes[person].late = LateDigest()
        lateReaders.remove(person)
        guard !persons[person].muted.contains(.digest) else { return }
        inboxes[person].rows.append(
            Inbox.Row(
                notification: Notification(digest: digest), at: recorded.at,
                logSequence: recorded.sequence))
    }

    /// The digests that wait to be told, at most so many.
    public func digests(limit: Int) -> [Event] {
        lateReaders.prefix(limit).map { .inbox($0, .digested(inboxes[$0].late)) }
    }
}

extension Opportunity {
    /// Of a reminder that repeats, the last is enough: what comes before it is over.
    fileprivate mutating func reminded(_ key: ReminderKey) {
        reminders.removeAll {
            $0.rule == key.rule && $0.base == key.base && $0.task == key.task
                && $0.person == key.person && $0.count < key.count
        }
        reminders.append(key)
    }

    /// The stay in the present stage, as the base of a reminder's key.
    var stay: Int64 { Int64(clamping: enteredSequence) }

    /// The deal is in its stage anew: what was fired for the last stay can never fire again.
    mutating func forgetStay() {
        let kept = reminders.filter { !$0.rule.isOfStay }
        if kept.count < reminders.count { reminders = kept }
    }

    /// The repetition that comes next.
    func next(_ rule: ReminderRule, base: Int64) -> Int {
        (reminders.last { $0.rule == rule && $0.base == base }?.count).map { $0 + 1 } ?? 0
    }
}

extension ReminderRule {
    /// Whether its base is the entry into the stage.
    fileprivate var isOfStay: Bool {
        switch self {
        case .close, .overdue, .overdueEscalated, .cycle, .cycleEscalated: false
        case .dwell, .dwellEscalated, .task, .taskEscalated: true
        }
    }

    var kind: Notification.Kind {
        switch self {
        case .close: .reminderClose
        case .overdue, .overdueEscalated: .reminderOverdue
        case .cycle, .cycleEscalated: .reminderCycle
        case .dwell, .dwellEscalated: .reminderDwell
        case .task, .taskEscalated: .reminderTask
        }
    }
}
