/// How each person works.
public struct RepReport: Sendable {
    public struct Row: Sendable {
        /// A person, or what their figures are broken down by instead.
        public let key: GroupKey
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

        public var name: String? { key.name }
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
    static let calls: Set<String> = ["call", "电话"]
}

extension ReportBasis {
    /// the people of the unit whom the viewer may see, active ones and those who own deals there.
    /// Broken down by anything else than people, their figures are put together; months and quarters are
    /// those in which each thing was done.
    public func reps(
        _ scope: Scope, by grouping: Grouping? = nil
    ) throws(Rejection) -> RepReport {
        let resolved = try resolve(scope)
        let covered = deals(of: resolved, scope, by: .stageEntry)
        let owners = Set(covered.ids.map { past.opportunities.borrow($0) { $0.owner } })
        let members = past.subtree(of: resolved.unit).flatMap { past.units[$0].members }
            .filter { past.persons[$0].isActive }
        var people = Set(members).union(owners)
        if let owner = resolved.owner { people = [owner] }
        // A closed deal stays with its unit; what its owner does elsewhere now is not for this viewer.
        let coverage = Coverage(of: viewer, in: present)
        let seen = people.filter { coverage.isEverything || coverage.people.contains($0) }
        var sums = RepSums(
            basis: self, scope: scope, process: resolved.process, grouping: grouping ?? .owner,
            people: seen)
        for id in covered.ids { past.opportunities.borrow(id) { sums.add($0) } }
        for id in past.activities.ids { sums.add(past.activities[id]) }
        for id in past.leads.ids { sums.add(past.leads[id]) }
        return RepReport(
            rows: sums.rows, isComplete: covered.isComplete && seen.count == people.count)
    }
}

/// The figures while they are being counted, each under the person, or whatever it is broken down by.
private struct RepSums {
    private struct Sum {
        var row: RepReport.Row
        var stays: [String: [Survival.Stay]] = [:]
        var cycle = CycleSum()
    }

    let basis: ReportBasis
    let scope: Scope
    let process: ProcessID?
    let grouping: Grouping
    let people: Set<PersonID>
    let period: Range<Instant>?
    private var sums: [GroupKey: Sum] = [:]

    init(
        basis: ReportBasis, scope: Scope, process: ProcessID?, grouping: Grouping,
        people: Set<PersonID>
    ) {
        (self.basis, self.scope, self.process) = (basis, scope, process)
        (self.grouping, self.people) = (grouping, people)
        period = scope.period.map(basis.instants)
        guard grouping == .owner else { return }
        for person in people { change(basis.key(of: person)) { _ in } }
    }

    var rows: [RepReport.Row] {
        sums.values.map { sum in
            var row = sum.row
            row.cycle = sum.cycle.mean
            row.slowestStage = sum.stays.compactMapValues { Survival($0).mean }
                .max { ($0.value, $1.key) < ($1.value, $0.key) }.map { ($0.key, $0.value) }
            return row
        }.sorted { $0.key < $1.key }
    }

    private mutating func change(_ key: GroupKey, _ body: (inout Sum) -> Void) {
        body(&sums[key, default: Sum(row: RepReport.Row(key: key))])
    }

    /// Whether something happened in the period.
    private func counts(_ instant: Instant) -> Bool { period?.contains(instant) ?? true }

    private func month(_ instant: Instant) -> GroupKey {
        let day = basis.day(of: instant)
        return .text(
            grouping == .month
                ? CalendarPeriod.month(of: day).text : CalendarPeriod.quarter(of: day).text)
    }

    private func key(of deal: borrowing Opportunity, _ instant: Instant) -> GroupKey {
        switch grouping {
        case .month, .quarter: month(instant)
        default: basis.past.groupKey(of: deal, grouping, day: nil)
        }
    }

    /// Of what is done on a lead, or of the lead itself.
    private func key(of lead: Lead, _ person: PersonID, _ instant: Instant) -> GroupKey {
        switch grouping {
        case .month, .quarter: month(instant)
        case .owner: basis.key(of: person)
        case .unit: basis.key(of: basis.past.persons[person].unit)
        case .source: .text(lead[.source])
        case .industry: .text(lead[.industry])
        case .stage, .process, .customerType, .product, .region, .channel: .text(nil)
        }
    }

