import PipelineDomain

/// Builds a definition from a JSON tree. A placeholder takes the place of what could not be read,
/// so that all other parts can still be judged.
struct ProcessReading {
    let context: ProcessDocument.Context
    var reader = JSONReader()

    typealias Members = JSONReader.Members

    /// nil only if the document is no object at all.
    mutating func process(_ value: JSONValue) -> ProcessDefinition? {
        let known = [
            "name", "kind", "cycleDays", "remindDaysBefore", "appliesTo", "lossReasons",
            "invalidReasons", "reviewRequired", "reaskDropPercent", "stages", "transitions",
        ]
        guard let members = reader.members(value, at: "", known: known) else { return nil }
        var process = ProcessDefinition(
            name: reader.text("name", of: members, .required) ?? "", stages: [])
        process.kind =
            reader.word("kind", of: members) ?? process.kind
        process.cycleDays = reader.wholeNumber("cycleDays", of: members)
        process.remindDaysBefore = reader.wholeNumber("remindDaysBefore", of: members)
        process.appliesTo = applicability(of: members)
        process.lossReasons = texts("lossReasons", of: members)
        process.invalidReasons = texts("invalidReasons", of: members)
        process.reviewRequired = reader.boolean("reviewRequired", of: members) ?? false
        process.reaskDropPercent =
            reader.wholeNumber("reaskDropPercent", of: members, .optional)
            ?? process.reaskDropPercent
        for (path, value) in reader.list(
            "stages", of: members, .required, most: Bounds.stagesPerProcess,
            mustBe: "a list of stages")
        {
            process.stages.append(stage(value, at: path))
        }
        for (path, value) in reader.list(
            "transitions", of: members, most: ProcessDefinition.mostTransitions,
            mustBe: "a list of transitions")
        {
            process.transitions.append(transition(value, at: path))
        }
        return process
    }

    private mutating func texts(_ name: String, of members: Members) -> [String] {
        reader.texts(name, of: members, most: Bounds.choices)
    }

    // MARK: References

    private mutating func applicability(
        of process: Members
    ) -> ProcessDefinition.Applicability {
        var applicability = ProcessDefinition.Applicability()
        let known = ["units", "persons", "customerTypes", "industries", "products"]
        guard
            let value = reader.value("appliesTo", of: process, .optional, mustBe: "an object"),
            let members = reader.members(value, at: "appliesTo", known: known)
        else { return applicability }
        for (path, value) in reader.list(
            "units", of: members, most: Bounds.choices, mustBe: "a list of units")
        {
            applicability.units.append(unit(value, at: path) ?? UnitID(0))
        }
        for (path, value) in reader.list(
            "persons", of: members, most: Bounds.choices, mustBe: "a list of persons")
        {
            applicability.persons.append(person(value, at: path) ?? PersonID(0))
        }
        applicability.customerTypes = texts("customerTypes", of: members)
        applicability.industries = texts("industries", of: members)
        applicability.products = texts("products", of: members)
        return applicability
    }

    private mutating func unit(_ value: JSONValue, at path: String) -> UnitID? {
        guard let text = reader.text(value, at: path) else { return nil }
        if let id = UnitID(text.utf8) ?? context.unit(text) { return id }
        reader.reject(path, value, mustBe: "a unit's id such as 'u2'")
        return nil
    }

    private mutating func person(_ value: JSONValue, at path: String) -> PersonID? {
        guard let text = reader.text(value, at: path) else { return nil }
        if let id = PersonID(text.utf8) ?? context.person(text) { return id }
        reader.reject(path, value, mustBe: "a person's id such as 'e1' or a login in use")
        return nil
    }

    // MARK: Stages

    private mutating func stage(_ value: JSONValue, at path: String) -> Stage {
        let known = [
            "key", "name", "winRate", "phase", "journey", "maxDwellDays", "guidance", "tasks",
            "requires", "feedback", "gate",
        ]
        var stage = Stage(key: "", name: "", winRate: .zero)
        guard let members = reader.members(value, at: path, known: known) else { return stage }
        stage.key = reader.text("key", of: members, .required) ?? ""
        stage.name = reader.text("name", of: members, .required) ?? ""
        stage.winRate = winRate(of: members) ?? .zero
        stage.phase = reader.word("phase", of: members, .nullable)
        stage.journey = reader.word("journey", of: members, .nullable)
        stage.maxDwellDays = reader.wholeNumber("maxDwellDays", of: members)
        stage.guidance = reader.text("guidance", of: members) ?? ""
        for (path, value) in reader.list(
            "tasks", of: members, most: Bounds.itemsPerStage, mustBe: "a list of tasks")
        {
            stage.tasks.append(task(value, at: path))
        }
        for (path, value) in reader.list(
            "requires", of: members, most: Bounds.itemsPerStage, mustBe: "a list of fields")
        {
            stage.requires.append(reader.word(value, at: path) ?? .amount)
        }
        for (path, value) in reader.list(
            "feedback", of: members, most: Bounds.itemsPerStage, mustBe: "a list of fields")
        {
            stage.feedback.append(field(value, at: path))
        }
        stage.gate = gate(of: members) ?? Gate()
        return stage
    }

