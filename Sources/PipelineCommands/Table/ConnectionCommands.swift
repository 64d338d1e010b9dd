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
            subcommands: [
                .init(name: "ID", summary: "This connection's number.", usage: "CLIENT ID"),
                .init(name: "INFO", summary: "This connection in one line.", usage: "CLIENT INFO"),
                .init(
                    name: "LIST", summary: "Every connection, a line each; others' for an admin.",
                    usage: "CLIENT LIST"),
                .init(
                    name: "SETNAME", summary: "Names this connection.",
                    usage: "CLIENT SETNAME name"),
                .init(
                    name: "GETNAME", summary: "This connection's name.", usage: "CLIENT GETNAME"),
                .init(
                    name: "SETINFO", summary: "Tells the client library's name or version.",
                    usage: "CLIENT SETINFO LIB-NAME|LIB-VER value"),
                .init(
                    name: "NO-EVICT", summary: "Accepted; nothing is ever evicted.",
                    usage: "CLIENT NO-EVICT ON|OFF"),
                .init(
                    name: "NO-TOUCH", summary: "Accepted; nothing is ever touched.",
                    usage: "CLIENT NO-TOUCH ON|OFF"),
                .init(name: "HELP", summary: "Lists the subcommands.", usage: "CLIENT HELP"),
            ]),
        .connection(
            .command, "Tells about the commands.", .server,
            subcommands: [
                .init(name: "COUNT", summary: "How many there are.", usage: "COMMAND COUNT"),
                .init(name: "LIST", summary: "Their names.", usage: "COMMAND LIST"),
                .init(
                    name: "INFO", summary: "Arity and flags.", usage: "COMMAND INFO [name …]"),
                .init(
                    name: "DOCS", summary: "Summaries and arguments.",
                    usage: "COMMAND DOCS [name …]"),
                .init(
                    name: "GETKEYS", summary: "No command of ours has keys.",
                    usage: "COMMAND GETKEYS command [argument …]"),
            ]),
        .connection(
            .info, "Figures of the running server.", .server,
            [
                ArgumentSpec(
                    "section", .rest(groupOf: 1, atLeast: 0), isRequired: false, values: ["section"]
                )
            ]),
        .connection(
            .config, "Shows settings.", .server,
            subcommands: [
                .init(
                    name: "GET", summary: "Settings by name or pattern.",
                    usage: "CONFIG GET pattern …")
            ]),
        .connection(.time, "The server's clock: seconds and microseconds.", .server),
        .connection(.dbsize, "How many deals there are that you see.", .server),
        .connection(
            .subscribe, "Listens to channels; 'inbox' is your own.", .pubsub,
            [
                ArgumentSpec(
                    "channel", .rest(groupOf: 1, atLeast: 1), isRequired: true, values: ["channel"])
            ]),
        .connection(
            .unsubscribe, "Stops listening, to all without a name.", .pubsub,
            [
                ArgumentSpec(
                    "channel", .rest(groupOf: 1, atLeast: 0), isRequired: false, values: ["channel"]
                )
            ]),
        .connection(
            .psubscribe, "Listens to channels by pattern; 'inbox' is reached by name only.",
            .pubsub,
            [
                ArgumentSpec(
                    "pattern", .rest(groupOf: 1, atLeast: 1), isRequired: true, values: ["pattern"])
            ]),
        .connection(
            .punsubscribe, "Stops listening by pattern.", .pubsub,
            [
                ArgumentSpec(
                    "pattern", .rest(groupOf: 1, atLeast: 0), isRequired: false, values: ["pattern"]
                )
            ]),
        .connection(
            .publish, "Refused: only the company itself publishes.", .pubsub,
            [positional("channel"), positional("message")]),
        .connection(.multi, "Begins a transaction.", .transactions),
        .connection(.exec, "Carries out all that was queued, or nothing.", .transactions),
        .connection(.discard, "Forgets what was queued.", .transactions),
    ]

    private static func positional(_ name: String, required: Bool = true) -> ArgumentSpec {
        ArgumentSpec(name, .positional, isRequired: required, values: [name])
    }

    private static func keyword(_ name: String, _ values: String...) -> ArgumentSpec {
        ArgumentSpec(
            name, .keyword(values: values.count), isRequired: false, values: values)
    }
}
