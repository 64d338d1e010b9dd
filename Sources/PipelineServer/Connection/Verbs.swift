import PipelineCommands
import PipelineProtocol

/// The commands that concern the connection itself, byte for byte as Redis 7.0 answers them (P-4).
extension ConnectionMachine {
    /// Runs a verb whose form was checked and whose questions are answered.
    mutating func perform(_ item: Item, _ verb: ConnectionVerb) -> Action? {
        let request = item.request
        observe(item)
        switch verb {
        case .ping: ping(request)
        case .echo: answer { $0.bulk(request[1]) }
        case .quit: break  // taken before the queue
        case .reset: reset()
        case .select: select(request)
        case .auth: authenticate(item)
        case .hello: hello(item)
        case .client: return client(item)
        case .command: answer { CommandTable.answerCOMMAND(request, into: &$0) }
        case .subscribe: subscribe(request, isPattern: false)
        case .psubscribe: subscribe(request, isPattern: true)
        case .unsubscribe: unsubscribe(request, isPattern: false)
        case .punsubscribe: unsubscribe(request, isPattern: true)
        case .multi: multi()
        case .discard: discard()
        case .exec: break  // begun before the queue
        case .time, .info, .config, .slowlog, .latency, .module: return describe(request, verb)
        case .dbsize: dealCount(item)
        case .snapshot, .backup, .shutdown: maintained(item)
        case .pubsub: pubsub(item)
        case .monitor: monitor(item)
        case .publish: answerError(Self.deniedLine("publish"))
        }
        return nil
    }

    /// Has the handler write a reply that takes a look at the server.
    private mutating func describe(_ request: Request, _ verb: ConnectionVerb) -> Action? {
        guard let identity else { return nil }
        if case .executing = phase { return .describe(request, verb, for: identity.person) }
        phase = .busy
        beginReply()
        return .describe(request, verb, for: identity.person)
    }

    private mutating func dealCount(_ item: Item) {
        guard case .deals(let count, let gate) = item.findings.first else { return }
        answer(gate: gate) { $0.integer(count) }
    }

    private mutating func maintained(_ item: Item) {
        switch item.findings.first {
        case .maintained(.snapshot(let written)):
            answer {
                $0.map(3)
                $0.bulk("seq")
                $0.integer(Int(clamping: written.sequence))
                $0.bulk("bytes")
                $0.integer(written.byteCount)
                $0.bulk("hash")
                $0.bulk(written.stateHash.description)
            }
        case .maintained(.backup(let written)):
            answer {
                $0.map(4)
                $0.bulk("seq")
                $0.integer(Int(clamping: written.sequence))
                $0.bulk("path")
                $0.bulk(written.path)
                $0.bulk("files")
                $0.integer(written.fileCount)
                $0.bulk("bytes")
                $0.integer(Int(clamping: written.byteCount))
            }
        // As in Redis, the end of the connection is the answer.
        case .maintained(.ending): end()
        case .maintained(.failed(let code, let text)):
            answerError("\(code.rawValue) \(text)")
        case .denied: answerError(Self.deniedLine(item.command.name.lowercased()))
        default: answerError("ERR syntax error")
        }
    }

    private mutating func ping(_ request: Request) {
        guard request.count <= 2 else {
            return answerError("ERR wrong number of arguments for 'ping' command")
        }
        if version == .resp2, subscriptions.count > 0 {
            answer {
                $0.array(2)
                $0.bulk("pong")
                $0.bulk(request[1])
            }
        } else if request.count == 1 {
            answer { $0.simple("PONG") }
        } else {
            answer { $0.bulk(request[1]) }
        }
    }

    private mutating func select(_ request: Request) {
        guard let index = request.integer(1) else {
            return answerError("ERR value is not an integer or out of range")
        }
        guard Int32(exactly: index) != nil else {
            return answerError(
                "ERR value is out of range, value must between \(Int32.min) and \(Int32.max)")
        }
        if index == 0 { answerOK() } else { answerError("ERR DB index is out of range") }
    }

    /// Everything as on a new connection, but for its id and library (P-4).
    private mutating func reset() {
        transaction = nil
        subscriptions.removeAll()
        feed = nil
        isMonitor = false
        identity = nil
        parser.limits = .beforeAuthentication
        name = ""
        replyMode = .on
        outbox.writer.version = .resp2
        answer { $0.simple("RESET") }
    }

    mutating func answerHelp(_ lines: [StaticString]) {
        answer { HelpText.write(lines, into: &$0) }
    }
}
