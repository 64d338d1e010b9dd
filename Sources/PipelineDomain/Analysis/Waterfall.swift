/// How the open amount that is expected to close in a period went from what it was at the beginning to
/// what it is at the end. It looks at every record in between, with the state before and after.
///
/// Movements are kept in their own currencies, where they are exact. In the company's currency the opening
/// is told at the rates of its day, everything else at those of the closing; what the opening's
/// currencies gained or lost in between is `revalued`, together with the rounding to minor units.
public struct Waterfall: Sendable {
    public enum Movement: Int, Sendable, CaseIterable {
        case new, pulledIn, increased, decreased, pushedOut, won, lost, invalid, reopened
        case transferredIn, transferredOut

        /// Whether it adds to the open amount.
        public var isGain: Bool {
            switch self {
            case .new, .pulledIn, .increased, .reopened, .transferredIn: true
            case .decreased, .pushedOut, .won, .lost, .invalid, .transferredOut: false
            }
        }
    }

    /// Deals, and amounts by currency.
    public struct Sum: Hashable, Sendable {
        public internal(set) var count = 0
        public internal(set) var amounts: [Currency: Int128] = [:]
        /// Deals with an amount, by its currency.
        fileprivate var counts: [Currency: Int] = [:]

        mutating func add(_ money: Money?, sign: Int = 1) {
            count += sign
            guard let money else { return }
            let sum = amounts[money.currency, default: 0] + Int128(sign) * Int128(money.minorUnits)
            amounts[money.currency] = sum == 0 ? nil : sum
            let deals = counts[money.currency, default: 0] + sign
            counts[money.currency] = deals == 0 ? nil : deals
        }
    }

    /// An opening and what has moved it since: one for the whole, and one for each part (`BY`).
    public struct Account: Sendable {
        public fileprivate(set) var opening = Sum()
        public fileprivate(set) var movements: [Movement: Sum] = [:]
        /// What the movements have made of the opening: always what is open.
        public fileprivate(set) var open = Sum()

        fileprivate mutating func open(with amount: Money?) {
            opening.add(amount)
            open.add(amount)
        }

        fileprivate mutating func arrive(_ movement: Movement, _ amount: Money?) {
            open.add(amount)
            movements[movement, default: Sum()].add(amount)
        }

        fileprivate mutating func depart(_ movement: Movement, _ amount: Money?) {
            open.add(amount, sign: -1)
            movements[movement, default: Sum()].add(amount)
        }

        /// Of two currencies the one goes and the other comes.
        fileprivate mutating func resize(_ old: Money?, _ new: Money?) {
            open.add(old, sign: -1)
            open.add(new)
            guard let old, let new, old.currency == new.currency else {
                if let old, old.minorUnits > 0 { count(.decreased, old) }
                if let new, new.minorUnits > 0 { count(.increased, new) }
                return
            }
            let change = new.minorUnits - old.minorUnits
            guard change != 0 else { return }
            count(
                change > 0 ? .increased : .decreased,
                Money(minorUnits: abs(change), currency: new.currency))
        }

        private mutating func count(_ movement: Movement, _ amount: Money) {
            movements[movement, default: Sum()].add(amount)
        }
    }

    private let scope: WaterfallScope
    private let openingRates: Rates
    public private(set) var total = Account()
    /// By what the deals have in common.
    private(set) var parts: [GroupKey: Account] = [:]
    public private(set) var isComplete: Bool
    /// The deals that the record in hand may concern, as they were before it.
    private var concerned: [(id: OpportunityID, standing: WaterfallScope.Standing)] = []

    /// From the facts of the opening. The scope's period says which deals count, by their expected close.
    public init(
        _ basis: ReportBasis, _ scope: Scope, by grouping: Grouping? = nil
    ) throws(Rejection) {
        // Of what there is now, but the deals are those of the past too: the head of a unit may see no
        // more of one that was in it (D-33).
        let now = ReportBasis(
            past: basis.present, present: basis.present, viewer: basis.viewer, at: basis.at,
            sequence: basis.sequence, looksBack: true, zones: basis.zones)
        self.scope = WaterfallScope(scope, try now.resolve(scope), grouping, basis.present)
        openingRates = Rates(basis)
        isComplete = true
        for id in basis.pausing(basis.past.opportunities.ids) {
            let standing = self.scope.standing(id, in: basis.past)
            guard standing.isIn else { continue }
            guard self.scope.shows(id) else {
                isComplete = false
                continue
            }
            total.open(with: standing.amount)
            change(standing.part) { $0.open(with: standing.amount) }
        }
    }

