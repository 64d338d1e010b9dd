import PipelineDomain
import Testing

@Suite("Closing a deal")
struct ClosingTests {
    private func scenario(_ change: (inout ProcessDefinition) -> Void = { _ in }) throws -> Scenario
    {
        let scenario = try SampleCompany.scenario()
        var definition = linear(
            stage("a", 10) { $0.gate = askSuperior() }, stage("b", 40), stage("c", 80))
        definition.lossReasons = ["price", "competitor"]
        definition.invalidReasons = ["duplicate"]
        change(&definition)
        try scenario.publish("method", definition)
        return scenario
    }

    /// A deal in the last stage.
    private func ripe(_ scenario: Scenario) throws -> OpportunityID {
        let deal = try scenario.deal(amount: "100")
        let approval = try scenario.submit(deal)
        try scenario.given("manager", approve(approval))
        try scenario.given("rep", advance(deal))
        return deal
    }

    @Test("D-13: lost for a reason of the list; the closing and its instant are kept")
    func lost() throws {
        let scenario = try scenario()
        let deal = try scenario.deal()
        for reason in ["weather", "Price", "duplicate"] {
            scenario.expect(
                "rep", lose(deal, reason),
                refusedAs: .invalid([.init("REASON", "must be one of: price, competitor")]))
        }
        let closing = Closing(reason: "price", competitor: "Globex", review: "late", note: "n")
        try scenario.given("rep", LoseOpportunity(opportunity: deal, closing: closing))
        #expect(scenario[deal].outcome == .lost)
        #expect(scenario[deal].closing == closing)
        #expect(scenario[deal].closedAt == scenario.now)
        scenario.expect(
            "rep", invalidate(deal), refusedAs: .alreadyClosed(opportunity: deal, outcome: .lost))
    }

    @Test("D-13: an empty list takes any reason, but no silence", arguments: ["", " ", "\t"])
    func anyReason(silence: String) throws {
        let scenario = try scenario {
            $0.lossReasons = []
            $0.invalidReasons = []
        }
        let (one, other) = (try scenario.deal(), try scenario.deal())
        let empty = Rejection.invalid([.init("REASON", "must not be empty")])
        scenario.expect("rep", lose(one, silence), refusedAs: empty)
        scenario.expect("rep", invalidate(other, silence), refusedAs: empty)
        try scenario.given("rep", lose(one, "天气"))
        try scenario.given("rep", invalidate(other, "prank call"))
    }

