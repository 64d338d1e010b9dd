/// The full screen as lines: a pure function of the model, the size, the colours and the language.
struct WatchScreen {
    let style: Style
    let width: Int
    let height: Int

    /// Exactly `height` lines, none wider than `width`.
    func lines(_ model: WatchModel) -> [String] {
        var lines: [String]
        switch model.mode {
        case .list: lines = [title(model)] + list(model)
        case .help: lines = [title(model)] + help
        case .page(let page, let top):
            lines = [title(model)]
            lines += TextWidth.wrap(page, to: width).dropFirst(top).prefix(max(1, height - 3))
        case .deciding(let decision): lines = [title(model)] + deciding(decision)
        }
        lines = Array(lines.prefix(height - 1))
        while lines.count < height - 1 { lines.append("") }
        return lines + [footer(model)]
    }

    private var language: Language { style.language }

    private func cut(_ text: String) -> String { TextWidth.truncate(text, to: width) }

    private func title(_ model: WatchModel) -> String {
        let counts = Phrase.watchCounts(
            language, String(model.approvals), String(model.rows.count - model.approvals))
        return style.paint(cut("pipelined  " + counts), .bold)
    }

    private func footer(_ model: WatchModel) -> String {
        if model.isLost {
            return style.paint(cut(Phrase.reconnecting(language)), .yellow)
        }
        if !model.notice.isEmpty { return style.paint(cut(model.notice), .yellow) }
        let phrase: Phrase
        switch model.mode {
        case .list:
            phrase = TextWidth.of(Phrase.watchKeys(language)) > width ? .watchFewKeys : .watchKeys
        case .help: phrase = .watchAnyKey
        case .page: phrase = .watchPageKeys
        case .deciding(let decision):
            phrase = decision.asks ? .watchAskKeys : .watchCommentKeys
        }
        return style.paint(cut(phrase(language)), .dim)
    }

    // MARK: the list

    private func list(_ model: WatchModel) -> [String] {
        guard !model.rows.isEmpty else { return ["", "  " + Phrase.watchEmpty(language)] }
        let room = max(1, height - 3)
        let first = max(0, min(model.selected - room / 2, model.rows.count - room))
        return [""]
            + model.rows.indices.dropFirst(first).prefix(room).map { index in
                line(model.rows[index], isSelected: index == model.selected)
            }
    }

    private func line(_ row: WatchModel.Row, isSelected: Bool) -> String {
        let mark = isSelected ? "> " : "  "
        let name: String
        switch row.subject {
        case .approval(let id): name = id
        case .message(let sequence): name = "#\(sequence)"
        }
        var cells = [TextWidth.pad(name, to: 6)]
        if width >= 70 {
            let at = Instants.local(row.at).map { String($0.dropFirst(5)) } ?? ""
            cells.append(TextWidth.pad(at, to: 11))
        }
        let kind = Labels.value(row.kind, of: "type", language)
        // In a wide window a kind of message is not cut.
        let room = width >= 100 ? 18 : 14
        cells.append(TextWidth.pad(TextWidth.truncate(Printable.line(kind), to: room), to: room))
        if width >= 60 { cells.append(TextWidth.pad(row.amount, to: 18, right: true)) }
        if width >= 90 {
            cells.append(TextWidth.pad(TextWidth.truncate(Printable.line(row.who), to: 8), to: 8))
        }
        cells.append(Printable.line(row.text))
        let text = cut(mark + cells.joined(separator: "  "))
        if isSelected { return style.paint(text, .reverse) }
        if case .approval = row.subject { return style.paint(text, .yellow) }
        return row.kind.hasSuffix("overdue") ? style.paint(text, .red) : text
    }

    // MARK: deciding

    private func deciding(_ decision: WatchModel.Decision) -> [String] {
        var lines = [""] + summary(decision) + [""]
        let prompt = Phrase.watchComment(language)
        let layout = LineLayout(
            .init(
                prompt: prompt, characters: decision.comment.characters,
                cursor: decision.comment.cursor), width: width, paintPrompt: { $0 }, dim: { $0 })
        for (index, row) in layout.rows.enumerated() {
            let isHere = index == layout.cursorRow && !decision.asks
            lines.append(isHere ? Self.withCursor(row, layout.cursorColumn, style) : row)
        }
        if decision.asks {
            let question = decision.approves ? Phrase.askApprove : .askReject
            lines.append(style.paint(cut(question(language, decision.approval)), .bold))
        }
        return lines
    }

    /// What is decided on, or as much of it as there is room for and how much is left.
    private func summary(_ decision: WatchModel.Decision) -> [String] {
        let rows = decision.rows(width)
        let room = WatchModel.Decision.room(height)
        guard rows.count > room else { return rows }
        let shown = rows.dropFirst(decision.top).prefix(room - 1)
        let left = rows.count - decision.top - shown.count
        let more = Phrase.watchMore(language, String(decision.top), String(left))
        return shown + [style.paint(cut("  " + more), .dim)]
    }

    /// The terminal's own cursor is hidden on the full screen, so that one is drawn.
    private static func withCursor(_ row: String, _ column: Int, _ style: Style) -> String {
        var left = ""
        var rest = row[...]
        while TextWidth.of(left) < column, let character = rest.popFirst() {
            left.append(character)
        }
        let here = rest.popFirst().map(String.init) ?? " "
        return left + style.paint(here == " " ? "_" : here, .reverse) + rest
    }

    private var help: [String] {
        [""]
            + Phrase.watchHelp(language).split(separator: "\n", omittingEmptySubsequences: false)
            .map { cut("  " + $0) }
    }
}
