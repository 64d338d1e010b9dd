import PipelineDomain

extension TaskResult: RecordValue {
    func encode(to encoder: inout RecordEncoder) {
        encoder.write(by)
        encoder.write(at)
        encoder.write(evidence)
        encoder.write(note)
    }

    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        self.init(
            restoring: try decoder.read(), at: try decoder.read(), evidence: try decoder.read(),
            note: try decoder.read())
    }
}

extension DealContact: RecordValue {
    func encode(to encoder: inout RecordEncoder) {
        encoder.write(contact)
        encoder.write(part)
    }

    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        self.init(restoring: try decoder.read(), part: try decoder.read())
    }
}

extension Approval: SnapshotRow {
    func encode(to encoder: inout RecordEncoder) {
        encoder.write(opportunity)
        encoder.write(stage)
        encoder.write(target)
        encoder.write(submitter)
        encoder.write(approvers)
        encoder.write(endsAutomatically)
        encoder.write(attempt)
        encoder.write(amount)
        encoder.write(currency)
        encoder.write(note)
        encoder.write(submittedAt)
        encoder.write(decidedLevels)
        encoder.write(vacancies)
        encoder.write(status)
        encoder.write(decidedBy)
        encoder.write(decidedFor)
        encoder.write(decidedAt)
        encoder.write(decisionNote)
        encoder.write(revision)
        encoder.write(askedLast?.person)
        encoder.write(askedLast?.row)
        encoder.write(asked)
        encoder.write(passed)
        encoder.write(escalatedTo)
        encoder.write(escalations)
    }

    init(
        reading decoder: inout RecordDecoder, number: UInt32, _ scope: SnapshotScope
    ) throws(RecordError) {
        self.init(
            restoring: ApprovalID(number), opportunity: try decoder.read(),
            stage: try decoder.read(), target: try decoder.read(),
            submitter: try decoder.read(), approvers: try decoder.read(),
            endsAutomatically: try decoder.read(), attempt: try decoder.read(),
            amount: try decoder.read(), currency: try decoder.read(), note: try decoder.read(),
            submittedAt: try decoder.read(), decidedLevels: try decoder.read(),
            vacancies: try decoder.read(), status: try decoder.read(),
            decidedBy: try decoder.read(), decidedFor: try decoder.read(),
            decidedAt: try decoder.read(), decisionNote: try decoder.read(),
            revision: try decoder.read(), lastAsked: try decoder.lastAsked(),
            asked: try decoder.read(), passed: try decoder.read(),
            escalatedTo: try decoder.read(), escalations: try decoder.read())
        var people = approvers + escalations
        people += [decidedBy, decidedFor, askedLast?.person, escalatedTo].compactMap(\.self)
        people.append(submitter)
        try decoder.require(
            scope.has(opportunity) && people.allSatisfy { scope.hasActor($0) }
                && scope.hasActor(revision) && (0...approvers.count).contains(decidedLevels),
            "an approval's reference")
    }
}

extension RecordDecoder {
    fileprivate mutating func lastAsked()
        throws(RecordError) -> (person: PersonID, row: UInt64)?
    {
        let person: PersonID? = try read()
        let row: UInt64? = try read()
        guard let person, let row else {
            try require(person == nil && row == nil, "who was asked last")
            return nil
        }
        return (person, row)
    }
}

extension Approval.Status: RecordCode {
    static let byCode = tableByCode()
    var code: UInt8 {
        switch self {
        case .pending: 1
        case .approved: 2
        case .rejected: 3
        case .recalled: 4
        case .cancelled: 5
        case .void: 6
        }
    }
}

extension Note: SnapshotRow {
    func encode(to encoder: inout RecordEncoder) {
        encoder.write(opportunity)
        encoder.write(author)
        encoder.write(replyTo)
        encoder.write(at)
    }

    init(
        reading decoder: inout RecordDecoder, number: UInt32, _ scope: SnapshotScope
    ) throws(RecordError) {
        self.init(
            restoring: try decoder.read(), author: try decoder.read(),
            replyTo: try decoder.read(), at: try decoder.read())
        try decoder.require(
            scope.has(opportunity) && scope.hasActor(author)
                && (replyTo.map { scope.has($0) } ?? true), "a note's reference")
    }
}

extension Activity: SnapshotRow {
    func encode(to encoder: inout RecordEncoder) {
        encoder.write(target)
        encoder.write(kind)
        encoder.write(assignee)
        encoder.write(at)
        encoder.write(note)
        encoder.write(createdAt)
        encoder.write(createdBy)
        encoder.write(doneAt)
        encoder.write(doneBy)
        encoder.write(result)
        encoder.write(revision)
        encoder.write(wasReminded)
    }

