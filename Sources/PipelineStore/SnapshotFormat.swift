/// What a snapshot says of itself in its first block (W-9; docs/FORMAT.md).
public struct SnapshotHeader: Sendable, Equatable {
    /// The last record that the state includes.
    public let sequence: UInt64
    /// Where to read the log on from: at the end of a frame, at or before `sequence`.
    public let start: LogPosition
    public let clusterID: ClusterID
    /// Wall clock, milliseconds since 1970.
    public let writtenAtMilliseconds: Int64
    /// The latest instant of the records that the state includes, milliseconds since 1970.
    public let latestInstantMilliseconds: Int64

    static let byteCount = StoreBounds.blockBytes
    private static let magic: UInt64 = 0x3150_414E_5345_5050  // "PPESNAP1"
    private static let checksumOffset = byteCount - 4

    init(
        sequence: UInt64, start: LogPosition, clusterID: ClusterID, writtenAtMilliseconds: Int64,
        latestInstantMilliseconds: Int64
    ) {
        self.latestInstantMilliseconds = latestInstantMilliseconds
        self.sequence = sequence
        self.start = start
        self.clusterID = clusterID
        self.writtenAtMilliseconds = writtenAtMilliseconds
    }

    func encoded() -> AlignedBuffer {
        let block = AlignedBuffer.zeroed(byteCount: Self.byteCount)
        let bytes = block.bytes
        bytes.storeLittleEndian(Self.magic, at: 0)
        bytes.storeLittleEndian(UInt16(StoreBounds.snapshotVersion), at: 8)
        bytes.storeLittleEndian(sequence, at: 16)
        bytes.storeLittleEndian(start.sequence, at: 24)
        bytes.storeLittleEndian(start.segment, at: 32)
        bytes.storeLittleEndian(UInt64(start.offset), at: 40)
        bytes.storeLittleEndian(start.epoch, at: 48)
        bytes.storeLittleEndian(start.leaderTimeMilliseconds, at: 56)
        bytes.storeBytes(of: clusterID.bytes, toByteOffset: 64, as: SIMD16<UInt8>.self)
        bytes.storeBytes(of: start.digest.bytes, toByteOffset: 80, as: SIMD32<UInt8>.self)
        bytes.storeLittleEndian(writtenAtMilliseconds, at: 112)
        bytes.storeLittleEndian(latestInstantMilliseconds, at: 120)
        bytes.storeLittleEndian(
            CRC32C.checksum(UnsafeRawBufferPointer(rebasing: bytes[..<Self.checksumOffset])),
            at: Self.checksumOffset)
        return block
    }

    init(decoding bytes: UnsafeRawBufferPointer) throws(SnapshotDefect) {
        guard bytes.count == Self.byteCount else { throw .cutShort }
        guard bytes.littleEndian(at: 0, as: UInt64.self) == Self.magic else { throw .noSnapshot }
        let checked = UnsafeRawBufferPointer(rebasing: bytes[..<Self.checksumOffset])
        guard
            bytes.littleEndian(at: Self.checksumOffset, as: UInt32.self)
                == CRC32C.checksum(checked)
        else { throw .checksum("header") }
        let version = Int(bytes.littleEndian(at: 8, as: UInt16.self))
        guard version <= StoreBounds.snapshotVersion else { throw .newerVersion(version) }
        sequence = bytes.littleEndian(at: 16, as: UInt64.self)
        let offset = bytes.littleEndian(at: 40, as: UInt64.self)
        guard version == StoreBounds.snapshotVersion, offset <= 1 << 30 else {
            throw .impossible("header")
        }
        start = LogPosition(
            sequence: bytes.littleEndian(at: 24, as: UInt64.self),
            segment: bytes.littleEndian(at: 32, as: UInt64.self), offset: Int(offset),
            digest: Digest(bytes: bytes.loadUnaligned(fromByteOffset: 80, as: SIMD32.self)),
            epoch: bytes.littleEndian(at: 48, as: UInt64.self),
            leaderTimeMilliseconds: bytes.littleEndian(at: 56, as: Int64.self))
        clusterID = ClusterID(bytes: bytes.loadUnaligned(fromByteOffset: 64, as: SIMD16.self))
        writtenAtMilliseconds = bytes.littleEndian(at: 112, as: Int64.self)
        latestInstantMilliseconds = bytes.littleEndian(at: 120, as: Int64.self)
        guard sequence >= start.sequence, sequence < UInt64(Int64.max), start.segment >= 1,
            start.segment <= start.sequence + 1, start.offset % StoreBounds.blockBytes == 0
        else { throw .impossible("header") }
    }
}

