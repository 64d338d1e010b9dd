/// Amounts of open deals by the day on which they are expected to close, over a unit's whole subtree: kept
/// on every event (E-5), so that what is past its date is told without a look at any deal.
public struct CloseSums: Hashable, Sendable {
    /// The deals of one day and one currency.
    package struct Row: Hashable, Sendable {
        package let day: Day
        package let currency: Currency
        package fileprivate(set) var count: Int
        package fileprivate(set) var minorUnits: Int128

        package init(day: Day, currency: Currency, count: Int, minorUnits: Int128) {
            self.day = day
            self.currency = currency
            self.count = count
            self.minorUnits = minorUnits
        }

        fileprivate func isBefore(_ other: Row) -> Bool {
            day == other.day ? currency < other.currency : day < other.day
        }
    }

    /// By day and currency; none without a deal.
    package private(set) var rows: [Row] = []

    init() {}

    /// `nil` unless the rows are in their order.
    package init?(_ rows: [Row]) {
        guard zip(rows, rows.dropFirst()).allSatisfy({ $0.isBefore($1) }) else { return nil }
        self.rows = rows
    }

    mutating func add(_ money: Money, on day: Day, sign: Int) {
        add(
            Row(
                day: day, currency: money.currency, count: 1,
                minorUnits: Int128(money.minorUnits)), sign: sign)
    }

    mutating func add(_ other: CloseSums, sign: Int) {
        for row in other.rows { add(row, sign: sign) }
    }

    private mutating func add(_ row: Row, sign: Int) {
        let place = place(of: row)
        if place == rows.count || row.isBefore(rows[place]) {
            rows.insert(
                Row(day: row.day, currency: row.currency, count: 0, minorUnits: 0), at: place)
        }
        rows[place].count += sign * row.count
        rows[place].minorUnits += Int128(sign) * row.minorUnits
        if rows[place].count == 0 { rows.remove(at: place) }
    }

    /// Where the row is, or would have to be.
    private func place(of row: Row) -> Int {
        var (low, high) = (0, rows.count)
        while low < high {
            let middle = (low + high) / 2
            if rows[middle].isBefore(row) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// What was expected to close before the day.
    func before(_ day: Day) -> ArraySlice<Row> { rows.prefix { $0.day < day } }
}
