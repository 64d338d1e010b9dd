import PipelineDomain
import PipelineProtocol

/// A field of the rows of one list, by the name that programs rely on. The order of the cases is the
/// order in which a row has them.
protocol ListColumn: CaseIterable, RawRepresentable<String>, Sendable {
    associatedtype Row
    /// Writes the field's value, without its name.
    func write(_ row: Row, in call: Call)
    /// Writes a whole row, as a map of all its fields.
    static func writeWhole(_ row: Row, in call: Call)
    /// Where the row stands in a list that is sorted by the field.
    func order(of row: Row, in call: Call) -> SortKey
}

extension ListColumn {
    static func writeWhole(_ row: Row, in call: Call) { call.write(row, Self.self) }
}

/// A column whose values are small trees, written and compared alike.
protocol NodeColumn: ListColumn {
    func value(of row: Row, in call: Call) -> Node
}

extension NodeColumn {
    func write(_ row: Row, in call: Call) { value(of: row, in: call).write(to: &call.reply) }

    func order(of row: Row, in call: Call) -> SortKey { SortKey(value(of: row, in: call)) }
}

extension Call {
    /// A row as a map of all its fields; `more` members are to follow.
    func write<Column: ListColumn>(_ row: Column.Row, _ type: Column.Type, more: Int = 0) {
        let columns = type.allCases
        reply.map(columns.count + more)
        writeMembers(row, columns)
    }

    func writeMembers<Column: ListColumn>(_ row: Column.Row, _ columns: some Sequence<Column>) {
        for column in columns {
            reply.bulk(column.rawValue)
            column.write(row, in: self)
        }
    }
}

/// Where a row stands in a sorted list. What has no value comes last whichever way the list is sorted,
/// and before that, by currency, the amounts that cannot be converted.
struct SortKey {
    enum Value: Comparable {
        /// By code point: texts are in NFC (D-38).
        case text(String)
        case number(Int128)
        case worth(Worth)
    }

    private let value: Value?
    /// Empty; a currency without a rate; or behind all of those.
    private let group: String

    init(_ value: Value?) {
        self.value = value
        group = value == nil ? "~" : ""
    }

    init(text: String?) { self.init(text.map(Value.text)) }

    init(number: (some BinaryInteger)?) { self.init(number.map { .number(Int128(clamping: $0)) }) }

    init(_ id: Identifier<some IdentifierKind>?) { self.init(number: id?.number) }

    init(_ instant: Instant?) { self.init(number: instant?.milliseconds) }

    init(_ worth: Worth?) {
        value = worth.map(Value.worth)
        group = worth.map { $0.unconverted?.code ?? "" } ?? "~"
    }

    /// Several values go by the first of them, maps by their first member.
    init(_ node: Node) {
        switch node {
        case .null: self.init(Value?.none)
        case .text(let text): self.init(text: text)
        case .integer(let value): self.init(number: value)
        case .boolean(let value): self.init(number: value ? 1 : 0)
        case .id(_, let number): self.init(number: number)
        case .instant(let instant): self.init(instant)
        case .array(let nodes): self.init(nodes.first ?? .null)
        case .map(let members): self.init(members.first?.1 ?? .null)
        }
    }

    /// `nil` where both stand in the same place.
    func precedes(_ other: Self, isDescending: Bool) -> Bool? {
        if group != other.group { return group < other.group }
        guard let value, let second = other.value, value != second else { return nil }
        return isDescending ? value > second : value < second
    }
}
