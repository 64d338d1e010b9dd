import NIOCore
import PipelineCommands
import PipelineDomain
import PipelineProtocol
import PipelineStore

/// What `SNAPSHOT`, `BACKUP` and `SHUTDOWN` come to; for an admin only.
enum MaintenanceOutcome: Sendable {
    case snapshot(WrittenSnapshot)
    case backup(WrittenBackup)
    case ending
    case failed(ErrorCode, String)
}

/// What an admin may ask of the server.
enum MaintenanceWish: Sendable, Equatable {
    case snapshot
    /// Into a directory of that name, or one named by the time.
    case backup(name: String?)
    case shutDown(isSaving: Bool)

    /// What a command of that form wishes; `nil` where its words are not understood.
    init?(_ verb: ConnectionVerb, _ request: Request) {
        switch verb {
        case .snapshot: self = .snapshot
        case .backup:
            self = .backup(
                name: request.count > 1 ? String(decoding: request[1], as: UTF8.self) : nil)
        case .shutdown:
            guard request.count == 1 || request.matches(1, "SAVE") || request.matches(1, "NOSAVE")
            else { return nil }
            self = .shutDown(isSaving: !(request.count > 1 && request.matches(1, "NOSAVE")))
        default: return nil
        }
    }
}

extension Services {
    /// Has a snapshot written, and a backup made; the answer comes when it is durable.
    private func maintained(
        backup: String?, on loop: any EventLoop
    ) -> EventLoopFuture<Finding> {
        let promise = loop.makePromise(of: Finding.self)
        snapshots.request(backup: backup) { outcome in
            switch outcome {
            case .written(let written): promise.succeed(.maintained(.snapshot(written)))
            case .copied(let written): promise.succeed(.maintained(.backup(written)))
            case .exists: promise.succeed(.maintained(.failed(.conflict, Self.exists)))
            case .diskFull: promise.succeed(.maintained(.failed(.diskFull, Self.noRoom)))
            case .ending: promise.succeed(.maintained(.failed(.err, "the server is ending")))
            case .failed(let why):
                promise.succeed(.maintained(.failed(.err, "the copy failed: \(why)")))
            }
        }
        return promise.futureResult
    }

    /// Admits an admin only; `nil` where the person is none.
    func maintain(
        _ wish: MaintenanceWish, for identity: Identity, on loop: any EventLoop
    ) -> EventLoopFuture<Finding> {
        guard engine.isAdmin(identity.person) else { return loop.makeSucceededFuture(.denied) }
        switch wish {
        case .snapshot: return maintained(backup: nil, on: loop)
        case .backup(let name):
            let chosen = name ?? BackupDirectory.name(at: Clock.now)
            guard BackupDirectory.isName(chosen) else {
                return loop.makeSucceededFuture(
                    .maintained(.failed(.invalid, BackupDirectory.nameRule)))
            }
            let root = facts.backupDirectory
            return maintained(backup: root + "/" + chosen, on: loop)
        case .shutDown(let isSaving):
            if !isSaving { writesLastSnapshot.store(false, ordering: .relaxed) }
            logger.info("told to end", metadata: ["by": "\(identity.login)"])
            Signals.askToStop()
            return loop.makeSucceededFuture(.maintained(.ending))
        }
    }

    private static let exists = "there is a backup of that name already"
    private static let noRoom = "the disk has no room for a snapshot"
}
