public import PipelineDomain
import PipelineProtocol

/// One notification as it is pushed.
public struct InboxMessage: Sendable {
    /// Dense per person.
    public let seq: UInt64
    /// One line of JSON (P-8).
    public let payload: [UInt8]
}

extension LiveView {
    /// A person's unacknowledged rows with `seq` above `after` whose log position is durable, at most
    /// `limit` of them, ascending (P-7, N-1). Rights are checked at the instant of the view (D-34).
    public func inboxMessages(
        of person: PersonID, after: UInt64, durable: UInt64, limit: Int
    ) -> [InboxMessage] {
        guard let inbox = state.inboxes[find: person] else { return [] }
        var messages: [InboxMessage] = []
        var next = after < .max ? inbox.unacknowledged(from: after + 1) : nil
        while messages.count < limit, let seq = next, let row = inbox.row(seq),
            row.logSequence <= durable
        {
            var payload: [UInt8] = []
            let members = state.inboxRow(row, seq: seq, of: person)
            Node.map([("v", .integer(1))] + members).writeJSON(to: &payload)
            messages.append(InboxMessage(seq: seq, payload: payload))
            next = inbox.unacknowledged(from: seq + 1)
        }
        return messages
    }

    /// Up to which `seq` the person's rows are known to have reached one of their sockets (N-8).
    public func deliveredUpTo(of person: PersonID) -> UInt64 {
        state.inboxes[find: person]?.deliveredUpTo ?? 0
    }
}

extension Call {
    func writeInbox(
        from: UInt64, unacknowledgedOnly: Bool, _ listing: Listing<InboxColumn>
    ) throws(Rejection) {
        let page = listing.page
        let length = Int(clamping: state.inboxes[viewer].last)
        let looked = listing.sort == nil ? min(length, page.offset + page.count) : length
        noteShown(from: from, unacknowledgedOnly: unacknowledgedOnly, listing)
        try scanning(looked) { call in
            call.writeInboxRows(from: from, unacknowledgedOnly: unacknowledgedOnly, listing)
        }
    }

    /// Who reads the list has its rows as if they had been pushed, if none before them is missing (N-8).
    private func noteShown(
        from: UInt64, unacknowledgedOnly: Bool, _ listing: Listing<InboxColumn>
    ) {
        let inbox = state.inboxes[viewer]
        let page = listing.page
        guard listing.sort == nil, page.offset == 0, page.cursor == nil,
            from <= inbox.deliveredUpTo + 1
        else { return }
        var last: UInt64 = 0
        var next = max(1, from)
        for _ in 0..<page.count {
            if unacknowledgedOnly {
                guard let seq = inbox.unacknowledged(from: next) else { break }
                next = seq
            }
            guard next <= inbox.last else { break }
            last = next
            next += 1
        }
        if last > 0 { shownUpTo = last }
    }

    private func writeInboxRows(
        from: UInt64, unacknowledgedOnly: Bool, _ listing: Listing<InboxColumn>
    ) {
        let inbox = state.inboxes[viewer]
        func next(_ seq: UInt64) -> UInt64? {
            if unacknowledgedOnly { return inbox.unacknowledged(from: seq) }
            return seq <= inbox.last ? seq : nil
        }
        let cursor = listing.page.cursor ?? 0
        let start = cursor < .max ? max(1, from, cursor + 1) : cursor
        let seqs = Swift.sequence(first: next(start)) { $0.flatMap { next($0 + 1) } }
            .lazy.prefix { $0 != nil }.compactMap(\.self)
        writeList(
            seqs, at: { $0 }, listing,
            row: { [state, viewer] seq in
                inbox.row(seq).map { state.inboxRow($0, seq: seq, of: viewer) }
            })
    }
}

/// The members of a row; `contact` and `items` are there where the kind has them.
enum InboxColumn: String, NodeColumn {
    typealias Row = [(String, Node)]
    case seq, id, type, at, acked, settled, text, opportunity, approval, by, contact, items, target

    func value(of row: [(String, Node)], in call: Call) -> Node {
        row.first { $0.0 == rawValue }?.1 ?? .null
    }

    static func writeWhole(_ row: [(String, Node)], in call: Call) {
        Node.map(row).write(to: &call.reply)
    }
}

