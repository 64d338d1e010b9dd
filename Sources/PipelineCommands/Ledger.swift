public import PipelineDomain
public import PipelineProtocol

/// A command and its words, ready to run.
public struct Invocation: Sendable {
    public let command: Command
    public let request: Request
    /// What the server made of passwords, by argument index: the PHC string of a new one, or, for a
    /// proof, an empty text if it was right.
    public var secrets: [Int: String]
    /// Arguments whose new password is the one that the person named has already: the only proof that
    /// a repeated request says the same (P-6).
    public var knownPasswords: Set<Int> = []
    /// Its number among the commands of a transaction as they were queued, from 1 on; `nil` where all
    /// of them are the ledger's.
    public var place: Int?

    public init(_ command: Command, _ request: Request, secrets: [Int: String] = [:]) {
        self.command = command
        self.request = request
        self.secrets = secrets
    }
}

/// The company in memory and the one way to change it (D-31): no I/O, no clock. Its owner keeps it
/// behind one lock (E-1).
public struct Ledger: Sendable {
    public internal(set) var state = State()
    /// Sequence of the last record applied; 0 before the first.
    public private(set) var lastSequence: UInt64 = 0
    /// The latest instant of the records applied: never goes back from one to the next, though the
    /// clock may (W-3).
    public private(set) var lastInstant = Instant(milliseconds: .min)
    /// Whether anybody listens to `events` channels.
    public var isWatched = false
    let zones: any ZoneRules
    /// When what falls due (N-5).
    var schedule = Schedule()

    public init(zones: any ZoneRules) { self.zones = zones }

    /// Goes on from a snapshot of the state as record `sequence` left it (W-9).
    public init(
        zones: any ZoneRules, restoring state: State, sequence: UInt64, latestInstant: Instant
    ) {
        self.zones = zones
        self.state = state
        lastSequence = sequence
        lastInstant = latestInstant
    }

    /// Applies a record from the log: runs no rule (W-1), but takes none that names what is not there
    /// (W-6).
    public mutating func replay(
        _ record: UnsafeRawBufferPointer, sequence: UInt64
    ) throws(RecordError) {
        let recorded = try RecordCodec.decode(record, sequence: sequence)
        do throws(UnsoundRecord) {
            try state.requireSound(recorded)
        } catch {
            throw RecordError(.unsound(error.name), at: 0)
        }
        replay(recorded)
    }

    /// Before records are replayed: units' sums are behind from here on, until `settleSums`.
    public mutating func deferSums() { state.deferSums() }

    /// After records were replayed.
    public mutating func settleSums(_ pause: @escaping Pause = {}) { state.settleSums(pause) }

    mutating func replay(_ recorded: Recorded) {
        lastSequence = recorded.sequence
        lastInstant = max(lastInstant, recorded.at)
        state.evolve(recorded)
    }

    /// Runs one command for a person and writes its whole reply, an error line included. Records to
    /// be made durable are appended to `records`.
    public mutating func run(
        _ invocation: Invocation, as person: PersonID, at now: Instant, reply: inout ReplyWriter,
        records: inout Records
    ) -> Execution {
        let start = reply.count
        var outcome = Execution()
        state.clock = now
        do throws(Refusal) {
            switch invocation.command.access {
            case .write:
                let answer = try write(invocation, as: person, at: now, &records, &outcome)
                answer.write(to: &reply)
            case .query: try answer(invocation, as: person, at: now, &reply, &outcome)
            case .dryRun: try dryRun(invocation, as: person, at: now, &reply, &outcome)
            case .connection:
                reply.errorLine("ERR '\(invocation.command.name)' belongs to the connection")
            }
        } catch {
            reply.truncate(to: start)
            error.write(to: &reply, for: invocation)
        }
        return outcome
    }

    /// `EXEC`: all commands or none (P-4). A refusal undoes everything, and the answer names the
    /// command refused and why.
    public mutating func runTransaction(
        _ invocations: [Invocation], as person: PersonID, at now: Instant,
        reply: inout ReplyWriter, records: inout Records
    ) -> Execution {
        state.clock = now
        let before = (state, lastSequence, lastInstant)
        let recorded = records.count
        let start = reply.count
        var outcome = Execution()
        reply.array(invocations.count)
        for (index, invocation) in invocations.enumerated() {
            do throws(Refusal) {
                switch invocation.command.access {
                case .write:
                    let answer = try write(invocation, as: person, at: now, &records, &outcome)
                    answer.write(to: &reply)
                case .query:
                    try answer(invocation, as: person, at: now, &reply, &outcome)
                    // What is too long for the lock is not answered under it (E-1).
                    if outcome.deferred != nil { throw .argument(.notInTransaction) }
                case .dryRun: try dryRun(invocation, as: person, at: now, &reply, &outcome)
                case .connection: throw .argument(.notInTransaction)
                }
                guard outcome.rowsLookedAt <= Bounds.transactionRows,
                    reply.count - start <= Bounds.transactionAnswerBytes
                else { throw .argument(.answersTooMuch) }
            } catch {
                (state, lastSequence, lastInstant) = before
                records.truncate(to: recorded)
                reply.truncate(to: start)
                let name = invocation.command.name
                reply.error(
                    .execAbort,
                    "nothing was applied: command \(invocation.place ?? index + 1) (\(name)) was refused: \(error.line(for: invocation))"
                )
                return Execution()
            }
        }
        return outcome
    }

