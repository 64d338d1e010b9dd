import PipelineProtocol

/// The ids, keys and names that passed by in answers and messages: what Tab completes with, without
/// asking the server (S-3).
struct Seen: Equatable, Sendable {
    struct Thing: Equatable, Sendable {
        var value: String
        var name: String
    }

    private var things: [ValueKind: [Thing]] = [:]
    /// More of one kind than a person could choose from; the oldest go first.
    private static let mostOfAKind = 2_000

    subscript(kind: ValueKind) -> [Thing] { things[kind] ?? [] }

    mutating func note(_ kind: ValueKind, _ value: String, _ name: String = "") {
        var known = things[kind] ?? []
        if let place = known.firstIndex(where: { $0.value == value }) {
            if !name.isEmpty { known[place].name = name }
        } else {
            known.append(Thing(value: value, name: name))
            if known.count > Self.mostOfAKind { known.removeFirst() }
        }
        things[kind] = known
    }

    /// Takes what is in an answer, however deep.
    mutating func learn(_ reply: Reply, under member: String = "") {
        switch reply {
        case .map(let pairs):
            learn(thing: reply, under: member)
            for pair in pairs { learn(pair.value, under: pair.key.text ?? "") }
        case .array(let elements), .set(let elements), .push(let elements):
            for element in elements { learn(element, under: member) }
        case .bulk where member == "stages":
            if let text = reply.text { note(.stage, text) }
        case .bulk where member == "lossReasons" || member == "invalidReasons":
            if let text = reply.text { note(.reason, text) }
        default:
            break
        }
    }

    /// Takes what a message is about.
    mutating func learn(_ push: Push) {
        for reference in [push.content?.opportunity, push.content?.approval] {
            guard let id = reference?.id, let kind = Self.kind(of: id) else { continue }
            note(kind, id, reference?.title ?? reference?.name ?? "")
        }
    }

    private mutating func learn(thing: Reply, under member: String) {
        let name = (thing["title"] ?? thing["name"])?.text ?? ""
        if let id = thing["id"]?.text, let kind = Self.kind(of: id) {
            note(kind, id, name)
            if let login = thing["login"]?.text { note(.person, login, name) }
        }
        if let stage = thing["stage"]?.text { note(.stage, stage, member == "stages" ? name : "") }
        if let process = thing["process"]?.text { note(.process, process) }
        guard let key = thing["key"]?.text else { return }
        switch (member, thing["kind"]?.text) {
        case ("tasks", _), (_, "task"): note(.task, key, name)
        case ("feedback", _), (_, "feedback"): note(.field, key, name)
        case ("stages", _): note(.stage, key, name)
        case ("", nil) where thing["stages"] != nil || thing["version"] != nil:
            note(.process, key, name)
        default: break
        }
    }

    /// The kind of an id by its form, `o1042`.
    static func kind(of id: String) -> ValueKind? {
        guard let first = id.first, id.utf8.count > 1,
            id.utf8.dropFirst().allSatisfy({ $0 >= 0x30 && $0 <= 0x39 })
        else { return nil }
        return ValueKind(rawValue: String(first))
    }
}
