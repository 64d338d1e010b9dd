import Foundation
import Testing

/// Every D-number of the rules has a test that bears it in its name.
struct RuleIndexTests {
    @Test("D-1 to D-41: each rule of the domain is named by a test", arguments: 1...41)
    func named(rule: Int) throws {
        let tests = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent()
        let pattern = try Regex("\"[^\"]*\\bD-\(rule)\\b[^\"]*\"")
        let files = try ["DomainTests", "CommandsTests", "ServerTests"].flatMap { target in
            try Self.sources(below: tests.appending(path: target))
        }
        #expect(!files.isEmpty)
        #expect(files.contains { $0.contains("D-\(rule)") && $0.contains(pattern) })
    }

    /// The texts of the target's files but for this one; none where the target is not there.
    private static func sources(below directory: URL) throws -> [String] {
        let root = directory.resolvingSymlinksInPath()
        guard let found = FileManager.default.enumerator(atPath: root.path) else { return [] }
        return try found.compactMap { $0 as? String }
            .filter { $0.hasSuffix(".swift") && !$0.hasSuffix("RuleIndexTests.swift") }
            .map { try String(contentsOf: root.appending(path: $0), encoding: .utf8) }
    }
}
