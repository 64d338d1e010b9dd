import PipelineProtocol

/// The configuration file: `key = value` lines, `#` begins a comment line, blank lines are skipped.
struct ConfigurationFile: Sendable, Equatable {
    struct Entry: Sendable, Equatable {
        let setting: Setting
        let value: String
        let line: Int
    }

    let entries: [Entry]

    /// Reads the text of a file; `path` is for messages only.
    init(_ text: String, path: String) throws(ConfigurationError) {
        var entries: [Entry] = []
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, raw) in lines.enumerated() {
            let line = trimmed(raw)
            guard !line.isEmpty, !line.hasPrefix("#") else { continue }
            let place = "\(path):\(index + 1)"
            guard let equals = line.firstIndex(of: "=") else {
                throw ConfigurationError(
                    "\(place): '\(line)' is no 'key = value' line; comments begin with #")
            }
            let key = String(trimmed(line[..<equals]))
            guard let setting = Setting(rawValue: key) else {
                throw ConfigurationError("\(place): \(unknown(key))")
            }
            if let earlier = entries.first(where: { $0.setting == setting }) {
                throw ConfigurationError(
                    "\(place): '\(key)' was set in line \(earlier.line) already; keep one of them")
            }
            let value = String(trimmed(line[line.index(after: equals)...]))
            entries.append(Entry(setting: setting, value: value, line: index + 1))
        }
        self.entries = entries
    }
}

private func trimmed(_ text: some StringProtocol) -> Substring {
    var text = Substring(text)
    while let first = text.first, first.isWhitespace { text.removeFirst() }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return text
}

/// What to say about a key that there is not.
func unknown(_ key: String) -> String {
    let names = Setting.allCases.map(\.rawValue)
    let advice =
        Spelling.nearest(to: key, among: names).map { "did you mean '\($0)'?" }
        ?? "known keys: \(names.joined(separator: ", "))"
    return "unknown key '\(key)'; \(advice)"
}
