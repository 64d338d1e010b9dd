public import PipelineDomain

/// A snapshot's bytes to a state, part by part and on as many threads as the caller likes (W-9, W-10).
///
/// First the basis, which everything refers to; then the other parts in any order, each by itself;
/// last everything is put together.
public struct SnapshotDecoding: Sendable {
    /// The rows of one part.
    public struct Rows: Sendable {
        fileprivate let part: SnapshotPart
        fileprivate let chunks: Chunks
        /// Deals' external ids, found while their rows are at hand.
        fileprivate var externalIDs: [RestoredExternalID] = []
    }

    fileprivate enum Chunks: Sendable {
        case units([ContiguousArray<Unit>])
        case persons([ContiguousArray<Person>])
        case inboxes([ContiguousArray<Inbox>])
        case requests([ContiguousArray<RequestMemory>])
        case customers([ContiguousArray<Customer>])
        case opportunities([ContiguousArray<Opportunity>])
        case approvals([ContiguousArray<Approval>])
        case contacts([ContiguousArray<Contact>])
        case leads([ContiguousArray<Lead>])
        case activities([ContiguousArray<Activity>])
        case notes([ContiguousArray<Note>])
        case targets([ContiguousArray<Target>])
    }

    /// All parts, by table and then by row.
    public let parts: [SnapshotPart]
    private let scope = SnapshotScope()
    private let pause: Pause
    private var company: Company?
    private var processes: [ContiguousArray<Process>] = []

    /// - Parameters:
    ///   - parts: as the snapshot lists them: all rows of every table, without a gap.
    ///   - pause: called every now and then while parts are read.
    ///   - basis: gives the bytes of a part whose table is of the basis.
    public init(
        _ parts: [SnapshotPart], pause: @escaping Pause = {},
        basis: (Int, (UnsafeRawBufferPointer) throws -> Void) throws -> Void
    ) throws {
        self.parts = parts
        self.pause = pause
        try count(parts)
        for (index, part) in parts.enumerated() where part.table.isBasis {
            try basis(index) { bytes in try readBasis(part, bytes) }
        }
        guard company?.isFounded == true else {
            throw SnapshotError("the snapshot holds no company")
        }
    }

    private mutating func count(_ parts: [SnapshotPart]) throws(SnapshotError) {
        var rows: [SnapshotTable: UInt64] = [:]
        for part in parts {
            guard (1...part.table.version).contains(part.version) else {
                throw SnapshotError("\(part.table) has layout \(part.version), a newer one")
            }
            let before = rows[part.table, default: 0]
            guard part.firstRow == before + 1, part.rowCount > 0,
                before % UInt64(Table<UnitKind, Unit>.rowsPerChunk) == 0,
                before + UInt64(part.rowCount) <= UInt64(UInt32.max)
            else { throw SnapshotError("the rows of \(part.table) are not complete") }
            rows[part.table] = before + UInt64(part.rowCount)
        }
        func count(_ table: SnapshotTable) -> UInt32 { UInt32(rows[table, default: 0]) }
        guard count(.company) == 1, count(.units) > 0, count(.persons) > 0,
            count(.persons) == count(.inboxes), count(.persons) == count(.requests)
        else { throw SnapshotError("the tables do not belong together") }
        scope.units = count(.units)
        scope.persons = count(.persons)
        scope.processes = count(.processes)
        scope.customers = count(.customers)
        scope.opportunities = count(.opportunities)
        scope.approvals = count(.approvals)
        scope.contacts = count(.contacts)
        scope.leads = count(.leads)
        scope.activities = count(.activities)
        scope.notes = count(.notes)
        scope.versionCount = count(.versions)
    }

