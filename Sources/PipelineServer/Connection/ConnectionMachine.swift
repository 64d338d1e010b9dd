import PipelineCommands
import PipelineDomain
import PipelineProtocol

/// One connection without its socket: bytes in, actions and an outbox out (P-1, P-4, E-2).
///
/// Commands are taken one at a time and answered in order. Whatever takes time (a password, records
/// from the disk) makes the commands behind it wait in the parser. The machine knows no clock, no
/// lock and no socket, so a test drives it with a transcript.
struct ConnectionMachine: Sendable {
    /// Unique while the daemon runs; `CLIENT ID`.
    let id: UInt64
    var parser = RequestParser()
    var outbox = Outbox(.resp2)
    /// `nil` before `AUTH`.
    var identity: Identity?
    /// Set between `MULTI` and `EXEC` or `DISCARD`.
    var transaction: Transaction?
    var subscriptions = Subscriptions()
    /// Set while subscribed to `inbox`.
    var feed: InboxFeed?
    /// Pushes may leave only once the replies up to here have: the confirmation of their
    /// subscription and the last change of version are among them.
    var pushBarrier: UInt64 = 0
    /// Set by `MONITOR`.
    var isMonitor = false
    /// Whether somebody monitors: what is carried out is then kept in `observed`.
    var isObserved = false
    /// Commands carried out since the handler last asked.
    var observed: [Item] = []
    var name = ""
    var libraryName = ""
    var libraryVersion = ""
    var replyMode = ReplyMode.on
    /// The last command, for `CLIENT LIST`.
    var lastCommand = "NULL"
    /// Commands taken and errors answered since the handler last asked, for `INFO`.
    var commandCount = 0
    var errorCount = 0

    var phase = Phase.ready
    /// Ends once everything that has arrived is answered (O-3).
    var isDraining = false
    /// Whether the last call of `next` ended because of too much output.
    private var isStoppedByOutput = false
    /// `CLIENT KILL` inside `EXEC` hit the connection itself.
    var endsAfterExecution = false
    /// Where, in the writer, the reply under way began.
    var replyStart = 0

    /// What `CLIENT REPLY` asked for.
    enum ReplyMode: Sendable {
        case on, off
        /// The reply to the next command is left out, then all are sent again.
        case skip
    }

    enum Phase: Sendable {
        case ready
        /// Waits for the handler to finish an action.
        case busy
        /// Has a question to ask, or none left.
        case asking(Inquiry)
        /// Waits for the answer to a question.
        case awaiting(Inquiry)
        /// The ledger runs a transaction.
        case transacting(ReplyAssembly)
        /// The replies of a transaction are put in order.
        case executing(ReplyAssembly)
        /// Closes once the outbox is empty.
        case closing
    }

    /// Output unsent beyond which no further command is taken, in bytes: a client that does not
    /// read its answers stops being answered, and memory stays bounded (P-1).
    static let outputPauseBytes = 256 << 10

    init(id: UInt64) { self.id = id }

    var version: ProtocolVersion { outbox.writer.version }

    var isClosing: Bool {
        if case .closing = phase { return true }
        return false
    }

    /// Whether a command is under way whose answer comes from elsewhere.
    var isBusy: Bool {
        switch phase {
        case .busy, .awaiting, .transacting: true
        case .ready, .asking, .executing, .closing: false
        }
    }

    /// Whether nothing is under way: no command, and no answer that has not left.
    var isIdle: Bool {
        if case .ready = phase { outbox.count == 0 } else { false }
    }

    /// Whether commands wait here although they could be read: reading more would only pile up.
    var isCongested: Bool {
        parser.bufferedBytes > WireBounds.pipelinedInputBytes
            && (isBusy || outbox.count >= Self.outputPauseBytes)
    }

    /// Whether output that kept commands waiting has left.
    var canResume: Bool {
        isStoppedByOutput && !isClosing && outbox.count < Self.outputPauseBytes
    }

    mutating func receive(_ bytes: UnsafeRawBufferPointer) {
        guard !isClosing else { return }
        parser.append(bytes)
    }

    /// What to do next. To be called until it says `.wait` or `.close`.
    mutating func next() -> Action {
        while true {
            switch phase {
            case .closing: return .close
            case .busy, .awaiting, .transacting: return .wait
            case .asking(let inquiry): if let action = ask(inquiry) { return action }
            case .executing: if let action = advance() { return action }
            case .ready:
                isStoppedByOutput = outbox.count >= Self.outputPauseBytes
                guard !isStoppedByOutput else { return .wait }
                do {
                    if let request = try parser.next() {
                        if let action = admit(request) { return action }
                    } else if isDraining {
                        phase = .closing
                    } else {
                        return .wait
                    }
                } catch {
                    outbox.writer.errorLine(error.errorLine)
                    outbox.seal(gate: 0)
                    errorCount += 1
                    phase = .closing
                }
            }
        }
    }

    // MARK: Results of actions

    /// `.run` has written its reply; it may leave once `gate` is durable.
    mutating func ran(gate: UInt64) {
        guard !isClosing else { return }
        phase = .ready
        finishReply(gate: gate)
    }

    /// Remembers where the reply begins that is about to be written.
    mutating func beginReply() { replyStart = outbox.writer.count }

    /// The person was deactivated: nothing more is answered, and the connection ends (D-35).
    mutating func expel() {
        outbox.writer.truncate(to: max(replyStart, 0))
        phase = .closing
    }

    /// `.describe` has written its reply.
    mutating func described() {
        if case .executing = phase { return }
        phase = .ready
        finishReply(gate: 0)
    }

    /// Takes no further command; the connection ends once everything answered has left.
    mutating func end() {
        if case .executing = phase { endsAfterExecution = true } else { phase = .closing }
    }

    // MARK: Replies

    /// Ends the reply that began at `replyStart`, or takes it back if `CLIENT REPLY` said so.
    mutating func finishReply(gate: UInt64, isConfirmation: Bool = false) {
        if outbox.writer.byte(at: replyStart) == UInt8(ascii: "-") { errorCount += 1 }
        switch replyMode {
        case .on: break
        case .off: if !isConfirmation { outbox.writer.truncate(to: replyStart) }
        case .skip:
            if !isConfirmation { outbox.writer.truncate(to: replyStart) }
            replyMode = .on
        }
        outbox.seal(gate: gate)
    }

    /// Writes a reply. Most reflect nothing durable and only keep their place (W-2): `gate` 0.
    ///
    /// Inside `EXEC` the reply is an element, and the whole is ended by `advance`.
    mutating func answer(
        gate: UInt64 = 0, isConfirmation: Bool = false, _ write: (inout ReplyWriter) -> Void
    ) {
        if case .executing(var assembly) = phase {
            write(&outbox.writer)
            assembly.gate = max(assembly.gate, gate)
            phase = .executing(assembly)
            return
        }
        beginReply()
        write(&outbox.writer)
        finishReply(gate: gate, isConfirmation: isConfirmation)
    }

    mutating func answerOK() { answer { $0.simple("OK") } }

    mutating func answerError(_ line: String) { answer { $0.errorLine(line) } }
}
