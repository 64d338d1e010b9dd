import PipelineProtocol

/// What the server's own `COMMAND` says about its commands (P-9).
struct ServerCommands: Sendable, Equatable {
    private struct Entry: Equatable {
        var isWrite: Bool
        /// Words at least, the name included; negative where there may be more.
        var arity: Int
    }

    private var entries: [String: Entry] = [:]
    private(set) var isComplete = false

    var names: some Collection<String> { entries.keys }

    /// Takes the rows of `COMMAND` (all of them) or `COMMAND INFO`; anything else changes nothing.
    mutating func learn(_ reply: Reply, complete: Bool) {
        guard case .array(let rows) = reply else { return }
        for row in rows {
            guard let cells = row.elements, cells.count >= 3, let name = cells[0].text,
                let flags = cells[2].elements
            else { continue }
            entries[name.uppercased()] = Entry(
                isWrite: flags.contains { $0.text == "write" },
                arity: cells[1].integer.map { Int(clamping: $0) } ?? 0)
        }
        if complete { isComplete = true }
    }

    /// Nil when the server does not know the command, or was not asked yet.
    func isWrite(_ name: String) -> Bool? { entries[name.uppercased()]?.isWrite }

    func knows(_ name: String) -> Bool { entries[name.uppercased()] != nil }

    /// Whether words are missing, so that the server refuses it whatever they are.
    func lacksWords(_ command: [String]) -> Bool {
        guard let entry = command.first.flatMap({ entries[$0.uppercased()] }) else { return false }
        return command.count < abs(entry.arity)
    }
}

/// The token that makes a repeated write the same write (P-6, S-7).
enum RequestToken {
    static func random() -> String {
        let alphabet = Array("0123456789abcdefghijklmnopqrstuvwxyz")
        return "cli-" + String((0..<24).compactMap { _ in alphabet.randomElement() })
    }

    static func isGiven(in command: [String]) -> Bool {
        command.dropFirst().dropLast().contains { $0.uppercased() == "REQID" }
    }
}
