/// Rows under dense ids from 1, in copy-on-write chunks, and these in pages: a copy of the table costs one
/// reference, and a write after a copy duplicates one chunk and the references of one page, not the table (E-4).
public struct Table<Kind: IdentifierKind, Row: Sendable>: Sendable {
    public typealias ID = Identifier<Kind>

    /// The first write to a chunk after a copy counts the references of all its rows, far apart in memory: with
    /// four times as many rows writers beside a snapshot waited three times as long.
    @usableFromInline static var chunkRows: Int { 32 }
    /// Of a million rows there are thirty thousand chunks. Counting a reference to each would take the first
    /// writer after a copy milliseconds.
    @usableFromInline static var pageChunks: Int { 128 }
    @usableFromInline static var pageRows: Int { chunkRows * pageChunks }
    @usableFromInline var pages: [ContiguousArray<ContiguousArray<Row>>] = []
    @usableFromInline var rows = 0
    /// For whoever keeps something made from the rows.
    @usableFromInline var marks = ChangeMarks()
    /// How many rows there are.
    @inlinable public var count: Int { rows }

    public init() {}

    /// The id that the next row gets.
    @inlinable public var nextID: ID { ID(UInt32(clamping: count + 1)) }

    @inlinable public func contains(_ id: ID) -> Bool { id.number >= 1 && Int(id.number) <= count }

    /// The row, or `nil` for an id that was never given out.
    @inlinable public subscript(find id: ID) -> Row? { contains(id) ? self[id] : nil }

    /// The row of an id that is known to exist.
    @inlinable public subscript(id: ID) -> Row {
        _read {
            let index = Int(id.number) - 1
            yield pages[index / Self.pageRows][index % Self.pageRows / Self.chunkRows][
                index % Self.chunkRows]
        }
        _modify {
            let index = Int(id.number) - 1
            marks.change(index / Self.chunkRows)
            yield &pages[index / Self.pageRows][index % Self.pageRows / Self.chunkRows][
                index % Self.chunkRows]
        }
    }

    /// Adds the row under `nextID`.
    public mutating func append(_ row: Row) {
        if count % Self.pageRows == 0 { pages.append([]) }
        let page = pages.count - 1
        if count % Self.chunkRows == 0 {
            var chunk = ContiguousArray<Row>()
            chunk.reserveCapacity(Self.chunkRows)
            pages[page].append(chunk)
        }
        pages[page][pages[page].count - 1].append(row)
        marks.change(count / Self.chunkRows)
        rows += 1
    }

    /// Looks at the row of an id that is known to exist, without copying it: rows hold many
    /// references, and copying one retains each.
    @inlinable public func borrow<Result, Failure: Error>(
        _ id: ID, _ body: (borrowing Row) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let index = Int(id.number) - 1
        let page = index / Self.pageRows
        return try pages[page][index % Self.pageRows / Self.chunkRows].withUnsafeBufferPointer {
            (rows) throws(Failure) in try body(rows[index % Self.chunkRows])
        }
    }

    /// Like `borrow`, for a body that hands the whole row on, which would copy one that it is given as such.
    @inlinable public func lend<Result, Failure: Error>(
        _ id: ID, _ body: (borrowing Lent<Row>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let index = Int(id.number) - 1
        let page = index / Self.pageRows
        return try pages[page][index % Self.pageRows / Self.chunkRows].withUnsafeBufferPointer {
            (rows) throws(Failure) in
            try rows.extracting(index % Self.chunkRows..<index % Self.chunkRows + 1)
                .withMemoryRebound(to: Lent<Row>.self) { (rows) throws(Failure) in
                    try body(rows[0])
                }
        }
    }

    public var ids: some Sequence<ID> { (0..<count).lazy.map { ID(UInt32($0 + 1)) } }
}

/// A row where it lies in its table. It cannot be copied, and so the compiler hands it on without copying.
@frozen public struct Lent<Row>: ~Copyable {
    public let row: Row
}

/// When each chunk of a table was changed last, counted in changes. Copies of a table share the count as
/// far as they share the past: what is made from a chunk holds as long as its mark stays.
///
/// No part of what the table holds: reflection shows nothing of it.
@usableFromInline struct ChangeMarks: Sendable, CustomReflectable {
    /// Tells tables apart that came into being by themselves and count alike.
    final class Line: Sendable {}

    let line = Line()
    @usableFromInline var changes: UInt64 = 0
    /// In pages, for the same reason as the chunks. 0 where there is no chunk.
    @usableFromInline var pages: [ContiguousArray<UInt64>] = []
    @usableFromInline static var pageMarks: Int { 256 }

    @usableFromInline init() {}

    @inlinable mutating func change(_ chunk: Int) {
        changes &+= 1
        let page = chunk / Self.pageMarks
        while pages.count <= page { pages.append(.init(repeating: 0, count: Self.pageMarks)) }
        pages[page][chunk % Self.pageMarks] = changes
    }

    /// The chunks whose marks are not the same in both.
    func differing(from other: [ContiguousArray<UInt64>]) -> [Int] {
        var chunks: [Int] = []
        for (page, marks) in pages.enumerated() {
            for (place, mark) in marks.enumerated()
            where mark != (page < other.count ? other[page][place] : 0) {
                chunks.append(page * Self.pageMarks + place)
            }
        }
        return chunks
    }

    @usableFromInline var customMirror: Mirror {
        Mirror(self, children: [:], displayStyle: .struct)
    }
}
