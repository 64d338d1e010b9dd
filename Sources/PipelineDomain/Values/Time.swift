/// A point in time: milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted (D-37).
public struct Instant: Hashable, Comparable, Sendable {
    public let milliseconds: Int64

    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    public static func < (left: Self, right: Self) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// Whole days between two instants, cut, never negative.
    public func wholeDays(since earlier: Instant) -> Int {
        let (gap, over) = milliseconds.subtractingReportingOverflow(earlier.milliseconds)
        return over ? 0 : Int(max(0, gap) / Self.dayMilliseconds)
    }

    static let dayMilliseconds: Int64 = 24 * 60 * 60 * 1000
}

extension Instant: CustomStringConvertible {
    /// RFC 3339 in UTC with three decimals: `2026-11-22T02:17:21.123Z`.
    public var description: String {
        String(unsafeUninitializedCapacity: Self.textBytes) { text in
            write(to: text)
            return Self.textBytes
        }
    }

    /// Length of the text of every instant, in bytes.
    public static let textBytes = 24

    /// Writes the text to a buffer of at least `textBytes`.
    public func write(to text: UnsafeMutableBufferPointer<UInt8>) {
        var days = milliseconds / Self.dayMilliseconds
        var rest = milliseconds % Self.dayMilliseconds
        if rest < 0 {
            rest += Self.dayMilliseconds
            days -= 1
        }
        let day = Day(number: Int32(clamping: days))
        let second = rest / 1000
        day.write(to: text)
        text[10] = UInt8(ascii: "T")
        PipelineDomain.write(second / 3600, digits: 2, to: text, at: 11)
        text[13] = UInt8(ascii: ":")
        PipelineDomain.write(second / 60 % 60, digits: 2, to: text, at: 14)
        text[16] = UInt8(ascii: ":")
        PipelineDomain.write(second % 60, digits: 2, to: text, at: 17)
        text[19] = UInt8(ascii: ".")
        PipelineDomain.write(rest % 1000, digits: 3, to: text, at: 20)
        text[23] = UInt8(ascii: "Z")
    }
}

/// A calendar date of the proleptic Gregorian calendar, as days since 1970-01-01.
public struct Day: Hashable, Comparable, Sendable {
    public let number: Int32

    public init(number: Int32) { self.number = number }

    /// `nil` if there is no such date or the year is not in 1900…9999.
    public init?(year: Int, month: Int, day: Int) {
        guard (1900...9999).contains(year), (1...12).contains(month), day >= 1 else { return nil }
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard day <= lengths[month - 1] else { return nil }
        // Days from civil: years run from March so that the leap day is the last of its year.
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        number = Int32(era * 146_097 + dayOfEra - 719_468)
    }

    /// Reads `2027-06-30`, and nothing looser.
    public init?(_ text: some Collection<UInt8>) {
        let bytes = Array(text)
        guard bytes.count == 10, bytes[4] == 0x2D, bytes[7] == 0x2D else { return nil }
        func number(_ range: Range<Int>) -> Int? {
            var value = 0
            for byte in bytes[range] {
                guard (0x30...0x39).contains(byte) else { return nil }
                value = value * 10 + Int(byte - 0x30)
            }
            return value
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10) else {
            return nil
        }
        self.init(year: year, month: month, day: day)
    }

    public var civil: (year: Int, month: Int, day: Int) {
        let shifted = Int(number) + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    public static func < (left: Self, right: Self) -> Bool { left.number < right.number }
}

extension Day: CustomStringConvertible {
    public var description: String {
        String(unsafeUninitializedCapacity: 10) { text in
            write(to: text)
            return 10
        }
    }

    /// Length of the text of every date in 0…9999, in bytes.
    public static var textBytes: Int { 10 }

    /// Writes the text to a buffer of at least `textBytes`.
    public func write(to text: UnsafeMutableBufferPointer<UInt8>) {
        let (year, month, day) = civil
        PipelineDomain.write(Int64(year), digits: 4, to: text, at: 0)
        text[4] = UInt8(ascii: "-")
        PipelineDomain.write(Int64(month), digits: 2, to: text, at: 5)
        text[7] = UInt8(ascii: "-")
        PipelineDomain.write(Int64(day), digits: 2, to: text, at: 8)
    }
}

/// Writes the last `digits` digits of a number that is not negative.
private func write(
    _ value: Int64, digits: Int, to text: UnsafeMutableBufferPointer<UInt8>, at start: Int
) {
    var rest = value.magnitude
    for position in stride(from: start + digits - 1, through: start, by: -1) {
        text[position] = UInt8(ascii: "0") + UInt8(rest % 10)
        rest /= 10
    }
}

/// Zone rules come in from outside: the domain itself knows no time zone database (D-37).
public protocol ZoneRules: Sendable {
    func isKnown(_ zone: String) -> Bool
    /// Seconds east of UTC in the zone at the instant; 0 for an unknown zone.
    func offsetSeconds(of zone: String, at instant: Instant) -> Int
}

extension ZoneRules {
    /// The calendar date in the zone at the instant.
    public func day(in zone: String, at instant: Instant) -> Day {
        let local = instant.milliseconds + Int64(offsetSeconds(of: zone, at: instant)) * 1000
        let days = local / Instant.dayMilliseconds
        return Day(
            number: Int32(
                clamping: local < 0 && local % Instant.dayMilliseconds != 0 ? days - 1 : days))
    }

    /// The first instant of a calendar date in the zone: midnight, or where the clocks leave that out
    /// the next minute that there is (D-37).
    public func start(of day: Day, in zone: String) -> Instant {
        let midnight = Int64(day.number) * Instant.dayMilliseconds
        var low = midnight - Instant.dayMilliseconds
        var high = midnight + Instant.dayMilliseconds
        while low < high {
            let middle = low + (high - low) / 2
            if self.day(in: zone, at: Instant(milliseconds: middle)) < day {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return Instant(milliseconds: low)
    }
}
