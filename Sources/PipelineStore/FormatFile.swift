/// The file `format`: what a directory's log is, written once when it is founded (W-12).
struct FormatFile: Sendable, Equatable {
    var clusterID: ClusterID
    /// Bytes of every segment; fixed for the life of the log.
    var segmentBytes: Int

    static let byteCount = StoreBounds.blockBytes
    private static let magic: UInt64 = 0x314D_524F_4645_5050  // "PPEFORM1"
    private static let checksumOffset = byteCount - 4

    func encoded() -> AlignedBuffer {
        let file = AlignedBuffer.zeroed(byteCount: FormatFile.byteCount)
        file.bytes.storeLittleEndian(FormatFile.magic, at: 0)
        file.bytes.storeLittleEndian(UInt16(StoreBounds.formatVersion), at: 8)
        file.bytes.storeLittleEndian(UInt32(segmentBytes), at: 12)
        file.bytes.storeBytes(of: clusterID.bytes, toByteOffset: 16, as: SIMD16<UInt8>.self)
        file.bytes.storeLittleEndian(
            CRC32C.checksum(
                UnsafeRawBufferPointer(rebasing: file.bytes[..<FormatFile.checksumOffset])),
            at: FormatFile.checksumOffset)
        return file
    }

    static func read(_ directory: LogDirectory) throws(StoreError) -> FormatFile {
        guard let file = try directory.contents(of: directory.format, limit: byteCount) else {
            throw .notFounded(directory: directory.path)
        }
        return try FormatFile(
            decoding: UnsafeRawBufferPointer(rebasing: file.buffer.bytes[..<file.count]),
            path: directory.format)
    }

    private init(decoding bytes: UnsafeRawBufferPointer, path: String) throws(StoreError) {
        func corrupt(_ reason: String) -> StoreError {
            .corrupt(
                Corruption(
                    file: path, offset: 0, length: UInt64(bytes.count), reason: reason,
                    lastTrustedSequence: 0))
        }
        guard bytes.count == Self.byteCount else { throw corrupt("the file is too short") }
        guard bytes.littleEndian(at: 0, as: UInt64.self) == Self.magic else {
            throw corrupt("this is no format file")
        }
        let checked = UnsafeRawBufferPointer(rebasing: bytes[..<Self.checksumOffset])
        guard
            bytes.littleEndian(at: Self.checksumOffset, as: UInt32.self)
                == CRC32C.checksum(checked)
        else { throw corrupt("the checksum does not match") }
        let version = Int(bytes.littleEndian(at: 8, as: UInt16.self))
        guard version <= StoreBounds.formatVersion else {
            throw .newerFormat(file: path, found: version, supported: StoreBounds.formatVersion)
        }
        segmentBytes = Int(bytes.littleEndian(at: 12, as: UInt32.self))
        clusterID = ClusterID(bytes: bytes.loadUnaligned(fromByteOffset: 16, as: SIMD16.self))
        guard version == StoreBounds.formatVersion,
            segmentBytes >= 4 * StoreBounds.blockBytes, segmentBytes <= 1 << 30,
            segmentBytes % (2 * StoreBounds.blockBytes) == 0
        else { throw corrupt("the file holds values that are never written") }
    }

    init(clusterID: ClusterID, segmentBytes: Int) {
        self.clusterID = clusterID
        self.segmentBytes = segmentBytes
    }
}

extension LogDirectory {
    /// Tells a log whose `format` is gone from a directory without any, and from one where founding was
    /// interrupted: that leaves one segment, and nothing in it.
    ///
    /// - Throws: `notFounded`; `corrupt` where there is a log.
    func requireFormat() throws(StoreError) {
        let names = try names()
        guard !names.contains("format") else { return }
        let segments = segments(among: names)
        var isLog = segments.count > 1 || !snapshots(among: names).isEmpty
        if let first = segments.first, !isLog { isLog = try begins(first) }
        guard isLog else { throw .notFounded(directory: path) }
        throw .corrupt(
            Corruption(
                file: format, offset: 0, length: 0,
                reason: "the file is missing, but there is a log", lastTrustedSequence: 0))
    }

    /// Whether something was ever written to a segment.
    private func begins(_ firstSequence: UInt64) throws(StoreError) -> Bool {
        guard let (buffer, count) = try contents(of: segment(firstSequence), limit: 4096) else {
            return false
        }
        return buffer.withBytes {
            UnsafeRawBufferPointer(rebasing: $0[..<count]).lastNonzeroEnd > 0
        }
    }
}
