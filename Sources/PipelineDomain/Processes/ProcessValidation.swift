extension ProcessDefinition {
    /// Days in a cycle, a dwell, a due time or a reminder.
    static let days = 1...3_650
    /// Working hours until a deadline (D-27): ten years of them.
    static let hours = 1...8_760
    /// Most transitions: from every stage to every stage.
    public static let mostTransitions = Bounds.stagesPerProcess * Bounds.stagesPerProcess

    /// Names of outcomes. A transition may lead to `won`, so no stage may be called that; the
    /// others are kept free because reports name stages and outcomes side by side.
    static let outcomeWords: Set<String> = ["won", "lost", "invalid"]
    /// Every write takes these two, also after a list of keys and values (P-6, D-30).
    static let writeKeywords: Set<String> = ["reqid", "ifrev"]
    /// `OPP.TASK` and `OPP.FEEDBACK` name keys of tasks and fields beside these words; a forgotten
    /// argument must not turn a word into a key.
    static let itemKeywords: Set<String> = writeKeywords.union(["done", "undo", "evidence", "note"])

    /// Everything that is wrong with the definition by itself, in the order of the document (D-2,
    /// D-4, D-5, D-13, D-19, D-23, D-27). Whether units and persons exist and are active is a
    /// matter of the company's state and not looked at here.
    ///
    /// Of a list that is too long only the allowed number is looked at, so the answer is bounded.
    ///
    /// - Parameter isKeyword: Whether a key is a keyword of the protocol, beside the few that are
    ///   always refused.
    public func problems(isKeyword: (String) -> Bool = { _ in false }) -> [ProcessProblem] {
        withoutActuallyEscaping(isKeyword) { isKeyword in
            var inspection = Inspection(isKeyword: isKeyword)
            inspection.inspect(self)
            return inspection.problems
        }
    }

    /// Neighbouring stages of a linear process between which the win rate falls, in order (D-3).
    /// Publishing refuses them unless it is told to allow a dip; a flexible process has none, for
    /// its stages have no one order.
    public func dips() -> [(from: String, to: String)] {
        guard kind == .linear else { return [] }
        return zip(stages, stages.dropFirst()).compactMap { earlier, later in
            later.winRate < earlier.winRate ? (from: earlier.key, to: later.key) : nil
        }
    }
}

/// Walks a definition and collects what is wrong.
private struct Inspection {
    let isKeyword: (String) -> Bool
    var problems: [ProcessProblem] = []

    mutating func report(_ path: String, _ fault: ProcessProblem.Fault) {
        problems.append(ProcessProblem(path, fault))
    }

    mutating func inspect(_ process: ProcessDefinition) {
        name(process.name, at: "name")
        range(process.cycleDays, ProcessDefinition.days, at: "cycleDays")
        range(process.remindDaysBefore, ProcessDefinition.days, at: "remindDaysBefore")
        if let remind = process.remindDaysBefore, let cycle = process.cycleDays, remind >= cycle {
            report(
                "remindDaysBefore",
                .reminderOutsideCycle(remindDaysBefore: remind, cycleDays: cycle))
        }
        applicability(process.appliesTo)
        texts(process.lossReasons, at: "lossReasons")
        texts(process.invalidReasons, at: "invalidReasons")
        range(process.reaskDropPercent, 0...100, at: "reaskDropPercent")
        stages(process.stages)
        transitions(of: process)
    }

    // MARK: Texts, numbers, lists

    /// A name: one line, not empty, bounded, without control characters, as in commands.
    private mutating func name(_ text: String, at path: String) {
        if text.allSatisfy(\.isWhitespace) { report(path, .empty) }
        if text.unicodeScalars.contains("\n") { report(path, .severalLines) }
        // Letters may carry any number of marks, so that these are counted.
        let characters = text.unicodeScalars.count
        if characters > Bounds.nameCharacters {
            report(path, .tooLong(characters: characters, most: Bounds.nameCharacters))
        }
        control(text, at: path)
    }

    private mutating func control(_ text: String, at path: String) {
        let found = text.unicodeScalars.first {
            $0.isControl && $0 != "\t" && $0 != "\n"
        }
        if let found { report(path, .controlCharacter(codePoint: found.value)) }
    }

    private mutating func range(_ value: Int?, _ range: ClosedRange<Int>, at path: String) {
        guard let value, !range.contains(value) else { return }
        report(
            path,
            .outOfRange(value: value, lowest: range.lowerBound, highest: range.upperBound))
    }

