/// How each person works.
public struct RepReport: Sendable {
    public struct Row: Sendable {
        public let person: PersonID
        public let name: String
        /// Activities given to the person in the period: planned ones, and those entered as done.
        public internal(set) var planned = 0
        /// Done in the period, and of these answered.
        public internal(set) var done = 0
        public internal(set) var answered = 0
        /// Done calls on leads, and leads converted.
        public internal(set) var leadCalls = 0
        public internal(set) var qualifiedLeads = 0
        /// Done activities on deals, and stages that the person's deals went on to.
        public internal(set) var followUps = 0
        public internal(set) var advances = 0
        /// Of the person's deals, by mean dwell; with its mean in milliseconds.
        public internal(set) var slowestStage: (key: String, mean: Int64)?
        /// Of the person's deals that came into being in the period.
        public internal(set) var share = Share()
        /// Of the deals won in the period, milliseconds.
        public internal(set) var cycle: Int64?

        public var callsPerLead: String? { Self.ratio(leadCalls, qualifiedLeads) }
        public var followUpsPerAdvance: String? { Self.ratio(followUps, advances) }

        /// Two decimals, half up.
        private static func ratio(_ part: Int, _ whole: Int) -> String? {
            guard whole > 0 else { return nil }
            return Decimal.text(
                Decimal.rounded(Int128(part) * 100, by: Int128(whole)), digits: 2)
        }
    }

    public let rows: [Row]
    public let isComplete: Bool

    /// The kind of activity that counts as a call.
    static let call = "call"
}

extension ReportBasis {
    /// the people of the unit whom the viewer may see, active ones and those who own deals there.
    public func reps(_ scope: Scope) throws(Rejection) -> RepReport {
        let resolved = try resolve(scope)
        let covered = deals(of: resolved, scope, by: .stageEntry)
        let byOwner = Dictionary(grouping: covered.ids) { past.opportunities[$0].owner }
        let members = past.subtree(of: resolved.unit).flatMap { past.units[$0].members }
            .filter { past.persons[$0].isActive }
        var people = Set(members).union(byOwner.keys)
        if let owner = resolved.owner { people = [owner] }
        // A closed deal stays with its unit; what its owner does elsewhere now is not for this viewer.
        let coverage = Coverage(of: viewer, in: present)
        let seen = people.filter { coverage.isEverything || coverage.people.contains($0) }
        let period = scope.period.map(instants)
        var rows: [PersonID: RepReport.Row] = [:]
        for person in seen {
            var row = RepReport.Row(person: person, name: past.persons[person].name)
            add(byOwner[person, default: []], to: &row, period)
            rows[person] = row
        }
        for id in past.activities.ids {
            let activity = past.activities[id]
            guard rows[activity.assignee] != nil else { continue }
            rows[activity.assignee]?.count(activity, period)
        }
        for id in past.leads.ids {
            let lead = past.leads[id]
            guard lead.status == .converted, let ended = lead.endedAt,
                period?.contains(ended) ?? true
            else { continue }
            rows[lead.owner]?.qualifiedLeads += 1
        }
        return RepReport(
            rows: rows.values.sorted { $0.person < $1.person },
            isComplete: covered.isComplete && seen.count == people.count)
    }

    private func add(
        _ deals: [OpportunityID], to row: inout RepReport.Row, _ period: Range<Instant>?
    ) {
        var stays: [String: [Survival.Stay]] = [:]
        var won: [OpportunityID] = []
        for id in deals {
            let deal = past.opportunities[id]
            if period?.contains(deal.createdAt) ?? true { row.share.add(deal.outcome) }
            guard deal.outcome != .invalid else { continue }
            if let closed = deal.closedAt, period?.contains(closed) ?? true { won.append(id) }
            let stages = deal.definition.stages
            for visit in deal.visits where period?.contains(visit.entered) ?? true {
                stays[stages[visit.stage].key, default: []].append(
                    .init(milliseconds: visit.milliseconds, hasEnded: true))
            }
            if period?.contains(deal.enteredStage) ?? true {
                stays[deal.currentStage.key, default: []].append(
                    .init(
                        milliseconds: deal.presentMilliseconds(at: at),
                        hasEnded: deal.outcome != .open))
            }
            for index in stages.indices.dropFirst() {
                guard let entered = deal.firstEntered(index), period?.contains(entered) ?? true
                else { continue }
                row.advances += 1
            }
        }
        row.cycle = cycle(of: won).mean
        let means = stays.compactMapValues { Survival($0).mean }
        row.slowestStage = means.max { ($0.value, $1.key) < ($1.value, $0.key) }
            .map { ($0.key, $0.value) }
    }
}

extension RepReport.Row {
    fileprivate mutating func count(_ activity: Activity, _ period: Range<Instant>?) {
        if period?.contains(activity.createdAt) ?? true { planned += 1 }
        guard let doneAt = activity.doneAt, period?.contains(doneAt) ?? true else { return }
        done += 1
        if activity.result == .answered { answered += 1 }
        switch activity.target {
        case .lead: if activity.kind == RepReport.call { leadCalls += 1 }
        case .opportunity: followUps += 1
        }
    }
}
