/// Who is asked, and what they say (D-12, D-18…D-28).
extension NaiveCompany {
    struct Deciders {
        var approvers: [Int]
        /// What is left is granted by rule (D-19, `auto`).
        var endsByRule = false
    }

    /// An amount in the company's currency at the rate of a day: a numerator over 10^12, or nothing.
    func converted(_ amount: Int, _ currency: String, on day: Int) -> Int128? {
        let unit: Int128 = 1_000_000_000_000
        if currency == "CNY" { return Int128(amount) * unit }
        let rate = rates[currency]?.filter { $0.from <= day }
            .max { $0.from < $1.from }
        guard let rate else { return nil }
        // Major units of the currency times 10^8, then CNY's two digits.
        var value = Int128(amount) * Int128(rate.scaled) * 10_000
        for _ in 0..<2 { value *= 10 }
        for _ in 0..<NaiveText.digits(currency) { value /= 10 }
        return value
    }

    /// D-23: an unknown amount takes the first level's number, one without a rate the highest.
    func levels(
        _ gate: NaiveProcess.Gate, _ amount: Int?, _ currency: String, on day: Int? = nil
    ) -> Int {
        guard let first = gate.levels.first, let last = gate.levels.last else { return 1 }
        guard let amount else { return first.count }
        guard let value = converted(amount, currency, on: day ?? companyToday) else {
            return last.count
        }
        var count = 1
        for level in gate.levels where value >= Int128(level.from) * 1_000_000_000_000 {
            count = level.count
        }
        return count
    }

    /// `nil` where nobody is asked. Owner and submitter are skipped everywhere.
    func deciders(_ gate: NaiveProcess.Gate, _ id: Int, submitter: Int) throws(Refused)
        -> Deciders?
    {
        guard gate.asks else { return nil }
        let owner = deal(id).owner
        let wanted = levels(gate, deal(id).amount, deal(id).currency)
        var found: [Int] = []
        for superior in superiors(above: owner) where superior != submitter {
            if found.count < wanted { found.append(superior) }
        }
        if found.count == wanted { return Deciders(approvers: found) }
        switch gate.onNoSuperior {
        case "auto": return Deciders(approvers: found, endsByRule: true)
        case "designate":
            guard let designate = gate.designate, person(designate).isActive, designate != owner,
                designate != submitter
            else { throw Refused(.gate) }
            if !found.contains(designate) { found.append(designate) }
            return Deciders(approvers: found)
        default: throw Refused(.gate)
        }
    }

    /// With those of the approvals that became void and are needed again (D-24).
    func decidersOnwards(_ gate: NaiveProcess.Gate, _ id: Int, submitter: Int) throws(Refused)
        -> Deciders?
    {
        var all = try deciders(gate, id, submitter: submitter)
        for void in deal(id).void {
            // Asked by the present stage where a migration took the void one's away.
            let definition = definition(deal(id))
            var gate = self.gate(of: void)
            if definition.place(approval(void).stage) == nil {
                gate = definition.stages[definition.place(deal(id).stage)!].gate
                gate.asks = true
            }
            guard let more = try deciders(gate, id, submitter: submitter) else {
                continue
            }
            var sum = all ?? Deciders(approvers: [])
            for one in more.approvers where !sum.approvers.contains(one) {
                sum.approvers.append(one)
            }
            sum.endsByRule = sum.endsByRule || more.endsByRule
            all = sum
        }
        return all
    }

    /// The gate that a request is to pass.
    func gate(of id: Int) -> NaiveProcess.Gate {
        let request = approval(id)
        let definition = definition(deal(request.deal))
        let stage = definition.stages.first { $0.key == request.stage }
        var gate = stage?.gate ?? NaiveProcess.Gate()
        if case .reopen = request.aim {
            gate.asks = true
            return gate
        }
        let listed = definition.transitions.first {
            $0.from == request.stage && $0.to == request.aim.word
        }
        if let own = listed?.gate { gate = own }
        return gate
    }

