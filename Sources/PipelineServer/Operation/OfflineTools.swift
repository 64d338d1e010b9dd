import Foundation
import PipelineCommands
import PipelineDomain
import PipelineStore

/// What the operator does with a company's directory beside the daemon (W-11). Everything reads only,
/// but for what is written to a new directory. The daemon may be running.
public struct OfflineTools {
    let data: String
    var log: String { Company.logDirectory(data) }
    /// Takes the lines of the report.
    let print: (String) -> Void

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
        let isDamaged = if case .corrupt = inspection.tail { true } else { false }
        disagreeing += waiting.map {
            "\(store.path($0)): "
                + (isDamaged
                    ? "not compared: the log is damaged before that record"
                    : "the log does not reach that record")
        }
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
        guard expected.sequence >= inspection.firstSequence else {
            throw Self.dropped(before: inspection.firstSequence)
        }
        guard let found else {
            let last = inspection.lastSequence
            throw OperationError(
                .corruptData,
                expected.sequence > last
                    ? "there is no record \(expected.sequence): the log ends with \(last), though a hash"
                        + " was noted of more"
                    : "no frame ends with record \(expected.sequence), so no hash was ever told of it"
            )
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
        guard first <= last else {
            throw OperationError(.usage, "there is nothing from record \(first) to record \(last)")
        }
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
        guard first <= max(1, inspection.lastSequence) else {
            throw Self.beyond(first, inspection)
        }
    }

    // MARK: Parts

    func inspect(
        _ visit: (InspectedFrame) throws -> Void
    ) throws(OperationError) -> LogInspection {
        try reading { () throws(StoreError) in
            try LogReader.frames(directory: log, visit: visit)
        }
    }

    private func firstSequence() throws(OperationError) -> UInt64 {
        try reading { () throws(StoreError) in try LogReader.firstSequence(directory: log) }
    }

    /// A call that failed while nothing was being written says nothing of what is durable.
    private func reading<Result>(
        _ body: () throws(StoreError) -> Result
    ) throws(OperationError) -> Result {
        guard try Company.isFounded(data) else {
            throw OperationError(
                .notFounded,
                "there is no company in \(data), for it has no directory 'log'; name the one that"
                    + " the daemon has as its 'data', or a backup")
        }
        do throws(StoreError) {
            return try body()
        } catch {
            guard case .io = error else { throw Company.described(error, data) }
            throw OperationError(.system, "\(error)")
        }
    }

    static func beyond(_ sequence: UInt64, _ inspection: LogInspection) -> OperationError {
        OperationError(
            .refused,
            "there is no record \(sequence): the last one is \(inspection.lastSequence)")
    }

    static func dropped(before first: UInt64) -> OperationError {
        OperationError(
            .refused, "records before \(first) were dropped: the history begins with that record")
    }

    func snapshots() throws(OperationError) -> [UInt64] {
        try reading { () throws(StoreError) in try SnapshotStore(directory: log).sequences() }
    }

    private static func fault(
        of sequence: UInt64, in store: SnapshotStore, _ state: State
    ) -> String? {
        do {
            let reader = try store.open(sequence)
            try reader.verify()
            guard try SnapshotLoading.hash(of: state) == SnapshotLoading.hash(of: reader) else {
                return "it is not what the records lead to"
            }
            return nil
        } catch {
            return "\(error)"
        }
    }

    func report(_ inspection: LogInspection) {
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
        case .corrupt(let corruption):
            let last = (corruption.doubted?.lowerBound).map { $0 - 1 } ?? inspection.lastSequence
            print("the last record that can be trusted is \(last)")
        }
    }

    func refuseDamage(_ inspection: LogInspection) throws(OperationError) {
        guard case .corrupt(let corruption) = inspection.tail else { return }
        throw Company.damaged(corruption, data)
    }
}
