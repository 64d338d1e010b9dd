import PipelineDomain
import PipelineProtocol

/// The fields of a deal as programs rely on them, in their order.
enum OpportunityColumn: String, CaseIterable, Sendable {
    case id, title, customer, amount, currency, close, owner, unit, process, version, stage
    case outcome, pending, enteredStage, createdAt, rev, source, industry, product, region, channel
    case extid, team, tags, closedAt, reason, competitor, lead
    case rate, feasibility, cost, roi, competitors

    /// All columns with their names as they stand in a reply of either version, one after the other:
    /// deals are read often, and an array a name would cost a reference each.
    static let named: (columns: [(column: OpportunityColumn, end: Int)], names: [UInt8]) = {
        var names = ReplyWriter(.resp2)
        let columns = allCases.map { column in
            names.bulk(column.rawValue)
            return (column, names.bytes.count)
        }
        return (columns, names.bytes)
    }()

    func write(_ deal: borrowing Opportunity, to reply: inout ReplyWriter) {
        switch self {
        case .id: reply.bulk(deal.id)
        case .title: reply.bulk(deal.title)
        case .customer: reply.bulk(deal.customer)
        case .amount: reply.optional(deal.amount?.decimal)
        case .currency: reply.bulk(deal.currency.code)
        case .close: reply.optional(deal.close?.description)
        case .owner: reply.bulk(deal.owner)
        case .unit: reply.bulk(deal.unit)
        case .process: reply.bulk(deal.version.key)
        case .version: reply.integer(deal.version.number)
        case .stage: reply.bulk(deal.currentStage.key)
        case .outcome: reply.bulk(deal.outcome.rawValue)
        case .pending: reply.optional(deal.pending)
        case .enteredStage: reply.bulk(deal.enteredStage)
        case .createdAt: reply.bulk(deal.createdAt)
        case .rev: reply.integer(deal.revision.number)
        case .source: reply.optional(deal[.source])
        case .industry: reply.optional(deal[.industry])
        case .product: reply.optional(deal[.product])
        case .region: reply.optional(deal[.region])
        case .channel: reply.optional(deal[.channel])
        case .extid: reply.optional(deal[.externalID])
        case .team: reply.texts(deal.team.map(\.plain))
        case .tags: reply.texts(deal.tags)
        case .closedAt: reply.optional(deal.closedAt?.description)
        case .reason: reply.optional(deal.closing.flatMap { $0.reason.isEmpty ? nil : $0.reason })
        case .competitor: reply.optional(deal.closing?.competitor)
        case .lead: reply.optional(deal.lead)
        case .feasibility: reply.bulk(deal[.feasibility] ?? "unknown")
        case .cost: reply.optional(deal.cost?.decimal)
        case .roi: reply.optional(deal.roi)
        case .competitors: reply.texts(deal.competitors)
        case .rate: reply.optional(deal.closing?.rate?.decimal)
        }
    }
}

extension ReplyWriter {
    /// All of the deal's fields, each behind its name.
    mutating func write(_ deal: borrowing Opportunity) {
        let (columns, names) = OpportunityColumn.named
        map(columns.count)
        names.withUnsafeBufferPointer { names in
            var start = 0
            for (column, end) in columns {
                raw(UnsafeBufferPointer(rebasing: names[start..<end]))
                column.write(deal, to: &self)
                start = end
            }
        }
    }

    /// Some of the deal's fields, each behind its name.
    mutating func write(_ deal: borrowing Opportunity, _ columns: [OpportunityColumn]) {
        for column in columns {
            bulk(column.rawValue)
            column.write(deal, to: &self)
        }
    }
}

/// What a list of deals can be sorted by; unknown values come last.
enum OpportunitySort: String, CaseIterable, Sendable {
    case id, title, amount, close, owner, stage, enteredStage, createdAt

    func precedes(_ left: Opportunity, _ right: Opportunity) -> Bool {
        switch self {
        case .id: left.id < right.id
        case .title: left.title.unicodeScalars.lexicographicallyPrecedes(right.title.unicodeScalars)
        case .amount: before(left.amount?.minorUnits, right.amount?.minorUnits)
        case .close: before(left.close, right.close)
        case .owner: left.owner < right.owner
        case .stage: left.stage < right.stage
        case .enteredStage: left.enteredStage < right.enteredStage
        case .createdAt: left.createdAt < right.createdAt
        }
    }

    private func before<Value: Comparable>(_ left: Value?, _ right: Value?) -> Bool {
        switch (left, right) {
        case (let left?, let right?): left < right
        case (_?, nil): true
        default: false
        }
    }
}

/// Further parts of a deal (`WITH`).
enum OpportunityPart: String, CaseIterable, Sendable {
    case feedback, tasks, history, approvals, contacts, notes, activities, fields
}

struct OpportunityFilter: Sendable {
    let owner: PersonReference?
    let unit: UnitID?
    let stage: String?
    let outcome: Outcome?
    let process: ProcessReference?
    let customer: CustomerID?
    var close: ClosedRange<Day>?

    init(
        owner: PersonReference?, unit: UnitID?, stage: String?, outcome: Outcome?,
        process: ProcessReference?, customer: CustomerID?
    ) {
        self.owner = owner
        self.unit = unit
        self.stage = stage
        self.outcome = outcome
        self.process = process
        self.customer = customer
    }
}
