/// What open deals will bring: Σ amount × stage win rate, and how that is spread.
public struct Forecast: Sendable {
    public let currency: Currency
    public let figures: Figures
    /// What was won in the period already; `nil` without a period.
    public let won: Int128?
    /// For the period and the scope; `nil` where there is none that the viewer may see.
    public let target: Int128?
    /// P(won + what the deals bring ≥ target).
    public let chance: Double?
    public let unconverted: [CurrencySum]
    /// With a period: open deals past their close date, which are in no coming period.
    public let overdueAmount: Int128?
    public let rows: [(key: GroupKey, figures: Figures)]
    public let isComplete: Bool

    /// Target − won − forecast; below 0 where more is to be expected.
    public var gap: Int128? { target.map { $0 - (won ?? 0) - figures.amount } }

    /// In the company's currency, minor units, rounded once, half up.
    public struct Figures: Sendable {
        public let amount: Int128
        public let deals: Int
        /// Σ win rate, in ten-thousandths of a deal.
        public let expectedWins: Int
        public let sigma: Int128
        /// Smallest x with P(X ≤ x) ≥ 10, 50 and 90 %.
        public let p10: Int128
        public let p50: Int128
        public let p90: Int128
        /// `exact`, `grid` or `normal`.
        public let method: String
        /// With `grid`: its step.
        public let step: Int128?
    }
}

/// Open deals being summed up for a forecast. Each deal's amount is rounded to minor units for the
/// distribution alone.
private struct ForecastSum {
    var weighted = ExactSum()
    var deals = 0
    var wins = 0
    var bets: [Distribution.Bet: Int] = [:]

    var distribution: Distribution { Distribution(bets) }

    func figures(_ spread: Distribution) -> Forecast.Figures {
        Forecast.Figures(
            amount: weighted.rounded, deals: deals, expectedWins: wins,
            sigma: Int128(spread.sigma.rounded()), p10: spread.quantile(.p10),
            p50: spread.quantile(.p50), p90: spread.quantile(.p90),
            method: spread.method.rawValue, step: spread.method == .grid ? spread.step : nil)
    }
}

extension ReportBasis {
    /// with a period, the open deals expected to close in it; without, all open deals.
    public func forecast(
        _ scope: Scope, by grouping: Grouping? = nil
    ) throws(Rejection) -> Forecast {
        let resolved = try resolve(scope)
        let covered = deals(of: resolved, scope, by: .expectedClose)
        var money = MoneySum()
        let sum = forecastSum(of: covered.ids, &money)
        var overdueAmount: Int128?
        var won: Int128?
        if scope.period != nil {
            overdueAmount = overdue(scope, resolved, &money).rounded
            won = self.won(scope, resolved, &money).rounded
        }
        let spread = sum.distribution
        let target = try target(of: scope, over: scope.period)
        let open = covered.ids.filter { past.opportunities[$0].outcome == .open }
        let parts: [DealGroup] =
            if let grouping { groups(open, by: grouping, .expectedClose) } else { [] }
        return Forecast(
            currency: currency, figures: sum.figures(spread), won: won, target: target,
            chance: target.map { spread.chance(atLeast: $0 - (won ?? 0)) },
            unconverted: money.unconverted, overdueAmount: overdueAmount,
            rows: parts.map { part in
                var ignored = MoneySum()
                let sum = forecastSum(of: part.deals, &ignored)
                return (part.key, sum.figures(sum.distribution))
            }, isComplete: covered.isComplete)
    }

    private func forecastSum(of deals: [OpportunityID], _ money: inout MoneySum) -> ForecastSum {
        var sum = ForecastSum()
        var conversions = Conversions(past, today)
        for id in deals {
            past.opportunities.borrow(id) { deal in
                guard deal.outcome == .open else { return }
                let rate = deal.version.definition.stages[deal.stage].winRate.basisPoints
                sum.deals += 1
                sum.wins += Int(rate)
                guard let amount = deal.amount else { return }
                guard let conversion = conversions[amount.currency] else {
                    money.miss(amount)
                    return
                }
                sum.weighted.add(Int128(amount.minorUnits), conversion, basisPoints: rate)
                var own = ExactSum()
                own.add(Int128(amount.minorUnits), conversion)
                sum.bets[.init(minorUnits: own.rounded, basisPoints: rate), default: 0] += 1
            }
        }
        return sum
    }

    /// All open deals past their close date, and what of them cannot be converted, unless the period
    /// counted it anyway.
    private func overdue(
        _ scope: Scope, _ resolved: ResolvedScope, _ money: inout MoneySum
    ) -> ExactSum {
        var sum = ExactSum()
        var conversions = Conversions(past, today)
        for id in deals(of: resolved, scope, by: .stageEntry).ids {
            past.opportunities.borrow(id) { deal in
                guard deal.outcome == .open, let close = deal.close, close < today,
                    let amount = deal.amount
                else { return }
                if let conversion = conversions[amount.currency] {
                    sum.add(Int128(amount.minorUnits), conversion)
                } else if scope.period?.contains(close) != true {
                    money.miss(amount)
                }
            }
        }
        return sum
    }

    /// What was won in the period, at the rates frozen when it was (D-36).
    func won(_ scope: Scope, _ resolved: ResolvedScope, _ money: inout MoneySum) -> ExactSum {
        var sum = MoneySum()
        for id in deals(of: resolved, scope, by: .closing).ids
        where past.opportunities[id].outcome == .won {
            add(past.opportunities[id], to: &sum)
        }
        money.miss(sum)
        return sum.exact
    }
}
