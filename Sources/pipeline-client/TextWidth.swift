/// Columns that text takes at a terminal: East Asian wide characters and emoji take two,
/// combining marks and format characters none (S-3, S-5).
enum TextWidth {
    /// Colours take no room.
    static func of(_ text: some StringProtocol) -> Int {
        var total = 0
        var paint = Paint()
        for character in text where !paint.takes(character) { total += of(character) }
        return total
    }

    /// The sequences that `Style.paint` puts into a text, told from what is seen of it.
    private struct Paint {
        private var isInside = false

        mutating func takes(_ character: Character) -> Bool {
            if isInside {
                isInside = character != "m"
                return true
            }
            isInside = character == "\u{1B}"
            return isInside
        }
    }

    /// One user-perceived character as terminals count it: its scalars side by side, but an emoji of
    /// several, a flag or one with a skin tone is one picture, and the variation selector asks for the
    /// wide form.
    static func of(_ character: Character) -> Int {
        let scalars = character.unicodeScalars
        guard let first = scalars.first else { return 0 }
        var total = of(first)
        var before = first
        for scalar in scalars.dropFirst() {
            if scalar.value == 0xFE0F { return 2 }
            let isPicture =
                before.value == 0x200D || scalar.properties.isEmojiModifier
                || (isRegional(before) && isRegional(scalar))
            if !isPicture { total += of(scalar) }
            before = scalar
        }
        return total
    }

    private static func isRegional(_ scalar: Unicode.Scalar) -> Bool {
        (0x1F1E6...0x1F1FF).contains(scalar.value)
    }

    static func of(_ scalar: Unicode.Scalar) -> Int {
        let value = scalar.value
        if value >= 0x20 && value < 0x7F { return 1 }
        if value < 0xA0 { return 0 }
        if value == 0xAD { return 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: break
        }
        if value >= 0x1160 && value <= 0x11FF { return 0 }
        return isWide(value) ? 2 : 1
    }

