import PipelineCommands
import PipelineDomain
import PipelineProtocol
import PipelineStore
import Synchronization

/// The company behind one lock (E-1). Event loops call it synchronously: decide, append to the
/// batch, evolve, without suspension. Under the lock there is no I/O, no logging and no waiting.
final class Engine: Sendable {
    private struct Core: Sendable {
        var ledger: Ledger
        var commit: GroupCommit
        /// Reused by every command.
        var records = Records()
        /// What the commands decided and not yet taken by the log will have changed for others, each with
        /// the position that it ends at.
        var effects: [(through: UInt64, Effects)] = []
        /// Whether what waits is to go out now and not only when the loop has decided all it has got.
        var isDue = false
        /// Whether the log thread sleeps and must be woken for what is due.
        var isLogIdle = true

        /// Says whether the log thread sleeps.
        mutating func makeDue() -> Bool {
            guard commit.hasWaiting else { return false }
            isDue = true
            defer { isLogIdle = false }
            return isLogIdle
        }
    }

    /// Beyond so many bytes a batch does not wait for the end of a loop's turn: the disk then works
    /// while the loop goes on deciding (W-2).
    private static let dueBytes = 64 << 10

    /// What the loops must look at once a batch is durable.
    struct Effects: Sendable {
        var inboxes: [PersonID] = []
        var endsSessions = false
        /// What listeners to live changes may be told (P-8).
        var changes: [LiveChange] = []

        var isEmpty: Bool { inboxes.isEmpty && changes.isEmpty && !endsSessions }

        mutating func add(_ others: Effects) {
            inboxes += others.inboxes
            changes += others.changes
            endsSessions = endsSessions || others.endsSessions
        }
    }

    /// One durable batch, as every loop gets to see it (E-3).
    struct Commit: Sendable {
        let durable: UInt64
        let effects: Effects
    }

    /// What a command came to. Its reply is written, unless `query` is set or the person is gone.
    struct Ran: Sendable {
        /// The reply may leave once this position is durable.
        var gate: UInt64
        var query: RecordQuery?
        /// The person was deactivated: nothing was run and nothing is to be answered (D-35).
        var isExpelled = false
        /// The disk is behind: nothing was run, and the same is to be asked again a little later.
        var isPostponed = false
    }

    let journal: Log
    private let core: Mutex<Core>
    private let position: Atomic<UInt64>
    /// Loops with listeners to live changes.
    private let watching = Atomic(0)
    /// Wakes the log thread.
    let wake = WakeSignal()

    init(ledger: Ledger, journal: Log) {
        self.journal = journal
        position = Atomic(journal.durable)
        core = Mutex(
            Core(
                ledger: ledger,
                commit: GroupCommit(durable: journal.durable, frameBytesMax: journal.frameBytesMax))
        )
    }

    /// Position up to which everything is durable, as far as loops have been told to look.
    var durable: UInt64 { position.load(ordering: .sequentiallyConsistent) }

    // MARK: Commands

    /// Runs one command for a person and writes its reply.
    func run(
        _ invocation: borrowing Invocation, as person: PersonID, at now: Instant,
        reply: inout ReplyWriter
    ) -> Ran {
        let isWrite = invocation.command.isWrite
        let endsSessions = isWrite && invocation.command.endsSessions
        var mustWake = false
        let ran = core.withLock { core -> Ran in
            guard core.ledger.isActive(person) else { return Ran(gate: 0, isExpelled: true) }
            if isWrite, !hasRoom(core.commit) {
                guard journal.isDiskFull else { return Ran(gate: 0, isPostponed: true) }
                reply.error(.diskFull, Self.diskFullText)
                return Ran(gate: core.ledger.lastSequence)
            }
            core.ledger.isWatched = isWatched
            let outcome = core.ledger.run(
                invocation, as: person, at: now, reply: &reply, records: &core.records)
            mustWake = collect(
                &core, outcome, of: person, at: now, endsSessions: endsSessions)
            return Ran(gate: core.ledger.lastSequence, query: outcome.deferred)
        }
        if mustWake { wake.signal() }
        return ran
    }

