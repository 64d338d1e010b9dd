/// What deals bring that are won independently of each other, each with its stage's rate.
///
/// With few deals every sum that they can make is computed with its probability (`exact`). Otherwise,
/// all amounts are multiples of a common unit. As long as there are not too many multiples up to the sum,
/// the probability of every multiple is computed, deal by deal (`exact`). Where there are too many,
/// amounts are first rounded to a grid (`grid`): no amount moves by more than half a step, so no quantile
/// by more than half a step for every deal. Of more than `Moments.fewDeals` the normal distribution of the
/// same mean and spread is told, with the correction for continuity (`normal`): it follows from kept sums,
/// however many they are. Probabilities are double floating-point numbers, good to about twelve digits.
struct Distribution: Sendable {
    enum Method: String, Sendable { case exact, grid, normal }

    /// Deals of the same amount, in minor units of the company's currency, and the same rate.
    struct Bet: Hashable {
        let minorUnits: Int128
        let basisPoints: Int32
    }

    /// Most multiples that are told apart.
    static let cells = 20_000
    /// Most sums that are computed one by one.
    static let fewOutcomes = 4_096
    /// Most deals × multiples: about a millisecond.
    static let work = 4_000_000

    let method: Method
    /// The step of the grid, minor units; 1 or the common unit where the result is exact.
    let step: Int128
    /// In minor units.
    let mean: Double
    let sigma: Double
    /// What is won in any case: deals at 100 %.
    private let sure: Int128
    private let most: Int128
    /// P(sure + step × k), by k; empty for `normal` and where there are `outcomes`.
    private let probabilities: [Double]
    /// Every sum that few deals can make, ascending.
    private let outcomes: [Outcome]

    private struct Outcome {
        let amount: Int128
        let probability: Double
    }

    /// What the normal distribution is made from: the first two moments of the deals' sum.
    struct Moments {
        /// Deals that may be won or not.
        private(set) var deals = 0
        private(set) var mean = 0.0
        private(set) var variance = 0.0
        private var sure = ExactSum()
        private var most = ExactSum()

        /// More deals than these are told by the normal distribution, which they are then too close to for
        /// anybody to see the difference.
        static let fewDeals = 500

        var isOfMany: Bool { deals > Self.fewDeals }
        /// All sums of so few deals are enumerated.
        var isOfFew: Bool { deals < 64 && 1 << deals <= Distribution.fewOutcomes }
        fileprivate var bounds: (sure: Int128, most: Int128) { (sure.rounded, most.rounded) }

        /// Deals of one currency in stages of one rate.
        mutating func add(_ sum: CurrencySum, _ conversion: Conversion, basisPoints: Int32) {
            guard basisPoints > 0 else { return }
            let rate = Double(basisPoints) / 10_000
            let unit = conversion.value
            most.add(sum.minorUnits, conversion)
            mean += Double(sum.minorUnits) * unit * rate
            guard basisPoints < 10_000 else {
                sure.add(sum.minorUnits, conversion)
                return
            }
            deals += sum.count
            variance += sum.squares.value * unit * unit * rate * (1 - rate)
        }
    }

    /// Of many deals, by the normal distribution.
    init(_ moments: Moments) {
        (method, step, probabilities, outcomes) = (.normal, 1, [], [])
        (mean, sigma) = (moments.mean, moments.variance.squareRoot())
        (sure, most) = moments.bounds
    }

    /// Of few deals, one by one.
    init(_ bets: [Bet: Int]) {
        var sure: Int128 = 0
        var open: [(bet: Bet, count: Int)] = []
        for (bet, count) in bets where bet.minorUnits > 0 && bet.basisPoints > 0 {
            if bet.basisPoints >= 10_000 {
                sure += bet.minorUnits * Int128(count)
            } else {
                open.append((bet, count))
            }
        }
        open.sort {
            ($0.bet.minorUnits, $0.bet.basisPoints) < ($1.bet.minorUnits, $1.bet.basisPoints)
        }
        var mean = Double(sure)
        var variance = 0.0
        var total: Int128 = 0
        var deals = 0
        var unit: Int128 = 0
        for (bet, count) in open {
            let (amount, rate) = (Double(bet.minorUnits), Double(bet.basisPoints) / 10_000)
            mean += amount * rate * Double(count)
            variance += amount * amount * rate * (1 - rate) * Double(count)
            total += bet.minorUnits * Int128(count)
            deals += count
            unit = Self.divisor(unit, bet.minorUnits)
        }
        (self.sure, most, self.mean, sigma) = (sure, sure + total, mean, variance.squareRoot())
        guard deals > 0 else {
            (method, step, probabilities, outcomes) = (.exact, 1, [1], [])
            return
        }
        if let all = Self.outcomes(open) {
            (method, step, probabilities, outcomes) = (.exact, unit, [], all)
            return
        }
        outcomes = []
        let affordable = max(1, min(Self.cells, Self.work / deals))
        if total / unit <= Int128(affordable) {
            (method, step) = (.exact, unit)
        } else {
            // Rounding each amount up could at most add half a step a deal.
            (method, step) = (.grid, (total + Int128(affordable) - 1) / Int128(affordable))
        }
        probabilities = Self.convolution(open, step)
    }

    /// `nil` if there are too many: deals of the same amount and rate add one each, others double them.
    private static func outcomes(_ open: [(bet: Bet, count: Int)]) -> [Outcome]? {
        var most = 1
        for (_, count) in open {
            let (product, over) = most.multipliedReportingOverflow(by: count + 1)
            guard !over, product <= fewOutcomes else { return nil }
            most = product
        }
        var outcomes = [Outcome(amount: 0, probability: 1)]
        for (bet, count) in open {
            for _ in 0..<count { outcomes = added(bet, to: outcomes) }
        }
        return outcomes
    }

