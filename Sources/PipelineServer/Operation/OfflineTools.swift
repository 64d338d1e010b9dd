import Foundation
import PipelineCommands
import PipelineDomain
import PipelineStore

/// What the operator does with a company's directory beside the daemon (W-11). Everything reads only,
/// but for what is written to a new directory.
public struct OfflineTools {
    private let data: String
    private var log: String { Company.logDirectory(data) }
    /// Takes the lines of the report.
    private let print: (String) -> Void

    public init(_ data: String, print: @escaping (String) -> Void) {
        self.data = data
        self.print = print
    }

    // MARK: Reading

    /// Reads everything: frames, chain, every record, and what comes of replaying them, which every
    /// snapshot must agree with.
    public func check() throws(OperationError) {
        let store = SnapshotStore(directory: log)
        var waiting = try snapshots()
        var ledger = try beginning(store, &waiting)
        var disagreeing: [String] = []
        let inspection = try inspect { frame in
            var sequence = frame.header.firstSequence
            for body in frame.records {
                try ledger.replay(body, sequence: sequence)
                if waiting.first == sequence {
                    waiting.removeFirst()
                    if let fault = Self.fault(of: sequence, in: store, ledger.state) {
                        disagreeing.append("\(store.path(sequence)): \(fault)")
                    } else {
                        print("snapshot \(sequence): intact, and what the records lead to")
                    }
                }
                sequence += 1
            }
        }
        report(inspection)
        disagreeing += waiting.map { "\(store.path($0)): the log does not reach that record" }
        for line in disagreeing { print(line) }
        try refuseDamage(inspection)
        guard disagreeing.isEmpty else {
            throw OperationError(
                .corruptData,
                "\(disagreeing.count) of the snapshots cannot be trusted; the log can, and a start"
                    + " does without them")
        }
        print("everything is as it should be")
    }

    /// What the records are replayed on: nothing, or the snapshot at the horizon.
    private func beginning(
        _ store: SnapshotStore, _ waiting: inout [UInt64]
    ) throws(OperationError) -> Ledger {
        let first = try firstSequence()
        guard first > 1 else { return Ledger(zones: SystemZones()) }
        do {
            let reader = try store.open(first - 1)
            try reader.verify()
            waiting.removeAll { $0 < first }
            print("records before \(first) were dropped; snapshot \(first - 1) stands for them")
            return try SnapshotLoading.ledger(reader, SystemZones())
        } catch {
            throw OperationError(.corruptData, "\(store.path(first - 1)): \(error)")
        }
    }

    /// Reads frames and chain alone.
    ///
    /// - Parameter expected: the SHA-256 that was noted at an earlier time, if one was, of the frame
    ///   that ends with the record given.
    public func verify(expected: (sequence: UInt64, hash: String)?) throws(OperationError) {
        var found: String?
        let inspection = try inspect { frame in
            if frame.header.lastSequence == expected?.sequence { found = "\(frame.digest)" }
        }
        report(inspection)
        try refuseDamage(inspection)
        guard let expected else { return }
        guard let found else {
            throw OperationError(
                .corruptData, "no frame ends with record \(expected.sequence)")
        }
        guard found == expected.hash.lowercased() else {
            throw OperationError(
                .corruptData,
                "the chain up to record \(expected.sequence) has the hash \(found), and not the one"
                    + " expected: something up to that record was written anew")
        }
        print("the chain up to record \(expected.sequence) is the one expected")
    }

    /// Prints records, a line each, without passwords' hashes.
    public func dump(
        from first: UInt64, to last: UInt64, asJSON: Bool
    ) throws(OperationError) {
        let kept = try firstSequence()
        guard first >= kept || first <= 1 else { throw Self.dropped(before: kept) }
        let inspection = try inspect { frame in
            guard frame.header.firstSequence <= last, frame.header.lastSequence >= first else {
                return
            }
            var sequence = frame.header.firstSequence
            for body in frame.records {
                if sequence >= first, sequence <= last {
                    print(
                        asJSON
                            ? try RecordDump.json(body, sequence: sequence)
                            : try RecordDump.text(body, sequence: sequence))
                }
                sequence += 1
            }
        }
        try refuseDamage(inspection)
    }

    // MARK: Copies

    /// Copies what can be trusted into a new company's directory, and says what is left behind.
    public func repair(to target: String) throws(OperationError) {
        let inspection = try inspect { _ in }
        report(inspection)
        if case .clean = inspection.tail {
            print("nothing is damaged: this is a plain copy")
        }
        try copy(upTo: inspection.end, raisingEpoch: true, to: target)
    }

