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

    /// Whether both are in the same sums.
    func isBeside(_ other: Contribution) -> Bool {
        unit == other.unit && version === other.version
    }

    static func == (left: Contribution, right: Contribution) -> Bool {
        left.unit == right.unit && left.version === right.version && left.stage == right.stage
            && left.amount == right.amount && left.close == right.close
            && left.stages == right.stages
    }
}

/// What is added to the sums of units, or taken from them, where a contribution comes, goes or changes.
struct SumStep {
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

    /// What goes, with that sign, and what comes where one contribution takes the place of another; what
    /// both have in common is left out of sums that both are in.
    static func change(
        from before: Contribution, to after: Contribution, sign: Int
    ) -> (gone: SumStep, come: SumStep) {
        let isBeside = before.isBeside(after)
        return (
            SumStep(before, sign: sign, without: isBeside ? after : nil),
            SumStep(after, sign: 1, without: isBeside ? before : nil)
        )
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
