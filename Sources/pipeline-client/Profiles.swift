/// Servers and logins kept by `login` (S-6): an INI-like file, one section a profile.
struct Profiles: Equatable {
    struct Profile: Equatable {
        var address: ServerAddress
        var password: String?
        var authority: String?
    }

    static let standardName = "default"

    private(set) var sections: [(name: String, profile: Profile)] = []

    static func == (left: Profiles, right: Profiles) -> Bool {
        left.sections.elementsEqual(right.sections) {
            $0.name == $1.name && $0.profile == $1.profile
        }
    }

    subscript(name: String) -> Profile? {
        get { sections.first { $0.name == name }?.profile }
        set {
            sections.removeAll { $0.name == name }
            if let newValue { sections.append((name, newValue)) }
        }
    }

    init() {}

    /// `path` is for messages only. Unknown keys are refused: a mistyped `cacert` must not be lost
    /// silently.
    init(parsing text: String, path: String) throws(Failure) {
        var name = Self.standardName
        var keys: [String: String] = [:]
        var number = 0
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            number += 1
            let trimmed = Self.trimmed(line)
            if trimmed.isEmpty || trimmed.hasPrefix("#") { continue }
            if trimmed.hasPrefix("["), trimmed.hasSuffix("]") {
                try finish(name, &keys)
                name = Self.trimmed(trimmed.dropFirst().dropLast())
                continue
            }
            let parts = trimmed.split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let key = parts.first.map(Self.trimmed) ?? ""
            guard parts.count == 2, ["url", "password", "cacert"].contains(key) else {
                throw Failure(.usage, .badProfileLine, path, String(number))
            }
            // A password keeps its blanks, but for the one after the equals sign.
            let value = line.drop { $0 != "=" }.dropFirst()
            keys[key] =
                key == "password"
                ? String(value.first == " " ? value.dropFirst() : value) : Self.trimmed(value)
        }
        try finish(name, &keys)
    }

    private mutating func finish(_ name: String, _ keys: inout [String: String]) throws(Failure) {
        guard !keys.isEmpty else { return }
        let address = try ServerAddress(url: keys["url"] ?? "")
        let password = keys["password"] ?? address.password
        self[name] = Profile(address: address, password: password, authority: keys["cacert"])
        keys = [:]
    }

    var text: String {
        var text = "# Written by 'pipeline-client login'. Readable by you alone.\n"
        for (name, profile) in sections {
            text += "\n[\(name)]\nurl = \(profile.address.url)\n"
            if let password = profile.password { text += "password = \(password)\n" }
            if let authority = profile.authority { text += "cacert = \(authority)\n" }
        }
        return text
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        var result = text[...]
        while result.first?.isWhitespace == true { result = result.dropFirst() }
        while result.last?.isWhitespace == true { result = result.dropLast() }
        return String(result)
    }
}

/// The directory of the shell's own files: `$XDG_CONFIG_HOME/pipelined`, else `~/.config/pipelined`.
struct ConfigurationDirectory: Equatable, Sendable {
    let path: String

    init(environment: [String: String]) {
        if let base = environment["XDG_CONFIG_HOME"], base.hasPrefix("/") {
            path = base + "/pipelined"
        } else {
            path = (environment["HOME"] ?? "/") + "/.config/pipelined"
        }
    }

    var credentials: String { path + "/credentials" }
    var pins: String { path + "/pins" }

    func profiles() throws(Failure) -> Profiles {
        guard let text = try PrivateFile.read(credentials) else { return Profiles() }
        return try Profiles(parsing: text, path: credentials)
    }

    func save(_ profiles: Profiles) throws(Failure) {
        try PrivateFile.write(profiles.text, to: credentials)
    }
}
