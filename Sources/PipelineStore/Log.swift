import Synchronization

/// The log of one company in one directory: the file-backed `Journal`.
///
/// `commit` belongs to one thread. `maintain` belongs to another one, which calls it every 25 to
/// 50 ms, and again at once while it returns true; it writes the commit marks (W-5), makes the
/// spare segment (W-4) and watches free space (W-8), and a commit never waits for it, except when a
/// segment is full before its spare is ready. `read` and the properties belong to everybody.
///
/// After the first error everything is refused with that same error (W-7).
public final class Log: Journal {
    public let clusterID: ClusterID
    public let epoch: UInt64
    /// Bytes of the largest frame this log takes.
    public let frameBytesMax: Int
    /// While `isWritable`, frames of this many bytes in all can still be written.
    public var reserveBytes: Int { frameBytesMax }

    let directory: LogDirectory
    let format: FormatFile
    private let freeBytesMin: UInt64
    private let lock: OpenFile
    private let writer: Mutex<FrameWriter>
    private let spare: Mutex<SpareSegment>
    private let marks: Mutex<MarkWriter>
    /// What readers and the mark may see: durable frames only.
    let published: Mutex<Published>
    private let failure = Mutex<StoreError?>(nil)
    private let hasFailed = Atomic(false)
    private let hasSpare: Atomic<Bool>
    private let hasFreeSpace = Atomic(true)
    /// False while there is no spare and no room for one either.
    private let hasRoomForSpare = Atomic(true)
    private let roomBytes: Atomic<Int>
    private let durableSequence: Atomic<UInt64>
    private let markedSequence: Atomic<UInt64>

    struct Published: Sendable {
        var position: LogPosition
        var index: SequenceIndex
    }

    init(
        directory: LogDirectory, format: FormatFile, lock: OpenFile, recovery: Recovery,
        writer: sending FrameWriter, spare: sending SpareSegment, marks: sending MarkWriter,
        freeBytesMin: UInt64
    ) {
        self.directory = directory
        self.format = format
        self.freeBytesMin = freeBytesMin
        self.lock = lock
        clusterID = format.clusterID
        epoch = recovery.position.epoch
        frameBytesMax = min(StoreBounds.frameBytesMax, format.segmentBytes / 2)
        hasSpare = Atomic(spare.isReady)
        roomBytes = Atomic(format.segmentBytes - recovery.position.offset)
        durableSequence = Atomic(recovery.position.sequence)
        markedSequence = Atomic(marks.mark.sequence)
        published = Mutex(Published(position: recovery.position, index: recovery.index))
        self.writer = Mutex(writer)
        self.spare = Mutex(spare)
        self.marks = Mutex(marks)
    }

    public var durable: UInt64 { durableSequence.load(ordering: .acquiring) }

    /// Sequence that the newest commit mark holds (W-5).
    public var marked: UInt64 { markedSequence.load(ordering: .relaxed) }

    public var isWritable: Bool {
        !hasFailed.load(ordering: .acquiring) && hasFreeSpace.load(ordering: .relaxed)
            && (hasSpare.load(ordering: .sequentiallyConsistent)
                || roomBytes.load(ordering: .sequentiallyConsistent) >= reserveBytes)
    }

    /// Whether too little of the disk is left (W-8): less than the floor, or no room for a spare segment
    /// on top of it. A log that is not writable without its disk being full only waits for its next
    /// segment to be prepared, and so may its writers.
    public var isDiskFull: Bool {
        !hasFreeSpace.load(ordering: .relaxed) || !hasRoomForSpare.load(ordering: .relaxed)
    }

    /// The end of what is durable: where a snapshot of a state photographed from now on has the log
    /// read on from (W-9).
    public var position: LogPosition { published.withLock { $0.position } }

    public var directoryPath: String { directory.path }

    /// The snapshots of this log.
    public var snapshots: SnapshotStore { SnapshotStore(directory) }

