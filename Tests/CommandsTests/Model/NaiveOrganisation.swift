/// Units and people (§1, D-29, D-32, D-35).
extension NaiveCompany {
    mutating func createUnit(
        _ operation: Operation, parent: Int?, head: Int?
    ) throws(Refused) -> NaiveAnswer {
        try knownUnit(parent)
        try knownPerson(head)
        try requireAdmin(operation.actor)
        guard unit(parent ?? 1).isActive else { throw Refused(.conflict) }
        if let head { try requireActive(head) }
        units.append(Unit(parent: parent ?? 1, head: head))
        return NaiveAnswer("u\(units.count)", 1, creates: true)
    }

    mutating func updateUnit(
        _ operation: Operation, _ id: Int, parent: Int?, head: Int?
    ) throws(Refused) -> NaiveAnswer {
        for one in [id, parent] { try knownUnit(one) }
        try knownPerson(head)
        try requireAdmin(operation.actor)
        try requireRevision(operation.expectedRevision, unit(id).rev)
        if parent != nil || head != nil, !unit(id).isActive { throw Refused(.conflict) }
        if let parent, !unit(parent).isActive { throw Refused(.conflict) }
        if let head, head != unit(id).head { try requireActive(head) }
        let isRoot = unit(id).parent == nil
        if let parent, parent != unit(id).parent, !isRoot {
            if path(parent).contains(id) { throw Refused(.conflict) }
            units[id - 1].parent = parent
            units[id - 1].rev += 1
        }
        if let head, head != unit(id).head {
            units[id - 1].head = head
            units[id - 1].rev += 1
        }
        if hasCircle { throw Refused(.conflict) }
        if isRoot, parent != nil { throw Refused(.invalid) }
        return NaiveAnswer("u\(id)", unit(id).rev)
    }

    mutating func deactivateUnit(_ operation: Operation, _ id: Int) throws(Refused) -> NaiveAnswer {
        try knownUnit(id)
        try requireAdmin(operation.actor)
        try requireRevision(operation.expectedRevision, unit(id).rev)
        guard unit(id).isActive, !persons.contains(where: { $0.unit == id }),
            !units.contains(where: { $0.parent == id && $0.isActive })
        else { throw Refused(.conflict) }
        guard unit(id).parent != nil else { throw Refused(.invalid) }
        units[id - 1].isActive = false
        units[id - 1].head = nil
        units[id - 1].rev += 1
        return NaiveAnswer("u\(id)", unit(id).rev)
    }

    mutating func mergeUnit(
        _ operation: Operation, _ id: Int, into: Int, dropping: [Int]
    ) throws(Refused) -> NaiveAnswer {
        for one in [id, into] { try knownUnit(one) }
        for one in dropping { try known(one, of: processes.count) }
        try requireAdmin(operation.actor)
        try requireRevision(operation.expectedRevision, unit(id).rev)
        guard unit(id).isActive, unit(into).isActive, !path(into).contains(id) else {
            throw Refused(.conflict)
        }
        let isForeign = dropping.contains { !namedUnits($0).contains(id) }
        let tiesBefore = ties(at: into)
        let children = units.indices.filter { units[$0].parent == id }
        let people = persons.indices.filter { persons[$0].unit == id }
        for index in children { units[index].parent = into }
        for index in people { move(index + 1, to: into) }
        units[id - 1].parent = into
        units[id - 1].head = nil
        units[id - 1].isActive = false
        units[id - 1].mergedInto = into
        units[id - 1].dropped = Set(dropping)
        units[id - 1].rev += 1
        if hasCircle || !ties(at: into).isSubset(of: tiesBefore) { throw Refused(.conflict) }
        if isForeign { throw Refused(.invalid) }
        return NaiveAnswer("u\(id)", unit(id).rev).with("into", "u\(into)")
            .with("people", "\(people.count)").with("units", "\(children.count)")
    }

