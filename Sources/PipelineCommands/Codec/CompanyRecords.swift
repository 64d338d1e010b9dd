import PipelineDomain

/// The two kinds of event about the company as a whole, which share a group of tags.
enum CompanyRecord: RecordPayload {
    case founding(Founding)
    case change(CompanyEvent)

    var event: Event {
        switch self {
        case .founding(let founding): .founded(founding)
        case .change(let event): .company(event)
        }
    }

    var tag: RecordTag.Company {
        switch self {
        case .founding: .founded
        case .change(.rateSet): .rateSet
        case .change(.fieldPut): .fieldPut
        case .change(.calendarPut): .calendarPut
        case .change(.timePassed): .timePassed
        case .change(.historyDropped): .historyDropped
        }
    }

    func encodePayload(to encoder: inout RecordEncoder) {
        switch self {
        case .founding(let founding): encoder.write(founding)
        case .change(.rateSet(let currency, let day, let change)):
            encoder.write(currency)
            encoder.write(day)
            encoder.write(change)
        case .change(.calendarPut(let change)): encoder.write(change)
        case .change(.timePassed): break
        case .change(.historyDropped(let horizon)): encoder.write(horizon)
        case .change(.fieldPut(let noun, let change)):
            encoder.write(noun)
            encoder.write(change)
        }
    }

    init(_ tag: RecordTag.Company, reading decoder: inout RecordDecoder) throws(RecordError) {
        switch tag {
        case .founded: self = .founding(try decoder.read())
        case .calendarPut: self = .change(.calendarPut(try decoder.read()))
        case .timePassed: self = .change(.timePassed)
        case .historyDropped: self = .change(.historyDropped(try decoder.read()))
        case .fieldPut: self = .change(.fieldPut(try decoder.read(), try decoder.read()))
        case .rateSet:
            self = .change(
                .rateSet(
                    try decoder.read(), from: try decoder.read(), try decoder.read()))
        }
    }
}

extension HistoryHorizon: RecordValue {
    func encode(to encoder: inout RecordEncoder) {
        encoder.write(first)
        encoder.write(since)
        encoder.write(chain)
    }

    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        self.init(
            first: try decoder.read(), since: try decoder.read(), chain: try decoder.read())
    }
}

extension ExchangeRate: RecordValue {
    func encode(to encoder: inout RecordEncoder) { encoder.unsigned(UInt64(scaled)) }
    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        let start = decoder.offset
        guard let scaled = Int64(exactly: try decoder.unsigned()),
            let rate = ExchangeRate(scaled: scaled)
        else { throw RecordError(.outOfRange("an exchange rate"), at: start) }
        self = rate
    }
}

extension WorkCalendar: RecordValue {
    func encode(to encoder: inout RecordEncoder) {
        encoder.write(key)
        encoder.write(name)
        encoder.write(units)
        encoder.write(weekend)
        encoder.write(hours)
        encoder.write(holidays)
        encoder.write(workdays)
    }

    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        self.init(key: try decoder.read(), name: try decoder.read())
        units = try decoder.read()
        weekend = try decoder.read()
        hours = try decoder.read()
        holidays = try decoder.read()
        workdays = try decoder.read()
    }
}

extension WorkCalendar.Span: RecordValue {
    func encode(to encoder: inout RecordEncoder) {
        encoder.write(from)
        encoder.write(to)
    }

    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        self.init(from: try decoder.read(), to: try decoder.read())
    }
}
