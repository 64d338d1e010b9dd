/// Some rows of an inbox.
struct InboxChunk: Sendable {
    /// Of each row: its kind, what it has, the ids that it names, how far its instant and its place in the log
    /// are from those of the row before, and its note.
    var bytes: [UInt8] = []
    /// Bit n: row n is not acknowledged.
    var open: UInt16 = 0
    /// By place: what the few rows say that have something else to tell.
    var others: [Int: Notification] = [:]
    var last = Place()

    struct Place {
        var at: Int64 = 0
        var logSequence: UInt64 = 0
    }

    enum Part: UInt8, CaseIterable {
        case opportunity = 1
        case approval = 2
        case by = 4
        case note = 8
        case other = 16
    }

    mutating func append(_ row: Inbox.Row, at place: Int) {
        let told = row.notification
        let isOther = told.contact != nil || told.digest != nil
        if isOther { others[place] = told }
        if !row.isAcknowledged { open |= 1 << place }
        var parts: UInt8 = isOther ? Part.other.rawValue : 0
        if told.opportunity != nil { parts |= Part.opportunity.rawValue }
        if told.approval != nil { parts |= Part.approval.rawValue }
        if told.by != nil { parts |= Part.by.rawValue }
        if told.note != nil { parts |= Part.note.rawValue }
        bytes.append(told.kind.byte)
        bytes.append(parts)
        let step = row.at.milliseconds &- last.at
        Varint.append(signed: step, to: &bytes)
        Varint.append(row.logSequence &- last.logSequence, to: &bytes)
        last = Place(at: row.at.milliseconds, logSequence: row.logSequence)
        if let id = told.opportunity { Varint.append(UInt64(id.number), to: &bytes) }
        if let id = told.approval { Varint.append(UInt64(id.number), to: &bytes) }
        if let id = told.by { Varint.append(UInt64(id.number), to: &bytes) }
        if let note = told.note {
            Varint.append(UInt64(note.utf8.count), to: &bytes)
            bytes.append(contentsOf: note.utf8)
        }
    }

    func row(_ wanted: Int) -> Inbox.Row {
        bytes.withUnsafeBufferPointer { buffer in
            var reader = Reader(bytes: buffer)
            for _ in 0..<wanted { reader.next() }
            reader.next()
            let told = reader.has(.other) ? others[wanted] : nil
            return Inbox.Row(
                notification: told ?? reader.notification,
                at: Instant(milliseconds: reader.place.at), logSequence: reader.place.logSequence,
                isAcknowledged: open & 1 << wanted == 0)
        }
    }

    /// Tells where each row begins: with its kind.
    func forEachRow(_ body: (Int) -> Void) {
        bytes.withUnsafeBufferPointer { buffer in
            var reader = Reader(bytes: buffer)
            while reader.offset < buffer.count {
                body(reader.offset)
                reader.next()
            }
        }
    }

    /// Goes from row to row.
    private struct Reader {
        let bytes: UnsafeBufferPointer<UInt8>
        var place = Place()
        private(set) var offset = 0
        private var kind: UInt8 = 0
        private var parts: UInt8 = 0
        private var ids: (UInt64, UInt64, UInt64) = (0, 0, 0)
        private var noteStart = 0

        init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

        func has(_ part: Part) -> Bool { parts & part.rawValue != 0 }

        mutating func next() {
            guard let start = bytes.baseAddress else { return }
            kind = bytes[offset]
            parts = bytes[offset + 1]
            offset += 2
            place.at &+= Varint.readSigned(start, &offset)
            place.logSequence &+= Varint.read(start, &offset)
            if has(.opportunity) { ids.0 = Varint.read(start, &offset) }
            if has(.approval) { ids.1 = Varint.read(start, &offset) }
            if has(.by) { ids.2 = Varint.read(start, &offset) }
            guard has(.note) else { return }
            let length = Int(Varint.read(start, &offset))
            noteStart = offset
            offset += length
        }

        var notification: Notification {
            Notification(
                kind: Notification.Kind(byte: kind),
                opportunity: has(.opportunity) ? OpportunityID(UInt32(ids.0)) : nil,
                approval: has(.approval) ? ApprovalID(UInt32(ids.1)) : nil,
                by: has(.by) ? PersonID(UInt32(ids.2)) : nil,
                note: has(.note) ? String(decoding: bytes[noteStart..<offset], as: UTF8.self) : nil)
        }
    }
}

extension Notification.Kind {
    // A case without a payload is one byte, which never leaves the memory of this process.
    var byte: UInt8 { unsafeBitCast(self, to: UInt8.self) }

    /// - Parameter byte: as `byte` gave it.
    init(byte: UInt8) { self = unsafeBitCast(byte, to: Self.self) }
}
