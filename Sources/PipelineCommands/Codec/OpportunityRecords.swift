import PipelineDomain

extension OpportunityEvent: RecordPayload {
    var tag: RecordTag.Opportunity {
        switch self {
        case .created: .created
        case .changed: .changed
        case .customerChanged: .customerChanged
        case .amountChanged: .amountChanged
        case .currencyChanged: .currencyChanged
        case .closeChanged: .closeChanged
        case .feedbackGiven: .feedbackGiven
        case .taskDone: .taskDone
        case .taskUndone: .taskUndone
        case .moved: .moved
        case .won: .won
        case .lost: .lost
        case .invalidated: .invalidated
        case .noted: .noted
        case .transferred: .transferred
        case .teamJoined: .teamJoined
        case .teamLeft: .teamLeft
        case .overridden: .overridden
        case .reopened: .reopened
        case .contactAdded: .contactAdded
        case .contactPartChanged: .contactPartChanged
        case .contactRemoved: .contactRemoved
        case .migrated: .migrated
        case .tagAdded: .tagAdded
        case .tagRemoved: .tagRemoved
        case .competitorsChanged: .competitorsChanged
        case .costChanged: .costChanged
        case .customChanged: .customChanged
        }
    }

    func encodePayload(to encoder: inout RecordEncoder) {
        switch self {
        case .created(let facts): encoder.write(facts)
        case .changed(let field, let change):
            encoder.write(field)
            encoder.write(change)
        case .customerChanged(let change): encoder.write(change)
        case .amountChanged(let change): encoder.write(change)
        case .currencyChanged(let change): encoder.write(change)
        case .closeChanged(let change): encoder.write(change)
        case .feedbackGiven(let item, let change):
            encoder.write(item)
            encoder.write(change)
        case .taskDone(let item, let evidence, let note):
            encoder.write(item)
            encoder.write(evidence)
            encoder.write(note)
        case .taskUndone(let item, let note):
            encoder.write(item)
            encoder.write(note)
        case .moved(let change, let approval, let note):
            encoder.write(change)
            encoder.write(approval)
            encoder.write(note)
        case .won(let approval, let closing):
            encoder.write(approval)
            encoder.write(closing)
        case .lost(let closing): encoder.write(closing)
        case .invalidated(let closing): encoder.write(closing)
        case .noted(let note, let text, let replyTo, let mentions):
            encoder.write(note)
            encoder.write(text)
            encoder.write(replyTo)
            encoder.write(mentions)
        case .transferred(let change): encoder.write(change)
        case .teamJoined(let member): encoder.write(member)
        case .teamLeft(let member): encoder.write(member)
        case .overridden(let change, let reason):
            encoder.write(change)
            encoder.write(reason)
        case .reopened(let outcome, let reopening, let approval):
            encoder.write(outcome)
            encoder.write(reopening)
            encoder.write(approval)
        case .contactAdded(let contact, let part):
            encoder.write(contact)
            encoder.write(part)
        case .contactPartChanged(let contact, let change):
            encoder.write(contact)
            encoder.write(change)
        case .contactRemoved(let contact, let part, let successor):
            encoder.write(contact)
            encoder.write(part)
            encoder.write(successor)
        case .migrated(let migration): encoder.write(migration)
        case .tagAdded(let tag), .tagRemoved(let tag): encoder.write(tag)
        case .competitorsChanged(let change): encoder.write(change)
        case .costChanged(let change): encoder.write(change)
        case .customChanged(let key, let change):
            encoder.write(key)
            encoder.write(change)
        }
    }

    init(_ tag: RecordTag.Opportunity, reading decoder: inout RecordDecoder) throws(RecordError) {
        switch tag {
        case .created: self = .created(try decoder.read())
        case .changed: self = .changed(try decoder.read(), try decoder.read())
        case .customerChanged: self = .customerChanged(try decoder.read())
        case .amountChanged: self = .amountChanged(try decoder.read())
        case .currencyChanged: self = .currencyChanged(try decoder.read())
        case .closeChanged: self = .closeChanged(try decoder.read())
        case .feedbackGiven: self = .feedbackGiven(try decoder.read(), try decoder.read())
        case .taskDone:
            self = .taskDone(
                try decoder.read(), evidence: try decoder.read(), note: try decoder.read())
        case .taskUndone: self = .taskUndone(try decoder.read(), note: try decoder.read())
        case .moved:
            self = .moved(
                try decoder.read(), approval: try decoder.read(), note: try decoder.read())
        case .won: self = .won(approval: try decoder.read(), try decoder.read())
        case .lost: self = .lost(try decoder.read())
        case .invalidated: self = .invalidated(try decoder.read())
        case .noted:
            self = .noted(
                try decoder.read(), text: try decoder.read(), replyTo: try decoder.read(),
                mentions: try decoder.read())
        case .transferred: self = .transferred(try decoder.read())
        case .teamJoined: self = .teamJoined(try decoder.read())
        case .teamLeft: self = .teamLeft(try decoder.read())
        case .overridden:
            self = .overridden(try decoder.read(), reason: try decoder.read())
        case .reopened:
            self = .reopened(
                from: try decoder.read(), try decoder.read(), approval: try decoder.read())
        case .contactAdded:
            self = .contactAdded(try decoder.read(), part: try decoder.read())
        case .contactPartChanged:
            self = .contactPartChanged(try decoder.read(), try decoder.read())
        case .contactRemoved:
            self = .contactRemoved(
                try decoder.read(), part: try decoder.read(), successor: try decoder.read())
        case .migrated: self = .migrated(try decoder.read())
        case .tagAdded: self = .tagAdded(try decoder.read())
        case .tagRemoved: self = .tagRemoved(try decoder.read())
        case .competitorsChanged: self = .competitorsChanged(try decoder.read())
        case .costChanged: self = .costChanged(try decoder.read())
        case .customChanged: self = .customChanged(try decoder.read(), try decoder.read())
        }
    }
}

