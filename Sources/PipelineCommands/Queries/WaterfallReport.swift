import PipelineDomain
import PipelineProtocol

/// Waterfalls of a unit and of the one beside it, from one walk.
private struct Waterfalls: SpanVisitor {
    var own: Waterfall
    var versus: Waterfall?

    mutating func before(_ state: State, _ recorded: Recorded) {
        own.before(state, recorded)
        versus?.before(state, recorded)
    }

    mutating func after(_ state: State, _ recorded: Recorded) {
        own.after(state, recorded)
        versus?.after(state, recorded)
    }
}

extension Call {
    /// from the end of the day before the period to the end of its last day, or to now or `ASOF`, whichever
    /// comes first.
    /// Without a period: from the founding on, whenever the deals are expected to close.
    func writeWaterfall(_ question: ReportQuestion) throws(Rejection) {
        let scope = question.scope
        let from =
            scope.period.map { AsOf.day(Day(number: $0.lowerBound.number - 1)) }
            ?? .instant(Instant(milliseconds: .min))
        let end = scope.period.map { AsOf.day($0.upperBound) }
        refuse(faults(of: question.asOf))
        for place in [from, end] { refuse(faults(of: place, isClamped: true)) }
        guard faults.isEmpty else { return try Self.require(question, basis) }
        try walking(
            from: from, upTo: end, asOf: question.asOf,
            start: { (_, basis) throws(Rejection) in
                var other: Waterfall?
                if let versus = question.versus {
                    var beside = scope
                    beside.unit = versus
                    other = try Waterfall(basis, beside, by: question.grouping)
                }
                return Waterfalls(
                    own: try Waterfall(basis, scope, by: question.grouping), versus: other)
            },
            { (call, waterfalls, basis) throws(Rejection) in
                // Who or what was not there yet is refused, as by every other report.
                if question.asOf != nil { try Self.require(question, basis) }
                var answer = Self.answer(waterfalls.own.report(basis), question)
                if let versus = waterfalls.versus {
                    let beside = Self.answer(versus.report(basis), question)
                    answer.fields.append(("versus", .map(beside.all)))
                }
                call.write(answer, basis)
            })
    }

    private static func answer(
        _ report: WaterfallReport, _ question: ReportQuestion
    ) -> ReportAnswer {
        let period = question.scope.period
        var fields: [(String, Node)] =
            [
                ("from", .optional(period?.lowerBound.description)),
                ("to", .optional(period?.upperBound.description)),
                ("currency", .text(report.currency.code)),
            ] + report.total.fields(report.currency)
        if question.grouping != nil {
            fields.append(("rows", .rows(report.parts) { $0.fields(report.currency) }))
        }
        return ReportAnswer(fields, complete: report.isComplete, unconverted: report.unconverted)
    }
}

extension WaterfallReport.Figures {
    fileprivate func fields(_ currency: Currency) -> [(String, Node)] {
        func step(_ sum: (count: Int, amount: Int128)) -> Node {
            .map([("count", .integer(sum.count)), ("amount", .money(sum.amount, currency))])
        }
        let movements = rows.map { ($0.movement.name, step(($0.count, $0.amount))) }
        return [("opening", step(opening))] + movements + [
            ("revalued", .money(revalued, currency)), ("closing", step(closing)),
        ]
    }
}

extension Waterfall.Movement {
    var name: String {
        switch self {
        case .new: "new"
        case .pulledIn: "pulledIn"
        case .increased: "increased"
        case .decreased: "decreased"
        case .pushedOut: "pushedOut"
        case .won: "won"
        case .lost: "lost"
        case .invalid: "invalid"
        case .reopened: "reopened"
        case .transferredIn: "transferredIn"
        case .transferredOut: "transferredOut"
        }
    }
}
