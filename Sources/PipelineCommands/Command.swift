import PipelineDomain
public import PipelineProtocol

/// One row of the command table (P-9): everything about a command in one place. Immutable; a class, so
/// that passing one along costs a reference.
public final class Command: Sendable {
    /// For the reference and for help.
    public enum Group: String, Sendable, CaseIterable {
        case organisation, process, customer, opportunity, approval, inbox, report, administration
        case connection, pubsub, transactions, server
    }

    /// Who carries the command out, and what it does to the company.
    public enum Access: Sendable {
        /// The connection itself, as Redis does (P-4).
        case connection(ConnectionVerb)
        /// Reads the company.
        case query
        /// Changes the company through `decide` (D-31).
        case write
        /// `DRYRUN command…`: every check of a write, and no change (§2).
        case dryRun
    }

    /// In capitals.
    public let name: String
    public let summary: String
    /// Version of pipelined that first had it.
    public let since: String
    public let group: Group
    /// Who may run it, in words, for help and the reference (D-32).
    public let rights: String
    public let access: Access
    public let arguments: [ArgumentSpec]
    public let subcommands: [Subcommand]
    /// What the company's own fields are on, where the command takes them by their keys.
    let ownFields: (noun: FieldNoun, position: Int)?
    let body: Body
    let syntax: Syntax

    init(
        name: String, summary: String, since: String, group: Group, rights: String, access: Access,
        arguments: [ArgumentSpec], subcommands: [Subcommand], ownFields: FieldNoun? = nil,
        body: Body
    ) {
        self.ownFields = ownFields.flatMap { noun in
            arguments.firstIndex { !$0.isKeyword && !$0.isRequired }.map { (noun, $0) }
        }
        self.name = name
        self.summary = summary
        self.since = since
        self.group = group
        self.rights = rights
        self.access = access
        self.arguments = arguments
        self.subcommands = subcommands
        self.body = body
        syntax = Syntax(arguments)
    }

    /// A second word of a connection command, such as `CLIENT ID`.
    public struct Subcommand: Sendable {
        public let name: String
        public let summary: String
        public let arguments: [ArgumentSpec]
        /// What COMMAND INFO says of it.
        let flags: [CommandFlag]

        init(
            _ name: String, _ summary: String, _ arguments: [ArgumentSpec] = [],
            flags: [CommandFlag] = [.noscript, .loading, .stale]
        ) {
            self.name = name
            self.summary = summary
            self.arguments = arguments
            self.flags = flags
        }

        /// Fewest words, both names included; negative if there may be more, as in Redis.
        public var arity: Int { Command.arity(of: arguments, after: 2) }
    }

    /// What runs, with the arguments read and typed.
    enum Body: Sendable {
        /// Carried out by the server.
        case none
        case query(@Sendable (Call, Request, Binding) throws(Refusal) -> Void)
        case write(
            @Sendable (borrowing State, Context, Request, Binding) throws(Refusal) -> Decision)
    }

    /// As in a synopsis: `OPP.GET opportunity [WITH n part …]`.
    public var usage: String { ([name] + arguments.map(\.usage)).joined(separator: " ") }

    /// Fewest words, the name included; negative if there may be more, as in Redis.
    public var arity: Int {
        if case .connection(let verb) = access, verb == .quit || verb == .command { return -1 }
        // A subcommand must follow, and may bring anything along.
        return subcommands.isEmpty ? Self.arity(of: arguments, after: 1) : -2
    }

    fileprivate static func arity(of arguments: [ArgumentSpec], after names: Int) -> Int {
        let least = arguments.reduce(names) { count, argument in
            switch argument.form {
            case .positional: count + (argument.isRequired ? 1 : 0)
            case .rest(let group, let least): count + group * least
            case .keyword(let values): count + (argument.isRequired ? 1 + values : 0)
            case .counted, .countedPairs, .sort: count
            }
        }
        let isFixed = arguments.allSatisfy { $0.isRequired && $0.form == .positional }
        return isFixed ? least : -least
    }

    /// Where in a request the passwords stand: the server hashes them before the command runs.
    public func passwordArguments(in request: Request) -> [PasswordArgument] {
        guard !syntax.passwords.isEmpty, let binding = try? Binding(request, to: self)
        else { return [] }
        return syntax.passwords.compactMap { position in
            guard let words = binding[position] else { return nil }
            return PasswordArgument(
                index: words.lowerBound, isProof: arguments[position].isProof)
        }
    }

    /// The request key of a request that sets a password, if it has one.
    public func requestToken(withPasswordsIn request: Request) -> String? {
        guard !syntax.passwords.isEmpty, let binding = try? Binding(request, to: self),
            let word = syntax.requestID.flatMap({ binding[$0]?.first })
        else { return nil }
        return request.string(word)
    }
}

