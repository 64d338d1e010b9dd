public import PipelineProtocol

extension CommandTable {
    /// Answers `COMMAND` and its subcommands from the table, in Redis 7.0's shapes and words (P-4,
    /// P-9). Writes one whole reply, which may be an error line.
    public static func answerCOMMAND(_ request: Request, into reply: inout ReplyWriter) {
        guard request.count > 1 else { return writeRows(of: commands, into: &reply) }
        guard let subcommand = named(request[1], among: find("COMMAND")?.subcommands ?? []) else {
            let given = String(decoding: request[1].prefix(128), as: UTF8.self)
            return reply.errorLine("ERR unknown subcommand '\(given)'. Try COMMAND HELP.")
        }
        guard fits(request.count, subcommand.arity) else {
            return reply.errorLine(
                "ERR wrong number of arguments for 'command|\(subcommand.name.lowercased())' command"
            )
        }
        switch subcommand.name {
        case "COUNT": reply.integer(commands.count)
        case "LIST": writeNames(request, into: &reply)
        case "INFO": writeRows(request, into: &reply)
        case "DOCS": writeDocs(request, into: &reply)
        case "GETKEYS": writeKeys(request, into: &reply)
        default: writeHelp(into: &reply)
        }
    }

    /// A command, or one of its subcommands by `name|subcommand`, as Redis names them.
    enum Entry {
        case command(Command)
        case subcommand(Command.Subcommand, of: Command)

        init?(_ name: ArraySlice<UInt8>) {
            guard let bar = name.firstIndex(of: UInt8(ascii: "|")) else {
                guard let command = CommandTable.find(name) else { return nil }
                self = .command(command)
                return
            }
            guard let command = CommandTable.find(name[..<bar]),
                let subcommand = CommandTable.named(name[(bar + 1)...], among: command.subcommands)
            else { return nil }
            self = .subcommand(subcommand, of: command)
        }

        /// In lower case: `opp.get`, `client|id`.
        var name: String {
            switch self {
            case .command(let command): command.name.lowercased()
            case .subcommand(let subcommand, let command):
                "\(command.name)|\(subcommand.name)".lowercased()
            }
        }

        var categories: [CommandCategory] {
            switch self {
            case .command(let command): command.categories
            case .subcommand(let subcommand, let command): command.categories(of: subcommand)
            }
        }
    }

    /// Every command, each followed by its subcommands.
    static var entries: [Entry] {
        commands.flatMap { command in
            [.command(command)] + command.subcommands.map { .subcommand($0, of: command) }
        }
    }

    static func find(_ name: String) -> Command? { find(Array(name.utf8)[...]) }

    fileprivate static func named(
        _ name: ArraySlice<UInt8>, among subcommands: [Command.Subcommand]
    ) -> Command.Subcommand? {
        let request = Request([Array(name.prefix(64))])
        guard name.count <= 64 else { return nil }
        return subcommands.first { request.matches(0, $0.name) }
    }

    /// Whether so many words are what an arity allows.
    private static func fits(_ words: Int, _ arity: Int) -> Bool {
        arity < 0 ? words >= -arity : words == arity
    }

    // MARK: LIST

    private static func writeNames(_ request: Request, into reply: inout ReplyWriter) {
        let names: [String]
        if request.count == 2 {
            names = entries.map(\.name)
        } else if request.count == 5, request.matches(2, "FILTERBY"), request.matches(3, "PATTERN")
        {
            names = entries.map(\.name).filter { Glob.matches(request[4], Array($0.utf8)) }
        } else if request.count == 5, request.matches(2, "FILTERBY"), request.matches(3, "ACLCAT") {
            names = entries.filter { entry in
                entry.categories.contains { request.matches(4, $0.rawValue) }
            }.map(\.name)
        } else if request.count == 5, request.matches(2, "FILTERBY"), request.matches(3, "MODULE") {
            // There are no modules.
            names = []
        } else {
            return reply.errorLine("ERR syntax error")
        }
        reply.array(names.count)
        for name in names { reply.bulk(name) }
    }

    // MARK: GETKEYS

    private static func writeKeys(_ request: Request, into reply: inout ReplyWriter) {
        guard let command = find(request[2]),
            command.subcommands.isEmpty
                || named(request[3], among: command.subcommands) != nil
        else { return reply.errorLine("ERR Invalid command specified") }
        reply.errorLine("ERR The command has no key arguments")
    }

    // MARK: HELP

    private static let help: [StaticString] = [
        "COMMAND <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
        "(no subcommand)",
        "    Return details about all commands.",
        "COUNT",
        "    Return the total number of commands in this server.",
        "LIST",
        "    Return a list of all commands in this server.",
        "INFO [<command-name> ...]",
        "    Return details about multiple commands.",
        "    If no command names are given, documentation details for all",
        "    commands are returned.",
        "DOCS [<command-name> ...]",
        "    Return documentation details about multiple commands.",
        "    If no command names are given, documentation details for all",
        "    commands are returned.",
        "GETKEYS <full-command>",
        "    Return the keys from a full command.",
        "HELP",
        "    Prints this help.",
    ]

    private static func writeHelp(into reply: inout ReplyWriter) {
        reply.array(help.count)
        for line in help { reply.simple(line) }
    }
}