    public func commit(_ batch: Batch) throws(StoreError) {
        try refusingAfterFailure { () throws(StoreError) in
            try writer.withLock { writer throws(StoreError) in
                if try writer.needsSegment(for: batch) {
                    let file = try spare.withLock { spare throws(StoreError) in
                        // What a ready spare adds to the room is seen before the spare is gone,
                        // or the change of segments would look like a full disk.
                        if spare.isReady {
                            roomBytes.store(
                                format.segmentBytes, ordering: .sequentiallyConsistent)
                        }
                        hasSpare.store(false, ordering: .sequentiallyConsistent)
                        return try spare.take(as: batch.firstSequence)
                    }
                    writer.beginSegment(batch.firstSequence, file)
                    published.withLock { $0.index.beginSegment(batch.firstSequence) }
                }
                let offset = writer.position.offset
                if isPlanted(.answeredBeforeSync) {
                    durableSequence.store(batch.lastSequence, ordering: .releasing)
                }
                try writer.write(batch)
                let position = writer.position
                published.withLock {
                    $0.position = position
                    $0.index.add(frameAt: offset, firstSequence: batch.firstSequence)
                }
                roomBytes.store(writer.roomBytes, ordering: .relaxed)
                durableSequence.store(position.sequence, ordering: .releasing)
            }
        }
    }

    /// Does what is due: a commit mark when the last one is 50 ms old (W-5), one step of the spare
    /// segment (W-4), and a look at free space (W-8). A full disk is no error here: it shows in
    /// `isWritable`, and ends by itself.
    ///
    /// - Parameter now: milliseconds on any clock that never goes back.
    /// - Returns: true when more work waits, so that the caller comes back without a pause.
    public func maintain(now milliseconds: UInt64) throws(StoreError) -> Bool {
        try refusingAfterFailure { () throws(StoreError) in
            let position = published.withLock { $0.position }
            try marks.withLock { marks throws(StoreError) in
                try marks.write(position, now: milliseconds)
                markedSequence.store(marks.mark.sequence, ordering: .relaxed)
            }
            let free = try directory.io { files throws(IOFailure) in
                try files.freeBytes(directory.path)
            }
            return try spare.withLock { spare throws(StoreError) in
                let worked = try prepare(&spare, free: free)
                hasSpare.store(spare.isReady, ordering: .relaxed)
                hasRoomForSpare.store(
                    !spare.isMissing || isPlanted(.missingSpareAwaited), ordering: .relaxed)
                hasFreeSpace.store(
                    free >= freeBytesMin || isPlanted(.fullDiskIgnored), ordering: .relaxed)
                return worked
            }
        }
    }

    private func prepare(
        _ spare: inout SpareSegment, free: UInt64
    ) throws(StoreError) -> Bool {
        do throws(StoreError) {
            // Making a spare must not itself push the disk under the floor.
            guard !spare.isMissing || free >= freeBytesMin + spare.byteCount else { return false }
            return try spare.step()
        } catch {
            guard case .diskFull = error else { throw error }
            return false
        }
    }

    /// Writes the last mark; the log refuses everything afterwards, and its files and its lock go
    /// with the last reference to it. Throws what ended the log before, having written nothing
    /// then. To be called when no `commit` and no `maintain` runs.
    public func close() throws(StoreError) {
        try refusingAfterFailure { () throws(StoreError) in
            let position = published.withLock { $0.position }
            try marks.withLock { marks throws(StoreError) in _ = try marks.write(position) }
        }
        fail(.closed)
    }

    deinit {
        writer.withLock { $0.close() }
        spare.withLock { $0.close() }
        marks.withLock { $0.close() }
        directory.files.close(lock)
    }

    private func fail(_ error: StoreError) {
        failure.withLock { first in
            if first == nil { first = error }
        }
        if !isPlanted(.failureForgotten) { hasFailed.store(true, ordering: .releasing) }
    }

    func refuseAfterFailure() throws(StoreError) {
        guard hasFailed.load(ordering: .acquiring) else { return }
        throw failure.withLock { $0 } ?? .closed
    }

    /// Runs something that writes: its first error is the last thing the log does (W-7).
    func refusingAfterFailure<Result>(
        _ body: () throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        try refuseAfterFailure()
        do throws(StoreError) {
            return try body()
        } catch {
            fail(error)
            throw error
        }
    }
}
