extension Log {
    public func read(
        _ sequences: [UInt64]
    ) throws(StoreError) -> [(sequence: UInt64, bytes: [UInt8])] {
        try refuseAfterFailure()
        var records: [(sequence: UInt64, bytes: [UInt8])] = []
        records.reserveCapacity(sequences.count)
        var window = FrameWindow(directory, clusterID)
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
        var window = FrameWindow(directory, clusterID, byteCount: FrameWindow.walkBytes)
        defer { window.close() }
        for sequence in sequences {
            if !window.holds(sequence) { try turn(&window, to: sequence) }
            guard visit(sequence, window.body(of: sequence)) else { return }
        }
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

/// One verified frame out of a segment, and the open file it came from.
private struct FrameWindow {
    private let directory: LogDirectory
    private let cluster: ClusterID
    private var open: (segment: UInt64, file: OpenFile)?
    private var buffer: AlignedBuffer
    /// What of the segment the buffer holds.
    private var loaded = 0..<0
    private var current: (header: FrameHeader, bodies: [Range<Int>])?
    /// Where the frame behind the current one begins.
    private var following: (sequence: UInt64, offset: Int)?

    /// What is read at a time by whoever reads on and on.
    static let walkBytes = 1 << 20

    init(
        _ directory: LogDirectory, _ cluster: ClusterID,
        byteCount: Int = 2 * SequenceIndex.spacingBytes
    ) {
        self.directory = directory
        self.cluster = cluster
        buffer = AlignedBuffer(byteCount: byteCount)
    }

    func holds(_ sequence: UInt64) -> Bool {
        guard let current else { return false }
        return sequence >= current.header.firstSequence
            && sequence <= current.header.lastSequence
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
        var offset = start
        if let following, following.sequence == sequence, open?.segment == segment {
            offset = following.offset
        }
        let file = try file(of: segment)
        while true {
            let header = try header(at: offset, of: file, segment)
            if sequence < header.firstSequence {
                throw damage(.noFrame, at: offset, segment, sequence)
            }
            if sequence <= header.lastSequence { break }
            offset += header.frameBytes
        }
        try verify(at: offset, of: file, segment, sequence)
    }

    private mutating func file(of segment: UInt64) throws(StoreError) -> OpenFile {
        if let open, open.segment == segment { return open.file }
        close()
        let file = try directory.open(directory.segment(segment), .read)
        open = (segment, file)
        loaded = 0..<0
        return file
    }

    private mutating func header(
        at offset: Int, of file: OpenFile, _ segment: UInt64
    ) throws(StoreError) -> FrameHeader {
        try load(offset, FrameHeader.byteCount, of: file)
        do throws(FrameDefect) {
            let header = try FrameHeader(decoding: bytes(from: offset))
            guard header.clusterID == cluster else { throw .foreignCluster(header.clusterID) }
            return header
        } catch {
            throw damage(error, at: offset, segment, 0)
        }
    }

    private mutating func verify(
        at offset: Int, of file: OpenFile, _ segment: UInt64, _ sequence: UInt64
    ) throws(StoreError) {
        let length = try header(at: offset, of: file, segment).frameBytes
        try load(offset, length, of: file)
        do throws(FrameDefect) {
            let (header, payload) = try Frame.checked(bytes(from: offset))
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
            following = (header.lastSequence + 1, offset + header.frameBytes)
        } catch {
            throw damage(error, at: offset, segment, sequence)
        }
    }

    private func bytes(from offset: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(
            rebasing: buffer.bytes[(offset - loaded.lowerBound)..<loaded.count])
    }

    /// Makes sure that the buffer holds `count` bytes from `offset` on, as far as the file goes.
    private mutating func load(_ offset: Int, _ count: Int, of file: OpenFile) throws(StoreError) {
        if loaded.contains(offset), offset + count <= loaded.upperBound { return }
        if count > buffer.bytes.count { buffer = AlignedBuffer(byteCount: count) }
        loaded = 0..<0
        let read = try directory.read(file, into: buffer.bytes, at: offset)
        loaded = offset..<(offset + read)
    }

    private func damage(
        _ defect: FrameDefect, at offset: Int, _ segment: UInt64, _ sequence: UInt64
    ) -> StoreError {
        .corrupt(
            Corruption(
                file: directory.segment(segment), offset: UInt64(offset),
                length: UInt64(StoreBounds.blockBytes), reason: defect.description,
                lastTrustedSequence: 0))
    }

    mutating func close() {
        if let open { directory.files.close(open.file) }
        open = nil
    }
}
