import PipelineDomain
import PipelineProtocol

/// Targets, and reports that measure by them or by people.
extension Call {
    static func attainmentFaults(_ question: ReportQuestion) -> [Rejection.Fault] {
        guard question.grouping == .stage else { return [] }
        return [
            .init("BY", "nothing is won in a stage; REPORT.FORECAST BY stage tells what each holds")
        ]
    }

    static func holeFaults(_ question: ReportQuestion) -> [Rejection.Fault] {
        guard let grouping = question.grouping, grouping != .stage,
            !HoleReport.groupings.contains(grouping)
        else { return [] }
        let known = HoleReport.groupings.map(\.rawValue).joined(separator: ", ")
        return [.init("BY", "targets, which holes are measured by, go by one of: \(known)")]
    }

    static func attainment(
        _ basis: ReportBasis, _ question: ReportQuestion
    ) throws(Rejection) -> ReportAnswer {
        let report = try basis.attainment(question.scope, by: question.grouping)
        let currency = report.currency
        let activities = report.activities.map { row in
            Node.map([
                ("key", .text(row.kind)), ("target", .integer(row.target)),
                ("done", .integer(row.done)),
            ])
        }
        var fields: [(String, Node)] =
            [
                ("from", .text(report.period.lowerBound.description)),
                ("to", .text(report.period.upperBound.description)),
                ("currency", .text(currency.code)),
            ] + report.total.fields(currency) + [
                ("overdueAmount", .money(report.overdueAmount, currency)),
                ("remainingDays", .integer(report.remainingDays)),
                ("cycleDays", .days(report.cycle)),
                ("canStillClose", report.canStillClose.map { .boolean($0) } ?? .null),
                ("activities", .array(activities)),
            ]
        if question.grouping != nil {
            fields.append(("rows", .rows(report.rows) { $0.fields(currency) }))
        }
        return ReportAnswer(fields, complete: report.isComplete, unconverted: report.unconverted)
    }

    static func holes(
        _ basis: ReportBasis, _ question: ReportQuestion
    ) throws(Rejection) -> ReportAnswer {
        var grouping = question.grouping
        if grouping == .stage { grouping = nil }
        let report = try basis.holes(question.scope, by: grouping)
        var fields =
            report.process.fields + [
                ("from", .text(report.period.lowerBound.description)),
                ("to", .text(report.period.upperBound.description)),
                ("currency", .text(report.currency.code)),
            ]
        fields += report.total.fields(report.currency, rows: "rows")
        if grouping != nil {
            fields.append(
                ("groups", .rows(report.groups) { $0.fields(report.currency, rows: "stages") }))
        }
        return ReportAnswer(fields, complete: report.isComplete, unconverted: report.unconverted)
    }

    static func velocity(
        _ basis: ReportBasis, _ question: ReportQuestion
    ) throws(Rejection) -> ReportAnswer {
        let report = try basis.velocity(question.scope, by: question.grouping)
        let currency = report.currency
        var fields: [(String, Node)] =
            [("currency", .text(currency.code))] + report.total.fields(currency)
        if question.grouping != nil {
            fields.append(("rows", .rows(report.rows) { $0.fields(currency) }))
        }
        return ReportAnswer(fields, complete: report.isComplete, unconverted: report.unconverted)
    }

    static func reps(
        _ basis: ReportBasis, _ question: ReportQuestion
    ) throws(Rejection) -> ReportAnswer {
        let report = try basis.reps(question.scope, by: question.grouping)
        return ReportAnswer(
            [("rows", .array(report.rows.map(\.node)))], complete: report.isComplete)
    }

    static func leads(
        _ basis: ReportBasis, _ question: ReportQuestion
    ) throws(Rejection) -> ReportAnswer {
        let report = try basis.leads(question.scope, by: question.grouping)
        return ReportAnswer(
            report.total.fields + [("rows", .rows(report.rows) { $0.fields })],
            complete: report.isComplete)
    }

    static func unanswered(
        _ basis: ReportBasis, _ question: ReportQuestion
    ) throws(Rejection) -> ReportAnswer {
        let report = try basis.unanswered(question.scope, by: question.grouping)
        let rows = report.rows.map { row in
            Node.map([
                ("note", .text(row.note.description)),
                ("opportunity", .text(row.opportunity.description)), ("title", .text(row.title)),
                ("by", .text(row.author.description)), ("at", .text(row.at.description)),
                ("waitingDays", .integer(row.waitingDays)),
            ])
        }
        var fields: [(String, Node)] = [("count", .integer(report.total)), ("rows", .array(rows))]
        if question.grouping != nil {
            let groups = report.groups.map { (key: $0.key, figures: $0.count) }
            fields.append(("groups", .rows(groups) { [("count", .integer($0))] }))
        }
        return ReportAnswer(fields, complete: report.isComplete)
    }

    static func effect(
        _ basis: ReportBasis, _ metric: EffectMetric, _ scope: Scope,
        before: ClosedRange<Day>, after: ClosedRange<Day>
    ) throws(Rejection) -> ReportAnswer {
        let report = try basis.effect(metric, scope, before: before, after: after)
        func value(_ value: EffectReport.Value?) -> Node {
            guard let value else { return .null }
            switch metric {
            case .won, .lost, .deals: return .count(value.numerator)
            case .amount: return .money(value.rounded, report.currency)
            case .cycle, .dwell, .winRate, .leadConversion: return .optional(value.twoDecimals)
            }
        }
        return ReportAnswer(
            [
                ("metric", .text(metric.rawValue)), ("before", value(report.before)),
                ("after", value(report.after)), ("change", .optional(report.change)),
                ("better", .text(metric.isBetterLow ? "lower" : "higher")),
                ("effect", .optional(report.effect)),
                ("currency", metric == .amount ? .text(report.currency.code) : .null),
            ], complete: report.isComplete, unconverted: report.unconverted)
    }

