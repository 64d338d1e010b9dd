extension State {
    mutating func evolve(_ id: OpportunityID, _ event: OpportunityEvent, _ recorded: Recorded) {
        if case .created(let facts) = event {
            create(id, facts, recorded)
            return
        }
        if case .noted(_, _, let replyTo, _) = event {
            notes.append(
                Note(
                    opportunity: id, author: recorded.actor, replyTo: replyTo, at: recorded.at))
        }
        if case .changed(.externalID, let change) = event {
            if let old = change.from { externalIDs[old] = nil }
            if let new = change.to { externalIDs[new] = id }
        }
        if case .customerChanged(let change) = event {
            customers[change.from].opportunities.remove(id)
            customers[change.to].opportunities.insert(id)
        }
        if case .transferred(let change) = event {
            persons[change.from].opportunities.remove(id)
            persons[change.to].opportunities.insert(id)
        }
        switch event {
        case .teamJoined(let member): persons[member.person].teams.insert(id)
        case .teamLeft(let member):
            if opportunities[id].roles(of: member.person) == [member.role] {
                persons[member.person].teams.remove(id)
            }
        default: break
        }
        let followed = event.newOwner ?? (event.isReopening ? opportunities[id].owner : nil)
        let unit = followed.map { persons[$0].unit }
        if case .contactAdded(let contact, _) = event {
            contacts[contact].opportunities.insert(id)
        }
        if case .contactRemoved(let contact, _, _) = event {
            contacts[contact].opportunities.remove(id)
        }
        if case .migrated(let migration) = event {
            let version = versions[migration.version]
            change(id) { $0.migrate(migration, to: version, recorded) }
            for approval in opportunities[id].approvals { approvals[approval].migrate(migration) }
        }
        guard event.maybeInSums else {
            opportunities[id].evolve(event, recorded)
            opportunities[id].record(recorded)
            return
        }
        change(id) { opportunity in
            opportunity.evolve(event, recorded)
            if let unit { opportunity.unit = unit }
            opportunity.record(recorded)
        }
    }

    private mutating func create(
        _ id: OpportunityID, _ facts: OpportunityFacts, _ recorded: Recorded
    ) {
        var opportunity = Opportunity(
            id: id, customer: facts.customer, owner: facts.owner,
            unit: persons[facts.owner].unit, version: versions[facts.version], stage: 0,
            amount: facts.amount, currency: facts.currency, close: facts.close, lead: facts.lead,
            createdAt: recorded.at, enteredStage: recorded.at,
            enteredSequence: recorded.sequence, closeSet: LogPlace(recorded),
            revision: Revision(number: 1, by: recorded.actor), enteredStages: 1,
            pack: DealPack(title: facts.title, facts.fields))
        opportunity.pack.append(record: recorded.sequence)
        opportunities.append(opportunity)
        persons[facts.owner].opportunities.insert(id)
        customers[facts.customer].opportunities.insert(id)
        if let external = facts.fields[.externalID] { externalIDs[external] = id }
        addToSums(id)
    }
}

extension OpportunityEvent {
    /// Whose unit the deal is in from now on (D-10, D-28).
    fileprivate var newOwner: PersonID? {
        if case .transferred(let change) = self { change.to } else { nil }
    }

    /// An open deal is in its owner's unit again (D-10).
    fileprivate var isReopening: Bool {
        if case .reopened = self { true } else { false }
    }
}

extension OpportunityEvent {
    /// Whether what units sum up may change with it (E-5). The most frequent events leave it alone.
    fileprivate var maybeInSums: Bool {
        switch self {
        case .changed, .feedbackGiven, .taskDone, .taskUndone, .noted, .tagAdded, .tagRemoved,
            .teamJoined, .teamLeft, .contactAdded, .contactPartChanged, .contactRemoved,
            .competitorsChanged, .costChanged, .customChanged:
            false
        case .created, .customerChanged, .amountChanged, .currencyChanged, .closeChanged, .moved,
            .won, .lost, .invalidated, .transferred, .overridden, .reopened, .migrated:
            true
        }
    }
}

extension Opportunity {
    /// Counts one more event of the deal, its approvals' among them, and keeps its place (D-17).
    mutating func record(_ recorded: Recorded) {
        pack.append(record: recorded.sequence)
        revision.advance(by: recorded.actor)
    }

    fileprivate mutating func evolve(_ event: OpportunityEvent, _ recorded: Recorded) {
        switch event {
        case .created, .migrated: break
        case .noted(let note, _, _, _): pack.insert(note, in: .notes)
        case .changed(.title, let change): title = change.to ?? title
        case .changed(let field, let change): self[field] = change.to
        case .customerChanged(let change): customer = change.to
        case .amountChanged(let change):
            amount = change.to
            if let new = change.to { currency = new.currency }
        case .currencyChanged(let change): currency = change.to
        case .tagAdded(let tag): add(tag: tag)
        case .tagRemoved(let tag): tags.removeAll { $0 == tag }
        case .competitorsChanged(let change): competitors = change.to
        case .costChanged(let change): cost = change.to
        case .customChanged(let key, let change): custom[key] = change.to
        case .closeChanged(let change):
            close = change.to
            closeSet = LogPlace(recorded)
        case .feedbackGiven(let item, let change): feedback[item] = change.to
        case .taskDone(let item, let evidence, let note):
            tasksDone[item] = TaskResult(
                by: recorded.actor, at: recorded.at, evidence: evidence, note: note)
        case .taskUndone(let item, _): tasksDone[item] = nil
        case .moved(let change, _, _):
            enter(change.to, recorded)
        case .overridden(let change, _): enter(change.to, recorded)
        case .reopened(_, let reopening, _): reopen(reopening, recorded)
        case .won(_, let closing): end(.won, closing, recorded)
        case .transferred(let change): owner = change.to
        case .teamJoined(let member): team = (team + [member]).sorted()
        case .teamLeft(let member): team.removeAll { $0 == member }
        case .lost(let closing): end(.lost, closing, recorded)
        case .invalidated(let closing): end(.invalid, closing, recorded)
        case .contactAdded(let contact, let part):
            let place = contacts.firstIndex { $0.contact > contact } ?? contacts.count
            contacts.insert(DealContact(contact: contact, part: part), at: place)
        case .contactPartChanged(let contact, let change):
            for index in contacts.indices where contacts[index].contact == contact {
                contacts[index].part = change.to
            }
        case .contactRemoved(let contact, _, _): contacts.removeAll { $0.contact == contact }
        }
    }

    private mutating func enter(_ key: String, _ recorded: Recorded) {
        guard let index = version.stageIndex(key) else { return }
        leaveStage(at: recorded.at)
        stage = index
        enteredStages |= 1 << UInt64(index)
        beginStay(recorded)
    }

    /// Dwell, and what hangs on it, starts anew.
    mutating func beginStay(_ recorded: Recorded) {
        enteredStage = recorded.at
        enteredSequence = recorded.sequence
        closedMilliseconds = 0
        forgetStay()
    }

    private mutating func reopen(_ reopening: Reopening, _ recorded: Recorded) {
        if reopening.stage != currentStage.key {
            enter(reopening.stage, recorded)
        } else if let closedAt {
            let gap = recorded.at.milliseconds.subtractingReportingOverflow(closedAt.milliseconds)
            closedMilliseconds &+= gap.overflow ? 0 : max(0, gap.partialValue)
        }
        outcome = .open
        closing = nil
        closedAt = nil
    }

    private mutating func end(_ outcome: Outcome, _ closing: Closing, _ recorded: Recorded) {
        self.outcome = outcome
        self.closing = closing
        closedAt = recorded.at
    }
}
