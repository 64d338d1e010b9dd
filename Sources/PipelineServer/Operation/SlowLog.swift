import PipelineCommands
import PipelineProtocol
import Synchronization

/// The commands that took long, the newest first, without their secrets (P-4, O-4).
final class SlowLog: Sendable {
    struct Entry: Sendable {
        let id: Int
        /// Seconds since 1970.
        let time: Int64
        let microseconds: Int64
        let words: [[UInt8]]
        let address: String
        let clientName: String
    }

    private struct Kept: Sendable {
        var entries: [Entry] = []
        var nextID = 0
    }

    /// Redis's defaults.
    static let slowerThanMicroseconds: Int64 = 10_000
    static let most = 128
    private static let mostWords = 32
    private static let mostBytes = 128

    private let kept = Mutex(Kept())

    var count: Int { kept.withLock { $0.entries.count } }

    func reset() { kept.withLock { $0.entries.removeAll() } }

    /// The newest entries, `count` of them at most; -1: all.
    func newest(_ count: Int) -> [Entry] {
        kept.withLock { kept in
            Array(kept.entries.suffix(count < 0 ? kept.entries.count : count).reversed())
        }
    }

    func add(
        _ command: Command, _ request: Request, microseconds: Int64, from address: String,
        named name: String
    ) {
        let words = Self.shortened(command.redacted(request))
        let time = Clock.microseconds / 1_000_000
        kept.withLock { kept in
            kept.entries.append(
                Entry(
                    id: kept.nextID, time: time, microseconds: microseconds, words: words,
                    address: address, clientName: name))
            kept.nextID += 1
            if kept.entries.count > Self.most { kept.entries.removeFirst() }
        }
    }

    /// At most 32 words of 128 bytes, the rest counted, as in Redis.
    private static func shortened(_ words: [[UInt8]]) -> [[UInt8]] {
        var shortened = words.prefix(mostWords).map { word in
            word.count <= mostBytes
                ? word
                : word.prefix(mostBytes)
                    + Array("... (\(word.count - mostBytes) more bytes)".utf8)
        }
        if words.count > mostWords {
            shortened[mostWords - 1] = Array(
                "... (\(words.count - mostWords + 1) more arguments)".utf8)
        }
        return shortened
    }
}

extension Services {
    /// `SLOWLOG`, `LATENCY` and `MODULE`, for admins.
    func writeOperating(
        _ request: Request, _ verb: ConnectionVerb, into reply: inout ReplyWriter
    ) {
        switch verb {
        case .slowlog: writeSlowLog(request, into: &reply)
        case .latency:
            if request.matches(1, "HELP") {
                HelpText.write(HelpText.latency, into: &reply)
            } else if request.matches(1, "RESET") {
                reply.integer(0)
            } else {
                reply.array(0)
            }
        default:
            if request.matches(1, "HELP") {
                HelpText.write(HelpText.module, into: &reply)
            } else {
                reply.array(0)
            }
        }
    }

    private func writeSlowLog(_ request: Request, into reply: inout ReplyWriter) {
        if request.matches(1, "HELP") {
            HelpText.write(HelpText.slowlog, into: &reply)
        } else if request.matches(1, "LEN") {
            reply.integer(slowLog.count)
        } else if request.matches(1, "RESET") {
            slowLog.reset()
            reply.simple("OK")
        } else if request.count > 3 {
            reply.errorLine(ConnectionMachine.countLine(request))
        } else {
            let asked = request.count == 3 ? request.integer(2) : 10
            guard let asked, asked >= -1 else {
                return reply.errorLine("ERR count should be greater than or equal to -1")
            }
            write(slowLog.newest(Int(clamping: asked)), into: &reply)
        }
    }

    private func write(_ entries: [SlowLog.Entry], into reply: inout ReplyWriter) {
        reply.array(entries.count)
        for entry in entries {
            reply.array(6)
            reply.integer(entry.id)
            reply.integer(entry.time)
            reply.integer(entry.microseconds)
            reply.array(entry.words.count)
            for word in entry.words { reply.bulk(word) }
            reply.bulk(entry.address)
            reply.bulk(entry.clientName)
        }
    }
}
