/// An entry in a person's durable inbox (§1, N-1).
public struct Notification: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case approvalRequested = "approval.requested"
        case approvalApproved = "approval.approved"
        case approvalRejected = "approval.rejected"
        case approvalRecalled = "approval.recalled"
        case approvalCancelled = "approval.cancelled"
        case noteAdded = "note.added"
        case dealWon = "deal.won"
        case dealLost = "deal.lost"
        case dealInvalid = "deal.invalid"
        case approvalRerouted = "approval.rerouted"
        case approvalEscalated = "approval.escalated"
        case dealTransferred = "deal.transferred"
        case teamJoined = "team.joined"
        case contactChanged = "contact.changed"
        case noteMention = "note.mention"
        /// A request waits for too long (D-27).
        case approvalDue = "approval.due"
        case reminderClose = "reminder.close"
        case reminderOverdue = "reminder.overdue"
        case reminderCycle = "reminder.cycle"
        case reminderDwell = "reminder.dwell"
        case reminderTask = "reminder.task"
        case targetBehind = "target.behind"
        case dealSlipped = "deal.slipped"
        case dealMoved = "deal.moved"
        case taskDone = "task.done"
        /// What came too late to be told by itself (N-4).
        case digest
    }

    public let kind: Kind
    public let opportunity: OpportunityID?
    public let approval: ApprovalID?
    /// Who caused it.
    public let by: PersonID?
    /// The comment, reason or note that came with it.
    public let note: String?
    /// What became of a contact of the deal (D-40).
    public let contact: ContactChange?
    /// What a digest tells.
    public let digest: LateDigest?

    public init(
        kind: Kind, opportunity: OpportunityID?, approval: ApprovalID?, by: PersonID?,
        note: String?, contact: ContactChange? = nil
    ) {
        self.kind = kind
        self.opportunity = opportunity
        self.approval = approval
        self.by = by
        self.note = note
        self.contact = contact
        digest = nil
    }

    init(digest: LateDigest) {
        kind = .digest
        opportunity = nil
        approval = nil
        by = nil
        note = nil
        contact = nil
        self.digest = digest
    }
}

/// What one person is told, in order, kept until acknowledged and afterwards (N-1).
public struct Inbox: Sendable {
    public struct Row: Sendable {
        public let notification: Notification
        public let at: Instant
        /// Position in the log: a row is shown once that is durable (W-2).
        public let logSequence: UInt64
        public internal(set) var isAcknowledged = false
    }

    /// The row with `seq` n is at n − 1: the numbers are dense.
    public internal(set) var rows = InboxRows()
    /// Every row up to this `seq` is acknowledged.
    public internal(set) var acknowledgedUpTo: UInt64 = 0
    /// Every row up to this `seq` was written to one of the person's connections (N-8).
    public internal(set) var deliveredUpTo: UInt64 = 0
    /// What the next digest will tell (N-4).
    public internal(set) var late = LateDigest()

    public var last: UInt64 { UInt64(rows.count) }

    public func row(_ seq: UInt64) -> Row? {
        seq >= 1 && seq <= last ? rows[Int(seq) - 1] : nil
    }

    /// The first row from `seq` on that is not acknowledged.
    public func unacknowledged(from seq: UInt64) -> UInt64? {
        guard seq <= last else { return nil }
        return rows.firstUnacknowledged(from: Int(max(seq, acknowledgedUpTo + 1)) - 1)
            .map { UInt64($0) + 1 }
    }
}

public enum InboxEvent: Hashable, Sendable {
    case notified(Notification)
    /// Ascending `seq`s that were not acknowledged before.
    case acknowledged([UInt64])
    case acknowledgedUpTo(UInt64)
    case delivered(upTo: UInt64)
    /// What came late, told in one row.
    case digested(LateDigest)
}