    /// Whether a command may be queued in `MULTI`: the error line, or `nil`.
    public func formError(of invocation: Invocation) -> String? {
        do throws(Refusal) {
            _ = try bind(invocation)
            return nil
        } catch {
            return error.line(for: invocation)
        }
    }

    // MARK: - One command

    private func answer(
        _ invocation: Invocation, as person: PersonID, at now: Instant, _ reply: inout ReplyWriter,
        _ outcome: inout Execution
    ) throws(Refusal) {
        guard case .query(let body) = invocation.command.body else { return }
        let binding = try bind(invocation)
        let call = Call(
            state: state, viewer: person, now: now, zones: zones, sequence: lastSequence,
            recordedAt: lastInstant, reply: reply, request: invocation.request)
        reply.removeAll()
        defer { reply = call.reply }
        try body(call, invocation.request, binding)
        outcome.deferred = call.deferred
        outcome.rowsLookedAt += call.rowsLookedAt
        outcome.shownUpTo = call.shownUpTo ?? outcome.shownUpTo
    }

    private mutating func write(
        _ invocation: Invocation, as person: PersonID, at now: Instant, _ records: inout Records,
        _ outcome: inout Execution
    ) throws(Refusal) -> Answer {
        let binding = try bind(invocation)
        let options = try WriteOptions(invocation, binding)
        if let token = options.token,
            let remembered = state.requests[person].answer(to: token, at: now)
        {
            guard remembered.fingerprint == options.fingerprint else {
                throw .argument(.requestIDReused(token))
            }
            guard options.passwordsAreKnown else {
                throw .argument(.requestIDWithOtherPassword(token))
            }
            return remembered.answer
        }
        let decision = try decide(invocation, binding, options, as: person, at: now)
        outcome.rowsLookedAt += decision.rowsLookedAt
        outcome.changes += try record(decision.events, by: person, at: now, &records)
        consider(decision.events)
        for case .inbox(let owner, .notified) in decision.events {
            outcome.touchedInboxes.append(owner)
        }
        let answer = decision.answer(state, sequence: lastSequence)
        if let token = options.token {
            let remembered = RememberedAnswer(
                token: token, fingerprint: options.fingerprint, answer: answer)
            record(.answered(person, remembered), by: person, at: now, &records)
        }
        return answer
    }

    private func dryRun(
        _ invocation: Invocation, as person: PersonID, at now: Instant, _ reply: inout ReplyWriter,
        _ outcome: inout Execution
    ) throws(Refusal) {
        _ = try bind(invocation)
        let inner = invocation.request.dropFirst()
        guard let command = CommandTable.find(inner[0]) else {
            throw .argument(.unknownCommand(CommandTable.unknown(inner)))
        }
        guard case .write = command.access else { throw .argument(.notAWrite(command.name)) }
        var secrets: [Int: String] = [:]
        for (index, secret) in invocation.secrets { secrets[index - 1] = secret }
        let dry = Invocation(command, inner, secrets: secrets)
        do throws(Refusal) {
            let binding = try bind(dry)
            let options = try WriteOptions(dry, binding)
            guard options.token == nil else { throw .argument(.requestIDInDryRun) }
            let decision = try decide(dry, binding, options, as: person, at: now)
            outcome.rowsLookedAt += decision.rowsLookedAt
            var copy = self
            var ignored = Records()
            try copy.record(decision.events, by: person, at: now, &ignored)
            decision.dryAnswer(copy.state).write(to: &reply)
        } catch {
            error.write(to: &reply, for: dry)
        }
    }

    private func bind(_ invocation: Invocation) throws(Refusal) -> Binding {
        do throws(ArgumentError) {
            let binding = try Binding(invocation.request, to: invocation.command)
            try binding.requireOwnFields(of: invocation.command, in: invocation.request, state)
            return binding
        } catch {
            throw .argument(error)
        }
    }

    private func decide(
        _ invocation: Invocation, _ binding: Binding, _ options: WriteOptions,
        as person: PersonID, at now: Instant
    ) throws(Refusal) -> Decision {
        guard case .write(let body) = invocation.command.body else {
            throw .argument(.notAWrite(invocation.command.name))
        }
        let context = Context(
            actor: person, now: now, expectedRevision: options.expectedRevision,
            secrets: options.secrets, zones: zones)
        var decision = try body(state, context, invocation.request, binding)
        decision.events = state.wanted(decision.events)
        return decision
    }

