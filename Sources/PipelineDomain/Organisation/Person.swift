/// An account and an employee at once (§1).
public struct Person: Sendable {
    /// Rights by role; position gives rights whatever the role (D-32).
    public enum Role: String, Sendable, CaseIterable { case rep, manager, executive, admin }
    /// The language of the texts that a person is sent (N-9).
    public enum Language: String, Sendable, CaseIterable { case en, zh }

    public let id: PersonID
    public let login: String
    public internal(set) var name: String
    public internal(set) var unit: UnitID
    /// The explicitly named superior; `nil`: by the unit tree.
    public internal(set) var superior: PersonID?
    public internal(set) var role: Role
    /// IANA zone; the person's dates are calendar dates there (D-37).
    public internal(set) var zone: String
    public internal(set) var language: Language
    /// scrypt PHC string; `nil`: may not log in yet (O-2).
    public internal(set) var passwordHash: String?
    public internal(set) var isActive = true
    /// Who decides in this person's place, and when (D-21).
    public internal(set) var delegation: Delegation?
    /// Whether the delegate was told what waits, when the delegation was made or at its start.
    var delegationIsTold = true
    public internal(set) var revision: Revision

    /// Kinds of notification that the person does not want (N-2).
    public internal(set) var muted: Set<Notification.Kind> = []
    /// Deals owned, whatever their outcome.
    public internal(set) var opportunities = OrderedIDs<OpportunityKind>()
    /// Deals on whose team the person is (D-33).
    public internal(set) var teams = OrderedIDs<OpportunityKind>()
    /// People who named this person as their delegate.
    public internal(set) var delegators = OrderedIDs<PersonKind>()
    /// Leads owned, whatever became of them.
    public internal(set) var leads = OrderedIDs<LeadKind>()
    /// Activities that the person is to do and has not done.
    public internal(set) var plannedActivities = OrderedIDs<ActivityKind>()
    /// Units headed, and people who name this person as their superior.
    public internal(set) var headOf = OrderedIDs<UnitKind>()
    public internal(set) var reports = OrderedIDs<PersonKind>()
    /// Approval requests submitted by, and ever put to, this person.
    public internal(set) var submitted = OrderedIDs<ApprovalKind>()
    public internal(set) var asked = OrderedIDs<ApprovalKind>()
}

public struct PersonFacts: Hashable, Sendable {
    public let login: String
    public let name: String
    public let unit: UnitID
    public let superior: PersonID?
    public let role: Person.Role
    public let zone: String
    public let language: Person.Language
    public let passwordHash: String?

    public init(
        login: String, name: String, unit: UnitID, superior: PersonID?, role: Person.Role,
        zone: String, language: Person.Language, passwordHash: String?
    ) {
        self.login = login
        self.name = name
        self.unit = unit
        self.superior = superior
        self.role = role
        self.zone = zone
        self.language = language
        self.passwordHash = passwordHash
    }
}

public enum PersonEvent: Hashable, Sendable {
    indirect case created(PersonFacts)
    case renamed(Change<String>)
    case unitChanged(Change<UnitID>)
    case superiorChanged(Change<PersonID?>)
    case roleChanged(Change<Person.Role>)
    case zoneChanged(Change<String>)
    case languageChanged(Change<Person.Language>)
    /// Only the hash is ever recorded.
    case passwordChanged(hash: String)
    /// May not log in, and is passed over where superiors are looked for (D-35, §1).
    case deactivated
    case activated
    indirect case delegated(Change<Delegation?>)
    /// A kind of notification was turned on or off (N-2).
    case preferenceSet(Notification.Kind, Change<Bool>)
}

extension State {
    mutating func evolve(_ id: PersonID, _ event: PersonEvent, _ recorded: Recorded) {
        switch event {
        case .created(let facts):
            create(id, facts, recorded)
            return
        case .renamed(let change): persons[id].name = change.to
        case .unitChanged(let change):
            units[change.from].members.remove(id)
            units[change.to].members.insert(id)
            persons[id].unit = change.to
            moveOpenDeals(of: id, to: change.to)
        case .superiorChanged(let change):
            if let old = change.from { persons[old].reports.remove(id) }
            if let new = change.to { persons[new].reports.insert(id) }
            persons[id].superior = change.to
        case .roleChanged(let change): persons[id].role = change.to
        case .zoneChanged(let change): persons[id].zone = change.to
        case .languageChanged(let change): persons[id].language = change.to
        case .passwordChanged(let hash): persons[id].passwordHash = hash
        case .deactivated: persons[id].isActive = false
        case .activated: persons[id].isActive = true
        case .delegated(let change):
            if let old = change.from { persons[old.to].delegators.remove(id) }
            if let new = change.to { persons[new.to].delegators.insert(id) }
            persons[id].delegation = change.to
            persons[id].delegationIsTold = change.to.map { $0.starts <= recorded.at } ?? true
        case .preferenceSet(let kind, let change):
            if change.to {
                persons[id].muted.remove(kind)
            } else {
                persons[id].muted.insert(kind)
            }
        }
        persons[id].revision.advance(by: recorded.actor)
    }

    private mutating func create(_ id: PersonID, _ facts: PersonFacts, _ recorded: Recorded) {
        persons.append(
            Person(
                id: id, login: facts.login, name: facts.name, unit: facts.unit,
                superior: facts.superior, role: facts.role, zone: facts.zone,
                language: facts.language, passwordHash: facts.passwordHash,
                revision: Revision(number: 1, by: recorded.actor)))
        inboxes.append(Inbox())
        requests.append(RequestMemory())
        logins[facts.login] = id
        units[facts.unit].members.insert(id)
        if let superior = facts.superior { persons[superior].reports.insert(id) }
    }

    /// What it counts for in a transaction that the person's open deals go to another unit (E-1).
    func rowsToMove(_ person: PersonID) -> Int {
        persons[person].opportunities.reduce(0) { rows, id in
            let isOpen = opportunities.borrow(id) { $0.outcome == .open }
            return rows + (isOpen ? Bounds.rowsPerChange : 1)
        }
    }

    /// An open deal's unit is its owner's current one (D-10).
    mutating func moveOpenDeals(of person: PersonID, to unit: UnitID) {
        for id in persons[person].opportunities where opportunities[id].outcome == .open {
            change(id) { $0.unit = unit }
        }
    }
}
