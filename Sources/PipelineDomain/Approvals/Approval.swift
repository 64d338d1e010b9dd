/// One submission of one deal at one gate (§1, D-12): a new submission is a new request.
public struct Approval: Sendable {
    public enum Status: String, Hashable, Sendable, CaseIterable {
        case pending, approved, rejected, recalled, cancelled, void
    }

    public let id: ApprovalID
    public let opportunity: OpportunityID
    /// The stage that the deal wants to leave, by key; it goes along when the deal is migrated (D-7).
    public internal(set) var stage: String
    public internal(set) var target: ApprovalTarget
    public let submitter: PersonID
    /// The deciders in turn, resolved when submitted and frozen (D-18).
    public internal(set) var approvers: [PersonID]
    /// Whether what remains after the named approvers is granted by rule (D-19, `auto`).
    public let endsAutomatically: Bool
    /// Counts from 1 per deal and stage (D-12).
    public let attempt: Int
    public let amount: Money?
    public let currency: Currency
    public let note: String?
    public let submittedAt: Instant
    /// How many of the approvers have approved.
    public internal(set) var decidedLevels = 0
    /// Levels for which nobody is left to ask: they wait for an admin's REROUTE (D-22).
    public internal(set) var vacancies = 0
    public internal(set) var status: Status = .pending
    /// Whoever decided last; `nil` while undecided and where the rule decided by itself.
    public internal(set) var decidedBy: PersonID?
    /// Whose right a delegate used (D-21).
    public internal(set) var decidedFor: PersonID?
    public internal(set) var decidedAt: Instant?
    public internal(set) var decisionNote: String?
    public internal(set) var revision: Revision
    /// Who was asked last, and the `seq` of the row in their inbox that asks (N-8).
    var lastAsked: (person: PersonID, row: UInt64)?
    /// When whoever decides now was asked: the deadlines count from there (D-27). Of a void one, when it
    /// became void: what is granted in its place was asked for later (D-24).
    public internal(set) var asked: LogPlace
    /// The deadlines that have passed since.
    public internal(set) var passed: [ApprovalDeadline] = []
    /// Who may decide too because the approver let time pass (D-27).
    public internal(set) var escalatedTo: PersonID?
    /// Everybody who ever might, for that reason.
    public internal(set) var escalations: [PersonID] = []

    /// Whose turn it is.
    public var current: PersonID? {
        status == .pending && decidedLevels < approvers.count ? approvers[decidedLevels] : nil
    }

    /// How many there are, those for which nobody is left included.
    public var levels: Int { approvers.count + vacancies }

    /// Approvers who still have to decide.
    public var undecided: ArraySlice<PersonID> {
        status == .pending ? approvers[decidedLevels...] : []
    }
}

/// What happens once the request is approved: the deal moves on, or it is won (D-14).
public enum ApprovalTarget: Hashable, Sendable {
    case stage(String)
    case won(Closing)
    /// A won deal is opened again (D-15).
    case reopened(Reopening)
}

public struct ApprovalFacts: Hashable, Sendable {
    public let opportunity: OpportunityID
    public let stage: String
    public let target: ApprovalTarget
    public let approvers: [PersonID]
    public let endsAutomatically: Bool
    public let attempt: Int
    public let amount: Money?
    public let currency: Currency
    public let note: String?

    public init(
        opportunity: OpportunityID, stage: String, target: ApprovalTarget, approvers: [PersonID],
        endsAutomatically: Bool, attempt: Int, amount: Money?, currency: Currency, note: String?
    ) {
        self.opportunity = opportunity
        self.stage = stage
        self.target = target
        self.approvers = approvers
        self.endsAutomatically = endsAutomatically
        self.attempt = attempt
        self.amount = amount
        self.currency = currency
        self.note = note
    }
}

public enum ApprovalEvent: Hashable, Sendable {
    indirect case requested(ApprovalFacts)
    /// One level said yes; more are to come. `by` decides, for themselves or for `onBehalfOf`.
    case levelApproved(level: Int, onBehalfOf: PersonID?, note: String?)
    case approved(onBehalfOf: PersonID?, note: String?)
    /// Granted by rule, never as a person (D-19).
    case approvedAutomatically
    case rejected(onBehalfOf: PersonID?, note: String)
    case recalled(note: String?)
    /// The deal was lost or found invalid meanwhile (D-13).
    case cancelled
    /// The deciders still to come are others than resolved at submission (D-18).
    indirect case reassigned(ApprovalReassignment)
    /// Was given for another amount and is needed again (D-24).
    case voided
    /// The approver was reminded (D-27, T1): no change of the request or its deal.
    case reminded
    /// From now on this person may decide too (D-27, T2); `nil`: nobody is above the approver.
    case escalated(to: PersonID?)
    /// The administrators were told (D-27, T3).
    case adminsTold
    /// The level whose turn it was is decided by the process, as its deadline passed (D-27).
    case expired(isApproved: Bool)
}

