import PipelineProtocol

/// How an amount came to be what it is: its beginning, every movement that there was, its end. Of a report
/// broken down, one part below the other.
struct WaterfallChart {
    let style: Style

    init(_ style: Style) { self.style = style }

    func lines(_ reply: Reply) -> [String]? {
        guard let whole = steps(reply) else { return nil }
        let currency = reply["currency"]?.text
        var lines = whole
        let span = ["from", "to", "currency"].compactMap { key in
            reply[key]?.text.map { Labels.field(key, style.language) + " " + $0 }
        }
        if currency != nil { lines += [""] + Charts.flow(span, style) }
        for part in reply["rows"]?.elements ?? [] {
            let name = (part["name"] ?? part["key"])?.text ?? part["key"]?.text ?? "-"
            lines += ["", Charts.heading(name, style)] + (steps(part) ?? [])
        }
        return lines + ReportFooter.lines(reply, style)
    }

    /// A movement that nothing made is no step.
    private func steps(_ reply: Reply) -> [String]? {
        guard reply["opening"]?["amount"] != nil, reply["closing"]?["amount"] != nil else {
            return nil
        }
        let rows: [Reply] = (reply.pairs ?? []).compactMap { pair in
            guard let key = pair.key.text else { return nil }
            let amount = key == "revalued" ? pair.value : pair.value["amount"]
            guard let amount, let moved = Measure.of(amount) else { return nil }
            let count = pair.value["count"] ?? .null
            let isEnd = key == "opening" || key == "closing"
            guard isEnd || moved != 0 || (count.integer ?? 0) != 0 else { return nil }
            return .map([
                .init(key: .simple("name"), value: .simple(Labels.field(key, style.language))),
                .init(key: .simple("amount"), value: amount),
                .init(key: .simple("count"), value: count),
            ])
        }
        let only = Reply.map([.init(key: .simple("rows"), value: .array(rows))])
        return RowsChart(style, bar: ["amount"], unit: "").lines(only)
    }
}
