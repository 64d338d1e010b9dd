import PipelineCommands
import PipelineProtocol

/// `PUBSUB` and `MONITOR`, byte for byte as Redis 7.0 answers them (P-4). Channels that are published
/// to by shards do not exist here.
extension ConnectionMachine {
    mutating func pubsub(_ item: Item) {
        let request = item.request
        guard case .subscriptions(let all) = item.findings.first else { return }
        if request.matches(1, "CHANNELS") || request.matches(1, "SHARDCHANNELS") {
            guard request.count <= 3 else { return answerError(Self.countLine(request)) }
            let isSharded = request.matches(1, "SHARDCHANNELS")
            let names = isSharded ? [] : Self.channels(of: all, matching: request)
            answer {
                $0.array(names.count)
                for name in names { $0.bulk(name) }
            }
        } else if request.matches(1, "NUMSUB") || request.matches(1, "SHARDNUMSUB") {
            let isSharded = request.matches(1, "SHARDNUMSUB")
            answer {
                $0.array((request.count - 2) * 2)
                for word in 2..<request.count {
                    let name = Array(request[word])
                    $0.bulk(name)
                    $0.integer(isSharded ? 0 : all.count { $0.channels.contains(name) })
                }
            }
        } else if request.matches(1, "NUMPAT") {
            let patterns = all.reduce(into: Set<[UInt8]>()) { $0.formUnion($1.patterns) }
            answer { $0.integer(patterns.count) }
        } else {
            answerHelp(HelpText.pubsub)
        }
    }

    /// Each once, in the order of their bytes; Redis has no order.
    private static func channels(
        of all: [Subscriptions], matching request: Request
    ) -> [[UInt8]] {
        var names = all.reduce(into: Set<[UInt8]>()) { $0.formUnion($1.channels) }
        if request.count == 3 {
            names = names.filter { Glob.matches(request[2], $0, ignoringCase: false) }
        }
        return names.sorted { $0.lexicographicallyPrecedes($1) }
    }

    static func countLine(_ request: Request) -> String {
        let name = String(decoding: request[0].prefix(128), as: UTF8.self).uppercased()
        let given = String(decoding: request[1].prefix(128), as: UTF8.self)
        return
            "ERR unknown subcommand or wrong number of arguments for '\(given)'. Try \(name) HELP."
    }

    mutating func monitor(_ item: Item) {
        guard case .permitted = item.findings.first else {
            return answerError(Self.deniedLine("monitor"))
        }
        if case .executing = phase {
            return answerError("ERR MONITOR isn't allowed for DENY BLOCKING client")
        }
        // Redis does not answer who monitors already.
        guard !isMonitor else { return }
        isMonitor = true
        answerOK()
        holdPushes()
    }

    /// Remembers what is carried out, for those who monitor; administrators' commands are not shown.
    mutating func observe(_ item: Item) {
        if isObserved, !item.command.isForAdmins(item.request) { observed.append(item) }
    }
}
