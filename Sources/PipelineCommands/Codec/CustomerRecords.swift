import PipelineDomain

extension CustomerEvent: RecordPayload {
    var tag: RecordTag.Customer {
        switch self {
        case .created: .created
        case .renamed: .renamed
        case .changed: .changed
        case .customChanged: .customChanged
        }
    }

    func encodePayload(to encoder: inout RecordEncoder) {
        switch self {
        case .created(let name, let fields):
            encoder.write(name)
            encoder.write(fields)
        case .renamed(let change): encoder.write(change)
        case .changed(let field, let change):
            encoder.write(field)
            encoder.write(change)
        case .customChanged(let key, let change):
            encoder.write(key)
            encoder.write(change)
        }
    }

    init(_ tag: RecordTag.Customer, reading decoder: inout RecordDecoder) throws(RecordError) {
        switch tag {
        case .created: self = .created(name: try decoder.read(), fields: try decoder.read())
        case .renamed: self = .renamed(try decoder.read())
        case .changed: self = .changed(try decoder.read(), try decoder.read())
        case .customChanged: self = .customChanged(try decoder.read(), try decoder.read())
        }
    }
}
