/// How long deals stay in each stage, in milliseconds.
public struct DwellReport: Sendable {
    public struct Row: Sendable {
        public let stage: String
        public let name: String
        public let maxDwellDays: Int?
        public let stays: Survival
    }

    public let process: ReportProcess
    public let rows: [Row]
    /// Broken down by anything but stages: the same for each.
    public let groups: [(key: GroupKey, rows: [Row])]
    public let isComplete: Bool
}

/// Lengths of stays, of which some have not ended yet: such a one says only that it lasts at least so
/// long (it is censored). The share of stays that last longer than t is estimated as Kaplan and Meier
/// did: at each length at which stays ended, it falls by ended ÷ (those that lasted at least so long).
public struct Survival: Hashable, Sendable {
    /// Stays in all, and those of them that have not ended.
    public let count: Int
    public let open: Int
    /// The area under the curve up to the longest stay: the plain mean where all have ended.
    public let mean: Int64?
    /// The shortest t by which half of the stays, nine in ten, have ended; `nil` where so many have not.
    public let median: Int64?
    public let p90: Int64?

    struct Stay: Hashable {
        let milliseconds: Int64
        let hasEnded: Bool
    }

    private static let slack = 1e-12

    init(_ stays: [Stay]) {
        count = stays.count
        open = stays.count { !$0.hasEnded }
        guard let longest = stays.map(\.milliseconds).max() else {
            (mean, median, p90) = (nil, nil, nil)
            return
        }
        var ended: [Int64: Int] = [:]
        for stay in stays where stay.hasEnded { ended[stay.milliseconds, default: 0] += 1 }
        let lengths = stays.map(\.milliseconds).sorted()
        var below = 0
        var share = 1.0
        var area = 0.0
        var last: Int64 = 0
        var median: Int64?
        var p90: Int64?
        for length in ended.keys.sorted() {
            while lengths[below] < length { below += 1 }
            area += share * Double(length - last)
            last = length
            let lasting = lengths.count - below
            share *= Double(lasting - ended[length, default: 0]) / Double(lasting)
            if median == nil, share <= 0.5 + Self.slack { median = length }
            if p90 == nil, share <= 0.1 + Self.slack { p90 = length }
        }
        area += share * Double(longest - last)
        let sum = lengths.reduce(Int128(0)) { $0 + Int128($1) }
        mean =
            open == 0
            ? Int64(clamping: Decimal.rounded(sum, by: Int128(count))) : Int64(area.rounded())
        (self.median, self.p90) = (median, p90)
    }
}

extension Survival {
    /// In days, two decimals, half up.
    public static func days(_ milliseconds: Int64) -> String {
        Decimal.text(
            Decimal.rounded(Int128(milliseconds) * 100, by: Int128(Instant.dayMilliseconds)),
            digits: 2)
    }
}

extension ReportBasis {
    /// stays that began in the period; every stay counts, those of invalid deals excepted. The one
    /// that an open deal is in has not ended; closing a deal ends it.
    public func dwell(
        _ scope: Scope, by grouping: Grouping? = nil
    ) throws(Rejection) -> DwellReport {
        let resolved = try resolve(scope)
        let covered = deals(of: resolved, scope, by: .stageEntry)
        let ids = covered.ids.filter { past.opportunities[$0].outcome != .invalid }
        let axis = try StageAxis(of: ids, resolved, past)
        var parts: [DealGroup] = []
        if let grouping, grouping != .stage { parts = groups(ids, by: grouping, .stageEntry) }
        let period = scope.period.map(instants)
        func rows(_ deals: [OpportunityID]) -> [DwellReport.Row] {
            guard let axis else { return [] }
            return zip(axis.stages, stays(of: deals, axis, period)).map { stage, stays in
                DwellReport.Row(
                    stage: stage.key, name: stage.name, maxDwellDays: stage.maxDwellDays,
                    stays: Survival(stays))
            }
        }
        return DwellReport(
            process: ReportProcess(axis), rows: rows(ids),
            groups: parts.map { ($0.key, rows($0.deals)) }, isComplete: covered.isComplete)
    }

    /// By stage of the axis.
    private func stays(
        of deals: [OpportunityID], _ axis: StageAxis, _ period: Range<Instant>?
    ) -> [[Survival.Stay]] {
        var stays = [[Survival.Stay]](repeating: [], count: axis.stages.count)
        for id in deals {
            let deal = past.opportunities[id]
            let places = axis.places(deal.version.id)
            func add(_ stage: Int, _ entered: Instant, _ stay: Survival.Stay) {
                guard places.indices.contains(stage), period?.contains(entered) ?? true else {
                    return
                }
                stays[places[stage]].append(stay)
            }
            for visit in deal.visits {
                add(
                    visit.stage, visit.entered,
                    .init(milliseconds: visit.milliseconds, hasEnded: true))
            }
            add(
                deal.stage, deal.enteredStage,
                .init(
                    milliseconds: deal.presentMilliseconds(at: at),
                    hasEnded: deal.outcome != .open))
        }
        return stays
    }
}
