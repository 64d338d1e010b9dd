// Packs of deals as a snapshot holds them, byte for byte, which is no reason to believe them: what is read
// later without a check is checked here.

extension DealPack {
    /// What the lists of a deal may refer to.
    package struct Limits {
        let approvals: UInt32
        let notes: UInt32
        let activities: UInt32
        let stages: Int

        /// - Parameters: how many rows the tables have, and how many stages the deal's version has.
        package init(approvals: UInt32, notes: UInt32, activities: UInt32, stages: Int) {
            self.approvals = approvals
            self.notes = notes
            self.activities = activities
            self.stages = stages
        }
    }

    /// `nil` unless the bytes are what `withImage` gives for some deal.
    package init?(restoring image: UnsafeBufferPointer<UInt8>, _ limits: Limits) {
        guard image.isEmpty || Self.isSound(image, limits) else { return nil }
        self.init(image: image)
    }

    private static func isSound(
        _ image: UnsafeBufferPointer<UInt8>, _ limits: Limits
    ) -> Bool {
        var head = CheckedVarints(image)
        var total = 0
        var lengths = InlineArray<7, Int>(repeating: 0)
        for part in lengths.indices {
            guard let length = head.next(), length <= UInt64(image.count) else { return false }
            lengths[part] = Int(length)
            total += Int(length)
        }
        guard total > 0, head.place + total == image.count, lengths[Part.reminders.rawValue] == 0
        else { return false }
        var start = head.place
        for part in Part.allCases {
            let bytes = image.extracting(start..<start + lengths[part.rawValue])
            start += bytes.count
            let isSound =
                switch part {
                case .texts: TextRun.isSound(bytes, below: DealText.allCases.count)
                case .approvals: isDescending(bytes, from: UInt64(limits.approvals))
                case .notes: isDescending(bytes, from: UInt64(limits.notes))
                case .activities: isDescending(bytes, from: UInt64(limits.activities))
                case .records: isDescending(bytes, from: .max)
                case .visits: areVisits(bytes, limits.stages)
                case .reminders: true
                }
            guard isSound else { return false }
        }
        return true
    }

    /// A number of at most `limit`, then distances to others, all above 0.
    private static func isDescending(
        _ bytes: UnsafeBufferPointer<UInt8>, from limit: UInt64
    ) -> Bool {
        guard !bytes.isEmpty else { return true }
        var reader = CheckedVarints(bytes)
        guard var number = reader.next(), number >= 1, number <= limit else { return false }
        while !reader.isAtEnd {
            guard let gap = reader.next(), gap >= 1, gap < number else { return false }
            number -= gap
        }
        return true
    }

    private static func areVisits(_ bytes: UnsafeBufferPointer<UInt8>, _ stages: Int) -> Bool {
        var reader = CheckedVarints(bytes)
        while !reader.isAtEnd {
            guard let stage = reader.next(), stage < UInt64(stages), reader.next() != nil,
                let length = reader.next(), length <= StageVisit.longest
            else { return false }
        }
        return true
    }
}
