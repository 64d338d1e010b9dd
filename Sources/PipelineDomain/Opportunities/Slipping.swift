extension State {
    /// The owner's superior hears of a close date moved into a later quarter, and of an amount cut by
    /// 20 % or more (N-2).
    func slipped(
        _ deal: Opportunity, _ events: [OpportunityEvent], _ context: Context
    ) -> [Event] {
        guard events.contains(where: \.maySlip) else { return [] }
        let slips = events.compactMap { event -> String? in
            switch event {
            case .closeChanged(let change) where change.isIntoLaterQuarter:
                return
                    "\(Self.text(change.from?.description)) → \(Self.text(change.to?.description))"
            case .amountChanged(let change) where change.isCut:
                return "\(Self.text(change.from?.text)) → \(Self.text(change.to?.text))"
            default: return nil
            }
        }
        guard !slips.isEmpty else { return [] }
        return tellSuperior(
            of: deal, .dealSlipped, note: slips.joined(separator: "; "), context)
    }

    private static func text(_ value: String?) -> String { value ?? "-" }
}

extension OpportunityEvent {
    fileprivate var maySlip: Bool {
        switch self {
        case .closeChanged, .amountChanged: true
        default: false
        }
    }
}

extension Change<Day?> {
    fileprivate var isIntoLaterQuarter: Bool {
        guard let from, let to else { return false }
        return from.quarter < to.quarter
    }
}

extension Day {
    /// Quarters of the calendar year, counted on.
    fileprivate var quarter: Int {
        let (year, month, _) = civil
        return year * 4 + (month - 1) / 3
    }
}

extension Change<Money?> {
    /// By 20 % or more, or altogether. Amounts in two currencies are not compared.
    fileprivate var isCut: Bool {
        guard let from, from.minorUnits > 0 else { return false }
        guard let to else { return true }
        return from.currency == to.currency
            && Int128(to.minorUnits) * 5 <= Int128(from.minorUnits) * 4
    }
}

extension Money {
    fileprivate var text: String { "\(decimal) \(currency.code)" }
}
