import Testing

@testable import PipelineDomain

@Suite("Choice of a deal's process")
struct ProcessChoiceTests {
    private func scoped(_ change: (inout ProcessDefinition.Applicability) -> Void)
        -> ProcessDefinition
    {
        var definition = linear(stage("only", 50))
        change(&definition.appliesTo)
        return definition
    }

    /// The key of the process that a new deal of the rep's gets.
    private func chosen(
        _ scenario: Scenario, by who: String = "rep", customer: CustomerID = SampleCompany.customer,
        fields: DealFields = [:]
    ) throws -> String {
        try scenario.given(who, scenario.newDeal(customer: customer, fields: fields))
        let id = OpportunityID(UInt32(scenario.state.opportunities.count))
        return scenario[id].version.key
    }

    @Test("D-1: the nearest unit up the tree wins, whatever the number of other lists")
    func nearestUnit() throws {
        let scenario = try SampleCompany.scenario()
        try scenario.publish("anywhere", scoped { $0.products = ["ads"] })
        #expect(try chosen(scenario, fields: [.product: "ads"]) == "anywhere")
        try scenario.publish("company", scoped { $0.units = [SampleCompany.root] })
        #expect(try chosen(scenario, fields: [.product: "ads"]) == "company")
        try scenario.publish("sales", scoped { $0.units = [SampleCompany.sales] })
        #expect(try chosen(scenario) == "sales")
        try scenario.publish(
            "east", scoped { $0.units = [SampleCompany.west, SampleCompany.east] })
        #expect(try chosen(scenario) == "east")
        #expect(try chosen(scenario, by: "director") == "sales")
        #expect(try chosen(scenario, by: "mentor", fields: [.product: "ads"]) == "company")
    }

    @Test("D-1: a named person comes before any unit")
    func namedPerson() throws {
        let scenario = try SampleCompany.scenario()
        try scenario.publish("east", scoped { $0.units = [SampleCompany.east] })
        try scenario.publish("reps-own", scoped { $0.persons = [scenario.person("rep")] })
        #expect(try chosen(scenario) == "reps-own")
        #expect(try chosen(scenario, by: "colleague") == "east")
    }

    @Test("D-1: at the same distance the number of matching lists decides")
    func matchingLists() throws {
        let scenario = try SampleCompany.scenario()
        try scenario.given(
            "rep", CreateCustomer(name: "Ministry", fields: [.type: "Government", .industry: "IT"]))
        let ministry = CustomerID(2)
        try scenario.publish("general", scoped { _ in })
        try scenario.publish("public", scoped { $0.customerTypes = ["government"] })
        try scenario.publish(
            "public-it",
            scoped {
                $0.customerTypes = ["government"]
                $0.industries = ["it", "telecom"]
            })
        #expect(try chosen(scenario) == "general")
        #expect(try chosen(scenario, customer: ministry) == "public-it")
        // The deal's own industry comes before its customer's.
        #expect(try chosen(scenario, customer: ministry, fields: [.industry: "Health"]) == "public")
    }

    @Test("D-1: two that fit equally well are refused, and both are named")
    func ambiguous() throws {
        let scenario = try SampleCompany.scenario()
        try scenario.publish("wide", scoped { _ in })
        try scenario.publish("zeta", scoped { $0.units = [SampleCompany.east] })
        try scenario.publish("alpha", scoped { $0.units = [SampleCompany.east] })
        scenario.expect(
            "rep", scenario.newDeal(), refusedAs: .ambiguousProcess(["alpha", "zeta"]))
        // Naming one of them settles it.
        #expect(try scenario[scenario.deal(process: "zeta")].version.key == "zeta")
    }

    @Test("D-1: naming one that does not apply, is not published or does not exist is refused")
    func named() throws {
        let scenario = try SampleCompany.scenario()
        try scenario.publish("west", scoped { $0.units = [SampleCompany.west] })
        try scenario.given("admin", PutProcess(key: "draft", definition: scoped { _ in }))
        scenario.expect(
            "rep", scenario.newDeal(process: "west"),
            refusedAs: .invalid([.init("PROCESS", "'west' does not apply to this deal")]))
        scenario.expect(
            "rep", scenario.newDeal(process: "draft"),
            refusedAs: .invalid([
                .init("PROCESS", "'draft' is not published; PROCESS.PUBLISH it")
            ]))
        scenario.expect(
            "rep", scenario.newDeal(process: "none"),
            refusedAs: .notFound(noun: "process", name: "none"))
        scenario.expect(
            "rep", scenario.newDeal(),
            refusedAs: .invalid([.init("PROCESS", "no published process applies to this deal")]))
    }

    @Test("D-1: the unit that counts is the owner's, not the creator's")
    func ownersUnit() throws {
        let scenario = try SampleCompany.scenario()
        try scenario.publish("east", scoped { $0.units = [SampleCompany.east] })
        try scenario.publish("west", scoped { $0.units = [SampleCompany.west] })
        let deal = try scenario.deal(by: "director", for: "westerner")
        #expect(scenario[deal].version.key == "west")
    }
}

