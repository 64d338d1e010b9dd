import PipelineDomain
import PipelineProtocol

/// A declared argument together with the way its value is read: the argument list of a command is
/// its typed parser (E-6).
struct Parameter<Value: Sendable>: Sendable {
    let spec: ArgumentSpec
    /// Reads the value from the words bound to the argument, if any; tells of bad values.
    let read:
        @Sendable (Request, Range<Int>?, inout [Rejection.Fault]) throws(ArgumentError) -> Value

    /// Stands in its place and must be there.
    static func required(_ name: String, _ type: ValueType<Value>) -> Self {
        Self(
            spec: ArgumentSpec(name, .positional, isRequired: true, of: type)
        ) { request, words, faults throws(ArgumentError) in
            try type.read(request, words?.lowerBound ?? request.count, name, &faults)
        }
    }

    /// A keyword that must be there.
    static func keyword(_ name: String, _ type: ValueType<Value>) -> Self {
        Self(
            spec: ArgumentSpec(name, .keyword(values: 1), isRequired: true, of: type)
        ) { request, words, faults throws(ArgumentError) in
            try type.read(request, words?.lowerBound ?? request.count, name, &faults)
        }
    }

    /// Stands in its place if it is there at all.
    static func optional<Wrapped>(_ name: String, _ type: ValueType<Wrapped>) -> Self
    where Value == Wrapped? {
        Self(
            spec: ArgumentSpec(name, .positional, isRequired: false, of: type)
        ) { request, words, faults throws(ArgumentError) in
            guard let words else { return nil }
            return try type.read(request, words.lowerBound, name, &faults)
        }
    }

    /// `KEYWORD value`, or nothing.
    static func option<Wrapped>(_ name: String, _ type: ValueType<Wrapped>) -> Self
    where Value == Wrapped? {
        Self(
            spec: ArgumentSpec(name, .keyword(values: 1), isRequired: false, of: type)
        ) { request, words, faults throws(ArgumentError) in
            guard let words else { return nil }
            return try type.read(request, words.lowerBound, name, &faults)
        }
    }

    /// `KEYWORD n value…`, or nothing.
    static func counted<Element>(_ name: String, _ type: ValueType<Element>) -> Self
    where Value == [Element] {
        Self(
            spec: ArgumentSpec(name, .counted, isRequired: false, of: type)
        ) { request, words, faults throws(ArgumentError) in
            try Self.all(request, words, name, type, &faults)
        }
    }

    /// `KEYWORD n first second…`, n of them, or nothing.
    static func pairs<First, Second>(
        _ name: String, _ first: ValueType<First>, _ second: ValueType<Second>, _ words: String...,
        isRequired: Bool = false
    ) -> Self
    where Value == [(First, Second)] {
        Self(
            spec: ArgumentSpec(
                name, .countedPairs, isRequired: isRequired, values: words, bounds: first.bounds)
        ) { request, words, faults throws(ArgumentError) in
            var pairs: [(First, Second)] = []
            guard let words else { return pairs }
            for word in stride(from: words.lowerBound, to: words.upperBound - 1, by: 2) {
                let key = try first.read(request, word, name, &faults)
                pairs.append((key, try second.read(request, word + 1, name, &faults)))
            }
            return pairs
        }
    }

    /// All further words.
    static func rest<Element>(_ name: String, _ type: ValueType<Element>, atLeast: Int = 0) -> Self
    where Value == [Element] {
        Self(
            spec: ArgumentSpec(
                name, .rest(groupOf: 1, atLeast: atLeast), isRequired: atLeast > 0, of: type)
        ) { request, words, faults throws(ArgumentError) in
            try Self.all(request, words, name, type, &faults)
        }
    }

    private static func all<Element>(
        _ request: Request, _ words: Range<Int>?, _ name: String, _ type: ValueType<Element>,
        _ faults: inout [Rejection.Fault]
    ) throws(ArgumentError) -> [Element] {
        var values: [Element] = []
        for word in words ?? 0..<0 { values.append(try type.read(request, word, name, &faults)) }
        return values
    }
}

extension Parameter where Value == ClosedRange<Day>? {
    /// `KEYWORD from to`, both days included, or nothing.
    static func period(_ name: String, _ type: ValueType<Day> = .day) -> Self {
        let required = Parameter<ClosedRange<Day>>.requiredPeriod(name, type)
        let spec = ArgumentSpec(
            name, .keyword(values: 2), isRequired: false, of: type, words: ["from", "to"])
        return Self(spec: spec) { request, words, faults throws(ArgumentError) in
            guard let words else { return nil }
            return try required.read(request, words, &faults)
        }
    }
}

