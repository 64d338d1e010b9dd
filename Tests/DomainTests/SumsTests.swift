import Testing

@testable import PipelineDomain

/// Random work on a company; beside it the plainest possible account of the same facts.
private struct Workload {
    var state: State
    let log: [Recorded]
    var random: SplitMix
    var sequence: UInt64
    /// Stages that each deal ever entered, by its own records alone.
    var entered: [OpportunityID: Set<String>] = [:]
    var accepted: [String: Int] = [:]
    private let admin = PersonID(1)

    init(_ scenario: Scenario, seed: UInt64) {
        state = scenario.state
        log = scenario.log
        sequence = UInt64(scenario.log.count)
        random = SplitMix(seed: seed)
    }

    mutating func step() {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<12: create()
        case 12..<40: onDeal("move") { advance($0, to: nil) }
        case 40..<50:
            let target = ["a", "b", "c"].randomElement(using: &random) ?? "a"
            onDeal("return") { advance($0, to: target, note: "back") }
        case 50..<66: changeAmount()
        case 66..<70:
            let close = anyDay()
            onDeal("close") { update($0, close: .some(close)) }
        case 70..<76: onDeal("win") { DomainTests.win($0) }
        case 76..<80: onDeal("lose") { DomainTests.lose($0) }
        case 80..<83: onDeal("invalidate") { DomainTests.invalidate($0) }
        case 83..<90: decide()
        case 90..<96:
            let unit = anyUnit()
            let person = state.persons[anyPerson()].login
            attempt("transfer of a person", by: admin, change(person, unit: unit))
        case 96..<98:
            let (unit, parent) = (anyUnit(), anyUnit())
            attempt("move of a unit", by: admin, DomainTests.move(unit, under: parent))
        default:
            let head = state.persons[anyPerson()].login
            attempt("new head", by: admin, SampleCompany.setHead(of: anyUnit(), to: head))
        }
    }

    private mutating func anyUnit() -> UnitID {
        UnitID(UInt32.random(in: 1...UInt32(state.units.count), using: &random))
    }
    private mutating func anyPerson() -> PersonID {
        PersonID(UInt32.random(in: 2...UInt32(state.persons.count), using: &random))
    }
    private mutating func anyAmount() -> Amount {
        switch Int.random(in: 0..<4, using: &random) {
        case 0: amount("999999999999999")
        case 1: amount("0")
        default: amount("\(Int.random(in: 1...900_000, using: &random))")
        }
    }
    private mutating func anyCurrency() -> Currency {
        currency(["CNY", "CNY", "USD", "JPY", "KWD"].randomElement(using: &random) ?? "CNY")
    }

    private mutating func create() {
        let owner = anyPerson()
        let money: Amount? = Bool.random(using: &random) ? anyAmount() : nil
        let process = ["straight", "gated", "loop"].randomElement(using: &random) ?? "straight"
        attempt(
            "create", by: owner,
            CreateOpportunity(
                title: "T", customer: SampleCompany.customer, amount: money,
                currency: anyCurrency(), close: anyDay(), process: .key(process), owner: nil,
                fields: [:]))
    }

    private mutating func anyDay() -> Day? {
        let days = Int32.random(in: -1...9, using: &random)
        return days < 0 ? nil : day("2027-01-01").advanced(by: days)
    }

    private mutating func changeAmount() {
        let new: Amount? = Int.random(in: 0..<5, using: &random) > 0 ? anyAmount() : nil
        let unit = anyCurrency()
        onDeal("amount") { update($0, amount: .some(new), currency: unit) }
    }

    private mutating func onDeal(
        _ what: String, _ intent: (OpportunityID) -> some Intent
    ) {
        guard state.opportunities.count > 0 else { return }
        let newest = UInt32(state.opportunities.count)
        let deal = OpportunityID(
            UInt32.random(in: (newest > 60 ? newest - 60 : 1)...newest, using: &random))
        attempt(what, by: state.opportunities[deal].owner, intent(deal))
    }

    private mutating func decide() {
        let waiting = state.approvals.ids.filter { state.approvals[$0].status == .pending }
        guard let id = waiting.randomElement(using: &random), let who = state.approvals[id].current
        else { return }
        if Bool.random(using: &random) {
            attempt("approve", by: who, approve(id))
        } else {
            attempt("reject", by: who, reject(id, "no"))
        }
    }

    private mutating func attempt(_ what: String, by who: PersonID, _ intent: some Intent) {
        let context = Context(actor: who, now: Scenario.start, zones: TestZones())
        guard let decision = try? intent.decide(state, context) else { return }
        accepted[what, default: 0] += 1
        for event in decision.events {
            sequence += 1
            state.evolve(
                Recorded(sequence: sequence, at: Scenario.start, actor: who, event: event))
            switch event {
            case .opportunity(let id, .created):
                entered[id] = [state.opportunities[id].definition.stages[0].key]
            case .opportunity(let id, .moved(let change, _, _)):
                entered[id, default: []].insert(change.to)
            default: break
            }
        }
    }

    // MARK: The plain account

    struct Key: Hashable {
        let unit: UnitID
        let version: ProcessVersionID
        let stage: String
    }
    struct Figures: Equatable {
        var open = 0
        var entered = 0
        var won = 0
        var minorUnits: [Currency: Int128] = [:]
        var counts: [Currency: Int] = [:]
        var isEmpty: Bool { open == 0 && entered == 0 && won == 0 && counts.isEmpty }
    }

    struct CloseKey: Hashable {
        let unit: UnitID
        let day: Day
        let currency: Currency
    }

    func recomputedCloses() -> [CloseKey: Int128] {
        var sums: [CloseKey: Int128] = [:]
        for id in state.opportunities.ids {
            let deal = state.opportunities[id]
            guard deal.outcome == .open, let money = deal.amount, let close = deal.close else {
                continue
            }
            for unit in state.path(from: deal.unit) {
                let key = CloseKey(unit: unit, day: close, currency: money.currency)
                sums[key, default: 0] += Int128(money.minorUnits)
            }
        }
        return sums
    }

    func keptCloses() -> [CloseKey: Int128] {
        var sums: [CloseKey: Int128] = [:]
        for unit in state.units.ids {
            for row in state.units[unit].closes.rows {
                let key = CloseKey(unit: unit, day: row.day, currency: row.currency)
                sums[key] = row.minorUnits
            }
        }
        return sums
    }

    func recomputed() -> [Key: Figures] {
        var figures: [Key: Figures] = [:]
        for id in state.opportunities.ids {
            let deal = state.opportunities[id]
            var unit: UnitID? = deal.unit
            while let current = unit {
                func key(_ stage: String) -> Key {
                    Key(unit: current, version: deal.version.id, stage: stage)
                }
                if deal.outcome == .open {
                    figures[key(deal.currentStage.key), default: Figures()].open += 1
                    if let money = deal.amount {
                        let here = key(deal.currentStage.key)
                        figures[here, default: Figures()].counts[money.currency, default: 0] += 1
                        figures[here, default: Figures()].minorUnits[money.currency, default: 0] +=
                            Int128(money.minorUnits)
                    }
                }
                if deal.outcome != .invalid {
                    for stage in entered[id] ?? [] {
                        figures[key(stage), default: Figures()].entered += 1
                        if deal.outcome == .won { figures[key(stage), default: Figures()].won += 1 }
                    }
                }
                unit = state.units[current].parent
            }
        }
        return figures.filter { !$0.value.isEmpty }
    }

    func kept() -> [Key: Figures] {
        var figures: [Key: Figures] = [:]
        for unit in state.units.ids {
            for (version, sums) in state.units[unit].sums {
                for (stage, sum) in zip(state.versions[version].definition.stages, sums) {
                    var kept = Figures(open: sum.open, entered: sum.entered, won: sum.won)
                    for part in sum.amounts {
                        kept.counts[part.currency] = part.count
                        kept.minorUnits[part.currency] = part.minorUnits
                    }
                    if !kept.isEmpty {
                        figures[Key(unit: unit, version: version, stage: stage.key)] = kept
                    }
                }
            }
        }
        return figures
    }
}

