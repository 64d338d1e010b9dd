/// Faults that a build with `PLANTED_BUGS` can be told to have, one at a time, by the variable of the
/// same name: each must make the tests fail (docs/planted-bugs.md). Any other build has none of them:
/// `isPlanted` is a constant there, and what it guards is left out.
package enum PlantedBug: String, CaseIterable, Sendable {
    case noDataSync, answeredBeforeSync, noDirectorySync, shortWriteIgnored, shortReadIgnored
    case frameOverSegmentEnd, marksInOneSlot, marksNotSynchronizedAtStart, chainNotChecked
    case payloadNotChecked, headerNotChecked, laterFrameNotLookedFor, endBelowMarkAccepted
    case tornTailNotCleared, spareTrusted, lockIgnored, cacheBelieved, timeGoesBack
    case twoBatchesInFlight, failureForgotten, fullDiskIgnored, epochNotRaised
    case snapshotNotSynchronized, snapshotNotChecked, snapshotRecordTwice, snapshotAheadBelieved
    case archivedTooEarly, archiveLosesSegment, snapshotHidesDamage, droppedWithoutSnapshot
    case missingSpareAwaited
}

#if PLANTED_BUGS
    import Glibc

    private let planted: PlantedBug? =
        getenv("PLANTED_BUG").flatMap { PlantedBug(rawValue: String(cString: $0)) }

    func isPlanted(_ bug: PlantedBug) -> Bool { planted == bug }
#else
    @inline(__always) func isPlanted(_ bug: PlantedBug) -> Bool { false }
#endif
