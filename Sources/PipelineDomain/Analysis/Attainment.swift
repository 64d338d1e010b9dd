/// What was won and is to be expected against the target, and whether time is left.
public struct AttainmentReport: Sendable {
    /// In the company's currency, minor units.
    public struct Figures: Sendable {
        public let target: Int128?
        /// Targets that there are, and whose currency has no rate.
        public let unconvertedTarget: [CurrencySum]
        public let won: Int128
        /// Σ amount × win rate of the open deals expected to close in the period.
        public let weighted: Int128

        public var expected: Int128 { won + weighted }
        /// Below 0 where more is to be expected than asked for.
        public var gap: Int128? { target.map { $0 - expected } }
        /// Won ÷ target, and won and expected ÷ target, in percent with two decimals.
        public var attained: String? { percent(won) }
        public var expectedAttainment: String? { percent(expected) }

        private func percent(_ part: Int128) -> String? {
            guard let target, target > 0 else { return nil }
            return Decimal.text(Decimal.quotient([part, 10_000], by: [target]), digits: 2)
        }
    }

    /// Activities of one kind that a target asks for.
    public struct Activities: Sendable {
        public let kind: String
        public let target: Int
        public let done: Int
    }

    public let currency: Currency
    public let period: ClosedRange<Day>
    public let total: Figures
    /// Open deals past their close date, which are in no coming period.
    public let overdueAmount: Int128
    /// Days of the period that are left, today included.
    public let remainingDays: Int
    /// Average of the deals won so far, else what the process states; milliseconds.
    public let cycle: Int64?
    public let activities: [Activities]
    public let rows: [(key: GroupKey, figures: Figures)]
    public let unconverted: [CurrencySum]
    public let isComplete: Bool

    /// Whether a deal that begins today can close in time, at the average cycle.
    public var canStillClose: Bool? {
        cycle.map { Int128($0) <= Int128(remainingDays) * Int128(Instant.dayMilliseconds) }
    }
}

extension ReportBasis {
    /// Without a period: the quarter of the day.
    public func attainment(
        _ scope: Scope, by grouping: Grouping? = nil
    ) throws(Rejection) -> AttainmentReport {
        var scope = scope
        let period = scope.period ?? CalendarPeriod.quarter(of: today).days
        scope.period = period
        let resolved = try resolve(scope)
        let open = deals(of: resolved, scope, by: .expectedClose)
        let closed = deals(of: resolved, scope, by: .closing)
        let all = deals(of: resolved, scope, by: .stageEntry)
        var money = MoneySum()
        let total = try figures(scope, resolved, &money)
        let late = lateDeals(scope, resolved)
        let overdueAmount = overdue(late.ids, &money).rounded
        var rows: [(key: GroupKey, figures: AttainmentReport.Figures)] = []
        if let grouping {
            for (key, part) in try parts(scope, resolved, grouping, all.ids) {
                var ignored = MoneySum()
                guard let inside = try? resolve(part) else { continue }
                rows.append((key, try figures(part, inside, &ignored)))
            }
        }
        let first = max(period.lowerBound, today)
        return AttainmentReport(
            currency: currency, period: period, total: total, overdueAmount: overdueAmount,
            remainingDays: max(0, Int(period.upperBound.number) - Int(first.number) + 1),
            cycle: averageCycle(of: all.ids), activities: try activityTargets(scope, period),
            rows: rows, unconverted: money.unconverted,
            isComplete: open.isComplete && closed.isComplete && late.isComplete)
    }

    private func figures(
        _ scope: Scope, _ resolved: ResolvedScope, _ money: inout MoneySum
    ) throws(Rejection) -> AttainmentReport.Figures {
        AttainmentReport.Figures(
            target: try target(of: scope, over: scope.period),
            unconvertedTarget: try unconvertedTarget(of: scope, over: scope.period),
            won: won(scope, resolved, &money).rounded,
            weighted: weighted(scope, resolved, &money).rounded)
    }

    /// A-2 without the distribution.
    func weighted(
        _ scope: Scope, _ resolved: ResolvedScope, _ money: inout MoneySum
    ) -> ExactSum {
        var sum = ExactSum()
        var conversions = Conversions(past, today)
        for id in pausing(expected(scope, resolved).deals) {
            let deal = past.opportunities[id]
            guard let amount = deal.amount else { continue }
            if let conversion = conversions[amount.currency] {
                sum.add(
                    Int128(amount.minorUnits), conversion,
                    basisPoints: deal.currentStage.winRate.basisPoints)
            } else {
                money.miss(amount)
            }
        }
        return sum
    }