    private mutating func winRate(of stage: Members) -> Rate? {
        let what = "a percentage from 0 to 100 with at most two decimals"
        guard let value = reader.value("winRate", of: stage, .required, mustBe: what) else {
            return nil
        }
        if case .number(let number) = value, let basisPoints = number.integer(places: 2),
            let rate = Rate(basisPoints: basisPoints)
        {
            return rate
        }
        reader.reject(stage.path(of: "winRate"), value, mustBe: what)
        return nil
    }

    private mutating func task(_ value: JSONValue, at path: String) -> StageTask {
        let known = ["key", "name", "required", "role", "dueDays", "evidence"]
        var task = StageTask(key: "", name: "")
        guard let members = reader.members(value, at: path, known: known) else { return task }
        task.key = reader.text("key", of: members, .required) ?? ""
        task.name = reader.text("name", of: members, .required) ?? ""
        task.required = reader.boolean("required", of: members) ?? false
        task.role = reader.text("role", of: members, .nullable)
        task.dueDays = reader.wholeNumber("dueDays", of: members)
        task.evidence = reader.boolean("evidence", of: members) ?? false
        return task
    }

    private mutating func field(_ value: JSONValue, at path: String) -> FeedbackField {
        let known = ["key", "name", "type", "required", "choices"]
        var field = FeedbackField(key: "", name: "", type: .text)
        guard let members = reader.members(value, at: path, known: known) else { return field }
        field.key = reader.text("key", of: members, .required) ?? ""
        field.name = reader.text("name", of: members, .required) ?? ""
        field.type =
            reader.word("type", of: members) ?? field.type
        field.required = reader.boolean("required", of: members) ?? false
        field.choices = texts("choices", of: members)
        return field
    }

    // MARK: Gates and transitions

    private mutating func transition(
        _ value: JSONValue, at path: String
    ) -> ProcessDefinition.Transition {
        var transition = ProcessDefinition.Transition(from: "", to: "")
        guard let members = reader.members(value, at: path, known: ["from", "to", "gate"]) else {
            return transition
        }
        transition.from = reader.text("from", of: members, .required) ?? ""
        transition.to = reader.text("to", of: members, .required) ?? ""
        transition.gate = gate(of: members)
        return transition
    }

    /// nil if the member is absent or null.
    private mutating func gate(of holder: Members) -> Gate? {
        let known = [
            "approval", "levels", "onNoSuperior", "designate", "remindAfterHours",
            "escalateAfterHours", "adminAfterHours", "onDeadline",
        ]
        let path = holder.path(of: "gate")
        guard
            let value = reader.value("gate", of: holder, .nullable, mustBe: "an object"),
            let members = reader.members(value, at: path, known: known)
        else { return nil }
        var gate = Gate()
        gate.approval = reader.word("approval", of: members) ?? gate.approval
        for (path, value) in reader.list(
            "levels", of: members, most: Bounds.approvalLevels, mustBe: "a list of levels")
        {
            gate.levels.append(level(value, at: path))
        }
        gate.onNoSuperior =
            reader.word("onNoSuperior", of: members) ?? gate.onNoSuperior
        if let value = reader.value("designate", of: members, .nullable, mustBe: "a text") {
            gate.designate = person(value, at: members.path(of: "designate"))
        }
        gate.remindAfterHours = reader.wholeNumber("remindAfterHours", of: members)
        gate.escalateAfterHours = reader.wholeNumber("escalateAfterHours", of: members)
        gate.adminAfterHours = reader.wholeNumber("adminAfterHours", of: members)
        gate.onDeadline =
            reader.word("onDeadline", of: members) ?? gate.onDeadline
        return gate
    }

    private mutating func level(_ value: JSONValue, at path: String) -> Gate.Level {
        var level = Gate.Level(fromMinorUnits: 0, count: 1)
        guard let members = reader.members(value, at: path, known: ["from", "count"]) else {
            return level
        }
        level.fromMinorUnits = amount("from", of: members) ?? 0
        level.count = reader.wholeNumber("count", of: members, .required) ?? 1
        return level
    }

    /// A decimal amount in the company's currency, as a text or a number, in minor units.
    private mutating func amount(_ name: String, of members: Members) -> Int64? {
        let currency = context.currency
        let what = "an amount in \(currency.code) such as '500000'"
        guard let value = reader.value(name, of: members, .required, mustBe: what) else {
            return nil
        }
        let written: String? =
            switch value {
            case .text(let text): text
            case .number(let number): number.plain
            default: nil
            }
        do throws(AmountProblem) {
            guard let written else { throw .malformed }
            return try Amount(written.utf8).money(in: currency).minorUnits
        } catch {
            let bounded =
                switch error {
                case .malformed: what
                case .negative: "\(what), 0 or more"
                case .tooLarge: "\(what), below 10^15"
                case .tooPrecise(digits: 0): "\(what), without decimals"
                case .tooPrecise(let digits): "\(what), with at most \(digits) decimals"
                }
            reader.reject(members.path(of: name), value, mustBe: bounded)
            return nil
        }
    }
}

extension Rate {
    /// 0 %; also the rate of a stage whose own could not be read.
    fileprivate static var zero: Rate {
        guard let rate = Rate(basisPoints: 0) else { preconditionFailure("0 is a rate") }
        return rate
    }
}