/// A run of rows of one table, as the store sees it: bytes under a number.
public struct SnapshotSection: Sendable, Equatable {
    public let kind: UInt16
    public let version: UInt16
    public let rowCount: UInt32
    public let firstRow: UInt64

    public init(kind: UInt16, version: UInt16, firstRow: UInt64, rowCount: UInt32) {
        self.kind = kind
        self.version = version
        self.firstRow = firstRow
        self.rowCount = rowCount
    }
}

/// Where a section lies in its file, and what it must sum up to.
struct SnapshotEntry: Sendable, Equatable {
    let section: SnapshotSection
    let offset: UInt64
    let byteCount: UInt64
    let checksum: UInt32

    static let byteCount = 40

    func encode(into bytes: UnsafeMutableRawBufferPointer) {
        bytes.storeLittleEndian(section.kind, at: 0)
        bytes.storeLittleEndian(section.version, at: 2)
        bytes.storeLittleEndian(section.rowCount, at: 4)
        bytes.storeLittleEndian(section.firstRow, at: 8)
        bytes.storeLittleEndian(offset, at: 16)
        bytes.storeLittleEndian(byteCount, at: 24)
        bytes.storeLittleEndian(checksum, at: 32)
        bytes.storeLittleEndian(UInt32(0), at: 36)
    }

    init(decoding bytes: UnsafeRawBufferPointer) {
        section = SnapshotSection(
            kind: bytes.littleEndian(at: 0, as: UInt16.self),
            version: bytes.littleEndian(at: 2, as: UInt16.self),
            firstRow: bytes.littleEndian(at: 8, as: UInt64.self),
            rowCount: bytes.littleEndian(at: 4, as: UInt32.self))
        offset = bytes.littleEndian(at: 16, as: UInt64.self)
        byteCount = bytes.littleEndian(at: 24, as: UInt64.self)
        checksum = bytes.littleEndian(at: 32, as: UInt32.self)
    }

    init(section: SnapshotSection, offset: UInt64, byteCount: UInt64, checksum: UInt32) {
        self.section = section
        self.offset = offset
        self.byteCount = byteCount
        self.checksum = checksum
    }
}

/// The last bytes of a snapshot: counts, the state's hash and the file's.
struct SnapshotTrailer: Sendable, Equatable {
    let sectionCount: Int
    /// Where the table of sections begins.
    let tableOffset: UInt64
    let rowCount: UInt64
    let stateHash: Digest
    /// SHA-256 of all bytes of the file before this sum.
    var fileHash = Digest.zero

    static let byteCount = 128
    static let hashedBytes = 64
    private static let magic: UInt64 = 0x544F_4F46_5345_5050  // "PPESFOOT"
    private static let checksumOffset = byteCount - 4

    /// `bytes`: the table of sections and the trailer's own place behind it.
    func encode(into bytes: UnsafeMutableRawBufferPointer) {
        let start = bytes.count - Self.byteCount
        bytes.storeLittleEndian(Self.magic, at: start)
        bytes.storeLittleEndian(UInt32(StoreBounds.snapshotVersion), at: start + 8)
        bytes.storeLittleEndian(UInt32(sectionCount), at: start + 12)
        bytes.storeLittleEndian(tableOffset, at: start + 16)
        bytes.storeLittleEndian(rowCount, at: start + 24)
        bytes.storeBytes(of: stateHash.bytes, toByteOffset: start + 32, as: SIMD32<UInt8>.self)
        bytes.storeBytes(of: fileHash.bytes, toByteOffset: start + 64, as: SIMD32<UInt8>.self)
        let end = start + Self.checksumOffset
        bytes.storeLittleEndian(
            CRC32C.checksum(UnsafeRawBufferPointer(rebasing: bytes[..<end])), at: end)
    }

