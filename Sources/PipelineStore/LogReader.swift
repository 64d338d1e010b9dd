/// One frame of a log under inspection, valid during the call it is passed to.
public struct InspectedFrame {
    /// Path of the segment.
    public let file: String
    /// Bytes from the segment's beginning.
    public let offset: UInt64
    public let header: FrameHeader
    /// SHA-256 of header and payload, to which the next frame is chained.
    public let digest: Digest
    /// The point behind the frame.
    public let end: LogPosition
    /// The bodies, in the order of their sequences from `header.firstSequence` on.
    public let records: FrameRecords
}

/// What an inspection of a whole log found.
public struct LogInspection: Sendable, Equatable {
    /// What follows the last verified frame (W-6).
    public enum Tail: Sendable, Equatable {
        case clean
        /// An interrupted write that the next start will cut.
        case torn(file: String, offset: UInt64, bytes: UInt64)
        case corrupt(Corruption)
    }

    public let clusterID: ClusterID
    public let epoch: UInt64
    public let segmentBytes: Int
    public let segmentCount: Int
    public let frameCount: Int
    /// The first record: 1, unless older ones were dropped (W-9).
    public let firstSequence: UInt64
    public let lastSequence: UInt64
    /// Where the verified part ends.
    public let end: LogPosition
    /// SHA-256 of the last frame: one value that stands for the whole log.
    public let digest: Digest
    /// The newest valid commit mark; nil when there is none.
    public let mark: CommitMark?
    public let tail: Tail
}

/// Reads logs without changing them: for `check`, `dump` and `verify` (W-11).
///
/// Takes no lock. On the log of a running daemon the last frame may appear torn.
public enum LogReader {
    /// The first record of the log: 1, unless older ones were dropped (W-9).
    public static func firstSequence(
        directory path: String, fileSystem: any FileSystem = PosixFileSystem()
    ) throws(StoreError) -> UInt64 {
        let directory = LogDirectory(path: path, files: fileSystem)
        guard try directory.exists() else { throw .notFounded(directory: path) }
        try directory.requireFormat()
        let format = try FormatFile.read(directory)
        return try Horizon.read(directory, format.clusterID).sequence + 1
    }

    /// Verifies the log from its beginning and calls `visit` for every frame; what `visit` throws
    /// ends it as `recordRefused`. Damage is not thrown but returned, as `tail`.
    public static func frames(
        directory path: String, fileSystem: any FileSystem = PosixFileSystem(),
        visit: (InspectedFrame) throws -> Void = { _ in }
    ) throws(StoreError) -> LogInspection {
        let directory = LogDirectory(path: path, files: fileSystem)
        guard try directory.exists() else { throw .notFounded(directory: path) }
        try directory.requireFormat()
        let format = try FormatFile.read(directory)
        let mark = try CommitMark.newest(directory, cluster: format.clusterID)
        var scan = try LogScan(directory, format: format, mark: mark)
        let first = scan.position.sequence + 1
        try scan.run { scanned throws(StoreError) in
            do {
                try visit(InspectedFrame(scanned))
            } catch {
                throw .recordRefused(
                    file: scanned.file, offset: UInt64(scanned.offset),
                    sequence: scanned.frame.header.firstSequence, reason: "\(error)")
            }
        }
        let position = scan.position
        let tail: LogInspection.Tail =
            switch scan.tail {
            case .clean: .clean
            case .torn(let length):
                .torn(
                    file: directory.segment(position.segment), offset: UInt64(position.offset),
                    bytes: UInt64(length))
            case .corrupt(let corruption): .corrupt(corruption)
            }
        return LogInspection(
            clusterID: format.clusterID, epoch: max(position.epoch, mark?.epoch ?? 0),
            segmentBytes: format.segmentBytes, segmentCount: scan.segments.count,
            frameCount: scan.frameCount, firstSequence: first, lastSequence: position.sequence,
            end: position,
            digest: position.digest, mark: mark, tail: tail)
    }
}

extension InspectedFrame {
    fileprivate init(_ scanned: ScannedFrame) {
        file = scanned.file
        offset = UInt64(scanned.offset)
        header = scanned.frame.header
        digest = scanned.frame.digest
        end = scanned.end
        records = FrameRecords(scanned.frame.payload)
    }
}
