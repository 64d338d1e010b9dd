/// Customers, deals and the work on them (D-10, D-25, D-32).
extension NaiveCompany {
    mutating func createCustomer(
        _ operation: Operation, name: String, fields: [String: String]
    ) throws(Refused) -> NaiveAnswer {
        try requireFree(name, beside: nil)
        customers.append(Customer(name: name, fields: fields, createdBy: operation.actor))
        return NaiveAnswer("c\(customers.count)", 1, creates: true)
    }

    /// A customer's name is unique whatever its case.
    func requireFree(_ name: String, beside own: Int?) throws(Refused) {
        let isTaken = customers.indices.contains {
            $0 + 1 != own && Self.folded(customers[$0].name) == Self.folded(name)
        }
        if isTaken { throw Refused(.conflict) }
    }

    /// By who entered it, those above and admins; who is in charge of a deal with it fills what is empty,
    /// and overwrites the rest once whoever entered it works on none.
    mutating func updateCustomer(
        _ operation: Operation, _ id: Int, name: String?, fields: [String: String]
    ) throws(Refused) -> NaiveAnswer {
        try known(id, of: customers.count)
        let customer = customers[id - 1]
        let fills =
            (name == nil || name == customer.name)
            && fields.allSatisfy { customer.fields[$0] == nil || customer.fields[$0] == $1 }
        let isHeld = deals.contains {
            $0.customer == id && $0.owner == customer.createdBy && $0.outcome == "open"
        }
        let works = deals.contains {
            $0.customer == id && isInCharge(operation.actor, ofOwner: $0.owner)
        }
        guard
            isAdmin(operation.actor) || isInCharge(operation.actor, ofOwner: customer.createdBy)
                || works && (fills || !isHeld)
        else { throw Refused(.notPermitted) }
        try requireRevision(operation.expectedRevision, customers[id - 1].rev)
        if let name, name != customers[id - 1].name {
            try requireFree(name, beside: id)
            customers[id - 1].name = name
            customers[id - 1].rev += 1
        }
        for (field, text) in fields where text != customers[id - 1].fields[field] ?? "" {
            customers[id - 1].fields[field] = text.isEmpty ? nil : text
            customers[id - 1].rev += 1
        }
        return NaiveAnswer("c\(id)", customers[id - 1].rev)
    }

    mutating func createDeal(
        _ operation: Operation, _ wish: Operation.DealWish
    ) throws(Refused) -> NaiveAnswer {
        try known(wish.customer, of: customers.count)
        try knownPerson(wish.owner)
        try known(wish.process, of: processes.count)
        let owner = wish.owner ?? operation.actor
        try requireMayEnter(operation.actor, for: owner)
        try requireFreeExternalID(wish.fields["extid"], beside: nil)
        try requireActive(owner)
        let customer = customers[wish.customer - 1]
        let amount = try wish.amount.map { (text) throws(Refused) in
            try minorUnits(text, wish.currency ?? "CNY")
        }
        let process = try choose(
            wish.process,
            Traits(
                owner: owner, unit: person(owner).unit, type: customer.fields["type"],
                industry: wish.fields["industry"] ?? customer.fields["industry"],
                product: wish.fields["product"]))
        let id = enter(
            Deal(
                title: wish.title, customer: wish.customer, owner: owner, unit: 0,
                process: process, version: 0, stage: "", amount: amount,
                currency: wish.currency ?? "CNY", close: wish.close, fields: wish.fields))
        return NaiveAnswer("o\(id)", 1, creates: true)
            .with("process", processes[process - 1].key)
            .with("version", "\(deal(id).version)").with("stage", deal(id).stage)
    }

    /// Into the first stage of the version that is published now (D-9).
    mutating func enter(_ deal: Deal) -> Int {
        var deal = deal
        let versions = processes[deal.process - 1].versions
        deal.unit = person(deal.owner).unit
        deal.version = versions.count
        deal.stage = versions[versions.count - 1].stages[0].key
        deal.entered = [deal.stage]
        deals.append(deal)
        return deals.count
    }

    func requireFreeExternalID(_ text: String?, beside own: Int?) throws(Refused) {
        guard let text, !text.isEmpty else { return }
        let isTaken = deals.indices.contains {
            $0 + 1 != own && deals[$0].fields["extid"] == text
        }
        if isTaken { throw Refused(.conflict) }
    }

    /// What a decimal comes to; no more decimals than the currency has.
    func minorUnits(_ text: String, _ currency: String) throws(Refused) -> Int {
        let parts = text.split(separator: ".")
        var fraction = parts.count > 1 ? String(parts[1]) : ""
        while fraction.hasSuffix("0") { fraction.removeLast() }
        let digits = NaiveText.digits(currency)
        guard fraction.count <= digits else { throw Refused(.invalid) }
        while fraction.count < digits { fraction += "0" }
        return Int(parts[0] + fraction) ?? 0
    }

