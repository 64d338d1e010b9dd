import PipelineDomain
import PipelineProtocol

extension Call {
    func writeRates(_ wanted: Currency?, page: Page) {
        let currencies = state.company.rates.keys.sorted().filter { wanted == nil || $0 == wanted }
        let all = currencies.flatMap { currency in
            (state.company.rates[currency]?.dated ?? []).map { (currency, $0) }
        }
        let rows = all.dropFirst(page.offset).prefix(page.count)
        reply.array(rows.count)
        for (currency, dated) in rows {
            reply.map(3)
            reply.bulk("code")
            reply.bulk(currency.code)
            reply.bulk("date")
            reply.bulk(dated.from.description)
            reply.bulk("rate")
            reply.bulk(dated.rate.decimal)
        }
    }
}
