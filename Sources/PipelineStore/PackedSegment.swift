/// What an archived segment's file says of itself: its blocks, each a run of whole frames without their
/// padding (W-9). One block is read and unpacked without the others.
struct PackedSegment: Sendable {
    struct Block: Sendable {
        let firstSequence: UInt64
        /// Where it lies in the file.
        let place: Range<Int>
        /// Where its frames lie in the row of all the segment's frames.
        let frames: Range<Int>
        /// CRC of its bytes in the file; `nil` in version 1, where frames lie as they are, in one block.
        let checksum: UInt32?
    }

    let path: String
    let blocks: [Block]

    /// A block ends with the frame that brings it to this many bytes.
    static let blockBytes = 64 << 10
    private static let magic: UInt64 = 0x3148_4352_4145_5050  // "PPEARCH1"
    private static let headerBytes = 40
    private static let entryBytes = 24
    private static let checksumBytes = 4
    /// Of version 1, which had no table of blocks.
    private static let oldHeaderBytes = 32

    // MARK: Writing

    /// A whole file, of frames that were found sound.
    static func encode(
        _ frames: [(firstSequence: UInt64, bytes: UnsafeRawBufferPointer)], _ cluster: ClusterID
    ) -> [UInt8] {
        var packed: [(firstSequence: UInt64, frameBytes: Int, bytes: [UInt8])] = []
        var block: [UInt8] = []
        var first: UInt64 = 0
        func end() {
            let bytes = block.withUnsafeBytes { Deflate.packed($0) }
            packed.append((first, block.count, bytes))
            block.removeAll(keepingCapacity: true)
        }
        for frame in frames {
            if block.isEmpty { first = frame.firstSequence }
            block.append(contentsOf: frame.bytes)
            if block.count >= blockBytes { end() }
        }
        if !block.isEmpty { end() }

        let tableEnd = headerBytes + packed.count * entryBytes
        var file = [UInt8](repeating: 0, count: tableEnd + checksumBytes)
        file.withUnsafeMutableBytes { file in
            file.storeLittleEndian(magic, at: 0)
            file.storeLittleEndian(UInt16(StoreBounds.archiveVersion), at: 8)
            file.storeBytes(of: cluster.bytes, toByteOffset: 16, as: SIMD16<UInt8>.self)
            file.storeLittleEndian(UInt32(packed.count), at: 32)
            for (index, block) in packed.enumerated() {
                let entry = headerBytes + index * entryBytes
                file.storeLittleEndian(block.firstSequence, at: entry)
                file.storeLittleEndian(UInt32(block.bytes.count), at: entry + 8)
                file.storeLittleEndian(UInt32(block.frameBytes), at: entry + 12)
                let sum = block.bytes.withUnsafeBytes { CRC32C.checksum($0) }
                file.storeLittleEndian(sum, at: entry + 16)
            }
            let summed = UnsafeRawBufferPointer(rebasing: file[..<tableEnd])
            file.storeLittleEndian(CRC32C.checksum(summed), at: tableEnd)
        }
        for block in packed { file += block.bytes }
        return file
    }

    // MARK: Reading

    /// Reads header and table of a file.
    ///
    /// - Throws: `corrupt`, `newerFormat`, `io`.
    init(
        reading file: OpenFile, of segment: UInt64, _ directory: LogDirectory, _ format: FormatFile
    ) throws(StoreError) {
        path = directory.archived(segment)
        let size = try directory.size(file)
        let limit = Self.headerBytes + (format.segmentBytes / Self.blockBytes + 1) * Self.entryBytes
        let buffer = AlignedBuffer(byteCount: limit + Self.checksumBytes)
        let count = try directory.read(file, into: buffer.bytes, at: 0)
        let path = path
        blocks = try buffer.withBytes { bytes throws(StoreError) in
            let bytes = UnsafeRawBufferPointer(rebasing: bytes[..<count])
            do throws(PackedDefect) {
                return try Self.blocks(bytes, size: size, of: segment, format)
            } catch {
                if case .newerVersion(let version) = error {
                    throw .newerFormat(
                        file: path, found: version, supported: StoreBounds.archiveVersion)
                }
                throw .corrupt(
                    Corruption(
                        file: path, offset: 0, length: UInt64(count), reason: error.description,
                        lastTrustedSequence: segment - 1))
            }
        }
    }

    private static func blocks(
        _ bytes: UnsafeRawBufferPointer, size: Int, of segment: UInt64, _ format: FormatFile
    ) throws(PackedDefect) -> [Block] {
        guard bytes.count >= oldHeaderBytes, bytes.littleEndian(at: 0, as: UInt64.self) == magic
        else { throw .noArchive }
        let version = Int(bytes.littleEndian(at: 8, as: UInt16.self))
        guard version <= StoreBounds.archiveVersion else { throw .newerVersion(version) }
        let cluster = bytes.loadUnaligned(fromByteOffset: 16, as: SIMD16<UInt8>.self)
        guard version > 0, (10..<16).allSatisfy({ bytes[$0] == 0 }),
            cluster == format.clusterID.bytes
        else { throw .impossible }
        guard version > 1 else {
            let frames = 0..<(size - oldHeaderBytes)
            guard frames.count <= format.segmentBytes else { throw .impossible }
            return [
                Block(
                    firstSequence: segment, place: oldHeaderBytes..<size, frames: frames,
                    checksum: nil)
            ]
        }
        return try table(bytes, size: size, of: segment, format)
    }