    /// D-24, against the amount that was approved, be it by the request that took the place of a void
    /// one, and the levels that were asked that day.
    mutating func voidApprovals(of id: Int) {
        let deal = deal(id)
        var latest: [String: Int] = [:]
        for index in approvals.indices where approvals[index].deal == id {
            if case .reopen = approvals[index].aim { continue }
            guard ["approved", "void"].contains(approvals[index].status) else { continue }
            latest[approvals[index].stage] = index + 1
        }
        for request in latest.values.sorted() where !deal.void.contains(request) {
            let gate = gate(of: request)
            let granted = approval(approval(request).grantedBy ?? request)
            let asked = levels(gate, granted.amount, granted.currency, on: granted.askedOn)
            let needed = levels(gate, deal.amount, deal.currency)
            let isVoid: Bool
            if let old = granted.amount {
                let percent = 100 - definition(deal).reaskDropPercent
                isVoid =
                    deal.amount.map {
                        granted.currency != deal.currency || needed > asked
                            || $0 * 100 < old * percent
                    } ?? true
            } else {
                isVoid = needed > asked
            }
            guard isVoid else { continue }
            approvals[request - 1].status = "void"
            approvals[request - 1].rev += 1
            deals[id - 1].void.append(request)
            deals[id - 1].void.sort()
            deals[id - 1].rev += 1
        }
    }

    mutating func submit(
        _ operation: Operation, _ id: Int, _ aim: Aim, _ asked: Deciders
    ) -> Int {
        let stage = deal(id).stage
        // Winning, being opened again and each way on are gates of their own (D-12).
        let earlier = approvals.filter {
            $0.deal == id && $0.stage == stage && $0.aim.word == aim.word
        }.count
        var request = Approval(
            deal: id, stage: stage, aim: aim, submitter: operation.actor,
            approvers: asked.approvers, endsByRule: asked.endsByRule, attempt: earlier + 1,
            amount: deal(id).amount, currency: deal(id).currency, askedOn: companyToday)
        request.putTo = Set(asked.approvers)
        approvals.append(request)
        deals[id - 1].pending = approvals.count
        deals[id - 1].rev += 1
        if let first = asked.approvers.first {
            ask(first, approvals.count)
        } else {
            grantByRule(approvals.count, by: operation.actor)
        }
        return approvals.count
    }

    /// The request goes to the approver and to the delegate, in the name of whoever asks.
    private mutating func ask(_ approver: Int, _ id: Int) {
        let (deal, submitter) = (approval(id).deal, approval(id).submitter)
        tell(approver, "approval.requested", deal: deal, approval: id, by: submitter)
        if let delegate = delegate(of: approver), standsIn(delegate, for: approver, id) {
            tell(delegate, "approval.requested", deal: deal, approval: id, by: submitter)
        }
    }

    private mutating func grantByRule(_ id: Int, by actor: Int) {
        approvals[id - 1].decidedBy = nil
        approvals[id - 1].decidedFor = nil
        finish(id, "approved")
        reach(approval(id).deal, approval(id).aim, by: actor)
    }

    /// The request ends, and the deal is free again.
    private mutating func finish(_ id: Int, _ status: String) {
        let deal = approval(id).deal
        approvals[id - 1].status = status
        approvals[id - 1].decidedAt = now
        approvals[id - 1].rev += 1
        deals[deal - 1].pending = nil
        deals[deal - 1].rev += 1
        guard status == "approved", goesOnwards(id) else { return }
        for void in deals[deal - 1].void { approvals[void - 1].grantedBy = id }
        deals[deal - 1].void = []
    }

    private func goesOnwards(_ id: Int) -> Bool {
        switch approval(id).aim {
        case .reopen: return false
        case .won: return true
        case .stage(let key):
            let stages = definition(deal(approval(id).deal)).stages.map(\.key)
            return stages.firstIndex(of: key)! > stages.firstIndex(of: approval(id).stage)!
        }
    }

    mutating func end(_ id: Int, _ status: String, by actor: Int) {
        approvals[id - 1].decidedBy = actor
        approvals[id - 1].decidedFor = nil
        finish(id, status)
    }

