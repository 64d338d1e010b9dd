/// How one deal went from one version of its process to another (D-7).
public struct Migration: Hashable, Sendable {
    public let version: ProcessVersionID
    public let numbers: Change<Int>
    /// By keys; the same where the stage kept its own.
    public let stage: Change<String>
    /// Where every stage named by the command went; those not named keep their key.
    public let stages: [Change<String>]

    public init(
        version: ProcessVersionID, numbers: Change<Int>, stage: Change<String>,
        stages: [Change<String>]
    ) {
        self.version = version
        self.numbers = numbers
        self.stage = stage
        self.stages = stages
    }
}

extension Migration {
    /// Where a stage went, by key.
    fileprivate func goal(of key: String) -> String {
        stages.first { $0.from == key }?.to ?? key
    }
}

extension Approval {
    /// What was granted or became void goes along with its stage: a change of the amount is held against it
    /// by the gate that stands there now (D-24).
    mutating func migrate(_ migration: Migration) {
        stage = migration.goal(of: stage)
        if case .stage(let key) = target { target = .stage(migration.goal(of: key)) }
    }
}

extension Opportunity {
    /// Feedback and tasks stay where the stage they went to knows their key; dwell starts anew only
    /// where the stage's key changed (D-7).
    mutating func migrate(
        _ migration: Migration, to next: ProcessVersion, _ recorded: Recorded
    ) {
        let old = definition.stages
        var entered: UInt64 = 0
        var given: [StageItem: FeedbackValue] = [:]
        var done: [StageItem: TaskResult] = [:]
        var places = [Int?](repeating: nil, count: old.count)
        if migration.stage.from != migration.stage.to { leaveStage(at: recorded.at) }
        // Where two stages become one, what the present stage holds counts: it comes last.
        for index in old.indices.filter({ $0 != stage }) + [stage] {
            let key = old[index].key
            let target = migration.goal(of: key)
            guard let place = next.stageIndex(target) else { continue }
            places[index] = place
            if enteredStages & 1 << UInt64(index) != 0 { entered |= 1 << UInt64(place) }
            let new = next.definition.stages[place]
            for field in old[index].feedback {
                guard let value = feedback[StageItem(stage: key, key: field.key)],
                    new.feedback.contains(where: { $0.takes(value, of: field) })
                else { continue }
                given[StageItem(stage: target, key: field.key)] = value
            }
            for task in old[index].tasks where new.tasks.contains(where: { $0.key == task.key }) {
                let result = tasksDone[StageItem(stage: key, key: task.key)]
                if let result { done[StageItem(stage: target, key: task.key)] = result }
            }
        }
        pack.replaceVisits(
            with: visits.compactMap { visit in
                places.indices.contains(visit.stage)
                    ? places[visit.stage].map { visit.moved(to: $0) } : nil
            })
        version = next
        stage = next.stageIndex(migration.stage.to) ?? 0
        enteredStages = entered | 1 << UInt64(stage)
        feedback = given
        tasksDone = done
        if migration.stage.from != migration.stage.to { beginStay(recorded) }
    }
}

extension FeedbackField {
    /// Whether what another version's field of the same key was filled with is a value of this one.
    fileprivate func takes(_ value: FeedbackValue, of field: FeedbackField) -> Bool {
        guard key == field.key, type == field.type else { return false }
        if case .choice(let choice) = value { return choices.contains(choice) }
        return true
    }
}

/// `PROCESS.MIGRATE`: admin. Moves the open deals of one version to another, one event each, so many
/// in a step; repeated until none remains (D-7, E-1). Deals that wait for an approval are left and
/// named: their request was put for the stage that they are in.
public struct MigrateProcess: Intent {
    let process: ProcessReference
    let from: Int
    let to: Int
    let stages: [(from: String, to: String)]

    public init(
        process: ProcessReference, from: Int, to: Int, stages: [(from: String, to: String)]
    ) {
        self.process = process
        self.from = from
        self.to = to
        self.stages = stages
    }