    /// Names in a list, each said once.
    private mutating func texts(_ list: [String], at path: String) {
        once(list, at: path, most: Bounds.choices) { TextByBytes(text: $0) }
        for (index, text) in list.prefix(Bounds.choices).enumerated() {
            name(text, at: "\(path)[\(index)]")
        }
    }

    /// A list of at most so many elements whose values under `identity` differ; `member` is the
    /// member that carries the identity, if the elements are objects.
    private mutating func once<Element, Identity: Hashable>(
        _ list: [Element], at path: String, most: Int, member: String = "",
        identity: (Element) -> Identity
    ) {
        if list.count > most { report(path, .tooMany(count: list.count, most: most)) }
        var seen: [Identity: Int] = [:]
        for (index, element) in list.prefix(most).enumerated() {
            let value = identity(element)
            if let first = seen[value] {
                report("\(path)[\(index)]\(member)", .repeats(first: "\(path)[\(first)]\(member)"))
            } else {
                seen[value] = index
            }
        }
    }

    private mutating func key(_ key: String, at path: String, keywords: Set<String>) {
        if let problem = Key.problem(key) {
            report(path, .malformedKey(key: key, problem: problem))
        } else if keywords.contains(key) || isKeyword(key) {
            report(path, .keywordAsKey(key))
        }
    }

    private mutating func applicability(_ appliesTo: ProcessDefinition.Applicability) {
        once(appliesTo.units, at: "appliesTo.units", most: Bounds.choices) { $0 }
        once(appliesTo.persons, at: "appliesTo.persons", most: Bounds.choices) { $0 }
        texts(appliesTo.customerTypes, at: "appliesTo.customerTypes")
        texts(appliesTo.industries, at: "appliesTo.industries")
        texts(appliesTo.products, at: "appliesTo.products")
    }

    // MARK: Stages

    private mutating func stages(_ stages: [Stage]) {
        if stages.isEmpty { report("stages", .noStages) }
        once(stages, at: "stages", most: Bounds.stagesPerProcess, member: ".key") { $0.key }
        for (index, stage) in stages.prefix(Bounds.stagesPerProcess).enumerated() {
            self.stage(stage, at: "stages[\(index)]")
        }
    }

    private mutating func stage(_ stage: Stage, at path: String) {
        if ProcessDefinition.outcomeWords.contains(stage.key) {
            report("\(path).key", .outcomeAsKey(stage.key))
        } else {
            key(stage.key, at: "\(path).key", keywords: ProcessDefinition.writeKeywords)
        }
        name(stage.name, at: "\(path).name")
        range(stage.maxDwellDays, ProcessDefinition.days, at: "\(path).maxDwellDays")
        if stage.guidance.utf8.count > Bounds.noteBytes {
            report(
                "\(path).guidance",
                .tooManyBytes(count: stage.guidance.utf8.count, most: Bounds.noteBytes))
        }
        control(stage.guidance, at: "\(path).guidance")
        once(stage.tasks, at: "\(path).tasks", most: Bounds.itemsPerStage, member: ".key") {
            $0.key
        }
        for (index, item) in stage.tasks.prefix(Bounds.itemsPerStage).enumerated() {
            task(item, at: "\(path).tasks[\(index)]")
        }
        once(stage.requires, at: "\(path).requires", most: Bounds.itemsPerStage) { $0 }
        once(stage.feedback, at: "\(path).feedback", most: Bounds.itemsPerStage, member: ".key") {
            $0.key
        }
        for (index, item) in stage.feedback.prefix(Bounds.itemsPerStage).enumerated() {
            field(item, at: "\(path).feedback[\(index)]")
        }
        gate(stage.gate, at: "\(path).gate")
    }

    private mutating func task(_ task: StageTask, at path: String) {
        key(task.key, at: "\(path).key", keywords: ProcessDefinition.itemKeywords)
        name(task.name, at: "\(path).name")
        if let role = task.role { name(role, at: "\(path).role") }
        range(task.dueDays, ProcessDefinition.days, at: "\(path).dueDays")
    }

    private mutating func field(_ field: FeedbackField, at path: String) {
        key(field.key, at: "\(path).key", keywords: ProcessDefinition.itemKeywords)
        name(field.name, at: "\(path).name")
        if field.type == .choice, field.choices.isEmpty {
            report("\(path).choices", .choicesMissing)
        } else if field.type != .choice, !field.choices.isEmpty {
            report("\(path).choices", .choicesUnused(type: field.type))
        }
        texts(field.choices, at: "\(path).choices")
    }

