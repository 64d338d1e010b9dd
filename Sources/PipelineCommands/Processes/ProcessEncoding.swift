public import PipelineDomain

extension ProcessDocument {
    /// The document of a definition on one line: every member in the schema's order with its
    /// default written out. `parse` reads an equal definition from it.
    ///
    /// - Parameter currency: The company's, in which `levels[].from` is told.
    public static func text(of process: ProcessDefinition, currency: Currency) -> String {
        let encoding = ProcessEncoding(currency: currency)
        return encoding.process(process).json
    }
}

private struct ProcessEncoding {
    let currency: Currency

    func process(_ process: ProcessDefinition) -> JSONValue {
        let appliesTo = process.appliesTo
        return .members([
            ("name", .text(process.name)),
            ("kind", .text(process.kind.rawValue)),
            ("cycleDays", .optional(process.cycleDays)),
            ("remindDaysBefore", .optional(process.remindDaysBefore)),
            (
                "appliesTo",
                .members([
                    ("units", .texts(appliesTo.units.map(\.description))),
                    ("persons", .texts(appliesTo.persons.map(\.description))),
                    ("customerTypes", .texts(appliesTo.customerTypes)),
                    ("industries", .texts(appliesTo.industries)),
                    ("products", .texts(appliesTo.products)),
                ])
            ),
            ("lossReasons", .texts(process.lossReasons)),
            ("invalidReasons", .texts(process.invalidReasons)),
            ("reviewRequired", .boolean(process.reviewRequired)),
            ("reaskDropPercent", .number(JSONNumber(process.reaskDropPercent))),
            ("stages", .list(process.stages.map(stage))),
            ("transitions", .list(process.transitions.map(transition))),
        ])
    }

    private func stage(_ stage: Stage) -> JSONValue {
        .members([
            ("key", .text(stage.key)),
            ("name", .text(stage.name)),
            ("winRate", percent(stage.winRate)),
            ("phase", .optional(stage.phase?.rawValue)),
            ("journey", .optional(stage.journey?.rawValue)),
            ("maxDwellDays", .optional(stage.maxDwellDays)),
            ("guidance", .text(stage.guidance)),
            ("tasks", .list(stage.tasks.map(task))),
            ("requires", .texts(stage.requires.map(\.rawValue))),
            ("feedback", .list(stage.feedback.map(field))),
            ("gate", gate(stage.gate)),
        ])
    }

    /// `40`, `12.5` or `33.33`: no zeros after the last digit that counts.
    private func percent(_ rate: Rate) -> JSONValue {
        var text = rate.percent[...]
        while text.last == "0" { text.removeLast() }
        if text.last == "." { text.removeLast() }
        return .number(JSONNumber(literal: String(text)))
    }

    private func task(_ task: StageTask) -> JSONValue {
        .members([
            ("key", .text(task.key)),
            ("name", .text(task.name)),
            ("required", .boolean(task.required)),
            ("role", .optional(task.role)),
            ("dueDays", .optional(task.dueDays)),
            ("evidence", .boolean(task.evidence)),
        ])
    }

    private func field(_ field: FeedbackField) -> JSONValue {
        .members([
            ("key", .text(field.key)),
            ("name", .text(field.name)),
            ("type", .text(field.type.rawValue)),
            ("required", .boolean(field.required)),
            ("choices", .texts(field.choices)),
        ])
    }

    private func gate(_ gate: Gate) -> JSONValue {
        .members([
            ("approval", .text(gate.approval.rawValue)),
            ("levels", .list(gate.levels.map(level))),
            ("onNoSuperior", .text(gate.onNoSuperior.rawValue)),
            ("designate", .optional(gate.designate?.description)),
            ("remindAfterHours", .optional(gate.remindAfterHours)),
            ("escalateAfterHours", .optional(gate.escalateAfterHours)),
            ("adminAfterHours", .optional(gate.adminAfterHours)),
            ("onDeadline", .text(gate.onDeadline.rawValue)),
        ])
    }

    /// The amount as in `500000`, with decimals only where there are any.
    private func level(_ level: Gate.Level) -> JSONValue {
        let decimal = Money(minorUnits: level.fromMinorUnits, currency: currency).decimal
        let parts = decimal.split(separator: ".")
        let isWhole = parts.count == 2 && parts[1].allSatisfy { $0 == "0" }
        return .members([
            ("from", .text(isWhole ? String(parts[0]) : decimal)),
            ("count", .number(JSONNumber(level.count))),
        ])
    }

    private func transition(_ transition: ProcessDefinition.Transition) -> JSONValue {
        .members([
            ("from", .text(transition.from)),
            ("to", .text(transition.to)),
            ("gate", transition.gate.map(gate) ?? .null),
        ])
    }
}

extension JSONValue {
    fileprivate static func members(_ members: [(String, JSONValue)]) -> JSONValue {
        .object(members.map { Member($0, $1) })
    }

    fileprivate static func texts(_ texts: [String]) -> JSONValue {
        .list(texts.map(JSONValue.text))
    }

    fileprivate static func optional(_ number: Int?) -> JSONValue {
        number.map { .number(JSONNumber($0)) } ?? .null
    }

    fileprivate static func optional(_ text: String?) -> JSONValue {
        text.map(JSONValue.text) ?? .null
    }
}
