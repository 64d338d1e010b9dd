/// What `Log.open` found and did (W-6).
public struct RecoveryReport: Sendable, Equatable {
    /// An interrupted write at the end of the log, which no one was told of.
    public struct TornTail: Sendable, Equatable {
        public let file: String
        public let offset: UInt64
        /// Bytes cut, up to the last that was not zero.
        public let bytes: UInt64
        /// Where they were copied first.
        public let copy: String
    }

    /// Records given up by the operator's word.
    public struct AcceptedLoss: Sendable, Equatable {
        public let corruption: Corruption
        /// Files that now hold what was in the log behind `corruption.lastTrustedSequence`.
        public let kept: [String]
    }

    /// Sequence of the last record.
    public let lastSequence: UInt64
    public let epoch: UInt64
    public let frameCount: Int
    public let segmentCount: Int
    /// Leader time of the last frame, milliseconds since 1970; nil when the log is empty.
    public let leaderTimeMilliseconds: Int64?
    public let tornTail: TornTail?
    public let acceptedLoss: AcceptedLoss?
    /// The last record that came out of a snapshot; nil when all were read from the log.
    public let snapshotSequence: UInt64?
    /// Snapshots that could not be used, and why.
    public let rejectedSnapshots: [RejectedSnapshot]
}

/// Carries out what a scan has found: cuts what was torn, sets aside what was given up.
struct Recovery {
    private let directory: LogDirectory
    private let format: FormatFile
    private let scan: LogScan
    private let mark: CommitMark?
    private static let chunkBytes = 1 << 20
    private var tornTail: RecoveryReport.TornTail?
    private var acceptedLoss: RecoveryReport.AcceptedLoss?
    /// Where the log ends after recovery; its epoch is the one to write with.
    private(set) var position: LogPosition
    private(set) var index: SequenceIndex
    private let snapshotSequence: UInt64?
    private let rejectedSnapshots: [RejectedSnapshot]

    init(
        _ directory: LogDirectory, format: FormatFile, scan: LogScan, mark: CommitMark?,
        snapshotSequence: UInt64? = nil, rejectedSnapshots: [RejectedSnapshot] = []
    ) {
        self.snapshotSequence = snapshotSequence
        self.rejectedSnapshots = rejectedSnapshots
        self.directory = directory
        self.format = format
        self.scan = scan
        self.mark = mark
        position = scan.position
        index = scan.index
        position.epoch = max(position.epoch, mark?.epoch ?? 0)
    }

    var report: RecoveryReport {
        RecoveryReport(
            lastSequence: position.sequence, epoch: position.epoch,
            frameCount: scan.frameCount, segmentCount: index.segmentStarts.count,
            leaderTimeMilliseconds: position.sequence == 0
                ? nil : position.leaderTimeMilliseconds,
            tornTail: tornTail, acceptedLoss: acceptedLoss, snapshotSequence: snapshotSequence,
            rejectedSnapshots: rejectedSnapshots)
    }

    /// Leaves the directory ready for the next frame and returns the newest mark.
    ///
    /// - Throws: `corrupt`, having changed nothing, unless `acceptedLoss` names exactly the last
    ///   trusted record.
    mutating func finish(acceptDataLossAfter accepted: UInt64?) throws(StoreError) -> CommitMark {
        switch scan.tail {
        case .clean:
            return try currentMark()
        case .torn:
            let (copy, length) = try cut()
            tornTail = RecoveryReport.TornTail(
                file: directory.segment(position.segment), offset: UInt64(position.offset),
                bytes: UInt64(length), copy: copy ?? "")
            return try currentMark()
        case .corrupt(let corruption):
            // An archived segment is never written to: repairing a copy is the way then.
            guard accepted == corruption.lastTrustedSequence, !scan.endsInArchive else {
                throw .corrupt(corruption)
            }
            return try giveUp(corruption)
        }
    }

    private func currentMark() throws(StoreError) -> CommitMark {
        guard let mark else { throw .notFounded(directory: directory.path) }
        return mark
    }

