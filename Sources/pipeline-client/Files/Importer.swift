import Glibc
import PipelineProtocol

/// A file of rows into the company (S-8): every row is checked by the server before the first is
/// entered, and rows that are there already are left as they are.
@MainActor
final class Importer {
    /// Why a row is not taken in.
    struct Fault: Equatable, Sendable {
        var line: Int
        var column: String?
        var text: String
    }

    private let runner: Runner
    private let options: ImportOptions
    private var language: Language { runner.style.language }
    private var noun: FileNoun { options.noun }
    private var faults: [Int: Fault] = [:]
    private var table = FileTable()
    private var known = KnownRows()
    private var isCancelled = false

    /// Enough on its way to keep the server busy, and little enough to wait for.
    private static let batch = 500
    private static let window = 16
    /// As many errors as a person reads; the file of rejected rows has all.
    private static let mostShown = 20

    init(_ runner: Runner, _ options: ImportOptions) {
        self.runner = runner
        self.options = options
    }

    func cancel() { isCancelled = true }

    func run() async throws -> Outcome {
        table = try FileTable(path: options.path, noun: noun)
        let reading = Progress(Phrase.importProgressRead(language), total: 0, runner.style)
        reading.begin()
        known = try await KnownRows(noun, runner.session)
        reading.end()
        let fresh = sift()
        let beforeCheck = faults.count
        try await check(fresh)
        let rejected = !faults.isEmpty
        if rejected { try writeRejected() }
        let stops = options.isDryRun || (rejected && options.allOrNothing)
        let good = fresh.filter { faults[$0] == nil }
        var counts = Counts(good: good.count, there: table.rows.count - fresh.count - beforeCheck)
        if !stops {
            let before = faults.count
            try await write(good)
            counts.entered = good.count - (faults.count - before)
            if faults.count > before { try writeRejected() }
        }
        return outcome(counts, wrote: !stops)
    }

    private struct Counts {
        var good: Int
        var there: Int
        var entered = 0
    }

    /// The rows that are to be entered: readable, complete, not there yet, not given twice.
    private func sift() -> [Int] {
        var first: [String: Int] = [:]
        var fresh: [Int] = []
        for (index, row) in table.rows.enumerated() {
            if let problem = table.problems[index] {
                reject(index, problem.column, problem.text(language))
                continue
            }
            if let missing = noun.columns.first(where: { $0.isRequired && row[$0.name].isEmpty }) {
                reject(index, missing.name, Phrase.importKept(language, missing.name))
                continue
            }
            let key = row.key(noun)
            if let earlier = first[key] {
                let text = Phrase.importDuplicate(language, String(earlier))
                reject(index, noun.key[0], text)
                continue
            }
            first[key] = row.line
            if let fault = known.fault(row, noun, language) {
                reject(index, fault.column, fault.text)
                continue
            }
            if !known.has(key) { fresh.append(index) }
        }
        return fresh
    }

    private func reject(_ index: Int, _ column: String?, _ text: String) {
        faults[index] = Fault(line: table.rows[index].line, column: column, text: text)
    }

    private func command(_ index: Int) -> [String] {
        let row = table.rows[index]
        return row.command(noun, customer: known.customer(row["customer"]))
    }

    // MARK: the server's part

    private func check(_ rows: [Int]) async throws {
        try await pass(rows, Phrase.importProgressCheck) {
            ["DRYRUN"] + self.command($0)
        } done: {
            index, reply in
            if let line = reply.errorLine { return self.refuse(index, line) }
            let stage = self.known.stage(self.table.rows[index])
            guard self.noun == .deals, !self.known.mayMove, !stage.isEmpty,
                let first = reply["stage"]?.text, first != stage
            else { return }
            self.reject(index, "stage", Phrase.importMayNotMove(self.language, first))
        }
    }

    private func refuse(_ index: Int, _ line: String) {
        let column = noun.column(of: line, table.rows[index])
        let text = Refusals.translated(line, language).map { $0 + " (" + line + ")" } ?? line
        reject(index, column, Printable.line(text))
    }