    /// The East Asian Width classes W and F, as ranges of scalar values (Unicode 15.1). Unassigned
    /// code points of the ideographic planes count as wide, as the standard asks.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x231A...0x231B, 0x2329...0x232A, 0x23E9...0x23EC, 0x23F0...0x23F0,
        0x23F3...0x23F3, 0x25FD...0x25FE, 0x2614...0x2615, 0x2648...0x2653, 0x267F...0x267F,
        0x2693...0x2693, 0x26A1...0x26A1, 0x26AA...0x26AB, 0x26BD...0x26BE, 0x26C4...0x26C5,
        0x26CE...0x26CE, 0x26D4...0x26D4, 0x26EA...0x26EA, 0x26F2...0x26F3, 0x26F5...0x26F5,
        0x26FA...0x26FA, 0x26FD...0x26FD, 0x2705...0x2705, 0x270A...0x270B, 0x2728...0x2728,
        0x274C...0x274C, 0x274E...0x274E, 0x2753...0x2755, 0x2757...0x2757, 0x2795...0x2797,
        0x27B0...0x27B0, 0x27BF...0x27BF, 0x2B1B...0x2B1C, 0x2B50...0x2B50, 0x2B55...0x2B55,
        0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97F,
        0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF01...0xFF60,
        0xFFE0...0xFFE6, 0x16FE0...0x18DFF, 0x1AFF0...0x1B2FF, 0x1F004...0x1F004,
        0x1F0CF...0x1F0CF, 0x1F18E...0x1F18E, 0x1F191...0x1F19A, 0x1F1E6...0x1F202,
        0x1F210...0x1F23B, 0x1F240...0x1F248, 0x1F250...0x1F251, 0x1F260...0x1F265,
        0x1F300...0x1F320, 0x1F32D...0x1F335, 0x1F337...0x1F37C, 0x1F37E...0x1F393,
        0x1F3A0...0x1F3CA, 0x1F3CF...0x1F3D3, 0x1F3E0...0x1F3F0, 0x1F3F4...0x1F3F4,
        0x1F3F8...0x1F43E, 0x1F440...0x1F440, 0x1F442...0x1F4FC, 0x1F4FF...0x1F53D,
        0x1F54B...0x1F54E, 0x1F550...0x1F567, 0x1F57A...0x1F57A, 0x1F595...0x1F596,
        0x1F5A4...0x1F5A4, 0x1F5FB...0x1F64F, 0x1F680...0x1F6C5, 0x1F6CC...0x1F6CC,
        0x1F6D0...0x1F6D2, 0x1F6D5...0x1F6D7, 0x1F6DC...0x1F6DF, 0x1F6EB...0x1F6EC,
        0x1F6F4...0x1F6FC, 0x1F7E0...0x1F7EB, 0x1F7F0...0x1F7F0, 0x1F90C...0x1F93A,
        0x1F93C...0x1F945, 0x1F947...0x1F9FF, 0x1FA70...0x1FAFF, 0x20000...0x3FFFD,
    ]

    private static func isWide(_ value: UInt32) -> Bool {
        var low = 0
        var high = wide.count
        while low < high {
            let middle = (low + high) / 2
            if wide[middle].upperBound < value {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low < wide.count && wide[low].contains(value)
    }

    /// `text` cut to at most `columns`, the cut shown by `…`. Colours that are begun still end.
    static func truncate(_ text: String, to columns: Int) -> String {
        guard of(text) > columns else { return text }
        guard columns > 0 else { return "" }
        var kept = ""
        var used = 0
        var isCut = false
        var paint = Paint()
        for character in text {
            if paint.takes(character) {
                kept.append(character)
                continue
            }
            guard !isCut else { continue }
            let width = of(character)
            isCut = used + width > columns - 1
            kept += isCut ? "…" : String(character)
            used += width
        }
        return kept
    }

    private static let neverFirst: Set<Character> = Set("，。；：、！？）」』》…")

    /// `text` in rows of at most `columns`, broken at blanks where there are any; what follows the first
    /// row stands a little to the right of where the first begins.
    static func wrap(_ text: String, to columns: Int) -> [String] {
        guard of(text) > columns else { return [text] }
        guard columns > 8 else { return [truncate(text, to: columns)] }
        let margin = String(
            repeating: " ", count: min(text.prefix { $0 == " " }.count + 2, columns / 2))
        var rows: [String] = []
        var row = ""
        var used = 0
        /// Behind the last blank of the row, where it may be broken.
        var blank: String.Index?
        var paint = Paint()
        for character in text {
            let width = paint.takes(character) ? 0 : of(character)
            if used + width > columns {
                if width == 2, !neverFirst.contains(character) { blank = row.endIndex }
                let rest = blank.map { String(row[$0...]) } ?? ""
                rows.append(blank.map { String(row[..<$0]) } ?? row)
                row = margin + rest
                used = of(row)
                blank = nil
            }
            // Between wide characters a row may be broken as well, but not before a comma.
            if width == 2, used > margin.count, !neverFirst.contains(character) {
                blank = row.endIndex
            }
            row.append(character)
            used += width
            if character == " ", used > margin.count { blank = row.endIndex }
        }
        return painted(rows + [row])
    }

    static func wrap(_ lines: [String], to columns: Int) -> [String] {
        lines.flatMap { wrap($0, to: columns) }
    }

    /// A colour that goes on over several rows ends and begins again at each.
    private static func painted(_ rows: [String]) -> [String] {
        var open = ""
        return rows.map { row in
            let begun = open + row
            for sequence in row.matches(of: /\u{1B}\[[0-9;]*m/) {
                open = sequence.output == "\u{1B}[0m" ? "" : String(sequence.output)
            }
            return open.isEmpty ? begun : begun + "\u{1B}[0m"
        }
    }

    /// `text` with spaces up to `columns`; longer text stays as it is.
    static func pad(_ text: String, to columns: Int, right: Bool = false) -> String {
        let gap = String(repeating: " ", count: max(0, columns - of(text)))
        return right ? gap + text : text + gap
    }
}