    mutating func updateDeal(
        _ operation: Operation, _ id: Int, _ wish: Operation.DealUpdate
    ) throws(Refused) -> NaiveAnswer {
        try requireSeen(operation.actor, deal: id)
        try known(wish.customer, of: customers.count)
        try requireInCharge(operation, id)
        try requireFreeExternalID(wish.fields["extid"], beside: id)
        try requireUnlocked(id)
        var changed = deal(id)
        if let title = wish.title { changed.title = title }
        if let customer = wish.customer { changed.customer = customer }
        for (field, text) in wish.fields { changed.fields[field] = text.isEmpty ? nil : text }
        if let close = wish.close { changed.close = close == 0 ? nil : close }
        changed.currency = wish.currency ?? changed.currency
        if let amount = wish.amount {
            changed.amount = amount.isEmpty ? nil : try minorUnits(amount, changed.currency)
        } else if changed.currency != deal(id).currency, changed.amount != nil {
            // An amount is never carried into another currency.
            throw Refused(.invalid)
        }
        let before = deal(id)
        let isOtherAmount =
            changed.amount != before.amount
            || changed.amount != nil && changed.currency != before.currency
        changed.rev += (changed.title != before.title ? 1 : 0)
        changed.rev += (changed.customer != before.customer ? 1 : 0)
        changed.rev += (changed.close != before.close ? 1 : 0)
        changed.rev += (isOtherAmount ? 1 : 0)
        if changed.amount == nil, changed.currency != before.currency { changed.rev += 1 }
        for field in ["source", "industry", "product", "extid"]
        where changed.fields[field] != before.fields[field] {
            changed.rev += 1
        }
        deals[id - 1] = changed
        if isOtherAmount { voidApprovals(of: id) }
        if isCut(before, deal(id)) || isDelayed(before, deal(id)) {
            tellSuperior(id, "deal.slipped", by: operation.actor)
        }
        return NaiveAnswer("o\(id)", deal(id).rev)
    }

    /// By a fifth or more, or altogether; amounts in two currencies are not compared (N-2).
    private func isCut(_ before: Deal, _ after: Deal) -> Bool {
        guard let old = before.amount, old > 0, old != after.amount else { return false }
        guard let new = after.amount else { return true }
        return before.currency == after.currency && new * 100 <= old * 80
    }

    /// To be closed in a later quarter of the calendar (N-2).
    private func isDelayed(_ before: Deal, _ after: Deal) -> Bool {
        guard let old = before.close, let new = after.close else { return false }
        func quarter(_ day: Int) -> [Int] {
            let parts = NaiveText.date(day).split(separator: "-").compactMap { Int($0) }
            return [parts[0], (parts[1] + 2) / 3]
        }
        return quarter(old).lexicographicallyPrecedes(quarter(new))
    }

    // MARK: What a stage asks for

    /// The stage whose task or field of that key is meant: the present one, else the nearest one
    /// ahead, else the nearest one behind.
    private func stage(
        _ id: Int, having isMeant: (NaiveProcess.Stage) -> Bool
    ) -> NaiveProcess.Stage? {
        let stages = definition(deal(id)).stages
        let here = definition(deal(id)).place(deal(id).stage) ?? 0
        let order = Array(here..<stages.count) + (0..<here).reversed()
        return order.map { stages[$0] }.first(where: isMeant)
    }

    mutating func giveFeedback(
        _ operation: Operation, _ id: Int, _ values: [Operation.Value]
    ) throws(Refused) -> NaiveAnswer {
        try requireInCharge(operation, id)
        try requireUnlocked(id)
        var given: Set<String> = []
        for one in values {
            let stage = stage(id) { $0.feedback.contains { $0.key == one.key } }
            guard let stage, let field = stage.feedback.first(where: { $0.key == one.key }),
                given.insert(one.key).inserted
            else { throw Refused(.invalid) }
            if !one.text.isEmpty {
                if field.type == "choice", !field.choices.contains(one.text) {
                    throw Refused(.invalid)
                }
                if field.type == "number", Int(one.text) == nil { throw Refused(.invalid) }
            }
            let place = "\(stage.key)/\(one.key)"
            guard one.text != deal(id).feedback[place] ?? "" else { continue }
            deals[id - 1].feedback[place] = one.text.isEmpty ? nil : one.text
            deals[id - 1].rev += 1
        }
        return NaiveAnswer("o\(id)", deal(id).rev)
    }

