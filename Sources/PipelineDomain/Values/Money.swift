/// An ISO 4217 currency, packed into four bytes (D-36).
public struct Currency: Hashable, Comparable, Sendable {
    /// The exponent, then the three letters.
    private var packed: UInt32

    /// `nil` unless the text is the code of a currency in circulation; lower case is accepted.
    public init?(_ code: some StringProtocol) {
        let bytes = Array(code.utf8)
        guard bytes.count == 3 else { return nil }
        var packed: UInt32 = 0
        for byte in bytes {
            let upper = byte & 0xDF
            guard (0x41...0x5A).contains(upper) else { return nil }
            packed = packed << 8 | UInt32(upper)
        }
        self.packed = packed
        let code = self.code
        guard Self.known.contains(code) else { return nil }
        let exponent: UInt32 =
            Self.withoutMinor.contains(code) ? 0 : Self.withThousandths.contains(code) ? 3 : 2
        self.packed |= exponent << 24
    }

    public var code: String {
        String(unsafeUninitializedCapacity: Self.codeBytes) { text in
            write(to: text)
            return Self.codeBytes
        }
    }

    public static var codeBytes: Int { 3 }

    /// Writes the code to a buffer of at least `codeBytes`.
    public func write(to text: UnsafeMutableBufferPointer<UInt8>) {
        for position in 0..<Self.codeBytes {
            text[position] = UInt8(truncatingIfNeeded: packed >> UInt32(16 - 8 * position))
        }
    }

    /// Digits after the decimal point: JPY 0, CNY 2, KWD 3.
    public var exponent: Int { Int(packed >> 24) }

    /// By code.
    public static func < (left: Self, right: Self) -> Bool {
        left.packed & 0xFF_FFFF < right.packed & 0xFF_FFFF
    }

    private static let withoutMinor: Set<String> = [
        "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND",
        "VUV", "XAF", "XOF", "XPF",
    ]
    private static let withThousandths: Set<String> = [
        "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND",
    ]
    private static let known: Set<String> = withoutMinor.union(withThousandths).union(
        """
        AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD
        CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD
        GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD
        MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP
        PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS
        TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD YER ZAR ZMW ZWG
        """.split(whereSeparator: \.isWhitespace).map(String.init))
}

/// An exact amount: an integer number of minor units and its currency (D-36).
public struct Money: Hashable, Sendable {
    public let minorUnits: Int64
    public let currency: Currency

    public init(minorUnits: Int64, currency: Currency) {
        self.minorUnits = minorUnits
        self.currency = currency
    }

    /// Digits and one point, as in `500000.00`.
    public var decimal: String { Decimal.text(Int128(minorUnits), digits: currency.exponent) }

    /// At most so many characters: a sign, the digits of 64 bits and a point.
    public static var decimalBytes: Int { Decimal.textBytes }

    /// Writes `decimal` without a string in between.
    /// - Parameter text: of at least `decimalBytes` bytes.
    /// - Returns: how many bytes were written.
    public func writeDecimal(to text: UnsafeMutableBufferPointer<UInt8>) -> Int {
        Decimal.write(minorUnits, digits: currency.exponent, to: text)
    }
}

/// Why a text is no amount.
public enum AmountProblem: Error, Equatable, Sendable {
    case malformed
    case negative
    case tooLarge
    case tooPrecise(digits: Int)
}

/// An amount as it was written, before its currency is known: digits and their scale.
public struct Amount: Hashable, Sendable {
    public let digits: Int64
    public let scale: Int

    public static let zero = Amount(digits: 0, scale: 0)

    private init(digits: Int64, scale: Int) {
        self.digits = digits
        self.scale = scale
    }

    /// Reads `500000`, `500000.00`, `0.5`. Refuses signs, exponents, separators, from 10^15 on and
    /// more than six decimals.
    public init(_ text: some Collection<UInt8>) throws(AmountProblem) {
        guard text.first != 0x2D else { throw .negative }
        // At most 32 + 6 digits: they fit without a check.
        var value: Int128 = 0
        var scale = 0
        var seenPoint = false
        var whole = 0
        for byte in text {
            if byte == 0x2E, !seenPoint, whole > 0 {
                seenPoint = true
                continue
            }
            guard (0x30...0x39).contains(byte) else { throw .malformed }
            if seenPoint { scale += 1 } else { whole += 1 }
            guard whole <= 32, scale <= 6 else { throw scale > 6 ? .malformed : .tooLarge }
            value = value * 10 + Int128(byte - 0x30)
        }
        guard whole > 0, !seenPoint || scale > 0 else { throw .malformed }
        while scale > 0, value % 10 == 0 {
            value /= 10
            scale -= 1
        }
        let bound = Int128(Bounds.amountMajorUnits) * Int128(Decimal.powerOfTen(scale))
        guard value < bound, let digits = Int64(exactly: value) else { throw .tooLarge }
        self.digits = digits
        self.scale = scale
    }

