/// Stages that hold too few deals to feed the target of the next period.
public struct HoleReport: Sendable {
    public struct Row: Sendable {
        public let stage: String
        public let name: String
        /// Open deals in the stage.
        public let count: Int
        public let winRate: Rate
        /// ⌈(target − won) ÷ (average amount × win rate)⌉; `nil` where it cannot be told.
        public let needed: Int128?

        /// How many are missing; 0 where there are enough.
        public var missing: Int128? { needed.map { max(0, $0 - Int128(count)) } }
        public var isHole: Bool { (missing ?? 0) > 0 }
    }

    public struct Figures: Sendable {
        /// In the company's currency, minor units, like the others.
        public let target: Int128?
        /// Targets that there are, and whose currency has no rate.
        public let unconvertedTarget: [CurrencySum]
        public let won: Int128
        /// Of the open deals that have an amount.
        public let averageAmount: Int128?
        public let rows: [Row]
    }

    public let process: ReportProcess
    public let currency: Currency
    public let period: ClosedRange<Day>
    public let total: Figures
    public let groups: [(key: GroupKey, figures: Figures)]
    public let unconverted: [CurrencySum]
    public let isComplete: Bool

    /// What targets may be set for, and by what holes can therefore be told apart.
    public static let groupings: [Grouping] = [
        .unit, .owner, .process, .product, .region, .channel, .month, .quarter,
    ]
}

extension ReportBasis {
    /// Without a period: the quarter after the present one. The open deals are all of the scope's,
    /// whenever they are expected to close.
    ///
    /// A target knows no process, so all that was won counts towards it, whatever process the stages
    /// are those of.
    public func holes(
        _ scope: Scope, by grouping: Grouping? = nil
    ) throws(Rejection) -> HoleReport {
        var scope = scope
        let period = scope.period ?? CalendarPeriod.quarter(of: today).following.days
        scope.period = period
        let resolved = try resolve(scope)
        let covered = deals(of: resolved, scope, by: .stageEntry)
        let open = pausing(covered.ids).filter { outcome(of: $0) == .open }
        let axis =
            grouping == .process
                && Set(StageAxis.versions(of: pausing(open), past).map(\.key)).count > 1
            ? nil : try StageAxis(of: pausing(open), resolved, past)
        var money = MoneySum()
        let total = try holes(scope, open, axis, &money)
        var groups: [(key: GroupKey, figures: HoleReport.Figures)] = []
        if let grouping {
            for (key, part) in try parts(scope, resolved, grouping, open) {
                var ignored = MoneySum()
                guard let inside = try? resolve(part) else { continue }
                let own = pausing(deals(of: inside, part, by: .stageEntry).ids).filter {
                    outcome(of: $0) == .open
                }
                let ownAxis =
                    grouping == .process ? try StageAxis(of: pausing(own), inside, past) : axis
                groups.append((key, try holes(part, own, ownAxis, &ignored)))
            }
        }
        return HoleReport(
            process: ReportProcess(axis), currency: currency, period: period, total: total,
            groups: groups, unconverted: money.unconverted, isComplete: covered.isComplete)
    }

    private func holes(
        _ scope: Scope, _ open: [OpportunityID], _ axis: StageAxis?, _ money: inout MoneySum
    ) throws(Rejection) -> HoleReport.Figures {
        var counts = [Int](repeating: 0, count: axis?.stages.count ?? 0)
        for id in pausing(open) {
            past.opportunities.borrow(id) { deal in
                if let place = axis?.places(deal.version.id)[deal.stage] { counts[place] += 1 }
            }
        }
        let amounts = self.money(of: open)
        money.miss(amounts)
        let valued = valued(open)
        var measured = scope
        measured.process = nil
        let won = won(measured, try resolve(measured), &money)
        let target = try target(of: measured, over: scope.period)
        let rest = target.map { max(ExactSum(), ExactSum($0) - won).quotient }
        let sum = amounts.exact.quotient
        let rows = zip(axis?.stages ?? [], counts).map { stage, count in
            var needed: Int128?
            if let rest, sum.numerator > 0, stage.winRate.basisPoints > 0 {
                needed = Decimal.quotientUp(
                    [rest.numerator, sum.denominator, Int128(valued), 10_000],
                    by: [rest.denominator, sum.numerator, Int128(stage.winRate.basisPoints)])
            }
            return HoleReport.Row(
                stage: stage.key, name: stage.name, count: count, winRate: stage.winRate,
                needed: needed)
        }
        return HoleReport.Figures(
            target: target,
            unconvertedTarget: try unconvertedTarget(of: measured, over: scope.period),
            won: won.rounded, averageAmount: amounts.exact.average(of: valued), rows: rows)
    }
}
