import PipelineDomain
import PipelineProtocol

@testable import PipelineCommands

/// One company twice: the real one behind its commands, and the model beside it.
struct ModelRun {
    let seed: UInt64
    private(set) var company: LedgerCompany
    var model: NaiveCompany
    var dice: ModelDice
    /// What was sent, for telling how a disagreement came about.
    private var sent: [(actor: String, words: [String])] = []
    private(set) var operations = 0
    private(set) var accepted = 0

    init(seed: UInt64) {
        self.seed = seed
        dice = ModelDice(seed: seed)
        let start = Self.start
        company = LedgerCompany(continuing: start.ledger, start.log, at: start.now)
        company.onlyBeginsDelegations()
        model = start.model
    }

    private init(founding company: LedgerCompany) {
        seed = 0
        dice = ModelDice(seed: 0)
        self.company = company
        model = NaiveCompany(now: Int(company.now.milliseconds))
    }

    /// A company to begin with, made once.
    private static let start: Start = {
        var run = ModelRun(founding: LedgerCompany())
        for wish in beginning {
            let problem = run.check(Operation(actor: 1, wish: wish))
            precondition(problem == nil, "the beginning differs: \(problem ?? "")")
        }
        precondition(run.accepted == beginning.count, "the beginning is refused in part")
        return Start(
            ledger: run.company.ledger, log: run.company.log, now: run.company.now,
            model: run.model)
    }()

    private struct Start {
        let ledger: Ledger
        let log: [[UInt8]]
        let now: Instant
        let model: NaiveCompany
    }

    private static let beginning: [Operation.Wish] = {
        func person(_ login: String, _ unit: Int, _ superior: Int? = nil, _ role: String? = nil)
            -> Operation.Wish
        {
            .createPerson(login: login, unit: unit, superior: superior, role: role, zone: nil)
        }
        var wishes: [Operation.Wish] = [
            .createUnit(parent: nil, head: nil), .createUnit(parent: 2, head: nil),
            .createUnit(parent: 2, head: nil), .createUnit(parent: nil, head: nil),
            .createUnit(parent: 5, head: nil),
            person("boss", 2, nil, "manager"), person("lee", 3), person("ann", 3),
            person("bob", 3), person("zoe", 4), person("eve", 1, nil, "executive"),
            person("kim", 5, 2, "manager"), person("tom", 6), person("amy", 6, 2),
            person("max", 5, nil, "admin"),
            .updateUnit(2, parent: nil, head: 2), .updateUnit(3, parent: nil, head: 3),
            .updateUnit(5, parent: nil, head: 8),
        ]
        for (key, process) in [
            ("bid", NaiveProcess.bid), ("flexible", .flexible), ("plain", .plain),
            ("local", .local), ("rival", .rival), ("personal", .personal),
        ] {
            wishes.append(.putProcess(key: key, process))
        }
        for id in 1...6 { wishes.append(.publish(id, allowsDip: false)) }
        for (name, type) in [("Acme", "enterprise"), ("市政府", "government"), ("华南重工", "")] {
            let fields = ["type": type, "phone": "021-1"].filter { !$0.value.isEmpty }
            wishes.append(.createCustomer(name: name, fields: fields))
        }
        wishes.append(.setRate("USD", from: 20_400, scaled: 725_000_000))
        wishes.append(.setRate("JPY", from: 20_780, scaled: 4_700_000))
        return wishes
    }()

    /// From here on the records alone are what the real company knows of its past (W-1).
    mutating func goOnFromTheLog() throws {
        company = try company.replayed()
        company.onlyBeginsDelegations()
    }

    // MARK: Sending

    /// Sends the next operation or transaction; what the two disagree on, if anything.
    mutating func step() -> String? {
        let pause = dice.pause()
        company.advance(milliseconds: Int64(pause))
        model.now += pause
        // Now and then also where nothing is expected of it: looking at everything takes long.
        if model.hasBeginningDelegations || dice.chance(2), let problem = passTime() {
            return problem
        }
        let next = dice.operations(model)
        let before = company.ledger.lastSequence
        let problem = next.count == 1 ? check(next[0]) : check(transaction: next)
        if company.ledger.lastSequence != before { model.recordedAt = model.now }
        return problem
    }

    /// Delegations begin. Several at the same instant do so in any order.
    private mutating func passTime() -> String? {
        let before = company.ledger.lastSequence
        company.passTime()
        if company.ledger.lastSequence != before { model.recordedAt = model.now }
        for (delegate, rows) in model.beginDelegations() {
            let inbox = company.ledger.state.inboxes[PersonID(UInt32(delegate))]
            let found = inbox.rows.suffix(rows.count).compactMap { row in
                rows.first { "a\($0.approval ?? 0)" == row.notification.approval?.description }
            }
            guard Set(found.map(\.approval)) == Set(rows.map(\.approval)) else {
                return "e\(delegate) is not told of what waits as the delegation begins"
            }
            model.persons[delegate - 1].inbox += found
        }
        return nil
    }

