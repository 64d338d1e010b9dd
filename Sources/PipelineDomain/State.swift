public import HashTreeCollections

/// The whole company in memory. A value: copying it takes a photograph at the price of one reference,
/// and the first change after that copies what the tables are held by, not what they hold (E-4). It is
/// changed by `evolve` alone, from recorded events.
public struct State: Sendable {
    @usableFromInline var held = Held(Tables())

    /// The instant that rights which come and go with time are judged at (D-21): that of the last event,
    /// or of the command being run, set by whoever runs it.
    public var clock = Instant(milliseconds: 0)

    /// Set while units' sums are behind.
    var deferredSums: DeferredSums?

    public init() {}

    private mutating func own() {
        if !isKnownUniquelyReferenced(&held) { held = Held(held.tables) }
    }
}

extension State {
    /// What there is, by kind.
    @usableFromInline struct Tables: Sendable {
        @usableFromInline var company = Company()
        @usableFromInline var units = Table<UnitKind, Unit>()
        @usableFromInline var persons = Table<PersonKind, Person>()
        @usableFromInline var inboxes = Table<PersonKind, Inbox>()
        @usableFromInline var requests = Table<PersonKind, RequestMemory>()
        @usableFromInline var processes = Table<ProcessKind, Process>()
        @usableFromInline var versions = Table<ProcessVersionKind, ProcessVersion>()
        @usableFromInline var customers = Table<CustomerKind, Customer>()
        @usableFromInline var opportunities = Table<OpportunityKind, Opportunity>()
        @usableFromInline var approvals = Table<ApprovalKind, Approval>()
        @usableFromInline var contacts = Table<ContactKind, Contact>()
        @usableFromInline var leads = Table<LeadKind, Lead>()
        @usableFromInline var activities = Table<ActivityKind, Activity>()
        @usableFromInline var notes = Table<NoteKind, Note>()
        /// Whose next digest is not empty (N-4).
        @usableFromInline var lateReaders = OrderedIDs<PersonKind>()
        @usableFromInline var targets = Table<TargetKind, Target>()

        /// Unique texts and what carries them. Never iterated for an answer (W-1).
        @usableFromInline var logins = TreeDictionary<String, PersonID>()
        @usableFromInline var processKeys = TreeDictionary<String, ProcessID>()
        @usableFromInline var customerNames = TreeDictionary<String, CustomerID>()
        @usableFromInline var externalIDs = TreeDictionary<String, OpportunityID>()
        /// What there is a target for already.
        @usableFromInline var targetKeys = TreeDictionary<TargetKey, TargetID>()

        @usableFromInline init() {}
    }

    /// Unchecked: changed only through a state that holds the sole reference.
    @usableFromInline final class Held: @unchecked Sendable {
        @exclusivity(unchecked) @usableFromInline var tables: Tables

        init(_ tables: Tables) { self.tables = tables }
    }
}

extension State: CustomReflectable {
    /// Shows the tables as if they lay in the state itself.
    public var customMirror: Mirror {
        let tables = Mirror(reflecting: held.tables).children
        return Mirror(
            self, children: Array(tables) + [(label: "clock", value: clock)], displayStyle: .struct)
    }
}

// MARK: - Reaching the tables where they lie

extension State {
    public internal(set) var company: Company {
        @inlinable _read { yield held.tables.company }
        _modify {
            own()
            yield &held.tables.company
        }
    }

    public internal(set) var units: Table<UnitKind, Unit> {
        @inlinable _read { yield held.tables.units }
        _modify {
            own()
            yield &held.tables.units
        }
    }

    public internal(set) var persons: Table<PersonKind, Person> {
        @inlinable _read { yield held.tables.persons }
        _modify {
            own()
            yield &held.tables.persons
        }
    }

    public internal(set) var inboxes: Table<PersonKind, Inbox> {
        @inlinable _read { yield held.tables.inboxes }
        _modify {
            own()
            yield &held.tables.inboxes
        }
    }

