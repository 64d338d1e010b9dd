import PipelineProtocol

/// Any report of rows as bars: a name, a bar for its leading figure, the other figures beside it.
struct RowsChart {
    /// Which row is worth a mark.
    enum Mark {
        case none
        /// Each step that the server calls weak; where there is none, the lowest.
        case weakest
        /// The longest bar, and each that is longer than its process allows.
        case longest
        /// Each stage that the server calls a hole.
        case hole
    }

    let style: Style
    /// The leading figure: the first of these that the rows have.
    let bar: [String]
    let unit: String
    var mark = Mark.none
    /// What a row without the leading figure has at least of it.
    var atLeast: String?

    init(
        _ style: Style, bar: [String], unit: String, mark: Mark = .none, atLeast: String? = nil
    ) {
        self.style = style
        self.bar = bar
        self.unit = unit
        self.mark = mark
        self.atLeast = atLeast
    }

    /// What is no figure beside the bar: how a row is called, and how it is marked.
    private static let names: Set = ["key", "name", "stage", "label", "flag", "worst"]

    func lines(_ reply: Reply) -> [String]? {
        guard let rows = (reply["rows"] ?? reply["stages"])?.elements, !rows.isEmpty else {
            return nil
        }
        guard let chart = isGrouped(rows) ? groups(rows) : chart(rows) else { return nil }
        var lines = chart + figures(reply, before: [""])
        if let parts = reply["groups"]?.elements, !parts.isEmpty, isGrouped(parts) {
            lines += [""] + (groups(parts) ?? [])
        }
        return lines + ReportFooter.lines(reply, style)
    }

    private func isGrouped(_ rows: [Reply]) -> Bool {
        rows.allSatisfy { $0["stages"]?.elements != nil }
    }

    /// One chart below the other, where each row has stages of its own.
    private func groups(_ rows: [Reply]) -> [String]? {
        var lines: [String] = []
        for row in rows {
            if !lines.isEmpty { lines.append("") }
            lines.append(Charts.heading(name(row), style))
            lines += chart(row["stages"]?.elements ?? []) ?? []
            lines += figures(row) + ReportFooter.lines(row, style)
        }
        return lines.isEmpty ? nil : lines
    }

    private func chart(_ rows: [Reply]) -> [String]? {
        guard
            let figure = bar.first(where: { key in rows.contains { Measure.of($0[key]) != nil } }),
            let grid = Grid(rows)
        else { return nil }
        let width = style.width ?? 100
        let others = grid.columns.filter { column in
            column != figure && !Self.names.contains(column)
                && rows.contains { $0[column].map(Self.isFigure) ?? false }
        }
        let values = rows.map { value($0, figure) }
        let marks = marks(rows, values)
        let markWidth = marks.map { TextWidth.of($0) + 2 }.max() ?? 0
        var shown = others
        var columns = columns(rows, figure, shown)
        func used() -> Int { columns.widths.reduce(0) { $0 + $1 + 2 } + markWidth }
        while width - used() < 10, !shown.isEmpty {
            shown.removeLast()
            columns = self.columns(rows, figure, shown)
        }
        let room = max(4, min(40, width - used()))
        let largest = values.compactMap { $0 }.max() ?? 0
        let most = unit == "%" ? max(100, largest) : largest
        func line(_ cells: [String], _ drawn: String, _ mark: String) -> String {
            let padded = columns.padded(cells)
            let text =
                padded[0] + "  " + TextWidth.pad(drawn, to: room) + "  "
                + padded.dropFirst().joined(separator: "  ")
            guard !mark.isEmpty else { return TextWidth.truncate(text.trimmingBlanks, to: width) }
            let place = width - TextWidth.of(mark) - 2
            return TextWidth.truncate(text.trimmingBlanks, to: max(1, place)) + "  " + mark
        }
        var lines = [style.paint(line(columns.rows[0], "", ""), .bold)]
        for (index, cells) in columns.rows.dropFirst().enumerated() {
            let drawn = values[index].map { Measure.bar($0, of: most, columns: room) } ?? ""
            let isMeasured = Measure.of(rows[index][figure]) != nil
            let bar = isMeasured ? drawn : String(drawn.map { _ in "▒" })
            let text = line(cells, bar, marks[index])
            lines.append(style.paint(text, paint(marks[index])))
        }
        return lines + Charts.leftOut(others.count - shown.count, style)
    }

    // MARK: rows

