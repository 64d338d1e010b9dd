import PipelineDomain
import PipelineProtocol

extension ReplyWriter {
    /// Without a string in between: every row has several.
    mutating func bulk<Kind>(_ id: Identifier<Kind>) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Identifier<Kind>.textBytes) {
            text in
            let count = id.write(to: text)
            bulk(UnsafeBufferPointer(rebasing: text[..<count]))
        }
    }

    mutating func optional(_ id: Identifier<some IdentifierKind>?) {
        if let id { bulk(id) } else { null() }
    }

    /// RFC 3339, without a string in between: deals are read often.
    mutating func bulk(_ instant: Instant) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Instant.textBytes) { text in
            instant.write(to: text)
            bulk(UnsafeBufferPointer(text))
        }
    }

    mutating func optional(_ day: Day?) {
        guard let day else { return null() }
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Day.textBytes) { text in
            day.write(to: text)
            bulk(UnsafeBufferPointer(text))
        }
    }

    /// The amount alone, without its currency.
    mutating func optional(_ money: Money?) {
        guard let money else { return null() }
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Money.decimalBytes) { text in
            let count = money.writeDecimal(to: text)
            bulk(UnsafeBufferPointer(rebasing: text[..<count]))
        }
    }

    mutating func bulk(_ currency: Currency) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Currency.codeBytes) { text in
            currency.write(to: text)
            bulk(UnsafeBufferPointer(text))
        }
    }

    mutating func texts(_ texts: [String]) {
        array(texts.count)
        for text in texts { bulk(text) }
    }

    mutating func ids(_ ids: some Collection<Identifier<some IdentifierKind>>) {
        array(ids.count)
        for id in ids { bulk(id) }
    }
}

extension Call {
    /// Answers at once in a small company, else off the lock: for lists, which look at many rows to
    /// show a few.
    func scanning(
        _ rows: Int, _ write: @escaping @Sendable (Call) throws(Rejection) -> Void
    ) throws(Rejection) {
        if isSmall(rows) {
            rowsLookedAt += rows
            try write(self)
        } else {
            later { (call, _) throws(Rejection) in try write(call) }
        }
    }

    /// Whether so many rows are looked at in about a tenth of a millisecond.
    func isSmall(_ rows: Int) -> Bool { rows <= 2_000 }
}
