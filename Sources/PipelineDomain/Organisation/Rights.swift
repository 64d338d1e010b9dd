extension State {
    /// Executives and admins see everything (D-32).
    public func seesEverything(_ person: PersonID) -> Bool {
        switch persons[person].role {
        case .admin, .executive: true
        case .rep, .manager: false
        }
    }

    /// The active ones, ascending.
    var admins: [PersonID] {
        persons.ids.filter { persons[$0].role == .admin && persons[$0].isActive }
    }

    func requireAdmin(_ context: Context, _ action: String) throws(Rejection) {
        guard persons[context.actor].role == .admin else {
            throw .notPermitted(action: action, who: "an admin")
        }
    }

    /// D-33: one's own, what one is on the team of, what one must decide, and everything of the people
    /// below, as it is now.
    public func sees(_ viewer: PersonID, _ opportunity: borrowing Opportunity) -> Bool {
        if opportunity.owner == viewer || seesEverything(viewer) { return true }
        if persons[viewer].teams.contains(opportunity.id) { return true }
        if let pending = opportunity.pending {
            let approval = approvals[pending]
            let decides = approval.undecided.contains {
                $0 == viewer || standsIn(viewer, for: $0, approval, at: clock)
            }
            if decides || stepsIn(viewer, approval) { return true }
        }
        return isAbove(viewer, opportunity.owner)
    }

    /// Every deal that the viewer sees, ascending: all, or one's own, those of one's teams, those of the
    /// people below and those that wait for the viewer (D-33).
    public func opportunities(seenBy viewer: PersonID) -> [OpportunityID] {
        if seesEverything(viewer) { return Array(opportunities.ids) }
        var found = Array(persons[viewer].opportunities) + persons[viewer].teams
        for other in peopleBelow(viewer) { found.append(contentsOf: persons[other].opportunities) }
        for id in requests(for: viewer) { found.append(approvals[id].opportunity) }
        found.sort()
        return found.enumerated().compactMap { index, id in
            index > 0 && found[index - 1] == id ? nil : id
        }
    }

    /// A request is seen by whoever sees its deal, by its submitter and by those it was put to, so
    /// that they learn what became of it (D-22, D-26). Of a deal out of sight it tells nothing more:
    /// see `seesDeal(of:)`.
    public func sees(_ viewer: PersonID, _ approval: Approval) -> Bool {
        approval.submitter == viewer || persons[viewer].asked.contains(approval.id)
            || sees(viewer, opportunities[approval.opportunity])
            || wasPutToDelegate(viewer, approval)
    }

    /// Whether the viewer may be told what a request says of its deal (D-33, D-34).
    public func seesDeal(of approval: Approval, _ viewer: PersonID) -> Bool {
        opportunities.borrow(approval.opportunity) { sees(viewer, $0) }
    }

    /// Looks at a deal that the viewer may see without copying it.
    @inlinable
    public func lookAt<Result>(
        _ id: OpportunityID, for viewer: PersonID, _ body: (borrowing Opportunity) -> Result
    ) throws(Rejection) -> Result {
        if opportunities.contains(id) {
            let seen = opportunities.lend(id) { sees(viewer, $0.row) ? body($0.row) : nil }
            if let seen { return seen }
        }
        throw .notFound(noun: OpportunityKind.noun, name: id.description)
    }

    /// The deal, if the viewer may see it; what one may not see does not exist (D-34).
    public func opportunity(_ id: OpportunityID, for viewer: PersonID) throws(Rejection)
        -> Opportunity
    {
        if let opportunity = opportunities[find: id], sees(viewer, opportunity) {
            return opportunity
        }
        throw .notFound(noun: OpportunityKind.noun, name: id.description)
    }

    public func approval(_ id: ApprovalID, for viewer: PersonID) throws(Rejection) -> Approval {
        if let approval = approvals[find: id], sees(viewer, approval) { return approval }
        throw .notFound(noun: ApprovalKind.noun, name: id.description)
    }

    /// The owner and everyone above may change a deal and move it on (D-32).
    func isInCharge(_ person: PersonID, of opportunity: Opportunity) -> Bool {
        opportunity.owner == person || isAbove(person, opportunity.owner)
    }

    /// Everyone above the owner, and admins: not the owner (D-32).
    func isSetOver(_ person: PersonID, _ opportunity: Opportunity) -> Bool {
        persons[person].role == .admin || isAbove(person, opportunity.owner)
    }

    /// The deal, if the actor sees it and stands above its owner.
    func governed(
        _ id: OpportunityID, _ context: Context, _ action: String
    ) throws(Rejection) -> Opportunity {
        let opportunity = try opportunity(id, for: context.actor)
        guard isSetOver(context.actor, opportunity) else {
            throw .notPermitted(
                action: "\(action) \(id)",
                who: "somebody above its owner \(opportunity.owner), or an admin")
        }
        return opportunity
    }

    /// The deal, if the actor sees it and is in charge of it, at the revision they saw.
    func changeable(
        _ id: OpportunityID, _ context: Context, _ action: String,
        orBy others: (Opportunity) -> Bool = { _ in false }
    ) throws(Rejection) -> Opportunity {
        let opportunity = try opportunity(id, for: context.actor)
        guard isInCharge(context.actor, of: opportunity) || others(opportunity) else {
            throw .notPermitted(
                action: "\(action) \(id)", who: "its owner \(opportunity.owner) or somebody above")
        }
        return try open(opportunity, context)
    }

    /// The deal, if it is still open and at the revision that the actor saw.
    func open(_ opportunity: Opportunity, _ context: Context) throws(Rejection) -> Opportunity {
        let id = opportunity.id
        try context.check(opportunity.revision, of: id.description)
        guard opportunity.outcome == .open else {
            throw .alreadyClosed(opportunity: id, outcome: opportunity.outcome)
        }
        return opportunity
    }
}
