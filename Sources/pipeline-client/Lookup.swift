import PipelineProtocol

/// Names → ids and keys, by asking the server (S-2): a rep knows a customer by its name.
@MainActor
struct Lookup {
    let runner: Runner

    /// The command with ids and keys for the names in it; nil when the person gave up a question.
    ///
    /// Throws `nobodyOfName` with exit code 6 where nothing has the name and `severalOfName` where more
    /// than one thing has it.
    func resolved(_ command: [String]) async throws -> [String]? {
        var command = try await joiningTask(command)
        for reference in Words.references(in: command) {
            let typed = command[reference.index]
            guard let found = try await find(typed, reference.kind, in: command) else { return nil }
            command[reference.index] = found
        }
        return command
    }

    /// The name of a task may have blanks: of `done Site visit met the CFO` as much as is one is the
    /// task, and the rest the comment.
    private func joiningTask(_ command: [String]) async throws -> [String] {
        guard command.count > 5, command[0] == "OPP.TASK", command[4] == "NOTE",
            runner.isInteractive || Words.references(in: command).contains(where: { $0.index == 2 })
        else { return command }
        let whole = command[2] + " " + command[5]
        let tasks = try await items("tasks", of: command[1]).filter { task in
            whole.lowercased() == task.name.lowercased()
                || whole.lowercased().hasPrefix(task.name.lowercased() + " ")
        }
        guard let task = tasks.max(by: { $0.name.count < $1.name.count }) else { return command }
        var joined = command
        let comment = whole.dropFirst(task.name.count).drop { $0 == " " }
        joined[2] = task.value
        if comment.isEmpty { joined.removeSubrange(4...5) } else { joined[5] = String(comment) }
        return joined
    }

    /// The tasks or the feedback of a deal.
    private func items(_ part: String, of deal: String) async throws -> [Thing] {
        let reply = try await runner.session.run(["OPP.GET", deal, "WITH", "1", part])
        return (reply[part]?.elements ?? []).compactMap { Self.thing($0, "key", "name") }
    }

    private struct Thing {
        var value: String
        var name: String
    }

    private func find(_ typed: String, _ kind: ValueKind, in command: [String]) async throws
        -> String?
    {
        switch kind {
        case .customer: return try await customer(typed, mayBeNew: command[0] == "OPP.CREATE")
        case .person:
            // A login of letters that we do not expect in one is the server's to judge.
            let people = try await things(["PERSON.LIST", "LIMIT", "0", "1000"], "id", "name")
            return try one(typed, people.filter { $0.name == typed }, kind, among: people)
        case .unit:
            let units = try await things(["UNIT.TREE"], "id", "name")
            return try one(typed, named(typed, units), kind, among: units)
        case .deal:
            let list = ["OPP.LIST", "OUTCOME", "open", "LIMIT", "0", "1000", "FIELDS", "2", "id"]
            let deals = try await things(list + ["title"], "id", "title")
            return try one(typed, named(typed, deals), kind, among: deals)
        case .task, .field:
            let rows = try await items(kind == .task ? "tasks" : "feedback", of: command[1])
            let found = rows.filter { $0.name.lowercased() == typed.lowercased() }
            return try one(typed, found, kind, among: rows)
        case .stage:
            await runner.learnProcesses()
            let stages = runner.names.processes.stages.map { Thing(value: $0.key, name: $0.name) }
            return try one(typed, stages.filter { $0.name == typed }, kind, among: stages)
        default: return typed
        }
    }

    /// Exactly that name, else every one that it is a part of.
    private func named(_ typed: String, _ things: [Thing]) -> [Thing] {
        let exact = things.filter { $0.name.lowercased() == typed.lowercased() }
        return exact.isEmpty
            ? things.filter { $0.name.lowercased().contains(typed.lowercased()) } : exact
    }

    private func customer(_ typed: String, mayBeNew: Bool) async throws -> String? {
        let found = named(
            typed,
            try await things(["CUSTOMER.LIST", "NAME", typed, "LIMIT", "0", "50"], "id", "name"))
        let language = runner.style.language
        guard found.isEmpty, mayBeNew, let confirm = runner.confirm else {
            return try one(typed, found, .customer, among: [])
        }
        let answer = await confirm(Phrase.askNewCustomer(language, typed))
        guard Answers.isYes(answer) else { return nil }
        let made = try await runner.session.run(["CUSTOMER.CREATE", typed])
        runner.learn(made)
        return made["id"]?.text ?? typed
    }

    private func one(_ typed: String, _ found: [Thing], _ kind: ValueKind, among all: [Thing])
        throws
        -> String
    {
        var values: [String] = []
        for thing in found where !values.contains(thing.value) { values.append(thing.value) }
        if let only = values.first, values.count == 1 {
            tell(typed, found.first, kind)
            return only
        }
        let noun = Labels.kind(kind, runner.style.language)
        guard values.isEmpty else {
            let shown = found.prefix(5).map { "\($0.value) \($0.name)" }.joined(separator: ", ")
            throw Failure(.usage, .severalOfName, noun, typed, shown)
        }
        guard let near = Spelling.nearest(to: typed, among: all.map(\.name)) else {
            throw Failure(.notFound, .nobodyOfName, noun, typed)
        }
        throw Failure(.notFound, .nobodyOfNameNear, noun, typed, near)
    }

    /// Whose name was completed may want to know what it was taken for.
    private func tell(_ typed: String, _ thing: Thing?, _ kind: ValueKind) {
        guard runner.isInteractive, let thing, thing.name.lowercased() != typed.lowercased() else {
            return
        }
        let noun = Labels.kind(kind, runner.style.language)
        let line = Phrase.took(runner.style.language, noun, thing.name, thing.value)
        Terminal.errorLine(runner.style.paint(Printable.line(line), .dim))
    }

    private func things(_ command: [String], _ value: String, _ name: String) async throws
        -> [Thing]
    {
        let reply = try await runner.session.run(command)
        runner.learn(reply)
        return (reply.elements ?? []).compactMap { Self.thing($0, value, name) }
    }

    private static func thing(_ row: Reply, _ value: String, _ name: String) -> Thing? {
        guard let value = row[value]?.text, let name = row[name]?.text else { return nil }
        return Thing(value: value, name: name)
    }
}

/// What people type for yes.
enum Answers {
    static func isYes(_ answer: String?) -> Bool {
        ["y", "yes", "是", "好"].contains(answer?.lowercased().filter { !$0.isWhitespace } ?? "")
    }
}