extension Parameter where Value == ClosedRange<Day> {
    /// `KEYWORD from to`, both days included, which must be there.
    static func requiredPeriod(_ name: String, _ type: ValueType<Day> = .day) -> Self {
        let spec = ArgumentSpec(
            name, .keyword(values: 2), isRequired: true, of: type, words: ["from", "to"])
        return Self(spec: spec) { request, words, faults throws(ArgumentError) in
            let (start, known) = (words?.lowerBound ?? request.count, faults.count)
            let from = try type.read(request, start, name, &faults)
            let to = try type.read(request, start + 1, name, &faults)
            if from <= to { return from...to }
            // Of two days of which one is none nothing more can be said.
            if faults.count == known {
                faults.append(.init(name, "ends on \(to), before it begins on \(from)"))
            }
            return from...from
        }
    }
}

extension Parameter where Value == Bool {
    static func flag(_ name: String) -> Self {
        Self(spec: ArgumentSpec(name, .keyword(values: 0), isRequired: false, values: [])) {
            _, words, _ throws(ArgumentError) in words != nil
        }
    }
}

extension Parameter where Value == [(field: String, value: String)] {
    /// `field value …`, at least one pair.
    static var fieldValues: Self {
        Self(
            spec: ArgumentSpec(
                "field", .rest(groupOf: 2, atLeast: 1), isRequired: true,
                values: ["field", "value"], bounds: "an empty value clears the field")
        ) { request, words, faults throws(ArgumentError) in
            guard let words else { return [] }
            var pairs: [(field: String, value: String)] = []
            for word in stride(from: words.lowerBound, to: words.upperBound - 1, by: 2) {
                let field = try ValueType.key.read(request, word, "field", &faults)
                pairs.append((field, try ValueType.note.read(request, word + 1, field, &faults)))
            }
            return pairs
        }
    }
}

extension Parameter where Value == [(key: String, value: String)] {
    /// `FIELDS n key value…`: the company's own fields.
    static var customFields: Self {
        let pairs = Parameter<[(String, String)]>.pairs("FIELDS", .key, .note, "key", "value")
        return Self(spec: pairs.spec) { request, words, faults throws(ArgumentError) in
            try pairs.read(request, words, &faults).map { (key: $0, value: $1) }
        }
    }

    /// `key value…`: the company's own fields by their keys, together, as if they were keywords. Whether
    /// there are such fields is looked at before (`Command.write(ownFields:)`).
    static var ownFields: Self {
        Self(
            spec: ArgumentSpec(
                "key", .rest(groupOf: 2, atLeast: 0), isRequired: false, values: ["key", "value"],
                bounds: "fields of the company's own, one after the other; an empty value clears")
        ) { request, words, faults throws(ArgumentError) in
            var pairs: [(key: String, value: String)] = []
            guard let words else { return pairs }
            for word in stride(from: words.lowerBound, to: words.upperBound - 1, by: 2) {
                let key = String(decoding: request[word], as: UTF8.self).lowercased()
                pairs.append((key, try ValueType.note.read(request, word + 1, key, &faults)))
            }
            return pairs
        }
    }
}

/// The order and the part of a list (§2).
struct Page: Sendable {
    var offset = 0
    var count = Bounds.listDefault
    /// Whether LIMIT was said.
    var isLimited = false
    /// Rows behind this id, with the place to go on from: a long scan (`CURSOR`).
    var cursor: UInt64?
}

extension Parameter where Value == Page {
    /// `LIMIT offset count`, by default the first 100, at most 1000.
    static var limit: Self {
        Self(
            spec: ArgumentSpec(
                "LIMIT", .keyword(values: 2), isRequired: false, values: ["offset", "count"],
                kind: .integer,
                bounds: "by default 0 \(Bounds.listDefault); count at most \(Bounds.listMost)")
        ) { request, words, faults throws(ArgumentError) in
            guard let words else { return Page() }
            let offset = ValueType.integer("offset", in: 0...Int(Int32.max))
            let count = ValueType.integer("count", in: 0...Bounds.listMost)
            return Page(
                offset: try offset.read(request, words.lowerBound, "LIMIT", &faults),
                count: try count.read(request, words.lowerBound + 1, "LIMIT", &faults),
                isLimited: true)
        }
    }
}

/// By which field a list is sorted.
struct SortOrder<Field: Sendable>: Sendable {
    let field: Field
    let isDescending: Bool
}

extension Parameter {
    /// `SORTBY field [ASC|DESC]`.
    static func sort<Field>(_ type: ValueType<Field>) -> Self where Value == SortOrder<Field>? {
        Self(
            spec: ArgumentSpec("SORTBY", .sort, isRequired: false, of: type, words: ["field"])
        ) { request, words, faults throws(ArgumentError) in
            guard let words else { return nil }
            return SortOrder(
                field: try type.read(request, words.lowerBound, "SORTBY", &faults),
                isDescending: words.count == 2 && request.matches(words.lowerBound + 1, "DESC"))
        }
    }
}
