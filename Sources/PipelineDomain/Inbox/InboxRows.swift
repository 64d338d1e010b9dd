/// The rows of one inbox, in copy-on-write chunks: after a photograph, a new row or an
/// acknowledgement duplicates one chunk, not the inbox (E-4). Each chunk counts what is not
/// acknowledged in it, so that looking for the next such row does not walk over old ones.
public struct InboxRows: RandomAccessCollection, Sendable {
    private struct Chunk: Sendable {
        var rows: ContiguousArray<Inbox.Row> = []
        var unacknowledged = 0
    }

    private static let chunkRows = 128
    private var chunks: [Chunk] = []
    public private(set) var endIndex = 0
    /// How many rows are not acknowledged.
    public private(set) var unacknowledged = 0

    public init() {}

    public init(_ rows: some Sequence<Inbox.Row>) {
        for row in rows { append(row) }
    }

    public var startIndex: Int { 0 }

    public subscript(index: Int) -> Inbox.Row {
        chunks[index / Self.chunkRows].rows[index % Self.chunkRows]
    }

    mutating func append(_ row: Inbox.Row) {
        if endIndex % Self.chunkRows == 0 {
            var chunk = Chunk()
            chunk.rows.reserveCapacity(Self.chunkRows)
            chunks.append(chunk)
        }
        chunks[chunks.count - 1].rows.append(row)
        endIndex += 1
        guard !row.isAcknowledged else { return }
        chunks[chunks.count - 1].unacknowledged += 1
        unacknowledged += 1
    }

    mutating func acknowledge(_ index: Int) {
        let (chunk, place) = index.quotientAndRemainder(dividingBy: Self.chunkRows)
        guard !chunks[chunk].rows[place].isAcknowledged else { return }
        chunks[chunk].rows[place].isAcknowledged = true
        chunks[chunk].unacknowledged -= 1
        unacknowledged -= 1
    }

    /// The first row from `index` on that is not acknowledged.
    public func firstUnacknowledged(from index: Int) -> Int? {
        var index = index
        while index < endIndex {
            let (chunk, place) = index.quotientAndRemainder(dividingBy: Self.chunkRows)
            if chunks[chunk].unacknowledged > 0 {
                let found = chunks[chunk].rows[place...].firstIndex { !$0.isAcknowledged }
                if let found { return chunk * Self.chunkRows + found }
            }
            index = (chunk + 1) * Self.chunkRows
        }
        return nil
    }

    /// How many of the rows before `end` are not acknowledged.
    func unacknowledged(before end: Int) -> Int {
        let (full, rest) = end.quotientAndRemainder(dividingBy: Self.chunkRows)
        let whole = chunks[..<full].reduce(0) { $0 + $1.unacknowledged }
        guard rest > 0 else { return whole }
        return whole + chunks[full].rows[..<rest].count { !$0.isAcknowledged }
    }
}
