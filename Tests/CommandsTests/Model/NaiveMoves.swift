/// How deals move, end and begin again (D-5, D-9, D-13…D-15, D-24, D-28, D-31).
extension NaiveCompany {
    mutating func advance(
        _ operation: Operation, _ id: Int, to wanted: String?, note: String?
    ) throws(Refused) -> NaiveAnswer {
        try requireInCharge(operation, id)
        try requireUnlocked(id)
        let definition = definition(deal(id))
        let here = definition.place(deal(id).stage) ?? 0
        let isLast = here == definition.stages.count - 1
        let listed = definition.transitions.filter { $0.from == deal(id).stage }
        let target: String
        if let wanted {
            target = wanted
        } else if isLast {
            throw Refused(.invalid)
        } else if definition.isLinear
            || listed.contains(where: { $0.to == definition.stages[here + 1].key })
        {
            target = definition.stages[here + 1].key
        } else {
            let ahead = listed.filter { definition.place($0.to).map { $0 > here } ?? false }
            guard ahead.count == 1 else { throw Refused(.invalid) }
            target = ahead[0].to
        }
        // Winning is for OPP.WIN, and a stage is left for another one.
        guard let place = definition.place(target), place != here else { throw Refused(.invalid) }
        let transition = listed.first { $0.to == target }
        let isNext = definition.isLinear && place == here + 1
        guard transition != nil || isNext else { throw Refused(.invalid) }
        if place < here {
            if Self.isBlank(note) { throw Refused(.invalid) }
            let asked = try deciders(
                transition?.gate ?? NaiveProcess.Gate(), id, submitter: operation.actor)
            return leave(operation, id, .stage(target), asked)
        }
        try requireComplete(id)
        let asked = try decidersOnwards(
            transition?.gate ?? stage(deal(id)).gate, id, submitter: operation.actor)
        return leave(operation, id, .stage(target), asked)
    }

    private func requireComplete(_ id: Int, review: String? = "none") throws(Refused) {
        var missing = missing(id)
        if definition(deal(id)).isReviewRequired, Self.isBlank(review) {
            missing.insert("missing REVIEW: what worked, what did not")
        }
        if !missing.isEmpty { throw Refused(.gate, missing: missing) }
    }

    /// At once, or by a request where somebody is to be asked.
    private mutating func leave(
        _ operation: Operation, _ id: Int, _ aim: Aim, _ asked: Deciders?
    ) -> NaiveAnswer {
        var request: Int?
        var isWaiting = false
        if let asked {
            request = submit(operation, id, aim, asked)
            isWaiting = deal(id).pending != nil
        } else {
            reach(id, aim, by: operation.actor)
        }
        let status =
            switch aim {
            case _ where isWaiting: "pending"
            case .stage: "moved"
            case .won: "won"
            case .reopen: "reopened"
            }
        var answer = NaiveAnswer("o\(id)", deal(id).rev).with("status", status)
            .with("stage", deal(id).stage)
        answer.add("approval", Self.id("a", request), created: true)
        return answer
    }

    /// What was asked for comes about.
    mutating func reach(_ id: Int, _ aim: Aim, by actor: Int) {
        deals[id - 1].rev += 1
        switch aim {
        case .stage(let key):
            enter(id, key)
            tellTeam(id, "deal.moved", by: actor)
        case .won:
            close(id, "won")
            tellSuperior(id, "deal.won", by: actor)
        case .reopen(let key):
            if key != deal(id).stage { enter(id, key) }
            deals[id - 1].outcome = "open"
            deals[id - 1].unit = person(deal(id).owner).unit
        }
    }

    private mutating func close(_ id: Int, _ outcome: String) {
        let deal = deal(id)
        deals[id - 1].outcome = outcome
        deals[id - 1].closedAt = now
        deals[id - 1].worth = deal.amount.flatMap { converted($0, deal.currency, on: companyToday) }
    }

    private mutating func enter(_ id: Int, _ key: String) {
        deals[id - 1].stage = key
        deals[id - 1].entered.insert(key)
    }

    mutating func tellTeam(_ id: Int, _ kind: String, by actor: Int) {
        for one in Set(deal(id).team.map(\.person)) where one != actor {
            tell(one, kind, deal: id, by: actor)
        }
    }

    mutating func tellSuperior(_ id: Int, _ kind: String, by actor: Int) {
        guard let superior = superior(deal(id).owner), superior != actor else { return }
        tell(superior, kind, deal: id, by: actor)
    }

