import PipelineDomain
public import PipelineProtocol

/// A reply that needs the log: made off the lock, once what it needs is durable.
public struct RecordQuery: Sendable {
    /// All that it may read is durable once this position is.
    public let through: UInt64
    /// Whether states of the past are rebuilt for it, which may take a while.
    public let looksBack: Bool
    private let write: @Sendable (any RecordSource, PastStates, inout ReplyWriter) -> Void

    init(
        through: UInt64, looksBack: Bool,
        write: @escaping @Sendable (any RecordSource, PastStates, inout ReplyWriter) -> Void
    ) {
        self.through = through
        self.looksBack = looksBack
        self.write = write
    }

    /// Writes the whole reply.
    public func answer(
        from source: some RecordSource, _ past: PastStates, into reply: inout ReplyWriter
    ) {
        write(source, past, &reply)
    }
}

/// Looks at every change within a span of the log, such as a waterfall's.
protocol SpanVisitor {
    /// With the state before the record.
    mutating func before(_ state: State, _ recorded: Recorded)
    /// With the state after it.
    mutating func after(_ state: State, _ recorded: Recorded)
}

/// Everything of a call that a deferred answer takes along.
private struct CallContext: Sendable {
    let state: State
    let viewer: PersonID
    let now: Instant
    let zones: any ZoneRules
    let sequence: UInt64
    let recordedAt: Instant
    let request: Request?

    func call(_ version: ProtocolVersion) -> Call {
        Call(
            state: state, viewer: viewer, now: now, zones: zones, sequence: sequence,
            recordedAt: recordedAt, reply: ReplyWriter(version), request: request)
    }

    func basis(_ ledger: Ledger, _ columns: KeptColumns?, _ pause: @escaping Pause) -> ReportBasis {
        ReportBasis(
            past: ledger.state, present: state, viewer: viewer, at: ledger.lastInstant,
            sequence: ledger.lastSequence, looksBack: ledger.lastSequence < sequence, zones: zones,
            columns: columns, pause: pause)
    }

    func basis(_ columns: KeptColumns? = nil, _ pause: @escaping Pause = {}) -> ReportBasis {
        ReportBasis(
            past: state, present: state, viewer: viewer, at: recordedAt,
            sequence: sequence, looksBack: false, zones: zones, columns: columns,
            pause: pause)
    }

    /// Writes a reply with a call of its own, or the refusal.
    func answer(
        _ reply: inout ReplyWriter, _ write: (Call) throws(Rejection) -> Void
    ) {
        let call = call(reply.version)
        do throws(Rejection) {
            try write(call)
            reply.raw(call.reply.bytes)
        } catch {
            reply.errorLine(error.line(for: request))
        }
    }
}

extension ReplyWriter {
    fileprivate mutating func unreadable(_ error: RecordError) {
        let isLost = error.fault == .lost
        let why = isLost ? error.fault.text : "the log holds a record that cannot be read: \(error)"
        self.error(.misconfigured, why)
    }
}

extension Call {
    private var context: CallContext {
        CallContext(
            state: state, viewer: viewer, now: now, zones: zones, sequence: sequence,
            recordedAt: recordedAt, request: request)
    }

    /// Answers off the lock, on a photograph of the state, with records from the log if need be: for
    /// what looks at many deals or back in time (E-1). `sequences` ascend.
    func later(
        records sequences: [UInt64] = [],
        _ write: @escaping @Sendable (Call, [Recorded]) throws(Rejection) -> Void
    ) {
        let sequences = kept(sequences)
        later(through: sequences.last ?? 0) { source throws(RecordError) in
            var decoded: [Recorded] = []
            decoded.reserveCapacity(sequences.count)
            for record in try source.records(sequences) {
                decoded.append(try RecordCodec.decode(record.bytes, sequence: record.sequence))
            }
            return { [decoded] (call) throws(Rejection) in try write(call, decoded) }
        }
    }

    /// Answers off the lock: `read` reads the log and hands back what writes the answer.
    func later(
        through sequence: UInt64,
        _ read:
            @escaping @Sendable (any RecordSource) throws(RecordError)
            -> (Call) throws(Rejection) -> Void
    ) {
        let context = context
        deferred = RecordQuery(through: sequence, looksBack: false) { source, _, reply in
            do throws(RecordError) {
                context.answer(&reply, try read(source))
            } catch {
                reply.unreadable(error)
            }
        }
    }

    /// Answers from the company as it stood. Without `asOf` that is the present; the answer is
    /// then given at once if `atOnce`, else on a photograph. Otherwise the state is rebuilt from the
    /// log, off the lock.
    func reporting(
        asOf: AsOf?, atOnce: Bool = false,
        _ write: @escaping @Sendable (Call, ReportBasis) throws(Rejection) -> Void
    ) throws(Rejection) {
        let context = context
        let present = PastBound.position(sequence)
        let bound = if let asOf { try self.bound(asOf) } else { present }
        if bound == present {
            if asOf == nil, atOnce { return try write(self, context.basis()) }
            deferred = RecordQuery(through: 0, looksBack: false) { _, past, reply in
                context.answer(&reply) { (call) throws(Rejection) in
                    try write(call, context.basis(past.presentColumns, past.pause))
                }
            }
            return
        }
        deferred = RecordQuery(through: last(of: bound), looksBack: true) { source, past, reply in
            do throws(RecordError) {
                let ledger = try past.ledger(at: [bound], upTo: context.sequence, from: source)
                context.answer(&reply) { (call) throws(Rejection) in
                    try Self.requireFounded(ledger)
                    try write(call, context.basis(ledger, past.pastColumns, past.pause))
                }
            } catch {
                reply.unreadable(error)
            }
        }
    }

