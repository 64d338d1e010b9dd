import Testing

@testable import PipelineDomain

@Suite("Forecast as a distribution")
struct DistributionTests {
    /// 65, 34, 27, 15 and 6 deals of 500 000.00 at 10, 40, 60, 80 and 90 %.
    private let oracle = Distribution([
        .init(minorUnits: 50_000_000, basisPoints: 1_000): 65,
        .init(minorUnits: 50_000_000, basisPoints: 4_000): 34,
        .init(minorUnits: 50_000_000, basisPoints: 6_000): 27,
        .init(minorUnits: 50_000_000, basisPoints: 8_000): 15,
        .init(minorUnits: 50_000_000, basisPoints: 9_000): 6,
    ])

    @Test("A-3: sigma, quantiles and chances of the example, to the digit")
    func example() {
        #expect(oracle.method == .exact)
        #expect(oracle.step == 50_000_000)
        #expect(Int128(oracle.mean) == 2_685_000_000)
        // 2.420 million.
        #expect(Int128(oracle.sigma.rounded()) / 100_000 == 2_420)
        #expect(oracle.quantile(.p10) == 2_400_000_000)
        #expect(oracle.quantile(.p50) == 2_700_000_000)
        #expect(oracle.quantile(.p90) == 3_000_000_000)
        #expect(WilsonInterval.percent(oracle.chance(atLeast: 2_500_000_000)) == "80.7")
        #expect(WilsonInterval.percent(oracle.chance(atLeast: 3_000_000_000)) == "11.5")
    }

    @Test("A-3: amounts that differ: every outcome enumerated gives the same")
    func enumerated() {
        var random = SplitMix(seed: 3)
        for _ in 0..<50 {
            var bets: [Distribution.Bet: Int] = [:]
            var single: [Distribution.Bet] = []
            for _ in 0..<Int.random(in: 1...9, using: &random) {
                let bet = Distribution.Bet(
                    minorUnits: Int128(Int.random(in: 0...400, using: &random)),
                    basisPoints: [0, 10_000, 2_500, 7_300, 50].randomElement(using: &random) ?? 0)
                bets[bet, default: 0] += 1
                single.append(bet)
            }
            var outcomes: [Int128: Double] = [0: 1]
            for bet in single {
                let rate = Double(bet.basisPoints) / 10_000
                var next: [Int128: Double] = [:]
                for (sum, probability) in outcomes {
                    next[sum, default: 0] += probability * (1 - rate)
                    next[sum + bet.minorUnits, default: 0] += probability * rate
                }
                outcomes = next
            }
            let distribution = Distribution(bets)
            #expect(distribution.method == .exact)
            for (quantile, share) in [
                (Distribution.Quantile.p10, 0.1), (.p50, 0.5), (.p90, 0.9),
            ] {
                var sum = 0.0
                let expected = outcomes.filter { $0.value > 0 }.keys.sorted().first { key in
                    sum += outcomes[key, default: 0]
                    return sum >= share - 1e-9
                }
                #expect(distribution.quantile(quantile) == expected)
            }
            let target = Int128(Int.random(in: 0...1_500, using: &random))
            let chance = outcomes.filter { $0.key >= target }.values.reduce(0, +)
            #expect(abs(distribution.chance(atLeast: target) - chance) < 1e-9)
        }
    }

    @Test("A-3: nothing open, deals at 0 and at 100 %")
    func edges() {
        let none = Distribution([:])
        #expect(none.quantile(.p90) == 0 && none.sigma == 0)
        #expect(none.chance(atLeast: 0) == 1 && none.chance(atLeast: 1) == 0)
        let sure = Distribution([
            .init(minorUnits: 500, basisPoints: 10_000): 2,
            .init(minorUnits: 300, basisPoints: 0): 4,
        ])
        #expect(sure.quantile(.p10) == 1_000 && sure.sigma == 0)
        #expect(sure.chance(atLeast: 1_000) == 1 && sure.chance(atLeast: 1_001) == 0)
    }

