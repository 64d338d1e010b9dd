/// The snapshots of one log, in its directory (W-9).
///
/// A snapshot is `NNNNNNNNNNNNNNNNNNNN.snapshot`, named by the last record that it includes. Reading
/// needs no lock; writing belongs to the daemon that holds the log's, one at a time.
public struct SnapshotStore: Sendable {
    let directory: LogDirectory
    private static let keptCount = 2
    /// Of the older ones, one for each span of so many milliseconds is kept: 30 days.
    private static let spanMilliseconds: Int64 = 30 * 86_400_000

    public init(directory path: String, fileSystem: any FileSystem = PosixFileSystem()) {
        directory = LogDirectory(path: path, files: fileSystem)
    }

    init(_ directory: LogDirectory) { self.directory = directory }

    /// The last records of the snapshots that are there, ascending; none of them was verified.
    public func sequences() throws(StoreError) -> [UInt64] {
        directory.snapshots(among: try directory.names())
    }

    public func path(_ sequence: UInt64) -> String { directory.snapshot(sequence) }

    /// Opens a snapshot: header and footer hold, sections are checked when they are read.
    public func open(_ sequence: UInt64) throws(SnapshotDefect) -> SnapshotReader {
        let reader = try SnapshotReader(directory, directory.snapshot(sequence))
        guard reader.header.sequence == sequence else { throw .misnamed(reader.header.sequence) }
        return reader
    }

    /// The newest snapshot whose state is that of `sequence` or an earlier one and that verifies as a
    /// whole, so that only the records behind it are to be replayed; `nil` if there is none.
    public func newest(atOrBefore sequence: UInt64) throws(StoreError) -> SnapshotReader? {
        for candidate in try sequences().reversed() where candidate <= sequence {
            guard let reader = try? open(candidate), (try? reader.verify()) != nil else { continue }
            return reader
        }
        return nil
    }

    /// Writes a snapshot: to another name, synced, read back and verified, renamed, the directory
    /// synced. Only then it counts; older ones than the two newest are removed after that, but for one a
    /// month.
    ///
    /// - Parameters:
    ///   - start: `Log.position` before the state was photographed.
    ///   - sequence: the last record that the state includes; durable when this returns from
    ///     `sections`, which is the caller's business (W-2).
    ///   - latestInstant: of the records that the state includes, milliseconds since 1970.
    ///   - sections: calls what it is given once a section, in order.
    public func write(
        start: LogPosition, sequence: UInt64, latestInstant: Int64, cluster: ClusterID,
        at milliseconds: Int64,
        sections: ((SnapshotSection, UnsafeRawBufferPointer) throws -> Void) throws -> Void
    ) throws -> WrittenSnapshot {
        if try directory.names().contains("snapshot" + LogDirectory.unfinishedSuffix) {
            try directory.remove(unfinished)
        }
        let header = SnapshotHeader(
            sequence: sequence, start: start, clusterID: cluster,
            writtenAtMilliseconds: milliseconds, latestInstantMilliseconds: latestInstant)
        let file = try directory.open(unfinished, .create)
        var isFinished = false
        defer {
            directory.files.close(file)
            // What is left of one that failed only takes room; the next one would remove it too.
            if !isFinished { try? directory.remove(unfinished) }
        }
        var writer = SnapshotWriter(directory, file)
        try writer.begin(header)
        try sections { section, bytes in try writer.add(section, bytes) }
        let stateHash = try writer.finish()
        let reader: SnapshotReader
        do {
            reader = try SnapshotReader(directory, unfinished)
            try reader.verify(isPatient: true)
        } catch let defect as SnapshotDefect {
            throw StoreError.io(
                IOFailure(
                    operation: "reading back (\(defect))", path: unfinished, code: 5))
        }
        guard reader.stateHash == stateHash else {
            throw StoreError.io(
                IOFailure(operation: "reading back", path: unfinished, code: 5))
        }
        try directory.rename(unfinished, to: directory.snapshot(sequence))
        isFinished = true
        try directory.synchronizeNames()
        try removeOld(but: sequence, cluster)
        return WrittenSnapshot(
            path: directory.snapshot(sequence), sequence: sequence, byteCount: reader.byteCount,
            stateHash: stateHash)
    }
}