    /// Who has decided a level or has the request before them now, the delegate included.
    func audience(_ id: Int) -> [Int] {
        let request = approval(id)
        var people = Array(request.approvers.prefix(request.decided + 1))
        if let current = request.current, let delegate = delegate(of: current),
            standsIn(delegate, for: current, id), !people.contains(delegate)
        {
            people.append(delegate)
        }
        return people
    }

    // MARK: Deciding

    mutating func decide(_ operation: Operation, _ id: Int, note: String?, approves: Bool)
        throws(Refused) -> NaiveAnswer
    {
        let actor = operation.actor
        try known(id, of: approvals.count)
        guard sees(actor, approval: id) else { throw Refused(.notFound) }
        let request = approval(id)
        guard
            request.approvers.contains(actor) || wasPutToDelegate(actor, id)
                || request.status != "pending" && request.putTo.contains(actor)
        else { throw Refused(.notPermitted) }
        if request.status == "pending" {
            // Sequential: a later approver has to wait for the turn.
            guard let current = request.current,
                current == actor || standsIn(actor, for: current, id)
            else { throw Refused(.notPermitted) }
        }
        try requireRevision(operation.expectedRevision, request.rev)
        guard request.status == "pending", let current = request.current else {
            throw Refused(.conflict)
        }
        if !approves, Self.isBlank(note) { throw Refused(.invalid) }
        approvals[id - 1].decidedBy = actor
        approvals[id - 1].decidedFor = actor == current ? nil : current
        approvals[id - 1].putTo.insert(actor)
        var told = [request.submitter]
        if deal(request.deal).owner != request.submitter { told.append(deal(request.deal).owner) }
        if actor != current { told.append(current) }
        told.removeAll { $0 == actor }
        if approves {
            approve(id, by: actor, telling: told)
        } else {
            finish(id, "rejected")
            for one in told {
                tell(one, "approval.rejected", deal: request.deal, approval: id, by: actor)
            }
        }
        return NaiveAnswer("a\(id)", approval(id).rev).with("status", approval(id).status)
            .with("opportunity", "o\(request.deal)")
    }

    private mutating func approve(_ id: Int, by actor: Int, telling told: [Int]) {
        let request = approval(id)
        let levels = request.approvers.count + request.vacancies
        approvals[id - 1].decided += 1
        if request.decided + 1 < levels || request.endsByRule {
            // A level of several.
            approvals[id - 1].rev += 1
            deals[request.deal - 1].rev += 1
        }
        if request.decided + 1 < levels {
            if let next = approval(id).current {
                ask(next, id)
            } else {
                tellAdmins(id, by: actor)
            }
            return
        }
        if request.endsByRule {
            grantByRule(id, by: actor)
        } else {
            finish(id, "approved")
            reach(request.deal, request.aim, by: actor)
        }
        for one in told {
            tell(one, "approval.approved", deal: request.deal, approval: id, by: actor)
        }
    }

    private mutating func tellAdmins(_ id: Int, by actor: Int) {
        for index in persons.indices where persons[index].isActive && isAdmin(index + 1) {
            tell(index + 1, "approval.escalated", deal: approval(id).deal, approval: id, by: actor)
        }
    }

    /// D-26: the submitter, until the last decision, also of a deal that went out of sight.
    mutating func recall(_ operation: Operation, _ id: Int) throws(Refused) -> NaiveAnswer {
        try known(id, of: deals.count)
        let own = deal(id).pending.map { approval($0).submitter == operation.actor } ?? false
        if !own { try requireSeen(operation.actor, deal: id) }
        let last = approvals.indices.last { approvals[$0].deal == id }.map { $0 + 1 }
        if let last, approval(last).submitter != operation.actor { throw Refused(.notPermitted) }
        try requireRevision(operation.expectedRevision, deal(id).rev)
        guard let last, approval(last).status == "pending" else { throw Refused(.conflict) }
        let told = audience(last)
        end(last, "recalled", by: operation.actor)
        for one in told {
            tell(one, "approval.recalled", deal: id, approval: last, by: operation.actor)
        }
        return NaiveAnswer("o\(id)", deal(id).rev).with("stage", deal(id).stage)
            .with("approval", "a\(last)")
    }

