import PipelineProtocol

/// A deal for reading: what it is worth and whose it is, where it stands, then stage by stage what is
/// done and what was said, then the notes.
struct DealPage {
    let deal: Reply
    let style: Style
    let names: Names

    static func lines(_ deal: Reply, _ style: Style, _ names: Names = Names()) -> [String] {
        let page = DealPage(deal: deal, style: style, names: names)
        return page.head + page.stages + page.notes
    }

    private static let fields = [
        "customer", "amount", "close", "owner", "unit", "source", "industry", "product", "region",
        "channel", "team", "tags", "feasibility", "cost", "roi", "competitors", "extid", "lead",
        "outcome", "closedAt", "reason", "competitor", "pending", "enteredStage",
    ]

    private var language: Language { style.language }
    private var process: String? { deal["process"]?.text }

    private func text(_ reply: Reply?) -> String { Printable.line(reply?.text ?? "-") }

    // MARK: the head

    private var head: [String] {
        let title = text(deal["id"]) + "  " + text(deal["title"])
        let shown = Self.fields.compactMap { field -> Reply.Pair? in
            guard let value = deal[field], value != .null, value.elements?.isEmpty != true,
                !(field == "feasibility" && value.text == "unknown"),
                !(field == "outcome" && value.text == "open")
            else { return nil }
            guard field == "amount" else {
                return .init(key: .bulk(Array(field.utf8)), value: value)
            }
            let money = Amount.money(value.text, deal["currency"]?.text)
            return .init(key: .bulk(Array(field.utf8)), value: .bulk(Array(money.utf8)))
        }
        var rendering = TextRendering(style: style, names: names)
        return [style.paint(title, .bold)] + rendering.lines(.map(shown)).map { "  " + $0 }
            + [trail].compactMap { $0 }
    }

    /// The stages in order, the one it is in marked.
    private var trail: String? {
        let stage = deal["stage"]?.text
        guard let stages = process.flatMap({ names.processes[$0] })?.stages,
            let here = stages.firstIndex(where: { $0.key == stage })
        else {
            return stage.map { "  " + Labels.field("stage", language) + "  " + Printable.line($0) }
        }
        let words = stages.enumerated().map { index, stage in
            let name = Printable.line(stage.name)
            return index == here ? "[" + name + "]" : name
        }
        let width = (style.width ?? 80) - 2
        // Around the stage it is in, as much as fits.
        var first = 0
        while first < here, TextWidth.of(words[first...].joined(separator: " › ")) > width {
            first += 1
        }
        let line = (first > 0 ? "… " : "") + words[first...].joined(separator: " › ")
        return "  " + TextWidth.truncate(line, to: width)
    }

    // MARK: the stages

    private var stages: [String] {
        let tasks = deal["tasks"]?.elements ?? []
        let feedback = deal["feedback"]?.elements ?? []
        var keys: [String] = []
        for row in feedback + tasks {
            if let key = row["stage"]?.text, !keys.contains(key) { keys.append(key) }
        }
        let width = min(24, (feedback + tasks).map { TextWidth.of(text($0["key"])) }.max() ?? 0)
        let order = process.flatMap { names.processes[$0] }?.stages.map(\.key) ?? []
        keys.sort { (order.firstIndex(of: $0) ?? 0) < (order.firstIndex(of: $1) ?? 0) }
        return keys.flatMap { key in
            let title = Printable.line(names.processes.stage(key, of: process) ?? key)
            return ["", style.paint(title, key == deal["stage"]?.text ? .bold : .dim)]
                + section(tasks.filter { $0["stage"]?.text == key }, width, task)
                + section(feedback.filter { $0["stage"]?.text == key }, width, answer)
        }
    }

    private func section(_ rows: [Reply], _ width: Int, _ line: (Reply, Int) -> String) -> [String]
    {
        TextWidth.wrap(rows.map { "  " + line($0, width) }, to: style.width ?? 200)
    }

    private func task(_ row: Reply, _ width: Int) -> String {
        let isDone = row["done"]?.boolean == true
        var words = [text(row["name"])]
        if row["required"]?.boolean != true { words.append(Phrase.pageOptional(language)) }
        if let role = row["role"]?.text { words.append(Printable.line(role)) }
        if let by = row["by"]?.text { words.append(names[by] ?? by) }
        if let at = row["at"]?.text { words.append(Instants.local(at) ?? at) }
        words += ["evidence", "note"].compactMap { row[$0]?.text }.map(Printable.line)
        return (isDone ? "✓ " : "☐ ") + TextWidth.pad(text(row["key"]), to: width) + "  "
            + words.joined(separator: "  ")
    }

    private func answer(_ row: Reply, _ width: Int) -> String {
        let value = row["value"] ?? .null
        let isEmpty = value == .null
        let isNeeded = row["required"]?.boolean == true
        let mark = isEmpty ? (isNeeded ? "☐ " : "· ") : "✓ "
        let shown =
            isEmpty
            ? (isNeeded ? "" : Phrase.pageOptional(language))
            : Printable.line(SeparatedText.cell(value))
        return mark + TextWidth.pad(text(row["key"]), to: width) + "  " + text(row["name"])
            + (shown.isEmpty ? "" : "  " + shown)
    }

    // MARK: the notes

    private var notes: [String] {
        let rows = deal["notes"]?.elements ?? []
        guard !rows.isEmpty else { return [] }
        let lines = rows.map { row in
            let at = row["at"]?.text.map { Instants.local($0) ?? $0 } ?? ""
            let by = row["by"]?.text.map { names[$0] ?? $0 } ?? ""
            return "  "
                + Printable.line([at, by, row["text"]?.text ?? ""].joined(separator: "  "))
        }
        return ["", style.paint(Labels.field("notes", language), .bold)]
            + TextWidth.wrap(lines, to: style.width ?? 200)
    }
}
