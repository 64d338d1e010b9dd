import PipelineDomain

/// A row of a snapshot's table. Every stored property is written but the id, which is the row's place;
/// equal rows give equal bytes, so that the bytes stand for the state (W-9).
protocol SnapshotRow: Sendable {
    func encode(to encoder: inout RecordEncoder)
    /// Never traps, and refuses references to rows that there are not.
    init(
        reading decoder: inout RecordDecoder, number: UInt32, _ scope: SnapshotScope
    ) throws(RecordError)
}

/// What rows may refer to: how many rows each table has, and the versions that deals are pinned to.
///
/// One for all threads that read rows: a copy for each row would make them wait for each other's counting of
/// references. Unchecked: changed only until the basis is read, by one thread.
final class SnapshotScope: @unchecked Sendable {
    @exclusivity(unchecked) var units: UInt32 = 0
    @exclusivity(unchecked) var persons: UInt32 = 0
    @exclusivity(unchecked) var processes: UInt32 = 0
    @exclusivity(unchecked) var customers: UInt32 = 0
    @exclusivity(unchecked) var opportunities: UInt32 = 0
    @exclusivity(unchecked) var approvals: UInt32 = 0
    @exclusivity(unchecked) var contacts: UInt32 = 0
    @exclusivity(unchecked) var leads: UInt32 = 0
    @exclusivity(unchecked) var activities: UInt32 = 0
    @exclusivity(unchecked) var notes: UInt32 = 0
    @exclusivity(unchecked) var versionCount: UInt32 = 0
    @exclusivity(unchecked) var versions = Table<ProcessVersionKind, ProcessVersion>()

    // An id of 0 wraps around and is refused with those beyond the end.
    func has(_ id: UnitID) -> Bool { id.number &- 1 < units }
    func has(_ id: PersonID) -> Bool { id.number &- 1 < persons }
    func has(_ id: ProcessID) -> Bool { id.number &- 1 < processes }
    func has(_ id: CustomerID) -> Bool { id.number &- 1 < customers }
    func has(_ id: OpportunityID) -> Bool { id.number &- 1 < opportunities }
    func has(_ id: ApprovalID) -> Bool { id.number &- 1 < approvals }
    func has(_ id: ContactID) -> Bool { id.number &- 1 < contacts }
    func has(_ id: LeadID) -> Bool { id.number &- 1 < leads }
    func has(_ id: ActivityID) -> Bool { id.number &- 1 < activities }
    func has(_ id: NoteID) -> Bool { id.number &- 1 < notes }
    func has(_ id: ProcessVersionID) -> Bool { id.number &- 1 < versionCount }

    /// Who did something: 0 where nobody did, but a rule.
    func hasActor(_ id: PersonID) -> Bool { id.number <= persons }
    func hasActor(_ revision: Revision) -> Bool { hasActor(revision.by) }

    func has(_ value: FeedbackValue) -> Bool {
        switch value {
        case .person(let id): has(id)
        case .contact(let id): has(id)
        case .text, .number, .money, .date, .choice, .boolean: true
        }
    }

    func has(_ definition: ProcessDefinition) -> Bool {
        definition.appliesTo.units.allSatisfy { has($0) }
            && definition.appliesTo.persons.allSatisfy { has($0) }
            && definition.stages.allSatisfy { stage in
                stage.gate.designate.map { has($0) } ?? true
            }
            && definition.transitions.allSatisfy { transition in
                transition.gate?.designate.map { has($0) } ?? true
            }
    }
}

extension RecordDecoder {
    func require(_ isSound: Bool, _ what: StaticString) throws(RecordError) {
        guard isSound else { throw RecordError(.outOfRange("\(what)"), at: offset) }
    }
}

// MARK: - Values that only snapshots hold

extension Revision: RecordValue {
    func encode(to encoder: inout RecordEncoder) {
        encoder.unsigned(UInt64(number))
        encoder.write(by)
    }
    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        self.init(restoring: try decoder.unsigned("a revision"), by: try decoder.read())
    }
}

extension OrderedIDs {
    /// The first id, then how far each is from the one before.
    func encode(to encoder: inout RecordEncoder) {
        encoder.count(count)
        var last: UInt32 = 0
        for id in self {
            encoder.unsigned(UInt64(id.number - last))
            last = id.number
        }
    }

    /// - Parameter limit: how many rows there are to refer to.
    init(reading decoder: inout RecordDecoder, upTo limit: UInt32) throws(RecordError) {
        let count = try decoder.count()
        guard count > 0 else {
            self.init()
            return
        }
        var ids = ContiguousArray<Identifier<Kind>>()
        ids.reserveCapacity(Swift.min(count, 4096))
        var last: UInt64 = 0
        for _ in 0..<count {
            let gap = try decoder.unsigned()
            guard gap >= 1, gap <= UInt64(limit), last + gap <= UInt64(limit) else {
                throw RecordError(.outOfRange("a list of ids"), at: decoder.offset)
            }
            last += gap
            ids.append(Identifier(UInt32(last)))
        }
        self.init(restoring: ids)
    }
}

extension RecordEncoder {
    /// Ascending positions of the log, as distances.
    mutating func positions(_ positions: [UInt64]) {
        count(positions.count)
        var last: UInt64 = 0
        for position in positions {
            unsigned(position &- last)
            last = position
        }
    }

    /// In ascending order of the keys, whatever order the table is in (W-1).
    mutating func sorted<Key: RecordValue & Comparable, Value: RecordValue>(
        _ table: [Key: Value]
    ) {
        count(table.count)
        guard !table.isEmpty else { return }
        for key in table.keys.sorted() {
            guard let value = table[key] else { continue }
            write(key)
            write(value)
        }
    }
}

extension RecordDecoder {
    mutating func sorted<Key: RecordValue & Hashable & Comparable, Value: RecordValue>()
        throws(RecordError) -> [Key: Value]
    {
        let count = try count()
        guard count > 0 else { return [:] }
        var table: [Key: Value] = [:]
        var last: Key?
        for _ in 0..<count {
            let start = offset
            let key = try Key(reading: &self)
            if let last, last >= key { throw RecordError(.membersOutOfOrder, at: start) }
            table[key] = try Value(reading: &self)
            last = key
        }
        return table
    }
}