    /// Walks over the records behind `from` up to `end` or `asOf`, whichever comes first (without either, to
    /// the present), with the state before and after each. `start` makes the visitor from the company at
    /// `from`, `write` answers with it and the company at the end.
    ///
    /// `from` and `end` before the founding stand for the founding, ahead for now; positions must exist.
    /// Where the end does not come behind `from`, nothing is walked over, and both are the company at the
    /// end.
    func walking<Visitor: SpanVisitor>(
        from: AsOf, upTo end: AsOf?, asOf: AsOf?,
        start: @escaping @Sendable (Call, ReportBasis) throws(Rejection) -> Visitor,
        _ write: @escaping @Sendable (Call, Visitor, ReportBasis) throws(Rejection) -> Void
    ) throws(Rejection) {
        let context = context
        let opening = try clamped(from)
        let known = if let asOf { try bound(asOf) } else { PastBound.position(sequence) }
        var closing = [known]
        if let end { closing.append(try clamped(end)) }
        let last = closing.map(last).min() ?? sequence
        deferred = RecordQuery(through: last, looksBack: true) { [closing] source, past, reply in
            do throws(RecordError) {
                var ledger = try past.ledger(at: closing + [opening], upTo: last, from: source)
                var isFounded = true
                if ledger.lastSequence < Ledger.foundingRecords {
                    ledger = try past.ledger(
                        at: [.position(Ledger.foundingRecords)], upTo: context.sequence,
                        from: source)
                    isFounded = known.admits(ledger)
                }
                var failure: RecordError?
                context.answer(&reply) { [isFounded] (call) throws(Rejection) in
                    guard isFounded else { throw Self.notFounded }
                    var visitor = try start(call, context.basis(ledger, nil, past.pause))
                    do throws(RecordError) {
                        try ledger.walk(
                            until: closing, upTo: last, from: source, past.pause
                        ) { ledger, recorded in
                            visitor.before(ledger.state, recorded)
                            ledger.replay(recorded)
                            visitor.after(ledger.state, recorded)
                        }
                    } catch {
                        failure = error
                        return
                    }
                    try write(call, visitor, context.basis(ledger, nil, past.pause))
                }
                if let failure { throw failure }
            } catch {
                reply.unreadable(error)
            }
        }
    }

    // MARK: Bounds

    /// Without records that were dropped: nobody may look for them in the log (W-9).
    func kept(_ sequences: [UInt64]) -> [UInt64] {
        guard let first = state.company.horizon?.first else { return sequences }
        return sequences.filter { $0 >= first }
    }

    /// Refuses a record that was dropped, naming where the history begins now.
    func requireKept(_ sequence: UInt64?, _ field: String) throws(Rejection) {
        guard let sequence, let horizon = state.company.horizon, sequence < horizon.first else {
            return
        }
        throw .invalid([.init(field, horizon.text)])
    }

    private func requireKept(_ bound: PastBound) throws(Rejection) {
        guard let horizon = state.company.horizon else { return }
        let isKept =
            switch bound {
            case .position(let position): position >= horizon.first - 1
            case .instant(let instant): instant >= horizon.since
            }
        guard isKept else { throw .invalid([.init("ASOF", horizon.text)]) }
    }

    /// The place in the log, if there is such a place yet.
    private func bound(_ asOf: AsOf) throws(Rejection) -> PastBound {
        let bound = asOf.bound(state.company.zone, zones)
        try requireKept(bound)
        switch bound {
        case .position(let position):
            guard position <= sequence else {
                throw .invalid([
                    .init("ASOF", "position \(position) is beyond the last one, \(sequence)")
                ])
            }
            guard position >= Ledger.foundingRecords else {
                throw .invalid([
                    .init("ASOF", "the company begins with position \(Ledger.foundingRecords)")
                ])
            }
        case .instant(let instant):
            let today = zones.day(in: state.company.zone, at: max(now, recordedAt))
            guard zones.day(in: state.company.zone, at: instant) <= today else {
                throw .invalid([.init("ASOF", "lies ahead; today is \(today)")])
            }
        }
        return bound
    }

    /// What is wrong with a place in the log.
    func faults(of asOf: AsOf?, isClamped: Bool = false) -> [Rejection.Fault] {
        guard let asOf else { return [] }
        do throws(Rejection) {
            _ = try isClamped ? clamped(asOf) : bound(asOf)
        } catch {
            if case .invalid(let faults) = error { return faults }
        }
        return []
    }

    private func clamped(_ asOf: AsOf) throws(Rejection) -> PastBound {
        if case .position = asOf { return try bound(asOf) }
        let bound = asOf.bound(state.company.zone, zones)
        try requireKept(bound)
        return bound
    }

    /// Last position that may be read for the bound.
    private func last(of bound: PastBound) -> UInt64 {
        if case .position(let position) = bound { return position }
        return sequence
    }

    private static func requireFounded(_ ledger: Ledger) throws(Rejection) {
        guard ledger.lastSequence < Ledger.foundingRecords else { return }
        throw notFounded
    }

    private static var notFounded: Rejection {
        .invalid([.init("ASOF", "lies before the founding of the company")])
    }
}
