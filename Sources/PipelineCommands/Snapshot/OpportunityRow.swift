import PipelineDomain

extension Opportunity: SnapshotRow {
    func encode(to encoder: inout RecordEncoder) {
        let kept = kept
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
        encoder.write(enteredSequence)
        encoder.write(closeSet)
        encoder.write(closedAt)
        encoder.write(revision)
        encoder.unsigned(enteredStages)
        kept.pack.withImage { image in
            encoder.count(image.count)
            encoder.append(image)
        }
        encoder.write(reminders)
        encoder.write(kept.hasExtras)
        guard kept.hasExtras else { return }
        encoder.write(tags)
        encoder.write(competitors)
        encoder.write(cost)
        encoder.sorted(custom)
        encoder.sorted(feedback)
        encoder.sorted(tasksDone)
        encoder.write(kept.closingRate)
        encoder.write(closedMilliseconds)
        encoder.write(team)
        voided.encode(to: &encoder)
        encoder.write(contacts)
    }

    init(
        reading decoder: inout RecordDecoder, number: UInt32, _ scope: SnapshotScope
    ) throws(RecordError) {
        try decoder.require(
            decoder.version == SnapshotTable.withPacks, "the layout of deals, an older one")
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
        let enteredSequence: UInt64 = try decoder.read()
        let closeSet: LogPlace = try decoder.read()
        let closedAt: Instant? = try decoder.read()
        let revision: Revision = try decoder.read()
        try decoder.require(
            (pending.map { scope.has($0) } ?? true) && (lead.map { scope.has($0) } ?? true)
                && scope.hasActor(revision), "a deal's reference")
        try decoder.require(
            close?.number != .min && closedAt?.milliseconds != .min, "a date of a deal")
        self.init(
            restoring: OpportunityID(number), customer: customer, owner: owner, unit: unit,
            version: version, stage: stage, outcome: outcome, pending: pending, amount: amount,
            currency: currency, close: close, lead: lead, createdAt: createdAt,
            enteredStage: enteredStage, closedAt: closedAt, revision: revision,
            enteredStages: try decoder.read(), enteredSequence: enteredSequence,
            closeSet: closeSet,
            pack: try decoder.pack(scope, version.definition.stages.count),
            extras: try decoder.extras(scope))
    }
}

extension RecordDecoder {
    /// A pack as it lay in memory, then the reminders.
    fileprivate mutating func pack(
        _ scope: SnapshotScope, _ stages: Int
    ) throws(RecordError) -> DealPack {
        let limits = DealPack.Limits(
            approvals: scope.approvals, notes: scope.notes, activities: scope.activities,
            stages: stages)
        let start = offset
        guard var pack = DealPack(restoring: try bytes(try count()), limits) else {
            throw RecordError(.outOfRange("the texts and lists of a deal"), at: start)
        }
        let reminders: [ReminderKey] = try read()
        guard !reminders.isEmpty else { return pack }
        try require(
            reminders.allSatisfy { $0.person.map { scope.has($0) } ?? true },
            "a deal's reference")
        pack.replaceReminders(with: reminders)
        return pack
    }

    fileprivate mutating func extras(
        _ scope: SnapshotScope
    ) throws(RecordError) -> RestoredExtras? {
        guard try flag() else { return nil }
        var extras = RestoredExtras()
        extras.tags = try read()
        extras.competitors = try read()
        extras.cost = try read()
        extras.custom = try sorted()
        extras.feedback = try sorted()
        extras.tasksDone = try sorted()
        extras.closingRate = try read()
        extras.closedMilliseconds = try read()
        extras.team = try read()
        extras.voided = try OrderedIDs(reading: &self, upTo: scope.approvals)
        extras.contacts = try read()
        try require(
            extras.custom.values.allSatisfy { scope.has($0) }
                && extras.feedback.values.allSatisfy { scope.has($0) }
                && extras.tasksDone.values.allSatisfy { scope.hasActor($0.by) }
                && extras.team.allSatisfy { scope.has($0.person) }
                && extras.contacts.allSatisfy { scope.has($0.contact) }, "a deal's reference")
        return extras
    }
}
