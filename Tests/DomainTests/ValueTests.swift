import PipelineDomain
import Testing

@Suite("Money")
struct MoneyTests {
    @Test(
        "D-36: the exponent comes from the code",
        arguments: [("JPY", 0, "5"), ("CNY", 2, "0.05"), ("KWD", 3, "0.005")])
    func exponents(code: String, exponent: Int, smallest: String) {
        #expect(currency(code).exponent == exponent)
        #expect(Money(minorUnits: 5, currency: currency(code)).decimal == smallest)
        #expect(Currency(code.lowercased())?.code == code)
    }

    @Test(
        "D-36: what is no code of a currency is none",
        arguments: ["", "CN", "CNYX", "XYZ", "中", "C Y"])
    func unknownCurrencies(code: String) {
        #expect(Currency(code) == nil)
    }

    @Test("D-36: amounts are read exactly")
    func reading() throws {
        #expect(try Amount("500000".utf8).money(in: cny).minorUnits == 50_000_000)
        #expect(try Amount("0.07".utf8).money(in: cny).minorUnits == 7)
        #expect(try Amount("00012.5000".utf8).money(in: cny).minorUnits == 1_250)
        #expect(try Amount("12.000".utf8).money(in: currency("JPY")).minorUnits == 12)
        #expect(
            try Amount("999999999999999.999".utf8).money(in: currency("KWD")).minorUnits
                == 999_999_999_999_999_999)
        #expect(
            try Amount("999999999999999.990000".utf8).money(in: cny).minorUnits
                == 99_999_999_999_999_999)
        #expect(money("123456789012345.67").decimal == "123456789012345.67")
    }

    @Test(
        "D-36, P-2: what is no amount is refused, and nothing traps",
        arguments: [
            ("", AmountProblem.malformed), (".", .malformed), (".5", .malformed),
            ("5.", .malformed),
            ("1.2.3", .malformed), ("1e9", .malformed), ("1,000", .malformed), ("+1", .malformed),
            ("１", .malformed), ("-1", .negative), ("-", .negative), ("1.1234567", .malformed),
            ("1000000000000000", .tooLarge), ("1000000000000000.000001", .tooLarge),
            ("9223372036854775808", .tooLarge), (String(repeating: "9", count: 60_000), .tooLarge),
            ("92233720368547758.07", .tooLarge),
        ])
    func malformed(text: String, problem: AmountProblem) {
        #expect(throws: problem) { try Amount(text.utf8).money(in: cny) }
    }

    @Test("D-36: more decimals than the currency has are refused, not rounded")
    func precision() {
        #expect(throws: AmountProblem.tooPrecise(digits: 2)) { try amount("0.005").money(in: cny) }
        #expect(throws: AmountProblem.tooPrecise(digits: 0)) {
            try amount("0.5").money(in: currency("JPY"))
        }
    }

    @Test("P-2: random texts of digits and points never trap, and what is read prints the same")
    func random() throws {
        var random = SplitMix(seed: 36)
        var accepted = 0
        for _ in 0..<5_000 {
            let length = Int.random(in: 0...24, using: &random)
            let text = String(
                (0..<length).map { _ in "0123456789.".randomElement(using: &random)! })
            guard let money = try? Amount(text.utf8).money(in: cny) else { continue }
            accepted += 1
            #expect(try Amount(money.decimal.utf8).money(in: cny) == money)
            #expect((0..<100_000_000_000_000_000).contains(money.minorUnits))
        }
        #expect(accepted > 100)
    }

    @Test(
        "D-36: quotients are rounded once, half up",
        arguments: [
            [5, 10, 1], [4, 10, 0], [15, 10, 2], [-5, 10, -1], [-4, 10, 0], [-15, 10, -2],
            [0, 10, 0], [1, 3, 0], [2, 3, 1], [-2, 3, -1],
        ])
    func rounding(numbers: [Int]) {
        let rounded = Decimal.rounded(Int128(numbers[0]), by: Int128(numbers[1]))
        #expect(rounded == Int128(numbers[2]))
    }

    @Test("D-36: rounding is exact beyond 64 bits")
    func wideRounding() {
        let most = Int128(Int64.max)
        #expect(Decimal.rounded(most * 10_000 + 5_000, by: 10_000) == most + 1)
        #expect(Decimal.rounded(most * 10_000 + 4_999, by: 10_000) == most)
    }

    @Test("D-36: sums beyond 64 bits print exactly, negative ones too")
    func wide() {
        let sum = Int128(999_999_999_999_999_999) * 1_000_000_000
        #expect(Decimal.text(sum, digits: 3) == "999999999999999999000000.000")
        #expect(Decimal.text(-7, digits: 2) == "-0.07")
        #expect(Decimal.text(-1234, digits: 2) == "-12.34")
        #expect(Decimal.text(-5, digits: 0) == "-5")
        #expect(Decimal.text(Int128.min, digits: 2).hasPrefix("-170141183460469231731687303715884"))
    }

    @Test("D-2: a rate lies between 0 and 100 percent")
    func rates() {
        #expect(Rate(basisPoints: 4_000)?.percent == "40.00")
        #expect(Rate(basisPoints: 5)?.percent == "0.05")
        #expect(Rate(basisPoints: 10_000)?.percent == "100.00")
        #expect(Rate(basisPoints: 10_001) == nil)
        #expect(Rate(basisPoints: -1) == nil)
        #expect(Rate(basisPoints: Int.max) == nil)
    }
}

