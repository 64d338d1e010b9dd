/// How many deals go on from each stage to the next, and which step is weak.
public struct ConversionReport: Sendable {
    public struct Row: Sendable {
        public let stage: String
        public let name: String
        /// Deals that entered the stage, except invalid ones.
        public let entered: Int
        /// Those of them that went on to the next stage of their version, or were won from the last.
        public let advanced: Int
        /// Those of them that are in the stage still.
        public let open: Int
        /// Of the deals that entered the first stage of their version in the period, the share that ever
        /// entered this one.
        public let ofFirst: Fraction?
        /// The lowest of all steps.
        public let isWorst: Bool
        /// At or below 0.7 × the median of the other steps, or of the same step of the other rows.
        public let isWeak: Bool

        /// Advanced ÷ entered; `nil` where nobody entered.
        public var conversion: Fraction? { Self.fraction(advanced, entered) }

        static func fraction(_ part: Int, _ whole: Int) -> Fraction? {
            whole > 0 ? Fraction(numerator: part, denominator: whole) : nil
        }
    }

    public let process: ReportProcess
    public let rows: [Row]
    /// Broken down by anything but stages: the same for each.
    public let groups: [(key: GroupKey, rows: [Row])]
    /// Won ÷ entered the first stage.
    public let end: Fraction?
    public let isComplete: Bool
}

/// What entered and left one stage.
private struct Step {
    var entered = 0
    var advanced = 0
    var open = 0

    /// `nil` while everybody who entered is in the stage still, which says nothing yet.
    var conversion: Fraction? {
        open < entered ? ConversionReport.Row.fraction(advanced, entered) : nil
    }
}

extension ReportBasis {
    /// of the deals that entered a stage first in the period, how many entered the next one. The
    /// first entry counts; going back and forth counts once.
    public func conversion(
        _ scope: Scope, by grouping: Grouping? = nil
    ) throws(Rejection) -> ConversionReport {
        let resolved = try resolve(scope)
        let covered = deals(of: resolved, scope, by: .stageEntry)
        let ids = pausing(covered.ids).filter { outcome(of: $0) != .invalid }
        guard let axis = try StageAxis(of: pausing(ids), resolved, past) else {
            return ConversionReport(
                process: ReportProcess(nil), rows: [], groups: [], end: nil,
                isComplete: covered.isComplete)
        }
        let period = scope.period.map(instants)
        let all = steps(of: ids, axis, period)
        var parts: [DealGroup] = []
        if let grouping, grouping != .stage { parts = groups(ids, by: grouping, .stageEntry) }
        let table = parts.map { steps(of: $0.deals, axis, period) }
        let weak = table.indices.map { row in
            axis.stages.indices.map { column in
                Funnel.weakSteps(table[row].map(\.conversion))[column]
                    || Funnel.weakSteps(table.map { $0[column].conversion })[row]
            }
        }
        let first = beginners(ids, period)
        let won = first.count { outcome(of: $0) == .won }
        return ConversionReport(
            process: ReportProcess(axis),
            rows: Self.rows(
                all, axis, ofFirst: shares(of: first, axis),
                weak: Funnel.weakSteps(all.map(\.conversion))),
            groups: parts.indices.map { index in
                let ofFirst = shares(of: beginners(parts[index].deals, period), axis)
                return (
                    parts[index].key,
                    Self.rows(table[index], axis, ofFirst: ofFirst, weak: weak[index])
                )
            }, end: ConversionReport.Row.fraction(won, first.count),
            isComplete: covered.isComplete)
    }

    private func steps(
        of deals: [OpportunityID], _ axis: StageAxis, _ period: Range<Instant>?
    ) -> [Step] {
        var steps = [Step](repeating: Step(), count: axis.stages.count)
        for id in pausing(deals) {
            past.opportunities.lend(id) { deal in
                let (entries, outcome) = (FirstEntries(deal.row), deal.row.outcome)
                let places = axis.places(deal.row.version.id)
                for (index, place) in places.enumerated() where entries.isWithin(period, index) {
                    steps[place].entered += 1
                    if outcome == .open, deal.row.stage == index { steps[place].open += 1 }
                    let isOn =
                        index + 1 < places.count ? entries[index + 1] != nil : outcome == .won
                    if isOn { steps[place].advanced += 1 }
                }
            }
        }
        return steps
    }

    /// Those that entered the first stage of their version in the period.
    private func beginners(
        _ deals: [OpportunityID], _ period: Range<Instant>?
    ) -> [OpportunityID] {
        pausing(deals).filter { id in
            past.opportunities.lend(id) { FirstEntries($0.row).isWithin(period, 0) }
        }
    }

    /// How many of the deals ever entered each stage.
    private func shares(of deals: [OpportunityID], _ axis: StageAxis) -> [Fraction?] {
        var counts = [Int](repeating: 0, count: axis.stages.count)
        for id in pausing(deals) {
            past.opportunities.lend(id) { deal in
                for (index, place) in axis.places(deal.row.version.id).enumerated()
                where deal.row.enteredStages >> UInt64(index) & 1 != 0 {
                    counts[place] += 1
                }
            }
        }
        return counts.map { ConversionReport.Row.fraction($0, deals.count) }
    }

    private static func rows(
        _ steps: [Step], _ axis: StageAxis, ofFirst: [Fraction?], weak: [Bool]
    ) -> [ConversionReport.Row] {
        let worst = steps.compactMap(\.conversion).min { $0.isLess(than: $1) }
        return steps.indices.map { index in
            let step = steps[index]
            let isWorst = step.conversion.map { own in
                worst.map { !$0.isLess(than: own) } ?? false
            }
            return ConversionReport.Row(
                stage: axis.stages[index].key, name: axis.stages[index].name,
                entered: step.entered, advanced: step.advanced, open: step.open,
                ofFirst: ofFirst[index], isWorst: isWorst ?? false, isWeak: weak[index])
        }
    }
}
