import PipelineDomain

extension ProcessEvent: RecordPayload {
    var tag: RecordTag.Process {
        switch self {
        case .drafted: .drafted
        case .published: .published
        }
    }

    func encodePayload(to encoder: inout RecordEncoder) {
        switch self {
        case .drafted(let key, let definition):
            encoder.write(key)
            encoder.write(definition)
        case .published(let version): encoder.write(version)
        }
    }

    init(_ tag: RecordTag.Process, reading decoder: inout RecordDecoder) throws(RecordError) {
        switch tag {
        case .drafted: self = .drafted(key: try decoder.read(), definition: try decoder.read())
        case .published: self = .published(version: try decoder.read())
        }
    }
}

// A definition has no initialiser of all its members; they are read in the order in which they are
// written.

extension ProcessDefinition: RecordValue {
    func encode(to encoder: inout RecordEncoder) {
        encoder.write(name)
        encoder.write(stages)
        encoder.write(kind)
        encoder.write(cycleDays)
        encoder.write(remindDaysBefore)
        encoder.write(appliesTo)
        encoder.write(lossReasons)
        encoder.write(invalidReasons)
        encoder.write(reviewRequired)
        encoder.write(reaskDropPercent)
        encoder.write(transitions)
    }

    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        self.init(name: try decoder.read(), stages: try decoder.read())
        kind = try decoder.read()
        cycleDays = try decoder.read()
        remindDaysBefore = try decoder.read()
        appliesTo = try decoder.read()
        lossReasons = try decoder.read()
        invalidReasons = try decoder.read()
        reviewRequired = try decoder.read()
        reaskDropPercent = try decoder.read()
        transitions = try decoder.read()
    }
}

extension ProcessDefinition.Applicability: RecordValue {
    func encode(to encoder: inout RecordEncoder) {
        encoder.write(units)
        encoder.write(persons)
        encoder.write(customerTypes)
        encoder.write(industries)
        encoder.write(products)
    }

    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        self.init()
        units = try decoder.read()
        persons = try decoder.read()
        customerTypes = try decoder.read()
        industries = try decoder.read()
        products = try decoder.read()
    }
}

extension ProcessDefinition.Transition: RecordValue {
    func encode(to encoder: inout RecordEncoder) {
        encoder.write(from)
        encoder.write(to)
        encoder.write(gate)
    }

    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        self.init(from: try decoder.read(), to: try decoder.read(), gate: try decoder.read())
    }
}

extension Stage: RecordValue {
    func encode(to encoder: inout RecordEncoder) {
        encoder.write(key)
        encoder.write(name)
        encoder.write(winRate)
        encoder.write(phase)
        encoder.write(journey)
        encoder.write(maxDwellDays)
        encoder.write(guidance)
        encoder.write(tasks)
        encoder.write(requires)
        encoder.write(feedback)
        encoder.write(gate)
    }

    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        self.init(key: try decoder.read(), name: try decoder.read(), winRate: try decoder.read())
        phase = try decoder.read()
        journey = try decoder.read()
        maxDwellDays = try decoder.read()
        guidance = try decoder.read()
        tasks = try decoder.read()
        requires = try decoder.read()
        feedback = try decoder.read()
        gate = try decoder.read()
    }
}

extension StageTask: RecordValue {
    func encode(to encoder: inout RecordEncoder) {
        encoder.write(key)
        encoder.write(name)
        encoder.write(required)
        encoder.write(role)
        encoder.write(dueDays)
        encoder.write(evidence)
    }

    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        self.init(key: try decoder.read(), name: try decoder.read())
        required = try decoder.read()
        role = try decoder.read()
        dueDays = try decoder.read()
        evidence = try decoder.read()
    }
}

extension FeedbackField: RecordValue {
    func encode(to encoder: inout RecordEncoder) {
        encoder.write(key)
        encoder.write(name)
        encoder.write(type)
        encoder.write(required)
        encoder.write(choices)
    }

    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        self.init(key: try decoder.read(), name: try decoder.read(), type: try decoder.read())
        required = try decoder.read()
        choices = try decoder.read()
    }
}

extension Gate: RecordValue {
    func encode(to encoder: inout RecordEncoder) {
        encoder.write(approval)
        encoder.write(levels)
        encoder.write(onNoSuperior)
        encoder.write(designate)
        encoder.write(remindAfterHours)
        encoder.write(escalateAfterHours)
        encoder.write(adminAfterHours)
        encoder.write(onDeadline)
    }

    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        self.init()
        approval = try decoder.read()
        levels = try decoder.read()
        onNoSuperior = try decoder.read()
        designate = try decoder.read()
        remindAfterHours = try decoder.read()
        escalateAfterHours = try decoder.read()
        adminAfterHours = try decoder.read()
        onDeadline = try decoder.read()
    }
}

extension Gate.Level: RecordValue {
    func encode(to encoder: inout RecordEncoder) {
        encoder.write(fromMinorUnits)
        encoder.write(count)
    }

    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        self.init(fromMinorUnits: try decoder.read(), count: try decoder.read())
    }
}