    /// The amount in a currency's minor units; refuses more decimals than the currency has.
    public func money(in currency: Currency) throws(AmountProblem) -> Money {
        guard scale <= currency.exponent else { throw .tooPrecise(digits: currency.exponent) }
        let (minor, over) = digits.multipliedReportingOverflow(
            by: Decimal.powerOfTen(currency.exponent - scale))
        let bound = Int128(Bounds.amountMajorUnits) * Int128(Decimal.powerOfTen(currency.exponent))
        guard !over, Int128(minor) < bound else { throw .tooLarge }
        return Money(minorUnits: minor, currency: currency)
    }
}

/// Exact decimal text for integers with a fixed number of decimals.
public enum Decimal {
    /// `text(12345, digits: 2)` is `123.45`.
    public static func text(_ value: Int128, digits: Int) -> String {
        guard digits > 0 else { return String(value) }
        if let small = Int64(exactly: value) {
            return String(unsafeUninitializedCapacity: textBytes) {
                write(small, digits: digits, to: $0)
            }
        }
        let sign = value < 0 ? "-" : ""
        let plain = String(value.magnitude)
        let padded = String(repeating: "0", count: max(0, digits + 1 - plain.count)) + plain
        return sign + padded.dropLast(digits) + "." + padded.suffix(digits)
    }

    /// Without zeros at the end, but for the first digit behind the point: `shortest(537_000, digits: 4)` is
    /// `53.7`, and 20 is `20.0`.
    public static func shortest(_ value: Int128, digits: Int) -> String {
        var (value, digits) = (value, digits)
        while digits > 1, value % 10 == 0 { (value, digits) = (value / 10, digits - 1) }
        return text(value, digits: digits)
    }

    /// At most so many bytes for 64 bits with up to 18 digits behind the point.
    static var textBytes: Int { 24 }

    /// The usual case, without wide arithmetic and without a string.
    /// - Parameter text: of at least `textBytes` bytes.
    /// - Returns: how many bytes were written.
    static func write(
        _ value: Int64, digits: Int, to text: UnsafeMutableBufferPointer<UInt8>
    ) -> Int {
        // From the last digit on; at least one stands before the point.
        var rest = value.magnitude
        var start = textBytes
        var written = 0
        while written <= digits || rest > 0 {
            if written == digits, digits > 0 {
                start -= 1
                text[start] = UInt8(ascii: ".")
            }
            start -= 1
            text[start] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
            written += 1
        }
        if value < 0 {
            start -= 1
            text[start] = UInt8(ascii: "-")
        }
        let count = textBytes - start
        for index in 0..<count { text[index] = text[start + index] }
        return count
    }

    /// `numerator ÷ denominator` rounded once, half up (away from zero for ties). The denominator is
    /// positive.
    public static func rounded(_ numerator: Int128, by denominator: Int128) -> Int128 {
        let (quotient, rest) = numerator.quotientAndRemainder(dividingBy: denominator)
        guard rest.magnitude * 2 >= denominator.magnitude else { return quotient }
        return numerator < 0 ? quotient - 1 : quotient + 1
    }

    /// 10 to the power of 0…18.
    static func powerOfTen(_ exponent: Int) -> Int64 {
        var value: Int64 = 1
        for _ in 0..<min(max(exponent, 0), 18) { value *= 10 }
        return value
    }
}

/// A share in basis points: 40 % is 4000 (D-2).
public struct Rate: Hashable, Comparable, Sendable {
    public let basisPoints: Int32

    /// `nil` outside 0…10 000.
    public init?(basisPoints: Int) {
        guard (0...10_000).contains(basisPoints) else { return nil }
        self.basisPoints = Int32(basisPoints)
    }

    /// In percent with two decimals, as in `40.00`.
    public var percent: String { Decimal.text(Int128(basisPoints), digits: 2) }

    public static func < (left: Self, right: Self) -> Bool { left.basisPoints < right.basisPoints }
}
