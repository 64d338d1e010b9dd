/// Who may see an object, found from the object's side, so that a change which concerns ten people is
/// not held against ten thousand (N-7). Executives and admins, who see everything, are not listed.
/// Nobody is missing; whether somebody listed sees it is for `sees` to say.
extension State {
    public func audience(of deal: Opportunity) -> Set<PersonID> {
        var people = peopleAbove(deal.owner)
        people.insert(deal.owner)
        for member in deal.team { people.insert(member.person) }
        if let pending = deal.pending { people.formUnion(deciders(of: approvals[pending])) }
        return people
    }

    public func audience(of approval: Approval) -> Set<PersonID> {
        var people = audience(of: opportunities[approval.opportunity])
        people.insert(approval.submitter)
        people.formUnion(deciders(of: approval))
        return people
    }

    private func deciders(of approval: Approval) -> Set<PersonID> {
        var people: Set<PersonID> = []
        for approver in approval.approvers {
            people.insert(approver)
            if let delegate = delegate(of: approver, at: clock) { people.insert(delegate) }
        }
        if let superior = approval.escalatedTo { people.insert(superior) }
        return people
    }

    /// Of a target: the holder, whoever heads the unit or one above it, and everybody above those.
    public func audience(of holder: TargetHolder) -> Set<PersonID> {
        switch holder {
        case .person(let id): return peopleAbove(id).union([id])
        case .unit(let id):
            let heads = path(from: id).compactMap { units[$0].head }
            return heads.reduce(into: Set(heads)) { $0.formUnion(peopleAbove($1)) }
        }
    }

    public func audience(of lead: Lead) -> Set<PersonID> {
        peopleAbove(lead.owner).union([lead.owner])
    }

    public func audience(of activity: Activity) -> Set<PersonID> {
        switch activity.target {
        case .opportunity(let id): audience(of: opportunities[id])
        case .lead(let id): audience(of: leads[id])
        }
    }

    /// Of a customer's details; the names are everybody's.
    public func audience(of customer: Customer) -> Set<PersonID> {
        var people: Set<PersonID> = [customer.createdBy]
        for deal in customer.opportunities { people.formUnion(audience(of: opportunities[deal])) }
        return people
    }

    public func audience(of contact: Contact) -> Set<PersonID> {
        var people = audience(of: customers[contact.customer])
        for deal in contact.opportunities { people.formUnion(audience(of: opportunities[deal])) }
        return people
    }
}
