/// Something that a person wants to change. Deciding is pure: no clock, no I/O, no randomness (W-1).
public protocol Intent: Sendable {
    /// The events that carry the wish out, or the reason why not. Refusals come in the order of P-5:
    /// not found, not permitted, conflict, pending, invalid, gate.
    func decide(_ state: State, _ context: Context) throws(Rejection) -> Decision
}

/// Everything about a command that is not in its words.
public struct Context: Sendable {
    public let actor: PersonID
    public let now: Instant
    /// The revision that the caller saw (`IFREV`, D-30).
    public let expectedRevision: UInt32?
    /// What became of passwords before the command got here, by argument: the hash of a new one, an
    /// empty text for a right proof, nothing for a wrong one.
    public let secrets: [String: String]
    public let zones: any ZoneRules

    public init(
        actor: PersonID, now: Instant, expectedRevision: UInt32? = nil,
        secrets: [String: String] = [:], zones: any ZoneRules
    ) {
        self.actor = actor
        self.now = now
        self.expectedRevision = expectedRevision
        self.secrets = secrets
        self.zones = zones
    }

    /// Refuses a stale change, telling the current revision and who made it (D-30).
    func check(_ revision: Revision, of name: String) throws(Rejection) {
        guard let expectedRevision, expectedRevision != revision.number else { return }
        throw .stale(name: name, current: revision.number, changedBy: revision.by)
    }

    /// The same for what is put down as a document, which is read behind it: a conflict comes before
    /// what is wrong in a document (P-5). `nil`: not there yet.
    public func requireFresh(_ revision: Revision?, of name: String) throws(Rejection) {
        try check(revision ?? Revision(number: 0, by: actor), of: name)
    }
}

/// How often an object changed, and who did it last.
public struct Revision: Hashable, Sendable {
    public internal(set) var number: UInt32
    public internal(set) var by: PersonID

    mutating func advance(by person: PersonID) {
        number &+= 1
        by = person
    }
}

/// What a write is about: the answer's `id` and `rev` come from it.
public enum Subject: Hashable, Sendable {
    case unit(UnitID)
    case person(PersonID)
    case process(ProcessID)
    case customer(CustomerID)
    case opportunity(OpportunityID)
    case approval(ApprovalID)
    case contact(ContactID)
    case lead(LeadID)
    case activity(ActivityID)
    case target(TargetID)
    /// The rates of a currency.
    case currency(Currency)
    /// A calendar, by key.
    case calendar(String)
    /// A field of the company's own.
    case field(FieldNoun, String)

    public var id: String {
        switch self {
        case .unit(let id): id.description
        case .person(let id): id.description
        case .process(let id): id.description
        case .customer(let id): id.description
        case .opportunity(let id): id.description
        case .approval(let id): id.description
        case .contact(let id): id.description
        case .lead(let id): id.description
        case .activity(let id): id.description
        case .target(let id): id.description
        case .currency(let currency): currency.code
        case .calendar(let key): key
        case .field(let noun, let key): "\(noun.rawValue).\(key)"
        }
    }
}

extension State {
    @inlinable
    public func revision(of subject: Subject) -> UInt32 {
        switch subject {
        case .unit(let id): units[id].revision.number
        case .person(let id): persons[id].revision.number
        case .process(let id): processes[id].revision.number
        case .customer(let id): customers[id].revision.number
        case .opportunity(let id): opportunities[id].revision.number
        case .approval(let id): approvals[id].revision.number
        case .contact(let id): contacts[id].revision.number
        case .lead(let id): leads[id].revision.number
        case .activity(let id): activities[id].revision.number
        case .target(let id): targets[id].revision.number
        case .calendar(let key): keptCalendar(key)?.revision.number ?? 0
        case .field(let noun, let key): customField(noun, key)?.revision.number ?? 0
        case .currency(let currency): company.rates[currency]?.revision.number ?? 0
        }
    }
}

/// The outcome of deciding: the facts to record and what to answer.
public struct Decision: Sendable {
    public var events: [Event]
    public let subject: Subject
    /// Whether the subject comes into being here: a dry run answers its id as null.
    public let createsSubject: Bool
    /// Fields of the answer that name something else that comes into being here.
    public let createdFields: Set<String>
    /// Fields of the answer beyond `id rev seq`, in order.
    public var answer: [Answer.Field]
    /// Rows that are looked at for it, beyond the few that any write takes: a transaction, all of which
    /// runs under the lock, may look at so many only (E-1).
    public let rowsLookedAt: Int

    init(
        _ subject: Subject, _ events: [Event], createsSubject: Bool = false,
        createdFields: Set<String> = [], answer: [Answer.Field] = [], rowsLookedAt: Int = 0
    ) {
        self.rowsLookedAt = rowsLookedAt
        self.createdFields = createdFields
        self.subject = subject
        self.events = events
        self.createsSubject = createsSubject
        self.answer = answer
    }
}

/// A write's answer: small, protocol-neutral, and remembered under its request key (P-6).
public struct Answer: Hashable, Sendable {
    public struct Field: Hashable, Sendable {
        public let name: String
        public let value: Value

        public init(_ name: String, _ value: Value) {
            self.name = name
            self.value = value
        }
    }
    public enum Value: Hashable, Sendable {
        case null
        case text(String)
        case integer(Int64)
        case boolean(Bool)
        case texts([String])

        static func optional(_ id: (some CustomStringConvertible)?) -> Value {
            id.map { .text($0.description) } ?? .null
        }
    }

    public var fields: [Field]

    public init(_ fields: [Field]) { self.fields = fields }
}
