import PipelineProtocol

/// The forecast as a spread: from the tenth to the ninetieth percentile, the median, the target.
struct ForecastChart {
    let style: Style

    init(_ style: Style) { self.style = style }

    func lines(_ reply: Reply) -> [String]? {
        guard let amount = reply["amount"]?.text else { return nil }
        let language = style.language
        let currency = reply["currency"]?.text
        var lines = [style.paint(Amount.money(amount, currency), .bold)]
        let deals = reply["deals"].map(SeparatedText.cell) ?? "-"
        let wins = reply["expectedWins"].map(SeparatedText.cell) ?? "-"
        lines.append(Phrase.chartExpected(language, deals, wins))
        if let spread = spread(reply) { lines += [""] + spread + [""] }
        let keys = [
            "p10", "p50", "p90", "sigma", "won", "target", "gap", "chance", "overdueAmount",
            "method", "step",
        ]
        for key in keys {
            // That nothing was approximated needs no word.
            guard let value = reply[key]?.text, value != "exact" else { continue }
            let label: String
            switch key {
            case "p10": label = Phrase.chartP10(language)
            case "p50": label = Phrase.chartP50(language)
            case "p90": label = Phrase.chartP90(language)
            default: label = Labels.field(key, language)
            }
            let shown =
                switch key {
                case "chance": value + " %"
                case "method": Labels.value(value, of: key, language)
                default: Amount.money(value, currency)
                }
            let text = TextWidth.pad(label, to: 24) + shown
            let isShort = key == "gap" && (Measure.of(reply[key]) ?? 0) > 0
            lines.append(isShort ? style.paint(text, .red) : text)
        }
        return lines.map { TextWidth.truncate($0, to: style.width ?? .max) }
            + Charts.groups(reply, bar: "amount", style) + ReportFooter.lines(reply, style)
    }

    /// A scale with `├──●──┤` from P10 over P50 to P90, and `◆` where the target lies.
    private func spread(_ reply: Reply) -> [String]? {
        guard let low = Measure.of(reply["p10"]), let middle = Measure.of(reply["p50"]),
            let high = Measure.of(reply["p90"]), low <= middle, middle <= high
        else { return nil }
        let columns = max(10, min(60, (style.width ?? 80) - 4))
        let target = Measure.of(reply["target"])
        let margin = max((high - low) * 0.15, abs(high) * 0.02, 1)
        let left = max(0, min(low, target ?? low) - margin)
        let right = max(high, target ?? high) + margin
        func place(_ value: Double) -> Int {
            let part = (value - left) / (right - left)
            return max(0, min(columns - 1, Int((part * Double(columns - 1)).rounded())))
        }
        var cells = [Character](repeating: "·", count: columns)
        for index in place(low)...place(high) { cells[index] = "─" }
        cells[place(low)] = "├"
        cells[place(high)] = "┤"
        cells[place(middle)] = "●"
        if let target { cells[place(target)] = "◆" }
        var scale = [Character](repeating: " ", count: columns)
        for value in [low, middle, high] {
            put(Measure.short(value, style.language), at: place(value), into: &scale)
        }
        var lines = ["  " + style.paint(String(cells), .cyan)]
        lines.append("  " + String(scale).trimmingBlanks)
        return lines
    }

    /// The label centred below its place, unless another is there already.
    private func put(_ label: String, at place: Int, into scale: inout [Character]) {
        let start = max(0, min(scale.count - label.count - 1, place - label.count / 2))
        let range = start..<min(scale.count, start + label.count)
        let padded = max(0, range.lowerBound - 1)..<min(scale.count, range.upperBound + 1)
        guard scale[padded].allSatisfy({ $0 == " " }) else { return }
        for (index, character) in zip(range, label) { scale[index] = character }
    }
}