    mutating func win(_ operation: Operation, _ id: Int, review: String?) throws(Refused)
        -> NaiveAnswer
    {
        try requireInCharge(operation, id)
        try requireUnlocked(id)
        let definition = definition(deal(id))
        let listed = definition.transitions.first { $0.from == deal(id).stage && $0.to == "won" }
        guard listed != nil || definition.place(deal(id).stage) == definition.stages.count - 1
        else { throw Refused(.invalid) }
        try requireComplete(id, review: review)
        let asked = try decidersOnwards(
            listed?.gate ?? stage(deal(id)).gate, id, submitter: operation.actor)
        return leave(operation, id, .won, asked)
    }

    /// Lost or invalid, also while a request waits, which is cancelled (D-13).
    mutating func close(
        _ operation: Operation, _ id: Int, _ outcome: String, reason: String, review: String?
    ) throws(Refused) -> NaiveAnswer {
        try requireInCharge(operation, id)
        let definition = definition(deal(id))
        let reasons = outcome == "lost" ? definition.lossReasons : definition.invalidReasons
        guard reasons.isEmpty || reasons.contains(reason) else { throw Refused(.invalid) }
        if outcome == "lost", definition.isReviewRequired, Self.isBlank(review) {
            throw Refused(.invalid)
        }
        if let pending = deal(id).pending {
            let told = audience(pending)
            end(pending, "cancelled", by: operation.actor)
            for one in told where one != operation.actor {
                tell(one, "approval.cancelled", deal: id, approval: pending, by: operation.actor)
            }
        }
        close(id, outcome)
        deals[id - 1].rev += 1
        tellSuperior(id, "deal.\(outcome)", by: operation.actor)
        return NaiveAnswer("o\(id)", deal(id).rev).with("outcome", outcome)
    }

    /// D-15: in the stage that it closed from or an earlier one; a won deal needs approval.
    mutating func reopen(
        _ operation: Operation, _ id: Int, reason: String, stage key: String?
    ) throws(Refused) -> NaiveAnswer {
        try requireSeen(operation.actor, deal: id)
        let owner = deal(id).owner
        guard isSetOver(operation.actor, owner: owner) else { throw Refused(.notPermitted) }
        try requireRevision(operation.expectedRevision, deal(id).rev)
        guard deal(id).outcome != "open", person(owner).isActive else { throw Refused(.conflict) }
        try requireUnlocked(id)
        let definition = definition(deal(id))
        let target = key ?? deal(id).stage
        guard let place = definition.place(target), let here = definition.place(deal(id).stage),
            place <= here, !Self.isBlank(reason)
        else { throw Refused(.invalid) }
        var asked: Deciders?
        if deal(id).outcome == "won" {
            var gate = stage(deal(id)).gate
            gate.asks = true
            asked = try deciders(gate, id, submitter: operation.actor)
        }
        return leave(operation, id, .reopen(target), asked)
    }

    /// D-31: past the gates, with a reason.
    mutating func override(
        _ operation: Operation, _ id: Int, to key: String, reason: String
    ) throws(Refused) -> NaiveAnswer {
        try requireSetOver(operation, id)
        try requireUnlocked(id)
        guard definition(deal(id)).place(key) != nil, key != deal(id).stage, !Self.isBlank(reason)
        else { throw Refused(.invalid) }
        enter(id, key)
        deals[id - 1].rev += 1
        tellTeam(id, "deal.moved", by: operation.actor)
        return NaiveAnswer("o\(id)", deal(id).rev).with("stage", key)
    }

    mutating func transfer(_ operation: Operation, _ id: Int, to owner: Int) throws(Refused)
        -> NaiveAnswer
    {
        try requireSeen(operation.actor, deal: id)
        try knownPerson(owner)
        try requireSetOver(operation, id)
        try requireActive(owner)
        guard owner != deal(id).owner else { throw Refused(.invalid) }
        transfer(id, to: owner, by: operation.actor)
        return NaiveAnswer("o\(id)", deal(id).rev).with("owner", "e\(owner)")
            .with("pending", Self.id("a", deal(id).pending))
    }

    /// D-28: only the new owner's own level of a pending request goes to somebody else.
    mutating func transfer(_ id: Int, to owner: Int, by actor: Int) {
        deals[id - 1].owner = owner
        deals[id - 1].unit = person(owner).unit
        deals[id - 1].rev += 1
        if let pending = deal(id).pending, approval(pending).undecided.contains(owner) {
            replace(owner, in: pending, by: actor)
        }
        if owner != actor { tell(owner, "deal.transferred", deal: id, by: actor) }
    }

    // MARK: Leads

    mutating func createLead(
        _ operation: Operation, name: String, owner: Int?, fields: [String: String]
    ) throws(Refused) -> NaiveAnswer {
        try knownPerson(owner)
        try requireMayEnter(operation.actor, for: owner ?? operation.actor)
        try requireActive(owner ?? operation.actor)
        leads.append(Lead(name: name, owner: owner ?? operation.actor, fields: fields))
        return NaiveAnswer("l\(leads.count)", 1, creates: true)
    }