/// A password among the words of a request.
public struct PasswordArgument: Sendable, Hashable {
    public let index: Int
    /// A present password to be verified, not a new one to be hashed.
    public let isProof: Bool
}

/// Commands that the connection carries out itself, with Redis's own shapes and texts (P-4).
public enum ConnectionVerb: String, Sendable, CaseIterable {
    case hello, auth, ping, echo, quit, reset, select, time, client, command, info, config
    case subscribe, unsubscribe, psubscribe, punsubscribe, publish, pubsub
    case multi, exec, discard, dbsize, module, slowlog, latency, monitor
    case snapshot, backup, shutdown
}

/// Why a command is answered with an error line.
enum Refusal: Error {
    case argument(ArgumentError)
    case rejection(Rejection)
}

// MARK: - Declaring

extension Command {
    /// A command that changes the company. Takes `REQID` and, where it changes something existing,
    /// `IFREV` beside its own arguments (P-6, D-30).
    ///
    /// - Parameter ownFields: What the company's own fields are on, where they are taken by their keys.
    static func write<each Value: Sendable, Wish: Intent>(
        _ name: String, _ summary: String, _ group: Group, rights: String,
        changesExisting: Bool = true, ownFields: FieldNoun? = nil,
        _ parameters: repeat Parameter<each Value>,
        intent: @escaping @Sendable (repeat each Value) throws(ArgumentError) -> Wish
    ) -> Command {
        var specs: [ArgumentSpec] = []
        repeat specs.append((each parameters).spec)
        specs.append(
            contentsOf: changesExisting ? [Self.ifRevision, Self.requestID] : [Self.requestID])
        let read = reader(repeat each parameters)
        let body:
            @Sendable (borrowing State, Context, Request, Binding) throws(Refusal) -> Decision = {
                state, context, request, binding throws(Refusal) in
                var faults: [Rejection.Fault] = []
                let values = try read(request, binding, &faults)
                let wish: Wish
                do throws(ArgumentError) {
                    wish = try intent(repeat each values)
                } catch {
                    guard case .value(let argument, let problem) = error else {
                        throw .argument(error)
                    }
                    faults.append(.init(argument, problem))
                    throw .rejection(.invalid(faults))
                }
                do throws(Rejection) {
                    let decision = try wish.decide(state, context)
                    guard faults.isEmpty else { throw .invalid(faults) }
                    return decision
                } catch {
                    throw .rejection(error.judged(faults))
                }
            }
        return Command(
            name: name, summary: summary, since: firstVersion, group: group, rights: rights,
            access: .write, arguments: specs, subcommands: [], ownFields: ownFields,
            body: .write(body))
    }

    /// A command that reads the company.
    static func query<each Value: Sendable>(
        _ name: String, _ summary: String, _ group: Group, rights: String = "everyone",
        _ parameters: repeat Parameter<each Value>,
        answer: @escaping @Sendable (Call, repeat each Value) throws(Rejection) -> Void
    ) -> Command {
        var specs: [ArgumentSpec] = []
        repeat specs.append((each parameters).spec)
        let read = reader(repeat each parameters)
        let body: @Sendable (Call, Request, Binding) throws(Refusal) -> Void = {
            call, request, binding throws(Refusal) in
            let values = try read(request, binding, &call.faults)
            do throws(Rejection) {
                try answer(call, repeat each values)
                guard call.faults.isEmpty else { throw .invalid(call.faults) }
            } catch {
                throw .rejection(error.judged(call.faults))
            }
        }
        return Command(
            name: name, summary: summary, since: firstVersion, group: group, rights: rights,
            access: .query, arguments: specs, subcommands: [], body: .query(body))
    }

    /// Reads the values of arguments that were declared one after the other; bad ones are told of (P-5).
    typealias Reader<each Value> =
        @Sendable (Request, Binding, inout [Rejection.Fault]) throws(Refusal) -> (repeat each Value)

    /// A reader of the parameters, of which the first is the command's argument number `start`. It keeps
    /// only how each is read: a whole parameter would be copied, specification and all, every time.
    static func reader<each Value: Sendable>(
        _ parameters: repeat Parameter<each Value>, at start: Int = 0
    ) -> Reader<repeat each Value> {
        let reads = (repeat (each parameters).read)
        return { request, binding, faults throws(Refusal) in
            let known = faults.count
            var position = start - 1
            func next() -> Int {
                position += 1
                return position
            }
            do throws(ArgumentError) {
                return try (repeat (each reads)(request, binding[next()], &faults))
            } catch {
                guard case .value = error else { throw .argument(error) }
            }
            // A reference that is none ends it here, with all that is wrong.
            position = start - 1
            faults.removeLast(faults.count - known)
            repeat collect((each reads), request, binding[next()], &faults)
            throw .rejection(.invalid(faults))
        }
    }

