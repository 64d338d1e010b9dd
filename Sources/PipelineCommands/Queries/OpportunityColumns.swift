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
            return (column, names.count)
        }
        return (columns, names.bytes)
    }()

    /// - Parameter seesLead: Whether the viewer sees the lead that the deal came from (D-34).
    func write(_ deal: borrowing Opportunity, seesLead: Bool, to reply: inout ReplyWriter) {
        switch self {
        case .id: reply.bulk(deal.id)
        case .title: reply.bulk(deal.title)
        case .customer: reply.bulk(deal.customer)
        case .amount: reply.optional(deal.amount)
        case .currency: reply.bulk(deal.currency)
        case .close: reply.optional(deal.close)
        case .owner: reply.bulk(deal.owner)
        case .unit: reply.bulk(deal.unit)
        case .process: reply.bulk(deal.version.key)
        case .version: reply.integer(deal.version.number)
        case .stage: reply.bulk(deal.version.definition.stages[deal.stage].key)
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
        case .lead: reply.optional(seesLead ? deal.lead : nil)
        case .feasibility: reply.bulk(deal[.feasibility] ?? "unknown")
        case .cost: reply.optional(deal.cost)
        case .roi: reply.optional(deal.roi)
        case .competitors: reply.texts(deal.competitors)
        case .rate: reply.optional(deal.closing?.rate?.decimal)
        }
    }
}

extension ReplyWriter {
    /// All of the deal's fields, each behind its name.
    mutating func write(_ deal: borrowing Opportunity, seesLead: Bool) {
        let (columns, names) = OpportunityColumn.named
        map(columns.count)
        names.withUnsafeBufferPointer { names in
            var start = 0
            for (column, end) in columns {
                raw(UnsafeBufferPointer(rebasing: names[start..<end]))
                column.write(deal, seesLead: seesLead, to: &self)
                start = end
            }
        }
    }

    /// Some of the deal's fields, each behind its name.
    mutating func write(
        _ deal: borrowing Opportunity, _ columns: [OpportunityColumn], seesLead: Bool
    ) {
        for column in columns {
            bulk(column.rawValue)
            column.write(deal, seesLead: seesLead, to: &self)
        }
    }
}

/// What a list of deals can be sorted by; unknown values come last.
enum OpportunitySort: String, CaseIterable, Sendable {
    case id, title, amount, close, owner, stage, enteredStage, createdAt

    func key(_ deal: Opportunity, _ state: State, today: Day) -> OpportunitySortKey {
        switch self {
        case .id: .init(.number(Int64(deal.id.number)))
        case .title: .init(.text(deal.title))
        case .amount: .init(state.worth(of: deal, on: today))
        case .close: .init(deal.close.map { .number(Int64($0.number)) })
        case .owner: .init(.number(Int64(deal.owner.number)))
        case .stage: .init(.number(Int64(deal.stage)))
        case .enteredStage: .init(.number(deal.enteredStage.milliseconds))
        case .createdAt: .init(.number(deal.createdAt.milliseconds))
        }
    }
}

/// Where a deal stands in a sorted list. What has no value comes last whichever way the list is
/// sorted, and before that, by currency, the amounts that cannot be converted.
struct OpportunitySortKey {
    enum Value: Comparable {
        /// By code point: texts are in NFC (D-38).
        case text(String)
        case number(Int64)
        case worth(Worth)
    }

    private let value: Value?
    /// Empty; a currency without a rate; or behind all of those.
    private let group: String

    init(_ value: Value?) {
        self.value = value
        group = value == nil ? "~" : ""
    }

    init(_ worth: Worth?) {
        value = worth.map(Value.worth)
        group = worth.map { $0.unconverted?.code ?? "" } ?? "~"
    }

    /// `nil` where both stand in the same place.
    func precedes(_ other: Self, isDescending: Bool) -> Bool? {
        if group != other.group { return group < other.group }
        guard let value, let second = other.value, value != second else { return nil }
        return isDescending ? value > second : value < second
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
