import PipelineCommands
import PipelineDomain
import PipelineProtocol
import PipelineServer
import PipelineStore

/// A command that was refused: the company is made of none.
struct Refused: Error, CustomStringConvertible {
    let description: String
}

/// A company at work: runs commands at instants of its own and writes what they record.
struct Business {
    private(set) var ledger: Ledger
    private let log: Log
    private var commit: GroupCommit
    private var records = Records()
    private var rounds: UInt64 = 0
    /// The hash of the password given, for those who have one.
    private let passwordHash: String?
    var sink: TableSink?
    let calendar: Calendar
    var dice: Dice
    var now: Instant
    /// People who sell, by number; the heads of units are not among them.
    var sellers: [PersonID] = []
    /// Every unit's parent, by index from the root on.
    var parents: [Int] = []

    static let administrator = PersonID(1)
    /// Bytes decided until they are written as one frame.
    private static let frameBytes = 2 << 20
    /// Records after which the daemon writes a snapshot, unless it is told otherwise.
    private static let snapshotRecords: UInt64 = 500_000
    private var lastSnapshot: UInt64 = 0

    init(
        in data: String, sink: TableSink?, password: [UInt8]?, calendar: Calendar, dice: Dice
    ) throws {
        let password = try password ?? Array(Company.randomPassword().utf8)
        try Company.found(
            data,
            Company.Charter(
                name: "华东集团", adminLogin: "admin", adminPassword: password, currency: "CNY",
                zone: Calendar.zone), devTLS: true, at: calendar.start)
        let company = try Company.open(data)
        ledger = company.ledger
        log = company.log
        commit = GroupCommit(durable: log.durable, frameBytesMax: log.frameBytesMax)
        passwordHash = ledger.credentials(login: "admin".utf8)?.passwordHash
        self.sink = sink
        self.calendar = calendar
        self.dice = dice
        now = calendar.start
    }

    /// Runs one command, which must be carried out; the sequence of its first record, if it made any.
    @discardableResult
    mutating func run(
        _ words: [String], as person: PersonID = administrator, withPasswordAt: Int? = nil
    ) throws -> UInt64? {
        let first = ledger.lastSequence + 1
        let request = Request(words)
        guard let command = CommandTable.find(request[0]) else {
            throw Refused(description: "\(words[0]) is no command")
        }
        var secrets: [Int: String] = [:]
        if let withPasswordAt { secrets[withPasswordAt] = passwordHash }
        var reply = ReplyWriter(.resp3)
        _ = ledger.run(
            Invocation(command, request, secrets: secrets), as: person, at: now, reply: &reply,
            records: &records)
        guard reply.bytes.first != UInt8(ascii: "-") else {
            throw Refused(
                description: "\(words.joined(separator: " ")): "
                    + String(decoding: reply.bytes, as: UTF8.self))
        }
        try keep()
        return ledger.lastSequence < first ? nil : first
    }

    /// Lets everything that falls due up to an instant do so.
    mutating func passTime(to instant: Instant) throws {
        now = instant
        var hasMore = true
        while hasMore {
            hasMore = ledger.passTime(at: now, records: &records).hasMore
            try keep()
        }
    }

    private mutating func keep() throws {
        guard !records.isEmpty else { return }
        _ = try commit.append(
            RecordBuffer(bytes: records.bytes, ends: records.ends), at: now.milliseconds)
        records.removeAll()
        if commit.unsyncedBytes >= Self.frameBytes { try write() }
    }

    private mutating func write() throws {
        while let batch = commit.takeBatch() {
            try log.commit(batch)
            commit.committed(upTo: batch.lastSequence)
        }
        rounds += 1
        // A clock of its own: every frame is marked, and the spare segment gets ready between two.
        while try log.maintain(now: rounds * 1000) {}
        if ledger.lastSequence >= lastSnapshot + Self.snapshotRecords { try takeSnapshot() }
    }

    /// As the daemon does, so that the company has the snapshots that a year leaves (W-9).
    private mutating func takeSnapshot() throws {
        lastSnapshot = ledger.lastSequence
        try log.writeSnapshot(
            of: ledger.state, sequence: ledger.lastSequence, latestInstant: ledger.lastInstant,
            start: log.position, at: now)
        _ = try log.archive()
    }

    /// Writes what is left; the position of the last record.
    mutating func finish() throws -> UInt64 {
        try write()
        try takeSnapshot()
        try log.close()
        try sink?.finish(ledger.state, parents: parents)
        return ledger.lastSequence
    }
}
