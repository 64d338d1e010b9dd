/// The processes that the model's companies sell by, and how new versions of them come about.
extension NaiveProcess {
    /// Linear, with approval at several levels, tasks, feedback, returns and a compulsory review.
    static let bid: NaiveProcess = {
        var proposal = Stage(key: "proposal", winRate: 4_000)
        proposal.tasks = [
            Task(key: "site-visit", wantsEvidence: true), Task(key: "demo", role: "presales"),
        ]
        proposal.requires = ["amount", "customer.phone"]
        proposal.gate.asks = true
        proposal.gate.levels = [
            Level(from: 0, count: 1), Level(from: 50_000_000, count: 2),
        ]
        var price = Stage(key: "price", winRate: 6_000)
        price.feedback = [
            Field(key: "size", type: "choice", isRequired: false, choices: ["small", "large"])
        ]
        price.gate.asks = true
        price.gate.levels = [
            Level(from: 0, count: 1), Level(from: 10_000_000, count: 2),
            Level(from: 100_000_000, count: 3),
        ]
        price.gate.onNoSuperior = "designate"
        price.gate.designate = 7
        var closing = Stage(key: "closing", winRate: 9_000)
        closing.gate.asks = true
        closing.gate.onNoSuperior = "auto"
        var first = Stage(key: "qualify", winRate: 1_000)
        first.feedback = [
            Field(key: "need"), Field(key: "floors", type: "number", isRequired: false),
        ]
        var process = NaiveProcess(stages: [first, proposal, price, closing])
        var plainGate = Gate()
        plainGate.asks = true
        process.transitions = [
            Transition(from: "price", to: "proposal"),
            Transition(from: "proposal", to: "qualify", gate: plainGate),
        ]
        process.lossReasons = ["price", "rival"]
        process.isReviewRequired = true
        return process
    }()

    /// Flexible: jumps, returns, and two ways to win.
    static let flexible: NaiveProcess = {
        var one = Gate()
        one.asks = true
        var granted = one
        granted.onNoSuperior = "auto"
        granted.levels = [Level(from: 100_000, count: 1), Level(from: 70_000_000, count: 2)]
        var second = Stage(key: "visit", winRate: 3_000, gate: one)
        second.tasks = [
            Task(key: "report", isRequired: false), Task(key: "demo", role: "presales"),
        ]
        var third = Stage(key: "offer", winRate: 2_000)
        third.requires = ["close"]
        var process = NaiveProcess(stages: [
            Stage(key: "contact", winRate: 500), second, third, Stage(key: "deal", winRate: 8_000),
        ])
        process.isLinear = false
        process.industries = ["steel"]
        process.reaskDropPercent = 50
        process.transitions = [
            Transition(from: "contact", to: "visit"),
            Transition(from: "contact", to: "offer", gate: granted),
            Transition(from: "visit", to: "contact"), Transition(from: "visit", to: "deal"),
            Transition(from: "visit", to: "won", gate: granted),
            Transition(from: "offer", to: "deal"), Transition(from: "deal", to: "visit", gate: one),
            Transition(from: "offer", to: "won"),
        ]
        return process
    }()

    /// No gate at all; for one kind of customer.
    static let plain: NaiveProcess = {
        var process = NaiveProcess(stages: [
            Stage(key: "start", winRate: 5_000), Stage(key: "finish", winRate: 7_000),
        ])
        process.customerTypes = ["government"]
        process.invalidReasons = ["duplicate"]
        return process
    }()

    /// A unit's own; its gates fall back on a designate.
    static let local: NaiveProcess = {
        var first = Stage(key: "start", winRate: 2_000)
        first.gate.asks = true
        first.gate.onNoSuperior = "designate"
        first.gate.designate = 1
        var last = Stage(key: "finish", winRate: 5_000)
        last.gate = first.gate
        last.gate.levels = [Level(from: 0, count: 2), Level(from: 50_000_000, count: 4)]
        var process = NaiveProcess(stages: [first, Stage(key: "middle", winRate: 2_000), last])
        process.units = [3]
        process.customerTypes = ["enterprise"]
        return process
    }()

    /// Fits as closely as `local` where both a customer's type and a deal's industry match.
    static let rival: NaiveProcess = {
        var process = plain
        process.customerTypes = []
        process.invalidReasons = []
        process.units = [3]
        process.industries = ["Steel"]
        return process
    }()

    /// One person's own.
    static let personal: NaiveProcess = {
        var process = plain
        process.customerTypes = []
        process.persons = [5]
        process.units = [4]
        return process
    }()
}

extension ModelDice {
    /// Another version: some stages, rates, levels or places are others.
    mutating func variant(of process: NaiveProcess, _ company: NaiveCompany) -> NaiveProcess {
        var next = process
        for _ in 0...below(2) {
            let index = below(next.stages.count)
            switch below(12) {
            case 0, 9, 10: next.stages[index].winRate = 100 * below(101)
            case 1 where next.stages.count > 2: next.stages.remove(at: index)
            case 2 where next.stages.count < 6:
                let key = "step\(below(4))"
                if next.place(key) == nil {
                    let rate = next.stages[index].winRate
                    next.stages.insert(NaiveProcess.Stage(key: key, winRate: rate), at: index)
                }
            case 3: next.stages[index].gate.asks.toggle()
            case 4: next.stages[index].gate.levels = levels()
            case 5: next.isReviewRequired.toggle()
            case 6: next.units = chance(50) ? [] : [1 + below(company.units.count)]
            case 7:
                var gate = next.stages[index].gate
                gate.onNoSuperior = pick(["refuse", "auto", "designate"])
                gate.designate =
                    gate.onNoSuperior == "designate" ? 1 + below(company.persons.count) : nil
                next.stages[index].gate = gate
            case 8:
                let choices = pick([["small"], ["small", "large"], ["large", "huge"]])
                let size = NaiveProcess.Field(
                    key: "size", type: "choice", isRequired: chance(30), choices: choices)
                next.stages[index].feedback = [pick([size, NaiveProcess.Field(key: "size"), size])]
            default: next.reaskDropPercent = pick([0, 20, 50, 100])
            }
        }
        let changed = next
        next.transitions.removeAll { transition in
            let from = changed.place(transition.from)
            let to = transition.to == "won" ? Int.max : changed.place(transition.to)
            guard let from, let to else { return true }
            return changed.isLinear && to >= from
        }
        return next
    }

    private mutating func levels() -> [NaiveProcess.Level] {
        let first = NaiveProcess.Level(from: 0, count: 1 + below(2))
        let second = NaiveProcess.Level(
            from: pick([10_000_000, 50_000_000, 100_000_000]), count: first.count + 1 + below(2))
        return chance(30) ? [first] : [first, second]
    }

    /// Of most stages, to the same key where there is one.
    mutating func map(_ old: NaiveProcess, _ new: NaiveProcess) -> [Operation.Value] {
        old.stages.compactMap { stage in
            if chance(6) { return nil }
            let same = new.place(stage.key) != nil && !chance(15)
            let key = same ? stage.key : new.stages[below(new.stages.count)].key
            return Operation.Value(key: stage.key, text: chance(1) ? "nowhere" : key)
        }
    }
}
