import Testing

@testable import PipelineDomain

@Suite("Inbox")
struct InboxTests {
    /// The manager has been told five things.
    private func scenario() throws -> Scenario {
        let scenario = try SampleCompany.scenario()
        try scenario.publish("method", linear(stage("a", 10)))
        for _ in 0..<5 { try scenario.given("rep", lose(scenario.deal())) }
        return scenario
    }

    private func acknowledge(_ seqs: UInt64...) -> AcknowledgeInbox {
        AcknowledgeInbox(rows: .listed(seqs))
    }

    @Test("N-1: each person's rows are numbered 1, 2, 3 … and stay after being acknowledged")
    func dense() throws {
        let scenario = try scenario()
        let inbox = scenario.state.inboxes[scenario.person("manager")]
        #expect(inbox.last == 5)
        for seq in 1...5 as ClosedRange<UInt64> {
            #expect(
                inbox.row(seq)?.notification.opportunity == OpportunityID(UInt32(seq)))
        }
        for seq in [0, 6, UInt64.max] { #expect(inbox.row(seq) == nil) }
        try scenario.given("manager", AcknowledgeInbox(rows: .upTo(5)))
        #expect(scenario.state.inboxes[scenario.person("manager")].rows.count == 5)
        try scenario.given("rep", lose(scenario.deal()))
        #expect(scenario.state.inboxes[scenario.person("manager")].last == 6)
    }

    @Test(
        "N-1: a row is decided in the same step as what causes it, and knows its place in the log")
    func sameStep() throws {
        let scenario = try scenario()
        let rows = scenario.state.inboxes[scenario.person("manager")].rows
        for row in rows {
            let cause = scenario.log[Int(row.logSequence) - 2]
            guard case .opportunity(let deal, .lost) = cause.event else {
                Issue.record("\(cause.event) comes before the row")
                continue
            }
            #expect(row.notification.opportunity == deal)
            #expect(cause.at == row.at)
        }
    }

    @Test("P-7: acknowledging is idempotent, in any order; past the end means the end")
    func acknowledging() throws {
        let scenario = try scenario()
        let manager = scenario.person("manager")
        scenario.expect(
            "manager", acknowledge(4, 2, 2, 99, 0, UInt64.max),
            gives: [.inbox(manager, .acknowledged([2, 4]))])
        #expect(scenario.state.inboxes[manager].acknowledgedUpTo == 0)
        scenario.expect("manager", acknowledge(2, 4), gives: [])
        scenario.expect("manager", acknowledge(1), gives: [.inbox(manager, .acknowledged([1]))])
        #expect(scenario.state.inboxes[manager].acknowledgedUpTo == 2)
        scenario.expect("manager", AcknowledgeInbox(rows: .upTo(2)), gives: [])
        let all = try scenario.decide("manager", AcknowledgeInbox(rows: .upTo(UInt64.max)))
        #expect(all.answer == [Answer.Field("acknowledged", .integer(2))])
        scenario.expect(
            "manager", AcknowledgeInbox(rows: .upTo(UInt64.max)),
            gives: [.inbox(manager, .acknowledgedUpTo(5))])
        #expect(scenario.state.inboxes[manager].acknowledgedUpTo == 5)
        scenario.expect("manager", AcknowledgeInbox(rows: .upTo(UInt64.max)), gives: [])
        scenario.expect("manager", AcknowledgeInbox(rows: .upTo(0)), gives: [])
        scenario.expect("manager", acknowledge(), gives: [])
    }

    @Test("P-7: everyone acknowledges their own inbox only")
    func ownOnly() throws {
        let scenario = try scenario()
        scenario.expect("rep", AcknowledgeInbox(rows: .upTo(5)), gives: [])
        #expect(scenario.state.inboxes[scenario.person("manager")].acknowledgedUpTo == 0)
    }

