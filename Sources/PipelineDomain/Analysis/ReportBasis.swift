/// What an analysis is made from: the company as it stood at a position of the log, and as it is, since
/// rights are always those of now (A-18, A-19, D-33).
///
/// Whoever or whatever is named today may not have been there yet: look rows of `past` up with
/// `find:`, and everything about rights in `present`.
public struct ReportBasis: Sendable {
    /// The company at the position; its clock is `at`.
    public private(set) var past: State
    /// The company as it is; the same as `past` where nothing earlier is asked for.
    public let present: State
    public let viewer: PersonID
    /// The instant of the last record up to the position; never goes back from one position to the
    /// next. What depends on today depends on this one, so that the answer can be given again.
    public let at: Instant
    /// The position.
    public let sequence: UInt64
    /// Whether `past` is earlier than `present`.
    public let looksBack: Bool
    public let zones: any ZoneRules
    /// What filters look at instead of all rows of `past`; without it they look at the rows.
    let columns: KeptColumns?
    let pause: Pause
    /// The date in the company's zone at `at`.
    public let today: Day

    public init(
        past: State, present: State, viewer: PersonID, at: Instant, sequence: UInt64,
        looksBack: Bool, zones: any ZoneRules, columns: KeptColumns? = nil,
        pause: @escaping Pause = {}
    ) {
        self.columns = columns
        self.pause = pause
        self.past = past
        self.past.clock = at
        self.present = present
        self.viewer = viewer
        self.at = at
        self.sequence = sequence
        self.looksBack = looksBack
        self.zones = zones
        today = zones.day(in: past.company.zone, at: at)
    }

    /// Amounts are told in it (D-36).
    public var currency: Currency { past.company.currency }

    /// From the first instant of a period to before the first one after it, in the company's zone.
    func instants(of days: ClosedRange<Day>) -> Range<Instant> {
        let start = zones.start(of: days.lowerBound, in: past.company.zone)
        let end = zones.start(
            of: Day(number: days.upperBound.number &+ 1), in: past.company.zone)
        return start..<max(start, end)
    }

    func day(of instant: Instant) -> Day { zones.day(in: past.company.zone, at: instant) }
}