    // MARK: Counting

    mutating func add(_ deal: borrowing Opportunity) {
        guard people.contains(deal.owner) else { return }
        let outcome = deal.outcome
        if counts(deal.createdAt) {
            change(key(of: deal, deal.createdAt)) { $0.row.share.add(outcome) }
        }
        guard outcome != .invalid else { return }
        if outcome == .won, let closed = deal.closedAt, counts(closed) {
            let start = basis.past.cycleStart(of: deal)
            let (gap, over) = closed.milliseconds.subtractingReportingOverflow(start.milliseconds)
            if !over { change(key(of: deal, closed)) { $0.cycle.add(gap) } }
        }
        let stages = deal.version.definition.stages
        for visit in deal.visits where counts(visit.entered) {
            let stay = Survival.Stay(milliseconds: visit.milliseconds, hasEnded: true)
            change(key(of: deal, visit.entered)) {
                $0.stays[stages[visit.stage].key, default: []].append(stay)
            }
        }
        if counts(deal.enteredStage) {
            let stay = Survival.Stay(
                milliseconds: deal.presentMilliseconds(at: basis.at), hasEnded: outcome != .open)
            let stage = stages[deal.stage].key
            change(key(of: deal, deal.enteredStage)) { $0.stays[stage, default: []].append(stay) }
        }
        for index in stages.indices.dropFirst() {
            guard let entered = deal.firstEntered(index), counts(entered) else { continue }
            change(key(of: deal, entered)) { $0.row.advances += 1 }
        }
    }

    mutating func add(_ activity: Activity) {
        let person = activity.assignee
        guard people.contains(person), admits(activity.target) else { return }
        if counts(activity.createdAt) {
            change(key(of: activity, activity.createdAt)) { $0.row.planned += 1 }
        }
        guard let doneAt = activity.doneAt, counts(doneAt) else { return }
        change(key(of: activity, doneAt)) { sum in
            sum.row.done += 1
            if activity.result == .answered { sum.row.answered += 1 }
            switch activity.target {
            case .lead: if RepReport.calls.contains(activity.kind) { sum.row.leadCalls += 1 }
            case .opportunity: sum.row.followUps += 1
            }
        }
    }

    /// Under the person who does it, and their unit; else under what the deal or the lead is.
    private func key(of activity: Activity, _ instant: Instant) -> GroupKey {
        let past = basis.past
        switch (grouping, activity.target) {
        case (.owner, _): return basis.key(of: activity.assignee)
        case (.unit, _): return basis.key(of: past.persons[activity.assignee].unit)
        case (_, .opportunity(let id)):
            return past.opportunities.borrow(id) { key(of: $0, instant) }
        case (_, .lead(let id)): return key(of: past.leads[id], activity.assignee, instant)
        }
    }

    mutating func add(_ lead: Lead) {
        guard lead.status == .converted, let ended = lead.endedAt, counts(ended),
            people.contains(lead.owner), admits(.lead(lead.id))
        else { return }
        change(key(of: lead, lead.owner, ended)) { $0.row.qualifiedLeads += 1 }
    }

    /// Whether the filters take what is done on a deal or a lead. A lead has no process, product and
    /// so on.
    private func admits(_ target: Activity.Target) -> Bool {
        guard scope.isNarrowed else { return true }
        let past = basis.past
        switch target {
        case .opportunity(let id):
            return past.opportunities.borrow(id) { deal in
                (process.map { $0 == deal.version.process } ?? true)
                    && (scope.customerType.map { $0 == past.customers[deal.customer][.type] }
                        ?? true)
                    && scope.fields.allSatisfy { deal[$0.key] == $0.value }
            }
        case .lead(let id):
            let lead = past.leads[id]
            return process == nil && scope.customerType == nil
                && scope.fields.allSatisfy { field, text in
                    switch field {
                    case .source: lead[.source] == text
                    case .industry: lead[.industry] == text
                    default: false
                    }
                }
        }
    }
}