extension State {
    /// A row as its reader may see it now: one whose right was lost keeps its `seq`, with type
    /// `withdrawn` and nothing else (P-7).
    fileprivate func inboxRow(_ row: Inbox.Row, seq: UInt64, of person: PersonID) -> [(
        String, Node
    )] {
        let notification = row.notification
        let mayRead = mayRead(notification, person)
        let seesDeal = notification.opportunity.map { sees(person, opportunities[$0]) } ?? true
        func shown(_ node: Node) -> Node { mayRead ? node : .null }
        // Not even that a contact changed is told of a row that is withdrawn.
        let contact = mayRead ? notification.contact : nil
        var members: [(String, Node)] = [
            ("seq", .integer(Int64(seq))),
            ("id", .text("\(person)/\(seq)")),
            ("type", .text(mayRead ? notification.kind.rawValue : "withdrawn")),
            ("at", .text(row.at.description)),
            ("acked", .boolean(row.isAcknowledged)),
            ("settled", shown(.boolean(isSettled(row, for: person)))),
            ("text", shown(.text(text(of: notification, for: person, seesDeal: seesDeal)))),
            ("opportunity", shown(node(notification.opportunity, seesDeal: seesDeal))),
            ("approval", shown(node(notification.approval, seesDeal: seesDeal))),
            ("by", shown(node(notification.by))),
        ]
        if mayRead, let behind = notification.behind {
            members.append(("target", .text(behind.target.description)))
        }
        if let contact { members.append(("contact", node(contact))) }
        if let digest = notification.digest {
            members.append(("items", items(of: digest, for: person)))
        }
        return members
    }

    /// Of a deal out of sight, whose request the reader made or was to decide, no more than its id.
    private func text(
        of notification: Notification, for person: PersonID, seesDeal: Bool
    ) -> String {
        if let digest = notification.digest {
            return Messages.digest(
                readable(digest, for: person), beyond: digest.beyond,
                in: persons[person].language)
        }
        if let behind = notification.behind, let target = targets[find: behind.target] {
            return Messages.behind(
                name(of: target.key.holder), target.key.period.text, of: target.key,
                reached: behind.reached, due: behind.due, in: persons[person].language)
        }
        guard seesDeal else { return bareText(of: notification, for: person) }
        let deal = notification.opportunity.map { opportunities[$0] }
        let stageKey = notification.approval.map { approvals[$0].stage } ?? deal?.currentStage.key
        // As it was when the reminder fired, wherever the deal has gone since.
        let then = notification.kind == .reminderDwell ? notification.note : nil
        let stage =
            then
            ?? deal.flatMap { deal in
                deal.definition.stages.first { $0.key == stageKey }?.name
            }
        let language = persons[person].language
        if notification.kind == .approvalRerouted, let id = notification.approval,
            approvals[id].status == .pending, approvals[id].current == nil
        {
            return Messages.vacant(deal?.title ?? "", in: language)
        }
        let text = Messages.text(
            of: notification, isStandIn: isStandIn(notification, person),
            to: notification.approval.map { approvals[$0].target }, deal: deal?.title ?? "",
            by: actor(of: notification, in: language), stage: stage ?? "",
            in: language)
        guard let change = notification.contact else { return text }
        return text + Messages.news(change, self, in: language)
    }

    private func name(of holder: TargetHolder) -> String {
        switch holder {
        case .unit(let id): units[id].name
        case .person(let id): persons[id].name
        }
    }

    private func bareText(of notification: Notification, for person: PersonID) -> String {
        let bare = Notification(
            kind: notification.kind, opportunity: notification.opportunity,
            approval: notification.approval, by: notification.by, note: nil)
        return Messages.text(
            of: bare, isStandIn: isStandIn(notification, person),
            deal: notification.opportunity?.description ?? "",
            by: actor(of: notification, in: persons[person].language),
            stage: notification.approval.map { approvals[$0].stage } ?? "",
            in: persons[person].language)
    }

    /// Who did it, in words: the system, where a deadline decided. A deal is won by its owner.
    private func actor(
        of notification: Notification, in language: Person.Language
    ) -> String {
        if let by = notification.by { return persons[by].name }
        if notification.kind == .dealWon, let deal = notification.opportunity {
            return persons[opportunities[deal].owner].name
        }
        return language == .zh ? "系统" : "the system"
    }

    /// Whether an escalated request waits for the reader, and not for somebody to be named.
    private func isStandIn(_ notification: Notification, _ person: PersonID) -> Bool {
        guard let id = notification.approval else { return false }
        return approvals[id].escalations.contains(person)
    }

    /// What the reader may still see of it (D-34).
    private func readable(_ digest: LateDigest, for person: PersonID) -> [LateReminder] {
        digest.items.filter { mayRead($0.alone, person) }
    }

    private func items(of digest: LateDigest, for person: PersonID) -> Node {
        .array(
            readable(digest, for: person).prefix(Bounds.listDefault).map { item in
                let seesDeal = item.opportunity.map { sees(person, opportunities[$0]) } ?? true
                return .map([
                    ("type", .text(item.kind.rawValue)),
                    ("opportunity", .optional(item.opportunity?.description)),
                    ("approval", .optional(item.approval?.description)),
                    ("text", .text(text(of: item.alone, for: person, seesDeal: seesDeal))),
                ])
            })
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