    /// Runs the commands of a transaction as one frame, all or nothing (P-4).
    func transact(
        _ invocations: [Invocation], as person: PersonID, at now: Instant,
        reply: inout ReplyWriter
    ) -> Ran {
        let writes = invocations.contains { $0.command.isWrite }
        let endsSessions = invocations.contains { $0.command.endsSessions }
        var mustWake = false
        let ran = core.withLock { core -> Ran in
            guard core.ledger.isActive(person) else { return Ran(gate: 0, isExpelled: true) }
            if writes, !hasRoom(core.commit) {
                guard journal.isDiskFull else { return Ran(gate: 0, isPostponed: true) }
                reply.error(
                    .execAbort,
                    "Transaction discarded because of: \(ErrorCode.diskFull.rawValue) \(Self.diskFullText)"
                )
                return Ran(gate: core.ledger.lastSequence)
            }
            core.ledger.isWatched = isWatched
            let outcome = core.ledger.runTransaction(
                invocations, as: person, at: now, reply: &reply, records: &core.records)
            mustWake = collect(
                &core, outcome, of: person, at: now, endsSessions: endsSessions)
            return Ran(gate: core.ledger.lastSequence, query: outcome.deferred)
        }
        if mustWake { wake.signal() }
        return ran
    }

    /// What is wrong with the form of a command that is being queued; `nil` if nothing is.
    func checkForm(_ invocation: Invocation) -> String? {
        core.withLock { $0.ledger.formError(of: invocation) }
    }

    func credentials(login: [UInt8]) -> Credentials? {
        core.withLock { $0.ledger.credentials(login: login) }
    }

    /// The hash of a password, for a request that was answered under its key before (P-6).
    func passwordHash(
        of reference: [UInt8], ifRemembered token: String, of identity: Identity
    ) -> String? {
        core.withLock {
            $0.ledger.remembers(token, of: identity.person, at: Clock.now)
                ? $0.ledger.passwordHash(of: reference) : nil
        }
    }

    func isActive(_ person: PersonID) -> Bool {
        core.withLock { $0.ledger.isActive(person) }
    }

    func isAdmin(_ person: PersonID) -> Bool {
        core.withLock { $0.ledger.state.persons[find: person]?.role == .admin }
    }

    /// The whole company at one position, copied in no time (E-4). Not the ledger itself: what it knows
    /// of time to come is long, and the next write would have to copy it.
    func photograph() -> (state: State, sequence: UInt64, latestInstant: Instant) {
        core.withLock { core in
            (core.ledger.state, core.ledger.lastSequence, core.ledger.lastInstant)
        }
    }

    // MARK: Live changes

    private var isWatched: Bool { watching.load(ordering: .sequentiallyConsistent) > 0 }

    /// A loop's first listener came, or its last one went.
    func watch(_ begins: Bool) {
        watching.wrappingAdd(begins ? 1 : -1, ordering: .sequentiallyConsistent)
    }

    /// The company as listeners may see it now.
    func liveView(at now: Instant) -> LiveView {
        core.withLock { $0.ledger.liveView(at: now) }
    }

    // MARK: Inboxes

    /// Records that rows reached a socket of their person (N-8). Left out while the disk is full:
    /// the next delivery tells the same.
    func markDelivered(_ deliveries: [(person: PersonID, upTo: UInt64)], at now: Instant) {
        var mustWake = false
        core.withLock { core in
            guard hasRoom(core.commit) else { return }
            for delivery in deliveries {
                core.ledger.markDelivered(
                    delivery.person, upTo: delivery.upTo, at: now, records: &core.records)
            }
            mustWake = append(&core, Effects(), at: now, isDue: true)
        }
        if mustWake { wake.signal() }
    }

    // MARK: Time

    /// Lets time pass in one bounded step; to be repeated while there is more. Waits while the disk is
    /// full or behind: nothing is lost by that, it only comes later.
    func passTime(at now: Instant) -> TimePassed {
        pass(at: now) { $0.passTime(at: now, records: &$1) }
    }

    /// What is due of a target, now that it has been measured.
    func passTime(of measured: MeasuredTarget, at now: Instant) -> TimePassed {
        pass(at: now) { $0.passTime(of: measured, at: now, records: &$1) }
    }

    private func pass(
        at now: Instant, _ step: (inout Ledger, inout Records) -> TimePassed
    ) -> TimePassed {
        var mustWake = false
        let passed = core.withLock { core -> TimePassed in
            guard hasRoom(core.commit) else { return TimePassed() }
            core.ledger.isWatched = isWatched
            let passed = step(&core.ledger, &core.records)
            let effects = Effects(inboxes: passed.touchedInboxes, changes: passed.changes)
            mustWake = append(&core, effects, at: now, isDue: true)
            return passed
        }
        if mustWake { wake.signal() }
        return passed
    }

