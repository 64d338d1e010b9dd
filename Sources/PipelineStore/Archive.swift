/// Segments that no start needs any more, packed: their frames without padding, in compressed blocks
/// (W-9). The chain covers no padding, so it goes on verifying.
///
/// An archived segment is `archive/NNNNNNNNNNNNNNNNNNNN.packed`, named like the segment.
struct Archive {
    private let directory: LogDirectory
    private let format: FormatFile

    init(_ directory: LogDirectory, _ format: FormatFile) {
        self.directory = directory
        self.format = format
    }

    // MARK: Packing

    /// Packs a segment, reads the packed one back frame by frame, and only then removes the segment.
    /// Interrupted at any point, one of the two is whole.
    func take(in segment: UInt64) throws(StoreError) {
        let whole = AlignedBuffer(byteCount: format.segmentBytes)
        try fill(whole, with: segment)
        let packed = try pack(whole, segment)
        let unfinished = directory.archived(segment) + LogDirectory.unfinishedSuffix
        try directory.io { files throws(IOFailure) in
            try files.makeDirectory(directory.archive)
        }
        try directory.synchronizeNames()
        if try archiveNames().contains(where: { directory.archive + "/" + $0 == unfinished }) {
            try directory.remove(unfinished)
        }
        try write(packed, to: unfinished)
        try requireSame(unfinished, segment, as: whole)
        if isPlanted(.archiveLosesSegment) { try directory.remove(directory.segment(segment)) }
        try directory.rename(unfinished, to: directory.archived(segment))
        try synchronizeArchive()
        if !isPlanted(.archiveLosesSegment) { try directory.remove(directory.segment(segment)) }
        try directory.synchronizeNames()
    }

    private func requireSame(
        _ path: String, _ segment: UInt64, as whole: AlignedBuffer
    ) throws(StoreError) {
        let again = AlignedBuffer(byteCount: format.segmentBytes)
        let damage = try unpack(segment, at: path, into: again)
        let isSame = whole.withBytes { before in
            again.withBytes { after in before.elementsEqual(after) }
        }
        guard damage == nil, isSame else {
            throw .io(IOFailure(operation: "reading back", path: path, code: 5))
        }
    }

    private func write(_ packed: [UInt8], to path: String) throws(StoreError) {
        let file = try directory.open(path, .create)
        defer { directory.files.close(file) }
        try packed.withUnsafeBufferPointer { bytes throws(StoreError) in
            try directory.writeInPieces(file, UnsafeRawBufferPointer(bytes), at: 0)
        }
        try directory.synchronize(file)
        try directory.io { files throws(IOFailure) in try files.discardCached(file) }
    }

    /// The packed file of a segment; throws where something else than frames stands in it. What is in
    /// the padding is not looked at, and does not come along: it becomes zeros here.
    func pack(_ whole: AlignedBuffer, _ segment: UInt64) throws(StoreError) -> [UInt8] {
        var frames: [(firstSequence: UInt64, bytes: UnsafeRawBufferPointer)] = []
        let bytes = UnsafeRawBufferPointer(whole.bytes)
        var offset = 0
        while offset < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[offset...])
            do throws(FrameDefect) {
                let header = try Frame.checked(rest).header
                frames.append(
                    (
                        header.firstSequence,
                        UnsafeRawBufferPointer(rebasing: rest[..<header.contentBytes])
                    ))
                let padding = (offset + header.contentBytes)..<(offset + header.frameBytes)
                UnsafeMutableRawBufferPointer(rebasing: whole.bytes[padding])
                    .initializeMemory(as: UInt8.self, repeating: 0)
                offset += header.frameBytes
            } catch {
                guard rest.lastNonzeroEnd == 0 else {
                    throw .corrupt(
                        Corruption(
                            file: directory.segment(segment), offset: UInt64(offset),
                            length: UInt64(rest.lastNonzeroEnd), reason: error.description,
                            lastTrustedSequence: (frames.last?.firstSequence ?? segment) - 1))
                }
                break
            }
        }
        defer { withExtendedLifetime(whole) {} }
        return PackedSegment.encode(frames, format.clusterID)
    }

    private func fill(_ buffer: AlignedBuffer, with segment: UInt64) throws(StoreError) {
        let file = try directory.open(directory.segment(segment), .read)
        defer { directory.files.close(file) }
        let count = try directory.read(file, into: buffer.bytes, at: 0)
        UnsafeMutableRawBufferPointer(rebasing: buffer.bytes[count...])
            .initializeMemory(as: UInt8.self, repeating: 0)
    }

    // MARK: Unpacking

    /// Lays the frames of an archived segment out as they were, up to the first block that is damaged,
    /// which is returned. What cannot be read as frames is copied as it stands, for whoever verifies
    /// the segment to find.
    ///
    /// - Throws: `newerFormat`, `io`.
    func unpack(_ segment: UInt64, into buffer: AlignedBuffer) throws(StoreError) -> Corruption? {
        try unpack(segment, at: directory.archived(segment), into: buffer)
    }

    private func unpack(
        _ segment: UInt64, at path: String, into buffer: AlignedBuffer
    ) throws(StoreError) -> Corruption? {
        buffer.bytes.initializeMemory(as: UInt8.self, repeating: 0)
        let file = try directory.open(path, .read)
        defer { directory.files.close(file) }
        do throws(StoreError) {
            let packed = try PackedSegment(reading: file, of: segment, directory, format)
            var offset = 0
            for block in packed.blocks {
                let frames = AlignedBuffer(byteCount: max(1, block.frames.count))
                try packed.unpack(block, of: file, directory, into: frames.bytes)
                let isWhole = frames.withBytes { bytes in
                    layOut(
                        UnsafeRawBufferPointer(rebasing: bytes[..<block.frames.count]),
                        in: buffer.bytes, at: &offset)
                }
                guard isWhole else { break }
            }
            return nil
        } catch {
            guard case .corrupt(let corruption) = error else { throw error }
            return corruption
        }
    }

    /// Copies frames each to a multiple of the block size; whether all of them are some.
    private func layOut(
        _ frames: UnsafeRawBufferPointer, in target: UnsafeMutableRawBufferPointer,
        at offset: inout Int
    ) -> Bool {
        var start = 0
        while start < frames.count, offset < target.count {
            let rest = UnsafeRawBufferPointer(rebasing: frames[start...])
            let header = try? FrameHeader(decoding: rest)
            let wanted = min(header?.contentBytes ?? rest.count, rest.count)
            let length = min(wanted, target.count - offset)
            UnsafeMutableRawBufferPointer(rebasing: target[offset..<(offset + length)])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: rest[..<length]))
            guard let header else { return false }
            start += length
            offset += header.frameBytes
        }
        return start == frames.count
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
        let horizon = try Horizon.read(directory, clusterID).sequence
        let kept = try snapshots.sequences().filter { $0 != horizon }.suffix(2)
        guard kept.count == 2 || isPlanted(.archivedTooEarly) else { return 0 }
        var limit = UInt64.max
        for sequence in kept {
            guard let reader = try? snapshots.open(sequence),
                (try? reader.verify(isPatient: true)) != nil
            else {
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
