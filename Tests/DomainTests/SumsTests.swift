import Testing

@testable import PipelineDomain

@Suite("Kept sums")
struct SumsTests {
    private func scenario() throws -> Scenario {
        let scenario = try SampleCompany.scenario()
        for parent in [3, 4, 4, 2] as [UInt32] {
            try scenario.given(
                "admin", CreateUnit(name: "T", parent: UnitID(parent), kind: .team, head: nil))
        }
        try scenario.given(
            "admin", CreateCustomer(name: "Second", fields: [.type: "enterprise"]))
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

    @Test("E-5, W-1: sums put off while records are replayed come out as if they had been kept")
    func deferred() throws {
        for seed in 20..<24 as Range<UInt64> {
            var kept = Workload(try scenario(), seed: seed)
            var deferred = kept
            for _ in 0..<300 {
                kept.step()
                deferred.step()
            }
            deferred.state.deferSums()
            for _ in 0..<700 {
                kept.step()
                deferred.step()
            }
            deferred.state.settleSums()
            for _ in 0..<100 {
                kept.step()
                deferred.step()
            }
            for unit in kept.state.units.ids {
                #expect(kept.state.units[unit].sums == deferred.state.units[unit].sums)
                #expect(kept.state.units[unit].closes == deferred.state.units[unit].closes)
            }
            // Made anew from nothing they are the same.
            var remade = kept.state
            remade.remakeSums()
            for unit in kept.state.units.ids {
                #expect(kept.state.units[unit].sums == remade.units[unit].sums)
                #expect(kept.state.units[unit].closes == remade.units[unit].closes)
            }
        }
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
                        #expect((left.onward, left.won) == (right.onward, right.won))
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

    @Test("E-5: columns admit what rows admit, and sum up the same, whatever changed meanwhile")
    func columns() throws {
        var work = Workload(try scenario(), seed: 7)
        let kept = KeptColumns()
        for _ in 0..<8 {
            for _ in 0..<40 { work.step() }
            let rows = work.state.basis(for: PersonID(1))
            let columns = work.state.basis(for: PersonID(1), columns: kept)
            for scope in Self.scopes(work.state) {
                let resolved = try rows.resolve(scope)
                for meaning in [
                    PeriodMeaning.expectedClose, .closing, .creation, .stageEntry,
                ] {
                    let expected = rows.deals(of: resolved, scope, by: meaning)
                    let found = columns.deals(of: resolved, scope, by: meaning)
                    #expect(found.ids == expected.ids)
                    #expect(columns.sums(of: found.ids) == rows.sums(of: found.ids))
                    let open = rows.deals(of: resolved, scope, by: meaning, outcomes: [.open])
                    #expect(
                        columns.deals(of: resolved, scope, by: meaning, outcomes: [.open]).ids
                            == open.ids)
                }
                let (one, other) = (try columns.forecast(scope), try rows.forecast(scope))
                #expect(one.figures == other.figures)
                #expect(one.overdueAmount == other.overdueAmount && one.won == other.won)
            }
        }
    }

    @Test("E-5, A-18: columns follow to states with fewer deals and customers, and back")
    func columnsGoBack() throws {
        var work = Workload(try scenario(), seed: 8)
        var states: [State] = []
        for round in 0..<6 {
            while work.state.opportunities.count < 40 * (round + 1) { work.step() }
            for number in 0..<40 {
                let type = ["enterprise", "government"][number % 2]
                work.addCustomer("C\(round)-\(number)", type: type)
            }
            states.append(work.state)
        }
        #expect(work.state.customers.count > 200)
        let kept = KeptColumns()
        var scope = Scope()
        var narrower = Scope()
        scope.customerType = "enterprise"
        narrower.fields = [.product: "crane"]
        for index in [5, 0, 3, 1, 1, 5, 2, 4, 0, 5] {
            let columns = states[index].basis(for: PersonID(1), columns: kept)
            let rows = states[index].basis(for: PersonID(1))
            for scope in [scope, narrower] {
                #expect(try columns.forecast(scope).figures == rows.forecast(scope).figures)
            }
        }
    }

    @Test("E-5: texts beyond those that have numbers are looked up in the rows")
    func manyTexts() {
        var codes = TextCodes()
        #expect(codes.code(adding: nil) == 0 && codes["a"] == nil)
        for number in 1...70_000 {
            let code = codes.code(adding: "\(number)")
            #expect(code == UInt16(clamping: number))
        }
        #expect(codes["7"] == 7 && codes["65534"] == 65_534)
        #expect(codes.isFull)
        for text in ["65535", "70000", "a"] { #expect(codes[text] == TextCodes.unknown) }
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
        for product in ["crane", "digger", "nobody sells it"] {
            scope = Scope()
            scope.fields = [.product: product]
            scopes.append(scope)
            scope.fields[.industry] = "energy"
            scopes.append(scope)
            scope.unit = UnitID(2)
            scope.process = .key("straight")
            scope.customerType = "enterprise"
            scopes.append(scope)
        }
        for owner in Set(deals.map(\.owner)).sorted().prefix(3) {
            scope = Scope()
            scope.owner = .id(owner)
            scopes.append(scope)
            scope.fields = [.product: "crane"]
            scopes.append(scope)
        }
        return scopes
    }
}
