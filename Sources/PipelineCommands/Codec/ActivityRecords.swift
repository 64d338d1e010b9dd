import PipelineDomain

extension ActivityEvent: RecordPayload {
    var tag: RecordTag.Activity {
        switch self {
        case .entered: .entered
        case .done: .done
        }
    }

    func encodePayload(to encoder: inout RecordEncoder) {
        switch self {
        case .entered(let facts):
            encoder.write(facts.target)
            encoder.write(facts.kind)
            encoder.write(facts.assignee)
            encoder.write(facts.at)
            encoder.write(facts.isDone)
            encoder.write(facts.result)
            encoder.write(facts.note)
        case .done(let result): encoder.write(result)
        }
    }

    init(_ tag: RecordTag.Activity, reading decoder: inout RecordDecoder) throws(RecordError) {
        switch tag {
        case .entered:
            self = .entered(
                ActivityFacts(
                    target: try decoder.read(), kind: try decoder.read(),
                    assignee: try decoder.read(), at: try decoder.read(),
                    isDone: try decoder.read(), result: try decoder.read(),
                    note: try decoder.read()))
        case .done: self = .done(result: try decoder.read())
        }
    }
}

extension Activity.Target: RecordValue {
    private enum Form: RecordCode {
        case opportunity, lead
        static let byCode = tableByCode()
        var code: UInt8 {
            switch self {
            case .opportunity: 1
            case .lead: 2
            }
        }
    }

    func encode(to encoder: inout RecordEncoder) {
        switch self {
        case .opportunity(let id):
            encoder.write(Form.opportunity)
            encoder.write(id)
        case .lead(let id):
            encoder.write(Form.lead)
            encoder.write(id)
        }
    }

    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        switch try decoder.read(Form.self) {
        case .opportunity: self = .opportunity(try decoder.read())
        case .lead: self = .lead(try decoder.read())
        }
    }
}
