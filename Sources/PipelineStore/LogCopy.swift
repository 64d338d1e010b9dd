/// What a copy of a log holds.
public struct WrittenBackup: Sendable, Equatable {
    public let path: String
    /// The last record of the copy.
    public let sequence: UInt64
    /// Segments and snapshots.
    public let fileCount: Int
    public let byteCount: UInt64

    public init(path: String, sequence: UInt64, fileCount: Int, byteCount: UInt64) {
        self.path = path
        self.sequence = sequence
        self.fileCount = fileCount
        self.byteCount = byteCount
    }
}

/// Copies a log up to the end of a frame into a new directory: for backups, restoring and repair
/// (W-11). The source may be in use: what is copied of it does not change any more.
public struct LogCopy {
    private let source: LogDirectory
    private let target: LogDirectory
    private let format: FormatFile
    private let end: LogPosition
    private let buffer = AlignedBuffer(byteCount: 1 << 20)
    private var fileCount = 0
    private var byteCount: UInt64 = 0

    /// Makes the copy, synced and verified, in a directory that must not exist yet; its parent must.
    ///
    /// - Parameters:
    ///   - end: where the copy is to end: the end of a durable frame.
    ///   - raisesEpoch: whether the copy begins another history than the source's (W-6).
    /// - Throws: `alreadyFounded` when there is something at `target` already.
    public static func make(
        of source: String, upTo end: LogPosition, at target: String, raisesEpoch: Bool = false,
        fileSystem: any FileSystem = PosixFileSystem()
    ) throws -> WrittenBackup {
        let unfinished = LogDirectory(path: unfinished(target), files: fileSystem)
        guard try !LogDirectory(path: target, files: fileSystem).exists() else {
            throw StoreError.alreadyFounded(directory: target)
        }
        try clear(unfinished)
        let from = LogDirectory(path: source, files: fileSystem)
        var copy = LogCopy(
            source: from, target: unfinished, format: try FormatFile.read(from), end: end)
        try copy.run(raisesEpoch: raisesEpoch)
        try copy.verify()
        try unfinished.rename(unfinished.path, to: target)
        try unfinished.io { files throws(IOFailure) in
            try files.synchronizeDirectory(LogDirectory.parent(of: target))
        }
        return WrittenBackup(
            path: target, sequence: end.sequence, fileCount: copy.fileCount,
            byteCount: copy.byteCount)
    }

    /// Where a copy is made before it gets its name.
    public static func unfinished(_ target: String) -> String {
        target + LogDirectory.unfinishedSuffix
    }

    /// Removes what an interrupted copy left; its directories stay for the next one.
    private static func clear(_ directory: LogDirectory) throws(StoreError) {
        guard try directory.exists() else { return }
        for segment in try directory.archivedSegments() {
            try directory.remove(directory.archived(segment))
        }
        for name in try directory.names() where name != "archive" {
            try directory.remove(directory.path + "/" + name)
        }
    }

    private init(
        source: LogDirectory, target: LogDirectory, format: FormatFile, end: LogPosition
    ) {
        self.source = source
        self.target = target
        self.format = format
        self.end = end
    }

    private mutating func run(raisesEpoch: Bool) throws(StoreError) {
        let path = target.path
        try target.io { files throws(IOFailure) in try files.makeDirectory(path) }
        let names = try source.names()
        let present = source.segments(among: names)
        let dropped = try Horizon.read(source, format.clusterID).sequence
        for segment in try source.archivedSegments()
        where segment > dropped && segment <= end.segment && !present.contains(segment) {
            try copyArchived(segment)
        }
        for segment in present where segment <= end.segment { try copySegment(segment) }
        let horizon = try Horizon.read(source, format.clusterID)
        var snapshots: Set<UInt64> = []
        if let snapshot = newestSnapshot(among: names) { snapshots.insert(snapshot) }
        if horizon.sequence > 0 {
            snapshots.insert(horizon.sequence)
            try Horizon.write(horizon, target, format.clusterID)
        }
        for snapshot in snapshots.sorted() {
            try copy(source.snapshot(snapshot), to: target.snapshot(snapshot), bytes: .max)
        }
        try target.synchronizeNames()
        let epoch = raisesEpoch ? end.epoch + 1 : end.epoch
        _ = try MarkWriter.found(
            target, cluster: format.clusterID, at: end, epoch: epoch, generation: 0)
        // Without it there is no log: written when all else is there.
        try format.encoded().withBytes { bytes throws(StoreError) in
            try target.replace(target.format, with: bytes)
        }
    }

