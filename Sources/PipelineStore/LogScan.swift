/// A frame met by a scan, verified, with the place where it stands.
struct ScannedFrame {
    let file: String
    let offset: Int
    let frame: Frame
    /// The point behind the frame.
    let end: LogPosition
}

/// What follows the last verified frame.
enum LogTail: Sendable, Equatable {
    /// Nothing but zeros.
    case clean
    /// The remains of a frame whose write was interrupted; `length` bytes up to the last that is
    /// not zero.
    case torn(length: Int)
    case corrupt(Corruption)
}

/// Reads a log from a point on, verifying every frame, and judges what follows the last one (W-6).
/// Changes nothing. A scan that starts at a
/// snapshot trusts what lies before: only the names of those segments are looked at.
struct LogScan {
    private(set) var position: LogPosition
    private(set) var index = SequenceIndex()
    private(set) var tail = LogTail.clean
    private(set) var frameCount = 0
    /// First sequences of all segment files, by their names; archived ones among them.
    let segments: [UInt64]
    private let archived: Set<UInt64>

    private let directory: LogDirectory
    private let format: FormatFile
    private let mark: CommitMark?
    private let buffer: AlignedBuffer

    init(
        _ directory: LogDirectory, format: FormatFile, mark: CommitMark?,
        from start: LogPosition = .beginning
    ) throws(StoreError) {
        self.directory = directory
        self.format = format
        self.mark = mark
        position = start
        let present = directory.segments(among: try directory.names())
        // One that is in both places was being archived, and has not been removed yet.
        archived = Set(try directory.archivedSegments()).subtracting(present)
        segments = archived.isEmpty ? present : (present + archived).sorted()
        buffer = AlignedBuffer(byteCount: format.segmentBytes)
    }

    mutating func run(
        _ visit: (ScannedFrame) throws(StoreError) -> Void
    ) throws(StoreError) {
        for segment in segments {
            index.beginSegment(segment)
            guard segment >= position.segment else { continue }
            guard try scan(segment, isLast: segment == segments.last, visit) else { return }
        }
        judgeEnd()
    }

