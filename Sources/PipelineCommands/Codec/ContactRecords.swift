import PipelineDomain

extension ContactEvent: RecordPayload {
    var tag: RecordTag.Contact {
        switch self {
        case .created: .created
        case .renamed: .renamed
        case .changed: .changed
        case .left: .left
        case .returned: .returned
        case .customerChanged: .customerChanged
        }
    }

    func encodePayload(to encoder: inout RecordEncoder) {
        switch self {
        case .created(let customer, let name, let fields):
            encoder.write(customer)
            encoder.write(name)
            encoder.write(fields)
        case .renamed(let change): encoder.write(change)
        case .changed(let field, let change):
            encoder.write(field)
            encoder.write(change)
        case .left, .returned: break
        case .customerChanged(let change): encoder.write(change)
        }
    }

    init(_ tag: RecordTag.Contact, reading decoder: inout RecordDecoder) throws(RecordError) {
        switch tag {
        case .created:
            self = .created(
                customer: try decoder.read(), name: try decoder.read(),
                fields: try decoder.read())
        case .renamed: self = .renamed(try decoder.read())
        case .changed: self = .changed(try decoder.read(), try decoder.read())
        case .left: self = .left
        case .returned: self = .returned
        case .customerChanged: self = .customerChanged(try decoder.read())
        }
    }
}

extension ContactChange: RecordValue {
    private enum Form: RecordCode {
        case left, moved, replaced
        static let byCode = tableByCode()
        var code: UInt8 {
            switch self {
            case .left: 1
            case .moved: 2
            case .replaced: 3
            }
        }
    }

    func encode(to encoder: inout RecordEncoder) {
        switch self {
        case .left(let contact):
            encoder.write(Form.left)
            encoder.write(contact)
        case .moved(let contact, let customer):
            encoder.write(Form.moved)
            encoder.write(contact)
            encoder.write(customer)
        case .replaced(let contact, let successor):
            encoder.write(Form.replaced)
            encoder.write(contact)
            encoder.write(successor)
        }
    }

    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        switch try decoder.read(Form.self) {
        case .left: self = .left(try decoder.read())
        case .moved: self = .moved(try decoder.read(), to: try decoder.read())
        case .replaced: self = .replaced(try decoder.read(), by: try decoder.read())
        }
    }
}