    @Test("N-8: the sender sees whether a request was delivered and seen")
    func delivery() throws {
        let scenario = try SampleCompany.scenario()
        try scenario.publish(
            "method", linear(stage("a", 10) { $0.gate = askSuperior() }, stage("b", 20)))
        let deal = try scenario.deal()
        let approval = try scenario.submit(deal)
        let manager = scenario.person("manager")
        func state() -> [Bool] {
            let (delivered, seen) = scenario.state.delivery(of: scenario[approval])
            return [delivered, seen]
        }
        #expect(state() == [false, false])
        scenario.given([.inbox(manager, .delivered(upTo: 99))], by: manager)
        #expect(scenario.state.inboxes[manager].deliveredUpTo == 1)
        #expect(state() == [true, false])
        try scenario.given("manager", AcknowledgeInbox(rows: .upTo(1)))
        #expect(state() == [true, true])
        scenario.given([.inbox(manager, .delivered(upTo: 0))], by: manager)
        #expect(scenario.state.inboxes[manager].deliveredUpTo == 1)
    }

    @Test("N-3, D-34: a row's right is looked at again when it is read")
    func rightLost() throws {
        let scenario = try scenario()
        let manager = scenario.person("manager")
        let row = try #require(scenario.state.inboxes[manager].row(1))
        #expect(scenario.state.mayRead(row.notification, manager))
        try scenario.given("admin", change("rep", unit: SampleCompany.west))
        #expect(!scenario.state.mayRead(row.notification, manager))
        try scenario.given("admin", change("rep", unit: SampleCompany.east))
        #expect(scenario.state.mayRead(row.notification, manager))
    }
}

@Suite("Repeated requests")
struct RequestMemoryTests {
    private let person = PersonID(1)
    private static let lifetime = Bounds.requestMemoryMilliseconds

    private func remember(_ state: inout State, _ token: String, at milliseconds: Int64) {
        let answer = RememberedAnswer(
            token: token, fingerprint: 7, answer: Answer([.init("id", .text(token))]))
        state.evolve(
            Recorded(
                sequence: 1, at: Instant(milliseconds: milliseconds), actor: person,
                event: .answered(person, answer)))
    }

    private func isKnown(_ state: State, _ token: String, at milliseconds: Int64) -> Bool {
        let found = state.requests[person].answer(
            to: token, at: Instant(milliseconds: milliseconds))
        return found?.token == token
    }

    @Test("P-6: an answer is remembered for 24 hours, by instant, and for its person only")
    func lifetime() throws {
        var state = try SampleCompany.scenario().state
        remember(&state, "t", at: 1_000)
        #expect(isKnown(state, "t", at: 1_000))
        #expect(isKnown(state, "t", at: 1_000 + Self.lifetime))
        #expect(!isKnown(state, "t", at: 1_001 + Self.lifetime))
        #expect(!isKnown(state, "T", at: 1_000))
        // A clock that went back forgets nothing.
        #expect(isKnown(state, "t", at: -5_000))
        #expect(
            state.requests[PersonID(2)].answer(to: "t", at: Instant(milliseconds: 1_000)) == nil)
    }

    @Test("P-6: a token used again after it expired counts anew")
    func reuse() throws {
        var state = try SampleCompany.scenario().state
        remember(&state, "t", at: 0)
        remember(&state, "t", at: Self.lifetime + 10)
        remember(&state, "u", at: Self.lifetime + 20)
        #expect(isKnown(state, "t", at: Self.lifetime * 2))
        #expect(isKnown(state, "u", at: Self.lifetime * 2))
    }

    @Test("P-6: at most 100 000 answers a person, the oldest go first")
    func bound() throws {
        var state = try SampleCompany.scenario().state
        for index in 0..<(Bounds.requestsPerPerson + 3) {
            remember(&state, "t\(index)", at: Int64(index))
        }
        let end = Int64(Bounds.requestsPerPerson + 3)
        for gone in 0..<3 { #expect(!isKnown(state, "t\(gone)", at: end)) }
        #expect(isKnown(state, "t3", at: end))
        #expect(isKnown(state, "t\(Bounds.requestsPerPerson + 2)", at: end))
    }

    @Test("P-6: what has expired takes no room for long")
    func room() throws {
        var state = try SampleCompany.scenario().state
        for index in 0..<20_000 {
            // A day and a minute between any two tokens: only the last one is ever alive.
            remember(&state, "t\(index)", at: Int64(index) * (Self.lifetime + 60_000))
        }
        let held = Mirror(reflecting: state.requests[person]).children.map { child in
            Mirror(reflecting: child.value).children.count
        }
        #expect(held.allSatisfy { $0 <= 2_100 }, "\(held)")
    }
}
