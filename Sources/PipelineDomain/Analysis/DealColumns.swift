import Synchronization

/// Of every deal the few bytes that filters look at, one column for each, so that a filtered report
/// passes over a million deals in milliseconds (E-5).
///
/// Made from the rows, chunk by chunk, when a report asks, and made anew where a chunk has changed since.
/// It only rules deals out: texts are kept as short hashes and dates by a day that may be off by one, so
/// what is left is to be checked by its row.
struct DealColumns: Sendable {
    private var deals = Keeper()
    private var customers = Keeper()
    private var units: [UInt32] = []
    private var versions: [UInt32] = []
    private var buyers: [UInt32] = []
    /// Days; `noDay` for deals without one.
    private var closes: [Int32] = []
    private var closings: [Int32] = []
    /// Hashes by field, in the order of `hashed`; 0 for deals that lack it.
    private var texts = [[UInt16]](repeating: [], count: hashed.count)
    /// By customer.
    private var customerTypes: [UInt16] = []

    /// Fields that reports can be narrowed down by.
    private static let hashed: [OpportunityField] = [
        .source, .industry, .product, .region, .channel,
    ]
    private static let noDay = Int32.min
    /// Deals looked at together, column by column.
    private static let blockRows = 4096

    /// Which chunks of a table the columns were made from.
    private struct Keeper {
        var line: ChangeMarks.Line?
        var chunks = ContiguousArray<UInt64>()

        /// The chunks to make anew, all of another table's.
        mutating func changed(_ marks: ChangeMarks) -> [Int] {
            if line !== marks.line { (line, chunks) = (marks.line, []) }
            let changed = marks.chunks.indices.filter {
                $0 >= chunks.count || chunks[$0] != marks.chunks[$0]
            }
            chunks = marks.chunks
            return changed
        }
    }

    /// What deals must have for a report to look at them.
    struct Wanted {
        var onlyOpen = false
        var units: Set<UnitID>?
        var versions: Set<ProcessVersionID>?
        var close: ClosedRange<Day>?
        var closing: ClosedRange<Day>?
        var customerType: String?
        var fields: [OpportunityField: String] = [:]
    }

    // MARK: Making

    mutating func refresh(_ state: State) {
        for chunk in deals.changed(state.opportunities.marks) { remake(chunk, state) }
        let count = state.opportunities.count
        Self.cut(&units, count)
        Self.cut(&versions, count)
        Self.cut(&buyers, count)
        Self.cut(&closes, count)
        Self.cut(&closings, count)
        for index in texts.indices { Self.cut(&texts[index], count) }
        for chunk in customers.changed(state.customers.marks) {
            for id in Self.rows(of: chunk, in: state.customers) {
                let hash = state.customers.borrow(id) { Self.hash($0[.type]) }
                Self.put(hash, at: Int(id.number) - 1, in: &customerTypes)
            }
        }
    }

    private mutating func remake(_ chunk: Int, _ state: State) {
        for id in Self.rows(of: chunk, in: state.opportunities) {
            let place = Int(id.number) - 1
            state.opportunities.borrow(id) { deal in
                Self.put(deal.unit.number, at: place, in: &units)
                Self.put(deal.version.id.number, at: place, in: &versions)
                Self.put(deal.customer.number, at: place, in: &buyers)
                Self.put(deal.close?.number ?? Self.noDay, at: place, in: &closes)
                Self.put(Self.day(deal.closedAt), at: place, in: &closings)
                for (index, field) in Self.hashed.enumerated() {
                    Self.put(Self.hash(deal[field]), at: place, in: &texts[index])
                }
            }
        }
    }

    private static func rows<Kind, Row>(
        of chunk: Int, in table: Table<Kind, Row>
    ) -> some Sequence<Identifier<Kind>> {
        let first = chunk * Table<Kind, Row>.chunkRows
        return (first..<min(first + Table<Kind, Row>.chunkRows, table.count)).lazy.map {
            Identifier<Kind>(UInt32($0 + 1))
        }
    }

    private static func put<Value>(_ value: Value, at place: Int, in column: inout [Value]) {
        if place < column.count { column[place] = value } else { column.append(value) }
    }

