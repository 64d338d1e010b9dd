import PipelineProtocol

/// Any report of rows as bars: a name, a bar for its leading figure, the other figures beside it.
struct RowsChart {
    let style: Style
    /// The leading figure: the first of these that the rows have.
    let bar: [String]
    let unit: String
    /// Whether the lowest bar is the weak step.
    let marksLowest: Bool

    init(_ style: Style, bar: [String], unit: String, marksLowest: Bool = false) {
        self.style = style
        self.bar = bar
        self.unit = unit
        self.marksLowest = marksLowest
    }

    private static let names: Set = ["key", "name", "stage", "label"]

    func lines(_ reply: Reply) -> [String]? {
        guard let rows = (reply["rows"] ?? reply["stages"])?.elements, !rows.isEmpty,
            let figure = bar.first(where: { key in rows.contains { Measure.of($0[key]) != nil } }),
            let grid = Grid(rows)
        else { return nil }
        let language = style.language
        let width = style.width ?? 100
        let others = grid.columns.filter { column in
            column != figure && !Self.names.contains(column)
                && rows.contains { Measure.of($0[column]) != nil }
        }
        func text(_ row: Reply, _ key: String) -> String {
            guard let value = row[key], value != .null else { return "-" }
            return Amount.grouped(SeparatedText.cell(value))
        }
        let values = rows.map { Measure.of($0[figure]) }
        let isFlagged = rows.contains { $0["flag"] != nil }
        let lowest =
            marksLowest && !isFlagged ? values.compactMap { $0 }.filter { $0 > 0 }.min() : nil
        let most =
            unit == "%"
            ? max(100, values.compactMap { $0 }.max() ?? 0)
            : values.compactMap { $0 }.max() ?? 0
        var shown = others
        var columns = ChartColumns()
        var used = 0
        let weak = Phrase.chartWeak(language)
        repeat {
            columns = ChartColumns(right: Set(1...(shown.count + 1)))
            columns.rows =
                [
                    [Labels.field("name", language), Labels.field(figure, language)]
                        + shown.map { Labels.field($0, language) }
                ]
                + rows.map { row in
                    [
                        TextWidth.truncate(name(row), to: max(8, width / 4)),
                        text(row, figure) + (unit.isEmpty ? "" : " " + unit),
                    ] + shown.map { text(row, $0) }
                }
            used = columns.widths.reduce(0) { $0 + $1 + 2 } + TextWidth.of(weak) + 2
            if width - used >= 10 || shown.isEmpty { break }
            shown.removeLast()
        } while true
        let room = max(4, min(40, width - used))
        var lines: [String] = []
        for (index, cells) in columns.rows.enumerated() {
            let padded = columns.padded(cells)
            let value = index > 0 ? values[index - 1] : nil
            let drawn = value.map { Measure.bar($0, of: most, columns: room) } ?? ""
            let isLowest =
                (value != nil && value == lowest)
                || (index > 0 && rows[index - 1]["flag"]?.text == "weak")
            let line =
                padded[0] + "  " + TextWidth.pad(drawn, to: room) + "  "
                + padded.dropFirst().joined(separator: "  ")
            let text = TextWidth.truncate(
                line.trimmingBlanks, to: max(1, width - (isLowest ? TextWidth.of(weak) + 2 : 0)))
            lines.append(
                style.paint(
                    text + (isLowest ? "  " + weak : ""),
                    index == 0 ? .bold : isLowest ? .red : .cyan))
        }
        let dropped = others.count - shown.count
        if dropped > 0 {
            let more = Phrase.moreColumns(language, String(dropped))
            lines.append(style.paint(TextWidth.truncate(more, to: width), .dim))
        }
        return lines + rest(reply) + ReportFooter.lines(reply, style)
    }

    private func name(_ row: Reply) -> String {
        let name = (row["name"] ?? row["label"])?.text ?? row["stage"]?.text ?? row["key"]?.text
        return Printable.line(name ?? "-")
    }

    /// The scalars beside the rows.
    private func rest(_ reply: Reply) -> [String] {
        let parts: [String] = (reply.pairs ?? []).compactMap { pair in
            guard let key = pair.key.text,
                !["complete", "currency", "receipt", "version"].contains(key),
                Measure.of(pair.value) != nil
            else { return nil }
            let value = Amount.grouped(SeparatedText.cell(pair.value))
            return "\(Labels.field(key, style.language)) \(value)"
        }
        guard !parts.isEmpty else { return [] }
        return ["", TextWidth.truncate(parts.joined(separator: " · "), to: style.width ?? .max)]
    }
}

/// Why deals are lost, and to whom.
struct LossesChart {
    let style: Style

    init(_ style: Style) { self.style = style }

    func lines(_ reply: Reply) -> [String]? {
        var lines: [String] = []
        for part in ["reasons", "competitors", "rows"] {
            guard let rows = reply[part], rows.elements?.isEmpty == false else { continue }
            let only = Reply.map([.init(key: .simple("rows"), value: rows)])
            guard let chart = RowsChart(style, bar: ["count", "lost"], unit: "").lines(only) else {
                continue
            }
            if !lines.isEmpty { lines.append("") }
            lines.append(style.paint(Labels.field(part, style.language), .bold))
            lines += chart
        }
        guard !lines.isEmpty else { return nil }
        let currency = reply["currency"]?.text
        let lost = reply["lost"].map(SeparatedText.cell) ?? "-"
        let total =
            "\(Labels.field("lost", style.language)) \(lost) · "
            + Amount.money(reply["amount"]?.text, currency)
        return lines + ["", TextWidth.truncate(total, to: style.width ?? .max)]
            + ReportFooter.lines(reply, style)
    }
}

/// The organisation as a tree.
struct UnitTree {
    let style: Style
    let names: Names

    init(_ style: Style, _ names: Names) {
        self.style = style
        self.names = names
    }

    func lines(_ reply: Reply) -> [String]? {
        guard let units = reply.elements, !units.isEmpty,
            units.allSatisfy({ $0["depth"]?.integer != nil && $0["id"]?.text != nil })
        else { return nil }
        let language = style.language
        let base = units.compactMap { $0["depth"]?.integer }.min() ?? 0
        var columns = ChartColumns(right: [3])
        columns.rows = [
            [
                Labels.field("unit", language), "", Phrase.chartHead(language),
                Labels.field("people", language),
            ]
        ]
        for unit in units {
            let depth = Int(clamping: (unit["depth"]?.integer ?? 0) - base)
            let indent = depth == 0 ? "" : String(repeating: "  ", count: depth - 1) + "└ "
            columns.rows.append([
                indent + Printable.line(unit["name"]?.text ?? "-"), unit["id"]?.text ?? "",
                unit["head"]?.text.map { names[$0] ?? $0 } ?? "-",
                unit["people"].map(SeparatedText.cell) ?? "",
            ])
        }
        return columns.rows.enumerated().map { index, row in
            let line = columns.padded(row).joined(separator: "  ").trimmingBlanks
            let cut = TextWidth.truncate(line, to: style.width ?? .max)
            return index == 0 ? style.paint(cut, .bold) : cut
        }
    }
}
