import PipelineDomain

@testable import PipelineCommands

/// What the records of a company tell of the passing of time, read one by one: that nothing fires twice
/// for its key, and that whatever fires becomes one row of the right person's, or one item of their next
/// digest (N-1, N-4).
struct TimeOracle {
    private(set) var fired: Set<String> = []
    /// The last repetition that fired, by deal and close date.
    private(set) var lastOverdue: [String: Int32] = [:]
    private(set) var faults: [String] = []
    private(set) var digestCount = 0
    private(set) var lateCount = 0
    /// Records read so far.
    private var count = 0
    /// What fired last and nobody has been told of yet.
    private var untold: (name: String, kinds: Set<Notification.Kind>)?
    /// What the next digest has to tell, in order, each thing once.
    private var late: [PersonID: [LateReminder]] = [:]

    private static let ofDeals: Set<Notification.Kind> = [
        .reminderClose, .reminderOverdue, .reminderCycle, .reminderDwell, .reminderTask,
    ]
    private static let kinds = ofDeals.union([.approvalDue, .approvalEscalated])

    /// Keys fired by the records that are new.
    @discardableResult
    mutating func read(_ log: [[UInt8]]) -> Set<String> {
        var news: Set<String> = []
        // Only groups that matter here are decoded: requests, inboxes, reminders.
        for record in log[count...] where [0x06, 0x07, 0x0C].contains(record[1]) {
            guard let recorded = try? RecordCodec.decode(record, sequence: 1) else {
                faults.append("a record cannot be read")
                continue
            }
            if let (name, kinds) = firing(recorded.event) {
                settle()
                if !fired.insert(name).inserted { faults.append("\(name) fired twice") }
                news.insert(name)
                untold = kinds.isEmpty ? nil : (name, kinds)
            } else {
                hear(recorded.event)
            }
        }
        settle()
        count = log.count
        return news
    }

    /// What fired has been told to somebody by now.
    private mutating func settle() {
        if let untold { faults.append("\(untold.name) fired and was told to nobody") }
        untold = nil
    }

    /// The key of what fired, and as what it may be told.
    private mutating func firing(_ event: Event) -> (String, Set<Notification.Kind>)? {
        switch event {
        case .reminder(.deal(let deal, let key)):
            if key.rule == .overdue {
                let date = "\(deal) \(key.base)"
                lastOverdue[date] = max(lastOverdue[date] ?? 0, Int32(key.count))
            }
            let person = key.person?.description ?? ""
            return (
                "\(deal) \(key.rule.rawValue) \(key.base) \(key.count) \(key.task ?? "") \(person)",
                Self.ofDeals
            )
        case .reminder(.activity(let id)): return ("\(id)", [.reminderTask])
        case .approval(let id, .reminded): return ("\(id) remind", [.approvalDue])
        case .approval(let id, .escalated): return ("\(id) escalate", [.approvalEscalated])
        case .approval(let id, .adminsTold): return ("\(id) admins", [.approvalDue])
        default: return nil
        }
    }

    private mutating func hear(_ event: Event) {
        switch event {
        case .inbox(_, .notified(let row)) where Self.kinds.contains(row.kind): tell(row.kind)
        case .reminder(.late(let person, let item)):
            tell(item.kind)
            lateCount += 1
            if !late[person, default: []].contains(item) { late[person, default: []].append(item) }
        case .inbox(let person, .digested(let digest)):
            digestCount += 1
            if digest.items != late[person] ?? [] || digest.beyond > 0 {
                faults.append("a digest of \(person)'s does not tell what came late")
            }
            late[person] = nil
        default: break
        }
    }

    private mutating func tell(_ kind: Notification.Kind) {
        guard let untold, untold.kinds.contains(kind) else {
            faults.append("\(kind.rawValue) was told, and nothing had fired")
            return
        }
        self.untold = nil
    }
}

/// When what should fire, found day by day and half hour by half hour: zones change on half hours.
extension TimeSimulation {
    /// What should fire for the owners of open deals, of their activities and requests, and has not.
    func due() -> [String: Instant] {
        var due: [String: Instant] = [:]
        let state = company.ledger.state
        for deal in [OpportunityID(4), OpportunityID(5)].map({ state.opportunities[$0] })
        where deal.outcome == .open {
            for (key, at) in reminders(of: deal, state) where !oracle.fired.contains(key) {
                due[key] = at
            }
        }
        for id in state.approvals.ids {
            for (key, at) in deadlines(of: state.approvals[id], state)
            where !oracle.fired.contains(key) {
                due[key] = at
            }
        }
        return due
    }

