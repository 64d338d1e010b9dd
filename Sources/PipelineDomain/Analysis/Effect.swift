/// A figure before and after something was changed.
public enum EffectMetric: String, Sendable, CaseIterable {
    /// Days from the lead's creation, else the deal's, to winning; by closing.
    case cycle
    /// Days in a stage, of stays that have ended; by entry.
    case dwell
    /// Won ÷ (won + lost), percent; by closing.
    case winRate = "winrate"
    /// Deals won and lost; by closing.
    case won, lost
    /// Amount won; by closing.
    case amount
    /// Deals that came into being.
    case deals
    /// Converted ÷ leads, percent; by the lead's creation.
    case leadConversion = "leadconversion"

    /// Whether less of it is better.
    public var isBetterLow: Bool {
        switch self {
        case .cycle, .dwell, .lost: true
        case .winRate, .won, .amount, .deals, .leadConversion: false
        }
    }
}

public struct EffectReport: Sendable {
    /// An exact quotient; `nil` where there is nothing to measure.
    public struct Value: Hashable, Sendable {
        public let numerator: Int128
        /// Above 0.
        public let denominator: Int128

        public init(_ numerator: Int128, over denominator: Int128 = 1) {
            self.numerator = numerator
            self.denominator = denominator
        }

        init(_ sum: ExactSum) { (numerator, denominator) = sum.quotient }

        /// Half up.
        public var rounded: Int128 { Decimal.rounded(numerator, by: denominator) }

        /// As a decimal with two digits, half up.
        public var twoDecimals: String {
            Decimal.text(Decimal.quotient([numerator, 100], by: [denominator]), digits: 2)
        }
    }

    public let metric: EffectMetric
    public let before: Value?
    public let after: Value?
    public let currency: Currency
    public let unconverted: [CurrencySum]
    public let isComplete: Bool

    /// (after − before) ÷ before, in percent with two decimals, half up.
    public var change: String? {
        Self.change(from: before, to: after)
    }

    /// `nil` without both values, or where the first is 0.
    public static func change(from before: Value?, to after: Value?) -> String? {
        guard let before, let after, before.numerator > 0 else { return nil }
        let (risen, over) = after.numerator.multipliedReportingOverflow(by: before.denominator)
        let (base, under) = before.numerator.multipliedReportingOverflow(by: after.denominator)
        guard !over, !under else { return nil }
        return Decimal.text(Decimal.quotient([risen - base, 10_000], by: [base]), digits: 2)
    }

    /// `improvement`, `deterioration` or `none`.
    public var effect: String? {
        guard let change else { return nil }
        if change == "0.00" || change == "-0.00" { return "none" }
        return change.hasPrefix("-") == metric.isBetterLow ? "improvement" : "deterioration"
    }
}

extension ReportBasis {
    /// one figure of the scope, in two periods.
    public func effect(
        _ metric: EffectMetric, _ scope: Scope, before: ClosedRange<Day>, after: ClosedRange<Day>
    ) throws(Rejection) -> EffectReport {
        var money = MoneySum()
        var isComplete = true
        var values: [EffectReport.Value?] = []
        for period in [before, after] {
            var scope = scope
            scope.period = period
            values.append(try value(metric, scope, &money, &isComplete))
        }
        return EffectReport(
            metric: metric, before: values[0], after: values[1], currency: currency,
            unconverted: money.unconverted, isComplete: isComplete)
    }

    private func value(
        _ metric: EffectMetric, _ scope: Scope, _ money: inout MoneySum, _ isComplete: inout Bool
    ) throws(Rejection) -> EffectReport.Value? {
        if metric == .leadConversion {
            let report = try leads(scope)
            isComplete = isComplete && report.isComplete
            return report.total.conversion.map {
                .init(Int128($0.numerator) * 100, over: Int128($0.denominator))
            }
        }
        let resolved = try resolve(scope)
        let meaning: PeriodMeaning =
            switch metric {
            case .deals: .creation
            case .dwell: .stageEntry
            default: .closing
            }
        let covered = deals(of: resolved, scope, by: meaning)
        isComplete = isComplete && covered.isComplete
        func count(_ outcome: Outcome) -> Int128 {
            Int128(pausing(covered.ids).count { self.outcome(of: $0) == outcome })
        }
        switch metric {
        case .cycle: return days(cycle(of: covered.ids))
        case .dwell: return days(endedStays(covered.ids, scope.period.map(instants)))
        case .won: return .init(count(.won))
        case .lost: return .init(count(.lost))
        case .deals: return .init(Int128(covered.ids.count))
        case .amount: return .init(won(scope, resolved, &money))
        case .winRate:
            let closed = count(.won) + count(.lost)
            return closed > 0 ? .init(count(.won) * 100, over: closed) : nil
        case .leadConversion: return nil
        }
    }

    private func days(_ sum: CycleSum) -> EffectReport.Value? {
        guard sum.count > 0 else { return nil }
        return .init(
            sum.milliseconds, over: Int128(sum.count) * Int128(Instant.dayMilliseconds))
    }

    private func endedStays(_ deals: [OpportunityID], _ period: Range<Instant>?) -> CycleSum {
        var sum = CycleSum()
        for id in pausing(deals) {
            let deal = past.opportunities[id]
            guard deal.outcome != .invalid else { continue }
            for visit in deal.visits where period?.contains(visit.entered) ?? true {
                sum.add(visit.milliseconds)
            }
            if deal.outcome != .open, period?.contains(deal.enteredStage) ?? true {
                sum.add(deal.presentMilliseconds(at: at))
            }
        }
        return sum
    }
}

/// How many activities a target takes.
public struct ActivityPlan: Sendable {
    /// ⌈target ÷ (rate × average deal)⌉.
    public let activities: Int128
    /// ⌈target ÷ average deal⌉.
    public let deals: Int128

    /// Amounts in minor units of one currency; `nil` unless the average and the rate are above 0.
    public init?(target: Int64, rate: Rate, average: Int64) {
        guard average > 0, rate.basisPoints > 0, target >= 0 else { return nil }
        activities = Decimal.roundedUp(
            Int128(target) * 10_000, by: Int128(rate.basisPoints) * Int128(average))
        deals = Decimal.roundedUp(Int128(target), by: Int128(average))
    }
}
