/// What one deal adds to the sums of its unit and all units above.
struct Contribution: Equatable {
    let unit: UnitID
    let version: ProcessVersion
    /// Its stage while open.
    let stage: Int?
    let amount: Money?
    /// When it is expected to close, while open.
    let close: Day?
    let stages: StageBits

    init(_ deal: borrowing Opportunity) {
        let outcome = deal.outcome
        unit = deal.unit
        version = deal.version
        stage = outcome == .open ? deal.stage : nil
        amount = outcome == .open ? deal.amount : nil
        close = outcome == .open ? deal.close : nil
        stages = StageBits(
            entered: outcome == .invalid ? 0 : deal.enteredStages, won: outcome == .won)
    }

    static func == (left: Contribution, right: Contribution) -> Bool {
        left.unit == right.unit && left.version === right.version && left.stage == right.stage
            && left.amount == right.amount && left.close == right.close
            && left.stages == right.stages
    }
}

/// What is added to the sums of units, or taken from them, where a contribution comes, goes or changes.
private struct SumStep {
    let sign: Int
    /// Where a deal is open, and its amount with its powers, which are the same for every unit.
    private var open: (stage: Int, sum: CurrencySum?)?
    private var close: (amount: Money, day: Day)?
    private var stages: StageBits

    /// - Parameter other: what is left is left out of the step.
    init(_ contribution: Contribution, sign: Int, without other: Contribution? = nil) {
        self.sign = sign
        let amount = contribution.amount
        let isSame = other.map { $0.amount == amount } ?? false
        if let stage = contribution.stage, !(isSame && other?.stage == stage) {
            open = (stage, amount.map { CurrencySum(of: $0) })
        }
        if let amount, let day = contribution.close, !(isSame && other?.close == day) {
            close = (amount, day)
        }
        stages = contribution.stages
        if let other { stages.subtract(other.stages) }
    }

    var isInStages: Bool { open != nil || stages.any != 0 }

    func add(to sums: inout [StageSum]) {
        if let open { sums[open.stage].add(open.sum, sign: sign) }
        sums.count(stages, sign: sign)
    }

    func add(to closes: inout CloseSums) {
        if let close { closes.add(close.amount, on: close.day, sign: sign) }
    }
}

extension State {
    private func contribution(of deal: OpportunityID) -> Contribution {
        opportunities.lend(deal) { Contribution($0.row) }
    }

    /// Changes a deal and keeps the sums of its units in step (E-5).
    mutating func change(_ id: OpportunityID, _ body: (inout Opportunity) -> Void) {
        guard !sumsAreDeferred else { return body(&opportunities[id]) }
        let before = contribution(of: id)
        body(&opportunities[id])
        changeSums(from: before, to: contribution(of: id))
    }

    /// A deal that came.
    mutating func addToSums(_ deal: OpportunityID) {
        guard !sumsAreDeferred else { return }
        let contribution = contribution(of: deal)
        add(SumStep(contribution, sign: 1), of: contribution)
    }

    /// Every unit is looked up once, and changed in what the deal changed in.
    private mutating func changeSums(from before: Contribution, to after: Contribution) {
        guard before != after else { return }
        if before.unit == after.unit, before.version === after.version {
            add(
                SumStep(before, sign: -1, without: after),
                SumStep(after, sign: 1, without: before), of: after)
        } else {
            add(SumStep(before, sign: -1), of: before)
            add(SumStep(after, sign: 1), of: after)
        }
    }

    private mutating func add(
        _ first: SumStep, _ second: SumStep? = nil, of contribution: Contribution
    ) {
        changeUpwards(from: contribution.unit) { unit in
            unit.add(first, second, of: contribution.version)
        }
    }

    /// Changes a unit and all above it. Walking a `path` instead would hold on to the table, and each
    /// change would copy a chunk of it.
    private mutating func changeUpwards(from unit: UnitID, _ body: (inout Unit) -> Void) {
        var next: UnitID? = unit
        while let unit = next {
            body(&units[unit])
            next = units[unit].parent
        }
    }

    /// Adds (or takes away) a whole subtree's sums to a unit and all above it (D-29).
    mutating func addSums(of subtree: Unit, to unit: UnitID, sign: Int) {
        guard !sumsAreDeferred else { return }
        changeUpwards(from: unit) { $0.addSums(of: subtree, sign: sign) }
    }

    // MARK: Replaying

    /// Sums are no longer kept on every event: while a long log is replayed nobody asks for them, and
    /// they are what takes longest.
    package mutating func deferSums() { sumsAreDeferred = true }

    /// Makes deferred sums anew from the deals, and keeps them from here on. The same that keeping them
    /// would have led to.
    package mutating func settleSums() {
        guard sumsAreDeferred else { return }
        sumsAreDeferred = false
        for id in units.ids {
            units[id].sums = [:]
            units[id].closes = CloseSums()
        }
        for id in opportunities.ids {
            let contribution = contribution(of: id)
            units[contribution.unit].add(
                SumStep(contribution, sign: 1), nil, of: contribution.version)
        }
        let deepestFirst = units.ids.map {
            (id: $0, depth: path(from: $0).reduce(0) { n, _ in n + 1 })
        }
        .sorted { $0.depth > $1.depth }
        for (id, _) in deepestFirst {
            guard let parent = units[id].parent else { continue }
            let unit = units[id]
            units[parent].addSums(of: unit, sign: 1)
        }
    }
}

// What sums nothing is left out, so that sums depend on the deals alone and not on how they came to be.
extension Unit {
    fileprivate mutating func add(
        _ first: SumStep, _ second: SumStep?, of version: ProcessVersion
    ) {
        if first.isInStages || second?.isInStages == true {
            changeSums(of: version.id, stages: version.definition.stages.count) { sums in
                first.add(to: &sums)
                second?.add(to: &sums)
            }
        }
        first.add(to: &closes)
        second?.add(to: &closes)
    }

    fileprivate mutating func addSums(of other: Unit, sign: Int) {
        closes.add(other.closes, sign: sign)
        for (version, stages) in other.sums {
            changeSums(of: version, stages: stages.count) { sums in
                for (index, stage) in stages.enumerated() { sums[index].add(stage, sign: sign) }
            }
        }
    }

    private mutating func changeSums(
        of version: ProcessVersionID, stages: Int, _ body: (inout [StageSum]) -> Void
    ) {
        guard let place = sums.index(forKey: version) else {
            var new = [StageSum](repeating: StageSum(), count: stages)
            body(&new)
            if !new.allSatisfy(\.isEmpty) { sums[version] = new }
            return
        }
        body(&sums.values[place])
        if sums.values[place].allSatisfy(\.isEmpty) { sums.remove(at: place) }
    }
}
