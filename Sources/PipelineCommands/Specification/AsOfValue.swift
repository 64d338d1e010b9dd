import PipelineDomain
import PipelineProtocol

extension ValueType where Value == AsOf {
    /// A place in the past: an instant, a date or a position of the log.
    static var asOf: Self {
        Self(
            "time",
            bounds:
                "`2026-11-22T09:30:00+08:00`, a date for its end in the company's zone, or a position of the log",
            substitute: .day(Day(number: 0))
        ) { request, index, argument throws(ArgumentError) in
            if let position = request.integer(index), position >= 0 {
                return .position(UInt64(position))
            }
            if let day = Day(request[index]) { return .day(day) }
            if let instant = Instant(request[index]) { return .instant(instant) }
            throw .value(
                argument: argument,
                problem:
                    "must be an instant such as 2026-11-22T09:30:00Z, a date, YYYY-MM-DD, or a position of the log"
            )
        }
    }
}
