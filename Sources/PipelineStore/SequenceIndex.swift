/// Where frames lie, sparsely: enough to find a record with a short walk (D-17).
///
/// Eight bytes an entry: every frame of the last segment, and in the others one frame for every
/// 64 KiB, so at most 2 KiB of memory for 16 MiB of log. Entries only shorten the walk; a segment
/// without any is walked from its beginning.
struct SequenceIndex: Sendable {
    private struct Entry: Sendable {
        /// First sequence of the frame, counted from the segment's first.
        var sequenceOffset: UInt32
        var offset: UInt32
    }

    private struct Segment: Sendable {
        var firstSequence: UInt64
        var entries: [Entry]
    }

    private var segments: [Segment] = []

    static let spacingBytes = 64 << 10

    /// First sequences of the segments, ascending.
    var segmentStarts: [UInt64] { segments.map(\.firstSequence) }

    /// Begins a segment; the one before it keeps only its spaced entries.
    mutating func beginSegment(_ firstSequence: UInt64) {
        if let last = segments.indices.last { thin(&segments[last]) }
        segments.append(Segment(firstSequence: firstSequence, entries: []))
    }

    /// Forgets the segments that begin after `firstSequence`.
    mutating func dropSegments(after firstSequence: UInt64) {
        segments.removeAll { $0.firstSequence > firstSequence }
    }

    private func thin(_ segment: inout Segment) {
        var kept: [Entry] = []
        for entry in segment.entries {
            if let last = kept.last, Int(entry.offset - last.offset) < Self.spacingBytes {
                continue
            }
            kept.append(entry)
        }
        segment.entries = kept
    }

    /// Adds a frame of the last segment.
    mutating func add(frameAt offset: Int, firstSequence: UInt64) {
        guard let last = segments.indices.last else { return }
        segments[last].entries.append(
            Entry(
                sequenceOffset: UInt32(firstSequence - segments[last].firstSequence),
                offset: UInt32(offset)))
    }

    /// Segment and offset of a frame that holds the sequence or comes before the one that does.
    func locate(_ sequence: UInt64) -> (segment: UInt64, offset: Int)? {
        let following = segments.partition { $0.firstSequence > sequence }
        guard following > 0 else { return nil }
        let segment = segments[following - 1]
        let beyond = segment.entries.partition {
            segment.firstSequence + UInt64($0.sequenceOffset) > sequence
        }
        let offset = beyond > 0 ? Int(segment.entries[beyond - 1].offset) : 0
        return (segment.firstSequence, offset)
    }
}

extension Array {
    /// Index of the first element that is `beyond`, in an array ordered by it.
    fileprivate func partition(_ beyond: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = low + (high - low) / 2
            if beyond(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
