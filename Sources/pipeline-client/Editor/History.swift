import Glibc

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
        let lines = text.split(separator: "\n").map { Self.unfolded(String($0)) }
        guard lines.count > 2 * Self.longest else { return lines.suffix(Self.longest) }
        let kept = lines.suffix(Self.longest)
        try? PrivateFile.write(kept.map { Self.folded($0) + "\n" }.joined(), to: path)
        return Array(kept)
    }

    /// Adds a line at once, so that a shell that is killed and one beside it lose nothing.
    func append(_ line: String) {
        guard line.contains(where: { !$0.isWhitespace }), !Self.holdsSecret(line) else { return }
        guard (try? PrivateFile.makeDirectories(for: path)) != nil else { return }
        let flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW
        let descriptor = open(path, flags, 0o600)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let bytes = Array((Self.folded(line) + "\n").utf8)
        _ = write(descriptor, bytes, bytes.count)
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
