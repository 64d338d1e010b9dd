/// A target with what it is broken down into.
public struct TargetRow: Sendable {
    /// Children must sum to the parent, or the gap is shown.
    public struct Parts: Sendable {
        /// `holder`, `period`, `product`, `region` or `channel`.
        public let by: String
        /// Minor units of the company's currency, or a count.
        public let sum: Int128
        /// What is missing in the parts; below 0 where they make more.
        public let gap: Int128
    }

    public let target: Target
    public let name: String
    /// In the company's currency at the day's rate, or the count; `nil` without a rate.
    public let value: Int128?
    public let parts: [Parts]
}

/// What amounts to a target's value, and what it is made of.
struct TargetBook {
    let state: State
    /// Whose rates count (D-36).
    let today: Day

    /// In minor units of the company's currency, rounded once; or the count.
    func value(_ key: TargetKey) -> Int128? {
        guard let target = state.target(key) else { return nil }
        switch target.value {
        case .count(let count): return Int128(count)
        case .amount(let money):
            guard let conversion = state.conversion(of: money.currency, on: today) else {
                return nil
            }
            var sum = ExactSum()
            sum.add(Int128(money.minorUnits), conversion)
            return sum.rounded
        }
    }

    /// The target itself, else the sum of its quarters or months where all of them are set.
    func valueOrParts(_ key: TargetKey) -> Int128? {
        if let value = value(key) { return value }
        let parts = key.period.parts
        guard !parts.isEmpty else { return nil }
        var sum: Int128 = 0
        for part in parts {
            guard let value = valueOrParts(key.with(period: part)) else { return nil }
            sum += value
        }
        return sum
    }

    /// The target of any days that are whole months: years, quarters and months put together, the longest
    /// first. `nil` where a part has no target.
    func value(_ key: TargetKey, over days: ClosedRange<Day>) -> Int128? {
        var sum: Int128 = 0
        var first = days.lowerBound
        while first <= days.upperBound {
            let candidates = [
                CalendarPeriod.year(of: first), .quarter(of: first), .month(of: first),
            ]
            let fitting = candidates.first { period in
                period.days.lowerBound == first && period.days.upperBound <= days.upperBound
                    && valueOrParts(key.with(period: period)) != nil
            }
            guard let fitting, let value = valueOrParts(key.with(period: fitting)) else {
                return nil
            }
            sum += value
            first = Day(number: fitting.days.upperBound.number + 1)
        }
        return sum
    }

    /// Of targets in a currency that has no rate: what they come to, by currency.
    func unconverted(_ targets: [Target]) -> [CurrencySum] {
        var sum = MoneySum()
        for target in targets {
            if case .amount(let money) = target.value, value(target.key) == nil { sum.miss(money) }
        }
        return sum.unconverted
    }

    /// Of those that the target of the days would be put together from.
    func unconverted(_ key: TargetKey, over days: ClosedRange<Day>) -> [CurrencySum] {
        guard value(key, over: days) == nil else { return [] }
        return unconverted(
            state.targets.ids.map { state.targets[$0] }.filter { target in
                let period = target.key.period
                return target.key == key.with(period: period)
                    && days.contains(period.days.lowerBound)
                    && days.contains(period.days.upperBound)
            })
    }

    /// The target of a holder, else the sum of those below, so that a level without targets of its own
    /// hides no gap.
    private func valueOrBelow(_ key: TargetKey) -> Int128? {
        value(key) ?? sumBelow(key)
    }

    private func sumBelow(_ key: TargetKey) -> Int128? {
        guard case .unit(let unit) = key.holder else { return nil }
        let below =
            state.units[unit].children.map { TargetHolder.unit($0) }
            + state.units[unit].members.map { TargetHolder.person($0) }
        return Self.sum(below.map { valueOrBelow(key.with(holder: $0)) })
    }

    /// The target of a period, else the sum of what is set within it, likewise.
    private func valueOrWithin(_ key: TargetKey) -> Int128? {
        value(key) ?? sumWithin(key)
    }

    private func sumWithin(_ key: TargetKey) -> Int128? {
        Self.sum(key.period.parts.map { valueOrWithin(key.with(period: $0)) })
    }

    private static func sum(_ values: [Int128?]) -> Int128? {
        let known = values.compactMap(\.self)
        return known.isEmpty ? nil : known.reduce(0, +)
    }

    func parts(_ key: TargetKey, among all: [TargetKey]) -> [TargetRow.Parts] {
        guard let value = value(key) else { return [] }
        var parts: [TargetRow.Parts] = []
        func add(_ name: String, _ sum: Int128?) {
            guard let sum else { return }
            parts.append(.init(by: name, sum: sum, gap: value - sum))
        }
        add("holder", sumBelow(key))
        add("period", sumWithin(key))
        let siblings = all.filter {
            $0.holder == key.holder && $0.period == key.period && $0.activity == key.activity
        }
        // Each kind of thing by itself: products sum to the whole, and so do regions and channels.
        func add(_ name: String, splitting member: KeyPath<TargetKey, String?>) {
            guard key[keyPath: member] == nil else { return }
            let own = siblings.filter { $0.isPart(of: key, member) }
            add(name, Self.sum(own.map(self.value)))
        }
        add("product", splitting: \.product)
        add("region", splitting: \.region)
        add("channel", splitting: \.channel)
        return parts
    }
}

