import Foundation
import Testing

/// W-1 to W-9 on the whole: store, engine and ledger over a virtual disk and clock.
///
/// `COMPANY_SEEDS` and `COMPANY_FIRST_SEED` choose how many and which histories; the same seed is the
/// same history.
@Suite("Simulated companies")
struct CompanySimulationTests {
    private static func number(_ name: String) -> UInt64? {
        ProcessInfo.processInfo.environment[name].flatMap(UInt64.init)
    }

    private static let strands: UInt64 = 4

    @Test(
        "W-1–W-9, N-1: nothing answered is lost, nothing is half done, told twice or silently corrupt",
        arguments: 0..<strands)
    func histories(strand: UInt64) throws {
        let first = Self.number("COMPANY_FIRST_SEED") ?? 1
        let count = max(1, Self.number("COMPANY_SEEDS") ?? 2_000)
        var commands = 0
        var starts = 0
        var postponed = 0
        for seed in stride(from: first + strand, to: first + count, by: Int(Self.strands)) {
            var simulation = try CompanySimulation(seed: seed)
            do {
                try simulation.run()
            } catch is CompanySimulation.Ended {
            } catch {
                Issue.record("COMPANY_FIRST_SEED=\(seed) COMPANY_SEEDS=1: \(error)")
                return
            }
            commands += simulation.commands
            starts += simulation.starts
            postponed += simulation.postponed
        }
        print(
            "simulated companies: \(commands) commands, \(postponed) of them put off, \(starts)"
                + " starts in strand \(strand)")
    }
}
