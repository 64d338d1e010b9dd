/// The rows of one inbox, in copy-on-write chunks: after a photograph, a new row or an
/// acknowledgement duplicates one chunk, not the inbox (E-4). Each chunk marks what is not
/// acknowledged in it, so that looking for the next such row does not walk over old ones.
///
/// Rows lie packed in some fifteen bytes, each as what it adds to the one before it: a company tells its
/// people things by the million.
public struct InboxRows: RandomAccessCollection, Sendable {
    private static let chunkRows = 16
    private var chunks: [Chunk] = []
    public private(set) var endIndex = 0
    /// How many rows are not acknowledged.
    public private(set) var unacknowledged = 0

    public init() {}

    public init(_ rows: some Sequence<Inbox.Row>) {
        for row in rows { append(row) }
    }

    public var startIndex: Int { 0 }

    public subscript(index: Int) -> Inbox.Row {
        let (chunk, place) = index.quotientAndRemainder(dividingBy: Self.chunkRows)
        return chunks[chunk].row(place)
    }

    mutating func append(_ row: Inbox.Row) {
        if endIndex % Self.chunkRows == 0 { chunks.append(Chunk()) }
        chunks[chunks.count - 1].append(row, at: endIndex % Self.chunkRows)
        endIndex += 1
        if !row.isAcknowledged { unacknowledged += 1 }
    }

    mutating func acknowledge(_ index: Int) {
        let (chunk, place) = index.quotientAndRemainder(dividingBy: Self.chunkRows)
        guard chunks[chunk].open & 1 << place != 0 else { return }
        chunks[chunk].open &= ~(1 << place)
        unacknowledged -= 1
    }

    /// The first row from `index` on that is not acknowledged.
    public func firstUnacknowledged(from index: Int) -> Int? {
        guard index < endIndex else { return nil }
        let (first, place) = index.quotientAndRemainder(dividingBy: Self.chunkRows)
        var open = (chunks[first].open >> place) << place
        for chunk in first..<chunks.count {
            if chunk > first { open = chunks[chunk].open }
            if open != 0 { return chunk * Self.chunkRows + open.trailingZeroBitCount }
        }
        return nil
    }

    /// How many of the rows before `end` are not acknowledged.
    func unacknowledged(before end: Int) -> Int {
        let (full, rest) = end.quotientAndRemainder(dividingBy: Self.chunkRows)
        let whole = chunks[..<full].reduce(0) { $0 + $1.open.nonzeroBitCount }
        guard rest > 0 else { return whole }
        return whole + (chunks[full].open & (1 << rest - 1)).nonzeroBitCount
    }
}

/// Some rows of an inbox.
private struct Chunk: Sendable {
    /// Of each row: its kind, what it has, the ids that it names, how far its instant and its place in the log
    /// are from those of the row before, and its note.
    private var bytes: [UInt8] = []
    /// Bit n: row n is not acknowledged.
    var open: UInt16 = 0
    /// By place: what the few rows say that have something else to tell.
    private var others: [Int: Notification] = [:]
    private var last = Place()

    private struct Place {
        var at: Int64 = 0
        var logSequence: UInt64 = 0
    }

    private enum Part: UInt8 {
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
        // A case without a payload is one byte, which never leaves the memory of this process.
        bytes.append(unsafeBitCast(told.kind, to: UInt8.self))
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

    /// Goes from row to row.
    private struct Reader {
        let bytes: UnsafeBufferPointer<UInt8>
        var place = Place()
        private var offset = 0
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
                kind: unsafeBitCast(kind, to: Notification.Kind.self),
                opportunity: has(.opportunity) ? OpportunityID(UInt32(ids.0)) : nil,
                approval: has(.approval) ? ApprovalID(UInt32(ids.1)) : nil,
                by: has(.by) ? PersonID(UInt32(ids.2)) : nil,
                note: has(.note) ? String(decoding: bytes[noteStart..<offset], as: UTF8.self) : nil)
        }
    }
}

extension InboxRows: CustomReflectable {
    /// The rows, not how they lie.
    public var customMirror: Mirror {
        Mirror(self, unlabeledChildren: Array(self), displayStyle: .collection)
    }
}
