import Foundation
import PipelineDomain

/// The same company as text files for PostgreSQL's `COPY`, one for each table of `schema.sql`.
final class TableSink {
    private let directory: String
    private var files: [String: Lines] = [:]
    /// The facts of each deal that reports look at, and since when they hold.
    private var versions: [Version] = []

    private struct Facts: Equatable {
        let owner: PersonID
        let unit: UnitID
        let process: ProcessVersionID
        let stage: Int
        let outcome: Outcome
        let amount: Money?
        let close: Day?
        let customer: CustomerID
        let product: String?

        init(_ deal: borrowing Opportunity) {
            (owner, unit, process) = (deal.owner, deal.unit, deal.version.id)
            (stage, outcome, amount, close) = (deal.stage, deal.outcome, deal.amount, deal.close)
            (customer, product) = (deal.customer, deal[.product])
        }
    }

    private struct Version {
        var facts: Facts
        var from: Instant
        var sequence: UInt64
    }

    init(_ directory: String) throws {
        self.directory = directory
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true)
    }

    /// Notes a deal's command, and the facts before it if it changed any.
    func changed(
        _ state: State, _ id: OpportunityID, _ kind: String, _ now: Instant, _ sequence: UInt64,
        _ actor: PersonID
    ) throws {
        try line("event", ["\(sequence)", "\(id.number)", "\(now)", "\(actor.number)", kind])
        try note(state, id, now, sequence)
    }

    /// The open deals of somebody who changed units went along.
    func moved(_ state: State, _ person: PersonID, _ now: Instant, _ sequence: UInt64) throws {
        for id in state.persons[person].opportunities { try note(state, id, now, sequence) }
    }

    private func note(
        _ state: State, _ id: OpportunityID, _ now: Instant, _ sequence: UInt64
    ) throws {
        let facts = state.opportunities.borrow(id) { Facts($0) }
        let next = Version(facts: facts, from: now, sequence: sequence)
        let index = Int(id.number) - 1
        guard index < versions.count else {
            versions.append(next)
            return
        }
        guard versions[index].facts != facts else { return }
        try write(id, versions[index], until: "\(now)", "\(sequence)")
        versions[index] = next
    }

    private func write(
        _ id: OpportunityID, _ version: Version, until: String, _ sequence: String
    ) throws {
        let facts = version.facts
        try line(
            "deal_version",
            [
                "\(id.number)", "\(version.from)", until, "\(version.sequence)", sequence,
                "\(facts.owner.number)", "\(facts.unit.number)", "\(facts.process.number)",
                "\(facts.stage)", facts.outcome.rawValue,
                facts.amount.map { "\($0.minorUnits)" } ?? Self.null,
                facts.amount?.currency.code ?? Self.null, facts.close?.description ?? Self.null,
                "\(facts.customer.number)", facts.product ?? Self.null,
            ])
    }

    private static let null = "\\N"

    /// Writes what holds at the end: the present version of every deal, and the other tables.
    func finish(_ state: State, parents: [Int]) throws {
        for (index, version) in versions.enumerated() {
            let id = OpportunityID(UInt32(index + 1))
            try write(id, version, until: "infinity", "\(Int64.max)")
            let deal = state.opportunities[id]
            let facts = version.facts
            try line(
                "deal",
                [
                    "\(id.number)", deal.title, "\(facts.customer.number)",
                    facts.amount.map { "\($0.minorUnits)" } ?? Self.null,
                    deal.currency.code, facts.close?.description ?? Self.null,
                    "\(deal.owner.number)", "\(deal.unit.number)", "\(deal.version.id.number)",
                    "\(deal.stage)", deal.outcome.rawValue, "\(deal.createdAt)",
                    "\(deal.enteredStage)", deal.closedAt.map { "\($0)" } ?? Self.null,
                ] + [.source, .industry, .product, .region, .channel].map { deal[$0] ?? Self.null })
        }
        for (index, parent) in parents.enumerated() {
            try line("unit", ["\(index + 1)", parent < 0 ? Self.null : "\(parent + 1)"])
        }
        for id in state.persons.ids {
            let person = state.persons[id]
            try line("person", ["\(id.number)", person.login, "\(person.unit.number)"])
        }
        for id in state.customers.ids {
            let customer = state.customers[id]
            try line(
                "customer",
                [
                    "\(id.number)", customer.name, customer[.type] ?? Self.null,
                    customer[.industry] ?? Self.null,
                ])
        }
        for id in state.versions.ids {
            let version = state.versions[id]
            for (index, stage) in version.definition.stages.enumerated() {
                try line(
                    "stage",
                    [
                        "\(id.number)", "\(index)", state.processes[version.process].key, stage.key,
                        "\(stage.winRate.basisPoints)",
                    ])
            }
        }
        for (currency, rate) in [("CNY", "1"), ("USD", "7.2"), ("EUR", "7.8")] {
            try line("rate", [currency, rate])
        }
        for file in files.values { try file.flush() }
    }

    private func line(_ table: String, _ values: [String]) throws {
        if files[table] == nil { files[table] = try Lines("\(directory)/\(table).tsv") }
        try files[table]?.add(values)
    }
}

/// A file written in large pieces.
private final class Lines {
    private let file: FileHandle
    private var bytes: [UInt8] = []

    init(_ path: String) throws {
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let file = FileHandle(forWritingAtPath: path)
        else { throw Refused(description: "cannot write \(path)") }
        self.file = file
    }

    func add(_ values: [String]) throws {
        for (index, value) in values.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: "\t")) }
            bytes.append(contentsOf: value.utf8)
        }
        bytes.append(UInt8(ascii: "\n"))
        if bytes.count > 1 << 20 { try flush() }
    }

    func flush() throws {
        try file.write(contentsOf: bytes)
        bytes.removeAll(keepingCapacity: true)
    }
}
