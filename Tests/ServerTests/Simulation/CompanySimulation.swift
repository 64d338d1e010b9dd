import Glibc
import PipelineCommands
import PipelineDomain
import PipelineProtocol
import PipelineStore
import StoreTesting

@testable import PipelineServer

/// One history of a company: the daemon's own store, engine and ledger, through several lives, on a disk
/// that fails and under a clock that only the history moves.
///
/// The oracles: every answered write survives, an unanswered one is wholly there or not; what is recovered
/// is a state that there was, to the hash; every notification keeps its `seq`, and no request is told
/// twice; and a disk that lies is found out, unless it lost what no commit mark held yet.
struct CompanySimulation {
    private var random: SeededGenerator
    private let disk: MemoryFileSystem
    private var book = SimulatedBook()
    private var now = SimulatedDisk.founded
    /// States since the last one that was surely durable, by the record that ends each command.
    private var states: [(sequence: UInt64, state: State)] = []
    /// Rows seen by each person in this life.
    private var cursors: [PersonID: UInt64] = [:]
    /// Answers of this life by their first bytes, for the sum at the end.
    private(set) var commands = 0
    private(set) var starts = 0
    private(set) var postponed = 0

    init(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        disk = try SimulatedDisk.copy(&random)
        self.random = random
    }

    mutating func run() throws {
        for _ in 1...below(4) + 1 {
            plan()
            try live()
            if chance(2) { disk.kill() } else { disk.cutPower(&random) }
        }
        if chance(3) { try liveWithLies() }
        let company = try Company.open(SimulatedDisk.data, fileSystem: disk)
        try check(company)
        try company.log.close()
    }

    // MARK: One life

    private mutating func live() throws {
        do {
            let company = try Company.open(SimulatedDisk.data, fileSystem: disk)
            try check(company)
            try work(company)
        } catch let error as StoreError {
            // Only a planned failure may end a life, or a disk that is full for good (W-7).
            switch error {
            case .io(let failure) where failure.code == EIO || failure.code == ENOSPC: break
            case .diskFull: break
            default: throw error
            }
        } catch let error as OperationError {
            guard error.code == .durability else { throw error }
        }
    }

    /// Some calls of the near future fail: the process does not outlive the first such call.
    private func plan() {
        var random = random
        let made = disk.calls.count
        func soon(_ most: Int) -> Int { made + Int.random(in: 0...most, using: &random) }
        switch Int.random(in: 0..<4, using: &random) {
        case 0: disk.inject(.error(EIO), at: soon(250))
        case 1: disk.inject(.error(ENOSPC), at: soon(250))
        default: disk.inject(.crash, at: soon(400))
        }
        for _ in 0..<3 { disk.inject(.short, at: soon(300)) }
    }

    private mutating func work(_ company: PipelineServer.Company) throws {
        let engine = Engine(ledger: company.ledger, journal: company.log)
        cursors = [:]
        for step in 1...(10 + below(30)) {
            now = Instant(milliseconds: now.milliseconds + Int64(below(20_000)))
            switch below(24) {
            case 0: try letTimePass(engine)
            case 1: try snapshot(engine)
            case 2: changeCapacity()
            case 3: try readBack(engine)
            case 4: try transact(engine)
            default: try act(engine)
            }
            if chance(2) { try commit(engine) }
            if chance(3) {
                _ = try engine.journal.maintain(now: UInt64(step * (1 + below(60))))
            }
            try deliver(engine)
        }
        disk.setCapacity(.max)
        while engine.takesBatch { try commit(engine) }
        try deliver(engine)
        try company.log.close()
    }

    /// All the room there is, next to none, or about as much as a spare segment needs above the floor.
    private mutating func changeCapacity() {
        let floor = chance(2) ? 0 : Int(StoreBounds.freeBytesMin)
        disk.setCapacity(chance(2) ? .max : disk.usedBytes + floor + below(100_000))
    }

    /// A write was told to come again: once the disk has done all that is due it runs or is refused
    /// (W-8), and does not wait for something that will not come.
    private mutating func catchUp(
        _ engine: Engine, on line: String, as person: PersonID
    ) throws {
        while engine.takesBatch { try commit(engine) }
        while try engine.journal.maintain(now: 0) {}
        var reply = ReplyWriter(.resp2)
        let before = engine.sequence
        let ran = engine.run(
            try SimulatedDisk.invocation(line + " DRYRUN"), as: person, at: now, reply: &reply)
        guard !ran.isPostponed else { throw Violation("\(line) waits for ever") }
        guard engine.sequence == before else { throw Violation("\(line) was only tried and done") }
        postponed += 1
    }

