import Testing

@testable import PipelineDomain

/// Distributions on a grid beside those of the same deals computed sum by sum.
@Suite("Forecast on a grid")
struct DistributionGridTests {
    /// So many tens of minor units, with a rate.
    typealias Odd = (tens: Int, basisPoints: Int32)

    /// P(sum ≤ multiple × 10), by multiple: one deal after the other.
    static func exact(_ deals: [Odd]) -> [Double] {
        var cells = [Double](repeating: 0, count: deals.reduce(1) { $0 + $1.tens })
        cells[0] = 1
        var filled = 0
        cells.withUnsafeMutableBufferPointer { cells in
            for (tens, basisPoints) in deals {
                let rate = Double(basisPoints) / 10_000
                filled += tens
                var cell = filled
                while cell >= 0 {
                    cells[cell] *= 1 - rate
                    if cell >= tens { cells[cell] += cells[cell - tens] * rate }
                    cell -= 1
                }
            }
        }
        var sum = 0.0
        for place in cells.indices {
            sum += cells[place]
            cells[place] = sum
        }
        return cells
    }

    /// Quantiles within a step and a tenth of a percent of sigma, chances of each within a fifth of a percent.
    private func isKept(_ deals: [Odd], _ comment: Comment? = nil) {
        var counted: [Distribution.Bet: Int] = [:]
        for deal in deals {
            counted[
                .init(minorUnits: Int128(deal.tens) * 10, basisPoints: deal.basisPoints),
                default: 0] += 1
        }
        let grid = Distribution(counted)
        #expect(grid.method == .grid, comment)
        let allowed = grid.step.asDouble + 0.001 * grid.sigma
        // From small to large: fewer cells are filled for most of the time.
        let sums = Self.exact(deals.sorted { $0.tens < $1.tens })
        for quantile in [Distribution.Quantile.p10, .p50, .p90] {
            let place = sums.firstIndex { $0 >= quantile.probability } ?? 0
            let expected = Double(place * 10)
            #expect(abs(Double(grid.quantile(quantile)) - expected) <= allowed, comment)
            let chance = place > 0 ? 1 - sums[place - 1] : 1
            #expect(abs(grid.chance(atLeast: Int128(place * 10)) - chance) < 0.002, comment)
        }
    }

    @Test("A-3: many small deals beside one that is won seldom and a few large ones")
    func seldom() {
        let small = (0..<150).map { (tens: 1_000 + $0 * 133, basisPoints: Int32(4_000)) }
        let large = [20_000, 23_123, 26_111, 28_333, 29_999].map {
            (tens: $0 * 10, basisPoints: Int32(6_000))
        }
        isKept(small + large)
        isKept(small + large + [(tens: 120_000, basisPoints: 1_000)])
        isKept(
            small + large
                + [(tens: 120_000, basisPoints: 1_000), (tens: 120_001, basisPoints: 9_000)])
    }

    @Test("A-3: of some hundred odd deals, two of them worth as much as fifty others")
    func twoLarge() {
        isKept(
            (0..<150).map { index in
                let tens = index < 2 ? 70_000 + index * 17 : 997 + index * 7_919 % 2_003
                return (tens: tens, basisPoints: Int32(1_000 + index * 1_009 % 8_000))
            })
    }

    @Test("A-3: any odd deals: small ones beside large ones, of all rates", arguments: 0..<24)
    func random(seed: UInt64) {
        var random = SplitMix(seed: seed)
        let rates: [Int32] =
            seed % 3 == 0 ? [100, 1_000, 9_900] : [1_000, 2_500, 4_000, 6_000, 9_000]
        let ranges: [ClosedRange<Int>] = [20...1_000, 1_000...9_000, 9_000...30_000]
        let counts = [[120, 0, 5], [120, 12, 0], [150, 4, 4], [70, 20, 1]][Int(seed % 4)]
        var deals: [Odd] = []
        for (range, count) in zip(ranges, counts) {
            for _ in 0..<count {
                deals.append(
                    (
                        Int.random(in: range, using: &random),
                        rates.randomElement(using: &random) ?? 0
                    ))
            }
        }
        isKept(deals, "seed \(seed)")
    }
}
