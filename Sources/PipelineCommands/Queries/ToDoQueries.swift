import PipelineDomain
import PipelineProtocol

extension Call {
    func writeToDo(
        of owner: PersonReference, due: ClosedRange<Day>?, _ listing: Listing<ToDoColumn>
    ) throws(Rejection) {
        let owner = try state.person(owner).id
        try state.requireSeesToDo(of: owner, viewer)
        let today = zones.day(in: state.persons[owner].zone, at: now)
        let rows = state.toDo(of: owner, for: viewer, due: due, zones)
        writeList(rows.map { ToDoRow(row: $0, today: today) }, listing)
    }
}

/// Something to do, and what day it is where the one lives who is to do it.
struct ToDoRow {
    let row: ToDo
    let today: Day
}

/// `kind` is `task`, `activity` or `approval`; `key` the task's, or the kind of the activity.
enum ToDoColumn: String, NodeColumn {
    typealias Row = ToDoRow
    case kind, key, name, title, opportunity, stage, lead, activity, approval, due, at, overdue

    func value(of todo: ToDoRow, in call: Call) -> Node {
        let (state, item) = (call.state, todo.row.item)
        let (deal, lead) = subject(of: item, state)
        switch (self, item) {
        case (.kind, .task): return .text("task")
        case (.kind, .activity): return .text("activity")
        case (.kind, .approval): return .text("approval")
        case (.key, .task(_, let task)): return .text(task.key)
        case (.key, .activity(let id)): return .text(state.activities[id].kind)
        case (.name, .task(_, let task)): return .text(task.name)
        case (.name, .activity(let id)): return .optional(state.activities[id].note)
        case (.name, .approval(let id)): return .optional(state.approvals[id].note)
        case (.title, _):
            return .optional(
                deal.map { state.opportunities[$0].title } ?? lead.map { state.leads[$0].name })
        case (.opportunity, _): return .optional(deal)
        case (.stage, _): return .optional(deal.map { state.opportunities[$0].currentStage.key })
        case (.lead, _): return .optional(lead)
        case (.activity, .activity(let id)): return .id(id)
        case (.approval, .approval(let id)): return .id(id)
        case (.due, _): return .optional(todo.row.due?.description)
        case (.at, _): return .optional(todo.row.at)
        case (.overdue, _): return .boolean(todo.row.due.map { $0 < todo.today } ?? false)
        case (.key, .approval), (.activity, _), (.approval, _): return .null
        }
    }

    private func subject(
        of item: ToDo.Item, _ state: State
    ) -> (deal: OpportunityID?, lead: LeadID?) {
        switch item {
        case .task(let id, _): (id, nil)
        case .approval(let id): (state.approvals[id].opportunity, nil)
        case .activity(let id):
            switch state.activities[id].target {
            case .opportunity(let id): (id, nil)
            case .lead(let id): (nil, id)
            }
        }
    }
}
