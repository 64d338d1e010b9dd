/// Every size of the format in one place; docs/FORMAT.md says what they mean on disk.
public enum StoreBounds {
    /// Format version written to every file and frame; the only one there is so far (W-12).
    public static let formatVersion = 1
    /// Format version of archived segments, which changes apart from the log's; 1 is read as well.
    public static let archiveVersion = 2
    /// Format version of snapshots, which changes apart from the log's.
    public static let snapshotVersion = 1
    /// Frames begin and end at multiples of this many bytes; a mark takes one such block.
    public static let blockBytes = 4096
    /// Bytes of a segment file (W-4).
    public static let segmentBytes = 16 << 20
    /// Bytes of the largest frame, padding included (W-3).
    public static let frameBytesMax = segmentBytes / 2
    /// Bytes that are written, or read back, at a time of what is as long as a snapshot.
    static let pieceBytes = 256 << 10
    /// Bytes that are freed at a time of such a file.
    static let freedBytes = 8 << 20
    /// Free bytes on the file system below which writes are refused (W-8).
    public static let freeBytesMin: UInt64 = 64 << 20
    /// Milliseconds between two commit marks; with a call of `Log.maintain` at least every 50 ms
    /// the mark is at most 100 ms behind (W-5).
    public static let markIntervalMilliseconds: UInt64 = 50
}