    private mutating func readBasis(
        _ part: SnapshotPart, _ bytes: UnsafeRawBufferPointer
    ) throws(RecordError) {
        switch part.table {
        case .company:
            let rows: [ContiguousArray<Company>] = try chunks(part, bytes)
            company = rows[0][0]
        case .processes: processes += try chunks(part, bytes)
        case .versions:
            let rows: [ContiguousArray<ProcessVersion>] = try chunks(part, bytes)
            scope.versions = Table(restoring: scope.versions.allChunks + rows)
        default: break
        }
    }

    /// Reads one part that is not of the basis. Never traps; may run beside others.
    public func decode(
        _ index: Int, _ bytes: UnsafeRawBufferPointer
    ) throws(RecordError) -> Rows? {
        let part = parts[index]
        let rows: Chunks
        switch part.table {
        case .company, .processes, .versions: return nil
        case .units: rows = .units(try chunks(part, bytes))
        case .persons: rows = .persons(try chunks(part, bytes))
        case .inboxes: rows = .inboxes(try chunks(part, bytes))
        case .requests: rows = .requests(try chunks(part, bytes))
        case .customers: rows = .customers(try chunks(part, bytes))
        case .opportunities:
            let deals: [ContiguousArray<Opportunity>] = try chunks(part, bytes)
            return Rows(
                part: part, chunks: .opportunities(deals),
                externalIDs: deals.flatMap(RestoredExternalID.all))
        case .approvals: rows = .approvals(try chunks(part, bytes))
        case .contacts: rows = .contacts(try chunks(part, bytes))
        case .leads: rows = .leads(try chunks(part, bytes))
        case .activities: rows = .activities(try chunks(part, bytes))
        case .notes: rows = .notes(try chunks(part, bytes))
        case .targets: rows = .targets(try chunks(part, bytes))
        }
        return Rows(part: part, chunks: rows)
    }

    private func chunks<Row: SnapshotRow>(
        _ part: SnapshotPart, _ bytes: UnsafeRawBufferPointer
    ) throws(RecordError) -> [ContiguousArray<Row>] {
        var decoder = RecordDecoder(bytes)
        decoder.version = part.version
        var chunks: [ContiguousArray<Row>] = []
        let perChunk = Table<UnitKind, Unit>.rowsPerChunk
        var number = UInt32(truncatingIfNeeded: part.firstRow)
        var rest = part.rowCount
        while rest > 0 {
            let count = min(perChunk, rest)
            // Made in place: a row that is appended is copied, and each of its references counted.
            let chunk = try ContiguousArray<Row>(unsafeUninitializedCapacity: perChunk) {
                rows, made throws(RecordError) in
                guard let start = rows.baseAddress else { return }
                while made < count {
                    if Int(number).isMultiple(of: part.table.rowsBetweenPauses) { pause() }
                    (start + made).initialize(
                        to: try Row(reading: &decoder, number: number, scope))
                    made += 1
                    number &+= 1
                }
            }
            rest -= chunk.count
            chunks.append(chunk)
        }
        try decoder.finish()
        return chunks
    }
}

// MARK: - Putting together

extension SnapshotDecoding {
    /// The indexes of unique texts, which are made anew; each by itself, so beside the others.
    public enum Index: CaseIterable, Sendable { case externalIDs, customerNames }

    /// One index, finished.
    public struct MadeIndex: Sendable { fileprivate let indexes: RestoredIndexes }

    /// Makes an index out of all rows.
    public func make(_ index: Index, _ rows: [Rows]) throws(SnapshotError) -> MadeIndex {
        var made = RestoredIndexes()
        for part in rows {
            switch (index, part.chunks) {
            case (.externalIDs, .opportunities):
                if let twice = made.add(part.externalIDs) { throw .twice("external id", twice) }
            case (.customerNames, .customers(let chunks)):
                for chunk in chunks {
                    if let twice = made.add(chunk) { throw .twice("customer", twice) }
                }
            default: break
            }
        }
        return MadeIndex(indexes: made)
    }

