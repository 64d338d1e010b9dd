import PipelineDomain
import Testing

@Suite("Moving a deal on")
struct MovingTests {
    private func moved(
        _ deal: OpportunityID, _ from: String, _ to: String, note: String? = nil
    ) -> Event {
        .opportunity(deal, .moved(Change(from: from, to: to), approval: nil, note: note))
    }

    /// Three stages; from the third one may return to the first, through a gate to the second.
    private func scenario(_ change: (inout ProcessDefinition) -> Void = { _ in }) throws -> Scenario
    {
        let scenario = try SampleCompany.scenario()
        var definition = linear(stage("a", 10), stage("b", 40), stage("c", 80))
        definition.transitions = [
            .init(from: "c", to: "a"), .init(from: "c", to: "b", gate: askSuperior()),
        ]
        change(&definition)
        try scenario.publish("method", definition)
        return scenario
    }

    @Test("D-5: linear goes to the next stage only, named or not")
    func next() throws {
        let scenario = try scenario()
        let deal = try scenario.deal()
        scenario.expect("rep", advance(deal), gives: [moved(deal, "a", "b")])
        scenario.expect(
            "rep", advance(deal, to: "c", note: "quick"),
            gives: [moved(deal, "b", "c", note: "quick")])
    }

    @Test(
        "D-5: what cannot be reached is refused, naming what can",
        arguments: [
            ("c", "'c' cannot be reached from 'a'; from here: b"),
            ("a", "o1 is in stage 'a' already; from here: b"),
            ("z", "no stage 'z'; from here: b"), ("won", "a deal is won by OPP.WIN o1"),
        ])
    func unreachable(to: String, problem: String) throws {
        let scenario = try scenario()
        let deal = try scenario.deal()
        scenario.expect(
            "rep", advance(deal, to: to), refusedAs: .invalid([.init("TO", problem)]))
    }

    @Test("D-5: backward only where it is listed, and with a note that says why")
    func backward() throws {
        let scenario = try scenario()
        let deal = try scenario.deal()
        try scenario.given("rep", advance(deal))
        scenario.expect(
            "rep", advance(deal, to: "a", note: "not listed"),
            refusedAs: .invalid([
                .init("TO", "'a' cannot be reached from 'b'; from here: c")
            ]))
        try scenario.given("rep", advance(deal))
        for silence in [nil, "", " \n\t"] as [String?] {
            scenario.expect(
                "rep", advance(deal, to: "a", note: silence),
                refusedAs: .invalid([
                    .init("NOTE", "going back to 'a' needs a NOTE that says why")
                ]))
        }
        scenario.expect(
            "rep", advance(deal, to: "a", note: "budget gone"),
            gives: [moved(deal, "c", "a", note: "budget gone")])
    }

    @Test(
        "D-5: going back asks for nothing that the stage misses, but for the transition's approval")
    func backwardGate() throws {
        let scenario = try scenario {
            $0.stages[2].requires = [.amount]
            $0.stages[2].gate = askSuperior()
        }
        let deal = try scenario.deal()
        try scenario.given("rep", advance(deal))
        try scenario.given("rep", advance(deal))
        try scenario.given("rep", advance(deal, to: "b", note: "new buyer"))
        #expect(scenario[deal].currentStage.key == "c")
        let approval = try #require(scenario[deal].pending)
        try scenario.given("manager", approve(approval))
        #expect(scenario[deal].currentStage.key == "b")
        try scenario.given("rep", advance(deal))
        try scenario.given("rep", advance(deal, to: "a", note: "new buyer again"))
        #expect(scenario[deal].currentStage.key == "a")
        #expect(scenario[deal].pending == nil)
    }

