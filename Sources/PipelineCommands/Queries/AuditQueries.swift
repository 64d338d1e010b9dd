import PipelineDomain
import PipelineProtocol

extension Call {
    func writePreferences(_ listing: Listing<PreferenceColumn>) {
        writeList(Notification.Kind.allCases, listing)
    }

    /// Records in the order of the log: those from a position on, else the newest (D-17).
    func writeAudit(from: UInt64?, _ listing: Listing<AuditColumn>) throws(Rejection) {
        guard person.role == .admin else {
            throw .notPermitted(action: "read the audit", who: "an admin")
        }
        let page = listing.page
        guard from == nil || page.cursor == nil else {
            throw .invalid([.init("CURSOR", "goes on from where it was; leave FROM out")])
        }
        try requireKept(from, "FROM")
        guard listing.sort.map({ $0.field == .seq }) ?? true else {
            throw .invalid([.init("SORTBY", "the audit goes by seq; say ASC or DESC")])
        }
        // LIMIT counts from the beginning of the log, or from FROM on.
        let begin =
            if let cursor = page.cursor { cursor < .max ? cursor + 1 : cursor } else {
                page.isLimited ? (from ?? 1) + UInt64(page.offset) : from
            }
        let wanted = UInt64(page.count)
        let first = max(1, begin ?? (sequence >= wanted ? sequence - wanted + 1 : 1))
        guard first <= sequence, wanted > 0 else {
            if page.cursor != nil { writeCursor(nil) }
            reply.array(0)
            return
        }
        let last = min(sequence, first + (wanted - 1))
        later(begin == nil ? .newest : .first, of: Array(first...last)) { call, records in
            if page.cursor != nil {
                let reached = records.last?.sequence ?? last
                call.writeCursor(reached < call.sequence ? reached : nil)
            }
            call.reply.array(records.count)
            let isDescending = listing.sort?.isDescending == true
            for record in isDescending ? records.reversed() : records {
                call.write(AuditRow(record), listing)
            }
        }
    }
}

enum AuditColumn: String, NodeColumn {
    typealias Row = AuditRow
    case seq, at, by, type, id, details

    func value(of row: AuditRow, in call: Call) -> Node {
        switch self {
        case .seq: .count(row.sequence)
        case .at: .instant(row.at)
        case .by: .optional(row.by)
        case .type: .text(row.type)
        case .id: .optional(row.id)
        case .details: .map(row.details.map { ($0.name, .text($0.value)) })
        }
    }
}

enum PreferenceColumn: String, NodeColumn {
    typealias Row = Notification.Kind
    case kind, on, fixed

    func value(of kind: Notification.Kind, in call: Call) -> Node {
        switch self {
        case .kind: .text(kind.rawValue)
        case .on: .boolean(!call.person.muted.contains(kind))
        case .fixed: .boolean(!kind.mayBeTurnedOff)
        }
    }
}
