/// What deals bring that are won independently of each other, each with its stage's rate.
///
/// With few deals every sum that they can make is computed with its probability (`exact`). Otherwise,
/// all amounts are multiples of a common unit. As long as there are not too many multiples up to the sum,
/// the probability of every multiple is computed, deal by deal (`exact`). More deals than `Moments.fewDeals`,
/// of which none stands out, are told by the normal curve of the same mean and spread, corrected by how far they
/// lean to one side (`normal`): it follows from kept sums, however many they are. For all others a grid is
/// laid over the sums (`grid`), and the deals are added to it one by one. Each amount falls on the two lines beside
/// it, in such shares that no mean moves. Only deals too short for its lines, and the smallest of more than
/// `Moments.fewDeals`, are on it by their curve. Probabilities are double floating-point numbers, good to about
/// twelve digits.
struct Distribution: Sendable {
    enum Method: String, Sendable { case exact, grid, normal }

    /// Deals of the same amount, in minor units of the company's currency, and the same rate.
    struct Bet: Hashable, Comparable {
        let minorUnits: Int128
        let basisPoints: Int32

        static func < (left: Self, right: Self) -> Bool {
            (left.minorUnits, left.basisPoints) < (right.minorUnits, right.basisPoints)
        }
    }

    /// Most multiples that are told apart.
    static let cells = 20_000
    /// Most sums that are computed one by one.
    static let fewOutcomes = 4_096
    /// Lines of a grid that begins with the curve of so many deals: between two of them its quantiles are
    /// interpolated.
    private static let linesUnderCurve = 4_000
    private static let fewestUnderCurve = 64
    /// A deal of fewer steps of the grid than these would be spread by it: it is told by a curve with the others.
    private static let fewSteps: Int128 = 4
    /// Most deals × multiples: some milliseconds.
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
    /// The least that there can be; on a grid that a curve is laid on, `sure` lies below it.
    private let least: Int128
    /// P(sure + step × k), by k; empty for `normal` and where there are `outcomes`.
    private let probabilities: [Double]
    /// Every sum that few deals can make, ascending.
    private let outcomes: [Outcome]
    /// Told instead of probabilities by `normal`.
    private let curve: Curve?
    /// Whether the outcomes lie between the lines of the grid everywhere alike.
    private let isSmooth: Bool

    private struct Outcome {
        let amount: Int128
        let probability: Double
    }

    /// Of many deals, by a curve.
    init(_ moments: Moments) {
        (method, step, probabilities, outcomes) = (.normal, 1, [], [])
        (mean, sigma, isSmooth) = (moments.mean, moments.sigma, false)
        curve = Curve(moments)
        (sure, most) = moments.bounds
        least = sure
    }

    /// Of deals one by one; of more than `Moments.fewDeals`, the largest.
    init(_ bets: [Bet]) {
        // In order, so that the same deals give the same floating-point numbers.
        var open: [(bet: Bet, count: Int)] = []
        for bet in bets.sorted() where bet.minorUnits > 0 && bet.basisPoints > 0 {
            if open.last?.bet == bet {
                open[open.count - 1].count += 1
            } else {
                open.append((bet, 1))
            }
        }
        self.init(ascending: open)
    }

    init(_ bets: [Bet: Int]) {
        self.init(
            ascending: bets.map { (bet: $0.key, count: $0.value) }.filter {
                $0.bet.minorUnits > 0 && $0.bet.basisPoints > 0
            }.sorted { $0.bet < $1.bet })
    }

    private init(ascending bets: [(bet: Bet, count: Int)]) {
        var open = bets
        var moments = Moments()
        for (bet, count) in open { moments.add(bet, count: count) }
        open.removeAll { $0.bet.basisPoints == 10_000 }
        (mean, sigma, curve) = (moments.mean, moments.sigma, nil)
        let (sure, most) = moments.bounds
        self.most = most
        least = sure
        guard !open.isEmpty else {
            (method, step, probabilities, outcomes, isSmooth) = (.exact, 1, [1], [], false)
            self.sure = sure
            return
        }
        let unit = open.reduce(Int128(0)) { Self.divisor($0, $1.bet.minorUnits) }
        if let all = Self.outcomes(open) {
            (method, step, probabilities, outcomes, isSmooth) = (.exact, unit, [], all, false)
            self.sure = sure
            return
        }
        outcomes = []
        if Self.isAffordable(multiples: (most - sure) / unit, deals: moments.deals) {
            (method, step, isSmooth) = (.exact, unit, false)
            self.sure = sure
            probabilities = Self.convolution(open, step, on: [1])
            return
        }
        method = .grid
        let parts = Self.parted(open, moments)
        let base = Curve(parts.rest)
        // Where one deal is so large that all others lie within a step, there is nothing to tell between lines.
        let smooth = Self.step(for: parts, true)
        isSmooth =
            parts.rest.deals >= Self.fewestUnderCurve && parts.rest.sigma >= smooth.asDouble
        step = isSmooth ? smooth : Self.step(for: parts, false)
        self.sure = sure + base.bounds.low
        probabilities = Self.convolution(
            parts.largest, step, on: base.masses(from: base.bounds.low, step))
    }

