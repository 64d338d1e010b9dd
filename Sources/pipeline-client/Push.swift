import FoundationEssentials
import PipelineProtocol

/// One message of a channel, with what a line about it needs.
struct Push: Sendable, Equatable {
    let channel: String
    /// One line of JSON as it came.
    let payload: String
    let content: Content?

    /// The members every payload has (P-8); all optional, so that a row whose right was lost
    /// (`withdrawn`) and whatever a later server adds are read too.
    struct Content: Sendable, Equatable, Decodable {
        struct Reference: Sendable, Equatable, Decodable {
            var id: String?
            var title: String?
            var name: String?
        }

        var seq: Int64?
        var type: String?
        var at: String?
        var text: String?
        var opportunity: Reference?
        var approval: Reference?
        var by: Reference?
    }

    /// Nil for a push that is no message of a channel, such as a confirmation.
    init?(_ reply: Reply) {
        guard let elements = reply.elements, let kind = elements.first?.text else { return nil }
        let isPattern = kind == "pmessage"
        guard elements.count == (isPattern ? 4 : 3), isPattern || kind == "message",
            let channel = elements[elements.count - 2].text,
            let payload = elements[elements.count - 1].text
        else { return nil }
        self.init(channel: channel, payload: payload)
    }

    init(channel: String, payload: String) {
        self.channel = channel
        self.payload = payload
        content = try? JSONDecoder().decode(Content.self, from: Data(payload.utf8))
    }

    /// Its place in the person's inbox; nil on other channels, where `seq` is the log position.
    var inboxSequence: Int64? { channel == "inbox" ? content?.seq : nil }

    /// One line in the chosen format.
    func line(_ style: Style) -> String {
        switch style.format {
        case .json, .jsonl: return payload
        case .tsv, .csv:
            let cells = [
                content?.seq.map(String.init) ?? "", content?.type ?? "", content?.at ?? "",
                content?.opportunity?.id ?? "", content?.approval?.id ?? "",
                content?.text ?? (content == nil ? payload : ""),
            ]
            return SeparatedText.line(cells, style.format == .csv ? .comma : .tab)
        case .text: return text(style)
        }
    }

    private func text(_ style: Style) -> String {
        guard let content, let type = content.type else { return Printable.line(payload) }
        if type == "withdrawn" {
            return style.paint(
                "\(number)\(Phrase.withdrawn(style.language))", .dim)
        }
        var parts: [String] = []
        if let at = content.at { parts.append((style.localTime ? Instants.local(at) : nil) ?? at) }
        parts.append(
            style.paint(
                Printable.line(Labels.value(type, of: "type", style.language)), paint(type)))
        for reference in [content.approval, content.opportunity] {
            guard let id = reference?.id else { continue }
            let name = reference?.title ?? reference?.name
            parts.append(Printable.line(name.map { "\(id) \($0)" } ?? id))
        }
        if let text = content.text { parts.append(Printable.line(text)) }
        return number + parts.joined(separator: "  ")
    }

    private var number: String { inboxSequence.map { "#\($0) " } ?? "" }

    private func paint(_ type: String) -> Style.Paint {
        if type.hasSuffix("rejected") || type.hasSuffix("lost") || type.hasSuffix("overdue") {
            return .red
        }
        if type.hasSuffix("approved") || type.hasSuffix("won") { return .green }
        return type.hasPrefix("approval.") ? .yellow : .cyan
    }
}
