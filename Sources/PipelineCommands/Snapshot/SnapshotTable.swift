/// The tables of a snapshot (W-9). A number is written into every snapshot and therefore never changed
/// and never given to another table, not even after its table is gone (W-12).
public enum SnapshotTable: UInt16, CaseIterable, Sendable {
    case company = 1
    case processes = 2
    case versions = 3
    case units = 4
    case persons = 5
    case inboxes = 6
    case requests = 7
    case customers = 8
    case opportunities = 9
    case approvals = 10
    case contacts = 11
    case leads = 12
    case activities = 13
    case notes = 14
    case targets = 15

    /// The layout that rows are written in; older ones are read as far as they say enough. To change a layout, raise
    /// it here and let the reading side look at `RecordDecoder.version`.
    package var version: UInt8 {
        switch self {
        case .company, .targets: 2
        case .inboxes: Self.withImages
        case .opportunities: Self.withPacks
        case .units: Self.withOnward
        default: 1
        }
    }

    /// Units know sums of squares and cubes, and sums by the expected close, from this layout on; without
    /// them the log is replayed.
    static let withMoments: UInt8 = 3

    /// They know how many deals went on to the next stage from this one on; without that their sums are made
    /// anew from the deals.
    static let withOnward: UInt8 = 4

    /// Deals' texts and lists are held as they lie in memory from this layout on; without them the log is
    /// replayed.
    static let withPacks: UInt8 = 2

    /// So are the rows of inboxes from this one on.
    static let withImages: UInt8 = 3

    /// A row is all that a person was told, or was answered.
    private var hasLongRows: Bool { self == .inboxes || self == .requests }

    /// Rows of one part; a multiple of the rows in a chunk of a table, so that parts can be read side
    /// by side and put together without copying a row.
    var rowsPerPart: Int { hasLongRows ? 2 * 128 : 64 * 128 }

    /// After so many rows a thread that is patient pauses: writing them takes some ten microseconds.
    var rowsBetweenPauses: Int { hasLongRows ? 4 : 256 }

    /// What every other table refers to is read first, and by one thread.
    public var isBasis: Bool { self == .company || self == .processes || self == .versions }
}

/// A run of rows of one table: what one section of a snapshot's file holds.
public struct SnapshotPart: Sendable, Equatable {
    public let table: SnapshotTable
    public let version: UInt8
    /// Counted from 1, as ids are.
    public let firstRow: UInt64
    public let rowCount: Int

    public init(table: SnapshotTable, version: UInt8, firstRow: UInt64, rowCount: Int) {
        self.table = table
        self.version = version
        self.firstRow = firstRow
        self.rowCount = rowCount
    }
}

/// Why a snapshot cannot be used: the state is then made from an older one, or from the log alone.
public struct SnapshotError: Error, Sendable, Equatable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}
