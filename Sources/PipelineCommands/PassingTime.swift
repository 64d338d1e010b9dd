public import PipelineDomain

/// What one step of passing time came to.
public struct TimePassed: Sendable {
    /// People whose inbox grew.
    public internal(set) var touchedInboxes: [PersonID] = []
    /// What subscribers of `events` channels may be told of; empty unless `Ledger.isWatched`.
    public internal(set) var changes: [LiveChange] = []
    /// More is to be done now: the same is to be called again.
    public internal(set) var hasMore = false
    /// Targets that are to be held against the time, once they have been measured: off the lock (E-1).
    public internal(set) var targets: [TargetID] = []
    /// Subjects that failed and were set aside in this step, by id (N-5).
    public internal(set) var setAside: [String] = []

    public init() {}
}

/// What the ledger knows of time to come. Not part of the state: it follows from it.
struct Schedule: Sendable {
    var dues = DueIndex()
    /// Everything, once after the start and again when what hangs together changed.
    var sweep = DueSweep()
    /// Subjects to look at again, because they changed.
    var changed: [DueSubject] = []
    /// Those that failed; one is tried again when it changes.
    var setAside: Set<DueSubject> = []
    /// How often the subject looked at last stayed due although it had been seen to.
    var stuck: (subject: DueSubject, times: Int)?
    /// What is due for a subject.
    var decide: @Sendable (State, DueSubject, Context) -> [Event] = {
        $0.passTime(of: $1, $2)
    }

    mutating func consider(_ events: [Event], _ state: State) {
        for event in events where !event.isPlainChange {
            changed += event.dueSubjects(state)
            if event.mayMoveAnyDue { sweep.restart() }
        }
    }
}

extension Ledger {
    /// Subjects that are set aside because they failed (N-5).
    public var setAsideCount: Int { schedule.setAside.count }

    /// How many due times are known.
    public var dueCount: Int { schedule.dues.count }

    /// Lets time pass up to now: what has fallen due is recorded, in nobody's name, and so is that time
    /// passed where nothing else was recorded for long (E-1). A bounded step; it is to be repeated
    /// while there is more.
    public mutating func passTime(at now: Instant, records: inout Records) -> TimePassed {
        var passed = TimePassed()
        guard state.company.isFounded else { return passed }
        state.clock = now
        let isCurrent = lookAgain()
        let context = Context(actor: .nobody, now: now, zones: zones)
        for _ in 0..<Bounds.subjectsPerStep {
            guard let next = schedule.dues.next, next.at <= now,
                records.bytes.count < Bounds.decisionBytes / 4
            else { break }
            see(to: next.subject, since: next.at, context, &records, &passed)
        }
        let isQuiet = schedule.dues.next.map { now < $0.at } ?? true
        guard isCurrent, isQuiet, passed.targets.isEmpty else {
            passed.hasMore = true
            return passed
        }
        let digests = state.digests(limit: Bounds.subjectsPerStep)
        for digest in digests {
            keep([digest], context, &records, &passed)
        }
        passed.hasMore = digests.count == Bounds.subjectsPerStep
        if mustTick(now) { keep([.company(.timePassed)], context, &records, &passed) }
        return passed
    }

    /// Records what is due of a target that `TimePassed.targets` asked for.
    public mutating func passTime(
        of measured: MeasuredTarget, at now: Instant, records: inout Records
    ) -> TimePassed {
        var passed = TimePassed()
        state.clock = now
        let context = Context(actor: .nobody, now: now, zones: zones)
        let events = state.passTime(of: measured, context)
        let isKept = events.isEmpty || keep(state.wanted(events), context, &records, &passed)
        let subject = DueSubject.target(measured.id)
        guard isKept else {
            schedule.setAside.insert(subject)
            passed.setAside.append(subject.id)
            return passed
        }
        reschedule(subject)
        return passed
    }

    /// Marks what the events may have made due at another time.
    mutating func consider(_ events: [Event]) {
        schedule.consider(events, state)
    }

    /// Works out some of the due times that may have changed; whether all are known now.
    private mutating func lookAgain() -> Bool {
        for _ in 0..<Bounds.duesPerStep {
            if let subject = schedule.changed.popLast() {
                schedule.setAside.remove(subject)
                reschedule(subject)
            } else if let subject = schedule.sweep.next(in: state) {
                if !schedule.setAside.contains(subject) { reschedule(subject) }
            } else {
                return true
            }
        }
        return schedule.changed.isEmpty && schedule.sweep.isOver
    }

    private mutating func reschedule(_ subject: DueSubject) {
        schedule.dues.schedule(subject, at: state.nextDue(of: subject, zones))
    }

    /// Records what is due for one subject. One that fails is set aside, so that it stops nothing else.
    private mutating func see(
        to subject: DueSubject, since due: Instant, _ context: Context, _ records: inout Records,
        _ passed: inout TimePassed
    ) {
        // The due time may have moved on since it was worked out.
        guard let actual = state.nextDue(of: subject, zones), actual <= context.now else {
            reschedule(subject)
            return
        }
        if case .target(let id) = subject {
            schedule.dues.schedule(subject, at: nil)
            passed.targets.append(id)
            return
        }
        let events = schedule.decide(state, subject, context)
        let isKept = !events.isEmpty && keep(state.wanted(events), context, &records, &passed)
        reschedule(subject)
        let isStuck = isStuck(subject, after: actual)
        guard !isKept || isStuck else { return }
        schedule.dues.schedule(subject, at: nil)
        schedule.setAside.insert(subject)
        passed.setAside.append(subject.id)
    }

    /// Whether the subject stays due for the same instant however often it is seen to.
    private mutating func isStuck(_ subject: DueSubject, after due: Instant) -> Bool {
        guard let next = schedule.dues.next, next.subject == subject, next.at <= due else {
            schedule.stuck = nil
            return false
        }
        let times = schedule.stuck.map { $0.subject == subject ? $0.times + 1 : 1 } ?? 1
        schedule.stuck = (subject, times)
        return times > Bounds.subjectsPerStep
    }

    /// Whether the events could be recorded.
    @discardableResult
    private mutating func keep(
        _ events: [Event], _ context: Context, _ records: inout Records,
        _ passed: inout TimePassed
    ) -> Bool {
        do throws(Refusal) {
            passed.changes += try record(
                events, by: context.actor, at: context.now, &records)
        } catch {
            return false
        }
        consider(events)
        for case .inbox(let person, let event) in events where event.isRow {
            passed.touchedInboxes.append(person)
        }
        return true
    }

    /// Reports are as at the last record: that must not lag behind the date, nor by more than an hour.
    private func mustTick(_ now: Instant) -> Bool {
        let (gap, over) = now.milliseconds.subtractingReportingOverflow(lastInstant.milliseconds)
        if over || gap >= Bounds.clockLagMilliseconds { return true }
        let zone = state.company.zone
        return zones.day(in: zone, at: lastInstant) < zones.day(in: zone, at: now)
    }
}

extension InboxEvent {
    fileprivate var isRow: Bool {
        switch self {
        case .notified, .digested: true
        case .acknowledged, .acknowledgedUpTo, .delivered: false
        }
    }
}
