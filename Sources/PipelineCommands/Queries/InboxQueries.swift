public import PipelineDomain
import PipelineProtocol

/// One notification as it is pushed.
public struct InboxMessage: Sendable {
    /// Dense per person.
    public let seq: UInt64
    /// One line of JSON (P-8).
    public let payload: [UInt8]
}

extension Ledger {
    /// A person's unacknowledged rows with `seq` above `after` whose log position is durable, at most
    /// `limit` of them, ascending (P-7, N-1). Rights are checked now, at delivery (D-34).
    public func inboxMessages(
        of person: PersonID, after: UInt64, durable: UInt64, limit: Int, at now: Instant? = nil
    ) -> [InboxMessage] {
        var state = state
        state.clock = now ?? state.clock
        guard let inbox = state.inboxes[find: person] else { return [] }
        var messages: [InboxMessage] = []
        var seq = max(after, inbox.acknowledgedUpTo) + 1
        while messages.count < limit, let row = inbox.row(seq), row.logSequence <= durable {
            if !row.isAcknowledged {
                var payload: [UInt8] = []
                let members = state.inboxRow(row, seq: seq, of: person)
                Node.map([("v", .integer(1))] + members).writeJSON(to: &payload)
                messages.append(InboxMessage(seq: seq, payload: payload))
            }
            seq += 1
        }
        return messages
    }

    /// The `seq` of the last row of a person's inbox.
    public func lastInboxRow(of person: PersonID) -> UInt64 {
        state.inboxes[find: person]?.last ?? 0
    }
}

extension Call {
    func writeInbox(from: UInt64, count: Int, unacknowledgedOnly: Bool) {
        let inbox = state.inboxes[viewer]
        var rows: [[(String, Node)]] = []
        var seq = max(1, from)
        while rows.count < count, let row = inbox.row(seq) {
            if !unacknowledgedOnly || !row.isAcknowledged {
                rows.append(state.inboxRow(row, seq: seq, of: viewer))
            }
            seq += 1
        }
        reply.array(rows.count)
        for row in rows { Node.map(row).write(to: &reply) }
    }
}

extension State {
    /// A row as its reader may see it now: one whose right was lost keeps its `seq`, with type
    /// `withdrawn` and nothing else (P-7).
    fileprivate func inboxRow(_ row: Inbox.Row, seq: UInt64, of person: PersonID) -> [(
        String, Node
    )] {
        let mayRead = mayRead(row, person)
        let notification = row.notification
        let seesDeal = notification.opportunity.map { sees(person, opportunities[$0]) } ?? true
        func shown(_ node: Node) -> Node { mayRead ? node : .null }
        // Not even that a contact changed is told of a row that is withdrawn.
        let contact = mayRead ? notification.contact : nil
        return [
            ("seq", .integer(Int64(seq))),
            ("id", .text("\(person)/\(seq)")),
            ("type", .text(mayRead ? notification.kind.rawValue : "withdrawn")),
            ("at", .text(row.at.description)),
            ("acked", .boolean(row.isAcknowledged)),
            ("text", shown(.text(text(of: notification, for: person, seesDeal: seesDeal)))),
            ("opportunity", shown(node(notification.opportunity, seesDeal: seesDeal))),
            ("approval", shown(node(notification.approval, seesDeal: seesDeal))),
            ("by", shown(node(notification.by))),
        ] + (contact.map { [("contact", node($0))] } ?? [])
    }

    /// Of a deal out of sight, whose request the reader made or was to decide, no more than its id.
    private func text(
        of notification: Notification, for person: PersonID, seesDeal: Bool
    ) -> String {
        guard seesDeal else { return bareText(of: notification, for: person) }
        let deal = notification.opportunity.map { opportunities[$0] }
        let stageKey = notification.approval.map { approvals[$0].stage } ?? deal?.currentStage.key
        let stage = deal.flatMap { deal in
            deal.definition.stages.first { $0.key == stageKey }?.name
        }
        let language = persons[person].language
        let text = Messages.text(
            of: notification, deal: deal?.title ?? "",
            by: notification.by.map { persons[$0].name } ?? "", stage: stage ?? "",
            in: language)
        guard let change = notification.contact else { return text }
        return text + Messages.news(change, self, in: language)
    }

    private func bareText(of notification: Notification, for person: PersonID) -> String {
        let bare = Notification(
            kind: notification.kind, opportunity: notification.opportunity,
            approval: notification.approval, by: notification.by, note: nil)
        return Messages.text(
            of: bare, deal: notification.opportunity?.description ?? "",
            by: notification.by.map { persons[$0].name } ?? "",
            stage: notification.approval.map { approvals[$0].stage } ?? "",
            in: persons[person].language)
    }

    private func node(_ id: OpportunityID?, seesDeal: Bool) -> Node {
        guard let id else { return .null }
        guard seesDeal else { return .map([("id", .text(id.description))]) }
        let deal = opportunities[id]
        return .map([
            ("id", .text(id.description)), ("title", .text(deal.title)),
            ("customer", .text(customers[deal.customer].name)),
            ("amount", .optional(deal.amount?.decimal)), ("currency", .text(deal.currency.code)),
            ("stage", .text(deal.currentStage.key)), ("owner", .text(deal.owner.description)),
        ])
    }

    private func node(_ id: ApprovalID?, seesDeal: Bool) -> Node {
        guard let id else { return .null }
        let approval = approvals[id]
        return .map([
            ("id", .text(id.description)), ("status", .text(approval.status.rawValue)),
            ("stage", .text(approval.stage)), ("attempt", .integer(Int64(approval.attempt))),
            ("note", .optional(seesDeal ? approval.note : nil)),
        ])
    }

    private func node(_ id: PersonID?) -> Node {
        guard let id else { return .null }
        return .map([
            ("id", .text(id.description)), ("login", .text(persons[id].login)),
            ("name", .text(persons[id].name)),
        ])
    }
}