    /// Scans one segment; false when the scan ends there.
    private mutating func scan(
        _ segment: UInt64, isLast: Bool, _ visit: (ScannedFrame) throws(StoreError) -> Void
    ) throws(StoreError) -> Bool {
        if segment != position.segment {
            guard segment == position.sequence + 1 else {
                refuse(
                    at: 0, of: segment, length: 0,
                    "the segment before it ends with record \(position.sequence)")
                return false
            }
            position.segment = segment
            position.offset = 0
        }
        let size = try load(segment)
        let bytes = UnsafeRawBufferPointer(buffer.bytes)
        while position.offset < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[position.offset...])
            let frame: Frame
            do throws(FrameDefect) {
                frame = try verified(rest)
            } catch {
                guard isSized(segment, size) else { return false }
                return try judge(error, rest, of: segment, isLast: isLast)
            }
            try visit(
                ScannedFrame(
                    file: path(of: segment), offset: position.offset, frame: frame,
                    end: frame.position(after: position)))
            index.add(frameAt: position.offset, firstSequence: frame.header.firstSequence)
            position = frame.position(after: position)
            frameCount += 1
        }
        return isSized(segment, size)
    }

    /// A segment had its full size before its first frame was written.
    private mutating func isSized(_ segment: UInt64, _ size: Int) -> Bool {
        guard size != format.segmentBytes else { return true }
        refuse(
            at: position.offset, of: segment, length: size - position.offset,
            "the file has \(size) bytes instead of \(format.segmentBytes)")
        return false
    }

    private func path(of segment: UInt64) -> String {
        archived.contains(segment) ? directory.archived(segment) : directory.segment(segment)
    }

    /// Whether the scan ended in a segment that is archived.
    var endsInArchive: Bool { archived.contains(position.segment) }

    private func verified(_ bytes: UnsafeRawBufferPointer) throws(FrameDefect) -> Frame {
        let frame = try Frame(verifying: bytes, after: position, of: format.clusterID)
        if let mark, mark.sequence >= frame.header.firstSequence,
            mark.sequence <= frame.header.lastSequence
        {
            guard mark.sequence == frame.header.lastSequence, mark.digest == frame.digest else {
                throw .contradictsMark
            }
        }
        return frame
    }

    /// Fills the buffer with a segment, and with zeros where the file is too short; returns the
    /// file's size. What earlier runs wrote is synced first, and read from the disk itself: after a
    /// failed sync the cache may hold frames that the disk does not (W-7).
    private func load(_ segment: UInt64) throws(StoreError) -> Int {
        guard !archived.contains(segment) else {
            try Archive(directory, format).unpack(directory.archived(segment), into: buffer)
            return format.segmentBytes
        }
        let file = try directory.open(directory.segment(segment), .read)
        defer { directory.files.close(file) }
        let size = try directory.size(file)
        if segment == segments.last, !isPlanted(.cacheBelieved) {
            try directory.synchronizeData(file)
            try directory.io { files throws(IOFailure) in try files.discardCached(file) }
        }
        let count = try directory.read(file, into: buffer.bytes, at: 0)
        UnsafeMutableRawBufferPointer(rebasing: buffer.bytes[count...])
            .initializeMemory(as: UInt8.self, repeating: 0)
        return size
    }

    /// Decides what a place without a valid frame means; true when the scan may go on.
    private mutating func judge(
        _ defect: FrameDefect, _ rest: UnsafeRawBufferPointer, of segment: UInt64, isLast: Bool
    ) throws(StoreError) -> Bool {
        if case .newerVersion(let version) = defect {
            throw .newerFormat(
                file: path(of: segment), found: version,
                supported: StoreBounds.formatVersion)
        }
        let written = rest.lastNonzeroEnd
        if written == 0 { return true }
        guard isLast else {
            refuse(at: position.offset, of: segment, length: written, defect.description)
            return false
        }
        guard defect.mayBeTorn else {
            refuse(at: position.offset, of: segment, length: written, defect.description)
            return false
        }
        if !isPlanted(.laterFrameNotLookedFor), let later = try laterFrame(in: rest, of: segment) {
            refuse(
                at: position.offset, of: segment, length: later,
                "\(defect), but a frame follows at offset \(position.offset + later)")
            return false
        }
        guard let mark else {
            corrupt(
                directory.marks, at: 0, length: CommitMark.fileBytes, "no valid commit mark")
            return false
        }
        guard position.sequence >= mark.sequence || isPlanted(.endBelowMarkAccepted) else {
            refuse(
                at: position.offset, of: segment, length: written,
                "\(defect), but records up to \(mark.sequence) were acknowledged")
            return false
        }
        tail = .torn(length: written)
        return false
    }

    /// Offset of a frame behind the bad place. Its header suffices: with one unsynced frame in
    /// flight, a later one was begun only after the bad one was durable.
    private func laterFrame(
        in rest: UnsafeRawBufferPointer, of segment: UInt64
    ) throws(StoreError) -> Int? {
        var offset = StoreBounds.blockBytes
        while offset < rest.count {
            let block = UnsafeRawBufferPointer(rebasing: rest[offset...])
            do throws(FrameDefect) {
                let header = try FrameHeader(decoding: block)
                if header.clusterID == format.clusterID { return offset }
            } catch {
                if case .newerVersion(let version) = error {
                    throw .newerFormat(
                        file: path(of: segment), found: version,
                        supported: StoreBounds.formatVersion)
                }
            }
            offset += StoreBounds.blockBytes
        }
        return nil
    }

    /// The last segment ended cleanly, or there is none: is that where the log was?
    private mutating func judgeEnd() {
        guard let last = segments.last else {
            refuse(at: 0, of: position.segment, length: 0, "the segment is missing")
            return
        }
        guard let mark else {
            corrupt(
                directory.marks, at: 0, length: CommitMark.fileBytes, "no valid commit mark")
            return
        }
        guard position.sequence >= mark.sequence else {
            refuse(
                at: position.offset, of: last, length: 0,
                "the log ends here, but records up to \(mark.sequence) were acknowledged")
            return
        }
    }

    private mutating func refuse(
        at offset: Int, of segment: UInt64, length: Int, _ reason: String
    ) {
        corrupt(path(of: segment), at: offset, length: length, reason)
    }

    private mutating func corrupt(_ file: String, at offset: Int, length: Int, _ reason: String) {
        tail = .corrupt(
            Corruption(
                file: file, offset: UInt64(offset), length: UInt64(max(length, 0)), reason: reason,
                lastTrustedSequence: position.sequence))
    }
}
