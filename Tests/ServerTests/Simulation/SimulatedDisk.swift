import Foundation
import PipelineCommands
import PipelineDomain
import PipelineProtocol
import PipelineStore
import StoreTesting

@testable import PipelineServer

/// A furnished company on a virtual disk, made once for each size of segments and copied for each
/// history.
enum SimulatedDisk {
    static let data = "/data"
    static let log = data + "/log"
    static let founded = Instant(milliseconds: 1_795_313_841_123)
    static let cluster = ClusterID(
        bytes: SIMD16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15))

    /// e1 is the admin, e2 heads u2, e3 and e4 are reps in it.
    static let people = (admin: PersonID(1), boss: PersonID(2), reps: [PersonID(3), PersonID(4)])

    private static let furniture = [
        #"UNIT.CREATE 销售部 KIND branch"#,
        #"PERSON.CREATE boss NAME Boss UNIT u2 ROLE manager LANG en"#,
        #"PERSON.CREATE ann NAME Ann UNIT u2 LANG en"#,
        #"PERSON.CREATE bob NAME Bob UNIT u2 LANG en"#,
        #"UNIT.UPDATE u2 HEAD boss"#,
        #"PROCESS.PUT ask \#(quoted(process))"#,
        #"PROCESS.PUBLISH ask"#,
        #"CUSTOMER.CREATE Acme TYPE enterprise"#,
    ]

    private static let process = """
        {"name": "Ask", "cycleDays": 30, "remindDaysBefore": 4,
         "stages": [{"key": "open", "name": "Open", "winRate": 30, "maxDwellDays": 5,
                     "tasks": [{"key": "call", "name": "Call", "dueDays": 3}],
                     "gate": {"approval": "superior"}},
                    {"key": "last", "name": "Last", "winRate": 70}]}
        """

    private static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\"", with: "\\\"").replacing("\n", with: " ") + "\""
    }

    /// Segments of 32, 64 and 128 KiB.
    private static let disks: [Result<[String: [UInt8]], any Error>] = [5, 6, 7].map { shift in
        Result { try furnish(segmentBytes: 1024 << shift) }
    }

    private static func furnish(segmentBytes: Int) throws -> [String: [UInt8]] {
        let files = MemoryFileSystem()
        try files.makeDirectory(data)
        try Log.create(
            directory: log, fileSystem: files, cluster: cluster, segmentBytes: segmentBytes)
        var ledger = Ledger(zones: SystemZones())
        let (journal, _) = try Log.open(
            directory: log, fileSystem: files, freeBytesMin: 0, replay: { _, _, _ in })
        var records = Records()
        guard let currency = Currency("CNY") else { throw Violation("no CNY") }
        ledger.found(
            Founding(company: "Simulated", currency: currency, zone: "Asia/Shanghai"),
            adminLogin: "root", adminPasswordHash: "$scrypt$root", at: founded, records: &records)
        var group = GroupCommit(durable: 0, frameBytesMax: journal.frameBytesMax)
        _ = try group.append(
            RecordBuffer(bytes: records.bytes, ends: records.ends), at: founded.milliseconds)
        if let batch = group.takeBatch() { try journal.commit(batch) }
        let engine = Engine(ledger: ledger, journal: journal)
        for line in furniture {
            var reply = ReplyWriter(.resp2)
            _ = engine.run(try invocation(line), as: people.admin, at: founded, reply: &reply)
            guard reply.bytes.first != UInt8(ascii: "-") else {
                throw Violation("\(line): \(String(decoding: reply.bytes, as: UTF8.self))")
            }
            while let (batch, _) = engine.takeBatch() {
                try journal.commit(batch)
                engine.committed(upTo: batch.lastSequence)
            }
        }
        try journal.close()
        return Dictionary(uniqueKeysWithValues: files.paths.map { ($0, files.contents($0)) })
    }

    /// A disk of its own, with the company on it.
    static func copy(_ random: inout SeededGenerator) throws -> MemoryFileSystem {
        let contents = try disks[Int.random(in: 0..<disks.count, using: &random)].get()
        let files = MemoryFileSystem()
        try files.makeDirectory(data)
        try files.makeDirectory(log)
        for path in contents.keys.sorted() { files.put(path, contents[path]) }
        return files
    }

    /// The company with the smallest segments, on the real disk.
    static func write(to path: String) throws {
        for (name, bytes) in try disks[0].get() {
            let target = path + name.dropFirst(data.count)
            try FileManager.default.createDirectory(
                atPath: path + "/log", withIntermediateDirectories: true)
            try Data(bytes).write(to: URL(fileURLWithPath: target))
        }
    }

    /// The words of a line, with quotes as on the wire.
    static func invocation(_ line: String) throws -> Invocation {
        var parser = RequestParser()
        parser.limits = .afterAuthentication
        Array((line + "\r\n").utf8).withUnsafeBytes { parser.append($0) }
        guard let request = try parser.next(), let command = CommandTable.find(request[0]) else {
            throw Violation("no command: \(line)")
        }
        return Invocation(command, request)
    }
}

/// A promise that was broken.
struct Violation: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
