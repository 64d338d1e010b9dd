extension State {
    mutating func evolve(_ id: OpportunityID, _ event: OpportunityEvent, _ recorded: Recorded) {
        if case .created(let facts) = event {
            create(id, facts, recorded)
            return
        }
        if case .noted = event { noteCount &+= 1 }
        if case .changed(.externalID, let change) = event {
            if let old = change.from { externalIDs[old] = nil }
            if let new = change.to { externalIDs[new] = id }
        }
        if case .customerChanged(let change) = event {
            customers[change.from].opportunities.remove(id)
            customers[change.to].opportunities.insert(id)
        }
        if case .migrated(let migration) = event {
            let version = versions[migration.version]
            change(id) { $0.migrate(migration, to: version, at: recorded.at) }
        }
        change(id) { opportunity in
            opportunity.evolve(event, recorded)
            opportunity.record(recorded)
        }
    }

    private mutating func create(
        _ id: OpportunityID, _ facts: OpportunityFacts, _ recorded: Recorded
    ) {
        let opportunity = Opportunity(
            id: id, title: facts.title, customer: facts.customer, owner: facts.owner,
            unit: persons[facts.owner].unit, version: versions[facts.version], stage: 0,
            amount: facts.amount, currency: facts.currency, close: facts.close,
            createdAt: recorded.at, enteredStage: recorded.at,
            revision: Revision(number: 1, by: recorded.actor), enteredStages: 1,
            fields: facts.fields, records: [recorded.sequence])
        opportunities.append(opportunity)
        persons[facts.owner].opportunities.insert(id)
        customers[facts.customer].opportunities.insert(id)
        if let external = facts.fields[.externalID] { externalIDs[external] = id }
        addToSums(Contribution(opportunity), sign: 1)
    }

    /// Changes a deal and keeps the sums of its units in step (E-5).
    mutating func change(_ id: OpportunityID, _ body: (inout Opportunity) -> Void) {
        let before = Contribution(opportunities[id])
        body(&opportunities[id])
        let after = Contribution(opportunities[id])
        guard before != after else { return }
        addToSums(before, sign: -1)
        addToSums(after, sign: 1)
    }
}

extension Opportunity {
    /// Counts one more event of the deal, its approvals' among them, and keeps its place (D-17).
    mutating func record(_ recorded: Recorded) {
        records.append(recorded.sequence)
        revision.advance(by: recorded.actor)
    }

    fileprivate mutating func evolve(_ event: OpportunityEvent, _ recorded: Recorded) {
        switch event {
        case .created, .migrated: break
        case .noted(let note, _, _): notes.insert(note)
        case .changed(.title, let change): title = change.to ?? title
        case .changed(let field, let change): fields[field] = change.to
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
        case .closeChanged(let change): close = change.to
        case .feedbackGiven(let item, let change): feedback[item] = change.to
        case .taskDone(let item, let evidence, let note):
            tasksDone[item] = TaskResult(
                by: recorded.actor, at: recorded.at, evidence: evidence, note: note)
        case .taskUndone(let item, _): tasksDone[item] = nil
        case .moved(let change, _, _):
            if let index = version.stageIndex(change.to) {
                stage = index
                enteredStages |= 1 << UInt64(index)
                enteredStage = recorded.at
            }
        case .won(_, let closing): end(.won, closing, recorded)
        case .lost(let closing): end(.lost, closing, recorded)
        case .invalidated(let closing): end(.invalid, closing, recorded)
        }
    }

    private mutating func end(_ outcome: Outcome, _ closing: Closing, _ recorded: Recorded) {
        self.outcome = outcome
        self.closing = closing
        closedAt = recorded.at
    }
}
