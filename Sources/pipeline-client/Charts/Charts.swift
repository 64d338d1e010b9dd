import PipelineProtocol

/// Reports as pictures of characters: pure functions of the answer, the width and the colours. Whatever figure
/// the server answers is drawn, stands beside, or is said to be left out (S-5).
enum Charts {
    /// Nil for an answer that is no chart, or lacks what the chart is made of: it is then shown like
    /// any other answer.
    static func lines(_ command: [String], _ reply: Reply, _ style: Style, _ names: Names = Names())
        -> [String]?
    {
        guard style.format == .text, !style.expanded, let name = command.first?.uppercased(),
            let drawn = drawn(name, reply, style, names)
        else { return nil }
        guard let other = reply["versus"] else { return drawn }
        // The same of the unit beside it, below.
        let place = command.firstIndex { $0.uppercased() == "VERSUS" }.map { $0 + 1 }
        let unit = place.flatMap { command.indices.contains($0) ? command[$0] : nil } ?? ""
        let title = Labels.field("versus", style.language) + " " + (names[unit] ?? unit)
        let beside =
            Self.drawn(name, other, style, names) ?? table(other, style, names)
        return drawn + ["", heading(title, style)] + beside
    }

    private static func drawn(
        _ name: String, _ reply: Reply, _ style: Style, _ names: Names
    ) -> [String]? {
        switch name {
        case "REPORT.FUNNEL": return FunnelChart(style).lines(reply)
        case "REPORT.FORECAST": return ForecastChart(style).lines(reply)
        case "REPORT.DWELL":
            return RowsChart(
                style, bar: ["median", "mean"], unit: "d", mark: .longest, atLeast: "mean"
            ).lines(reply)
        case "REPORT.CONVERSION":
            return RowsChart(
                style, bar: ["conversion", "rate", "percent"], unit: "%", mark: .weakest
            ).lines(reply)
        case "REPORT.WINRATE", "REPORT.ATTAINMENT":
            return RowsChart(
                style, bar: ["winRate", "rate", "attainment", "percent", "realised"], unit: "%"
            ).lines(reply)
        case "REPORT.LOSSES": return LossesChart(style).lines(reply)
        case "REPORT.HOLES":
            return RowsChart(style, bar: ["missing"], unit: "", mark: .hole).lines(reply)
        case "REPORT.LEADS":
            return RowsChart(style, bar: ["leads", "count"], unit: "").lines(reply)
        case "REPORT.WATERFALL": return WaterfallChart(style).lines(reply)
        case "UNIT.TREE": return UnitTree(style, names).lines(reply)
        default: return nil
        }
    }
}

extension Charts {
    static func heading(_ text: String, _ style: Style) -> String {
        style.paint(TextWidth.truncate(Printable.line(text), to: style.width ?? .max), .bold)
    }

    /// What there is no chart of.
    static func table(_ reply: Reply, _ style: Style, _ names: Names = Names()) -> [String] {
        var rendering = TextRendering(style: style, names: names)
        return rendering.lines(reply) + leftOut(rendering.droppedColumns, style)
    }

    /// Rows by what BY names, below the whole.
    static func groups(_ reply: Reply, bar: String, _ style: Style) -> [String] {
        guard let rows = reply["rows"], rows.elements?.isEmpty == false else { return [] }
        let only = Reply.map([.init(key: .simple("rows"), value: rows)])
        let chart = RowsChart(style, bar: [bar], unit: "").lines(only)
        return [""] + (chart ?? table(rows, style))
    }

    /// Says that there are columns which there is no room for.
    static func leftOut(_ columns: Int, _ style: Style) -> [String] {
        guard columns > 0 else { return [] }
        let text = Phrase.moreColumns(style.language, String(columns))
        return [style.paint(TextWidth.truncate(text, to: style.width ?? .max), .dim)]
    }

    /// Figures side by side, as many in a row as there is room for.
    static func flow(_ parts: [String], _ style: Style) -> [String] {
        let width = style.width ?? .max
        var rows: [String] = []
        for part in parts {
            if let last = rows.last, TextWidth.of(last) + TextWidth.of(part) + 3 <= width {
                rows[rows.count - 1] = last + " · " + part
            } else {
                rows.append(TextWidth.truncate(part, to: width))
            }
        }
        return rows
    }
}

