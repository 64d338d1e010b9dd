/// The lists of a deal: its requests, notes, activities, records, reminders that fired and stays, all in
/// one piece of memory and each in a few bytes. There are several for every deal, and arrays of their own would take
/// three times as much.
///
/// A value: changed in place where nobody else holds it, copied before where somebody does. Hence `Sendable`.
package struct DealTrail: @unchecked Sendable {
    /// In the order in which they lie. What grows most lies near the end.
    package enum Part: Int, CaseIterable, Sendable {
        case approvals, notes, activities, records, reminders, visits
    }

    struct Header: Sendable {
        /// Where each part ends; it begins where the one before it does.
        var ends = InlineArray<6, UInt32>(repeating: 0)
        /// The last of the records, which the next is written as a distance from.
        var lastRecord: UInt64 = 0
    }

    private final class Storage: ManagedBuffer<Header, UInt8> {}

    private var storage: Storage?

    package init() {}

    // MARK: Reading

    /// Calls `body` with the numbers of a part, `nil` at its end, and where they begin.
    fileprivate func read<Result>(_ part: Part, _ body: (inout Reader) -> Result) -> Result {
        guard let storage else {
            var nothing = Reader(bytes: nil, place: 0, end: 0)
            return body(&nothing)
        }
        return storage.withUnsafeMutablePointers { header, bytes in
            var reader = Reader(
                bytes: UnsafePointer(bytes), place: header.pointee.start(of: part),
                end: Int(header.pointee.ends[part.rawValue]))
            return body(&reader)
        }
    }

    fileprivate struct Reader {
        let bytes: UnsafePointer<UInt8>?
        var place: Int
        let end: Int

        var byteCount: Int { end - place }

        mutating func next() -> UInt64? {
            guard let bytes, place < end else { return nil }
            return Varint.read(bytes, &place)
        }
    }

    package var recordCount: Int {
        read(.records) { reader in
            var count = 0
            while reader.next() != nil { count += 1 }
            return count
        }
    }

    /// Where the records lie in the log, ascending.
    package var records: [UInt64] {
        read(.records) { reader in
            var records: [UInt64] = []
            records.reserveCapacity(reader.byteCount / 2)
            var last: UInt64 = 0
            while let gap = reader.next() {
                last &+= gap
                records.append(last)
            }
            return records
        }
    }

    package func ids<Kind>(_ part: Part, of _: Kind.Type = Kind.self) -> OrderedIDs<Kind> {
        read(part) { reader in
            guard reader.byteCount > 0 else { return OrderedIDs() }
            var ids = ContiguousArray<Identifier<Kind>>()
            ids.reserveCapacity(reader.byteCount)
            var last: UInt64 = 0
            while let gap = reader.next() {
                last += gap
                ids.append(Identifier(UInt32(last)))
            }
            return OrderedIDs(restoring: ids)
        }
    }

    /// Stays in stages that the deal has left, oldest first.
    package var visits: ContiguousArray<StageVisit> {
        read(.visits) { reader in
            guard reader.byteCount > 0 else { return [] }
            var visits = ContiguousArray<StageVisit>()
            var last: Int64 = 0
            while let stage = reader.next(), let gap = reader.next(), let length = reader.next() {
                last &+= Varint.signed(gap)
                visits.append(
                    StageVisit(
                        stage: Int(stage), entered: Instant(milliseconds: last),
                        milliseconds: Int64(bitPattern: length)))
            }
            return visits
        }
    }

    /// Reminders that fired and might otherwise fire again (N-4).
    package var reminders: [ReminderKey] {
        read(.reminders) { reader in
            guard reader.byteCount > 0 else { return [] }
            var reminders: [ReminderKey] = []
            while let key = reader.nextReminder() { reminders.append(key) }
            return reminders
        }
    }

    // MARK: Growing

    package mutating func append(record sequence: UInt64) {
        let last = storage?.header.lastRecord ?? 0
        var bytes = VarintBuffer()
        bytes.append(sequence &- last)
        append(bytes, to: .records)
        storage?.header.lastRecord = sequence
    }

    mutating func insert<Kind>(_ id: Identifier<Kind>, in part: Part) {
        var ids = ids(part, of: Kind.self)
        let last = ids.last?.number ?? 0
        guard id.number > last else {
            if ids.contains(id) { return }
            ids.insert(id)
            clear(part)
            for id in ids { insert(id, in: part) }
            return
        }
        var bytes = VarintBuffer()
        bytes.append(UInt64(id.number - last))
        append(bytes, to: part)
    }

    mutating func append(_ visit: StageVisit) {
        var bytes = VarintBuffer()
        bytes.append(visit, after: visits.last)
        append(bytes, to: .visits)
    }

    mutating func replaceReminders(with keys: [ReminderKey]) {
        var bytes: [UInt8] = []
        for key in keys { key.append(to: &bytes) }
        clear(.reminders)
        append(bytes, to: .reminders)
    }

    mutating func replaceVisits(with visits: [StageVisit]) {
        clear(.visits)
        for visit in visits { append(visit) }
    }

    // MARK: Storage

    private mutating func append(_ new: some RandomAccessCollection<UInt8>, to part: Part) {
        guard !new.isEmpty else { return }
        let used = storage?.header.used ?? 0
        if storage == nil || !isKnownUniquelyReferenced(&storage)
            || used + new.count > storage?.capacity ?? 0
        {
            storage = copied(capacity: used + new.count)
        }
        storage?.withUnsafeMutablePointers { header, bytes in
            let place = Int(header.pointee.ends[part.rawValue])
            (bytes + place + new.count).update(from: bytes + place, count: used - place)
            for (index, byte) in new.enumerated() { bytes[place + index] = byte }
            for later in part.rawValue..<Part.allCases.count {
                header.pointee.ends[later] += UInt32(new.count)
            }
        }
    }

    private mutating func clear(_ part: Part) {
        guard storage != nil else { return }
        storage = copied(capacity: storage?.header.used ?? 0)
        storage?.withUnsafeMutablePointers { header, bytes in
            let start = header.pointee.start(of: part)
            let end = Int(header.pointee.ends[part.rawValue])
            (bytes + start).update(from: bytes + end, count: header.pointee.used - end)
            for later in part.rawValue..<Part.allCases.count {
                header.pointee.ends[later] -= UInt32(end - start)
            }
        }
    }

    /// What there is, in a place of its own with room for so many bytes and a few more.
    private func copied(capacity: Int) -> Storage {
        let capacity = (capacity + capacity / 4 + 15) / 16 * 16
        let copy = Self.storage(storage?.header ?? Header(), capacity: capacity)
        storage?.withUnsafeMutablePointers { header, bytes in
            let used = header.pointee.used
            copy.withUnsafeMutablePointerToElements { $0.initialize(from: bytes, count: used) }
        }
        return copy
    }

    private static func storage(_ header: Header, capacity: Int) -> Storage {
        let made = Storage.create(minimumCapacity: capacity) { _ in header }
        return unsafeDowncast(made, to: Storage.self)
    }

    fileprivate init(_ header: Header, _ bytes: [UInt8]) {
        let made = Self.storage(header, capacity: bytes.count)
        made.withUnsafeMutablePointerToElements { target in
            bytes.withUnsafeBufferPointer { source in
                guard let start = source.baseAddress else { return }
                target.initialize(from: start, count: source.count)
            }
        }
        storage = made
    }
}