    /// The scopes that a scope is made of: the units directly below, with all below them, everybody in the
    /// unit, or the values that its deals have.
    func parts(
        _ scope: Scope, _ resolved: ResolvedScope, _ grouping: Grouping, _ deals: [OpportunityID]
    ) throws(Rejection) -> [(key: GroupKey, scope: Scope)] {
        func part(_ key: GroupKey, _ change: (inout Scope) -> Void) -> (GroupKey, Scope) {
            var part = scope
            change(&part)
            return (key, part)
        }
        switch grouping {
        case .unit:
            return past.units[resolved.unit].children.map { id in
                part(key(of: id)) { $0.unit = id }
            }
        case .owner:
            let people = past.subtree(of: resolved.unit).flatMap { past.units[$0].members }
            let owners = Set(pausing(deals).map { past.opportunities.lend($0) { $0.row.owner } })
                .union(people)
            return owners.filter {
                resolved.coverage.isEverything || resolved.coverage.people.contains($0)
            }.sorted().map { id in part(key(of: id)) { $0.owner = .id(id) } }
        case .month, .quarter:
            return try periods(scope.period, grouping).map { period in
                part(.text(period.text)) { part in
                    // A month that lies in the period in part counts in part.
                    part.period = part.period.map { period.days.clamped(to: $0) }
                }
            }
        case .process, .customerType, .industry, .product, .source, .region, .channel, .stage:
            return groups(deals, by: grouping, .stageEntry).compactMap { group in
                guard let text = group.key.text else {
                    return part(group.key) { $0.lacking = grouping }
                }
                switch grouping {
                case .process: return part(group.key) { $0.process = .key(text) }
                case .customerType: return part(group.key) { $0.customerType = text }
                default:
                    guard let field = OpportunityField(rawValue: grouping.rawValue) else {
                        return nil
                    }
                    return part(group.key) { $0.fields[field] = text }
                }
            }
        }
    }

    /// The months or quarters that lie in the period, whole or in part.
    private func periods(
        _ days: ClosedRange<Day>?, _ grouping: Grouping
    ) throws(Rejection) -> [CalendarPeriod] {
        guard let days else { return [] }
        var next: CalendarPeriod =
            grouping == .month ? .month(of: days.lowerBound) : .quarter(of: days.lowerBound)
        var periods: [CalendarPeriod] = []
        while next.days.lowerBound <= days.upperBound {
            guard periods.count < Bounds.listMost else {
                let rows = "\(Bounds.listMost) rows BY \(grouping.rawValue)"
                throw .invalid([.init("PERIOD", "holds more than \(rows); take a shorter one")])
            }
            periods.append(next)
            next = next.following
        }
        return periods
    }

    private func activityTargets(
        _ scope: Scope, _ period: ClosedRange<Day>
    ) throws(Rejection) -> [AttainmentReport.Activities] {
        let holder: TargetHolder =
            if let owner = scope.owner {
                .person(try past.person(owner).id)
            } else {
                .unit(scope.unit ?? State.rootUnit)
            }
        guard present.seesTarget(of: holder, viewer), !scope.isNarrowed else { return [] }
        let kinds = Set(
            past.targets.ids.compactMap { id in
                past.targets[id].key.holder == holder ? past.targets[id].key.activity : nil
            })
        let book = TargetBook(state: past, today: today)
        return kinds.sorted().compactMap { kind in
            let key = TargetKey(
                holder: holder, period: .month(of: period.lowerBound), activity: kind)
            guard let target = book.value(key, over: period) else { return nil }
            return AttainmentReport.Activities(
                kind: kind, target: Int(clamping: target), done: done(kind, holder, period))
        }
    }

    func done(_ kind: String, _ holder: TargetHolder, _ period: ClosedRange<Day>) -> Int {
        let instants = instants(of: period)
        return pausing(past.activities.ids).count { id in
            let activity = past.activities[id]
            guard activity.kind == kind, let doneAt = activity.doneAt, instants.contains(doneAt)
            else { return false }
            switch holder {
            case .person(let person): return activity.assignee == person
            case .unit(let unit):
                return past.isUnit(past.persons[activity.assignee].unit, within: unit)
            }
        }
    }
}
