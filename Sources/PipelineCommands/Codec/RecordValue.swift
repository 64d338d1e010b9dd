import PipelineDomain

/// A value with one fixed form in a record. The layouts are written down in docs/RECORDS.md; they
/// never change without a new schema version (W-12).
protocol RecordValue {
    func encode(to encoder: inout RecordEncoder)
    init(reading decoder: inout RecordDecoder) throws(RecordError)
}

// MARK: - Plain values

extension String: RecordValue {
    func encode(to encoder: inout RecordEncoder) { encoder.text(self) }
    init(reading decoder: inout RecordDecoder) throws(RecordError) { self = try decoder.text() }
}

extension Bool: RecordValue {
    func encode(to encoder: inout RecordEncoder) { encoder.byte(self ? 1 : 0) }
    init(reading decoder: inout RecordDecoder) throws(RecordError) { self = try decoder.flag() }
}

extension Int: RecordValue {
    func encode(to encoder: inout RecordEncoder) { encoder.signed(Int64(self)) }
    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        self = try decoder.signed("an integer")
    }
}

extension Int64: RecordValue {
    func encode(to encoder: inout RecordEncoder) { encoder.signed(self) }
    init(reading decoder: inout RecordDecoder) throws(RecordError) { self = try decoder.signed() }
}

extension UInt64: RecordValue {
    func encode(to encoder: inout RecordEncoder) { encoder.unsigned(self) }
    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        self = try decoder.unsigned()
    }
}

// MARK: - Values of the domain

extension Identifier: RecordValue {
    func encode(to encoder: inout RecordEncoder) { encoder.unsigned(UInt64(number)) }
    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        self.init(try decoder.unsigned("an id"))
    }
}

extension Instant: RecordValue {
    func encode(to encoder: inout RecordEncoder) { encoder.signed(milliseconds) }
    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        self.init(milliseconds: try decoder.signed())
    }
}

extension Day: RecordValue {
    func encode(to encoder: inout RecordEncoder) { encoder.signed(Int64(number)) }
    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        self.init(number: try decoder.signed("a date"))
    }
}

extension Rate: RecordValue {
    func encode(to encoder: inout RecordEncoder) { encoder.unsigned(UInt64(basisPoints)) }
    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        let start = decoder.offset
        let points: UInt16 = try decoder.unsigned("a rate")
        guard let rate = Rate(basisPoints: Int(points)) else {
            throw RecordError(.outOfRange("a rate"), at: start)
        }
        self = rate
    }
}

extension Currency: RecordValue {
    /// Looked for first: making a currency of its code costs more than the rest of a small record.
    private static let common: [(code: (UInt8, UInt8, UInt8), currency: Currency)] = [
        "CNY", "USD", "EUR", "HKD", "JPY", "GBP", "TWD", "SGD",
    ].compactMap { code in
        let bytes = Array(code.utf8)
        return Currency(code).map { ((bytes[0], bytes[1], bytes[2]), $0) }
    }

    func encode(to encoder: inout RecordEncoder) {
        for (code, currency) in Self.common where currency == self {
            encoder.byte(code.0)
            encoder.byte(code.1)
            encoder.byte(code.2)
            return
        }
        for letter in code.utf8 { encoder.byte(letter) }
    }

    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        let start = decoder.offset
        let letters = (try decoder.byte(), try decoder.byte(), try decoder.byte())
        for (code, currency) in Self.common where code == letters {
            self = currency
            return
        }
        let text = String(decoding: [letters.0, letters.1, letters.2], as: UTF8.self)
        // Lower case makes a currency too, but is not the form that was written.
        guard let currency = Currency(text), currency.code == text else {
            throw RecordError(.unknownCurrency, at: start)
        }
        self = currency
    }
}

extension Money: RecordValue {
    func encode(to encoder: inout RecordEncoder) {
        encoder.signed(minorUnits)
        encoder.write(currency)
    }
    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        self.init(minorUnits: try decoder.signed(), currency: try decoder.read())
    }
}

extension Change: RecordValue where Value: RecordValue {
    func encode(to encoder: inout RecordEncoder) {
        encoder.write(from)
        encoder.write(to)
    }
    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        self.init(from: try decoder.read(), to: try decoder.read())
    }
}

// MARK: - Collections

extension Optional: RecordValue where Wrapped: RecordValue {
    func encode(to encoder: inout RecordEncoder) {
        guard let self else { return encoder.byte(0) }
        encoder.byte(1)
        encoder.write(self)
    }
    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        self = try decoder.flag() ? try Wrapped(reading: &decoder) : nil
    }
}

/// Elements reserved for at most before any has been read: a count is not to be trusted with memory.
private let reservedElements = 64

extension Array: RecordValue where Element: RecordValue {
    func encode(to encoder: inout RecordEncoder) {
        encoder.count(count)
        for element in self { encoder.write(element) }
    }
    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        let count = try decoder.count()
        self.init()
        guard count > 0 else { return }
        reserveCapacity(Swift.min(count, reservedElements))
        for _ in 0..<count { append(try Element(reading: &decoder)) }
    }
}

extension Dictionary: RecordValue where Key: RecordCode, Value: RecordValue {
    /// In ascending order of the keys' codes, whatever order the table is in (W-1). The keys are few:
    /// looking for the next one takes less than hashing each or sorting.
    func encode(to encoder: inout RecordEncoder) {
        encoder.count(count)
        var written: UInt8 = 0
        for _ in 0..<count {
            var next = endIndex
            var lowest = UInt8.max
            for index in indices where keys[index].code > written && keys[index].code <= lowest {
                next = index
                lowest = keys[index].code
            }
            encoder.byte(lowest)
            encoder.write(values[next])
            written = lowest
        }
    }
    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        let count = try decoder.count()
        self.init(minimumCapacity: Swift.min(count, Key.byCode.count))
        var previous: UInt8?
        for _ in 0..<count {
            let start = decoder.offset
            let key = try Key(reading: &decoder)
            if let previous, key.code <= previous {
                throw RecordError(.membersOutOfOrder, at: start)
            }
            previous = key.code
            self[key] = try Value(reading: &decoder)
        }
    }
}