extension SnapshotStore {
    private var unfinished: String {
        directory.path + "/snapshot" + LogDirectory.unfinishedSuffix
    }

    /// Keeps the two newest, the one at the horizon, which the log is replayed from (W-9), and the one
    /// just written, which may be the next horizon's. Of the others behind the horizon, the last one of each
    /// span of 30 days: from there states of the past are rebuilt, so that this takes no longer the
    /// older the company gets.
    private func removeOld(but written: UInt64, _ cluster: ClusterID) throws(StoreError) {
        let horizon = try Horizon.read(directory, cluster).sequence
        let all = try sequences()
        for (place, old) in all.dropLast(Self.keptCount).enumerated()
        where old != horizon && old != written {
            guard old < horizon || !isLastOfSpan(old, before: all[place + 1]) else { continue }
            try directory.removeInPieces(directory.snapshot(old), as: unfinished)
        }
    }

    private func isLastOfSpan(_ sequence: UInt64, before next: UInt64) -> Bool {
        span(of: sequence).map { $0 != span(of: next) } ?? false
    }

    /// By the latest of its records; `nil` if it cannot be read.
    private func span(of sequence: UInt64) -> Int64? {
        guard let header = (try? open(sequence))?.header else { return nil }
        return header.latestInstantMilliseconds / Self.spanMilliseconds
    }
}

/// What was written.
public struct WrittenSnapshot: Sendable, Equatable {
    public let path: String
    public let sequence: UInt64
    public let byteCount: Int
    public let stateHash: Digest
}

/// Writes the file, front to back.
private struct SnapshotWriter: ~Copyable {
    private let directory: LogDirectory
    private let file: OpenFile
    private var offset = 0
    private var entries: [SnapshotEntry] = []
    private var stateHash = StateHash()
    private var fileHash = RunningDigest()

    init(_ directory: LogDirectory, _ file: OpenFile) {
        self.directory = directory
        self.file = file
    }

    mutating func begin(_ header: SnapshotHeader) throws(StoreError) {
        try header.encoded().withBytes { bytes throws(StoreError) in try put(bytes) }
    }

    private mutating func put(_ bytes: UnsafeRawBufferPointer) throws(StoreError) {
        guard !bytes.isEmpty else { return }
        try directory.writeInPieces(file, bytes, at: offset)
        fileHash.add(bytes)
        offset += bytes.count
    }

    mutating func add(
        _ section: SnapshotSection, _ bytes: UnsafeRawBufferPointer
    ) throws(StoreError) {
        stateHash.add(section, bytes)
        entries.append(
            SnapshotEntry(
                section: section, offset: UInt64(offset), byteCount: UInt64(bytes.count),
                checksum: CRC32C.checksum(bytes)))
        try put(bytes)
    }

    mutating func finish() throws(StoreError) -> Digest {
        let hash = stateHash.sum()
        let tableBytes = entries.count * SnapshotEntry.byteCount
        let footer = AlignedBuffer.zeroed(byteCount: tableBytes + SnapshotTrailer.byteCount)
        for (index, entry) in entries.enumerated() {
            entry.encode(
                into: UnsafeMutableRawBufferPointer(
                    rebasing: footer.bytes[(index * SnapshotEntry.byteCount)...]))
        }
        var trailer = SnapshotTrailer(
            sectionCount: entries.count, tableOffset: UInt64(offset),
            rowCount: entries.reduce(0) { $0 + UInt64($1.section.rowCount) }, stateHash: hash)
        trailer.encode(into: footer.bytes)
        let hashed = tableBytes + SnapshotTrailer.hashedBytes
        footer.withBytes { fileHash.add(UnsafeRawBufferPointer(rebasing: $0[..<hashed])) }
        trailer.fileHash = fileHash.sum()
        trailer.encode(into: footer.bytes)
        try footer.withBytes { bytes throws(StoreError) in
            try directory.write(file, bytes, at: offset)
        }
        if !isPlanted(.snapshotNotSynchronized) { try directory.synchronize(file) }
        // What is read back is to come from the disk.
        try directory.io { files throws(IOFailure) in try files.discardCached(file) }
        return hash
    }
}