extension State {
    mutating func evolve(_ id: ApprovalID, _ event: ApprovalEvent, _ recorded: Recorded) {
        if case .requested(let facts) = event {
            request(id, facts, recorded)
            return
        }
        if case .reminded = event {
            approvals[id].passed.append(.remind)
            return
        }
        if case .escalated(let superior?) = event { persons[superior].asked.insert(id) }
        let opportunity = approvals[id].opportunity
        approvals[id].evolve(event, recorded)
        if event.isDecision { persons[recorded.actor].asked.insert(id) }
        if case .reassigned(let facts) = event {
            for approver in facts.deciders.to { persons[approver].asked.insert(id) }
        }
        let approval = approvals[id]
        change(opportunity) {
            if approval.status != .pending, $0.pending == id { $0.pending = nil }
            switch approval.status {
            case .void: $0.voided.insert(id)
            case .approved where $0.goesOnwards(approval):
                $0.voided = OrderedIDs<ApprovalKind>()
            default: break
            }
            $0.record(recorded)
        }
    }

    private mutating func request(
        _ id: ApprovalID, _ facts: ApprovalFacts, _ recorded: Recorded
    ) {
        approvals.append(
            Approval(
                id: id, opportunity: facts.opportunity, stage: facts.stage, target: facts.target,
                submitter: recorded.actor, approvers: facts.approvers,
                endsAutomatically: facts.endsAutomatically, attempt: facts.attempt,
                amount: facts.amount, currency: facts.currency, note: facts.note,
                submittedAt: recorded.at, revision: Revision(number: 1, by: recorded.actor),
                asked: LogPlace(recorded)))
        persons[recorded.actor].submitted.insert(id)
        for approver in facts.approvers { persons[approver].asked.insert(id) }
        change(facts.opportunity) {
            $0.pending = id
            $0.pack.insert(id, in: .approvals)
            $0.record(recorded)
        }
    }
}

extension ApprovalEvent {
    /// Made by a decider, who may be a delegate and had the request put to them as such (D-21).
    fileprivate var isDecision: Bool {
        switch self {
        case .levelApproved, .approved, .rejected: true
        default: false
        }
    }
}

extension Approval {
    fileprivate mutating func evolve(_ event: ApprovalEvent, _ recorded: Recorded) {
        switch event {
        case .requested, .reminded: break
        case .levelApproved(_, let onBehalfOf, let note):
            approveLevel(by: recorded.actor)
            decide(.pending, by: recorded, onBehalfOf, note)
            restartClocks(recorded)
        case .approved(let onBehalfOf, let note):
            decidedLevels = approvers.count
            decide(.approved, by: recorded, onBehalfOf, note)
        case .approvedAutomatically:
            status = .approved
            decidedBy = nil
            decidedFor = nil
            decidedAt = recorded.at
        case .rejected(let onBehalfOf, let note): decide(.rejected, by: recorded, onBehalfOf, note)
        case .recalled(let note): decide(.recalled, by: recorded, nil, note)
        case .cancelled: decide(.cancelled, by: recorded, nil, nil)
        case .reassigned(let facts):
            let before = current
            approvers = approvers.prefix(decidedLevels) + facts.deciders.to
            vacancies = facts.vacancies
            if current != before { restartClocks(recorded) }
        case .voided:
            status = .void
            asked = LogPlace(recorded)
        case .escalated(let superior):
            passed.append(.escalate)
            escalatedTo = superior
            if let superior { escalations.append(superior) }
        case .adminsTold: passed.append(.admins)
        case .expired(let isApproved): expire(isApproved, recorded)
        }
        revision.advance(by: recorded.actor)
    }

    /// Whoever stepped in and was to be asked later has decided that level as well: it is the next one
    /// now, and done (D-23, D-27).
    private mutating func approveLevel(by decider: PersonID) {
        let rest = remaining(after: decider)
        if rest.count < undecided.dropFirst().count {
            approvers = approvers.prefix(decidedLevels + 1) + [decider] + rest
            decidedLevels += 1
        }
        decidedLevels += 1
    }

    private mutating func expire(_ isApproved: Bool, _ recorded: Recorded) {
        let isLast = isAtLastLevel
        if isApproved { decidedLevels += 1 }
        status = !isApproved ? .rejected : isLast ? .approved : .pending
        decidedBy = nil
        decidedFor = nil
        decidedAt = recorded.at
        decisionNote = nil
        restartClocks(recorded)
    }

    private mutating func decide(
        _ status: Status, by recorded: Recorded, _ onBehalfOf: PersonID?, _ note: String?
    ) {
        self.status = status
        decidedBy = recorded.actor
        decidedFor = onBehalfOf
        decidedAt = recorded.at
        decisionNote = note
    }
}
