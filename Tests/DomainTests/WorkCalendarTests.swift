import Testing

@testable import PipelineDomain

@Suite("Calendars")
struct WorkCalendarTests {
    /// UTC+8; and a zone one hour ahead of UTC whose clock goes to two hours on 2027-03-28 at 01:00Z
    /// and back on 2027-10-31 at 01:00Z.
    private struct Zones: ZoneRules {
        func isKnown(_ zone: String) -> Bool { true }
        func offsetSeconds(of zone: String, at instant: Instant) -> Int {
            guard zone == "Europe/Berlin" else { return zone == "UTC" ? 0 : 8 * 3600 }
            let summer = Zones.utc("2027-03-28", 60)..<Zones.utc("2027-10-31", 60)
            return summer.contains(instant) ? 2 * 3600 : 3600
        }

        static func utc(_ date: String, _ minute: Int) -> Instant {
            Instant(
                milliseconds: Int64(DomainTests.day(date).number) * 86_400_000
                    + Int64(minute) * 60_000)
        }
    }

    private static var china: WorkCalendar {
        var calendar = WorkCalendar(key: "cn", name: "中国")
        calendar.hours = [.init(from: 9 * 60, to: 12 * 60), .init(from: 13 * 60, to: 18 * 60)]
        calendar.holidays = ["2026-10-01", "2026-10-02", "2026-10-05"].map(day)
        calendar.workdays = ["2026-10-03"].map(day)
        return calendar
    }

    @Test(
        "D-37: weekends, holidays and make-up days",
        arguments: [
            ("2026-09-30", true), ("2026-10-01", false), ("2026-10-03", true),
            ("2026-10-04", false), ("2026-10-05", false), ("2026-10-06", true),
        ])
    func days(date: String, works: Bool) {
        #expect(Self.china.isWorking(day(date)) == works)
    }

    @Test("D-37: days of the week, before 1970 too")
    func weekdays() {
        #expect(day("2026-11-22").weekday == .sun)
        #expect(day("1970-01-01").weekday == .thu)
        #expect(Day(number: -4).weekday == .sun)
    }

    @Test("N-6: the working day before and after")
    func nearest() {
        #expect(Self.china.workingDay(onOrBefore: day("2026-10-05")) == day("2026-10-03"))
        #expect(Self.china.workingDay(onOrAfter: day("2026-10-04")) == day("2026-10-06"))
        #expect(Self.china.workingDay(onOrAfter: day("2026-10-06")) == day("2026-10-06"))
    }

    @Test(
        "D-27, D-37: working hours pass only while people work",
        arguments: [
            // 16:00 on Wednesday: two hours are left, the holiday comes, then the make-up Saturday.
            ("2026-09-30", 8 * 60, 2, "2026-09-30", 10 * 60),
            ("2026-09-30", 8 * 60, 3, "2026-10-03", 2 * 60),
            ("2026-09-30", 8 * 60, 6, "2026-10-03", 6 * 60),
            ("2026-09-30", 8 * 60, 11, "2026-10-06", 2 * 60),
            // 12:30 local, in the break.
            ("2026-09-30", 4 * 60 + 30, 1, "2026-09-30", 6 * 60),
            ("2026-10-04", 0, 24, "2026-10-08", 10 * 60),
        ])
    func after(date: String, minute: Int, hours: Int, due: String, dueMinute: Int) {
        let start = Zones.utc(date, minute)
        let end = Self.china.instant(
            after: hours, workingHoursFrom: start, in: "Asia/Shanghai", Zones())
        #expect(end == Zones.utc(due, dueMinute))
    }

    /// Counts how often it is asked.
    private final class CountingZones: ZoneRules, @unchecked Sendable {
        var looks = 0

        func isKnown(_ zone: String) -> Bool { true }
        func offsetSeconds(of zone: String, at instant: Instant) -> Int {
            looks += 1
            return Zones().offsetSeconds(of: zone, at: instant)
        }
    }

    /// People who work through the night, and the clocks are set while they do.
    private static var aroundTheClock: WorkCalendar {
        var calendar = china
        calendar.hours = [.init(from: 0, to: 12 * 60), .init(from: 13 * 60, to: 24 * 60)]
        calendar.weekend = [.sat]
        calendar.holidays.append(day("2027-04-05"))
        return calendar
    }

