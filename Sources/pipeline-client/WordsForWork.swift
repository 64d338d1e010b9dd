/// Approvals, reports, the inbox, and the words of the shell itself.
extension Words {
    static let approvalColumns = [
        "id", "opportunity", "title", "stage", "amount", "currency", "submitter", "submittedAt",
        "status",
    ]

    static let approvals: [Word] = [
        Word(
            name: "approvals", usage: "approvals [sent|all] [STATUS s]",
            summary: .init("the approvals that wait for you", "等待您审批的申请"),
            examples: ["approvals", "approvals sent", "approvals STATUS rejected"],
            wire: "APPROVAL.LIST", choices: ["sent", "all"], keywordsInChinese: true
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
        one("approval", "APPROVAL.GET", "a", .init("one approval", "查看审批"), ["approval 310"]),
        Word(
            name: "approve", usage: "approve APPROVAL [comment]",
            summary: .init("approve it", "批准"),
            examples: ["approve 310", "approve 310 good work"], wire: "APPROVAL.APPROVE",
            takes: [.approval], asks: [.init("Approval", "审批编号")]
        ) { (arguments, _) throws(Failure) in
            .command(try decide("approve", "APPROVAL.APPROVE", arguments))
        },
        Word(
            name: "reject", usage: "reject APPROVAL comment",
            summary: .init("reject it, with a comment", "驳回并说明原因"),
            examples: ["reject 310 who holds the budget?"], wire: "APPROVAL.REJECT",
            takes: [.approval], asks: [.init("Approval", "审批编号"), .init("Comment", "意见")]
        ) { (arguments, _) throws(Failure) in
            guard arguments.count >= 2 else { throw usage("reject") }
            return .command(try decide("reject", "APPROVAL.REJECT", arguments))
        },
        Word(
            name: "reroute", usage: "reroute APPROVAL PERSON reason",
            summary: .init("somebody else decides it", "改由他人审批"),
            examples: ["reroute 310 linfeng on leave"], wire: "APPROVAL.REROUTE",
            takes: [.approval, .person]
        ) { (arguments, _) throws(Failure) in
            guard arguments.count >= 2, let id = identifier(arguments[0], "a") else {
                throw usage("reroute")
            }
            let to = leading("TO", Array(arguments.dropFirst()))
            let rest = [to[0], prefixed(to[1], "e")] + joiningText("REASON", to.dropFirst(2))
            return .command(Translated(["APPROVAL.REROUTE", id] + rest))
        },
    ]

    private static func decide(
        _ name: String, _ wire: String, _ arguments: [String]
    ) throws(Failure) -> Translated {
        guard let first = arguments.first, let id = identifier(first, "a") else {
            throw usage(name)
        }
        return Translated([wire, id] + joiningText("NOTE", arguments.dropFirst()))
    }

    static let inbox: [Word] = [
        list(
            "todo", "TODO.LIST", .init("what is due", "待办事项"),
            ["todo", "todo DUE 2026-11-01 2026-11-30"],
            columns: [
                "kind", "name", "opportunity", "title", "stage", "at", "due", "overdue", "key",
            ]),
        Word(
            name: "inbox", usage: "inbox [all] [FROM seq] [COUNT n]",
            summary: .init("your messages that are not acknowledged", "未确认的消息"),
            examples: ["inbox", "inbox all", "inbox all FROM 120 COUNT 20"], wire: "INBOX.LIST",
            choices: ["all"], keywordsInChinese: true
        ) { (arguments, _) throws(Failure) in
            let columns = ["seq", "type", "at", "text", "opportunity", "approval"]
            if arguments.first?.lowercased() == "all" {
                return .command(
                    Translated(["INBOX.LIST"] + arguments.dropFirst(), columns: columns))
            }
            let unacknowledged = has("UNACKED", in: arguments) ? [] : ["UNACKED"]
            return .command(
                Translated(["INBOX.LIST"] + arguments + unacknowledged, columns: columns))
        },
        Word(
            name: "ack", usage: "ack SEQ … | ack upto SEQ",
            summary: .init("acknowledge messages", "确认消息"),
            examples: ["ack 17", "ack 17 18", "ack upto 20"], wire: "INBOX.ACK", choices: ["upto"],
            keywordsInChinese: true
        ) { (arguments, _) throws(Failure) in
            guard !arguments.isEmpty else { throw usage("ack") }
            return .command(Translated(["INBOX.ACK"] + arguments))
        },
        list("whoami", "ME", .init("who you are", "当前用户"), ["whoami"]),
    ]

    static let shell: [Word] = [
        Word(
            name: "watch", usage: "watch [CHANNEL …] [--count N] [--timeout S] [--ack]",
            summary: .init("show messages as they come", "实时显示消息"),
            examples: ["watch", "watch --count 1 --timeout 60", "watch events:o1042"]
        ) { (arguments, _) throws(Failure) in .watch(try watchOptions(arguments)) },
        Word(
            name: "login", usage: "login [rediss://user@host:port]",
            summary: .init("store a server and a login", "保存服务器与登录信息"),
            examples: ["login rediss://xiaoli@crm.example.com", "login --cacert ca.pem"]
        ) { (arguments, _) throws(Failure) in
            guard arguments.count <= 1 else { throw usage("login") }
            return .login(arguments)
        },
        Word(
            name: "help", usage: "help [WORD|COMMAND]",
            summary: .init("this list, or one word", "帮助"),
            examples: ["help", "help advance", "help OPP.CREATE"]
        ) { (arguments, _) throws(Failure) in .help(arguments) },
        Word(
            name: "expanded", usage: "expanded",
            summary: .init("one field a line, or tables again", "切换逐行/表格显示"),
            examples: ["\\x", "expanded"]
        ) { (_, _) throws(Failure) in .expanded },
        Word(
            name: "language", usage: "language en|zh", summary: .init("English or Chinese", "切换语言"),
            examples: ["language zh"], choices: ["en", "zh"]
        ) { (arguments, _) throws(Failure) in
            guard let name = arguments.first, arguments.count == 1 else { throw usage("language") }
            return .language(name)
        },
        Word(name: "quit", usage: "quit", summary: .init("leave", "退出"), examples: ["quit"]) {
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
                let value = rest.popFirst() ?? ""
                guard let count = Int(value), count > 0 else {
                    throw Failure(.usage, .badOptionValue, argument, value, "N")
                }
                options.count = count
            case "--timeout":
                let value = rest.popFirst() ?? ""
                guard let seconds = Seconds.parse(value) else {
                    throw Failure(.usage, .badOptionValue, argument, value, "SECONDS")
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