extension State {
    mutating func evolve(_ id: PersonID, _ event: InboxEvent, _ recorded: Recorded) {
        switch event {
        case .notified(let notification):
            inboxes[id].rows.append(
                Inbox.Row(
                    notification: notification, at: recorded.at, logSequence: recorded.sequence))
            if notification.kind == .approvalRequested, let approval = notification.approval,
                approvals[approval].current == id
            {
                approvals[approval].lastAsked = (id, inboxes[id].last)
            }
        case .acknowledged(let seqs):
            for seq in seqs where seq >= 1 && seq <= inboxes[id].last {
                inboxes[id].rows.acknowledge(Int(seq) - 1)
            }
            inboxes[id].advanceAcknowledged()
            persons[id].revision.advance(by: recorded.actor)
        case .acknowledgedUpTo(let seq):
            let end = Int(min(seq, inboxes[id].last))
            for index in Int(
                inboxes[id].acknowledgedUpTo)..<max(end, Int(inboxes[id].acknowledgedUpTo))
            {
                inboxes[id].rows.acknowledge(index)
            }
            inboxes[id].advanceAcknowledged()
            persons[id].revision.advance(by: recorded.actor)
        case .delivered(let seq):
            inboxes[id].deliveredUpTo = max(inboxes[id].deliveredUpTo, min(seq, inboxes[id].last))
        case .digested(let digest): self.digest(digest, for: id, recorded)
        }
    }

    /// The event that tells a person; whether they may see it is checked again when it is delivered.
    /// It is from the one who acts, unless `asker` says otherwise.
    func notify(
        _ person: PersonID, _ kind: Notification.Kind, opportunity: OpportunityID?,
        approval: ApprovalID? = nil, note: String? = nil, from asker: PersonID? = nil,
        _ context: Context
    ) -> Event {
        .inbox(
            person,
            .notified(
                Notification(
                    kind: kind, opportunity: opportunity, approval: approval,
                    by: asker ?? context.actor.somebody, note: note)))
    }

    /// Whether the person may still see what the row is about (N-3, D-34).
    public func mayRead(_ notification: Notification, _ person: PersonID) -> Bool {
        if let approval = notification.approval {
            return sees(person, approvals[approval])
        }
        if let behind = notification.behind {
            return targets[find: behind.target].map { seesTarget(of: $0.key.holder, person) }
                ?? false
        }
        guard let opportunity = notification.opportunity else { return true }
        return sees(person, opportunities[opportunity])
    }

    /// Whether the present approver (after the decision: the last one asked) was sent the request, and
    /// saw it (N-8).
    public func delivery(of approval: Approval) -> (delivered: Bool, seen: Bool) {
        guard let asked = approval.lastAsked, let row = inboxes[asked.person].row(asked.row) else {
            return (false, false)
        }
        // Whoever decided has seen it, be it a delegate, and whether or not the row was acknowledged.
        let seen = row.isAcknowledged || approval.decidedBy != nil
        return (seen || inboxes[asked.person].deliveredUpTo >= asked.row, seen)
    }
}

extension Inbox {
    fileprivate mutating func advanceAcknowledged() {
        let first = rows.firstUnacknowledged(from: Int(acknowledgedUpTo))
        acknowledgedUpTo = first.map { UInt64($0) } ?? last
    }
}

/// `INBOX.ACK`: one's own inbox; idempotent; past the end means the end (P-7).
public struct AcknowledgeInbox: Intent {
    public enum Rows: Sendable {
        case listed([UInt64])
        case upTo(UInt64)
    }

    let rows: Rows

    public init(rows: Rows) { self.rows = rows }

    public func decide(_ state: State, _ context: Context) throws(Rejection) -> Decision {
        let inbox = state.inboxes[context.actor]
        var events: [Event] = []
        var count = 0
        switch rows {
        case .upTo(let seq):
            let end = min(seq, inbox.last)
            count = inbox.rows.unacknowledged(before: Int(end))
            if count > 0 { events = [.inbox(context.actor, .acknowledgedUpTo(end))] }
        case .listed(let seqs):
            let new = Set(seqs).filter { inbox.row($0)?.isAcknowledged == false }.sorted()
            count = new.count
            if count > 0 { events = [.inbox(context.actor, .acknowledged(new))] }
        }
        return Decision(
            .person(context.actor), events,
            answer: [Answer.Field("acknowledged", .integer(Int64(count)))])
    }
}
