/// An unqualified chance that may become a deal (§1, D-9).
public struct Lead: Sendable {
    /// Converted and discarded are ends.
    public enum Status: String, Hashable, Sendable, CaseIterable {
        case open, converted, discarded
    }
    /// Plain text fields beside the name.
    public enum Field: String, Hashable, Sendable, CaseIterable {
        case company, source, phone, email, industry
    }
    /// Counts that a score is made of: behaviour, and the size in employees (§9).
    public enum Measure: String, Hashable, Sendable, CaseIterable {
        case visits, downloads, enquiries, employees
    }

    public let id: LeadID
    public internal(set) var name: String
    public internal(set) var owner: PersonID
    /// Filled fields only.
    public internal(set) var fields: [Field: String]
    public internal(set) var measures: [Measure: Int]
    public internal(set) var status: Status = .open
    /// Why it was discarded.
    public internal(set) var reason: String?
    public internal(set) var conversion: LeadConversion?
    public let createdAt: Instant
    public let createdBy: PersonID
    /// When it was converted or discarded.
    public internal(set) var endedAt: Instant?
    public internal(set) var revision: Revision
    public internal(set) var activities = OrderedIDs<ActivityKind>()

    public subscript(field: Field) -> String? { fields[field] }
}

/// What a lead became, all in one step (D-9).
public struct LeadConversion: Hashable, Sendable {
    public let customer: CustomerID
    public let contact: ContactID
    public let opportunity: OpportunityID

    public init(customer: CustomerID, contact: ContactID, opportunity: OpportunityID) {
        self.customer = customer
        self.contact = contact
        self.opportunity = opportunity
    }
}

public struct LeadFacts: Hashable, Sendable {
    public let name: String
    public let owner: PersonID
    public let fields: [Lead.Field: String]
    public let measures: [Lead.Measure: Int]

    public init(
        name: String, owner: PersonID, fields: [Lead.Field: String],
        measures: [Lead.Measure: Int]
    ) {
        self.name = name
        self.owner = owner
        self.fields = fields
        self.measures = measures
    }
}

public enum LeadEvent: Hashable, Sendable {
    indirect case created(LeadFacts)
    case renamed(Change<String>)
    case changed(Lead.Field, Change<String?>)
    case measured(Lead.Measure, Change<Int?>)
    case ownerChanged(Change<PersonID>)
    /// The reason may be empty.
    case discarded(reason: String)
    case converted(LeadConversion)
}

extension State {
    mutating func evolve(_ id: LeadID, _ event: LeadEvent, _ recorded: Recorded) {
        switch event {
        case .created(let facts):
            leads.append(
                Lead(
                    id: id, name: facts.name, owner: facts.owner, fields: facts.fields,
                    measures: facts.measures, createdAt: recorded.at, createdBy: recorded.actor,
                    revision: Revision(number: 1, by: recorded.actor)))
            persons[facts.owner].leads.insert(id)
            return
        case .renamed(let change): leads[id].name = change.to
        case .changed(let field, let change): leads[id].fields[field] = change.to
        case .measured(let measure, let change): leads[id].measures[measure] = change.to
        case .ownerChanged(let change):
            persons[change.from].leads.remove(id)
            persons[change.to].leads.insert(id)
            leads[id].owner = change.to
        case .discarded(let reason):
            leads[id].status = .discarded
            leads[id].reason = reason.isEmpty ? nil : reason
            leads[id].endedAt = recorded.at
        case .converted(let conversion):
            leads[id].status = .converted
            leads[id].conversion = conversion
            leads[id].endedAt = recorded.at
        }
        leads[id].revision.advance(by: recorded.actor)
    }
}

extension State {
    /// D-33 as for deals: one's own, everything below, and everything for executives and admins.
    public func sees(_ viewer: PersonID, _ lead: Lead) -> Bool {
        lead.owner == viewer || seesEverything(viewer) || isAbove(viewer, lead.owner)
    }

    /// The lead, if the viewer may see it; what one may not see does not exist (D-34).
    public func lead(_ id: LeadID, for viewer: PersonID) throws(Rejection) -> Lead {
        if let lead = leads[find: id], sees(viewer, lead) { return lead }
        throw .notFound(noun: LeadKind.noun, name: id.description)
    }

    /// When the cycle of a deal began: with its lead, else with the deal itself (§7).
    public func cycleStart(of deal: borrowing Opportunity) -> Instant {
        deal.lead.map { leads.borrow($0) { $0.createdAt } } ?? deal.createdAt
    }

    func requireInCharge(
        of lead: Lead, _ context: Context, _ action: String
    ) throws(Rejection) {
        guard lead.owner == context.actor || isAbove(context.actor, lead.owner) else {
            throw .notPermitted(
                action: "\(action) \(lead.id)",
                who: "its owner \(lead.owner) or somebody above")
        }
    }

    /// Anyone for themselves or for somebody below; an admin for anyone (D-32).
    func requireMayEnter(
        _ what: String, for owner: PersonID, _ context: Context
    ) throws(Rejection) {
        guard
            owner == context.actor || persons[context.actor].role == .admin
                || isAbove(context.actor, owner)
        else {
            throw .notPermitted(
                action: "create \(what) for \(owner)", who: "somebody above them or an admin")
        }
    }
}

extension Lead {
    /// Refuses a stale change and one of a lead that came to an end (D-30).
    func requireOpen(_ context: Context) throws(Rejection) {
        try context.check(revision, of: id.description)
        guard status == .open else { throw .leadEnded(lead: id, status: status) }
    }
}
