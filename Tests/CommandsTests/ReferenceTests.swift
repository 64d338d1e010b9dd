import Foundation
import Testing

@testable import PipelineCommands

struct ReferenceTests {
    /// `docs/commands.md` of the project that this file lies in.
    private static let committed = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../docs/commands.md").standardizedFileURL

    @Test("P-9: the committed reference is that of the table; UPDATE_REFERENCE=1 rewrites it")
    func committedReference() throws {
        if ProcessInfo.processInfo.environment["UPDATE_REFERENCE"] == "1" {
            try Data(CommandReference.markdown.utf8).write(to: Self.committed)
        }
        let text = try String(contentsOf: Self.committed, encoding: .utf8)
        #expect(
            text == CommandReference.markdown,
            "docs/commands.md is stale: run the tests with UPDATE_REFERENCE=1")
    }

    @Test("P-9: the reference has every command with its synopsis and summary")
    func everyCommand() {
        let text = CommandReference.markdown
        for command in CommandTable.commands {
            #expect(text.contains("\n### \(command.name)\n"), "\(command.name)")
            #expect(text.contains("\n\(command.summary)\n"), "\(command.name)")
            for subcommand in command.subcommands {
                #expect(text.contains("`\(command.name) \(subcommand.name)"), "\(command.name)")
            }
        }
    }

    @Test("P-9: tables have as many cells in every row as in their head, whatever the values hold")
    func tables() {
        var columns: Int?
        for line in CommandReference.markdown.split(
            separator: "\n", omittingEmptySubsequences: false)
        {
            guard line.hasPrefix("|") else {
                columns = nil
                continue
            }
            let bars = line.replacing("\\|", with: "").count { $0 == "|" }
            #expect(bars == columns ?? bars, "\(line)")
            columns = bars
        }
    }
}
