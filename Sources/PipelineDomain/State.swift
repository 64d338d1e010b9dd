public import HashTreeCollections

/// The whole company in memory. A value: copying it takes a photograph in microseconds (E-4); it is
/// changed by `evolve` alone, from recorded events.
public struct State: Sendable {
    public internal(set) var company = Company()
    public internal(set) var units = Table<UnitKind, Unit>()
    public internal(set) var persons = Table<PersonKind, Person>()
    public internal(set) var inboxes = Table<PersonKind, Inbox>()
    public internal(set) var requests = Table<PersonKind, RequestMemory>()
    public internal(set) var processes = Table<ProcessKind, Process>()
    public internal(set) var versions = Table<ProcessVersionKind, ProcessVersion>()
    public internal(set) var customers = Table<CustomerKind, Customer>()
    public internal(set) var opportunities = Table<OpportunityKind, Opportunity>()
    public internal(set) var approvals = Table<ApprovalKind, Approval>()
    public internal(set) var contacts = Table<ContactKind, Contact>()
    public internal(set) var leads = Table<LeadKind, Lead>()
    public internal(set) var activities = Table<ActivityKind, Activity>()
    public internal(set) var notes = Table<NoteKind, Note>()
    /// Whose next digest is not empty (N-4).
    var lateReaders = OrderedIDs<PersonKind>()
    public internal(set) var targets = Table<TargetKind, Target>()

    /// Unique texts and what carries them. Never iterated for an answer (W-1).
    public internal(set) var logins = TreeDictionary<String, PersonID>()
    public internal(set) var processKeys = TreeDictionary<String, ProcessID>()
    public internal(set) var customerNames = TreeDictionary<String, CustomerID>()
    public internal(set) var externalIDs = TreeDictionary<String, OpportunityID>()
    /// What there is a target for already.
    public internal(set) var targetKeys = TreeDictionary<TargetKey, TargetID>()

    /// The instant that rights which come and go with time are judged at (D-21): that of the last event,
    /// or of the command being run, set by whoever runs it.
    public var clock = Instant(milliseconds: 0)

    public init() {}
}

/// What holds for the company as a whole; set at its founding.
public struct Company: Sendable {
    public var name = ""
    /// Reports are in this currency (D-36).
    public var currency = Company.defaultCurrency
    /// IANA zone of report periods and target months (D-37).
    public var zone = "UTC"
    public var isFounded = false
    /// By currency, against the company's own (D-36).
    public internal(set) var rates: [Currency: ExchangeRates] = [:]
    /// By key (D-37).
    public internal(set) var calendars: [KeptCalendar] = []
    /// The company's own fields, by key (D-10).
    public internal(set) var fields: [FieldNoun: [CustomField]] = [:]
    /// Where the history begins, if older records were dropped (W-9).
    public internal(set) var horizon: HistoryHorizon?

    public static let defaultCurrency = Currency("CNY")!
}

/// Names are compared case-folded (D-10); texts are in NFC already when they reach the domain (D-38).
///
/// Full folding, by way of capitals where Unicode has a folding at all: `Straße` is `STRASSE`, a final
/// `ς` is `σ`, while a dotless `ı` stays itself.
func folded(_ name: String) -> String {
    if name.utf8.allSatisfy({ $0 < 0x80 }) { return name.lowercased() }
    var folded = ""
    for scalar in name.unicodeScalars {
        if scalar.properties.changesWhenCaseFolded {
            folded += scalar.properties.uppercaseMapping.lowercased()
        } else {
            folded.unicodeScalars.append(scalar)
        }
    }
    return folded
}

extension Optional where Wrapped == String {
    /// Whether there is nothing but white space, which is no answer where a text is compulsory.
    var isBlank: Bool { self?.contains { !$0.isWhitespace } != true }
}

/// A person as a caller names them: by id or by login.
public enum PersonReference: Hashable, Sendable {
    case id(PersonID)
    case login(String)

    /// As the caller wrote it.
    var text: String {
        switch self {
        case .id(let id): id.description
        case .login(let login): login
        }
    }
}

/// A process as a caller names it: by key or by id.
public enum ProcessReference: Hashable, Sendable {
    case id(ProcessID)
    case key(String)
}

extension State {
    /// Everybody may see the directory (D-32), so a missing person is simply unknown.
    public func person(_ reference: PersonReference) throws(Rejection) -> Person {
        switch reference {
        case .id(let id):
            if let person = persons[find: id] { return person }
            throw .notFound(noun: PersonKind.noun, name: id.description)
        case .login(let login):
            if let id = logins[login] { return persons[id] }
            throw .notFound(noun: PersonKind.noun, name: login)
        }
    }

    public func unit(_ id: UnitID) throws(Rejection) -> Unit {
        if let unit = units[find: id] { return unit }
        throw .notFound(noun: UnitKind.noun, name: id.description)
    }

    public func process(_ reference: ProcessReference) throws(Rejection) -> Process {
        switch reference {
        case .id(let id):
            if let process = processes[find: id] { return process }
            throw .notFound(noun: ProcessKind.noun, name: id.description)
        case .key(let key):
            if let id = processKeys[key] { return processes[id] }
            throw .notFound(noun: ProcessKind.noun, name: key)
        }
    }

    public func customer(_ id: CustomerID) throws(Rejection) -> Customer {
        if let customer = customers[find: id] { return customer }
        throw .notFound(noun: CustomerKind.noun, name: id.description)
    }
}
