import Testing

@testable import PipelineDomain

/// A company under test: what was given, the one thing that is done, and what must come of it.
///
/// Whatever is accepted is recorded and applied twice, to the live state and to a second one that
/// knows the records alone; both must agree in every field after every step, and once more when the
/// whole log is replayed at the end (W-1).
final class Scenario {
    private(set) var state = State()
    private(set) var log: [Recorded] = []
    /// When the next thing happens.
    var now: Instant
    private var replica = State()
    /// What no event can bring about yet, by its place in the log.
    private var interventions: [(after: Int, change: (inout State) -> Void)] = []
    private let location: SourceLocation

    /// 2026-11-22T02:17:21.123Z
    static let start = Instant(milliseconds: 1_795_313_841_123)

    init(at start: Instant = Scenario.start, location: SourceLocation = #_sourceLocation) {
        now = start
        self.location = location
    }

    deinit {
        var replayed = State()
        var upcoming = interventions[...]
        for (index, recorded) in log.enumerated() {
            while let next = upcoming.first, next.after == index {
                next.change(&replayed)
                upcoming.removeFirst()
            }
            replayed.evolve(recorded)
        }
        for rest in upcoming { rest.change(&replayed) }
        Self.compare(state, replayed, "the whole log replayed", location)
    }

    // MARK: Given

    /// Facts as they are, whoever brought them about.
    func given(_ events: [Event], by actor: PersonID, location: SourceLocation = #_sourceLocation) {
        apply(events, by: actor, location)
    }

    /// Something that was done before; it must be accepted.
    @discardableResult
    func given(
        _ who: String, _ intent: some Intent, location: SourceLocation = #_sourceLocation
    ) throws -> Decision {
        do {
            let decision = try decide(who, intent)
            apply(decision.events, by: person(who), location)
            return decision
        } catch {
            Issue.record("\(who) was refused: \(error)", sourceLocation: location)
            throw error
        }
    }

    /// Changes the state where no event does so yet, such as deactivating somebody.
    func intervene(_ change: @escaping (inout State) -> Void) {
        interventions.append((log.count, change))
        change(&state)
        change(&replica)
    }

    func pass(days: Int = 0, hours: Int = 0) {
        now = Instant(
            milliseconds: now.milliseconds + Int64(days * 24 + hours) * 60 * 60 * 1000)
    }

    // MARK: When and then

    /// Accepted, with exactly these events.
    func expect(
        _ who: String, _ intent: some Intent, gives events: [Event],
        location: SourceLocation = #_sourceLocation
    ) {
        do {
            let decision = try decide(who, intent)
            #expect(decision.events == events, sourceLocation: location)
            apply(decision.events, by: person(who), location)
        } catch {
            Issue.record("\(who) was refused: \(error)", sourceLocation: location)
        }
    }

    /// Refused, for exactly this reason; nothing changes, since deciding cannot change anything.
    func expect(
        _ who: String, _ intent: some Intent, refusedAs rejection: Rejection,
        seeing revision: UInt32? = nil, location: SourceLocation = #_sourceLocation
    ) {
        #expect(refusal(who, intent, seeing: revision) == rejection, sourceLocation: location)
    }

    /// Why the intent is refused; `nil` if it would be accepted. Changes nothing.
    func refusal(_ who: String, _ intent: some Intent, seeing revision: UInt32? = nil)
        -> Rejection?
    {
        do {
            _ = try decide(who, intent, seeing: revision)
            return nil
        } catch {
            return error
        }
    }

    func decide(
        _ who: String, _ intent: some Intent, seeing revision: UInt32? = nil,
        secrets: [String: String] = [:]
    ) throws(Rejection) -> Decision {
        try intent.decide(
            state,
            Context(
                actor: person(who), now: now, expectedRevision: revision, secrets: secrets,
                zones: TestZones()))
    }

    // MARK: Names

    func person(_ login: String) -> PersonID {
        guard let id = state.logins[login] else { preconditionFailure("nobody is called \(login)") }
        return id
    }

    /// The records about a deal, its approvals' included, in the order of the log.
    func records(of deal: OpportunityID) -> [Recorded] {
        log.filter { recorded in
            switch recorded.event {
            case .opportunity(let id, _): id == deal
            case .approval(let id, _): state.approvals[id].opportunity == deal
            default: false
            }
        }
    }

    /// What a person was told, oldest first.
    func told(_ who: String) -> [Notification.Kind] {
        state.inboxes[person(who)].rows.map(\.notification.kind)
    }

    // MARK: Keeping both states

    private func apply(_ events: [Event], by actor: PersonID, _ location: SourceLocation) {
        for event in events {
            let recorded = Recorded(
                sequence: UInt64(log.count + 1), at: now, actor: actor, event: event)
            log.append(recorded)
            state.evolve(recorded)
            replica.evolve(recorded)
        }
        Self.compare(state, replica, "the same events", location)
    }

    private static func compare(
        _ live: State, _ other: State, _ what: String, _ location: SourceLocation
    ) {
        if let difference = StateDigest(live).firstDifference(from: StateDigest(other)) {
            Issue.record(
                "W-1: \(what) give another state:\n\(difference)", sourceLocation: location)
        }
    }
}

/// Shanghai stands for every zone east of Greenwich, the rest is UTC.
struct TestZones: ZoneRules {
    func isKnown(_ zone: String) -> Bool { zone == "UTC" || zone == "Asia/Shanghai" }
    func offsetSeconds(of zone: String, at instant: Instant) -> Int {
        zone == "Asia/Shanghai" ? 8 * 60 * 60 : 0
    }
}
