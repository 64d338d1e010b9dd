/// A record names something that is not there, or makes something that is there already: it cannot
/// come from this program's own decisions, and `evolve`, which refuses nothing, is not to see it
/// (W-1, W-6).
public struct UnsoundRecord: Error, Hashable, Sendable {
    /// What is named, such as `o1042`.
    public let name: String
}

extension State {
    /// Refuses a record of the log that the state cannot take: every row that applying it touches must
    /// be there, and what it makes must be the next of its kind.
    public func requireSound(_ recorded: Recorded) throws(UnsoundRecord) {
        // The first person is made by themselves, and so is all before them; what time brings about
        // is nobody's doing.
        let isByThemselves = persons.count == 0 && recorded.actor == PersonID(1)
        let isNobodys = recorded.actor == .nobody && recorded.event.mayBeNobodys
        if !isByThemselves, !isNobodys { try need(recorded.actor, persons) }
        switch recorded.event {
        case .founded, .company: break
        case .unit(let id, let event): try requireSound(id, event)
        case .person(let id, let event): try requireSound(id, event)
        case .process(let id, let event): try requireSound(id, event)
        case .customer(let id, .created): try needNew(id, customers)
        case .customer(let id, _): try need(id, customers)
        case .opportunity(let id, let event): try requireSound(id, event)
        case .approval(let id, let event): try requireSound(id, event)
        case .inbox(let id, let event): try requireSound(id, event)
        case .contact(let id, let event): try requireSound(id, event)
        case .lead(let id, let event): try requireSound(id, event)
        case .activity(let id, let event): try requireSound(id, event)
        case .target(let id, let event): try requireSound(id, event)
        case .reminder(let event): try requireSound(event)
        case .answered(let id, _): try need(id, persons)
        }
    }

    private func need<Kind, Row>(
        _ id: Identifier<Kind>?, _ table: borrowing Table<Kind, Row>
    ) throws(UnsoundRecord) {
        if let id, !table.contains(id) { throw UnsoundRecord(name: id.description) }
    }

    private func needAll<Kind, Row>(
        _ ids: some Sequence<Identifier<Kind>>, _ table: borrowing Table<Kind, Row>
    ) throws(UnsoundRecord) {
        for id in ids where !table.contains(id) { throw UnsoundRecord(name: id.description) }
    }

    private func needNew<Kind, Row>(
        _ id: Identifier<Kind>, _ table: borrowing Table<Kind, Row>
    ) throws(UnsoundRecord) {
        guard id == table.nextID else { throw UnsoundRecord(name: id.description) }
    }

    // MARK: The organisation

    private func requireSound(_ id: UnitID, _ event: UnitEvent) throws(UnsoundRecord) {
        if case .created(_, _, let parent, let head) = event {
            try needNew(id, units)
            guard (parent == nil) == (id == State.rootUnit) else {
                throw UnsoundRecord(name: id.description)
            }
            try need(parent, units)
            try need(head, persons)
            return
        }
        try need(id, units)
        switch event {
        case .moved(let change): try needBeside(change.to, id)
        case .headChanged(let change):
            try need(change.from, persons)
            try need(change.to, persons)
        case .merged(let merger):
            try needBeside(merger.into, id)
            try needAll(merger.dropping, processes)
        default: break
        }
    }

    /// A unit below itself would be a path without an end.
    private func needBeside(_ other: UnitID, _ id: UnitID) throws(UnsoundRecord) {
        try need(other, units)
        if isUnit(other, within: id) { throw UnsoundRecord(name: other.description) }
    }

    private func requireSound(_ id: PersonID, _ event: PersonEvent) throws(UnsoundRecord) {
        if case .created(let facts) = event {
            try needNew(id, persons)
            try need(facts.unit, units)
            try need(facts.superior, persons)
            return
        }
        try need(id, persons)
        switch event {
        case .unitChanged(let change): try needAll([change.from, change.to], units)
        case .superiorChanged(let change):
            try need(change.from, persons)
            try need(change.to, persons)
        case .delegated(let change):
            try need(change.from?.to, persons)
            try need(change.to?.to, persons)
        default: break
        }
    }

    private func requireSound(_ id: ProcessID, _ event: ProcessEvent) throws(UnsoundRecord) {
        guard case .drafted(let key, let definition) = event else { return try need(id, processes) }
        if !processes.contains(id) { try needNew(id, processes) }
        guard !definition.stages.isEmpty else { throw UnsoundRecord(name: key) }
        try needAll(definition.gates.compactMap(\.gate.designate), persons)
    }

    // MARK: Deals

    private func requireSound(
        _ id: OpportunityID, _ event: OpportunityEvent
    ) throws(UnsoundRecord) {
        if case .created(let facts) = event {
            try needNew(id, opportunities)
            try need(facts.customer, customers)
            try need(facts.owner, persons)
            try need(facts.version, versions)
            try need(facts.lead, leads)
            return
        }
        try need(id, opportunities)
        switch event {
        case .customerChanged(let change): try needAll([change.from, change.to], customers)
        case .transferred(let change): try needAll([change.from, change.to], persons)
        case .noted(let note, _, let replyTo, let mentions):
            try needNew(note, notes)
            try need(replyTo, notes)
            try needAll(mentions, persons)
        case .teamJoined(let member), .teamLeft(let member): try need(member.person, persons)
        case .contactAdded(let contact, _), .contactPartChanged(let contact, _):
            try need(contact, contacts)
        case .contactRemoved(let contact, _, let successor):
            try need(contact, contacts)
            try need(successor, contacts)
        case .migrated(let migration): try need(migration.version, versions)
        default: break
        }
    }

