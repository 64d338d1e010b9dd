import PipelineDomain
import PipelineProtocol

extension ReplyWriter {
    /// Without a string in between: every row has several.
    mutating func bulk<Kind>(_ id: Identifier<Kind>) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Identifier<Kind>.textBytes) {
            text in
            let count = id.write(to: text)
            bulk(UnsafeBufferPointer(rebasing: text[..<count]))
        }
    }

    mutating func optional(_ id: Identifier<some IdentifierKind>?) {
        if let id { bulk(id) } else { null() }
    }

    /// RFC 3339, without a string in between: deals are read often.
    mutating func bulk(_ instant: Instant) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Instant.textBytes) { text in
            instant.write(to: text)
            bulk(UnsafeBufferPointer(text))
        }
    }

    mutating func texts(_ texts: [String]) {
        array(texts.count)
        for text in texts { bulk(text) }
    }

    mutating func ids(_ ids: some Collection<Identifier<some IdentifierKind>>) {
        array(ids.count)
        for id in ids { bulk(id) }
    }
}

extension Call {
    /// the position and the instant that an analysis was computed at.
    func writeReceipt() {
        reply.map(2)
        reply.bulk("seq")
        reply.integer(sequence)
        reply.bulk("at")
        reply.bulk(now)
    }

    /// Answers at once in a small company, else off the lock: for lists, which look at many rows to
    /// show a few.
    func scanning(
        _ rows: Int, _ write: @escaping @Sendable (Call) throws(Rejection) -> Void
    ) throws(Rejection) {
        if rows <= Self.rowsUnderLock {
            try write(self)
        } else {
            later { (call, _) throws(Rejection) in try write(call) }
        }
    }

    /// About a tenth of a millisecond's work.
    private static let rowsUnderLock = 2_000

    /// Answers off the lock, on a photograph of the state, with records from the log if need be: for
    /// what looks at many deals or back in time (E-1).
    func later(
        records sequences: [UInt64] = [],
        _ write: @escaping @Sendable (Call, [Recorded]) throws(Rejection) -> Void
    ) {
        let (photograph, viewer, now) = (photograph, viewer, now)
        let (zones, sequence) = (zones, sequence)
        deferred = RecordQuery(sequences: sequences) { records, reply in
            let call = Call(
                photograph: photograph, viewer: viewer, now: now, zones: zones, sequence: sequence,
                reply: ReplyWriter(reply.version))
            do throws(Rejection) {
                try write(call, records)
                reply.raw(call.reply.bytes)
            } catch {
                reply.errorLine("\(error.code.rawValue) \(error.text)")
            }
        }
    }
}