    /// One frame, as the log's thread makes it.
    private mutating func commit(_ engine: Engine) throws {
        guard let (batch, _) = engine.takeBatch() else { return }
        try engine.journal.commit(batch)
        engine.committed(upTo: batch.lastSequence)
        book.release(upTo: batch.lastSequence)
        if let first = states.firstIndex(where: { $0.sequence >= batch.lastSequence }) {
            states.removeFirst(first)
        }
    }

    private mutating func snapshot(_ engine: Engine) throws {
        do {
            _ = try engine.writeSnapshot(at: now) { try commit(engine) }
            _ = try engine.journal.archive()
        } catch StoreError.diskFull {
            // Told to whoever asked; the next one finds room again.
        }
    }

    private mutating func letTimePass(_ engine: Engine) throws {
        now = Instant(milliseconds: now.milliseconds + Int64(below(5 * 86_400_000)))
        repeat {
            let passed = engine.passTime(at: now)
            guard passed.setAside.isEmpty else { throw Violation("set aside: \(passed.setAside)") }
            keep(engine)
            guard passed.hasMore else { return }
        } while true
    }

    private mutating func readBack(_ engine: Engine) throws {
        let last = engine.journal.durable
        let some = (0..<3).map { _ in 1 + UInt64(below(Int(last))) }
        let read = try engine.journal.read(some)
        guard read.map(\.sequence) == some else { throw Violation("other records were read") }
    }

    private mutating func deliver(_ engine: Engine) throws {
        let durable = engine.durable
        let view = engine.liveView(at: now)
        let state = engine.photograph().state
        for person in state.persons.ids {
            let after = cursors[person, default: 0]
            let rows = view.inboxMessages(of: person, after: after, durable: durable, limit: 50)
            for row in rows {
                guard row.seq > cursors[person, default: 0],
                    let inbox = state.inboxes[person].row(row.seq), inbox.logSequence <= durable
                else { throw Violation("row \(row.seq) came to \(person) too early or twice") }
                try book.push(row.seq, inbox.notification, to: person)
                cursors[person] = row.seq
            }
            guard let last = rows.last, chance(2) else { continue }
            engine.markDelivered([(person, last.seq)], at: now)
            keep(engine)
        }
    }

    // MARK: Commands

    private mutating func act(_ engine: Engine) throws {
        let state = engine.photograph().state
        let rep = SimulatedDisk.people.reps[below(2)]
        let deal = OpportunityID(UInt32(1 + below(max(1, state.opportunities.count))))
        let pending = state.approvals.ids.reversed().first {
            state.approvals[$0].status == .pending
        }
        let title = "t\(now.milliseconds)-\(below(1000))"
        switch below(10) {
        case 0..<3:
            let day = zones.day(in: "Asia/Shanghai", at: now).number + Int32(below(20))
            try run(
                engine, "OPP.CREATE \(title) CUSTOMER c1 PROCESS ask CLOSE \(Day(number: day))",
                as: rep
            ) { .title(OpportunityID(UInt32($0.opportunities.count)), title) }
        case 3, 4:
            try run(engine, "OPP.UPDATE \(deal) TITLE \(title)", as: rep) { _ in
                .title(deal, title)
            }
        case 5, 6:
            try run(engine, "OPP.ADVANCE \(deal)", as: rep) { state in
                state.opportunities[deal].pending.map { .status($0, "pending") }
            }
        case 7:
            guard let pending else { return }
            let (verb, status) =
                chance(2)
                ? ("APPROVAL.APPROVE", "approved") : ("APPROVAL.REJECT", "rejected")
            try run(engine, "\(verb) \(pending) COMMENT why", as: SimulatedDisk.people.boss) { _ in
                .status(pending, status)
            }
        case 8:
            try run(engine, "INBOX.ACK UPTO \(1 + below(9))", as: SimulatedDisk.people.boss) { _ in
                nil
            }
        default:
            let external = below(40)
            try run(
                engine, "OPP.NOTE \(deal) \(String(repeating: "x", count: 1 + 50 * external))",
                as: rep
            ) { _ in nil }
        }
    }

    private var zones: SystemZones { SystemZones() }

    private mutating func run(
        _ engine: Engine, _ line: String, as person: PersonID,
        says fact: (State) -> SimulatedBook.Fact.What?
    ) throws {
        let before = engine.sequence
        var reply = ReplyWriter(.resp2)
        let ran = engine.run(
            try SimulatedDisk.invocation(line), as: person, at: now, reply: &reply)
        commands += 1
        if ran.isPostponed { try catchUp(engine, on: line, as: person) }
        let isRefused = reply.bytes.first == UInt8(ascii: "-") || ran.isPostponed
        guard isRefused else {
            guard ran.gate == engine.sequence else { throw Violation("\(line) has no gate") }
            keep(engine)
            if let what = fact(engine.photograph().state) { book.note(what, gate: ran.gate) }
            return
        }
        guard engine.sequence == before else { throw Violation("\(line) was refused and done") }
    }

