import PipelineDomain

extension ApprovalEvent: RecordPayload {
    var tag: RecordTag.Approval {
        switch self {
        case .requested: .requested
        case .levelApproved: .levelApproved
        case .approved: .approved
        case .approvedAutomatically: .approvedAutomatically
        case .rejected: .rejected
        case .recalled: .recalled
        case .cancelled: .cancelled
        case .reassigned: .reassigned
        case .voided: .voided
        case .reminded: .reminded
        case .escalated: .escalated
        case .adminsTold: .adminsTold
        case .expired: .expired
        }
    }

    func encodePayload(to encoder: inout RecordEncoder) {
        switch self {
        case .requested(let facts): encoder.write(facts)
        case .levelApproved(let level, let onBehalfOf, let note):
            encoder.write(level)
            encoder.write(onBehalfOf)
            encoder.write(note)
        case .approved(let onBehalfOf, let note):
            encoder.write(onBehalfOf)
            encoder.write(note)
        case .approvedAutomatically: break
        case .rejected(let onBehalfOf, let note):
            encoder.write(onBehalfOf)
            encoder.write(note)
        case .recalled(let note): encoder.write(note)
        case .cancelled: break
        case .reassigned(let facts): encoder.write(facts)
        case .voided, .reminded, .adminsTold: break
        case .escalated(let superior): encoder.write(superior)
        case .expired(let isApproved): encoder.write(isApproved)
        }
    }

    init(_ tag: RecordTag.Approval, reading decoder: inout RecordDecoder) throws(RecordError) {
        switch tag {
        case .requested: self = .requested(try decoder.read())
        case .levelApproved:
            self = .levelApproved(
                level: try decoder.read(), onBehalfOf: try decoder.read(),
                note: try decoder.read())
        case .approved:
            self = .approved(onBehalfOf: try decoder.read(), note: try decoder.read())
        case .approvedAutomatically: self = .approvedAutomatically
        case .rejected:
            self = .rejected(onBehalfOf: try decoder.read(), note: try decoder.read())
        case .recalled: self = .recalled(note: try decoder.read())
        case .cancelled: self = .cancelled
        case .reassigned: self = .reassigned(try decoder.read())
        case .voided: self = .voided
        case .reminded: self = .reminded
        case .escalated: self = .escalated(to: try decoder.read())
        case .adminsTold: self = .adminsTold
        case .expired: self = .expired(isApproved: try decoder.read())
        }
    }
}

extension ApprovalFacts: RecordValue {
    func encode(to encoder: inout RecordEncoder) {
        encoder.write(opportunity)
        encoder.write(stage)
        encoder.write(target)
        encoder.write(approvers)
        encoder.write(endsAutomatically)
        encoder.write(attempt)
        encoder.write(amount)
        encoder.write(currency)
        encoder.write(note)
    }

    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        self.init(
            opportunity: try decoder.read(), stage: try decoder.read(),
            target: try decoder.read(), approvers: try decoder.read(),
            endsAutomatically: try decoder.read(), attempt: try decoder.read(),
            amount: try decoder.read(), currency: try decoder.read(), note: try decoder.read())
    }
}

extension ApprovalReassignment: RecordValue {
    func encode(to encoder: inout RecordEncoder) {
        encoder.write(deciders)
        encoder.write(vacancies)
        encoder.write(cause)
        encoder.write(reason)
    }

    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        self.init(
            deciders: try decoder.read(), vacancies: try decoder.read(),
            cause: try decoder.read(), reason: try decoder.read())
    }
}

extension ApprovalTarget: RecordValue {
    private enum Form: RecordCode {
        case stage, won, reopened
        static let byCode = tableByCode()
        var code: UInt8 {
            switch self {
            case .stage: 1
            case .won: 2
            case .reopened: 3
            }
        }
    }

    func encode(to encoder: inout RecordEncoder) {
        switch self {
        case .stage(let key):
            encoder.write(Form.stage)
            encoder.write(key)
        case .won(let closing):
            encoder.write(Form.won)
            encoder.write(closing)
        case .reopened(let reopening):
            encoder.write(Form.reopened)
            encoder.write(reopening)
        }
    }

    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        switch try decoder.read(Form.self) {
        case .stage: self = .stage(try decoder.read())
        case .won: self = .won(try decoder.read())
        case .reopened: self = .reopened(try decoder.read())
        }
    }
}
