import HashTreeCollections

// The whole state put together again from a snapshot's tables (W-9). The indexes of unique texts are
// made anew from the rows; sums and lists of ids are part of their rows.

extension OrderedIDs {
    /// The ids must ascend.
    package init(restoring ascending: ContiguousArray<Identifier<Kind>>) { ids = ascending }
}

extension Table {
    /// Rows of one chunk, but for the last one: a row's place is computed from its id.
    package static var rowsPerChunk: Int { chunkRows }

    /// Every chunk but the last must be full.
    package init(restoring chunks: [ContiguousArray<Row>]) {
        pages = stride(from: 0, to: chunks.count, by: Self.pageChunks).map {
            ContiguousArray(chunks[$0..<min($0 + Self.pageChunks, chunks.count)])
        }
        rows = chunks.reduce(0) { $0 + $1.count }
        for chunk in chunks.indices { marks.change(chunk) }
    }

    /// The chunks in order, for a walk over all rows.
    package var allChunks: [ContiguousArray<Row>] { Array(pages.joined()) }
}

extension ProcessVersion {
    package convenience init(
        restoring id: ProcessVersionID, process: ProcessID, key: String, number: Int,
        definition: ProcessDefinition, publishedAt: Instant
    ) {
        self.init(
            id: id, process: process, key: key, number: number, definition: definition,
            publishedAt: publishedAt)
    }
}

extension Activity {
    /// Whether the reminder of the planned time fired.
    package var wasReminded: Bool { isReminded }
}

extension Person {
    /// Whether the delegate was told what waits.
    package var delegateIsTold: Bool { delegationIsTold }
}

extension Approval {
    /// Who was asked last, and by which row of their inbox.
    package var askedLast: (person: PersonID, row: UInt64)? { lastAsked }
}

extension RequestMemory {
    /// One request key in the order in which it was remembered; without its answer where the same key
    /// has been remembered again since.
    package struct Entry: Sendable {
        package let token: String
        package let at: Instant
        package let answer: RememberedAnswer?

        package init(token: String, at: Instant, answer: RememberedAnswer?) {
            self.token = token
            self.at = at
            self.answer = answer
        }
    }

    /// What is remembered, oldest first.
    package var entries: [Entry] {
        order[dropped...].map { token, at in
            let kept = answers[token].flatMap { $0.1 == at ? $0.0 : nil }
            return Entry(token: token, at: at, answer: kept)
        }
    }

    package init(restoring entries: [Entry]) {
        for entry in entries {
            order.append((entry.token, entry.at))
            if let answer = entry.answer { answers[entry.token] = (answer, entry.at) }
        }
    }
}

/// An external id, and whose it is.
package struct RestoredExternalID: Sendable {
    fileprivate let text: String
    fileprivate let deal: OpportunityID

    package static func all(_ chunk: ContiguousArray<Opportunity>) -> [RestoredExternalID] {
        chunk.indices.compactMap { place in
            chunk[place][.externalID].map { RestoredExternalID(text: $0, deal: chunk[place].id) }
        }
    }
}

/// Indexes of unique texts, made anew from the rows. Each `add` names the first text that two rows have.
package struct RestoredIndexes: Sendable {
    fileprivate var logins = TreeDictionary<String, PersonID>()
    fileprivate var processKeys = TreeDictionary<String, ProcessID>()
    fileprivate var customerNames = TreeDictionary<String, CustomerID>()
    fileprivate var externalIDs = TreeDictionary<String, OpportunityID>()
    fileprivate var targetKeys = TreeDictionary<TargetKey, TargetID>()

    package init() {}

    package mutating func add(_ chunk: ContiguousArray<Person>) -> String? {
        for row in chunk where logins.updateValue(row.id, forKey: row.login) != nil {
            return row.login
        }
        return nil
    }

    package mutating func add(_ chunk: ContiguousArray<Process>) -> String? {
        for row in chunk where processKeys.updateValue(row.id, forKey: row.key) != nil {
            return row.key
        }
        return nil
    }

    package mutating func add(_ chunk: ContiguousArray<Customer>) -> String? {
        // By place: a row taken out of its chunk is copied, and each of its references counted.
        for place in chunk.indices {
            let name = chunk[place].name
            guard customerNames.updateValue(chunk[place].id, forKey: folded(name)) == nil else {
                return name
            }
        }
        return nil
    }

    package mutating func add(_ found: [RestoredExternalID]) -> String? {
        for one in found where externalIDs.updateValue(one.deal, forKey: one.text) != nil {
            return one.text
        }
        return nil
    }

    package mutating func add(_ chunk: ContiguousArray<Target>) -> String? {
        for row in chunk where targetKeys.updateValue(row.id, forKey: row.key) != nil {
            return row.id.description
        }
        return nil
    }

    /// Takes over the indexes that another one holds and this one does not.
    package mutating func take(_ other: RestoredIndexes) {
        if logins.isEmpty { logins = other.logins }
        if processKeys.isEmpty { processKeys = other.processKeys }
        if customerNames.isEmpty { customerNames = other.customerNames }
        if externalIDs.isEmpty { externalIDs = other.externalIDs }
        if targetKeys.isEmpty { targetKeys = other.targetKeys }
    }
}

extension State {
    package init(
        restoring company: Company, units: Table<UnitKind, Unit>,
        persons: Table<PersonKind, Person>, inboxes: Table<PersonKind, Inbox>,
        requests: Table<PersonKind, RequestMemory>, processes: Table<ProcessKind, Process>,
        versions: Table<ProcessVersionKind, ProcessVersion>,
        customers: Table<CustomerKind, Customer>,
        opportunities: Table<OpportunityKind, Opportunity>,
        approvals: Table<ApprovalKind, Approval>, contacts: Table<ContactKind, Contact>,
        leads: Table<LeadKind, Lead>, activities: Table<ActivityKind, Activity>,
        notes: Table<NoteKind, Note>, targets: Table<TargetKind, Target>,
        indexes: RestoredIndexes, clock: Instant
    ) {
        self.company = company
        self.units = units
        self.persons = persons
        self.inboxes = inboxes
        self.requests = requests
        self.processes = processes
        self.versions = versions
        self.customers = customers
        self.opportunities = opportunities
        self.approvals = approvals
        self.contacts = contacts
        self.leads = leads
        self.activities = activities
        self.notes = notes
        self.targets = targets
        logins = indexes.logins
        processKeys = indexes.processKeys
        customerNames = indexes.customerNames
        externalIDs = indexes.externalIDs
        targetKeys = indexes.targetKeys
        for id in inboxes.ids where !inboxes[id].late.isEmpty { lateReaders.insert(id) }
        self.clock = clock
    }
}
