/// A file opened through a `FileSystem`; only that file system knows what the number means.
public struct OpenFile: Sendable, Hashable {
    public let descriptor: Int32

    public init(descriptor: Int32) {
        self.descriptor = descriptor
    }
}

/// How a file is opened.
public enum OpenMode: Sendable, Equatable {
    /// For reading; the file must exist.
    case read
    /// For reading and writing; the file must exist.
    case update
    /// For reading and writing; the file must not exist.
    case create
}

/// Every call the store makes to the operating system, so that tests can fail each of them (W-7).
///
/// The calls mean what POSIX says: `read` and `write` may move fewer bytes than asked, nothing is
/// durable before its sync, and a name is durable only after `synchronizeDirectory` (W-4).
/// Interrupted calls (`EINTR`) are repeated by the implementation.
public protocol FileSystem: Sendable {
    func makeDirectory(_ path: String) throws(IOFailure)
    /// Names in the directory, without `.` and `..`, in no particular order.
    func list(_ directory: String) throws(IOFailure) -> [String]
    func open(_ path: String, _ mode: OpenMode) throws(IOFailure) -> OpenFile
    /// Opens or creates the file and takes an exclusive lock that ends with `close` or with the
    /// process; nil when somebody else holds it (W-13).
    func openLocked(_ path: String) throws(IOFailure) -> OpenFile?
    func close(_ file: OpenFile)
    /// Length of the file in bytes.
    func size(_ file: OpenFile) throws(IOFailure) -> Int
    /// Bytes read; 0 at the end of the file.
    func read(_ file: OpenFile, into bytes: UnsafeMutableRawBufferPointer, at offset: Int)
        throws(IOFailure) -> Int
    /// Bytes written, at least 1.
    func write(_ file: OpenFile, _ bytes: UnsafeRawBufferPointer, at offset: Int)
        throws(IOFailure) -> Int
    /// Reserves blocks for the first `bytes` bytes of the file.
    func allocate(_ file: OpenFile, bytes: Int) throws(IOFailure)
    /// Cuts the file or extends it with zeros.
    func resize(_ file: OpenFile, bytes: Int) throws(IOFailure)
    /// `fdatasync`.
    func synchronizeData(_ file: OpenFile) throws(IOFailure)
    /// `fsync`: also what `fdatasync` may leave out, such as a new length.
    func synchronize(_ file: OpenFile) throws(IOFailure)
    func synchronizeDirectory(_ path: String) throws(IOFailure)
    /// Forgets the clean cached pages of the file, so that the next read asks the disk, and starts writing
    /// the others.
    func discardCached(_ file: OpenFile) throws(IOFailure)
    /// Replaces `target` when it exists.
    func rename(_ source: String, to target: String) throws(IOFailure)
    func remove(_ path: String) throws(IOFailure)
    /// Lets others have the disk for a moment: called between the pieces of what is long and can wait.
    func giveWay()
    /// Bytes an ordinary process may still allocate on the file system of `directory`.
    func freeBytes(_ directory: String) throws(IOFailure) -> UInt64
}

extension FileSystem {
    /// Where nobody waits for a disk.
    public func giveWay() {}
}
