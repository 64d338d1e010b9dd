/// What a scope asks of one deal.
struct DealFilter {
    let state: State
    /// `nil` for all.
    let outcomes: Set<Outcome>?
    let units: Set<UnitID>?
    let owner: PersonID?
    let process: ProcessID?
    let close: ClosedRange<Day>?
    let closing: Range<Instant>?
    let creation: Range<Instant>?
    let customerType: String?
    let fields: [OpportunityField: String]
    /// What the deals must have none of.
    let lacking: Grouping?

    init(
        _ basis: ReportBasis, _ resolved: ResolvedScope, _ scope: Scope,
        _ meaning: PeriodMeaning, _ outcomes: Set<Outcome>?
    ) {
        state = basis.past
        self.outcomes = outcomes
        // A set of units instead of a walk up the tree for every deal.
        units =
            resolved.unit == State.rootUnit ? nil : Set(basis.past.subtree(of: resolved.unit))
        owner = resolved.owner
        process = resolved.process
        let instants = scope.period.map(basis.instants)
        close = meaning == .expectedClose ? scope.period : nil
        closing = meaning == .closing ? instants : nil
        creation = meaning == .creation ? instants : nil
        customerType = scope.customerType
        fields = scope.fields
        lacking = scope.lacking
    }

    func admits(_ id: OpportunityID) -> Bool {
        state.opportunities.lend(id) { admits($0) }
    }

    private func admits(_ deal: borrowing Lent<Opportunity>) -> Bool {
        if let outcomes, !outcomes.contains(deal.row.outcome) { return false }
        if let units, !units.contains(deal.row.unit) { return false }
        if let owner, deal.row.owner != owner { return false }
        if let process, deal.row.version.process != process { return false }
        if let close {
            guard let day = deal.row.close, close.contains(day) else { return false }
        }
        if let closing {
            guard let instant = deal.row.closedAt, closing.contains(instant) else { return false }
        }
        if let creation, !creation.contains(deal.row.createdAt) { return false }
        if let customerType, state.customers[deal.row.customer][.type] != customerType {
            return false
        }
        for (field, text) in fields where deal.row[field] != text { return false }
        if let lacking, state.groupKey(of: deal.row, lacking, day: nil).text != nil { return false }
        return true
    }
}

/// A filter in the numbers of the columns, which decide alone but for texts that have no number.
private struct ColumnFilter {
    let filter: DealFilter
    /// 1 for those wanted; by unit, and by place among the standings.
    let units: [UInt8]?
    let standings: [UInt8]?
    let owner: UInt32?
    let close: ClosedRange<Int32>?
    let closing: Range<Int64>?
    let creation: Range<Int64>?
    let type: UInt16?
    let texts: [(column: Int, code: UInt16)]
    /// Whether the row is asked as well: texts of the type or in the columns may have no number, or it must
    /// lack something.
    let isUnsure: Bool

    /// `nil` where no deal has a text that is asked for.
    init?(_ filter: DealFilter, _ columns: borrowing DealColumns) {
        self.filter = filter
        units = filter.units.map { units in
            var table = [UInt8](repeating: 0, count: filter.state.units.count + 1)
            for unit in units { table[Int(unit.number)] = 1 }
            return table
        }
        if filter.outcomes != nil || filter.process != nil {
            let versions = filter.process.map { Set(filter.state.processes[$0].versions) }
            standings = columns.standings.map { standing in
                filter.outcomes?.contains(standing.outcome) == false
                    || versions?.contains(standing.version) == false ? 0 : 1
            }
        } else {
            standings = nil
        }
        owner = filter.owner?.number
        close = filter.close.map { $0.lowerBound.number...$0.upperBound.number }
        closing = filter.closing.map { $0.lowerBound.milliseconds..<$0.upperBound.milliseconds }
        creation = filter.creation.map {
            $0.lowerBound.milliseconds..<$0.upperBound.milliseconds
        }
        var texts: [(column: Int, code: UInt16)] = []
        for (column, field) in DealColumns.fields.enumerated() {
            guard let text = filter.fields[field] else { continue }
            guard let code = columns.codes[column][text] else { return nil }
            texts.append((column, code))
        }
        self.texts = texts
        var type: UInt16?
        if let text = filter.customerType {
            guard let code = columns.typeCodes[text] else { return nil }
            type = code
        }
        self.type = type
        isUnsure =
            filter.lacking != nil || (type != nil && columns.typeCodes.isFull)
            || texts.contains { columns.codes[$0.column].isFull }
    }