@Suite("Time")
struct TimeTests {
    @Test(
        "D-37: a date is read and written in one form",
        arguments: [
            ("1970-01-01", Int32(0)), ("1969-12-31", -1), ("2000-02-29", 11_016),
            ("2026-11-22", 20_779), ("1900-01-01", -25_567), ("9999-12-31", 2_932_896),
        ])
    func days(text: String, number: Int32) throws {
        let day = try #require(Day(text.utf8))
        #expect(day.number == number)
        #expect(day.description == text)
    }

    @Test(
        "D-37: what is no date is refused",
        arguments: [
            "", "2027-6-30", "2027/06/30", "20270630", "2027-06-31", "2027-02-29", "1900-02-29",
            "2100-02-29", "2027-00-10", "2027-13-01", "2027-01-00", "1899-12-31", "10000-01-01",
            " 2027-01-01", "2027-01-01 ", "2027-01-0x", "2027-+1-01", "-027-01-01", "二〇二七-一",
        ])
    func noDays(text: String) {
        #expect(Day(text.utf8) == nil)
    }

    @Test(
        "D-37: leap years", arguments: [(2000, true), (1900, false), (2024, true), (2100, false)])
    func leap(year: Int, isLeap: Bool) {
        #expect((Day(year: year, month: 2, day: 29) != nil) == isLeap)
    }

    @Test("D-37: every day of the calendar follows the one before it, and prints as it reads")
    func everyDay() throws {
        let first = day("1900-01-01")
        let last = day("2105-12-31")
        var expected = (year: 1900, month: 1, day: 1)
        for number in first.number...last.number {
            let day = Day(number: number)
            #expect(day.civil == expected)
            #expect(Day(year: expected.year, month: expected.month, day: expected.day) == day)
            expected.day += 1
            if Day(year: expected.year, month: expected.month, day: expected.day) == nil {
                expected = (expected.year, expected.month + 1, 1)
            }
            if expected.month > 12 { expected = (expected.year + 1, 1, 1) }
        }
    }

