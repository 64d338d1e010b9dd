extension Distribution {
    /// What a curve is made from: the first three moments of the deals' sum.
    struct Moments {
        /// Deals that may be won or not.
        private(set) var deals = 0
        private(set) var mean = 0.0
        private(set) var variance = 0.0
        /// Σ E(X − mean)³, which is 0 where the deals lean to no side, and Σ E|X − mean|³.
        private(set) var third = 0.0
        private var absoluteThird = 0.0
        private var sure = ExactSum()
        private var most = ExactSum()
        /// As long as the deals of each sum that was added have the same amount: what they are.
        private var even: [Bet: Int]? = [:]

        /// So many deals are told one by one.
        static let fewDeals = 500
        /// How far from normal the sum may be for the curve. By Berry and Esseen's bound the curve without its
        /// correction is off by at most 0.56 times that; with it by less than two hundredths of sigma.
        private static let smooth = 0.2

        var isOfMany: Bool { deals > Self.fewDeals }
        /// All sums of so few deals are enumerated.
        var isOfFew: Bool { deals < 64 && 1 << deals <= Distribution.fewOutcomes }
        var sigma: Double { variance.squareRoot() }
        /// What is won in any case, and with every deal.
        var bounds: (sure: Int128, most: Int128) { (sure.rounded, most.rounded) }

        /// Whether a curve tells the deals: many, of which none stands out, and not of so few amounts that
        /// every sum can be told.
        var isCurve: Bool {
            isOfMany && evenBets == nil && absoluteThird <= Self.smooth * variance * sigma
        }

        /// All deals, where their sums alone tell them, and their distribution can be told exactly.
        var evenBets: [Bet: Int]? {
            guard let even else { return nil }
            var (unit, total) = (Int128(0), Int128(0))
            for (bet, count) in even where bet.basisPoints < 10_000 && bet.minorUnits > 0 {
                unit = Distribution.divisor(unit, bet.minorUnits)
                total += bet.minorUnits * Int128(count)
            }
            guard unit > 0, Distribution.isAffordable(multiples: total / unit, deals: deals) else {
                return nil
            }
            return even
        }

        /// Deals of one currency in stages of one rate.
        mutating func add(_ sum: CurrencySum, _ conversion: Conversion, basisPoints: Int32) {
            guard basisPoints > 0 else { return }
            if even != nil, let amount = sum.evenAmount {
                let bet = Bet(Int128(amount), conversion, basisPoints: basisPoints)
                even?[bet, default: 0] += sum.count
            } else {
                even = nil
            }
            most.add(sum.minorUnits, conversion)
            if basisPoints == 10_000 { sure.add(sum.minorUnits, conversion) }
            let unit = conversion.value
            add(
                sum.count, rate: Double(basisPoints) / 10_000, sum.minorUnits.asDouble * unit,
                sum.squares.value * unit * unit, sum.cubes.value * unit * unit * unit)
        }

        mutating func add(_ bet: Bet, count: Int) {
            let amount = bet.minorUnits.asDouble
            most.add(bet.minorUnits * Int128(count), .identity)
            if bet.basisPoints == 10_000 {
                sure.add(bet.minorUnits * Int128(count), .identity)
            }
            let all = Double(count) * amount
            add(
                count, rate: Double(bet.basisPoints) / 10_000, all, all * amount,
                all * amount * amount)
        }

        private mutating func add(
            _ count: Int, rate: Double, _ sum: Double, _ squares: Double, _ cubes: Double
        ) {
            mean += sum * rate
            guard rate < 1 else { return }
            deals += count
            let (spread, other) = (rate * (1 - rate), 1 - rate)
            variance += squares * spread
            third += cubes * spread * (other - rate)
            absoluteThird += cubes * spread * (other * other + rate * rate)
        }
    }

    /// The normal curve of a mean and a spread, and what a lean to one side changes of it: Edgeworth's first
    /// term, and Cornish and Fisher's for its quantiles.
    struct Curve {
        private let mean: Double
        private let sigma: Double
        /// Third moment by sigma³.
        private let skewness: Double
        /// What no sum is below or above.
        private let least: Int128
        private let most: Int128

        /// Beyond so many sigma nothing is told.
        private static let reach = 8.0

        init(_ moments: Moments) {
            (mean, sigma) = (moments.mean, moments.sigma)
            skewness = sigma > 0 ? moments.third / (moments.variance * sigma) : 0
            (least, most) = moments.bounds
        }

        /// P(X ≤ amount).
        func probability(upTo amount: Double) -> Double {
            guard sigma > 0 else { return amount >= mean ? 1 : 0 }
            let deviation = (amount - mean) / sigma
            let lean =
                skewness / 6 * (deviation * deviation - 1) * Normal.density(deviation)
            return min(1, max(0, Normal.probability(deviation) - lean))
        }

        /// Of the quantile of the standard normal distribution.
        func quantile(_ deviation: Double) -> Double {
            mean + sigma * (deviation + skewness / 6 * (deviation * deviation - 1))
        }

        /// Between what the sum lies.
        var bounds: (low: Int128, high: Int128) {
            let (low, high) = (mean - Self.reach * sigma, mean + Self.reach * sigma)
            return (
                max(least, Int128(low.rounded(.down))), min(most, Int128(high.rounded(.up)))
            )
        }

        /// P(nearest line is low + step × k), by k, up to the end of the bounds.
        func masses(from low: Int128, _ step: Int128) -> [Double] {
            guard sigma > 0 else { return [1] }
            let last = Int((bounds.high - low + step - 1) / step)
            let (low, step) = (low.asDouble, step.asDouble)
            var below = 0.0
            return (0...last).map { place in
                let edge = low + (Double(place) + 0.5) * step
                let upTo = place == last ? 1 : max(below, probability(upTo: edge))
                defer { below = upTo }
                return upTo - below
            }
        }
    }
}