    private func requireSeen(_ actor: Int, lead id: Int) throws(Refused) {
        try known(id, of: leads.count)
        guard sees(actor, lead: id) else { throw Refused(.notFound) }
    }

    private func requireOpen(_ operation: Operation, lead id: Int) throws(Refused) {
        try requireRevision(operation.expectedRevision, leads[id - 1].rev)
        guard leads[id - 1].status == "open" else { throw Refused(.conflict) }
    }

    /// Another owner is named as deals are transferred, the rest changed as deals are (D-32).
    mutating func updateLead(
        _ operation: Operation, _ id: Int, source: String?, owner: Int?
    ) throws(Refused) -> NaiveAnswer {
        try requireSeen(operation.actor, lead: id)
        try knownPerson(owner)
        let lead = leads[id - 1]
        let isGiven = owner != nil && owner != lead.owner
        if isGiven, !isSetOver(operation.actor, owner: lead.owner) { throw Refused(.notPermitted) }
        if !isGiven || source != nil, !isInCharge(operation.actor, ofOwner: lead.owner) {
            throw Refused(.notPermitted)
        }
        try requireOpen(operation, lead: id)
        if let source, source != lead.fields["source"] ?? "" {
            leads[id - 1].fields["source"] = source.isEmpty ? nil : source
            leads[id - 1].rev += 1
        }
        if let owner, isGiven {
            try requireActive(owner)
            leads[id - 1].owner = owner
            leads[id - 1].rev += 1
        }
        return NaiveAnswer("l\(id)", leads[id - 1].rev)
    }

    mutating func discardLead(_ operation: Operation, _ id: Int) throws(Refused) -> NaiveAnswer {
        try requireSeen(operation.actor, lead: id)
        guard isInCharge(operation.actor, ofOwner: leads[id - 1].owner) else {
            throw Refused(.notPermitted)
        }
        try requireOpen(operation, lead: id)
        leads[id - 1].status = "discarded"
        leads[id - 1].rev += 1
        return NaiveAnswer("l\(id)", leads[id - 1].rev).with("status", "discarded")
    }

    /// D-9: customer, contact and deal together, or nothing.
    mutating func convertLead(
        _ operation: Operation, _ id: Int, _ wish: Operation.Conversion
    ) throws(Refused) -> NaiveAnswer {
        try requireSeen(operation.actor, lead: id)
        try known(wish.customer, of: customers.count)
        try knownPerson(wish.owner)
        try known(wish.process, of: processes.count)
        let lead = leads[id - 1]
        let owner = wish.owner ?? lead.owner
        guard isInCharge(operation.actor, ofOwner: lead.owner) else { throw Refused(.notPermitted) }
        if owner != lead.owner { try requireMayEnter(operation.actor, for: owner) }
        try requireOpen(operation, lead: id)
        let name = lead.fields["company"] ?? lead.name
        if wish.customer == nil { try requireFree(name, beside: nil) }
        try requireActive(owner)
        let amount = try wish.amount.map { (text) throws(Refused) in
            try minorUnits(text, wish.currency ?? "CNY")
        }
        let known = wish.customer.map { customers[$0 - 1] }
        let process = try choose(
            wish.process,
            Traits(
                owner: owner, unit: person(owner).unit, type: known?.fields["type"],
                industry: lead.fields["industry"] ?? known?.fields["industry"]))
        if wish.customer == nil {
            customers.append(
                Customer(
                    name: name, fields: lead.fields.filter { $0.key == "industry" },
                    createdBy: operation.actor))
        }
        contacts += 1
        var deal = Deal(
            title: wish.title, customer: wish.customer ?? customers.count, owner: owner, unit: 0,
            process: process, version: 0, stage: "", amount: amount,
            currency: wish.currency ?? "CNY", close: wish.close,
            fields: lead.fields.filter { ["source", "industry"].contains($0.key) })
        // It was entered, and the contact put on it.
        deal.rev = 2
        let new = enter(deal)
        leads[id - 1].status = "converted"
        leads[id - 1].rev += 1
        var answer = NaiveAnswer("l\(id)", leads[id - 1].rev)
        answer.add("customer", "c\(deal.customer)", created: wish.customer == nil)
        answer.add("contact", "k\(contacts)", created: true)
        answer.add("opportunity", "o\(new)", created: true)
        return answer.with("process", processes[process - 1].key)
            .with("version", "\(self.deal(new).version)").with("stage", self.deal(new).stage)
    }
}
