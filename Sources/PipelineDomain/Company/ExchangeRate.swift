/// What one unit of a currency is worth in units of the company's currency (D-36): exact, above 0,
/// below 10^7, at most eight decimals.
public struct ExchangeRate: Hashable, Sendable {
    /// In hundred-millionths: 7.25 is 725 000 000.
    public let scaled: Int64

    static let decimals = 8
    private static let wholeDigits = 7
    private static let bound: Int64 = 1_000_000_000_000_000

    /// `nil` unless above 0 and below 10^7.
    public init?(scaled: Int64) {
        guard scaled > 0, scaled < Self.bound else { return nil }
        self.scaled = scaled
    }

    /// Reads `7.25`, `0.00045`. Refuses signs, exponents and separators.
    public init(_ text: some Collection<UInt8>) throws(RateProblem) {
        var value: Int64 = 0
        var whole = 0
        var fraction: Int?
        for byte in text {
            if byte == 0x2E, fraction == nil, whole > 0 {
                fraction = 0
                continue
            }
            guard (0x30...0x39).contains(byte) else { throw .malformed }
            if let digits = fraction { fraction = digits + 1 } else { whole += 1 }
            guard whole <= Self.wholeDigits else { throw .tooLarge }
            guard fraction ?? 0 <= Self.decimals else { throw .tooPrecise }
            value = value * 10 + Int64(byte - 0x30)
        }
        guard whole > 0, fraction != 0 else { throw .malformed }
        value *= Decimal.powerOfTen(Self.decimals - (fraction ?? 0))
        guard value > 0 else { throw .zero }
        scaled = value
    }

    /// In its shortest form, as in `7.25`.
    public var decimal: String {
        var text = Substring(Decimal.text(Int128(scaled), digits: Self.decimals))
        while text.last == "0" { text.removeLast() }
        if text.last == "." { text.removeLast() }
        return String(text)
    }
}

/// Why a text is no exchange rate.
public enum RateProblem: Error, Equatable, Sendable {
    case malformed, zero, tooLarge, tooPrecise

    public var text: String {
        switch self {
        case .malformed: "must be a plain decimal such as 7.25"
        case .zero: "must be above 0"
        case .tooLarge: "must be below 10000000"
        case .tooPrecise: "has at most 8 decimals"
        }
    }
}

/// The dated rates of one currency against the company's (D-36).
public struct ExchangeRates: Sendable {
    public struct Dated: Hashable, Sendable {
        /// The first day on which the rate holds.
        public let from: Day
        public internal(set) var rate: ExchangeRate
    }

    /// By date.
    public internal(set) var dated: [Dated] = []
    public internal(set) var revision: Revision

    /// The rate that holds on the day; `nil` before the first one.
    public func rate(on day: Day) -> ExchangeRate? { dated.last { $0.from <= day }?.rate }

    func rate(setFor day: Day) -> ExchangeRate? { dated.first { $0.from == day }?.rate }

    mutating func set(_ rate: ExchangeRate, from day: Day) {
        if let index = dated.firstIndex(where: { $0.from == day }) {
            dated[index].rate = rate
            return
        }
        let index = dated.firstIndex { $0.from > day } ?? dated.count
        dated.insert(Dated(from: day, rate: rate), at: index)
    }
}

/// The exact factor between the minor units of two currencies, over 10^11.
struct Conversion: Hashable, Sendable {
    fileprivate let factor: Int128

    init(_ rate: ExchangeRate, from: Currency, to: Currency) {
        factor = Int128(rate.scaled) * Int128(Decimal.powerOfTen(3 + to.exponent - from.exponent))
    }

    /// Within one currency.
    static let identity = Conversion(factor: 100_000_000_000)

    private init(factor: Int128) { self.factor = factor }

    /// To about fifteen digits, for what is no sum of money.
    var value: Double { factor.asDouble / 1e11 }
}

/// A sum of converted and weighted amounts without any loss, rounded once at the end (D-36): whole
/// minor units and 10^15ths of one. Four thousand million deals of 10^15 major units at the highest
/// rate stay below its bound.
struct ExactSum: Hashable, Sendable {
    private static let scale: Int128 = 1_000_000_000_000_000
    private var whole: Int128 = 0
    /// From 0 to below `scale`.
    private var fraction: Int128 = 0

    /// Adds an amount in minor units, converted, times a share in basis points.
    mutating func add(
        _ minorUnits: Int128, _ conversion: Conversion, basisPoints: Int32 = 10_000
    ) {
        let factor = conversion.factor * Int128(basisPoints)
        let product = minorUnits.magnitude.multipliedFullWidth(by: factor.magnitude)
        let (quotient, rest) = Self.scale.magnitude.dividingFullWidth(product)
        if minorUnits < 0 {
            whole -= Int128(quotient)
            fraction -= Int128(rest)
        } else {
            whole += Int128(quotient)
            fraction += Int128(rest)
        }
        carry()
    }

    init(_ minorUnits: Int128 = 0) { whole = minorUnits }

