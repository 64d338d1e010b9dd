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
        for id in pausing(deals) {
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
            pausing(deals).map { past.opportunities.lend($0) { $0.row.definition.cycleDays } })
        guard stated.count == 1, let days = stated.first.flatMap(\.self) else { return nil }
        return Int64(days) * Instant.dayMilliseconds
    }
}

extension Decimal {
    /// The product of some numbers over that of others, rounded once, half up. Where it would leave 128
    /// bits even in its lowest terms it is computed in floating point, to about fifteen digits. The divisors
    /// are above 0.
    static func quotient(_ factors: [Int128], by divisors: [Int128]) -> Int128 {
        switch reduced(factors, divisors) {
        case .exact(let above, let below): rounded(above, by: below)
        case .about(let value): Int128(value.rounded())
        }
    }

    /// The same rounded up; the factors are not below 0.
    static func quotientUp(_ factors: [Int128], by divisors: [Int128]) -> Int128 {
        switch reduced(factors, divisors) {
        case .exact(let above, let below): roundedUp(above, by: below)
        case .about(let value): Int128(value.rounded(.up))
        }
    }

    private enum Reduced {
        case exact(Int128, over: Int128)
        case about(Double)
    }

    private static func reduced(_ factors: [Int128], _ divisors: [Int128]) -> Reduced {
        func product(_ numbers: [Int128]) -> Int128? {
            numbers.reduce(Int128(1)) { product, number in
                guard let product else { return nil }
                let (value, over) = product.multipliedReportingOverflow(by: number)
                return over || value.magnitude >= UInt128(1) << 125 ? nil : value
            }
        }
        if let above = product(factors), let below = product(divisors) {
            return .exact(above, over: below)
        }
        var (factors, divisors) = (factors, divisors)
        for above in factors.indices {
            for below in divisors.indices {
                let common = commonDivisor(factors[above], divisors[below])
                factors[above] /= common
                divisors[below] /= common
            }
        }
        if let above = product(factors), let below = product(divisors) {
            return .exact(above, over: below)
        }
        let value =
            factors.reduce(1.0) { $0 * $1.asDouble } / divisors.reduce(1.0) { $0 * $1.asDouble }
        return .about(max(-1e37, min(1e37, value)))
    }

    /// The greatest one of a number and one above 0.
    static func commonDivisor(_ number: Int128, _ other: Int128) -> Int128 {
        var (large, small) = (other, Int128(number.magnitude))
        while small != 0 { (large, small) = (small, large % small) }
        return large
    }

    /// `numerator ÷ denominator` rounded up. Both above or equal to 0, the denominator above.
    static func roundedUp(_ numerator: Int128, by denominator: Int128) -> Int128 {
        let (quotient, rest) = numerator.quotientAndRemainder(dividingBy: denominator)
        return rest > 0 ? quotient + 1 : quotient
    }
}
