/// Sums over the deals of a unit's subtree in one stage of one process version, kept on every event
/// (E-5), so that a funnel costs the number of stages whatever the number of deals.
public struct StageSum: Hashable, Sendable {
    /// Open deals in the stage.
    public internal(set) var open = 0
    /// Deals that ever entered the stage, invalid ones excepted.
    public internal(set) var entered = 0
    /// Those of them that were won.
    public internal(set) var won = 0
    /// Exact sums of the open deals' amounts; unlike currencies are never added (D-36).
    public internal(set) var amounts: [CurrencySum] = []

    var isEmpty: Bool { open == 0 && entered == 0 && won == 0 }

    mutating func add(_ money: Money?, sign: Int) {
        open += sign
        if let money {
            add(CurrencySum(of: money), sign: sign)
        }
    }

    mutating func add(_ other: StageSum, sign: Int) {
        open += sign * other.open
        entered += sign * other.entered
        won += sign * other.won
        for sum in other.amounts { add(sum, sign: sign) }
    }

    private mutating func add(_ sum: CurrencySum, sign: Int) {
        let index = amounts.firstIndex { $0.currency == sum.currency } ?? amounts.endIndex
        if index == amounts.endIndex {
            amounts.append(CurrencySum(currency: sum.currency, count: 0, minorUnits: 0))
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

/// What one deal adds to the sums of its unit and all units above.
struct Contribution: Equatable {
    let unit: UnitID
    let version: ProcessVersion
    /// Its stage while open.
    let stage: Int?
    let amount: Money?
    /// When it is expected to close, while open.
    let close: Day?
    let enteredStages: UInt64
    let isWon: Bool

    init(_ deal: borrowing Opportunity) {
        unit = deal.unit
        version = deal.version
        stage = deal.outcome == .open ? deal.stage : nil
        amount = deal.outcome == .open ? deal.amount : nil
        close = deal.outcome == .open ? deal.close : nil
        enteredStages = deal.outcome == .invalid ? 0 : deal.enteredStages
        isWon = deal.outcome == .won
    }

    static func == (left: Contribution, right: Contribution) -> Bool {
        left.unit == right.unit && left.version === right.version && left.stage == right.stage
            && left.amount == right.amount && left.close == right.close
            && left.enteredStages == right.enteredStages && left.isWon == right.isWon
    }

    func add(to sums: inout [StageSum], sign: Int) {
        if let stage { sums[stage].add(amount, sign: sign) }
        sums.enter(enteredStages, isWon: isWon, sign: sign)
    }
}

extension DealGlance {
    /// As `Contribution` does.
    func add(to sums: inout [StageSum]) {
        if isOpen { sums[Int(standing.stage)].add(amount, sign: 1) }
        guard standing.outcome != .invalid else { return }
        sums.enter(standing.entered, isWon: standing.outcome == .won, sign: 1)
    }
}

extension [StageSum] {
    /// Counts a deal in the stages that it ever entered.
    fileprivate mutating func enter(_ stages: UInt64, isWon: Bool, sign: Int) {
        for index in indices where stages & 1 << UInt64(index) != 0 {
            self[index].entered += sign
            if isWon { self[index].won += sign }
        }
    }
}

extension State {
    mutating func addToSums(_ contribution: Contribution, sign: Int) {
        let version = contribution.version
        let empty = [StageSum](repeating: StageSum(), count: version.definition.stages.count)
        changeUpwards(from: contribution.unit) {
            contribution.add(to: &$0.sums[version.id, default: empty], sign: sign)
            if let amount = contribution.amount, let close = contribution.close {
                $0.closes.add(amount, on: close, sign: sign)
            }
        }
    }

    /// Changes a unit and all above it. Walking a `path` instead would hold on to the table, and each
    /// change would copy a chunk of it.
    private mutating func changeUpwards(from unit: UnitID, _ body: (inout Unit) -> Void) {
        var next: UnitID? = unit
        while let unit = next {
            body(&units[unit])
            next = units[unit].parent
        }
    }

    /// Adds (or takes away) a whole subtree's sums to a unit and all above it (D-29).
    mutating func addSums(of subtree: Unit, to unit: UnitID, sign: Int) {
        changeUpwards(from: unit) { unit in
            unit.closes.add(subtree.closes, sign: sign)
            for (version, stages) in subtree.sums {
                let empty = [StageSum](repeating: StageSum(), count: stages.count)
                for (index, stage) in stages.enumerated() {
                    unit.sums[version, default: empty][index].add(stage, sign: sign)
                }
            }
        }
    }
}
