/// What COMMAND INFO says a command is like, in Redis's words and in Redis's order.
enum CommandFlag: String, Sendable, CaseIterable {
    case write, readonly, admin, pubsub, noscript, loading, stale
    case skipSlowlog = "skip_slowlog"
    case fast
    case noAuth = "no_auth"
    case allowBusy = "allow_busy"
}

/// Redis's categories of commands, in Redis's order.
enum CommandCategory: String, Sendable, CaseIterable {
    case keyspace, read, write, pubsub, admin, fast, slow, dangerous, connection, transaction

    /// The categories that follow from the flags, as Redis derives them, and those that a command
    /// has of itself.
    static func all(of flags: [CommandFlag], and own: Set<CommandCategory>) -> [CommandCategory] {
        var all = own
        if flags.contains(.write) { all.insert(.write) }
        if flags.contains(.readonly) { all.insert(.read) }
        if flags.contains(.admin) { all.formUnion([.admin, .dangerous]) }
        if flags.contains(.pubsub) { all.insert(.pubsub) }
        all.insert(flags.contains(.fast) ? .fast : .slow)
        return allCases.filter(all.contains)
    }
}

extension CommandTable.Entry {
    /// What Redis 7.0 tells clients of clusters and testers about its own commands, word for word.
    var tips: [String] { Self.redisTips[name] ?? [] }

    private static let redisTips: [String: [String]] = [
        "ping": ["request_policy:all_shards", "response_policy:all_succeeded"],
        "time": ["nondeterministic_output"],
        "client|list": ["nondeterministic_output"],
        "client|info": ["nondeterministic_output"],
        "command": ["nondeterministic_output_order"],
        "command|docs": ["nondeterministic_output_order"],
        "command|list": ["nondeterministic_output_order"],
        "command|info": ["nondeterministic_output_order"],
        "info": [
            "nondeterministic_output", "request_policy:all_shards", "response_policy:special",
        ],
        "dbsize": ["request_policy:all_shards", "response_policy:agg_sum"],
        "module|list": ["nondeterministic_output_order"],
        "slowlog|reset": ["request_policy:all_nodes", "response_policy:all_succeeded"],
        "slowlog|len": [
            "request_policy:all_nodes", "response_policy:agg_sum", "nondeterministic_output",
        ],
        "slowlog|get": ["request_policy:all_nodes", "nondeterministic_output"],
        "latency|latest": [
            "nondeterministic_output", "request_policy:all_nodes", "response_policy:special",
        ],
    ]
}

extension Command {
    /// Every read and write of ours is barred from scripts: there are none.
    var flags: [CommandFlag] {
        switch access {
        case .write: [.write, .noscript]
        case .query, .dryRun: [.readonly, .noscript]
        case .connection(let verb): verb.flags
        }
    }

    var categories: [CommandCategory] {
        guard case .connection(let verb) = access else {
            return CommandCategory.all(of: flags, and: [])
        }
        return CommandCategory.all(of: flags, and: verb.categories)
    }

    func categories(of subcommand: Subcommand) -> [CommandCategory] {
        guard case .connection(let verb) = access, verb == .client || verb == .command else {
            return CommandCategory.all(of: subcommand.flags, and: [])
        }
        return CommandCategory.all(of: subcommand.flags, and: [.connection])
    }
}

extension ConnectionVerb {
    /// As Redis 7.0 has them; a command whose work lies in its subcommands has none.
    fileprivate var flags: [CommandFlag] {
        switch self {
        case .auth, .hello, .reset, .quit:
            [.noscript, .loading, .stale, .fast, .noAuth, .allowBusy]
        case .ping: [.fast]
        case .echo, .select, .time: [.loading, .stale, .fast]
        case .client, .config, .pubsub, .module, .slowlog, .latency: []
        case .monitor: [.admin, .noscript, .loading, .stale]
        case .command, .info: [.loading, .stale]
        case .subscribe, .unsubscribe, .psubscribe, .punsubscribe:
            [.pubsub, .noscript, .loading, .stale]
        case .publish: [.pubsub, .loading, .stale, .fast]
        case .multi, .discard: [.noscript, .loading, .stale, .fast, .allowBusy]
        case .exec: [.noscript, .loading, .stale, .skipSlowlog]
        case .dbsize: [.readonly, .fast]
        case .snapshot, .backup: [.admin, .noscript]
        case .shutdown: [.admin, .noscript, .loading, .stale, .allowBusy]
        }
    }

    fileprivate var categories: Set<CommandCategory> {
        switch self {
        case .auth, .hello, .reset, .quit, .ping, .echo, .select, .command: [.connection]
        case .multi, .exec, .discard: [.transaction]
        case .info: [.dangerous]
        case .dbsize: [.keyspace]
        case .time, .client, .config, .pubsub, .module, .slowlog, .latency, .monitor: []
        case .snapshot, .backup, .shutdown: []
        case .subscribe, .unsubscribe, .psubscribe, .punsubscribe, .publish: []
        }
    }
}