    /// Also by whoever fills the task's role (D-6, D-32).
    mutating func markTask(
        _ operation: Operation, _ id: Int, _ key: String, done: Bool, evidence: String?
    ) throws(Refused) -> NaiveAnswer {
        let isKnown = id >= 1 && id <= deals.count
        let stage = isKnown ? stage(id) { $0.tasks.contains { $0.key == key } } : nil
        let task = stage?.tasks.first { $0.key == key }
        try requireChange(operation, id) { company in
            let deal = company.deal(id)
            if company.isInCharge(operation.actor, ofOwner: deal.owner) { return true }
            guard let role = task?.role else { return false }
            return deal.team.contains(Member(person: operation.actor, role: role))
        }
        try requireUnlocked(id)
        guard let stage, let task else { throw Refused(.invalid) }
        let place = "\(stage.key)/\(key)"
        if done, task.wantsEvidence, Self.isBlank(evidence) { throw Refused(.invalid) }
        if done != deal(id).done.contains(place) {
            if done { deals[id - 1].done.insert(place) } else { deals[id - 1].done.remove(place) }
            deals[id - 1].rev += 1
            if done { tellTeam(id, "task.done", by: operation.actor) }
        }
        return NaiveAnswer("o\(id)", deal(id).rev)
    }

    /// Everything that is missing to leave the stage (D-11), in the words of P-5.
    func missing(_ id: Int) -> Set<String> {
        let deal = deal(id)
        let stage = stage(deal)
        var missing: Set<String> = []
        for field in stage.feedback
        where field.isRequired && deal.feedback["\(stage.key)/\(field.key)"] == nil {
            missing.insert("missing feedback '\(field.key)'")
        }
        for task in stage.tasks
        where task.isRequired && !deal.done.contains("\(stage.key)/\(task.key)") {
            missing.insert("task '\(task.key)' not done")
        }
        let customer = customers[deal.customer - 1]
        for need in stage.requires {
            let isFilled =
                switch need {
                case "amount": deal.amount != nil
                case "close": deal.close != nil
                case "customer.phone": customer.fields["phone"] != nil
                case "customer.type": customer.fields["type"] != nil
                default: deal.fields[need] != nil
                }
            if !isFilled { missing.insert("missing field '\(need)'") }
        }
        return missing
    }

    // MARK: Beside the gates

    /// D-41: whoever is mentioned, the owner and the author answered, each once.
    mutating func note(
        _ operation: Operation, _ id: Int, text: String, answering: Int?, mentioning: [Int]
    ) throws(Refused) -> NaiveAnswer {
        try requireSeen(operation.actor, deal: id)
        if let answering, !deal(id).notes.contains(answering) { throw Refused(.notFound) }
        for one in mentioning { try knownPerson(one) }
        try requireRevision(operation.expectedRevision, deal(id).rev)
        for one in mentioning { try requireActive(one) }
        if Self.isBlank(text) { throw Refused(.invalid) }
        guard mentioning.allSatisfy({ sees($0, deal: id) }) else { throw Refused(.invalid) }
        var told = [operation.actor]
        for one in mentioning where !told.contains(one) {
            told.append(one)
            tell(one, "note.mention", deal: id, by: operation.actor)
        }
        for one in [deal(id).owner, answering.map { noteAuthors[$0 - 1] }].compactMap(\.self)
        where !told.contains(one) && sees(one, deal: id) {
            told.append(one)
            tell(one, "note.added", deal: id, by: operation.actor)
        }
        noteAuthors.append(operation.actor)
        deals[id - 1].notes.append(noteAuthors.count)
        deals[id - 1].rev += 1
        var answer = NaiveAnswer("o\(id)", deal(id).rev)
        answer.add("note", "n\(noteAuthors.count)", created: true)
        return answer
    }

    /// Tags are the same whatever their case.
    mutating func tag(
        _ operation: Operation, _ id: Int, adding: String?, removing: String?
    ) throws(Refused) -> NaiveAnswer {
        try requireInCharge(operation, id)
        var tags = deal(id).tags
        var changes = 0
        if let removing {
            let place = tags.firstIndex { Self.folded($0) == Self.folded(removing) }
            guard let place else { throw Refused(.invalid) }
            tags.remove(at: place)
            changes += 1
        }
        if let adding {
            if adding.contains(",") { throw Refused(.invalid) }
            if !tags.contains(where: { Self.folded($0) == Self.folded(adding) }) {
                tags.append(adding)
                changes += 1
            }
        }
        deals[id - 1].tags = tags
        deals[id - 1].rev += changes
        return NaiveAnswer("o\(id)", deal(id).rev)
    }

    mutating func changeTeam(
        _ operation: Operation, _ id: Int, person: Int, role: String?
    ) throws(Refused) -> NaiveAnswer {
        try requireSeen(operation.actor, deal: id)
        try knownPerson(person)
        try requireInCharge(operation, id)
        guard let role else {
            let left = deal(id).team.filter { $0.person != person }
            let changes = deal(id).team.count - left.count
            if changes == 0 { throw Refused(.invalid) }
            deals[id - 1].team = left
            deals[id - 1].rev += changes
            return NaiveAnswer("o\(id)", deal(id).rev)
        }
        try requireActive(person)
        let member = Member(person: person, role: role)
        if !deal(id).team.contains(member) {
            deals[id - 1].team.append(member)
            deals[id - 1].rev += 1
            if person != operation.actor {
                tell(person, "team.joined", deal: id, by: operation.actor)
            }
        }
        return NaiveAnswer("o\(id)", deal(id).rev)
    }
}
