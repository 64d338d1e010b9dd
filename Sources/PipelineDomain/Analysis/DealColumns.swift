import Synchronization

/// Of every deal the few bytes that filters and sums look at, one column for each, so that a filtered
/// report passes over a million deals in less than a millisecond (E-5).
///
/// Made from the rows, chunk by chunk, when a report asks, and made anew where a chunk has changed since.
struct DealColumns: Sendable {
    private var deals = Keeper()
    private var types = Keeper()
    private(set) var units: [UInt32] = []
    private(set) var owners: [UInt32] = []
    private(set) var customers: [UInt32] = []
    /// Places in `standings`.
    private(set) var standing: [UInt32] = []
    /// Minor units; 0 without an amount.
    private(set) var amounts: [Int64] = []
    /// Places in `currencies`.
    private(set) var currency: [UInt8] = []
    /// Days; `noDay` for deals without one.
    private(set) var closes: [Int32] = []
    /// Milliseconds; `noInstant` while open.
    private(set) var closings: [Int64] = []
    private(set) var creations: [Int64] = []
    /// By field, in the order of `fields`: what `codes` has for the text.
    private(set) var texts = [[UInt16]](repeating: [], count: fields.count)
    /// By customer.
    private(set) var customerTypes: [UInt16] = []

    /// Every standing that a deal had when a report asked.
    private(set) var standings: [DealStanding] = []
    private var standingPlaces: [DealStanding: UInt32] = [:]
    /// `nil` for deals without an amount.
    private(set) var currencies: [Currency?] = [nil]
    private(set) var codes = [TextCodes](repeating: TextCodes(), count: fields.count)
    private(set) var typeCodes = TextCodes()

    /// Fields that reports can be narrowed down by.
    static let fields: [OpportunityField] = [.source, .industry, .product, .region, .channel]
    static let noDay = Int32.min
    static let noInstant = Int64.min

    /// Which chunks of a table the columns were made from.
    private struct Keeper {
        var line: ChangeMarks.Line?
        var changes: UInt64 = 0
        var pages: [ContiguousArray<UInt64>] = []

        /// The chunks to make anew, all of another table's.
        mutating func changed(_ marks: ChangeMarks) -> [Int] {
            if line === marks.line, changes == marks.changes { return [] }
            if line !== marks.line { (line, pages) = (marks.line, []) }
            let changed = marks.differing(from: pages)
            (changes, pages) = (marks.changes, marks.pages)
            return changed
        }
    }

    var count: Int { units.count }

    mutating func refresh(_ state: State, _ pause: Pause) {
        for chunk in deals.changed(state.opportunities.marks) {
            remake(chunk, state)
            pause()
        }
        cut(to: state.opportunities.count)
        for chunk in types.changed(state.customers.marks) {
            for id in Self.rows(of: chunk, in: state.customers) {
                let type = typeCodes.code(adding: state.customers[id][.type])
                Self.put(type, at: Int(id.number) - 1, in: &customerTypes)
            }
            pause()
        }
    }

    private mutating func remake(_ chunk: Int, _ state: State) {
        for id in Self.rows(of: chunk, in: state.opportunities) {
            let place = Int(id.number) - 1
            state.opportunities.lend(id) { lent in
                Self.put(lent.row.unit.number, at: place, in: &units)
                Self.put(lent.row.owner.number, at: place, in: &owners)
                Self.put(lent.row.customer.number, at: place, in: &customers)
                Self.put(self.place(of: DealStanding(lent)), at: place, in: &standing)
                let amount = lent.row.amount
                Self.put(amount?.minorUnits ?? 0, at: place, in: &amounts)
                Self.put(self.place(of: amount?.currency), at: place, in: &currency)
                Self.put(lent.row.close?.number ?? Self.noDay, at: place, in: &closes)
                Self.put(
                    lent.row.closedAt?.milliseconds ?? Self.noInstant, at: place, in: &closings)
                Self.put(lent.row.createdAt.milliseconds, at: place, in: &creations)
                for (index, field) in Self.fields.enumerated() {
                    let code = codes[index].code(adding: lent.row[field])
                    Self.put(code, at: place, in: &texts[index])
                }
            }
        }
    }

    private mutating func place(of new: DealStanding) -> UInt32 {
        if let place = standingPlaces[new] { return place }
        standings.append(new)
        standingPlaces[new] = UInt32(standings.count - 1)
        return UInt32(standings.count - 1)
    }

    /// There are fewer currencies than a byte has values.
    private mutating func place(of new: Currency?) -> UInt8 {
        if let place = currencies.firstIndex(of: new) { return UInt8(place) }
        currencies.append(new)
        return UInt8(currencies.count - 1)
    }

