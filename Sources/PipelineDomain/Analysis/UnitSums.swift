/// Sums over the deals of a unit's whole subtree. What sums nothing is left out, so that they depend on the
/// deals alone and not on how they came to be.
struct UnitSums: Hashable, Sendable {
    /// By process version and stage.
    private(set) var stages: [ProcessVersionID: [StageSum]] = [:]
    /// The open deals' amounts by the day they are expected to close on.
    private(set) var closes = CloseSums()

    init() {}

    init(_ stages: [ProcessVersionID: [StageSum]], _ closes: CloseSums) {
        self.stages = stages
        self.closes = closes
    }

    mutating func add(_ first: SumStep, _ second: SumStep? = nil, of version: ProcessVersion) {
        if first.isInStages || second?.isInStages == true {
            change(version.id, stages: version.definition.stages.count) { sums in
                first.add(to: &sums)
                second?.add(to: &sums)
            }
        }
        first.add(to: &closes)
        second?.add(to: &closes)
    }

    mutating func add(_ other: UnitSums, sign: Int) {
        closes.add(other.closes, sign: sign)
        for (version, sums) in other.stages {
            change(version, stages: sums.count) { own in
                for (index, sum) in sums.enumerated() { own[index].add(sum, sign: sign) }
            }
        }
    }

    private mutating func change(
        _ version: ProcessVersionID, stages count: Int, _ body: (inout [StageSum]) -> Void
    ) {
        guard let place = stages.index(forKey: version) else {
            var new = [StageSum](repeating: StageSum(), count: count)
            body(&new)
            if !new.allSatisfy(\.isEmpty) { stages[version] = new }
            return
        }
        body(&stages.values[place])
        if stages.values[place].allSatisfy(\.isEmpty) { stages.remove(at: place) }
    }
}

extension State {
    private func contribution(of deal: OpportunityID) -> Contribution {
        opportunities.lend(deal) { Contribution($0.row) }
    }

    /// Changes a deal and keeps the sums of its units in step (E-5).
    mutating func change(_ id: OpportunityID, _ body: (inout Opportunity) -> Void) {
        guard deferredSums == nil else {
            if deferredSums?.stillHold(id) == true {
                let counted = contribution(of: id)
                deferredSums?.counted[id] = counted
            }
            return body(&opportunities[id])
        }
        let before = contribution(of: id)
        body(&opportunities[id])
        changeSums(from: before, to: contribution(of: id))
    }

    /// A deal that came.
    mutating func addToSums(_ deal: OpportunityID) {
        guard deferredSums == nil else { return }
        let contribution = contribution(of: deal)
        add(SumStep(contribution, sign: 1), of: contribution)
    }

    /// Every unit is looked up once, and changed in what the deal changed in.
    private mutating func changeSums(from before: Contribution, to after: Contribution) {
        guard before != after else { return }
        let (gone, come) = SumStep.change(from: before, to: after, sign: -1)
        if before.isBeside(after) {
            add(gone, come, of: after)
        } else {
            add(gone, of: before)
            add(come, of: after)
        }
    }

    private mutating func add(
        _ first: SumStep, _ second: SumStep? = nil, of contribution: Contribution
    ) {
        changeUpwards(from: contribution.unit) { $0.add(first, second, of: contribution.version) }
    }

    /// Adds (or takes away) a whole subtree's sums to a unit and all above it (D-29).
    mutating func addSums(of subtree: Unit, to unit: UnitID, sign: Int) {
        changeUpwards(from: unit) { $0.add(subtree.kept, sign: sign) }
    }

    /// Changes the sums of a unit and all above it. Walking a `path` instead would hold on to the table, and
    /// each change would copy a chunk of it.
    private mutating func changeUpwards(from unit: UnitID, _ body: (inout UnitSums) -> Void) {
        var next: UnitID? = unit
        while let unit = next {
            body(&units[unit].kept)
            next = units[unit].parent
        }
    }

    // MARK: Replaying

    /// Until `settleSums` the sums tell of every deal what it counted for when this was called: while a
    /// log is replayed nobody asks for them, and they are what takes longest. They go along with their
    /// units where the tree changes.
    package mutating func deferSums() {
        guard deferredSums == nil else { return }
        deferredSums = DeferredSums(firstNew: opportunities.nextID)
    }

    /// Brings deferred sums up to date, with every deal once however often it changed, and keeps them on
    /// every event from here on. The same that keeping them would have led to.
    package mutating func settleSums(_ pause: @escaping Pause = {}) {
        guard let deferred = deferredSums else { return }
        deferredSums = nil
        var changes = UnitChanges(count: units.count)
        for (deal, before) in Pausing(deferred.counted, pause) {
            changes.add(from: before, to: contribution(of: deal))
        }
        for number in Pausing(deferred.firstNew.number..<opportunities.nextID.number, pause) {
            changes.add(contribution(of: OpportunityID(number)))
        }
        let deepestFirst = units.ids.map {
            (id: $0, depth: path(from: $0).reduce(0) { n, _ in n + 1 })
        }
        .sorted { $0.depth > $1.depth }
        for (id, _) in deepestFirst where changes.concern(id) { changes.pass(id, &units[id]) }
    }

    /// Makes all sums anew from the deals.
    package mutating func remakeSums() {
        for id in units.ids { units[id].kept = UnitSums() }
        deferredSums = DeferredSums(firstNew: OpportunityID(1))
        settleSums()
    }
}

/// What the sums of units still tell while they are deferred.
struct DeferredSums: Sendable {
    /// Deals from this one on are in no sum yet.
    let firstNew: OpportunityID
    /// What deals before it that have changed are counted for.
    fileprivate(set) var counted: [OpportunityID: Contribution] = [:]

    init(firstNew: OpportunityID) { self.firstNew = firstNew }

    /// Whether the sums tell of a deal what it is, as it has not changed yet.
    func stillHold(_ deal: OpportunityID) -> Bool { deal < firstNew && counted[deal] == nil }
}

/// What came to the sums of units and went from them, each for itself, since what sums nothing is left out.
private struct UnitChanges {
    private var come: [UnitSums]
    private var gone: [UnitSums]

    init(count: Int) {
        come = [UnitSums](repeating: UnitSums(), count: count)
        gone = come
    }

    mutating func add(_ contribution: Contribution) {
        come[Self.place(of: contribution.unit)].add(
            SumStep(contribution, sign: 1), of: contribution.version)
    }

    mutating func add(from before: Contribution, to after: Contribution) {
        guard before != after else { return }
        let change = SumStep.change(from: before, to: after, sign: 1)
        gone[Self.place(of: before.unit)].add(change.gone, of: before.version)
        come[Self.place(of: after.unit)].add(change.come, of: after.version)
    }

    /// Whether anything came or went, as far as the units below have handed it on.
    func concern(_ id: UnitID) -> Bool {
        let place = Self.place(of: id)
        return come[place] != UnitSums() || gone[place] != UnitSums()
    }

    /// Changes a unit, all below which were before it, and hands the same on to the one above.
    mutating func pass(_ id: UnitID, _ unit: inout Unit) {
        let place = Self.place(of: id)
        unit.kept.add(come[place], sign: 1)
        unit.kept.add(gone[place], sign: -1)
        guard let parent = unit.parent else { return }
        let above = Self.place(of: parent)
        come[above].add(come[place], sign: 1)
        gone[above].add(gone[place], sign: 1)
    }

    private static func place(of unit: UnitID) -> Int { Int(unit.number) - 1 }
}
