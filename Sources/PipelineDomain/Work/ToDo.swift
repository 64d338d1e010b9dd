/// One thing that waits for a person (D-6, D-41).
public struct ToDo: Hashable, Sendable {
    public enum Item: Hashable, Sendable {
        case task(OpportunityID, StageTask)
        case activity(ActivityID)
        case approval(ApprovalID)
    }

    public let item: Item
    /// Calendar date where the person lives; `nil`: at no certain time.
    public let due: Day?
    /// The planned time of an activity.
    public let at: Instant?
}

extension State {
    /// What waits for the person, as far as the viewer may see it: first what is due first, then what has
    /// no date. With a period, only what is due in it, both ends included.
    public func toDo(
        of person: PersonID, for viewer: PersonID, due period: ClosedRange<Day>?,
        _ zones: any ZoneRules
    ) -> [ToDo] {
        let all =
            openTasks(of: person, for: viewer, zones)
            + plannedActivities(of: person, for: viewer, zones)
            + waitingApprovals(for: person, viewer)
        let wanted = all.filter { row in
            guard let period else { return true }
            return row.due.map(period.contains) ?? false
        }
        // Stable: what is due at the same time stays in the order of kinds and ids.
        return wanted.enumerated().sorted { left, right in
            let first = left.element.order
            let second = right.element.order
            return first == second ? left.offset < right.offset : first < second
        }.map(\.element)
    }

    /// Refuses a look at the list of somebody who is neither oneself nor below (D-33).
    public func requireSeesToDo(of person: PersonID, _ viewer: PersonID) throws(Rejection) {
        guard person == viewer || seesEverything(viewer) || isAbove(viewer, person) else {
            throw .notPermitted(
                action: "see what \(person) has to do", who: "\(person) or somebody above")
        }
    }

    /// Who does a task of the deal: whoever fills its role on the team, else the owner (D-6).
    func doers(of task: StageTask, on deal: Opportunity) -> [PersonID] {
        let members = deal.team.filter { $0.role == task.role }.map(\.person)
        return members.isEmpty ? [deal.owner] : members
    }

    /// Deals on which tasks may fall to the person, ascending.
    private func dealsWorked(by person: PersonID) -> OrderedIDs<OpportunityKind> {
        var deals = persons[person].opportunities
        for deal in persons[person].teams { deals.insert(deal) }
        return deals
    }

    private func openTasks(
        of person: PersonID, for viewer: PersonID, _ zones: any ZoneRules
    ) -> [ToDo] {
        var rows: [ToDo] = []
        for id in dealsWorked(by: person) {
            let deal = opportunities[id]
            guard deal.outcome == .open, sees(viewer, deal) else { continue }
            let stage = deal.currentStage
            for task in stage.tasks
            where deal.tasksDone[StageItem(stage: stage.key, key: task.key)] == nil
                && doers(of: task, on: deal).contains(person)
            {
                rows.append(
                    ToDo(
                        item: .task(id, task), due: due(of: task, on: deal, zones), at: nil))
            }
        }
        return rows
    }

    /// So many days after the date on which the deal entered its stage, in the owner's zone (D-37).
    func due(of task: StageTask, on deal: Opportunity, _ zones: any ZoneRules) -> Day? {
        guard let days = task.dueDays else { return nil }
        let entered = zones.day(in: persons[deal.owner].zone, at: deal.enteredStage)
        return Day(number: Int32(clamping: Int64(entered.number) + Int64(clamping: days)))
    }

    /// Those on closed deals and ended leads wait for nobody.
    private func plannedActivities(
        of person: PersonID, for viewer: PersonID, _ zones: any ZoneRules
    ) -> [ToDo] {
        persons[person].plannedActivities.compactMap { id in
            let activity = activities[id]
            let isOpen =
                switch activity.target {
                case .opportunity(let deal): opportunities[deal].outcome == .open
                case .lead(let lead): leads[lead].status == .open
                }
            guard isOpen, sees(viewer, activity) else { return nil }
            let zone = persons[person].zone
            return ToDo(
                item: .activity(id), due: activity.at.map { zones.day(in: zone, at: $0) },
                at: activity.at)
        }
    }

    private func waitingApprovals(for person: PersonID, _ viewer: PersonID) -> [ToDo] {
        Set(requests(for: person)).sorted().compactMap { id in
            guard isTurn(of: person, approvals[id]), seesDeal(of: approvals[id], viewer) else {
                return nil
            }
            return ToDo(item: .approval(id), due: nil, at: nil)
        }
    }
}

extension ToDo {
    /// By date, what has none last; on one date by time, what has none first.
    fileprivate var order: (Int64, Int64) {
        (due.map { Int64($0.number) } ?? .max, at?.milliseconds ?? .min)
    }
}