    /// Only what is wrong with a value.
    private static func collect<Value: Sendable>(
        _ read:
            @Sendable (Request, Range<Int>?, inout [Rejection.Fault]) throws(ArgumentError) ->
            Value,
        _ request: Request, _ words: Range<Int>?, _ faults: inout [Rejection.Fault]
    ) {
        do throws(ArgumentError) {
            _ = try read(request, words, &faults)
        } catch {
            if case .value(let argument, let problem) = error {
                faults.append(.init(argument, problem))
            }
        }
    }

    /// A command of the connection; its arguments are declared for help and COMMAND DOCS.
    static func connection(
        _ verb: ConnectionVerb, _ summary: String, _ group: Group, rights: String = "everyone",
        _ arguments: [ArgumentSpec] = [], subcommands: [Subcommand] = []
    ) -> Command {
        Command(
            name: verb.rawValue.uppercased(), summary: summary, since: firstVersion, group: group,
            rights: rights, access: .connection(verb), arguments: arguments,
            subcommands: subcommands, body: .none)
    }

    static let dryRun = Command(
        name: "DRYRUN",
        summary:
            "Runs every check of a write and answers what it would have answered; changes nothing.",
        since: firstVersion, group: .server, rights: "as the command", access: .dryRun,
        arguments: [
            ArgumentSpec("command", .positional, isRequired: true, values: ["command"]),
            ArgumentSpec(
                "argument", .rest(groupOf: 1, atLeast: 0), isRequired: false, values: ["argument"]),
        ], subcommands: [], body: .none)

    /// The version that first had the commands there are.
    static let firstVersion = "0.1.0"

    static let ifRevision = ArgumentSpec(
        "IFREV", .keyword(values: 1), isRequired: false, values: ["rev"], kind: .integer,
        bounds: "the revision that you saw")
    static let requestID = ArgumentSpec(
        "REQID", .keyword(values: 1), isRequired: false, values: ["token"],
        bounds: "1 to \(Bounds.requestTokenCharacters) printable ASCII characters")
}

extension Binding {
    /// What stands where a keyword could is the key of one of the company's own fields, or a slip.
    func requireOwnFields(
        of command: Command, in request: Request, _ state: State
    ) throws(ArgumentError) {
        guard let (noun, position) = command.ownFields, let words = self[position] else { return }
        for word in stride(from: words.lowerBound, to: words.upperBound, by: 2) {
            let key = String(decoding: request[word].prefix(64), as: UTF8.self)
            guard state.customField(noun, key.lowercased()) == nil else { continue }
            let known =
                command.arguments.filter(\.isKeyword).map(\.name)
                + (state.company.fields[noun] ?? []).map(\.definition.key)
            throw .unknownKeyword(key, nearest: Spelling.nearest(to: key, among: known))
        }
    }
}

extension Rejection {
    /// The refusal that counts where values are bad: what comes before them, else all of them (P-5). What
    /// was taken for a bad value is judged no further.
    func judged(_ faults: [Fault]) -> Rejection {
        if faults.isEmpty { return self }
        return switch code {
        case .notFound, .noPerm, .conflict, .pending: self
        default: .invalid(faults)
        }
    }
}

// MARK: - Running

/// One query being answered: the state it reads and the reply it writes.
final class Call {
    let state: State
    let viewer: PersonID
    let now: Instant
    let zones: any ZoneRules
    /// Log position that the answer reflects.
    let sequence: UInt64
    /// The instant of the last record; never goes back from one position to the next.
    let recordedAt: Instant
    /// As it came in: a refusal names what is absent as it was written.
    let request: Request?
    @exclusivity(unchecked) var reply: ReplyWriter
    /// Set where records of the log are needed: the reply is then written off the lock.
    var deferred: RecordQuery?
    /// What is wrong with the query's values, told once all that comes before has been looked for (P-5).
    @exclusivity(unchecked) var faults: [Rejection.Fault] = []
    /// Rows of a list that were looked at under the lock.
    var rowsLookedAt = 0
    /// Rows of the viewer's inbox up to here are in the reply (N-8).
    var shownUpTo: UInt64?

    init(
        state: State, viewer: PersonID, now: Instant, zones: any ZoneRules,
        sequence: UInt64, recordedAt: Instant, reply: ReplyWriter, request: Request? = nil
    ) {
        self.state = state
        self.viewer = viewer
        self.now = now
        self.zones = zones
        self.sequence = sequence
        self.recordedAt = recordedAt
        self.reply = reply
        self.request = request
    }

    var person: Person { state.persons[viewer] }

    /// The date in the company's zone (D-37).
    private(set) lazy var today = zones.day(in: state.company.zone, at: now)
}
