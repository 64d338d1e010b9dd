import Foundation
import Testing

/// The real company against the naive one, command by command (§1–§6, P-5, P-6).
struct ModelTests {
    /// Commands in all; `MODEL_OPERATIONS` asks for more, `MODEL_SEED` for others than those from seed
    /// 1 on.
    private static let total = number("MODEL_OPERATIONS") ?? 200_000
    private static let firstSeed = number("MODEL_SEED") ?? 1
    private static let perCompany = 400
    private static let strands = 4

    private static func number(_ name: String) -> Int? {
        ProcessInfo.processInfo.environment[name].flatMap { Int($0) }
    }

    @Test(
        "§1–§6: a naive model answers every command alike, and both hold the same in the end",
        arguments: 0..<strands)
    func model(strand: Int) throws {
        var operations = 0
        var accepted = 0
        var seed = Self.firstSeed + strand
        while operations * Self.strands < Self.total {
            var run = ModelRun(seed: UInt64(seed))
            if let problem = try disagreement(&run) {
                Issue.record("\(problem)\n\(run.tail)")
                return
            }
            operations += run.operations
            accepted += run.accepted
            seed += Self.strands
        }
        print(
            "model: \(operations) commands, \(accepted) of them carried out;",
            "every \(Self.strands)th seed from \(Self.firstSeed + strand) to \(seed - Self.strands)"
        )
        #expect(accepted * 3 > operations, "most of what is drawn comes to nothing")
    }

    /// Twice half of the commands and a look at everything; some companies go on from their log.
    private func disagreement(_ run: inout ModelRun) throws -> String? {
        for goal in [Self.perCompany / 2, Self.perCompany] {
            while run.operations < goal {
                if let problem = run.step() { return problem }
            }
            if let problem = run.compareAll() { return problem }
            guard run.seed % 5 == 0 else { continue }
            if let problem = try run.compareReplay() { return problem }
            try run.goOnFromTheLog()
            if let problem = run.compareAll() { return problem }
        }
        return nil
    }
}
