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

    public let process: ReportProcess
    public let currency: Currency
    public let period: ClosedRange<Day>
    public let target: Int128?
    public let won: Int128
    /// Of the open deals that have an amount, minor units.
    public let averageAmount: Int128?
    public let rows: [Row]
    public let unconverted: [CurrencySum]
    public let isComplete: Bool
}

extension ReportBasis {
    /// Without a period: the quarter after the present one. The open deals are all of the scope's,
    /// whenever they are expected to close.
    public func holes(_ scope: Scope) throws(Rejection) -> HoleReport {
        var scope = scope
        let period = scope.period ?? CalendarPeriod.quarter(of: today).following.days
        scope.period = period
        let resolved = try resolve(scope)
        let covered = deals(of: resolved, scope, by: .stageEntry)
        let open = covered.ids.filter { past.opportunities[$0].outcome == .open }
        let axis = try StageAxis(of: open, resolved, past)
        var counts = [Int](repeating: 0, count: axis?.stages.count ?? 0)
        for id in open {
            let deal = past.opportunities[id]
            if let place = axis?.places(deal.version.id)[deal.stage] { counts[place] += 1 }
        }
        var money = money(of: open)
        let valued = valued(open)
        let won = won(scope, resolved, &money).rounded
        // A target knows products, regions and channels, but no process: one is needed for the stages.
        var measured = scope
        measured.process = nil
        let target = try target(of: measured, over: period)
        let sum = money.rounded
        let rows = zip(axis?.stages ?? [], counts).map { stage, count in
            var needed: Int128?
            if let target, sum > 0, stage.winRate.basisPoints > 0 {
                let (above, over) = max(0, target - won).multipliedReportingOverflow(
                    by: Int128(valued) * 10_000)
                let (below, under) = sum.multipliedReportingOverflow(
                    by: Int128(stage.winRate.basisPoints))
                if !over, !under { needed = Decimal.roundedUp(above, by: below) }
            }
            return HoleReport.Row(
                stage: stage.key, name: stage.name, count: count, winRate: stage.winRate,
                needed: needed)
        }
        return HoleReport(
            process: ReportProcess(axis), currency: currency, period: period, target: target,
            won: won, averageAmount: valued > 0 ? Decimal.rounded(sum, by: Int128(valued)) : nil,
            rows: rows, unconverted: money.unconverted, isComplete: covered.isComplete)
    }
}
