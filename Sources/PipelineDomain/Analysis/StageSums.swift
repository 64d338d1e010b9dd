/// Sums over the deals of a unit's subtree in one stage of one process version, kept on every event
/// (E-5), so that a funnel costs the number of stages whatever the number of deals.
public struct StageSum: Hashable, Sendable {
    /// Open deals in the stage.
    public internal(set) var open = 0
    /// Deals that ever entered the stage, invalid ones excepted.
    public internal(set) var entered = 0
    /// Those of them that ever entered the stage behind it in their version, too: however they came
    /// there, so that a step is no more than what entered it.
    public internal(set) var onward = 0
    /// Those that entered the stage and were won.
    public internal(set) var won = 0
    /// Exact sums of the open deals' amounts, by currency: unlike ones are never added (D-36).
    public internal(set) var amounts: [CurrencySum] = []

    var isEmpty: Bool { open == 0 && entered == 0 && won == 0 }

    mutating func add(_ money: Money?, sign: Int) {
        add(money.map { CurrencySum(of: $0) }, sign: sign)
    }

    /// An open deal, with its amount if it has one.
    mutating func add(_ amount: CurrencySum?, sign: Int) {
        open += sign
        if let amount { addAmounts(amount, sign: sign) }
    }

    mutating func add(_ other: StageSum, sign: Int) {
        open += sign * other.open
        entered += sign * other.entered
        onward += sign * other.onward
        won += sign * other.won
        for sum in other.amounts { addAmounts(sum, sign: sign) }
    }

    private mutating func addAmounts(_ sum: CurrencySum, sign: Int) {
        let index = amounts.firstIndex { $0.currency >= sum.currency } ?? amounts.endIndex
        if index == amounts.endIndex || amounts[index].currency != sum.currency {
            amounts.insert(
                CurrencySum(currency: sum.currency, count: 0, minorUnits: 0), at: index)
        }
        amounts[index].add(sum, sign: sign)
        if amounts[index].count == 0 { amounts.remove(at: index) }
    }
}

/// Amounts of one currency.
public struct CurrencySum: Hashable, Sendable {
    public let currency: Currency
    public internal(set) var count: Int
    public internal(set) var minorUnits: Int128
    /// Σ amount² and Σ amount³, in minor units: how far a forecast is spread, and how it leans, follows
    /// from them.
    package internal(set) var squares = SquareSum()
    package internal(set) var cubes = CubeSum()

    init(of money: Money) {
        self.init(currency: money.currency, count: 1, minorUnits: Int128(money.minorUnits))
        squares = SquareSum(of: money.minorUnits)
        cubes = CubeSum(of: money.minorUnits)
    }

    init(currency: Currency, count: Int, minorUnits: Int128) {
        self.currency = currency
        self.count = count
        self.minorUnits = minorUnits
    }

    /// Of the same currency.
    mutating func add(_ other: CurrencySum, sign: Int) {
        count += sign * other.count
        minorUnits += Int128(sign) * other.minorUnits
        squares.add(other.squares, sign: sign)
        cubes.add(other.cubes, sign: sign)
    }

    /// The amount of each, if it is the same for all: squares sum to the least that they can.
    var evenAmount: Int64? {
        guard count > 0, let even = Int64(exactly: minorUnits / Int128(count)),
            Int128(even) * Int128(count) == minorUnits,
            SquareSum(of: even, count: count) == squares
        else { return nil }
        return even
    }

    public var decimal: String { Decimal.text(minorUnits, digits: currency.exponent) }
}

/// A sum of squares, exact: as many of the largest amounts as there are ids do not fill its 192 bits.
package struct SquareSum: Hashable, Sendable {
    package private(set) var high: Int128
    package private(set) var low: UInt64

    package init(high: Int128 = 0, low: UInt64 = 0) { (self.high, self.low) = (high, low) }

    init(of number: Int64) {
        let square = number.magnitude.multipliedFullWidth(by: number.magnitude)
        self.init(high: Int128(square.high), low: square.low)
    }

    /// So many times the square of the number.
    init(of number: Int64, count: Int) {
        let square = number.magnitude.multipliedFullWidth(by: number.magnitude)
        let low = square.low.multipliedFullWidth(by: UInt64(count))
        self.init(high: Int128(square.high) * Int128(count) + Int128(low.high), low: low.low)
    }

    mutating func add(_ other: SquareSum, sign: Int) {
        addHalves(other.high, other.low, sign: sign, to: &high, &low)
    }

    var value: Double { high.asDouble * 0x1p64 + Double(low) }
}

/// Adds to a number of two halves, or takes from it.
private func addHalves<Low: FixedWidthInteger & UnsignedInteger>(
    _ otherHigh: Int128, _ otherLow: Low, sign: Int, to high: inout Int128, _ low: inout Low
) {
    if sign < 0 {
        let (rest, borrow) = low.subtractingReportingOverflow(otherLow)
        low = rest
        high -= otherHigh + (borrow ? 1 : 0)
    } else {
        let (sum, carry) = low.addingReportingOverflow(otherLow)
        low = sum
        high += otherHigh + (carry ? 1 : 0)
    }
}

extension Int128 {
    /// To about fifteen digits: the library's own way is a hundred times slower.
    var asDouble: Double {
        Double(Int64(truncatingIfNeeded: self >> 64)) * 0x1p64
            + Double(UInt64(truncatingIfNeeded: self))
    }
}

/// A sum of cubes, exact, in 256 bits.
package struct CubeSum: Hashable, Sendable {
    package private(set) var high: Int128
    package private(set) var low: UInt128

    package init(high: Int128 = 0, low: UInt128 = 0) { (self.high, self.low) = (high, low) }

    /// Of a number that is not below 0.
    init(of number: Int64) {
        let square = UInt128(number.magnitude) * UInt128(number.magnitude)
        let cube = square.multipliedFullWidth(by: UInt128(number.magnitude))
        self.init(high: Int128(cube.high), low: cube.low)
    }

    mutating func add(_ other: CubeSum, sign: Int) {
        addHalves(other.high, other.low, sign: sign, to: &high, &low)
    }

    var value: Double {
        high.asDouble * 0x1p128 + Double(UInt64(truncatingIfNeeded: low >> 64)) * 0x1p64
            + Double(UInt64(truncatingIfNeeded: low))
    }
}

extension DealGlance {
    /// As a `Contribution` is added where it comes.
    func add(to sums: inout [StageSum]) {
        if isOpen { sums[Int(standing.stage)].add(amount, sign: 1) }
        guard standing.outcome != .invalid else { return }
        sums.count(StageBits(entered: standing.entered, won: standing.outcome == .won), sign: 1)
    }
}

/// What a deal that is not invalid counts as in the stages of its version, by bit.
struct StageBits: Equatable {
    private(set) var entered: UInt64
    private(set) var onward: UInt64
    private(set) var won: UInt64

    init(entered: UInt64, won: Bool) {
        self.entered = entered
        onward = entered & entered >> 1
        self.won = won ? entered : 0
    }

    var any: UInt64 { entered | onward | won }

    mutating func subtract(_ other: StageBits) {
        entered &= ~other.entered
        onward &= ~other.onward
        won &= ~other.won
    }
}

extension [StageSum] {
    mutating func count(_ bits: StageBits, sign: Int) {
        for index in indices where bits.any >> UInt64(index) & 1 != 0 {
            if bits.entered >> UInt64(index) & 1 != 0 { self[index].entered += sign }
            if bits.onward >> UInt64(index) & 1 != 0 { self[index].onward += sign }
            if bits.won >> UInt64(index) & 1 != 0 { self[index].won += sign }
        }
    }
}
