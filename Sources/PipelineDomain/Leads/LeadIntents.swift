/// `LEAD.CREATE`: anyone for themselves or somebody below; an admin names any owner (D-9, D-32).
public struct CreateLead: Intent {
    let name: String
    let owner: PersonReference?
    let fields: [Lead.Field: String]
    let measures: [Lead.Measure: Int]

    public init(
        name: String, owner: PersonReference?, fields: [Lead.Field: String],
        measures: [Lead.Measure: Int]
    ) {
        self.name = name
        self.owner = owner
        self.fields = fields
        self.measures = measures
    }

    public func decide(_ state: State, _ context: Context) throws(Rejection) -> Decision {
        let owner = try state.person(owner ?? .id(context.actor))
        try state.requireMayEnter("a lead", for: owner.id, context)
        guard owner.isActive else { throw .inactive(owner.id) }
        let id = state.leads.nextID
        let facts = LeadFacts(
            name: name, owner: owner.id, fields: fields.filter { !$0.value.isEmpty },
            measures: measures)
        return Decision(.lead(id), [.lead(id, .created(facts))], createsSubject: true)
    }
}

/// `LEAD.UPDATE`: the owner and everyone above; an empty value clears a field. Another OWNER is named
/// by somebody above or an admin, as deals are transferred (D-32).
public struct UpdateLead: Intent {
    let lead: LeadID
    let name: String?
    let owner: PersonReference?
    let fields: [Lead.Field: String]
    /// `.some(nil)` clears.
    let measures: [Lead.Measure: Int?]

    public init(
        lead: LeadID, name: String?, owner: PersonReference?, fields: [Lead.Field: String],
        measures: [Lead.Measure: Int?]
    ) {
        self.lead = lead
        self.name = name
        self.owner = owner
        self.fields = fields
        self.measures = measures
    }

    public func decide(_ state: State, _ context: Context) throws(Rejection) -> Decision {
        let lead = try state.lead(lead, for: context.actor)
        let newOwner: Person? = if let owner { try state.person(owner) } else { nil }
        let changesMore = name != nil || !fields.isEmpty || !measures.isEmpty
        if let newOwner, newOwner.id != lead.owner {
            guard
                state.persons[context.actor].role == .admin
                    || state.isAbove(context.actor, lead.owner)
            else {
                throw .notPermitted(
                    action: "give \(lead.id) to another owner",
                    who: "somebody above its owner \(lead.owner) or an admin")
            }
        }
        if changesMore || newOwner == nil || newOwner?.id == lead.owner {
            try state.requireInCharge(of: lead, context, "change")
        }
        try lead.requireOpen(context)
        var events = plainEvents(of: lead)
        if let newOwner, newOwner.id != lead.owner {
            guard newOwner.isActive else { throw .inactive(newOwner.id) }
            events.append(.ownerChanged(Change(from: lead.owner, to: newOwner.id)))
        }
        return Decision(.lead(lead.id), events.map { .lead(lead.id, $0) })
    }

    private func plainEvents(of lead: Lead) -> [LeadEvent] {
        var events: [LeadEvent] = []
        if let name, name != lead.name {
            events.append(.renamed(Change(from: lead.name, to: name)))
        }
        for field in Lead.Field.allCases {
            guard let value = fields[field] else { continue }
            let new: String? = value.isEmpty ? nil : value
            guard new != lead[field] else { continue }
            events.append(.changed(field, Change(from: lead[field], to: new)))
        }
        for measure in Lead.Measure.allCases {
            guard let new = measures[measure], new != lead.measures[measure] else { continue }
            events.append(.measured(measure, Change(from: lead.measures[measure], to: new)))
        }
        return events
    }
}

/// `LEAD.DISCARD`: the owner and everyone above, who may say why (D-9).
public struct DiscardLead: Intent {
    let lead: LeadID
    let reason: String

    public init(lead: LeadID, reason: String) {
        self.lead = lead
        self.reason = reason
    }

    public func decide(_ state: State, _ context: Context) throws(Rejection) -> Decision {
        let lead = try state.lead(lead, for: context.actor)
        try state.requireInCharge(of: lead, context, "discard")
        try lead.requireOpen(context)
        return Decision(
            .lead(lead.id), [.lead(lead.id, .discarded(reason: reason))],
            answer: [Answer.Field("status", .text(Lead.Status.discarded.rawValue))])
    }
}
