import Foundation

/// Text is kept in NFC (D-38).
enum Normalisation {
    /// ASCII is in NFC already, and so is nearly every Chinese text; only others are looked at.
    static func nfc(_ text: String) -> String {
        if text.unicodeScalars.allSatisfy(isStable) { return text }
        return text.precomposedStringWithCanonicalMapping
    }

    /// Scalars that no normalisation touches and that never combine: below U+0300 and the unified
    /// ideographs.
    private static func isStable(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x300 || (0x4E00...0x9FFF).contains(scalar.value)
            || (0x3001...0x3029).contains(scalar.value) || (0xFF01...0xFF5E).contains(scalar.value)
    }
}
