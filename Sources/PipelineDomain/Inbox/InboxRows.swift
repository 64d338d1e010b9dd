/// The rows of one inbox, in copy-on-write chunks: after a photograph, a new row or an
/// acknowledgement duplicates one chunk and the references of one page, not the inbox (E-4). Each
/// chunk marks what is not acknowledged in it, so that looking for the next such row does not walk
/// over old ones.
///
/// Rows lie packed in some fifteen bytes, each as what it adds to the one before it: a company tells its
/// people things by the million.
public struct InboxRows: RandomAccessCollection, Sendable {
    static let chunkRows = 16
    var chunks = InboxChunks()
    public internal(set) var endIndex = 0
    /// How many rows are not acknowledged.
    public internal(set) var unacknowledged = 0

    public init() {}

    public init(_ rows: some Sequence<Inbox.Row>) {
        for row in rows { append(row) }
    }

    public var startIndex: Int { 0 }

    public subscript(index: Int) -> Inbox.Row {
        let (chunk, place) = index.quotientAndRemainder(dividingBy: Self.chunkRows)
        return chunks[chunk].row(place)
    }

    mutating func append(_ row: Inbox.Row) {
        if endIndex % Self.chunkRows == 0 { chunks.append(InboxChunk()) }
        chunks[chunks.count - 1].append(row, at: endIndex % Self.chunkRows)
        endIndex += 1
        if !row.isAcknowledged { unacknowledged += 1 }
    }

    mutating func acknowledge(_ index: Int) {
        let (chunk, place) = index.quotientAndRemainder(dividingBy: Self.chunkRows)
        guard chunks[chunk].open & 1 << place != 0 else { return }
        chunks[chunk].open &= ~(1 << place)
        unacknowledged -= 1
    }

    /// The first row from `index` on that is not acknowledged.
    public func firstUnacknowledged(from index: Int) -> Int? {
        guard index < endIndex else { return nil }
        let (first, place) = index.quotientAndRemainder(dividingBy: Self.chunkRows)
        var open = (chunks[first].open >> place) << place
        for chunk in first..<chunks.count {
            if chunk > first { open = chunks[chunk].open }
            if open != 0 { return chunk * Self.chunkRows + open.trailingZeroBitCount }
        }
        return nil
    }

    /// How many of the rows before `end` are not acknowledged.
    func unacknowledged(before end: Int) -> Int {
        let (full, rest) = end.quotientAndRemainder(dividingBy: Self.chunkRows)
        let whole = chunks[..<full].reduce(0) { $0 + $1.open.nonzeroBitCount }
        guard rest > 0 else { return whole }
        return whole + (chunks[full].open & (1 << rest - 1)).nonzeroBitCount
    }
}

/// The chunks of an inbox, in pages: people are told things for years, and the first write after a photograph
/// counts a reference to each chunk of a page, not of the inbox.
struct InboxChunks: RandomAccessCollection, MutableCollection, Sendable {
    private static let pageChunks = 32
    private var pages: [[InboxChunk]] = []
    private(set) var endIndex = 0

    var startIndex: Int { 0 }

    subscript(index: Int) -> InboxChunk {
        _read { yield pages[index / Self.pageChunks][index % Self.pageChunks] }
        _modify { yield &pages[index / Self.pageChunks][index % Self.pageChunks] }
    }

    mutating func append(_ chunk: InboxChunk) {
        if endIndex % Self.pageChunks == 0 { pages.append([]) }
        pages[pages.count - 1].append(chunk)
        endIndex += 1
    }
}

extension InboxRows: CustomReflectable {
    /// The rows, not how they lie.
    public var customMirror: Mirror {
        Mirror(self, unlabeledChildren: Array(self), displayStyle: .collection)
    }
}
