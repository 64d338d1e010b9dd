import PipelineProtocol

/// What came of a write, in a line for people; programs, and whoever wants each field, get all of it.
enum Receipt {
    private static let always: Set = ["id", "rev", "seq"]

    /// Nil for an answer that is not one of a write.
    static func line(_ reply: Reply, _ style: Style, _ names: Names, process: String?) -> String? {
        guard let id = reply["id"]?.text, reply["rev"] != nil, reply["seq"] != nil,
            let pairs = reply.pairs, pairs.count <= 8
        else { return nil }
        let language = style.language
        let stage = reply["stage"]?.text.map { names.processes.stage($0, of: process) ?? $0 } ?? ""
        switch reply["status"]?.text {
        case "pending":
            let approval = reply["approval"]?.text ?? "-"
            return style.paint(
                Printable.line(Phrase.receiptPending(language, id, approval)), .yellow)
        case "moved": return done(Printable.line("\(id) → \(stage)"), style)
        default: break
        }
        let more = pairs.compactMap { pair -> String? in
            guard let field = pair.key.text, !always.contains(field), pair.value != .null,
                pair.value.elements?.isEmpty != true
            else { return nil }
            let value = field == "stage" ? stage : SeparatedText.cell(pair.value)
            let shown = names.name(value, in: field) ?? Labels.value(value, of: field, language)
            // In an answer it is the note's id, not what somebody noted.
            return (field == "note" && language == .chinese ? "备注" : Labels.field(field, language))
                + " " + shown
        }
        return done(Printable.line(([id] + more).joined(separator: "  ")), style)
    }

    private static func done(_ text: String, _ style: Style) -> String {
        style.paint("✓", .green) + " " + text
    }

    /// The writes after which the stage's next step is worth saying.
    static let steps: Set = [
        "OPP.CREATE", "OPP.ADVANCE", "OPP.TASK", "OPP.FEEDBACK", "LEAD.CONVERT",
    ]

    /// What the stage still needs, from `OPP.GUIDE`; nil while something else is in the way.
    static func next(_ guide: Reply, _ style: Style) -> String? {
        guard let missing = guide["missing"]?.elements else { return nil }
        let items = missing.map { item in
            let name = item["name"]?.text ?? item["key"]?.text ?? ""
            let kind = item["kind"]?.text ?? ""
            return kind == "field" ? Labels.field(name, style.language) : name
        }
        guard !items.isEmpty else { return Phrase.receiptReady(style.language) }
        return Printable.line(
            Phrase.receiptMissing(style.language, items.joined(separator: ", ")))
    }
}