    public internal(set) var requests: Table<PersonKind, RequestMemory> {
        @inlinable _read { yield held.tables.requests }
        _modify {
            own()
            yield &held.tables.requests
        }
    }

    public internal(set) var processes: Table<ProcessKind, Process> {
        @inlinable _read { yield held.tables.processes }
        _modify {
            own()
            yield &held.tables.processes
        }
    }

    public internal(set) var versions: Table<ProcessVersionKind, ProcessVersion> {
        @inlinable _read { yield held.tables.versions }
        _modify {
            own()
            yield &held.tables.versions
        }
    }

    public internal(set) var customers: Table<CustomerKind, Customer> {
        @inlinable _read { yield held.tables.customers }
        _modify {
            own()
            yield &held.tables.customers
        }
    }

    public internal(set) var opportunities: Table<OpportunityKind, Opportunity> {
        @inlinable _read { yield held.tables.opportunities }
        _modify {
            own()
            yield &held.tables.opportunities
        }
    }

    public internal(set) var approvals: Table<ApprovalKind, Approval> {
        @inlinable _read { yield held.tables.approvals }
        _modify {
            own()
            yield &held.tables.approvals
        }
    }

    public internal(set) var contacts: Table<ContactKind, Contact> {
        @inlinable _read { yield held.tables.contacts }
        _modify {
            own()
            yield &held.tables.contacts
        }
    }

    public internal(set) var leads: Table<LeadKind, Lead> {
        @inlinable _read { yield held.tables.leads }
        _modify {
            own()
            yield &held.tables.leads
        }
    }

    public internal(set) var activities: Table<ActivityKind, Activity> {
        @inlinable _read { yield held.tables.activities }
        _modify {
            own()
            yield &held.tables.activities
        }
    }

    public internal(set) var notes: Table<NoteKind, Note> {
        @inlinable _read { yield held.tables.notes }
        _modify {
            own()
            yield &held.tables.notes
        }
    }

    var lateReaders: OrderedIDs<PersonKind> {
        _read { yield held.tables.lateReaders }
        _modify {
            own()
            yield &held.tables.lateReaders
        }
    }

    public internal(set) var targets: Table<TargetKind, Target> {
        @inlinable _read { yield held.tables.targets }
        _modify {
            own()
            yield &held.tables.targets
        }
    }

    public internal(set) var logins: TreeDictionary<String, PersonID> {
        @inlinable _read { yield held.tables.logins }
        _modify {
            own()
            yield &held.tables.logins
        }
    }

    public internal(set) var processKeys: TreeDictionary<String, ProcessID> {
        @inlinable _read { yield held.tables.processKeys }
        _modify {
            own()
            yield &held.tables.processKeys
        }
    }

    public internal(set) var customerNames: TreeDictionary<String, CustomerID> {
        @inlinable _read { yield held.tables.customerNames }
        _modify {
            own()
            yield &held.tables.customerNames
        }
    }

    public internal(set) var externalIDs: TreeDictionary<String, OpportunityID> {
        @inlinable _read { yield held.tables.externalIDs }
        _modify {
            own()
            yield &held.tables.externalIDs
        }
    }

    public internal(set) var targetKeys: TreeDictionary<TargetKey, TargetID> {
        @inlinable _read { yield held.tables.targetKeys }
        _modify {
            own()
            yield &held.tables.targetKeys
        }
    }
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
    if name.unicodeScalars.allSatisfy(\.isSurelyFolded) { return name }
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

extension Unicode.Scalar {
    /// Whether folding leaves it alone, as far as that is seen at once: Chinese and Japanese know no case,
    /// and asking Unicode's tables of every letter takes longer than all else about a name.
    fileprivate var isSurelyFolded: Bool {
        switch value {
        case 0x41...0x5A: false
        case ..<0x80, 0x3000...0x9FFF: true
        default: false
        }
    }
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
