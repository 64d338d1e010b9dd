import PipelineDomain
import PipelineProtocol

/// What is asked of a list: which rows, in which order, with which fields. The same for every list (§2).
struct Listing<Column: ListColumn>: Sendable {
    var page: Page
    let sort: SortOrder<Column>?
    /// Which fields, in their order; empty for whole rows.
    let columns: [Column]

    init(
        _ page: Page, _ sort: SortOrder<Column>?, _ columns: [Column], _ cursor: UInt64?,
        _ count: Int?, countsAlone: Bool
    ) throws(Rejection) {
        self.sort = sort
        self.columns = columns
        var page = page
        if countsAlone, cursor == nil, let count {
            guard !page.isLimited else {
                throw .invalid([.init("COUNT", "says how many rows, as LIMIT does; leave one out")])
            }
            page.count = count
            self.page = page
        } else {
            self.page = try page.scanned(cursor, count, isSorted: sort != nil)
        }
    }
}

extension Command {
    /// A query that answers a list: beside its own arguments it takes `SORTBY`, `LIMIT`, `FIELDS`,
    /// `CURSOR` and `COUNT`, as every list does (§2).
    ///
    /// - Parameter countsAlone: Whether `COUNT` may be said without `CURSOR`, instead of `LIMIT`.
    static func list<Column: ListColumn, each Value: Sendable>(
        _ name: String, _ summary: String, _ group: Group, rights: String = "everyone",
        of columns: Column.Type, countsAlone: Bool = false,
        _ parameters: repeat Parameter<each Value>,
        answer:
            @escaping @Sendable (Call, Listing<Column>, repeat each Value) throws(Rejection) -> Void
    ) -> Command {
        var specs: [ArgumentSpec] = []
        repeat specs.append((each parameters).spec)
        let own = specs.count
        let sort = Parameter<SortOrder<Column>?>.sort(.oneOf)
        let fields = Parameter<[Column]>.counted("FIELDS", .oneOf)
        let page = Parameter<Page>.limit
        let (cursor, count) = (Parameter<UInt64?>.cursor, Parameter<Int?>.count)
        specs += [sort.spec, page.spec, fields.spec, cursor.spec, count.spec]
        let read = reader(repeat each parameters)
        let readOptions = reader(sort, page, fields, cursor, count, at: own)
        let body: @Sendable (Call, Request, Binding) throws(Refusal) -> Void = {
            call, request, binding throws(Refusal) in
            let values: (repeat each Value)
            do throws(Refusal) {
                values = try read(request, binding, &call.faults)
            } catch {
                guard case .rejection = error else { throw error }
                _ = try readOptions(request, binding, &call.faults)
                throw .rejection(.invalid(call.faults))
            }
            let asked = try readOptions(request, binding, &call.faults)
            do throws(Rejection) {
                let listing = try Listing(
                    asked.1, asked.0, asked.2, asked.3, asked.4, countsAlone: countsAlone)
                try answer(call, listing, repeat each values)
                guard call.faults.isEmpty else { throw .invalid(call.faults) }
            } catch {
                throw .rejection(error.judged(call.faults))
            }
        }
        return Command(
            name: name, summary: summary, since: firstVersion, group: group, rights: rights,
            access: .query, arguments: specs, subcommands: [], body: .query(body))
    }
}

// MARK: - Writing

extension Call {
    /// The rows that `ids`, which ascend, lead to; `row` is `nil` for one that is not shown.
    func writeList<Kind: IdentifierKind, Column: ListColumn>(
        _ ids: some Sequence<Identifier<Kind>>, _ listing: Listing<Column>,
        row: (Identifier<Kind>) -> Column.Row?
    ) {
        writeList(ids, at: { UInt64($0.number) }, listing, row: row)
    }

    /// Rows that have no ids: a scan goes by their place in the list.
    func writeList<Column: ListColumn>(_ rows: [Column.Row], _ listing: Listing<Column>) {
        writeList(rows.indices, at: { UInt64($0) + 1 }, listing, row: { rows[$0] })
    }

    /// - Parameter place: What a scan goes by; ascends, and begins above 0.
    func writeList<Key, Column: ListColumn>(
        _ keys: some Sequence<Key>, at place: (Key) -> UInt64, _ listing: Listing<Column>,
        row: (Key) -> Column.Row?
    ) {
        let page = listing.page
        if let sort = listing.sort {
            // Rows are too large to be moved about: where they stand is sorted, and few are looked up again.
            var all: [(key: Key, place: Int, order: SortKey)] = []
            for key in keys {
                guard let row = row(key) else { continue }
                all.append((key, all.count, sort.field.order(of: row, in: self)))
            }
            // Equal ones stay in the order that they have unsorted, whichever way the field is sorted.
            all.sort { left, right in
                left.order.precedes(right.order, isDescending: sort.isDescending)
                    ?? (left.place < right.place)
            }
            let shown = all.dropFirst(page.offset).prefix(page.count)
            return writeRows(shown.compactMap { row($0.key) }, listing)
        }
        guard let cursor = page.cursor else {
            let rows = keys.lazy.compactMap(row).dropFirst(page.offset).prefix(page.count)
            return writeRows(Array(rows), listing)
        }
        var rows: [Column.Row] = []
        var last: UInt64 = 0
        var isDone = true
        for key in keys where place(key) > cursor {
            guard let row = row(key) else { continue }
            guard rows.count < page.count else {
                isDone = false
                break
            }
            rows.append(row)
            last = place(key)
        }
        writeCursor(isDone ? nil : last)
        writeRows(rows, listing)
    }

    private func writeRows<Column: ListColumn>(_ rows: [Column.Row], _ listing: Listing<Column>) {
        reply.array(rows.count)
        for row in rows { write(row, listing) }
    }

    func write<Column: ListColumn>(_ row: Column.Row, _ listing: Listing<Column>) {
        guard !listing.columns.isEmpty else { return Column.writeWhole(row, in: self) }
        reply.map(listing.columns.count)
        writeMembers(row, listing.columns)
    }

    /// Begins `[cursor, rows]`; the rows follow.
    func writeCursor(_ next: UInt64?) {
        reply.array(2)
        reply.bulk(String(next ?? 0))
    }
}
