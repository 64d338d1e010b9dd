import PipelineDomain

extension Opportunity: SnapshotRow {
    private static let fieldCodes = OpportunityField.allCases.filter { $0 != .title }
        .map { (code: $0.code, place: DealText($0).rawValue) }.sorted { $0.code < $1.code }

    func encode(to encoder: inout RecordEncoder) {
        encoder.write(packed.texts, DealText.title.rawValue)
        encoder.write(customer)
        encoder.write(owner)
        encoder.write(unit)
        encoder.write(version.id)
        encoder.write(stage)
        encoder.write(outcome)
        encoder.write(pending)
        encoder.write(amount)
        encoder.write(currency)
        encoder.write(close)
        encoder.write(lead)
        encoder.write(createdAt)
        encoder.write(enteredStage)
        encoder.write(closedAt)
        encoder.write(closedMilliseconds)
        encoder.write(revision)
        encoder.unsigned(enteredStages)
        encoder.write(packed.texts, fields: Self.fieldCodes)
        encoder.write(tags)
        encoder.write(competitors)
        encoder.write(cost)
        encoder.sorted(custom)
        encoder.sorted(feedback)
        encoder.sorted(tasksDone)
        encoder.writeClosing(packed.texts, rate: packed.closingRate)
        encoder.write(team)
        approvals.encode(to: &encoder)
        voided.encode(to: &encoder)
        notes.encode(to: &encoder)
        activities.encode(to: &encoder)
        encoder.write(contacts)
        encoder.positions(records)
        encoder.write(enteredSequence)
        encoder.write(closeSet)
        encoder.write(reminders)
        let visits = visits
        encoder.count(visits.count)
        for visit in visits {
            encoder.write(visit.stage)
            encoder.write(visit.entered)
            encoder.write(visit.milliseconds)
        }
    }

    init(
        reading decoder: inout RecordDecoder, number: UInt32, _ scope: SnapshotScope
    ) throws(RecordError) {
        var texts = PackedTextsMaker(taking: &decoder.scratch)
        try decoder.text(DealText.title.rawValue, into: &texts)
        let customer: CustomerID = try decoder.read()
        let owner: PersonID = try decoder.read()
        let unit: UnitID = try decoder.read()
        let versionID: ProcessVersionID = try decoder.read()
        try decoder.require(
            scope.has(customer) && scope.has(owner) && scope.has(unit)
                && scope.versions.contains(versionID), "a deal's reference")
        let version = scope.versions[versionID]
        let stage: Int = try decoder.read()
        try decoder.require(version.definition.stages.indices.contains(stage), "a deal's stage")
        let outcome: Outcome = try decoder.read()
        let pending: ApprovalID? = try decoder.read()
        let amount: Money? = try decoder.read()
        let currency: Currency = try decoder.read()
        let close: Day? = try decoder.read()
        let lead: LeadID? = try decoder.read()
        let createdAt: Instant = try decoder.read()
        let enteredStage: Instant = try decoder.read()
        let closedAt: Instant? = try decoder.read()
        try decoder.require(
            close?.number != .min && closedAt?.milliseconds != .min, "a date of a deal")
        var extras = RestoredExtras()
        extras.closedMilliseconds = try decoder.read()
        let revision: Revision = try decoder.read()
        let enteredStages: UInt64 = try decoder.read()
        try decoder.fields(Self.fieldCodes, into: &texts)
        extras.tags = try decoder.read()
        extras.competitors = try decoder.read()
        extras.cost = try decoder.read()
        extras.custom = try decoder.sorted()
        extras.feedback = try decoder.sorted()
        extras.tasksDone = try decoder.sorted()
        extras.closingRate = try decoder.closing(into: &texts)
        extras.team = try decoder.read()
        let packed = texts.finish(into: &decoder.scratch)
        var trail = DealTrailMaker(taking: &decoder.scratch)
        try decoder.ids(of: .approvals, upTo: scope.approvals, into: &trail)
        extras.voided = try OrderedIDs(reading: &decoder, upTo: scope.approvals)
        try decoder.ids(of: .notes, upTo: scope.notes, into: &trail)
        try decoder.ids(of: .activities, upTo: scope.activities, into: &trail)
        extras.contacts = try decoder.read()
        try decoder.records(into: &trail)
        let enteredSequence: UInt64 = try decoder.read()
        let closeSet: LogPlace = try decoder.read()
        try decoder.reminders(scope, into: &trail)
        try decoder.visits(version.definition.stages.indices, into: &trail)
        try decoder.require(
            (pending.map { scope.has($0) } ?? true) && (lead.map { scope.has($0) } ?? true)
                && scope.hasActor(revision) && scope.has(extras), "a deal's reference")
        self.init(
            restoring: OpportunityID(number), customer: customer, owner: owner, unit: unit,
            version: version, stage: stage, outcome: outcome, pending: pending, amount: amount,
            currency: currency, close: close, lead: lead, createdAt: createdAt,
            enteredStage: enteredStage, closedAt: closedAt, revision: revision,
            enteredStages: enteredStages, enteredSequence: enteredSequence, closeSet: closeSet,
            texts: packed, trail: trail.finish(into: &decoder.scratch), extras: extras)
    }
}

