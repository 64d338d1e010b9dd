import PipelineDomain

extension InboxEvent: RecordPayload {
    var tag: RecordTag.Inbox {
        switch self {
        case .notified: .notified
        case .acknowledged: .acknowledged
        case .acknowledgedUpTo: .acknowledgedUpTo
        case .delivered: .delivered
        case .digested: .digested
        }
    }

    func encodePayload(to encoder: inout RecordEncoder) {
        switch self {
        case .notified(let notification): encoder.write(notification)
        case .acknowledged(let rows): encoder.write(rows)
        case .acknowledgedUpTo(let row): encoder.write(row)
        case .delivered(let row): encoder.write(row)
        case .digested(let digest): encoder.write(digest)
        }
    }

    init(_ tag: RecordTag.Inbox, reading decoder: inout RecordDecoder) throws(RecordError) {
        switch tag {
        case .notified: self = .notified(try decoder.read())
        case .acknowledged: self = .acknowledged(try decoder.read())
        case .acknowledgedUpTo: self = .acknowledgedUpTo(try decoder.read())
        case .delivered: self = .delivered(upTo: try decoder.read())
        case .digested: self = .digested(try decoder.read())
        }
    }
}

extension Notification: RecordValue {
    func encode(to encoder: inout RecordEncoder) {
        encoder.write(kind)
        encoder.write(opportunity)
        encoder.write(approval)
        encoder.write(by)
        encoder.write(note)
        encoder.write(contact)
    }

    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        self.init(
            kind: try decoder.read(), opportunity: try decoder.read(),
            approval: try decoder.read(), by: try decoder.read(), note: try decoder.read(),
            contact: try decoder.read())
    }
}

extension RememberedAnswer: RecordPayload {
    var tag: RecordTag.Request { .answered }

    func encodePayload(to encoder: inout RecordEncoder) {
        encoder.write(token)
        encoder.fixed64(fingerprint)
        encoder.write(answer.fields)
    }

    init(_ tag: RecordTag.Request, reading decoder: inout RecordDecoder) throws(RecordError) {
        switch tag {
        case .answered:
            self.init(
                token: try decoder.read(), fingerprint: try decoder.fixed64(),
                answer: Answer(try decoder.read()))
        }
    }
}

extension Answer.Field: RecordValue {
    func encode(to encoder: inout RecordEncoder) {
        encoder.write(name)
        encoder.write(value)
    }

    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        self.init(try decoder.read(), try decoder.read())
    }
}

extension Answer.Value: RecordValue {
    private enum Form: RecordCode {
        case null, text, integer, texts, boolean
        static let byCode = tableByCode()
        var code: UInt8 {
            switch self {
            case .null: 1
            case .text: 2
            case .integer: 3
            case .texts: 4
            case .boolean: 5
            }
        }
    }

    func encode(to encoder: inout RecordEncoder) {
        switch self {
        case .null: encoder.write(Form.null)
        case .text(let text):
            encoder.write(Form.text)
            encoder.write(text)
        case .integer(let integer):
            encoder.write(Form.integer)
            encoder.write(integer)
        case .texts(let texts):
            encoder.write(Form.texts)
            encoder.write(texts)
        case .boolean(let value):
            encoder.write(Form.boolean)
            encoder.write(value)
        }
    }

    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        switch try decoder.read(Form.self) {
        case .null: self = .null
        case .text: self = .text(try decoder.read())
        case .integer: self = .integer(try decoder.read())
        case .texts: self = .texts(try decoder.read())
        case .boolean: self = .boolean(try decoder.read())
        }
    }
}
