// Rows of deals and what belongs to them, put together again from all their stored properties, as a snapshot holds them
// (W-9). Every property is a parameter without a default: a new one does not go unnoticed where
// `SnapshotLayoutTests` compares the rows with what is listed here.

/// What few deals have, as a snapshot's row gives it.
package struct RestoredExtras {
    package var tags: [String] = []
    package var competitors: [String] = []
    package var cost: Money?
    package var custom: [String: FeedbackValue] = [:]
    package var feedback: [StageItem: FeedbackValue] = [:]
    package var tasksDone: [StageItem: TaskResult] = [:]
    package var closingRate: ExchangeRate?
    package var closedMilliseconds: Int64 = 0
    package var team: [TeamMember] = []
    package var voided = OrderedIDs<ApprovalKind>()
    package var contacts: [DealContact] = []

    package init() {}
}

extension Opportunity {
    package init(
        restoring id: OpportunityID, customer: CustomerID, owner: PersonID, unit: UnitID,
        version: ProcessVersion, stage: Int, outcome: Outcome, pending: ApprovalID?,
        amount: Money?, currency: Currency, close: Day?, lead: LeadID?, createdAt: Instant,
        enteredStage: Instant, closedAt: Instant?, revision: Revision, enteredStages: UInt64,
        enteredSequence: UInt64, closeSet: LogPlace, pack: DealPack, extras: RestoredExtras?
    ) {
        self.init(
            id: id, customer: customer, owner: owner, unit: unit, version: version, stage: stage,
            outcome: outcome, pending: pending, amount: amount, currency: currency, close: close,
            lead: lead, createdAt: createdAt, enteredStage: enteredStage,
            enteredSequence: enteredSequence, closeSet: closeSet, closedAt: closedAt,
            revision: revision, enteredStages: enteredStages, pack: pack)
        guard let extras else { return }
        tags = extras.tags
        competitors = extras.competitors
        cost = extras.cost
        custom = extras.custom
        feedback = extras.feedback
        tasksDone = extras.tasksDone
        closingRate = extras.closingRate
        closedMilliseconds = extras.closedMilliseconds
        team = extras.team
        voided = extras.voided
        contacts = extras.contacts
    }

    /// What a snapshot's row holds beside the columns.
    package var kept: (pack: DealPack, hasExtras: Bool, closingRate: ExchangeRate?) {
        (pack, !extras.isEmpty, closingRate)
    }
}

extension TaskResult {
    package init(
        restoring by: PersonID, at: Instant, evidence: String?, note: String?
    ) {
        self.by = by
        self.at = at
        self.evidence = evidence
        self.note = note
    }
}

extension DealContact {
    package init(
        restoring contact: ContactID, part: ContactPart?
    ) {
        self.contact = contact
        self.part = part
    }
}

extension Approval {
    package init(
        restoring id: ApprovalID, opportunity: OpportunityID, stage: String, target: ApprovalTarget,
        submitter: PersonID, approvers: [PersonID], endsAutomatically: Bool, attempt: Int,
        amount: Money?, currency: Currency, note: String?, submittedAt: Instant, decidedLevels: Int,
        vacancies: Int, status: Status, decidedBy: PersonID?, decidedFor: PersonID?,
        decidedAt: Instant?, decisionNote: String?, revision: Revision,
        lastAsked: (person: PersonID, row: UInt64)?, asked: LogPlace, passed: [ApprovalDeadline],
        escalatedTo: PersonID?, escalations: [PersonID]
    ) {
        self.id = id
        self.opportunity = opportunity
        self.stage = stage
        self.target = target
        self.submitter = submitter
        self.approvers = approvers
        self.endsAutomatically = endsAutomatically
        self.attempt = attempt
        self.amount = amount
        self.currency = currency
        self.note = note
        self.submittedAt = submittedAt
        self.decidedLevels = decidedLevels
        self.vacancies = vacancies
        self.status = status
        self.decidedBy = decidedBy
        self.decidedFor = decidedFor
        self.decidedAt = decidedAt
        self.decisionNote = decisionNote
        self.revision = revision
        self.lastAsked = lastAsked
        self.asked = asked
        self.passed = passed
        self.escalatedTo = escalatedTo
        self.escalations = escalations
    }
}

extension Note {
    package init(
        restoring opportunity: OpportunityID, author: PersonID, replyTo: NoteID?, at: Instant
    ) {
        self.opportunity = opportunity
        self.author = author
        self.replyTo = replyTo
        self.at = at
    }
}

extension Activity {
    package init(
        restoring id: ActivityID, target: Target, kind: String, assignee: PersonID, at: Instant?,
        note: String?, createdAt: Instant, createdBy: PersonID, doneAt: Instant?, doneBy: PersonID?,
        result: Result?, revision: Revision, isReminded: Bool
    ) {
        self.id = id
        self.target = target
        self.kind = kind
        self.assignee = assignee
        self.at = at
        self.note = note
        self.createdAt = createdAt
        self.createdBy = createdBy
        self.doneAt = doneAt
        self.doneBy = doneBy
        self.result = result
        self.revision = revision
        self.isReminded = isReminded
    }
}

extension Customer {
    package init(
        restoring id: CustomerID, texts: PackedTexts,
        custom: [String: FeedbackValue], createdAt: Instant, createdBy: PersonID,
        revision: Revision, opportunities: OrderedIDs<OpportunityKind>,
        contacts: OrderedIDs<ContactKind>
    ) {
        self.id = id
        self.texts = texts
        self.custom = custom
        self.createdAt = createdAt
        self.createdBy = createdBy
        self.revision = revision
        self.opportunities = opportunities
        self.contacts = contacts
    }
}

extension Customer {
    /// Name and fields as they lie.
    package var packed: PackedTexts { texts }
}

extension Contact {
    package init(
        restoring id: ContactID, name: String, customer: CustomerID, fields: [Field: String],
        hasLeft: Bool, createdAt: Instant, createdBy: PersonID, revision: Revision,
        opportunities: OrderedIDs<OpportunityKind>
    ) {
        self.id = id
        self.name = name
        self.customer = customer
        self.fields = fields
        self.hasLeft = hasLeft
        self.createdAt = createdAt
        self.createdBy = createdBy
        self.revision = revision
        self.opportunities = opportunities
    }
}

extension Lead {
    package init(
        restoring id: LeadID, name: String, owner: PersonID, fields: [Field: String],
        measures: [Measure: Int], status: Status, reason: String?, conversion: LeadConversion?,
        createdAt: Instant, createdBy: PersonID, endedAt: Instant?, revision: Revision,
        activities: OrderedIDs<ActivityKind>
    ) {
        self.id = id
        self.name = name
        self.owner = owner
        self.fields = fields
        self.measures = measures
        self.status = status
        self.reason = reason
        self.conversion = conversion
        self.createdAt = createdAt
        self.createdBy = createdBy
        self.endedAt = endedAt
        self.revision = revision
        self.activities = activities
    }
}

extension LogPlace {
    package init(
        restoring at: Instant, sequence: UInt64
    ) {
        self.at = at
        self.sequence = sequence
    }
}

extension StageVisit {
    package init(
        restoring stage: Int, entered: Instant, milliseconds: Int64
    ) {
        self.init(stage: stage, entered: entered, milliseconds: milliseconds)
    }
}

extension Target {
    package init(
        restoring id: TargetID, key: TargetKey, value: TargetValue, revision: Revision,
        setAt: Instant, checks: [TargetCheck]
    ) {
        self.setAt = setAt
        self.checks = checks
        self.id = id
        self.key = key
        self.value = value
        self.revision = revision
    }
}
