import PipelineProtocol

/// The command line: options anywhere before `--`, the rest is one command.
struct Options: Equatable {
    enum Color: String {
        case auto, always, never
    }

    var url: String?
    var host: String?
    var port: Int?
    var user: String?
    var authority: String?
    var profile: String?
    var passwordFromInput = false
    var format: Style.Format?
    var color = Color.auto
    var language: String?
    /// Seconds to connect, and to wait for each answer.
    var timeout: Double?
    var keepGoing = false
    var help = false
    var words: [String] = []

    static let names = [
        "--url", "--host", "--port", "--user", "--cacert", "--profile", "--password-stdin",
        "--json", "--jsonl", "--csv", "--tsv", "--color", "--lang", "--timeout", "--keep-going",
        "--help",
    ]

    /// Throws a usage failure naming the option; an unknown one comes with the nearest known.
    init(_ arguments: [String]) throws(Failure) {
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            if argument == "--" {
                words += rest
                return
            }
            // `watch` has a `--timeout` and others of its own, which end the watching.
            if words.first == "watch", ["--timeout", "--count", "--ack"].contains(argument) {
                words.append(argument)
                if argument != "--ack", let value = rest.popFirst() { words.append(value) }
                continue
            }
            if words.first == "import",
                ["--dry-run", "--all-or-nothing", "--rejected"].contains(argument)
            {
                words.append(argument)
                if argument == "--rejected", let value = rest.popFirst() { words.append(value) }
                continue
            }
            guard argument.hasPrefix("--"), argument.dropFirst(2).first?.isLetter == true else {
                words.append(argument)
                continue
            }
            try take(argument, &rest)
        }
    }

    private mutating func take(_ argument: String, _ rest: inout ArraySlice<String>)
        throws(Failure)
    {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0])
        var attached = parts.count == 2 ? String(parts[1]) : nil
        if try flag(name, hasValue: attached != nil) { return }
        guard Self.names.contains(name) else { throw Self.unknown(name) }
        if attached == nil { attached = rest.popFirst() }
        guard let value = attached else { throw Failure(.usage, .optionNeedsValue, name) }
        try set(name, value)
    }

    private mutating func flag(_ name: String, hasValue: Bool) throws(Failure) -> Bool {
        switch name {
        case "--password-stdin": passwordFromInput = true
        case "--json": format = .json
        case "--jsonl": format = .jsonl
        case "--csv": format = .csv
        case "--tsv": format = .tsv
        case "--keep-going": keepGoing = true
        case "--help": help = true
        default: return false
        }
        if hasValue { throw Failure(.usage, .badOptionValue, name) }
        return true
    }

    private mutating func set(_ name: String, _ value: String) throws(Failure) {
        let bad = Failure(.usage, .badOptionValue, name)
        switch name {
        case "--url":
            guard try ServerAddress(url: value).password == nil else {
                throw Failure(.usage, .passwordInURL)
            }
            url = value
        case "--host": host = value
        case "--port":
            guard let number = ServerAddress.port(value) else { throw bad }
            port = number
        case "--user": user = value
        case "--cacert": authority = value
        case "--profile": profile = value
        case "--color":
            guard let chosen = Color(rawValue: value) else { throw bad }
            color = chosen
        case "--lang":
            guard Language(rawValue: value) != nil else { throw bad }
            language = value
        case "--timeout":
            guard let seconds = Seconds.parse(value) else { throw bad }
            timeout = seconds
        default: throw Self.unknown(name)
        }
    }

    private static func unknown(_ name: String) -> Failure {
        guard let near = Spelling.nearest(to: name, among: names) else {
            return Failure(.usage, .unknownOption, name)
        }
        return Failure(.usage, .unknownOptionNear, name, near)
    }
}
