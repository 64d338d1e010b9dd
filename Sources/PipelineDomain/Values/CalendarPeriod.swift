/// A year, a quarter or a month, as targets are set for (A-12): `2026`, `2026Q4`, `2026-11`.
public struct CalendarPeriod: Hashable, Comparable, Sendable {
    public enum Length: UInt8, Hashable, Sendable, CaseIterable {
        case year, quarter, month

        fileprivate var months: Int {
            switch self {
            case .year: 12
            case .quarter: 3
            case .month: 1
            }
        }
    }

    public let year: Int
    public let length: Length
    /// 1 for a year, 1…4 for a quarter, 1…12 for a month.
    public let number: Int

    /// `nil` unless the year is in 1900…9998 and there is such a quarter or month.
    public init?(year: Int, _ length: Length = .year, number: Int = 1) {
        guard (1900...9998).contains(year), (1...12 / length.months).contains(number) else {
            return nil
        }
        self.init(sure: year, length, number)
    }

    private init(sure year: Int, _ length: Length, _ number: Int) {
        self.year = year
        self.length = length
        self.number = number
    }

    /// Reads `2026`, `2026Q4` and `2026-11`, and nothing looser.
    public init?(_ text: some Collection<UInt8>) {
        let bytes = Array(text)
        func number(_ digits: ArraySlice<UInt8>) -> Int? {
            digits.reduce(0) { value, byte in
                guard let value, (0x30...0x39).contains(byte) else { return nil }
                return value * 10 + Int(byte - 0x30)
            }
        }
        guard bytes.count >= 4, bytes.count <= 7, let year = number(bytes[..<4]) else { return nil }
        switch bytes.count {
        case 4: self.init(year: year)
        case 6 where bytes[4] | 0x20 == UInt8(ascii: "q"):
            guard let quarter = number(bytes[5...]) else { return nil }
            self.init(year: year, .quarter, number: quarter)
        case 7 where bytes[4] == UInt8(ascii: "-"):
            guard let month = number(bytes[5...]) else { return nil }
            self.init(year: year, .month, number: month)
        default: return nil
        }
    }

    public static func month(of day: Day) -> CalendarPeriod {
        let civil = day.civil
        return CalendarPeriod(sure: civil.year, .month, civil.month)
    }

    public static func quarter(of day: Day) -> CalendarPeriod {
        let civil = day.civil
        return CalendarPeriod(sure: civil.year, .quarter, (civil.month - 1) / 3 + 1)
    }

    public static func year(of day: Day) -> CalendarPeriod {
        CalendarPeriod(sure: day.civil.year, .year, 1)
    }

    public var text: String {
        switch length {
        case .year: "\(year)"
        case .quarter: "\(year)Q\(number)"
        case .month: "\(year)-\(number < 10 ? "0" : "")\(number)"
        }
    }

    private var firstMonth: Int { (number - 1) * length.months + 1 }

    /// First and last day.
    public var days: ClosedRange<Day> {
        let first = Day(year: year, month: firstMonth, day: 1) ?? Day(number: 0)
        let next = following
        let end = Day(year: next.year, month: next.firstMonth, day: 1) ?? first
        return first...max(first, Day(number: end.number - 1))
    }

    /// The one after it, of the same length.
    public var following: CalendarPeriod {
        number < 12 / length.months
            ? CalendarPeriod(sure: year, length, number + 1)
            : CalendarPeriod(sure: year + 1, length, 1)
    }

    /// What it is made of: quarters of a year, months of a quarter; nothing of a month.
    public var parts: [CalendarPeriod] {
        switch length {
        case .year: (1...4).map { CalendarPeriod(sure: year, .quarter, $0) }
        case .quarter: (0..<3).map { CalendarPeriod(sure: year, .month, firstMonth + $0) }
        case .month: []
        }
    }

    /// Earlier first, longer before shorter.
    public static func < (left: Self, right: Self) -> Bool {
        (left.year, left.firstMonth, left.length.rawValue)
            < (right.year, right.firstMonth, right.length.rawValue)
    }
}