extension OpportunityFacts: RecordValue {
    func encode(to encoder: inout RecordEncoder) {
        encoder.write(title)
        encoder.write(customer)
        encoder.write(owner)
        encoder.write(version)
        encoder.write(amount)
        encoder.write(currency)
        encoder.write(close)
        encoder.write(fields)
        encoder.write(lead)
    }

    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        self.init(
            title: try decoder.read(), customer: try decoder.read(), owner: try decoder.read(),
            version: try decoder.read(), amount: try decoder.read(),
            currency: try decoder.read(), close: try decoder.read(), fields: try decoder.read(),
            lead: try decoder.read())
    }
}

extension Migration: RecordValue {
    func encode(to encoder: inout RecordEncoder) {
        encoder.write(version)
        encoder.write(numbers)
        encoder.write(stage)
        encoder.write(stages)
    }

    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        self.init(
            version: try decoder.read(), numbers: try decoder.read(), stage: try decoder.read(),
            stages: try decoder.read())
    }
}

extension StageItem: RecordValue {
    func encode(to encoder: inout RecordEncoder) {
        encoder.write(stage)
        encoder.write(key)
    }

    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        self.init(stage: try decoder.read(), key: try decoder.read())
    }
}

extension TeamMember: RecordValue {
    func encode(to encoder: inout RecordEncoder) {
        encoder.write(person)
        encoder.write(role)
    }

    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        self.init(person: try decoder.read(), role: try decoder.read())
    }
}

extension Reopening: RecordValue {
    func encode(to encoder: inout RecordEncoder) {
        encoder.write(stage)
        encoder.write(reason)
    }

    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        self.init(stage: try decoder.read(), reason: try decoder.read())
    }
}

extension Closing: RecordValue {
    func encode(to encoder: inout RecordEncoder) {
        encoder.write(reason)
        encoder.write(competitor)
        encoder.write(review)
        encoder.write(note)
        encoder.write(rate)
    }

    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        self.init(
            reason: try decoder.read(), competitor: try decoder.read(),
            review: try decoder.read(), note: try decoder.read(), rate: try decoder.read())
    }
}

/// The number of fields, then the code and the text of each, in the order of the codes.
extension DealFields: RecordValue {
    private static let byCode = all.sorted { $0.code < $1.code }

    func encode(to encoder: inout RecordEncoder) {
        encoder.count(count)
        for field in Self.byCode {
            guard let text = self[field] else { continue }
            encoder.byte(field.code)
            encoder.text(text)
        }
    }

    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        self.init()
        var previous: UInt8 = 0
        for _ in 0..<(try decoder.count()) {
            let start = decoder.offset
            let field = try OpportunityField(reading: &decoder)
            guard field.code > previous else { throw RecordError(.membersOutOfOrder, at: start) }
            guard field != .title else { throw RecordError(.outOfRange("a field"), at: start) }
            previous = field.code
            self[field] = try decoder.text()
        }
    }
}

extension FeedbackValue: RecordValue {
    /// A value starts with the code of its type, the one that its field has in the process.
    private var type: FeedbackField.ValueType {
        switch self {
        case .text: .text
        case .number: .number
        case .money: .money
        case .date: .date
        case .choice: .choice
        case .boolean: .boolean
        case .person: .person
        case .contact: .contact
        }
    }

    func encode(to encoder: inout RecordEncoder) {
        encoder.write(type)
        switch self {
        case .text(let text): encoder.write(text)
        case .number(let number): encoder.write(number)
        case .money(let money): encoder.write(money)
        case .date(let day): encoder.write(day)
        case .choice(let choice): encoder.write(choice)
        case .boolean(let truth): encoder.write(truth)
        case .person(let person): encoder.write(person)
        case .contact(let contact): encoder.write(contact)
        }
    }

    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        let type: FeedbackField.ValueType = try decoder.read()
        switch type {
        case .text: self = .text(try decoder.read())
        case .number: self = .number(try decoder.read())
        case .money: self = .money(try decoder.read())
        case .date: self = .date(try decoder.read())
        case .choice: self = .choice(try decoder.read())
        case .boolean: self = .boolean(try decoder.read())
        case .person: self = .person(try decoder.read())
        case .contact: self = .contact(try decoder.read())
        }
    }
}
