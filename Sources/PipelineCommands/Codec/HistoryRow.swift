public import PipelineDomain

/// One line of a deal's history: who, when, what changed from what to what, and why (D-17). Read from
/// the record alone, so a history can be told without the state of that day.
public struct HistoryRow: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case created, changed, amount, close, feedback
        case taskDone = "task.done"
        case taskUndone = "task.undone"
        case moved, won, lost, invalidated, note, transferred, overridden, reopened
        case teamJoined = "team.joined"
        case teamLeft = "team.left"
        case contactAdded = "contact.added"
        case contactPart = "contact.part"
        case contactRemoved = "contact.removed"
        case activity
        case activityDone = "activity.done"
        case migrated
        case approvalRequested = "approval.requested"
        /// One level said yes; more are to come (D-23).
        case approvalLevel = "approval.level"
        case approvalApproved = "approval.approved"
        /// Granted by rule (D-19).
        case approvalAutomatic = "approval.automatic"
        case approvalRejected = "approval.rejected"
        case approvalRecalled = "approval.recalled"
        case approvalCancelled = "approval.cancelled"
        /// The deciders became others (D-18).
        case approvalRerouted = "approval.rerouted"
        /// The amount changed too much since (D-24).
        case approvalVoid = "approval.void"
        /// A deadline passed (D-27): the approver was reminded, the superior may decide too, the
        /// administrators were told, or the process decided.
        case approvalReminded = "approval.reminded"
        case approvalEscalated = "approval.escalated"
        case approvalAdmins = "approval.admins"
        case approvalExpired = "approval.expired"
    }

    /// A named value beyond what changed: the facts of a new deal, a review, a task's evidence.
    public struct Detail: Hashable, Sendable {
        public let name: String
        public let value: String
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// Place of the record in the log.
    public let sequence: UInt64
    public let at: Instant
    /// `nil` where a rule decided, which is never recorded as a person (D-19).
    public let by: PersonID?
    public let kind: Kind
    /// What changed, in the words of the commands: `amount`, `customer`, a feedback field's key …
    public private(set) var field: String?
    /// Money as `500000.00 CNY`, dates as `2027-06-30`, ids and keys as they are; `nil`: empty.
    public private(set) var from: String?
    public private(set) var to: String?
    /// Why, in the person's own words.
    public private(set) var note: String?
    /// The request that the row is about, or that allowed the step.
    public private(set) var approval: ApprovalID?
    /// In a fixed order; empty values are left out.
    public private(set) var details: [Detail] = []

    /// Names the lead that a new deal was converted from.
    static let leadDetail = "lead"

    /// The `type` of the row on the wire.
    public var type: String { kind.rawValue }

    /// `nil` for records that belong to no deal's history. One about an approval belongs to the
    /// history of the deal that the request is for.
    public init?(_ recorded: Recorded) {
        switch recorded.event {
        case .opportunity(_, let event): self.init(event, recorded)
        case .approval(let id, let event):
            self.init(event, recorded)
            approval = id
        case .activity(let id, let event): self.init(id, event, recorded)
        case .founded, .company, .unit, .person, .process, .customer, .inbox, .answered, .contact,
            .lead, .reminder, .target:
            return nil
        }
    }

    private init(_ kind: Kind, _ recorded: Recorded, by: PersonID?) {
        sequence = recorded.sequence
        at = recorded.at
        self.by = by?.somebody
        self.kind = kind
    }

    private init(
        _ kind: Kind, _ recorded: Recorded, field: String? = nil, from: String? = nil,
        to: String? = nil, note: String? = nil
    ) {
        self.init(kind, recorded, by: recorded.actor)
        self.field = field
        self.from = from
        self.to = to
        self.note = note
    }

    private mutating func add(_ name: String, _ value: String?) {
        if let value, !value.isEmpty { details.append(Detail(name, value)) }
    }
}

// MARK: - Deals

