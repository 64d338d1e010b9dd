import PipelineProtocol

/// `COMMAND DOCS`: what redis-cli's help and hints are made from. Every command and subcommand has a
/// summary, since and group: redis-cli fails without one (P-4).
extension CommandTable {
    /// A map of the names asked for, without the unknown ones; of all commands without a name.
    static func writeDocs(_ request: Request, into reply: inout ReplyWriter) {
        let found =
            request.count > 2
            ? (2..<request.count).compactMap { Entry(request[$0]) }
            : commands.map { .command($0) }
        reply.map(found.count)
        for entry in found { write(entry, into: &reply) }
    }

    private static func write(_ entry: Entry, into reply: inout ReplyWriter) {
        let (command, summary, arguments, subcommands) =
            switch entry {
            case .command(let command):
                (command, command.summary, command.arguments, command.subcommands)
            case .subcommand(let subcommand, let command):
                (command, subcommand.summary, subcommand.arguments, [])
            }
        reply.bulk(entry.name)
        reply.map(3 + (arguments.isEmpty ? 0 : 1) + (subcommands.isEmpty ? 0 : 1))
        reply.bulk("summary")
        reply.bulk(summary)
        reply.bulk("since")
        reply.bulk(command.since)
        reply.bulk("group")
        reply.bulk(command.group.rawValue)
        if !arguments.isEmpty {
            reply.bulk("arguments")
            reply.array(arguments.count)
            for argument in arguments { ArgumentDoc(argument).write(to: &reply) }
        }
        if !subcommands.isEmpty {
            reply.bulk("subcommands")
            reply.map(subcommands.count)
            for subcommand in subcommands {
                write(.subcommand(subcommand, of: command), into: &reply)
            }
        }
    }
}

/// One argument as `COMMAND DOCS` tells it.
struct ArgumentDoc {
    private let name: String
    private let type: String
    private var token: String?
    private var isOptional = false
    private var isMultiple = false
    private var arguments: [ArgumentDoc] = []

    private init(_ name: String, _ type: String, _ arguments: [ArgumentDoc] = []) {
        self.name = name
        self.type = type
        self.arguments = arguments
    }

    init(_ spec: ArgumentSpec) {
        switch spec.form {
        case .positional:
            self = .value(spec.name, spec)
        case .rest(groupOf: 1, _):
            self = .value(spec.values.first ?? spec.name, spec)
            isMultiple = true
        case .rest:
            self = .block(spec.values.joined(separator: "_"), spec)
            isMultiple = true
        case .keyword(values: 0):
            self.init(spec.name.lowercased(), "pure-token")
        case .keyword(values: 1):
            self = .value(spec.values.first ?? spec.name.lowercased(), spec)
        case .keyword:
            self = .block(spec.name.lowercased(), spec)
        case .counted:
            var value = Self.value(spec.values.first ?? spec.name.lowercased(), spec)
            value.isMultiple = true
            self.init(spec.name.lowercased(), "block", [ArgumentDoc("n", "integer"), value])
        case .countedPairs:
            var pair = Self.block(spec.values.joined(separator: "_"), spec)
            pair.isMultiple = true
            self.init(spec.name.lowercased(), "block", [ArgumentDoc("n", "integer"), pair])
        case .sort:
            var order = Self.oneOf("order", ["ASC", "DESC"])
            order.isOptional = true
            self.init(
                spec.name.lowercased(), "block",
                [.value(spec.values.first ?? spec.name.lowercased(), spec), order])
        }
        token = spec.isKeyword ? spec.name : nil
        isOptional = !spec.isRequired
    }

    private static func value(_ name: String, _ spec: ArgumentSpec) -> ArgumentDoc {
        spec.choices.isEmpty
            ? ArgumentDoc(name, spec.kind.rawValue) : oneOf(name, spec.choices)
    }

    private static func oneOf(_ name: String, _ choices: [String]) -> ArgumentDoc {
        let tokens = choices.map { choice in
            var doc = ArgumentDoc(choice.lowercased(), "pure-token")
            doc.token = choice
            return doc
        }
        return ArgumentDoc(name, "oneof", tokens)
    }

    private static func block(_ name: String, _ spec: ArgumentSpec) -> ArgumentDoc {
        ArgumentDoc(name, "block", spec.values.map { ArgumentDoc($0, spec.kind.rawValue) })
    }

    func write(to reply: inout ReplyWriter) {
        // redis-cli takes flags as simple strings only (P-4).
        let flags = (isOptional ? ["optional"] : []) + (isMultiple ? ["multiple"] : [])
        let optionalParts = [token != nil, !flags.isEmpty, !arguments.isEmpty].count { $0 }
        reply.map(2 + optionalParts)
        reply.bulk("name")
        reply.bulk(name)
        reply.bulk("type")
        reply.bulk(type)
        if let token {
            reply.bulk("token")
            reply.bulk(token)
        }
        if !flags.isEmpty {
            reply.bulk("flags")
            CommandTable.writeWords(flags, into: &reply)
        }
        if !arguments.isEmpty {
            reply.bulk("arguments")
            reply.array(arguments.count)
            for argument in arguments { argument.write(to: &reply) }
        }
    }
}
