import PipelineDomain

// Packed texts, written as texts of their own and as tables of texts are, so that nothing in a snapshot
// tells how they lie in memory.

extension RecordEncoder {
    /// As a `String`; an empty one where there is none.
    mutating func write(_ texts: PackedTexts, _ place: Int) {
        texts.withUTF8(place) { utf8 in
            count(utf8?.count ?? 0)
            if let utf8 { append(utf8) }
        }
    }

    /// As a `String?`.
    mutating func writeOptional(_ texts: PackedTexts, _ place: Int) {
        guard texts.has(place) else { return byte(0) }
        byte(1)
        write(texts, place)
    }

    /// As a table of texts by code; `fields` in the order of their codes.
    mutating func write(_ texts: PackedTexts, fields: [(code: UInt8, place: Int)]) {
        count(fields.count { texts.has($0.place) })
        for (code, place) in fields where texts.has(place) {
            byte(code)
            write(texts, place)
        }
    }
}

extension RecordDecoder {
    mutating func text(
        _ place: Int, into texts: inout PackedTextsMaker
    ) throws(RecordError) {
        texts.add(try utf8(), at: place)
    }

    mutating func optional(
        _ place: Int, into texts: inout PackedTextsMaker
    ) throws(RecordError) {
        if try flag() { try text(place, into: &texts) }
    }

    mutating func fields(
        _ fields: [(code: UInt8, place: Int)], into texts: inout PackedTextsMaker
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