    @Test(
        "D-27, D-37: however many hours, it is the minute that a count minute by minute comes to",
        arguments: [1, 9, 40, 41, 200, 777])
    func minuteByMinute(hours: Int) {
        for (calendar, zone, date) in [
            (Self.china, "Asia/Shanghai", "2026-09-28"),
            (Self.aroundTheClock, "Europe/Berlin", "2027-03-24"),
            (Self.aroundTheClock, "Europe/Berlin", "2027-10-20"),
        ] {
            let start = Zones.utc(date, 11 * 60 + 17)
            var minute = start.milliseconds
            var rest = hours * 60
            while rest > 0 {
                let at = Instant(milliseconds: minute)
                let local =
                    minute + Int64(Zones().offsetSeconds(of: zone, at: at)) * 1000
                let of = Int(local % 86_400_000 / 60_000)
                if calendar.isWorking(Day(number: Int32(local / 86_400_000))),
                    calendar.hours.contains(where: { $0.from <= of && of < $0.to })
                {
                    rest -= 1
                }
                minute += 60_000
            }
            let due = calendar.instant(after: hours, workingHoursFrom: start, in: zone, Zones())
            #expect(due?.milliseconds == minute, "\(hours) hours from \(date) in \(zone)")
        }
    }

    @Test("N-5, D-27: deadlines that are years ahead, or never come, are not looked for day by day")
    func farAhead() {
        let zones = CountingZones()
        let start = Zones.utc("2026-09-30", 0)
        _ = Self.china.instant(
            after: 8_760, workingHoursFrom: start, in: "Asia/Shanghai", zones)
        var idle = Self.china
        idle.hours = [.init(from: 0, to: 1)]
        let never = idle.instant(
            after: 8_760, workingHoursFrom: start, in: "Asia/Shanghai", zones)
        #expect(never == nil)
        #expect(zones.looks < 3_000)
    }

    @Test("D-37: nothing passes backwards, and what is too far has no instant")
    func bounds() {
        let start = Zones.utc("2026-10-06", 0)
        #expect(
            Self.china.instant(after: 0, workingHoursFrom: start, in: "UTC", Zones()) == start)
        #expect(
            Self.china.instant(after: .max, workingHoursFrom: start, in: "UTC", Zones()) == nil)
    }

    @Test(
        "D-37: a local time that does not exist means the next that does; one that is twice, the first"
    )
    func clockChanges() {
        let zones = Zones()
        // 02:30 is skipped: 03:00 local is 01:00Z.
        #expect(
            zones.instant(of: day("2027-03-28"), minute: 150, in: "Europe/Berlin")
                == Zones.utc("2027-03-28", 60))
        // 02:30 is there at 00:30Z and at 01:30Z.
        #expect(
            zones.instant(of: day("2027-10-31"), minute: 150, in: "Europe/Berlin")
                == Zones.utc("2027-10-31", 30))
        #expect(
            zones.instant(of: day("2027-03-29"), minute: 540, in: "Europe/Berlin")
                == Zones.utc("2027-03-29", 420))
    }

    @Test(
        "D-37: a unit has the nearest calendar above it, else the company's, else the standard one")
    func nearestCalendar() throws {
        let scenario = try SampleCompany.scenario()
        #expect(scenario.state.calendar(of: SampleCompany.east).key == "standard")
        try scenario.given("admin", PutCalendar(calendar: Self.china))
        var sales = WorkCalendar(key: "sales", name: "Sales")
        sales.units = [SampleCompany.sales]
        try scenario.given("admin", PutCalendar(calendar: sales))
        #expect(scenario.state.calendar(of: SampleCompany.east).key == "sales")
        #expect(scenario.state.calendar(of: SampleCompany.root).key == "cn")
    }

    @Test("D-32, D-37: CALENDAR.PUT is refused in order; nobody has two calendars")
    func refusals() throws {
        let scenario = try SampleCompany.scenario()
        var sales = WorkCalendar(key: "sales", name: "Sales")
        sales.units = [SampleCompany.sales]
        scenario.expect(
            "rep", PutCalendar(calendar: sales),
            refusedAs: .notPermitted(action: "define calendars", who: "an admin"))
        try scenario.given("admin", PutCalendar(calendar: sales))
        try scenario.given("admin", PutCalendar(calendar: Self.china))
        scenario.expect("admin", PutCalendar(calendar: sales), gives: [])
        scenario.expect(
            "admin", PutCalendar(calendar: sales),
            refusedAs: .stale(name: "sales", current: 1, changedBy: scenario.person("admin")),
            seeing: 4)
        var other = WorkCalendar(key: "other", name: "Other")
        other.units = [SampleCompany.sales, UnitID(99)]
        scenario.expect(
            "admin", PutCalendar(calendar: other),
            refusedAs: .invalid([
                .init("units", "u2 has the calendar 'sales'"), .init("units", "no unit u99"),
            ]))
        other.units = []
        scenario.expect(
            "admin", PutCalendar(calendar: other),
            refusedAs: .invalid("units", "the company has the calendar 'cn'; name units"))
    }
}
