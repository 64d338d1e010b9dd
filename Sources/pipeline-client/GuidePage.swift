import PipelineProtocol

/// What is left to do in a deal's stage, for reading: the guidance, what is missing, what comes next.
struct GuidePage {
    let guide: Reply
    let style: Style
    let names: Names
    /// The process that the deal follows, where it is known.
    let process: String?

    /// Nil for an answer that is no guide.
    static func lines(_ guide: Reply, _ style: Style, _ names: Names, process: String?) -> [String]?
    {
        guard guide["missing"]?.elements != nil, guide["stage"] != nil else { return nil }
        let page = GuidePage(guide: guide, style: style, names: names, process: process)
        return TextWidth.wrap(page.all, to: style.width ?? 200)
    }

    private var language: Language { style.language }

    private var all: [String] {
        let stage = text("stage")
        let id = guide["id"]?.text.map { Printable.line($0) + "  " } ?? ""
        var lines = [
            style.paint(id + (names.processes.stage(stage, of: process) ?? stage), .bold)
        ]
        if guide["guidance"]?.text?.isEmpty == false { lines.append("  " + text("guidance")) }
        let missing = items("missing", "☐")
        lines.append("")
        lines +=
            missing.isEmpty
            ? [Phrase.receiptReady(language)]
            : [style.paint(Phrase.guideMissing(language), .bold)] + missing
        let next = items("next", "·")
        if !next.isEmpty {
            lines += ["", style.paint(Phrase.guideNext(language), .bold)] + next
        }
        lines += [""] + Charts.flow(figures, style)
        if guide["advice"]?.text?.isEmpty == false { lines.append(text("advice")) }
        return lines
    }

    private func text(_ field: String) -> String { Printable.line(guide[field]?.text ?? "") }

    private func items(_ field: String, _ mark: String) -> [String] {
        let rows = guide[field]?.elements ?? []
        let width = min(24, rows.map { TextWidth.of($0["key"]?.text ?? "") }.max() ?? 0)
        return rows.map { row in
            let key = Printable.line(row["key"]?.text ?? "")
            let isField = row["kind"]?.text == "field"
            let name = isField ? Labels.field(key, language) : row["name"]?.text ?? ""
            return "  \(mark) " + TextWidth.pad(key, to: width) + "  " + Printable.line(name)
        }
    }

    /// How long it has been here, and how often such deals are won.
    private var figures: [String] {
        func text(_ field: String) -> String? {
            guide[field].flatMap { $0 == .null ? nil : SeparatedText.cell($0) }
        }
        let days = text("dwellDays").map { days in
            text("maxDwellDays").map { Phrase.guideDaysOf(language, days, $0) }
                ?? Phrase.guideDays(language, days)
        }
        let rates = [
            text("winRate").map { Phrase.guideRate(language, $0) },
            text("realised").map { Phrase.guideRealised(language, $0) },
        ]
        return ([days] + rates).compactMap { $0 }
    }
}
