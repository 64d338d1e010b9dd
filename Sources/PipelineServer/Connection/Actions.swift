import PipelineCommands
import PipelineDomain
import PipelineProtocol

/// Whom a connection speaks for since its last successful `AUTH`.
struct Identity: Sendable, Equatable {
    let person: PersonID
    /// As the ledger spells it; for `CLIENT LIST`.
    let login: String
}

/// One command of a client with everything that was found out for it off the loop.
struct Item: Sendable {
    let command: Command
    let request: Request
    /// Answers to the item's questions, in their order.
    var findings: [Finding] = []

    init(_ command: Command, _ request: Request) {
        self.command = command
        self.request = request
    }
}

/// What a connection wants done; one place performs it (`ConnectionHandler`).
enum Action: Sendable {
    /// Nothing can go on until bytes, a finding or room in the output come.
    case wait
    /// Run a command of ours into the outbox's writer, then call `ran`; `beginReply` first if the
    /// answer had to be fetched from the disk.
    case run(Invocation, as: PersonID)
    /// Run a transaction into the outbox's writer, then call `transacted`.
    case transact([Invocation], as: PersonID)
    /// Find something out off the loop, then call `found`.
    case find(Question)
    /// Write the answer to a command that looks at the server itself, then call `described`.
    case describe(Request, ConnectionVerb, for: PersonID)
    /// Check the form of a command that is being queued, then call `checked`.
    case check(Invocation)
    /// Close once everything in the outbox has left.
    case close
}

/// What only another thread may take the time to find out.
enum Question: Sendable {
    /// Whether the password is the login's: a login by its bytes as sent.
    case verify(login: [UInt8], password: [UInt8])
    /// The PHC string of a new password.
    case hash(argument: Int, for: Identity, password: [UInt8])
    /// Whether a repeated request, known by its token, sets the password that the person named has
    /// already (P-6).
    case compare(argument: Int, token: String, of: Identity, with: [UInt8], password: [UInt8])
    /// Whether the password is the person's own.
    case prove(argument: Int, of: Identity, password: [UInt8])
    /// Every connection that the person may see.
    case clients(for: Identity)
    /// How many deals the person sees.
    case deals(for: Identity)
    /// Do something for the operator, if the person is an admin.
    case maintain(MaintenanceWish, for: Identity)
    /// Every subscription that the person may know of.
    case subscriptions(for: Identity)
    /// Whether the person is an admin.
    case permit(for: Identity)
    /// End the connections that the filter selects, if the person may.
    case kill(ClientFilter, for: Identity)
}

/// The answer to a question.
enum Finding: Sendable {
    /// `nil`: wrong password, no such login, or a deactivated person, which look the same.
    case verified(Identity?)
    /// Too many passwords wait to be checked.
    case overloaded
    /// The PHC string of a new password; of a proof an empty text, `nil` if it was wrong.
    case secret(argument: Int, String?)
    /// Whether the password is the one that is set.
    case same(argument: Int, Bool)
    case clients([ClientDescription])
    /// The number of deals at a position of the log.
    case deals(Int, gate: UInt64)
    /// How many connections the filter selected, and whether the asker is among them; that one
    /// is ended by its own machine, after the answer.
    case killed(Int, isSelf: Bool)
    case maintained(MaintenanceOutcome)
    case subscriptions([Subscriptions])
    case permitted
    /// A filter names a user that there is not.
    case unknownUser
    /// The person may not do that.
    case denied
}
