import PipelineDomain
import PipelineProtocol

extension Call {
    func writeToDo(
        of owner: PersonReference, due: (Day, Day)?, page: Page
    ) throws(Rejection) {
        let owner = try state.person(owner).id
        try state.requireSeesToDo(of: owner, viewer)
        var days: ClosedRange<Day>?
        if let due { days = try CommandTable.period(due.0, due.1, "DUE") }
        let all = state.toDo(of: owner, for: viewer, due: days, zones)
        let today = zones.day(in: state.persons[owner].zone, at: now)
        let rows = all.dropFirst(page.offset).prefix(page.count)
        reply.array(rows.count)
        for row in rows { write(row, today: today) }
    }

    /// `kind` is `task`, `activity` or `approval`; `key` the task's, or the kind of the activity.
    private func write(_ row: ToDo, today: Day) {
        var kind = "task"
        var key: String?
        var name: String?
        var deal: OpportunityID?
        var lead: LeadID?
        var activity: ActivityID?
        var approval: ApprovalID?
        switch row.item {
        case .task(let id, let task):
            (deal, key, name) = (id, task.key, task.name)
        case .activity(let id):
            (kind, activity) = ("activity", id)
            (key, name) = (state.activities[id].kind, state.activities[id].note)
            switch state.activities[id].target {
            case .opportunity(let id): deal = id
            case .lead(let id): lead = id
            }
        case .approval(let id):
            (kind, approval, deal) = ("approval", id, state.approvals[id].opportunity)
            name = state.approvals[id].note
        }
        reply.map(12)
        reply.bulk("kind")
        reply.bulk(kind)
        reply.bulk("key")
        reply.optional(key)
        reply.bulk("name")
        reply.optional(name)
        reply.bulk("title")
        reply.optional(
            deal.map { state.opportunities[$0].title } ?? lead.map { state.leads[$0].name })
        reply.bulk("opportunity")
        reply.optional(deal)
        reply.bulk("stage")
        reply.optional(deal.map { state.opportunities[$0].currentStage.key })
        reply.bulk("lead")
        reply.optional(lead)
        reply.bulk("activity")
        reply.optional(activity)
        reply.bulk("approval")
        reply.optional(approval)
        reply.bulk("due")
        reply.optional(row.due?.description)
        reply.bulk("at")
        reply.optional(row.at?.description)
        reply.bulk("overdue")
        reply.boolean(row.due.map { $0 < today } ?? false)
    }
}
