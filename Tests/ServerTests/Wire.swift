import PipelineCommands
import PipelineDomain
import PipelineProtocol

@testable import PipelineServer

/// A connection without a socket, a clock or a ledger: what a test sends goes in, what would leave
/// comes out. Commands of the company answer `+NAME`; each write takes the next log position.
struct Wire {
    var machine = ConnectionMachine(id: 7)
    /// Position of the last write "decided".
    var sequence: UInt64 = 0
    /// Position up to which the log is "synced".
    var durable: UInt64 = 0
    /// What the connection asked for off the loop and was not told yet.
    var question: Question?
    var isClosed = false
    /// What was handed to the ledger last, a transaction's commands together.
    var invocations: [Invocation] = []
    /// What the ledger refuses, by name.
    var refusals: [String: String] = [:]

    static let somebody = Identity(person: PersonID(1), login: "admin")

    init(authenticated: Bool = true, _ version: ProtocolVersion = .resp2) {
        guard authenticated else { return }
        machine.identity = Self.somebody
        machine.parser.limits = .afterAuthentication
        machine.outbox.writer.version = version
    }

    /// Sends one command and returns what leaves.
    mutating func callAsFunction(_ words: String...) -> String {
        send(words)
        return received()
    }

    mutating func send(_ words: [String]) { send(raw: Request(words).encoded) }

    mutating func send(raw bytes: [UInt8]) {
        bytes.withUnsafeBytes { machine.receive($0) }
        pump()
    }

    /// Tells the answer to the question asked.
    mutating func tell(_ finding: Finding) -> String {
        question = nil
        machine.found(finding)
        pump()
        return received()
    }

    /// What may leave now.
    mutating func received() -> String {
        machine.outbox.release(durable: durable)
        var bytes: [UInt8] = []
        machine.outbox.take { bytes.append(contentsOf: $0) }
        return String(decoding: bytes, as: UTF8.self)
    }

    mutating func sync() { durable = sequence }

    private mutating func pump() {
        while true {
            switch machine.next() {
            case .wait: return
            case .close:
                isClosed = true
                return
            case .run(let invocation, _):
                invocations = [invocation]
                run(invocation)
                machine.ran(gate: sequence)
            case .transact(let invocations, _):
                self.invocations = invocations
                transact(invocations)
            case .check(let invocation):
                machine.checked(invocation, CommandForm.error(of: invocation))
            case .describe(let request, _, _):
                machine.outbox.writer.bulk("described \(request.string(0) ?? "")")
                machine.described()
            case .find(let question): self.question = question
            }
        }
    }

    private mutating func run(_ invocation: Invocation) {
        if invocation.command.isWrite { sequence += 1 }
        machine.outbox.writer.simple(invocation.command.name)
    }

    private mutating func transact(_ invocations: [Invocation]) {
        let refused = invocations.first { refusals[$0.command.name] != nil }
        if let refused, let line = refusals[refused.command.name] {
            machine.outbox.writer.errorLine("EXECABORT \(refused.command.name): \(line)")
        } else {
            machine.outbox.writer.array(invocations.count)
            for invocation in invocations { run(invocation) }
        }
        machine.transacted(gate: sequence)
    }
}

/// The form of a command as the ledger checks it, without a company.
enum CommandForm {
    static func error(of invocation: Invocation) -> String? {
        Ledger(zones: NoZones()).formError(of: invocation)
    }
}

struct NoZones: ZoneRules {
    func isKnown(_ zone: String) -> Bool { true }
    func offsetSeconds(of zone: String, at instant: Instant) -> Int { 0 }
}
