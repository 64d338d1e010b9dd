import PipelineDomain
import Testing

/// Of several things wrong with one command the first counts: NOTFOUND, NOPERM, CONFLICT, PENDING,
/// INVALID, GATE.
@Suite("Order of refusals")
struct PrecedenceTests {
    private static let nobody = Rejection.notFound(noun: "person", name: "e99")
    private static let noCustomer = Rejection.notFound(noun: "customer", name: "c9")

    private func scenario() throws -> (Scenario, OpportunityID) {
        let scenario = try SampleCompany.scenario()
        let first = stage("a", 10) {
            $0.gate = askSuperior()
            $0.requires = [.region]
        }
        try scenario.publish("method", linear(first, stage("b", 40)))
        return (scenario, try scenario.deal())
    }

    @Test("P-5: NOTFOUND comes before NOPERM")
    func absentFirst() throws {
        let (scenario, deal) = try scenario()
        scenario.expect(
            "executive", update(deal, customer: CustomerID(9)), refusedAs: Self.noCustomer)
        scenario.expect(
            "colleague", scenario.newDeal(process: "none", for: "rep"),
            refusedAs: .notFound(noun: "process", name: "none"))
        scenario.expect(
            "colleague", scenario.newDeal(for: "rep", customer: CustomerID(9)),
            refusedAs: Self.noCustomer)
        scenario.expect(
            "rep",
            UpdatePerson(
                person: .login("rep"), name: nil, unit: nil, superior: .id(PersonID(99)), role: nil,
                zone: nil, language: nil),
            refusedAs: Self.nobody)
        scenario.expect(
            "rep",
            CreateUnit(name: "X", parent: UnitID(99), kind: nil, head: nil),
            refusedAs: .notFound(noun: "unit", name: "u99"))
        scenario.expect(
            "executive", note(deal, replyTo: NoteID(9)),
            refusedAs: .notFound(noun: "note", name: "n9"), seeing: 7)
    }

    @Test("P-5: NOTFOUND of something named comes before a stale revision and a lock")
    func absentBeforeConflict() throws {
        let (scenario, deal) = try scenario()
        scenario.expect(
            "rep", update(deal, customer: CustomerID(9)), refusedAs: Self.noCustomer, seeing: 9)
        try scenario.given("rep", update(deal, fields: [.region: "North"]))
        _ = try scenario.submit(deal)
        scenario.expect("rep", update(deal, customer: CustomerID(9)), refusedAs: Self.noCustomer)
    }

    @Test("P-5: NOPERM comes before CONFLICT")
    func forbiddenBeforeStale() throws {
        let (scenario, deal) = try scenario()
        let refusal = Rejection.notPermitted(
            action: "lose o1", who: "its owner \(scenario.person("rep")) or somebody above")
        scenario.expect("executive", lose(deal), refusedAs: refusal, seeing: 99)
        try scenario.given("rep", lose(deal))
        scenario.expect("executive", lose(deal), refusedAs: refusal)
    }

    @Test("P-5: a stale revision comes before a closed deal, and that before wrong values")
    func conflicts() throws {
        let (scenario, deal) = try scenario()
        try scenario.given("rep", lose(deal))
        scenario.expect(
            "rep", lose(deal, ""),
            refusedAs: .stale(name: "o1", current: 2, changedBy: scenario.person("rep")), seeing: 1)
        scenario.expect(
            "rep", lose(deal, ""), refusedAs: .alreadyClosed(opportunity: deal, outcome: .lost))
    }

    @Test("P-5: PENDING comes before INVALID and GATE")
    func pendingBeforeInvalid() throws {
        let (scenario, deal) = try scenario()
        try scenario.given("rep", update(deal, fields: [.region: "North"]))
        let approval = try scenario.submit(deal)
        let pending = Rejection.pending(opportunity: deal, approval: approval)
        scenario.expect("rep", advance(deal, to: "nowhere"), refusedAs: pending)
        scenario.expect("rep", update(deal, title: ""), refusedAs: pending)
        scenario.expect("rep", win(deal), refusedAs: pending)
    }

    @Test("P-5: a taken external id comes before a wrong value")
    func takenBeforeInvalid() throws {
        let (scenario, deal) = try scenario()
        try scenario.given("rep", scenario.newDeal(fields: [.externalID: "X"]))
        scenario.expect(
            "rep", update(deal, title: "", fields: [.externalID: "X"]),
            refusedAs: .taken(what: "external id", text: "X", by: "o2"))
        scenario.expect(
            "rep", update(deal, currency: currency("USD"), fields: [.externalID: "X"]),
            refusedAs: .taken(what: "external id", text: "X", by: "o2"))
    }

    @Test("P-5: INVALID comes before GATE")
    func invalidBeforeGate() throws {
        let (scenario, deal) = try scenario()
        scenario.expect(
            "rep", advance(deal, to: "z"),
            refusedAs: .invalid([.init("TO", "no stage 'z'; from here: b")]))
        scenario.expect(
            "rep", win(deal),
            refusedAs: .invalid([
                .init(
                    "opportunity", "o1 is in stage 'a' and is won from 'b'; OPP.ADVANCE it first")
            ]))
    }

    @Test("P-5: what a gate misses is told before that nobody may approve")
    func gates() throws {
        let scenario = try SampleCompany.scenario()
        let first = stage("a", 10) {
            $0.gate = askSuperior()
            $0.requires = [.region]
        }
        try scenario.publish("method", linear(first, stage("b", 40)))
        let deal = try scenario.deal(by: "mentor")
        scenario.expect(
            "mentor", advance(deal),
            refusedAs: .gate(opportunity: deal, stage: "a", missing: [.field(.region)]))
        try scenario.given("mentor", update(deal, fields: [.region: "North"]))
        scenario.expect(
            "mentor", advance(deal), refusedAs: .noSuperior(opportunity: deal, stage: "a"))
    }
}