extension Distribution.Bet {
    /// A foreign deal's amount is rounded to minor units of the company's currency for the distribution alone:
    /// whole numbers have a common unit.
    init(_ minorUnits: Int128, _ conversion: Conversion, basisPoints: Int32) {
        guard conversion != .identity else {
            self.init(minorUnits: minorUnits, basisPoints: basisPoints)
            return
        }
        var own = ExactSum()
        own.add(minorUnits, conversion)
        self.init(minorUnits: own.rounded, basisPoints: basisPoints)
    }
}

/// The standard normal distribution: there is no mathematics library in the domain. By a table of values and
/// slopes and the cubic between two of them, which is off by less than 10⁻¹².
enum Normal {
    /// P(Z ≤ z), to about twelve digits.
    static func probability(_ deviation: Double) -> Double {
        guard deviation > -reach else { return 0 }
        guard deviation < reach else { return 1 }
        return between(deviation) { _, node in (node.probability, node.density) }
    }

    static func density(_ deviation: Double) -> Double {
        guard abs(deviation) < reach else { return 0 }
        return between(deviation) { at, node in (node.density, -at * node.density) }
    }

    private struct Node {
        let probability: Double
        let density: Double
    }

    /// Nothing is told beyond so many sigma.
    private static let reach = 8.0
    private static let nodesEach = 256.0

    private static let nodes: [Node] = (0...Int(2 * reach * nodesEach)).map { place in
        let at = Double(place) / nodesEach - reach
        let density = exponential(-at * at / 2) / 2.506_628_274_631_000_5
        return Node(probability: series(at, density), density: density)
    }

    /// Hermite's cubic through the nodes on both sides, of what `of` says at each: a value and its slope.
    private static func between(
        _ deviation: Double, _ of: (Double, Node) -> (value: Double, slope: Double)
    ) -> Double {
        let position = (deviation + reach) * nodesEach
        let place = min(Int(position), nodes.count - 2)
        let part = position - Double(place)
        let at = Double(place) / nodesEach - reach
        let (low, high) = (of(at, nodes[place]), of(at + 1 / nodesEach, nodes[place + 1]))
        let rest = 1 - part
        let (rise, fall) = (part * part * (3 - 2 * part), part * rest / nodesEach)
        return low.value + (high.value - low.value) * rise
            + fall * (low.slope * rest - high.slope * part)
    }

    private static func series(_ deviation: Double, _ density: Double) -> Double {
        var term = deviation
        var sum = deviation
        var odd = 1.0
        while abs(term) > 1e-17 * abs(sum), odd < 400 {
            odd += 2
            term *= deviation * deviation / odd
            sum += term
        }
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
