import Testing

@testable import PipelineDomain

@Suite("Activities and notes")
struct ActivityTests {
    private let call = ActivityID(1)

    /// The rep's deal in a method whose first stage asks the superior.
    private func scenario() throws -> (Scenario, OpportunityID) {
        let scenario = try SampleCompany.scenario()
        try scenario.publish(
            "method", linear(stage("a", 10) { $0.gate = askSuperior() }, stage("b", 40)))
        return (scenario, try scenario.deal())
    }

    private func activity(
        _ target: Activity.Target, to: String? = nil, at: Moment? = nil, done: Bool = false,
        result: Activity.Result? = nil
    ) -> AddActivity {
        AddActivity(
            target: target, kind: "call", to: to.map(PersonReference.login), at: at, done: done,
            result: result, note: nil)
    }

    @Test("D-41: planned for a date means nine in the morning where its doer lives")
    func planned() throws {
        let (scenario, deal) = try scenario()
        let rep = scenario.person("rep")
        let zone = scenario.state.persons[rep].zone
        let local = TestZones().instant(of: day("2026-12-01"), hour: 9, in: zone)
        scenario.expect(
            "manager", activity(.opportunity(deal), to: "rep", at: .day(day("2026-12-01"))),
            gives: [
                .activity(
                    call,
                    .entered(
                        ActivityFacts(
                            target: .opportunity(deal), kind: "call", assignee: rep, at: local,
                            isDone: false, result: nil, note: nil)))
            ])
        #expect(Array(scenario.state.persons[rep].plannedActivities) == [call])
        #expect(Array(scenario[deal].activities) == [call])
        #expect(scenario[deal].revision.number == 2)
        #expect(scenario[deal].records.count == 2)
        scenario.expect(
            "rep", FinishActivity(activity: call, result: .answered),
            gives: [.activity(call, .done(result: .answered))])
        #expect(scenario.state.persons[rep].plannedActivities.isEmpty)
        #expect(scenario.state.activities[call].doneBy == rep)
        scenario.expect(
            "manager", FinishActivity(activity: call, result: nil),
            refusedAs: .alreadyDone(activity: call, by: rep))
    }

    @Test("D-25: activities are entered while an approval is pending; a result means done")
    func pending() throws {
        let (scenario, deal) = try scenario()
        _ = try scenario.submit(deal)
        try scenario.given("rep", activity(.opportunity(deal), result: .refused))
        #expect(scenario.state.activities[call].isDone)
        #expect(scenario.state.persons[scenario.person("rep")].plannedActivities.isEmpty)
    }

    @Test(
        "D-32, P-5: whoever sees the deal may; only who sees it is given one; closed deals take none"
    )
    func refusals() throws {
        let (scenario, deal) = try scenario()
        let target = Activity.Target.opportunity(deal)
        scenario.expect(
            "colleague", activity(target), refusedAs: .notFound(noun: "opportunity", name: "o1"))
        #expect(scenario.refusal("executive", activity(target)) == nil)
        let westerner = scenario.person("westerner")
        scenario.expect(
            "rep", activity(target, to: "westerner"),
            refusedAs: .invalid([.init("TO", "\(westerner) may not see o1")]))
        scenario.expect(
            "rep", activity(target, to: "westerner"),
            refusedAs: .stale(name: "o1", current: 1, changedBy: scenario.person("rep")),
            seeing: 7)
        try scenario.given("rep", activity(target))
        try scenario.given("rep", lose(deal))
        scenario.expect(
            "rep", activity(target),
            refusedAs: .alreadyClosed(opportunity: deal, outcome: .lost))
        #expect(scenario.refusal("rep", FinishActivity(activity: call, result: nil)) == nil)
        let unseen = Rejection.notFound(noun: "activity", name: "v1")
        scenario.expect("colleague", FinishActivity(activity: call, result: nil), refusedAs: unseen)
        scenario.intervene { $0.persons[westerner].isActive = false }
        let other = try scenario.deal()
        scenario.expect(
            "rep", activity(.opportunity(other), to: "westerner"), refusedAs: .inactive(westerner))
    }

    @Test("D-41: leads take activities too, until they end")
    func onLeads() throws {
        let (scenario, _) = try scenario()
        try scenario.given("rep", CreateLead(name: "Zhao", owner: nil, fields: [:], measures: [:]))
        let lead = LeadID(1)
        try scenario.given("manager", activity(.lead(lead), to: "rep"))
        #expect(Array(scenario.state.leads[lead].activities) == [call])
        #expect(scenario.state.leads[lead].revision.number == 2)
        scenario.expect(
            "colleague", activity(.lead(lead)), refusedAs: .notFound(noun: "lead", name: "l1"))
        try scenario.given("rep", DiscardLead(lead: lead, reason: "spam"))
        scenario.expect(
            "rep", activity(.lead(lead)),
            refusedAs: .leadEnded(lead: lead, status: .discarded))
    }

