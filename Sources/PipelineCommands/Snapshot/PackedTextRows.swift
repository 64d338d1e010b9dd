import PipelineDomain

// Packed texts of customers, written as texts of their own and as tables of texts are.

extension RecordEncoder {
    /// As a `String`; an empty one where there is none.
    mutating func write(_ texts: TextRun, _ place: Int) {
        guard let utf8 = texts[place] else { return count(0) }
        count(utf8.count)
        append(utf8)
    }

    /// As a table of texts by code; `fields` in the order of their codes.
    mutating func write(_ texts: TextRun, fields: [(code: UInt8, place: Int)]) {
        count(fields.count { texts.has($0.place) })
        for (code, place) in fields where texts.has(place) {
            byte(code)
            write(texts, place)
        }
    }
}

extension RecordDecoder {
    mutating func text(_ place: Int, into texts: inout TextRunMaker) throws(RecordError) {
        texts.add(try utf8(), at: place)
    }

    mutating func fields(
        _ fields: [(code: UInt8, place: Int)], into texts: inout TextRunMaker
    ) throws(RecordError) {
        var previous: UInt8 = 0
        for _ in 0..<(try count()) {
            let start = offset
            let code = try byte()
            guard code > previous else { throw RecordError(.membersOutOfOrder, at: start) }
            guard let field = fields.first(where: { $0.code == code }) else {
                throw RecordError(.outOfRange("a field"), at: start)
            }
            previous = code
            try text(field.place, into: &texts)
        }
    }
}
