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
        case .slowlog, .latency, .module:
            guard request.matches(1, "HELP") || engine.isAdmin(person) else {
                let subcommand = String(decoding: request[1], as: UTF8.self).lowercased()
                return reply.errorLine(
                    ConnectionMachine.deniedLine("\(verb.rawValue)|\(subcommand)"))
            }
            writeOperating(request, verb, into: &reply)
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
            durable: durable, isWritable: engine.journal.isWritable, dues: engine.dues)
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
        let asked = 2..<request.count
        let found = parameters.filter { name, _ in
            asked.contains { Glob.matches(request[$0], Array(name.utf8)) }
        }
        reply.map(found.count)
        for (name, value) in found {
            // One that is asked for by its whole name is called as it was asked for.
            let word = asked.first { request.matches($0, name) }
            reply.bulk(word.map { request[$0] } ?? Array(name.utf8)[...])
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
            ("slowlog-log-slower-than", "\(SlowLog.slowerThanMicroseconds)"),
            ("slowlog-max-len", "\(SlowLog.most)"), ("latency-monitor-threshold", "0"),
            ("io-threads", "\(facts.eventLoops)"),
            (
                "client-output-buffer-limit",
                "normal 0 0 0 slave 0 0 0 pubsub \(facts.outputCap) 0 0"
            ),
        ]
    }
}
