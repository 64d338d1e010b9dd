import PipelineDomain

extension LeadEvent: RecordPayload {
    var tag: RecordTag.Lead {
        switch self {
        case .created: .created
        case .renamed: .renamed
        case .changed: .changed
        case .measured: .measured
        case .ownerChanged: .ownerChanged
        case .discarded: .discarded
        case .converted: .converted
        }
    }

    func encodePayload(to encoder: inout RecordEncoder) {
        switch self {
        case .created(let facts):
            encoder.write(facts.name)
            encoder.write(facts.owner)
            encoder.write(facts.fields)
            encoder.write(facts.measures)
        case .renamed(let change): encoder.write(change)
        case .changed(let field, let change):
            encoder.write(field)
            encoder.write(change)
        case .measured(let measure, let change):
            encoder.write(measure)
            encoder.write(change)
        case .ownerChanged(let change): encoder.write(change)
        case .discarded(let reason): encoder.write(reason)
        case .converted(let conversion):
            encoder.write(conversion.customer)
            encoder.write(conversion.contact)
            encoder.write(conversion.opportunity)
        }
    }

    init(_ tag: RecordTag.Lead, reading decoder: inout RecordDecoder) throws(RecordError) {
        switch tag {
        case .created:
            self = .created(
                LeadFacts(
                    name: try decoder.read(), owner: try decoder.read(),
                    fields: try decoder.read(), measures: try decoder.read()))
        case .renamed: self = .renamed(try decoder.read())
        case .changed: self = .changed(try decoder.read(), try decoder.read())
        case .measured: self = .measured(try decoder.read(), try decoder.read())
        case .ownerChanged: self = .ownerChanged(try decoder.read())
        case .discarded: self = .discarded(reason: try decoder.read())
        case .converted:
            self = .converted(
                LeadConversion(
                    customer: try decoder.read(), contact: try decoder.read(),
                    opportunity: try decoder.read()))
        }
    }
}