    public func decide(_ state: State, _ context: Context) throws(Rejection) -> Decision {
        let process = try state.process(process)
        let old = try state.version(from, of: process)
        let new = try state.version(to, of: process)
        try state.requireAdmin(context, "migrate deals")
        try context.check(process.revision, of: process.key)
        let deals = Deals(of: old, in: state, step: step)
        let faults = faults(old, new, inUse: deals.stagesInUse)
        guard faults.isEmpty else { throw .invalid(faults) }
        let map = stages.map { Change(from: $0.from, to: $0.to) }
        let events = deals.first.compactMap { id -> Event? in
            let key = state.opportunities[id].currentStage.key
            guard let stage = map.first(where: { $0.from == key }) else { return nil }
            let migration = Migration(
                version: new.id, numbers: Change(from: from, to: to), stage: stage, stages: map)
            return .opportunity(id, .migrated(migration))
        }
        return Decision(
            .process(process.id), events,
            answer: [
                Answer.Field("key", .text(process.key)),
                Answer.Field("version", .integer(Int64(to))),
                Answer.Field("migrated", .integer(Int64(events.count))),
                Answer.Field("remaining", .integer(Int64(deals.movable - events.count))),
                Answer.Field("pending", .texts(deals.pending.map(\.description))),
            ], rowsLookedAt: state.opportunities.count / 8 + events.count * Bounds.rowsPerChange)
    }

    /// Deals in one step: few enough for their records to fit into one frame.
    private var step: Int {
        let bytes = stages.reduce(256) { $0 + $1.from.utf8.count + $1.to.utf8.count + 4 }
        return max(1, min(Bounds.migrationStep, Bounds.migrationStepBytes / bytes))
    }

    private func faults(
        _ old: ProcessVersion, _ new: ProcessVersion, inUse: [String]
    ) -> [Rejection.Fault] {
        guard from != to else { return [.init("TO", "is the version that the deals are in")] }
        var faults: [Rejection.Fault] = []
        var seen: Set<String> = []
        for (from, to) in stages {
            if old.stageIndex(from) == nil {
                faults.append(.init("MAP", "version \(self.from) has no stage '\(from)'"))
            }
            if new.stageIndex(to) == nil {
                faults.append(.init("MAP", "version \(self.to) has no stage '\(to)'"))
            }
            if !seen.insert(from).inserted {
                faults.append(.init("MAP", "'\(from)' is given twice"))
            }
        }
        for key in inUse where !seen.contains(key) {
            faults.append(.init("MAP", "stage '\(key)' is in use; say where its deals go"))
        }
        return faults
    }
}

/// The open deals of one version.
private struct Deals {
    private(set) var first: [OpportunityID] = []
    private(set) var movable = 0
    private(set) var pending: [OpportunityID] = []
    /// In the order of the version.
    let stagesInUse: [String]

    init(of version: ProcessVersion, in state: State, step: Int) {
        var used: UInt64 = 0
        for id in state.opportunities.ids {
            let found = state.opportunities.borrow(id) { deal -> (stage: Int, waits: Bool)? in
                deal.version === version && deal.outcome == .open
                    ? (deal.stage, deal.pending != nil) : nil
            }
            guard let found else { continue }
            used |= 1 << UInt64(found.stage)
            if found.waits {
                pending.append(id)
                continue
            }
            movable += 1
            if first.count < step { first.append(id) }
        }
        stagesInUse = version.definition.stages.enumerated()
            .filter { used & 1 << UInt64($0.offset) != 0 }.map(\.element.key)
    }
}

extension State {
    fileprivate func version(
        _ number: Int, of process: Process
    ) throws(Rejection) -> ProcessVersion {
        guard process.versions.indices.contains(number - 1) else {
            throw .notFound(noun: "version of '\(process.key)'", name: String(number))
        }
        return versions[process.versions[number - 1]]
    }
}