extension HistoryRow {
    private init(_ event: OpportunityEvent, _ recorded: Recorded) {
        switch event {
        case .created(let facts):
            self.init(.created, recorded, to: facts.title)
            add(facts)
        case .changed(let field, let change):
            self.init(
                .changed, recorded, field: field.rawValue, from: change.from, to: change.to)
        case .customerChanged(let change):
            self.init(
                .changed, recorded, field: "customer", from: change.from.description,
                to: change.to.description)
        case .amountChanged(let change):
            self.init(
                .amount, recorded, field: "amount", from: change.from?.historyText,
                to: change.to?.historyText)
        case .currencyChanged(let change):
            self.init(
                .changed, recorded, field: "currency", from: change.from.code,
                to: change.to.code)
        case .closeChanged(let change):
            self.init(
                .close, recorded, field: "close", from: change.from?.description,
                to: change.to?.description)
        case .feedbackGiven(let item, let change):
            self.init(
                .feedback, recorded, field: item.key, from: change.from?.historyText,
                to: change.to?.historyText)
            add("stage", item.stage)
        case .taskDone(let item, let evidence, let note):
            self.init(.taskDone, recorded, field: item.key, note: note)
            add("stage", item.stage)
            add("evidence", evidence)
        case .taskUndone(let item, let note):
            self.init(.taskUndone, recorded, field: item.key, note: note)
            add("stage", item.stage)
        case .moved(let change, let approval, let note):
            self.init(
                .moved, recorded, field: "stage", from: change.from, to: change.to, note: note)
            self.approval = approval
        case .won(let approval, let closing):
            self.init(.won, closing, recorded)
            self.approval = approval
        case .lost(let closing): self.init(.lost, closing, recorded)
        case .invalidated(let closing): self.init(.invalidated, closing, recorded)
        case .noted(let id, let text, let replyTo, let mentions):
            self.init(.note, recorded, note: text)
            add("id", id.description)
            add("replyTo", replyTo?.description)
            add("mentions", mentions.map(\.description).joined(separator: " "))
        case .transferred(let change):
            self.init(
                .transferred, recorded, field: "owner", from: change.from.description,
                to: change.to.description)
        case .teamJoined(let member):
            self.init(.teamJoined, recorded, field: "team", to: member.plain)
        case .teamLeft(let member):
            self.init(.teamLeft, recorded, field: "team", from: member.plain)
        case .overridden(let change, let reason):
            self.init(
                .overridden, recorded, field: "stage", from: change.from, to: change.to,
                note: reason)
        case .reopened(let outcome, let reopening, let approval):
            self.init(
                .reopened, recorded, field: "outcome", from: outcome.rawValue,
                to: Outcome.open.rawValue, note: reopening.reason)
            self.approval = approval
            add("stage", reopening.stage)
        case .contactAdded(let contact, let part):
            self.init(.contactAdded, recorded, field: contact.description, to: part?.rawValue)
        case .contactPartChanged(let contact, let change):
            self.init(
                .contactPart, recorded, field: contact.description, from: change.from?.rawValue,
                to: change.to?.rawValue)
        case .contactRemoved(let contact, let part, let successor):
            self.init(.contactRemoved, recorded, field: contact.description, from: part?.rawValue)
            add("successor", successor?.description)
        case .tagAdded(let tag): self.init(.changed, recorded, field: "tags", to: tag)
        case .tagRemoved(let tag): self.init(.changed, recorded, field: "tags", from: tag)
        case .competitorsChanged(let change):
            self.init(
                .changed, recorded, field: "competitors", from: Self.list(change.from),
                to: Self.list(change.to))
        case .costChanged(let change):
            self.init(
                .changed, recorded, field: "cost", from: change.from?.historyText,
                to: change.to?.historyText)
        case .customChanged(let key, let change):
            self.init(
                .changed, recorded, field: "fields.\(key)", from: change.from?.historyText,
                to: change.to?.historyText)
        case .migrated(let migration):
            self.init(
                .migrated, recorded, field: "stage", from: migration.stage.from,
                to: migration.stage.to)
            add("fromVersion", String(migration.numbers.from))
            add("toVersion", String(migration.numbers.to))
        }
    }

    private static func list(_ texts: [String]) -> String? {
        texts.isEmpty ? nil : texts.joined(separator: ", ")
    }

