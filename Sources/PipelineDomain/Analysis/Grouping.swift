/// By what a report is broken down (`BY`).
public enum Grouping: String, Sendable, CaseIterable {
    case unit, owner, stage, process
    case customerType = "customertype"
    case industry, product, source, region, channel, month, quarter
}

/// What the deals of one row have in common.
public struct GroupKey: Hashable, Comparable, Sendable {
    /// Ids by number and stages by place; the rest by text.
    let rank: Int
    /// `nil` where the deals lack it; such a row comes last.
    public let text: String?
    /// A unit's, a person's or a stage's name.
    public let name: String?

    public static func < (left: Self, right: Self) -> Bool {
        guard let first = left.text, let second = right.text else {
            return left.text != nil && right.text == nil
        }
        return (left.rank, first) < (right.rank, second)
    }

    static func text(_ text: String?) -> GroupKey { GroupKey(rank: 0, text: text, name: nil) }
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
        var groups: [GroupKey: [OpportunityID]] = [:]
        for id in deals {
            groups[key(of: past.opportunities[id], grouping, meaning), default: []].append(id)
        }
        return groups.keys.sorted().map { DealGroup(key: $0, deals: groups[$0, default: []]) }
    }

    private func key(
        of deal: Opportunity, _ grouping: Grouping, _ meaning: PeriodMeaning
    ) -> GroupKey {
        switch grouping {
        case .unit: return key(of: deal.unit)
        case .owner: return key(of: deal.owner)
        case .stage:
            let stage = deal.currentStage
            return GroupKey(rank: deal.stage, text: stage.key, name: stage.name)
        case .process: return .text(deal.version.key)
        case .customerType: return .text(past.customers[deal.customer][.type])
        case .industry: return .text(deal[.industry])
        case .product: return .text(deal[.product])
        case .source: return .text(deal[.source])
        case .region: return .text(deal[.region])
        case .channel: return .text(deal[.channel])
        case .month: return .text(date(of: deal, meaning).map { CalendarPeriod.month(of: $0).text })
        case .quarter:
            return .text(date(of: deal, meaning).map { CalendarPeriod.quarter(of: $0).text })
        }
    }

    func key(of unit: UnitID) -> GroupKey {
        GroupKey(
            rank: Int(unit.number), text: unit.description, name: past.units[unit].name)
    }

    func key(of person: PersonID) -> GroupKey {
        GroupKey(
            rank: Int(person.number), text: person.description, name: past.persons[person].name)
    }

    private func date(of deal: Opportunity, _ meaning: PeriodMeaning) -> Day? {
        switch meaning {
        case .expectedClose: deal.close
        case .closing: deal.closedAt.map(day)
        case .creation, .stageEntry: day(of: deal.createdAt)
        }
    }
}
