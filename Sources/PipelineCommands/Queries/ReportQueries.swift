import PipelineDomain
import PipelineProtocol

extension Call {
    /// A whole unit's kept sums are answered at once; anything that looks at single deals goes off
    /// the lock (E-1, E-5).
    func writeFunnel(_ scope: Scope, asOf: AsOf?) throws(Rejection) {
        let atOnce = scope.isAnsweredFromSums(state, viewer)
        try reporting(asOf: asOf, atOnce: atOnce) { (call, basis) throws(Rejection) in
            try call.writeFunnel(scope, basis)
        }
    }

    private func writeFunnel(_ scope: Scope, _ basis: ReportBasis) throws(Rejection) {
        let funnel = try basis.funnel(scope)
        let exponent = funnel.currency.exponent
        reply.map(funnel.unconverted.isEmpty ? 9 : 10)
        reply.bulk("process")
        reply.bulk(funnel.process)
        reply.bulk("version")
        reply.integer(funnel.version)
        reply.bulk("currency")
        reply.bulk(funnel.currency.code)
        reply.bulk("stages")
        reply.array(funnel.rows.count)
        for row in funnel.rows {
            reply.map(8)
            reply.bulk("stage")
            reply.bulk(row.key)
            reply.bulk("name")
            reply.bulk(row.name)
            reply.bulk("count")
            reply.integer(row.count)
            reply.bulk("amount")
            reply.bulk(Decimal.text(row.amount, digits: exponent))
            reply.bulk("winRate")
            reply.bulk(row.winRate.percent)
            reply.bulk("weighted")
            reply.bulk(Decimal.text(row.weighted, digits: exponent))
            reply.bulk("conversion")
            reply.optional(row.conversion?.percent)
            reply.bulk("flag")
            if row.isWeak { reply.bulk("weak") } else { reply.null() }
        }
        reply.bulk("open")
        reply.integer(funnel.open)
        reply.bulk("amount")
        reply.bulk(Decimal.text(funnel.amount, digits: exponent))
        reply.bulk("weighted")
        reply.bulk(Decimal.text(funnel.weighted, digits: exponent))
        writeEnd(complete: funnel.isComplete, unconverted: funnel.unconverted, basis)
    }

    func writeForecast(_ scope: Scope, asOf: AsOf?) throws(Rejection) {
        let atOnce = scope.isAnsweredFromSums(state, viewer)
        try reporting(asOf: asOf, atOnce: atOnce) { (call, basis) throws(Rejection) in
            try call.writeForecast(scope, basis)
        }
    }

    private func writeForecast(_ scope: Scope, _ basis: ReportBasis) throws(Rejection) {
        let forecast = try basis.forecast(scope)
        let exponent = forecast.currency.exponent
        reply.map(forecast.unconverted.isEmpty ? 7 : 8)
        reply.bulk("amount")
        reply.bulk(Decimal.text(forecast.amount, digits: exponent))
        reply.bulk("currency")
        reply.bulk(forecast.currency.code)
        reply.bulk("deals")
        reply.integer(forecast.deals)
        reply.bulk("expectedWins")
        reply.bulk(Decimal.text(Int128(forecast.expectedWins), digits: 4))
        reply.bulk("overdueAmount")
        reply.optional(forecast.overdueAmount.map { Decimal.text($0, digits: exponent) })
        writeEnd(complete: forecast.isComplete, unconverted: forecast.unconverted, basis)
    }

    private func writeEnd(
        complete: Bool, unconverted: [CurrencySum], _ basis: ReportBasis
    ) {
        reply.bulk("complete")
        reply.boolean(complete)
        if !unconverted.isEmpty {
            reply.bulk("unconverted")
            reply.array(unconverted.count)
            for sum in unconverted {
                reply.map(3)
                reply.bulk("currency")
                reply.bulk(sum.currency.code)
                reply.bulk("count")
                reply.integer(sum.count)
                reply.bulk("amount")
                reply.bulk(sum.decimal)
            }
        }
        reply.bulk("receipt")
        writeReceipt(basis)
    }
}