@Suite("Kept sums")
struct SumsTests {
    private func scenario() throws -> Scenario {
        let scenario = try SampleCompany.scenario()
        for parent in [3, 4, 4, 2] as [UInt32] {
            try scenario.given(
                "admin", CreateUnit(name: "T", parent: UnitID(parent), kind: .team, head: nil))
        }
        var straight = linear(stage("a", 10), stage("b", 40), stage("c", 80))
        straight.transitions = [.init(from: "b", to: "a"), .init(from: "c", to: "a")]
        try scenario.publish("straight", straight)
        try scenario.publish(
            "gated", linear(stage("a", 10) { $0.gate = askSuperior() }, stage("b", 50)))
        try scenario.publish(
            "loop",
            flexible(
                [stage("c", 10), stage("a", 20), stage("b", 30)],
                [("c", "b"), ("a", "c"), ("b", "a"), ("b", "won")]))
        return scenario
    }

    @Test(
        "E-5: kept sums equal sums made from scratch, whatever happened",
        arguments: [1, 2026] as [UInt64])
    func random(seed: UInt64) throws {
        var work = Workload(try scenario(), seed: seed)
        for round in 1...10 {
            for _ in 0..<1_200 { work.step() }
            let (kept, recomputed) = (work.kept(), work.recomputed())
            #expect(kept == recomputed, "seed \(seed), round \(round)")
            try #require(kept == recomputed)
            #expect(work.keptCloses() == work.recomputedCloses(), "seed \(seed), round \(round)")
            // Stays tell the same stages as the bits that conversion counts by.
            for id in work.state.opportunities.ids {
                let deal = work.state.opportunities[id]
                var stays: UInt64 = 1 << UInt64(deal.stage)
                for visit in deal.visits { stays |= 1 << UInt64(visit.stage) }
                #expect(stays == deal.enteredStages)
            }
            // The root holds every deal; a circle of units would lose some.
            #expect(work.state.subtree(of: State.rootUnit).count == work.state.units.count)
        }
        // Every kind of operation took place, so the equality above says something about each.
        #expect(work.accepted.count == 13, "seed \(seed): \(work.accepted)")
        for (what, count) in work.accepted { #expect(count > 5, "seed \(seed): \(what)") }
    }

    @Test("E-4: a photograph stays as it was while work goes on")
    func photograph() throws {
        var work = Workload(try scenario(), seed: 4)
        for _ in 0..<300 { work.step() }
        let photograph = work.state
        let before = StateDigest(photograph)
        for _ in 0..<300 { work.step() }
        #expect(StateDigest(photograph) == before)
        #expect(StateDigest(work.state) != before)
    }

    @Test("E-5: a filtered funnel over all deals equals the kept one")
    func scanned() throws {
        var work = Workload(try scenario(), seed: 5)
        for _ in 0..<1_500 { work.step() }
        for unit in work.state.units.ids {
            for process in ["straight", "gated", "loop"] {
                var scope = Scope()
                scope.unit = unit
                scope.process = .key(process)
                let basis = work.state.basis(for: PersonID(1))
                let resolved = try basis.resolve(scope)
                let fast = work.state.units[unit].sums.filter {
                    work.state.versions[$0.key].key == process
                }
                let slow = basis.sums(of: basis.deals(of: resolved, scope, by: .stageEntry).ids)
                for version in Set(fast.keys).union(slow.keys) {
                    let count = work.state.versions[version].definition.stages.count
                    let none = [StageSum](repeating: StageSum(), count: count)
                    for (left, right) in zip(fast[version] ?? none, slow[version] ?? none) {
                        #expect((left.open, left.entered) == (right.open, right.entered))
                        #expect(left.won == right.won)
                        #expect(Set(left.amounts) == Set(right.amounts))
                    }
                }
            }
        }
    }

    @Test("A-2, A-3, E-5: a forecast from kept sums is the forecast of the deals one by one")
    func forecasts() throws {
        var work = Workload(try scenario(), seed: 6)
        for _ in 0..<3_000 { work.step() }
        for unit in work.state.units.ids {
            var scope = Scope()
            scope.unit = unit
            let basis = work.state.basis(for: PersonID(1), today: day("2027-01-05"))
            let kept = try basis.forecast(scope)
            // Broken down, it looks at every deal.
            let walked = try basis.forecast(scope, by: .process)
            #expect(kept.figures == walked.figures)
            #expect(kept.overdueAmount == walked.overdueAmount)
            #expect(
                Set(kept.unconverted.map(\.minorUnits)) == Set(walked.unconverted.map(\.minorUnits))
            )
            #expect(kept.isComplete && walked.isComplete)
        }
    }

