/// Where a log begins whose older part was dropped by the operator's will (W-9): the file `horizon`, one
/// block, put in place before the first segment goes. Without it the log begins with record 1.
enum Horizon {
    private static let magic: UInt64 = 0x315A_524F_4845_5050  // "PPEHORZ1"
    private static let checksumOffset = StoreBounds.blockBytes - 4

    /// The point behind the last record dropped, at the beginning of a segment.
    ///
    /// - Throws: `corrupt`, `newerFormat`, `io`.
    static func read(
        _ directory: LogDirectory, _ cluster: ClusterID
    ) throws(StoreError) -> LogPosition {
        let path = directory.horizon
        let limit = StoreBounds.blockBytes
        guard let (buffer, count) = try directory.contents(of: path, limit: limit) else {
            return .beginning
        }
        func corrupt(_ reason: String) -> StoreError {
            .corrupt(
                Corruption(
                    file: path, offset: 0, length: UInt64(count), reason: reason,
                    lastTrustedSequence: 0))
        }
        return try buffer.withBytes { bytes throws(StoreError) in
            guard count == StoreBounds.blockBytes,
                bytes.littleEndian(at: 0, as: UInt64.self) == magic
            else { throw corrupt("this is no horizon") }
            let summed = UnsafeRawBufferPointer(rebasing: bytes[..<checksumOffset])
            guard
                bytes.littleEndian(at: checksumOffset, as: UInt32.self)
                    == CRC32C.checksum(summed)
            else { throw corrupt("the checksum does not match") }
            let version = Int(bytes.littleEndian(at: 8, as: UInt16.self))
            guard version <= StoreBounds.formatVersion else {
                throw .newerFormat(
                    file: path, found: version, supported: StoreBounds.formatVersion)
            }
            let sequence = bytes.littleEndian(at: 16, as: UInt64.self)
            guard version == StoreBounds.formatVersion, sequence < UInt64(Int64.max),
                bytes.loadUnaligned(fromByteOffset: 40, as: SIMD16<UInt8>.self) == cluster.bytes
            else { throw corrupt("the file holds values that are never written") }
            return LogPosition(
                sequence: sequence, segment: sequence + 1, offset: 0,
                digest: Digest(bytes: bytes.loadUnaligned(fromByteOffset: 56, as: SIMD32.self)),
                epoch: bytes.littleEndian(at: 24, as: UInt64.self),
                leaderTimeMilliseconds: bytes.littleEndian(at: 32, as: Int64.self))
        }
    }

    static func write(
        _ position: LogPosition, _ directory: LogDirectory, _ cluster: ClusterID
    ) throws(StoreError) {
        let file = AlignedBuffer.zeroed(byteCount: StoreBounds.blockBytes)
        file.bytes.storeLittleEndian(magic, at: 0)
        file.bytes.storeLittleEndian(UInt16(StoreBounds.formatVersion), at: 8)
        file.bytes.storeLittleEndian(position.sequence, at: 16)
        file.bytes.storeLittleEndian(position.epoch, at: 24)
        file.bytes.storeLittleEndian(position.leaderTimeMilliseconds, at: 32)
        file.bytes.storeBytes(of: cluster.bytes, toByteOffset: 40, as: SIMD16<UInt8>.self)
        file.bytes.storeBytes(of: position.digest.bytes, toByteOffset: 56, as: SIMD32<UInt8>.self)
        let sum = CRC32C.checksum(UnsafeRawBufferPointer(rebasing: file.bytes[..<checksumOffset]))
        file.bytes.storeLittleEndian(sum, at: checksumOffset)
        try file.withBytes { bytes throws(StoreError) in
            try directory.replace(directory.horizon, with: bytes)
        }
    }
}

extension LogDirectory {
    var horizon: String { path + "/horizon" }
}

extension Log {
    /// The first record that the log still has.
    public func firstSequence() throws(StoreError) -> UInt64 {
        try Horizon.read(directory, clusterID).sequence + 1
    }

    /// The point behind the last archived segment that ended before an instant, if there is one behind
    /// the horizon: what may be dropped (W-9).
    public func expired(before milliseconds: Int64) throws(StoreError) -> LogPosition? {
        let horizon = try Horizon.read(directory, clusterID)
        let archived = try directory.archivedSegments()
        let present = directory.segments(among: try directory.names())
        let segments = (archived + present.filter { !archived.contains($0) }).sorted()
        var end: LogPosition?
        for (segment, next) in zip(segments, segments.dropFirst())
        where segment >= horizon.segment && archived.contains(segment)
            && !present.contains(segment)
        {
            guard let point = try point(beginning: next) else { break }
            // No record of the segment is later than the frame that follows it.
            guard point.leaderTimeMilliseconds < milliseconds else { break }
            end = point
        }
        return end
    }

    /// The point at the beginning of a segment, as its first frame knows it; nil where it has none yet.
    private func point(beginning segment: UInt64) throws(StoreError) -> LogPosition? {
        guard segment <= durable else { return nil }
        let header = try header(of: segment)
        return LogPosition(
            sequence: segment - 1, segment: segment, offset: 0, digest: header.chain,
            epoch: header.epoch, leaderTimeMilliseconds: header.leaderTimeMilliseconds)
    }

    /// Moves the horizon: from now on the log begins behind `position`, whose snapshot must be there and
    /// of which a record of the log must tell. The segments go with `removeDropped`.
    public func drop(upTo position: LogPosition) throws(StoreError) {
        try refusingAfterFailure { () throws(StoreError) in
            guard
                try directory.snapshots(among: directory.names()).contains(position.sequence)
                    || isPlanted(.droppedWithoutSnapshot)
            else { throw .io(IOFailure(operation: "drop", path: directory.path, code: 2)) }
            try Horizon.write(position, directory, clusterID)
        }
    }

    /// Removes the segments that lie before the horizon, oldest first; returns how many. To be called
    /// when nobody reads in them any more.
    public func removeDropped() throws(StoreError) -> Int {
        let horizon = try Horizon.read(directory, clusterID)
        let dropped = try directory.archivedSegments().filter { $0 < horizon.segment }
        guard !dropped.isEmpty else { return 0 }
        return try refusingAfterFailure { () throws(StoreError) in
            for segment in dropped { try directory.remove(directory.archived(segment)) }
            try directory.io { files throws(IOFailure) in
                try files.synchronizeDirectory(directory.archive)
            }
            return dropped.count
        }
    }
}
