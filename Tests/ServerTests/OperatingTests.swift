import PipelineCommands
import PipelineDomain
import PipelineProtocol
import Testing

@testable import PipelineServer

@Suite("PUBSUB, MONITOR, SLOWLOG, as in Redis 7.0")
struct OperatingTests {
    private func subscriptions(_ channels: [String], _ patterns: [String] = []) -> Subscriptions {
        var all = Subscriptions()
        for name in channels { all.add(Array(name.utf8), isPattern: false) }
        for name in patterns { all.add(Array(name.utf8), isPattern: true) }
        return all
    }

    private func asked(_ words: String...) -> String {
        var wire = Wire()
        wire.send(words)
        guard case .subscriptions = wire.question else { return wire.received() }
        return wire.tell(
            .subscriptions([
                subscriptions(["inbox", "events"], ["e*"]),
                subscriptions(["inbox", "events:u12"], ["e*", "*"]),
            ]))
    }

    @Test("P-4: PUBSUB tells channels, their listeners and the different patterns")
    func pubsub() {
        #expect(
            asked("PUBSUB", "CHANNELS")
                == "*3\r\n$6\r\nevents\r\n$10\r\nevents:u12\r\n$5\r\ninbox\r\n")
        #expect(asked("PUBSUB", "channels", "events*").hasPrefix("*2\r\n"))
        #expect(asked("PUBSUB", "CHANNELS", "EVENTS*") == "*0\r\n")
        #expect(
            asked("PUBSUB", "NUMSUB", "inbox", "zz")
                == "*4\r\n$5\r\ninbox\r\n:2\r\n$2\r\nzz\r\n:0\r\n")
        #expect(asked("PUBSUB", "NUMSUB") == "*0\r\n")
        #expect(asked("PUBSUB", "NUMPAT") == ":2\r\n")
        #expect(asked("PUBSUB", "SHARDCHANNELS") == "*0\r\n")
        #expect(asked("PUBSUB", "SHARDNUMSUB", "inbox") == "*2\r\n$5\r\ninbox\r\n:0\r\n")
        #expect(asked("PUBSUB", "HELP").hasPrefix("*14\r\n+PUBSUB <subcommand>"))
    }

    @Test(
        "P-4: refusals in Redis 7.0's words",
        arguments: [
            ("PUBSUB", "ERR wrong number of arguments for 'pubsub' command"),
            ("PUBSUB FOO", "ERR unknown subcommand 'FOO'. Try PUBSUB HELP."),
            (
                "PUBSUB CHANNELS a b",
                "ERR unknown subcommand or wrong number of arguments for 'CHANNELS'. Try PUBSUB HELP."
            ),
            ("PUBSUB NUMPAT x", "ERR wrong number of arguments for 'pubsub|numpat' command"),
            ("SLOWLOG", "ERR wrong number of arguments for 'slowlog' command"),
            ("SLOWLOG LEN x", "ERR wrong number of arguments for 'slowlog|len' command"),
            ("SLOWLOG FOO", "ERR unknown subcommand 'FOO'. Try SLOWLOG HELP."),
            ("LATENCY HISTORY", "ERR wrong number of arguments for 'latency|history' command"),
            ("MODULE LIST x", "ERR wrong number of arguments for 'module|list' command"),
            ("MONITOR x", "ERR wrong number of arguments for 'monitor' command"),
        ])
    func refusals(line: String, error: String) {
        var wire = Wire()
        wire.send(line.split(separator: " ").map(String.init))
        let reply =
            wire.question == nil ? wire.received() : wire.tell(.subscriptions([]))
        #expect(reply == "-\(error)\r\n")
    }

    @Test("P-4: MONITOR is for admins, answers once, and ends with RESET")
    func monitor() {
        var wire = Wire()
        wire.send(["MONITOR"])
        #expect(
            wire.tell(.denied)
                == "-NOPERM this user has no permissions to run the 'monitor' command\r\n")
        #expect(!wire.machine.isMonitor)
        wire.send(["MONITOR"])
        #expect(wire.tell(.permitted) == "+OK\r\n")
        wire.send(["MONITOR"])
        #expect(wire.tell(.permitted) == "")
        #expect(wire("PING") == "+PONG\r\n")
        _ = wire("RESET")
        #expect(!wire.machine.isMonitor)
    }

    @Test(
        "P-4, O-4: what is carried out is shown without secrets; administrators' commands are not")
    func observed() {
        var wire = Wire()
        wire.machine.isObserved = true
        _ = wire("PING", "你好\n")
        _ = wire("ME")
        _ = wire("NOSUCH", "x")
        _ = wire("GET")
        wire.send(["CONFIG", "GET", "port"])
        wire.send(["MULTI"])
        wire.send(["UNIT.CREATE", "a"])
        wire.send(["EXEC"])
        let lines = wire.machine.observed.map {
            String(
                decoding: MonitorLine.bytes(
                    $0.command.redacted($0.request), from: "127.0.0.1:9",
                    microseconds: 1_795_327_533_082_566), as: UTF8.self)
        }
        #expect(
            lines
                == [
                    #"+1795327533.082566 [0 127.0.0.1:9] "PING" "\xe4\xbd\xa0\xe5\xa5\xbd\n""#,
                    #"+1795327533.082566 [0 127.0.0.1:9] "ME""#,
                    #"+1795327533.082566 [0 127.0.0.1:9] "MULTI""#,
                    #"+1795327533.082566 [0 127.0.0.1:9] "UNIT.CREATE" "a""#,
                ].map { $0 + "\r\n" })
    }

    @Test(
        "O-4: no password is shown to whoever looks on, however the command is formed",
        arguments: [
            ("AUTH secret", "AUTH *"), ("AUTH ann secret", "AUTH * *"),
            ("HELLO 3 AUTH ann secret SETNAME me", "HELLO 3 AUTH * * SETNAME me"),
            ("HELLO 3 SETNAME me AUTH ann secret", "HELLO 3 SETNAME me AUTH * *"),
            ("HELLO 3 AUHT ann secret", "HELLO 3 * * *"), ("HELLO 3 AUTH secret", "HELLO 3 AUTH *"),
            ("PERSON.PASSWORD ann secret", "PERSON.PASSWORD ann *"),
            ("PERSON.PASSWORD ann secret OLD secret", "PERSON.PASSWORD ann * OLD *"),
            ("PERSON.PASSWORD ann secret OLDD secret", "PERSON.PASSWORD * * * *"),
            ("DRYRUN PERSON.PASSWORD ann secret", "DRYRUN PERSON.PASSWORD ann *"),
            ("DRYRUN PERSON.PASWORD ann secret", "DRYRUN * * *"),
            (
                "PERSON.CREATE ann NAME A UNIT u1 PASSWORD secret",
                "PERSON.CREATE ann NAME A UNIT u1 PASSWORD *"
            ),
        ])
    func redaction(line: String, shown: String) throws {
        let request = Request(line.split(separator: " ").map { Array($0.utf8) })
        let command = try #require(CommandTable.find(request[0]))
        let words = command.redacted(request).map { String(decoding: $0, as: UTF8.self) }
        #expect(words.joined(separator: " ").replacing("(redacted)", with: "*") == shown)
    }

    @Test("P-4: the slow log keeps the newest 128, shortened as Redis shortens them")
    func slowLog() throws {
        let log = SlowLog()
        let command = try #require(CommandTable.find(Array("OPP.NOTE".utf8)[...]))
        for index in 0..<130 {
            log.add(
                command, Request(["OPP.NOTE", "o\(index)"]), microseconds: 10_000, from: "a:1",
                named: "n")
        }
        #expect(log.count == 128 && log.newest(-1).count == 128 && log.newest(3).count == 3)
        #expect(log.newest(1).first?.id == 129)
        log.reset()
        #expect(log.count == 0)
        let long = ["OPP.NOTE", String(repeating: "x", count: 200)] + (0..<40).map { "\($0)" }
        log.add(command, Request(long), microseconds: 1, from: "a:1", named: "")
        let entry = try #require(log.newest(1).first)
        #expect(entry.id == 130 && entry.words.count == 32)
        #expect(
            String(decoding: entry.words[1], as: UTF8.self)
                == String(repeating: "x", count: 128) + "... (72 more bytes)")
        #expect(String(decoding: entry.words[31], as: UTF8.self) == "... (11 more arguments)")
    }

    @Test("P-8: one message for each channel subscribed to, and one for each pattern that matches")
    func forms() {
        let channels = ["events:o1", "events:u3", "events:u1", "events"].map { Array($0.utf8) }
        func told(_ all: Subscriptions) -> Set<String> {
            Set(
                all.forms(of: channels).map { form in
                    let channel = String(decoding: form.channel, as: UTF8.self)
                    let pattern = form.pattern.map { String(decoding: $0, as: UTF8.self) }
                    return [pattern, channel].compactMap { $0 }.joined(separator: " ")
                })
        }
        #expect(told(subscriptions(["inbox", "events:o2"])) == [])
        #expect(
            told(subscriptions(["events:u1", "events:o1", "x"])) == ["events:u1", "events:o1"])
        #expect(told(subscriptions([], ["events:*"])) == ["events:* events:o1"])
        #expect(
            told(subscriptions([], ["events:u*", "*", "EVENTS*"]))
                == ["events:u* events:u3", "* events:o1"])
        #expect(subscriptions(["inbox"]).listensToEvents == false)
        var some = subscriptions(["events:o1"])
        #expect(some.listensToEvents)
        some.remove(Array("events:o1".utf8), isPattern: false)
        #expect(!some.listensToEvents)
    }
}