    /// Reads the last bytes of a file of `size` bytes.
    init(decoding bytes: UnsafeRawBufferPointer, size: Int) throws(SnapshotDefect) {
        guard bytes.count == Self.byteCount else { throw .cutShort }
        guard bytes.littleEndian(at: 0, as: UInt64.self) == Self.magic else { throw .cutShort }
        sectionCount = Int(bytes.littleEndian(at: 12, as: UInt32.self))
        tableOffset = bytes.littleEndian(at: 16, as: UInt64.self)
        rowCount = bytes.littleEndian(at: 24, as: UInt64.self)
        stateHash = Digest(bytes: bytes.loadUnaligned(fromByteOffset: 32, as: SIMD32.self))
        fileHash = Digest(bytes: bytes.loadUnaligned(fromByteOffset: 64, as: SIMD32.self))
        let tableBytes = UInt64(sectionCount) * UInt64(SnapshotEntry.byteCount)
        guard tableOffset >= UInt64(SnapshotHeader.byteCount), tableOffset <= UInt64(size),
            tableOffset + tableBytes + UInt64(Self.byteCount) == UInt64(size)
        else { throw .impossible("footer") }
    }

    /// Whether the table of sections and the trailer behind it are what was written.
    static func isIntact(_ footer: UnsafeRawBufferPointer) -> Bool {
        let end = footer.count - byteCount + checksumOffset
        return footer.littleEndian(at: end, as: UInt32.self)
            == CRC32C.checksum(UnsafeRawBufferPointer(rebasing: footer[..<end]))
    }

    init(sectionCount: Int, tableOffset: UInt64, rowCount: UInt64, stateHash: Digest) {
        self.sectionCount = sectionCount
        self.tableOffset = tableOffset
        self.rowCount = rowCount
        self.stateHash = stateHash
    }
}

/// Why a file is not the snapshot that it should be.
public enum SnapshotDefect: Error, Sendable, Equatable, CustomStringConvertible {
    case cutShort
    case noSnapshot
    case newerVersion(Int)
    case checksum(String)
    case hash
    case impossible(String)
    case foreignCluster(ClusterID)
    /// The name says another position than the file.
    case misnamed(UInt64)
    /// It does not belong to the log beside it.
    case strange(String)
    /// The rows could not be read.
    case rows(String)
    case io(String)

    public var description: String {
        switch self {
        case .cutShort: "the file ends too early"
        case .noSnapshot: "this is no snapshot"
        case .newerVersion(let version):
            "it has format \(version), written by a later release; this one reads up to"
                + " \(StoreBounds.snapshotVersion)"
        case .checksum(let part): "the checksum of the \(part) does not match"
        case .hash: "the SHA-256 of the file does not match"
        case .impossible(let part): "the \(part) holds values that are never written"
        case .foreignCluster(let other): "it belongs to cluster \(other)"
        case .misnamed(let sequence): "it says that it ends with record \(sequence)"
        case .strange(let why): why
        case .rows(let why): "its rows cannot be read: \(why)"
        case .io(let why): why
        }
    }
}

/// The hash of a state: SHA-256 over its sections in order, whatever file they are in.
public struct StateHash: ~Copyable {
    private var running = RunningDigest()

    public init() {}

    public mutating func add(_ section: SnapshotSection, _ bytes: UnsafeRawBufferPointer) {
        let entry = SnapshotEntry(
            section: section, offset: 0, byteCount: UInt64(bytes.count), checksum: 0)
        withUnsafeTemporaryAllocation(byteCount: SnapshotEntry.byteCount, alignment: 8) { head in
            entry.encode(into: head)
            running.add(UnsafeRawBufferPointer(head))
        }
        running.add(bytes)
    }

    public func sum() -> Digest { running.sum() }
}