    /// Copies everything into a new directory; the daemon may be running.
    public func backup(to target: String) throws(OperationError) {
        let inspection = try inspect { _ in }
        try refuseDamage(inspection)
        try copy(upTo: inspection.end, raisingEpoch: false, to: target)
    }

    /// How far a restored company goes.
    public enum Horizon: Sendable, Equatable {
        case everything
        /// To the last frame that ends with this record or an earlier one: what was decided together
        /// is never parted.
        case sequence(UInt64)
        /// To the last frame whose time is not later.
        case time(milliseconds: Int64)
    }

    /// Makes a company's directory out of this one, which is a backup or any other copy. What is asked
    /// for must be there: neither a record beyond the end nor one behind damage is passed over.
    public func restore(to target: String, _ horizon: Horizon) throws(OperationError) {
        var end: LogPosition?
        var isPassed = false
        let inspection = try inspect { frame in
            let isWanted =
                switch horizon {
                case .everything: true
                case .sequence(let last): frame.header.lastSequence <= last
                case .time(let last): frame.header.leaderTimeMilliseconds <= last
                }
            if isWanted { end = frame.end } else { isPassed = true }
        }
        if case .sequence(inspection.lastSequence) = horizon { isPassed = true }
        if !isPassed { try refuseDamage(inspection) }
        if case .sequence(let last) = horizon, last > inspection.lastSequence {
            throw OperationError(
                .refused,
                "there is no record \(last): the last one is \(inspection.lastSequence)")
        }
        guard let end else {
            let first = inspection.firstSequence
            guard first <= 1 else { throw Self.dropped(before: first) }
            throw OperationError(.refused, "there is nothing before that: the company began later")
        }
        try copy(upTo: end, raisingEpoch: true, to: target)
    }

    private func copy(
        upTo end: LogPosition, raisingEpoch: Bool, to target: String
    ) throws(OperationError) {
        guard !FileManager.default.fileExists(atPath: Company.logDirectory(target)) else {
            throw OperationError(.refused, "there is already a company in \(target)")
        }
        try Company.makeDirectory(target)
        do {
            let written = try LogCopy.make(
                of: log, upTo: end, at: Company.logDirectory(target), raisesEpoch: raisingEpoch)
            print(
                "\(target): records up to \(written.sequence), \(written.byteCount) bytes,"
                    + " read back and verified")
        } catch let error as StoreError {
            throw Company.described(error, data)
        } catch {
            throw OperationError(.system, "\(error)")
        }
    }

    // MARK: Parts

    private func inspect(
        _ visit: (InspectedFrame) throws -> Void
    ) throws(OperationError) -> LogInspection {
        try Company.requireFounded(data)
        do throws(StoreError) {
            return try LogReader.frames(directory: log, visit: visit)
        } catch {
            throw Company.described(error, data)
        }
    }

    private func firstSequence() throws(OperationError) -> UInt64 {
        try Company.requireFounded(data)
        do throws(StoreError) {
            return try LogReader.firstSequence(directory: log)
        } catch {
            throw Company.described(error, data)
        }
    }

    private static func dropped(before first: UInt64) -> OperationError {
        OperationError(
            .refused, "records before \(first) were dropped: the history begins with that record")
    }

    private func snapshots() throws(OperationError) -> [UInt64] {
        try Company.requireFounded(data)
        do throws(StoreError) {
            return try SnapshotStore(directory: log).sequences()
        } catch {
            throw Company.described(error, data)
        }
    }

    private static func fault(
        of sequence: UInt64, in store: SnapshotStore, _ state: State
    ) -> String? {
        do {
            let reader = try store.open(sequence)
            try reader.verify()
            guard try SnapshotLoading.hash(of: state) == reader.stateHash else {
                return "it is not what the records lead to"
            }
            return nil
        } catch {
            return "\(error)"
        }
    }

    private func report(_ inspection: LogInspection) {
        print(
            "records \(inspection.lastSequence), frames \(inspection.frameCount), segments"
                + " \(inspection.segmentCount), epoch \(inspection.epoch)")
        if inspection.firstSequence > 1 {
            print("records before \(inspection.firstSequence) were dropped")
        }
        print("hash \(inspection.digest)")
        switch inspection.tail {
        case .clean: break
        case .torn(let file, let offset, let bytes):
            print(
                "\(file): \(bytes) bytes at \(offset) were not written whole and told to nobody; the"
                    + " next start cuts them off")
        case .corrupt: print("the last record that can be trusted is \(inspection.lastSequence)")
        }
    }

    private func refuseDamage(_ inspection: LogInspection) throws(OperationError) {
        guard case .corrupt(let corruption) = inspection.tail else { return }
        throw OperationError(.corruptData, "\(corruption)")
    }
}
