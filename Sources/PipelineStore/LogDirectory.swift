/// The names in a log's directory, and whole-file I/O on them.
struct LogDirectory: Sendable {
    let path: String
    let files: any FileSystem

    var lock: String { path + "/lock" }
    var format: String { path + "/format" }
    var marks: String { path + "/marks" }
    var spare: String { path + "/spare" }
    /// What a crash may leave half written; removed at the next start.
    static let unfinishedSuffix = ".new"
    private static let segmentSuffix = ".log"
    private static let segmentDigits = 20

    func segment(_ firstSequence: UInt64) -> String {
        let digits = String(firstSequence)
        let zeros = String(repeating: "0", count: LogDirectory.segmentDigits - digits.count)
        return path + "/" + zeros + digits + LogDirectory.segmentSuffix
    }

    /// First sequences of the segments, ascending. Other names are somebody else's business.
    func segments(among names: [String]) -> [UInt64] {
        numbers(among: names, suffix: LogDirectory.segmentSuffix)
    }

    /// The numbers that names of 20 digits and a suffix stand for, ascending.
    func numbers(among names: [String], suffix: String) -> [UInt64] {
        names.compactMap { name in
            guard name.hasSuffix(suffix) else { return nil }
            let digits = name.dropLast(suffix.count)
            guard digits.utf8.count == LogDirectory.segmentDigits,
                digits.utf8.allSatisfy({ (0x30...0x39).contains($0) })
            else { return nil }
            return UInt64(digits)
        }.sorted()
    }

    private static let snapshotSuffix = ".snapshot"

    /// A snapshot is named like a segment, by the last record that it includes.
    func snapshot(_ sequence: UInt64) -> String {
        let segment = segment(sequence)
        return segment.dropLast(LogDirectory.segmentSuffix.count) + LogDirectory.snapshotSuffix
    }

    /// Last records of the snapshots, ascending.
    func snapshots(among names: [String]) -> [UInt64] {
        numbers(among: names, suffix: LogDirectory.snapshotSuffix)
    }

    func io<Result: ~Copyable>(
        _ body: (any FileSystem) throws(IOFailure) -> Result
    ) throws(StoreError) -> Result {
        do { return try body(files) } catch { throw .io(error) }
    }

    /// The directory that holds the name.
    static func parent(of path: String) -> String {
        let trimmed = path.reversed().drop { $0 == "/" }
        let parent = trimmed.drop { $0 != "/" }.drop { $0 == "/" }
        if parent.isEmpty { return path.first == "/" ? "/" : "." }
        return String(parent.reversed())
    }

    /// Whether there is such a directory at all.
    func exists() throws(StoreError) -> Bool {
        do { return try !files.list(path).isEmpty } catch {
            guard error.isNotFound else { throw .io(error) }
            return false
        }
    }

    func names() throws(StoreError) -> [String] {
        try io { files throws(IOFailure) in try files.list(path) }
    }

    func open(_ path: String, _ mode: OpenMode) throws(StoreError) -> OpenFile {
        try io { files throws(IOFailure) in try files.open(path, mode) }
    }

    func size(_ file: OpenFile) throws(StoreError) -> Int {
        try io { files throws(IOFailure) in try files.size(file) }
    }

