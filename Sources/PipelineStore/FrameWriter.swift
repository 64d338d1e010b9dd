/// The end of the log: builds a frame in one buffer kept for the purpose, writes it with one
/// `pwrite` and syncs it with one `fdatasync` (W-2).
struct FrameWriter {
    private let directory: LogDirectory
    private let format: FormatFile
    private let buffer: AlignedBuffer
    private let frameBytesMax: Int
    private var file: OpenFile
    private(set) var position: LogPosition

    /// `file`: the segment that `position` lies in.
    init(
        _ directory: LogDirectory, format: FormatFile, file: OpenFile, position: LogPosition
    ) {
        self.directory = directory
        self.format = format
        self.file = file
        self.position = position
        frameBytesMax = min(StoreBounds.frameBytesMax, format.segmentBytes / 2)
        // Untouched pages cost nothing: only as much memory is used as the largest frame so far.
        buffer = AlignedBuffer(byteCount: frameBytesMax)
    }

    /// Bytes left in the segment.
    var roomBytes: Int { format.segmentBytes - position.offset }

    /// Whether the frame would straddle the segment's end (W-4). Checked before anything is
    /// written, as is the frame's size.
    func needsSegment(for batch: Batch) throws(StoreError) -> Bool {
        precondition(batch.firstSequence == position.sequence + 1, "batches come in order")
        guard batch.frameBytes <= frameBytesMax else {
            throw .unitTooLarge(bytes: batch.frameBytes, limit: frameBytesMax)
        }
        if isPlanted(.frameOverSegmentEnd) {
            return batch.frameBytes > roomBytes + StoreBounds.blockBytes
        }
        return batch.frameBytes > roomBytes
    }

    mutating func beginSegment(_ firstSequence: UInt64, _ next: OpenFile) {
        directory.files.close(file)
        file = next
        position.segment = firstSequence
        position.offset = 0
    }

    mutating func write(_ batch: Batch) throws(StoreError) {
        let frame = encode(batch)
        try directory.write(file, frame, at: position.offset)
        if !isPlanted(.noDataSync) { try directory.synchronizeData(file) }
        let content = FrameHeader.byteCount + batch.payload.count
        position.digest = Digest(of: UnsafeRawBufferPointer(rebasing: frame[..<content]))
        position.sequence = batch.lastSequence
        position.offset += frame.count
        position.leaderTimeMilliseconds = max(
            position.leaderTimeMilliseconds, batch.timeMilliseconds)
    }

    private func encode(_ batch: Batch) -> UnsafeRawBufferPointer {
        let frame = UnsafeMutableRawBufferPointer(rebasing: buffer.bytes[..<batch.frameBytes])
        let content = FrameHeader.byteCount + batch.payload.count
        let payload = UnsafeMutableRawBufferPointer(
            rebasing: frame[FrameHeader.byteCount..<content])
        payload.copyBytes(from: batch.payload)
        UnsafeMutableRawBufferPointer(rebasing: frame[content...])
            .initializeMemory(as: UInt8.self, repeating: 0)
        let header = FrameHeader(
            payloadBytes: batch.payload.count, recordCount: batch.count,
            firstSequence: batch.firstSequence, epoch: position.epoch,
            leaderTimeMilliseconds: isPlanted(.timeGoesBack)
                ? batch.timeMilliseconds
                : max(position.leaderTimeMilliseconds, batch.timeMilliseconds),
            clusterID: format.clusterID, previousDurable: position.sequence,
            chain: position.digest,
            payloadChecksum: CRC32C.checksum(UnsafeRawBufferPointer(payload)))
        header.encode(into: frame)
        return UnsafeRawBufferPointer(frame)
    }

    func close() {
        directory.files.close(file)
    }
}