/// Makes a trail that has just enough room, part by part in their order and each ascending. Its bytes are
/// lent by whoever makes many.
package struct DealTrailMaker {
    private var header = DealTrail.Header()
    private var bytes: [UInt8] = []
    private var part = 0
    private var last: UInt64 = 0
    private var lastVisit: StageVisit?

    /// Uses the bytes' capacity; `finish` gives them back.
    package init(taking bytes: inout [UInt8]) {
        swap(&self.bytes, &bytes)
        self.bytes.removeAll(keepingCapacity: true)
    }

    /// - Parameter number: of an id, or the sequence of a record; not below the one before it in its part.
    package mutating func add(_ number: UInt64, to part: DealTrail.Part) {
        go(to: part)
        var buffer = VarintBuffer()
        buffer.append(number - last)
        last = number
        if part == .records { header.lastRecord = number }
        add(buffer)
    }

    package mutating func add(_ visit: StageVisit) {
        go(to: .visits)
        var buffer = VarintBuffer()
        buffer.append(visit, after: lastVisit)
        lastVisit = visit
        add(buffer)
    }

    package mutating func add(_ key: ReminderKey) {
        go(to: .reminders)
        key.append(to: &bytes)
    }

    private mutating func add(_ buffer: VarintBuffer) {
        for byte in buffer { bytes.append(byte) }
    }

    private mutating func go(to next: DealTrail.Part) {
        precondition(next.rawValue >= part, "the parts of a trail must come in their order")
        while part < next.rawValue {
            header.ends[part] = UInt32(bytes.count)
            part += 1
            last = 0
        }
    }

    package mutating func finish(into lent: inout [UInt8]) -> DealTrail {
        go(to: .visits)
        header.ends[DealTrail.Part.visits.rawValue] = UInt32(bytes.count)
        defer { swap(&bytes, &lent) }
        return DealTrail(header, bytes)
    }
}

