/// The reference in the docs, generated from the table (P-9).
public enum CommandReference {
    /// The whole of `docs/commands.md`.
    public static var markdown: String {
        var lines = [introduction]
        for group in order {
            let commands = CommandTable.commands.filter { $0.group == group }
            guard !commands.isEmpty else { continue }
            lines.append("## \(title(of: group))\n")
            lines.append(contentsOf: commands.map(section))
        }
        return lines.joined(separator: "\n")
    }

    /// From what a company is set up with to what the server is run with.
    private static let order: [Command.Group] = [
        .organisation, .process, .customer, .opportunity, .approval, .inbox, .report,
        .administration, .connection, .transactions, .pubsub, .server,
    ]

    private static func title(of group: Command.Group) -> String {
        switch group {
        case .organisation: "Organisation"
        case .process: "Processes"
        case .customer: "Customers"
        case .opportunity: "Deals"
        case .approval: "Approvals"
        case .inbox: "Inbox"
        case .report: "Reports"
        case .administration: "Administration"
        case .connection: "Connection"
        case .transactions: "Transactions"
        case .pubsub: "Channels"
        case .server: "Server"
        }
    }

    private static let introduction = """
        # Commands

        Generated from the command table by `CommandReference.markdown`; do not edit. After a change
        of the table run the tests with `UPDATE_REFERENCE=1`.

        A command is its name, its positional arguments, then keywords in any order and case. `[ ]`
        may be left out, `a|b` is a choice, `...` may be repeated; `n` before repeated values is their
        number. Ids are `u12` units, `e88` people, `p3` processes, `c7` customers, `o1042` deals,
        `a310` approval requests, `n5` notes; leading zeros are accepted. A value that holds blanks is
        quoted in a shell.

        ## Options of every write

        | option | meaning |
        | --- | --- |
        | `REQID token` | The command is done once: the same person sending the same command with the \
        same token within 24 hours gets the first answer again, after a restart too. The token with \
        another command is refused as `INVALID`; refused commands are not remembered. 1 to 64 \
        printable ASCII characters. |
        | `IFREV rev` | The command is refused as `CONFLICT` unless the thing it changes is still at \
        this revision; the refusal names the revision and who changed it. |
        | `DRYRUN command ...` | Before the command: every check is made and the answer is the one that \
        the command would give, without `seq` and with a new id as null; nothing changes. Takes no \
        `REQID`. |

        Every write answers a map with at least `id`, `rev` (the revision of what was changed) and \
        `seq` (the position in the log).

        """

    private static func section(_ command: Command) -> String {
        var lines = ["### \(command.name)\n", "    \(synopsis(of: command))\n", command.summary]
        var facts = ["For: \(command.rights)."]
        let options = [Command.ifRevision, Command.requestID].filter(command.takes)
        if !options.isEmpty {
            facts.append(
                "A write: takes \(options.map { "`\($0.name)`" }.joined(separator: " and ")).")
        }
        lines.append("\n" + facts.joined(separator: " ") + "\n")
        let arguments = command.ownArguments
        if !arguments.isEmpty { lines.append(table(of: arguments) + "\n") }
        if !command.subcommands.isEmpty {
            lines.append("| subcommand | |\n| --- | --- |")
            for subcommand in command.subcommands {
                let words = [command.name, subcommand.name] + subcommand.arguments.map(\.usage)
                lines.append(
                    "| `\(escaped(words.joined(separator: " ")))` | \(subcommand.summary) |")
            }
            lines.append("")
        }
        return lines.joined(separator: "\n")
    }

    /// Without the options that every write takes.
    private static func synopsis(of command: Command) -> String {
        let words = command.ownArguments.map(\.usage)
        return ([command.name] + (command.subcommands.isEmpty ? words : ["subcommand ..."]))
            .joined(separator: " ")
    }

    private static func table(of arguments: [ArgumentSpec]) -> String {
        let rows = arguments.map { argument in
            "| `\(argument.name)` | \(value(of: argument)) | \(limits(of: argument)) | "
                + "\(argument.isRequired ? "yes" : "") |"
        }
        return
            (["| argument | value | what it must be | required |", "| --- | --- | --- | --- |"]
            + rows).joined(separator: "\n")
    }

    private static func value(of argument: ArgumentSpec) -> String {
        let words = argument.values.joined(separator: " ")
        return switch argument.form {
        case .positional, .keyword: words
        case .rest: words + " ..."
        case .counted, .countedPairs: "n " + words + " ..."
        case .sort: words + " [ASC\\|DESC]"
        }
    }

    private static func limits(of argument: ArgumentSpec) -> String {
        let choices = argument.choices.map { "`\($0)`" }.joined(separator: ", ")
        guard !choices.isEmpty else { return escaped(argument.bounds) }
        return argument.bounds.isEmpty ? choices : "\(choices); \(escaped(argument.bounds))"
    }

    /// A bar would end the cell of a table.
    private static func escaped(_ text: String) -> String {
        text.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
    }
}

extension Command {
    /// What is the command's own, without `IFREV` and `REQID`.
    fileprivate var ownArguments: [ArgumentSpec] {
        arguments.filter {
            $0.name != Self.ifRevision.name && $0.name != Self.requestID.name
        }
    }

    fileprivate func takes(_ option: ArgumentSpec) -> Bool {
        arguments.contains { $0.name == option.name }
    }
}