    @Test("D-13: closing cancels the pending request; the approver is told, and the superior")
    func cancels() throws {
        let scenario = try scenario()
        for end in [false, true] {
            let deal = try scenario.deal(by: "junior")
            let approval = try scenario.submit(deal, by: "junior")
            if end {
                try scenario.given("junior", lose(deal))
            } else {
                try scenario.given("junior", invalidate(deal))
            }
            #expect(scenario[approval].status == .cancelled)
            #expect(scenario[deal].pending == nil)
            scenario.expect(
                "mentor", approve(approval),
                refusedAs: .alreadyDecided(
                    approval: approval, status: .cancelled, by: scenario.person("junior")))
        }
        #expect(
            scenario.told("mentor") == [
                .approvalRequested, .approvalCancelled, .dealInvalid, .approvalRequested,
                .approvalCancelled, .dealLost,
            ])
    }

    @Test("D-14: won from the last stage only")
    func wonFromLast() throws {
        let scenario = try scenario()
        let early = try scenario.deal()
        scenario.expect(
            "rep", win(early),
            refusedAs: .invalid([
                .init(
                    "opportunity", "o1 is in stage 'a' and is won from 'c'; OPP.ADVANCE it first")
            ]))
        let deal = try ripe(scenario)
        try scenario.given("rep", win(deal))
        #expect(scenario[deal].outcome == .won)
        #expect(scenario[deal].closing?.reason == "")
    }

    @Test("D-14: a flexible process is won wherever a transition leads to won, through its gate")
    func wonFlexible() throws {
        let scenario = try SampleCompany.scenario()
        var definition = flexible(
            [stage("a", 10), stage("b", 20), stage("c", 30)], [("a", "b"), ("b", "won")])
        definition.transitions[1].gate = askSuperior()
        try scenario.publish("loop", definition)
        let deal = try scenario.deal()
        #expect(scenario.refusal("rep", win(deal)) != nil)
        try scenario.given("rep", advance(deal))
        try scenario.given("rep", win(deal))
        try scenario.given("manager", approve(try #require(scenario[deal].pending)))
        #expect(scenario[deal].outcome == .won)
        #expect(scenario[deal].currentStage.key == "b")
    }

    @Test("D-14: WIN checks the stage's gate; the final approval wins in the same step")
    func wonByApproval() throws {
        let scenario = try scenario {
            $0.stages[2].gate = askSuperior()
            $0.stages[2].requires = [.region]
            $0.reviewRequired = true
        }
        let deal = try ripe(scenario)
        scenario.expect(
            "rep", win(deal, review: "  "),
            refusedAs: .gate(opportunity: deal, stage: "c", missing: [.field(.region), .review]))
        try scenario.given("rep", update(deal, fields: [.region: "North"]))
        try scenario.given("rep", win(deal, review: "good team"))
        #expect(scenario[deal].outcome == .open)
        let approval = try #require(scenario[deal].pending)
        try scenario.given("manager", approve(approval))
        #expect(scenario[deal].outcome == .won)
        #expect(scenario[deal].closing?.review == "good team")
        let last = scenario.log.suffix(3).map(\.sequence)
        #expect(last.count == 3)
        #expect(scenario.log.last?.at == scenario[deal].closedAt)
    }

    @Test("D-14: a rejected win leaves the deal open in its last stage")
    func winRejected() throws {
        let scenario = try scenario { $0.stages[2].gate = askSuperior() }
        let deal = try ripe(scenario)
        try scenario.given("rep", win(deal))
        try scenario.given("manager", reject(try #require(scenario[deal].pending), "unsigned"))
        #expect(scenario[deal].outcome == .open)
        #expect(scenario[deal].closing == nil)
        try scenario.given("rep", win(deal))
        #expect(scenario[deal].pending != nil)
    }

    @Test(
        "D-14: losing takes a review where the process makes it compulsory",
        arguments: [nil, "", " "])
    func reviews(silence: String?) throws {
        let scenario = try scenario { $0.reviewRequired = true }
        let deal = try scenario.deal()
        scenario.expect(
            "rep", lose(deal, "weather", review: silence),
            refusedAs: .invalid([
                .init("REASON", "must be one of: price, competitor"),
                .init("REVIEW", "is compulsory in this process: what worked, what did not"),
            ]))
        try scenario.given("rep", lose(deal, review: "too slow"))
    }

    @Test("N-2: the owner's superior hears of won, lost and invalid, unless it was his own doing")
    func superiorTold() throws {
        let scenario = try scenario { $0.stages[0].gate = Gate() }
        func fresh() throws -> OpportunityID {
            let deal = try scenario.deal()
            try scenario.given("rep", advance(deal))
            try scenario.given("rep", advance(deal))
            return deal
        }
        try scenario.given("rep", win(fresh()))
        try scenario.given("rep", lose(fresh()))
        try scenario.given("rep", invalidate(fresh()))
        #expect(scenario.told("manager") == [.dealWon, .dealLost, .dealInvalid])
        try scenario.given("manager", win(fresh()))
        try scenario.given("manager", lose(fresh()))
        #expect(scenario.told("manager").count == 3)
        try scenario.given("director", invalidate(fresh()))
        #expect(scenario.told("manager").last == .dealInvalid)
        #expect(scenario.told("director") == [])
        #expect(scenario.told("rep") == [])
    }

    @Test("N-2: at the top of the tree nobody is told, and nothing breaks")
    func nobodyAbove() throws {
        let scenario = try scenario()
        let deal = try scenario.deal(by: "director")
        scenario.expect(
            "director", lose(deal),
            gives: [
                .opportunity(
                    deal,
                    .lost(Closing(reason: "price", competitor: nil, review: nil, note: nil)))
            ])
    }

    @Test("D-13: a closed deal is changed by nothing but notes")
    func closed() throws {
        let scenario = try scenario()
        let deal = try scenario.deal()
        try scenario.given("rep", lose(deal))
        let refusal = Rejection.alreadyClosed(opportunity: deal, outcome: .lost)
        scenario.expect("rep", advance(deal), refusedAs: refusal)
        scenario.expect("rep", update(deal), refusedAs: refusal)
        scenario.expect("rep", mark(deal, "x"), refusedAs: refusal)
        scenario.expect("rep", feedback(deal), refusedAs: refusal)
        scenario.expect("rep", win(deal), refusedAs: refusal)
        scenario.expect("rep", recall(deal), refusedAs: .nothingPending(opportunity: deal))
        try scenario.given("manager", note(deal))
    }
}

@Suite("Locked while pending")
struct LockTests {
    private static let commands: [(name: String, isLocked: Bool)] = [
        ("update", true), ("feedback", true), ("task", true), ("advance", true), ("win", true),
        ("note", false), ("lose", false), ("invalidate", false), ("recall", false),
        ("approve", false), ("reject", false),
    ]

    @Test("D-25: every write command of a deal while its approval is pending", arguments: commands)
    func table(command: (name: String, isLocked: Bool)) throws {
        let scenario = try SampleCompany.scenario()
        let first = stage("a", 10) {
            $0.gate = askSuperior()
            $0.tasks = [StageTask(key: "visit", name: "Visit")]
            $0.feedback = [FeedbackField(key: "need", name: "Need", type: .text)]
        }
        try scenario.publish("method", linear(first, stage("b", 20)))
        let deal = try scenario.deal(amount: "5")
        let approval = try scenario.submit(deal)
        let refusal: Rejection? =
            switch command.name {
            case "update": scenario.refusal("rep", update(deal, title: "Other"))
            case "feedback": scenario.refusal("rep", feedback(deal, ("need", "x")))
            case "task": scenario.refusal("rep", mark(deal, "visit"))
            case "advance": scenario.refusal("rep", advance(deal))
            case "win": scenario.refusal("rep", win(deal))
            case "note": scenario.refusal("rep", note(deal))
            case "lose": scenario.refusal("rep", lose(deal))
            case "invalidate": scenario.refusal("rep", invalidate(deal))
            case "recall": scenario.refusal("rep", recall(deal))
            case "approve": scenario.refusal("manager", approve(approval))
            default: scenario.refusal("manager", reject(approval, "no"))
            }
        #expect(
            refusal == (command.isLocked ? .pending(opportunity: deal, approval: approval) : nil))
        // Once decided, the lock is gone.
        try scenario.given("manager", reject(approval, "no"))
        #expect(scenario.refusal("rep", update(deal, title: "Other")) == nil)
        #expect(scenario.refusal("rep", mark(deal, "visit")) == nil)
    }
}
