import PipelineDomain
import PipelineProtocol

extension Waterfall: SpanVisitor {}

extension Call {
    /// from the end of the day before the period to the end of its last day, or to now, or to `ASOF`.
    /// Without a period: from the founding on, whenever the deals are expected to close.
    func writeWaterfall(_ question: ReportQuestion) throws(Rejection) {
        var faults: [Rejection.Fault] = []
        if question.grouping != nil {
            faults.append(.init("BY", "a waterfall is one sum; ask for one part after the other"))
        }
        if question.versus != nil {
            faults.append(
                .init("VERSUS", "a waterfall is one sum; ask for the other unit by itself"))
        }
        if !faults.isEmpty { throw .invalid(faults) }
        let scope = question.scope
        let from =
            scope.period.map { AsOf.day(Day(number: $0.lowerBound.number - 1)) }
            ?? .instant(Instant(milliseconds: .min))
        try walking(
            from: from, to: question.asOf ?? scope.period.map { .day($0.upperBound) },
            start: { (_, basis) throws(Rejection) in try Waterfall(basis, scope) },
            { (call, waterfall, basis) throws(Rejection) in
                call.write(waterfall.report(basis), scope.period, basis)
            })
    }

    private func write(
        _ report: WaterfallReport, _ period: ClosedRange<Day>?, _ basis: ReportBasis
    ) {
        let currency = report.currency
        func step(_ sum: (count: Int, amount: Int128)) -> Node {
            .map([("count", .integer(sum.count)), ("amount", .money(sum.amount, currency))])
        }
        let movements = report.rows.map { row in
            (row.movement.name, step((row.count, row.amount)))
        }
        let fields: [(String, Node)] =
            [
                ("from", .optional(period?.lowerBound.description)),
                ("to", .optional(period?.upperBound.description)),
                ("currency", .text(currency.code)), ("opening", step(report.opening)),
            ] + movements + [
                ("revalued", .money(report.revalued, currency)), ("closing", step(report.closing)),
            ]
        write(
            ReportAnswer(fields, complete: report.isComplete, unconverted: report.unconverted),
            basis)
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