    /// All that is asked of the deal but for its close date and its texts.
    func admitsRest(_ place: Int, _ columns: borrowing DealColumns) -> Bool {
        if let standings, standings[Int(columns.standing[place])] == 0 { return false }
        if let units, units[Int(columns.units[place])] == 0 { return false }
        if let owner, columns.owners[place] != owner { return false }
        if let closing, !closing.contains(columns.closings[place]) { return false }
        if let creation, !creation.contains(columns.creations[place]) { return false }
        if let type {
            let own = columns.customerTypes[Int(columns.customers[place]) - 1]
            guard own == type || own == TextCodes.unknown else { return false }
        }
        return !isUnsure || filter.admits(OpportunityID(UInt32(place + 1)))
    }

    func admits(_ id: OpportunityID, _ columns: borrowing DealColumns) -> Bool {
        let place = Int(id.number) - 1
        if let close, !close.contains(columns.closes[place]) { return false }
        for (column, code) in texts {
            let own = columns.texts[column][place]
            guard own == code || own == TextCodes.unknown else { return false }
        }
        return admitsRest(place, columns)
    }
}

extension DealColumns {
    /// Deals looked at together, column by column.
    private static let blockRows = 4096
    /// Passing over so many takes some ten microseconds.
    private static let rowsBetweenPauses = 8 * blockRows

    /// All deals that the filter admits, ascending by id.
    func admitted(_ filter: DealFilter, _ pause: Pause) -> [OpportunityID] {
        guard let wanted = ColumnFilter(filter, self) else { return [] }
        var found: [OpportunityID] = []
        var mask = [UInt8](repeating: 0, count: Self.blockRows)
        for start in stride(from: 0, to: count, by: Self.blockRows) {
            if start.isMultiple(of: Self.rowsBetweenPauses) { pause() }
            let rows = start..<min(start + Self.blockRows, count)
            for index in rows.count..<Self.blockRows { mask[index] = 0 }
            mask.withUnsafeMutableBufferPointer { $0[..<rows.count].update(repeating: 1) }
            for (column, code) in wanted.texts {
                if codes[column].isFull {
                    Self.keep(&mask, texts[column], rows) { $0 == code || $0 == TextCodes.unknown }
                } else {
                    Self.keep(&mask, texts[column], rows) { $0 == code }
                }
            }
            if let range = wanted.close {
                Self.keep(&mask, closes, rows) { range.contains($0) }
            }
            for group in stride(from: 0, to: rows.count, by: 8) {
                // Eight at a time where none is left, which is nearly everywhere.
                var kept = mask.withUnsafeBytes {
                    UInt64(littleEndian: $0.load(fromByteOffset: group, as: UInt64.self))
                }
                while kept != 0 {
                    let place = start + group + kept.trailingZeroBitCount / 8
                    if wanted.admitsRest(place, self) {
                        found.append(OpportunityID(UInt32(place + 1)))
                    }
                    kept &= kept &- 1
                }
            }
        }
        return found
    }

    /// Those of the deals that the filter admits.
    func admitted(
        _ ids: [OpportunityID], _ filter: DealFilter, _ pause: @escaping Pause
    ) -> [OpportunityID] {
        guard let wanted = ColumnFilter(filter, self) else { return [] }
        return Pausing(ids, pause).filter { wanted.admits($0, self) }
    }

    /// In a form that the compiler does many rows of at once.
    @inline(__always)
    private static func keep<Value>(
        _ mask: inout [UInt8], _ column: [Value], _ rows: Range<Int>,
        where holds: (Value) -> Bool
    ) {
        column.withUnsafeBufferPointer { column in
            let column = UnsafeBufferPointer(rebasing: column[rows])
            mask.withUnsafeMutableBufferPointer { mask in
                for index in 0..<column.count {
                    mask[index] = mask[index] & (holds(column[index]) ? 1 : 0)
                }
            }
        }
    }
}