    @Test("D-5: feedback and tasks stay, dwell starts anew, conversion counts the first entry")
    func whatStays() throws {
        let scenario = try scenario {
            $0.stages[2].tasks = [StageTask(key: "visit", name: "Visit")]
            $0.stages[2].feedback = [FeedbackField(key: "need", name: "Need", type: .text)]
        }
        let deal = try scenario.deal()
        try scenario.given("rep", advance(deal))
        try scenario.given("rep", advance(deal))
        try scenario.given("rep", mark(deal, "visit"))
        try scenario.given("rep", feedback(deal, ("need", "more")))
        scenario.pass(days: 3)
        #expect(scenario.state.guide(scenario[deal], now: scenario.now).dwellDays == 3)
        try scenario.given("rep", advance(deal, to: "a", note: "again"))
        #expect(scenario[deal].enteredStage == scenario.now)
        try scenario.given("rep", advance(deal))
        try scenario.given("rep", advance(deal))
        #expect(scenario[deal].tasksDone.count == 1)
        let item = StageItem(stage: "c", key: "need")
        #expect(scenario[deal].feedback[item] == .text("more"))
        #expect(scenario[deal].enteredStages == 0b111)
        let funnel = try scenario.state.funnel(Scope(), for: scenario.person("admin"))
        #expect(funnel.rows.map(\.conversion?.percent) == ["100.0", "100.0", "0.0"])
    }

    @Test("D-5: the entered stage, the reason and the actor are recorded")
    func recorded() throws {
        let scenario = try scenario()
        let deal = try scenario.deal()
        scenario.pass(hours: 5)
        try scenario.given("manager", advance(deal, note: "go"))
        let last = try #require(scenario.records(of: deal).last)
        #expect(last.event == moved(deal, "a", "b", note: "go"))
        #expect(last.actor == scenario.person("manager"))
        #expect(last.at == scenario.now)
    }

    @Test("D-5: flexible moves along what is listed, forward jumps and loops included")
    func flexibleMoves() throws {
        let scenario = try SampleCompany.scenario()
        try scenario.publish(
            "loop",
            flexible(
                [stage("a", 10), stage("b", 20), stage("c", 30), stage("d", 5)],
                [("a", "c"), ("a", "d"), ("c", "a"), ("b", "c"), ("c", "d"), ("d", "won")]))
        let deal = try scenario.deal()
        scenario.expect(
            "rep", advance(deal),
            refusedAs: .invalid([.init("TO", "name the stage; from here: c, d")]))
        scenario.expect(
            "rep", advance(deal, to: "b"),
            refusedAs: .invalid([
                .init("TO", "'b' cannot be reached from 'a'; from here: c, d")
            ]))
        scenario.expect("rep", advance(deal, to: "c"), gives: [moved(deal, "a", "c")])
        scenario.expect("rep", advance(deal), gives: [moved(deal, "c", "d")])
        #expect(scenario[deal].enteredStages == 0b1101)
        scenario.expect(
            "rep", advance(deal),
            refusedAs: .invalid([
                .init("TO", "o1 is in its last stage 'd'; OPP.WIN or OPP.LOSE ends it")
            ]))
    }

    @Test("D-5: a forward transition's own gate comes instead of the stage's")
    func forwardGate() throws {
        let scenario = try SampleCompany.scenario()
        var definition = flexible(
            [stage("a", 10) { $0.gate = askSuperior() }, stage("b", 20), stage("c", 30)],
            [("a", "b"), ("a", "c")])
        definition.transitions[1].gate = Gate()
        try scenario.publish("loop", definition)
        let (gated, free) = (try scenario.deal(), try scenario.deal())
        try scenario.given("rep", advance(gated, to: "b"))
        #expect(scenario[gated].pending != nil)
        scenario.expect("rep", advance(free, to: "c"), gives: [moved(free, "a", "c")])
    }

    @Test("D-14: in the last stage ADVANCE is refused, naming WIN", arguments: [nil, "won"])
    func lastStage(to: String?) throws {
        let scenario = try scenario()
        let deal = try scenario.deal()
        try scenario.given("rep", advance(deal))
        try scenario.given("rep", advance(deal))
        scenario.expect(
            "rep", advance(deal, to: to),
            refusedAs: .invalid([
                .init("TO", "o1 is in its last stage 'c'; OPP.WIN or OPP.LOSE ends it")
            ]))
    }

