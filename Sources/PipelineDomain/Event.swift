/// A fact, as it is kept for ever (W-1). Events carry what changed from what to what (D-17), so that
/// a history can be read from the records alone.
public enum Event: Hashable, Sendable {
    case founded(Founding)
    case company(CompanyEvent)
    case unit(UnitID, UnitEvent)
    case person(PersonID, PersonEvent)
    case process(ProcessID, ProcessEvent)
    case customer(CustomerID, CustomerEvent)
    case opportunity(OpportunityID, OpportunityEvent)
    case approval(ApprovalID, ApprovalEvent)
    case inbox(PersonID, InboxEvent)
    case contact(ContactID, ContactEvent)
    case lead(LeadID, LeadEvent)
    case activity(ActivityID, ActivityEvent)
    /// Something fell due (N-4).
    case reminder(ReminderEvent)
    case target(TargetID, TargetEvent)
    /// The answer given under a request key (P-6).
    case answered(PersonID, RememberedAnswer)
}

public struct Founding: Hashable, Sendable {
    public let company: String
    public let currency: Currency
    public let zone: String
    public init(company: String, currency: Currency, zone: String) {
        self.company = company
        self.currency = currency
        self.zone = zone
    }
}

/// An event with its place in the log, its instant and who did it.
public struct Recorded: Hashable, Sendable {
    public let sequence: UInt64
    public let at: Instant
    public let actor: PersonID
    public let event: Event

    public init(sequence: UInt64, at: Instant, actor: PersonID, event: Event) {
        self.sequence = sequence
        self.at = at
        self.actor = actor
        self.event = event
    }
}

/// A value that went from one to another.
public struct Change<Value: Hashable & Sendable>: Hashable, Sendable {
    public let from: Value
    public let to: Value
    public init(from: Value, to: Value) {
        self.from = from
        self.to = to
    }
}

extension State {
    /// Applies a recorded fact. Total and deterministic: it refuses nothing and decides nothing (W-1).
    public mutating func evolve(_ recorded: Recorded) {
        clock = recorded.at
        switch recorded.event {
        case .founded(let founding):
            company.name = founding.company
            company.currency = founding.currency
            company.zone = founding.zone
            company.isFounded = true
        case .company(let event): evolve(event, recorded)
        case .unit(let id, let event): evolve(id, event, recorded)
        case .person(let id, let event): evolve(id, event, recorded)
        case .process(let id, let event): evolve(id, event, recorded)
        case .customer(let id, let event): evolve(id, event, recorded)
        case .opportunity(let id, let event): evolve(id, event, recorded)
        case .approval(let id, let event): evolve(id, event, recorded)
        case .inbox(let id, let event): evolve(id, event, recorded)
        case .contact(let id, let event): evolve(id, event, recorded)
        case .lead(let id, let event): evolve(id, event, recorded)
        case .activity(let id, let event): evolve(id, event, recorded)
        case .reminder(let event): evolve(event)
        case .target(let id, let event): evolve(id, event, recorded)
        case .answered(let id, let answer): requests[id].remember(answer, at: recorded.at)
        }
    }
}