    /// The daemon may have archived it since its name was read.
    private mutating func copySegment(_ segment: UInt64) throws(StoreError) {
        let length = segment == end.segment ? end.offset : format.segmentBytes
        do throws(StoreError) {
            try copy(
                source.segment(segment), to: target.segment(segment), bytes: length,
                padded: format.segmentBytes)
        } catch {
            guard error.isNotFound, try source.archivedSegments().contains(segment) else {
                throw error
            }
            try copyArchived(segment)
        }
    }

    /// As it is, unless the copy is to end in it.
    private mutating func copyArchived(_ segment: UInt64) throws(StoreError) {
        guard segment == end.segment else {
            try target.io { files throws(IOFailure) in try files.makeDirectory(target.archive) }
            try copy(source.archived(segment), to: target.archived(segment), bytes: .max)
            try target.io { files throws(IOFailure) in
                try files.synchronizeDirectory(target.archive)
            }
            return
        }
        let whole = AlignedBuffer(byteCount: format.segmentBytes)
        if let damage = try Archive(source, format).unpack(segment, into: whole),
            damage.lastTrustedSequence < end.sequence
        {
            throw .corrupt(damage)
        }
        UnsafeMutableRawBufferPointer(rebasing: whole.bytes[end.offset...])
            .initializeMemory(as: UInt8.self, repeating: 0)
        let file = try target.open(target.segment(segment), .create)
        defer { target.files.close(file) }
        try whole.withBytes { bytes throws(StoreError) in try target.write(file, bytes, at: 0) }
        try target.synchronize(file)
        fileCount += 1
        byteCount += UInt64(end.offset)
    }

    private func newestSnapshot(among names: [String]) -> UInt64? {
        let store = SnapshotStore(source)
        return source.snapshots(among: names).reversed().first { sequence in
            sequence <= end.sequence && (try? store.open(sequence).verify()) != nil
        }
    }

    private mutating func copy(
        _ path: String, to copy: String, bytes: Int, padded: Int? = nil
    ) throws(StoreError) {
        let from = try source.open(path, .read)
        defer { source.files.close(from) }
        let to = try target.open(copy, .create)
        defer { target.files.close(to) }
        var offset = 0
        while offset < bytes {
            let wanted = UnsafeMutableRawBufferPointer(
                rebasing: buffer.bytes[..<min(buffer.bytes.count, bytes - offset)])
            let count = try source.read(from, into: wanted, at: offset)
            guard count > 0 else { break }
            try target.write(to, UnsafeRawBufferPointer(rebasing: wanted[..<count]), at: offset)
            offset += count
        }
        if let padded {
            // With blocks of its own, as every segment has before its first frame (W-4, W-8).
            try target.io { files throws(IOFailure) in try files.allocate(to, bytes: padded) }
        }
        try target.synchronize(to)
        fileCount += 1
        byteCount += UInt64(offset)
    }

    /// Reads the copy back from its beginning, as a start would.
    private func verify() throws {
        let inspection = try LogReader.frames(directory: target.path, fileSystem: target.files)
        guard inspection.tail == .clean, inspection.lastSequence == end.sequence,
            inspection.digest == end.digest
        else {
            throw StoreError.io(
                IOFailure(operation: "reading back", path: target.path, code: 5))
        }
        // One that was being removed while it was copied is cut short.
        let store = SnapshotStore(target)
        for snapshot in try store.sequences() {
            do {
                try store.open(snapshot).verify()
            } catch let defect as SnapshotDefect {
                throw StoreError.io(
                    IOFailure(
                        operation: "reading back (\(defect))", path: store.path(snapshot), code: 5))
            }
        }
    }
}