    @Test("D-5: a process of one stage is in its last stage at once")
    func single() throws {
        let scenario = try SampleCompany.scenario()
        try scenario.publish("short", linear(stage("only", 50)))
        let deal = try scenario.deal()
        #expect(scenario.refusal("rep", advance(deal)) != nil)
        #expect(scenario.state.guide(scenario[deal], now: scenario.now).next.isEmpty)
        try scenario.given("rep", win(deal))
        #expect(scenario[deal].outcome == .won)
    }

    @Test("D-5: 64 stages are walked and counted")
    func longest() throws {
        let scenario = try SampleCompany.scenario()
        let stages = (0..<Bounds.stagesPerProcess).map { stage("s-\($0)", $0) }
        try scenario.publish("long", ProcessDefinition(name: "Long", stages: stages))
        let deal = try scenario.deal()
        for _ in 1..<Bounds.stagesPerProcess { try scenario.given("rep", advance(deal)) }
        #expect(scenario[deal].enteredStages == UInt64.max)
        try scenario.given("rep", win(deal))
        let funnel = try scenario.state.funnel(Scope(), for: scenario.person("admin"))
        #expect(funnel.rows.allSatisfy { $0.conversion?.percent == "100.0" })
    }
}

@Suite("What a stage asks for")
struct StageWorkTests {
    private func scenario() throws -> Scenario {
        let scenario = try SampleCompany.scenario()
        let first = stage("a", 10) {
            $0.tasks = [
                StageTask(key: "call", name: "Call"), StageTask(key: "visit", name: "Visit"),
            ]
            $0.tasks[1].required = true
            $0.tasks[1].evidence = true
            $0.feedback = FeedbackField.ValueType.allCases.map {
                FeedbackField(key: "f-\($0.rawValue)", name: $0.rawValue, type: $0)
            }
            for index in $0.feedback.indices where $0.feedback[index].type == .choice {
                $0.feedback[index].choices = ["big", "small"]
            }
            $0.feedback[0].required = true
            $0.requires = [.amount, .close, .customerAddress]
        }
        let second = stage("b", 20) { $0.tasks = [StageTask(key: "call", name: "Call again")] }
        try scenario.publish("method", linear(first, second, stage("c", 30)))
        return scenario
    }

    @Test("D-11: a refused move names every missing item")
    func everyItem() throws {
        let scenario = try scenario()
        let deal = try scenario.deal()
        let all: [Rejection.Missing] = [
            .feedback(key: "f-text", name: "text"), .task(key: "visit", name: "Visit"),
            .field(.amount), .field(.close), .field(.customerAddress),
        ]
        scenario.expect(
            "rep", advance(deal), refusedAs: .gate(opportunity: deal, stage: "a", missing: all))
        try scenario.given("rep", feedback(deal, ("f-text", "x")))
        try scenario.given(
            "rep",
            UpdateCustomer(customer: SampleCompany.customer, name: nil, fields: [.address: "1 Rd"]))
        scenario.expect(
            "rep", advance(deal),
            refusedAs: .gate(opportunity: deal, stage: "a", missing: Array(all[1...3])))
        try scenario.given("rep", update(deal, amount: amount("1"), close: day("2027-01-01")))
        try scenario.given("rep", mark(deal, "visit", evidence: "photo"))
        try scenario.given("rep", advance(deal))
        #expect(scenario[deal].currentStage.key == "b")
    }

    @Test("D-11: what was filled and is cleared again is missing again")
    func cleared() throws {
        let scenario = try scenario()
        let deal = try scenario.deal()
        try scenario.given("rep", feedback(deal, ("f-text", "x")))
        try scenario.given("rep", mark(deal, "visit", evidence: "photo"))
        #expect(scenario.state.missing(of: scenario[deal]).count == 3)
        try scenario.given("rep", feedback(deal, ("f-text", "")))
        try scenario.given("rep", mark(deal, "visit", done: false))
        #expect(scenario.state.missing(of: scenario[deal]).count == 5)
    }

