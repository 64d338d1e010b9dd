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
        /// Of those that entered this stage, how many entered the next one of their version too, or were
        /// won from the last; `nil` where nobody entered.
        public let conversion: Fraction?
        /// At or below 0.7 × the median of the other steps.
        public let isWeak: Bool
    }

    /// `nil` without a deal, unless one is named.
    public let process: String?
    /// The newest version among the deals.
    public let version: Int?
    public let currency: Currency
    public let rows: [Row]
    public let open: Int
    public let amount: Int128
    public let weighted: Int128
    /// Amounts in other currencies, which are never added unconverted (D-36).
    public let unconverted: [CurrencySum]
    public let isComplete: Bool
}

/// Open deals that have something in common.
public struct FunnelGroup: Sendable {
    public let key: GroupKey
    public let count: Int
    public let amount: Int128
    public let weighted: Int128
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

    /// In percent with two decimals, as in `20.00`; half up.
    public var twoDecimals: String {
        Decimal.text(
            Decimal.rounded(Int128(numerator) * 10_000, by: Int128(denominator)), digits: 2)
    }

    /// By exact value, whatever the terms.
    func isLess(than other: Fraction) -> Bool {
        Int128(numerator) * Int128(other.denominator)
            < Int128(other.numerator) * Int128(denominator)
    }
}

extension ReportBasis {
    /// Over several processes it needs one named; versions are merged by stage key.
    /// Amounts are at the rates of `today`, each row and the total rounded once by itself (D-36).
    ///
    /// A whole unit is answered from the kept sums, which hold the unit's closed deals, whoever owned
    /// them: they show in `conversion`.
    public func funnel(_ scope: Scope) throws(Rejection) -> Funnel {
        let resolved = try resolve(scope)
        if let sums = keptSums(scope, resolved) {
            return try funnel(of: sums, resolved, isComplete: true)
        }
        let deals = deals(of: resolved, scope, by: .expectedClose)
        return try funnel(of: sums(of: deals.ids), resolved, isComplete: deals.isComplete)
    }

    /// The same broken down: open deals by what they have in common.
    public func funnelRows(_ scope: Scope, by grouping: Grouping) throws(Rejection) -> [FunnelGroup]
    {
        let resolved = try resolve(scope)
        let deals = open(deals(of: resolved, scope, by: .expectedClose).ids)
        return groups(deals, by: grouping, .expectedClose).map { group in
            var sums = (amount: ExactSum(), weighted: ExactSum())
            for (version, stages) in self.sums(of: group.deals) {
                for (stage, sum) in zip(past.versions[version].definition.stages, stages) {
                    sums.amount.add(amount(of: sum, nil))
                    sums.weighted.add(amount(of: sum, stage.winRate))
                }
            }
            return FunnelGroup(
                key: group.key, count: group.deals.count, amount: sums.amount.rounded,
                weighted: sums.weighted.rounded)
        }
    }

    /// Stage sums by process version, made from single deals.
    func sums(of deals: [OpportunityID]) -> [ProcessVersionID: [StageSum]] {
        var sums: [[StageSum]] = []
        var places: [ProcessVersionID: Int] = [:]
        // Deals beside each other are mostly on the same version.
        var last: (version: ProcessVersionID, place: Int)?
        glance(at: deals) { deal in
            let version = deal.standing.version
            if last?.version != version {
                if places[version] == nil {
                    places[version] = sums.count
                    let stages = past.versions[version].definition.stages.count
                    sums.append([StageSum](repeating: StageSum(), count: stages))
                }
                last = (version, places[version, default: 0])
            }
            deal.add(to: &sums[last?.place ?? 0])
        }
        return places.mapValues { sums[$0] }
    }

    /// A whole unit's kept sums, where the viewer sees all of it: `nil` where deals are to be looked at.
    func keptSums(
        _ scope: Scope, _ resolved: ResolvedScope
    ) -> [ProcessVersionID: [StageSum]]? {
        guard scope.isWholeUnit, seesWhole(resolved.unit) else { return nil }
        let sums = past.units[resolved.unit].sums
        guard let process = resolved.process else { return sums }
        return sums.filter { past.versions[$0.key].process == process }
    }