    // MARK: Other deciders

    /// An admin names somebody for the level whose turn it is, or for the one that nobody is left for.
    mutating func reroute(_ operation: Operation, _ id: Int, to person: Int, reason: String)
        throws(Refused) -> NaiveAnswer
    {
        try known(id, of: approvals.count)
        guard sees(operation.actor, approval: id) else { throw Refused(.notFound) }
        try knownPerson(person)
        try requireAdmin(operation.actor)
        let request = approval(id)
        try requireRevision(operation.expectedRevision, request.rev)
        guard request.status == "pending" else { throw Refused(.conflict) }
        try requireActive(person)
        guard person != deal(request.deal).owner, person != request.submitter,
            person != operation.actor, !request.approvers.contains(person),
            !mayHaveDecided(person, id), !Self.isBlank(reason)
        else { throw Refused(.invalid) }
        let isVacant = request.current == nil
        reassign(
            id, to: [person] + request.undecided.dropFirst(),
            vacancies: request.vacancies - (isVacant ? 1 : 0), by: operation.actor)
        return NaiveAnswer("a\(id)", approval(id).rev).with("opportunity", "o\(request.deal)")
    }

    /// Nobody decides two levels of a request (D-23): once a level is decided, whoever had the request
    /// before and is not to be asked any more gets no further one.
    private func mayHaveDecided(_ person: Int, _ id: Int) -> Bool {
        let request = approval(id)
        return request.decided > 0 && request.putTo.contains(person)
            && !request.undecided.contains(person)
    }

    /// The next of the owner's superiors who are free to decide, then the designate.
    private func substitutes(_ id: Int, _ wanted: Int, beside taken: [Int]) -> [Int] {
        let request = approval(id)
        let owner = deal(request.deal).owner
        var barred = taken + [owner, request.submitter]
        barred += persons.indices.map { $0 + 1 }.filter { mayHaveDecided($0, id) }
        var found: [Int] = []
        for one in superiors(above: owner) where !barred.contains(one) && found.count < wanted {
            found.append(one)
        }
        if found.count < wanted, let designate = gate(of: id).designate,
            person(designate).isActive, !(barred + found).contains(designate)
        {
            found.append(designate)
        }
        return found
    }

    /// D-22: all levels that are not decided yet.
    mutating func resolveAgain(_ id: Int, by actor: Int) {
        let request = approval(id)
        let wanted = request.undecided.count + request.vacancies
        let found = substitutes(
            id, wanted, beside: Array(request.approvers.prefix(request.decided)))
        reassign(id, to: found, vacancies: wanted - found.count, by: actor)
    }

    /// D-28: one level.
    mutating func replace(_ person: Int, in id: Int, by actor: Int) {
        let request = approval(id)
        let found = substitutes(id, 1, beside: request.approvers)
        reassign(
            id, to: request.undecided.filter { $0 != person } + found,
            vacancies: request.vacancies + 1 - found.count, by: actor)
    }

    /// Both sides are told; where nobody is left for a level, the admins.
    private mutating func reassign(_ id: Int, to people: [Int], vacancies: Int, by actor: Int) {
        let before = approval(id)
        let deal = before.deal
        approvals[id - 1].approvers = Array(before.approvers.prefix(before.decided)) + people
        approvals[id - 1].vacancies = vacancies
        approvals[id - 1].putTo.formUnion(people)
        approvals[id - 1].rev += 1
        deals[deal - 1].rev += 1
        if let first = people.first, first != before.current { ask(first, id) }
        var told = [actor]
        let dropped = before.undecided.filter { !people.contains($0) }
        for one in dropped + [before.submitter, self.deal(deal).owner]
        where person(one).isActive && !told.contains(one) {
            told.append(one)
            tell(one, "approval.rerouted", deal: deal, approval: id, by: actor)
        }
        if people.isEmpty || vacancies > before.vacancies { tellAdmins(id, by: actor) }
    }
}
