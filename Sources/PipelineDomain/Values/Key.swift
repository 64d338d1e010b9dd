/// The form of logins and of process, stage, task and field keys: `[a-z][a-z0-9._-]{0,63}`.
public enum Key {
    /// What is wrong with the text as a key; `nil` if it may be used.
    public static func problem(_ text: String, reserved: (String) -> Bool = { _ in false })
        -> String?
    {
        let bytes = text.utf8
        guard let first = bytes.first else { return "is empty" }
        guard bytes.count <= Bounds.keyCharacters else {
            return "is longer than \(Bounds.keyCharacters) characters"
        }
        guard (0x61...0x7A).contains(first), bytes.allSatisfy(isKeyByte) else {
            return "must match [a-z][a-z0-9._-]*"
        }
        if letters.contains(first), bytes.count > 1, bytes.dropFirst().allSatisfy(isDigit) {
            return "has the form of an id"
        }
        return reserved(text) ? "is a keyword of the protocol" : nil
    }

    /// What ids begin with, of all kinds that there are (D-39): `s1` and `x9` are keys like any other.
    private static let letters: Set<UInt8> = [
        UnitID.letter, PersonID.letter, ProcessID.letter, CustomerID.letter, OpportunityID.letter,
        ApprovalID.letter, NoteID.letter, ContactID.letter, LeadID.letter, ActivityID.letter,
        TargetID.letter,
    ]

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func isKeyByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x61...0x7A, 0x30...0x39, 0x2E, 0x5F, 0x2D: true
        default: false
        }
    }
}
