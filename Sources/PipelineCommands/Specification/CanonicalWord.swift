/// In how many ways one value may be written, so that a repeated request is known again in whatever
/// spelling it comes (P-6).
enum CanonicalWord: Sendable {
    /// Byte for byte.
    case exact
    /// `done`, `DONE`.
    case anyCase
    /// Ids have leading zeros and capitals, `O0001`; logins and keys are what they are.
    case reference
    /// References with commas between them.
    case references

    /// Calls `body` with the bytes of the one spelling that stands for all.
    func forEach(_ word: ArraySlice<UInt8>, _ body: (UInt8) -> Void) {
        switch self {
        case .exact: word.forEach(body)
        case .anyCase: for byte in word { body(Self.lower(byte)) }
        case .reference: Self.plainID(word).forEach(body)
        case .references:
            for part in word.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
                Self.plainID(part).forEach(body)
                body(UInt8(ascii: ","))
            }
        }
    }

    /// An id in small letters and without leading zeros; anything else as it is.
    private static func plainID(_ word: ArraySlice<UInt8>) -> [UInt8] {
        let digits = word.dropFirst()
        guard let letter = word.first, isLetter(letter), !digits.isEmpty,
            digits.allSatisfy(isDigit)
        else { return Array(word) }
        let number = digits.drop { $0 == UInt8(ascii: "0") }
        return [lower(letter)] + (number.isEmpty ? [UInt8(ascii: "0")] : Array(number))
    }

    /// The word as an id that can never be given out, in its plain form: 0, or beyond every id; else
    /// `nil`.
    static func endlessID(_ word: ArraySlice<UInt8>) -> String? {
        let plain = plainID(word)
        guard word.count <= 128, let letter = plain.first, isLetter(letter),
            plain.count > 10 || plain.dropFirst() == [UInt8(ascii: "0")],
            plain.dropFirst().allSatisfy(isDigit)
        else { return nil }
        let text = String(decoding: plain, as: UTF8.self)
        let number = UInt64(text.dropFirst()) ?? .max
        return number == 0 || number > UInt64(UInt32.max) ? text : nil
    }

    private static func lower(_ byte: UInt8) -> UInt8 {
        (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(lower(byte)) }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