extension TargetKey {
    /// Whether it differs from the other in one thing alone, which the other leaves open.
    fileprivate func isPart(of whole: TargetKey, _ member: KeyPath<TargetKey, String?>) -> Bool {
        self[keyPath: member] != nil
            && [\TargetKey.product, \.region, \.channel].allSatisfy {
                $0 == member || self[keyPath: $0] == whole[keyPath: $0]
            }
    }
}

/// Targets with what they are broken down into, by period, holder and the rest.
public struct TargetTree: Sendable {
    public let rows: [TargetRow]
    /// Targets whose currency has no rate: in no sum (D-36).
    public let unconverted: [CurrencySum]
    /// Whether all targets of the holder and everything below are among them.
    public let isComplete: Bool
}

extension ReportBasis {
    /// The targets that the viewer may see: of a holder and everything below, or of all; of a period and
    /// its parts, or of all.
    public func targetTree(
        _ reference: HolderReference?, period: CalendarPeriod?
    ) throws(Rejection) -> TargetTree {
        let top: TargetHolder? = if let reference { try visibleHolder(reference) } else { nil }
        let book = TargetBook(state: past, today: today)
        let periods = period.map { [$0] + $0.parts + $0.parts.flatMap(\.parts) }
        let keys = past.targets.ids.map { past.targets[$0].key }
        let wanted = past.targets.ids.map { past.targets[$0] }.filter { target in
            past.isHolder(target.key.holder, within: top)
                && periods?.contains(target.key.period) != false
        }
        let seen = wanted.filter { present.seesTarget(of: $0.key.holder, viewer) }
        return TargetTree(
            rows: seen.sorted { $0.key.order < $1.key.order }.map { target in
                TargetRow(
                    target: target, name: past.name(of: target.key.holder),
                    value: book.value(target.key), parts: book.parts(target.key, among: keys))
            }, unconverted: book.unconverted(seen), isComplete: seen.count == wanted.count)
    }

    /// Refuses a holder that is not there for the viewer.
    public func require(_ reference: HolderReference?) throws(Rejection) {
        if let reference { _ = try visibleHolder(reference) }
    }

    private func visibleHolder(_ reference: HolderReference) throws(Rejection) -> TargetHolder {
        let holder = try past.holder(reference)
        if present.seesTarget(of: holder, viewer) { return holder }
        // As an unknown one would be, by the name that it was asked for (D-34).
        switch reference {
        case .unit(let id): throw .notFound(noun: UnitKind.noun, name: id.description)
        case .person(let person): throw .notFound(noun: PersonKind.noun, name: person.text)
        }
    }
}

extension State {
    fileprivate func isHolder(_ holder: TargetHolder, within top: TargetHolder?) -> Bool {
        switch (holder, top) {
        case (_, nil): true
        case (.unit(let id), .unit(let root)): isUnit(id, within: root)
        case (.person(let id), .unit(let root)): isUnit(persons[id].unit, within: root)
        case (_, .person): holder == top
        }
    }

    fileprivate func name(of holder: TargetHolder) -> String {
        switch holder {
        case .unit(let id): units[id].name
        case .person(let id): persons[id].name
        }
    }
}

extension TargetKey {
    fileprivate struct Order: Comparable {
        let period: CalendarPeriod
        /// Units before persons, by id.
        let holder: (Int, UInt32)
        let rest: [String]

        static func == (left: Self, right: Self) -> Bool { !(left < right) && !(right < left) }

        static func < (left: Self, right: Self) -> Bool {
            if left.period != right.period { return left.period < right.period }
            if left.holder != right.holder { return left.holder < right.holder }
            return left.rest.lexicographicallyPrecedes(right.rest)
        }
    }

    fileprivate var order: Order {
        let place: (Int, UInt32) =
            switch holder {
            case .unit(let id): (0, id.number)
            case .person(let id): (1, id.number)
            }
        return Order(
            period: period, holder: place,
            rest: [activity, product, region, channel].map { $0 ?? "" })
    }
}

extension ReportBasis {
    /// The target that a scope is measured by over the days, in minor units: that of the person or unit,
    /// for the product, region and channel that are filtered by. `nil` where none is set, where the scope
    /// is narrowed by something that targets know nothing of, and where the viewer may not see it.
    func target(of scope: Scope, over days: ClosedRange<Day>?) throws(Rejection) -> Int128? {
        guard let days, let key = try targetKey(of: scope, days) else { return nil }
        return TargetBook(state: past, today: today).value(key, over: days)
    }

    /// Those of them that cannot be told in the company's currency, for want of a rate.
    func unconvertedTarget(
        of scope: Scope, over days: ClosedRange<Day>?
    ) throws(Rejection) -> [CurrencySum] {
        guard let days, let key = try targetKey(of: scope, days) else { return [] }
        return TargetBook(state: past, today: today).unconverted(key, over: days)
    }

    private func targetKey(
        of scope: Scope, _ days: ClosedRange<Day>
    ) throws(Rejection) -> TargetKey? {
        guard scope.process == nil, scope.customerType == nil, scope.lacking == nil,
            scope.fields.keys.allSatisfy({ [.product, .region, .channel].contains($0) })
        else { return nil }
        let holder: TargetHolder =
            if let owner = scope.owner {
                .person(try past.person(owner).id)
            } else {
                .unit(scope.unit ?? State.rootUnit)
            }
        guard present.seesTarget(of: holder, viewer) else { return nil }
        return TargetKey(
            holder: holder, period: .month(of: days.lowerBound), product: scope.fields[.product],
            region: scope.fields[.region], channel: scope.fields[.channel])
    }
}
