/// A process as `PROCESS.PUT` takes it, as far as the model goes.
struct NaiveProcess: Equatable {
    struct Stage: Equatable {
        var key: String
        /// In basis points.
        var winRate: Int
        var tasks: [Task] = []
        var feedback: [Field] = []
        var requires: [String] = []
        var gate = Gate()
    }

    struct Task: Equatable {
        let key: String
        var isRequired = true
        var role: String?
        var wantsEvidence = false
    }

    struct Field: Equatable {
        let key: String
        var type = "text"
        var isRequired = true
        var choices: [String] = []
    }

    struct Gate: Equatable {
        var asks = false
        /// From which amount on, in the company's minor units, how many superiors.
        var levels: [Level] = []
        var onNoSuperior = "refuse"
        var designate: Int?
    }

    struct Level: Equatable {
        let from: Int
        let count: Int
    }

    struct Transition: Equatable {
        let from: String
        let to: String
        var gate: Gate?
    }

    var isLinear = true
    var units: [Int] = []
    var persons: [Int] = []
    var customerTypes: [String] = []
    var industries: [String] = []
    var products: [String] = []
    var lossReasons: [String] = []
    var invalidReasons: [String] = []
    var isReviewRequired = false
    var reaskDropPercent = 20
    var stages: [Stage]
    var transitions: [Transition] = []

    func place(_ key: String) -> Int? { stages.firstIndex { $0.key == key } }
}

// MARK: - Where it applies

extension NaiveCompany {
    /// What a new deal is like (D-1).
    struct Traits {
        let owner: Int
        let unit: Int
        var type: String?
        var industry: String?
        var product: String?
    }

    /// The unit and those above it, nearest first.
    func path(_ unit: Int) -> [Int] {
        var path = [unit]
        while let parent = self.unit(path[path.count - 1]).parent { path.append(parent) }
        return path
    }

    /// The units that a process names today: one that was merged stands for the one it went into,
    /// unless the process was dropped (D-29).
    func namedUnits(_ process: Int) -> Set<Int> {
        var named: Set<Int> = []
        for first in processes[process - 1].versions.last?.units ?? [] {
            var unit: Int? = first
            while let current = unit, let next = self.unit(current).mergedInto {
                unit = self.unit(current).dropped.contains(process) ? nil : next
            }
            if let unit { named.insert(unit) }
        }
        return named
    }

    /// How closely a process fits, the higher the closer; `nil` where it does not apply: a named
    /// person before any unit, the nearest unit up the tree, then the number of matching lists.
    func fit(_ process: Int, _ traits: Traits) -> (nearness: Int, lists: Int)? {
        guard let version = processes[process - 1].versions.last else { return nil }
        var nearness = -1_000
        let named = namedUnits(process)
        if version.persons.contains(traits.owner) {
            nearness = 1
        } else if let steps = path(traits.unit).firstIndex(where: named.contains) {
            nearness = -steps
        } else if !version.persons.isEmpty || !version.units.isEmpty {
            return nil
        }
        var lists = 0
        let given = [
            (version.customerTypes, traits.type), (version.industries, traits.industry),
            (version.products, traits.product),
        ]
        for (list, value) in given where !list.isEmpty {
            guard let value, list.contains(where: { Self.folded($0) == Self.folded(value) })
            else { return nil }
            lists += 1
        }
        return (nearness, lists)
    }

    /// D-1: the named process if it applies, else the one most specific process that does.
    func choose(_ named: Int?, _ traits: Traits) throws(Refused) -> Int {
        if let named {
            guard fit(named, traits) != nil else { throw Refused(.invalid) }
            return named
        }
        let fitting = processes.indices.compactMap { index in
            fit(index + 1, traits).map { (process: index + 1, fit: $0) }
        }
        let best = fitting.filter { one in !fitting.contains { one.fit < $0.fit } }
        guard best.count == 1 else { throw Refused(.invalid) }
        return best[0].process
    }

    /// Pairs of processes that some deal of the unit would fit equally well, nobody being named.
    func ties(at unit: Int) -> Set<[Int]> {
        var types: Set<String> = [""]
        var industries: Set<String> = [""]
        var products: Set<String> = [""]
        for process in processes {
            types.formUnion(process.versions.last?.customerTypes ?? [])
            industries.formUnion(process.versions.last?.industries ?? [])
            products.formUnion(process.versions.last?.products ?? [])
        }
        let naming = processes.indices.map { $0 + 1 }.filter { namedUnits($0).contains(unit) }
        var pairs: Set<[Int]> = []
        for type in types {
            for industry in industries {
                for product in products {
                    let traits = Traits(
                        owner: 0, unit: unit, type: type, industry: industry, product: product)
                    for one in naming {
                        for other in naming where other > one {
                            guard let first = fit(one, traits), let second = fit(other, traits)
                            else { continue }
                            if first == second { pairs.insert([one, other]) }
                        }
                    }
                }
            }
        }
        return pairs
    }
}

