import PipelineDomain

extension CommandTable {
    /// What an admin sets for the whole company.
    static let settings: [Command] = [
        .write(
            "RATE.SET",
            "Says what one unit of a currency is worth in the company's from a date on.",
            .administration, rights: "admin",
            .required("code", .currency), .required("date", .day), .required("rate", .exchangeRate)
        ) { currency, day, rate in SetRate(currency: currency, day: day, rate: rate) },
        .query(
            "RATE.LIST", "Lists the dated rates by currency and date.", .administration,
            .option("CUR", .currency), .limit
        ) { call, currency, page in call.writeRates(currency, page: page) },
    ]
}

extension ValueType where Value == ExchangeRate {
    static var exchangeRate: Self {
        Self("rate", bounds: "such as `7.25`, above 0, below 10^7, at most 8 decimals") {
            request, index, argument throws(ArgumentError) in
            do throws(RateProblem) {
                return try ExchangeRate(request[index])
            } catch {
                throw .value(argument: argument, problem: error.text)
            }
        }
    }
}
