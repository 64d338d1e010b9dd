/// When people work (D-37): weekdays, hours, holidays and make-up working days.
public struct WorkCalendar: Hashable, Sendable {
    /// Hours of a working day, in minutes after local midnight, the end not included.
    public struct Span: Hashable, Sendable {
        public let from: Int
        public let to: Int

        public init(from: Int, to: Int) {
            self.from = from
            self.to = to
        }
    }

    /// From Monday on, as ISO 8601 counts.
    public enum Weekday: String, Hashable, Sendable, CaseIterable {
        case mon, tue, wed, thu, fri, sat, sun
    }

    public var key: String
    public var name: String
    /// Whose it is, their subtrees included; empty: the company's.
    public var units: [UnitID] = []
    /// Days of the week on which nobody works; not all of them.
    public var weekend: [Weekday] = [.sat, .sun]
    /// Ascending, apart from each other, at least one.
    public var hours = [Span(from: 9 * 60, to: 18 * 60)]
    /// Ascending.
    public var holidays: [Day] = []
    /// Days on which people work although they lie in a weekend or are holidays; ascending.
    public var workdays: [Day] = []

    public init(key: String, name: String) {
        self.key = key
        self.name = name
    }

    /// Where the company has put none down: Monday to Friday, 9 to 18.
    static let standard = WorkCalendar(key: "standard", name: "")
}

extension Day {
    public var weekday: WorkCalendar.Weekday {
        // 1970-01-01 was a Thursday.
        let place = (Int(number) + 3) % 7
        return WorkCalendar.Weekday.allCases[place < 0 ? place + 7 : place]
    }

    func advanced(by days: Int32) -> Day {
        Day(number: Int32(clamping: Int64(number) + Int64(days)))
    }
}

extension WorkCalendar {
    /// A make-up day before a holiday, a holiday before the weekday.
    public func isWorking(_ day: Day) -> Bool {
        if workdays.contains(ascending: day) { return true }
        return !weekend.contains(day.weekday) && !holidays.contains(ascending: day)
    }

    /// The working day nearest to the day, itself included (N-6). `nil` if there is none within
    /// ten years.
    public func workingDay(onOrBefore day: Day) -> Day? { working(from: day, step: -1) }
    public func workingDay(onOrAfter day: Day) -> Day? { working(from: day, step: 1) }

    private static var farthestDays: Int32 { 3660 }

    private func working(from day: Day, step: Int32) -> Day? {
        for offset in 0...Self.farthestDays where isWorking(day.advanced(by: offset * step)) {
            return day.advanced(by: offset * step)
        }
        return nil
    }

    /// The instant at which so many working hours have passed (D-27). `nil` if that is more than ten
    /// years ahead. Weeks in which the zone's clocks are not set are counted as a whole.
    public func instant(
        after hours: Int, workingHoursFrom start: Instant, in zone: String, _ zones: any ZoneRules
    ) -> Instant? {
        let hour: Int64 = 60 * 60 * 1000
        guard hours > 0 else { return start }
        guard hours <= Int(Self.farthestDays) * 24 else { return nil }
        var rest = Int64(hours) * hour
        let first = zones.day(in: zone, at: start)
        var offset: Int32 = 0
        while offset <= Self.farthestDays {
            let day = first.advanced(by: offset)
            // The first day has begun: it is not whole.
            if offset > 0, let week = workingTime(ofWeekFrom: day, below: rest, in: zone, zones) {
                rest -= week
                offset += 7
                continue
            }
            for span in spans(on: day, in: zone, zones) {
                let from = max(span.from.milliseconds, start.milliseconds)
                let length = span.to.milliseconds - from
                guard length > 0 else { continue }
                if length >= rest { return Instant(milliseconds: from + rest) }
                rest -= length
            }
            offset += 1
        }
        return nil
    }

    /// The working time of seven days, in milliseconds, if it is less than `rest` and no clock is set
    /// meanwhile. No zone sets its clocks forth and back again within nine days.
    private func workingTime(
        ofWeekFrom day: Day, below rest: Int64, in zone: String, _ zones: any ZoneRules
    ) -> Int64? {
        let minutes = hours.reduce(0) { $0 + $1.to - $1.from }
        let days = (0..<Int32(7)).count { isWorking(day.advanced(by: $0)) }
        let sum = Int64(days * minutes) * 60_000
        guard sum < rest else { return nil }
        // Offsets lie within a day of UTC.
        func offset(_ days: Int64) -> Int {
            let instant = (Int64(day.number) + days) * Instant.dayMilliseconds
            return zones.offsetSeconds(of: zone, at: Instant(milliseconds: instant))
        }
        return offset(-1) == offset(8) ? sum : nil
    }