/// A number for drawing only: what is printed is always the server's own text.
enum Measure {
    static func of(_ reply: Reply?) -> Double? {
        guard let reply else { return nil }
        if let integer = reply.integer { return Double(integer) }
        guard let value = reply.text.flatMap(Double.init), abs(value) < 1e18 else { return nil }
        return value
    }

    /// `value` as a bar of at most `columns`, in eighths; anything above nothing shows at least a
    /// sliver.
    static func bar(_ value: Double, of most: Double, columns: Int) -> String {
        guard value > 0, most > 0, columns > 0 else { return "" }
        let eighths = max(1, Int((min(1, value / most) * Double(columns) * 8).rounded()))
        let parts = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
        return String(repeating: "█", count: eighths / 8) + parts[eighths % 8]
    }

    /// `26850000` as `26.9M` (`2685万` for people who read Chinese), for scales.
    static func short(_ value: Double, _ language: Language) -> String {
        let units: [(Double, String)] =
            language == .chinese
            ? [(1e8, "亿"), (1e4, "万")] : [(1e9, "G"), (1e6, "M"), (1e3, "k")]
        for (size, letter) in units where abs(value) >= size {
            let tenths = (value / size * 10).rounded() / 10
            return plain(tenths) + letter
        }
        return plain((value * 10).rounded() / 10)
    }

    private static func plain(_ value: Double) -> String {
        value == value.rounded() ? String(Int(value)) : String(value)
    }
}

/// Cells of a chart in columns, each as wide as it must be.
struct ChartColumns {
    var rows: [[String]] = []
    var right: Set<Int> = []

    var widths: [Int] {
        let count = rows.map(\.count).max() ?? 0
        return (0..<count).map { column in
            rows.map { $0.indices.contains(column) ? TextWidth.of($0[column]) : 0 }.max() ?? 0
        }
    }

    func padded(_ row: [String]) -> [String] {
        zip(row.indices, widths).map { index, width in
            TextWidth.pad(row[index], to: width, right: right.contains(index))
        }
    }
}

/// The funnel: a bar for every stage, what is in it, how many go on, and where it leaks.
struct FunnelChart {
    let style: Style

    init(_ style: Style) { self.style = style }

    func lines(_ reply: Reply) -> [String]? {
        guard let stages = reply["stages"]?.elements,
            stages.allSatisfy({ $0["count"]?.integer != nil })
        else { return nil }
        let currency = reply["currency"]?.text
        // Nobody has a deal here: there is no step to draw.
        if stages.isEmpty { return totals(reply, currency) }
        let width = style.width ?? 100
        let marks = marks(stages)
        let markWidth = (marks.map { TextWidth.of($0) }.max() ?? 0) + 2
        let figures = ["amount", "winRate", "weighted"].filter { key in
            stages.contains { $0[key]?.text != nil }
        }
        var shown = figures
        var columns = columns(stages, shown)
        func used() -> Int { columns.widths.reduce(0) { $0 + $1 + 2 } + markWidth }
        while width - used() < 10, !shown.isEmpty {
            shown.removeLast()
            columns = self.columns(stages, shown)
        }
        let room = max(4, min(40, width - used()))
        let most = stages.compactMap { Measure.of($0["count"]) }.max() ?? 0
        func line(_ cells: [String], _ bar: String, _ mark: String) -> String {
            let padded = columns.padded(cells)
            let text =
                padded[0] + "  " + TextWidth.pad(bar, to: room) + "  "
                + padded.dropFirst().joined(separator: "  ")
            let room = max(1, width - TextWidth.of(mark) - 2)
            return TextWidth.truncate(text.trimmingBlanks, to: mark.isEmpty ? width : room)
                + (mark.isEmpty ? "" : "  " + mark)
        }
        var lines = [style.paint(line(columns.rows[0], "", ""), .bold)]
        for (index, stage) in stages.enumerated() {
            let bar = Measure.bar(Measure.of(stage["count"]) ?? 0, of: most, columns: room)
            let text = line(columns.rows[index + 1], bar, marks[index])
            let isWeak = stage["flag"]?.text == "weak"
            lines.append(style.paint(text, isWeak ? .red : marks[index].isEmpty ? .cyan : .yellow))
        }
        return lines.map { $0.trimmingBlanks }
            + Charts.leftOut(figures.count - shown.count, style)
            + [""] + totals(reply, currency)
    }

