import Testing

@testable import PipelineDomain

@Suite("What there is to do")
struct ToDoTests {
    /// A method whose first stage has three tasks, due after 10 days, after 2, and never.
    private func scenario() throws -> (Scenario, OpportunityID) {
        let scenario = try SampleCompany.scenario()
        try scenario.publish(
            "method",
            linear(
                stage("a", 10) {
                    $0.tasks = [("late", 10), ("soon", 2), ("some-day", nil)].map { key, days in
                        var task = StageTask(key: key, name: key)
                        task.dueDays = days
                        return task
                    }
                    $0.gate = askSuperior()
                },
                stage("b", 40) { $0.tasks = [StageTask(key: "next", name: "next")] }))
        return (scenario, try scenario.deal())
    }

    /// `kind key due` of each row.
    private func list(
        _ scenario: Scenario, _ who: String, for viewer: String? = nil,
        due period: ClosedRange<Day>? = nil
    ) -> [String] {
        scenario.state.toDo(
            of: scenario.person(who), for: scenario.person(viewer ?? who), due: period,
            TestZones()
        ).map { row in
            let name =
                switch row.item {
                case .task(let deal, let task): "\(deal) \(task.key)"
                case .activity(let id): "\(id)"
                case .approval(let id): "\(id)"
                }
            return "\(name) \(row.due?.description ?? "-")"
        }
    }

    private func plan(_ target: Activity.Target, _ date: String?, to who: String = "rep")
        -> AddActivity
    {
        AddActivity(
            target: target, kind: "call", to: .login(who),
            at: date.map { .day(day($0)) }, done: false, result: nil, note: nil)
    }

    @Test("D-6: open tasks of the present stage and planned activities come by due date")
    func order() throws {
        let (scenario, deal) = try scenario()
        try scenario.given("rep", CreateLead(name: "Zhao", owner: nil, fields: [:], measures: [:]))
        try scenario.given("rep", plan(.opportunity(deal), "2026-11-25"))
        try scenario.given("manager", plan(.lead(LeadID(1)), "2026-11-23"))
        try scenario.given("rep", plan(.opportunity(deal), nil))
        #expect(
            list(scenario, "rep") == [
                "v2 2026-11-23", "o1 soon 2026-11-24", "v1 2026-11-25", "o1 late 2026-12-02",
                "o1 some-day -", "v3 -",
            ])
        #expect(
            list(scenario, "rep", due: day("2026-11-24")...day("2026-12-02")) == [
                "o1 soon 2026-11-24", "v1 2026-11-25", "o1 late 2026-12-02",
            ])
        try scenario.given("rep", mark(deal, "soon"))
        try scenario.given("rep", FinishActivity(activity: ActivityID(2), result: nil))
        try scenario.given("rep", FinishActivity(activity: ActivityID(3), result: nil))
        #expect(
            list(scenario, "rep") == ["v1 2026-11-25", "o1 late 2026-12-02", "o1 some-day -"])
    }

    @Test("D-6: an approval waits for whose turn it is; the next stage brings its own tasks")
    func approvals() throws {
        let (scenario, deal) = try scenario()
        let approval = try scenario.submit(deal)
        #expect(list(scenario, "manager") == ["\(approval) -"])
        #expect(list(scenario, "director") == [])
        try scenario.given("manager", approve(approval))
        #expect(list(scenario, "manager") == [])
        #expect(list(scenario, "rep") == ["o1 next -"])
    }

    @Test("D-6: what is closed or ended waits for nobody")
    func closed() throws {
        let (scenario, deal) = try scenario()
        try scenario.given("rep", CreateLead(name: "Zhao", owner: nil, fields: [:], measures: [:]))
        try scenario.given("rep", plan(.opportunity(deal), "2026-11-25"))
        try scenario.given("rep", plan(.lead(LeadID(1)), "2026-11-23"))
        try scenario.given("rep", lose(deal))
        #expect(list(scenario, "rep") == ["v2 2026-11-23"])
        try scenario.given("rep", DiscardLead(lead: LeadID(1), reason: "spam"))
        #expect(list(scenario, "rep") == [])
    }

    @Test("D-33: a list is seen by oneself and from above, and shows what the viewer may see")
    func rights() throws {
        let (scenario, deal) = try scenario()
        try scenario.given("rep", plan(.opportunity(deal), "2026-11-25", to: "executive"))
        func refusal(_ viewer: String, _ person: String) -> Rejection? {
            do {
                try scenario.state.requireSeesToDo(
                    of: scenario.person(person), scenario.person(viewer))
                return nil
            } catch {
                return error
            }
        }
        for viewer in ["rep", "manager", "director", "executive", "admin"] {
            #expect(refusal(viewer, "rep") == nil)
            #expect(list(scenario, "rep", for: viewer) == list(scenario, "rep"))
        }
        let rep = scenario.person("rep")
        for viewer in ["colleague", "neighbour", "mentor"] {
            #expect(
                refusal(viewer, "rep")
                    == .notPermitted(
                        action: "see what \(rep) has to do", who: "\(rep) or somebody above"))
        }
        #expect(list(scenario, "executive") == ["v1 2026-11-25"])
        #expect(list(scenario, "executive", for: "westerner") == [])
    }
}
