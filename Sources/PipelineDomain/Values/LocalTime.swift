extension ZoneRules {
    /// The instant of a full hour of a day in the zone. Of an hour that comes twice, the first; one
    /// that does not exist means the next valid minute (D-37).
    public func instant(of day: Day, hour: Int, in zone: String) -> Instant {
        let local = Int64(day.number) * Instant.dayMilliseconds + Int64(hour) * 3_600_000
        func offset(_ milliseconds: Int64) -> Int64 {
            Int64(offsetSeconds(of: zone, at: Instant(milliseconds: milliseconds))) * 1000
        }
        // Offsets lie within a day of UTC, so these two frame every change that could matter.
        let early = local - Instant.dayMilliseconds
        let late = local + Instant.dayMilliseconds
        for candidate in [local - offset(early), local - offset(late)]
        where candidate + offset(candidate) == local {
            return Instant(milliseconds: candidate)
        }
        // The clock jumps over the hour: the first minute after the jump.
        var before = early / 60_000
        var after = late / 60_000
        while after - before > 1 {
            let middle = before + (after - before) / 2
            if middle * 60_000 + offset(middle * 60_000) < local {
                before = middle
            } else {
                after = middle
            }
        }
        return Instant(milliseconds: after * 60_000)
    }
}

extension Instant {
    /// Reads RFC 3339 such as `2026-11-22T09:30:00Z`, `2026-11-22T09:30:00.500+08:00`; seconds may be
    /// left out, digits behind the third decimal are cut. `nil` for anything else.
    public init?(_ text: some Collection<UInt8>) {
        var rest = Array(text)[...]
        guard rest.count >= 17, let day = Day(rest.prefix(10)) else { return nil }
        rest = rest.dropFirst(10)
        guard let separator = rest.popFirst(), separator | 0x20 == UInt8(ascii: "t"),
            let hour = Self.two(&rest, upTo: 23), rest.popFirst() == UInt8(ascii: ":"),
            let minute = Self.two(&rest, upTo: 59)
        else { return nil }
        var milliseconds: Int64 = 0
        if rest.first == UInt8(ascii: ":") {
            rest = rest.dropFirst()
            guard let second = Self.two(&rest, upTo: 59) else { return nil }
            milliseconds = second * 1000
            if rest.first == UInt8(ascii: ".") {
                rest = rest.dropFirst()
                let digits = rest.prefix { (0x30...0x39).contains($0) }
                guard (1...9).contains(digits.count) else { return nil }
                var weight: Int64 = 100
                for digit in digits {
                    milliseconds += Int64(digit - 0x30) * weight
                    weight /= 10
                }
                rest = rest.dropFirst(digits.count)
            }
        }
        guard let offset = Self.offsetMinutes(rest) else { return nil }
        let minutes = hour * 60 + minute - offset
        self.init(
            milliseconds: Int64(day.number) * Self.dayMilliseconds + minutes * 60_000
                + milliseconds)
    }

    /// `Z`, or `+08:00`: minutes east of UTC.
    private static func offsetMinutes(_ text: ArraySlice<UInt8>) -> Int64? {
        var rest = text
        guard let sign = rest.popFirst() else { return nil }
        if sign | 0x20 == UInt8(ascii: "z") { return rest.isEmpty ? 0 : nil }
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"),
            let hour = two(&rest, upTo: 23), rest.popFirst() == UInt8(ascii: ":"),
            let minute = two(&rest, upTo: 59), rest.isEmpty
        else { return nil }
        return (sign == UInt8(ascii: "-") ? -1 : 1) * (hour * 60 + minute)
    }

    private static func two(_ text: inout ArraySlice<UInt8>, upTo most: Int64) -> Int64? {
        guard let tens = text.popFirst(), let ones = text.popFirst(),
            (0x30...0x39).contains(tens), (0x30...0x39).contains(ones)
        else { return nil }
        let value = Int64(tens - 0x30) * 10 + Int64(ones - 0x30)
        return value <= most ? value : nil
    }
}
