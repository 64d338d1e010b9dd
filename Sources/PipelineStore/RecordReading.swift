extension Log {
    public func read(
        _ sequences: [UInt64]
    ) throws(StoreError) -> [(sequence: UInt64, bytes: [UInt8])] {
        try refuseAfterFailure()
        var records: [(sequence: UInt64, bytes: [UInt8])] = []
        records.reserveCapacity(sequences.count)
        var window = FrameWindow(directory, format)
        defer { window.close() }
        for sequence in sequences {
            if !window.holds(sequence) { try turn(&window, to: sequence) }
            records.append((sequence, Array(window.body(of: sequence))))
        }
        return records
    }

    public func walk(
        _ sequences: ClosedRange<UInt64>, _ visit: (UInt64, UnsafeRawBufferPointer) -> Bool
    ) throws(StoreError) {
        try refuseAfterFailure()
        var window = FrameWindow(directory, format, byteCount: FrameWindow.walkBytes)
        defer { window.close() }
        for sequence in sequences {
            if !window.holds(sequence) { try turn(&window, to: sequence) }
            guard visit(sequence, window.body(of: sequence)) else { return }
        }
    }

    /// The header of a segment's first frame.
    func header(of segment: UInt64) throws(StoreError) -> FrameHeader {
        var window = FrameWindow(directory, format)
        defer { window.close() }
        try window.find(segment, inSegment: segment, from: 0)
        return try window.header(of: segment)
    }

    /// Brings the frame of a durable record into the window.
    private func turn(
        _ window: inout FrameWindow, to sequence: UInt64
    ) throws(StoreError) {
        let place = published.withLock { published in
            sequence <= published.position.sequence ? published.index.locate(sequence) : nil
        }
        guard sequence > 0, let place else {
            throw .notDurable(sequence: sequence, durable: durable)
        }
        try window.find(sequence, inSegment: place.segment, from: place.offset)
    }
}

/// An opened segment, in its place or archived. Frames of an archived one are found by their place in
/// the row of all its frames, without padding.
private struct SegmentFile {
    let segment: UInt64
    let file: OpenFile
    let packed: PackedSegment?

    var isPacked: Bool { packed != nil }
}

/// One verified frame out of a segment, and the open file it came from.
private struct FrameWindow {
    private let directory: LogDirectory
    private let format: FormatFile
    private var open: SegmentFile?
    private var buffer: AlignedBuffer
    /// What of the segment the buffer holds.
    private var loaded = 0..<0
    private var current: (header: FrameHeader, bodies: [Range<Int>])?
    /// Where the frame behind the current one begins.
    private var following: (sequence: UInt64, offset: Int)?

    /// What is read at a time by whoever reads on and on.
    static let walkBytes = 1 << 20

    init(
        _ directory: LogDirectory, _ format: FormatFile,
        byteCount: Int = 2 * SequenceIndex.spacingBytes
    ) {
        self.directory = directory
        self.format = format
        buffer = AlignedBuffer(byteCount: byteCount)
    }

    func holds(_ sequence: UInt64) -> Bool {
        guard let current else { return false }
        return sequence >= current.header.firstSequence
            && sequence <= current.header.lastSequence
    }

    /// The header of the frame found last, which must begin with that record.
    func header(of sequence: UInt64) throws(StoreError) -> FrameHeader {
        guard let current, current.header.firstSequence == sequence else {
            throw .notDurable(sequence: sequence, durable: 0)
        }
        return current.header
    }

    /// The body of a record of the frame found last, valid until the next one is looked for.
    func body(of sequence: UInt64) -> UnsafeRawBufferPointer {
        guard let current else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        return UnsafeRawBufferPointer(
            rebasing: buffer.bytes[current.bodies[Int(sequence - current.header.firstSequence)]])
    }

    /// Walks from a frame's beginning to the frame that holds the sequence, and verifies that one.
    mutating func find(
        _ sequence: UInt64, inSegment segment: UInt64, from start: Int
    ) throws(StoreError) {
        current = nil
        var known: Int?
        if let following, following.sequence == sequence, open?.segment == segment {
            known = following.offset
        }
        let file = try file(of: segment)
        // Of an archived segment the index knows no offsets, but its own table does.
        var offset =
            known ?? file.packed.map { $0.block(of: sequence)?.frames.lowerBound ?? 0 } ?? start
        while true {
            let header = try header(at: offset, of: file)
            if sequence < header.firstSequence {
                throw damage(.noFrame, at: offset, in: file)
            }
            if sequence <= header.lastSequence { break }
            offset += file.isPacked ? header.contentBytes : header.frameBytes
        }
        try verify(at: offset, of: file, sequence)
    }

