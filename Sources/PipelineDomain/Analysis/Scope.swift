/// Which deals a report is about (§7): a unit's subtree and any filters.
public struct Scope: Sendable {
    public var unit: UnitID?
    public var owner: PersonReference?
    public var process: ProcessReference?
    /// First and last day, both included.
    public var period: ClosedRange<Day>?
    public var customerType: String?
    public var fields: [OpportunityField: String] = [:]

    public init() {}

    /// Whether the kept sums answer it without looking at single deals (E-5).
    var isWholeUnit: Bool {
        owner == nil && period == nil && customerType == nil && fields.isEmpty
    }

    /// Whether anything but the subject and the period narrows it down.
    var isNarrowed: Bool { process != nil || customerType != nil || !fields.isEmpty }
}

/// What a report's period is about (§7).
public enum PeriodMeaning: Sendable {
    /// The day on which the deal is expected to close.
    case expectedClose
    /// The instant at which it was closed.
    case closing
    /// The instant at which it came into being.
    case creation
    /// The report looks at the period itself, stage by stage.
    case stageEntry
}

/// The references of a scope made out, and the deals that the viewer may see of it.
struct ResolvedScope {
    let unit: UnitID
    let process: ProcessID?
    let owner: PersonID?
    let coverage: Coverage
}

/// The deals that a report may count for one viewer: those that the viewer sees now, and closed ones that
/// stayed with a unit below him when their owner went elsewhere, since a closed deal's unit is frozen
/// (D-10, D-33).
struct Coverage {
    let isEverything: Bool
    /// The viewer and everybody below.
    let people: Set<PersonID>
    /// Units headed by one of them, with all units below.
    let units: Set<UnitID>
    /// Deals seen for another reason: by a place on the team, or because of a request to decide.
    let others: Set<OpportunityID>

    /// Of a scope in which the viewer sees all.
    static let everything = Coverage(isEverything: true, people: [], units: [], others: [])

    private init(
        isEverything: Bool, people: Set<PersonID>, units: Set<UnitID>, others: Set<OpportunityID>
    ) {
        self.isEverything = isEverything
        self.people = people
        self.units = units
        self.others = others
    }

    init(of viewer: PersonID, in state: State) {
        isEverything = state.seesEverything(viewer)
        guard !isEverything else {
            (people, units, others) = ([], [], [])
            return
        }
        people = Set(state.peopleBelow(viewer) + [viewer])
        let heads = people
        units = Set(heads.flatMap { state.persons[$0].headOf.flatMap(state.subtree) })
        let decided = state.requests(for: viewer).map { state.approvals[$0].opportunity }
        others = Set(Array(state.persons[viewer].teams) + decided)
    }

    /// Whether the deal, as it is now, is covered.
    func covers(_ deal: borrowing Opportunity) -> Bool {
        isEverything || people.contains(deal.owner) || others.contains(deal.id)
            || (deal.outcome != .open && units.contains(deal.unit))
    }
}

/// Deals of a scope that the viewer may see, ascending by id.
struct CoveredDeals {
    var ids: [OpportunityID] = []
    /// Whether that is all of the scope (A-19's `complete`).
    var isComplete = true
}

extension ReportBasis {
    /// Whether answering a whole unit, and one beside it, takes no look at single deals, and so no long
    /// time.
    public func isAnsweredFromSums(_ scope: Scope, beside other: UnitID?) -> Bool {
        let units = [scope.unit ?? State.rootUnit, other].compactMap(\.self)
        return scope.isWholeUnit && units.allSatisfy { !past.units.contains($0) || seesWhole($0) }
    }

    /// Whether the viewer may see all deals of a unit, without looking at any of them.
    func seesWhole(_ unit: UnitID) -> Bool {
        present.seesEverything(viewer)
            || (!looksBack
                && present.path(from: unit).contains { present.units[$0].head == viewer })
    }

    /// Reports cover the deals in scope that the viewer may see; a unit where nobody is visible is
    /// answered as absent (§7, D-34).
    func resolve(_ scope: Scope) throws(Rejection) -> ResolvedScope {
        let unit = try past.unit(scope.unit ?? State.rootUnit).id
        let owner: PersonID? =
            if let owner = scope.owner { try past.person(owner).id } else { nil }
        let process: ProcessID? =
            if let process = scope.process { try past.process(process).id } else { nil }
        let coverage =
            owner == nil && seesWhole(unit) ? .everything : Coverage(of: viewer, in: present)
        let resolved = ResolvedScope(
            unit: unit, process: process, owner: owner, coverage: coverage)
        guard !coverage.isEverything else { return resolved }
        if let owner, let name = scope.owner?.text {
            guard coverage.people.contains(owner) || seesAnything(of: owner, coverage) else {
                throw .notFound(noun: PersonKind.noun, name: name)
            }
        } else if !isAnybodyVisible(in: unit, coverage) {
            throw .notFound(noun: UnitKind.noun, name: unit.description)
        }
        return resolved
    }

