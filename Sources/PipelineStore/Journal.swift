/// The order of records as the rest of the daemon sees it. One file-backed implementation, `Log`;
/// a replicated one may stand in its place later (W-14).
public protocol Journal: AnyObject, Sendable {
    /// Drawn at random when the company was founded; every frame carries it.
    var clusterID: ClusterID { get }
    /// Raised whenever records were given up; every frame carries it.
    var epoch: UInt64 { get }
    /// Sequence of the last durable record; 0 when there is none.
    var durable: UInt64 { get }
    /// False when a write must be refused with DISKFULL before anything is decided (W-8), and
    /// after an error (W-7). Cheap: a few atomic loads.
    var isWritable: Bool { get }

    /// Writes one frame, syncs once, and returns when it is durable. To be called by one thread at
    /// a time, with batches in order. Any error is final: the caller ends the process (W-7).
    func commit(_ batch: Batch) throws(StoreError)

    /// The bodies of durable records, in the order asked for; quickest when ascending (D-17).
    /// May be called from any thread, beside `commit`.
    func read(_ sequences: [UInt64]) throws(StoreError) -> [(sequence: UInt64, bytes: [UInt8])]

    /// Shows the bodies of all records of a span of durable ones in their order, until `visit` answers
    /// false. The bytes are valid during the call only. May be called from any thread.
    func walk(
        _ sequences: ClosedRange<UInt64>, _ visit: (UInt64, UnsafeRawBufferPointer) -> Bool
    ) throws(StoreError)
}
