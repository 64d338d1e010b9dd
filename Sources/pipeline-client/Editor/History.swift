/// The lines of a profile that were entered, kept between sessions but for secrets (S-3).
struct History {
    let path: String

    init(directory: ConfigurationDirectory, profile: String) {
        let name = String(
            profile.map { $0.isLetter || $0.isNumber || "._-".contains($0) ? $0 : "_" })
        path = directory.path + "/history-" + name
    }

    private static let longest = 1_000

    /// Oldest first. A file that cannot be used is no reason not to start: there is no history then.
    func load() -> [String] {
        guard let text = (try? PrivateFile.read(path)) ?? nil else { return [] }
        return text.split(separator: "\n").suffix(Self.longest).map { Self.unfolded(String($0)) }
    }

    /// Replaces the file. Two shells at once: the one that ends last wins.
    func save(_ lines: [String]) {
        let kept = lines.suffix(Self.longest).filter { !Self.holdsSecret($0) }
        try? PrivateFile.write(kept.map { Self.folded($0) + "\n" }.joined(), to: path)
    }

    /// Whether a line may hold a password: those of every command that takes one, and any argument
    /// after PASSWORD.
    static func holdsSecret(_ line: String) -> Bool {
        let words = line.split(whereSeparator: \.isWhitespace).map { $0.uppercased() }
        guard let first = words.first else { return false }
        if ["AUTH", "LOGIN", "PERSON.PASSWORD", "MIGRATE"].contains(first) { return true }
        return words.contains {
            ["AUTH", "PASSWORD", "OLD", "PERSON.PASSWORD"].contains($0) || $0.hasPrefix("PASSWORD=")
        } || line.lowercased().contains("rediss://") && line.contains("@")
    }

    private static func folded(_ line: String) -> String {
        line.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
    }

    private static func unfolded(_ line: String) -> String {
        var result = ""
        var rest = line[...]
        while let character = rest.popFirst() {
            guard character == "\\", let next = rest.popFirst() else {
                result.append(character)
                continue
            }
            result.append(next == "n" ? "\n" : next)
        }
        return result
    }
}
