/// One reminder that has not fired yet.
struct Reminder {
    let key: ReminderKey
    /// When it fires: the set hour of a working day where the person lives (N-6).
    let at: Instant
    let person: PersonID
    /// The name of the task, or of the stage that the deal is in for too long.
    var note: String?
}

extension State {
    /// What the deal will remind of as things stand: of each rule the next one. A moment that lay in
    /// the past when the date was set never falls due.
    func reminders(of deal: Opportunity, _ zones: any ZoneRules) -> [Reminder] {
        guard deal.outcome == .open else { return [] }
        let plan = ReminderPlan(state: self, deal: deal, zones: zones)
        return plan.ofClose() + plan.ofCycle() + plan.ofDwell() + plan.ofTasks()
    }

    /// The set hour of the day, or of the working day nearest to it in the direction asked for,
    /// where the person lives (N-6).
    func reminderTime(
        on day: Day, ahead: Bool, for person: PersonID, _ zones: any ZoneRules
    ) -> Instant {
        let calendar = calendar(of: persons[person].unit)
        let working =
            ahead ? calendar.workingDay(onOrBefore: day) : calendar.workingDay(onOrAfter: day)
        return zones.instant(
            of: working ?? day, hour: Bounds.morningHour, in: persons[person].zone)
    }
}

/// The reminders of one open deal.
private struct ReminderPlan {
    let state: State
    let deal: Opportunity
    let fired: [ReminderKey]
    let zones: any ZoneRules

    init(state: State, deal: Opportunity, zones: any ZoneRules) {
        self.state = state
        self.deal = deal
        fired = deal.reminders
        self.zones = zones
    }

    private var owner: PersonID { deal.owner }
    private var ownerZone: String { state.persons[deal.owner].zone }

    private func day(_ instant: Instant) -> Day { zones.day(in: ownerZone, at: instant) }

    /// Nothing, if it fired already, lies before `since`, or is out of any calendar.
    private func reminder(
        _ key: ReminderKey, on day: Day, ahead: Bool = false, for person: PersonID?,
        since: Instant, note: String? = nil
    ) -> Reminder? {
        guard let person, (-1_000_000...3_000_000).contains(day.number),
            !fired.contains(key)
        else { return nil }
        let at = state.reminderTime(on: day, ahead: ahead, for: person, zones)
        return at < since ? nil : Reminder(key: key, at: at, person: person, note: note)
    }

    func ofClose() -> [Reminder] {
        guard let close = deal.close else { return [] }
        let base = Int64(close.number)
        let ahead = deal.definition.remindDaysBefore.flatMap {
            reminder(
                ReminderKey(rule: .close, base: base), on: close.back($0), ahead: true,
                for: owner, since: deal.closeSet.at)
        }
        return [
            ahead, overdue(.overdue, close, from: 0, for: owner),
            // From the second one on (N-4).
            overdue(.overdueEscalated, close, from: 1, for: state.superior(of: owner)),
        ].compactMap(\.self)
    }

    /// The day after, and every seventh day from there.
    private func overdue(
        _ rule: ReminderRule, _ close: Day, from first: Int, for person: PersonID?
    ) -> Reminder? {
        let base = Int64(close.number)
        let passed = Int(day(deal.closeSet.at).number) - Int(close.number) - 1
        // Weekends and holidays may put off what fell due a little before.
        let next = max(first, deal.next(rule, base: base), passed / 7 - 4)
        for count in next...(next + 8) {
            let day = close.advanced(by: Int32(clamping: 1 + 7 * count))
            let key = ReminderKey(rule: rule, base: base, count: count)
            if let found = reminder(key, on: day, for: person, since: deal.closeSet.at) {
                return found
            }
        }
        return nil
    }

    /// So many days after entering the first stage, which is when the deal was created (D-4, D-9).
    func ofCycle() -> [Reminder] {
        guard let cycle = deal.definition.cycleDays else { return [] }
        let days = cycle - min(cycle, deal.definition.remindDaysBefore ?? 0)
        let due = day(deal.createdAt).on(days)
        return [
            reminder(
                ReminderKey(rule: .cycle, base: Int64(days)), on: due, ahead: true, for: owner,
                since: deal.createdAt),
            reminder(
                ReminderKey(rule: .cycleEscalated, base: Int64(days)),
                on: due.on(Bounds.escalationDays), for: state.superior(of: owner),
                since: deal.createdAt),
        ].compactMap(\.self)
    }

    /// Once it has been here for more than the days allowed, the time that it was closed left out
    /// (D-15).
    func ofDwell() -> [Reminder] {
        guard let days = deal.currentStage.maxDwellDays, days < 1_000_000 else { return [] }
        let base = deal.stay
        let limit = Instant(
            milliseconds: deal.enteredStage.milliseconds &+ deal.closedMilliseconds
                &+ Int64(days) &* Instant.dayMilliseconds)
        var due = day(limit)
        if zones.instant(of: due, hour: Bounds.morningHour, in: ownerZone) <= limit {
            due = due.on(1)
        }
        return [
            reminder(
                ReminderKey(rule: .dwell, base: base), on: due, for: owner,
                since: deal.enteredStage, note: deal.currentStage.name),
            reminder(
                ReminderKey(rule: .dwellEscalated, base: base),
                on: due.on(Bounds.escalationDays), for: state.superior(of: owner),
                since: deal.enteredStage, note: deal.currentStage.name),
        ].compactMap(\.self)
    }

    /// To each of those who have to do it (D-6).
    func ofTasks() -> [Reminder] {
        let stage = deal.currentStage
        let base = deal.stay
        var found: [Reminder] = []
        for task in stage.tasks
        where deal.tasksDone[StageItem(stage: stage.key, key: task.key)] == nil {
            guard let due = state.due(of: task, on: deal, zones) else { continue }
            for doer in state.doers(of: task, on: deal) {
                let key = ReminderKey(rule: .task, base: base, task: task.key, person: doer)
                let next = reminder(
                    key, on: due, for: doer, since: deal.enteredStage, note: task.name)
                if let next { found.append(next) }
            }
            let key = ReminderKey(rule: .taskEscalated, base: base, task: task.key)
            let escalated = reminder(
                key, on: due.on(Bounds.escalationDays), for: state.superior(of: owner),
                since: deal.enteredStage, note: task.name)
            if let escalated { found.append(escalated) }
        }
        return found
    }
}

extension Day {
    fileprivate func on(_ days: Int) -> Day { advanced(by: Int32(clamping: days)) }
    fileprivate func back(_ days: Int) -> Day { advanced(by: -Int32(clamping: max(0, days))) }
}