    /// A-12, as of an instant too.
    func targetTree(
        _ holder: HolderReference?, _ period: CalendarPeriod?, _ asOf: AsOf?
    ) throws(Rejection) {
        refuse(faults(of: asOf))
        guard faults.isEmpty else { return try basis.require(holder) }
        // Each target may look at all units and people below its holder.
        let looks = state.targets.count * (state.units.count + state.persons.count)
        try reporting(asOf: asOf, atOnce: isSmall(looks)) { (call, basis) throws(Rejection) in
            let tree = try basis.targetTree(holder, period: period)
            let rows = Node.array(tree.rows.map { $0.node(basis.currency) })
            call.write(
                ReportAnswer(
                    [("currency", .text(basis.currency.code)), ("rows", rows)],
                    complete: tree.isComplete, unconverted: tree.unconverted), basis)
        }
    }

    /// made from what is given alone, whatever deals there are.
    func write(_ plan: ActivityPlan, asOf: AsOf?) throws(Rejection) {
        try reporting(asOf: asOf, atOnce: true) { (call, basis) in
            call.write(
                ReportAnswer(
                    [("activities", .count(plan.activities)), ("deals", .count(plan.deals))],
                    complete: true), basis)
        }
    }
}

extension Node {
    /// That there is a target, but no rate to tell it by, where that is so (D-36).
    static func missingRate(_ targets: [CurrencySum]) -> [(String, Node)] {
        targets.isEmpty ? [] : [("unconvertedTarget", .sums(targets))]
    }
}

extension AttainmentReport.Figures {
    fileprivate func fields(_ currency: Currency) -> [(String, Node)] {
        [
            ("target", .money(target, currency)), ("won", .money(won, currency)),
            ("weighted", .money(weighted, currency)), ("expected", .money(expected, currency)),
            ("attained", .optional(attained)),
            ("expectedAttainment", .optional(expectedAttainment)), ("gap", .money(gap, currency)),
        ] + Node.missingRate(unconvertedTarget)
    }
}

extension HoleReport.Figures {
    fileprivate func fields(_ currency: Currency, rows name: String) -> [(String, Node)] {
        let stages = rows.map { row in
            Node.map([
                ("key", .text(row.stage)), ("name", .text(row.name)),
                ("count", .integer(row.count)), ("winRate", .text(row.winRate.percent)),
                ("needed", .count(row.needed)), ("missing", .count(row.missing)),
                ("flag", .flag(row.isHole, "hole")),
            ])
        }
        return [
            ("target", .money(target, currency)), ("won", .money(won, currency)),
            ("averageAmount", .money(averageAmount, currency)), (name, .array(stages)),
        ] + Node.missingRate(unconvertedTarget)
    }
}

extension VelocityReport.Figures {
    fileprivate func fields(_ currency: Currency) -> [(String, Node)] {
        [
            ("open", .integer(open)), ("averageAmount", .money(averageAmount, currency)),
            ("won", .integer(won)), ("lost", .integer(lost)), ("winRate", .percent(winRate)),
            ("cycleDays", .days(cycle)), ("velocity", .money(velocity, currency)),
        ]
    }
}

extension RepReport.Row {
    fileprivate var node: Node {
        .map(
            [
                ("key", .optional(key.text)), ("name", .optional(key.name)),
                ("planned", .integer(planned)), ("done", .integer(done)),
                ("answered", .integer(answered)), ("callsPerLead", .optional(callsPerLead)),
                ("followUpsPerAdvance", .optional(followUpsPerAdvance)),
                ("slowestStage", .optional(slowestStage?.key)),
                ("slowestDays", .days(slowestStage?.mean)),
            ] + share.fields + [("cycleDays", .days(cycle))])
    }
}

extension LeadReport.Figures {
    fileprivate var fields: [(String, Node)] {
        [
            ("leads", .integer(leads)), ("converted", .integer(converted)),
            ("discarded", .integer(discarded)), ("open", .integer(open)),
            ("conversion", .conversion(conversion)), ("low", .optional(interval?.lowPercent)),
            ("high", .optional(interval?.highPercent)),
        ]
    }
}

extension TargetRow {
    fileprivate func node(_ currency: Currency) -> Node {
        let key = target.key
        func value(_ value: Int128?) -> Node {
            key.activity == nil ? .money(value, currency) : .count(value)
        }
        var amount: Money?
        if case .amount(let money) = target.value { amount = money }
        var count: Int?
        if case .count(let number) = target.value { count = number }
        let broken = parts.map { part in
            Node.map([
                ("by", .text(part.by)), ("sum", value(part.sum)), ("gap", value(part.gap)),
            ])
        }
        return .map([
            ("id", .text(target.id.description)), ("holder", .text(key.holder.description)),
            ("name", .text(name)), ("period", .text(key.period.text)),
            ("amount", .optional(amount?.decimal)),
            ("currency", .optional(amount?.currency.code)),
            ("activity", .optional(key.activity)), ("count", count.map { .integer($0) } ?? .null),
            ("product", .optional(key.product)), ("region", .optional(key.region)),
            ("channel", .optional(key.channel)), ("parts", .array(broken)),
            ("rev", .integer(Int64(target.revision.number))),
        ])
    }
}
