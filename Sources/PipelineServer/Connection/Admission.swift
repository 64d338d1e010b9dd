import PipelineCommands
import PipelineProtocol

/// Which requests are let through, in Redis's order of checks: known, well-formed, authenticated,
/// allowed while subscribed, queued by `MULTI` (P-4).
extension ConnectionMachine {
    /// Answers a request, or says what is to be done for it.
    mutating func admit(_ request: Request) -> Action? {
        commandCount += 1
        guard let command = CommandTable.find(request[0]) else {
            refuse(CommandTable.unknown(request))
            return nil
        }
        guard case .connection(let verb) = command.access else {
            return admitOurs(Item(command, request))
        }
        if verb == .quit {
            answerOK()
            phase = .closing
            return nil
        }
        let form = VerbForm(verb)
        lastCommand = form.fullName(command.name, request)
        if let line = form.refusal(command.name, request) {
            refuse(line, isExec: verb == .exec)
            return nil
        }
        if identity == nil, !form.isAllowedBeforeAuthentication {
            refuse(Self.notAuthenticated, isExec: verb == .exec)
            return nil
        }
        if isInSubscribedMode, !form.isAllowedWhileSubscribed {
            refuse(Self.subscribedModeLine(lastCommand), isExec: verb == .exec)
            return nil
        }
        if transaction != nil, Self.isBarredFromTransactions(verb, request) {
            refuse("ERR Command not allowed inside a transaction")
            return nil
        }
        if transaction != nil, !form.isRunInsideTransaction {
            queue(Item(command, request))
            return nil
        }
        return begin(Item(command, request), verb)
    }

    /// A transaction is one person's: what is queued runs, and is recorded, as whoever began it (D-17).
    /// What the operator asks of the server is no part of one.
    private static func isBarredFromTransactions(_ verb: ConnectionVerb, _ request: Request) -> Bool
    {
        switch verb {
        case .auth, .snapshot, .backup, .shutdown: true
        case .hello: (1..<max(1, request.count)).contains { request.matches($0, "AUTH") }
        default: false
        }
    }

    private mutating func admitOurs(_ item: Item) -> Action? {
        lastCommand = item.command.name
        guard let identity else {
            refuse(Self.notAuthenticated)
            return nil
        }
        if isInSubscribedMode {
            refuse(Self.subscribedModeLine(item.command.name.lowercased()))
            return nil
        }
        if transaction != nil {
            phase = .busy
            return .check(Invocation(item.command, item.request))
        }
        let questions = questions(for: item)
        if questions.isEmpty {
            phase = .busy
            beginReply()
            observe(item)
            return .run(Invocation(item.command, item.request), as: identity.person)
        }
        inquire(item, questions)
        return nil
    }

    private mutating func inquire(_ item: Item, _ questions: [Question]) {
        phase = .asking(Inquiry([item], isTransaction: false, questions: questions.map { (0, $0) }))
    }

    /// Starts a verb, after its questions if it has any.
    private mutating func begin(_ item: Item, _ verb: ConnectionVerb) -> Action? {
        switch verb {
        case .exec: return beginExecution()
        case .auth, .hello, .client, .dbsize, .pubsub, .monitor, .snapshot, .backup, .shutdown:
            let questions = questions(for: item)
            guard questions.isEmpty else {
                inquire(item, questions)
                return nil
            }
            return perform(item, verb)
        default: return perform(item, verb)
        }
    }

    /// Answers an error; inside `MULTI` the transaction is spoilt by it, and a refused `EXEC` ends
    /// the transaction, as in Redis.
    mutating func refuse(_ line: String, isExec: Bool = false) {
        guard isExec else {
            transaction?.isSpoilt = true
            answerError(line)
            return
        }
        transaction = nil
        let reason = line.hasPrefix("ERR ") ? String(line.dropFirst(4)) : line
        answerError("EXECABORT Transaction discarded because of: \(reason)")
    }

    /// RESP2 cannot tell a push from a reply, so a subscriber may say little else.
    private var isInSubscribedMode: Bool { version == .resp2 && subscriptions.count > 0 }

    private static let notAuthenticated = "NOAUTH Authentication required."

    private static func subscribedModeLine(_ name: String) -> String {
        "ERR Can't execute '\(name)': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET"
            + " are allowed in this context"
    }
}
