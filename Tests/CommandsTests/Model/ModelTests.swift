import Foundation
import Testing

/// The real company against the naive one, command by command (§1–§6, P-5, P-6).
struct ModelTests {
    /// Commands in all; `MODEL_OPERATIONS` asks for more, `MODEL_SEED` for other ones.
    static let total = number("MODEL_OPERATIONS") ?? 200_000
    static let firstSeed = UInt64(number("MODEL_SEED") ?? 1)
    private static let each = 400

    private static func number(_ name: String) -> Int? {
        ProcessInfo.processInfo.environment[name].flatMap { Int($0) }
    }

    @Test("§1–§6: a naive model answers every command alike and holds the same in the end")
    func model() throws {
        var operations = 0
        var accepted = 0
        var seed = Self.firstSeed
        while operations < Self.total {
            var run = ModelRun(seed: seed)
            var problem: String?
            while run.operations < Self.each, problem == nil {
                problem = run.step()
                if problem == nil, run.operations == Self.each / 2 { problem = run.compareAll() }
            }
            problem = problem ?? run.compareAll()
            if problem == nil, seed.isMultiple(of: 2) { problem = try run.compareReplay() }
            if let problem {
                Issue.record("\(problem)\n\(run.tail)")
                return
            }
            operations += run.operations
            accepted += run.accepted
            seed += 1
        }
        print("model: \(operations) operations, \(accepted) carried out, seeds \(Self.firstSeed)..<\(seed)")
        #expect(accepted * 3 > operations, "most of what is drawn comes to nothing")
    }
}
