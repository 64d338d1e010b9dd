/// Segments that no start needs any more, packed: their frames one after the other, without padding
/// (W-9). The chain covers no padding, so it goes on verifying.
///
/// An archived segment is `archive/NNNNNNNNNNNNNNNNNNNN.packed`, named like the segment.
struct Archive {
    private let directory: LogDirectory
    private let format: FormatFile

    static let headerBytes = 32
    private static let magic: UInt64 = 0x3148_4352_4145_5050  // "PPEARCH1"

    init(_ directory: LogDirectory, _ format: FormatFile) {
        self.directory = directory
        self.format = format
    }

    // MARK: Packing

    /// Packs a segment, reads the packed one back frame by frame, and only then removes the segment.
    /// Interrupted at any point, one of the two is whole.
    func take(in segment: UInt64) throws(StoreError) {
        let whole = AlignedBuffer(byteCount: format.segmentBytes)
        let packed = AlignedBuffer(byteCount: format.segmentBytes + Self.headerBytes)
        let count = try whole.withBytes { _ throws(StoreError) in
            try fill(whole, with: segment)
            return try pack(whole, into: packed, segment)
        }
        let unfinished = directory.archived(segment) + LogDirectory.unfinishedSuffix
        try directory.io { files throws(IOFailure) in
            try files.makeDirectory(directory.archive)
        }
        try directory.synchronizeNames()
        if try archiveNames().contains(where: { directory.archive + "/" + $0 == unfinished }) {
            try directory.remove(unfinished)
        }
        try write(packed, count, to: unfinished)
        let again = AlignedBuffer(byteCount: format.segmentBytes)
        try unpack(unfinished, into: again)
        if isPlanted(.archiveLosesSegment) { try directory.remove(directory.segment(segment)) }
        let isSame = whole.withBytes { before in
            again.withBytes { after in before.elementsEqual(after) }
        }
        guard isSame else {
            throw .io(IOFailure(operation: "reading back", path: unfinished, code: 5))
        }
        try directory.rename(unfinished, to: directory.archived(segment))
        try synchronizeArchive()
        if !isPlanted(.archiveLosesSegment) { try directory.remove(directory.segment(segment)) }
        try directory.synchronizeNames()
    }

    private func write(
        _ packed: AlignedBuffer, _ count: Int, to path: String
    ) throws(StoreError) {
        let file = try directory.open(path, .create)
        defer { directory.files.close(file) }
        try packed.withBytes { bytes throws(StoreError) in
            try directory.write(file, UnsafeRawBufferPointer(rebasing: bytes[..<count]), at: 0)
        }
        try directory.synchronize(file)
        try directory.io { files throws(IOFailure) in try files.discardCached(file) }
    }

