/// What open deals bring a day: number × average amount × win rate ÷ cycle.
public struct VelocityReport: Sendable {
    public struct Figures: Sendable {
        public let open: Int
        /// Of the open deals that have an amount; minor units of the company's currency.
        public let averageAmount: Int128?
        /// Won and lost in the period; the rate is won ÷ both.
        public let won: Int
        public let lost: Int
        /// Of the deals won in the period, milliseconds.
        public let cycle: Int64?
        /// Minor units a day; `nil` where one of the four is unknown.
        public let velocity: Int128?

        public var winRate: Fraction? {
            won + lost > 0 ? Fraction(numerator: won, denominator: won + lost) : nil
        }
    }

    public let currency: Currency
    public let total: Figures
    public let rows: [(key: GroupKey, figures: Figures)]
    public let unconverted: [CurrencySum]
    public let isComplete: Bool
}

extension ReportBasis {
    /// The period is that of closing, for win rate and cycle; the open deals are all of now.
    public func velocity(
        _ scope: Scope, by grouping: Grouping? = nil
    ) throws(Rejection) -> VelocityReport {
        let resolved = try resolve(scope)
        let covered = deals(of: resolved, scope, by: .stageEntry)
        let period = scope.period.map(instants)
        var money = MoneySum()
        let total = velocity(covered.ids, period, &money)
        let parts: [DealGroup] =
            if let grouping { groups(covered.ids, by: grouping, .closing) } else { [] }
        return VelocityReport(
            currency: currency, total: total,
            rows: parts.map { part in
                var ignored = MoneySum()
                return (part.key, velocity(part.deals, period, &ignored))
            }, unconverted: money.unconverted, isComplete: covered.isComplete)
    }

    func velocity(
        _ deals: [OpportunityID], _ period: Range<Instant>?, _ money: inout MoneySum
    ) -> VelocityReport.Figures {
        var open: [OpportunityID] = []
        var closed: [OpportunityID] = []
        for id in pausing(deals) {
            past.opportunities.lend(id) { deal in
                if deal.row.outcome == .open {
                    open.append(id)
                } else if let closedAt = deal.row.closedAt, period?.contains(closedAt) ?? true {
                    closed.append(id)
                }
            }
        }
        let amounts = self.money(of: open)
        money.miss(amounts)
        let valued = valued(open)
        let won = pausing(closed).count { outcome(of: $0) == .won }
        let lost = pausing(closed).count { outcome(of: $0) == .lost }
        let cycle = cycle(of: closed)
        var velocity: Int128?
        if valued > 0, won + lost > 0, cycle.count > 0, cycle.milliseconds > 0 {
            let sum = amounts.exact.quotient
            velocity = Decimal.quotient(
                [
                    Int128(open.count), sum.numerator, Int128(won), Int128(cycle.count),
                    Int128(Instant.dayMilliseconds),
                ],
                by: [sum.denominator, Int128(valued), Int128(won + lost), cycle.milliseconds])
        }
        return VelocityReport.Figures(
            open: open.count, averageAmount: amounts.exact.average(of: valued), won: won,
            lost: lost,
            cycle: cycle.mean, velocity: velocity)
    }
}