    /// Two deals in one transaction are both there or neither is.
    private mutating func transact(_ engine: Engine) throws {
        let invocations = try (0..<2).map { place in
            try SimulatedDisk.invocation(
                "OPP.CREATE pair\(now.milliseconds)-\(place) CUSTOMER c1 PROCESS ask")
        }
        var reply = ReplyWriter(.resp2)
        _ = engine.transact(
            invocations, as: SimulatedDisk.people.reps[0], at: now, reply: &reply)
        commands += 2
        keep(engine)
    }

    /// Keeps the state that the last command left, if it wrote anything.
    private mutating func keep(_ engine: Engine) {
        let (state, sequence, _) = engine.photograph()
        guard sequence > (states.last?.sequence ?? 0) else { return }
        states.append((sequence, state))
    }

    // MARK: After a start

    private mutating func check(_ company: PipelineServer.Company) throws {
        starts += 1
        let sequence = company.ledger.lastSequence
        // One that could not be read this time is no spoilt one.
        let rejected = company.report.rejectedSnapshots.filter { !$0.reason.contains("(errno ") }
        guard rejected.isEmpty || disk.lies > 0 else {
            throw Violation("a snapshot was spoilt: \(rejected)")
        }
        guard sequence == company.log.durable else { throw Violation("the log has other records") }
        guard sequence >= book.told else {
            throw Violation("told up to record \(book.told), and \(sequence) came back")
        }
        try checkState(company.ledger.state, at: sequence)
        book.recovered(at: sequence)
        try book.check(company.ledger.state)
        states = [(sequence, company.ledger.state)]
    }

    private func checkState(_ state: State, at sequence: UInt64) throws {
        guard !states.isEmpty else { return }
        guard let expected = states.first(where: { $0.sequence == sequence }) else {
            throw Violation(
                "record \(sequence) ends no command; those end with \(states.map(\.sequence))")
        }
        let hashes = try (SnapshotLoading.hash(of: state), SnapshotLoading.hash(of: expected.state))
        guard hashes.0 == hashes.1 else {
            throw Violation("the state at record \(sequence) is not the one that there was")
        }
    }

    // MARK: A disk that lies

    /// A last life on a disk that does something else than it says. What comes of it is as it should be,
    /// or it is refused, or no more was lost than no mark held (W-5); whatever was passed over at the
    /// start is found by reading the whole log.
    private mutating func liveWithLies() throws {
        let fault: DiskFault =
            switch below(3) {
            case 0: .lost
            case 1: .misdirected(blocks: 1 + below(4))
            default: .flipped(bit: below(8 * 4096))
            }
        disk.inject(fault, at: disk.calls.count + 20 + below(200))
        do {
            try live()
        } catch {
            // It was found out while the daemon ran: a refusal like any other.
            guard disk.lies > 0, error is StoreError || error is OperationError else { throw error }
        }
        disk.setCapacity(.max)
        if chance(2) { disk.kill() } else { disk.cutPower(&random) }
        guard disk.lies > 0 else { return }
        try judgeLies()
        // Whatever it came to, the history begins anew from a sound copy.
        throw Ended()
    }

    /// The history is over and nothing is wrong.
    struct Ended: Error {}

    private mutating func judgeLies() throws {
        let company: PipelineServer.Company
        do {
            company = try Company.open(SimulatedDisk.data, fileSystem: disk)
        } catch {
            guard error.code == .corruptData || error.code == .durability else { throw error }
            return
        }
        let sequence = company.ledger.lastSequence
        guard sequence >= company.log.marked else {
            throw Violation("the mark holds \(company.log.marked), and \(sequence) came back")
        }
        try company.log.close()
        let inspection = try LogReader.frames(directory: SimulatedDisk.log, fileSystem: disk)
        guard case .clean = inspection.tail else { return }
        // All is sound: then what is there is what there was, up to the last record.
        guard inspection.lastSequence == sequence else { throw Violation("the log is two logs") }
        if states.contains(where: { $0.sequence == sequence }) {
            try checkState(company.ledger.state, at: sequence)
        } else if sequence >= book.told {
            throw Violation("record \(sequence) ends no command")
        }
    }

    // MARK: Chance

    private mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &random) }

    /// True once in so many times.
    private mutating func chance(_ odds: Int) -> Bool { below(odds) == 0 }
}

extension Engine {
    /// Whether something that was decided is not durable yet.
    fileprivate var takesBatch: Bool { durable < sequence }
}