    /// Records that older records are dropped (W-9); says whether that could be recorded, or was
    /// before. Nothing while the disk is full.
    func dropHistory(to horizon: HistoryHorizon, at now: Instant) -> Bool {
        var mustWake = false
        let isRecorded = core.withLock { core -> Bool in
            guard hasRoom(core.commit) else { return false }
            if core.ledger.dropHistory(to: horizon, at: now, records: &core.records) {
                mustWake = append(&core, Effects(), at: now, isDue: true)
            }
            return true
        }
        if mustWake { wake.signal() }
        return isRecorded
    }

    /// Due times known, and subjects set aside because they failed (N-5).
    var dues: (known: Int, setAside: Int) {
        core.withLock { ($0.ledger.dueCount, $0.ledger.setAsideCount) }
    }

    // MARK: The log

    /// A loop has decided everything that it had got: that goes out as one frame, so that a commit is
    /// shared by all who asked in one turn of the loop (W-2).
    func endTurn() {
        if core.withLock({ $0.makeDue() }) { wake.signal() }
    }

    /// The next batch, once it is due; `nil` puts the log thread to sleep.
    func takeDueBatch() -> (batch: Batch, effects: Effects)? {
        let isDue = core.withLock { core in
            if !core.isDue { core.isLogIdle = true }
            return core.isDue
        }
        return isDue ? takeBatch() : nil
    }

    /// The next batch with what it changes for others; `nil` puts the log thread to sleep.
    func takeBatch() -> (batch: Batch, effects: Effects)? {
        core.withLock { core in
            guard let batch = core.commit.takeBatch() else {
                core.isLogIdle = true
                core.isDue = false
                return nil
            }
            core.isDue = core.commit.hasWaiting
            // More than one batch may wait: each takes along what its own commands brought about.
            let end = core.effects.firstIndex { $0.through > batch.lastSequence }
            let taken = core.effects.prefix(end ?? core.effects.count)
            let effects = taken.reduce(into: Effects()) { $0.add($1.1) }
            core.effects.removeFirst(taken.count)
            return (batch, effects)
        }
    }

    /// The batch in flight is durable: replies and pushes up to it may leave.
    func committed(upTo sequence: UInt64) {
        core.withLock { $0.commit.committed(upTo: sequence) }
        position.store(sequence, ordering: .sequentiallyConsistent)
    }

    /// Position of the last record decided, durable or not.
    var sequence: UInt64 { core.withLock { $0.ledger.lastSequence } }

    // MARK: Under the lock

    /// Whether everything decided and not yet durable, and one more command, fits into what the log
    /// has room for: what is decided must never find the disk full (W-8).
    private func hasRoom(_ commit: borrowing GroupCommit) -> Bool {
        journal.isWritable && commit.unsyncedBytes < journal.reserveBytes / 2
    }

    private func collect(
        _ core: inout Core, _ outcome: Execution, of person: PersonID, at now: Instant,
        endsSessions: Bool
    ) -> Bool {
        if let shown = outcome.shownUpTo, hasRoom(core.commit) {
            core.ledger.markDelivered(person, upTo: shown, at: now, records: &core.records)
        }
        guard !core.records.isEmpty else { return false }
        let effects = Effects(
            inboxes: outcome.touchedInboxes, endsSessions: endsSessions, changes: outcome.changes)
        // A query is no write, at whose end the loop would see to it.
        return append(&core, effects, at: now, isDue: outcome.shownUpTo != nil)
    }

    /// Puts the records of one command into the batch, and what they change for others beside it; says
    /// whether the log thread sleeps.
    private func append(
        _ core: inout Core, _ effects: Effects, at now: Instant, isDue: Bool
    ) -> Bool {
        guard !core.records.isEmpty else { return false }
        do {
            let end = try core.commit.append(
                RecordBuffer(bytes: core.records.bytes, ends: core.records.ends),
                at: now.milliseconds)
            core.records.removeAll(keepingCapacity: true)
            if !effects.isEmpty { core.effects.append((end, effects)) }
        } catch {
            // The ledger refuses what would not fit into a frame (`Bounds.decisionBytes`), so this
            // is a defect; memory is now ahead of what the log will ever hold, and nothing may be
            // answered from it (W-7).
            Fault.end(.durability, "\(error)")
        }
        guard isDue || core.commit.waitingBytes >= Self.dueBytes else { return false }
        return core.makeDue()
    }

    private static let diskFullText =
        "the disk is nearly full: writes are refused, reads go on; free some space and writing"
        + " resumes by itself"
}

extension Command {
    /// Whether running it may write to the log, so that the disk must have room (W-8).
    var isWrite: Bool {
        if case .write = access { return true }
        return false
    }

    /// Whether running it may end somebody's right to be connected (D-35).
    var endsSessions: Bool { name == "PERSON.DEACTIVATE" }
}