    /// A state of the past has fewer deals than the one that the columns were made from last.
    private mutating func cut(to count: Int) {
        guard self.count > count else { return }
        units.removeSubrange(count...)
        owners.removeSubrange(count...)
        customers.removeSubrange(count...)
        standing.removeSubrange(count...)
        amounts.removeSubrange(count...)
        currency.removeSubrange(count...)
        closes.removeSubrange(count...)
        closings.removeSubrange(count...)
        creations.removeSubrange(count...)
        for index in texts.indices { texts[index].removeSubrange(count...) }
    }

    /// None of a chunk that only the table looked at before had.
    private static func rows<Kind, Row>(
        of chunk: Int, in table: Table<Kind, Row>
    ) -> some Sequence<Identifier<Kind>> {
        let first = min(chunk * Table<Kind, Row>.chunkRows, table.count)
        return (first..<min(first + Table<Kind, Row>.chunkRows, table.count)).lazy.map {
            Identifier<Kind>(UInt32($0 + 1))
        }
    }

    private static func put<Value>(_ value: Value, at place: Int, in column: inout [Value]) {
        if place < column.count { column[place] = value } else { column.append(value) }
    }

    /// What sums need of a deal.
    func glance(at id: OpportunityID) -> DealGlance {
        let place = Int(id.number) - 1
        let standing = standings[Int(self.standing[place])]
        guard standing.outcome == .open else { return DealGlance(standing) }
        return DealGlance(
            standing,
            amount: currencies[Int(currency[place])].map {
                Money(minorUnits: amounts[place], currency: $0)
            }, closeNumber: closes[place])
    }
}

/// Where a deal stands in its process: what it counts as, apart from its amount.
struct DealStanding: Hashable, Sendable {
    let version: ProcessVersionID
    let stage: UInt8
    let outcome: Outcome
    let entered: UInt64

    init(_ deal: borrowing Lent<Opportunity>) {
        version = deal.row.version.id
        stage = UInt8(deal.row.stage)
        outcome = deal.row.outcome
        entered = deal.row.enteredStages
    }
}

/// What sums need of a deal, from its columns or from its row.
struct DealGlance {
    let standing: DealStanding
    /// While open.
    let amount: Money?
    private let closeNumber: Int32

    fileprivate init(
        _ standing: DealStanding, amount: Money? = nil, closeNumber: Int32 = DealColumns.noDay
    ) {
        self.standing = standing
        self.amount = amount
        self.closeNumber = closeNumber
    }

    fileprivate init(_ deal: borrowing Lent<Opportunity>) {
        let standing = DealStanding(deal)
        guard standing.outcome == .open else {
            self.init(standing)
            return
        }
        self.init(
            standing, amount: deal.row.amount,
            closeNumber: deal.row.close?.number ?? DealColumns.noDay)
    }

    var isOpen: Bool { standing.outcome == .open }

    /// Whether it is open and was to be closed before today.
    func isOverdue(on today: Day) -> Bool {
        closeNumber != DealColumns.noDay && closeNumber < today.number
    }
}

/// Numbers for texts: 0 for none, and `unknown` for all that come when the others are taken.
struct TextCodes: Sendable {
    private var codes: [String: UInt16] = [:]

    static let unknown = UInt16.max

    mutating func code(adding text: String?) -> UInt16 {
        guard let text else { return 0 }
        if let code = codes[text] { return code }
        guard !isFull else { return Self.unknown }
        codes[text] = UInt16(codes.count + 1)
        return UInt16(codes.count)
    }

    /// The only number that the text can have; `nil` where nothing has it.
    subscript(text: String) -> UInt16? { codes[text] ?? (isFull ? Self.unknown : nil) }

    /// Whether there may be texts without a number.
    var isFull: Bool { codes.count + 1 >= Int(Self.unknown) }
}

/// The columns of the company as it is, or as it was, kept from one report to the next. One report looks
/// at a time.
public final class KeptColumns: Sendable {
    private let columns = Mutex(DealColumns())

    public init() {}

    /// `body` must not look again.
    @inline(__always)
    func look<Result>(
        _ state: State, _ pause: Pause, _ body: (borrowing DealColumns) -> Result
    ) -> Result {
        columns.withLock { columns in
            columns.refresh(state, pause)
            return body(columns)
        }
    }
}

extension ReportBasis {
    /// Shows what sums need of each of the deals.
    @inline(__always)
    func glance(at ids: [OpportunityID], _ body: (DealGlance) -> Void) {
        guard let columns else {
            for id in pausing(ids) { body(past.opportunities.lend(id) { DealGlance($0) }) }
            return
        }
        columns.look(past, pause) { columns in
            for id in pausing(ids) { body(columns.glance(at: id)) }
        }
    }
}
