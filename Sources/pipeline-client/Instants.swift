import Glibc

/// The server speaks UTC; people read their own clock.
enum Instants {
    /// `2026-11-22T03:04:05.678Z` as `2026-11-22 11:04` by this machine's zone; nil for any other text.
    static func local(_ text: String) -> String? {
        guard var parts = fields(text) else { return nil }
        var seconds = timegm(&parts)
        var local = tm()
        guard localtime_r(&seconds, &local) != nil else { return nil }
        let day = [Int(local.tm_year) + 1900, Int(local.tm_mon) + 1, Int(local.tm_mday)]
        return "\(day[0])-\(two(day[1]))-\(two(day[2]))"
            + " \(two(Int(local.tm_hour))):\(two(Int(local.tm_min)))"
    }

    /// The same without its year where that is this year's, for tables.
    static func short(_ text: String) -> String? {
        guard let local = local(text) else { return nil }
        return local.hasPrefix(day(time(nil)).prefix(5)) ? String(local.dropFirst(5)) : local
    }

    /// A moment of this machine's clock as a UTC day, for certificates.
    static func day(_ seconds: Int) -> String {
        var moment = time_t(seconds)
        var parts = tm()
        guard gmtime_r(&moment, &parts) != nil else { return "?" }
        return
            "\(Int(parts.tm_year) + 1900)-\(two(Int(parts.tm_mon) + 1))-\(two(Int(parts.tm_mday)))"
    }

    private static func two(_ value: Int) -> String {
        value < 10 ? "0\(value)" : "\(value)"
    }

    private static func fields(_ text: String) -> tm? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes.count <= 30, bytes.last == 0x5A else { return nil }
        func number(_ from: Int, _ count: Int) -> Int32? {
            var value: Int32 = 0
            for byte in bytes[from..<from + count] {
                guard byte >= 0x30, byte <= 0x39 else { return nil }
                value = value * 10 + Int32(byte - 0x30)
            }
            return value
        }
        guard bytes[4] == 0x2D, bytes[7] == 0x2D, bytes[10] == 0x54, bytes[13] == 0x3A,
            bytes[16] == 0x3A, let year = number(0, 4), let month = number(5, 2),
            let day = number(8, 2), let hour = number(11, 2), let minute = number(14, 2),
            let second = number(17, 2)
        else { return nil }
        var parts = tm()
        parts.tm_year = year - 1900
        parts.tm_mon = month - 1
        parts.tm_mday = day
        parts.tm_hour = hour
        parts.tm_min = minute
        parts.tm_sec = second
        return parts
    }
}

/// A number of seconds as people type it.
enum Seconds {
    /// Above 0 and at most a day; nil for anything else.
    static func parse(_ text: String) -> Double? {
        guard let value = Double(text), value > 0, value <= 86_400 else { return nil }
        return value
    }
}
