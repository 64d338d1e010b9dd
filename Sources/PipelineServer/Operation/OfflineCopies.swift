import Foundation
import Glibc
import PipelineDomain
import PipelineStore

/// The tools that make a company's directory out of another one, each a copy of its log (W-11).
extension OfflineTools {
    /// Copies what can be trusted into a new company's directory, and says what is left behind.
    public func repair(to target: String) throws(OperationError) {
        let inspection = try inspect { _ in }
        report(inspection)
        switch inspection.tail {
        case .clean: print("nothing is damaged: this is a plain copy")
        case .torn: break
        case .corrupt(let corruption):
            guard inspection.lastSequence > 0 else { throw Company.damaged(corruption, data) }
            print("left out: \(corruption)")
            try tellOfSnapshots(behind: inspection.lastSequence, corruption)
        }
        try copy(upTo: inspection.end, raisingEpoch: true, to: target)
    }

    /// A snapshot behind the damage holds more than a copy up to the damage does.
    private func tellOfSnapshots(
        behind last: UInt64, _ corruption: Corruption
    ) throws(OperationError) {
        let store = SnapshotStore(directory: log)
        let newest = try snapshots().last { sequence in
            sequence > last && (try? store.open(sequence).verify()) != nil
        }
        guard let newest else { return }
        print(
            "left out though a snapshot includes them: records up to \(newest). Keep \(data):"
                + " \(corruption.file) from a backup that has it whole makes that log whole again")
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
        /// To the last frame that ends with this record or an earlier one: what was written together
        /// is never parted.
        case sequence(UInt64)
        /// To the last frame whose time is not later.
        case time(milliseconds: Int64)

        /// An instant as RFC 3339 writes it, `2026-11-22T02:17:21Z`; nil for anything else.
        public init?(time text: String) {
            guard let instant = Instant(text.utf8) else { return nil }
            self = .time(milliseconds: instant.milliseconds)
        }

        func includes(_ frame: FrameHeader) -> Bool {
            switch self {
            case .everything: true
            case .sequence(let last): frame.lastSequence <= last
            case .time(let last): frame.leaderTimeMilliseconds <= last
            }
        }
    }

    /// Makes a company's directory out of this one, which is a backup or any other copy. What is asked
    /// for must be there: neither a record beyond the end nor one behind damage is passed over.
    public func restore(to target: String, _ horizon: Horizon) throws(OperationError) {
        var last: (end: LogPosition, header: FrameHeader)?
        var beyond: FrameHeader?
        let inspection = try inspect { frame in
            if horizon.includes(frame.header) {
                last = (frame.end, frame.header)
            } else if beyond == nil {
                beyond = frame.header
            }
        }
        var isThere = beyond != nil
        if case .sequence(inspection.lastSequence) = horizon { isThere = true }
        if !isThere { try refuseDamage(inspection) }
        if case .sequence(let sequence) = horizon, sequence > inspection.lastSequence {
            throw Self.beyond(sequence, inspection)
        }
        guard let last else { throw Self.nothing(upTo: horizon, beyond, inspection) }
        switch (horizon, beyond) {
        case (.sequence(let sequence), let beyond?) where beyond.firstSequence <= sequence:
            print("left out: \(Self.together(beyond)), so that it ends before them")
        case (.time, let beyond?):
            print("left out: what was written from \(beyond.instant) on")
        case (.time(let asked), nil):
            print(
                "all of it: the last record is of \(last.header.instant), before"
                    + " \(Instant(milliseconds: asked))")
        default: break
        }
        try copy(upTo: last.end, raisingEpoch: true, to: target)
    }

    /// Why not even the first frame is wanted.
    private static func nothing(
        upTo horizon: Horizon, _ first: FrameHeader?, _ inspection: LogInspection
    ) -> OperationError {
        guard let first else { return OperationError(.refused, "there is nothing to restore") }
        switch horizon {
        case .sequence(let sequence) where sequence >= first.firstSequence:
            return OperationError(
                .refused, "\(together(first)): name record \(first.lastSequence) or a later one")
        case .time(let asked):
            let dropped =
                first.firstSequence == 1
                ? "" : "; records before \(first.firstSequence) were dropped"
            return OperationError(
                .refused,
                "there is nothing up to \(Instant(milliseconds: asked)): the first record that there is,"
                    + " \(first.firstSequence), was written at \(first.instant)\(dropped)")
        default:
            guard inspection.firstSequence == 1 else {
                return dropped(before: inspection.firstSequence)
            }
            return OperationError(.refused, "there is nothing before record 1")
        }
    }

    private static func together(_ frame: FrameHeader) -> String {
        "the records \(frame.firstSequence) to \(frame.lastSequence) were written together and are not"
            + " parted"
    }

    // MARK: The directory

    /// Makes the copy. One that fails takes back what it had made.
    private func copy(
        upTo end: LogPosition, raisingEpoch: Bool, to target: String
    ) throws(OperationError) {
        let made = Company.logDirectory(target)
        try requireFree(target, made)
        let isNew = !FileManager.default.fileExists(atPath: target)
        try Company.makeDirectory(target)
        do {
            let written = try LogCopy.make(
                of: log, upTo: end, at: made, raisesEpoch: raisingEpoch)
            print(
                "\(target): records up to \(written.sequence), \(written.byteCount) bytes,"
                    + " read back and verified")
        } catch {
            try? FileManager.default.removeItem(atPath: LogCopy.unfinished(made))
            if isNew { rmdir(target) }
            switch error {
            case StoreError.io(let failure):
                throw OperationError(
                    .durability, "\(failure); nothing was copied, and nothing of it is left")
            case let error as StoreError: throw Company.described(error, data)
            default: throw OperationError(.system, "\(error)")
            }
        }
    }

    private func requireFree(_ target: String, _ made: String) throws(OperationError) {
        guard !target.isEmpty else {
            throw OperationError(.usage, "the directory to make has no name")
        }
        let source = Self.place(log)
        guard Self.place(target) != source, !Self.place(target).hasPrefix(source + "/") else {
            throw OperationError(
                .refused, "\(target) lies in the log that is to be copied; name a place outside it")
        }
        guard !FileManager.default.fileExists(atPath: made) else {
            throw OperationError(.refused, "there is already a company in \(target)")
        }
    }

    private static func place(_ path: String) -> String {
        URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path
    }
}

extension FrameHeader {
    fileprivate var instant: Instant { Instant(milliseconds: leaderTimeMilliseconds) }
}
