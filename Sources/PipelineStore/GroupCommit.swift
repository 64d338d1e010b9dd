/// The records of one command or one transaction, flat: all bodies in a row, and where each ends.
public struct RecordBuffer: Sendable, Equatable {
    public let bytes: [UInt8]
    /// Ascending; the last one equals `bytes.count`.
    public let ends: [Int]

    /// Traps when `ends` does not cover `bytes` in ascending order.
    public init(bytes: [UInt8], ends: [Int]) {
        var previous = 0
        for end in ends {
            precondition(end >= previous, "record ends must ascend")
            previous = end
        }
        precondition(previous == bytes.count, "record ends must cover the bytes")
        self.bytes = bytes
        self.ends = ends
    }

    public var count: Int { ends.count }
}

/// What goes out as one frame: the records of one or more whole commands.
public struct Batch: Sendable, Equatable {
    /// Sequence of the first record; the others follow densely.
    public let firstSequence: UInt64
    /// Records, at least 1.
    public fileprivate(set) var count: Int
    /// The records as they stand in a frame: each body after its length.
    public fileprivate(set) var payload: [UInt8]
    /// Latest wall time of the commands inside, milliseconds since 1970.
    public fileprivate(set) var timeMilliseconds: Int64

    public var lastSequence: UInt64 { firstSequence + UInt64(count) - 1 }

    /// Bytes of the frame on disk, padding included.
    public var frameBytes: Int { FrameHeader.frameBytes(payloadBytes: payload.count) }

    fileprivate mutating func add(_ records: RecordBuffer, at timeMilliseconds: Int64) {
        var start = 0
        records.bytes.withUnsafeBytes { source in
            for end in records.ends {
                let length = UInt32(end - start).littleEndian
                withUnsafeBytes(of: length) { payload.append(contentsOf: $0) }
                payload.append(contentsOf: source[start..<end])
                start = end
            }
        }
        count += records.count
        self.timeMilliseconds = max(self.timeMilliseconds, timeMilliseconds)
    }
}

/// What has been decided and is not durable yet (W-2). A pure machine: no I/O, no clock.
///
/// One batch at a time is in flight; what is appended meanwhile waits and goes out as one frame.
/// The records of one `append` are never split over two frames, so a transaction is durable wholly
/// or not at all.
public struct GroupCommit: Sendable {
    /// Sequence of the last record appended; 0 before the first.
    public private(set) var last: UInt64
    /// Sequence up to which everything is durable.
    public private(set) var durable: UInt64
    /// Bytes of frames decided and not yet durable, the one in flight included. Beside
    /// `Log.isWritable`, compare with `Log.reserveBytes` before deciding a write (W-8).
    public var unsyncedBytes: Int {
        waiting.reduce(inFlight?.bytes ?? 0) { $0 + $1.frameBytes }
    }

    /// Not empty while more than one frame's worth waits; normally holds one batch.
    private var waiting: [Batch] = []
    private var inFlight: (last: UInt64, bytes: Int)?
    private var usualPayloadBytes = 0
    private let frameBytesMax: Int

    /// `durable`: the last sequence of the log as recovered; `frameBytesMax`: `Log.frameBytesMax`.
    public init(durable: UInt64, frameBytesMax: Int = StoreBounds.frameBytesMax) {
        last = durable
        self.durable = durable
        self.frameBytesMax = frameBytesMax
    }

    /// Whether anything waits, be it behind a batch in flight.
    public var hasWaiting: Bool { !waiting.isEmpty }

    /// Bytes of records that wait, those in flight left out.
    public var waitingBytes: Int { waiting.reduce(0) { $0 + $1.payload.count } }

    /// Whether `takeBatch` would return something.
    public var hasBatch: Bool {
        (inFlight == nil || isPlanted(.twoBatchesInFlight)) && !waiting.isEmpty
    }

    /// Adds the records of one command or transaction and returns the sequence of the last one;
    /// with no records, returns `last`.
    ///
    /// - Throws: `unitTooLarge` when they do not fit one frame; nothing was added then.
    public mutating func append(
        _ records: RecordBuffer, at timeMilliseconds: Int64
    ) throws(StoreError) -> UInt64 {
        guard records.count > 0 else { return last }
        let unitBytes = records.bytes.count + records.count * FrameHeader.recordPrefixBytes
        let aloneBytes = FrameHeader.frameBytes(payloadBytes: unitBytes)
        guard aloneBytes <= frameBytesMax else {
            throw .unitTooLarge(bytes: aloneBytes, limit: frameBytesMax)
        }
        // Only the size is taken out: holding the batch itself would have its payload copied.
        if let openBytes = waiting.last?.payload.count,
            FrameHeader.frameBytes(payloadBytes: openBytes + unitBytes) <= frameBytesMax
        {
            waiting[waiting.count - 1].add(records, at: timeMilliseconds)
        } else {
            var batch = Batch(
                firstSequence: last + 1, count: 0, payload: [], timeMilliseconds: timeMilliseconds)
            // One allocation for a batch like the one before it, instead of a doubling series.
            batch.payload.reserveCapacity(max(unitBytes, usualPayloadBytes))
            batch.add(records, at: timeMilliseconds)
            waiting.append(batch)
        }
        last += UInt64(records.count)
        return last
    }

    /// The next batch to commit; nil while one is in flight or nothing waits.
    public mutating func takeBatch() -> Batch? {
        guard hasBatch else { return nil }
        let batch = waiting.removeFirst()
        inFlight = (batch.lastSequence, batch.frameBytes)
        usualPayloadBytes = min(batch.payload.count * 5 / 4, 1 << 20)
        return batch
    }

    /// The batch in flight, whose last sequence is `upTo`, is durable. Traps on any other sequence.
    public mutating func committed(upTo sequence: UInt64) {
        precondition(inFlight?.last == sequence, "only the batch in flight can become durable")
        inFlight = nil
        durable = sequence
    }
}
