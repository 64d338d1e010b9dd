/// Why bytes are not the frame that should stand there.
public enum FrameDefect: Error, Sendable, Equatable, CustomStringConvertible {
    case cutShort
    case noFrame
    case headerChecksum
    case payloadChecksum
    case newerVersion(Int)
    case impossibleHeader
    case recordLengths
    case foreignCluster(ClusterID)
    case sequence(found: UInt64, expected: UInt64)
    case brokenChain
    case epochWentBack
    case timeWentBack
    case contradictsMark

    /// A frame whose write was interrupted shows one of these; anything else was written whole and
    /// is wrong, which no power cut explains.
    var mayBeTorn: Bool {
        switch self {
        case .noFrame, .headerChecksum, .payloadChecksum: true
        case .cutShort, .newerVersion, .impossibleHeader, .recordLengths, .foreignCluster,
            .sequence,
            .brokenChain, .epochWentBack, .timeWentBack, .contradictsMark:
            false
        }
    }

    public var description: String {
        switch self {
        case .cutShort: "the frame reaches beyond the end of its segment"
        case .noFrame: "no frame begins here"
        case .headerChecksum: "the header's checksum does not match"
        case .payloadChecksum: "the payload's checksum does not match"
        case .newerVersion(let version): "the frame has format \(version)"
        case .impossibleHeader: "the header holds values that are never written"
        case .recordLengths: "the records do not fill the payload"
        case .foreignCluster(let other): "the frame belongs to cluster \(other)"
        case .sequence(let found, let expected):
            "the frame begins with record \(found) instead of \(expected)"
        case .brokenChain: "the frame is not chained to the one before"
        case .epochWentBack: "the epoch is lower than in the frame before"
        case .timeWentBack: "the leader's time is earlier than in the frame before"
        case .contradictsMark: "the frame is not the one that the commit mark acknowledges"
        }
    }
}

/// A point between two frames: all that is needed to verify, or to write, the next one.
public struct LogPosition: Sendable, Equatable {
    /// Last record before this point; 0 at the beginning.
    public internal(set) var sequence: UInt64
    /// First sequence of the segment that this point lies in.
    var segment: UInt64
    /// Bytes from the segment's beginning.
    var offset: Int
    /// SHA-256 of the frame before.
    public internal(set) var digest: Digest
    var epoch: UInt64
    var leaderTimeMilliseconds: Int64

    /// Where the segment of this point begins, as far as its name alone tells: what the frame before it
    /// was is not known, unless this is that beginning itself.
    var beginningOfSegment: LogPosition {
        guard offset > 0 else { return self }
        return LogPosition(
            sequence: segment - 1, segment: segment, offset: 0, digest: .zero, epoch: 1,
            leaderTimeMilliseconds: .min)
    }

    /// Whether this point is the one behind the same frame; its epoch may have been raised since.
    func follows(_ other: LogPosition) -> Bool {
        sequence == other.sequence && segment == other.segment && offset == other.offset
            && digest == other.digest
    }

    static let beginning = LogPosition(
        sequence: 0, segment: 1, offset: 0, digest: .zero, epoch: 1,
        leaderTimeMilliseconds: .min)
}

/// A frame that stands verified in memory.
struct Frame {
    let header: FrameHeader
    let payload: UnsafeRawBufferPointer
    /// SHA-256 of header and payload: what the next frame is chained to.
    let digest: Digest

    /// Verifies the frame that begins `bytes` against the point before it.
    init(
        verifying bytes: UnsafeRawBufferPointer, after position: LogPosition, of cluster: ClusterID
    ) throws(FrameDefect) {
        let (header, payload) = try Frame.checked(bytes)
        guard header.clusterID == cluster else { throw .foreignCluster(header.clusterID) }
        let expected = position.sequence + 1
        guard header.firstSequence == expected, header.previousDurable == position.sequence else {
            throw .sequence(found: header.firstSequence, expected: expected)
        }
        guard header.chain == position.digest || isPlanted(.chainNotChecked) else {
            throw .brokenChain
        }
        guard header.epoch >= position.epoch else { throw .epochWentBack }
        guard header.leaderTimeMilliseconds >= position.leaderTimeMilliseconds else {
            throw .timeWentBack
        }
        self.header = header
        self.payload = payload
        digest = Digest(of: UnsafeRawBufferPointer(rebasing: bytes[..<header.contentBytes]))
    }

    /// Header and payload of the frame that begins `bytes`, as far as the frame alone can prove
    /// them: both checksums and the lengths of the records.
    static func checked(
        _ bytes: UnsafeRawBufferPointer, isPacked: Bool = false
    ) throws(FrameDefect) -> (header: FrameHeader, payload: UnsafeRawBufferPointer) {
        let header = try FrameHeader(decoding: bytes)
        guard (isPacked ? header.contentBytes : header.frameBytes) <= bytes.count else {
            throw .cutShort
        }
        let payload = UnsafeRawBufferPointer(
            rebasing: bytes[FrameHeader.byteCount..<header.contentBytes])
        guard CRC32C.checksum(payload) == header.payloadChecksum || isPlanted(.payloadNotChecked)
        else { throw .payloadChecksum }
        var records = FrameRecords(payload)
        var count = 0
        while records.next() != nil { count += 1 }
        guard records.isAtEnd, count == header.recordCount else { throw .recordLengths }
        return (header, payload)
    }

    func position(after position: LogPosition) -> LogPosition {
        LogPosition(
            sequence: header.lastSequence, segment: position.segment,
            offset: position.offset + header.frameBytes, digest: digest, epoch: header.epoch,
            leaderTimeMilliseconds: header.leaderTimeMilliseconds)
    }
}

/// Walks the record bodies of a payload.
public struct FrameRecords: Sequence, IteratorProtocol {
    private let payload: UnsafeRawBufferPointer
    private var offset = 0

    init(_ payload: UnsafeRawBufferPointer) {
        self.payload = payload
    }

    /// True when everything was consumed; false after `next` met a length that does not fit.
    var isAtEnd: Bool { offset == payload.count }

    public mutating func next() -> UnsafeRawBufferPointer? {
        let start = offset + FrameHeader.recordPrefixBytes
        guard start <= payload.count else { return nil }
        let length = Int(payload.littleEndian(at: offset, as: UInt32.self))
        guard length <= payload.count - start else { return nil }
        offset = start + length
        return UnsafeRawBufferPointer(rebasing: payload[start..<offset])
    }
}