    @Test("D-41: the owner, the author answered and whoever is mentioned are told, each once")
    func notes() throws {
        let (scenario, deal) = try scenario()
        try scenario.given("manager", note(deal, "why?"))
        #expect(scenario.told("rep") == [.noteAdded])
        try scenario.given("rep", note(deal, "because", replyTo: NoteID(1)))
        #expect(scenario.told("manager") == [.noteAdded])
        try scenario.given(
            "director",
            AddNote(
                opportunity: deal, text: "look", replyTo: NoteID(1),
                mentions: [.login("rep"), .login("manager"), .login("rep"), .login("director")]))
        #expect(scenario.told("rep") == [.noteAdded, .noteMention])
        #expect(scenario.told("manager") == [.noteAdded, .noteMention])
        #expect(scenario.told("director").isEmpty)
    }

    @Test("D-34: an author who no longer sees the deal is not told of an answer")
    func lostSight() throws {
        let (scenario, deal) = try scenario()
        try scenario.given("manager", note(deal))
        try scenario.given("admin", SampleCompany.setHead(of: SampleCompany.east, to: "colleague"))
        try scenario.given("rep", note(deal, replyTo: NoteID(1)))
        #expect(scenario.told("manager").isEmpty)
    }

    @Test("D-41, P-5: who may not see the deal is not mentioned; every such name is told")
    func mentions() throws {
        let (scenario, deal) = try scenario()
        func mention(_ logins: String...) -> AddNote {
            AddNote(
                opportunity: deal, text: "x", replyTo: nil,
                mentions: logins.map(PersonReference.login))
        }
        let colleague = scenario.person("colleague")
        let westerner = scenario.person("westerner")
        scenario.expect(
            "rep", mention("colleague", "manager", "westerner"),
            refusedAs: .invalid([
                .init("MENTION", "\(colleague) may not see o1"),
                .init("MENTION", "\(westerner) may not see o1"),
            ]))
        scenario.expect(
            "rep", mention("colleague", "nobody"),
            refusedAs: .notFound(noun: "person", name: "nobody"))
        scenario.intervene { $0.persons[westerner].isActive = false }
        scenario.expect(
            "rep", mention("colleague", "westerner"), refusedAs: .inactive(westerner))
    }
}

@Suite("Local times")
struct LocalTimeTests {
    /// One jump ahead at 2026-03-29T01:00Z, and one back at 2026-10-25T01:00Z, by an hour.
    private struct Summer: ZoneRules {
        func isKnown(_ zone: String) -> Bool { true }
        func offsetSeconds(of zone: String, at instant: Instant) -> Int {
            let begins: Int64 = 1_774_746_000_000
            let ends: Int64 = 1_792_890_000_000
            return (begins..<ends).contains(instant.milliseconds) ? 7200 : 3600
        }
    }

    @Test(
        "D-37: an hour that is skipped means the next valid minute, one that comes twice the first",
        arguments: [
            ("2026-03-28", 2, "2026-03-28T01:00:00.000Z"),
            ("2026-03-29", 1, "2026-03-29T00:00:00.000Z"),
            ("2026-03-29", 2, "2026-03-29T01:00:00.000Z"),
            ("2026-03-29", 3, "2026-03-29T01:00:00.000Z"),
            ("2026-03-29", 9, "2026-03-29T07:00:00.000Z"),
            ("2026-10-25", 2, "2026-10-25T00:00:00.000Z"),
            ("2026-10-25", 9, "2026-10-25T08:00:00.000Z"),
        ])
    func hours(date: String, hour: Int, expected: String) {
        #expect(
            Summer().instant(of: day(date), hour: hour, in: "Europe/Berlin").description
                == expected)
    }

    @Test(
        "P-2: instants are read as RFC 3339",
        arguments: [
            ("2026-11-22T09:30:00Z", "2026-11-22T09:30:00.000Z"),
            ("2026-11-22t09:30z", "2026-11-22T09:30:00.000Z"),
            ("2026-11-22T09:30:01.5+08:00", "2026-11-22T01:30:01.500Z"),
            ("2026-11-22T23:59:59.123456-00:30", "2026-11-23T00:29:59.123Z"),
        ])
    func read(text: String, expected: String) {
        #expect(Instant(text.utf8)?.description == expected)
    }

    @Test(
        "P-2: nothing looser is an instant",
        arguments: [
            "", "2026-11-22", "2026-11-22T09:30:00", "2026-11-22T24:00:00Z", "2026-13-01T00:00:00Z",
            "2026-11-22T09:60:00Z", "2026-11-22T09:30:60Z", "2026-11-22T09:30:00.Z",
            "2026-11-22T09:30:00Zz", "2026-11-22T09:30:00+8:00", "2026-11-22T09:30:00+24:00",
            "2026-11-22 09:30:00Z", "2026-11-22T9:30:00Z", "2026-11-22T09:30:00.1234567890Z",
            "２０２６-11-22T09:30:00Z",
        ])
    func refused(text: String) {
        #expect(Instant(text.utf8) == nil)
    }
}
