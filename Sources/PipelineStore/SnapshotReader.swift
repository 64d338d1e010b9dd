import Synchronization

/// An opened snapshot. Sections may be read from several threads at once.
public final class SnapshotReader: Sendable {
    public let path: String
    public let header: SnapshotHeader
    public var sections: [SnapshotSection] { entries.map(\.section) }
    public var rowCount: UInt64 { trailer.rowCount }
    /// One value that stands for the whole state, whichever way it came about.
    public var stateHash: Digest { trailer.stateHash }
    public let byteCount: Int

    private let directory: LogDirectory
    private let file: OpenFile
    private let entries: [SnapshotEntry]
    private let trailer: SnapshotTrailer
    /// Room that sections were read into: fresh memory costs more than the reading.
    private let spares = Mutex<[AlignedBuffer]>([])

    init(_ directory: LogDirectory, _ path: String) throws(SnapshotDefect) {
        self.directory = directory
        self.path = path
        let file: OpenFile
        do throws(StoreError) {
            file = try directory.open(path, .read)
        } catch {
            throw .io("\(error)")
        }
        self.file = file
        do throws(SnapshotDefect) {
            let size: Int
            do throws(StoreError) { size = try directory.size(file) } catch {
                throw .io("\(error)")
            }
            byteCount = size
            guard size >= SnapshotHeader.byteCount + SnapshotTrailer.byteCount else {
                throw .cutShort
            }
            header = try Self.read(directory, file, 0, SnapshotHeader.byteCount).withBytes {
                bytes throws(SnapshotDefect) in try SnapshotHeader(decoding: bytes)
            }
            trailer = try Self.read(
                directory, file, size - SnapshotTrailer.byteCount, SnapshotTrailer.byteCount
            ).withBytes { bytes throws(SnapshotDefect) in
                try SnapshotTrailer(decoding: bytes, size: size)
            }
            entries = try Self.entries(directory, file, trailer, size)
        } catch {
            directory.files.close(file)
            throw error
        }
    }

    deinit { directory.files.close(file) }

    private static func entries(
        _ directory: LogDirectory, _ file: OpenFile, _ trailer: SnapshotTrailer, _ size: Int
    ) throws(SnapshotDefect) -> [SnapshotEntry] {
        let start = Int(trailer.tableOffset)
        return try read(directory, file, start, size - start).withBytes {
            bytes throws(SnapshotDefect) in try entries(bytes, trailer)
        }
    }

    private static func entries(
        _ bytes: UnsafeRawBufferPointer, _ trailer: SnapshotTrailer
    ) throws(SnapshotDefect) -> [SnapshotEntry] {
        guard SnapshotTrailer.isIntact(bytes) else { throw .checksum("footer") }
        var entries: [SnapshotEntry] = []
        var end = UInt64(SnapshotHeader.byteCount)
        var rows: UInt64 = 0
        for index in 0..<trailer.sectionCount {
            let entry = SnapshotEntry(
                decoding: UnsafeRawBufferPointer(
                    rebasing: bytes[(index * SnapshotEntry.byteCount)...]))
            guard entry.offset == end, entry.byteCount <= trailer.tableOffset - end else {
                throw .impossible("footer")
            }
            end += entry.byteCount
            rows += UInt64(entry.section.rowCount)
            entries.append(entry)
        }
        guard end == trailer.tableOffset, rows == trailer.rowCount else {
            throw .impossible("footer")
        }
        return entries
    }

    private static func read(
        _ directory: LogDirectory, _ file: OpenFile, _ offset: Int, _ count: Int
    ) throws(SnapshotDefect) -> AlignedBuffer {
        let buffer = AlignedBuffer(byteCount: count)
        try read(directory, file, offset, into: buffer.bytes[...])
        return buffer
    }

    private static func read(
        _ directory: LogDirectory, _ file: OpenFile, _ offset: Int,
        into slice: Slice<UnsafeMutableRawBufferPointer>
    ) throws(SnapshotDefect) {
        let bytes = UnsafeMutableRawBufferPointer(rebasing: slice)
        let read: Int
        do throws(StoreError) {
            read = try directory.read(file, into: bytes, at: offset)
        } catch {
            throw .io("\(error)")
        }
        guard read == bytes.count else { throw .cutShort }
    }

    /// Reads a section, checks it, and hands its bytes over for the call.
    ///
    /// - Parameter isPatient: whether others may have the disk meanwhile.
    public func withSection<Result>(
        _ index: Int, isPatient: Bool = false, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result {
        let entry = entries[index]
        let count = Int(entry.byteCount)
        let buffer =
            spares.withLock { $0.popLast() }.flatMap { $0.bytes.count >= count ? $0 : nil }
            ?? AlignedBuffer(byteCount: count)
        defer { spares.withLock { $0.append(buffer) } }
        let piece = isPatient ? StoreBounds.pieceBytes : count
        for start in stride(from: 0, to: count, by: max(piece, 1)) {
            let end = min(start + piece, count)
            try Self.read(
                directory, file, Int(entry.offset) + start, into: buffer.bytes[start..<end])
            if isPatient { directory.files.giveWay() }
        }
        return try buffer.withBytes { bytes in
            let bytes = UnsafeRawBufferPointer(rebasing: bytes[..<count])
            guard CRC32C.checksum(bytes) == entry.checksum || isPlanted(.snapshotNotChecked) else {
                throw SnapshotDefect.checksum("section \(index + 1)")
            }
            return try body(bytes)
        }
    }

    /// Reads everything: every checksum, the state's hash and the file's.
    ///
    /// - Parameter isPatient: whether others may have the disk meanwhile.
    public func verify(isPatient: Bool = false) throws {
        var fileHash = RunningDigest()
        var stateHash = StateHash()
        header.encoded().withBytes { fileHash.add($0) }
        for (index, entry) in entries.enumerated() {
            try withSection(index, isPatient: isPatient) { bytes in
                fileHash.add(bytes)
                stateHash.add(entry.section, bytes)
            }
        }
        let start = Int(trailer.tableOffset)
        let hashed = byteCount - SnapshotTrailer.byteCount + SnapshotTrailer.hashedBytes
        try Self.read(directory, file, start, hashed - start).withBytes { fileHash.add($0) }
        guard stateHash.sum() == trailer.stateHash, fileHash.sum() == trailer.fileHash else {
            throw SnapshotDefect.hash
        }
    }
}
