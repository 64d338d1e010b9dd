import PipelineProtocol

/// Replies as TSV or CSV lines, for programs: every field, values untouched, nested values as JSON.
enum SeparatedText {
    enum Kind {
        case tab, comma
    }

    static func lines(_ reply: Reply, _ kind: Kind) -> [String] {
        switch reply {
        case .map(let pairs):
            return pairs.map { line([cell($0.key), cell($0.value)], kind) }
        case .array(let elements), .set(let elements), .push(let elements):
            if let table = Grid(elements) {
                return [line(table.columns, kind)]
                    + table.rows.map { line($0.map { $0.map(cell) ?? "" }, kind) }
            }
            return elements.map { element in
                if case .array(let cells) = element { return line(cells.map(cell), kind) }
                return line([cell(element)], kind)
            }
        default:
            return [line([cell(reply)], kind)]
        }
    }

    static func line(_ cells: [String], _ kind: Kind) -> String {
        switch kind {
        case .tab: cells.map(tabEscaped).joined(separator: "\t")
        case .comma: cells.map(quoted).joined(separator: ",")
        }
    }

    static func cell(_ reply: Reply) -> String {
        switch reply {
        case .null: ""
        case .bulk(let bytes): String(decoding: bytes, as: UTF8.self)
        case .array, .map, .set, .push: JSONText.compact(reply)
        case .integer(let value): String(value)
        case .boolean(let value): value ? "true" : "false"
        case .error(let text): text
        case .simple, .double, .verbatim: reply.text ?? ""
        }
    }

    /// One line a row whatever is inside: `\t`, `\n`, `\r` and `\\` stand for what would break it.
    private static func tabEscaped(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == 9 || $0 == 10 || $0 == 13 || $0 == 0x5C }) else {
            return text
        }
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\t": result += "\\t"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\\": result += "\\\\"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func quoted(_ text: String) -> String {
        let breaks = text.utf8.contains {
            $0 == 0x22 || $0 == 0x2C || $0 == 10 || $0 == 13
        }
        guard breaks else { return text }
        var result = "\""
        for scalar in text.unicodeScalars {
            if scalar == "\"" { result += "\"" }
            result.unicodeScalars.append(scalar)
        }
        return result + "\""
    }
}

/// An array of maps as rows under the union of their keys, in order of first appearance.
struct Grid {
    var columns: [String] = []
    var rows: [[Reply?]] = []

    /// Nil unless there is at least one element and every element is a map with text keys.
    init?(_ elements: [Reply]) {
        guard !elements.isEmpty else { return nil }
        var places: [String: Int] = [:]
        for element in elements {
            guard case .map(let pairs) = element else { return nil }
            var row: [Reply?] = Array(repeating: nil, count: columns.count)
            for pair in pairs {
                guard let key = pair.key.text else { return nil }
                if let place = places[key] {
                    row[place] = pair.value
                } else {
                    places[key] = columns.count
                    columns.append(key)
                    row.append(pair.value)
                }
            }
            rows.append(row)
        }
        for index in rows.indices {
            let missing = columns.count - rows[index].count
            if missing > 0 { rows[index] += Array(repeating: nil, count: missing) }
        }
    }

    /// For people: an amount with its currency in one column.
    func joiningCurrency() -> Grid {
        guard let amount = columns.firstIndex(of: "amount"),
            let currency = columns.firstIndex(of: "currency")
        else { return self }
        var joined = self
        joined.columns.remove(at: currency)
        for index in joined.rows.indices {
            if let value = rows[index][amount]?.text, let code = rows[index][currency]?.text {
                joined.rows[index][amount] = .bulk(Array((Amount.grouped(value) + " " + code).utf8))
            }
            joined.rows[index].remove(at: currency)
        }
        return joined
    }

    /// Only the `wanted` columns, in that order, as far as they exist; all when none does.
    func keeping(_ wanted: [String]) -> Grid {
        let places = wanted.compactMap { columns.firstIndex(of: $0) }
        guard !places.isEmpty else { return self }
        var kept = self
        kept.columns = places.map { columns[$0] }
        kept.rows = rows.map { row in places.map { row[$0] } }
        return kept
    }
}