    private func requireSound(_ id: ApprovalID, _ event: ApprovalEvent) throws(UnsoundRecord) {
        if case .requested(let facts) = event {
            try needNew(id, approvals)
            try need(facts.opportunity, opportunities)
            try needAll(facts.approvers, persons)
            return
        }
        try need(id, approvals)
        switch event {
        case .levelApproved(_, let principal, _):
            try need(principal, persons)
            let approval = approvals[id]
            guard approval.decidedLevels < approval.approvers.count else {
                throw UnsoundRecord(name: id.description)
            }
        case .approved(let principal, _), .rejected(let principal, _): try need(principal, persons)
        case .reassigned(let facts):
            try needAll(facts.deciders.from + facts.deciders.to, persons)
        case .escalated(let superior): try need(superior, persons)
        case .expired(let isApproved):
            let approval = approvals[id]
            guard !isApproved || approval.decidedLevels < approval.approvers.count else {
                throw UnsoundRecord(name: id.description)
            }
        default: break
        }
    }

    // MARK: What surrounds them

    private func requireSound(_ id: PersonID, _ event: InboxEvent) throws(UnsoundRecord) {
        try need(id, persons)
        if case .digested(let digest) = event {
            for item in digest.items {
                try need(item.opportunity, opportunities)
                try need(item.approval, approvals)
            }
        }
        guard case .notified(let notification) = event else { return }
        try need(notification.opportunity, opportunities)
        try need(notification.approval, approvals)
        try need(notification.by, persons)
        switch notification.contact {
        case .left(let contact): try need(contact, contacts)
        case .moved(let contact, let customer):
            try need(contact, contacts)
            try need(customer, customers)
        case .replaced(let contact, let successor):
            try need(contact, contacts)
            try need(successor, contacts)
        case nil: break
        }
    }

    private func requireSound(_ id: ContactID, _ event: ContactEvent) throws(UnsoundRecord) {
        switch event {
        case .created(let customer, _, _):
            try needNew(id, contacts)
            try need(customer, customers)
        case .customerChanged(let change):
            try need(id, contacts)
            try needAll([change.from, change.to], customers)
        default: try need(id, contacts)
        }
    }

    private func requireSound(_ id: LeadID, _ event: LeadEvent) throws(UnsoundRecord) {
        switch event {
        case .created(let facts):
            try needNew(id, leads)
            try need(facts.owner, persons)
        case .ownerChanged(let change):
            try need(id, leads)
            try needAll([change.from, change.to], persons)
        case .converted(let conversion):
            try need(id, leads)
            try need(conversion.customer, customers)
            try need(conversion.contact, contacts)
            try need(conversion.opportunity, opportunities)
        default: try need(id, leads)
        }
    }

    private func requireSound(_ id: ActivityID, _ event: ActivityEvent) throws(UnsoundRecord) {
        guard case .entered(let facts) = event else { return try need(id, activities) }
        try needNew(id, activities)
        try need(facts.assignee, persons)
        switch facts.target {
        case .opportunity(let deal): try need(deal, opportunities)
        case .lead(let lead): try need(lead, leads)
        }
    }

    private func requireSound(_ id: TargetID, _ event: TargetEvent) throws(UnsoundRecord) {
        guard case .set(let key, _) = event else { return try need(id, targets) }
        if !targets.contains(id) { try needNew(id, targets) }
        switch key.holder {
        case .unit(let unit): try need(unit, units)
        case .person(let person): try need(person, persons)
        }
    }

    private func requireSound(_ event: ReminderEvent) throws(UnsoundRecord) {
        switch event {
        case .deal(let deal, let key):
            try need(deal, opportunities)
            try need(key.person, persons)
        case .activity(let id): try need(id, activities)
        case .delegation(let id): try need(id, persons)
        case .late(let id, let item):
            try need(id, persons)
            try need(item.opportunity, opportunities)
            try need(item.approval, approvals)
        }
    }
}

extension Event {
    /// Whether the passing of time may bring it about, or what a deadline decided.
    fileprivate var mayBeNobodys: Bool {
        switch self {
        case .reminder, .inbox, .company(.timePassed), .company(.historyDropped),
            .target(_, .checked):
            true
        case .approval(_, .reminded), .approval(_, .escalated), .approval(_, .adminsTold),
            .approval(_, .expired), .approval(_, .approvedAutomatically):
            true
        case .opportunity(_, .moved), .opportunity(_, .won), .opportunity(_, .reopened): true
        // By the operator, who is nobody of the company.
        case .person(_, .passwordChanged): true
        default: false
        }
    }
}