    /// Records what was decided in one step, a whole transaction's records included. They are encoded
    /// first, so that what is more than one step may write changes nothing (W-3, W-8).
    ///
    /// - Returns: what listeners to live changes may be told, if there are any.
    @discardableResult
    mutating func record(
        _ events: [Event], by actor: PersonID, at now: Instant, _ records: inout Records
    ) throws(Refusal) -> [LiveChange] {
        let before = records.count
        for event in events { records.append(event, by: actor, at: now) }
        guard records.bytes.count <= Bounds.decisionBytes else {
            records.truncate(to: before)
            throw .argument(.tooMuchAtOnce)
        }
        guard !events.isEmpty else { return [] }
        let first = lastSequence + 1
        lastSequence += UInt64(events.count)
        lastInstant = max(lastInstant, now)
        for (sequence, event) in zip(first..., events) {
            state.evolve(Recorded(sequence: sequence, at: now, actor: actor, event: event))
        }
        guard isWatched else { return [] }
        return zip(first..., events).compactMap { sequence, event in
            LiveChange(Recorded(sequence: sequence, at: now, actor: actor, event: event), state)
        }
    }

    private mutating func record(
        _ event: Event, by actor: PersonID, at now: Instant, _ records: inout Records
    ) {
        lastSequence += 1
        lastInstant = max(lastInstant, now)
        records.append(event, by: actor, at: now)
        let recorded = Recorded(sequence: lastSequence, at: now, actor: actor, event: event)
        state.evolve(recorded)
    }
}

// MARK: - What is not a client's command

extension Ledger {
    /// How many records found a company.
    static let foundingRecords: UInt64 = 3

    /// The first records of a company: its root unit `u1` and its admin `e1` (§2). The root has no
    /// head (D-19).
    public mutating func found(
        _ founding: Founding, adminLogin: String, adminPasswordHash: String, at now: Instant,
        records: inout Records
    ) {
        let admin = PersonID(1)
        let facts = PersonFacts(
            login: adminLogin, name: adminLogin, unit: State.rootUnit, superior: nil, role: .admin,
            zone: founding.zone, language: .zh, passwordHash: adminPasswordHash)
        let events: [Event] = [
            .founded(founding),
            .unit(
                State.rootUnit,
                .created(name: founding.company, kind: .company, parent: nil, head: nil)),
            .person(admin, .created(facts)),
        ]
        for event in events { record(event, by: admin, at: now, &records) }
    }

    /// Records that older records are dropped (W-9); says whether that is news.
    public mutating func dropHistory(
        to horizon: HistoryHorizon, at now: Instant, records: inout Records
    ) -> Bool {
        let events = state.dropHistory(to: horizon)
        for event in events { record(event, by: .nobody, at: now, &records) }
        return !events.isEmpty
    }

    public func credentials(login: some Collection<UInt8>) -> Credentials? {
        guard let text = String(validating: login, as: UTF8.self), let id = state.logins[text]
        else {
            return nil
        }
        let person = state.persons[id]
        return Credentials(
            person: id, passwordHash: person.passwordHash, isActive: person.isActive)
    }

    /// The stored hash of the person's password, named by id or login as in a command; `nil` where
    /// there is none or no such person.
    public func passwordHash(of reference: some Collection<UInt8>) -> String? {
        if let id = PersonID(reference) { return state.persons[find: id]?.passwordHash }
        return credentials(login: reference)?.passwordHash
    }

    /// Whether an answer is remembered under the request key (P-6).
    public func remembers(_ token: String, of person: PersonID, at now: Instant) -> Bool {
        state.requests[find: person]?.answer(to: token, at: now) != nil
    }

    public func isActive(_ person: PersonID) -> Bool {
        state.persons.contains(person) && state.persons[person].isActive
    }

    /// A new password from the operator's own hand (`pipelined passwd`): nobody of the company did it.
    public mutating func setPassword(
        of login: String, hash: String, at now: Instant, records: inout Records
    ) -> Bool {
        guard let id = state.logins[login] else { return false }
        record(.person(id, .passwordChanged(hash: hash)), by: .nobody, at: now, &records)
        return true
    }

    /// Records that the person's rows up to `seq` were written to one of their connections (N-8), if
    /// that is news.
    public mutating func markDelivered(
        _ person: PersonID, upTo seq: UInt64, at now: Instant, records: inout Records
    ) {
        guard let inbox = state.inboxes[find: person], seq > inbox.deliveredUpTo,
            seq <= inbox.last
        else { return }
        record(.inbox(person, .delivered(upTo: seq)), by: person, at: now, &records)
    }
}
