/// Where the characters of a typed line stand on a screen of some width: a pure function (S-3).
struct LineLayout: Equatable {
    /// One for each row of the screen, ready to be written.
    var rows: [String]
    var cursorRow: Int
    var cursorColumn: Int

    /// What is drawn: a prompt, the line, and a hint behind it that is not part of it.
    struct Content: Equatable {
        var prompt = ""
        var characters: [Character] = []
        var cursor = 0
        var hint = ""
    }

    private struct Row {
        var text = ""
        var column = 0
    }

    /// A character that does not fit into the rest of a row stands at the start of the next one;
    /// a hint is cut at the end of its row and never makes a new one.
    init(_ content: Content, width: Int, paintPrompt: (String) -> String, dim: (String) -> String) {
        let width = max(4, width)
        let prompt = TextWidth.truncate(content.prompt, to: max(2, width - 2))
        var rows = [Row(text: paintPrompt(prompt), column: TextWidth.of(prompt))]
        var cursor = (row: 0, column: rows[0].column)
        for (index, character) in content.characters.enumerated() {
            let shown = Self.shown(character)
            let columns = TextWidth.of(shown)
            if rows[rows.count - 1].column + columns > width { rows.append(Row()) }
            if index == content.cursor { cursor = (rows.count - 1, rows[rows.count - 1].column) }
            rows[rows.count - 1].text += shown
            rows[rows.count - 1].column += columns
        }
        // The cursor behind a full row stands at the start of the next.
        if rows[rows.count - 1].column >= width { rows.append(Row()) }
        if content.cursor >= content.characters.count {
            cursor = (rows.count - 1, rows[rows.count - 1].column)
        }
        let room = width - rows[rows.count - 1].column - 1
        if !content.hint.isEmpty, room > 1 {
            rows[rows.count - 1].text += dim(TextWidth.truncate(content.hint, to: room))
        }
        self.rows = rows.map(\.text)
        cursorRow = cursor.row
        cursorColumn = cursor.column
    }

    private static func shown(_ character: Character) -> String {
        character == "\n" ? "↵" : Printable.line(String(character))
    }

    /// The bytes that draw it where the former one stands, whose cursor was in `row`.
    func drawing(over row: Int) -> String {
        var text = "\r"
        if row > 0 { text += "\u{1B}[\(row)A" }
        text += "\u{1B}[J" + rows.joined(separator: "\r\n") + "\r"
        let up = rows.count - 1 - cursorRow
        if up > 0 { text += "\u{1B}[\(up)A" }
        if cursorColumn > 0 { text += "\u{1B}[\(cursorColumn)C" }
        return text
    }

    /// The bytes that take it away again and leave the cursor at its beginning.
    static func erasing(from row: Int) -> String {
        "\r" + (row > 0 ? "\u{1B}[\(row)A" : "") + "\u{1B}[J"
    }
}
