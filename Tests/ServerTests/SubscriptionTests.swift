import PipelineProtocol
import Testing

@testable import PipelineServer

@Suite("Subscriptions, as in Redis 7.0")
struct SubscriptionTests {
    private func subscribedOnly(_ name: String) -> String {
        "-ERR Can't execute '\(name)': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET"
            + " are allowed in this context\r\n"
    }

    private func event(_ kind: String, _ name: String?, _ count: Int, _ type: Character = "*")
        -> String
    {
        let text =
            name.map { "$\($0.utf8.count)\r\n\($0)\r\n" } ?? (type == "*" ? "$-1\r\n" : "_\r\n")
        return "\(type)3\r\n$\(kind.utf8.count)\r\n\(kind)\r\n\(text):\(count)\r\n"
    }

    @Test("P-7: a RESP2 subscriber may only subscribe, unsubscribe, ping, quit and reset")
    func subscribedMode() {
        var wire = Wire()
        #expect(wire("SUBSCRIBE") == "-ERR wrong number of arguments for 'subscribe' command\r\n")
        #expect(
            wire("SUBSCRIBE", "a", "b", "a")
                == event("subscribe", "a", 1) + event("subscribe", "b", 2)
                + event("subscribe", "a", 2))
        #expect(wire("PING") == "*2\r\n$4\r\npong\r\n$0\r\n\r\n")
        #expect(wire("PING", "hi") == "*2\r\n$4\r\npong\r\n$2\r\nhi\r\n")
        #expect(wire("ME") == subscribedOnly("me"))
        #expect(wire("CLIENT", "ID") == subscribedOnly("client|id"))
        #expect(wire("HELLO", "3") == subscribedOnly("hello"))
        #expect(wire("AUTH", "x") == subscribedOnly("auth"))
        #expect(wire("MULTI") == subscribedOnly("multi"))
        #expect(
            wire("EXEC")
                == "-EXECABORT Transaction discarded because of: "
                + subscribedOnly("exec").dropFirst("-ERR ".count))
        #expect(wire("PSUBSCRIBE", "x*") == event("psubscribe", "x*", 3))
        #expect(wire("UNSUBSCRIBE", "zz") == event("unsubscribe", "zz", 3))
        #expect(wire("UNSUBSCRIBE", "a") == event("unsubscribe", "a", 2))
        #expect(wire("UNSUBSCRIBE") == event("unsubscribe", "b", 1))
        #expect(wire("UNSUBSCRIBE") == event("unsubscribe", nil, 1))
        #expect(wire("PUNSUBSCRIBE") == event("punsubscribe", "x*", 0))
        #expect(wire("PUNSUBSCRIBE") == event("punsubscribe", nil, 0))
        #expect(wire("ME") == "+ME\r\n")
        _ = wire("SUBSCRIBE", "a")
        #expect(wire("RESET") == "+RESET\r\n")
        #expect(wire.machine.subscriptions.count == 0)
    }

    @Test("P-7: a RESP3 subscriber may say anything, and is told by pushes")
    func resp3() {
        var wire = Wire(authenticated: true, .resp3)
        #expect(wire("SUBSCRIBE", "a") == event("subscribe", "a", 1, ">"))
        #expect(wire("PING") == "+PONG\r\n")
        #expect(wire("ME") == "+ME\r\n")
        #expect(wire("UNSUBSCRIBE") == event("unsubscribe", "a", 0, ">"))
        #expect(wire("UNSUBSCRIBE") == event("unsubscribe", nil, 0, ">"))
        #expect(wire("PUBLISH", "a", "b").hasPrefix("-NOPERM "))
    }

    @Test(
        "P-8: a connection has at most 100 patterns of 256 bytes, and any number of channels by name"
    )
    func patternBounds() {
        var wire = Wire(authenticated: true)
        wire.send(["PSUBSCRIBE"] + (1...100).map { "p\($0)*" })
        _ = wire.received()
        #expect(wire.machine.subscriptions.patterns.count == 100)
        let refusal =
            "-ERR a connection has at most 100 patterns; punsubscribe from some, or subscribe to"
            + " channels by their names\r\n"
        #expect(wire("PSUBSCRIBE", "another*") == refusal)
        #expect(wire("PSUBSCRIBE", "p7*") == event("psubscribe", "p7*", 100))
        _ = wire("PUNSUBSCRIBE", "p7*")
        #expect(wire("PSUBSCRIBE", "a*", "b*") == refusal)
        #expect(
            wire("PSUBSCRIBE", String(repeating: "x", count: 257))
                == "-ERR a pattern has at most 256 bytes\r\n")
        let longest = String(repeating: "x", count: 256)
        #expect(wire("PSUBSCRIBE", longest) == event("psubscribe", longest, 100))
        wire.send(["SUBSCRIBE"] + (1...1_000).map { "events:o\($0)" })
        #expect(wire.machine.subscriptions.count == 1_100)
    }

    @Test("P-7: 'inbox' is reached by its exact name, never by a pattern")
    func inboxByName() {
        var wire = Wire()
        _ = wire("PSUBSCRIBE", "inbox", "*")
        #expect(wire.machine.feed == nil)
        _ = wire("SUBSCRIBE", "inbox")
        #expect(wire.machine.feed != nil)
        _ = wire("UNSUBSCRIBE", "inbox")
        #expect(wire.machine.feed == nil)
    }

    @Test("P-7: no push overtakes the confirmation of its subscription")
    func confirmationFirst() {
        var wire = Wire(authenticated: true, .resp3)
        wire.send(["UNIT.CREATE", "a"])
        wire.send(["SUBSCRIBE", "inbox"])
        #expect(wire.received() == "")
        #expect(!wire.machine.admitsPushes)
        wire.sync()
        #expect(wire.received() == "+UNIT.CREATE\r\n" + event("subscribe", "inbox", 1, ">"))
        #expect(wire.machine.admitsPushes)
    }

    @Test("P-7: a push goes behind the replies released and before those that wait")
    func pushesBetweenReplies() {
        var wire = Wire(authenticated: true, .resp3)
        _ = wire("SUBSCRIBE", "inbox")
        wire.send(["UNIT.CREATE", "first"])
        wire.send(["UNIT.CREATE", "second"])
        wire.durable = 1
        wire.machine.outbox.release(durable: 1)
        wire.machine.outbox.push(Array(">push\r\n".utf8))
        #expect(wire.received() == "+UNIT.CREATE\r\n>push\r\n")
        wire.sync()
        #expect(wire.received() == "+UNIT.CREATE\r\n")
    }

    @Test("P-1: the names of one connection's subscriptions are bounded in bytes")
    func bounded() {
        var wire = Wire()
        let long = String(repeating: "c", count: 60_000)
        for index in 0..<17 { _ = wire("SUBSCRIBE", "\(index)\(long)") }
        #expect(wire("SUBSCRIBE", "x\(long)").hasPrefix("-ERR the names"))
        #expect(wire.machine.subscriptions.count == 17)
        _ = wire("UNSUBSCRIBE", "0\(long)")
        #expect(wire("SUBSCRIBE", "x\(long)").hasPrefix("*3\r\n"))
    }
}
