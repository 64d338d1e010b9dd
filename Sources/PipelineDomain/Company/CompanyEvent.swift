/// What changes for the company as a whole after its founding.
public enum CompanyEvent: Hashable, Sendable {
    /// One unit of the currency is worth so much from that day on; `from` is what was set for the
    /// same day before (D-36).
    case rateSet(Currency, from: Day, Change<ExchangeRate?>)
    /// A field of the company's own was put down or changed (D-10).
    case fieldPut(FieldNoun, Change<FeedbackField?>)
    /// A calendar was put down or changed (D-37).
    case calendarPut(Change<WorkCalendar?>)
    /// Time passed, and nothing else: reports are as at the instant of the last record.
    case timePassed
    /// Older records are to be had no more, as the operator's setting wants it (W-9).
    case historyDropped(HistoryHorizon)
}

extension State {
    mutating func evolve(_ event: CompanyEvent, _ recorded: Recorded) {
        switch event {
        case .timePassed: break
        case .historyDropped(let horizon): company.horizon = horizon
        case .calendarPut(let change): if let calendar = change.to { put(calendar, recorded) }
        case .fieldPut(let noun, let change):
            if let field = change.to { put(field, noun, recorded) }
        case .rateSet(let currency, let day, let change):
            var rates =
                company.rates[currency]
                ?? ExchangeRates(revision: Revision(number: 0, by: recorded.actor))
            if let rate = change.to { rates.set(rate, from: day) }
            rates.revision.advance(by: recorded.actor)
            company.rates[currency] = rates
        }
    }
}

/// `RATE.SET`: admin. A second one for the same day corrects the first (D-36).
public struct SetRate: Intent {
    let currency: Currency
    let day: Day
    let rate: ExchangeRate

    public init(currency: Currency, day: Day, rate: ExchangeRate) {
        self.currency = currency
        self.day = day
        self.rate = rate
    }

    public func decide(_ state: State, _ context: Context) throws(Rejection) -> Decision {
        try state.requireAdmin(context, "set rates")
        let known = state.company.rates[currency]
        let revision = known?.revision ?? Revision(number: 0, by: context.actor)
        try context.check(revision, of: currency.code)
        guard currency != state.company.currency else {
            throw .invalid("code", "\(currency.code) is the company's own currency, which is 1")
        }
        let before = known?.rate(setFor: day)
        let event = CompanyEvent.rateSet(currency, from: day, Change(from: before, to: rate))
        return Decision(.currency(currency), before == rate ? [] : [.company(event)])
    }
}
