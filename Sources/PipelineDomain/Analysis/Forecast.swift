/// What open deals will bring: Σ amount × stage win rate, and how that is spread.
public struct Forecast: Sendable {
    public let currency: Currency
    public let figures: Figures
    /// What was won in the period already; `nil` without a period.
    public let won: Int128?
    /// For the period and the scope; `nil` where there is none that the viewer may see.
    public let target: Int128?
    /// Targets that there are, and whose currency has no rate.
    public let unconvertedTarget: [CurrencySum]
    /// P(won + what the deals bring ≥ target).
    public let chance: Double?
    public let unconverted: [CurrencySum]
    /// Open deals past their close date: in no coming period, and without a period part of the amount.
    public let overdueAmount: Int128
    public let rows: [(key: GroupKey, figures: Figures)]
    public let isComplete: Bool

    /// Target − won − forecast; below 0 where more is to be expected.
    public var gap: Int128? { target.map { $0 - (won ?? 0) - figures.amount } }

    /// In the company's currency, minor units, rounded once, half up.
    public struct Figures: Hashable, Sendable {
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

/// Open deals summed up for a forecast, from kept sums or from sums of single deals.
private struct ForecastSum {
    var weighted = ExactSum()
    var deals = 0
    var wins = 0
    var moments = Distribution.Moments()

    func figures(_ spread: Distribution) -> Forecast.Figures {
        Forecast.Figures(
            amount: weighted.rounded, deals: deals, expectedWins: wins,
            sigma: Int128(spread.sigma.rounded()), p10: spread.quantile(.p10),
            p50: spread.quantile(.p50), p90: spread.quantile(.p90),
            method: spread.method.rawValue, step: spread.method == .grid ? spread.step : nil)
    }
}

extension ReportBasis {
    /// with a period, the open deals expected to close in it; without, all open deals. A deal past
    /// its close date is in no period: it is told as overdue, and counted once.
    public func forecast(
        _ scope: Scope, by grouping: Grouping? = nil
    ) throws(Rejection) -> Forecast {
        let resolved = try resolve(scope)
        if grouping == nil, let sums = keptSums(scope, resolved) {
            return forecast(ofKept: sums, scope, resolved)
        }
        var (open, isComplete) = expected(scope, resolved)
        var money = MoneySum()
        let (figures, spread) = forecast(of: open, &money)
        var won: Int128?
        let overdueAmount: Int128
        if scope.period == nil {
            // They are among the open ones, and what has no rate was missed there.
            var ignored = MoneySum()
            overdueAmount = overdue(open, &ignored).rounded
        } else {
            let (late, closed) = (
                lateDeals(scope, resolved), deals(of: resolved, scope, by: .closing)
            )
            overdueAmount = overdue(late.ids, &money).rounded
            won = self.won(closed.ids, &money).rounded
            isComplete = isComplete && late.isComplete && closed.isComplete
        }
        let target = try target(of: scope, over: scope.period)
        let parts: [DealGroup] =
            if let grouping { groups(open, by: grouping, .expectedClose) } else { [] }
        return Forecast(
            currency: currency, figures: figures, won: won, target: target,
            unconvertedTarget: try unconvertedTarget(of: scope, over: scope.period),
            chance: target.map { spread.chance(atLeast: $0 - (won ?? 0)) },
            unconverted: money.unconverted, overdueAmount: overdueAmount,
            rows: parts.map { part in
                var ignored = MoneySum()
                return (part.key, forecast(of: part.deals, &ignored).figures)
            }, isComplete: isComplete)
    }

    /// The open deals that are expected to close in the period, or at any time: none of a period is past its
    /// date already.
    func expected(
        _ scope: Scope, _ resolved: ResolvedScope
    ) -> (deals: [OpportunityID], isComplete: Bool) {
        // Who sees everything misses no closed ones.
        let covered = deals(
            of: resolved, scope, by: .expectedClose,
            outcomes: resolved.coverage.isEverything ? [.open] : nil)
        let isOfPeriod = scope.period != nil
        let open = filter(covered.ids) { deal in
            deal.isOpen && !(isOfPeriod && deal.isOverdue(on: today))
        }
        return (open, covered.isComplete)
    }

    func open(_ deals: [OpportunityID]) -> [OpportunityID] { filter(deals) { $0.isOpen } }

    private func filter(
        _ deals: [OpportunityID], _ isWanted: (DealGlance) -> Bool
    ) -> [OpportunityID] {
        var wanted: [OpportunityID] = []
        var place = 0
        glance(at: deals) { deal in
            if isWanted(deal) { wanted.append(deals[place]) }
            place += 1
        }
        return wanted
    }

    /// Whether a forecast of whole units takes no look at single deals and computes no distribution deal
    /// by deal, and so takes no long time.
    public func isForecastFromSums(_ scope: Scope, beside other: UnitID?) -> Bool {
        guard isAnsweredFromSums(scope, beside: other) else { return false }
        return [scope.unit ?? State.rootUnit, other].compactMap(\.self).allSatisfy { unit in
            guard past.units.contains(unit) else { return true }
            var ignored = MoneySum()
            let sum = forecastSum(past.units[unit].sums, &ignored)
            return scope.process == nil && (sum.moments.isCurve || sum.deals == 0)
        }
    }

    /// Whether the whole company has so few open deals that any spread of them is computed in no time.
    public var hasFewBets: Bool {
        var ignored = MoneySum()
        return forecastSum(past.units[State.rootUnit].sums, &ignored).moments.isOfFew
    }

