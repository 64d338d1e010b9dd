import PipelineDomain
import PipelineProtocol

extension ValueType where Value == CalendarPeriod {
    /// A year, a quarter or a month.
    static var calendarPeriod: Self {
        Self(
            "period", bounds: "`2026`, `2026Q4` or `2026-11`",
            substitute: CalendarPeriod(year: 2000)
        ) {
            request, index, argument throws(ArgumentError) in
            guard let period = CalendarPeriod(request[index]) else {
                throw .value(
                    argument: argument,
                    problem: "must be a year, quarter or month: 2026, 2026Q4, 2026-11")
            }
            return period
        }
    }
}

extension ValueType where Value == HolderReference {
    /// A unit or a person.
    static var holder: Self {
        Self("holder", bounds: "unit `u3`, person `e4` or login") {
            request, index, argument throws(ArgumentError) in
            if let unit = UnitID(request[index]) { return .unit(unit) }
            if let id = PersonID(request[index]) { return .person(.id(id)) }
            guard let login = request.string(index), Key.problem(login) == nil else {
                throw .value(
                    argument: argument,
                    problem: "must be a unit such as u3, or a person: e4, login")
            }
            return .person(.login(login))
        }
    }
}

extension ValueType where Value == Rate {
    /// A share in percent: `25`, `33.33`.
    static var percent: Self {
        Self(
            "percent", bounds: "above 0, at most 100, such as `25` or `33.33`",
            substitute: Rate(basisPoints: 10_000)
        ) {
            request, index, argument throws(ArgumentError) in
            let amount: Amount?
            do throws(AmountProblem) {
                amount = try Amount(request[index])
            } catch {
                amount = nil
            }
            guard let amount, amount.scale <= 2, amount.digits > 0, amount.digits <= 10_000,
                let rate = Rate(
                    basisPoints: Int(amount.digits) * [100, 10, 1][amount.scale])
            else {
                throw .value(
                    argument: argument,
                    problem: "must be a percentage above 0, at most 100, such as 25 or 33.33")
            }
            return rate
        }
    }
}