    /// The working hours of a day as instants; none on a day off.
    private func spans(
        on day: Day, in zone: String, _ zones: any ZoneRules
    ) -> [(from: Instant, to: Instant)] {
        guard isWorking(day) else { return [] }
        return hours.map {
            (
                zones.instant(of: day, minute: $0.from, in: zone),
                zones.instant(of: day, minute: $0.to, in: zone)
            )
        }
    }
}

extension [Day] {
    /// Whether the day is among these, which ascend.
    fileprivate func contains(ascending day: Day) -> Bool {
        var (low, high) = (0, count)
        while low < high {
            let middle = low + (high - low) / 2
            if self[middle] < day { low = middle + 1 } else { high = middle }
        }
        return low < count && self[low] == day
    }
}

extension ZoneRules {
    /// The first instant that shows this local time; where it does not exist, the next that does
    /// (D-37).
    public func instant(of day: Day, minute: Int, in zone: String) -> Instant {
        let local =
            Int64(day.number) * Instant.dayMilliseconds + Int64(minute) * 60_000
        func offset(_ milliseconds: Int64) -> Int64 {
            Int64(offsetSeconds(of: zone, at: Instant(milliseconds: milliseconds))) * 1000
        }
        // Offsets a day before and after are those on either side of a change that is near.
        let before = offset(local - Instant.dayMilliseconds)
        let after = offset(local + Instant.dayMilliseconds)
        let candidates = [local - before, local - after].sorted()
        for candidate in candidates where candidate + offset(candidate) == local {
            return Instant(milliseconds: candidate)
        }
        // Skipped: the change itself lies between the two.
        var low = candidates[0]
        var high = candidates[1]
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if middle + offset(middle) < local { low = middle } else { high = middle }
        }
        return Instant(milliseconds: high)
    }
}

extension State {
    /// The calendar of a unit: the one that names it or the nearest unit above, else the company's,
    /// else Monday to Friday from 9 to 18 (D-37).
    public func calendar(of unit: UnitID) -> WorkCalendar {
        guard !company.calendars.isEmpty else { return .standard }
        let all = company.calendars.map(\.definition)
        for unit in path(from: unit) {
            if let own = all.first(where: { $0.units.contains(unit) }) { return own }
        }
        return all.first { $0.units.isEmpty } ?? .standard
    }
}

/// A calendar with how often it was put down.
public struct KeptCalendar: Sendable {
    public internal(set) var definition: WorkCalendar
    public internal(set) var revision: Revision
}

extension State {
    mutating func put(_ calendar: WorkCalendar, _ recorded: Recorded) {
        let known = company.calendars.firstIndex { $0.definition.key == calendar.key }
        if let known {
            company.calendars[known].definition = calendar
            company.calendars[known].revision.advance(by: recorded.actor)
            return
        }
        let place =
            company.calendars.firstIndex { calendar.key < $0.definition.key }
            ?? company.calendars.count
        company.calendars.insert(
            KeptCalendar(
                definition: calendar, revision: Revision(number: 1, by: recorded.actor)),
            at: place)
    }

    public func keptCalendar(_ key: String) -> KeptCalendar? {
        company.calendars.first { $0.definition.key == key }
    }
}

/// `CALENDAR.PUT`: admin. Puts down a calendar, or changes the one of the same key (D-37).
public struct PutCalendar: Intent {
    let calendar: WorkCalendar

    public init(calendar: WorkCalendar) { self.calendar = calendar }

    public func decide(_ state: State, _ context: Context) throws(Rejection) -> Decision {
        try state.requireAdmin(context, "define calendars")
        let known = state.keptCalendar(calendar.key)
        try context.check(
            known?.revision ?? Revision(number: 0, by: context.actor), of: calendar.key)
        let faults = faults(state)
        guard faults.isEmpty else { throw .invalid(faults) }
        let change = Change(from: known?.definition, to: calendar)
        return Decision(
            .calendar(calendar.key),
            known?.definition == calendar ? [] : [.company(.calendarPut(change))])
    }

    /// Units must exist, and nobody may have two calendars.
    private func faults(_ state: State) -> [Rejection.Fault] {
        var faults: [Rejection.Fault] = []
        let others = state.company.calendars.map(\.definition).filter { $0.key != calendar.key }
        for unit in calendar.units {
            if !state.units.contains(unit) {
                faults.append(.init("units", "no unit \(unit)"))
            } else if let other = others.first(where: { $0.units.contains(unit) }) {
                faults.append(.init("units", "\(unit) has the calendar '\(other.key)'"))
            }
        }
        if calendar.units.isEmpty, let other = others.first(where: \.units.isEmpty) {
            faults.append(.init("units", "the company has the calendar '\(other.key)'; name units"))
        }
        if !faults.isEmpty || state.keptCalendar(calendar.key) != nil { return faults }
        if others.count >= Bounds.calendars {
            faults.append(.init("key", "there are at most \(Bounds.calendars) calendars"))
        }
        return faults
    }
}