@Suite("Drafts and versions")
struct ProcessVersionTests {
    @Test("D-3: falling win rates are refused unless a dip is allowed")
    func dips() throws {
        let scenario = try SampleCompany.scenario()
        let definition = linear(stage("a", 40), stage("b", 30), stage("c", 30), stage("d", 20))
        try scenario.given("admin", PutProcess(key: "falling", definition: definition))
        scenario.expect(
            "admin", PublishProcess(process: .key("falling"), allowDip: false),
            refusedAs: .winRatesFall([.init(from: "a", to: "b"), .init(from: "c", to: "d")]))
        scenario.expect(
            "admin", PublishProcess(process: .key("falling"), allowDip: true),
            gives: [.process(ProcessID(1), .published(version: 1))])
    }

    @Test("D-7: publishing turns the draft into the next version, and takes it away")
    func publishing() throws {
        let scenario = try SampleCompany.scenario()
        try scenario.publish("method", linear(stage("a", 10)))
        scenario.expect(
            "admin", PublishProcess(process: .key("method"), allowDip: false),
            refusedAs: .nothingDrafted(process: "method"))
        try scenario.publish("method", linear(stage("a", 10), stage("b", 20)))
        let process = scenario.state.processes[ProcessID(1)]
        #expect(process.versions.map { scenario.state.versions[$0].number } == [1, 2])
        #expect(scenario.state.processes.count == 1)
        #expect(process.revision.number == 4)
    }

    @Test("D-7: a running deal stays on the version it entered")
    func running() throws {
        let scenario = try SampleCompany.scenario()
        try scenario.publish("method", linear(stage("a", 10), stage("b", 20)))
        let old = try scenario.deal()
        try scenario.publish("method", linear(stage("x", 10), stage("a", 20), stage("y", 30)))
        let new = try scenario.deal()
        try scenario.given("rep", advance(old))
        #expect(scenario[old].version.number == 1)
        #expect(scenario[old].currentStage.key == "b")
        #expect(scenario[new].version.number == 2)
        #expect(scenario[new].currentStage.key == "x")
    }

    @Test("D-7: a draft changes nothing until it is published")
    func draft() throws {
        let scenario = try SampleCompany.scenario()
        try scenario.publish("method", linear(stage("a", 10)))
        try scenario.given(
            "admin", PutProcess(key: "method", definition: linear(stage("b", 10))))
        #expect(try scenario[scenario.deal()].currentStage.key == "a")
    }

    @Test("D-2, D-19: units, persons and designates that a process names must exist and be active")
    func references() throws {
        let scenario = try SampleCompany.scenario()
        var definition = linear(
            stage("a", 10) {
                $0.gate = askSuperior {
                    $0.onNoSuperior = .designate
                    $0.designate = PersonID(99)
                }
            })
        definition.appliesTo.units = [UnitID(0), SampleCompany.east, UnitID(UInt32.max)]
        definition.appliesTo.persons = [PersonID(77)]
        scenario.expect(
            "admin", PutProcess(key: "method", definition: definition),
            refusedAs: .invalid([
                .init("appliesTo.units", "no unit u0"),
                .init("appliesTo.units", "no unit u4294967295"),
                .init("appliesTo.persons", "no person e77"),
                .init("stages[0].gate.designate", "e99 is no active person"),
            ]))
    }

    @Test("D-19: a designate is looked at again when the process is published")
    func designateAtPublishing() throws {
        let scenario = try SampleCompany.scenario()
        let mentor = scenario.person("mentor")
        let definition = linear(
            stage("a", 10) {
                $0.gate = askSuperior {
                    $0.onNoSuperior = .designate
                    $0.designate = mentor
                }
            })
        try scenario.given("admin", PutProcess(key: "method", definition: definition))
        scenario.intervene { $0.persons[mentor].isActive = false }
        scenario.expect(
            "admin", PublishProcess(process: .key("method"), allowDip: false),
            refusedAs: .invalid([
                .init("stages[0].gate.designate", "\(mentor) is no active person")
            ]))
    }

    @Test("D-32: processes are an admin's", arguments: ["rep", "director", "executive"])
    func adminOnly(who: String) throws {
        let scenario = try SampleCompany.scenario()
        try scenario.given("admin", PutProcess(key: "m", definition: linear(stage("a", 10))))
        scenario.expect(
            who, PutProcess(key: "m", definition: linear(stage("a", 10))),
            refusedAs: .notPermitted(action: "define processes", who: "an admin"))
        scenario.expect(
            who, PublishProcess(process: .key("m"), allowDip: false),
            refusedAs: .notPermitted(action: "publish processes", who: "an admin"))
    }
}