    /// The state. `clock` is the instant that rights are judged at until something is run.
    public func finish(
        _ rows: [Rows], _ indexes: [MadeIndex], clock: Instant
    ) throws(SnapshotError) -> State {
        var tables = Tables()
        for part in rows.sorted(by: { $0.part.firstRow < $1.part.firstRow }) {
            tables.add(part.chunks)
        }
        var made = RestoredIndexes()
        for index in indexes { made.take(index.indexes) }
        for chunk in tables.persons {
            if let twice = made.add(chunk) { throw .twice("login", twice) }
        }
        for chunk in processes {
            if let twice = made.add(chunk) { throw .twice("process", twice) }
        }
        for chunk in tables.targets {
            if let twice = made.add(chunk) { throw .twice("target", twice) }
        }
        guard let company, isTree(tables.units) else {
            throw SnapshotError("the units are no tree")
        }
        var state = State(
            restoring: company, units: Table(restoring: tables.units),
            persons: Table(restoring: tables.persons),
            inboxes: Table(restoring: tables.inboxes),
            requests: Table(restoring: tables.requests),
            processes: Table(restoring: processes), versions: scope.versions,
            customers: Table(restoring: tables.customers),
            opportunities: Table(restoring: tables.opportunities),
            approvals: Table(restoring: tables.approvals),
            contacts: Table(restoring: tables.contacts), leads: Table(restoring: tables.leads),
            activities: Table(restoring: tables.activities),
            notes: Table(restoring: tables.notes), targets: Table(restoring: tables.targets),
            indexes: made, clock: clock)
        if parts.contains(where: { $0.table == .units && $0.version < SnapshotTable.withOnward }) {
            state.remakeSums()
        }
        return state
    }

    /// Every way up ends at the root, and a way down is one up, or a walk along them would not end.
    private func isTree(_ chunks: [ContiguousArray<Unit>]) -> Bool {
        let parents = chunks.joined().map { Int($0.parent?.number ?? 0) }
        let areChildren = zip(1..., chunks.joined()).allSatisfy { number, unit in
            unit.children.allSatisfy { parents[Int($0.number) - 1] == number }
        }
        guard areChildren else { return false }
        return parents.indices.allSatisfy { start in
            var unit = start + 1
            var steps = 0
            while unit > 0, steps <= parents.count {
                unit = parents[unit - 1]
                steps += 1
            }
            return unit == 0
        }
    }

    private struct Tables {
        var units: [ContiguousArray<Unit>] = []
        var persons: [ContiguousArray<Person>] = []
        var inboxes: [ContiguousArray<Inbox>] = []
        var requests: [ContiguousArray<RequestMemory>] = []
        var customers: [ContiguousArray<Customer>] = []
        var opportunities: [ContiguousArray<Opportunity>] = []
        var approvals: [ContiguousArray<Approval>] = []
        var contacts: [ContiguousArray<Contact>] = []
        var leads: [ContiguousArray<Lead>] = []
        var activities: [ContiguousArray<Activity>] = []
        var notes: [ContiguousArray<Note>] = []
        var targets: [ContiguousArray<Target>] = []

        mutating func add(_ chunks: Chunks) {
            switch chunks {
            case .units(let chunks): units += chunks
            case .persons(let chunks): persons += chunks
            case .inboxes(let chunks): inboxes += chunks
            case .requests(let chunks): requests += chunks
            case .customers(let chunks): customers += chunks
            case .opportunities(let chunks): opportunities += chunks
            case .approvals(let chunks): approvals += chunks
            case .contacts(let chunks): contacts += chunks
            case .leads(let chunks): leads += chunks
            case .activities(let chunks): activities += chunks
            case .notes(let chunks): notes += chunks
            case .targets(let chunks): targets += chunks
            }
        }
    }
}

extension SnapshotError {
    fileprivate static func twice(_ what: String, _ text: String) -> SnapshotError {
        SnapshotError("the \(what) '\(text)' is there twice")
    }
}