    private static func table(
        _ bytes: UnsafeRawBufferPointer, size: Int, of segment: UInt64, _ format: FormatFile
    ) throws(PackedDefect) -> [Block] {
        guard bytes.count >= headerBytes else { throw .noArchive }
        let count = Int(bytes.littleEndian(at: 32, as: UInt32.self))
        guard count <= format.segmentBytes / blockBytes + 1 else { throw .checksum }
        let end = headerBytes + count * entryBytes
        guard bytes.count >= end + checksumBytes,
            bytes.littleEndian(at: end, as: UInt32.self)
                == CRC32C.checksum(UnsafeRawBufferPointer(rebasing: bytes[..<end]))
        else { throw .checksum }
        var blocks: [Block] = []
        var place = end + checksumBytes
        var frame = 0
        var following = segment
        for index in 0..<count {
            let entry = headerBytes + index * entryBytes
            let first = bytes.littleEndian(at: entry, as: UInt64.self)
            let packedBytes = Int(bytes.littleEndian(at: entry + 8, as: UInt32.self))
            let frameBytes = Int(bytes.littleEndian(at: entry + 12, as: UInt32.self))
            guard index == 0 ? first == segment : first > following, frameBytes > 0,
                frame + frameBytes <= format.segmentBytes
            else { throw .impossible }
            blocks.append(
                Block(
                    firstSequence: first, place: place..<(place + packedBytes),
                    frames: frame..<(frame + frameBytes),
                    checksum: bytes.littleEndian(at: entry + 16, as: UInt32.self)))
            place += packedBytes
            frame += frameBytes
            following = first
        }
        guard place == size else { throw .size(found: size, expected: place) }
        return blocks
    }

    /// The block that holds the sequence, if one does.
    func block(of sequence: UInt64) -> Block? { blocks.last { $0.firstSequence <= sequence } }

    /// The block whose frames are at that place in the row of all frames.
    func block(at offset: Int) -> Block? { blocks.first { $0.frames.contains(offset) } }

    /// Unpacks a block; `target` must have room for its frames.
    ///
    /// - Throws: `corrupt`, naming the block's place in the file; `io`.
    func unpack(
        _ block: Block, of file: OpenFile, _ directory: LogDirectory,
        into target: UnsafeMutableRawBufferPointer
    ) throws(StoreError) {
        let target = UnsafeMutableRawBufferPointer(rebasing: target[..<block.frames.count])
        guard let checksum = block.checksum else {
            let count = try directory.read(file, into: target, at: block.place.lowerBound)
            guard count == target.count else { throw damage(.cutShort, in: block) }
            return
        }
        let buffer = AlignedBuffer(byteCount: max(1, block.place.count))
        let count = try directory.read(
            file, into: UnsafeMutableRawBufferPointer(rebasing: buffer.bytes[..<block.place.count]),
            at: block.place.lowerBound)
        let defect = buffer.withBytes { bytes -> PackedDefect? in
            let packed = UnsafeRawBufferPointer(rebasing: bytes[..<count])
            guard count == block.place.count else { return .cutShort }
            guard CRC32C.checksum(packed) == checksum else { return .blockChecksum }
            return Deflate.unpack(packed, into: target) ? nil : .notUnpacked
        }
        if let defect { throw damage(defect, in: block) }
    }

    private func damage(_ defect: PackedDefect, in block: Block) -> StoreError {
        .corrupt(
            Corruption(
                file: path, offset: UInt64(block.place.lowerBound),
                length: UInt64(block.place.count), reason: defect.description,
                lastTrustedSequence: block.firstSequence - 1))
    }
}

/// Why bytes are no archived segment.
private enum PackedDefect: Error, CustomStringConvertible {
    case noArchive
    case newerVersion(Int)
    case impossible
    case checksum
    case size(found: Int, expected: Int)
    case cutShort
    case blockChecksum
    case notUnpacked

    var description: String {
        switch self {
        case .noArchive: "this is no archived segment"
        case .newerVersion(let version): "the archived segment has format \(version)"
        case .impossible: "the header holds values that are never written"
        case .checksum: "the header's checksum does not match"
        case .size(let found, let expected): "the file has \(found) bytes instead of \(expected)"
        case .cutShort: "the file ends within a block"
        case .blockChecksum: "the block's checksum does not match"
        case .notUnpacked: "the block cannot be unpacked"
        }
    }
}