    @Test(
        "D-37: instants are RFC 3339 in UTC with three decimals, before 1970 too",
        arguments: [
            (Int64(0), "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (-86_400_000, "1969-12-31T00:00:00.000Z"), (-86_400_001, "1969-12-30T23:59:59.999Z"),
            (1_795_313_841_123, "2026-11-22T02:17:21.123Z"),
            (951_782_399_999, "2000-02-28T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
        ])
    func instants(milliseconds: Int64, text: String) {
        #expect(Instant(milliseconds: milliseconds).description == text)
    }

    @Test("D-37: the farthest instants and days print without a trap")
    func extremes() {
        for milliseconds in [Int64.min, Int64.min + 1, Int64.max] {
            #expect(Instant(milliseconds: milliseconds).description.utf8.count == 24)
        }
        for number in [Int32.min, Int32.max] {
            #expect(Day(number: number).description.utf8.count == 10)
        }
        let start = Instant(milliseconds: Int64.min)
        #expect(Instant(milliseconds: Int64.max).wholeDays(since: start) == 0)
        #expect(start.wholeDays(since: Instant(milliseconds: 0)) == 0)
    }

    @Test("D-37: whole days are cut and never negative")
    func wholeDays() {
        let start = Scenario.start
        func later(_ milliseconds: Int64) -> Int {
            Instant(milliseconds: start.milliseconds + milliseconds).wholeDays(since: start)
        }
        #expect(later(0) == 0)
        #expect(later(86_399_999) == 0)
        #expect(later(86_400_000) == 1)
        #expect(later(-86_400_000) == 0)
    }

    @Test("D-37: a date is the one of the person's zone")
    func zones() {
        let evening = Instant(milliseconds: day("2026-11-22").number.milliseconds + 16 * 3_600_000)
        let before = Instant(milliseconds: evening.milliseconds - 1)
        #expect(TestZones().day(in: "UTC", at: evening) == day("2026-11-22"))
        #expect(TestZones().day(in: "Asia/Shanghai", at: evening) == day("2026-11-23"))
        #expect(TestZones().day(in: "Asia/Shanghai", at: before) == day("2026-11-22"))
        #expect(TestZones().day(in: "UTC", at: Instant(milliseconds: -1)) == day("1969-12-31"))
    }
}

extension Int32 {
    fileprivate var milliseconds: Int64 { Int64(self) * 86_400_000 }
}

@Suite("Identifiers")
struct IdentifierTests {
    @Test("D-39: leading zeros are accepted", arguments: ["o1042", "o000000001042", "O1042"])
    func zeros(text: String) throws {
        let id = try #require(OpportunityID(text.utf8))
        #expect(id.number == 1042)
        #expect(id.description == "o1042")
    }

    @Test(
        "D-39: what is no id is none",
        arguments: [
            "", "o", "e12", "1042", "o-1", "o1x", "o 1", "o00000000000000000001x",
            "ö1", "o１", "o" + String(repeating: "1", count: 64),
        ])
    func malformed(text: String) {
        #expect(OpportunityID(text.utf8) == nil)
    }

    @Test("D-39: from the largest number on an id is one that is never given out")
    func largest() {
        #expect(PersonID("e4294967295".utf8)?.number == UInt32.max)
        #expect(PersonID("e000000004294967295".utf8)?.number == UInt32.max)
        for text in ["e4294967296", "e18446744073709551617", "e0099999999999999999999999"] {
            #expect(PersonID(text.utf8)?.number == UInt32.max)
        }
        #expect(Table<PersonKind, Int>().nextID.number == 1)
    }

    @Test("D-39: a key is no id and no number")
    func keys() {
        #expect(Key.problem("site-visit") == nil)
        #expect(Key.problem("q.1_a") == nil)
        for text in ["", "e12", "Site", "1st", "ключ", "a b", String(repeating: "a", count: 65)] {
            #expect(Key.problem(text) != nil)
        }
        for letter in "acekloptuvn" {
            #expect(Key.problem("\(letter)7") == "has the form of an id")
        }
        // No id begins with these letters.
        for text in ["s1", "s8", "q4", "x9", "w2026"] { #expect(Key.problem(text) == nil) }
    }

    @Test("D-39: rows are found under dense ids; what was never given out is absent")
    func tables() throws {
        let scenario = try SampleCompany.scenario()
        #expect(scenario.state.persons[find: PersonID(0)] == nil)
        #expect(scenario.state.persons[find: PersonID(UInt32.max)] == nil)
        let people = scenario.state.persons
        #expect(people[find: people.nextID] == nil)
        #expect(people[find: PersonID(1)]?.login == "admin")
    }
}
