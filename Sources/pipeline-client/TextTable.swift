/// A table for people: columns aligned by terminal width, never wider than the terminal; what does
/// not fit is cut with `…`, and columns that have no room at all are counted. A number is never cut,
/// since half of one looks like another.
struct TextTable {
    struct Cell: Equatable {
        var text: String
        /// Numbers are aligned to the right.
        var isNumber = false
        /// `-` for no value says nothing about the column.
        var isEmpty = false
    }

    let columns: [String]
    let rows: [[Cell]]

    private static let gap = 2
    /// Narrower than this a cut word cannot be recognised.
    private static let narrowest = 8

    /// The lines, and how many columns at the end were left out for want of room.
    func lines(_ style: Style, indent: Int = 0) -> (lines: [String], dropped: Int) {
        let natural = columns.indices.map { index in
            rows.reduce(TextWidth.of(columns[index])) { max($0, TextWidth.of($1[index].text)) }
        }
        let right = columns.indices.map { index in
            let filled = rows.map { $0[index] }.filter { !$0.isEmpty }
            return !filled.isEmpty && filled.allSatisfy(\.isNumber)
        }
        let widths = fit(natural, right, style.width.map { $0 - indent })
        let margin = String(repeating: " ", count: indent)
        func row(_ cells: [String]) -> String {
            var line = ""
            for index in widths.indices {
                if index > 0 { line += String(repeating: " ", count: Self.gap) }
                let cut = TextWidth.truncate(cells[index], to: widths[index])
                line += TextWidth.pad(cut, to: widths[index], right: right[index])
            }
            while line.last == " " { line.removeLast() }
            return line
        }
        let rule = widths.map { String(repeating: "-", count: $0) }
        var lines = [margin + style.paint(row(columns), .bold)]
        lines.append(margin + style.paint(row(rule), .dim))
        lines += rows.map { margin + row($0.map(\.text)) }
        return (lines, columns.count - widths.count)
    }

    /// Widths that fit into `total`: the widest columns of text give first, then columns at the end go.
    private func fit(_ natural: [Int], _ isNumber: [Bool], _ total: Int?) -> [Int] {
        guard let total else { return natural }
        var widths = natural
        func needed() -> Int { widths.reduce(0, +) + Self.gap * max(0, widths.count - 1) }
        while needed() > total, !widths.isEmpty {
            let texts = widths.indices.filter { !isNumber[$0] && widths[$0] > Self.narrowest }
            if let widest = texts.max(by: { widths[$0] < widths[$1] }) {
                let second = texts.filter { $0 != widest }.map { widths[$0] }.max() ?? 0
                let step = max(1, widths[widest] - max(second, Self.narrowest))
                widths[widest] -= min(step, needed() - total)
            } else if widths.count > 1 {
                widths.removeLast()
            } else {
                widths[0] = max(1, total)
                break
            }
        }
        return widths
    }
}
