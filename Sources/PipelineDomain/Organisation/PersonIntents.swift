/// `PERSON.CREATE`: admin only (D-32).
public struct CreatePerson: Intent {
    let login: String
    let name: String
    let unit: UnitID
    let superior: PersonReference?
    let role: Person.Role?
    let zone: String?
    let language: Person.Language?

    public init(
        login: String, name: String, unit: UnitID, superior: PersonReference?, role: Person.Role?,
        zone: String?, language: Person.Language?
    ) {
        self.login = login
        self.name = name
        self.unit = unit
        self.superior = superior
        self.role = role
        self.zone = zone
        self.language = language
    }

    public func decide(_ state: State, _ context: Context) throws(Rejection) -> Decision {
        let unit = try state.unit(unit)
        let superior: Person? = if let superior { try state.person(superior) } else { nil }
        try state.requireAdmin(context, "create people")
        if let owner = state.logins[login] {
            throw .taken(what: "login", text: login, by: owner.description)
        }
        try unit.requireActive()
        if let superior, !superior.isActive { throw .inactive(superior.id) }
        try context.requireZone(zone)
        let id = state.persons.nextID
        let facts = PersonFacts(
            login: login, name: name, unit: unit.id, superior: superior?.id, role: role ?? .rep,
            zone: zone ?? state.company.zone, language: language ?? .zh,
            passwordHash: context.secrets["PASSWORD"])
        let event = Event.person(id, .created(facts))
        return Decision(.person(id), [event], createsSubject: true)
    }
}

/// `PERSON.UPDATE`: admin; circles of superiors are refused (D-29).
public struct UpdatePerson: Intent {
    let person: PersonReference
    let name: String?
    let unit: UnitID?
    /// `.some(nil)` clears the explicit superior.
    let superior: PersonReference??
    let role: Person.Role?
    let zone: String?
    let language: Person.Language?

    public init(
        person: PersonReference, name: String?, unit: UnitID?, superior: PersonReference??,
        role: Person.Role?, zone: String?, language: Person.Language?
    ) {
        self.person = person
        self.name = name
        self.unit = unit
        self.superior = superior
        self.role = role
        self.zone = zone
        self.language = language
    }

    public func decide(_ state: State, _ context: Context) throws(Rejection) -> Decision {
        let person = try state.person(person)
        let unit: UnitID? = if let unit { try state.unit(unit).id } else { nil }
        var newSuperior: Person?
        if let reference = superior.flatMap({ $0 }) { newSuperior = try state.person(reference) }
        try state.requireAdmin(context, "change people")
        try context.check(person.revision, of: person.id.description)
        if let unit, unit != person.unit { try state.units[unit].requireActive() }
        if let newSuperior, newSuperior.id != person.superior, !newSuperior.isActive {
            throw .inactive(newSuperior.id)
        }
        if let role, role != person.role, person.isActive, state.admins == [person.id] {
            throw .lastAdmin(person.id)
        }
        var events: [PersonEvent] = []
        if let name, name != person.name {
            events.append(.renamed(Change(from: person.name, to: name)))
        }
        if let unit, unit != person.unit {
            events.append(.unitChanged(Change(from: person.unit, to: unit)))
        }
        if superior != nil, newSuperior?.id != person.superior {
            events.append(.superiorChanged(Change(from: person.superior, to: newSuperior?.id)))
        }
        if let role, role != person.role {
            events.append(.roleChanged(Change(from: person.role, to: role)))
        }
        // What conflicts with the company as it is comes before what is wrong by itself (P-5).
        try state.requireNoCircle(after: events.map { .person(person.id, $0) }, context)
        try context.requireZone(zone)
        if let zone, zone != person.zone {
            events.append(.zoneChanged(Change(from: person.zone, to: zone)))
            if let moved = person.delegation?.moved(to: zone, context.zones) {
                events.append(.delegated(Change(from: person.delegation, to: moved)))
            }
        }
        if let language, language != person.language {
            events.append(.languageChanged(Change(from: person.language, to: language)))
        }
        let moves = unit != nil && unit != person.unit
        return Decision(
            .person(person.id), events.map { .person(person.id, $0) },
            rowsLookedAt: moves ? state.rowsToMove(person.id) : 0)
    }
}

/// `PERSON.PASSWORD`: the person with the present password, checked before the command gets here, or
/// an admin.
public struct ChangePassword: Intent {
    let person: PersonReference

    public init(person: PersonReference) { self.person = person }

    public func decide(_ state: State, _ context: Context) throws(Rejection) -> Decision {
        let person = try state.person(person)
        let isOwn = person.id == context.actor && context.secrets["OLD"] != nil
        guard isOwn || state.persons[context.actor].role == .admin else {
            throw .notPermitted(
                action: "change the password of \(person.id)",
                who: "the person, giving OLD and the present password, or an admin")
        }
        try context.check(person.revision, of: person.id.description)
        guard let hash = context.secrets["new"] else { throw .invalid("new", "is missing") }
        return Decision(.person(person.id), [.person(person.id, .passwordChanged(hash: hash))])
    }
}

extension Context {
    func requireZone(_ zone: String?) throws(Rejection) {
        guard let zone, !zones.isKnown(zone) else { return }
        throw .invalid("TZ", "'\(zone)' is no IANA time zone such as Asia/Shanghai")
    }
}
