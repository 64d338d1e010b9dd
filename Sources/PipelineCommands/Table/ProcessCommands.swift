import PipelineDomain

extension CommandTable {
    static let processes: [Command] = [
        .write(
            "PROCESS.PUT", "Puts down the draft of a process, the whole definition as JSON.",
            .process, rights: "admin",
            .required("key", .newKey), .required("json", .document)
        ) { key, document in PutProcessDocument(key: key, document: document) },
        .write(
            "PROCESS.PUBLISH", "Makes the draft the next immutable version.", .process,
            rights: "admin",
            .required("key", .process), .flag("ALLOW-DIP")
        ) { process, allowDip in PublishProcess(process: process, allowDip: allowDip) },
        .write(
            "PROCESS.MIGRATE",
            "Moves up to \(Bounds.migrationStep) open deals to another version; repeat until none remains.",
            .process, rights: "admin",
            .required("key", .process), .keyword("FROM", .integer("n", in: 1...1_000_000)),
            .keyword("TO", .integer("n", in: 1...1_000_000)),
            .pairs("MAP", .key, .key, "from", "to", isRequired: true)
        ) { process, from, to, stages in
            MigrateProcess(
                process: process, from: from, to: to, stages: stages.map { (from: $0, to: $1) })
        },
        .query(
            "PROCESS.GET", "Shows a published version, the latest by default, or the draft.",
            .process,
            .required("key", .process), .option("VERSION", .integer("n", in: 1...1_000_000)),
            .flag("DRAFT")
        ) { (call, process, version, draft) throws(Rejection) in
            guard version == nil || !draft else {
                throw .invalid([.init("DRAFT", "is instead of a VERSION: name one of the two")])
            }
            try call.writeProcess(process, version: version, draft: draft)
        },
        .list(
            "PROCESS.LIST", "Lists the processes; UNIT those that apply there.", .process,
            of: ProcessColumn.self,
            .option("UNIT", .unit)
        ) { (call, listing, unit) throws(Rejection) in
            try call.writeProcesses(unit: unit, listing)
        },
        .query(
            "PROCESS.TEMPLATES",
            "Lists the ready-made processes, or shows one as JSON for PROCESS.PUT.",
            .process,
            .optional("name", .name)
        ) { (call, name) throws(Rejection) in try call.writeTemplates(name) },
    ]
}

/// `PROCESS.PUT` with its document still as text: reading it needs the company's currency and people.
struct PutProcessDocument: Intent {
    let key: String
    let document: String

    func decide(_ state: State, _ context: Context) throws(Rejection) -> Decision {
        // Rights first (P-5): whoever may not define processes learns nothing about the document.
        guard state.persons[context.actor].role == .admin else {
            throw .notPermitted(action: "define processes", who: "an admin")
        }
        if let known = state.processKeys[key] {
            try context.requireFresh(state.processes[known].revision, of: key)
        }
        let definition = try state.definition(from: document)
        return try PutProcess(key: key, definition: definition).decide(state, context)
    }
}
