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
/// Changes nothing. A scan that starts at a snapshot follows the chain through the whole segment that it
/// starts in, and looks at no more than the names of those before.
struct LogScan {
    private(set) var position: LogPosition
    private(set) var index = SequenceIndex()
    private(set) var tail = LogTail.clean
    private(set) var frameCount = 0
    /// First sequences of all segment files from the horizon on, by their names; archived ones too.
    let segments: [UInt64]
    private var archived: Set<UInt64>
    /// The last frame that was verified, by its place.
    private var before: (file: String, offset: Int, records: ClosedRange<UInt64>)?

    private let directory: LogDirectory
    private let format: FormatFile
    private let mark: CommitMark?
    private let buffer: AlignedBuffer
    /// Frames before this point are verified, but not shown.
    private let start: LogPosition
    /// The log reached this far once: so a commit mark says, or a snapshot.
    private let proven: UInt64

    init(
        _ directory: LogDirectory, format: FormatFile, mark: CommitMark?,
        from place: LogPosition? = nil, atLeast proven: UInt64 = 0
    ) throws(StoreError) {
        let horizon = try Horizon.read(directory, format.clusterID)
        let start = place ?? horizon
        self.directory = directory
        self.format = format
        self.mark = mark
        self.start = start
        self.proven = max(proven, mark?.sequence ?? 0)
        position = isPlanted(.snapshotHidesDamage) ? start : start.beginningOfSegment
        // What is before the horizon waits for its removal.
        let present = directory.segments(among: try directory.names())
            .filter { $0 >= horizon.segment }
        // One that is in both places was being archived, and has not been removed yet.
        archived = Set(try directory.archivedSegments().filter { $0 >= horizon.segment })
            .subtracting(present)
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

    /// Verifies the segment that the scan stands at the beginning of, and goes on to the next; false at
    /// the last one, which is being written, and where something is wrong, which `tail` then tells.
    mutating func passSegment() throws(StoreError) -> Bool {
        let segment = position.segment
        guard let last = segments.last, segment < last else { return false }
        guard segments.contains(segment) else {
            refuse(at: 0, of: segment, length: 0, "the segment is missing")
            return false
        }
        guard try scan(segment, isLast: false, { _ throws(StoreError) in }) else { return false }
        position.segment = position.sequence + 1
        position.offset = 0
        return true
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
        let (size, damage) = try load(segment)
        let bytes = UnsafeRawBufferPointer(buffer.bytes)
        while position.offset < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[position.offset...])
            let frame: Frame
            do throws(FrameDefect) {
                if position == start.beginningOfSegment { try enter(rest) }
                frame = try verified(rest)
            } catch {
                guard isWhole(damage), isSized(segment, size) else { return false }
                return try judge(error, rest, of: segment, isLast: isLast)
            }
            var end = frame.position(after: position)
            if reachedStart {
                try visit(
                    ScannedFrame(
                        file: path(of: segment), offset: position.offset, frame: frame, end: end))
                frameCount += 1
            } else if end.offset >= start.offset {
                guard start.follows(end) else {
                    refuse(
                        at: position.offset, of: segment, length: frame.header.frameBytes,
                        "the frame is not the one that the snapshot follows")
                    return false
                }
                end = start
            }
            index.add(frameAt: position.offset, firstSequence: frame.header.firstSequence)
            before = (
                path(of: segment), position.offset,
                frame.header.firstSequence...frame.header.lastSequence
            )
            position = end
        }
        return isWhole(damage) && isSized(segment, size)
    }

    /// An archived segment is read up to its first damaged block.
    private mutating func isWhole(_ damage: Corruption?) -> Bool {
        guard let damage else { return true }
        corrupt(
            damage.file, at: Int(damage.offset), length: Int(damage.length), damage.reason)
        return false
    }

    /// What the first frame of the segment that a snapshot starts in says of those before is believed:
    /// they are not read. The chain from there on must lead to where the snapshot follows.
    private mutating func enter(_ bytes: UnsafeRawBufferPointer) throws(FrameDefect) {
        guard start.offset > 0 else { return }
        let header = try FrameHeader(decoding: bytes)
        position.digest = header.chain
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

    /// Whether the scan came to where it was to start.
    private var reachedStart: Bool {
        position.segment > start.segment || position.offset >= start.offset
    }

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
    private mutating func load(
        _ segment: UInt64
    ) throws(StoreError) -> (size: Int, damage: Corruption?) {
        guard let file = try openUnpacked(segment) else {
            let damage = try Archive(directory, format).unpack(segment, into: buffer)
            return (format.segmentBytes, damage)
        }
        defer { directory.files.close(file) }
        let size = try directory.size(file)
        if segment == segments.last, !isPlanted(.cacheBelieved) {
            try directory.synchronizeData(file)
            try directory.io { files throws(IOFailure) in try files.discardCached(file) }
        }
        let count = try directory.read(file, into: buffer.bytes, at: 0)
        UnsafeMutableRawBufferPointer(rebasing: buffer.bytes[count...])
            .initializeMemory(as: UInt8.self, repeating: 0)
        return (size, nil)
    }

    /// A segment as it was written; nil where it is archived, be it since this scan began.
    private mutating func openUnpacked(_ segment: UInt64) throws(StoreError) -> OpenFile? {
        guard !archived.contains(segment) else { return nil }
        do throws(StoreError) {
            return try directory.open(directory.segment(segment), .read)
        } catch {
            guard error.isNotFound, try directory.archivedSegments().contains(segment) else {
                throw error
            }
            archived.insert(segment)
            return nil
        }
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
        if case .brokenChain = defect, let before {
            let reason = "\(defect), \(changed(before, or: rest)) was changed after it was written"
            refuse(
                at: position.offset, of: segment, length: written, reason, doubted: before.records)
            return false
        }
        guard isLast, defect.mayBeTorn else {
            refuse(at: position.offset, of: segment, length: written, defect.description)
            return false
        }
        if !isPlanted(.laterFrameNotLookedFor), let later = try laterFrame(in: rest, of: segment) {
            refuse(
                at: position.offset, of: segment, length: later,
                "\(defect), but a frame follows at offset \(position.offset + later)")
            return false
        }
        guard mark != nil else {
            corrupt(
                directory.marks, at: 0, length: CommitMark.fileBytes, "no valid commit mark")
            return false
        }
        guard position.sequence >= proven || isPlanted(.endBelowMarkAccepted) else {
            refuse(
                at: position.offset, of: segment, length: written,
                "\(defect), but records up to \(proven) were acknowledged")
            return false
        }
        tail = .torn(length: written)
        return false
    }

    /// Which of two frames that are whole, and no longer chained to each other, was changed (W-3): the former
    /// if the latter is the one that the frame after it, or the mark, was written for.
    private func changed(
        _ before: (file: String, offset: Int, records: ClosedRange<UInt64>),
        or rest: UnsafeRawBufferPointer
    ) -> String {
        let named =
            "at offset \(before.offset) of \(before.file) with the records"
            + " \(before.records.lowerBound) to \(before.records.upperBound)"
        guard let header = try? FrameHeader(decoding: rest) else { return "\(named): one of them" }
        let digest = Digest(of: UnsafeRawBufferPointer(rebasing: rest[..<header.contentBytes]))
        let next = UnsafeRawBufferPointer(rebasing: rest[header.frameBytes...])
        let isAttested =
            (try? FrameHeader(decoding: next))?.chain == digest
            || (mark?.sequence == header.lastSequence && mark?.digest == digest)
        return isAttested ? "\(named): that one" : "\(named): one of them"
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
        guard mark != nil else {
            corrupt(
                directory.marks, at: 0, length: CommitMark.fileBytes, "no valid commit mark")
            return
        }
        guard position.sequence >= proven else {
            refuse(
                at: position.offset, of: last, length: 0,
                "the log ends here, but records up to \(proven) were acknowledged")
            return
        }
    }

    private mutating func refuse(
        at offset: Int, of segment: UInt64, length: Int, _ reason: String,
        doubted: ClosedRange<UInt64>? = nil
    ) {
        let counted = " (counted as in the segment before it was packed)"
        corrupt(
            path(of: segment), at: offset, length: length,
            archived.contains(segment) ? reason + counted : reason, doubted: doubted)
    }

    private mutating func corrupt(
        _ file: String, at offset: Int, length: Int, _ reason: String,
        doubted: ClosedRange<UInt64>? = nil
    ) {
        tail = .corrupt(
            Corruption(
                file: file, offset: UInt64(offset), length: UInt64(max(length, 0)), reason: reason,
                lastTrustedSequence: position.sequence, doubted: doubted))
    }
}
