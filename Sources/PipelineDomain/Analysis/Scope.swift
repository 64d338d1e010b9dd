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

    /// Whether answering the viewer takes no look at single deals, and so no long time.
    public func isAnsweredFromSums(_ state: State, _ viewer: PersonID) -> Bool {
        guard isWholeUnit, let unit = state.units[find: unit ?? State.rootUnit] else { return true }
        return state.seesEverything(viewer)
            || state.path(from: unit.id).contains { state.units[$0].head == viewer }
    }
}

/// A scope made out for one viewer.
struct ResolvedScope {
    let unit: UnitID
    let process: ProcessID?
    /// Whose deals the viewer may see; `nil`: everybody's in the unit.
    let owners: [PersonID]?
    /// For a report of the past: which of those deals the viewer may see now; `nil`: all.
    var seen: ((OpportunityID) -> Bool)?
    /// Whether that is all of the scope (A-19's `complete`).
    let isComplete: Bool
}

extension State {
    /// Reports cover the deals in scope that the viewer may see; a unit where nobody is visible is
    /// answered as absent (§7, D-34).
    func resolve(
        _ scope: Scope, for viewer: PersonID, asSeenIn present: State? = nil
    ) throws(Rejection) -> ResolvedScope {
        if let present, !present.seesEverything(viewer) {
            return try resolve(scope, for: viewer, onlySeenIn: present)
        }
        let unit = try unit(scope.unit ?? State.rootUnit).id
        let owner: PersonID? = if let owner = scope.owner { try person(owner).id } else { nil }
        let process: ProcessID? =
            if let process = scope.process { try self.process(process).id } else { nil }
        let seesAll = (present ?? self).seesEverything(viewer)
        if let owner {
            guard owner == viewer || seesAll || isAbove(viewer, owner) else {
                throw .notFound(noun: PersonKind.noun, name: owner.description)
            }
            return ResolvedScope(unit: unit, process: process, owners: [owner], isComplete: true)
        }
        if seesAll || path(from: unit).contains(where: { units[$0].head == viewer }) {
            return ResolvedScope(unit: unit, process: process, owners: nil, isComplete: true)
        }
        let inside = Set(subtree(of: unit).flatMap { units[$0].members })
        let visible = (peopleBelow(viewer) + [viewer]).filter(inside.contains).sorted()
        guard !visible.isEmpty else {
            throw .notFound(noun: UnitKind.noun, name: unit.description)
        }
        return ResolvedScope(
            unit: unit, process: process, owners: visible, isComplete: visible.count == inside.count
        )
    }

    /// A scope of the past for somebody who does not see everything: the deals that lay in it and that
    /// they may see now, be it by their owners or as heads of the units that they lie in (D-33).
    private func resolve(
        _ scope: Scope, for viewer: PersonID, onlySeenIn present: State
    ) throws(Rejection) -> ResolvedScope {
        let unit = try unit(scope.unit ?? State.rootUnit).id
        let owner: PersonID? = if let owner = scope.owner { try person(owner).id } else { nil }
        let process: ProcessID? =
            if let process = scope.process { try self.process(process).id } else { nil }
        if let owner, owner != viewer, !present.isAbove(viewer, owner) {
            throw .notFound(noun: PersonKind.noun, name: owner.description)
        }
        let below = Set(present.peopleBelow(viewer) + [viewer])
        func isHeaded(_ unit: UnitID) -> Bool {
            present.path(from: unit).contains { present.units[$0].head == viewer }
        }
        func isSeen(_ id: OpportunityID) -> Bool {
            let deal = present.opportunities[id]
            return below.contains(deal.owner) || isHeaded(deal.unit)
        }
        let inside = subtree(of: unit).flatMap { units[$0].members }
        guard owner != nil || isHeaded(unit) || inside.contains(where: below.contains) else {
            throw .notFound(noun: UnitKind.noun, name: unit.description)
        }
        let all = ResolvedScope(
            unit: unit, process: process, owners: owner.map { [$0] }, isComplete: true)
        var isComplete = owner != nil || isHeaded(unit) || inside.allSatisfy(below.contains)
        deals(of: all, scope) { deal in isComplete = isComplete && isSeen(deal.id) }
        return ResolvedScope(
            unit: unit, process: process, owners: all.owners, seen: isSeen, isComplete: isComplete)
    }

    /// The deals of a scope, ascending by id for each owner.
    func deals(
        of resolved: ResolvedScope, _ scope: Scope, _ body: (Opportunity) -> Void
    ) {
        func visit(_ id: OpportunityID) {
            if let seen = resolved.seen, !seen(id) { return }
            let deal = opportunities[id]
            guard isUnit(deal.unit, within: resolved.unit) else { return }
            if let process = resolved.process, deal.version.process != process { return }
            if let period = scope.period {
                guard let close = deal.close, period.contains(close) else { return }
            }
            if let type = scope.customerType, customers[deal.customer][.type] != type { return }
            for (field, text) in scope.fields where deal[field] != text { return }
            body(deal)
        }
        guard let owners = resolved.owners else {
            for id in opportunities.ids { visit(id) }
            return
        }
        for owner in owners { persons[find: owner]?.opportunities.forEach(visit) }
    }

    /// Stage sums by process version, for the part of the scope that the viewer may see.
    func sums(of resolved: ResolvedScope, _ scope: Scope) -> [ProcessVersionID: [StageSum]] {
        if resolved.owners == nil, resolved.seen == nil, scope.isWholeUnit {
            guard let process = resolved.process else { return units[resolved.unit].sums }
            return units[resolved.unit].sums.filter { versions[$0.key].process == process }
        }
        var sums: [ProcessVersionID: [StageSum]] = [:]
        deals(of: resolved, scope) { deal in
            let empty = [StageSum](repeating: StageSum(), count: deal.definition.stages.count)
            Contribution(deal).add(to: &sums[deal.version.id, default: empty], sign: 1)
        }
        return sums
    }
}
