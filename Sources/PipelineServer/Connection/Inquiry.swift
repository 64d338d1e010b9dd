import PipelineCommands
import PipelineProtocol

/// Items whose questions are answered off the loop, one question at a time, so that no connection
/// ever holds more than one place in the password pool's queue.
struct Inquiry: Sendable {
    private(set) var items: [Item]
    /// Whether `EXEC` asked for the items.
    let isTransaction: Bool
    /// Questions still open with the item each belongs to, the next one last.
    private var open: [(index: Int, question: Question)]
    private var current = 0

    init(
        _ items: [Item], isTransaction: Bool, questions: [(index: Int, question: Question)]
    ) {
        self.items = items
        self.isTransaction = isTransaction
        open = questions.reversed()
    }

    mutating func next() -> Question? {
        guard let (index, question) = open.popLast() else { return nil }
        current = index
        return question
    }

    mutating func add(_ finding: Finding) { items[current].findings.append(finding) }
}

extension ConnectionMachine {
    /// What must be found out before the item can be run.
    func questions(for item: Item) -> [Question] {
        switch item.command.access {
        case .connection(.auth): authQuestions(item.request)
        case .connection(.hello): helloQuestions(item.request)
        case .connection(.client): clientQuestions(item.request)
        case .connection(.pubsub): identity.map { [.subscriptions(for: $0)] } ?? []
        case .connection(.monitor): identity.map { [.permit(for: $0)] } ?? []
        case .connection(.dbsize): identity.map { [.deals(for: $0)] } ?? []
        case .connection(let verb):
            if let identity, let wish = MaintenanceWish(verb, item.request) {
                [.maintain(wish, for: identity)]
            } else {
                []
            }
        case .query: []
        case .write: passwordQuestions(item.command, item.request, from: 0)
        case .dryRun:
            // The command inside starts one word later.
            CommandTable.find(item.request[1]).map {
                passwordQuestions($0, item.request.dropFirst(), from: 1)
            } ?? []
        }
    }

    private func passwordQuestions(
        _ command: Command, _ request: Request, from offset: Int
    ) -> [Question] {
        guard let identity else { return [] }
        let token = command.requestToken(withPasswordsIn: request)
        return command.passwordArguments(in: request).flatMap { argument -> [Question] in
            let password = Array(request[argument.index])
            let index = argument.index + offset
            guard !argument.isProof else {
                return [.prove(argument: index, of: identity, password: password)]
            }
            let hash = Question.hash(argument: index, for: identity, password: password)
            guard let token else { return [hash] }
            // Whose password it is stands first in these commands.
            return [
                hash,
                .compare(
                    argument: index, token: token, of: identity, with: Array(request[1]),
                    password: password),
            ]
        }
    }

    /// The next question of an inquiry, or what its items do once all are answered.
    mutating func ask(_ inquiry: Inquiry) -> Action? {
        var inquiry = inquiry
        if let question = inquiry.next() {
            phase = .awaiting(inquiry)
            return .find(question)
        }
        phase = .ready
        if inquiry.isTransaction { return execute(inquiry.items) }
        guard let item = inquiry.items.first else { return nil }
        if case .connection(let verb) = item.command.access { return perform(item, verb) }
        guard let identity else { return nil }
        phase = .busy
        beginReply()
        observe(item)
        return .run(item.invocation, as: identity.person)
    }

    /// The answer to the question under way; the connection goes on from here.
    mutating func found(_ finding: Finding) {
        guard case .awaiting(var inquiry) = phase else { return }
        inquiry.add(finding)
        phase = .asking(inquiry)
    }
}

extension Item {
    /// The item for the ledger, with the passwords hashed for it.
    var invocation: Invocation {
        var invocation = Invocation(command, request)
        for finding in findings {
            switch finding {
            case .secret(let argument, let secret): invocation.secrets[argument] = secret
            case .same(let argument, true): invocation.knownPasswords.insert(argument)
            default: break
            }
        }
        return invocation
    }
}
