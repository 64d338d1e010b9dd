import PipelineDomain
import PipelineProtocol

extension Call {
    func writePreferences() {
        let kinds = Notification.Kind.allCases
        reply.array(kinds.count)
        for kind in kinds {
            reply.map(3)
            reply.bulk("kind")
            reply.bulk(kind.rawValue)
            reply.bulk("on")
            reply.boolean(!person.muted.contains(kind))
            reply.bulk("fixed")
            reply.boolean(!kind.mayBeTurnedOff)
        }
    }

    /// Records in the order of the log: those from a position on, else the newest (D-17).
    func writeAudit(from: UInt64?, count: Int, cursor: UInt64?) throws(Rejection) {
        guard person.role == .admin else {
            throw .notPermitted(action: "read the audit", who: "an admin")
        }
        guard from == nil || cursor == nil else {
            throw .invalid([.init("CURSOR", "goes on from where it was; leave FROM out")])
        }
        let wanted = UInt64(count)
        let begin = cursor.map { $0 < .max ? $0 + 1 : $0 } ?? from
        let first = max(1, begin ?? (sequence >= wanted ? sequence - wanted + 1 : 1))
        guard first <= sequence else {
            if cursor != nil { writeCursor(nil) }
            reply.array(0)
            return
        }
        let last = min(sequence, first + (wanted - 1))
        later(begin == nil ? .newest : .first, of: Array(first...last)) { call, records in
            if cursor != nil {
                let reached = records.last?.sequence ?? last
                call.writeCursor(reached < call.sequence ? reached : nil)
            }
            call.reply.array(records.count)
            for record in records { call.writeAudit(AuditRow(record)) }
        }
    }

    private func writeAudit(_ row: AuditRow) {
        reply.map(6)
        reply.bulk("seq")
        reply.integer(row.sequence)
        reply.bulk("at")
        reply.bulk(row.at)
        reply.bulk("by")
        reply.optional(row.by)
        reply.bulk("type")
        reply.bulk(row.type)
        reply.bulk("id")
        reply.optional(row.id)
        reply.bulk("details")
        reply.map(row.details.count)
        for detail in row.details {
            reply.bulk(detail.name)
            reply.bulk(detail.value)
        }
    }
}
