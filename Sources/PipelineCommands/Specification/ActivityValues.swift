import PipelineDomain
import PipelineProtocol

extension ValueType where Value == Moment {
    /// An instant, or a date for the morning of that day.
    static var moment: Self {
        Self(
            "time",
            bounds:
                "`2026-11-22T09:30:00+08:00`, or a date: \(Bounds.morningHour):00 there where the person who is to do it lives",
            substitute: .day(Day(number: 0))
        ) { request, index, argument throws(ArgumentError) in
            if let day = Day(request[index]) { return .day(day) }
            if let instant = Instant(request[index]) { return .instant(instant) }
            throw .value(
                argument: argument,
                problem: "must be a date, YYYY-MM-DD, or an instant such as 2026-11-22T09:30:00Z")
        }
    }
}

extension ValueType where Value == String {
    /// What an activity is, in anybody's words: `call`, `拜访`. Kept in small letters, so that targets and
    /// reports count it whatever its case.
    static var activityKind: Self {
        let name = ValueType<String>.name
        return Self(
            "kind", bounds: name.bounds + "; kept in small letters", spelling: .anyCase,
            substitute: name.substitute
        ) { request, index, argument throws(ArgumentError) in
            try name.read(request, index, argument).lowercased()
        }
    }
}

extension ValueType where Value == [PersonReference] {
    /// One word with commas: `e3,lee`.
    static var persons: Self {
        Self(
            "person,...",
            bounds:
                "ids or logins with commas between them, at most \(Bounds.referencesPerCommand)",
            spelling: .references
        ) { request, index, argument throws(ArgumentError) in
            let parts = request[index].split(
                separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
            guard parts.count <= Bounds.referencesPerCommand else {
                throw .value(
                    argument: argument,
                    problem: "names more than \(Bounds.referencesPerCommand) people")
            }
            var persons: [PersonReference] = []
            for part in parts {
                persons.append(
                    try ValueType<PersonReference>.person.read(
                        Request([Array(part)]), 0, argument))
            }
            return persons
        }
    }
}