    private func seesAnything(of owner: PersonID, _ coverage: Coverage) -> Bool {
        past.persons[owner].opportunities.contains { id in
            present.opportunities.borrow(id) { coverage.covers($0) }
        }
    }

    private func isAnybodyVisible(in unit: UnitID, _ coverage: Coverage) -> Bool {
        if coverage.units.contains(unit) { return true }
        if coverage.people.contains(where: {
            past.persons.contains($0) && past.isUnit(past.persons[$0].unit, within: unit)
        }) {
            return true
        }
        return coverage.others.contains {
            past.opportunities.contains($0)
                && past.isUnit(past.opportunities[$0].unit, within: unit)
        } || coverage.units.contains { past.units.contains($0) && past.isUnit($0, within: unit) }
    }

    /// The deals of a scope that the viewer may see, ascending by id.
    func deals(
        of resolved: ResolvedScope, _ scope: Scope, by meaning: PeriodMeaning,
        onlyOpen: Bool = false
    ) -> CoveredDeals {
        let filter = DealFilter(self, resolved, scope, meaning, onlyOpen)
        let coverage = resolved.coverage
        var found = CoveredDeals()
        func visit(_ id: OpportunityID) {
            guard past.opportunities.borrow(id, filter.admits) else { return }
            if coverage.isEverything
                || present.opportunities.borrow(id, { coverage.covers($0) })
            {
                found.ids.append(id)
            } else {
                found.isComplete = false
            }
        }
        if let owner = resolved.owner {
            past.persons[owner].opportunities.forEach(visit)
            return found
        }
        guard !coverage.isEverything, coverage.units.isEmpty else {
            forEachDeal(filter) { id in
                visit(id)
                return true
            }
            return found
        }
        // Few may be seen: those are looked at, and of the others as many as it takes to find one.
        let own = coverage.people.flatMap { Array(present.persons[$0].opportunities) }
        for id in Set(own).union(coverage.others).sorted() where past.opportunities.contains(id) {
            visit(id)
        }
        forEachDeal(filter) { id in
            found.isComplete =
                !past.opportunities.borrow(id, filter.admits)
                || present.opportunities.borrow(id) { coverage.covers($0) }
            return found.isComplete
        }
        return found
    }

    /// All deals that the filter may admit, ascending by id, until `body` answers false.
    private func forEachDeal(_ filter: DealFilter, _ body: (OpportunityID) -> Bool) {
        guard let columns else {
            for id in past.opportunities.ids where !body(id) { return }
            return
        }
        columns.forEach(filter.wanted, in: past, body)
    }
}

/// What a scope asks of one deal.
private struct DealFilter {
    let state: State
    let onlyOpen: Bool
    let units: Set<UnitID>?
    let owner: PersonID?
    let process: ProcessID?
    let close: ClosedRange<Day>?
    let closing: Range<Instant>?
    let creation: Range<Instant>?
    let customerType: String?
    let fields: [OpportunityField: String]

    init(
        _ basis: ReportBasis, _ resolved: ResolvedScope, _ scope: Scope,
        _ meaning: PeriodMeaning, _ onlyOpen: Bool
    ) {
        state = basis.past
        self.onlyOpen = onlyOpen
        // A set of units instead of a walk up the tree for every deal.
        units =
            resolved.unit == State.rootUnit ? nil : Set(basis.past.subtree(of: resolved.unit))
        owner = resolved.owner
        process = resolved.process
        let instants = scope.period.map(basis.instants)
        close = meaning == .expectedClose ? scope.period : nil
        closing = meaning == .closing ? instants : nil
        creation = meaning == .creation ? instants : nil
        customerType = scope.customerType
        fields = scope.fields
    }

    /// What of it the columns know.
    var wanted: DealColumns.Wanted {
        DealColumns.Wanted(
            onlyOpen: onlyOpen, units: units,
            versions: process.map { Set(state.processes[$0].versions) },
            close: close, closing: closing.map { day($0.lowerBound)...day($0.upperBound) },
            customerType: customerType, fields: fields)
    }

    private func day(_ instant: Instant) -> Day {
        Day(number: Int32(clamping: instant.milliseconds / Instant.dayMilliseconds))
    }

    func admits(_ deal: borrowing Opportunity) -> Bool {
        if onlyOpen, deal.outcome != .open { return false }
        if let units, !units.contains(deal.unit) { return false }
        if let owner, deal.owner != owner { return false }
        if let process, deal.version.process != process { return false }
        if let close {
            guard let day = deal.close, close.contains(day) else { return false }
        }
        if let closing {
            guard let instant = deal.closedAt, closing.contains(instant) else { return false }
        }
        if let creation, !creation.contains(deal.createdAt) { return false }
        if let customerType, state.customers[deal.customer][.type] != customerType { return false }
        for (field, text) in fields where deal[field] != text { return false }
        return true
    }
}
