/// Approvals, reports, the inbox, and the words of the shell itself.
extension Words {
    static let approvalColumns = [
        "id", "opportunity", "title", "stage", "amount", "currency", "submitter", "submittedAt",
        "status",
    ]

    static let approvals: [Word] = [
        Word(
            name: "approvals", usage: "approvals [sent|all] [STATUS s]", summary: .wordApprovals,
            examples: ["approvals", "approvals sent", "approvals STATUS rejected"]
        ) { (arguments, _) throws(Failure) in
            var rest = arguments
            var command = ["APPROVAL.LIST"]
            switch rest.first?.lowercased() {
            case "sent":
                rest.removeFirst()
                command.append("SENT")
            case "all":
                rest.removeFirst()
            default:
                command.append("MINE")
                if !has("STATUS", in: rest) { command += ["STATUS", "pending"] }
            }
            return .command(Translated(command + rest, columns: approvalColumns))
        },
        one("approval", "APPROVAL.GET", "a", .wordApproval, ["approval 310"]),
        Word(
            name: "approve", usage: "approve APPROVAL [comment]", summary: .wordApprove,
            examples: ["approve 310", "approve 310 \"good work\""]
        ) { (arguments, _) throws(Failure) in
            .command(try decide("approve", "APPROVAL.APPROVE", arguments))
        },
        Word(
            name: "reject", usage: "reject APPROVAL comment", summary: .wordReject,
            examples: ["reject 310 \"who holds the budget?\""]
        ) { (arguments, _) throws(Failure) in
            guard arguments.count >= 2 else { throw usage("reject") }
            return .command(try decide("reject", "APPROVAL.REJECT", arguments))
        },
    ]

    private static func decide(
        _ name: String, _ wire: String, _ arguments: [String]
    ) throws(Failure) -> Translated {
        guard let first = arguments.first, let id = identifier(first, "a") else {
            throw usage(name)
        }
        var rest = Array(arguments.dropFirst())
        let isKeyword = rest.first.map { ["NOTE", "REQID", "IFREV"].contains($0.uppercased()) }
        if isKeyword == false { rest.insert("NOTE", at: 0) }
        return Translated([wire, id] + rest)
    }

    static let reports: [Word] = [
        list("funnel", "REPORT.FUNNEL", .wordFunnel, ["funnel", "funnel UNIT 3 BY owner"]),
        list(
            "forecast", "REPORT.FORECAST", .wordForecast,
            ["forecast", "forecast PERIOD 2026-10-01 2026-12-31"]),
        list("todo", "TODO.LIST", .wordTodo, ["todo", "todo DUE 2026-11-01 2026-11-30"]),
        Word(
            name: "inbox", usage: "inbox [all] [FROM seq] [COUNT n]", summary: .wordInbox,
            examples: ["inbox", "inbox all", "inbox all FROM 120 COUNT 20"]
        ) { (arguments, _) throws(Failure) in
            let columns = ["seq", "type", "at", "text", "opportunity", "acked"]
            if arguments.first?.lowercased() == "all" {
                return .command(
                    Translated(["INBOX.LIST"] + arguments.dropFirst(), columns: columns))
            }
            let unacknowledged = has("UNACKED", in: arguments) ? [] : ["UNACKED"]
            return .command(
                Translated(["INBOX.LIST"] + arguments + unacknowledged, columns: columns))
        },
        Word(
            name: "ack", usage: "ack SEQ … | ack upto SEQ", summary: .wordAck,
            examples: ["ack 17", "ack 17 18", "ack upto 20"]
        ) { (arguments, _) throws(Failure) in
            guard !arguments.isEmpty else { throw usage("ack") }
            return .command(Translated(["INBOX.ACK"] + arguments))
        },
        list("whoami", "ME", .wordWhoami, ["whoami"]),
    ]

    static let shell: [Word] = [
        Word(
            name: "watch", usage: "watch [CHANNEL …] [--count N] [--timeout S] [--ack]",
            summary: .wordWatch,
            examples: ["watch", "watch --count 1 --timeout 60", "watch events:o1042"]
        ) { (arguments, _) throws(Failure) in .watch(try watchOptions(arguments)) },
        Word(
            name: "login", usage: "login [rediss://user@host:port]", summary: .wordLogin,
            examples: ["login rediss://xiaoli@crm.example.com", "login --cacert ca.pem"]
        ) { (arguments, _) throws(Failure) in
            guard arguments.count <= 1 else { throw usage("login") }
            return .login(arguments)
        },
        Word(
            name: "help", usage: "help [WORD|COMMAND]", summary: .wordHelp,
            examples: ["help", "help advance", "help OPP.CREATE"]
        ) { (arguments, _) throws(Failure) in .help(arguments) },
        Word(
            name: "expanded", usage: "expanded", summary: .wordExpanded,
            examples: ["\\x", "expanded"]
        ) { (_, _) throws(Failure) in .expanded },
        Word(
            name: "language", usage: "language en|zh", summary: .wordLanguage,
            examples: ["language zh"]
        ) { (arguments, _) throws(Failure) in
            guard let name = arguments.first, arguments.count == 1 else { throw usage("language") }
            return .language(name)
        },
        Word(name: "quit", usage: "quit", summary: .wordQuit, examples: ["quit"]) {
            (_, _) throws(Failure) in .quit
        },
    ]

    static func watchOptions(_ arguments: [String]) throws(Failure) -> WatchOptions {
        var options = WatchOptions()
        var channels: [String] = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            switch argument {
            case "--ack":
                options.acknowledge = true
            case "--count":
                guard let value = rest.popFirst(), let count = Int(value), count > 0 else {
                    throw Failure(.usage, .badOptionValue, argument)
                }
                options.count = count
            case "--timeout":
                guard let value = rest.popFirst(), let seconds = Seconds.parse(value) else {
                    throw Failure(.usage, .badOptionValue, argument)
                }
                options.seconds = seconds
            case _ where argument.hasPrefix("-"):
                throw Failure(.usage, .unknownOption, argument)
            default:
                channels.append(argument)
            }
        }
        if !channels.isEmpty { options.channels = channels }
        return options
    }
}
