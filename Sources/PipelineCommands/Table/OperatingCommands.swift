/// What an administrator looks at while the server runs, in Redis's shapes (P-4).
extension CommandTable {
    static let operating: [Command] = [
        .connection(
            .slowlog, "Commands that took long; secrets are left out.", .server, rights: "admin",
            subcommands: [
                .init(
                    "GET", "The newest of them: 10, or as many as asked for; -1 for all.",
                    [
                        ArgumentSpec(
                            "count", .positional, isRequired: false, values: ["count"],
                            kind: .integer)
                    ], flags: [.admin, .loading, .stale]),
                .init("LEN", "How many there are.", flags: [.admin, .loading, .stale]),
                .init("RESET", "Forgets them.", flags: [.admin, .loading, .stale]),
                .init("HELP", "Lists the subcommands.", flags: [.loading, .stale]),
            ]),
        .connection(
            .latency, "Latency by event; nothing is sampled.", .server, rights: "admin",
            subcommands: latencySubcommands),
        .connection(
            .module, "There are no modules.", .server, rights: "admin",
            subcommands: [
                .init("LIST", "Those loaded: none.", flags: [.admin, .noscript]),
                .init("HELP", "Lists the subcommands.", flags: [.loading, .stale]),
            ]),
        .connection(
            .monitor, "Shows every command as it is carried out; secrets are left out.", .server,
            rights: "admin"),
    ]

    private static let latencySubcommands: [Command.Subcommand] = [
        .init("LATEST", "The latest samples: none.", flags: ofAdmins),
        .init(
            "HISTORY", "The samples of an event: none.",
            [ArgumentSpec("event", .positional, isRequired: true, values: ["event"])],
            flags: ofAdmins),
        .init(
            "RESET", "Forgets the samples of events.",
            [
                ArgumentSpec(
                    "event", .rest(groupOf: 1, atLeast: 0), isRequired: false,
                    values: ["event"])
            ], flags: ofAdmins),
        .init("HELP", "Lists the subcommands.", flags: [.loading, .stale]),
    ]

    private static let ofAdmins: [CommandFlag] = [.admin, .noscript, .loading, .stale]

    static let pubsubSubcommands: [Command.Subcommand] = [
        .init(
            "CHANNELS", "Channels that somebody listens to.",
            [
                ArgumentSpec(
                    "pattern", .positional, isRequired: false, values: ["pattern"], kind: .pattern)
            ], flags: [.pubsub, .loading, .stale]),
        .init(
            "NUMSUB", "How many listen to each channel, patterns aside.",
            [
                ArgumentSpec(
                    "channel", .rest(groupOf: 1, atLeast: 0), isRequired: false,
                    values: ["channel"])
            ], flags: [.pubsub, .loading, .stale]),
        .init(
            "NUMPAT", "How many different patterns there are.",
            flags: [.pubsub, .loading, .stale]),
        .init(
            "SHARDCHANNELS", "There are no sharded channels.",
            [
                ArgumentSpec(
                    "pattern", .positional, isRequired: false, values: ["pattern"], kind: .pattern)
            ], flags: [.pubsub, .loading, .stale]),
        .init(
            "SHARDNUMSUB", "Nobody listens to sharded channels.",
            [
                ArgumentSpec(
                    "channel", .rest(groupOf: 1, atLeast: 0), isRequired: false,
                    values: ["channel"])
            ], flags: [.pubsub, .loading, .stale]),
        .init("HELP", "Lists the subcommands.", flags: [.loading, .stale]),
    ]
}
