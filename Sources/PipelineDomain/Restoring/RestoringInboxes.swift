// Rows of inboxes as a snapshot holds them: chunk by chunk and byte for byte, but with permanent codes for
// the kinds. What is read later without a check is checked here.

/// Some rows of an inbox, one after the other.
package struct InboxImage {
    /// Bit n: row n is not acknowledged.
    package var open: UInt32
    /// What few of them say, by place.
    package var others: [(place: Int, told: Notification)]

    package init(open: UInt32, others: [(place: Int, told: Notification)]) {
        self.open = open
        self.others = others
    }
}

extension InboxRows {
    /// How many chunks so many rows lie in.
    package static func chunkCount(_ rows: Int) -> Int { (rows + chunkRows - 1) / chunkRows }

    /// Gives every chunk, with the bytes of its rows.
    package func images(
        _ code: (Notification.Kind) -> UInt8, _ body: (InboxImage, [UInt8]) -> Void
    ) {
        for chunk in chunks {
            var bytes = chunk.bytes
            chunk.forEachRow { bytes[$0] = code(Notification.Kind(byte: bytes[$0])) }
            let others = chunk.others.sorted { $0.key < $1.key }
                .map { (place: $0.key, told: $0.value) }
            body(InboxImage(open: UInt32(chunk.open), others: others), bytes)
        }
    }

    /// What rows may refer to: how many there are.
    package struct Limits {
        let opportunities: UInt32
        let approvals: UInt32
        let persons: UInt32

        package init(opportunities: UInt32, approvals: UInt32, persons: UInt32) {
            self.opportunities = opportunities
            self.approvals = approvals
            self.persons = persons
        }
    }

    /// Adds the next chunk of as many rows as are still missing, at most a full one.
    ///
    /// - Returns: `false`, and nothing is added, unless the bytes are what `images` gives.
    package mutating func append(
        restoring image: InboxImage, _ bytes: UnsafeBufferPointer<UInt8>, missing: Int,
        _ limits: Limits, _ kind: (UInt8) -> Notification.Kind?
    ) -> Bool {
        let count = Swift.min(missing, Self.chunkRows)
        guard endIndex % Self.chunkRows == 0,
            let chunk = InboxChunk(restoring: image, bytes, count: count, limits, kind)
        else { return false }
        chunks.append(chunk)
        endIndex += count
        unacknowledged += chunk.open.nonzeroBitCount
        return true
    }
}

extension InboxChunk {
    fileprivate init?(
        restoring image: InboxImage, _ bytes: UnsafeBufferPointer<UInt8>, count: Int,
        _ limits: InboxRows.Limits, _ kind: (UInt8) -> Notification.Kind?
    ) {
        guard image.open >> UInt32(count) == 0 else { return nil }
        open = UInt16(image.open)
        self.bytes = Array(bytes)
        for (place, told) in image.others { others[place] = told }
        var reader = CheckedVarints(bytes)
        var found = 0
        for place in 0..<count {
            let start = reader.place
            guard let kind = reader.byte().flatMap(kind), let parts = reader.byte(),
                parts < 1 << UInt8(Part.allCases.count),
                let step = reader.next(), let gap = reader.next(),
                Self.skipRest(of: parts, &reader, limits)
            else { return nil }
            self.bytes[start] = kind.byte
            last.at &+= Varint.signed(step)
            last.logSequence &+= gap
            let other = parts & Part.other.rawValue == 0 ? nil : others[place]
            guard (kind == .digest) == (other?.digest != nil), other?.kind ?? kind == kind,
                (other != nil) == (parts & Part.other.rawValue != 0)
            else { return nil }
            if other != nil { found += 1 }
        }
        guard reader.isAtEnd, found == image.others.count else { return nil }
    }

    /// What a row has beside its kind, its instant and its place in the log.
    private static func skipRest(
        of parts: UInt8, _ reader: inout CheckedVarints, _ limits: InboxRows.Limits
    ) -> Bool {
        func isSound(_ part: Part, from first: UInt64, to last: UInt32) -> Bool {
            guard parts & part.rawValue != 0 else { return true }
            return reader.next().map { $0 >= first && $0 <= UInt64(last) } ?? false
        }
        guard isSound(.opportunity, from: 1, to: limits.opportunities),
            isSound(.approval, from: 1, to: limits.approvals),
            isSound(.by, from: 0, to: limits.persons)
        else { return false }
        return parts & Part.note.rawValue == 0 || reader.text() != nil
    }
}