    /// Copies what stands behind the trusted part of its segment to a file beside it, then makes
    /// it zeros again. Returns the copy, nil when there were only zeros, and its length in bytes.
    private func cut() throws(StoreError) -> (copy: String?, length: Int) {
        let path = directory.segment(position.segment)
        let file = try directory.open(path, .update)
        defer { directory.files.close(file) }
        let buffer = AlignedBuffer(byteCount: Recovery.chunkBytes)
        let end = try writtenEnd(of: file, buffer)
        var copy: String?
        if end > position.offset {
            let name = try freeName("\(path).torn-\(position.offset)")
            try copyTail(of: file, upTo: end, to: name, buffer)
            copy = name
        }
        let bytes = format.segmentBytes
        try directory.io { files throws(IOFailure) in try files.resize(file, bytes: bytes) }
        buffer.bytes.initializeMemory(as: UInt8.self, repeating: 0)
        var offset = position.offset
        while offset < bytes, !isPlanted(.tornTailNotCleared) {
            let count = min(buffer.bytes.count, bytes - offset)
            try directory.write(
                file, UnsafeRawBufferPointer(rebasing: buffer.bytes[..<count]), at: offset)
            offset += count
        }
        try directory.synchronize(file)
        return (copy, end - position.offset)
    }

    /// Offset one past the last byte of the file, from `position` on, that is not zero.
    private func writtenEnd(of file: OpenFile, _ buffer: AlignedBuffer) throws(StoreError) -> Int {
        var end = position.offset
        var offset = end
        while true {
            let count = try directory.read(file, into: buffer.bytes, at: offset)
            guard count > 0 else { return end }
            let part = UnsafeRawBufferPointer(rebasing: buffer.bytes[..<count]).lastNonzeroEnd
            if part > 0 { end = offset + part }
            offset += count
        }
    }

    private func copyTail(
        of file: OpenFile, upTo end: Int, to name: String, _ buffer: AlignedBuffer
    ) throws(StoreError) {
        let copy = try directory.open(name, .create)
        defer { directory.files.close(copy) }
        var offset = position.offset
        while offset < end {
            let wanted = UnsafeMutableRawBufferPointer(
                rebasing: buffer.bytes[..<min(buffer.bytes.count, end - offset)])
            let count = try directory.read(file, into: wanted, at: offset)
            guard count > 0 else { break }
            try directory.write(
                copy, UnsafeRawBufferPointer(rebasing: wanted[..<count]),
                at: offset - position.offset)
            offset += count
        }
        try directory.synchronize(copy)
        try directory.synchronizeNames()
    }

    /// A name not taken: an earlier recovery may have been interrupted after its copy.
    private func freeName(_ wanted: String) throws(StoreError) -> String {
        let taken = Set(try directory.names().map { directory.path + "/" + $0 })
        var name = wanted
        var number = 1
        while taken.contains(name) {
            number += 1
            name = "\(wanted).\(number)"
        }
        return name
    }

    /// Sets aside everything behind the trusted part and begins a new epoch. The marks come last:
    /// until they are written the damage is still refused, so a crash here loses nothing more.
    private mutating func giveUp(_ corruption: Corruption) throws(StoreError) -> CommitMark {
        position.epoch += isPlanted(.epochNotRaised) ? 0 : 1
        var kept: [String] = []
        for segment in scan.segments where segment > position.segment {
            let path = directory.segment(segment)
            let aside = try freeName("\(path).lost-\(position.epoch)")
            try directory.rename(path, to: aside)
            kept.append(aside)
        }
        // A snapshot of what is given up must not come back as a part of another history.
        for snapshot in directory.snapshots(among: try directory.names())
        where snapshot > position.sequence {
            let path = directory.snapshot(snapshot)
            let aside = try freeName("\(path).lost-\(position.epoch)")
            try directory.rename(path, to: aside)
            kept.append(aside)
        }
        try directory.synchronizeNames()
        index.dropSegments(after: position.segment)
        if scan.segments.contains(position.segment) {
            if let copy = try cut().copy { kept.append(copy) }
        } else {
            var spare = SpareSegment(directory: directory, segmentBytes: format.segmentBytes)
            try spare.adopt(among: try directory.names())
            directory.files.close(try spare.take(as: position.segment))
            index.beginSegment(position.segment)
        }
        acceptedLoss = RecoveryReport.AcceptedLoss(corruption: corruption, kept: kept)
        return try MarkWriter.found(
            directory, cluster: format.clusterID, at: position, epoch: position.epoch,
            generation: mark?.generation ?? 0)
    }
}
