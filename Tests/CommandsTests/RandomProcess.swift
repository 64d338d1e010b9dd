import PipelineDomain

/// Sound process definitions by seed.
struct RandomProcess: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

    private mutating func flag() -> Bool { Bool.random(using: &self) }

    private mutating func maybe(_ range: ClosedRange<Int>) -> Int? { flag() ? number(range) : nil }

    private mutating func one<Value>(of values: [Value]) -> Value {
        values[number(0...(values.count - 1))]
    }

    private mutating func text() -> String {
        let pieces = ["方案", "a", "\"", "\\", "\t", "é", "👍🏽", "/", "\u{2028}", " ", "0", "{"]
        return "x" + (0..<number(0...6)).map { _ in one(of: pieces) }.joined()
    }

    private mutating func texts(_ counts: ClosedRange<Int> = 0...3) -> [String] {
        (0..<number(counts)).map { "\($0)" + text() }
    }

    mutating func process() -> ProcessDefinition {
        var process = ProcessDefinition(name: text(), stages: [])
        process.kind = one(of: ProcessDefinition.Kind.allCases)
        process.cycleDays = maybe(100...3_650)
        process.remindDaysBefore = maybe(1...99)
        process.appliesTo.units = (0..<number(0...3)).map { UnitID(UInt32($0 * 7 + 1)) }
        process.appliesTo.persons = (0..<number(0...3)).map { PersonID(UInt32($0 + 1)) }
        process.appliesTo.customerTypes = texts()
        process.appliesTo.industries = texts()
        process.appliesTo.products = texts()
        process.lossReasons = texts()
        process.invalidReasons = texts()
        process.reviewRequired = flag()
        process.reaskDropPercent = number(0...100)
        process.stages = (0..<number(1...6)).map { stage("stage-\($0)") }
        for from in process.stages.indices {
            for to in process.stages.indices
            where to != from && (to < from || process.kind == .flexible) && flag() {
                let gate = flag() ? gate() : nil
                process.transitions.append(
                    .init(from: "stage-\(from)", to: "stage-\(to)", gate: gate))
            }
        }
        if process.kind == .flexible {
            process.transitions.append(.init(from: "stage-0", to: "won"))
        }
        return process
    }

    private mutating func stage(_ key: String) -> Stage {
        guard let rate = Rate(basisPoints: number(0...10_000)) else {
            preconditionFailure("a rate in its range")
        }
        var stage = Stage(key: key, name: text(), winRate: rate)
        stage.phase = flag() ? one(of: Stage.Phase.allCases) : nil
        stage.journey = flag() ? one(of: Stage.Journey.allCases) : nil
        stage.maxDwellDays = maybe(1...3_650)
        stage.guidance = flag() ? text() + "\n" + text() : ""
        stage.tasks = (0..<number(0...3)).map { task("task-\($0)") }
        stage.requires = Requirement.allCases.filter { _ in flag() }
        stage.feedback = (0..<number(0...3)).map { field("field-\($0)") }
        stage.gate = gate()
        return stage
    }

    private mutating func task(_ key: String) -> StageTask {
        var task = StageTask(key: key, name: text())
        task.required = flag()
        task.role = flag() ? text() : nil
        task.dueDays = maybe(1...3_650)
        task.evidence = flag()
        return task
    }

    private mutating func field(_ key: String) -> FeedbackField {
        let type = one(of: FeedbackField.ValueType.allCases)
        var field = FeedbackField(key: key, name: text(), type: type)
        field.required = flag()
        if type == .choice { field.choices = texts(1...4) }
        return field
    }

    private mutating func gate() -> Gate {
        var gate = Gate()
        gate.approval = one(of: Gate.Approval.allCases)
        for count in 1...3 where flag() {
            let minorUnits = Int64(count) * 1_000_000 + Int64(number(0...999_999))
            gate.levels.append(.init(fromMinorUnits: minorUnits, count: count))
        }
        gate.onNoSuperior = one(of: Gate.NoSuperior.allCases)
        if gate.onNoSuperior == .designate { gate.designate = PersonID(UInt32(number(1...9))) }
        gate.remindAfterHours = maybe(1...9)
        gate.escalateAfterHours = maybe(10...99)
        gate.adminAfterHours = maybe(100...999)
        if gate.adminAfterHours != nil { gate.onDeadline = one(of: Gate.Deadline.allCases) }
        return gate
    }
}
