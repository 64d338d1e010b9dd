/// Follows the chain through the segments that a start from a snapshot does not read, a few at a time, so
/// that damage there is known long before somebody asks for what it hit (W-3, W-6).
///
/// To be used by the thread that archives: a segment must not move meanwhile.
public struct LogAudit: Sendable {
    public enum Outcome: Sendable, Equatable {
        /// There is more to read.
        case going
        /// All but the segment being written is sound.
        case sound(upTo: UInt64)
        case damaged(Corruption)
    }

    private var position: LogPosition?

    public init() {}

    /// Verifies so many of the segments that follow.
    public mutating func step(_ log: Log, segments count: Int) throws(StoreError) -> Outcome {
        var scan = try LogScan(log.directory, format: log.format, mark: nil, from: position)
        for _ in 0..<count {
            let goesOn = try scan.passSegment()
            position = scan.position
            if case .corrupt(let corruption) = scan.tail { return .damaged(corruption) }
            guard goesOn else { return .sound(upTo: scan.position.sequence) }
        }
        return .going
    }
}