    private func write(_ rows: [Int]) async throws {
        var made: [(index: Int, id: String, stage: String)] = []
        try await pass(rows, Phrase.importProgressWrite) {
            self.command($0) + ["REQID", self.table.rows[$0].token(self.noun)]
        } done: { index, reply in
            if let line = reply.errorLine { return self.refuse(index, line) }
            guard self.noun == .deals, let id = reply["id"]?.text else { return }
            made.append((index, id, reply["stage"]?.text ?? ""))
        }
        guard noun == .deals else { return }
        // Deals of an earlier import that was broken off before they were in their stage.
        for (index, row) in table.rows.enumerated() where faults[index] == nil {
            guard let begun = known.begun[row.key(noun)] else { continue }
            made.append((index, begun.id, begun.stage))
        }
        try await move(made)
    }

    /// Deals enter their process in its first stage; from there they go where the file has them.
    private func move(_ made: [(index: Int, id: String, stage: String)]) async throws {
        var moving: [Int: [String]] = [:]
        var closing: [Int: [String]] = [:]
        for deal in made {
            let row = table.rows[deal.index]
            let stage = known.stage(row)
            let token = String(row.token(noun).prefix(40))
            if !stage.isEmpty, stage != deal.stage {
                moving[deal.index] = [
                    "OPP.OVERRIDE", deal.id, "TO", stage, "REASON", "import", "REQID",
                    token + "-stage",
                ]
            }
            if let command = Closing.command(row, deal.id) {
                closing[deal.index] = command + ["REQID", token + "-end"]
            }
        }
        for steps in [moving, closing] where !steps.isEmpty {
            let rows = steps.keys.sorted().filter { faults[$0] == nil }
            try await pass(rows, Phrase.importProgressWrite) {
                steps[$0] ?? []
            } done: {
                index, reply in
                if let line = reply.errorLine { self.refuse(index, line) }
            }
        }
    }

    /// Every row's command in deep pipelines, each answer to its row, with a bar of progress.
    private func pass(
        _ rows: [Int], _ phrase: Phrase, _ command: (Int) -> [String],
        done: (Int, Reply) -> Void
    ) async throws {
        var progress = Progress(phrase(language), total: rows.count, runner.style)
        var waiting: [(rows: ArraySlice<Int>, answers: Task<[Reply], any Error>)] = []
        let session = runner.session
        func collect() async throws {
            let first = waiting.removeFirst()
            for (index, reply) in zip(first.rows, try await first.answers.value) {
                done(index, reply)
            }
            progress.advance(by: first.rows.count)
        }
        for start in stride(from: 0, to: rows.count, by: Self.batch) {
            if isCancelled { throw CancellationError() }
            let part = rows[start..<min(start + Self.batch, rows.count)]
            let commands = part.map(command)
            waiting.append((part, Task { try await session.batch(commands) }))
            if waiting.count >= Self.window { try await collect() }
        }
        while !waiting.isEmpty { try await collect() }
        progress.end()
    }

    // MARK: the report

    private func writeRejected() throws(Failure) {
        var text = SeparatedText.line(table.header + ["line", "error"], .comma) + "\r\n"
        for index in faults.keys.sorted() {
            guard let fault = faults[index] else { continue }
            var cells = table.rows[index].cells
            while cells.count < table.header.count { cells.append("") }
            let message = (fault.column.map { $0 + ": " } ?? "") + fault.text
            text += SeparatedText.line(cells + [String(fault.line), message], .comma) + "\r\n"
        }
        try OutputFile.write("\u{FEFF}" + text, to: options.rejectedPath)
    }

    private func outcome(_ counts: Counts, wrote: Bool) -> Outcome {
        var remarks = faults.keys.sorted().prefix(Self.mostShown).compactMap { index in
            faults[index].map { fault in
                fault.column.map {
                    Phrase.importColumn(language, String(fault.line), $0, fault.text)
                } ?? Phrase.importRow(language, String(fault.line), fault.text)
            }
        }
        if !faults.isEmpty {
            remarks.append(
                Phrase.importRejected(language, String(faults.count), options.rejectedPath))
        }
        let phrase = wrote ? Phrase.importDone : .importChecked
        remarks.append(
            phrase(
                language, String(wrote ? counts.entered : counts.good), String(counts.there),
                String(faults.count)))
        if !wrote, !options.isDryRun { remarks.append(Phrase.importNothing(language)) }
        return Outcome(
            remarks: remarks, exit: faults.isEmpty ? .ok : .server, touchesApprovals: wrote)
    }
}
