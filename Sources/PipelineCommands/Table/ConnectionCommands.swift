extension CommandTable {
    static let connection: [Command] = [
        .connection(
            .hello, "Agrees on the protocol version, and authenticates.", .connection,
            [
                positional("protover", required: false), keyword("AUTH", "username", "password"),
                keyword("SETNAME", "clientname"),
            ]),
        .connection(
            .auth, "Authenticates the connection.", .connection,
            [positional("username", required: false), positional("password")]),
        .connection(
            .ping, "Answers PONG, or the message.", .connection,
            [positional("message", required: false)]),
        .connection(.echo, "Answers the message.", .connection, [positional("message")]),
        .connection(.quit, "Closes the connection.", .connection),
        .connection(.reset, "Takes the connection back to how it began.", .connection),
        .connection(.select, "There is one database, 0.", .connection, [positional("index")]),
        .connection(
            .client, "Tells and sets what concerns connections.", .connection,
            subcommands: clientSubcommands),
        .connection(
            .command, "Tells about the commands.", .server, subcommands: commandSubcommands),
        .connection(
            .info, "Figures of the running server.", .server,
            [rest("section", atLeast: 0)]),
        .connection(
            .config, "Shows settings.", .server,
            subcommands: [
                .init(
                    "GET", "Settings by name or pattern.",
                    [rest("pattern", atLeast: 1, kind: .pattern)],
                    flags: [.admin, .noscript, .loading, .stale]),
                .init("HELP", "Lists the subcommands.", flags: [.loading, .stale]),
            ]),
        .connection(.time, "The server's clock: seconds and microseconds.", .server),
        .connection(
            .snapshot, "Writes a snapshot of the whole company; answers when it is durable.",
            .administration, rights: "admin"),
        .connection(
            .backup,
            "Copies a snapshot and the log up to now into a new directory below the server's own for"
                + " backups; answers when the copy is durable and verified.",
            .administration, rights: "admin", [positional("name", required: false)]),
        .connection(
            .shutdown,
            "Ends the server in order, with a last snapshot unless NOSAVE says otherwise.",
            .administration, rights: "admin",
            [
                ArgumentSpec(
                    "option", .positional, isRequired: false, values: ["option"],
                    choices: ["SAVE", "NOSAVE"])
            ]),
        .connection(.dbsize, "How many deals there are that you see.", .server),
        .connection(
            .subscribe, "Listens to channels; 'inbox' is your own.", .pubsub,
            [rest("channel", atLeast: 1)]),
        .connection(
            .unsubscribe, "Stops listening, to all without a name.", .pubsub,
            [rest("channel", atLeast: 0)]),
        .connection(
            .psubscribe, "Listens to channels by pattern; 'inbox' is reached by name only.",
            .pubsub,
            [rest("pattern", atLeast: 1, kind: .pattern)]),
        .connection(
            .punsubscribe, "Stops listening by pattern.", .pubsub,
            [rest("pattern", atLeast: 0, kind: .pattern)]),
        .connection(
            .publish, "Refused: only the company itself publishes.", .pubsub,
            [positional("channel"), positional("message")]),
        .connection(
            .pubsub, "Tells about subscriptions: an admin about all, others about their own.",
            .pubsub, subcommands: pubsubSubcommands),
        .connection(.multi, "Begins a transaction.", .transactions),
        .connection(.exec, "Carries out all that was queued, or nothing.", .transactions),
        .connection(.discard, "Forgets what was queued.", .transactions),
    ]

    private static let clientSubcommands: [Command.Subcommand] = [
        .init("ID", "This connection's number."),
        .init("INFO", "This connection in one line."),
        .init(
            "LIST", "Every connection, a line each; others' for an admin.",
            [
                keyword("TYPE", "kind", choices: ["normal", "master", "replica", "pubsub"]),
                ArgumentSpec("ID", .keyword(values: 1), isRequired: false, values: ["client-id"]),
            ], flags: [.admin, .noscript, .loading, .stale]),
        .init(
            "KILL", "Ends connections; for an admin.",
            [
                positional("address", required: false),
                keyword("ID", "client-id"), keyword("ADDR", "address"),
                keyword("LADDR", "address"), keyword("USER", "login"),
                keyword("TYPE", "kind", choices: ["normal", "master", "replica", "pubsub"]),
                keyword("SKIPME", "choice", choices: ["yes", "no"]),
            ], flags: [.admin, .noscript, .loading, .stale]),
        .init("SETNAME", "Names this connection.", [positional("name")]),
        .init("GETNAME", "This connection's name."),
        .init(
            "SETINFO", "Tells the client library's name or version.",
            [positional("attribute", choices: ["LIB-NAME", "LIB-VER"]), positional("value")]),
        .init(
            "REPLY", "Whether commands are answered.",
            [positional("mode", choices: ["ON", "OFF", "SKIP"])]),
        .init(
            "NO-EVICT", "Accepted; nothing is ever evicted.",
            [positional("mode", choices: ["ON", "OFF"])],
            flags: [.admin, .noscript, .loading, .stale]),
        .init(
            "NO-TOUCH", "Accepted; nothing is ever touched.",
            [positional("mode", choices: ["ON", "OFF"])]),
        .init(
            "CAPA", "Accepted: what the client says it is capable of.",
            [rest("capability", atLeast: 1)]),
        .init("HELP", "Lists the subcommands.", flags: [.loading, .stale]),
    ]

    private static let commandSubcommands: [Command.Subcommand] = [
        .init("COUNT", "How many there are.", flags: [.loading, .stale]),
        .init(
            "LIST", "Their names.",
            [
                ArgumentSpec(
                    "FILTERBY", .keyword(values: 2), isRequired: false,
                    values: ["criterion", "value"])
            ], flags: [.loading, .stale]),
        .init(
            "INFO", "Arity and flags.", [rest("command-name", atLeast: 0)],
            flags: [.loading, .stale]),
        .init(
            "DOCS", "Summaries and arguments.", [rest("command-name", atLeast: 0)],
            flags: [.loading, .stale]),
        .init(
            "GETKEYS", "Which arguments of a command are keys: no command of ours has any.",
            [positional("command"), rest("argument", atLeast: 1)], flags: [.loading, .stale]),
        .init("HELP", "Lists the subcommands.", flags: [.loading, .stale]),
    ]

    private static func positional(
        _ name: String, required: Bool = true, choices: [String] = []
    ) -> ArgumentSpec {
        ArgumentSpec(name, .positional, isRequired: required, values: [name], choices: choices)
    }

    private static func rest(
        _ name: String, atLeast: Int, kind: ArgumentSpec.Kind = .string
    ) -> ArgumentSpec {
        ArgumentSpec(
            name, .rest(groupOf: 1, atLeast: atLeast), isRequired: atLeast > 0, values: [name],
            kind: kind)
    }

    private static func keyword(
        _ name: String, _ values: String..., choices: [String] = []
    ) -> ArgumentSpec {
        ArgumentSpec(
            name, .keyword(values: values.count), isRequired: false, values: values,
            choices: choices)
    }
}
