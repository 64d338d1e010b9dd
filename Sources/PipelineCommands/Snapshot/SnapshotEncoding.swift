public import PipelineDomain

/// A photograph of the state to bytes, a run of rows at a time (W-9). Equal states give equal bytes.
public enum SnapshotEncoding {
    /// Calls `emit` with every part in order; the bytes are valid during the call.
    ///
    /// - Parameter pause: called every now and then in between.
    public static func encode(
        _ state: State, pause: @escaping Pause = {},
        emit: (SnapshotPart, UnsafeRawBufferPointer) throws -> Void
    ) throws {
        var writer = PartWriter(pause: pause)
        try writer.write(.company, [[state.company]], emit)
        try writer.write(.processes, state.processes.allChunks, emit)
        try writer.write(.versions, state.versions.allChunks, emit)
        try writer.write(.units, state.units.allChunks, emit)
        try writer.write(.persons, state.persons.allChunks, emit)
        try writer.write(.inboxes, state.inboxes.allChunks, emit)
        try writer.write(.requests, state.requests.allChunks, emit)
        try writer.write(.customers, state.customers.allChunks, emit)
        try writer.write(.opportunities, state.opportunities.allChunks, emit)
        try writer.write(.approvals, state.approvals.allChunks, emit)
        try writer.write(.contacts, state.contacts.allChunks, emit)
        try writer.write(.leads, state.leads.allChunks, emit)
        try writer.write(.activities, state.activities.allChunks, emit)
        try writer.write(.notes, state.notes.allChunks, emit)
        try writer.write(.targets, state.targets.allChunks, emit)
    }
}

private struct PartWriter {
    let pause: Pause
    /// Kept from part to part for its capacity.
    var bytes: [UInt8] = []

    mutating func write<Row: SnapshotRow>(
        _ table: SnapshotTable, _ chunks: [ContiguousArray<Row>],
        _ emit: (SnapshotPart, UnsafeRawBufferPointer) throws -> Void
    ) throws {
        var chunk = 0
        var firstRow: UInt64 = 1
        while chunk < chunks.count {
            bytes.removeAll(keepingCapacity: true)
            var encoder = RecordEncoder(taking: &bytes)
            var count = 0
            while chunk < chunks.count, count < table.rowsPerPart {
                let rows = chunks[chunk]
                for place in rows.indices {
                    if count.isMultiple(of: table.rowsBetweenPauses) { pause() }
                    rows[place].encode(to: &encoder)
                    count += 1
                }
                chunk += 1
            }
            encoder.finish(into: &bytes)
            let part = SnapshotPart(
                table: table, version: table.version, firstRow: firstRow, rowCount: count)
            try bytes.withUnsafeBytes { try emit(part, $0) }
            firstRow += UInt64(count)
        }
    }
}
