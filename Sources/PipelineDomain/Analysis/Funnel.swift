/// Stage by stage what is open in a unit's whole subtree.
public struct Funnel: Sendable {
    public struct Row: Sendable {
        public let key: String
        public let name: String
        public let count: Int
        /// In the company's currency, minor units.
        public let amount: Int128
        public let winRate: Rate
        /// Amount × win rate, rounded once, half up.
        public let weighted: Int128
        /// Entered the next stage of its version (or won) ÷ entered this one; `nil` where nobody entered
        ///
        public let conversion: Fraction?
        /// At or below 0.7 × the median of the other steps.
        public let isWeak: Bool
    }

    public let process: String
    /// The newest version among the deals.
    public let version: Int
    public let currency: Currency
    public let rows: [Row]
    public let open: Int
    public let amount: Int128
    public let weighted: Int128
    /// Amounts in other currencies, which are never added unconverted (D-36).
    public let unconverted: [CurrencySum]
    public let isComplete: Bool
}

/// An exact share; printed to one decimal in percent.
public struct Fraction: Hashable, Sendable {
    public let numerator: Int
    /// Above 0.
    public let denominator: Int

    /// In percent with one decimal, as in `77.8`; half up.
    public var percent: String {
        Decimal.text(Decimal.rounded(Int128(numerator) * 1000, by: Int128(denominator)), digits: 1)
    }

    /// By exact value, whatever the terms.
    func isLess(than other: Fraction) -> Bool {
        Int128(numerator) * Int128(other.denominator)
            < Int128(other.numerator) * Int128(denominator)
    }
}

/// Σ amount × stage win rate over open deals.
public struct Forecast: Sendable {
    public let currency: Currency
    /// In the company's currency, minor units, rounded once, half up.
    public let amount: Int128
    public let deals: Int
    /// Σ win rate, in ten-thousandths of a deal.
    public let expectedWins: Int
    public let unconverted: [CurrencySum]
    /// With a period: open deals past their close date, which are in no coming period.
    public let overdueAmount: Int128?
    public let isComplete: Bool
}

extension ReportBasis {
    public func funnel(_ scope: Scope) throws(Rejection) -> Funnel {
        try past.funnel(scope, for: viewer, today: today, asSeenIn: rights)
    }

    public func forecast(_ scope: Scope) throws(Rejection) -> Forecast {
        try past.forecast(scope, for: viewer, today: today, asSeenIn: rights)
    }
}

extension State {
    /// Over several processes it needs one named; versions are merged by stage key.
    /// Amounts are at the rates of `today`, each row and the total rounded once by itself (D-36).
    public func funnel(
        _ scope: Scope, for viewer: PersonID, today: Day, asSeenIn present: State? = nil
    ) throws(Rejection) -> Funnel {
        let resolved = try resolve(scope, for: viewer, asSeenIn: present)
        let sums = sums(of: resolved, scope).filter { $0.value.contains { !$0.isEmpty } }
        let keys = Set(sums.keys.map { versions[$0].key })
        guard keys.count <= 1 else { throw .severalProcesses(keys.sorted()) }
        guard let version = try funnelVersion(sums.keys.max(), resolved) else {
            return Funnel(
                process: "", version: 0, currency: company.currency, rows: [], open: 0, amount: 0,
                weighted: 0, unconverted: [], isComplete: resolved.isComplete)
        }
        return funnel(of: version, merging: sums, today, isComplete: resolved.isComplete)
    }

    /// The version whose stages the rows show: the newest with deals, else the named process's.
    private func funnelVersion(
        _ newest: ProcessVersionID?, _ resolved: ResolvedScope
    ) throws(Rejection) -> ProcessVersion? {
        if let newest { return versions[newest] }
        if let process = resolved.process, let current = processes[process].current {
            return versions[current]
        }
        return nil
    }

