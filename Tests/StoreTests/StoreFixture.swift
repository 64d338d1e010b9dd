import PipelineStore
import StoreTesting
import Testing

/// A log in memory with small segments, and the records it should hold.
struct StoreFixture {
    static let path = "/data"
    static let cluster = ClusterID(
        bytes: SIMD16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15))
    static let firstSegment = path + "/00000000000000000001.log"
    static let marks = path + "/marks"
    static let format = path + "/format"

    let files = MemoryFileSystem()
    let segmentBytes: Int

    init(segmentBytes: Int = 64 << 10) throws {
        self.segmentBytes = segmentBytes
        try Log.create(
            directory: Self.path, fileSystem: files, cluster: Self.cluster,
            segmentBytes: segmentBytes)
    }

    struct Opened {
        let log: Log
        let report: RecoveryReport
        let records: [Record]
    }

    struct Record: Equatable {
        let sequence: UInt64
        let bytes: [UInt8]
    }

    func open(acceptDataLossAfter: UInt64? = nil) throws(StoreError) -> Opened {
        var records: [Record] = []
        let (log, report) = try Log.open(
            directory: Self.path, fileSystem: files, freeBytesMin: 0,
            acceptDataLossAfter: acceptDataLossAfter
        ) { sequence, _, body in
            records.append(Record(sequence: sequence, bytes: [UInt8](body)))
        }
        return Opened(log: log, report: report, records: records)
    }

    /// Opens as the daemon does: from the newest snapshot that can be used, then the records behind it.
    func restore(acceptDataLossAfter: UInt64? = nil) throws(StoreError) -> Opened {
        var records: [Record] = []
        let (log, report) = try Log.open(
            directory: Self.path, fileSystem: files, freeBytesMin: 0,
            acceptDataLossAfter: acceptDataLossAfter,
            restore: { snapshot in records = try snapshot.map { try Self.records(in: $0) } ?? [] },
            replay: { sequence, _, body in
                records.append(Record(sequence: sequence, bytes: [UInt8](body)))
            })
        return Opened(log: log, report: report, records: records)
    }

    /// The state of these tests is nothing but all bodies; a section holds up to three of them.
    @discardableResult
    static func snapshot(
        _ log: Log, of bodies: [[UInt8]], latestInstant: Int64 = 6
    ) throws -> WrittenSnapshot {
        try log.snapshots.write(
            start: log.position, sequence: UInt64(bodies.count), latestInstant: latestInstant,
            cluster: cluster, at: 7
        ) { add in try sections(of: bodies, to: add) }
    }

    static func sections(
        of bodies: [[UInt8]], to add: (SnapshotSection, UnsafeRawBufferPointer) throws -> Void
    ) throws {
        for start in stride(from: 0, to: bodies.count, by: 3) {
            let part = bodies[start..<min(start + 3, bodies.count)]
            var bytes: [UInt8] = []
            for body in part {
                withUnsafeBytes(of: UInt32(body.count).littleEndian) { bytes += $0 }
                bytes += body
            }
            let section = SnapshotSection(
                kind: 1, version: 1, firstRow: UInt64(start + 1), rowCount: UInt32(part.count))
            try bytes.withUnsafeBytes { try add(section, $0) }
        }
    }

    static func records(in snapshot: SnapshotReader) throws -> [Record] {
        var records: [Record] = []
        for (index, section) in snapshot.sections.enumerated() {
            try snapshot.withSection(index) { bytes in
                var offset = 0
                for _ in 0..<section.rowCount {
                    let count = Int(
                        UInt32(
                            littleEndian: bytes.loadUnaligned(
                                fromByteOffset: offset, as: UInt32.self)))
                    let body = [UInt8](bytes[(offset + 4)..<(offset + 4 + count)])
                    records.append(Record(sequence: UInt64(records.count + 1), bytes: body))
                    offset += 4 + count
                }
            }
        }
        return records
    }

    /// The error that opening ends with; nil when it succeeds.
    func refusal(acceptDataLossAfter: UInt64? = nil) -> StoreError? {
        do throws(StoreError) {
            _ = try open(acceptDataLossAfter: acceptDataLossAfter)
            return nil
        } catch {
            return error
        }
    }

    func corruption() -> Corruption? {
        guard case .corrupt(let corruption) = refusal() else { return nil }
        return corruption
    }

    /// Commits one frame with one record for each body.
    static func commit(
        _ bodies: [[UInt8]], to log: Log, at time: Int64 = 1_000
    ) throws(StoreError) {
        var group = GroupCommit(durable: log.durable, frameBytesMax: log.frameBytesMax)
        _ = try group.append(records(bodies), at: time)
        guard let batch = group.takeBatch() else { return }
        try log.commit(batch)
    }

    static func records(_ bodies: [[UInt8]]) -> RecordBuffer {
        var bytes: [UInt8] = []
        var ends: [Int] = []
        for body in bodies {
            bytes += body
            ends.append(bytes.count)
        }
        return RecordBuffer(bytes: bytes, ends: ends)
    }

    /// A body that no other sequence has.
    static func body(_ sequence: UInt64, count: Int = 40) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: Int(sequence) &* 31 &+ $0 &* 7 &+ 1) }
    }

    /// A log of `frames` frames with two records each, closed, so that the mark is at its end.
    static func filled(
        frames: Int, segmentBytes: Int = 64 << 10, bodyBytes: Int = 40
    ) throws -> StoreFixture {
        let fixture = try StoreFixture(segmentBytes: segmentBytes)
        let log = try fixture.open().log
        for _ in 0..<frames {
            let next = log.durable + 1
            try commit([body(next, count: bodyBytes), body(next + 1, count: bodyBytes)], to: log)
        }
        try log.close()
        return fixture
    }

    func change(_ path: String, _ edit: (inout [UInt8]) -> Void) {
        var bytes = files.contents(path)
        edit(&bytes)
        files.put(path, bytes)
    }
}
