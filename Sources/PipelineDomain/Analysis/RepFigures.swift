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
        let owners = Set(pausing(covered.ids).map { past.opportunities.lend($0) { $0.row.owner } })
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
        for id in pausing(covered.ids) { past.opportunities.lend(id) { sums.add($0.row) } }
        for id in pausing(past.activities.ids) { sums.add(past.activities[id]) }
        for id in pausing(past.leads.ids) { sums.add(past.leads[id]) }
        return RepReport(
            rows: sums.rows, isComplete: covered.isComplete && seen.count == people.count)
    }
}

/// The figures while they are being counted, each under the person, or whatever it is broken down by.
private struct RepSums {
    private struct Sum {
        var row: RepReport.Row
        /// By the stage's place in `stages`.
        var stays: [[Survival.Stay]] = []
        var cycle = CycleSum()
    }

    let basis: ReportBasis
    let scope: Scope
    let process: ProcessID?
    let grouping: Grouping
    let people: Set<PersonID>
    let period: Range<Instant>?
    private var places = GroupPlaces()
    private var sums: [Sum] = []
    /// Keys of stages; and where they are in this list, by version and place in it.
    private var stages: [String] = []
    private var stagePlaces: [ProcessVersionID: [Int]] = [:]

    init(
        basis: ReportBasis, scope: Scope, process: ProcessID?, grouping: Grouping,
        people: Set<PersonID>
    ) {
        (self.basis, self.scope, self.process) = (basis, scope, process)
        (self.grouping, self.people) = (grouping, people)
        period = scope.period.map(basis.instants)
        guard grouping == .owner else { return }
        for person in people { change(place(of: person)) { _ in } }
    }

    var rows: [RepReport.Row] {
        sums.map { sum in
            var row = sum.row
            row.cycle = sum.cycle.mean
            row.slowestStage = zip(stages, sum.stays)
                .compactMap { key, stays in Survival(stays).mean.map { (key: key, mean: $0) } }
                .max { ($0.mean, $1.key) < ($1.mean, $0.key) }
            return row
        }.sorted { $0.key < $1.key }
    }

    private mutating func change(_ place: Int, _ body: (inout Sum) -> Void) {
        if place == sums.count { sums.append(Sum(row: RepReport.Row(key: places.keys[place]))) }
        body(&sums[place])
    }

    /// Whether something happened in the period.
    private func counts(_ instant: Instant) -> Bool { period?.contains(instant) ?? true }

    // MARK: Places

    private mutating func place(of person: PersonID) -> Int {
        let number = UInt64(person.number)
        return places.known(number) ?? places.put(basis.key(of: person), number)
    }

    private mutating func place(of unit: UnitID) -> Int {
        let number = UInt64(unit.number)
        return places.known(number) ?? places.put(basis.key(of: unit), number)
    }

    /// Of a month or a quarter.
    private mutating func place(of instant: Instant) -> Int {
        let day = basis.day(of: instant)
        let number = UInt64(bitPattern: Int64(day.number))
        if let place = places.known(number) { return place }
        let period =
            grouping == .month ? CalendarPeriod.month(of: day) : CalendarPeriod.quarter(of: day)
        return places.put(.text(period.text), number)
    }

    private mutating func place(of deal: borrowing Opportunity, _ instant: Instant) -> Int {
        guard grouping != .month, grouping != .quarter else { return place(of: instant) }
        let number = deal.groupNumber(grouping)
        if let place = places.known(number) { return place }
        return places.put(basis.past.groupKey(of: deal, grouping, day: nil), number)
    }

    /// Of what is done on a lead, or of the lead itself.
    private mutating func place(of lead: Lead, _ person: PersonID, _ instant: Instant) -> Int {
        switch grouping {
        case .month, .quarter: place(of: instant)
        case .owner: place(of: person)
        case .unit: place(of: basis.past.persons.borrow(person) { $0.unit })
        case .source: places.put(.text(lead[.source]))
        case .industry: places.put(.text(lead[.industry]))
        case .stage, .process, .customerType, .product, .region, .channel: places.put(.text(nil))
        }
    }

    /// Under the person who does it, and their unit; else under what the deal or the lead is.
    private mutating func place(of activity: Activity, _ instant: Instant) -> Int {
        let past = basis.past
        switch (grouping, activity.target) {
        case (.owner, _): return place(of: activity.assignee)
        case (.unit, _): return place(of: past.persons.borrow(activity.assignee) { $0.unit })
        case (_, .opportunity(let id)):
            return past.opportunities.lend(id) { place(of: $0.row, instant) }
        case (_, .lead(let id)): return place(of: past.leads[id], activity.assignee, instant)
        }
    }

    // MARK: Counting

    mutating func add(_ deal: borrowing Opportunity) {
        guard people.contains(deal.owner) else { return }
        let outcome = deal.outcome
        if counts(deal.createdAt) {
            change(place(of: deal, deal.createdAt)) { $0.row.share.add(outcome) }
        }
        guard outcome != .invalid else { return }
        if outcome == .won, let closed = deal.closedAt, counts(closed) {
            let start = basis.past.cycleStart(of: deal)
            let (gap, over) = closed.milliseconds.subtractingReportingOverflow(start.milliseconds)
            if !over { change(place(of: deal, closed)) { $0.cycle.add(gap) } }
        }
        let stages = stagePlaces(of: deal.version)
        deal.eachStay(at: basis.at) { stage, entered, stay in
            guard counts(entered) else { return }
            let stage = stages[stage]
            change(place(of: deal, entered)) { sum in
                while sum.stays.count <= stage { sum.stays.append([]) }
                sum.stays[stage].append(stay)
            }
        }
        let entries = FirstEntries(deal)
        for index in stages.indices.dropFirst() {
            guard let entered = entries[index], counts(entered) else { continue }
            change(place(of: deal, entered)) { $0.row.advances += 1 }
        }
    }

    /// Versions are merged by stage key (§7).
    private mutating func stagePlaces(of version: ProcessVersion) -> [Int] {
        if let known = stagePlaces[version.id] { return known }
        let places = version.definition.stages.map { stage in
            if let place = stages.firstIndex(of: stage.key) { return place }
            stages.append(stage.key)
            return stages.count - 1
        }
        stagePlaces[version.id] = places
        return places
    }

    mutating func add(_ activity: Activity) {
        let person = activity.assignee
        guard people.contains(person), admits(activity.target) else { return }
        if counts(activity.createdAt) {
            change(place(of: activity, activity.createdAt)) { $0.row.planned += 1 }
        }
        guard let doneAt = activity.doneAt, counts(doneAt) else { return }
        change(place(of: activity, doneAt)) { sum in
            sum.row.done += 1
            if activity.result == .answered { sum.row.answered += 1 }
            switch activity.target {
            case .lead: if RepReport.calls.contains(activity.kind) { sum.row.leadCalls += 1 }
            case .opportunity: sum.row.followUps += 1
            }
        }
    }

    mutating func add(_ lead: Lead) {
        guard lead.status == .converted, let ended = lead.endedAt, counts(ended),
            people.contains(lead.owner), admits(.lead(lead.id))
        else { return }
        change(place(of: lead, lead.owner, ended)) { $0.row.qualifiedLeads += 1 }
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
