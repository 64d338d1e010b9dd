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

    /// Eight bytes, since there are several for every deal; ordered by length.
    struct Stay: Comparable {
        private let packed: Int64

        /// - Parameter milliseconds: at most half as many as an integer has.
        init(milliseconds: Int64, hasEnded: Bool) {
            packed = milliseconds << 1 | (hasEnded ? 1 : 0)
        }

        var milliseconds: Int64 { packed >> 1 }
        var hasEnded: Bool { packed & 1 == 1 }

        static func < (left: Self, right: Self) -> Bool { left.packed < right.packed }
    }

    private static let slack = 1e-12

    init(_ stays: [Stay]) {
        let stays = stays.sorted()
        count = stays.count
        open = stays.count { !$0.hasEnded }
        guard let longest = stays.last?.milliseconds else {
            (mean, median, p90) = (nil, nil, nil)
            return
        }
        var share = 1.0
        var area = 0.0
        var last: Int64 = 0
        var median: Int64?
        var p90: Int64?
        var next = 0
        while next < stays.count {
            let length = stays[next].milliseconds
            let lasting = stays.count - next
            var ended = 0
            while next < stays.count, stays[next].milliseconds == length {
                if stays[next].hasEnded { ended += 1 }
                next += 1
            }
            guard ended > 0 else { continue }
            area += share * Double(length - last)
            last = length
            share *= Double(lasting - ended) / Double(lasting)
            if median == nil, share <= 0.5 + Self.slack { median = length }
            if p90 == nil, share <= 0.1 + Self.slack { p90 = length }
        }
        area += share * Double(longest - last)
        let sum = stays.reduce(Int128(0)) { $0 + Int128($1.milliseconds) }
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

extension Opportunity {
    /// Every stay, newest first; the one that an open deal is in has not ended, closing a deal ends it.
    @inline(__always)
    func eachStay(at now: Instant, _ body: (Int, Instant, Survival.Stay) -> Void) {
        body(
            stage, enteredStage,
            Survival.Stay(
                milliseconds: presentMilliseconds(at: now), hasEnded: outcome != .open))
        pack.eachVisit { visit in
            body(
                visit.stage, visit.entered,
                Survival.Stay(milliseconds: visit.milliseconds, hasEnded: true))
        }
    }
}

extension ReportBasis {
    /// stays that began in the period; every stay counts, those of invalid deals excepted.
    public func dwell(
        _ scope: Scope, by grouping: Grouping? = nil
    ) throws(Rejection) -> DwellReport {
        let resolved = try resolve(scope)
        let covered = deals(of: resolved, scope, by: .stageEntry)
        let ids = pausing(covered.ids).filter { outcome(of: $0) != .invalid }
        let axis = try StageAxis(of: pausing(ids), resolved, past)
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
        for id in pausing(deals) {
            past.opportunities.lend(id) { deal in
                let places = axis.places(deal.row.version.id)
                deal.row.eachStay(at: at) { stage, entered, stay in
                    guard period?.contains(entered) ?? true else { return }
                    stays[places[stage]].append(stay)
                }
            }
        }
        return stays
    }
}