    private func value(_ row: Reply, _ figure: String) -> Double? {
        Measure.of(row[figure]) ?? atLeast.flatMap { Measure.of(row[$0]) }
    }

    private func columns(_ rows: [Reply], _ figure: String, _ shown: [String]) -> ChartColumns {
        let language = style.language
        let width = style.width ?? 100
        var columns = ChartColumns(right: Set(1...(shown.count + 1)))
        columns.rows = [
            [Labels.field("name", language), Labels.field(figure, language)]
                + shown.map { Labels.field($0, language) }
        ]
        columns.rows += rows.map { row in
            [TextWidth.truncate(name(row), to: max(8, width / 4)), leading(row, figure)]
                + shown.map { text(row[$0], of: $0) }
        }
        return columns
    }

    private func leading(_ row: Reply, _ figure: String) -> String {
        let unit = unit.isEmpty ? "" : " " + unit
        if Measure.of(row[figure]) == nil, let atLeast, Measure.of(row[atLeast]) != nil {
            return "≥ " + text(row[atLeast]) + unit
        }
        let value = text(row[figure])
        return value == "-" ? value : value + unit
    }

    private func text(_ value: Reply?, of field: String = "") -> String {
        guard let value, value != .null else { return "-" }
        let text = Amount.grouped(SeparatedText.cell(value))
        return Printable.line(Labels.value(text, of: field, style.language))
    }

    private func name(_ row: Reply) -> String {
        let name = (row["name"] ?? row["label"])?.text ?? row["stage"]?.text ?? row["key"]?.text
        return Printable.line(name ?? "-")
    }

    /// What is said behind each row; nothing behind most.
    private func marks(_ rows: [Reply], _ values: [Double?]) -> [String] {
        let language = style.language
        switch mark {
        case .none: return rows.map { _ in "" }
        case .weakest:
            let isWeak = rows.contains { $0["flag"]?.text == "weak" }
            let known = values.compactMap { $0 }
            let lowest = isWeak || Set(known).count < 2 ? nil : known.min()
            return zip(rows, values).map { row, value in
                if row["flag"]?.text == "weak" { return Phrase.chartWeak(language) }
                return value != nil && value == lowest ? Phrase.chartLowest(language) : ""
            }
        case .hole:
            return rows.map { $0["flag"]?.text == "hole" ? Phrase.chartHole(language) : "" }
        case .longest:
            let known = values.compactMap { $0 }
            let longest = known.count > 1 ? known.max().flatMap { $0 > 0 ? $0 : nil } : nil
            return zip(rows, values).map { row, value in
                guard let value else { return "" }
                if let most = Measure.of(row["maxDwellDays"]), value > most {
                    return Phrase.chartOver(language, text(row["maxDwellDays"]))
                }
                return value == longest ? Phrase.chartLongest(language) : ""
            }
        }
    }

    /// What is wrong is red, what only comes first yellow.
    private func paint(_ mark: String) -> Style.Paint {
        if mark.isEmpty { return .cyan }
        let mild = [Phrase.chartLowest, .chartLongest].map { $0(style.language) }
        return mild.contains(mark) ? .yellow : .red
    }

    private static func isFigure(_ value: Reply) -> Bool {
        switch value {
        case .null, .array, .map, .set, .push: false
        default: true
        }
    }

    /// The single figures of an answer or a group, below its rows.
    private func figures(_ reply: Reply, before: [String] = []) -> [String] {
        let parts: [String] = (reply.pairs ?? []).compactMap { pair in
            guard let key = pair.key.text,
                !["complete", "process", "version", "key", "name", "label"].contains(key),
                Self.isFigure(pair.value)
            else { return nil }
            // The worst of the rows, by its name.
            let row = reply["rows"]?.elements?.first { key == "worst" && $0["key"] == pair.value }
            let value = row.map(name) ?? Amount.grouped(SeparatedText.cell(pair.value))
            return "\(Labels.field(key, style.language)) \(Printable.line(value))"
        }
        return parts.isEmpty ? [] : before + Charts.flow(parts, style)
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
        let totals = ["lost", "amount", "invalid", "invalidAmount"].compactMap { key -> String? in
            guard let value = reply[key].map(SeparatedText.cell) else { return nil }
            let isMoney = key.lowercased().hasSuffix("amount")
            return Labels.field(key, style.language) + " "
                + (isMoney ? Amount.money(value, currency) : value)
        }
        return lines + [""] + Charts.flow(totals, style) + ReportFooter.lines(reply, style)
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
