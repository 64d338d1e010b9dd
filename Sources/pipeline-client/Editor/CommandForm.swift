import PipelineProtocol

/// One command of the server as its own table declares it (P-9), for completion and hints.
struct CommandForm: Sendable, Equatable {
    struct Argument: Sendable, Equatable {
        var name: String
        /// The keyword it follows; nil for a positional one.
        var token: String?
        var isOptional = false
        /// The words that are allowed; none where any value is.
        var choices: [String] = []
        /// A keyword that stands alone.
        var isFlag = false
        /// The names of its values where there are several.
        var parts: [String] = []
    }

    var name: String
    var summary = ""
    var arguments: [Argument] = []

    var positionals: [Argument] { arguments.filter { $0.token == nil } }
    var keywords: [Argument] { arguments.filter { $0.token != nil } }

    /// Every command of an answer to `COMMAND DOCS`, by its name in capitals.
    static func all(in reply: Reply) -> [String: CommandForm] {
        var forms: [String: CommandForm] = [:]
        for entry in reply.pairs ?? [] {
            guard let name = entry.key.text?.uppercased() else { continue }
            let arguments = entry.value["arguments"]?.elements ?? []
            forms[name] = CommandForm(
                name: name, summary: entry.value["summary"]?.text ?? "",
                arguments: arguments.map(Argument.init))
        }
        return forms
    }

    func keyword(_ word: String) -> Argument? {
        let word = word.uppercased()
        return arguments.first { $0.token == word }
    }
}

extension CommandForm.Argument {
    init(_ reply: Reply) {
        name = reply["name"]?.text ?? "value"
        token = reply["token"]?.text?.uppercased()
        isOptional = reply["flags"]?.elements?.contains { $0.text == "optional" } ?? false
        let nested = reply["arguments"]?.elements ?? []
        switch reply["type"]?.text {
        case "pure-token": isFlag = true
        case "oneof": choices = nested.compactMap { $0["token"]?.text }
        case "block": parts = nested.compactMap { $0["name"]?.text }
        default: break
        }
    }

    /// As a hint shows it: `[AMOUNT decimal]`, `state`, `[CLOSE from to]`.
    var usage: String {
        let value =
            choices.isEmpty
            ? (parts.isEmpty ? name : parts.joined(separator: " ")) : choices.joined(separator: "|")
        let text = token.map { isFlag ? $0 : "\($0) \(value)" } ?? value
        return isOptional ? "[\(text)]" : text
    }

    /// What kind of thing its value names; nil where it could be anything.
    var kind: ValueKind? { ValueKind(argument: name) }
}

/// What an argument names, as far as completion can help with it.
enum ValueKind: String, Sendable, CaseIterable {
    case deal = "o"
    case person = "e"
    case unit = "u"
    case customer = "c"
    case approval = "a"
    case lead = "l"
    case contact = "k"
    case activity = "v"
    case process, stage, task, field, reason, topic, text

    init?(argument name: String) {
        switch name {
        case "opportunity": self = .deal
        case "person", "person,...": self = .person
        case "unit": self = .unit
        case "customer": self = .customer
        case "approval": self = .approval
        case "lead": self = .lead
        case "contact": self = .contact
        case "activity": self = .activity
        case "process": self = .process
        case "task": self = .task
        case "field": self = .field
        case "stage", "key": self = .stage
        default: return nil
        }
    }
}