    @Test(
        "E-5: columns rule out no deal that a filter admits, whatever changed since they were made")
    func columns() throws {
        var work = Workload(try scenario(), seed: 7)
        let kept = KeptColumns()
        for _ in 0..<8 {
            for _ in 0..<40 { work.step() }
            for scope in Self.scopes(work.state) {
                for meaning in [PeriodMeaning.expectedClose, .closing, .stageEntry] {
                    let rows = work.state.basis(for: PersonID(1))
                    let columns = work.state.basis(for: PersonID(1), columns: kept)
                    let resolved = try rows.resolve(scope)
                    let expected = rows.deals(of: resolved, scope, by: meaning)
                    #expect(columns.deals(of: resolved, scope, by: meaning).ids == expected.ids)
                }
            }
        }
    }

    private static func scopes(_ state: State) -> [Scope] {
        var scopes = state.units.ids.map { unit in
            var scope = Scope()
            scope.unit = unit
            return scope
        }
        for process in ["straight", "gated", "loop"] {
            var scope = Scope()
            scope.process = .key(process)
            scopes.append(scope)
        }
        let deals = state.opportunities.ids.map { state.opportunities[$0] }
        for close in Set(deals.compactMap(\.close)).sorted().prefix(4) {
            var scope = Scope()
            scope.period = close...close
            scopes.append(scope)
        }
        for closed in deals.compactMap(\.closedAt).suffix(3) {
            let day = Day(number: Int32(closed.milliseconds / Instant.dayMilliseconds))
            var scope = Scope()
            scope.period = Day(number: day.number - 1)...Day(number: day.number + 1)
            scopes.append(scope)
        }
        var scope = Scope()
        scope.customerType = "enterprise"
        scopes.append(scope)
        for product in ["crane", "digger"] {
            scope = Scope()
            scope.fields = [.product: product]
            scopes.append(scope)
        }
        return scopes
    }
}
