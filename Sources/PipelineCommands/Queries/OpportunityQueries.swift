import PipelineDomain
import PipelineProtocol

extension Call {
    func writeOpportunity(
        _ id: OpportunityID, with parts: [OpportunityPart]
    ) throws(Rejection) {
        guard !parts.isEmpty else {
            try state.lookAt(id, for: viewer) { deal in
                reply.write(deal, seesLead: seesLead(of: deal))
            }
            return
        }
        let deal = try state.opportunity(id, for: viewer)
        guard parts.contains(where: { $0 == .history || $0 == .notes }) else {
            writeOpportunity(deal, parts, records: [])
            return
        }
        let wantsHistory = parts.contains(.history)
        let isWanted: @Sendable (Recorded) -> Bool = { wantsHistory || $0.isNote }
        later(.newest, of: deal.records, where: isWanted) { call, records in
            call.writeOpportunity(deal, parts, records: records)
        }
    }

    private func writeOpportunity(
        _ deal: Opportunity, _ parts: [OpportunityPart], records: [Recorded]
    ) {
        let parts = OpportunityPart.allCases.filter(parts.contains)
        let isFromLog = parts.contains { $0 == .history || $0 == .notes }
        write(deal, OpportunityColumn.self, more: parts.count + (isFromLog ? 1 : 0))
        for part in parts {
            reply.bulk(part.rawValue)
            write(part, of: deal, records)
        }
        guard isFromLog else { return }
        // Never cut silently (D-38): OPP.HISTORY reads all of it, step by step.
        reply.bulk("more")
        reply.boolean(
            parts.contains(.history)
                ? records.count < deal.recordCount
                : records.count < deal.notes.count)
    }

    private func write(_ part: OpportunityPart, of deal: Opportunity, _ records: [Recorded]) {
        switch part {
        case .feedback: writeFeedback(of: deal)
        case .tasks: writeTasks(of: deal)
        case .history: writeHistory(records.compactMap { HistoryRow($0) }, of: deal)
        case .approvals:
            reply.array(deal.approvals.count)
            for id in deal.approvals { write(state.approvals[id], ApprovalColumn.self) }
        case .contacts: writeContacts(of: deal)
        case .notes: writeNotes(records)
        case .activities: writeActivities(deal.activities)
        case .fields: writeFields(.opportunity, deal.custom)
        }
    }

    private func writeFeedback(of deal: Opportunity) {
        let fields = deal.definition.stages.flatMap { stage in
            stage.feedback.map {
                (stage, $0, deal.feedback[StageItem(stage: stage.key, key: $0.key)])
            }
        }
        reply.array(fields.count)
        for (stage, field, value) in fields {
            reply.map(6)
            reply.bulk("stage")
            reply.bulk(stage.key)
            reply.bulk("key")
            reply.bulk(field.key)
            reply.bulk("name")
            reply.bulk(field.name)
            reply.bulk("type")
            reply.bulk(field.type.rawValue)
            reply.bulk("required")
            reply.boolean(field.required)
            reply.bulk("value")
            reply.optional(value)
        }
    }

    private func writeTasks(of deal: Opportunity) {
        let tasks = deal.definition.stages.flatMap { stage in
            stage.tasks.map {
                (stage, $0, deal.tasksDone[StageItem(stage: stage.key, key: $0.key)])
            }
        }
        reply.array(tasks.count)
        for (stage, task, result) in tasks {
            reply.map(10)
            reply.bulk("stage")
            reply.bulk(stage.key)
            reply.bulk("key")
            reply.bulk(task.key)
            reply.bulk("name")
            reply.bulk(task.name)
            reply.bulk("required")
            reply.boolean(task.required)
            reply.bulk("role")
            reply.optional(task.role)
            reply.bulk("done")
            reply.boolean(result != nil)
            reply.bulk("by")
            reply.optional(result?.by)
            reply.bulk("at")
            reply.optional(result?.at.description)
            reply.bulk("evidence")
            reply.optional(result?.evidence)
            reply.bulk("note")
            reply.optional(result?.note)
        }
    }