    private func login(_ id: Int) -> String { model.person(id).login }

    mutating func check(_ operation: Operation) -> String? {
        operations += 1
        let words = operation.words
        let login = login(operation.actor)
        sent.append((login, words))
        let before = Int64(company.ledger.lastSequence)
        let bytes = company.bytes(words.map { Array($0.utf8) }, as: login, .resp3)
        let reply = Self.read(bytes)
        do throws(Refused) {
            let answer = try model.run(operation)
            accepted += 1
            guard !operation.isQuestion else { return Self.difference(answer, reply) }
            let isRepeated = operation.requestKey != nil
            return Self.difference(answer, reply)
                ?? ending(reply, operation.isDry, isRepeated, since: before)
        } catch {
            return Self.difference(error, reply)
                ?? (Int64(company.ledger.lastSequence) == before
                    ? nil : "was refused, and wrote all the same")
        }
    }

    private mutating func check(transaction: [Operation]) -> String? {
        operations += transaction.count
        let login = login(transaction[0].actor)
        for operation in transaction { sent.append(("MULTI \(login)", operation.words)) }
        let reply = company.transact(
            words: transaction.map { $0.words.map { Array($0.utf8) } }, as: login)
        let (answers, refused) = model.transact(transaction)
        if let refused {
            let line = reply.errorLine ?? reply.plain
            let place = "EXECABORT nothing was applied: command \(answers.count + 1) ("
            let code = ") was refused: \(refused.code.rawValue) "
            guard line.hasPrefix(place), line.contains(code) else {
                return "expected \(place)…\(code), found \(line)"
            }
            return company.wrote ? "was undone, and wrote all the same" : nil
        }
        accepted += transaction.count
        guard let replies = reply.elements, replies.count == answers.count else {
            return "expected \(answers.count) answers, found \(reply.plain)"
        }
        for (answer, reply) in zip(answers, replies) {
            if let difference = Self.difference(answer, reply) { return difference }
        }
        return nil
    }

    /// `seq` is the position in the log, and a dry run has none and writes nothing.
    private func ending(
        _ reply: Reply, _ isDry: Bool, _ isRemembered: Bool, since before: Int64
    ) -> String? {
        let last = Int64(company.ledger.lastSequence)
        guard !isDry else {
            return reply["seq"] == nil && last == before ? nil : "a dry run left something behind"
        }
        guard let seq = reply["seq"]?.integer else { return "there is no seq" }
        return isRemembered ? nil : seq == last ? nil : "seq is \(seq), the log ends with \(last)"
    }

    // MARK: Comparing

    static func read(_ bytes: [UInt8]) -> Reply {
        var parser = ReplyParser()
        parser.append(bytes)
        return (try? parser.next()) ?? .null
    }

    static func difference(_ expected: NaiveAnswer, _ reply: Reply) -> String? {
        guard let pairs = reply.pairs, reply.errorLine == nil else {
            return "expected an answer, found \(reply.plain)"
        }
        for field in expected.fields {
            let value = pairs.first { $0.key.text == field.name }?.value
            let found = value.map { plain($0, field.name) } ?? "none"
            if found != field.value {
                return "\(field.name): expected \(field.value), found \(found) in \(reply.plain)"
            }
        }
        return nil
    }

    private static func plain(_ value: Reply, _ name: String) -> String {
        guard name == "stages" else { return value.plain }
        let rows = value.rows.map { row in
            ["stage", "count", "amount", "winRate", "weighted", "conversion", "flag"]
                .map { row[$0]?.plain ?? "?" }.joined(separator: " ")
        }
        return "[" + rows.joined(separator: ", ") + "]"
    }

    private static func difference(_ expected: Refused, _ reply: Reply) -> String? {
        guard let line = reply.errorLine else {
            return "expected \(expected.code.rawValue), found \(reply.plain)"
        }
        guard line.hasPrefix(expected.code.rawValue + " ") else {
            return "expected \(expected.code.rawValue), found \(line)"
        }
        guard !expected.missing.isEmpty else { return nil }
        let items = line.split(separator: "': ", maxSplits: 1).last ?? ""
        let found = Set(items.split(separator: "; ").map(String.init))
        return found == expected.missing
            ? nil : "expected \(expected.missing.sorted()), found \(line)"
    }

    /// The last operations, as lines.
    var tail: String {
        let lines = sent.suffix(40).map { entry in
            let words = entry.words.map { $0.isEmpty || $0.contains(" ") ? "\"\($0)\"" : $0 }
            return "  \(entry.actor): \(words.joined(separator: " "))"
        }
        return "seed \(seed), after \(operations) operations:\n" + lines.joined(separator: "\n")
    }
}
