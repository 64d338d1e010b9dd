import FoundationEssentials
import PipelineProtocol

/// What the company calls its stages, tasks and feedback, for people: answers have their keys.
struct ProcessBook: Equatable, Sendable {
    struct Item: Equatable, Sendable, Decodable {
        var key: String
        var name: String
    }

    struct Stage: Equatable, Sendable, Decodable {
        var key: String
        var name: String
        var tasks: [Item]?
        var feedback: [Item]?
    }

    struct Definition: Equatable, Sendable, Decodable {
        var name: String?
        var stages: [Stage]
        var lossReasons: [String]?
        var invalidReasons: [String]?
    }

    private var definitions: [String: Definition] = [:]
    /// The process that a deal follows.
    private var processes: [String: String] = [:]

    var isEmpty: Bool { definitions.isEmpty }
    var stages: [Stage] { definitions.values.flatMap(\.stages) }

    subscript(process: String) -> Definition? { definitions[process] }

    func process(of deal: String) -> String? { processes[deal] }

    /// Takes `PROCESS.GET`, and which process a deal follows wherever that is said.
    mutating func learn(_ reply: Reply) {
        switch reply {
        case .map(let pairs):
            if let key = reply["key"]?.text, let json = reply["json"]?.text,
                let definition = try? JSONDecoder().decode(Definition.self, from: Data(json.utf8))
            {
                definitions[key] = definition
            }
            if let id = reply["id"]?.text, Seen.kind(of: id) == .deal,
                let process = reply["process"]?.text
            {
                processes[id] = process
            }
            for pair in pairs { learn(pair.value) }
        case .array(let elements), .set(let elements):
            for element in elements { learn(element) }
        default: break
        }
    }

    /// The name of a stage: of that process, or of all that know it where they call it the same.
    func stage(_ key: String, of process: String?) -> String? {
        if let process, let definition = definitions[process] {
            return definition.stages.first { $0.key == key }?.name
        }
        return only(stages.filter { $0.key == key }.map(\.name))
    }

    /// The name of a task or of feedback.
    func item(_ key: String, of process: String?) -> String? {
        let among = process.flatMap { definitions[$0]?.stages } ?? stages
        let items = among.flatMap { ($0.tasks ?? []) + ($0.feedback ?? []) }
        return only(items.filter { $0.key == key }.map(\.name))
    }

    private func only(_ names: [String]) -> String? {
        guard let first = names.first, names.allSatisfy({ $0 == first }) else { return nil }
        return first
    }

    /// The answer with names in the place of the keys of stages, tasks and feedback.
    func named(_ reply: Reply, of process: String? = nil) -> Reply {
        switch reply {
        case .map(let pairs):
            let own =
                reply["process"]?.text ?? reply["opportunity"]?.text.flatMap { processes[$0] }
                ?? reply["id"]?.text.flatMap { processes[$0] } ?? process
            return .map(
                pairs.map { pair in
                    .init(key: pair.key, value: named(pair, in: reply, of: own))
                })
        case .array(let elements): return .array(elements.map { named($0, of: process) })
        default: return reply
        }
    }

    private func named(_ pair: Reply.Pair, in map: Reply, of process: String?) -> Reply {
        guard let key = pair.value.text, let field = pair.key.text else {
            return named(pair.value, of: process)
        }
        let isStage =
            field == "stage"
            || (["from", "to"].contains(field)
                && (map["field"]?.text == "stage" || map["submitter"] != nil))
        let name =
            isStage
            ? stage(key, of: process) : (field == "field" ? item(key, of: process) : nil)
        return name.map { .bulk(Array($0.utf8)) } ?? pair.value
    }
}
