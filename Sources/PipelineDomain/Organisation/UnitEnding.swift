/// Into which unit another one went (D-29).
public struct Merger: Hashable, Sendable {
    public let into: UnitID
    /// Processes that named the unit and do not follow, ascending: a conflict settled.
    public let dropping: [ProcessID]

    public init(into: UnitID, dropping: [ProcessID]) {
        self.into = into
        self.dropping = dropping
    }
}

extension State {
    mutating func retire(_ id: UnitID) {
        units[id].isActive = false
        if let head = units[id].head { persons[head].headOf.remove(id) }
        units[id].head = nil
    }

    /// The unit stays in the tree, below the one it went into: the closed deals that stay with it are
    /// counted there from then on, and nowhere twice.
    mutating func merge(_ id: UnitID, _ merger: Merger) {
        retire(id)
        units[id].merger = merger
        hang(id, below: merger.into)
        for child in units[id].children { hang(child, below: merger.into) }
        for person in units[id].members {
            units[merger.into].members.insert(person)
            persons[person].unit = merger.into
            moveOpenDeals(of: person, to: merger.into)
        }
        units[id].members = OrderedIDs()
    }

    /// Moves a unit with its whole subtree and keeps the sums of all units above in step (E-5).
    mutating func hang(_ id: UnitID, below parent: UnitID) {
        guard let old = units[id].parent, old != parent else { return }
        let subtree = units[id]
        addSums(of: subtree, to: old, sign: -1)
        units[old].children.remove(id)
        units[id].parent = parent
        units[parent].children.insert(id)
        addSums(of: subtree, to: parent, sign: 1)
    }

    /// The unit that stands for another one where a process names it: the one that it went into, the
    /// one that that went into and so on; `nil` where the process was dropped on the way.
    public func successor(of unit: UnitID, for process: ProcessID) -> UnitID? {
        var current = unit
        while let merger = units[find: current]?.merger {
            if merger.dropping.contains(process) { return nil }
            current = merger.into
        }
        return current
    }

    /// The units that a process applies to, as the tree is now.
    func units(of version: ProcessVersion) -> [UnitID] {
        version.definition.appliesTo.units.compactMap { successor(of: $0, for: version.process) }
    }
}

extension Unit {
    /// Nobody and nothing new comes into a unit that is not active (D-29).
    func requireActive() throws(Rejection) {
        guard isActive else { throw .inactiveUnit(id, mergedInto: merger?.into) }
    }
}

// MARK: - Intents

/// `UNIT.DEACTIVATE`: admin; refused while people or active units are there, naming them (D-29).
public struct DeactivateUnit: Intent {
    let unit: UnitID

    public init(unit: UnitID) { self.unit = unit }

    public func decide(_ state: State, _ context: Context) throws(Rejection) -> Decision {
        let unit = try state.unit(unit)
        try state.requireAdmin(context, "deactivate units")
        try context.check(unit.revision, of: unit.id.description)
        try unit.requireActive()
        let children = unit.children.filter { state.units[$0].isActive }
        guard unit.members.isEmpty, children.isEmpty else {
            throw .unitInUse(unit.id, people: Array(unit.members), units: children)
        }
        guard unit.parent != nil else {
            throw .invalid("unit", "\(unit.id) is the root of the tree and stays it")
        }
        return Decision(.unit(unit.id), [.unit(unit.id, .deactivated)])
    }
}

/// `UNIT.MERGE`: admin. People, units and the processes that apply to the one go to the other, in one
/// event; its closed deals stay with it and are counted below the other (D-29).
public struct MergeUnit: Intent {
    let unit: UnitID
    let into: UnitID
    let dropping: [ProcessReference]

    public init(unit: UnitID, into: UnitID, dropping: [ProcessReference]) {
        self.unit = unit
        self.into = into
        self.dropping = dropping
    }

