import Testing

@testable import PipelineDomain

@Suite("Migrating a process")
struct MigrationTests {
    private static func migrate(
        _ stages: (String, String)..., from: Int = 1, to: Int = 2, process: String = "sale"
    ) -> MigrateProcess {
        MigrateProcess(
            process: .key(process), from: from, to: to,
            stages: stages.map { (from: $0.0, to: $0.1) })
    }

    /// Version 1: a (feedback size, note; task visit), b. Version 2: start, a (feedback size as a
    /// choice of one; task visit), close.
    private func scenario() throws -> Scenario {
        let scenario = try SampleCompany.scenario()
        var size = FeedbackField(key: "size", name: "Size", type: .choice)
        size.choices = ["small", "large"]
        let note = FeedbackField(key: "note", name: "Note", type: .text)
        let visit = StageTask(key: "visit", name: "Visit")
        try scenario.publish(
            "sale",
            linear(
                stage("a", 40) {
                    $0.feedback = [size, note]
                    $0.tasks = [visit, StageTask(key: "call", name: "Call")]
                }, stage("b", 60) { $0.gate = askSuperior() }, stage("c", 70)))
        size.choices = ["large"]
        try scenario.publish(
            "sale",
            linear(
                stage("start", 10),
                stage("a", 40) {
                    $0.feedback = [size]
                    $0.tasks = [visit]
                }, stage("close", 60)))
        return scenario
    }

    /// A deal in version 1, which the published version 2 gives no new one.
    private func older(_ scenario: Scenario, amount text: String? = nil) throws -> OpportunityID {
        let id = OpportunityID(UInt32(scenario.state.opportunities.count + 1))
        let version = try #require(scenario.state.processes[ProcessID(1)].versions.first)
        scenario.given(
            [
                .opportunity(
                    id,
                    .created(
                        OpportunityFacts(
                            title: "Old", customer: SampleCompany.customer,
                            owner: scenario.person("rep"), version: version,
                            amount: text.map { money($0) }, currency: cny, close: nil,
                            fields: [:])))
            ], by: scenario.person("rep"))
        return id
    }

    @Test("D-7: one event a deal; what the new stage knows stays, the clock runs on")
    func kept() throws {
        let scenario = try scenario()
        let deal = try older(scenario, amount: "5")
        try scenario.given("rep", feedback(deal, ("size", "large"), ("note", "hello")))
        try scenario.given("rep", mark(deal, "visit"))
        try scenario.given("rep", mark(deal, "call"))
        let entered = scenario[deal].enteredStage
        scenario.pass(days: 3)
        let version = try #require(scenario.state.processes[ProcessID(1)].versions.last)
        scenario.expect(
            "admin", Self.migrate(("a", "a")),
            gives: [
                .opportunity(
                    deal,
                    .migrated(
                        Migration(
                            version: version, numbers: Change(from: 1, to: 2),
                            stage: Change(from: "a", to: "a"),
                            stages: [Change(from: "a", to: "a")])))
            ])
        #expect(scenario[deal].version.number == 2)
        #expect(scenario[deal].currentStage.key == "a")
        #expect(scenario[deal].enteredStage == entered)
        #expect(scenario[deal].enteredStages == 0b010)
        let item = StageItem(stage: "a", key: "size")
        #expect(scenario[deal].feedback == [item: .choice("large")])
        #expect(scenario[deal].tasksDone.keys.map(\.key) == ["visit"])
        let sums = scenario.state.units[SampleCompany.root].sums
        #expect(sums[version]?.map(\.open) == [0, 1, 0])
        #expect(sums.values.flatMap(\.self).reduce(0) { $0 + $1.open } == 1)
    }

