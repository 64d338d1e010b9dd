/// Leads and what became of them.
public struct LeadReport: Sendable {
    public struct Figures: Sendable {
        public internal(set) var leads = 0
        public internal(set) var converted = 0
        public internal(set) var discarded = 0

        public var open: Int { leads - converted - discarded }
        /// Converted ÷ leads.
        public var conversion: Fraction? {
            leads > 0 ? Fraction(numerator: converted, denominator: leads) : nil
        }
        public var interval: WilsonInterval? { WilsonInterval(hits: converted, of: leads) }

        mutating func add(_ status: Lead.Status) {
            leads += 1
            switch status {
            case .open: break
            case .converted: converted += 1
            case .discarded: discarded += 1
            }
        }
    }

    public let total: Figures
    /// By source, where nothing else is asked for.
    public let rows: [(key: GroupKey, figures: Figures)]
    public let isComplete: Bool

    /// What leads can be broken down by.
    static let groupings: [Grouping] = [.source, .industry, .owner, .unit, .month, .quarter]
}

extension ReportBasis {
    /// leads that came into being in the period, of people in the unit.
    public func leads(
        _ scope: Scope, by grouping: Grouping? = nil
    ) throws(Rejection) -> LeadReport {
        let resolved = try resolve(scope)
        let faults = LeadReport.faults(scope, by: grouping)
        guard faults.isEmpty else { throw .invalid(faults) }
        let period = scope.period.map(instants)
        let coverage = resolved.coverage
        var total = LeadReport.Figures()
        var rows: [GroupKey: LeadReport.Figures] = [:]
        var isComplete = true
        for id in pausing(past.leads.ids) {
            let lead = past.leads[id]
            guard past.isUnit(past.persons[lead.owner].unit, within: resolved.unit),
                resolved.owner.map({ $0 == lead.owner }) ?? true,
                period?.contains(lead.createdAt) ?? true,
                scope.fields[.source].map({ $0 == lead[.source] }) ?? true,
                scope.fields[.industry].map({ $0 == lead[.industry] }) ?? true
            else { continue }
            guard coverage.isEverything || coverage.people.contains(present.leads[id].owner) else {
                isComplete = false
                continue
            }
            total.add(lead.status)
            rows[key(of: lead, grouping ?? .source), default: .init()].add(lead.status)
        }
        return LeadReport(
            total: total,
            rows: rows.keys.sorted().map { ($0, rows[$0, default: .init()]) },
            isComplete: isComplete)
    }

    private func key(of lead: Lead, _ grouping: Grouping) -> GroupKey {
        switch grouping {
        case .industry: .text(lead[.industry])
        case .owner: key(of: lead.owner)
        case .unit: key(of: past.persons[lead.owner].unit)
        case .month: .text(CalendarPeriod.month(of: day(of: lead.createdAt)).text)
        case .quarter: .text(CalendarPeriod.quarter(of: day(of: lead.createdAt)).text)
        default: .text(lead[.source])
        }
    }
}

extension LeadReport {
    /// What cannot be asked of leads, which have no process, product and so on: nothing is counted as if they had.
    public static func faults(_ scope: Scope, by grouping: Grouping?) -> [Rejection.Fault] {
        var faults: [Rejection.Fault] = []
        let narrowing: [(String, Bool)] = [
            ("PROCESS", scope.process != nil), ("CUSTOMERTYPE", scope.customerType != nil),
            ("PRODUCT", scope.fields[.product] != nil), ("REGION", scope.fields[.region] != nil),
            ("CHANNEL", scope.fields[.channel] != nil),
        ]
        for (keyword, isGiven) in narrowing where isGiven {
            faults.append(.init(keyword, "leads have none; take UNIT, OWNER, SOURCE or INDUSTRY"))
        }
        if let grouping, !groupings.contains(grouping) {
            let known = groupings.map(\.rawValue).joined(separator: ", ")
            faults.append(.init("BY", "leads go by one of: \(known)"))
        }
        return faults
    }
}
