/// Which deals a report is about (§7): a unit's subtree and any filters.
public struct Scope: Sendable {
    public var unit: UnitID?
    public var owner: PersonReference?
    public var process: ProcessReference?
    /// First and last day, both included.
    public var period: ClosedRange<Day>?
    public var customerType: String?
    public var fields: [OpportunityField: String] = [:]
    /// Only the deals that have none of it: a row without a key.
    var lacking: Grouping?

    public init() {}

    /// Whether the kept sums answer it without looking at single deals (E-5).
    var isWholeUnit: Bool {
        owner == nil && period == nil && customerType == nil && fields.isEmpty
            && lacking == nil
    }

    /// Whether anything but the subject and the period narrows it down.
    var isNarrowed: Bool {
        process != nil || customerType != nil || !fields.isEmpty || lacking != nil
    }
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

    /// Refuses a scope that names who or what was not there, or is out of sight (A-18, D-34).
    public func require(_ scope: Scope) throws(Rejection) { _ = try resolve(scope) }

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
        outcomes: Set<Outcome>? = nil
    ) -> CoveredDeals {
        let filter = DealFilter(self, resolved, scope, meaning, outcomes)
        let coverage = resolved.coverage
        let admitted =
            if let owner = resolved.owner {
                admitted(Array(past.persons[owner].opportunities), filter)
            } else {
                admitted(filter)
            }
        guard !coverage.isEverything else { return CoveredDeals(ids: admitted) }
        let covered =
            fewCovered(by: coverage, filter, resolved)
            ?? pausing(admitted).filter { id in
                present.opportunities.borrow(id) { coverage.covers($0) }
            }
        return CoveredDeals(ids: covered, isComplete: covered.count == admitted.count)
    }

    /// Where few deals may be seen, those of them that the filter admits: looked for among them instead of
    /// among all of the company's.
    private func fewCovered(
        by coverage: Coverage, _ filter: DealFilter, _ resolved: ResolvedScope
    ) -> [OpportunityID]? {
        guard resolved.owner == nil, coverage.units.isEmpty else { return nil }
        let own = coverage.people.flatMap { Array(present.persons[$0].opportunities) }
        let all = Set(own).union(coverage.others).sorted()
        return pausing(
            admitted(pausing(all).filter(past.opportunities.contains), filter)
        ).filter { id in
            present.opportunities.borrow(id) { coverage.covers($0) }
        }
    }

    /// All deals that the filter admits, ascending by id.
    private func admitted(_ filter: DealFilter) -> [OpportunityID] {
        guard let columns else { return pausing(past.opportunities.ids).filter(filter.admits) }
        return columns.look(past, pause) { $0.admitted(filter, pause) }
    }

    /// Those of the deals that the filter admits.
    func admitted(_ ids: [OpportunityID], _ filter: DealFilter) -> [OpportunityID] {
        guard let columns else { return pausing(ids).filter(filter.admits) }
        return columns.look(past, pause) { $0.admitted(ids, filter, pause) }
    }
}