    private func funnel(
        of version: ProcessVersion, merging sums: [ProcessVersionID: [StageSum]], _ today: Day,
        isComplete: Bool
    ) -> Funnel {
        var stages = version.definition.stages
        for id in sums.keys.sorted() {
            for stage in versions[id].definition.stages
            where !stages.contains(where: { $0.key == stage.key }) {
                stages.append(stage)
            }
        }
        var merged = [StageSum](repeating: StageSum(), count: stages.count)
        // Weighted by the rate, and led on to the next stage, of each deal's own version.
        var weighted = [ExactSum](repeating: ExactSum(), count: stages.count)
        var onward = [Int](repeating: 0, count: stages.count)
        for id in sums.keys.sorted() {
            let own = sums[id, default: []]
            for (position, stage) in versions[id].definition.stages.enumerated() {
                guard own.indices.contains(position),
                    let index = stages.firstIndex(where: { $0.key == stage.key })
                else { continue }
                merged[index].add(own[position], sign: 1)
                weighted[index].add(amount(of: own[position], stage.winRate, today))
                onward[index] +=
                    position + 1 < own.count ? own[position + 1].entered : own[position].won
            }
        }
        let conversions = stages.indices.map { index in
            merged[index].entered > 0
                ? Fraction(numerator: onward[index], denominator: merged[index].entered) : nil
        }
        let weak = Self.weakSteps(conversions)
        let amounts = merged.map { amount(of: $0, nil, today) }
        let rows = stages.indices.map { index in
            Funnel.Row(
                key: stages[index].key, name: stages[index].name, count: merged[index].open,
                amount: amounts[index].rounded, winRate: stages[index].winRate,
                weighted: weighted[index].rounded,
                conversion: conversions[index], isWeak: weak[index])
        }
        return Funnel(
            process: version.key, version: version.number, currency: company.currency, rows: rows,
            open: merged.reduce(0) { $0 + $1.open },
            amount: Self.total(amounts).rounded, weighted: Self.total(weighted).rounded,
            unconverted: unconverted(merged, today), isComplete: isComplete)
    }

    /// A step at or below 0.7 × the median of the other steps, exactly. A step needs others
    /// beside it.
    static func weakSteps(_ values: [Fraction?]) -> [Bool] {
        values.enumerated().map { index, value in
            guard let value else { return false }
            let others = values.enumerated().compactMap { $0.offset == index ? nil : $0.element }
                .sorted { $0.isLess(than: $1) }
            guard others.count >= 2 else { return false }
            // The median is half the sum of the two in the middle, which may be one and the same.
            let (low, high) = (others[(others.count - 1) / 2], others[others.count / 2])
            let (below, above) = (Int128(low.denominator), Int128(high.denominator))
            let sum = Int128(low.numerator) * above + Int128(high.numerator) * below
            return Int128(value.numerator) * 20 * below * above <= 7 * sum
                * Int128(value.denominator)
        }
    }

    /// with a period, the open deals expected to close in it; without, all open deals.
    public func forecast(
        _ scope: Scope, for viewer: PersonID, today: Day, asSeenIn present: State? = nil
    ) throws(Rejection) -> Forecast {
        let resolved = try resolve(scope, for: viewer, asSeenIn: present)
        let sums = sums(of: resolved, scope)
        var weighted = ExactSum()
        var deals = 0
        var wins = 0
        var all: [StageSum] = []
        for id in sums.keys.sorted() {
            for (stage, sum) in zip(versions[id].definition.stages, sums[id, default: []]) {
                weighted.add(amount(of: sum, stage.winRate, today))
                deals += sum.open
                wins += sum.open * Int(stage.winRate.basisPoints)
                all.append(sum)
            }
        }
        var overdueAmount: Int128?
        if scope.period != nil {
            let overdue = overdue(scope, resolved, today)
            overdueAmount = amount(of: overdue.all, nil, today).rounded
            all.append(overdue.outside)
        }
        return Forecast(
            currency: company.currency, amount: weighted.rounded, deals: deals, expectedWins: wins,
            unconverted: unconverted(all, today), overdueAmount: overdueAmount,
            isComplete: resolved.isComplete)
    }

    /// The open deals past their close date, and those of them that are not in the period anyway: what
    /// cannot be converted is listed once.
    private func overdue(
        _ scope: Scope, _ resolved: ResolvedScope, _ today: Day
    ) -> (all: StageSum, outside: StageSum) {
        var anyTime = scope
        anyTime.period = nil
        var all = StageSum()
        var outside = StageSum()
        deals(of: resolved, anyTime) { deal in
            guard deal.outcome == .open, let close = deal.close, close < today else { return }
            all.add(deal.amount, sign: 1)
            if scope.period?.contains(close) != true { outside.add(deal.amount, sign: 1) }
        }
        return (all, outside)
    }

    /// What can be converted, exactly; times a win rate, where one is given.
    private func amount(of sum: StageSum, _ share: Rate?, _ today: Day) -> ExactSum {
        var total = ExactSum()
        for amount in sum.amounts {
            guard let conversion = conversion(of: amount.currency, on: today) else { continue }
            total.add(
                amount.minorUnits, conversion, basisPoints: share?.basisPoints ?? 10_000)
        }
        return total
    }

    private static func total(_ sums: [ExactSum]) -> ExactSum {
        sums.reduce(into: ExactSum()) { $0.add($1) }
    }

    /// Amounts whose currency has no rate yet, by currency (D-36).
    private func unconverted(_ sums: [StageSum], _ today: Day) -> [CurrencySum] {
        var total = StageSum()
        for sum in sums { total.add(sum, sign: 1) }
        return total.amounts.filter { conversion(of: $0.currency, on: today) == nil }
            .sorted { $0.currency < $1.currency }
    }
}