    @Test("D-7: dwell starts anew where the stage's key changes; a choice that is no more goes")
    func moved() throws {
        let scenario = try scenario()
        let deal = try older(scenario)
        try scenario.given("rep", feedback(deal, ("size", "small")))
        try scenario.given("rep", advance(deal))
        try scenario.given("rep", lose(deal))
        scenario.pass(days: 7)
        try scenario.given(
            "manager", ReopenOpportunity(opportunity: deal, reason: "came back", stage: nil))
        scenario.pass(days: 1)
        let before = scenario[deal].enteredSequence
        try scenario.given("admin", Self.migrate(("b", "close"), ("a", "a")))
        #expect(scenario[deal].currentStage.key == "close")
        #expect(scenario[deal].enteredStage == scenario.now)
        #expect(scenario[deal].enteredSequence > before)
        // The week for which it was closed belongs to the stage that it left.
        #expect(scenario[deal].closedMilliseconds == 0)
        scenario.pass(days: 9)
        #expect(scenario[deal].dwellDays(at: scenario.now) == 9)
        #expect(scenario[deal].enteredStages == 0b110)
        #expect(scenario[deal].feedback.isEmpty)
    }

    @Test("D-7: deals that wait for an approval are left and named; closed ones stay")
    func pending() throws {
        let scenario = try scenario()
        let waiting = try older(scenario)
        try scenario.given("rep", advance(waiting))
        _ = try scenario.submit(waiting)
        let lost = try older(scenario)
        try scenario.given("rep", lose(lost))
        let open = try older(scenario)
        let decision = try scenario.given("admin", Self.migrate(("a", "a"), ("b", "a")))
        #expect(
            decision.answer.dropFirst(2) == [
                .init("migrated", .integer(1)), .init("remaining", .integer(0)),
                .init("pending", .texts([waiting.description])),
            ])
        #expect(scenario[open].version.number == 2)
        #expect(scenario[waiting].version.number == 1)
        #expect(scenario[lost].version.number == 1)
    }

    @Test("D-7, E-1: at most 1 000 deals a step, and what remains is told")
    func steps() throws {
        let scenario = try scenario()
        let version = try #require(scenario.state.processes[ProcessID(1)].versions.first)
        let facts = OpportunityFacts(
            title: "Old", customer: SampleCompany.customer, owner: scenario.person("rep"),
            version: version, amount: nil, currency: cny, close: nil, fields: [:])
        scenario.given(
            (1...1_003).map { .opportunity(OpportunityID($0), .created(facts)) },
            by: scenario.person("rep"))
        var answers: [[Answer.Field]] = []
        for _ in 0..<3 {
            let decision = try scenario.given("admin", Self.migrate(("a", "a")))
            answers.append(Array(decision.answer[2...3]))
        }
        #expect(
            answers == [
                [.init("migrated", .integer(1_000)), .init("remaining", .integer(3))],
                [.init("migrated", .integer(3)), .init("remaining", .integer(0))],
                [.init("migrated", .integer(0)), .init("remaining", .integer(0))],
            ])
    }

    @Test("D-7: migrating is refused in order, naming everything that is wrong")
    func refusals() throws {
        let scenario = try scenario()
        let deal = try older(scenario)
        _ = try older(scenario)
        try scenario.given("rep", advance(deal))
        scenario.expect(
            "rep", Self.migrate(to: 3),
            refusedAs: .notFound(noun: "version of 'sale'", name: "3"))
        scenario.expect(
            "rep", Self.migrate(),
            refusedAs: .notPermitted(action: "migrate deals", who: "an admin"))
        scenario.expect(
            "admin", Self.migrate(),
            refusedAs: .stale(name: "sale", current: 4, changedBy: scenario.person("admin")),
            seeing: 1)
        scenario.expect(
            "admin", Self.migrate(to: 1),
            refusedAs: .invalid("TO", "is the version that the deals are in"))
        scenario.expect(
            "admin", Self.migrate(("x", "a"), ("x", "y")),
            refusedAs: .invalid([
                .init("MAP", "version 1 has no stage 'x'"),
                .init("MAP", "version 1 has no stage 'x'"),
                .init("MAP", "version 2 has no stage 'y'"),
                .init("MAP", "'x' is given twice"),
                .init("MAP", "stage 'a' is in use; say where its deals go"),
                .init("MAP", "stage 'b' is in use; say where its deals go"),
            ]))
    }
}
