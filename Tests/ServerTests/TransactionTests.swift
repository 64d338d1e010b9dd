import PipelineProtocol
import Testing

@testable import PipelineServer

@Suite("MULTI, EXEC and DISCARD, as in Redis 7.0")
struct TransactionTests {
    private let spoilt = "-EXECABORT Transaction discarded because of previous errors.\r\n"

    @Test("P-4: EXEC and DISCARD without MULTI, and MULTI inside MULTI, are refused")
    func misplaced() {
        var wire = Wire()
        #expect(wire("EXEC") == "-ERR EXEC without MULTI\r\n")
        #expect(wire("DISCARD") == "-ERR DISCARD without MULTI\r\n")
        #expect(wire("MULTI", "x") == "-ERR wrong number of arguments for 'multi' command\r\n")
        #expect(wire("MULTI") == "+OK\r\n")
        #expect(wire("MULTI") == "-ERR MULTI calls can not be nested\r\n")
        #expect(wire("EXEC") == "*0\r\n")
    }

    @Test(
        "P-4: an error while queueing spoils the transaction",
        arguments: [["FOO"], ["OPP.GET"], ["CLIENT", "FOO"], ["ECHO"]])
    func spoiling(_ words: [String]) {
        var wire = Wire()
        #expect(wire("MULTI") == "+OK\r\n")
        wire.send(words)
        #expect(wire.received().hasPrefix("-ERR "))
        #expect(wire("PING") == "+QUEUED\r\n")
        #expect(wire("EXEC") == spoilt)
        #expect(wire("PING") == "+PONG\r\n")
    }

    @Test("P-4: a nested MULTI does not spoil the transaction, and DISCARD forgets it")
    func discarding() {
        var wire = Wire()
        _ = wire("MULTI")
        #expect(wire("DISCARD", "x") == "-ERR wrong number of arguments for 'discard' command\r\n")
        #expect(wire("DISCARD") == "+OK\r\n")
        #expect(wire("EXEC") == "-ERR EXEC without MULTI\r\n")
        _ = wire("MULTI")
        #expect(
            wire("EXEC", "x")
                == "-EXECABORT Transaction discarded because of: wrong number of arguments for 'exec'"
                + " command\r\n")
        #expect(wire("EXEC") == "-ERR EXEC without MULTI\r\n")
    }

    @Test("P-4: EXECABORT counts the commands as they were queued, the server's own among them")
    func places() {
        var wire = Wire()
        _ = wire("MULTI")
        for words in [["PING"], ["ME"], ["ECHO", "x"], ["UNIT.TREE"]] { wire.send(words) }
        _ = wire("EXEC")
        #expect(wire.invocations.map(\.place) == [2, 4])
        _ = wire("ME")
        #expect(wire.invocations.map(\.place) == [nil])
    }

    @Test("P-4: the server's own commands answer between those of the company, in order")
    func mixed() {
        var wire = Wire()
        _ = wire("MULTI")
        for words in [["PING"], ["ME"], ["ECHO", "x"], ["INFO"], ["UNIT.TREE"], ["SELECT", "9"]] {
            wire.send(words)
        }
        #expect(wire.received() == String(repeating: "+QUEUED\r\n", count: 6))
        #expect(
            wire("EXEC")
                == "*6\r\n+PONG\r\n+ME\r\n$1\r\nx\r\n$14\r\ndescribed INFO\r\n+UNIT.TREE\r\n"
                + "-ERR DB index is out of range\r\n")
    }

    @Test("P-4: a refusal inside EXEC answers EXECABORT and nothing else")
    func refusedInside() {
        var wire = Wire()
        wire.refusals["OPP.GET"] = "NOTFOUND no opportunity"
        _ = wire("MULTI")
        _ = wire("PING")
        _ = wire("OPP.GET", "o1")
        #expect(wire("EXEC") == "-EXECABORT OPP.GET: NOTFOUND no opportunity\r\n")
        #expect(wire("PING") == "+PONG\r\n")
    }

    @Test("D-17: whoever began a transaction is who it is recorded as")
    func identity() {
        for line in [["AUTH", "x", "y"], ["HELLO", "3", "AUTH", "x", "y"]] {
            var wire = Wire()
            _ = wire("MULTI")
            wire.send(line)
            #expect(wire.received() == "-ERR Command not allowed inside a transaction\r\n")
            #expect(wire("EXEC").hasPrefix("-EXECABORT "))
        }
    }

    @Test("P-4: HELLO inside EXEC changes the version from there on")
    func helloInside() {
        var wire = Wire()
        _ = wire("MULTI")
        _ = wire("HELLO", "3")
        _ = wire("CLIENT", "GETNAME")
        let answer = wire("EXEC")
        #expect(answer.hasPrefix("*2\r\n%7\r\n"))
        #expect(answer.hasSuffix("*0\r\n_\r\n"))
    }

    @Test(
        "P-4: SUBSCRIBE inside EXEC is confirmed among the answers, QUIT and RESET are not queued")
    func subscribeInside() {
        var wire = Wire()
        _ = wire("MULTI")
        _ = wire("SUBSCRIBE", "a", "b")
        #expect(
            wire("EXEC")
                == "*1\r\n*3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n"
                + "*3\r\n$9\r\nsubscribe\r\n$1\r\nb\r\n:2\r\n")
        wire = Wire()
        _ = wire("MULTI")
        #expect(wire("RESET") == "+RESET\r\n")
        #expect(wire.machine.transaction == nil)
        wire = Wire()
        _ = wire("MULTI")
        #expect(wire("QUIT") == "+OK\r\n")
        #expect(wire.isClosed)
    }

    @Test("P-4: a transaction holds 1000 commands and not one more")
    func bound() {
        var wire = Wire()
        _ = wire("MULTI")
        for _ in 0..<WireBounds.transactionCommands { wire.send(["PING"]) }
        #expect(
            wire.received()
                == String(repeating: "+QUEUED\r\n", count: WireBounds.transactionCommands))
        #expect(wire("PING").hasPrefix("-ERR a transaction holds at most 1000 commands"))
        #expect(wire("EXEC") == spoilt)
    }

    @Test("W-2: the answer to EXEC waits for the whole transaction")
    func gated() {
        var wire = Wire()
        _ = wire("MULTI")
        _ = wire("UNIT.CREATE", "a")
        _ = wire("PING")
        _ = wire("UNIT.CREATE", "b")
        #expect(wire("EXEC") == "")
        wire.durable = 1
        #expect(wire.received() == "")
        wire.durable = 2
        #expect(wire.received() == "*3\r\n+UNIT.CREATE\r\n+PONG\r\n+UNIT.CREATE\r\n")
    }
}
