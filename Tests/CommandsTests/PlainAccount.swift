@testable import PipelineDomain

/// The plainest account of the same: after every record all deals are looked at, and what happened to a
/// deal is told by what it was and is, not by the record.
struct PlainAccount {
    struct Entry: Equatable {
        let outcome: Outcome
        let isIn: Bool
        let isExpected: Bool
        let amount: Money?
    }

    let scope: Scope
    var entries: [OpportunityID: Entry]
    var movements: [Waterfall.Movement: Waterfall.Sum] = [:]

    init(_ scope: Scope, _ state: State) {
        self.scope = scope
        entries = Self.entries(scope, state)
    }

    static func entries(_ scope: Scope, _ state: State) -> [OpportunityID: Entry] {
        var entries: [OpportunityID: Entry] = [:]
        for id in state.opportunities.ids {
            let deal = state.opportunities[id]
            let isExpected = scope.period.map { period in
                deal.close.map(period.contains) ?? false
            }
            let owner: PersonID? =
                if case .login(let login) = scope.owner { state.logins[login] } else { nil }
            let isIn =
                deal.outcome == .open && isExpected ?? true
                && state.isUnit(deal.unit, within: scope.unit ?? State.rootUnit)
                && (owner.map { $0 == deal.owner } ?? true)
                && scope.fields.allSatisfy { deal[$0.key] == $0.value }
            entries[id] = Entry(
                outcome: deal.outcome, isIn: isIn, isExpected: isExpected ?? true,
                amount: deal.amount)
        }
        return entries
    }

    mutating func look(_ state: State) {
        let now = Self.entries(scope, state)
        for (id, new) in now {
            let old = entries[id]
            switch (old?.isIn ?? false, new.isIn) {
            case (false, true):
                if old == nil {
                    add(.new, new.amount)
                } else if old?.outcome != .open {
                    add(.reopened, new.amount)
                } else {
                    add(old?.isExpected == true ? .transferredIn : .pulledIn, new.amount)
                }
            case (true, false):
                switch new.outcome {
                case .won: add(.won, old?.amount)
                case .lost: add(.lost, old?.amount)
                case .invalid: add(.invalid, old?.amount)
                case .open: add(new.isExpected ? .transferredOut : .pushedOut, old?.amount)
                }
            case (true, true): resize(old?.amount, new.amount)
            case (false, false): break
            }
        }
        entries = now
    }

    private mutating func resize(_ old: Money?, _ new: Money?) {
        guard old != new else { return }
        if let old, let new, old.currency == new.currency {
            let change = new.minorUnits - old.minorUnits
            add(
                change > 0 ? .increased : .decreased,
                Money(minorUnits: abs(change), currency: new.currency))
            return
        }
        if let old, old.minorUnits > 0 { add(.decreased, old) }
        if let new, new.minorUnits > 0 { add(.increased, new) }
    }

    private mutating func add(_ movement: Waterfall.Movement, _ money: Money?) {
        movements[movement, default: Waterfall.Sum()].add(money)
    }

    /// The same by what the deals have in common.
    static func parts(
        _ scope: Scope, _ grouping: Grouping, _ state: State
    ) -> [GroupKey: Waterfall.Sum] {
        var parts: [GroupKey: Waterfall.Sum] = [:]
        for (id, entry) in entries(scope, state) where entry.isIn {
            let deal = state.opportunities[id]
            let key = state.groupKey(of: deal, grouping, day: deal.close)
            parts[key, default: .init()].add(entry.amount)
        }
        return parts
    }

    /// What is open in the scope, from scratch.
    static func open(_ scope: Scope, _ state: State) -> Waterfall.Sum {
        var sum = Waterfall.Sum()
        for entry in entries(scope, state).values where entry.isIn { sum.add(entry.amount) }
        return sum
    }
}