extension DealTrail.Header {
    var used: Int { Int(ends[DealTrail.Part.visits.rawValue]) }

    func start(of part: DealTrail.Part) -> Int {
        part.rawValue == 0 ? 0 : Int(ends[part.rawValue - 1])
    }
}

/// A few integers on their way.
private struct VarintBuffer: RandomAccessCollection {
    private var bytes = InlineArray<32, UInt8>(repeating: 0)
    private(set) var count = 0

    var startIndex: Int { 0 }
    var endIndex: Int { count }
    subscript(index: Int) -> UInt8 { bytes[index] }

    mutating func append(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes[count] = UInt8(truncatingIfNeeded: rest) | 0x80
            count += 1
            rest &>>= 7
        }
        bytes[count] = UInt8(truncatingIfNeeded: rest)
        count += 1
    }

    /// At most 22 bytes.
    mutating func append(_ visit: StageVisit, after earlier: StageVisit?) {
        append(UInt64(visit.stage))
        let gap = visit.entered.milliseconds &- (earlier?.entered.milliseconds ?? 0)
        append(Varint.unsigned(gap))
        append(UInt64(visit.milliseconds))
    }
}

// MARK: - Reminders

extension ReminderKey {
    private static let hasTask: UInt8 = 0x80
    private static let hasPerson: UInt8 = 0x40

    fileprivate func append(to bytes: inout [UInt8]) {
        // A case without a payload is one small byte, which never leaves the memory of this process.
        var first = unsafeBitCast(rule, to: UInt8.self)
        if task != nil { first |= Self.hasTask }
        if person != nil { first |= Self.hasPerson }
        bytes.append(first)
        Varint.append(signed: base, to: &bytes)
        Varint.append(signed: Int64(count), to: &bytes)
        if let person { Varint.append(UInt64(person.number), to: &bytes) }
        guard let task else { return }
        Varint.append(UInt64(task.utf8.count), to: &bytes)
        bytes.append(contentsOf: task.utf8)
    }

    fileprivate init?(reading bytes: UnsafePointer<UInt8>, _ place: inout Int) {
        let first = bytes[place]
        place += 1
        let base = Varint.readSigned(bytes, &place)
        let count = Int(Varint.readSigned(bytes, &place))
        var person: PersonID?
        if first & Self.hasPerson != 0 { person = PersonID(UInt32(Varint.read(bytes, &place))) }
        var task: String?
        if first & Self.hasTask != 0 {
            let length = Int(Varint.read(bytes, &place))
            task = String(
                decoding: UnsafeBufferPointer(start: bytes + place, count: length), as: UTF8.self)
            place += length
        }
        self.init(
            rule: unsafeBitCast(first & ~(Self.hasTask | Self.hasPerson), to: ReminderRule.self),
            base: base, count: count, task: task, person: person)
    }
}

extension DealTrail.Reader {
    fileprivate mutating func nextReminder() -> ReminderKey? {
        guard let bytes, place < end else { return nil }
        return ReminderKey(reading: bytes, &place)
    }
}

extension DealTrail: CustomReflectable {
    /// What it holds, not how.
    package var customMirror: Mirror {
        Mirror(
            self,
            children: [
                "approvals": ids(.approvals, of: ApprovalKind.self),
                "notes": ids(.notes, of: NoteKind.self),
                "activities": ids(.activities, of: ActivityKind.self), "records": records,
                "reminders": reminders, "visits": visits,
            ], displayStyle: .struct)
    }
}
