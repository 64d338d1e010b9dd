@testable import PipelineDomain

/// Random work on a company; beside it the plainest possible account of the same facts.
struct Workload {
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
            let fields = anyFields()
            onDeal("close") { update($0, close: .some(close), fields: fields) }
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
                title: "T", customer: CustomerID(UInt32.random(in: 1...2, using: &random)),
                amount: money, currency: anyCurrency(), close: anyDay(),
                process: .key(process), owner: nil, fields: anyFields()))
    }

    mutating func addCustomer(_ name: String, type: String) {
        attempt("customer", by: admin, CreateCustomer(name: name, fields: [.type: type]))
    }

    private mutating func anyFields() -> DealFields {
        var fields: DealFields = [:]
        fields[.product] = ["crane", "digger", nil].randomElement(using: &random) ?? nil
        fields[.industry] = ["energy", nil].randomElement(using: &random) ?? nil
        return fields
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
        var onward = 0
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
                        if let place = deal.version.stageIndex(stage),
                            place < deal.version.lastStage,
                            entered[id]?.contains(deal.definition.stages[place + 1].key) == true
                        {
                            figures[key(stage), default: Figures()].onward += 1
                        }
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
                    var kept = Figures(
                        open: sum.open, entered: sum.entered, onward: sum.onward, won: sum.won)
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
