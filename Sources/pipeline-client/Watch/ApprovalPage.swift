import PipelineProtocol

/// What somebody who decides must see: how much, whose, and what was filled (S-4).
enum ApprovalPage {
    static func lines(
        _ approval: Reply, deal: Reply?, _ style: Style, _ names: Names = Names()
    ) -> [String] {
        let language = style.language
        func text(_ reply: Reply?) -> String { Printable.line(reply?.text ?? "-") }
        func person(_ reply: Reply?) -> String {
            guard let id = reply?.text else { return "-" }
            return Printable.line(names[id].map { $0 == id ? id : "\($0) (\(id))" } ?? id)
        }
        var lines = [
            style.paint(
                [text(approval["id"]), text(approval["opportunity"]), text(approval["title"])]
                    .joined(separator: "  "), .bold)
        ]
        var fields: [(String, String)] = [
            ("amount", Amount.money(approval["amount"]?.text, approval["currency"]?.text))
        ]
        if let deal { fields.append(("owner", person(deal["owner"]))) }
        let process =
            deal?["process"]?.text
            ?? approval["opportunity"]?.text.flatMap { names.processes.process(of: $0) }
        let way = ["stage", "to"].compactMap { approval[$0]?.text }
            .map { names.processes.stage($0, of: process) ?? $0 }
        fields.append(("stage", Printable.line(way.joined(separator: " → "))))
        if let close = deal?["close"]?.text { fields.append(("close", close)) }
        fields.append(("submitter", person(approval["submitter"])))
        if let note = approval["note"]?.text { fields.append(("note", Printable.line(note))) }
        let stage = approval["stage"]?.text
        for row in deal?["feedback"]?.elements ?? [] where row["stage"]?.text == stage {
            guard let value = row["value"], value != .null else { continue }
            fields.append((text(row["name"]), Printable.line(SeparatedText.cell(value))))
        }
        for row in deal?["tasks"]?.elements ?? [] where row["stage"]?.text == stage {
            let done = row["done"]?.boolean == true
            fields.append((text(row["name"]), done ? "✓" : "–"))
        }
        let labels = fields.map { Labels.field($0.0, language) }
        let width = labels.map { TextWidth.of($0) }.max() ?? 0
        for (label, field) in zip(labels, fields) {
            lines.append(style.paint(TextWidth.pad(label, to: width), .cyan) + "  " + field.1)
        }
        return lines
    }
}

/// Amounts for people: groups of three digits. Programs get them as the server wrote them.
enum Amount {
    static func grouped(_ text: String) -> String {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, !whole.isEmpty else { return text }
        let sign = whole.first == "-" ? "-" : ""
        let digits = whole.dropFirst(sign.count)
        guard digits.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return text }
        var result = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { result += "," }
            result.append(digit)
        }
        return sign + result + (parts.count == 2 ? "." + parts[1] : "")
    }

    static func money(_ amount: String?, _ currency: String?) -> String {
        guard let amount else { return "-" }
        return grouped(amount) + (currency.map { " " + $0 } ?? "")
    }
}
