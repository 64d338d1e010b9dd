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
    var version = false
    var words: [String] = []

    /// The first word by its English name, whatever language it was typed in.
    var word: String? { words.first.map { Words.aliases[$0] ?? $0 } }

    static let names = OptionForm.all.map(\.name)

    /// Throws a usage failure naming the option; an unknown one comes with the nearest known.
    init(_ arguments: [String]) throws(Failure) {
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            if argument == "--" {
                words += rest
                return
            }
            // `watch` has a `--timeout` of its own, which ends the watching; others likewise.
            if let own = ownOption(argument, &rest) {
                words += own
                continue
            }
            if words.isEmpty, url == nil, Self.looksLikeAddress(argument) {
                try set("--url", argument)
                continue
            }
            guard argument.hasPrefix("--"), argument.dropFirst(2).first?.isLetter == true else {
                words.append(argument)
                continue
            }
            try take(argument, &rest)
        }
    }

    /// An option that belongs to the word before it, and its value; nil for any other.
    private func ownOption(_ argument: String, _ rest: inout ArraySlice<String>) -> [String]? {
        let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
        guard let form = OptionForm.own(of: word).first(where: { $0.name == parts.first })
        else { return nil }
        if parts.count == 2 { return parts }
        return [argument] + (form.value == nil ? [] : [rest.popFirst()].compactMap { $0 })
    }

    /// `rediss://…` in the place of the first word; also what somebody mistakes for it.
    private static func looksLikeAddress(_ text: String) -> Bool {
        let text = text.lowercased()
        return text.hasPrefix("rediss://") || text.hasPrefix("redis://")
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
        case "--version": version = true
        default: return false
        }
        if hasValue { throw Failure(.usage, .optionTakesNone, name) }
        return true
    }

    private mutating func set(_ name: String, _ value: String) throws(Failure) {
        let expected = OptionForm.all.first { $0.name == name }?.value ?? ""
        let bad = Failure(.usage, .badOptionValue, name, value, expected)
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
            guard Language(named: value) != nil else { throw bad }
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