    /// Whether every multiple up to the sum can be told, deal by deal.
    static func isAffordable(multiples: Int128, deals: Int) -> Bool {
        multiples <= Int128(max(1, min(cells, work / max(1, deals))))
    }

    private typealias Parts = (rest: Moments, largest: [(bet: Bet, count: Int)])

    /// Divides deals, ascending by amount, into the smallest ones, which a curve tells, and the others. As few
    /// as can be: one that is won seldom, or amounts all alike, fit under no curve beside a few large ones.
    private static func parted(
        _ open: [(bet: Bet, count: Int)], _ all: Moments
    ) -> Parts {
        var left = max(all.deals - Moments.fewDeals, numberOfShort(open, all))
        var rest = Moments()
        var largest: [(bet: Bet, count: Int)] = []
        for (bet, count) in open {
            let small = min(left, count)
            left -= small
            if small > 0 { rest.add(bet, count: small) }
            if count > small { largest.append((bet, count - small)) }
        }
        return (rest, largest)
    }

    /// How many deals are too small for a grid that holds them all.
    private static func numberOfShort(_ open: [(bet: Bet, count: Int)], _ all: Moments) -> Int {
        let (low, high) = Curve(all).bounds
        let least = (high - low) / Int128(cells) * fewSteps
        return open.prefix { $0.bet.minorUnits < least }.reduce(0) { $0 + $1.count }
    }

    /// Between the lines of a grid that holds them all.
    private static func step(for parts: Parts, _ isSmooth: Bool) -> Int128 {
        let (low, high) = Curve(parts.rest).bounds
        var top: Int128 = 0
        var deals = 1
        for (bet, count) in parts.largest {
            top += bet.minorUnits * Int128(count)
            deals += count
        }
        let lines = isSmooth ? linesUnderCurve : max(1, min(cells, work / deals))
        return max(1, (high - low + top + Int128(lines) - 1) / Int128(lines))
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

    static func divisor(_ first: Int128, _ second: Int128) -> Int128 {
        var (large, small) = (first, second)
        while small != 0 {
            if large == 1 { return 1 }
            (large, small) = (small, large % small)
        }
        return large
    }

    /// Adds one deal after the other to what there is: with it, or without. An amount between two lines
    /// falls on both, on the nearer one with the larger share.
    private static func convolution(
        _ open: [(bet: Bet, count: Int)], _ step: Int128, on start: [Double]
    ) -> [Double] {
        let places = open.map { Int(truncatingIfNeeded: $0.bet.minorUnits / step) }
        let most = zip(open, places).reduce(start.count) { $0 + $1.0.count * ($1.1 + 1) }
        // From one row of cells into another, so that several are added at once.
        var cells = start + [Double](repeating: 0, count: most - start.count)
        var next = cells
        var filled = start.count
        for ((bet, count), place) in zip(open, places) {
            let rate = Double(bet.basisPoints) / 10_000
            let beyond = (bet.minorUnits % step).asDouble / step.asDouble
            let shares = (none: 1 - rate, near: rate * (1 - beyond), far: rate * beyond)
            for _ in 0..<count {
                filled += beyond > 0 ? place + 1 : place
                cells.withUnsafeBufferPointer { old in
                    next.withUnsafeMutableBufferPointer { new in
                        for cell in 0..<place { new[cell] = old[cell] * shares.none }
                        new[place] = old[place] * shares.none + old[0] * shares.near
                        for cell in place + 1..<filled {
                            new[cell] =
                                old[cell] * shares.none + old[cell &- place] * shares.near
                                + old[cell &- place &- 1] * shares.far
                        }
                    }
                }
                swap(&cells, &next)
            }
        }
        return Array(cells.prefix(filled))
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
        if let curve {
            let least = (curve.quantile(quantile.deviation) - 0.5).rounded(.up)
            return min(max(sure, Int128(least)), most)
        }
        var sum = 0.0
        for (place, probability) in probabilities.enumerated() {
            sum += probability
            guard sum >= quantile.probability - Self.slack else { continue }
            let line = sure + Int128(place) * step
            // On a smooth grid what falls on a line lies half a step around it.
            let beyond = isSmooth ? (sum - quantile.probability) / probability - 0.5 : 0
            // Lines may lie beyond what there can be.
            return min(max(least, line - Int128(beyond * step.asDouble)), most)
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
        if let curve { return 1 - curve.probability(upTo: Double(amount) - 0.5) }
        let first = (amount - sure + (isSmooth ? step / 2 : step - 1)) / step
        guard first < Int128(probabilities.count) else { return 0 }
        // From the small end, so that small probabilities are not lost in large ones.
        var above = probabilities[Int(first)...].reversed().reduce(0, +)
        if isSmooth {
            let line = sure + first * step
            above -= probabilities[Int(first)] * ((amount - line).asDouble / step.asDouble + 0.5)
        }
        return min(1, max(0, above))
    }
}
