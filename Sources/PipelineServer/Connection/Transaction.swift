import PipelineCommands
import PipelineProtocol

/// Commands queued since `MULTI`.
struct Transaction: Sendable {
    private(set) var items: [Item] = []
    /// Bytes of the queued requests; no more than fit into one frame of the log.
    private(set) var byteCount = 0
    /// A command was refused while queueing: `EXEC` will not run the others.
    var isSpoilt = false

    mutating func add(_ item: Item) {
        items.append(item)
        byteCount += item.request.byteCount
    }

    /// Why the request does not fit any more; `nil` if it does.
    func refusal(of request: Request) -> String? {
        if items.count >= WireBounds.transactionCommands {
            return "ERR a transaction holds at most \(WireBounds.transactionCommands) commands;"
                + " send DISCARD, then several shorter ones"
        }
        if byteCount + request.byteCount > WireBounds.requestBytes {
            return "ERR a transaction holds at most \(WireBounds.requestBytes) bytes;"
                + " send DISCARD, then several shorter ones"
        }
        return nil
    }
}

/// A transaction whose commands of ours have been run as one; what remains is to put the replies of
/// all its commands in order.
struct ReplyAssembly: Sendable {
    var items: [Item]
    var index = 0
    /// Replies of our commands, one after the other, and how far they are used up.
    var replies: [UInt8] = []
    var position = 0
    var gate: UInt64 = 0
}

/// `MULTI`, `EXEC`, `DISCARD` and what lies between (P-4).
extension ConnectionMachine {
    /// `.check` found the form of a command in order (`nil`), or what is wrong with it.
    mutating func checked(_ invocation: Invocation, _ line: String?) {
        phase = .ready
        if let line { refuse(line) } else { queue(Item(invocation.command, invocation.request)) }
    }

    mutating func queue(_ item: Item) {
        if let line = transaction?.refusal(of: item.request) { return refuse(line) }
        transaction?.add(item)
        answer { $0.simple("QUEUED") }
    }

    mutating func multi() {
        guard transaction == nil else {
            return answerError("ERR MULTI calls can not be nested")
        }
        transaction = Transaction()
        answerOK()
    }

    mutating func discard() {
        guard transaction != nil else { return answerError("ERR DISCARD without MULTI") }
        transaction = nil
        answerOK()
    }

    mutating func beginExecution() -> Action? {
        guard let transaction else {
            answerError("ERR EXEC without MULTI")
            return nil
        }
        self.transaction = nil
        guard !transaction.isSpoilt else {
            answerError("EXECABORT Transaction discarded because of previous errors.")
            return nil
        }
        let questions = transaction.items.enumerated().flatMap { index, item in
            self.questions(for: item).map { (index: index, question: $0) }
        }
        phase = .asking(Inquiry(transaction.items, isTransaction: true, questions: questions))
        return nil
    }

    /// Runs a transaction whose questions are answered: first our commands, as one (P-4).
    mutating func execute(_ items: [Item]) -> Action? {
        guard let identity else { return nil }
        beginReply()
        for item in items where item.isOurs { observe(item) }
        let invocations = items.enumerated().compactMap { index, item -> Invocation? in
            guard item.isOurs else { return nil }
            var invocation = item.invocation
            invocation.place = index + 1
            return invocation
        }
        if invocations.isEmpty {
            outbox.writer.array(items.count)
            phase = .executing(ReplyAssembly(items: items))
            return nil
        }
        phase = .transacting(ReplyAssembly(items: items))
        return .transact(invocations, as: identity.person)
    }

    /// `.transact` has written an array of replies, or one error; it may leave once `gate` is
    /// durable.
    mutating func transacted(gate: UInt64) {
        guard case .transacting(var assembly) = phase else { return }
        let isRefused = outbox.writer.byte(at: replyStart) == UInt8(ascii: "-")
        if isRefused || assembly.items.allSatisfy(\.isOurs) {
            phase = .ready
            finishReply(gate: gate)
            return
        }
        // The server's own commands answer between ours, so the array is put together again.
        assembly.replies = Array(outbox.writer.bytes[replyStart...])
        assembly.position = ReplySplitter.endOfHead(of: assembly.replies)
        assembly.gate = gate
        outbox.writer.truncate(to: replyStart)
        outbox.writer.array(assembly.items.count)
        phase = .executing(assembly)
    }

    /// Writes the replies still missing, in order; stops at one that only the handler can write.
    mutating func advance() -> Action? {
        guard case .executing(var assembly) = phase else { return nil }
        while assembly.index < assembly.items.count {
            let item = assembly.items[assembly.index]
            assembly.index += 1
            guard case .connection(let verb) = item.command.access else {
                let end = ReplySplitter.end(of: assembly.replies, from: assembly.position)
                outbox.writer.raw(Array(assembly.replies[assembly.position..<end]))
                assembly.position = end
                continue
            }
            phase = .executing(assembly)
            if let action = perform(item, verb) { return action }
            guard case .executing(let advanced) = phase else { return nil }
            assembly = advanced
        }
        // A command inside may have ended the connection; its transaction is answered all the same.
        let isEnding = endsAfterExecution
        endsAfterExecution = false
        phase = isEnding ? .closing : .ready
        finishReply(gate: assembly.gate)
        return nil
    }
}

extension Item {
    /// Whether the ledger runs it, and not the server.
    var isOurs: Bool {
        if case .connection = command.access { return false }
        return true
    }
}