extension SnapshotScope {
    fileprivate func has(_ extras: borrowing RestoredExtras) -> Bool {
        extras.custom.values.allSatisfy { has($0) } && extras.feedback.values.allSatisfy { has($0) }
            && extras.tasksDone.values.allSatisfy { hasActor($0.by) }
            && extras.team.allSatisfy { has($0.person) }
            && extras.contacts.allSatisfy { has($0.contact) }
    }
}

// MARK: - Texts

extension RecordEncoder {
    /// As `Closing?` is written.
    fileprivate mutating func writeClosing(_ texts: PackedTexts, rate: ExchangeRate?) {
        guard texts.has(DealText.reason.rawValue) else { return byte(0) }
        byte(1)
        write(texts, DealText.reason.rawValue)
        writeOptional(texts, DealText.competitor.rawValue)
        writeOptional(texts, DealText.review.rawValue)
        writeOptional(texts, DealText.note.rawValue)
        write(rate)
    }
}

extension RecordDecoder {
    fileprivate mutating func closing(
        into texts: inout PackedTextsMaker
    ) throws(RecordError) -> ExchangeRate? {
        guard try flag() else { return nil }
        try text(DealText.reason.rawValue, into: &texts)
        try optional(DealText.competitor.rawValue, into: &texts)
        try optional(DealText.review.rawValue, into: &texts)
        try optional(DealText.note.rawValue, into: &texts)
        return try read()
    }
}

// MARK: - Lists

extension RecordDecoder {
    fileprivate mutating func ids(
        of part: DealTrail.Part, upTo limit: UInt32, into trail: inout DealTrailMaker
    ) throws(RecordError) {
        var last: UInt64 = 0
        for _ in 0..<(try count()) {
            let gap = try unsigned()
            guard gap >= 1, gap <= UInt64(limit), last + gap <= UInt64(limit) else {
                throw RecordError(.outOfRange("a list of ids"), at: offset)
            }
            last += gap
            trail.add(last, to: part)
        }
    }

    fileprivate mutating func records(into trail: inout DealTrailMaker) throws(RecordError) {
        var last: UInt64 = 0
        for _ in 0..<(try count()) {
            let (position, isOver) = last.addingReportingOverflow(try unsigned())
            try require(!isOver && position > last, "a list of positions")
            trail.add(position, to: .records)
            last = position
        }
    }

    fileprivate mutating func reminders(
        _ scope: SnapshotScope, into trail: inout DealTrailMaker
    ) throws(RecordError) {
        for _ in 0..<(try count()) {
            let key: ReminderKey = try read()
            try require(key.person.map { scope.has($0) } ?? true, "a deal's reference")
            trail.add(key)
        }
    }

    fileprivate mutating func visits(
        _ stages: Range<Int>, into trail: inout DealTrailMaker
    ) throws(RecordError) {
        for _ in 0..<(try count()) {
            let stage: Int = try read()
            let entered: Instant = try read()
            let milliseconds: Int64 = try read()
            try require(stages.contains(stage), "the stage of a stay")
            let visit = StageVisit(restoring: stage, entered: entered, milliseconds: milliseconds)
            try require(visit.milliseconds == milliseconds, "the length of a stay")
            trail.add(visit)
        }
    }
}
