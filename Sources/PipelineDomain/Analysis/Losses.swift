/// What was lost, to whom and why. Invalid deals are counted beside, never among the lost.
public struct LossReport: Sendable {
    public struct Figures: Sendable {
        public internal(set) var lost = 0
        /// In the company's currency at the rates frozen at closing, minor units.
        public internal(set) var amount: Int128 = 0
        public internal(set) var invalid = 0
        public internal(set) var invalidAmount: Int128 = 0
    }

    public typealias Rows = [(key: GroupKey, figures: Figures)]

    public let currency: Currency
    public let total: Figures
    /// Most frequent first.
    public let reasons: Rows
    /// Only deals where a competitor was named; most frequent first.
    public let competitors: Rows
    public let groups: Rows
    public let unconverted: [CurrencySum]
    public let isComplete: Bool
}

extension ReportBasis {
    /// deals lost or found invalid in the period, by their closing.
    public func losses(
        _ scope: Scope, by grouping: Grouping? = nil
    ) throws(Rejection) -> LossReport {
        let resolved = try resolve(scope)
        let covered = deals(
            of: resolved, scope, by: .closing, outcomes: [.lost, .invalid])
        let ids = covered.ids
        var money = MoneySum()
        let total = figures(ids, &money)
        let parts: [DealGroup] = if let grouping { groups(ids, by: grouping, .closing) } else { [] }
        let lost = pausing(ids).filter { outcome(of: $0) == .lost }
        return LossReport(
            currency: currency, total: total,
            reasons: rows(lost) { $0.pack[.reason] },
            competitors: rows(lost) { $0.pack[.competitor] },
            groups: parts.map { part in
                var ignored = MoneySum()
                return (part.key, figures(part.deals, &ignored))
            }, unconverted: money.unconverted, isComplete: covered.isComplete)
    }

    private func figures(
        _ deals: [OpportunityID], _ money: inout MoneySum
    ) -> LossReport.Figures {
        let (lost, invalid) = (
            pausing(deals).filter { outcome(of: $0) == .lost },
            pausing(deals).filter { outcome(of: $0) == .invalid }
        )
        let (lostMoney, invalidMoney) = (self.money(of: lost), self.money(of: invalid))
        money.miss(lostMoney)
        money.miss(invalidMoney)
        return LossReport.Figures(
            lost: lost.count, amount: lostMoney.rounded, invalid: invalid.count,
            invalidAmount: invalidMoney.rounded)
    }

    private func rows(
        _ lost: [OpportunityID], _ text: (borrowing Opportunity) -> String?
    ) -> LossReport.Rows {
        var parts: [String: [OpportunityID]] = [:]
        for id in pausing(lost) {
            guard let key = past.opportunities.lend(id, { text($0.row) }) else { continue }
            parts[key, default: []].append(id)
        }
        return parts.keys.sorted {
            (parts[$1, default: []].count, $0) < (parts[$0, default: []].count, $1)
        }.map { key in
            var ignored = MoneySum()
            return (.text(key), figures(parts[key, default: []], &ignored))
        }
    }
}
