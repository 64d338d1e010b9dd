import Glibc

/// Amounts and days as people type them → as the server reads them. What is not understood stays as
/// it was typed, and the server says what is wrong with it.
enum Typed {
    /// `480,000`, `480k`, `1.2m`, `48万`, `48w` and `1.2亿` as plain decimals; nil for anything else.
    static func amount(_ text: String) -> String? {
        var digits = text.filter { !",，¥￥元".contains($0) }
        var zeros = 0
        if let last = digits.last, let count = magnitudes[last] {
            digits.removeLast()
            zeros = count
        }
        let parts = digits.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 2, let whole = parts.first, !whole.isEmpty,
            parts.allSatisfy({ $0.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } })
        else { return nil }
        let fraction = parts.count == 2 ? parts[1] : ""
        if parts.count == 2, fraction.isEmpty { return nil }
        guard zeros > 0 else { return digits }
        let moved = fraction.prefix(zeros)
        let rest = fraction.dropFirst(zeros)
        let padded = whole + moved + String(repeating: "0", count: zeros - moved.count)
        let trimmed = String(padded.drop { $0 == "0" })
        return (trimmed.isEmpty ? "0" : trimmed) + (rest.isEmpty ? "" : "." + rest)
    }

    private static let magnitudes: [Character: Int] = [
        "k": 3, "K": 3, "m": 6, "M": 6, "千": 3, "万": 4, "w": 4, "W": 4,
        "亿": 8,
    ]

    /// `2027-6-30`, `2027/6/30`, `2027.6.30` and `2027年6月30日`, and a day near today by its name;
    /// nil for anything else. Whether there is such a day is for the server to say.
    static func date(_ text: String) -> String? {
        if let days = near[text.lowercased()] { return day(inDays: days) }
        var numbers = [""]
        for character in text {
            switch character {
            case "0"..."9": numbers[numbers.count - 1].append(character)
            case "-", "/", ".", "年", "月": numbers.append("")
            case "日", "号": continue
            default: return nil
            }
        }
        guard numbers.count == 3, numbers[0].count == 4, (1...2).contains(numbers[1].count),
            (1...2).contains(numbers[2].count)
        else { return nil }
        return numbers[0] + "-" + two(numbers[1]) + "-" + two(numbers[2])
    }

    private static let near = [
        "today": 0, "tomorrow": 1, "今天": 0, "明天": 1, "后天": 2,
    ]

    /// `9:00` and `09:00`; nil for anything else.
    static func time(_ text: String) -> String? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...2).contains(parts[0].count), parts[1].count == 2,
            let hour = Int(parts[0]), let minute = Int(parts[1]), (0...23).contains(hour),
            (0...59).contains(minute)
        else { return nil }
        return two(String(hour)) + ":" + parts[1]
    }

    /// A day and a time of this machine's clock, with its distance from UTC.
    static func instant(_ date: String, _ time: String) -> String? {
        let numbers = (date.split(separator: "-") + time.split(separator: ":")).compactMap {
            Int32($0)
        }
        guard numbers.count == 5 else { return nil }
        var parts = tm()
        parts.tm_year = numbers[0] - 1900
        parts.tm_mon = numbers[1] - 1
        parts.tm_mday = numbers[2]
        parts.tm_hour = numbers[3]
        parts.tm_min = numbers[4]
        parts.tm_isdst = -1
        guard mktime(&parts) != -1 else { return nil }
        let minutes = parts.tm_gmtoff / 60
        let ahead = abs(minutes)
        return date + "T" + time + ":00" + (minutes < 0 ? "-" : "+")
            + two(String(ahead / 60)) + ":" + two(String(ahead % 60))
    }

    private static func day(inDays days: Int) -> String {
        var seconds = Glibc.time(nil)
        var parts = tm()
        localtime_r(&seconds, &parts)
        parts.tm_mday += Int32(days)
        parts.tm_hour = 12
        parts.tm_isdst = -1
        mktime(&parts)
        return "\(Int(parts.tm_year) + 1900)-" + two(String(parts.tm_mon + 1)) + "-"
            + two(String(parts.tm_mday))
    }

    private static func two(_ digits: String) -> String { digits.count < 2 ? "0" + digits : digits }
}
