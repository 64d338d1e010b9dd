import PipelineProtocol

/// Rows of the company as a CSV file that `import` takes again (S-8).
@MainActor
struct Exporter {
    let runner: Runner
    let options: ExportOptions

    func run() async throws -> Outcome {
        let session = runner.session
        let rows: [[String]]
        switch options.noun {
        case .customers: rows = try await plain(["CUSTOMER.LIST"])
        case .leads: rows = try await plain(["LEAD.LIST"])
        case .deals: rows = try await deals(session)
        }
        let lines = ([options.noun.columns.map(\.name)] + rows).map {
            SeparatedText.line($0, .comma)
        }
        guard let path = options.path else { return Outcome(lines: lines) }
        let text = lines.map { $0 + "\r\n" }.joined()
        // The mark tells spreadsheets that the text is UTF-8.
        try OutputFile.write("\u{FEFF}" + text, to: path)
        let remark = Phrase.exported(runner.style.language, String(rows.count), path)
        return Outcome(remarks: [remark])
    }

    private func plain(_ command: [String]) async throws -> [[String]] {
        let logins = try await logins()
        return try await runner.session.pages(command).map { row in
            options.noun.columns.map { column in
                let text = row[column.name].map(SeparatedText.cell) ?? ""
                return column.name == "owner" ? logins[text] ?? text : text
            }
        }
    }

    private func deals(_ session: Session) async throws -> [[String]] {
        let logins = try await logins()
        var customers: [String: String] = [:]
        for row in try await session.pages(["CUSTOMER.LIST"]) {
            guard let id = row["id"]?.text else { continue }
            customers[id] = row["name"]?.text
        }
        return try await session.pages(["OPP.LIST"]).map { row in
            options.noun.columns.map { column in
                let text = row[column.name].map(SeparatedText.cell) ?? ""
                switch column.name {
                case "extid": return text.isEmpty ? row["id"]?.text ?? "" : text
                case "customer": return customers[text] ?? text
                case "owner": return logins[text] ?? text
                default: return text
                }
            }
        }
    }

    private func logins() async throws -> [String: String] {
        var logins: [String: String] = [:]
        for row in try await runner.session.pages(["PERSON.LIST"]) {
            if let id = row["id"]?.text { logins[id] = row["login"]?.text }
        }
        return logins
    }
}