    /// With these figures between the number of deals and how many go on.
    private func columns(_ stages: [Reply], _ shown: [String]) -> ChartColumns {
        let language = style.language
        let width = style.width ?? 100
        let heads = shown.map {
            $0 == "winRate" ? Phrase.chartWinRate(language) : Labels.field($0, language)
        }
        var columns = ChartColumns(right: Set(1...(shown.count + 2)))
        columns.rows = [
            [Labels.field("stage", language), Phrase.chartDeals(language)] + heads
                + [Phrase.chartConversion(language)]
        ]
        columns.rows += stages.map { stage in
            let name = stage["name"]?.text ?? stage["stage"]?.text ?? "?"
            let figures = shown.map { key in
                let text = stage[key]?.text ?? ""
                return key != "winRate"
                    ? Amount.grouped(text)
                    : text.isEmpty ? "" : Self.percent(text)
            }
            let conversion = stage["conversion"]?.text
            return [
                TextWidth.truncate(Printable.line(name), to: max(8, width / 5)),
                String(stage["count"]?.integer ?? 0),
            ] + figures + [conversion.map { "↓ " + Self.percent($0) } ?? ""]
        }
        return columns
    }

    /// Each step that the server calls weak; where there is none, the one from which the fewest go on.
    /// From the last stage nobody goes on, and from one that nobody entered nobody can.
    private func marks(_ stages: [Reply]) -> [String] {
        let weak = stages.map { $0["flag"]?.text == "weak" }
        if weak.contains(true) {
            return weak.map { $0 ? Phrase.chartWeak(style.language) : "" }
        }
        let steps = stages.dropLast().compactMap { Measure.of($0["conversion"]) }
        let lowest = Set(steps).count < 2 ? nil : steps.min()
        return stages.enumerated().map { index, stage in
            let isLowest = index < stages.count - 1 && Measure.of(stage["conversion"]) == lowest
            return lowest != nil && isLowest ? Phrase.chartLowest(style.language) : ""
        }
    }

    private static func percent(_ text: String) -> String {
        (text.hasSuffix(".00") ? String(text.dropLast(3)) : text) + " %"
    }

    private func totals(_ reply: Reply, _ currency: String?) -> [String] {
        let language = style.language
        var parts = [
            "\(Labels.field("open", language)) \(reply["open"].map(SeparatedText.cell) ?? "-")"
        ]
        for key in ["amount", "weighted"] {
            guard let value = reply[key]?.text else { continue }
            parts.append("\(Labels.field(key, language)) \(Amount.money(value, currency))")
        }
        return Charts.flow(parts, style) + Charts.groups(reply, bar: "count", style)
            + ReportFooter.lines(reply, style)
    }
}

/// What every report says beside its figures: what is not in them, and whether that is everything.
enum ReportFooter {
    static func lines(_ reply: Reply, _ style: Style) -> [String] {
        let language = style.language
        var lines: [String] = []
        for (key, phrase) in [
            ("unconverted", Phrase.chartUnconverted),
            ("unconvertedTarget", .chartUnconvertedTarget),
        ] {
            guard let rows = reply[key]?.elements, !rows.isEmpty else { continue }
            let text = rows.map { row in
                Amount.money(row["amount"]?.text, row["currency"]?.text)
            }.joined(separator: ", ")
            lines.append(style.paint(cut(phrase(language, text), style), .yellow))
        }
        if reply["complete"]?.boolean == false {
            lines.append(style.paint(cut(Phrase.chartIncomplete(language), style), .yellow))
        }
        return lines
    }

    private static func cut(_ text: String, _ style: Style) -> String {
        TextWidth.truncate(text, to: style.width ?? .max)
    }
}

extension String {
    var trimmingBlanks: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