    // MARK: Gates

    private mutating func gate(_ gate: Gate, at path: String) {
        levels(gate.levels, at: "\(path).levels")
        if gate.onNoSuperior == .designate, gate.designate == nil {
            report("\(path).designate", .designateMissing)
        } else if gate.onNoSuperior != .designate, gate.designate != nil {
            report("\(path).designate", .designateUnused(onNoSuperior: gate.onNoSuperior))
        }
        deadlines(gate, at: path)
    }

    private mutating func levels(_ levels: [Gate.Level], at path: String) {
        if levels.count > Bounds.approvalLevels {
            report(path, .tooMany(count: levels.count, most: Bounds.approvalLevels))
        }
        var previous: Gate.Level?
        for (index, level) in levels.prefix(Bounds.approvalLevels).enumerated() {
            let place = "\(path)[\(index)]"
            range(level.count, 1...Bounds.approvalLevels, at: "\(place).count")
            if let previous {
                if level.fromMinorUnits <= previous.fromMinorUnits {
                    report("\(place).from", .levelNotAbove(previous: "\(path)[\(index - 1)].from"))
                }
                if level.count <= previous.count {
                    report(
                        "\(place).count",
                        .countNotAbove(count: level.count, previousCount: previous.count))
                }
            }
            previous = level
        }
    }

    private mutating func deadlines(_ gate: Gate, at path: String) {
        let deadlines: [(member: String, hours: Int?)] = [
            ("remindAfterHours", gate.remindAfterHours),
            ("escalateAfterHours", gate.escalateAfterHours),
            ("adminAfterHours", gate.adminAfterHours),
        ]
        var earlier: (member: String, hours: Int)?
        for (member, hours) in deadlines {
            guard let hours else { continue }
            range(hours, ProcessDefinition.hours, at: "\(path).\(member)")
            if let earlier, hours <= earlier.hours {
                report(
                    "\(path).\(member)",
                    .deadlineNotAfter(
                        hours: hours, earlier: earlier.member, earlierHours: earlier.hours))
            }
            earlier = (member, hours)
        }
        if gate.onDeadline != .wait, earlier == nil {
            report("\(path).onDeadline", .deadlineMissing(onDeadline: gate.onDeadline))
        }
    }

    // MARK: Transitions

    private mutating func transitions(of process: ProcessDefinition) {
        once(process.transitions, at: "transitions", most: ProcessDefinition.mostTransitions) {
            [$0.from, $0.to]
        }
        // The first of two stages with one key counts; the second is reported already.
        let order = Dictionary(
            process.stages.enumerated().map { ($1.key, $0) },
            uniquingKeysWith: { first, _ in first })
        let listed = process.transitions.prefix(ProcessDefinition.mostTransitions)
        for (index, transition) in listed.enumerated() {
            let path = "transitions[\(index)]"
            move(transition, order, linear: process.kind == .linear, at: path)
            if let gate = transition.gate { self.gate(gate, at: "\(path).gate") }
        }
    }

    /// `order`: the index of every stage by its key.
    private mutating func move(
        _ transition: ProcessDefinition.Transition, _ order: [String: Int], linear: Bool,
        at path: String
    ) {
        let (from, to) = (transition.from, transition.to)
        if order[from] == nil { report("\(path).from", .unknownStage(key: from)) }
        if to == "won" {
            if linear { report("\(path).to", .wonInLinear) }
            return
        }
        guard let target = order[to] else { return report("\(path).to", .unknownStage(key: to)) }
        guard let start = order[from] else { return }
        if target == start {
            report("\(path).to", .transitionToItself(stage: to))
        } else if linear, target > start {
            report("\(path).to", .forwardInLinear(from: from, to: to))
        }
    }
}

extension Unicode.Scalar {
    /// Of the general category Cc: the ranges never change, and asking for the category takes long.
    fileprivate var isControl: Bool { value < 0x20 || (0x7F...0x9F).contains(value) }
}

/// A text that is in NFC, as all are that are kept (D-38): equal ones have equal bytes, which are compared
/// sooner than characters.
private struct TextByBytes: Hashable {
    let text: String

    static func == (left: Self, right: Self) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}