    public func decide(_ state: State, _ context: Context) throws(Rejection) -> Decision {
        let unit = try state.unit(unit)
        let target = try state.unit(into)
        var dropping: [ProcessID] = []
        for reference in self.dropping { dropping.append(try state.process(reference).id) }
        try state.requireAdmin(context, "merge units")
        try context.check(unit.revision, of: unit.id.description)
        try unit.requireActive()
        try target.requireActive()
        guard !state.isUnit(target.id, within: unit.id) else {
            throw .cycle(
                what: "unit \(unit.id) would go into itself or below", name: target.id.description)
        }
        let merger = Merger(into: target.id, dropping: Set(dropping).sorted())
        let events = [Event.unit(unit.id, .merged(merger))]
        try state.requireNoCircle(after: events, context)
        try state.requireNoConflict(unit.id, merger, after: events, context)
        try state.requireDepth(of: unit, below: target.id)
        let foreign = dropping.filter { !state.names($0, unit.id) }
        guard foreign.isEmpty else {
            throw .invalid(
                foreign.map {
                    .init("DROP", "'\(state.processes[$0].key)' does not name \(unit.id)")
                })
        }
        return Decision(
            .unit(unit.id), events,
            answer: [
                Answer.Field("into", .text(target.id.description)),
                Answer.Field("people", .integer(Int64(unit.members.count))),
                Answer.Field("units", .integer(Int64(unit.children.count))),
            ], rowsLookedAt: unit.members.reduce(0) { $0 + state.rowsToMove($1) })
    }
}

extension State {
    fileprivate func names(_ process: ProcessID, _ unit: UnitID) -> Bool {
        processes[process].current.map { units(of: versions[$0]).contains(unit) } ?? false
    }

    /// The units that go along may not end up too deep.
    fileprivate func requireDepth(of unit: Unit, below target: UnitID) throws(Rejection) {
        let above = path(from: target).reduce(0) { depth, _ in depth + 1 }
        var levels = 0
        var level = [unit.id]
        while !level.isEmpty {
            levels += 1
            level = level.flatMap { Array(units[$0].children) }
        }
        // The unit itself hangs below the target as well, without anybody in it.
        guard above + max(1, levels - 1) <= Bounds.unitDepth else {
            throw .invalid("INTO", "the tree is at most \(Bounds.unitDepth) levels deep")
        }
    }

    /// Two processes that fit equally well after the merge, and did not before, have to be settled in
    /// the same command (D-29).
    fileprivate func requireNoConflict(
        _ unit: UnitID, _ merger: Merger, after events: [Event], _ context: Context
    ) throws(Rejection) {
        var after = self
        for event in events {
            after.evolve(Recorded(sequence: 0, at: context.now, actor: context.actor, event: event))
        }
        let before = Set(rivals(at: merger.into))
        let pairs = after.rivals(at: merger.into).filter { !before.contains($0) }
        guard pairs.isEmpty else { throw .processConflict(merger.into, pairs: pairs) }
    }

    /// Pairs of processes that name the unit and that some deal there would fit equally well.
    private func rivals(at unit: UnitID) -> [[String]] {
        let here = processes.ids.compactMap { processes[$0].current.map { versions[$0] } }
            .filter { units(of: $0).contains(unit) }
        var pairs: [[String]] = []
        for (index, first) in here.enumerated() {
            for second in here[(index + 1)...]
            where first.definition.appliesTo.rivals(second.definition.appliesTo) {
                pairs.append([first.key, second.key].sorted())
            }
        }
        return pairs
    }
}

extension ProcessDefinition.Applicability {
    private var lists: [[String]] { [customerTypes, industries, products] }

    /// Whether one deal can match as many lists of both, unit and person aside (D-1).
    fileprivate func rivals(_ other: Self) -> Bool {
        guard lists.count(where: { !$0.isEmpty }) == other.lists.count(where: { !$0.isEmpty })
        else { return false }
        return zip(lists, other.lists).allSatisfy { mine, others in
            mine.isEmpty || others.isEmpty
                || !Set(mine.map(folded)).isDisjoint(with: others.map(folded))
        }
    }
}
