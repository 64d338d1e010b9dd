import PipelineDomain

extension TargetEvent: RecordPayload {
    var tag: RecordTag.Target {
        switch self {
        case .set: .set
        case .checked: .checked
        }
    }

    func encodePayload(to encoder: inout RecordEncoder) {
        switch self {
        case .set(let key, let change):
            encoder.write(key)
            encoder.write(change)
        case .checked(let check): encoder.write(check)
        }
    }

    init(_ tag: RecordTag.Target, reading decoder: inout RecordDecoder) throws(RecordError) {
        switch tag {
        case .set: self = .set(try decoder.read(), try decoder.read())
        case .checked: self = .checked(try decoder.read())
        }
    }
}

extension TargetCheck: RecordValue {
    func encode(to encoder: inout RecordEncoder) { encoder.write(number) }

    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        let start = decoder.offset
        guard let check = TargetCheck(number: try decoder.read()) else {
            throw RecordError(.outOfRange("a check of a target"), at: start)
        }
        self = check
    }
}

extension TargetKey: RecordValue {
    func encode(to encoder: inout RecordEncoder) {
        encoder.write(holder)
        encoder.write(period)
        encoder.write(activity)
        encoder.write(product)
        encoder.write(region)
        encoder.write(channel)
    }

    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        self.init(
            holder: try decoder.read(), period: try decoder.read(), activity: try decoder.read(),
            product: try decoder.read(), region: try decoder.read(), channel: try decoder.read())
    }
}

extension CalendarPeriod: RecordValue {
    func encode(to encoder: inout RecordEncoder) {
        encoder.write(year)
        encoder.write(length)
        encoder.write(number)
    }

    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        let start = decoder.offset
        let year: Int = try decoder.read()
        let length: Length = try decoder.read()
        guard let period = CalendarPeriod(year: year, length, number: try decoder.read()) else {
            throw RecordError(.outOfRange("a period"), at: start)
        }
        self = period
    }
}

extension TargetHolder: RecordValue {
    private enum Form: RecordCode {
        case unit, person
        static let byCode = tableByCode()
        var code: UInt8 {
            switch self {
            case .unit: 1
            case .person: 2
            }
        }
    }

    func encode(to encoder: inout RecordEncoder) {
        switch self {
        case .unit(let id):
            encoder.write(Form.unit)
            encoder.write(id)
        case .person(let id):
            encoder.write(Form.person)
            encoder.write(id)
        }
    }

    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        switch try decoder.read(Form.self) {
        case .unit: self = .unit(try decoder.read())
        case .person: self = .person(try decoder.read())
        }
    }
}

extension TargetValue: RecordValue {
    private enum Form: RecordCode {
        case amount, count
        static let byCode = tableByCode()
        var code: UInt8 {
            switch self {
            case .amount: 1
            case .count: 2
            }
        }
    }

    func encode(to encoder: inout RecordEncoder) {
        switch self {
        case .amount(let money):
            encoder.write(Form.amount)
            encoder.write(money)
        case .count(let count):
            encoder.write(Form.count)
            encoder.write(count)
        }
    }

    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        switch try decoder.read(Form.self) {
        case .amount: self = .amount(try decoder.read())
        case .count: self = .count(try decoder.read())
        }
    }
}
