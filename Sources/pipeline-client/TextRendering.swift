import PipelineProtocol

/// Replies for people: tables, `field  value` lines, nested lists.
struct TextRendering {
    let style: Style
    var columns: [String] = []
    var names = Names()
    private(set) var droppedColumns = 0

    init(style: Style, columns: [String] = [], names: Names = Names()) {
        self.style = style
        self.columns = columns
        self.names = names
    }

    mutating func lines(_ reply: Reply, indent: Int = 0) -> [String] {
        switch reply {
        case .map(let pairs):
            return fields(pairs, indent)
        case .array(let elements), .set(let elements), .push(let elements):
            return list(elements, indent)
        default:
            let margin = String(repeating: " ", count: indent)
            return block(scalar(reply)).map { margin + $0 }
        }
    }

    private mutating func list(_ elements: [Reply], _ indent: Int) -> [String] {
        let margin = String(repeating: " ", count: indent)
        if let grid = Grid(elements) {
            if style.expanded { return records(elements, indent) }
            let kept = grid.keeping(columns).joiningCurrency()
            let table = TextTable(
                columns: kept.columns.map { Printable.line(Labels.field($0, style.language)) },
                rows: kept.rows.map { row in
                    zip(kept.columns, row).map { cell($1 ?? .null, of: $0) }
                })
            let (lines, dropped) = table.lines(style, indent: indent)
            droppedColumns += dropped
            return lines
        }
        var result: [String] = []
        for element in elements {
            if isScalar(element) {
                result += block(scalar(element)).map { margin + $0 }
                continue
            }
            let inner = lines(element, indent: indent + 2)
            if let first = inner.first {
                result.append(margin + "- " + first.dropFirst(indent + 2))
                result += inner.dropFirst()
            } else {
                result.append(margin + "-")
            }
        }
        return result
    }

    private mutating func records(_ elements: [Reply], _ indent: Int) -> [String] {
        var result: [String] = []
        for (index, element) in elements.enumerated() {
            if index > 0 { result.append("") }
            result += lines(element, indent: indent)
        }
        return result
    }

    private mutating func fields(_ pairs: [Reply.Pair], _ indent: Int) -> [String] {
        let margin = String(repeating: " ", count: indent)
        let pairs = worthShowing(pairs)
        let keys = pairs.map {
            Printable.line(label($0.key.text ?? JSONText.compact($0.key), beside: pairs))
        }
        let width = min(24, keys.map { TextWidth.of($0) }.max() ?? 0)
        var result: [String] = []
        for (key, pair) in zip(keys, pairs) {
            let label = style.paint(TextWidth.pad(key, to: width), .cyan)
            if let inline = inline(pair.value, of: pair.key.text ?? "") {
                let hanging = String(
                    repeating: " ", count: indent + max(width, TextWidth.of(key)) + 2)
                let text = block(inline)
                result.append(margin + label + "  " + (text.first ?? ""))
                result += text.dropFirst().map { hanging + $0 }
            } else {
                result.append(margin + style.paint(key, .cyan))
                result += lines(pair.value, indent: indent + 2)
            }
        }
        return result
    }

    /// Of a record a screen shows what is filled, of a long one no empty lists either; `\\x` and programs
    /// show all of it.
    private func worthShowing(_ pairs: [Reply.Pair]) -> [Reply.Pair] {
        guard style.width != nil, !style.expanded else { return pairs }
        let isLong = pairs.count > 12
        return pairs.filter {
            $0.value != .null && !(isLong && $0.value.elements?.isEmpty == true)
        }
    }

    /// Scalars, lists of scalars and small flat maps fit beside their key.
    private func inline(_ value: Reply, of field: String) -> String? {
        if isScalar(value) {
            let text = shown(value, in: field)
            let id = scalar(value)
            return names.name(id, in: field) == nil || text == id ? text : "\(text) (\(id))"
        }
        switch value {
        case .map(let pairs):
            if pairs.isEmpty { return "-" }
            guard pairs.count <= 3, pairs.allSatisfy({ isScalar($0.value) }) else { return nil }
            return compact(value)
        default:
            let elements = value.elements ?? []
            if elements.isEmpty { return "-" }
            return elements.allSatisfy(isScalar) ? shown(value, in: field) : nil
        }
    }