    /// A whole unit, whenever its deals are expected to close: of many deals no single one is looked at.
    private func forecast(
        ofKept sums: [ProcessVersionID: [StageSum]], _ scope: Scope, _ resolved: ResolvedScope
    ) -> Forecast {
        var money = MoneySum()
        let sum = forecastSum(sums, &money)
        let spread = spread(sum) {
            // An open deal is in its owner's unit (D-10).
            let owned = past.subtree(of: resolved.unit).flatMap { past.units[$0].members }
                .flatMap { past.persons[$0].opportunities }
            return admitted(
                owned, DealFilter(self, resolved, scope, .expectedClose, [.open]))
        }
        return Forecast(
            currency: currency, figures: sum.figures(spread), won: nil, target: nil,
            unconvertedTarget: [], chance: nil,
            unconverted: money.unconverted,
            overdueAmount: keptOverdue(scope, resolved).rounded,
            rows: [], isComplete: true)
    }

    /// Of a whole unit by sums kept for each day; of one process of it, deal by deal.
    private func keptOverdue(_ scope: Scope, _ resolved: ResolvedScope) -> ExactSum {
        var ignored = MoneySum()
        guard resolved.process == nil else {
            return overdue(lateDeals(scope, resolved).ids, &ignored)
        }
        var late: [(currency: Currency, minorUnits: Int128)] = []
        for row in past.units[resolved.unit].closes.before(today) {
            if let place = late.firstIndex(where: { $0.currency == row.currency }) {
                late[place].minorUnits += row.minorUnits
            } else {
                late.append((row.currency, row.minorUnits))
            }
        }
        var sum = ExactSum()
        for (currency, minorUnits) in late {
            guard let conversion = past.conversion(of: currency, on: today) else { continue }
            sum.add(minorUnits, conversion)
        }
        return sum
    }

    private func forecast(
        of open: [OpportunityID], _ money: inout MoneySum
    ) -> (figures: Forecast.Figures, spread: Distribution) {
        let sum = forecastSum(sums(of: open), &money)
        let spread = spread(sum) { open }
        return (sum.figures(spread), spread)
    }

    private func spread(_ sum: ForecastSum, of deals: () -> [OpportunityID]) -> Distribution {
        if sum.moments.isCurve { return Distribution(sum.moments) }
        if sum.moments.isOfMany, let even = sum.moments.evenBets { return Distribution(even) }
        return Distribution(bets(deals()))
    }

    private func forecastSum(
        _ sums: [ProcessVersionID: [StageSum]], _ money: inout MoneySum
    ) -> ForecastSum {
        var total = ForecastSum()
        var conversions = Conversions(past, today)
        // In order, so that the same deals give the same floating-point numbers.
        for version in sums.keys.sorted() {
            let stages = past.versions[version].definition.stages
            for (stage, sum) in zip(stages, sums[version, default: []]) {
                let rate = stage.winRate.basisPoints
                total.deals += sum.open
                total.wins += sum.open * Int(rate)
                for amount in sum.amounts.sorted(by: { $0.currency < $1.currency }) {
                    guard let conversion = conversions[amount.currency] else {
                        money.miss(amount)
                        continue
                    }
                    total.weighted.add(amount.minorUnits, conversion, basisPoints: rate)
                    total.moments.add(amount, conversion, basisPoints: rate)
                }
            }
        }
        return total
    }

    private func bets(_ open: [OpportunityID]) -> [Distribution.Bet] {
        var bets: [Distribution.Bet] = []
        bets.reserveCapacity(open.count)
        var conversions = Conversions(past, today)
        glance(at: open) { deal in
            guard let amount = deal.amount, let conversion = conversions[amount.currency]
            else { return }
            let version = past.versions[deal.standing.version]
            let rate = version.definition.stages[Int(deal.standing.stage)].winRate.basisPoints
            bets.append(
                Distribution.Bet(Int128(amount.minorUnits), conversion, basisPoints: rate))
        }
        return bets
    }

    /// The open deals of a scope past their close date, whatever period it has.
    func lateDeals(_ scope: Scope, _ resolved: ResolvedScope) -> CoveredDeals {
        var late = scope
        late.period = Day(number: .min + 1)...today.advanced(by: -1)
        return deals(of: resolved, late, by: .expectedClose, outcomes: [.open])
    }

    /// Those among the deals that are open past their close date, and what of them cannot be converted.
    func overdue(_ deals: [OpportunityID], _ money: inout MoneySum) -> ExactSum {
        var sum = ExactSum()
        var conversions = Conversions(past, today)
        glance(at: deals) { deal in
            guard deal.isOverdue(on: today), let amount = deal.amount else { return }
            if let conversion = conversions[amount.currency] {
                sum.add(Int128(amount.minorUnits), conversion)
            } else {
                money.miss(amount)
            }
        }
        return sum
    }

    /// What was won in the period, at the rates frozen when it was (D-36).
    func won(_ scope: Scope, _ resolved: ResolvedScope, _ money: inout MoneySum) -> ExactSum {
        won(deals(of: resolved, scope, by: .closing).ids, &money)
    }

    private func won(_ closed: [OpportunityID], _ money: inout MoneySum) -> ExactSum {
        var sum = MoneySum()
        for id in pausing(closed) where past.opportunities.borrow(id, { $0.outcome == .won }) {
            add(past.opportunities[id], to: &sum)
        }
        money.miss(sum)
        return sum.exact
    }
}
