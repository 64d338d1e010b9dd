extension Log {
    /// Founds a log: makes the directory if need be, the first segment, the marks, and last the
    /// file `format`, without which there is no log. Does not leave it open.
    ///
    /// - Throws: `alreadyFounded` when the directory holds a log or segments of one; `locked`.
    public static func create(
        directory path: String, fileSystem: any FileSystem = PosixFileSystem()
    ) throws(StoreError) {
        guard let cluster = ClusterID.random() else {
            throw .io(IOFailure(operation: "RAND_bytes", path: path, code: 5))
        }
        try create(directory: path, fileSystem: fileSystem, cluster: cluster)
    }

    /// `segmentBytes`: a multiple of 8 KiB, from 16 KiB to 1 GiB; the format allows it so that
    /// tests can have small ones.
    package static func create(
        directory path: String, fileSystem: any FileSystem, cluster: ClusterID,
        segmentBytes: Int = StoreBounds.segmentBytes
    ) throws(StoreError) {
        let directory = LogDirectory(path: path, files: fileSystem)
        try directory.io { files throws(IOFailure) in
            try files.makeDirectory(path)
            try files.synchronizeDirectory(LogDirectory.parent(of: path))
        }
        let lock = try takeLock(directory)
        defer { fileSystem.close(lock) }
        let names = try directory.names()
        guard !names.contains("format") else { throw .alreadyFounded(directory: path) }
        try directory.removeUnfinished(among: names)
        for segment in directory.segments(among: names) {
            try removeIfEmpty(directory, segment)
        }
        var spare = SpareSegment(directory: directory, segmentBytes: segmentBytes)
        defer { spare.close() }
        try spare.adopt(among: names)
        fileSystem.close(try spare.take(as: LogPosition.beginning.segment))
        _ = try MarkWriter.found(
            directory, cluster: cluster, at: .beginning, epoch: LogPosition.beginning.epoch,
            generation: 0)
        let format = FormatFile(clusterID: cluster, segmentBytes: segmentBytes)
        let file = format.encoded()
        try directory.replace(directory.format, with: UnsafeRawBufferPointer(file.bytes))
    }

    /// An interrupted founding leaves an empty first segment; a segment with anything in it means
    /// that `format` was lost, and that this is no place to found a log.
    private static func removeIfEmpty(
        _ directory: LogDirectory, _ segment: UInt64
    ) throws(StoreError) {
        let path = directory.segment(segment)
        let file = try directory.open(path, .read)
        defer { directory.files.close(file) }
        let buffer = AlignedBuffer(byteCount: 1 << 20)
        var offset = 0
        while true {
            let count = try directory.read(file, into: buffer.bytes, at: offset)
            guard count > 0 else { break }
            guard UnsafeRawBufferPointer(rebasing: buffer.bytes[..<count]).lastNonzeroEnd == 0
            else { throw .alreadyFounded(directory: directory.path) }
            offset += count
        }
        try directory.remove(path)
    }

    /// Takes the lock (W-13), recovers (W-6) and calls `replay` for every record in order.
    ///
    /// - Parameters:
    ///   - freeBytesMin: bytes of free space under which writes are refused (W-8).
    ///   - acceptDataLossAfter: must name the last trusted record of a log found corrupt: gives up
    ///     all behind it, keeping copies, and raises the epoch. No effect on a sound log.
    ///   - restore: makes the state anew from a snapshot, or empty where it is given none; called
    ///     again, with an older snapshot or none, when it throws or when the snapshot turns out not
    ///     to belong to this log. Without it snapshots are left alone and everything is replayed.
    ///   - replay: sequence, the frame's leader time in milliseconds since 1970, and the body, which
    ///     is valid during the call only. What it throws ends the opening as `recordRefused`.
    /// - Throws: `notFounded`, `locked`, `corrupt`, `newerFormat`, `recordRefused`, `io`. When it
    ///   throws `corrupt`, `newerFormat` or `recordRefused`, no segment was changed.
    public static func open(
        directory path: String, fileSystem: any FileSystem = PosixFileSystem(),
        freeBytesMin: UInt64 = StoreBounds.freeBytesMin, acceptDataLossAfter: UInt64? = nil,
        restore: ((SnapshotReader?) throws -> Void)? = nil,
        replay: (UInt64, Int64, UnsafeRawBufferPointer) throws -> Void
    ) throws(StoreError) -> (log: Log, report: RecoveryReport) {
        let directory = LogDirectory(path: path, files: fileSystem)
        guard try directory.exists() else { throw .notFounded(directory: path) }
        try directory.requireFormat()
        let lock = try takeLock(directory)
        do throws(StoreError) {
            return try open(
                directory, lock, freeBytesMin: freeBytesMin,
                acceptDataLossAfter: acceptDataLossAfter, restore: restore, replay: replay)
        } catch {
            fileSystem.close(lock)
            throw error
        }
    }

    private static func open(
        _ directory: LogDirectory, _ lock: OpenFile, freeBytesMin: UInt64,
        acceptDataLossAfter: UInt64?, restore: ((SnapshotReader?) throws -> Void)?,
        replay: (UInt64, Int64, UnsafeRawBufferPointer) throws -> Void
    ) throws(StoreError) -> (log: Log, report: RecoveryReport) {
        let format = try FormatFile.read(directory)
        let names = try directory.names()
        try directory.removeUnfinished(among: names)
        // A killed process may have renamed without syncing, and what follows relies on the names.
        try directory.synchronizeNames()
        try synchronizeMarks(directory, among: names)
        let mark = try CommitMark.newest(directory, cluster: format.clusterID)
        var restoration = try Restoration(directory, format, mark, restore)
        let scan = try restoration.run(replay)
        var recovery = Recovery(
            directory, format: format, scan: scan, mark: mark,
            snapshotSequence: restoration.sequence, rejectedSnapshots: restoration.rejected)
        let newestMark = try recovery.finish(acceptDataLossAfter: acceptDataLossAfter)

        var spare = SpareSegment(directory: directory, segmentBytes: format.segmentBytes)
        try spare.adopt(among: try directory.names())
        let marks = try MarkWriter(
            directory: directory, cluster: format.clusterID, mark: newestMark)
        let segment = try directory.open(
            directory.segment(recovery.position.segment), .update)
        let writer = FrameWriter(
            directory, format: format, file: segment, position: recovery.position)
        let log = Log(
            directory: directory, format: format, lock: lock, recovery: recovery, writer: writer,
            spare: spare, marks: marks, freeBytesMin: freeBytesMin)
        while try log.maintain(now: 0) {}
        return (log, recovery.report)
    }

    /// A mark that a killed process wrote and did not sync is in the cache alone: with the next one in
    /// flight beside it, a power cut could tear both.
    private static func synchronizeMarks(
        _ directory: LogDirectory, among names: [String]
    ) throws(StoreError) {
        guard names.contains("marks"), !isPlanted(.marksNotSynchronizedAtStart) else { return }
        let file = try directory.open(directory.marks, .read)
        defer { directory.files.close(file) }
        try directory.synchronizeData(file)
        try directory.io { files throws(IOFailure) in try files.discardCached(file) }
    }

    private static func takeLock(_ directory: LogDirectory) throws(StoreError) -> OpenFile {
        let lock = try directory.io { files throws(IOFailure) in
            try files.openLocked(directory.lock)
        }
        if lock == nil, isPlanted(.lockIgnored) { return try directory.open(directory.lock, .read) }
        guard let lock else { throw .locked(path: directory.lock) }
        return lock
    }
}
