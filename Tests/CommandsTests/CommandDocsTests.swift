import PipelineProtocol
import Testing

@testable import PipelineCommands

struct CommandDocsTests {
    private func docs(_ names: String, _ version: ProtocolVersion = .resp3) -> Reply {
        var reply = ReplyWriter(version)
        CommandTable.answerCOMMAND(
            Request(LedgerCompany.words("COMMAND DOCS " + names)), into: &reply)
        return LedgerCompany.parse(reply.bytes)
    }

    private func map(_ pairs: (String, Reply)...) -> Reply {
        .map(pairs.map { Reply.Pair(key: bulk($0.0), value: $0.1) })
    }

    private func bulk(_ text: String) -> Reply { .bulk(Array(text.utf8)) }

    private var optional: Reply { .set([.simple("optional")]) }

    @Test("P-4: every command and subcommand has a summary, since and group; else redis-cli fails")
    func complete() throws {
        let all = try #require(docs("").pairs)
        #expect(all.count == CommandTable.commands.count)
        for entry in all {
            try checkEntry(entry)
            for subcommand in entry.value["subcommands"]?.pairs ?? [] { try checkEntry(subcommand) }
        }
    }

    private func checkEntry(_ entry: Reply.Pair) throws {
        let name = try #require(entry.key.text)
        #expect(name == name.lowercased())
        for member in ["summary", "since", "group"] {
            #expect(entry.value[member]?.text?.isEmpty == false, "\(name) has no \(member)")
        }
        for argument in entry.value["arguments"]?.elements ?? [] { try check(argument, of: name) }
    }

    /// What redis-cli asserts: names, types and tokens are byte strings, flags simple strings.
    private func check(_ argument: Reply, of command: String) throws {
        let types: Set = [
            "string", "integer", "pattern", "pure-token", "block", "oneof", "unix-time", "double",
        ]
        for pair in try #require(argument.pairs) {
            let key = try #require(pair.key.text)
            switch key {
            case "name", "token":
                guard case .bulk(let bytes) = pair.value, !bytes.isEmpty else {
                    Issue.record("\(command): \(key) is \(pair.value)")
                    continue
                }
            case "type":
                #expect(types.contains(pair.value.text ?? ""), "\(command)")
            case "flags":
                for flag in try #require(pair.value.elements) {
                    #expect(
                        [.simple("optional"), .simple("multiple")].contains(flag), "\(command)")
                }
            case "arguments":
                #expect(["block", "oneof"].contains(argument["type"]?.text), "\(command)")
                for nested in try #require(pair.value.elements) { try check(nested, of: command) }
            default: Issue.record("\(command): a member '\(key)' that Redis does not have")
            }
        }
        #expect(
            ["block", "oneof"].contains(argument["type"]?.text)
                == (argument["arguments"]?.elements?.isEmpty == false), "\(command)")
        if argument["type"]?.text == "pure-token" {
            #expect(argument["token"] != nil, "\(command)")
        }
    }

    @Test("P-4: arguments as redis-cli makes its hints from them")
    func arguments() {
        let described = docs("unit.create")["unit.create"]
        #expect(described?["group"]?.text == "organisation")
        let arguments = described?["arguments"]?.elements ?? []
        #expect(arguments.count == 5)
        #expect(arguments[0] == map(("name", bulk("name")), ("type", bulk("string"))))
        #expect(
            arguments[1]
                == map(
                    ("name", bulk("unit")), ("type", bulk("string")), ("token", bulk("PARENT")),
                    ("flags", optional)))
        #expect(arguments[2]["type"]?.text == "oneof")
        #expect(arguments[2]["token"]?.text == "KIND")
        #expect(
            arguments[2]["arguments"]?.elements?.first
                == map(
                    ("name", bulk("company")), ("type", bulk("pure-token")),
                    ("token", bulk("company"))))
        #expect(arguments[4]["token"]?.text == "REQID")
    }

    @Test("P-4: pairs, counted values, sort orders, flags and field–value groups have their shapes")
    func shapes() {
        let list = docs("opp.list")["opp.list"]?["arguments"]?.elements ?? []
        func argument(_ token: String) -> Reply? { list.first { $0["token"]?.text == token } }
        #expect(
            argument("LIMIT")
                == map(
                    ("name", bulk("limit")), ("type", bulk("block")), ("token", bulk("LIMIT")),
                    ("flags", optional),
                    (
                        "arguments",
                        .array([
                            map(("name", bulk("offset")), ("type", bulk("integer"))),
                            map(("name", bulk("count")), ("type", bulk("integer"))),
                        ])
                    )))
        #expect(argument("FIELDS")?["type"]?.text == "block")
        #expect(argument("FIELDS")?["arguments"]?.elements?.first?["type"]?.text == "integer")
        #expect(
            argument("FIELDS")?["arguments"]?.elements?.last?["flags"]
                == .set([.simple("multiple")]))
        #expect(argument("SORTBY")?["arguments"]?.elements?.last?["flags"] == optional)
        let feedback = docs("opp.feedback")["opp.feedback"]?["arguments"]?.elements ?? []
        #expect(feedback.dropFirst().first?["name"]?.text == "field_value")
        #expect(feedback.dropFirst().first?["flags"] == .set([.simple("multiple")]))
        #expect(
            docs("psubscribe")["psubscribe"]?["arguments"]?.elements?.first?["type"]?.text
                == "pattern")
        let inbox = docs("inbox.list")["inbox.list"]?["arguments"]?.elements ?? []
        #expect(
            inbox.first { $0["token"]?.text == "UNACKED" }
                == map(
                    ("name", bulk("unacked")), ("type", bulk("pure-token")),
                    ("token", bulk("UNACKED")), ("flags", optional)))
    }

    @Test("P-4: only known names are answered, subcommands by name|subcommand; RESP2 flattens")
    func names() {
        #expect(docs("nosuch client|nosuch") == .map([]))
        #expect(docs("CLIENT|ID nosuch").pairs?.map(\.key) == [bulk("client|id")])
        #expect(docs("config")["config"]?["subcommands"]?.pairs?.count == 2)
        guard case .array(let flat) = docs("ping", .resp2) else {
            Issue.record("not flat")
            return
        }
        #expect(flat.count == 2 && flat[0] == bulk("ping"))
    }
}