    private mutating func file(of segment: UInt64) throws(StoreError) -> SegmentFile {
        if let open, open.segment == segment { return open }
        close()
        loaded = 0..<0
        do throws(IOFailure) {
            let file = try directory.files.open(directory.segment(segment), .read)
            let opened = SegmentFile(segment: segment, file: file, packed: nil)
            open = opened
            return opened
        } catch {
            guard error.isNotFound else { throw .io(error) }
        }
        let file = try directory.open(directory.archived(segment), .read)
        do throws(StoreError) {
            let packed = try PackedSegment(reading: file, of: segment, directory, format)
            let opened = SegmentFile(segment: segment, file: file, packed: packed)
            open = opened
            return opened
        } catch {
            directory.files.close(file)
            throw error
        }
    }

    private mutating func header(
        at offset: Int, of file: SegmentFile
    ) throws(StoreError) -> FrameHeader {
        try load(offset, FrameHeader.byteCount, of: file)
        do throws(FrameDefect) {
            let header = try FrameHeader(decoding: bytes(from: offset))
            guard header.clusterID == format.clusterID else {
                throw .foreignCluster(header.clusterID)
            }
            return header
        } catch {
            throw damage(error, at: offset, in: file)
        }
    }

    private mutating func verify(
        at offset: Int, of file: SegmentFile, _ sequence: UInt64
    ) throws(StoreError) {
        let length = try header(at: offset, of: file).frameBytes
        try load(offset, length, of: file)
        do throws(FrameDefect) {
            let (header, payload) = try Frame.checked(bytes(from: offset), isPacked: file.isPacked)
            // Read again since it was found: nothing may be indexed by what the disk said before.
            guard header.firstSequence <= sequence, sequence <= header.lastSequence else {
                throw .sequence(found: header.firstSequence, expected: sequence)
            }
            var bodies: [Range<Int>] = []
            bodies.reserveCapacity(header.recordCount)
            var end = offset - loaded.lowerBound + FrameHeader.byteCount
            for body in FrameRecords(payload) {
                let begin = end + FrameHeader.recordPrefixBytes
                end = begin + body.count
                bodies.append(begin..<end)
            }
            current = (header, bodies)
            let length = file.isPacked ? header.contentBytes : header.frameBytes
            following = (header.lastSequence + 1, offset + length)
        } catch {
            throw damage(error, at: offset, in: file)
        }
    }

    private func bytes(from offset: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(
            rebasing: buffer.bytes[(offset - loaded.lowerBound)..<loaded.count])
    }

    /// Makes sure that the buffer holds `count` bytes from `offset` on, as far as the file goes.
    private mutating func load(
        _ offset: Int, _ count: Int, of file: SegmentFile
    ) throws(StoreError) {
        if loaded.contains(offset), offset + count <= loaded.upperBound { return }
        if let packed = file.packed {
            // A frame lies in one block, so what the block does not have is not there.
            if loaded.contains(offset) { return }
            guard let block = packed.block(at: offset) else {
                loaded = offset..<offset
                return
            }
            if block.frames.count > buffer.bytes.count {
                buffer = AlignedBuffer(byteCount: block.frames.count)
            }
            loaded = 0..<0
            try packed.unpack(block, of: file.file, directory, into: buffer.bytes)
            loaded = block.frames
            return
        }
        if count > buffer.bytes.count { buffer = AlignedBuffer(byteCount: count) }
        loaded = 0..<0
        let read = try directory.read(file.file, into: buffer.bytes, at: offset)
        loaded = offset..<(offset + read)
    }

    private func damage(
        _ defect: FrameDefect, at offset: Int, in file: SegmentFile
    ) -> StoreError {
        .corrupt(
            Corruption(
                file: file.packed?.path ?? directory.segment(file.segment), offset: UInt64(offset),
                length: UInt64(StoreBounds.blockBytes), reason: defect.description,
                lastTrustedSequence: 0))
    }

    mutating func close() {
        if let open { directory.files.close(open.file) }
        open = nil
    }
}
