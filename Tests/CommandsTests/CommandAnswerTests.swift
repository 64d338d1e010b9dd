import PipelineProtocol
import Testing

@testable import PipelineCommands

struct CommandAnswerTests {
    private func ask(_ line: String, _ version: ProtocolVersion = .resp3) -> Reply {
        var reply = ReplyWriter(version)
        CommandTable.answerCOMMAND(Request(LedgerCompany.words(line)), into: &reply)
        return LedgerCompany.parse(reply.bytes)
    }

    private func simple(_ words: String...) -> Reply { .set(words.map { .simple($0) }) }

    private func bulk(_ text: String) -> Reply { .bulk(Array(text.utf8)) }

    /// A row that has no subcommands.
    private func row(
        _ name: String, _ arity: Int64, _ flags: Reply, _ categories: Reply, tips: [String] = []
    ) -> Reply {
        .array([
            bulk(name), .integer(arity), flags, .integer(0), .integer(0), .integer(0), categories,
            .set(tips.map(bulk)), .set([]), .set([]),
        ])
    }

    // MARK: INFO

    @Test("P-4: a row of COMMAND INFO has ten elements, flags and categories as simple strings")
    func rows() {
        #expect(
            ask("COMMAND INFO opp.get OPP.CREATE ping")
                == .array([
                    row("opp.get", -2, simple("readonly", "noscript"), simple("@read", "@slow")),
                    row("opp.create", -4, simple("write", "noscript"), simple("@write", "@slow")),
                    row(
                        "ping", -1, simple("fast"), simple("@fast", "@connection"),
                        tips: ["request_policy:all_shards", "response_policy:all_succeeded"]),
                ]))
        #expect(
            ask("COMMAND INFO client|id Config|Get command|getkeys")
                == .array([
                    row(
                        "client|id", 2, simple("noscript", "loading", "stale"),
                        simple("@slow", "@connection")),
                    row(
                        "config|get", -3, simple("admin", "noscript", "loading", "stale"),
                        simple("@admin", "@slow", "@dangerous")),
                    row(
                        "command|getkeys", -4, simple("loading", "stale"),
                        simple("@slow", "@connection")),
                ]))
    }

    @Test("P-4: arity and flags of Redis's commands are Redis 7.0's")
    func redisRows() {
        let expected: [(String, Int64, [String])] = [
            ("auth", -2, ["noscript", "loading", "stale", "fast", "no_auth", "allow_busy"]),
            ("hello", -1, ["noscript", "loading", "stale", "fast", "no_auth", "allow_busy"]),
            ("reset", 1, ["noscript", "loading", "stale", "fast", "no_auth", "allow_busy"]),
            ("quit", -1, ["noscript", "loading", "stale", "fast", "no_auth", "allow_busy"]),
            ("echo", 2, ["loading", "stale", "fast"]), ("select", 2, ["loading", "stale", "fast"]),
            ("time", 1, ["loading", "stale", "fast"]), ("command", -1, ["loading", "stale"]),
            ("client", -2, []), ("config", -2, []), ("info", -1, ["loading", "stale"]),
            ("dbsize", 1, ["readonly", "fast"]),
            ("subscribe", -2, ["pubsub", "noscript", "loading", "stale"]),
            ("unsubscribe", -1, ["pubsub", "noscript", "loading", "stale"]),
            ("psubscribe", -2, ["pubsub", "noscript", "loading", "stale"]),
            ("punsubscribe", -1, ["pubsub", "noscript", "loading", "stale"]),
            ("publish", 3, ["pubsub", "loading", "stale", "fast"]),
            ("multi", 1, ["noscript", "loading", "stale", "fast", "allow_busy"]),
            ("exec", 1, ["noscript", "loading", "stale", "skip_slowlog"]),
            ("discard", 1, ["noscript", "loading", "stale", "fast", "allow_busy"]),
        ]
        for (name, arity, flags) in expected {
            let row = ask("COMMAND INFO \(name)").elements?.first?.elements
            #expect(row?[1] == .integer(arity), "\(name)")
            #expect(row?[2] == .set(flags.map { .simple($0) }), "\(name)")
        }
    }

    @Test("P-4: unknown names are null in both versions; without a name there is a row for each")
    func unknownRows() {
        #expect(ask("COMMAND INFO nosuch client|nosuch ping|id") == .array([.null, .null, .null]))
        #expect(ask("COMMAND INFO nosuch", .resp2) == .array([.null]))
        let all = ask("COMMAND").elements
        #expect(all?.count == CommandTable.commands.count)
        #expect(ask("COMMAND INFO").elements == all)
        #expect(ask("COMMAND COUNT") == .integer(Int64(CommandTable.commands.count)))
    }

    @Test("P-4: a row's subcommands are rows of the same shape")
    func subcommandRows() throws {
        let row = try #require(ask("COMMAND INFO client").elements?.first?.elements)
        let subcommands = try #require(row[9].elements)
        #expect(subcommands.count == 12)
        for subcommand in subcommands {
            #expect(subcommand.elements?.count == 10)
            #expect(subcommand.elements?.first?.text?.hasPrefix("client|") == true)
        }
        #expect(ask("COMMAND INFO client|id").elements?.first == subcommands.first)
    }

    // MARK: LIST

    @Test("P-4: COMMAND LIST names commands and subcommands, filtered as in Redis")
    func list() {
        let all = ask("COMMAND LIST").elements ?? []
        #expect(all.contains(bulk("opp.get")) && all.contains(bulk("client|id")))
        #expect(
            ask("COMMAND LIST FILTERBY PATTERN opp.L*")
                == .array([bulk("opp.list"), bulk("opp.lose")]))
        #expect(
            ask("command list filterby aclcat TRANSACTION")
                == .array([bulk("discard"), bulk("exec"), bulk("multi")]))
        #expect(ask("COMMAND LIST FILTERBY ACLCAT nosuch") == .array([]))
        #expect(ask("COMMAND LIST FILTERBY MODULE any") == .array([]))
        for line in [
            "COMMAND LIST FILTERBY", "COMMAND LIST FILTERBY NAME a", "COMMAND LIST nosuch",
            "COMMAND LIST FILTERBY PATTERN a b",
        ] {
            #expect(ask(line) == .error("ERR syntax error"), "\(line)")
        }
    }

    @Test(
        "P-4: patterns are Redis's",
        arguments: [
            ("me", true), ("m?", true), ("m*e", true), ("[a-m]e", true), ("[^m]e", false),
            ("m\\\\e", true), ("*", true), ("", false), ("**e", true), ("[me", false),
        ])
    func patterns(_ pattern: String, _ matches: Bool) {
        let found = ask("COMMAND LIST FILTERBY PATTERN \"\(pattern)\"").elements ?? []
        #expect(found.contains(bulk("me")) == matches)
    }

    // MARK: Refusals

    @Test(
        "P-4: refusals are in Redis 7.0's words",
        arguments: [
            ("COMMAND NOSUCH", "ERR unknown subcommand 'NOSUCH'. Try COMMAND HELP."),
            ("COMMAND COUNT x", "ERR wrong number of arguments for 'command|count' command"),
            ("COMMAND HELP x", "ERR wrong number of arguments for 'command|help' command"),
            ("COMMAND GETKEYS", "ERR wrong number of arguments for 'command|getkeys' command"),
            ("COMMAND GETKEYS ping", "ERR wrong number of arguments for 'command|getkeys' command"),
            ("COMMAND GETKEYS opp.get o1", "ERR The command has no key arguments"),
            ("COMMAND GETKEYS client id", "ERR The command has no key arguments"),
            ("COMMAND GETKEYS client nosuch", "ERR Invalid command specified"),
            ("COMMAND GETKEYS nosuch o1", "ERR Invalid command specified"),
        ])
    func refusals(_ line: String, _ error: String) {
        #expect(ask(line) == .error(error))
    }

    @Test("P-4: HELP is a list of simple strings that ends as Redis's does")
    func help() {
        let lines = ask("COMMAND HELP").elements ?? []
        #expect(
            lines.first
                == .simple(
                    "COMMAND <subcommand> [<arg> [value] [opt] ...]. Subcommands are:"))
        #expect(lines.suffix(2) == [.simple("HELP"), .simple("    Prints this help.")])
    }
}