    /// An open deal is in its owner's unit (D-10).
    private mutating func move(_ id: Int, to unit: Int) {
        persons[id - 1].unit = unit
        for index in deals.indices where deals[index].owner == id && deals[index].outcome == "open"
        {
            deals[index].unit = unit
        }
    }

    // MARK: People

    mutating func createPerson(
        _ operation: Operation, login: String, unit: Int, superior: Int?, role: String?,
        zone: String?
    ) throws(Refused) -> NaiveAnswer {
        try knownUnit(unit)
        try knownPerson(superior)
        try requireAdmin(operation.actor)
        if persons.contains(where: { $0.login == login }) { throw Refused(.conflict) }
        guard self.unit(unit).isActive else { throw Refused(.conflict) }
        if let superior { try requireActive(superior) }
        if zone == Operation.noZone { throw Refused(.invalid) }
        var new = Person(login: login, unit: unit, superior: superior, role: role ?? "rep")
        new.zone = zone ?? new.zone
        persons.append(new)
        return NaiveAnswer("e\(persons.count)", 1, creates: true)
    }

    mutating func updatePerson(
        _ operation: Operation, _ id: Int, _ wish: Operation.PersonWish
    ) throws(Refused) -> NaiveAnswer {
        try knownPerson(id)
        try knownUnit(wish.unit)
        if case .person(let superior) = wish.superior { try knownPerson(superior) }
        try requireAdmin(operation.actor)
        try requireRevision(operation.expectedRevision, person(id).rev)
        if let unit = wish.unit, unit != person(id).unit {
            guard self.unit(unit).isActive else { throw Refused(.conflict) }
            move(id, to: unit)
            persons[id - 1].rev += 1
        }
        var superior = person(id).superior
        switch wish.superior {
        case .unchanged: break
        case .byUnit: superior = nil
        case .person(let named): superior = named
        }
        if superior != person(id).superior {
            if let superior { try requireActive(superior) }
            persons[id - 1].superior = superior
            persons[id - 1].rev += 1
        }
        if let role = wish.role, role != person(id).role {
            persons[id - 1].role = role
            persons[id - 1].rev += 1
            guard hasAdmin else { throw Refused(.conflict) }
        }
        if hasCircle { throw Refused(.conflict) }
        if wish.zone == Operation.noZone { throw Refused(.invalid) }
        if let zone = wish.zone, zone != person(id).zone {
            persons[id - 1].zone = zone
            // The dates of a delegation mean other instants there.
            persons[id - 1].rev += person(id).delegation == nil ? 1 : 2
            if person(id).delegation != nil { persons[id - 1].delegationIsTold = hasBegun(id) }
        }
        return NaiveAnswer("e\(id)", person(id).rev)
    }

    private var hasAdmin: Bool { persons.contains { $0.isActive && $0.role == "admin" } }

    /// D-35, D-22: deals go to somebody else, and requests are resolved again.
    mutating func deactivatePerson(
        _ operation: Operation, _ id: Int, heir: Int?
    ) throws(Refused) -> NaiveAnswer {
        for one in [id, heir] { try knownPerson(one) }
        try requireAdmin(operation.actor)
        try requireRevision(operation.expectedRevision, person(id).rev)
        try requireActive(id)
        if let heir { try requireActive(heir) }
        let owned = deals.indices.map { $0 + 1 }.filter { deal($0).owner == id }
        let open = owned.filter { deal($0).outcome == "open" }
        if heir == nil, !open.isEmpty { throw Refused(.conflict) }
        let requests = approvals.indices.map { $0 + 1 }
            .filter { approval($0).undecided.contains(id) }
        persons[id - 1].isActive = false
        guard hasAdmin else { throw Refused(.conflict) }
        if heir == id { throw Refused(.invalid) }
        persons[id - 1].rev += 1
        if let heir { for one in open { transfer(one, to: heir, by: operation.actor) } }
        for one in owned where deal(one).outcome != "open" {
            guard let pending = deal(one).pending else { continue }
            let told = audience(pending) + [approval(pending).submitter]
            end(pending, "cancelled", by: operation.actor)
            for reader in told where reader != operation.actor && person(reader).isActive {
                tell(
                    reader, "approval.cancelled", deal: one, approval: pending, by: operation.actor)
            }
        }
        for request in requests where approval(request).status == "pending" {
            resolveAgain(request, by: operation.actor)
        }
        return NaiveAnswer("e\(id)", person(id).rev).with("deals", "\(open.count)")
            .with("approvals", "\(requests.count)")
    }

