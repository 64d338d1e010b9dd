/// By what a report is broken down (`BY`).
public enum Grouping: String, Sendable, CaseIterable {
    case unit, owner, stage, process
    case customerType = "customertype"
    case industry, product, source, region, channel, month, quarter
}

/// What the deals of one row have in common: the same text, and for stages the same process. Where it
/// stands among the others and what it is called makes no other of it.
public struct GroupKey: Hashable, Comparable, Sendable {
    /// Whose stage it is.
    let process: ProcessID?
    /// Ids by number and stages by place; the rest by text.
    let rank: Int
    /// `nil` where the deals lack it; such a row comes last.
    public let text: String?
    /// A unit's, a person's or a stage's name.
    public let name: String?

    init(process: ProcessID? = nil, rank: Int = 0, text: String?, name: String? = nil) {
        self.process = process
        self.rank = rank
        self.text = text
        self.name = name
    }

    public static func == (left: Self, right: Self) -> Bool {
        left.process == right.process && left.text == right.text
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(process)
        hasher.combine(text)
    }

    public static func < (left: Self, right: Self) -> Bool {
        guard let first = left.text, let second = right.text else {
            return left.text != nil && right.text == nil
        }
        return (left.process?.number ?? 0, left.rank, first)
            < (right.process?.number ?? 0, right.rank, second)
    }

    static func text(_ text: String?) -> GroupKey { GroupKey(text: text) }
}

/// The rows of a report, each under a place from 0 on. A key is made once for each number that what is
/// broken down has, and only where it has none for everything.
struct GroupPlaces {
    private(set) var keys: [GroupKey] = []
    private var numbered: [UInt64: Int] = [:]
    private var places: [GroupKey: Int] = [:]

    /// Where what has the number was put.
    func known(_ number: UInt64?) -> Int? { number.flatMap { numbered[$0] } }

    /// - Parameter number: nothing has the same that has another key.
    mutating func put(_ key: GroupKey, _ number: UInt64? = nil) -> Int {
        let place = places[key] ?? keys.count
        if place == keys.count {
            keys.append(key)
            places[key] = place
        }
        if let number { numbered[number] = place }
        return place
    }
}

extension Opportunity {
    /// A number for what it has in common with others, where that has one.
    func groupNumber(_ grouping: Grouping) -> UInt64? {
        switch grouping {
        case .unit: UInt64(unit.number)
        case .owner: UInt64(owner.number)
        case .process: UInt64(version.process.number)
        case .stage: UInt64(version.id.number) << 8 | UInt64(stage)
        case .customerType, .industry, .product, .source, .region, .channel, .month, .quarter: nil
        }
    }
}

/// The deals of one row.
public struct DealGroup: Sendable {
    public let key: GroupKey
    /// Ascending.
    let deals: [OpportunityID]
}

extension ReportBasis {
    /// Divides deals by what they have in common. Months and quarters are those of what the report's
    /// period means.
    func groups(
        _ deals: [OpportunityID], by grouping: Grouping, _ meaning: PeriodMeaning
    ) -> [DealGroup] {
        var places = GroupPlaces()
        var groups: [[OpportunityID]] = []
        for id in pausing(deals) {
            let place = past.opportunities.lend(id) { deal in
                let number = deal.row.groupNumber(grouping)
                return places.known(number)
                    ?? places.put(key(of: deal.row, grouping, meaning), number)
            }
            if place == groups.count { groups.append([]) }
            groups[place].append(id)
        }
        return zip(places.keys, groups).map { DealGroup(key: $0, deals: $1) }
            .sorted { $0.key < $1.key }
    }

    func key(
        of deal: borrowing Opportunity, _ grouping: Grouping, _ meaning: PeriodMeaning
    ) -> GroupKey {
        let isByDay = grouping == .month || grouping == .quarter
        return past.groupKey(of: deal, grouping, day: isByDay ? date(of: deal, meaning) : nil)
    }

    func key(of unit: UnitID) -> GroupKey { past.groupKey(of: unit) }

    func key(of person: PersonID) -> GroupKey { past.groupKey(of: person) }

    private func date(of deal: borrowing Opportunity, _ meaning: PeriodMeaning) -> Day? {
        switch meaning {
        case .expectedClose: deal.close
        case .closing: deal.closedAt.map(day)
        case .creation, .stageEntry: day(of: deal.createdAt)
        }
    }
}

extension State {
    /// What a deal has in common with others; `day` is the one that months and quarters go by.
    func groupKey(
        of deal: borrowing Opportunity, _ grouping: Grouping, day: Day?
    ) -> GroupKey {
        switch grouping {
        case .unit: groupKey(of: deal.unit)
        case .owner: groupKey(of: deal.owner)
        case .stage: groupKey(ofStage: deal.stage, in: deal.version)
        case .process: .text(deal.version.key)
        case .customerType: .text(customers[deal.customer][.type])
        case .industry: .text(deal[.industry])
        case .product: .text(deal[.product])
        case .source: .text(deal[.source])
        case .region: .text(deal[.region])
        case .channel: .text(deal[.channel])
        case .month: .text(day.map { CalendarPeriod.month(of: $0).text })
        case .quarter: .text(day.map { CalendarPeriod.quarter(of: $0).text })
        }
    }

    func groupKey(of unit: UnitID) -> GroupKey {
        GroupKey(rank: Int(unit.number), text: unit.description, name: units[unit].name)
    }

    func groupKey(of person: PersonID) -> GroupKey {
        GroupKey(rank: Int(person.number), text: person.description, name: persons[person].name)
    }

    private func groupKey(ofStage index: Int, in version: ProcessVersion) -> GroupKey {
        groupKey(ofStage: version.definition.stages[index].key, of: version.process)
    }

    /// Versions are merged by stage key (§7): the place and the name are those of the newest version that
    /// has the stage.
    func groupKey(ofStage key: String, of process: ProcessID) -> GroupKey {
        for version in processes[process].versions.reversed() {
            guard let place = versions[version].stageIndex(key) else { continue }
            let name = versions[version].definition.stages[place].name
            return GroupKey(process: process, rank: place, text: key, name: name)
        }
        return GroupKey(process: process, text: key)
    }
}