    private static func cut<Value>(_ column: inout [Value], _ count: Int) {
        if column.count > count { column.removeSubrange(count...) }
    }

    /// In UTC: a day more or less than in the company's zone.
    private static func day(_ instant: Instant?) -> Int32 {
        guard let instant else { return noDay }
        let (days, rest) = instant.milliseconds.quotientAndRemainder(
            dividingBy: Instant.dayMilliseconds)
        return Int32(clamping: rest < 0 ? days - 1 : days)
    }

    /// FNV-1a folded to 16 bits; never 0.
    private static func hash(_ text: String?) -> UInt16 {
        guard let text else { return 0 }
        var hash: UInt32 = 2_166_136_261
        for byte in text.utf8 { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        return max(1, UInt16(truncatingIfNeeded: hash >> 16 ^ hash))
    }

    // MARK: Looking

    /// Calls `body` with every deal that may be wanted, ascending by id, until it answers false.
    func forEach(_ wanted: Wanted, in state: State, _ body: (OpportunityID) -> Bool) {
        let inUnits = wanted.units.map { Self.table(of: $0.map(\.number), state.units.count) }
        let onVersions = wanted.versions.map {
            Self.table(of: $0.map(\.number), state.versions.count)
        }
        let type = wanted.customerType.map(Self.hash)
        // A day more at either end: the columns' days are UTC's.
        let closing = wanted.closing.map {
            ($0.lowerBound.number &- 1)...($0.upperBound.number &+ 1)
        }
        var mask = [UInt8](repeating: 0, count: Self.blockRows)
        for start in stride(from: 0, to: units.count, by: Self.blockRows) {
            let rows = start..<min(start + Self.blockRows, units.count)
            for index in 0..<rows.count { mask[index] = 1 }
            if wanted.onlyOpen { Self.keep(&mask, closings, rows) { $0 == Self.noDay ? 1 : 0 } }
            if let inUnits { Self.keep(&mask, units, rows) { inUnits[Int($0)] } }
            if let onVersions { Self.keep(&mask, versions, rows) { onVersions[Int($0)] } }
            if let range = wanted.close {
                Self.keep(&mask, closes, rows, range.lowerBound.number...range.upperBound.number)
            }
            if let closing { Self.keep(&mask, closings, rows, closing) }
            for (index, field) in Self.hashed.enumerated() {
                guard let text = wanted.fields[field] else { continue }
                let hash = Self.hash(text)
                Self.keep(&mask, texts[index], rows) { $0 == hash ? 1 : 0 }
            }
            if let type {
                Self.keep(&mask, buyers, rows) { customerTypes[Int($0) - 1] == type ? 1 : 0 }
            }
            for index in 0..<rows.count where mask[index] != 0 {
                guard body(OpportunityID(UInt32(start + index + 1))) else { return }
            }
        }
    }

    private static func keep<Value>(
        _ mask: inout [UInt8], _ column: [Value], _ rows: Range<Int>,
        where holds: (Value) -> UInt8
    ) {
        column.withUnsafeBufferPointer { column in
            mask.withUnsafeMutableBufferPointer { mask in
                for index in 0..<rows.count {
                    mask[index] &= holds(column[rows.lowerBound + index])
                }
            }
        }
    }

    private static func keep(
        _ mask: inout [UInt8], _ days: [Int32], _ rows: Range<Int>, _ range: ClosedRange<Int32>
    ) {
        keep(&mask, days, rows) { range.contains($0) ? 1 : 0 }
    }

    /// 1 at the numbers of the ids.
    private static func table(of numbers: [UInt32], _ count: Int) -> [UInt8] {
        var table = [UInt8](repeating: 0, count: count + 1)
        for number in numbers where Int(number) <= count { table[Int(number)] = 1 }
        return table
    }
}

/// The columns of the company as it is, or as it was, kept from one report to the next. One report looks
/// at a time.
public final class KeptColumns: Sendable {
    private let columns = Mutex(DealColumns())

    public init() {}

    func forEach(
        _ wanted: DealColumns.Wanted, in state: State, _ body: (OpportunityID) -> Bool
    ) {
        columns.withLock { columns in
            columns.refresh(state)
            columns.forEach(wanted, in: state, body)
        }
    }
}
