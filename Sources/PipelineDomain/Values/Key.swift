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
        if bytes.count > 1, bytes.dropFirst().allSatisfy({ (0x30...0x39).contains($0) }) {
            return "has the form of an id"
        }
        return reserved(text) ? "is a keyword of the protocol" : nil
    }

    private static func isKeyByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x61...0x7A, 0x30...0x39, 0x2E, 0x5F, 0x2D: true
        default: false
        }
    }
}
