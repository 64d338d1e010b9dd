import PipelineCommands
import PipelineDomain
import PipelineStore

/// The log as deferred replies read it. What cannot be read ends the answer, and the operator is told;
/// the daemon goes on, since everything else is as it was.
struct JournalSource: RecordSource {
    let journal: Log

    func records(
        _ sequences: [UInt64]
    ) throws(RecordError) -> [(sequence: UInt64, bytes: [UInt8])] {
        do throws(StoreError) {
            return try journal.read(sequences)
        } catch {
            throw lost(error)
        }
    }

    func walk(
        _ sequences: ClosedRange<UInt64>, _ visit: (UInt64, UnsafeRawBufferPointer) -> Bool
    ) throws(RecordError) {
        do throws(StoreError) {
            try journal.walk(sequences, visit)
        } catch {
            throw lost(error)
        }
    }

    private func lost(_ error: StoreError) -> RecordError {
        ServerLog.logger.critical(
            "the log cannot be read: restore the file from a backup",
            metadata: ["error": "\(error)"])
        return RecordError(.lost, at: 0)
    }

    /// The newest snapshot that fits. Each section is checked as it is read, as at a start; a snapshot
    /// that cannot be used is done without.
    func basis(atOrBefore bounds: [PastBound], beyond sequence: UInt64) -> Ledger? {
        // By their headers first: only one that fits is read as a whole, which takes a while.
        for candidate in ((try? journal.snapshots.sequences()) ?? []).reversed()
        where candidate > sequence {
            guard let snapshot = try? journal.snapshots.open(candidate),
                bounds.allSatisfy({ $0.admits(snapshot.header) }),
                let ledger = try? SnapshotLoading.ledger(snapshot, SystemZones())
            else { continue }
            return ledger
        }
        return nil
    }
}

extension PastBound {
    /// Whether a snapshot is not behind the bound.
    fileprivate func admits(_ snapshot: SnapshotHeader) -> Bool {
        switch self {
        case .position(let sequence): snapshot.sequence <= sequence
        case .instant(let instant):
            snapshot.latestInstantMilliseconds <= instant.milliseconds
        }
    }
}
