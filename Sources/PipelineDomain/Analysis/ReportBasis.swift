/// What a report is computed from (§7): the facts as of an instant, and who may see what. The second is
/// always as it is now (D-33); for an ordinary question both are the same state.
public struct ReportBasis: Sendable {
    /// The facts, the tree, the versions and the outcomes of the instant.
    public let past: State
    /// Who may see what (D-33).
    public let present: State
    public let viewer: PersonID
    /// The instant of the last record that the facts know: asking again as of `sequence` gives the
    /// identical answer.
    public let at: Instant
    /// The place of that record in the log.
    public let sequence: UInt64
    public let zones: any ZoneRules
    /// The company's calendar date at that instant (D-37).
    public let today: Day
    /// Whether the facts are those of now.
    let isNow: Bool

    /// The facts of now.
    public init(_ state: State, viewer: PersonID, sequence: UInt64, zones: any ZoneRules) {
        self.init(
            past: state, present: state, isNow: true, viewer: viewer, sequence: sequence,
            zones: zones)
    }

    /// The facts of some time ago, as the viewer may see them now.
    public init(
        past: State, present: State, viewer: PersonID, sequence: UInt64, zones: any ZoneRules
    ) {
        self.init(
            past: past, present: present, isNow: false, viewer: viewer, sequence: sequence,
            zones: zones)
    }

    private init(
        past: State, present: State, isNow: Bool, viewer: PersonID, sequence: UInt64,
        zones: any ZoneRules
    ) {
        self.past = past
        self.present = present
        self.isNow = isNow
        self.viewer = viewer
        at = past.recordedAt
        self.sequence = sequence
        self.zones = zones
        today = zones.day(in: past.company.zone, at: past.recordedAt)
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