    public mutating func before(_ state: State, _ recorded: Recorded) {
        concerned.removeAll(keepingCapacity: true)
        for id in recorded.event.dealsMoved(in: state) {
            concerned.append((id, scope.standing(id, in: state)))
        }
    }

    public mutating func after(_ state: State, _ recorded: Recorded) {
        for (id, old) in concerned {
            let new = scope.standing(id, in: state)
            guard old.isIn || new.isIn, old != new else { continue }
            guard scope.shows(id) else {
                isComplete = false
                continue
            }
            move(from: old, to: new)
        }
    }

    private mutating func move(from old: WaterfallScope.Standing, to new: WaterfallScope.Standing) {
        switch (old.isIn, new.isIn) {
        case (false, true):
            let arrival = Self.arrival(old, new)
            total.arrive(arrival, new.amount)
            change(new.part) { $0.arrive(arrival, new.amount) }
        case (true, false):
            let departure = Self.departure(new)
            total.depart(departure, old.amount)
            change(old.part) { $0.depart(departure, old.amount) }
        case (true, true):
            total.resize(old.amount, new.amount)
            guard old.part != new.part else {
                change(new.part) { $0.resize(old.amount, new.amount) }
                return
            }
            // From one part into another: of the whole nothing came or went.
            let (out, into) = scope.crossing
            change(old.part) { $0.depart(out, old.amount) }
            change(new.part) { $0.arrive(into, new.amount) }
        case (false, false): break
        }
    }

    private mutating func change(_ part: GroupKey?, _ body: (inout Account) -> Void) {
        guard let part else { return }
        body(&parts[part, default: Account()])
    }

    private static func arrival(
        _ old: WaterfallScope.Standing, _ new: WaterfallScope.Standing
    ) -> Movement {
        if old.outcome == nil { return .new }
        if old.outcome != .open { return .reopened }
        return old.isExpected ? .transferredIn : .pulledIn
    }

    private static func departure(_ new: WaterfallScope.Standing) -> Movement {
        switch new.outcome {
        case .won: .won
        case .lost: .lost
        case .invalid: .invalid
        case .open, nil: new.isExpected ? .transferredOut : .pushedOut
        }
    }
}

extension Waterfall {
    /// The rates of one day and state.
    fileprivate struct Rates: Sendable {
        let company: Company
        let day: Day

        init(_ basis: ReportBasis) {
            company = basis.past.company
            day = basis.today
        }

        func conversion(of currency: Currency) -> Conversion? {
            if currency == company.currency { return .identity }
            return company.rates[currency]?.rate(on: day).map {
                Conversion($0, from: currency, to: company.currency)
            }
        }

        /// What can be converted, rounded once.
        func amount(of sum: Sum) -> Int128 {
            var total = ExactSum()
            for (currency, amount) in sum.amounts {
                if let conversion = conversion(of: currency) { total.add(amount, conversion) }
            }
            return total.rounded
        }
    }

    /// The whole and its parts, with the facts of the closing.
    public func report(_ basis: ReportBasis) -> WaterfallReport {
        let rates = Rates(basis)
        let missing = total.open.amounts.filter { rates.conversion(of: $0.key) == nil }
        let told = parts.map { part, account in
            (key: inTheEnd(part, basis), figures: figures(account, rates))
        }
        return WaterfallReport(
            currency: basis.currency, total: figures(total, rates),
            parts: told.sorted { $0.key < $1.key },
            unconverted: missing.keys.sorted().map {
                CurrencySum(
                    currency: $0, count: total.open.counts[$0, default: 0],
                    minorUnits: missing[$0, default: 0])
            }, isComplete: isComplete)
    }

    private func figures(_ account: Account, _ rates: Rates) -> WaterfallReport.Figures {
        let rows = Movement.allCases.map { movement in
            let sum = account.movements[movement, default: Sum()]
            return WaterfallReport.Row(
                movement: movement, count: sum.count, amount: rates.amount(of: sum))
        }
        let opening = openingRates.amount(of: account.opening)
        let closing = rates.amount(of: account.open)
        let explained = rows.reduce(opening) { $0 + ($1.movement.isGain ? $1.amount : -$1.amount) }
        return WaterfallReport.Figures(
            opening: (account.opening.count, opening), rows: rows, revalued: closing - explained,
            closing: (account.open.count, closing))
    }

    /// Units, people and stages with the places and names that they have in the end.
    private func inTheEnd(_ part: GroupKey, _ basis: ReportBasis) -> GroupKey {
        switch (scope.grouping, part.text, part.process) {
        case (.unit, _, _): basis.key(of: UnitID(UInt32(part.rank)))
        case (.owner, _, _): basis.key(of: PersonID(UInt32(part.rank)))
        case (.stage, let stage?, let process?):
            basis.past.groupKey(ofStage: stage, of: process)
        default: part
        }
    }
}

