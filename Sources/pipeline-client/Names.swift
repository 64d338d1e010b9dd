import PipelineProtocol

/// The names behind ids, for people: answers refer to persons and customers by id.
struct Names: Equatable, Sendable {
    private(set) var known: [String: String] = [:]
    private(set) var processes = ProcessBook()

    private static let fields: Set = [
        "owner", "customer", "submitter", "approvers", "decidedBy", "decidedFor", "by", "head",
        "superior", "approver", "delegate", "team", "unit", "TO", "parent",
    ]

    subscript(id: String) -> String? { known[id] }

    /// The name where `field` refers to somebody or something that is known.
    func name(_ id: String, in field: String) -> String? {
        Self.fields.contains(field) ? known[id] : nil
    }

    mutating func learn(_ reply: Reply) {
        processes.learn(reply)
        learnNames(reply)
    }

    private mutating func learnNames(_ reply: Reply) {
        switch reply {
        case .map(let pairs):
            if let id = reply["id"]?.text, let first = id.first, "ecu".contains(first),
                let name = reply["name"]?.text
            {
                known[id] = name
            }
            for pair in pairs { learnNames(pair.value) }
        case .array(let elements), .set(let elements):
            for element in elements { learnNames(element) }
        default: break
        }
    }

    /// Ids that the answer refers to and whose names are not known.
    func unknown(in reply: Reply) -> Set<String> {
        var found: Set<String> = []
        collect(reply, "", &found)
        return found.filter { known[$0] == nil }
    }

    private func collect(_ reply: Reply, _ field: String, _ found: inout Set<String>) {
        switch reply {
        case .map(let pairs):
            for pair in pairs { collect(pair.value, pair.key.text ?? "", &found) }
        case .array(let elements), .set(let elements):
            for element in elements { collect(element, field, &found) }
        case .bulk where Self.fields.contains(field):
            guard let id = reply.text, let kind = Seen.kind(of: id),
                [.person, .customer, .unit].contains(kind)
            else { return }
            found.insert(id)
        default: break
        }
    }

    /// More than a screenful is not worth asking about.
    private static let mostCustomers = 100

    /// Asks for what is missing: everybody of the directory at once, customers and units one by one
    /// in a single exchange. Who may not be seen stays an id.
    func resolving(_ reply: Reply, _ session: Session) async -> Names {
        var names = self
        if mentions("stage", reply) { names = await names.resolvingProcesses(session) }
        let wanted = unknown(in: reply)
        guard !wanted.isEmpty else { return names }
        var commands: [[String]] = []
        if wanted.contains(where: { $0.hasPrefix("e") }) {
            commands.append(["PERSON.LIST", "LIMIT", "0", "1000"])
        }
        if wanted.contains(where: { $0.hasPrefix("u") }) { commands.append(["UNIT.TREE"]) }
        commands += wanted.filter { $0.hasPrefix("c") }.prefix(Self.mostCustomers)
            .map { ["CUSTOMER.GET", $0] }
        for answer in (try? await session.batch(commands)) ?? [] { names.learn(answer) }
        // Asked once: what is not known now will not be known at the next table either.
        for id in wanted where names.known[id] == nil { names.known[id] = id }
        return names
    }

    /// What the company calls its stages, asked once.
    func resolvingProcesses(_ session: Session) async -> Names {
        guard processes.isEmpty, let list = try? await session.run(["PROCESS.LIST"]) else {
            return self
        }
        var names = self
        let keys = (list.elements ?? []).compactMap { $0["key"]?.text }
        let commands = keys.map { ["PROCESS.GET", $0] }
        for answer in (try? await session.batch(commands)) ?? [] { names.learn(answer) }
        return names
    }

    private func mentions(_ field: String, _ reply: Reply) -> Bool {
        switch reply {
        case .map(let pairs):
            pairs.contains { $0.key.text == field || mentions(field, $0.value) }
        case .array(let elements): elements.contains { mentions(field, $0) }
        default: false
        }
    }
}
