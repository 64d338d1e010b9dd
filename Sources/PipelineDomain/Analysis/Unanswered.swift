/// Records of reps that no manager has answered (D-41).
public struct UnansweredReport: Sendable {
    public struct Row: Sendable {
        public let note: NoteID
        public let opportunity: OpportunityID
        public let title: String
        public let author: PersonID
        public let at: Instant
        /// Whole days, cut.
        public let waitingDays: Int
    }

    public let total: Int
    /// Oldest first; at most `Bounds.listMost`.
    public let rows: [Row]
    public let groups: [(key: GroupKey, count: Int)]
    public let isComplete: Bool
}

extension ReportBasis {
    /// D-41: notes written in the period on the deals of the scope that the viewer sees, whose author does
    /// not stand above the deal's owner and that nobody above the author has answered.
    public func unanswered(
        _ scope: Scope, by grouping: Grouping? = nil
    ) throws(Rejection) -> UnansweredReport {
        let resolved = try resolve(scope)
        let covered = deals(of: resolved, scope, by: .stageEntry)
        let period = scope.period.map(instants)
        var managers: [Pair: Bool] = [:]
        func isAbove(_ upper: PersonID, _ lower: PersonID) -> Bool {
            let pair = Pair(upper: upper, lower: lower)
            if let known = managers[pair] { return known }
            let above = past.isAbove(upper, lower)
            managers[pair] = above
            return above
        }
        var rows: [UnansweredReport.Row] = []
        var groups: [GroupKey: Int] = [:]
        var isComplete = covered.isComplete
        for id in pausing(covered.ids) where past.opportunities.lend(id, { $0.row.hasNotes }) {
            // A closed deal that stayed with the unit is counted there, but not told of (D-34).
            let isSeen = present.sees(viewer, present.opportunities[id])
            let deal = past.opportunities[id]
            for note in deal.notes {
                let row = past.notes[note]
                guard period?.contains(row.at) ?? true, !isAbove(row.author, deal.owner),
                    !deal.notes.contains(where: {
                        past.notes[$0].replyTo == note && isAbove(past.notes[$0].author, row.author)
                    })
                else { continue }
                guard isSeen else {
                    isComplete = false
                    continue
                }
                if let grouping {
                    groups[past.groupKey(of: deal, grouping, day: day(of: row.at)), default: 0] += 1
                }
                rows.append(
                    UnansweredReport.Row(
                        note: note, opportunity: id, title: deal.title, author: row.author,
                        at: row.at, waitingDays: at.wholeDays(since: row.at)))
            }
        }
        rows.sort { ($0.at, $0.note) < ($1.at, $1.note) }
        return UnansweredReport(
            total: rows.count, rows: Array(rows.prefix(Bounds.listMost)),
            groups: groups.sorted { $0.key < $1.key }.map { ($0.key, $0.value) },
            isComplete: isComplete)
    }

    private struct Pair: Hashable {
        let upper: PersonID
        let lower: PersonID
    }
}