    init(
        reading decoder: inout RecordDecoder, number: UInt32, _ scope: SnapshotScope
    ) throws(RecordError) {
        self.init(
            restoring: ActivityID(number), target: try decoder.read(), kind: try decoder.read(),
            assignee: try decoder.read(), at: try decoder.read(), note: try decoder.read(),
            createdAt: try decoder.read(), createdBy: try decoder.read(),
            doneAt: try decoder.read(), doneBy: try decoder.read(), result: try decoder.read(),
            revision: try decoder.read(), isReminded: try decoder.read())
        let isAboutSomething =
            switch target {
            case .opportunity(let id): scope.has(id)
            case .lead(let id): scope.has(id)
            }
        try decoder.require(
            isAboutSomething && scope.has(assignee) && scope.hasActor(createdBy)
                && scope.hasActor(revision) && (doneBy.map { scope.hasActor($0) } ?? true),
            "an activity's reference")
    }
}

extension Customer: SnapshotRow {
    private static let fieldCodes = Field.allCases.map { (code: $0.code, place: $0.place) }
        .sorted { $0.code < $1.code }

    func encode(to encoder: inout RecordEncoder) {
        packed.read { texts in
            encoder.write(texts, 0)
            encoder.write(texts, fields: Self.fieldCodes)
        }
        encoder.sorted(custom)
        encoder.write(createdAt)
        encoder.write(createdBy)
        encoder.write(revision)
        opportunities.encode(to: &encoder)
        contacts.encode(to: &encoder)
    }

    init(
        reading decoder: inout RecordDecoder, number: UInt32, _ scope: SnapshotScope
    ) throws(RecordError) {
        var texts = TextRunMaker(taking: &decoder.scratch)
        try decoder.text(0, into: &texts)
        try decoder.fields(Self.fieldCodes, into: &texts)
        let packed = PackedTexts(texts)
        texts.give(back: &decoder.scratch)
        self.init(
            restoring: CustomerID(number), texts: packed,
            custom: try decoder.sorted(), createdAt: try decoder.read(),
            createdBy: try decoder.read(), revision: try decoder.read(),
            opportunities: try OrderedIDs(reading: &decoder, upTo: scope.opportunities),
            contacts: try OrderedIDs(reading: &decoder, upTo: scope.contacts))
        try decoder.require(
            scope.hasActor(createdBy) && scope.hasActor(revision)
                && custom.values.allSatisfy { scope.has($0) }, "a customer's reference")
    }
}

extension Contact: SnapshotRow {
    func encode(to encoder: inout RecordEncoder) {
        encoder.write(name)
        encoder.write(customer)
        encoder.write(fields)
        encoder.write(hasLeft)
        encoder.write(createdAt)
        encoder.write(createdBy)
        encoder.write(revision)
        opportunities.encode(to: &encoder)
    }

    init(
        reading decoder: inout RecordDecoder, number: UInt32, _ scope: SnapshotScope
    ) throws(RecordError) {
        self.init(
            restoring: ContactID(number), name: try decoder.read(),
            customer: try decoder.read(), fields: try decoder.read(),
            hasLeft: try decoder.read(), createdAt: try decoder.read(),
            createdBy: try decoder.read(), revision: try decoder.read(),
            opportunities: try OrderedIDs(reading: &decoder, upTo: scope.opportunities))
        try decoder.require(
            scope.has(customer) && scope.hasActor(createdBy) && scope.hasActor(revision),
            "a contact's reference")
    }
}

extension Lead: SnapshotRow {
    func encode(to encoder: inout RecordEncoder) {
        encoder.write(name)
        encoder.write(owner)
        encoder.write(fields)
        encoder.write(measures)
        encoder.write(status)
        encoder.write(reason)
        encoder.write(conversion)
        encoder.write(createdAt)
        encoder.write(createdBy)
        encoder.write(endedAt)
        encoder.write(revision)
        activities.encode(to: &encoder)
    }

    init(
        reading decoder: inout RecordDecoder, number: UInt32, _ scope: SnapshotScope
    ) throws(RecordError) {
        self.init(
            restoring: LeadID(number), name: try decoder.read(), owner: try decoder.read(),
            fields: try decoder.read(), measures: try decoder.read(),
            status: try decoder.read(), reason: try decoder.read(),
            conversion: try decoder.read(), createdAt: try decoder.read(),
            createdBy: try decoder.read(), endedAt: try decoder.read(),
            revision: try decoder.read(),
            activities: try OrderedIDs(reading: &decoder, upTo: scope.activities))
        let leadsSomewhere =
            conversion.map {
                scope.has($0.customer) && scope.has($0.contact) && scope.has($0.opportunity)
            } ?? true
        try decoder.require(
            leadsSomewhere && scope.has(owner) && scope.hasActor(createdBy)
                && scope.hasActor(revision), "a lead's reference")
    }
}

extension LeadConversion: RecordValue {
    func encode(to encoder: inout RecordEncoder) {
        encoder.write(customer)
        encoder.write(contact)
        encoder.write(opportunity)
    }

    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        self.init(
            customer: try decoder.read(), contact: try decoder.read(),
            opportunity: try decoder.read())
    }
}

extension Lead.Status: RecordCode {
    static let byCode = tableByCode()
    var code: UInt8 {
        switch self {
        case .open: 1
        case .converted: 2
        case .discarded: 3
        }
    }
}
