/// The last acknowledged position, as the file `marks` remembers it (W-5).
///
/// Two blocks of 4 KiB take turns by generation, so that a torn write of one leaves the other.
public struct CommitMark: Sendable, Equatable {
    /// Counts the marks written; the higher of two valid ones counts.
    public var generation: UInt64
    public var sequence: UInt64
    public var epoch: UInt64
    /// First sequence of the segment in which the log ended. For people: a frame that fills its
    /// segment ends there or, seen later, at the beginning of the next one.
    public var segment: UInt64
    /// Bytes from the segment's beginning to where the log ended.
    public var offset: Int
    /// SHA-256 of the frame that ends with that record: a log rewritten behind the mark does not pass for this one.
    public var digest: Digest

    static let byteCount = StoreBounds.blockBytes
    static let fileBytes = 2 * byteCount
    private static let magic: UInt64 = 0x314B_5241_4D45_5050  // "PPEMARK1"
    private static let checksumOffset = byteCount - 4

    init(generation: UInt64, at position: LogPosition, epoch: UInt64) {
        self.generation = generation
        sequence = position.sequence
        self.epoch = epoch
        segment = position.segment
        offset = position.offset
        digest = position.digest
    }

    /// Where in the file the mark of a generation stands.
    static func slotOffset(_ generation: UInt64) -> Int {
        isPlanted(.marksInOneSlot) ? 0 : Int(generation % 2) * byteCount
    }

    func encode(for cluster: ClusterID, into bytes: UnsafeMutableRawBufferPointer) {
        bytes.initializeMemory(as: UInt8.self, repeating: 0)
        bytes.storeLittleEndian(CommitMark.magic, at: 0)
        bytes.storeLittleEndian(UInt16(StoreBounds.formatVersion), at: 8)
        bytes.storeLittleEndian(generation, at: 16)
        bytes.storeLittleEndian(sequence, at: 24)
        bytes.storeLittleEndian(epoch, at: 32)
        bytes.storeLittleEndian(segment, at: 40)
        bytes.storeLittleEndian(UInt64(offset), at: 48)
        bytes.storeBytes(of: cluster.bytes, toByteOffset: 56, as: SIMD16<UInt8>.self)
        bytes.storeBytes(of: digest.bytes, toByteOffset: 72, as: SIMD32<UInt8>.self)
        bytes.storeLittleEndian(
            CRC32C.checksum(UnsafeRawBufferPointer(rebasing: bytes[..<Self.checksumOffset])),
            at: Self.checksumOffset)
    }

    /// The mark in a slot; nil when what stands there is no valid mark of this slot and cluster.
    private init?(
        decoding bytes: UnsafeRawBufferPointer, slot: UInt64, cluster: ClusterID, path: String
    ) throws(StoreError) {
        let checked = UnsafeRawBufferPointer(rebasing: bytes[..<Self.checksumOffset])
        guard bytes.littleEndian(at: 0, as: UInt64.self) == Self.magic,
            bytes.littleEndian(at: Self.checksumOffset, as: UInt32.self)
                == CRC32C.checksum(checked)
        else { return nil }
        let version = Int(bytes.littleEndian(at: 8, as: UInt16.self))
        guard version <= StoreBounds.formatVersion else {
            throw .newerFormat(file: path, found: version, supported: StoreBounds.formatVersion)
        }
        generation = bytes.littleEndian(at: 16, as: UInt64.self)
        sequence = bytes.littleEndian(at: 24, as: UInt64.self)
        epoch = bytes.littleEndian(at: 32, as: UInt64.self)
        segment = bytes.littleEndian(at: 40, as: UInt64.self)
        let end = bytes.littleEndian(at: 48, as: UInt64.self)
        digest = Digest(bytes: bytes.loadUnaligned(fromByteOffset: 72, as: SIMD32.self))
        guard end <= 1 << 30, generation < .max, generation % 2 == slot,
            bytes.loadUnaligned(fromByteOffset: 56, as: SIMD16<UInt8>.self) == cluster.bytes
        else { return nil }
        offset = Int(end)
    }

    /// The newest valid mark; nil when there is none, which no crash brings about.
    static func newest(
        _ directory: LogDirectory, cluster: ClusterID
    ) throws(StoreError) -> CommitMark? {
        let file = try directory.contents(of: directory.marks, limit: fileBytes)
        guard let file, file.count == fileBytes else { return nil }
        var newest: CommitMark?
        for slot in 0..<UInt64(2) {
            let offset = slotOffset(slot)
            let block = UnsafeRawBufferPointer(
                rebasing: file.buffer.bytes[offset..<(offset + byteCount)])
            let mark = try CommitMark(
                decoding: block, slot: slot, cluster: cluster, path: directory.marks)
            if let mark, mark.generation >= newest?.generation ?? 0 { newest = mark }
        }
        return newest
    }
}

/// Writes marks into the two slots in turn. Its calls never hold up a commit.
struct MarkWriter {
    private let directory: LogDirectory
    private let cluster: ClusterID
    private let file: OpenFile
    private let buffer = AlignedBuffer(byteCount: CommitMark.byteCount)
    private(set) var mark: CommitMark
    /// When `mark` was written, on the caller's monotonic clock; nil before the first.
    private var writtenAt: UInt64?

    init(
        directory: LogDirectory, cluster: ClusterID, mark: CommitMark
    ) throws(StoreError) {
        self.directory = directory
        self.cluster = cluster
        self.mark = mark
        file = try directory.open(directory.marks, .update)
    }

    /// Makes the file anew with both slots holding `position`.
    static func found(
        _ directory: LogDirectory, cluster: ClusterID, at position: LogPosition, epoch: UInt64,
        generation: UInt64
    ) throws(StoreError) -> CommitMark {
        let file = AlignedBuffer.zeroed(byteCount: CommitMark.fileBytes)
        var mark = CommitMark(generation: generation, at: position, epoch: epoch)
        for _ in 0..<2 {
            mark.generation += 1
            let start = CommitMark.slotOffset(mark.generation)
            mark.encode(
                for: cluster,
                into: UnsafeMutableRawBufferPointer(
                    rebasing: file.bytes[start..<(start + CommitMark.byteCount)]))
        }
        try directory.replace(directory.marks, with: UnsafeRawBufferPointer(file.bytes))
        return mark
    }

    /// Writes a mark when the log is ahead of the last one and that one is old enough.
    mutating func write(_ position: LogPosition, now milliseconds: UInt64) throws(StoreError) {
        let next = writtenAt.map { $0 &+ StoreBounds.markIntervalMilliseconds }
        guard next.map({ milliseconds >= $0 }) ?? true else { return }
        guard try write(position) else { return }
        writtenAt = milliseconds
    }

    /// Writes a mark when the log is ahead of the last one; tells whether it was.
    @discardableResult
    mutating func write(_ position: LogPosition) throws(StoreError) -> Bool {
        guard position.sequence > mark.sequence else { return false }
        let next = CommitMark(
            generation: mark.generation + 1, at: position, epoch: position.epoch)
        next.encode(for: cluster, into: buffer.bytes)
        try directory.write(
            file, UnsafeRawBufferPointer(buffer.bytes),
            at: CommitMark.slotOffset(next.generation))
        try directory.synchronizeData(file)
        mark = next
        return true
    }

    func close() {
        directory.files.close(file)
    }
}