    /// The frames of a segment without their padding; throws where something else stands there.
    private func pack(
        _ whole: AlignedBuffer, into packed: AlignedBuffer, _ segment: UInt64
    ) throws(StoreError) -> Int {
        let target = packed.bytes
        UnsafeMutableRawBufferPointer(rebasing: target[..<Self.headerBytes])
            .initializeMemory(as: UInt8.self, repeating: 0)
        target.storeLittleEndian(Self.magic, at: 0)
        target.storeLittleEndian(UInt16(StoreBounds.formatVersion), at: 8)
        target.storeBytes(of: format.clusterID.bytes, toByteOffset: 16, as: SIMD16<UInt8>.self)
        let bytes = UnsafeRawBufferPointer(whole.bytes)
        var offset = 0
        var end = Self.headerBytes
        while offset < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[offset...])
            do throws(FrameDefect) {
                let (header, _) = try Frame.checked(rest)
                UnsafeMutableRawBufferPointer(
                    rebasing: target[end..<(end + header.contentBytes)]
                ).copyMemory(
                    from: UnsafeRawBufferPointer(rebasing: rest[..<header.contentBytes]))
                // What stands in the padding is not looked at, and does not come along.
                UnsafeMutableRawBufferPointer(
                    rebasing: whole.bytes[
                        (offset + header.contentBytes)..<(offset + header.frameBytes)]
                ).initializeMemory(as: UInt8.self, repeating: 0)
                end += header.contentBytes
                offset += header.frameBytes
            } catch {
                guard rest.lastNonzeroEnd == 0 else {
                    throw .corrupt(
                        Corruption(
                            file: directory.segment(segment), offset: UInt64(offset),
                            length: UInt64(rest.lastNonzeroEnd), reason: error.description,
                            lastTrustedSequence: 0))
                }
                break
            }
        }
        return end
    }

    private func fill(_ buffer: AlignedBuffer, with segment: UInt64) throws(StoreError) {
        let file = try directory.open(directory.segment(segment), .read)
        defer { directory.files.close(file) }
        let count = try directory.read(file, into: buffer.bytes, at: 0)
        UnsafeMutableRawBufferPointer(rebasing: buffer.bytes[count...])
            .initializeMemory(as: UInt8.self, repeating: 0)
    }

    // MARK: Unpacking

    /// Lays the frames of an archived segment out as they were. What cannot be read as frames is
    /// copied as it stands, for whoever verifies the segment to find.
    func unpack(_ path: String, into buffer: AlignedBuffer) throws(StoreError) {
        buffer.bytes.initializeMemory(as: UInt8.self, repeating: 0)
        let file = try directory.open(path, .read)
        defer { directory.files.close(file) }
        let packed = AlignedBuffer(byteCount: format.segmentBytes + Self.headerBytes)
        let count = try directory.read(file, into: packed.bytes, at: 0)
        try packed.withBytes { bytes throws(StoreError) in
            try Self.checkHeader(
                UnsafeRawBufferPointer(rebasing: bytes[..<count]), path, format.clusterID)
            var start = Self.headerBytes
            var offset = 0
            while start < count, offset < buffer.bytes.count {
                let rest = UnsafeRawBufferPointer(rebasing: bytes[start..<count])
                let header = try? FrameHeader(decoding: rest)
                let wanted = min(header?.contentBytes ?? rest.count, rest.count)
                let length = min(wanted, buffer.bytes.count - offset)
                UnsafeMutableRawBufferPointer(rebasing: buffer.bytes[offset..<(offset + length)])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: rest[..<length]))
                guard let header else { return }
                start += length
                offset += header.frameBytes
            }
        }
    }

    static func checkHeader(
        _ bytes: UnsafeRawBufferPointer, _ path: String, _ cluster: ClusterID
    ) throws(StoreError) {
        func corrupt(_ reason: String) -> StoreError {
            .corrupt(
                Corruption(
                    file: path, offset: 0, length: UInt64(headerBytes), reason: reason,
                    lastTrustedSequence: 0))
        }
        guard bytes.count >= headerBytes, bytes.littleEndian(at: 0, as: UInt64.self) == magic else {
            throw corrupt("this is no archived segment")
        }
        let version = Int(bytes.littleEndian(at: 8, as: UInt16.self))
        guard version <= StoreBounds.formatVersion else {
            throw .newerFormat(file: path, found: version, supported: StoreBounds.formatVersion)
        }
        let rest = (10..<16).allSatisfy { bytes[$0] == 0 }
        guard version == StoreBounds.formatVersion, rest,
            bytes.loadUnaligned(fromByteOffset: 16, as: SIMD16<UInt8>.self) == cluster.bytes
        else { throw corrupt("the header holds values that are never written") }
    }

    // MARK: Names

    private func archiveNames() throws(StoreError) -> [String] {
        try directory.io { files throws(IOFailure) in try files.list(directory.archive) }
    }

    private func synchronizeArchive() throws(StoreError) {
        try directory.io { files throws(IOFailure) in
            try files.synchronizeDirectory(directory.archive)
        }
    }
}

extension LogDirectory {
    var archive: String { path + "/archive" }

    /// An archived segment is named like the segment.
    func archived(_ firstSequence: UInt64) -> String {
        let name = segment(firstSequence).dropFirst(path.count).dropLast(".log".count)
        return archive + name + ".packed"
    }

    /// First sequences of the archived segments, ascending; none where nothing was archived yet.
    func archivedSegments() throws(StoreError) -> [UInt64] {
        do throws(IOFailure) {
            return numbers(among: try files.list(archive), suffix: ".packed")
        } catch {
            guard error.isNotFound else { throw .io(error) }
            return []
        }
    }
}

extension Log {
    /// Archives the segments whose records lie wholly before both snapshots that are kept, if these
    /// verify (W-9). To be called by the one that writes snapshots.
    ///
    /// - Returns: how many were archived.
    public func archive() throws(StoreError) -> Int {
        let kept = try snapshots.sequences().suffix(2)
        guard kept.count == 2 || isPlanted(.archivedTooEarly) else { return 0 }
        var limit = UInt64.max
        for sequence in kept {
            guard let reader = try? snapshots.open(sequence), (try? reader.verify()) != nil else {
                return 0
            }
            limit = min(limit, reader.header.start.segment)
        }
        let archive = Archive(directory, try FormatFile.read(directory))
        var count = 0
        for segment in directory.segments(among: try directory.names()) where segment < limit {
            try archive.take(in: segment)
            count += 1
        }
        return count
    }
}