    private func reminders(of deal: Opportunity, _ state: State) -> [(String, Instant)] {
        var found: [(String, Instant)] = []
        let owner = state.persons[deal.owner]
        func add(_ key: String, _ day: Int32, ahead: Bool, since: Instant) {
            let at = morning(day, ahead: ahead, owner)
            if at >= since { found.append((key, at)) }
        }
        if let close = deal.close {
            let base = close.number
            add("\(deal.id) close \(base) 0  ", base - 4, ahead: true, since: deal.closeSet.at)
            // In turn: what comes before one that fired is over, also if the clock went back.
            let next = oracle.lastOverdue["\(deal.id) \(base)"].map { $0 + 1 } ?? 0
            let before = found.count
            for count in next..<(next + 80) where found.count == before {
                add(
                    "\(deal.id) overdue \(base) \(count)  ", base + 1 + 7 * count, ahead: false,
                    since: deal.closeSet.at)
            }
        }
        let created = zones.day(in: owner.zone, at: deal.createdAt).number
        add("\(deal.id) cycle 26 0  ", created + 26, ahead: true, since: deal.createdAt)
        if deal.currentStage.key == "a", deal.tasksDone[StageItem(stage: "a", key: "t")] == nil {
            let day = zones.day(in: owner.zone, at: deal.enteredStage).number
            let key = "\(deal.id) task \(deal.enteredSequence) 0 t \(deal.owner)"
            add(key, day + 3, ahead: false, since: deal.enteredStage)
        }
        for activity in deal.activities.map({ state.activities[$0] }) where !activity.isDone {
            guard let planned = activity.at else { continue }
            let day = zones.day(in: owner.zone, at: planned).number
            let isEarly = nine(on: day, owner) > planned
            add("\(activity.id)", isEarly ? day - 1 : day, ahead: true, since: activity.createdAt)
        }
        return found
    }

    /// D-27: five, eleven and twenty-three working hours, from nine to six where the approver lives.
    private func deadlines(of approval: Approval, _ state: State) -> [(String, Instant)] {
        guard let approver = approval.current.map({ state.persons[$0] }) else { return [] }
        var rest = [(5, "remind"), (11, "escalate"), (23, "admins")]
            .map { (Int64($0) * 3_600_000, $1) }
        var found: [(String, Instant)] = []
        var worked: Int64 = 0
        var instant = approval.asked.at.milliseconds
        while let (hours, name) = rest.first {
            let next = (instant / 1_800_000 + 1) * 1_800_000
            let offset = zones.offsetSeconds(
                of: approver.zone, at: Instant(milliseconds: instant))
            let local = instant + Int64(offset) * 1000
            let hour = local % 86_400_000 / 3_600_000
            if works(Int32(local / 86_400_000)), (9..<18).contains(hour) {
                if worked + next - instant >= hours {
                    let at = Instant(milliseconds: instant + hours - worked)
                    found.append(("\(approval.id) \(name)", at))
                    rest.removeFirst()
                    continue
                }
                worked += next - instant
            }
            instant = next
        }
        return found
    }

    private func works(_ day: Int32) -> Bool {
        let calendar = company.ledger.state.keptCalendar("cn")?.definition
        let date = Day(number: day)
        if calendar?.workdays.contains(date) == true { return true }
        return !isWeekend(day) && calendar?.holidays.contains(date) != true
    }

    /// Day 0 was a Thursday.
    private func isWeekend(_ day: Int32) -> Bool { [2, 3].contains(((Int(day) % 7) + 7) % 7) }

    /// Nine o'clock of the nearest working day.
    private func morning(_ day: Int32, ahead: Bool, _ person: Person) -> Instant {
        var found = day
        while !works(found) { found += ahead ? -1 : 1 }
        return nine(on: found, person)
    }

    private func nine(on day: Int32, _ person: Person) -> Instant {
        let local = Int64(day) * 86_400_000 + 9 * 3_600_000
        var instant = local - 15 * 3_600_000
        func offset() -> Int64 {
            Int64(zones.offsetSeconds(of: person.zone, at: Instant(milliseconds: instant))) * 1_000
        }
        while instant + offset() < local {
            instant += 1_800_000
        }
        return Instant(milliseconds: instant)
    }

    /// Notes under what circumstances it fired.
    mutating func count(_ news: Set<String>, dueBefore: [String: Instant]) {
        for key in news {
            counts.note("fired")
            if key.hasPrefix("a") { counts.note("deadlines") }
            if key.hasPrefix("v") { counts.note("activities") }
            guard key.hasPrefix("o"), let at = dueBefore[key] else { continue }
            let owner = key.hasPrefix("o4") ? "ann" : "bob"
            let zone = company.ledger.state.persons[company.person(owner)].zone
            let offset = zones.offsetSeconds(of: zone, at: at)
            let local = at.milliseconds + Int64(offset) * 1000
            let day = Int32(local / 86_400_000)
            if isWeekend(day) { counts.note("on a make-up day") }
            func isHoliday(_ day: Int32) -> Bool { !works(day) && !isWeekend(day) }
            if isHoliday(day - 1) || isHoliday(day + 1) { counts.note("round a holiday") }
            if local % 86_400_000 != 9 * 3_600_000 { counts.note("nine o'clock was skipped") }
            let before = zones.offsetSeconds(
                of: zone, at: Instant(milliseconds: at.milliseconds - 7 * 86_400_000))
            if before != offset { counts.note("after the clocks were set") }
        }
        counts.all["late"] = oracle.lateCount
        counts.all["digests"] = oracle.digestCount
    }
}
