import PipelineProtocol

/// What one connection is to receive, in order, each reply held back until what it saw is durable
/// (E-2, W-2).
///
/// Replies are encoded straight into `writer` and sealed with the log position they reflect. Bytes
/// of replies whose position is durable are released; pushes are only ever made of durable rows,
/// so they go between the released bytes and the replies that still wait.
struct Outbox: Sendable {
    /// Where replies are encoded.
    var writer: ReplyWriter

    /// End, in `writer`, of consecutive replies that wait for the same position.
    private struct Mark {
        var end: Int
        var gate: UInt64
    }

    /// Released earlier, before what is released in `writer`.
    private var ready: [UInt8] = []
    private var marks: [Mark] = []
    /// Bytes of `writer` that have left.
    private var taken = 0
    /// Bytes of `writer` that may leave.
    private var released = 0
    /// Bytes that were in writers before this one; makes positions absolute.
    private var base: UInt64 = 0

    init(_ version: ProtocolVersion) { writer = ReplyWriter(version) }

    /// Bytes not yet taken by the socket, released or not.
    var count: Int { ready.count + writer.count - taken }

    /// Bytes that may leave now.
    var releasedCount: Int { ready.count + released - taken }

    /// Whether a reply still waits for the log.
    var isGated: Bool { !marks.isEmpty }

    /// Position, in the stream of replies, behind the last one encoded.
    var end: UInt64 { base + UInt64(writer.count) }

    /// Position, in the stream of replies, behind the last one released.
    var releasedEnd: UInt64 { base + UInt64(released) }

    /// Ends a reply that may leave once `gate` is durable; 0 for one that reflects nothing durable
    /// and only keeps its place in the order.
    mutating func seal(gate: UInt64) {
        let end = writer.count
        guard let last = marks.last else {
            if end > released { marks.append(Mark(end: end, gate: gate)) }
            return
        }
        if gate <= last.gate {
            marks[marks.count - 1].end = end
        } else if end > last.end {
            marks.append(Mark(end: end, gate: gate))
        }
    }

    /// Lets everything go that waits for nothing beyond `durable`.
    mutating func release(durable: UInt64) {
        guard !marks.isEmpty else { return }
        var passed = 0
        while passed < marks.count, marks[passed].gate <= durable {
            released = marks[passed].end
            passed += 1
        }
        if passed == marks.count {
            marks.removeAll(keepingCapacity: true)
        } else if passed > 0 {
            marks.removeFirst(passed)
        }
    }

    /// Adds an encoded push behind what is released and before the replies that wait.
    mutating func push(_ bytes: some Collection<UInt8>) {
        if released > taken {
            writer.withBytes(taken..<released) { ready.append(contentsOf: $0) }
            taken = released
            recycle()
        }
        ready.append(contentsOf: bytes)
    }

    /// Gives all released bytes away, in order and in at most two portions.
    mutating func take(_ body: (UnsafeRawBufferPointer) -> Void) {
        if !ready.isEmpty {
            ready.withUnsafeBytes(body)
            ready.removeAll(keepingCapacity: false)
        }
        if released > taken {
            writer.withBytes(taken..<released, body)
            taken = released
        }
        recycle()
    }

    /// Takes a loop's spare writer while there is nothing in its own, so that an idle connection
    /// holds no buffer and a busy loop allocates none.
    mutating func borrow(_ spare: inout ReplyWriter) {
        guard writer.isEmpty, marks.isEmpty else { return }
        spare.version = writer.version
        swap(&writer, &spare)
    }

    /// Gives the spare writer back if nothing is left in it.
    mutating func giveBack(_ spare: inout ReplyWriter) {
        guard writer.isEmpty else { return }
        spare.version = writer.version
        swap(&writer, &spare)
    }

    /// Forgets what has left; positions stay absolute.
    private mutating func recycle() {
        if taken == writer.count {
            base += UInt64(taken)
            writer.removeAll(keepingCapacity: taken <= Self.keptBytes)
            taken = 0
            released = 0
        } else if taken > Self.keptBytes, taken > writer.count / 2 {
            var rest = ReplyWriter(writer.version)
            writer.withBytes(taken..<writer.count) {
                $0.withMemoryRebound(to: UInt8.self) { rest.raw($0) }
            }
            writer = rest
            base += UInt64(taken)
            released -= taken
            for index in marks.indices { marks[index].end -= taken }
            taken = 0
        }
    }

    /// A buffer up to this size is kept for the next replies.
    private static let keptBytes = 64 << 10
}
