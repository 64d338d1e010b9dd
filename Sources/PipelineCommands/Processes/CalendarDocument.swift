import PipelineDomain

/// A calendar as a JSON document (`CALENDAR.PUT`, `CALENDAR.LIST`):
/// `{"name": "中国", "units": ["u2"], "weekend": ["sat", "sun"], "hours": ["09:00-12:00",
/// "13:00-18:00"], "holidays": ["2026-10-01"], "workdays": ["2026-10-10"]}`.
enum CalendarDocument {
    static func parse(
        _ json: some Collection<UInt8>, key: String
    ) throws(ProcessDocumentError) -> WorkCalendar {
        let value: JSONValue
        do { value = try JSONParser.parse(json) } catch {
            throw ProcessDocumentError(problems: [error.message])
        }
        var reader = JSONReader()
        let known = ["name", "units", "weekend", "hours", "holidays", "workdays"]
        guard let members = reader.members(value, at: "", known: known) else {
            throw ProcessDocumentError(reader)
        }
        var calendar = WorkCalendar(
            key: key, name: reader.text("name", of: members) ?? key)
        reader.judge(name: calendar.name, at: "name")
        let units = reader.texts("units", of: members, most: Bounds.choices)
        for (index, text) in units.enumerated() {
            guard let unit = UnitID(text.utf8) else {
                reader.report("units[\(index)]", "must be the id of a unit, such as u2")
                continue
            }
            calendar.units.append(unit)
        }
        readWeekend(of: members, &calendar, &reader)
        readHours(of: members, &calendar, &reader)
        calendar.holidays = days("holidays", of: members, &reader)
        calendar.workdays = days("workdays", of: members, &reader)
        guard reader.problems.isEmpty else { throw ProcessDocumentError(reader) }
        return calendar
    }

    private static func readWeekend(
        of members: JSONReader.Members, _ calendar: inout WorkCalendar, _ reader: inout JSONReader
    ) {
        let listed = reader.list(
            "weekend", of: members, .nullable, most: 7, mustBe: "a list of days of the week")
        guard reader.value("weekend", of: members, .nullable, mustBe: "a list") != nil else {
            return
        }
        var days: Set<WorkCalendar.Weekday> = []
        for (path, value) in listed {
            if let day: WorkCalendar.Weekday = reader.word(value, at: path) { days.insert(day) }
        }
        if days.count == WorkCalendar.Weekday.allCases.count {
            reader.report("weekend", "is the whole week: leave a day to work on")
        }
        calendar.weekend = WorkCalendar.Weekday.allCases.filter(days.contains)
    }

    private static func readHours(
        of members: JSONReader.Members, _ calendar: inout WorkCalendar, _ reader: inout JSONReader
    ) {
        let listed = reader.list(
            "hours", of: members, .nullable, most: 24, mustBe: "a list of hours")
        guard reader.value("hours", of: members, .nullable, mustBe: "a list") != nil else {
            return
        }
        var spans: [WorkCalendar.Span] = []
        for (path, value) in listed {
            guard case .text(let text) = value, let span = span(text) else {
                reader.report(path, "must be hours of a day such as '09:00-12:00'")
                continue
            }
            if let last = spans.last, span.from < last.to {
                reader.report(path, "begins before the hours before it end")
            }
            spans.append(span)
        }
        if listed.isEmpty { reader.report("hours", "is empty: give some") }
        calendar.hours = spans
    }

    private static func span(_ text: String) -> WorkCalendar.Span? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let from = minute(parts[0]), let to = minute(parts[1]), from < to
        else { return nil }
        return WorkCalendar.Span(from: from, to: to)
    }

    /// Minutes after midnight of `09:00`; `24:00` is the end of the day.
    private static func minute(_ text: Substring) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 }),
            text.utf8.allSatisfy({ (0x30...0x3A).contains($0) }),
            let hour = Int(parts[0]), let minute = Int(parts[1]), minute < 60,
            hour * 60 + minute <= 24 * 60
        else { return nil }
        return hour * 60 + minute
    }

    private static func days(
        _ name: String, of members: JSONReader.Members, _ reader: inout JSONReader
    ) -> [Day] {
        var days: Set<Day> = []
        let texts = reader.texts(name, of: members, most: Bounds.calendarDays)
        for (index, text) in texts.enumerated() {
            if let day = Day(text.utf8) {
                days.insert(day)
            } else {
                reader.report("\(name)[\(index)]", "must be a calendar date, YYYY-MM-DD")
            }
        }
        return days.sorted()
    }

    /// The whole document, every member written out.
    static func text(of calendar: WorkCalendar) -> String {
        func list(_ texts: [String]) -> JSONValue { .list(texts.map { .text($0) }) }
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
        func clock(_ minute: Int) -> String { two(minute / 60) + ":" + two(minute % 60) }
        return JSONValue.object([
            .init("name", .text(calendar.name)),
            .init("units", list(calendar.units.map(\.description))),
            .init("weekend", list(calendar.weekend.map(\.rawValue))),
            .init("hours", list(calendar.hours.map { clock($0.from) + "-" + clock($0.to) })),
            .init("holidays", list(calendar.holidays.map(\.description))),
            .init("workdays", list(calendar.workdays.map(\.description))),
        ]).json
    }
}