    @Test("A-3: many different amounts go on a grid or a normal curve, and both say so")
    func approximations() {
        // The same deals three times as large as they are exact, so that all three can be compared.
        var odd: [Distribution.Bet: Int] = [:]
        var even: [Distribution.Bet: Int] = [:]
        for index in 0..<300 {
            let rate = Int32(1_000 + index * 20)
            odd[.init(minorUnits: Int128(1_000_003 + index * 7_919), basisPoints: rate)] = 1
            even[
                .init(
                    minorUnits: Int128((1_000_003 + index * 7_919 + 500) / 1_000 * 1_000),
                    basisPoints: rate)] = 1
        }
        let (grid, close) = (Distribution(odd), Distribution(even))
        #expect(grid.method == .grid)
        for quantile in [Distribution.Quantile.p10, .p50, .p90] {
            let gap = grid.quantile(quantile) - close.quantile(quantile)
            // A step, and what the other was rounded by, on the average of 300 deals.
            #expect(abs(Double(gap)) <= Double(grid.step) * 2 + 300 * 60)
        }
        var sevens = StageSum()
        for _ in 0..<60_000 {
            sevens.add(Money(minorUnits: 7, currency: Company.defaultCurrency), sign: 1)
        }
        var moments = Distribution.Moments()
        for amount in sevens.amounts { moments.add(amount, .identity, basisPoints: 3_000) }
        let many = Distribution(moments)
        #expect(many.method == .normal)
        #expect(abs(many.mean - 126_000) < 1e-6)
        #expect(abs(many.sigma - (60_000 * 49 * 0.21 as Double).squareRoot()) < 1e-6)
        #expect(abs(Double(many.quantile(.p50)) - many.mean) < 10)
        #expect(abs(many.chance(atLeast: many.quantile(.p50)) - 0.5) < 0.01)
        #expect(abs(Double(many.quantile(.p90)) - many.mean - 1.281_55 * many.sigma) < 10)
    }

    private typealias Odd = DistributionGridTests.Odd

    private func moments(_ bets: [Odd]) -> Distribution.Moments {
        var sums: [Int32: StageSum] = [:]
        for bet in bets {
            sums[bet.basisPoints, default: StageSum()].add(
                Money(minorUnits: Int64(bet.tens) * 10, currency: Company.defaultCurrency), sign: 1)
        }
        var moments = Distribution.Moments()
        for (rate, sum) in sums.sorted(by: { $0.key < $1.key }) {
            for amount in sum.amounts { moments.add(amount, .identity, basisPoints: rate) }
        }
        return moments
    }

    @Test("A-3: of many deals the curve leans as they do: within a hundredth of sigma")
    func leaning() {
        let bets: [Odd] = (0..<1_500).map { index in
            let points = 500 + index * 37 % 1_500
            return (tens: 1 + index * 7_919 % 97, basisPoints: Int32(points))
        }
        let sum = moments(bets)
        #expect(sum.isCurve)
        let curve = Distribution(sum)
        #expect(curve.method == .normal)
        var uncorrected = 0.0
        let sums = DistributionGridTests.exact(bets)
        for quantile in [Distribution.Quantile.p10, .p50, .p90] {
            let expected = Double((sums.firstIndex { $0 >= quantile.probability } ?? 0) * 10)
            #expect(abs(Double(curve.quantile(quantile)) - expected) < 0.001 * curve.sigma)
            let plain = curve.mean + quantile.deviation * curve.sigma
            let off: Double = abs(plain - expected) / curve.sigma
            uncorrected = max(uncorrected, off)
            let chance = 1 - sums[Int(expected) / 10 - 1]
            #expect(abs(curve.chance(atLeast: Int128(expected)) - chance) < 0.002)
        }
        #expect(uncorrected > 0.01)
    }

    @Test("A-3: beside a deal that dwarfs all others together no figure is impossible")
    func dwarfed() {
        var bets = [Distribution.Bet(minorUnits: 1_000_000_000, basisPoints: 5_000): 1]
        for index in 0..<64 { bets[.init(minorUnits: Int128(100 + index), basisPoints: 5_000)] = 1 }
        let grid = Distribution(bets)
        #expect(grid.method == .grid)
        let (p10, p50, p90) = (grid.quantile(.p10), grid.quantile(.p50), grid.quantile(.p90))
        #expect(p10 >= 0 && p10 <= p50 && p50 <= p90 && p90 <= 1_000_009_000)
        #expect(p10 < 10_000 && p90 > 999_000_000)
        #expect(abs(grid.chance(atLeast: 500_000_000) - 0.5) < 0.001)
    }

