import PipelineDomain
import PipelineProtocol

/// Funnel and forecast as answers; the figures are the domain's.
extension Call {
    static func funnel(
        _ basis: ReportBasis, _ question: ReportQuestion
    ) throws(Rejection) -> ReportAnswer {
        let funnel = try basis.funnel(question.scope)
        let currency = funnel.currency
        let stages = funnel.rows.map { row in
            Node.map([
                ("stage", .text(row.key)), ("name", .text(row.name)),
                ("count", .integer(row.count)), ("amount", .money(row.amount, currency)),
                ("winRate", .text(row.winRate.percent)),
                ("weighted", .money(row.weighted, currency)),
                ("conversion", .conversion(row.conversion)), ("flag", .flag(row.isWeak, "weak")),
            ])
        }
        var fields: [(String, Node)] = [
            ("process", .optional(funnel.process)), ("version", .count(funnel.version)),
            ("currency", .text(currency.code)), ("stages", .array(stages)),
            ("open", .integer(funnel.open)), ("amount", .money(funnel.amount, currency)),
            ("weighted", .money(funnel.weighted, currency)),
        ]
        if let grouping = question.grouping {
            let groups = try basis.funnelRows(question.scope, by: grouping)
            fields.append(
                (
                    "rows",
                    .rows(groups.map { ($0.key, $0) }) { group in
                        [
                            ("count", .integer(group.count)),
                            ("amount", .money(group.amount, currency)),
                            ("weighted", .money(group.weighted, currency)),
                        ]
                    }
                ))
        }
        return ReportAnswer(
            fields, complete: funnel.isComplete, unconverted: funnel.unconverted)
    }

    static func forecast(
        _ basis: ReportBasis, _ question: ReportQuestion
    ) throws(Rejection) -> ReportAnswer {
        let forecast = try basis.forecast(question.scope, by: question.grouping)
        let currency = forecast.currency
        var fields: [(String, Node)] =
            [("currency", .text(currency.code))] + forecast.figures.fields(currency) + [
                ("won", .money(forecast.won, currency)),
                ("target", .money(forecast.target, currency)),
                ("gap", .money(forecast.gap, currency)),
                ("chance", .optional(forecast.chance.map(WilsonInterval.percent))),
                ("overdueAmount", .money(forecast.overdueAmount, currency)),
            ] + Node.missingRate(forecast.unconvertedTarget)
        if question.grouping != nil {
            fields.append(("rows", .rows(forecast.rows) { $0.fields(currency) }))
        }
        return ReportAnswer(
            fields, complete: forecast.isComplete, unconverted: forecast.unconverted)
    }
}

extension Forecast.Figures {
    fileprivate func fields(_ currency: Currency) -> [(String, Node)] {
        [
            ("amount", .money(amount, currency)), ("deals", .integer(deals)),
            ("expectedWins", .text(Decimal.shortest(Int128(expectedWins), digits: 4))),
            ("sigma", .money(sigma, currency)), ("p10", .money(p10, currency)),
            ("p50", .money(p50, currency)), ("p90", .money(p90, currency)),
            ("method", .text(method)), ("step", .money(step, currency)),
        ]
    }
}