/// A waterfall in the company's currency, minor units: opening and all rows, gains added and the others
/// taken away, and `revalued` make the closing, to the cent.
public struct WaterfallReport: Sendable {
    public struct Row: Sendable {
        public let movement: Waterfall.Movement
        public let count: Int
        /// Never below 0.
        public let amount: Int128
    }

    public struct Figures: Sendable {
        public let opening: (count: Int, amount: Int128)
        public let rows: [Row]
        public let revalued: Int128
        public let closing: (count: Int, amount: Int128)
    }

    public let currency: Currency
    public let total: Figures
    /// What goes from one part to another is transferred, or, between months, pulled in and pushed out.
    public let parts: [(key: GroupKey, figures: Figures)]
    public let unconverted: [CurrencySum]
    public let isComplete: Bool
}

/// Which deals a waterfall is about, at any state on the way.
private struct WaterfallScope: Sendable {
    /// How one deal stands to the scope.
    struct Standing: Hashable {
        /// `nil`: it is not there yet.
        let outcome: Outcome?
        /// Open, in the unit, by all filters, and expected to close in the period.
        let isIn: Bool
        /// Whether its expected close is in the period.
        let isExpected: Bool
        let amount: Money?
        /// Which part it is counted in, while it is in.
        let part: GroupKey?
    }

    private let scope: Scope
    private let resolved: ResolvedScope
    let grouping: Grouping?
    private let present: State

    init(_ scope: Scope, _ resolved: ResolvedScope, _ grouping: Grouping?, _ present: State) {
        self.scope = scope
        self.resolved = resolved
        self.grouping = grouping
        self.present = present
    }

    /// What going from one part to another is called there, and here.
    var crossing: (out: Waterfall.Movement, into: Waterfall.Movement) {
        grouping == .month || grouping == .quarter
            ? (.pushedOut, .pulledIn) : (.transferredOut, .transferredIn)
    }

    /// Whether whoever asks may see the deal now.
    func shows(_ id: OpportunityID) -> Bool {
        present.opportunities.borrow(id) { resolved.coverage.covers($0) }
    }

    func standing(_ id: OpportunityID, in state: State) -> Standing {
        guard state.opportunities.contains(id) else {
            return Standing(outcome: nil, isIn: false, isExpected: false, amount: nil, part: nil)
        }
        return state.opportunities.lend(id) { standing(of: $0.row, in: state) }
    }

    private func standing(of deal: borrowing Opportunity, in state: State) -> Standing {
        let outcome = deal.outcome
        let close = deal.close
        let isExpected = scope.period.map { period in
            close.map { period.contains($0) } ?? false
        }
        let isIn = outcome == .open && isExpected ?? true && holds(deal, in: state)
        return Standing(
            outcome: outcome, isIn: isIn, isExpected: isExpected ?? true, amount: deal.amount,
            part: isIn ? grouping.map { state.groupKey(of: deal, $0, day: close) } : nil)
    }

    /// Whether a deal is in the unit and by all filters.
    private func holds(_ deal: borrowing Opportunity, in state: State) -> Bool {
        guard state.isUnit(deal.unit, within: resolved.unit),
            resolved.owner == nil || resolved.owner == deal.owner,
            resolved.process == nil || resolved.process == deal.version.process,
            scope.customerType == nil
                || scope.customerType == state.customers[deal.customer][.type]
        else { return false }
        for (field, value) in scope.fields where deal[field] != value { return false }
        return true
    }
}

extension Event {
    /// The deals whose standing in some scope the event may change, ascending; the state is the one
    /// before it.
    fileprivate func dealsMoved(in state: State) -> [OpportunityID] {
        switch self {
        case .opportunity(let id, let event):
            switch event {
            case .created, .changed, .customerChanged, .amountChanged, .closeChanged, .won, .lost,
                .invalidated, .transferred, .reopened, .moved, .overridden, .migrated:
                return [id]
            default: return []
            }
        case .person(let id, .unitChanged): return state.dealsOwned(by: [id])
        case .unit(let id, .moved), .unit(let id, .merged):
            return state.dealsOwned(by: state.subtree(of: id).flatMap { state.units[$0].members })
        case .customer(let id, .changed): return Array(state.customers[id].opportunities)
        default: return []
        }
    }
}

extension State {
    fileprivate func dealsOwned(by people: [PersonID]) -> [OpportunityID] {
        people.flatMap { Array(persons[$0].opportunities) }.sorted()
    }
}
