import PipelineProtocol

/// One answer as output lines in the chosen format, and what to add on stderr.
enum Rendering {
    struct Output: Equatable {
        var lines: [String] = []
        var remarks: [String] = []
    }

    static func render(
        _ reply: Reply, _ style: Style, columns: [String] = [], names: Names = Names()
    )
        -> Output
    {
        switch style.format {
        case .json:
            return Output(lines: [JSONText.indented(reply)])
        case .jsonl:
            if let elements = reply.elements {
                return Output(lines: elements.map(JSONText.compact))
            }
            return Output(lines: [JSONText.compact(reply)])
        case .tsv:
            return Output(lines: SeparatedText.lines(reply, .tab))
        case .csv:
            return Output(lines: SeparatedText.lines(reply, .comma))
        case .text:
            var rendering = TextRendering(style: style, columns: columns, names: names)
            let lines = rendering.lines(reply)
            var output = Output(lines: lines)
            if lines.isEmpty { output.remarks.append(Phrase.nothing(style.language)) }
            if rendering.droppedColumns > 0 {
                output.remarks.append(
                    Phrase.moreColumns(style.language, String(rendering.droppedColumns)))
            }
            return output
        }
    }

    /// What stderr says about something that went wrong.
    static func remarks(_ error: any Error, _ language: Language) -> [String] {
        guard let failure = error as? Failure else { return ["\(error)"] }
        let text = failure.text(in: language)
        guard failure.phrase == .authRefused, let friendlier = friendlier(text) else {
            return [text]
        }
        return [friendlier(language), Printable.line(ServerText.readable(text))]
    }

    /// A friendlier line where the server's own word leaves a person guessing; the server's line
    /// always follows as it came.
    static func friendlier(_ errorLine: String) -> Phrase? {
        switch errorLine.prefix(while: { $0 != " " }) {
        case "WRONGPASS": .friendlyPassword
        case "NOPERM": .friendlyDenied
        case "CONFLICT" where errorLine.contains("IFREV"): .friendlyConflict
        case "PENDING": .friendlyPending
        case "LOADING": .friendlyLoading
        default: nil
        }
    }
}