    mutating func activatePerson(_ operation: Operation, _ id: Int) throws(Refused) -> NaiveAnswer {
        try knownPerson(id)
        try requireAdmin(operation.actor)
        try requireRevision(operation.expectedRevision, person(id).rev)
        guard !person(id).isActive else { throw Refused(.conflict) }
        persons[id - 1].isActive = true
        persons[id - 1].rev += 1
        return NaiveAnswer("e\(id)", person(id).rev)
    }

    /// D-21. Without a delegate the delegation ends.
    mutating func delegate(
        _ operation: Operation, _ id: Int, _ wish: Delegation?
    ) throws(Refused) -> NaiveAnswer {
        for one in [id, wish?.to] { try knownPerson(one) }
        guard operation.actor == id || isAdmin(operation.actor) else {
            throw Refused(.notPermitted)
        }
        try requireRevision(operation.expectedRevision, person(id).rev)
        if let wish {
            try requireActive(id)
            try requireActive(wish.to)
            guard wish.to != id, wish.from <= wish.until,
                wish.until >= today(in: person(id).zone)
            else { throw Refused(.invalid) }
        }
        guard wish != person(id).delegation else { return NaiveAnswer("e\(id)", person(id).rev) }
        persons[id - 1].delegation = wish
        persons[id - 1].delegationIsTold = hasBegun(id)
        persons[id - 1].rev += 1
        // The delegate sees at once what waits for the person now.
        for index in approvals.indices where approvals[index].current == id {
            if let to = wish?.to, standsIn(to, for: id, index + 1) {
                tell(
                    to, "approval.requested", deal: approvals[index].deal, approval: index + 1,
                    by: approvals[index].submitter)
            }
        }
        return NaiveAnswer("e\(id)", person(id).rev)
    }

    private func hasBegun(_ id: Int) -> Bool {
        person(id).delegation.map { $0.from <= today(in: person(id).zone) } ?? true
    }

    var hasBeginningDelegations: Bool {
        persons.indices.contains { !persons[$0].delegationIsTold && hasBegun($0 + 1) }
    }

    /// Delegations that were set ahead begin: what their delegates are to be told, by whom (D-21, N-3).
    mutating func beginDelegations() -> [Int: [Row]] {
        var told: [Int: [Row]] = [:]
        for id in persons.indices.map({ $0 + 1 }) where !person(id).delegationIsTold && hasBegun(id)
        {
            persons[id - 1].delegationIsTold = true
            for (index, request) in approvals.enumerated() where request.current == id {
                guard let to = delegate(of: id), standsIn(to, for: id, index + 1) else { continue }
                told[to, default: []].append(
                    Row(
                        kind: "approval.requested", deal: request.deal, approval: index + 1,
                        by: request.submitter))
            }
        }
        return told
    }

    mutating func acknowledge(_ operation: Operation, upTo: Int) -> NaiveAnswer {
        let index = operation.actor - 1
        var count = 0
        for row in persons[index].inbox.indices.prefix(upTo)
        where !persons[index].inbox[row].isAcknowledged {
            persons[index].inbox[row].isAcknowledged = true
            count += 1
        }
        if count > 0 { persons[index].rev += 1 }
        return NaiveAnswer("e\(operation.actor)", persons[index].rev)
            .with("acknowledged", "\(count)")
    }
}
