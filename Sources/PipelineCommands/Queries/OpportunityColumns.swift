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
        case .title: reply.text(.title, of: deal)
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
        case .source: reply.text(.source, of: deal)
        case .industry: reply.text(.industry, of: deal)
        case .product: reply.text(.product, of: deal)
        case .region: reply.text(.region, of: deal)
        case .channel: reply.text(.channel, of: deal)
        case .extid: reply.text(.externalID, of: deal)
        case .team: reply.texts(deal.team.map(\.plain))
        case .tags: reply.texts(deal.tags)
        case .closedAt: reply.optional(deal.closedAt?.description)
        case .reason: reply.optional(deal.closing.flatMap { $0.reason.isEmpty ? nil : $0.reason })
        case .competitor: reply.text(.competitor, of: deal)
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
    /// A text as its bytes lie in the deal: no `String` is made of it.
    fileprivate mutating func text(_ text: DealText, of deal: borrowing Opportunity) {
        deal.withUTF8(text) { if let utf8 = $0 { bulk(utf8) } else { null() } }
    }

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
}

extension OpportunityColumn: ListColumn {
    typealias Row = Opportunity

    func write(_ deal: Opportunity, in call: Call) {
        write(deal, seesLead: self == .lead && call.seesLead(of: deal), to: &call.reply)
    }

    static func writeWhole(_ deal: Opportunity, in call: Call) {
        call.reply.write(deal, seesLead: call.seesLead(of: deal))
    }

    /// Stages go by their place in the process, amounts by what they are worth (D-36).
    func order(of deal: Opportunity, in call: Call) -> SortKey {
        switch self {
        case .id: SortKey(deal.id)
        case .title: SortKey(text: deal.title)
        case .customer: SortKey(deal.customer)
        case .amount: SortKey(call.state.worth(of: deal, on: call.today))
        case .currency: SortKey(text: deal.currency.code)
        case .close: SortKey(number: deal.close?.number)
        case .owner: SortKey(deal.owner)
        case .unit: SortKey(deal.unit)
        case .process: SortKey(text: deal.version.key)
        case .version: SortKey(number: deal.version.number)
        case .stage: SortKey(number: deal.stage)
        case .outcome: SortKey(text: deal.outcome.rawValue)
        case .pending: SortKey(deal.pending)
        case .enteredStage: SortKey(deal.enteredStage)
        case .createdAt: SortKey(deal.createdAt)
        case .rev: SortKey(number: deal.revision.number)
        case .source: SortKey(text: deal[.source])
        case .industry: SortKey(text: deal[.industry])
        case .product: SortKey(text: deal[.product])
        case .region: SortKey(text: deal[.region])
        case .channel: SortKey(text: deal[.channel])
        case .extid: SortKey(text: deal[.externalID])
        case .team: SortKey(deal.team.first?.person)
        case .tags: SortKey(text: deal.tags.first)
        case .closedAt: SortKey(deal.closedAt)
        case .reason:
            SortKey(text: deal.closing.flatMap { $0.reason.isEmpty ? nil : $0.reason })
        case .competitor: SortKey(text: deal.closing?.competitor)
        case .lead: SortKey(call.seesLead(of: deal) ? deal.lead : nil)
        case .rate: SortKey(number: deal.closing?.rate?.scaled)
        case .feasibility: SortKey(text: deal[.feasibility] ?? "unknown")
        case .cost: SortKey(deal.cost.map { call.state.worth(of: $0, on: call.today) })
        case .roi: SortKey(number: deal.roiInHundredths)
        case .competitors: SortKey(text: deal.competitors.first)
        }
    }
}

/// Further parts of a deal (`WITH`).
enum OpportunityPart: String, CaseIterable, Sendable {
    case feedback, tasks, history, approvals, contacts, notes, activities, fields
}

/// Which deals a list is to show.
struct OpportunityFilter: Sendable {
    var owner: PersonReference?
    var unit: UnitID?
    var stage: String?
    var outcome: Outcome?
    var process: ProcessReference?
    var customer: CustomerID?
    var close: ClosedRange<Day>?
    /// An empty text stands for deals that have none.
    var fields = DealFields()
    var tag: String?
}