    private func funnel(
        of sums: [ProcessVersionID: [StageSum]], _ resolved: ResolvedScope, isComplete: Bool
    ) throws(Rejection) -> Funnel {
        let sums = sums.filter { $0.value.contains { !$0.isEmpty } }
        let keys = Set(sums.keys.map { past.versions[$0].key })
        guard keys.count <= 1 else { throw .severalProcesses(keys.sorted()) }
        guard let version = funnelVersion(sums.keys.max(), resolved) else {
            return Funnel(
                process: nil, version: nil, currency: currency, rows: [], open: 0, amount: 0,
                weighted: 0, unconverted: [], isComplete: isComplete)
        }
        return funnel(of: version, merging: sums, isComplete: isComplete)
    }

    /// The version whose stages the rows show: the newest with deals, else the named process's.
    private func funnelVersion(
        _ newest: ProcessVersionID?, _ resolved: ResolvedScope
    ) -> ProcessVersion? {
        if let newest { return past.versions[newest] }
        if let process = resolved.process, let current = past.processes[process].current {
            return past.versions[current]
        }
        return nil
    }

    private func funnel(
        of version: ProcessVersion, merging sums: [ProcessVersionID: [StageSum]],
        isComplete: Bool
    ) -> Funnel {
        var stages = version.definition.stages
        for id in sums.keys.sorted() {
            for stage in past.versions[id].definition.stages
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
            for (position, stage) in past.versions[id].definition.stages.enumerated() {
                guard own.indices.contains(position),
                    let index = stages.firstIndex(where: { $0.key == stage.key })
                else { continue }
                merged[index].add(own[position], sign: 1)
                weighted[index].add(amount(of: own[position], stage.winRate))
                onward[index] +=
                    position + 1 < own.count ? own[position].onward : own[position].won
            }
        }
        let conversions = stages.indices.map { index in
            merged[index].entered > 0
                ? Fraction(numerator: onward[index], denominator: merged[index].entered) : nil
        }
        // A step that everybody who came to it still stands before says nothing yet.
        let weak = Funnel.weakSteps(
            stages.indices.map { merged[$0].open < merged[$0].entered ? conversions[$0] : nil })
        let amounts = merged.map { amount(of: $0, nil) }
        let rows = stages.indices.map { index in
            Funnel.Row(
                key: stages[index].key, name: stages[index].name, count: merged[index].open,
                amount: amounts[index].rounded, winRate: stages[index].winRate,
                weighted: weighted[index].rounded,
                conversion: conversions[index], isWeak: weak[index])
        }
        return Funnel(
            process: version.key, version: version.number, currency: currency, rows: rows,
            open: merged.reduce(0) { $0 + $1.open },
            amount: Self.total(amounts).rounded, weighted: Self.total(weighted).rounded,
            unconverted: unconverted(merged), isComplete: isComplete)
    }

    /// What can be converted, exactly; times a win rate, where one is given.
    private func amount(of sum: StageSum, _ share: Rate?) -> ExactSum {
        var total = ExactSum()
        for amount in sum.amounts {
            guard let conversion = past.conversion(of: amount.currency, on: today) else { continue }
            total.add(
                amount.minorUnits, conversion, basisPoints: share?.basisPoints ?? 10_000)
        }
        return total
    }

    private static func total(_ sums: [ExactSum]) -> ExactSum {
        sums.reduce(into: ExactSum()) { $0.add($1) }
    }

    /// Amounts whose currency has no rate yet, by currency (D-36).
    private func unconverted(_ sums: [StageSum]) -> [CurrencySum] {
        var total = StageSum()
        for sum in sums { total.add(sum, sign: 1) }
        return total.amounts.filter { past.conversion(of: $0.currency, on: today) == nil }
            .sorted { $0.currency < $1.currency }
    }
}

extension Funnel {
    /// A step at or below 0.7 × the median of the other steps, exactly. A step needs others
    /// beside it.
    static func weakSteps(_ values: [Fraction?]) -> [Bool] {
        values.enumerated().map { index, value in
            guard let value else { return false }
            let others = values.enumerated().compactMap { $0.offset == index ? nil : $0.element }
                .sorted { $0.isLess(than: $1) }
            guard !others.isEmpty else { return false }
            // The median is half the sum of the two in the middle, which may be one and the same.
            let (low, high) = (others[(others.count - 1) / 2], others[others.count / 2])
            let (below, above) = (Int128(low.denominator), Int128(high.denominator))
            let sum = Int128(low.numerator) * above + Int128(high.numerator) * below
            return Int128(value.numerator) * 20 * below * above <= 7 * sum
                * Int128(value.denominator)
        }
    }
}
