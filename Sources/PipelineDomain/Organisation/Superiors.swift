extension State {
    /// The person who approves (§1): the explicit superior if set, else the head of the person's unit
    /// if that is somebody else, else the head of the next unit up; an inactive one is replaced by his
    /// own superior. `nil` at the top of the tree.
    public func superior(of person: PersonID) -> PersonID? {
        var seen: Set<PersonID> = [person]
        var current = person
        while let next = nominalSuperior(of: current), seen.insert(next).inserted {
            if persons[next].isActive { return next }
            current = next
        }
        return nil
    }

    private func nominalSuperior(of person: PersonID) -> PersonID? {
        let row = persons[person]
        if let explicit = row.superior { return explicit }
        for unit in path(from: row.unit) {
            if let head = units[unit].head, head != person { return head }
        }
        return nil
    }

    /// The superiors above a person in turn, nearest first, each once.
    func chain(above person: PersonID) -> [PersonID] {
        var chain: [PersonID] = []
        var current = person
        while let next = superior(of: current), next != person, !chain.contains(next) {
            chain.append(next)
            current = next
        }
        return chain
    }

    /// Whether `upper` stands above `lower` by the person tree or the unit tree as it is now (D-33).
    public func isAbove(_ upper: PersonID, _ lower: PersonID) -> Bool {
        guard upper != lower else { return false }
        var pending = [lower]
        var seen: Set<PersonID> = [lower]
        while let person = pending.popLast() {
            for above in directlyAbove(person) where seen.insert(above).inserted {
                if above == upper { return true }
                pending.append(above)
            }
        }
        return false
    }

    /// Everybody who stands above a person by both trees as they are now (D-33).
    func peopleAbove(_ lower: PersonID) -> Set<PersonID> {
        var pending = [lower]
        var seen: Set<PersonID> = [lower]
        while let person = pending.popLast() {
            for above in directlyAbove(person) where seen.insert(above).inserted {
                pending.append(above)
            }
        }
        seen.remove(lower)
        return seen
    }

    private func directlyAbove(_ person: PersonID) -> [PersonID] {
        let row = persons[person]
        var above: [PersonID] = []
        if let superior = row.superior { above.append(superior) }
        for unit in path(from: row.unit) {
            if let head = units[unit].head, head != person { above.append(head) }
        }
        return above
    }

    /// Everybody below a person by both trees as they are now, ascending by id (D-33).
    public func peopleBelow(_ person: PersonID) -> [PersonID] {
        var seen: Set<PersonID> = [person]
        var pending = [person]
        while let upper = pending.popLast() {
            for report in persons[upper].reports where seen.insert(report).inserted {
                pending.append(report)
            }
            for unit in persons[upper].headOf {
                for inside in subtree(of: unit) {
                    for member in units[inside].members where seen.insert(member).inserted {
                        pending.append(member)
                    }
                }
            }
        }
        seen.remove(person)
        return seen.sorted()
    }

    /// Refuses a change of the organisation after which somebody would be his own superior (D-29).
    func requireNoCircle(after events: [Event], _ context: Context) throws(Rejection) {
        guard events.contains(where: \.changesSuperiors) else { return }
        var after = self
        // Who stands above whom hangs on no deal: moving them as well would copy many for nothing.
        for person in events.flatMap(movedPeople(by:)) {
            after.persons[person].opportunities = OrderedIDs()
        }
        for event in events {
            after.evolve(Recorded(sequence: 0, at: context.now, actor: context.actor, event: event))
        }
        let changed = events.flatMap { after.joints(of: $0) }
        guard let person = changed.compactMap({ after.circle(through: $0)?.min() }).min() else {
            return
        }
        throw .cycle(what: "\(person) would be their own superior", name: person.description)
    }

    private func movedPeople(by event: Event) -> [PersonID] {
        switch event {
        case .unit(let id, .merged): Array(units[id].members)
        case .person(let id, .unitChanged): [id]
        default: []
        }
    }

    /// The people through one of whom a circle closed by the event must go: whose superior it changed, or,
    /// where it changed those of many, who they became. A superior found by the tree is the head of a unit
    /// on the way up.
    private func joints(of event: Event) -> [PersonID] {
        switch event {
        case .unit(let id, _): path(from: id).compactMap { units[$0].head }
        case .person(let id, _): [id]
        default: []
        }
    }

    /// Everybody in the circle of superiors that the person is in, if there is one.
    private func circle(through person: PersonID) -> Set<PersonID>? {
        var seen: Set<PersonID> = [person]
        var current = person
        while let next = nominalSuperior(of: current) {
            if next == person { return seen }
            guard seen.insert(next).inserted else { return nil }
            current = next
        }
        return nil
    }
}

extension Event {
    fileprivate var changesSuperiors: Bool {
        switch self {
        case .unit(_, .moved), .unit(_, .headChanged), .unit(_, .merged): true
        case .person(_, .unitChanged), .person(_, .superiorChanged): true
        default: false
        }
    }
}
