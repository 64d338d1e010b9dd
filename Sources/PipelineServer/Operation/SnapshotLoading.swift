import Dispatch
import PipelineCommands
import PipelineDomain
import PipelineStore
import Synchronization

/// Between the snapshots of the store, which are bytes under numbers, and those of the company.
enum SnapshotLoading {
    /// Threads that read sections: more than this find little to do.
    private static let threads = 4

    /// The ledger as a snapshot left it, with sections read side by side (W-10).
    static func ledger(_ snapshot: SnapshotReader, _ zones: any ZoneRules) throws -> Ledger {
        let state = try state(snapshot)
        return Ledger(
            zones: zones, restoring: state, sequence: snapshot.header.sequence,
            latestInstant: Instant(milliseconds: snapshot.header.latestInstantMilliseconds))
    }

    static func state(_ snapshot: SnapshotReader) throws -> State {
        let parts = try snapshot.sections.map { try part($0) }
        let decoding = try SnapshotDecoding(parts, pause: Patience.pause) { index, body in
            try snapshot.withSection(index, body)
        }
        let rest = parts.indices.filter { !parts[$0].table.isBasis }
        // Customers first: putting their names in order takes long, and one thread can do that while the
        // others read on. Then the longest, so that no thread is left alone with one.
        let customers = rest.filter { parts[$0].table == .customers }
        let others = rest.filter { parts[$0].table != .customers }
            .sorted { parts[$0].rowCount > parts[$1].rowCount }
        let read: @Sendable (Int) throws -> SnapshotDecoding.Rows? = { index in
            try snapshot.withSection(index) { try decoding.decode(index, $0) }
        }
        var rows = try sideBySide(customers, read).compactMap(\.self)
        let named = rows
        let work = [nil] + others.map(Int?.some)
        let done = try sideBySide(work) { index -> Done in
            guard let index else { return .index(try decoding.make(.customerNames, named)) }
            return .rows(try read(index))
        }
        var indexes: [SnapshotDecoding.MadeIndex] = []
        for result in done {
            switch result {
            case .index(let index): indexes.append(index)
            case .rows(let read): if let read { rows.append(read) }
            }
        }
        indexes.append(try decoding.make(.externalIDs, rows))
        return try decoding.finish(
            rows, indexes, clock: Instant(milliseconds: snapshot.header.latestInstantMilliseconds))
    }

    private enum Done: Sendable {
        case rows(SnapshotDecoding.Rows?)
        case index(SnapshotDecoding.MadeIndex)
    }

    private static func part(_ section: SnapshotSection) throws -> SnapshotPart {
        guard let table = SnapshotTable(rawValue: section.kind),
            let version = UInt8(exactly: section.version)
        else { throw SnapshotDefect.rows("section of kind \(section.kind) is of a later release") }
        return SnapshotPart(
            table: table, version: version, firstRow: section.firstRow,
            rowCount: Int(section.rowCount))
    }

    /// Does the same with every element, several at a time; the first error is thrown.
    private static func sideBySide<Element: Sendable, Result: Sendable>(
        _ elements: [Element], _ body: @escaping @Sendable (Element) throws -> Result
    ) throws -> [Result] {
        let progress = Mutex(Progress<Result>())
        DispatchQueue.concurrentPerform(iterations: min(threads, elements.count)) { _ in
            // Threads that a patient one starts are as patient as it is.
            Patience.during { work(on: elements, progress, body) }
        }
        return try progress.withLock { progress in
            if let failure = progress.failure { throw failure }
            return progress.results
        }
    }

    private static func work<Element: Sendable, Result: Sendable>(
        on elements: [Element], _ progress: borrowing Mutex<Progress<Result>>,
        _ body: (Element) throws -> Result
    ) {
        while true {
            let next = progress.withLock { progress -> Int? in
                guard progress.failure == nil, progress.next < elements.count else { return nil }
                progress.next += 1
                return progress.next - 1
            }
            guard let next else { return }
            do {
                let result = try body(elements[next])
                progress.withLock { $0.results.append(result) }
            } catch {
                progress.withLock { $0.failure = $0.failure ?? error }
            }
        }
    }

    /// Gives a state's sections to a snapshot being written.
    static func sections(
        of state: State, to add: (SnapshotSection, UnsafeRawBufferPointer) throws -> Void
    ) throws {
        try SnapshotEncoding.encode(state, pause: Patience.pause) { part, bytes in
            let section = SnapshotSection(
                kind: part.table.rawValue, version: UInt16(part.version),
                firstRow: part.firstRow, rowCount: UInt32(part.rowCount))
            try add(section, bytes)
        }
    }

    /// The hash of the state that a snapshot holds: what it says itself, unless its rows are laid out in an
    /// older way.
    static func hash(of snapshot: SnapshotReader) throws -> Digest {
        let isOlder = try snapshot.sections.contains {
            let part = try part($0)
            return part.version < part.table.version
        }
        return isOlder ? try hash(of: state(snapshot)) : snapshot.stateHash
    }

    /// The hash that a snapshot of the state has.
    static func hash(of state: State) throws -> Digest {
        var hash = StateHash()
        try sections(of: state) { section, bytes in hash.add(section, bytes) }
        return hash.sum()
    }
}

/// How far several threads have come with one row of elements.
private struct Progress<Result: Sendable>: Sendable {
    var next = 0
    var results: [Result] = []
    var failure: (any Error)?
}
