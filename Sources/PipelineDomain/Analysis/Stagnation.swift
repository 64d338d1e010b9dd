/// Open deals that stand still, or that nobody with power backs (A-9, D-40).
public struct StagnationReport: Sendable {
    public struct Row: Sendable {
        public let opportunity: OpportunityID
        public let title: String
        public let owner: PersonID
        public let unit: UnitID
        public let process: String
        public let stage: String
        public let phase: Stage.Phase?
        public let amount: Money?
        /// Whole days in the stage, cut.
        public let dwellDays: Int
        public let maxDwellDays: Int?
        /// Longer in the stage than it allows.
        public let isStagnant: Bool
        /// Mid or late, and without a decision-maker among its contacts (S1).
        public let hasNoPower: Bool
    }

    /// How many there are of each kind.
    public struct Count: Sendable {
        public internal(set) var stagnant = 0
        public internal(set) var noPower = 0
        public internal(set) var amount: Int128 = 0
    }

    /// The longest over their limit first; at most `Bounds.listMost`.
    public let rows: [Row]
    public let total: Count
    public let groups: [(key: GroupKey, count: Count)]
    public let currency: Currency
    public let unconverted: [CurrencySum]
    public let isComplete: Bool
}

extension ReportBasis {
    /// open deals longer in their stage than its `maxDwellDays`, and those flagged `no-power`.
    /// Stages without a phase are in none, so they have no causes.
    public func stagnation(
        _ scope: Scope, by grouping: Grouping? = nil
    ) throws(Rejection) -> StagnationReport {
        let resolved = try resolve(scope)
        let covered = deals(of: resolved, scope, by: .expectedClose)
        var rows: [StagnationReport.Row] = []
        for id in pausing(covered.ids) {
            if let row = stagnant(past.opportunities[id]) { rows.append(row) }
        }
        var money = MoneySum()
        let total = count(rows, &money)
        let kept = Dictionary(uniqueKeysWithValues: rows.map { ($0.opportunity, $0) })
        var parts: [DealGroup] = []
        if let grouping {
            parts = groups(rows.map(\.opportunity), by: grouping, .expectedClose)
        }
        rows.sort { left, right in
            (right.excess, left.opportunity) < (left.excess, right.opportunity)
        }
        return StagnationReport(
            rows: Array(rows.prefix(Bounds.listMost)), total: total,
            groups: parts.map { part in
                var ignored = MoneySum()
                return (part.key, count(part.deals.compactMap { kept[$0] }, &ignored))
            }, currency: currency, unconverted: money.unconverted, isComplete: covered.isComplete)
    }

    private func stagnant(_ deal: Opportunity) -> StagnationReport.Row? {
        guard deal.outcome == .open else { return nil }
        let stage = deal.currentStage
        let stay = deal.presentMilliseconds(at: at)
        let isStagnant = stage.maxDwellDays.map {
            stay > Int64($0) * Instant.dayMilliseconds
        }
        let hasNoPower =
            (stage.phase == .mid || stage.phase == .late)
            && !past.hasContact(.decisionMaker, deal)
        guard isStagnant == true || hasNoPower else { return nil }
        return StagnationReport.Row(
            opportunity: deal.id, title: deal.title, owner: deal.owner, unit: deal.unit,
            process: deal.version.key, stage: stage.key, phase: stage.phase, amount: deal.amount,
            dwellDays: Int(stay / Instant.dayMilliseconds), maxDwellDays: stage.maxDwellDays,
            isStagnant: isStagnant ?? false, hasNoPower: hasNoPower)
    }

    private func count(
        _ rows: [StagnationReport.Row], _ money: inout MoneySum
    ) -> StagnationReport.Count {
        var count = StagnationReport.Count()
        for row in rows {
            if row.isStagnant { count.stagnant += 1 }
            if row.hasNoPower { count.noPower += 1 }
            add(past.opportunities[row.opportunity], to: &money)
        }
        count.amount = money.rounded
        return count
    }
}

extension StagnationReport.Row {
    /// Days beyond the limit; those without one come last.
    fileprivate var excess: Int {
        isStagnant ? dwellDays - (maxDwellDays ?? 0) : -1
    }
}
