/// A snapshot that could not be used.
public struct RejectedSnapshot: Sendable, Equatable, CustomStringConvertible {
    public let path: String
    public let reason: String

    public var description: String { "\(path): \(reason)" }
}

/// The state of a log: the newest snapshot that can be used, then the records behind it (W-6).
///
/// What a snapshot says is only believed as far as the log goes along with it: the log must go on
/// where the snapshot says, and reach at least as far.
struct Restoration {
    private let directory: LogDirectory
    private let format: FormatFile
    private let mark: CommitMark?
    private let restore: ((SnapshotReader?) throws -> Void)?
    private let horizon: LogPosition
    private var candidates: [UInt64]
    private(set) var rejected: [RejectedSnapshot] = []
    /// What the snapshots include that could be used: the log reached that far once, or none of them
    /// would have got its name.
    private var proven: UInt64 = 0
    /// The last record that came from a snapshot.
    private(set) var sequence: UInt64?

    init(
        _ directory: LogDirectory, _ format: FormatFile, _ mark: CommitMark?,
        _ restore: ((SnapshotReader?) throws -> Void)?
    ) throws(StoreError) {
        self.directory = directory
        self.format = format
        self.mark = mark
        self.restore = restore
        horizon = try Horizon.read(directory, format.clusterID)
        candidates = restore == nil ? [] : directory.snapshots(among: try directory.names())
    }

    /// Makes the state and returns the scan that led there.
    mutating func run(
        _ replay: (UInt64, Int64, UnsafeRawBufferPointer) throws -> Void
    ) throws(StoreError) -> LogScan {
        while true {
            let snapshot = try nextRestored()
            sequence = snapshot?.header.sequence
            proven = max(proven, sequence ?? 0)
            var scan = try LogScan(
                directory, format: format, mark: mark,
                from: snapshot?.header.start, atLeast: proven)
            let included = sequence ?? 0
            try scan.run { scanned throws(StoreError) in
                try Self.replay(scanned, after: included, replay)
            }
            guard let snapshot, scan.position.sequence < included,
                !isPlanted(.snapshotAheadBelieved)
            else { return scan }
            reject(
                snapshot.path, "the log is trusted up to record \(scan.position.sequence) only")
        }
    }

    /// The next older snapshot that the state could be made from; nil when it begins empty.
    private mutating func nextRestored() throws(StoreError) -> SnapshotReader? {
        while let candidate = candidates.popLast() {
            let path = directory.snapshot(candidate)
            do {
                let reader = try SnapshotStore(directory).open(candidate)
                try check(reader.header)
                try restore?(reader)
                return reader
            } catch {
                reject(path, "\(error)")
            }
        }
        guard restore == nil || horizon.sequence == 0 else {
            throw .corrupt(
                Corruption(
                    file: directory.snapshot(horizon.sequence), offset: 0, length: 0,
                    reason: "the history up to record \(horizon.sequence) was dropped, and of the"
                        + " snapshots none can be used: "
                        + rejected.map(\.description).joined(separator: "; "),
                    lastTrustedSequence: horizon.sequence))
        }
        do {
            try restore?(nil)
        } catch {
            throw .recordRefused(
                file: directory.path, offset: 0, sequence: 0, reason: "\(error)")
        }
        return nil
    }

    private func check(_ header: SnapshotHeader) throws {
        guard header.clusterID == format.clusterID else {
            throw SnapshotDefect.foreignCluster(header.clusterID)
        }
        let segment = header.start.segment
        guard header.start.offset <= format.segmentBytes,
            try directory.segments(among: directory.names()).contains(segment)
                || directory.archivedSegments().contains(segment)
        else { throw SnapshotDefect.strange("the log has no segment to read on from") }
        if let mark, mark.sequence == header.start.sequence, mark.digest != header.start.digest {
            throw SnapshotDefect.strange("the log took another way to that record")
        }
    }

    private mutating func reject(_ path: String, _ reason: String) {
        rejected.append(RejectedSnapshot(path: path, reason: reason))
    }

    private static func replay(
        _ scanned: ScannedFrame, after included: UInt64,
        _ replay: (UInt64, Int64, UnsafeRawBufferPointer) throws -> Void
    ) throws(StoreError) {
        let header = scanned.frame.header
        var sequence = header.firstSequence
        for body in FrameRecords(scanned.frame.payload) {
            if sequence > included || (isPlanted(.snapshotRecordTwice) && sequence == included) {
                do {
                    try replay(sequence, header.leaderTimeMilliseconds, body)
                } catch {
                    throw .recordRefused(
                        file: scanned.file, offset: UInt64(scanned.offset), sequence: sequence,
                        reason: "\(error)")
                }
            }
            sequence += 1
        }
    }
}
