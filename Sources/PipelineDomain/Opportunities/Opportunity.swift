/// `open` → `won`, `lost` or `invalid` (§1). Lost went to a competitor or nobody; invalid should never
/// have been worked.
public enum Outcome: String, Hashable, Sendable, CaseIterable { case open, won, lost, invalid }

/// The deal being worked (§1, D-10).
///
/// There are millions of them: numbers that may be missing have a value that stands for nothing, texts and
/// lists lie packed behind one reference, and what few deals have behind another.
public struct Opportunity: Sendable {
    public let id: OpportunityID
    public internal(set) var customer: CustomerID
    public internal(set) var owner: PersonID
    /// The owner's current unit while open, frozen at closing.
    public internal(set) var unit: UnitID
    public internal(set) var version: ProcessVersion
    /// The title, the filled text fields and why the deal ended; requests, notes, activities, stays, records
    /// and reminders.
    var pack: DealPack
    /// Tags, team, contacts and whatever else few deals have.
    var extras = DealExtrasBox()
    public let createdAt: Instant
    public internal(set) var enteredStage: Instant
    /// Where in the log it entered its stage.
    public internal(set) var enteredSequence: UInt64
    /// When the close date was last set.
    public internal(set) var closeSet: LogPlace
    private var closedMoment: Int64
    /// Stages ever entered, bit by index: conversion counts the first entry (D-5).
    public internal(set) var enteredStages: UInt64
    private var minorUnits: Int64
    private var amountCurrency: Currency
    /// The currency that an amount given without one is in.
    public internal(set) var currency: Currency
    private var closeNumber: Int32
    private var pendingNumber: UInt32
    private let leadNumber: UInt32
    public internal(set) var revision: Revision
    private var stageNumber: UInt8
    public internal(set) var outcome: Outcome
    private var hasAmount: Bool

    init(
        id: OpportunityID, customer: CustomerID, owner: PersonID, unit: UnitID,
        version: ProcessVersion, stage: Int, outcome: Outcome = .open, pending: ApprovalID? = nil,
        amount: Money?, currency: Currency, close: Day?, lead: LeadID?, createdAt: Instant,
        enteredStage: Instant, enteredSequence: UInt64, closeSet: LogPlace,
        closedAt: Instant? = nil, revision: Revision, enteredStages: UInt64, pack: DealPack
    ) {
        self.id = id
        self.customer = customer
        self.owner = owner
        self.unit = unit
        self.version = version
        self.pack = pack
        self.createdAt = createdAt
        self.enteredStage = enteredStage
        self.enteredSequence = enteredSequence
        self.closeSet = closeSet
        closedMoment = Self.packed(closedAt)
        self.enteredStages = enteredStages
        hasAmount = amount != nil
        minorUnits = amount?.minorUnits ?? 0
        amountCurrency = amount?.currency ?? currency
        self.currency = currency
        closeNumber = Self.packed(close)
        pendingNumber = pending?.number ?? 0
        leadNumber = lead?.number ?? 0
        self.revision = revision
        stageNumber = UInt8(stage)
        self.outcome = outcome
    }

    public var definition: ProcessDefinition { version.definition }
    public var currentStage: Stage { version.definition.stages[stage] }
}

// MARK: - What is packed

extension Opportunity {
    private static func packed(_ day: Day?) -> Int32 { day?.number ?? .min }
    private static func packed(_ instant: Instant?) -> Int64 { instant?.milliseconds ?? .min }

    /// Counted from 0 in the pinned version.
    public internal(set) var stage: Int {
        get { Int(stageNumber) }
        set { stageNumber = UInt8(newValue) }
    }

    /// The approval request that locks the deal (D-25).
    public internal(set) var pending: ApprovalID? {
        get { pendingNumber == 0 ? nil : ApprovalID(pendingNumber) }
        set { pendingNumber = newValue?.number ?? 0 }
    }

    public internal(set) var amount: Money? {
        get { hasAmount ? Money(minorUnits: minorUnits, currency: amountCurrency) : nil }
        set {
            hasAmount = newValue != nil
            minorUnits = newValue?.minorUnits ?? 0
            amountCurrency = newValue?.currency ?? currency
        }
    }

    public internal(set) var close: Day? {
        get { closeNumber == .min ? nil : Day(number: closeNumber) }
        set { closeNumber = Self.packed(newValue) }
    }

    /// The lead that it was converted from.
    public var lead: LeadID? { leadNumber == 0 ? nil : LeadID(leadNumber) }

    public internal(set) var closedAt: Instant? {
        get { closedMoment == .min ? nil : Instant(milliseconds: closedMoment) }
        set { closedMoment = Self.packed(newValue) }
    }

