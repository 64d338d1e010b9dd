/// A named selling method with its draft and its published versions (D-7).
public struct Process: Sendable {
    public let id: ProcessID
    public let key: String
    public internal(set) var draft: ProcessDefinition?
    /// Published versions, oldest first: version n is at n − 1.
    public internal(set) var versions: [ProcessVersionID] = []
    public internal(set) var revision: Revision

    public var current: ProcessVersionID? { versions.last }
}

/// An immutable published version; a deal is pinned to the one it entered (D-7).
public final class ProcessVersion: Sendable {
    public let id: ProcessVersionID
    public let process: ProcessID
    public let key: String
    /// Counts from 1 per process.
    public let number: Int
    public let definition: ProcessDefinition
    public let publishedAt: Instant

    init(
        id: ProcessVersionID, process: ProcessID, key: String, number: Int,
        definition: ProcessDefinition, publishedAt: Instant
    ) {
        self.id = id
        self.process = process
        self.key = key
        self.number = number
        self.definition = definition
        self.publishedAt = publishedAt
    }

    /// Stages are counted from 0 inside; the last one is the closing one.
    public var lastStage: Int { definition.stages.count - 1 }

    public func stageIndex(_ key: String) -> Int? {
        definition.stages.firstIndex { $0.key == key }
    }
}

public enum ProcessEvent: Hashable, Sendable {
    /// A draft was put down; the first one brings the process into being.
    case drafted(key: String, definition: ProcessDefinition)
    /// The draft became the next version.
    case published(version: Int)
}

extension State {
    mutating func evolve(_ id: ProcessID, _ event: ProcessEvent, _ recorded: Recorded) {
        switch event {
        case .drafted(let key, let definition):
            if !processes.contains(id) {
                processes.append(
                    Process(
                        id: id, key: key, revision: Revision(number: 0, by: recorded.actor)))
                processKeys[key] = id
            }
            processes[id].draft = definition
        case .published(let number):
            if let definition = processes[id].draft {
                let version = versions.nextID
                versions.append(
                    ProcessVersion(
                        id: version, process: id, key: processes[id].key, number: number,
                        definition: definition, publishedAt: recorded.at))
                processes[id].versions.append(version)
                processes[id].draft = nil
            }
        }
        processes[id].revision.advance(by: recorded.actor)
    }
}

/// `PROCESS.PUT`: puts a draft down (D-7). Faults of the definition itself were found before.
public struct PutProcess: Intent {
    let key: String
    let definition: ProcessDefinition

    public init(key: String, definition: ProcessDefinition) {
        self.key = key
        self.definition = definition
    }

    public func decide(_ state: State, _ context: Context) throws(Rejection) -> Decision {
        try state.requireAdmin(context, "define processes")
        let known = state.processKeys[key]
        if let known {
            try context.check(state.processes[known].revision, of: key)
        }
        let faults = state.references(of: definition)
        guard faults.isEmpty else { throw .invalid(faults) }
        let id = known ?? state.processes.nextID
        return Decision(
            .process(id), [.process(id, .drafted(key: key, definition: definition))],
            createsSubject: known == nil, answer: [Answer.Field("key", .text(key))])
    }
}

/// `PROCESS.PUBLISH`: the draft becomes the next immutable version (D-3, D-7, D-19).
public struct PublishProcess: Intent {
    let process: ProcessReference
    let allowDip: Bool

    public init(process: ProcessReference, allowDip: Bool) {
        self.process = process
        self.allowDip = allowDip
    }

    public func decide(_ state: State, _ context: Context) throws(Rejection) -> Decision {
        let process = try state.process(process)
        try state.requireAdmin(context, "publish processes")
        try context.check(process.revision, of: process.key)
        guard let draft = process.draft else { throw .nothingDrafted(process: process.key) }
        let faults = state.references(of: draft)
        guard faults.isEmpty else { throw .invalid(faults) }
        let dips = draft.dips()
        guard allowDip || dips.isEmpty else {
            throw .winRatesFall(dips.map { Rejection.Dip(from: $0.from, to: $0.to) })
        }
        let number = process.versions.count + 1
        return Decision(
            .process(process.id), [.process(process.id, .published(version: number))],
            answer: [
                Answer.Field("key", .text(process.key)),
                Answer.Field("version", .integer(Int64(number))),
            ])
    }
}

extension State {
    /// Units and people that a definition names must exist; a designate must be active (D-19).
    fileprivate func references(of definition: ProcessDefinition) -> [Rejection.Fault] {
        var faults: [Rejection.Fault] = []
        for unit in definition.appliesTo.units where !units.contains(unit) {
            faults.append(.init("appliesTo.units", "no unit \(unit)"))
        }
        for person in definition.appliesTo.persons where !persons.contains(person) {
            faults.append(.init("appliesTo.persons", "no person \(person)"))
        }
        for (path, gate) in definition.gates {
            guard let designate = gate.designate else { continue }
            if persons[find: designate]?.isActive != true {
                faults.append(
                    .init("\(path).designate", "\(designate) is no active person"))
            }
        }
        return faults
    }
}

extension ProcessDefinition {
    /// Every gate with its path in the document.
    var gates: [(path: String, gate: Gate)] {
        stages.enumerated().map { ("stages[\($0.offset)].gate", $0.element.gate) }
            + transitions.enumerated().compactMap { index, transition in
                transition.gate.map { ("transitions[\(index)].gate", $0) }
            }
    }
}
