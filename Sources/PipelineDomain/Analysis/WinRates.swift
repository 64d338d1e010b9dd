/// Deals of a cohort and what became of them.
public struct Share: Hashable, Sendable {
    /// All that entered, except invalid ones.
    public internal(set) var entered = 0
    public internal(set) var won = 0
    public internal(set) var lost = 0
    /// Not decided yet; counted in `entered` and shown beside.
    public internal(set) var open = 0
    /// Should never have been worked; in no rate.
    public internal(set) var invalid = 0

    /// Won ÷ entered; `nil` where nobody entered.
    public var rate: Fraction? {
        entered > 0 ? Fraction(numerator: won, denominator: entered) : nil
    }

    /// Wilson's 95 % interval of the rate, in percent.
    public var interval: WilsonInterval? { WilsonInterval(hits: won, of: entered) }

    mutating func add(_ outcome: Outcome) {
        switch outcome {
        case .invalid:
            invalid += 1
            return
        case .won: won += 1
        case .lost: lost += 1
        case .open: open += 1
        }
        entered += 1
    }
}

/// Between which bounds a share lies with 95 % confidence, by Wilson's score. The square root makes it a
/// floating-point number; one decimal of a percent is printed.
public struct WilsonInterval: Hashable, Sendable {
    /// From 0 to 1.
    public let low: Double
    public let high: Double

    private static let deviation = 1.959_963_984_540_054

    /// `nil` of nothing.
    public init?(hits: Int, of all: Int) {
        guard all > 0 else { return nil }
        let count = Double(all)
        let share = Double(hits) / count
        let square = Self.deviation * Self.deviation
        let scale = 1 + square / count
        let middle = (share + square / (2 * count)) / scale
        let spread = share * (1 - share) / count + square / (4 * count * count)
        let half = Self.deviation * spread.squareRoot() / scale
        low = max(0, middle - half)
        high = min(1, middle + half)
    }

    public var lowPercent: String { Self.percent(low) }
    public var highPercent: String { Self.percent(high) }

    /// Half up, one decimal.
    public static func percent(_ share: Double) -> String {
        Decimal.text(Int128((share * 1000).rounded()), digits: 1)
    }
}

/// Realised win rates, stage by stage and broken down.
public struct WinRates: Sendable {
    public struct Row: Sendable {
        public let stage: String
        public let name: String
        public let share: Share
        public let configured: Rate
    }

    public let process: ReportProcess
    public let rows: [Row]
    /// Of the deals as wholes: those that came into being in the period.
    public let total: Share
    public let groups: [(key: GroupKey, share: Share)]
    public let isComplete: Bool
}

extension ReportBasis {
    /// of the deals that entered a stage first in the period, how many were won. Broken down by
    /// anything but stages, the cohorts are the deals that came into being in the period.
    public func winRates(
        _ scope: Scope, by grouping: Grouping? = nil
    ) throws(Rejection) -> WinRates {
        let resolved = try resolve(scope)
        let covered = deals(of: resolved, scope, by: .stageEntry)
        let period = scope.period.map(instants)
        var total = Share()
        let born = pausing(covered.ids).filter { id in
            past.opportunities.lend(id) { period?.contains($0.row.createdAt) ?? true }
        }
        for id in pausing(born) { total.add(outcome(of: id)) }
        if let grouping, grouping != .stage {
            let shares = groups(born, by: grouping, .stageEntry).map { group in
                var share = Share()
                for id in pausing(group.deals) { share.add(outcome(of: id)) }
                return (key: group.key, share: share)
            }
            return WinRates(
                process: ReportProcess(ofAll: pausing(born), past), rows: [], total: total,
                groups: shares,
                isComplete: covered.isComplete)
        }
        let axis = try StageAxis(of: pausing(covered.ids), resolved, past)
        var shares = [Share](repeating: Share(), count: axis?.stages.count ?? 0)
        if let axis {
            for id in pausing(covered.ids) {
                past.opportunities.lend(id) { deal in
                    let entries = FirstEntries(deal.row)
                    for (index, place) in axis.places(deal.row.version.id).enumerated()
                    where entries.isWithin(period, index) {
                        shares[place].add(deal.row.outcome)
                    }
                }
            }
        }
        return WinRates(
            process: ReportProcess(axis),
            rows: zip(axis?.stages ?? [], shares).map { stage, share in
                WinRates.Row(
                    stage: stage.key, name: stage.name, share: share, configured: stage.winRate)
            }, total: total, groups: [], isComplete: covered.isComplete)
    }

    func outcome(of deal: OpportunityID) -> Outcome {
        past.opportunities.lend(deal) { $0.row.outcome }
    }
}