    /// Merges the sums without the deal and those with it, both ascending.
    private static func added(_ bet: Bet, to outcomes: [Outcome]) -> [Outcome] {
        let rate = Double(bet.basisPoints) / 10_000
        var merged: [Outcome] = []
        merged.reserveCapacity(outcomes.count * 2)
        var (without, with) = (0, 0)
        while with < outcomes.count {
            let raised = outcomes[with].amount + bet.minorUnits
            if without < outcomes.count, outcomes[without].amount < raised {
                merged.append(
                    Outcome(
                        amount: outcomes[without].amount,
                        probability: outcomes[without].probability * (1 - rate)))
                without += 1
                continue
            }
            var probability = outcomes[with].probability * rate
            if without < outcomes.count, outcomes[without].amount == raised {
                probability += outcomes[without].probability * (1 - rate)
                without += 1
            }
            merged.append(Outcome(amount: raised, probability: probability))
            with += 1
        }
        return merged
    }

    private static func divisor(_ first: Int128, _ second: Int128) -> Int128 {
        var (large, small) = (first, second)
        while small != 0 {
            if large == 1 { return 1 }
            (large, small) = (small, large % small)
        }
        return large
    }

    /// Adds one deal after the other: with it, or without.
    private static func convolution(
        _ open: [(bet: Bet, count: Int)], _ step: Int128
    ) -> [Double] {
        let places = open.map { Int(truncatingIfNeeded: ($0.bet.minorUnits + step / 2) / step) }
        let last = zip(open, places).reduce(0) { $0 + $1.0.count * $1.1 }
        var probabilities = [Double](repeating: 0, count: last + 1)
        probabilities[0] = 1
        var filled = 0
        probabilities.withUnsafeMutableBufferPointer { cells in
            for ((bet, count), shift) in zip(open, places) where shift > 0 {
                let rate = Double(bet.basisPoints) / 10_000
                for _ in 0..<count {
                    filled += shift
                    for place in stride(from: filled, through: shift, by: -1) {
                        cells[place] = cells[place] * (1 - rate) + cells[place - shift] * rate
                    }
                    for place in stride(from: min(shift - 1, filled), through: 0, by: -1) {
                        cells[place] *= 1 - rate
                    }
                }
            }
        }
        return probabilities
    }

    /// Rounding in the last digits decides no comparison.
    private static let slack = 1e-12

    /// The smallest x with P(X ≤ x) ≥ p, for the three quantiles that are reported.
    func quantile(_ quantile: Quantile) -> Int128 {
        if let last = outcomes.last {
            var sum = 0.0
            for outcome in outcomes {
                sum += outcome.probability
                if sum >= quantile.probability - Self.slack { return sure + outcome.amount }
            }
            return sure + last.amount
        }
        if method == .normal {
            let raw = mean + quantile.deviation * sigma - Double(step) / 2
            let steps = ((raw - Double(sure)) / Double(step)).rounded(.up)
            return min(max(sure, sure + Int128(steps) * step), most)
        }
        var sum = 0.0
        for (place, probability) in probabilities.enumerated() {
            sum += probability
            if sum >= quantile.probability - Self.slack { return sure + Int128(place) * step }
        }
        return sure + Int128(max(0, probabilities.count - 1)) * step
    }

    enum Quantile: Sendable {
        case p10, p50, p90

        var probability: Double {
            switch self {
            case .p10: 0.1
            case .p50: 0.5
            case .p90: 0.9
            }
        }
        /// Of the standard normal distribution.
        var deviation: Double {
            switch self {
            case .p10: -1.281_551_565_544_600_5
            case .p50: 0
            case .p90: 1.281_551_565_544_600_5
            }
        }
    }

    /// P(X ≥ amount).
    func chance(atLeast amount: Int128) -> Double {
        if amount <= sure { return 1 }
        // Rounding may have moved the largest outcome of a grid.
        let top = method == .grid ? sure + step * Int128(probabilities.count) : most
        if amount > top { return 0 }
        if !outcomes.isEmpty {
            let reached = outcomes.reversed().prefix { sure + $0.amount >= amount }
            return min(1, reached.reduce(0) { $0 + $1.probability })
        }
        if method == .normal {
            guard sigma > 0 else { return mean >= Double(amount) ? 1 : 0 }
            return 1 - Normal.probability((Double(amount) - Double(step) / 2 - mean) / sigma)
        }
        let first = (amount - sure + step - 1) / step
        guard first < Int128(probabilities.count) else { return 0 }
        // From the small end, so that small probabilities are not lost in large ones.
        return min(1, probabilities[Int(first)...].reversed().reduce(0, +))
    }
}

/// The standard normal distribution, by series: there is no mathematics library in the domain.
enum Normal {
    /// P(Z ≤ z), to about twelve digits.
    static func probability(_ deviation: Double) -> Double {
        guard deviation > -8 else { return 0 }
        guard deviation < 8 else { return 1 }
        var term = deviation
        var sum = deviation
        var odd = 1.0
        while abs(term) > 1e-17 * abs(sum), odd < 400 {
            odd += 2
            term *= deviation * deviation / odd
            sum += term
        }
        let density = exponential(-deviation * deviation / 2) / 2.506_628_274_631_000_5
        return min(1, max(0, 0.5 + sum * density))
    }

    /// e to the power of −32…0.
    private static func exponential(_ exponent: Double) -> Double {
        let small = exponent / 1024
        var term = 1.0
        var sum = 1.0
        for order in 1...12 {
            term *= small / Double(order)
            sum += term
        }
        for _ in 0..<10 { sum *= sum }
        return sum
    }
}