    static func - (left: ExactSum, right: ExactSum) -> ExactSum {
        var difference = ExactSum(left.whole - right.whole)
        difference.fraction = left.fraction - right.fraction
        difference.carry()
        return difference
    }

    mutating func add(_ other: ExactSum) {
        whole += other.whole
        fraction += other.fraction
        carry()
    }

    private mutating func carry() {
        if fraction >= Self.scale {
            fraction -= Self.scale
            whole += 1
        } else if fraction < 0 {
            fraction += Self.scale
            whole -= 1
        }
    }

    /// Whole minor units, half up: ties away from zero.
    var rounded: Int128 {
        let isUp = whole < 0 ? fraction * 2 > Self.scale : fraction * 2 >= Self.scale
        return isUp ? whole + 1 : whole
    }

    /// The sum itself in its lowest terms; where that leaves 128 bits, in whole minor units.
    var quotient: (numerator: Int128, denominator: Int128) {
        let (wide, over) = whole.multipliedReportingOverflow(by: Self.scale)
        let (exact, overToo) = wide.addingReportingOverflow(fraction)
        guard !over, !overToo else { return (rounded, 1) }
        let common = Decimal.commonDivisor(exact, Self.scale)
        return (exact / common, Self.scale / common)
    }

    /// Divided among so many, rounded once; `nil` among none.
    func average(of count: Int) -> Int128? {
        guard count > 0 else { return nil }
        return Decimal.quotient(
            [quotient.numerator], by: [quotient.denominator, Int128(count)])
    }

    /// Whether the sum reaches so many minor units, exactly.
    func reaches(_ minorUnits: Int64) -> Bool { whole >= Int128(minorUnits) }
}

extension ExactSum: Comparable {
    static func < (left: Self, right: Self) -> Bool {
        (left.whole, left.fraction) < (right.whole, right.fraction)
    }
}

/// What an amount is worth beside others, whatever their currencies (D-36): what can be converted is
/// compared exactly in the company's currency, what cannot within its own currency only.
public struct Worth: Comparable, Sendable {
    /// `nil` where the amount could be converted.
    public let unconverted: Currency?
    private let sum: ExactSum

    fileprivate init(_ sum: ExactSum, unconverted: Currency? = nil) {
        self.sum = sum
        self.unconverted = unconverted
    }

    /// Of two amounts that are comparable at all.
    public static func < (left: Self, right: Self) -> Bool { left.sum < right.sum }
}

extension State {
    /// What the deal's amount is worth, an open deal's at the rate of the day; `nil` without one.
    public func worth(of deal: Opportunity, on day: Day) -> Worth? {
        guard let amount = deal.amount else { return nil }
        if let converted = convertedAmount(of: deal, on: day) { return Worth(converted) }
        return unconverted(amount)
    }

    /// What an amount is worth at the rate of the day.
    public func worth(of amount: Money, on day: Day) -> Worth {
        guard let conversion = conversion(of: amount.currency, on: day) else {
            return unconverted(amount)
        }
        var sum = ExactSum()
        sum.add(Int128(amount.minorUnits), conversion)
        return Worth(sum)
    }

    private func unconverted(_ amount: Money) -> Worth {
        var sum = ExactSum()
        sum.add(Int128(amount.minorUnits), .identity)
        return Worth(sum, unconverted: amount.currency)
    }
}

extension State {
    /// The rate at which the currency stands on the day; `nil` for the company's own, and where none
    /// is known.
    func rate(of currency: Currency, on day: Day) -> ExchangeRate? {
        company.rates[currency]?.rate(on: day)
    }

    /// How amounts of the currency are told in the company's; `nil` without a rate: a missing one is
    /// never 1 (D-36).
    func conversion(of currency: Currency, on day: Day) -> Conversion? {
        if currency == company.currency { return .identity }
        return rate(of: currency, on: day).map {
            Conversion($0, from: currency, to: company.currency)
        }
    }

    /// The deal's amount in the company's currency: an open deal's at the rate of the day, a closed
    /// one's at the rate frozen when it closed (D-36). `nil` without an amount or a rate.
    func convertedAmount(of deal: borrowing Opportunity, on day: Day) -> ExactSum? {
        guard let amount = deal.amount else { return nil }
        var conversion = conversion(of: amount.currency, on: day)
        if deal.outcome != .open, amount.currency != company.currency {
            conversion = deal.closingRate.map {
                Conversion($0, from: amount.currency, to: company.currency)
            }
        }
        guard let conversion else { return nil }
        var sum = ExactSum()
        sum.add(Int128(amount.minorUnits), conversion)
        return sum
    }

    /// The calendar date in the company's zone, whose rates count (D-37).
    func today(_ context: Context) -> Day {
        context.zones.day(in: company.zone, at: context.now)
    }
}

extension Closing {
    /// With the rate of the day frozen into it (D-36).
    func frozen(_ deal: Opportunity, _ state: State, _ context: Context) -> Closing {
        let currency = deal.amount?.currency ?? deal.currency
        return Closing(
            reason: reason, competitor: competitor, review: review, note: note,
            rate: state.rate(of: currency, on: state.today(context)))
    }
}