    /// A value as people read it: names for ids, words for the contract's words, grouped amounts.
    private func shown(_ reply: Reply, in field: String) -> String {
        let text = compact(reply)
        if let name = names.name(text, in: field) { return name }
        if Self.amounts.contains(field) { return Amount.grouped(text) }
        if field == "field" { return Labels.field(text, style.language) }
        if case .array(let elements) = reply, elements.allSatisfy(isScalar), !elements.isEmpty {
            return elements.map { element in
                let text = scalar(element)
                return names.name(text, in: field) ?? Labels.value(text, of: field, style.language)
            }.joined(separator: ", ")
        }
        return Labels.value(text, of: field, style.language)
    }

    /// What a target is broken down by is nobody, unlike who did something.
    private func label(_ key: String, beside pairs: [Reply.Pair]) -> String {
        let isPart = key == "by" && pairs.contains { $0.key.text == "sum" }
        return isPart && style.language == .chinese ? "依据" : Labels.field(key, style.language)
    }

    private static let amounts: Set = [
        "amount", "weighted", "cost", "target", "gap", "p10", "p50", "p90", "sigma",
        "overdueAmount", "averageAmount", "expected", "velocity", "revalued", "won", "lost",
        "invalidAmount", "step", "sum", "before", "after",
    ]

    private func isScalar(_ reply: Reply) -> Bool {
        switch reply {
        case .array, .map, .set, .push: false
        default: true
        }
    }

    func cell(_ reply: Reply, of field: String = "") -> TextTable.Cell {
        var text = Printable.line(shown(reply, in: field))
        if style.localTime, let moment = reply.text.flatMap(Instants.short) { text = moment }
        switch reply {
        case .null: return .init(text: text, isEmpty: true)
        case .integer, .double: return .init(text: text, isNumber: true)
        case .bulk(let bytes):
            return .init(text: text, isNumber: isDecimal(bytes) || field == "amount")
        default: return .init(text: text)
        }
    }

    /// One line for any value: references by id and name, lists with commas, the rest as JSON.
    private func compact(_ reply: Reply) -> String {
        switch reply {
        case .map(let pairs):
            if let id = reply["id"]?.text {
                let name = (reply["title"] ?? reply["name"])?.text
                return name.map { "\(id) \($0)" } ?? id
            }
            if pairs.allSatisfy({ isScalar($0.value) }) {
                return pairs.map { pair in
                    let key = pair.key.text ?? ""
                    let text = scalar(pair.value)
                    let value =
                        Self.amounts.contains(key)
                        ? Amount.grouped(text) : Labels.value(text, of: key, style.language)
                    return label(key, beside: pairs) + " " + value
                }.joined(separator: ", ")
            }
            return JSONText.compact(reply)
        case .array(let elements), .set(let elements), .push(let elements):
            if elements.isEmpty { return "-" }
            if elements.allSatisfy(isScalar) {
                return elements.map(scalar).joined(separator: ", ")
            }
            let isFlat = elements.allSatisfy {
                if case .map(let pairs) = $0 {
                    pairs.allSatisfy { isScalar($0.value) }
                } else {
                    false
                }
            }
            return isFlat
                ? elements.map(compact).joined(separator: "; ") : JSONText.compact(reply)
        default:
            return scalar(reply)
        }
    }

    private func scalar(_ reply: Reply) -> String {
        switch reply {
        case .null: return "-"
        case .boolean(let value):
            return value ? Phrase.yes(style.language) : Phrase.no(style.language)
        case .bulk(let bytes):
            let text = String(decoding: bytes, as: UTF8.self)
            return style.localTime ? Instants.local(text) ?? text : text
        default: return SeparatedText.cell(reply)
        }
    }

    private func block(_ text: String) -> [String] {
        Printable.block(text).split(separator: "\n", omittingEmptySubsequences: false)
            .map(String.init)
    }

    /// Digits with at most one point and a sign: amounts, rates and counts.
    private func isDecimal(_ bytes: [UInt8]) -> Bool {
        var points = 0
        var digits = 0
        for (index, byte) in bytes.enumerated() {
            switch byte {
            case 0x30...0x39: digits += 1
            case 0x2E: points += 1
            case 0x2D where index == 0: continue
            default: return false
            }
        }
        return digits > 0 && points <= 1
    }
}
