/// The fixed part of a frame (W-3). All integers are little-endian; offsets are in docs/FORMAT.md.
///
/// Whatever later versions change, the magic, the version and the header's checksum stay where they
/// are, so that an older release can tell a newer frame from a damaged one (W-12).
public struct FrameHeader: Sendable, Equatable {
    public var payloadBytes: Int
    /// Records in the frame, at least 1.
    public var recordCount: Int
    public var firstSequence: UInt64
    public var epoch: UInt64
    /// Milliseconds since 1970; never less than in the frame before. It orders, and no more.
    public var leaderTimeMilliseconds: Int64
    public var clusterID: ClusterID
    /// Sequence that was durable when the frame was written.
    public var previousDurable: UInt64
    /// SHA-256 of the frame before: header and payload, without padding.
    public var chain: Digest
    public var payloadChecksum: UInt32

    public var lastSequence: UInt64 { firstSequence + UInt64(recordCount) - 1 }
    /// Bytes that are summed and chained: header and payload.
    public var contentBytes: Int { FrameHeader.byteCount + payloadBytes }
    /// Bytes on disk, padding included.
    public var frameBytes: Int { FrameHeader.frameBytes(payloadBytes: payloadBytes) }

    public static let byteCount = 112
    static let recordPrefixBytes = 4
    static let magic: UInt64 = 0x314D_4152_4645_5050  // "PPEFRAM1" as it stands on disk
    private static let checksumOffset = 108

    static func frameBytes(payloadBytes: Int) -> Int {
        roundedUpToBlock(byteCount + payloadBytes)
    }

    static func roundedUpToBlock(_ bytes: Int) -> Int {
        (bytes + StoreBounds.blockBytes - 1) & ~(StoreBounds.blockBytes - 1)
    }

    func encode(into bytes: UnsafeMutableRawBufferPointer) {
        bytes.storeLittleEndian(FrameHeader.magic, at: 0)
        bytes.storeLittleEndian(UInt16(StoreBounds.formatVersion), at: 8)
        bytes.storeLittleEndian(UInt16(FrameHeader.byteCount), at: 10)
        bytes.storeLittleEndian(UInt32(payloadBytes), at: 12)
        bytes.storeLittleEndian(UInt32(recordCount), at: 16)
        bytes.storeLittleEndian(UInt32(0), at: 20)
        bytes.storeLittleEndian(firstSequence, at: 24)
        bytes.storeLittleEndian(epoch, at: 32)
        bytes.storeLittleEndian(leaderTimeMilliseconds, at: 40)
        bytes.storeBytes(of: clusterID.bytes, toByteOffset: 48, as: SIMD16<UInt8>.self)
        bytes.storeLittleEndian(previousDurable, at: 64)
        bytes.storeBytes(of: chain.bytes, toByteOffset: 72, as: SIMD32<UInt8>.self)
        bytes.storeLittleEndian(payloadChecksum, at: 104)
        let checksum = CRC32C.checksum(
            UnsafeRawBufferPointer(rebasing: bytes[..<FrameHeader.checksumOffset]))
        bytes.storeLittleEndian(checksum, at: FrameHeader.checksumOffset)
    }

    /// Reads and checks a header by itself: nothing here depends on the frames around it.
    ///
    /// - Throws: `newerVersion` only when the checksum proves that the version is no accident.
    init(decoding bytes: UnsafeRawBufferPointer) throws(FrameDefect) {
        guard bytes.count >= FrameHeader.byteCount else { throw .cutShort }
        guard bytes.littleEndian(at: 0, as: UInt64.self) == FrameHeader.magic else {
            throw .noFrame
        }
        let checked = UnsafeRawBufferPointer(rebasing: bytes[..<FrameHeader.checksumOffset])
        guard
            bytes.littleEndian(at: FrameHeader.checksumOffset, as: UInt32.self)
                == CRC32C.checksum(checked) || isPlanted(.headerNotChecked)
        else { throw .headerChecksum }
        let version = Int(bytes.littleEndian(at: 8, as: UInt16.self))
        guard version <= StoreBounds.formatVersion else { throw .newerVersion(version) }
        payloadBytes = Int(bytes.littleEndian(at: 12, as: UInt32.self))
        recordCount = Int(bytes.littleEndian(at: 16, as: UInt32.self))
        firstSequence = bytes.littleEndian(at: 24, as: UInt64.self)
        epoch = bytes.littleEndian(at: 32, as: UInt64.self)
        leaderTimeMilliseconds = bytes.littleEndian(at: 40, as: Int64.self)
        clusterID = ClusterID(bytes: bytes.loadUnaligned(fromByteOffset: 48, as: SIMD16.self))
        previousDurable = bytes.littleEndian(at: 64, as: UInt64.self)
        chain = Digest(bytes: bytes.loadUnaligned(fromByteOffset: 72, as: SIMD32.self))
        payloadChecksum = bytes.littleEndian(at: 104, as: UInt32.self)
        guard version == StoreBounds.formatVersion,
            bytes.littleEndian(at: 10, as: UInt16.self) == UInt16(FrameHeader.byteCount),
            bytes.littleEndian(at: 20, as: UInt32.self) == 0,
            (1...StoreBounds.frameBytesMax).contains(recordCount),
            payloadBytes >= recordCount * FrameHeader.recordPrefixBytes,
            frameBytes <= StoreBounds.frameBytesMax,
            firstSequence >= 1, firstSequence < UInt64(Int64.max)
        else { throw .impossibleHeader }
    }

    init(
        payloadBytes: Int, recordCount: Int, firstSequence: UInt64, epoch: UInt64,
        leaderTimeMilliseconds: Int64, clusterID: ClusterID, previousDurable: UInt64,
        chain: Digest, payloadChecksum: UInt32
    ) {
        self.payloadBytes = payloadBytes
        self.recordCount = recordCount
        self.firstSequence = firstSequence
        self.epoch = epoch
        self.leaderTimeMilliseconds = leaderTimeMilliseconds
        self.clusterID = clusterID
        self.previousDurable = previousDurable
        self.chain = chain
        self.payloadChecksum = payloadChecksum
    }
}

extension UnsafeMutableRawBufferPointer {
    func storeLittleEndian<Integer: FixedWidthInteger & BitwiseCopyable>(
        _ value: Integer, at offset: Int
    ) {
        storeBytes(of: value.littleEndian, toByteOffset: offset, as: Integer.self)
    }
}

extension UnsafeRawBufferPointer {
    func littleEndian<Integer: FixedWidthInteger & BitwiseCopyable>(
        at offset: Int, as type: Integer.Type
    ) -> Integer {
        Integer(littleEndian: loadUnaligned(fromByteOffset: offset, as: type))
    }

    /// Offset one past the last byte that is not zero; 0 when all are.
    var lastNonzeroEnd: Int {
        var end = count
        while end >= 8, loadUnaligned(fromByteOffset: end - 8, as: UInt64.self) == 0 { end -= 8 }
        while end > 0, self[end - 1] == 0 { end -= 1 }
        return end
    }
}