    @Test(
        "D-2: feedback is read by its type",
        arguments: [
            ("f-text", "好", FeedbackValue.text("好")), ("f-number", "-007.50", .number("-7.5")),
            ("f-number", "-0", .number("0")), ("f-number", "0.000001", .number("0.000001")),
            ("f-number", "1.1234", .number("1.1234")),
            ("f-money", "12.5", .money(money("12.50"))),
            ("f-date", "2027-02-28", .date(day("2027-02-28"))),
            ("f-choice", "big", .choice("big")), ("f-boolean", "YES", .boolean(true)),
            ("f-boolean", "0", .boolean(false)), ("f-person", "e1", .person(PersonID(1))),
            ("f-person", "admin", .person(PersonID(1))),
        ])
    func values(field: String, text: String, value: FeedbackValue) throws {
        let scenario = try scenario()
        let deal = try scenario.deal()
        try scenario.given("rep", feedback(deal, (field, text)))
        #expect(scenario[deal].feedback[StageItem(stage: "a", key: field)] == value)
    }

    @Test(
        "D-2: what is no value of the type is refused",
        arguments: [
            ("f-number", "--1"), ("f-number", "-"), ("f-number", "1e5"), ("f-number", "0.0000001"),
            ("f-number", "1000000000000000"), ("f-number", "999999999999999.123456"),
            ("f-money", "-1"), ("f-money", "0.001"),
            ("f-money", "1.123456"), ("f-money", "1000000000000000"), ("f-date", "2027-02-29"),
            ("f-choice", "BIG"), ("f-boolean", "maybe"), ("f-person", "e0"), ("f-person", "e99"),
            ("f-person", "nobody"), ("f-contact", "k1"), ("unknown", "x"), (" ", "x"),
        ])
    func noValues(field: String, text: String) throws {
        let scenario = try scenario()
        let deal = try scenario.deal()
        guard case .invalid(let faults)? = scenario.refusal("rep", feedback(deal, (field, text)))
        else {
            Issue.record("'\(text)' passes for \(field)")
            return
        }
        #expect(faults.map(\.argument) == [field])
    }

    @Test("P-5: every wrong value of a command is named, and none of it is done")
    func everyFault() throws {
        let scenario = try scenario()
        let deal = try scenario.deal()
        let refusal = scenario.refusal(
            "rep",
            feedback(deal, ("f-text", "x"), ("f-date", "?"), ("f-text", "y"), ("nothing", "z")))
        guard case .invalid(let faults)? = refusal else {
            Issue.record("accepted")
            return
        }
        #expect(faults.map(\.argument) == ["f-date", "f-text", "nothing"])
    }

    @Test("D-2: a task that asks for evidence is not done without it", arguments: [nil, "", "  "])
    func evidence(text: String?) throws {
        let scenario = try scenario()
        let deal = try scenario.deal()
        scenario.expect(
            "rep", mark(deal, "visit", evidence: text),
            refusedAs: .invalid([
                .init(
                    "EVIDENCE",
                    "task 'visit' asks for a result that the customer can verify; add EVIDENCE")
            ]))
    }

    @Test("D-2: a task is marked once, undone once; the present stage's comes before a later one's")
    func tasks() throws {
        let scenario = try scenario()
        let deal = try scenario.deal()
        let here = StageItem(stage: "a", key: "call")
        scenario.expect(
            "rep", mark(deal, "call"),
            gives: [.opportunity(deal, .taskDone(here, evidence: nil, note: nil))])
        scenario.expect("rep", mark(deal, "call"), gives: [])
        scenario.expect(
            "rep", mark(deal, "call", done: false),
            gives: [.opportunity(deal, .taskUndone(here, note: nil))])
        scenario.expect("rep", mark(deal, "call", done: false), gives: [])
        #expect(scenario.refusal("rep", mark(deal, "dance")) != nil)
    }

    @Test("D-16: the guide names what is missing here and what the next stage needs")
    func guide() throws {
        let scenario = try scenario()
        let deal = try scenario.deal()
        let guide = scenario.state.guide(scenario[deal], now: scenario.now)
        #expect(guide.missing.count == 5)
        #expect(guide.next.map(\.key) == ["call"])
        #expect(guide.realised?.percent == "0.0")
    }
}
