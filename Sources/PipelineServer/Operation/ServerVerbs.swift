import PipelineCommands
import PipelineDomain
import PipelineProtocol

/// The commands that look at the server itself: `TIME`, `INFO`, `CONFIG` (P-4).
extension Services {
    func describe(
        _ request: Request, _ verb: ConnectionVerb, for person: PersonID,
        into reply: inout ReplyWriter
    ) {
        switch verb {
        case .time: writeTime(into: &reply)
        case .info: reply.verbatim(report.text(request))
        case .config: writeConfig(request, for: person, into: &reply)
        default: reply.errorLine("ERR '\(verb.rawValue)' is not known to the server")
        }
    }

    private func writeTime(into reply: inout ReplyWriter) {
        let now = Clock.microseconds
        reply.array(2)
        reply.bulk(String(now / 1_000_000))
        reply.bulk(String(now % 1_000_000))
    }

    private var report: InfoReport {
        let durable = engine.durable
        return InfoReport(
            facts: facts, counters: counters.snapshot, sequence: engine.sequence,
            durable: durable, isWritable: engine.journal.isWritable)
    }

    // MARK: CONFIG

    private func writeConfig(
        _ request: Request, for person: PersonID, into reply: inout ReplyWriter
    ) {
        guard engine.isAdmin(person) else {
            let name = request.matches(1, "GET") ? "config|get" : "config|help"
            return reply.errorLine(ConnectionMachine.deniedLine(name))
        }
        if request.matches(1, "HELP") { return HelpText.write(HelpText.config, into: &reply) }
        let found = parameters.filter { name, _ in
            (2..<request.count).contains { Glob.matches(request[$0], Array(name.utf8)) }
        }
        reply.map(found.count)
        for (name, value) in found {
            reply.bulk(name)
            reply.bulk(value)
        }
    }

    /// Redis's parameters that say something true of this server.
    private var parameters: [(String, String)] {
        [
            ("maxclients", "\(facts.maxClients)"), ("port", "0"), ("tls-port", "\(facts.port)"),
            ("databases", "1"), ("appendonly", "yes"), ("appendfsync", "always"), ("save", ""),
            ("maxmemory", "0"), ("maxmemory-policy", "noeviction"),
            ("proto-max-bulk-len", "\(WireBounds.processBytes)"), ("timeout", "0"),
            ("io-threads", "\(facts.eventLoops)"),
            (
                "client-output-buffer-limit",
                "normal 0 0 0 slave 0 0 0 pubsub \(facts.outputCap) 0 0"
            ),
        ]
    }
}

/// Redis's glob patterns: `*`, `?`, `[a-z]`, `[^a]`, `\` before a character to be taken as it is.
enum Glob {
    /// Ignores the case of ASCII letters. Time is at most the product of the lengths.
    static func matches(_ pattern: some Collection<UInt8>, _ text: [UInt8]) -> Bool {
        let pattern = Array(pattern)
        var position = 0
        var index = 0
        // Where to go on when what followed the last star did not match.
        var retry: (position: Int, index: Int)?
        while index < text.count {
            if position < pattern.count, pattern[position] == UInt8(ascii: "*") {
                retry = (position + 1, index)
                position += 1
                continue
            }
            if let next = one(pattern, position, text[index]) {
                position = next
                index += 1
                continue
            }
            guard let last = retry else { return false }
            retry = (last.position, last.index + 1)
            position = last.position
            index = last.index + 1
        }
        return pattern[position...].allSatisfy { $0 == UInt8(ascii: "*") }
    }

    /// Position behind the part of the pattern that takes `byte`; `nil` if it takes another.
    private static func one(_ pattern: [UInt8], _ position: Int, _ byte: UInt8) -> Int? {
        guard position < pattern.count else { return nil }
        switch pattern[position] {
        case UInt8(ascii: "?"): return position + 1
        case UInt8(ascii: "["): return set(pattern, position + 1, byte)
        case UInt8(ascii: "\\") where position + 1 < pattern.count:
            return lower(pattern[position + 1]) == lower(byte) ? position + 2 : nil
        default: return lower(pattern[position]) == lower(byte) ? position + 1 : nil
        }
    }

    private static func set(_ pattern: [UInt8], _ start: Int, _ byte: UInt8) -> Int? {
        var position = start
        let isNegated = position < pattern.count && pattern[position] == UInt8(ascii: "^")
        if isNegated { position += 1 }
        var isFound = false
        while position < pattern.count, pattern[position] != UInt8(ascii: "]") {
            if pattern[position] == UInt8(ascii: "\\"), position + 1 < pattern.count {
                position += 1
            } else if position + 2 < pattern.count, pattern[position + 1] == UInt8(ascii: "-") {
                let ends = [lower(pattern[position]), lower(pattern[position + 2])].sorted()
                if (ends[0]...ends[1]).contains(lower(byte)) { isFound = true }
                position += 3
                continue
            }
            if lower(pattern[position]) == lower(byte) { isFound = true }
            position += 1
        }
        guard isFound != isNegated else { return nil }
        return min(position + 1, pattern.count)
    }

    private static func lower(_ byte: UInt8) -> UInt8 {
        (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
    }
}