    private func writeNotes(_ records: [Recorded]) {
        let notes = records.compactMap {
            record -> (Recorded, NoteID, String, NoteID?, [PersonID])? in
            guard
                case .opportunity(_, .noted(let id, let text, let replyTo, let mentions)) =
                    record.event
            else { return nil }
            return (record, id, text, replyTo, mentions)
        }
        reply.array(notes.count)
        for (record, id, text, replyTo, mentions) in notes {
            reply.map(6)
            reply.bulk("id")
            reply.bulk(id)
            reply.bulk("by")
            reply.bulk(record.actor)
            reply.bulk("at")
            reply.bulk(record.at)
            reply.bulk("text")
            reply.bulk(text)
            reply.bulk("replyto")
            reply.optional(replyTo)
            reply.bulk("mentions")
            reply.ids(mentions)
        }
    }

    /// The deal's events from a log position on, oldest first (D-17).
    func writeHistory(_ id: OpportunityID, from: UInt64, count: Int) throws(Rejection) {
        let deal = try state.opportunity(id, for: viewer)
        if from > 0 { try requireKept(from, "FROM") }
        let sequences = Array(deal.records.lazy.filter { $0 >= from }.prefix(count))
        later(.first, of: sequences) { call, records in
            call.writeHistory(records.compactMap { HistoryRow($0) }, of: deal)
        }
    }

    /// Leads go by other rights than the deals they become (D-33, D-34).
    func seesLead(of deal: borrowing Opportunity) -> Bool {
        guard let lead = deal.lead else { return false }
        return state.sees(viewer, state.leads[lead])
    }

    private func writeHistory(_ rows: [HistoryRow], of deal: Opportunity) {
        let seesLead = seesLead(of: deal)
        reply.array(rows.count)
        for row in rows {
            reply.map(10)
            reply.bulk("seq")
            reply.integer(row.sequence)
            reply.bulk("at")
            reply.bulk(row.at)
            reply.bulk("by")
            reply.optional(row.by)
            reply.bulk("type")
            reply.bulk(row.type)
            reply.bulk("field")
            reply.optional(row.field)
            reply.bulk("from")
            reply.optional(row.from)
            reply.bulk("to")
            reply.optional(row.to)
            reply.bulk("approval")
            reply.optional(row.approval)
            reply.bulk("note")
            reply.optional(row.note)
            reply.bulk("details")
            let details = row.details.filter { seesLead || $0.name != HistoryRow.leadDetail }
            reply.map(details.count)
            for detail in details {
                reply.bulk(detail.name)
                reply.bulk(detail.value)
            }
        }
    }

    func writeGuide(_ id: OpportunityID) throws(Rejection) {
        let deal = try state.opportunity(id, for: viewer)
        let guide = state.guide(deal, now: now)
        reply.map(10)
        reply.bulk("id")
        reply.bulk(deal.id)
        reply.bulk("stage")
        reply.bulk(guide.stage.key)
        reply.bulk("guidance")
        reply.bulk(guide.stage.guidance)
        reply.bulk("missing")
        reply.array(guide.missing.count)
        for item in guide.missing { writeItem(item.kind, item.key, item.name) }
        reply.bulk("next")
        reply.array(guide.next.count)
        for item in guide.next { writeItem(item.kind, item.key, item.name) }
        reply.bulk("dwellDays")
        reply.integer(guide.dwellDays)
        reply.bulk("maxDwellDays")
        if let days = guide.stage.maxDwellDays { reply.integer(days) } else { reply.null() }
        reply.bulk("winRate")
        reply.bulk(guide.stage.winRate.percent)
        reply.bulk("realised")
        reply.optional(guide.realised?.percent)
        reply.bulk("advice")
        reply.bulk(Messages.advice(guide.advice, in: person.language))
    }

    private func writeItem(_ kind: String, _ key: String, _ name: String) {
        reply.map(3)
        reply.bulk("kind")
        reply.bulk(kind)
        reply.bulk("key")
        reply.bulk(key)
        reply.bulk("name")
        reply.bulk(name)
    }
}

extension Recorded {
    fileprivate var isNote: Bool {
        if case .opportunity(_, .noted) = event { return true }
        return false
    }
}

extension ReplyWriter {
    /// A boolean as such (P-2), all else as text.
    mutating func optional(_ value: FeedbackValue?) {
        if case .boolean(let flag) = value { boolean(flag) } else { optional(value?.plain) }
    }
}

extension FeedbackValue {
    /// As text: money as a decimal in the deal's currency, booleans as yes and no.
    var plain: String {
        switch self {
        case .text(let text), .number(let text), .choice(let text): text
        case .money(let money): money.decimal
        case .date(let day): day.description
        case .boolean(let value): value ? "yes" : "no"
        case .person(let id): id.description
        case .contact(let id): id.description
        }
    }
}
