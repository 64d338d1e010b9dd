import Testing

@testable import PipelineDomain

struct VoidingTests {
    /// Approved at the first gate for 400 000, which takes one level; 500 000 takes two.
    private func approved(
        _ amount: String? = "400000", next: Gate = Gate()
    ) throws -> (Scenario, OpportunityID, ApprovalID) {
        let scenario = try SampleCompany.scenario()
        let gate = askSuperior {
            $0.levels = [
                .init(fromMinorUnits: 0, count: 1), .init(fromMinorUnits: 50_000_000, count: 2),
            ]
        }
        try scenario.publish(
            "method",
            linear(
                stage("a", 20) { $0.gate = gate }, stage("b", 50) { $0.gate = next },
                stage("c", 80)))
        let deal = try scenario.deal(amount: amount)
        let request = try scenario.submit(deal)
        try scenario.given("manager", approve(request))
        return (scenario, deal, request)
    }

    private func set(_ deal: OpportunityID, _ text: String?) -> UpdateOpportunity {
        update(deal, amount: .some(text.map(amount)))
    }

    @Test("D-24: risen into more levels, the approval is void and the next ADVANCE needs it again")
    func risen() throws {
        let (scenario, deal, request) = try approved()
        try scenario.given("rep", set(deal, "500000"))
        #expect(scenario[request].status == .void)
        #expect(scenario[deal].currentStage.key == "b")
        let again = try scenario.submit(deal)
        #expect(
            scenario[again].approvers == [scenario.person("manager"), scenario.person("director")])
        try scenario.given("manager", approve(again))
        #expect(scenario[deal].currentStage.key == "b")
        try scenario.given("director", approve(again))
        #expect(scenario[deal].currentStage.key == "c")
        #expect(scenario[deal].voided.isEmpty)
        #expect(scenario[request].status == .void)
    }

    @Test(
        "D-24: void beyond the levels and beyond a fall of 20 %, measured by what was approved",
        arguments: [
            (["499999.99"], false), (["500000"], true), (["320000"], false), (["319999.99"], true),
            (["360000", "324000"], false), (["360000", "330000", "319999.99"], true),
            ([nil], true),
        ] as [([String?], Bool)])
    func bounds(amounts: [String?], isVoid: Bool) throws {
        let (scenario, deal, request) = try approved()
        for text in amounts { try scenario.given("rep", set(deal, text)) }
        #expect(scenario[request].status == (isVoid ? .void : .approved))
    }

    @Test("D-24, D-36: an amount in another currency cannot be compared and is asked again")
    func otherCurrency() throws {
        let (scenario, deal, request) = try approved()
        try scenario.given(
            "rep", update(deal, amount: .some(amount("400000")), currency: currency("USD")))
        #expect(scenario[request].status == .void)
    }

    @Test("D-24: an amount that was unknown and turns out small is not asked again")
    func unknownBefore() throws {
        let (scenario, deal, request) = try approved(nil)
        try scenario.given("rep", set(deal, "400000"))
        #expect(scenario[request].status == .approved)
        try scenario.given("rep", set(deal, "500000"))
        #expect(scenario[request].status == .void)
    }

    @Test("D-24, D-14: WIN needs it again as well; a rejection keeps it needed")
    func win() throws {
        let (scenario, deal, _) = try approved()
        try scenario.given("rep", advance(deal))
        try scenario.given("rep", set(deal, "100"))
        try scenario.given("rep", DomainTests.win(deal))
        let again = try #require(scenario[deal].pending)
        #expect(scenario[again].approvers == [scenario.person("manager")])
        try scenario.given("manager", reject(again, "why so little"))
        #expect(scenario[deal].outcome == .open)
        try scenario.given("rep", DomainTests.win(deal))
        let third = try #require(scenario[deal].pending)
        try scenario.given("manager", approve(third))
        #expect(scenario[deal].outcome == .won)
        #expect(scenario[deal].voided.isEmpty)
    }

    @Test(
        "D-24, D-23: with the present gate's approval it is one request, and nobody decides twice")
    func merged() throws {
        let (scenario, deal, _) = try approved(next: askSuperior())
        try scenario.given("rep", set(deal, "500000"))
        let again = try scenario.submit(deal)
        #expect(
            scenario[again].approvers == [scenario.person("manager"), scenario.person("director")])
    }

    @Test(
        "D-24: what was granted in the place of a void approval is held against later amounts too",
        arguments: ["500000", "239999.99"])
    func voidTwice(amount: String) throws {
        let (scenario, deal, request) = try approved()
        try scenario.given("rep", set(deal, "300000"))
        let again = try scenario.submit(deal)
        try scenario.given("manager", approve(again))
        for fine in ["499999.99", "240000"] {
            try scenario.given("rep", set(deal, fine))
            #expect(scenario[deal].voided.isEmpty, "\(fine)")
        }
        try scenario.given("rep", set(deal, amount))
        #expect(scenario[deal].voided.contains(request))
        try scenario.given("rep", DomainTests.win(deal))
        let third = try #require(scenario[deal].pending)
        let more = amount == "500000" ? [scenario.person("director")] : []
        #expect(scenario[third].approvers == [scenario.person("manager")] + more)
    }

    @Test("D-24, D-5: approval to go back settles nothing that became void")
    func back() throws {
        let scenario = try SampleCompany.scenario()
        var method = linear(
            stage("a", 20) {
                $0.gate = askSuperior {
                    $0.levels = [
                        .init(fromMinorUnits: 0, count: 1),
                        .init(fromMinorUnits: 50_000_000, count: 2),
                    ]
                }
            }, stage("b", 50), stage("c", 60), stage("d", 80))
        method.transitions = [.init(from: "c", to: "b", gate: askSuperior())]
        try scenario.publish("method", method)
        let deal = try scenario.deal(amount: "400000")
        let request = try scenario.submit(deal)
        try scenario.given("manager", approve(request))
        try scenario.given("rep", advance(deal))
        try scenario.given("rep", set(deal, "500000"))
        try scenario.given("rep", advance(deal, to: "b", note: "too early"))
        let back = try #require(scenario[deal].pending)
        #expect(scenario[back].approvers == [scenario.person("manager")])
        try scenario.given("manager", approve(back))
        #expect(scenario[deal].currentStage.key == "b")
        #expect(scenario[deal].voided.contains(request))
        let again = try scenario.submit(deal)
        #expect(
            scenario[again].approvers == [scenario.person("manager"), scenario.person("director")])
    }

    @Test("D-24, D-18: held against the levels that were asked, at the rate of that day")
    func rate() throws {
        let scenario = try SampleCompany.scenario()
        func rate(_ text: String) throws {
            let rate = try ExchangeRate(text.utf8)
            let today = TestZones().day(in: "Asia/Shanghai", at: scenario.now)
            try scenario.given(
                "admin", SetRate(currency: currency("USD"), day: today, rate: rate))
        }
        let gate = askSuperior {
            $0.levels = [
                .init(fromMinorUnits: 0, count: 1), .init(fromMinorUnits: 50_000_000, count: 2),
            ]
        }
        try scenario.publish("method", linear(stage("a", 20) { $0.gate = gate }, stage("b", 50)))
        try rate("7")
        let deal = try scenario.deal(amount: "70000", in: "USD")
        let request = try scenario.submit(deal)
        try scenario.given("manager", approve(request))
        scenario.pass(days: 2)
        try rate("7.2")
        try scenario.given("rep", set(deal, "70001"))
        #expect(scenario[request].status == .void)
    }

    /// Version 2 of the deal's process, and the deal in it.
    private func migrate(
        _ scenario: Scenario, to stages: [Stage], _ map: (String, String)...
    ) throws {
        try scenario.publish("method", ProcessDefinition(name: "Method", stages: stages))
        try scenario.given(
            "admin",
            MigrateProcess(
                process: .key("method"), from: 1, to: 2, stages: map.map { (from: $0.0, to: $0.1) })
        )
    }

    @Test("D-24, D-7: what became void is asked again by the gate that its stage went to")
    func migratedVoid() throws {
        let (scenario, deal, request) = try approved()
        try scenario.given("rep", set(deal, "500000"))
        let gate = askSuperior { $0.levels = [.init(fromMinorUnits: 0, count: 2)] }
        try migrate(
            scenario, to: [stage("first", 20) { $0.gate = gate }, stage("b", 50), stage("c", 80)],
            ("a", "first"), ("b", "b"))
        #expect(scenario[request].stage == "first")
        #expect(scenario[request].target == .stage("b"))
        let again = try scenario.submit(deal)
        #expect(
            scenario[again].approvers == [scenario.person("manager"), scenario.person("director")])
        try scenario.given("manager", approve(again))
        try scenario.given("director", approve(again))
        #expect(scenario[deal].currentStage.key == "c")
        #expect(scenario[deal].voided.isEmpty)
    }

    @Test(
        "D-24, D-7: where the new version has no such stage, a superior is asked at the present one"
    )
    func migratedAway() throws {
        let (scenario, deal, _) = try approved()
        try scenario.given("rep", set(deal, "500000"))
        try migrate(scenario, to: [stage("b", 50), stage("c", 80)], ("b", "b"))
        let again = try scenario.submit(deal)
        #expect(scenario[again].approvers == [scenario.person("manager")])
    }

    @Test(
        "D-24, D-7: what was granted before a migration is held against later amounts",
        arguments: [false, true])
    func migratedGrant(isMerged: Bool) throws {
        let (scenario, deal, request) = try approved()
        let gate = askSuperior {
            $0.levels = [
                .init(fromMinorUnits: 0, count: 1), .init(fromMinorUnits: 50_000_000, count: 2),
            ]
        }
        let last = [stage("first", 20) { $0.gate = gate }, stage("c", 80)]
        try migrate(
            scenario, to: isMerged ? last : [last[0], stage("b", 50), last[1]], ("a", "first"),
            ("b", isMerged ? "first" : "b"))
        try scenario.given("rep", set(deal, "500000"))
        #expect(scenario[request].status == .void)
        let again = try scenario.submit(deal)
        #expect(
            scenario[again].approvers == [scenario.person("manager"), scenario.person("director")])
        try scenario.given("manager", approve(again))
        try scenario.given("director", approve(again))
        #expect(scenario[deal].voided.isEmpty)
        // What was granted in its place stands for it from now on.
        try scenario.given("rep", set(deal, "399999"))
        #expect(!scenario[deal].voided.isEmpty)
    }

    @Test(
        "D-27, D-24: a request for two gates: told at the earlier deadlines, decided by both or none",
        arguments: [(Gate.Deadline.approve, 24), (.approve, 20), (.reject, 24), (.wait, 24)])
    func deadlinesOfBoth(verdict: Gate.Deadline, last: Int) throws {
        let present = askSuperior {
            $0.remindAfterHours = 8
            $0.adminAfterHours = 24
            $0.onDeadline = .approve
        }
        let (scenario, deal, request) = try approved(next: present)
        try scenario.given("rep", set(deal, "500000"))
        let before = askSuperior {
            $0.levels = [.init(fromMinorUnits: 0, count: 2)]
            $0.remindAfterHours = 4
            $0.escalateAfterHours = 12
            $0.adminAfterHours = last
            $0.onDeadline = verdict
        }
        try migrate(
            scenario,
            to: [
                stage("a", 20) { $0.gate = before }, stage("b", 50) { $0.gate = present },
                stage("c", 80),
            ], ("a", "a"), ("b", "b"))
        let again = try scenario.submit(deal)
        #expect(scenario[deal].voided.contains(request))
        let gate = scenario.state.awaitedGate(of: scenario[again])
        #expect(gate.remindAfterHours == 4)
        #expect(gate.escalateAfterHours == 12)
        #expect(gate.adminAfterHours == last)
        let deciding = scenario.state.deadlines(of: scenario[again], TestZones())
            .filter { $0.verdict != nil }
        let isDecided = verdict == .approve && last == 24
        #expect(deciding.map(\.deadline) == (isDecided ? [.admins] : []))
    }

    @Test("D-17: the amount and what it made void stand side by side in the deal's records")
    func recorded() throws {
        let (scenario, deal, request) = try approved()
        scenario.expect(
            "rep", set(deal, "1"),
            gives: [
                .opportunity(
                    deal, .amountChanged(Change(from: money("400000"), to: money("1")))),
                .approval(request, .voided),
                .inbox(
                    scenario.person("manager"),
                    .notified(
                        Notification(
                            kind: .dealSlipped, opportunity: deal, approval: nil,
                            by: scenario.person("rep"), note: "400000.00 CNY → 1.00 CNY"))),
            ])
        #expect(
            scenario[deal].records == scenario.records(of: deal).map(\.sequence))
    }
}
