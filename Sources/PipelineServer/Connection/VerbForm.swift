import PipelineCommands
import PipelineProtocol

/// The form of a command that the server itself answers: how many arguments, which subcommands, and
/// when it may be used; refusals are in Redis 7.0's words (P-4).
struct VerbForm {
    /// Arguments with the name itself.
    private var arguments: ClosedRange<Int>
    /// Arguments by subcommand, with name and subcommand; empty for a command without any.
    private var subcommands: KeyValuePairs<StaticString, ClosedRange<Int>> = [:]
    private(set) var isAllowedBeforeAuthentication = false
    private(set) var isAllowedWhileSubscribed = false
    /// Run at once although `MULTI` queues.
    private(set) var isRunInsideTransaction = false

    private static let many = Int.max

    init(_ verb: ConnectionVerb) {
        switch verb {
        case .hello, .auth:
            arguments = verb == .auth ? 2...Self.many : 1...Self.many
            isAllowedBeforeAuthentication = true
        case .quit:
            arguments = 1...Self.many
        case .reset:
            arguments = 1...1
            isAllowedBeforeAuthentication = true
            isAllowedWhileSubscribed = true
            isRunInsideTransaction = true
        case .multi, .exec, .discard:
            arguments = 1...1
            isRunInsideTransaction = true
        case .ping:
            // Redis looks at the rest only when it answers.
            arguments = 1...Self.many
            isAllowedWhileSubscribed = true
        case .subscribe, .psubscribe:
            arguments = 2...Self.many
            isAllowedWhileSubscribed = true
        case .unsubscribe, .punsubscribe:
            arguments = 1...Self.many
            isAllowedWhileSubscribed = true
        case .echo, .select: arguments = 2...2
        case .time, .dbsize, .snapshot: arguments = 1...1
        case .backup, .shutdown: arguments = 1...2
        case .info, .command: arguments = 1...Self.many
        case .client:
            arguments = 2...Self.many
            subcommands = Self.clientSubcommands
        case .config:
            arguments = 2...Self.many
            subcommands = ["GET": 3...Self.many, "HELP": 2...2]
        case .publish: arguments = 3...3
        case .pubsub:
            arguments = 2...Self.many
            subcommands = [
                "CHANNELS": 2...Self.many, "NUMSUB": 2...Self.many, "NUMPAT": 2...2,
                "SHARDCHANNELS": 2...Self.many, "SHARDNUMSUB": 2...Self.many, "HELP": 2...2,
            ]
        case .slowlog:
            arguments = 2...Self.many
            subcommands = ["GET": 2...Self.many, "LEN": 2...2, "RESET": 2...2, "HELP": 2...2]
        case .latency:
            arguments = 2...Self.many
            subcommands = [
                "LATEST": 2...2, "HISTORY": 3...3, "RESET": 2...Self.many, "HELP": 2...2,
            ]
        case .module:
            arguments = 2...Self.many
            subcommands = ["LIST": 2...2, "HELP": 2...2]
        case .monitor: arguments = 1...1
        }
    }

    private static let clientSubcommands: KeyValuePairs<StaticString, ClosedRange<Int>> = [
        "ID": 2...2, "INFO": 2...2, "LIST": 2...many, "SETNAME": 3...3, "GETNAME": 2...2,
        "SETINFO": 4...4, "KILL": 3...many, "NO-EVICT": 3...3, "NO-TOUCH": 3...3, "REPLY": 3...3,
        "CAPA": 3...many, "HELP": 2...2,
    ]

    /// The name as Redis writes it in messages: `ping`, `client|id`.
    func fullName(_ name: String, _ request: Request) -> String {
        for (subcommand, _) in subcommands where request.matches(1, subcommand) {
            return "\(name)|\(subcommand)".lowercased()
        }
        return name.lowercased()
    }

    /// What is wrong with the request's form; `nil` if nothing is.
    func refusal(_ name: String, _ request: Request) -> String? {
        guard !subcommands.isEmpty, request.count > 1 else {
            return arguments.contains(request.count) ? nil : Self.arityLine(name.lowercased())
        }
        for (subcommand, arguments) in subcommands where request.matches(1, subcommand) {
            return arguments.contains(request.count)
                ? nil : Self.arityLine("\(name)|\(subcommand)".lowercased())
        }
        let given = String(decoding: request[1].prefix(128), as: UTF8.self)
        return "ERR unknown subcommand '\(given)'. Try \(name.uppercased()) HELP."
    }

    private static func arityLine(_ name: String) -> String {
        "ERR wrong number of arguments for '\(name)' command"
    }
}
