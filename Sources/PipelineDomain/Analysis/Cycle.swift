/// How long won deals took, exactly: from the lead's creation, else the deal's, to winning (§7).
struct CycleSum: Sendable {
    private(set) var count = 0
    private(set) var milliseconds: Int128 = 0

    mutating func add(_ duration: Int64) {
        count += 1
        milliseconds += Int128(max(0, duration))
    }

    /// Half up; `nil` of nothing.
    var mean: Int64? {
        count > 0 ? Int64(clamping: Decimal.rounded(milliseconds, by: Int128(count))) : nil
    }
}

extension ReportBasis {
    /// Over the won ones among the deals.
    func cycle(of deals: [OpportunityID]) -> CycleSum {
        var sum = CycleSum()
        for id in deals {
            past.opportunities.lend(id) { deal in
                guard deal.row.outcome == .won, let closed = deal.row.closedAt else { return }
                let start = past.cycleStart(of: deal.row)
                let (gap, over) = closed.milliseconds.subtractingReportingOverflow(
                    start.milliseconds)
                if !over { sum.add(gap) }
            }
        }
        return sum
    }

    /// The realised average of the deals; else the one that their processes state, where they agree
    /// (D-4). In milliseconds.
    func averageCycle(of deals: [OpportunityID]) -> Int64? {
        if let mean = cycle(of: deals).mean { return mean }
        let stated = Set(
            deals.map { past.opportunities.lend($0) { $0.row.definition.cycleDays } })
        guard stated.count == 1, let days = stated.first.flatMap(\.self) else { return nil }
        return Int64(days) * Instant.dayMilliseconds
    }
}

extension Decimal {
    /// The product of some numbers over that of others, rounded once, half up. Where it would leave 128
    /// bits it is computed in floating point, to about fifteen digits. The divisors are above 0.
    static func quotient(_ factors: [Int128], by divisors: [Int128]) -> Int128 {
        func product(_ numbers: [Int128]) -> Int128? {
            numbers.reduce(Int128(1)) { product, number in
                guard let product else { return nil }
                let (value, over) = product.multipliedReportingOverflow(by: number)
                return over ? nil : value
            }
        }
        if let above = product(factors), let below = product(divisors),
            above.magnitude < UInt128(1) << 125
        {
            return rounded(above, by: below)
        }
        let value =
            factors.reduce(1.0) { $0 * Double($1) } / divisors.reduce(1.0) { $0 * Double($1) }
        return Int128(max(-1e37, min(1e37, value.rounded())))
    }

    /// `numerator ÷ denominator` rounded up. Both above or equal to 0, the denominator above.
    static func roundedUp(_ numerator: Int128, by denominator: Int128) -> Int128 {
        let (quotient, rest) = numerator.quotientAndRemainder(dividingBy: denominator)
        return rest > 0 ? quotient + 1 : quotient
    }
}