    @Test("A-3: a deal that stands out among many is told by itself, not smoothed away")
    func standingOut() {
        var bets: [Distribution.Bet: Int] = [.init(minorUnits: 10_000_000, basisPoints: 3_000): 1]
        for index in 0..<600 {
            bets[.init(minorUnits: Int128(800 + index % 401), basisPoints: 5_000), default: 0] += 1
        }
        var moments = Distribution.Moments()
        for (bet, count) in bets {
            var sum = StageSum()
            for _ in 0..<count {
                sum.add(
                    Money(minorUnits: Int64(bet.minorUnits), currency: Company.defaultCurrency),
                    sign: 1)
            }
            for amount in sum.amounts {
                moments.add(amount, .identity, basisPoints: bet.basisPoints)
            }
        }
        #expect(moments.isOfMany && !moments.isCurve)
        let distribution = Distribution(bets)
        #expect(distribution.method == .grid)
        // Without the large one: 289 950.5 and sigma 11 915; the quantiles of 1/7, 5/7 and 2/3.
        let step = Double(distribution.step)
        for (quantile, expected) in [
            (Distribution.Quantile.p10, 277_230.0), (.p50, 296_694), (.p90, 10_295_083),
        ] {
            #expect(abs(Double(distribution.quantile(quantile)) - expected) < step + 60)
        }
        #expect(abs(distribution.chance(atLeast: 5_000_000) - 0.3) < 1e-9)
    }

    @Test("A-3: many deals of a few equal amounts are told exactly, from their sums alone")
    func even() throws {
        // Ten times the example.
        let counts = [(650, 1_000), (340, 4_000), (270, 6_000), (150, 8_000), (60, 9_000)]
        var moments = Distribution.Moments()
        for (count, rate) in counts {
            var sum = StageSum()
            for _ in 0..<count {
                sum.add(
                    Money(minorUnits: 50_000_000, currency: Company.defaultCurrency), sign: 1)
            }
            for amount in sum.amounts {
                moments.add(amount, .identity, basisPoints: Int32(rate))
            }
        }
        #expect(!moments.isCurve)
        let distribution = Distribution(try #require(moments.evenBets))
        #expect(distribution.method == .exact && distribution.step == 50_000_000)
        let sums = DistributionGridTests.exact(
            counts.flatMap { count, rate in [Odd](repeating: (1, Int32(rate)), count: count) })
        for quantile in [Distribution.Quantile.p10, .p50, .p90] {
            let wins = sums.firstIndex { $0 >= quantile.probability } ?? 0
            #expect(distribution.quantile(quantile) == Int128(wins) * 50_000_000)
        }
        // Two amounts in one sum are not even.
        moments = self.moments((0..<600).map { (tens: 1 + $0 % 2, basisPoints: 5_000) })
        #expect(moments.evenBets == nil)
    }

    @Test("A-3: the normal distribution by series")
    func normal() {
        for (deviation, probability) in [
            (0.0, 0.5), (1, 0.841_344_746_068_543), (-1.959_963_984_540_054, 0.025),
            (1.281_551_565_544_6, 0.9), (3, 0.998_650_101_968_37), (-6, 9.865_876_450_377e-10),
        ] {
            #expect(abs(Normal.probability(deviation) - probability) < 1e-12)
        }
        #expect(Normal.probability(-40) == 0 && Normal.probability(40) == 1)
    }

    @Test("A-3: the largest amounts neither trap nor lose their order")
    func largest() {
        let most = Distribution.Bet(
            minorUnits: Int128(99_999_999_999_999_999) * 9_999_999, basisPoints: 5_000)
        let distribution = Distribution([most: 1_000])
        #expect(distribution.method == .exact)
        #expect(distribution.quantile(.p50) == most.minorUnits * 500)
        #expect(distribution.chance(atLeast: Int128.max) == 0)
    }
}
