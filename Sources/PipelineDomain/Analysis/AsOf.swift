/// A place in the company's past that a question is asked of.
public enum AsOf: Hashable, Sendable {
    /// The last record of that instant or before it.
    case instant(Instant)
    /// The end of the date in the company's zone (D-37).
    case day(Day)
    /// A position of the log, as a receipt names it.
    case position(UInt64)
}

/// Where a walk along the log ends: with which record.
public enum PastBound: Hashable, Sendable {
    /// With the one at the position.
    case position(UInt64)
    /// With the last one whose time, which never goes back, is the instant or before it.
    case instant(Instant)
}

extension AsOf {
    public func bound(_ zone: String, _ zones: any ZoneRules) -> PastBound {
        switch self {
        case .position(let sequence): return .position(sequence)
        case .instant(let instant): return .instant(instant)
        case .day(let day):
            let next = zones.start(of: Day(number: day.number + 1), in: zone)
            return .instant(Instant(milliseconds: next.milliseconds - 1))
        }
    }
}