    private mutating func add(_ facts: OpportunityFacts) {
        add("customer", facts.customer.description)
        add("owner", facts.owner.description)
        add("amount", facts.amount?.historyText)
        add("currency", facts.currency.code)
        add("close", facts.close?.description)
        for field in OpportunityField.allCases { add(field.rawValue, facts.fields[field]) }
        add(Self.leadDetail, facts.lead?.description)
    }

    /// The kind tells the outcome; the reason is what it went `to`. A won deal has none.
    private init(_ kind: Kind, _ closing: Closing, _ recorded: Recorded) {
        let reason: String? = closing.reason.isEmpty ? nil : closing.reason
        self.init(
            kind, recorded, field: reason == nil ? nil : "reason", to: reason,
            note: closing.note)
        add("competitor", closing.competitor)
        add("review", closing.review)
        add("rate", closing.rate?.decimal)
    }
}

// MARK: - Activities

extension HistoryRow {
    private init(_ id: ActivityID, _ event: ActivityEvent, _ recorded: Recorded) {
        switch event {
        case .entered(let facts):
            self.init(.activity, recorded, field: facts.kind, note: facts.note)
            add("id", id.description)
            add("to", facts.assignee.description)
            add("at", facts.at?.description)
            if facts.isDone { add("done", "yes") }
            add("result", facts.result?.rawValue)
        case .done(let result):
            self.init(.activityDone, recorded, field: id.description)
            add("result", result?.rawValue)
        }
    }
}

// MARK: - Approvals

extension HistoryRow {
    private init(_ event: ApprovalEvent, _ recorded: Recorded) {
        switch event {
        case .requested(let facts):
            self.init(
                .approvalRequested, recorded, field: "stage", from: facts.stage,
                to: facts.target.key, note: facts.note)
            add("attempt", String(facts.attempt))
            add("amount", facts.amount?.historyText)
            add("approvers", facts.approvers.map(\.description).joined(separator: " "))
        case .levelApproved(let level, let onBehalfOf, let note):
            self.init(.approvalLevel, recorded, field: "level", to: String(level), note: note)
            add("onBehalfOf", onBehalfOf?.description)
        case .approved(let onBehalfOf, let note):
            self.init(.approvalApproved, recorded, note: note)
            add("onBehalfOf", onBehalfOf?.description)
        case .approvedAutomatically: self.init(.approvalAutomatic, recorded, by: nil)
        case .rejected(let onBehalfOf, let note):
            self.init(.approvalRejected, recorded, note: note)
            add("onBehalfOf", onBehalfOf?.description)
        case .recalled(let note): self.init(.approvalRecalled, recorded, note: note)
        case .cancelled: self.init(.approvalCancelled, recorded)
        case .voided: self.init(.approvalVoid, recorded)
        case .reminded: self.init(.approvalReminded, recorded)
        case .escalated(let superior):
            self.init(.approvalEscalated, recorded, to: superior?.description)
        case .adminsTold: self.init(.approvalAdmins, recorded)
        case .expired(let isApproved):
            let verdict: Approval.Status = isApproved ? .approved : .rejected
            self.init(.approvalExpired, recorded, to: verdict.rawValue)
        case .reassigned(let facts):
            self.init(
                .approvalRerouted, recorded, field: "approvers",
                from: Self.list(facts.deciders.from), to: Self.list(facts.deciders.to),
                note: facts.reason)
            add("cause", facts.cause.rawValue)
            add("vacant", facts.vacancies == 0 ? nil : String(facts.vacancies))
        }
    }
}

extension HistoryRow {
    private static func list(_ people: [PersonID]) -> String? {
        people.isEmpty ? nil : people.map(\.description).joined(separator: " ")
    }
}

extension TeamMember {
    /// As in a reply: `e3 technical-sales`.
    var plain: String { "\(person) \(role)" }
}

extension Money {
    fileprivate var historyText: String { "\(decimal) \(currency.code)" }
}

extension FeedbackValue {
    fileprivate var historyText: String {
        switch self {
        case .text(let text), .number(let text), .choice(let text): text
        case .money(let money): money.historyText
        case .date(let day): day.description
        case .boolean(let truth): truth ? "yes" : "no"
        case .person(let person): person.description
        case .contact(let contact): contact.description
        }
    }
}