    /// Writes everything: goes on after a short write, which is no error by itself.
    func write(
        _ file: OpenFile, _ bytes: UnsafeRawBufferPointer, at offset: Int
    ) throws(StoreError) {
        var done = 0
        while done < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
            let position = offset + done
            done += try io { files throws(IOFailure) in
                try files.write(file, rest, at: position)
            }
            if isPlanted(.shortWriteIgnored) { return }
        }
    }

    /// Writes what is long, each piece on its way to the disk before the next is written: a commit of the log
    /// has to wait for whatever lies before it there, so nothing may pile up.
    func writeInPieces(
        _ file: OpenFile, _ bytes: UnsafeRawBufferPointer, at offset: Int
    ) throws(StoreError) {
        var done = 0
        while done < bytes.count {
            let piece = bytes[done..<min(done + StoreBounds.pieceBytes, bytes.count)]
            try write(file, UnsafeRawBufferPointer(rebasing: piece), at: offset + done)
            // Starts what is still to be written, and waits for none of it.
            try io { files throws(IOFailure) in try files.discardCached(file) }
            done += piece.count
        }
    }

    /// Fills `bytes`, or less at the end of the file; returns how much.
    func read(
        _ file: OpenFile, into bytes: UnsafeMutableRawBufferPointer, at offset: Int
    ) throws(StoreError) -> Int {
        var done = 0
        while done < bytes.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: bytes[done...])
            let position = offset + done
            let count = try io { files throws(IOFailure) in
                try files.read(file, into: rest, at: position)
            }
            guard count > 0 else { break }
            done += count
            if isPlanted(.shortReadIgnored) { break }
        }
        return done
    }

    func synchronizeData(_ file: OpenFile) throws(StoreError) {
        try io { files throws(IOFailure) in try files.synchronizeData(file) }
    }

    func synchronize(_ file: OpenFile) throws(StoreError) {
        try io { files throws(IOFailure) in try files.synchronize(file) }
    }

    func synchronizeNames() throws(StoreError) {
        if isPlanted(.noDirectorySync) { return }
        try io { files throws(IOFailure) in try files.synchronizeDirectory(path) }
    }

    func rename(_ source: String, to target: String) throws(StoreError) {
        try io { files throws(IOFailure) in try files.rename(source, to: target) }
    }

    func remove(_ path: String) throws(StoreError) {
        try io { files throws(IOFailure) in try files.remove(path) }
    }

    /// Removes a long file piece by piece: freeing hundreds of megabytes at once holds up every commit of the
    /// log. Meanwhile it has the name of an unfinished one, which nobody believes.
    func removeInPieces(_ path: String, as unfinished: String) throws(StoreError) {
        try rename(path, to: unfinished)
        try synchronizeNames()
        let file = try open(unfinished, .update)
        defer { files.close(file) }
        var rest = try size(file) - StoreBounds.freedBytes
        while rest > 0 {
            let bytes = rest
            try io { files throws(IOFailure) in try files.resize(file, bytes: bytes) }
            files.giveWay()
            rest -= StoreBounds.freedBytes
        }
        try remove(unfinished)
    }

    /// Removes what a crash left half written.
    func removeUnfinished(among names: [String]) throws(StoreError) {
        for path in [spare, marks, format, horizon, path + "/snapshot"] {
            let unfinished = path + LogDirectory.unfinishedSuffix
            if names.contains(where: { self.path + "/" + $0 == unfinished }) {
                try remove(unfinished)
            }
        }
    }

    /// Puts a whole new file in place: written beside, synced, renamed; durable on return (W-4).
    func replace(_ path: String, with bytes: UnsafeRawBufferPointer) throws(StoreError) {
        let unfinished = path + LogDirectory.unfinishedSuffix
        let file = try open(unfinished, .create)
        defer { files.close(file) }
        try write(file, bytes, at: 0)
        try synchronize(file)
        try rename(unfinished, to: path)
        try synchronizeNames()
    }

    /// Up to `limit` first bytes of a file; nil when there is no such name in the directory.
    func contents(
        of path: String, limit: Int
    ) throws(StoreError) -> (buffer: AlignedBuffer, count: Int)? {
        let name = path.dropFirst(self.path.count + 1)
        guard try names().contains(String(name)) else { return nil }
        let file = try open(path, .read)
        defer { files.close(file) }
        let buffer = AlignedBuffer(byteCount: limit)
        return (buffer, try read(file, into: buffer.bytes, at: 0))
    }
}

/// Heap memory aligned to pages; freed with its last reference.
///
/// The memory belongs to whoever holds the lock of the structure around it.
final class AlignedBuffer: @unchecked Sendable {
    let bytes: UnsafeMutableRawBufferPointer

    init(byteCount: Int) {
        bytes = .allocate(byteCount: byteCount, alignment: StoreBounds.blockBytes)
    }

    /// Hands the bytes over for the call; the buffer lives at least as long.
    func withBytes<Result: ~Copyable, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        defer { withExtendedLifetime(self) {} }
        return try body(UnsafeRawBufferPointer(bytes))
    }

    static func zeroed(byteCount: Int) -> AlignedBuffer {
        let buffer = AlignedBuffer(byteCount: byteCount)
        buffer.bytes.initializeMemory(as: UInt8.self, repeating: 0)
        return buffer
    }

    deinit {
        bytes.deallocate()
    }
}
