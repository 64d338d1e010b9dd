// The lists in a deal's pack. Each begins with its newest element as it is; every other is written as how
// far it lies before the one that follows it. So the newest is found and another added without a look
// at the rest.

extension DealPack {
    /// What is there of a list, one integer after the other.
    private struct Reader {
        let bytes: UnsafeBufferPointer<UInt8>
        var place = 0

        init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

        mutating func next() -> UInt64? {
            guard place < bytes.count, let base = bytes.baseAddress else { return nil }
            return Varint.read(base, &place)
        }
    }

    // MARK: Ids and records

    package func ids<Kind>(_ part: Part, of _: Kind.Type = Kind.self) -> OrderedIDs<Kind> {
        OrderedIDs(
            restoring: ContiguousArray(numbers(part).lazy.map { Identifier(UInt32($0)) }))
    }

    /// Where the records lie in the log, ascending.
    package var records: [UInt64] { numbers(.records) }

    /// Ascending.
    private func numbers(_ part: Part) -> [UInt64] {
        read(part) { bytes in
            var reader = Reader(bytes)
            guard var number = reader.next() else { return [] }
            var numbers = [number]
            numbers.reserveCapacity(bytes.count / 2)
            while let gap = reader.next() {
                number &-= gap
                numbers.append(number)
            }
            numbers.reverse()
            return numbers
        }
    }

    package var recordCount: Int {
        read(.records) { bytes in bytes.count { $0 < 0x80 } }
    }

    mutating func append(record sequence: UInt64) {
        append(sequence, to: .records)
    }

    mutating func insert<Kind>(_ id: Identifier<Kind>, in part: Part) {
        let newest = read(part) { bytes in
            var reader = Reader(bytes)
            return reader.next() ?? 0
        }
        guard id.number <= newest else { return append(UInt64(id.number), to: part) }
        var ids = ids(part, of: Kind.self)
        guard !ids.contains(id) else { return }
        ids.insert(id)
        replace(part, with: UnsafeBufferPointer(start: nil, count: 0))
        for id in ids { append(UInt64(id.number), to: part) }
    }

    /// - Parameter number: above all that are there.
    private mutating func append(_ number: UInt64, to part: Part) {
        let (newest, end) = read(part) { bytes in
            var reader = Reader(bytes)
            return (reader.next(), reader.place)
        }
        var new = VarintBuffer()
        new.append(number)
        if let newest { new.append(number &- newest) }
        new.withBytes { splice(part, 0..<end, with: $0) }
    }

    // MARK: Visits

    /// Stays in stages that the deal has left, oldest first.
    package var visits: ContiguousArray<StageVisit> {
        var visits = ContiguousArray<StageVisit>()
        eachVisit { visits.append($0) }
        visits.reverse()
        return visits
    }

    /// The same, newest first, without a list being made.
    @inline(__always)
    func eachVisit(_ body: (StageVisit) -> Void) {
        read(.visits) { bytes in
            var reader = Reader(bytes)
            var later: Int64?
            while let stage = reader.next(), let entered = reader.next(), let length = reader.next()
            {
                let signed = Varint.signed(entered)
                let instant = later.map { $0 &- signed } ?? signed
                later = instant
                body(
                    StageVisit(
                        stage: Int(stage), entered: Instant(milliseconds: instant),
                        milliseconds: Int64(bitPattern: length)))
            }
        }
    }

    mutating func append(_ visit: StageVisit) {
        let entered = visit.entered.milliseconds
        var new = VarintBuffer()
        new.append(UInt64(visit.stage))
        new.append(signed: entered)
        new.append(UInt64(visit.milliseconds))
        // The newest so far, whose instant becomes a distance.
        let end = read(.visits) { bytes in
            var reader = Reader(bytes)
            guard let stage = reader.next(), let before = reader.next() else { return 0 }
            new.append(stage)
            new.append(signed: entered &- Varint.signed(before))
            return reader.place
        }
        new.withBytes { splice(.visits, 0..<end, with: $0) }
    }

    mutating func replaceVisits(with visits: [StageVisit]) {
        replace(.visits, with: UnsafeBufferPointer(start: nil, count: 0))
        for visit in visits { append(visit) }
    }

    // MARK: Reminders

    /// Reminders that fired and might otherwise fire again (N-4).
    package var reminders: [ReminderKey] {
        read(.reminders) { bytes in
            guard let base = bytes.baseAddress else { return [] }
            var reminders: [ReminderKey] = []
            var place = 0
            while place < bytes.count { reminders.append(ReminderKey(reading: base, &place)) }
            return reminders
        }
    }

    package mutating func replaceReminders(with keys: [ReminderKey]) {
        var bytes: [UInt8] = []
        for key in keys { key.append(to: &bytes) }
        bytes.withUnsafeBufferPointer { replace(.reminders, with: $0) }
    }
}

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

    fileprivate init(reading bytes: UnsafePointer<UInt8>, _ place: inout Int) {
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