    /// Approval requests ever made for the deal, oldest first.
    public var approvals: OrderedIDs<ApprovalKind> { pack.ids(.approvals) }
    public var notes: OrderedIDs<NoteKind> { pack.ids(.notes) }
    var hasNotes: Bool { pack.read(.notes) { !$0.isEmpty } }
    public var activities: OrderedIDs<ActivityKind> { pack.ids(.activities) }
    /// Where the deal's records lie in the log, ascending (W-9).
    public var records: [UInt64] { pack.records }
    public var recordCount: Int { pack.recordCount }
    /// Reminders that fired and might otherwise fire again (N-4).
    public internal(set) var reminders: [ReminderKey] {
        get { pack.reminders }
        set { pack.replaceReminders(with: newValue) }
    }
    /// Stays in stages that the deal has left, oldest first.
    public var visits: ContiguousArray<StageVisit> { pack.visits }
}

/// A task or feedback field of one stage, by keys.
public struct StageItem: Hashable, Comparable, Sendable {
    public let stage: String
    public let key: String
    public init(stage: String, key: String) {
        self.stage = stage
        self.key = key
    }

    public static func < (left: Self, right: Self) -> Bool {
        (left.stage, left.key) < (right.stage, right.key)
    }
}

/// What a feedback field was filled with, by its type (D-2).
public enum FeedbackValue: Hashable, Sendable {
    case text(String)
    /// A decimal number in its shortest form.
    case number(String)
    case money(Money)
    case date(Day)
    case choice(String)
    case boolean(Bool)
    case person(PersonID)
    /// Somebody of the deal's customer.
    case contact(ContactID)
}

/// A task that was done, with what shows it.
public struct TaskResult: Hashable, Sendable {
    public let by: PersonID
    public let at: Instant
    public let evidence: String?
    public let note: String?
}

/// How and why a deal ended (D-13, D-14).
public struct Closing: Hashable, Sendable {
    /// Empty for a won deal.
    public let reason: String
    public let competitor: String?
    public let review: String?
    public let note: String?
    /// What a unit of the deal's currency was worth on the day it closed, for ever (D-36); `nil` for
    /// the company's own currency, where no rate was known, and while it is still to close.
    public let rate: ExchangeRate?

    public init(
        reason: String, competitor: String?, review: String?, note: String?,
        rate: ExchangeRate? = nil
    ) {
        self.reason = reason
        self.competitor = competitor
        self.review = review
        self.note = note
        self.rate = rate
    }
}

public struct OpportunityFacts: Hashable, Sendable {
    public let title: String
    public let customer: CustomerID
    public let owner: PersonID
    public let version: ProcessVersionID
    public let amount: Money?
    public let currency: Currency
    public let close: Day?
    public let fields: DealFields
    /// The lead that is converted into the deal (D-9).
    public let lead: LeadID?

    public init(
        title: String, customer: CustomerID, owner: PersonID, version: ProcessVersionID,
        amount: Money?, currency: Currency, close: Day?, fields: DealFields,
        lead: LeadID? = nil
    ) {
        self.title = title
        self.customer = customer
        self.owner = owner
        self.version = version
        self.amount = amount
        self.currency = currency
        self.close = close
        self.fields = fields
        self.lead = lead
    }
}

/// What is large lies apart (`indirect`), so that the events that come by the million are small.
public enum OpportunityEvent: Hashable, Sendable {
    /// Entered the first stage of its process at once (D-9).
    indirect case created(OpportunityFacts)
    case changed(OpportunityField, Change<String?>)
    case customerChanged(Change<CustomerID>)
    case amountChanged(Change<Money?>)
    /// The currency of a deal that has no amount yet.
    case currencyChanged(Change<Currency>)
    case closeChanged(Change<Day?>)
    indirect case feedbackGiven(StageItem, Change<FeedbackValue?>)
    indirect case taskDone(StageItem, evidence: String?, note: String?)
    indirect case taskUndone(StageItem, note: String?)
    /// By stage keys; `approval` is the request that allowed it.
    indirect case moved(Change<String>, approval: ApprovalID?, note: String?)
    indirect case won(approval: ApprovalID?, Closing)
    indirect case lost(Closing)
    indirect case invalidated(Closing)
    indirect case noted(NoteID, text: String, replyTo: NoteID?, mentions: [PersonID] = [])
    /// To another owner; a closed deal never is (D-28).
    case transferred(Change<PersonID>)
    case teamJoined(TeamMember)
    case teamLeft(TeamMember)
    /// Moved past its gates by order, which is never told as an ordinary move (D-31).
    indirect case overridden(Change<String>, reason: String)
    /// From the outcome back to `open` (D-15); `approval` is the request that allowed it.
    indirect case reopened(from: Outcome, Reopening, approval: ApprovalID?)
    case contactAdded(ContactID, part: ContactPart?)
    case contactPartChanged(ContactID, Change<ContactPart?>)
    /// The successor got the part in an event of its own.
    case contactRemoved(ContactID, part: ContactPart?, successor: ContactID?)
    /// To another version of its process (D-7).
    indirect case migrated(Migration)
    case tagAdded(String)
    case tagRemoved(String)
    case competitorsChanged(Change<[String]>)
    case costChanged(Change<Money?>)
    /// A custom field, by key.
    indirect case customChanged(String, Change<FeedbackValue?>)
}
