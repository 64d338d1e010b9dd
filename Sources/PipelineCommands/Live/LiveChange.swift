public import PipelineDomain

/// A record as subscribers of `events` channels are told of it (P-8).
public struct LiveChange: Sendable {
    public let recorded: Recorded
    private let type: String
    private let id: String?
    private let opportunity: (id: OpportunityID, title: String)?
    private let approval: ApprovalID?
    /// `nil` where time brought it about.
    private let actorName: String?

    /// `nil` for what nobody is told of: passwords, preferences, inboxes, request keys. `state` is that
    /// behind the record, or shortly after it.
    init?(_ recorded: Recorded, _ state: borrowing State) {
        switch recorded.event {
        case .inbox, .answered, .founded, .reminder, .company(.timePassed),
            .company(.historyDropped):
            return nil
        case .person(_, .passwordChanged), .person(_, .preferenceSet), .target(_, .checked):
            return nil
        case .target, .company, .unit, .person, .process, .customer, .contact, .lead, .opportunity,
            .approval, .activity:
            break
        }
        self.recorded = recorded
        (type, id) = recorded.event.auditName
        actorName = recorded.actor.somebody.map { state.persons[$0].name }
        opportunity = state.deal(of: recorded.event).map { ($0, state.opportunities[$0].title) }
        if case .approval(let id, _) = recorded.event { approval = id } else { approval = nil }
    }

    /// Whether somebody's role may have changed by it.
    public var concernsRoles: Bool {
        if case .person = recorded.event { return true }
        return false
    }

    /// One line of JSON (P-8).
    public var payload: [UInt8] {
        var bytes: [UInt8] = []
        Node.map([
            ("v", .integer(1)),
            ("seq", .integer(Int64(clamping: recorded.sequence))),
            ("id", .optional(id)),
            ("type", .text(type)),
            ("at", .text(recorded.at.description)),
            (
                "opportunity",
                opportunity.map {
                    .map([("id", .text($0.id.description)), ("title", .text($0.title))])
                } ?? .null
            ),
            ("approval", approval.map { .map([("id", .text($0.description))]) } ?? .null),
            (
                "by",
                actorName.map {
                    .map([("id", .text(recorded.actor.description)), ("name", .text($0))])
                } ?? .null
            ),
            ("text", .optional(text)),
        ]).writeJSON(to: &bytes)
        return bytes
    }

    /// What changed, in the words of the commands, so that it is the same in every language.
    private var text: String? {
        var details = AuditRow(recorded).details
        // Everybody may know a customer's name, and no more (D-32).
        if case .customer(_, .created) = recorded.event { details.removeAll { $0.name != "name" } }
        let text = details.map { "\($0.name): \($0.value)" }.joined(separator: "; ")
        guard text.utf8.count > Bounds.noteBytes else { return text.isEmpty ? nil : text }
        // Nothing is cut without a sign (D-38).
        return String(text.prefix(Bounds.noteBytes / 4)) + "…"
    }
}

extension State {
    /// The deal that a record belongs to.
    fileprivate func deal(of event: Event) -> OpportunityID? {
        switch event {
        case .opportunity(let id, _): id
        case .approval(let id, _): approvals[id].opportunity
        case .activity(let id, _):
            if case .opportunity(let deal) = activities[id].target { deal } else { nil }
        default: nil
        }
    }
}
