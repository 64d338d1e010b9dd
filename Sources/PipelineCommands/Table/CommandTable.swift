public import PipelineProtocol

/// The one table (P-9): from these declarations come parsing, arity and keyword checks, did-you-mean,
/// COMMAND and COMMAND DOCS, help and the reference in the docs.
public enum CommandTable {
    public static let commands: [Command] =
        (organisation + processes + customers + contacts + leads + activities + toDo + opportunities
        + governance + approvals + inbox + reports + targets + settings
        + connection + operating + [.dryRun]).sorted { $0.name < $1.name }

    private static let byName: [String: Command] = Dictionary(
        uniqueKeysWithValues: commands.map { ($0.name, $0) })

    /// Every keyword of every command, in lower case: no key may be one (§2).
    private static let keywords: Set<String> = Set(
        commands.flatMap(\.arguments).filter(\.isKeyword).map { $0.name.lowercased() })

    package static func isKeyword(_ word: String) -> Bool { keywords.contains(word) }

    /// The command of that name, in any case.
    public static func find(_ name: ArraySlice<UInt8>) -> Command? {
        guard name.count <= 64 else { return nil }
        let upper = String(unsafeUninitializedCapacity: name.count) { buffer in
            for (index, byte) in name.enumerated() {
                buffer[index] = (0x61...0x7A).contains(byte) ? byte & 0xDF : byte
            }
            return name.count
        }
        return byName[upper]
    }

    /// The error line for a name that is no command: Redis's words and a suggestion.
    public static func unknown(_ request: Request) -> String {
        let name = String(decoding: request[0].prefix(128), as: UTF8.self)
        // As in Redis: arguments until there are 128 bytes of them, each cut off there, quoted whole.
        var arguments: [UInt8] = []
        for word in 1..<max(1, request.count) where arguments.count < 128 {
            let shown = request[word].prefix(128 - arguments.count)
            arguments += [UInt8(ascii: "'")] + shown + Array("' ".utf8)
        }
        let line =
            "ERR unknown command '\(name)', with args beginning with: "
            + String(decoding: arguments, as: UTF8.self)
        guard let nearest = Spelling.nearest(to: name, among: commands.lazy.map(\.name)) else {
            return line
        }
        return line + "; did you mean \(nearest)?"
    }
}