// MARK: - As a document

extension NaiveProcess {
    var json: String {
        var members = [
            #""name": "流程""#, #""kind": "\#(isLinear ? "linear" : "flexible")""#,
            #""reviewRequired": \#(isReviewRequired)"#,
            #""reaskDropPercent": \#(reaskDropPercent)"#,
            #""lossReasons": \#(Self.texts(lossReasons))"#,
            #""invalidReasons": \#(Self.texts(invalidReasons))"#,
        ]
        let applies = [
            #""units": \#(Self.texts(units.map { "u\($0)" }))"#,
            #""persons": \#(Self.texts(persons.map { "e\($0)" }))"#,
            #""customerTypes": \#(Self.texts(customerTypes))"#,
            #""industries": \#(Self.texts(industries))"#,
            #""products": \#(Self.texts(products))"#,
        ]
        members.append(#""appliesTo": {\#(applies.joined(separator: ", "))}"#)
        members.append(
            #""stages": [\#(stages.map(Self.text).joined(separator: ", "))]"#)
        members.append(
            #""transitions": [\#(transitions.map(Self.text).joined(separator: ", "))]"#)
        return "{" + members.joined(separator: ", ") + "}"
    }

    private static func texts(_ list: [String]) -> String {
        "[" + list.map { "\"\($0)\"" }.joined(separator: ", ") + "]"
    }

    private static func text(_ stage: Stage) -> String {
        let tasks = stage.tasks.map { task in
            var text = #"{"key": "\#(task.key)", "name": "任务 \#(task.key)""#
            text += #", "required": \#(task.isRequired), "evidence": \#(task.wantsEvidence)"#
            if let role = task.role { text += #", "role": "\#(role)""# }
            return text + "}"
        }
        let feedback = stage.feedback.map { field in
            #"{"key": "\#(field.key)", "name": "字段", "type": "\#(field.type)", "#
                + #""required": \#(field.isRequired), "choices": \#(texts(field.choices))}"#
        }
        return #"{"key": "\#(stage.key)", "name": "阶段 \#(stage.key)", "#
            + #""winRate": \#(stage.winRate / 100), "requires": \#(texts(stage.requires)), "#
            + #""tasks": [\#(tasks.joined(separator: ", "))], "#
            + #""feedback": [\#(feedback.joined(separator: ", "))], "gate": \#(text(stage.gate))}"#
    }

    private static func text(_ gate: Gate) -> String {
        let levels = gate.levels.map {
            #"{"from": "\#(NaiveText.decimal($0.from, "CNY"))", "count": \#($0.count)}"#
        }
        var text = #"{"approval": "\#(gate.asks ? "superior" : "none")", "#
        text += #""levels": [\#(levels.joined(separator: ", "))], "#
        text += #""onNoSuperior": "\#(gate.onNoSuperior)""#
        if let designate = gate.designate { text += #", "designate": "e\#(designate)""# }
        return text + "}"
    }

    private static func text(_ transition: Transition) -> String {
        let gate = transition.gate.map { text($0) } ?? "null"
        return #"{"from": "\#(transition.from)", "to": "\#(transition.to)", "gate": \#(gate)}"#
    }
}

/// Amounts and dates as text.
enum NaiveText {
    static func digits(_ currency: String) -> Int {
        switch currency {
        case "JPY": 0
        case "KWD": 3
        default: 2
        }
    }

    static func decimal(_ minor: Int, _ currency: String) -> String {
        decimal(Int128(minor), digits: digits(currency))
    }

    static func decimal(_ value: Int128, digits: Int) -> String {
        guard digits > 0 else { return "\(value)" }
        var text = "\(value)"
        while text.count <= digits { text = "0" + text }
        return text.dropLast(digits) + "." + text.suffix(digits)
    }

    /// Of a day counted from 1970-01-01, year by year and month by month.
    static func date(_ day: Int) -> String {
        var (year, left) = (1970, day)
        func isLeap(_ year: Int) -> Bool { year % 4 == 0 && year % 100 != 0 || year % 400 == 0 }
        while left >= (isLeap(year) ? 366 : 365) {
            left -= isLeap(year) ? 366 : 365
            year += 1
        }
        var month = 0
        let lengths = [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        while left >= lengths[month] {
            left -= lengths[month]
            month += 1
        }
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(year)-\(two(month + 1))-\(two(left + 1))"
    }
}
