/// Amounts put together in the company's currency, and beside them those that have no rate (D-36).
struct MoneySum {
    private(set) var exact = ExactSum()
    private var missing: [Currency: CurrencySum] = [:]

    /// In minor units, rounded once, half up.
    var rounded: Int128 { exact.rounded }

    var unconverted: [CurrencySum] { missing.values.sorted { $0.currency < $1.currency } }

    mutating func add(_ sum: ExactSum) { exact.add(sum) }

    mutating func miss(_ amount: Money) {
        miss(CurrencySum(of: amount))
    }

    mutating func miss(_ sum: CurrencySum) {
        let none = CurrencySum(currency: sum.currency, count: 0, minorUnits: 0)
        missing[sum.currency, default: none].add(sum, sign: 1)
    }

    /// What the other one could not convert.
    mutating func miss(_ other: MoneySum) {
        for sum in other.missing.values { miss(sum) }
    }
}

/// The rates of one day, each looked up once.
struct Conversions {
    private let state: State
    private let day: Day
    private var known: [Currency: Conversion?] = [:]

    init(_ state: State, _ day: Day) {
        self.state = state
        self.day = day
    }

    subscript(currency: Currency) -> Conversion? {
        mutating get {
            if let conversion = known[currency] { return conversion }
            let conversion = state.conversion(of: currency, on: day)
            known[currency] = .some(conversion)
            return conversion
        }
    }
}

extension ReportBasis {
    /// Adds a deal's amount: an open deal's at the rate of the day, a closed one's at its frozen rate.
    func add(_ deal: borrowing Opportunity, to sum: inout MoneySum) {
        guard let amount = deal.amount else { return }
        if let converted = past.convertedAmount(of: deal, on: today) {
            sum.add(converted)
        } else {
            sum.miss(amount)
        }
    }

    /// How many of the deals have an amount that can be converted.
    func valued(_ deals: [OpportunityID]) -> Int {
        deals.count { id in
            past.opportunities.lend(id) { past.convertedAmount(of: $0.row, on: today) != nil }
        }
    }

    func money(of deals: [OpportunityID]) -> MoneySum {
        var sum = MoneySum()
        for id in pausing(deals) { past.opportunities.lend(id) { add($0.row, to: &sum) } }
        return sum
    }
}
