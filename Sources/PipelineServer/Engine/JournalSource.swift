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

    /// The newest snapshot that fits; one that cannot be used is done without, as at a start.
    func basis(atOrBefore bound: PastBound, beyond sequence: UInt64) -> Ledger? {
        var limit = UInt64.max
        if case .position(let position) = bound { limit = position }
        while limit > sequence, let snapshot = try? journal.snapshots.newest(atOrBefore: limit) {
            let found = snapshot.header.sequence
            guard found > sequence else { return nil }
            if bound.admits(latest: snapshot.header.latestInstantMilliseconds),
                let ledger = try? SnapshotLoading.ledger(snapshot, SystemZones())
            {
                return ledger
            }
            limit = found - 1
        }
        return nil
    }
}

extension PastBound {
    /// Whether a state whose latest record is of that instant is not behind the bound.
    fileprivate func admits(latest milliseconds: Int64) -> Bool {
        switch self {
        case .position: true
        case .instant(let instant): milliseconds <= instant.milliseconds
        }
    }
}
