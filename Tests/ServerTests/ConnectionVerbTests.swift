import PipelineProtocol
import Testing

@testable import PipelineServer

@Suite("The connection's own commands, as in Redis 7.0")
struct ConnectionVerbTests {
    @Test("W-2: a reply leaves once what it saw is durable; PING keeps its place behind it")
    func gatedBySequence() {
        var wire = Wire()
        wire.send(["PING"])
        #expect(wire.received() == "+PONG\r\n")
        wire.send(["UNIT.CREATE", "a"])
        wire.send(["PING"])
        wire.send(["ME"])
        wire.send(["UNIT.CREATE", "b"])
        #expect(wire.received() == "")
        wire.durable = 1
        #expect(wire.received() == "+UNIT.CREATE\r\n+PONG\r\n+ME\r\n")
        wire.durable = 2
        #expect(wire.received() == "+UNIT.CREATE\r\n")
    }

    @Test(
        "P-4: arity and subcommands are refused in Redis's words",
        arguments: [
            (["PING", "a", "b"], "ERR wrong number of arguments for 'ping' command"),
            (["ECHO"], "ERR wrong number of arguments for 'echo' command"),
            (["SELECT"], "ERR wrong number of arguments for 'select' command"),
            (["SELECT", "1"], "ERR DB index is out of range"),
            (["SELECT", "abc"], "ERR value is not an integer or out of range"),
            (
                ["SELECT", "3000000000"],
                "ERR value is out of range, value must between -2147483648 and 2147483647"
            ),
            (["TIME", "x"], "ERR wrong number of arguments for 'time' command"),
            (["CLIENT"], "ERR wrong number of arguments for 'client' command"),
            (["CLIENT", "FOO"], "ERR unknown subcommand 'FOO'. Try CLIENT HELP."),
            (["CLIENT", "ID", "x"], "ERR wrong number of arguments for 'client|id' command"),
            (
                ["client", "setname"], "ERR wrong number of arguments for 'client|setname' command"
            ),
            (
                ["CLIENT", "SETNAME", "a b"],
                "ERR Client names cannot contain spaces, newlines or special characters."
            ),
            (["CLIENT", "SETINFO", "x", "y"], "ERR Unrecognized option 'x'"),
            (
                ["CLIENT", "SETINFO", "lib-name", "a b"],
                "ERR lib-name cannot contain spaces, newlines or special characters."
            ),
            (["CLIENT", "NO-EVICT", "x"], "ERR syntax error"),
            (["CLIENT", "REPLY", "x"], "ERR syntax error"),
            (["CLIENT", "LIST", "ID"], "ERR syntax error"),
            (["CLIENT", "LIST", "ID", "abc"], "ERR Invalid client ID"),
            (["CLIENT", "LIST", "TYPE", "foo"], "ERR Unknown client type 'foo'"),
            (["CLIENT", "KILL", "ID", "abc"], "ERR client-id should be greater than 0"),
            (["CLIENT", "KILL", "A", "b", "C"], "ERR syntax error"),
            (["CLIENT", "KILL", "SKIPME", "x"], "ERR syntax error"),
            (["CONFIG"], "ERR wrong number of arguments for 'config' command"),
            (["CONFIG", "GET"], "ERR wrong number of arguments for 'config|get' command"),
            (["CONFIG", "SET", "a"], "ERR unknown subcommand 'SET'. Try CONFIG HELP."),
        ])
    func refusals(_ words: [String], _ line: String) {
        var wire = Wire()
        wire.send(words)
        #expect(wire.received() == "-\(line)\r\n")
    }

    @Test("P-4: CLIENT SETNAME, GETNAME, SETINFO, NO-TOUCH and CAPA")
    func clientNames() {
        var wire = Wire()
        #expect(wire("CLIENT", "GETNAME") == "$-1\r\n")
        #expect(wire("CLIENT", "SETNAME", "ok") == "+OK\r\n")
        #expect(wire("CLIENT", "GETNAME") == "$2\r\nok\r\n")
        #expect(wire("CLIENT", "SETNAME", "") == "+OK\r\n")
        #expect(wire("CLIENT", "GETNAME") == "$-1\r\n")
        #expect(wire("CLIENT", "SETINFO", "LIB-NAME", "redis-py") == "+OK\r\n")
        #expect(wire.machine.libraryName == "redis-py")
        #expect(wire("CLIENT", "NO-TOUCH", "on") == "+OK\r\n")
        #expect(wire("CLIENT", "CAPA", "redirect") == "+OK\r\n")
    }

    @Test("P-4: CLIENT REPLY leaves replies out, but never a confirmation")
    func clientReply() {
        var wire = Wire()
        #expect(wire("CLIENT", "REPLY", "SKIP") == "")
        #expect(wire("PING") == "")
        #expect(wire("PING") == "+PONG\r\n")
        #expect(wire("CLIENT", "REPLY", "OFF") == "")
        #expect(wire("PING") == "")
        #expect(wire("ME") == "")
        #expect(wire("CLIENT", "REPLY", "ON") == "+OK\r\n")
        #expect(wire("PING") == "+PONG\r\n")
        _ = wire("CLIENT", "REPLY", "OFF")
        #expect(wire("SUBSCRIBE", "a").hasPrefix("*3\r\n"))
    }

    @Test("P-4: CLIENT LIST and INFO show lines, CLIENT KILL counts and may end itself")
    func clientList() {
        var wire = Wire()
        _ = wire("CLIENT", "LIST", "TYPE", "normal")
        let client = Examples.client(id: 7)
        #expect(
            wire.tell(.clients([Examples.client(id: 9), client]))
                == Examples.bulk(client.line + "\n" + Examples.client(id: 9).line + "\n"))
        _ = wire("CLIENT", "INFO")
        #expect(
            wire.tell(.clients([client, Examples.client(id: 9)]))
                == Examples.bulk(client.line + "\n"))
        _ = wire("CLIENT", "KILL", "1.2.3.4:5")
        #expect(wire.tell(.killed(0, isSelf: false)) == "-ERR No such client\r\n")
        _ = wire("CLIENT", "KILL", "ID", "7")
        #expect(wire.tell(.killed(0, isSelf: false)) == ":0\r\n")
        _ = wire("CLIENT", "KILL", "USER", "nobody")
        #expect(wire.tell(.unknownUser) == "-ERR No such user 'nobody'\r\n")
        _ = wire("CLIENT", "KILL", "USER", "li")
        #expect(
            wire.tell(.denied)
                == "-NOPERM this user has no permissions to run the 'client|kill' command\r\n")
        #expect(!wire.isClosed)
        _ = wire("CLIENT", "KILL", "ID", "7", "SKIPME", "no")
        #expect(wire.tell(.killed(1, isSelf: true)) == ":1\r\n")
        #expect(wire.isClosed)
    }

    @Test("P-1: a protocol error is answered, then nothing more")
    func protocolError() {
        var wire = Wire()
        wire.send(raw: Array("PING\r\nPING \"a\r\nPING\r\n".utf8))
        #expect(
            wire.received()
                == "+PONG\r\n-ERR Protocol error: unbalanced quotes in request\r\n")
        #expect(wire.isClosed)
    }

    @Test("P-1: a client that reads nothing is not answered further, and goes on when it reads")
    func outputPausesInput() {
        var wire = Wire()
        let big = String(repeating: "x", count: 50_000)
        for _ in 0..<8 { wire.send(["ECHO", big]) }
        #expect(wire.machine.outbox.count < ConnectionMachine.outputPauseBytes + 51_000)
        #expect(wire.machine.parser.bufferedBytes > 0)
        #expect(!wire.machine.canResume)
        var total = 0
        while case let part = wire.received().utf8.count, part > 0 {
            total += part
            #expect(wire.machine.canResume || wire.machine.parser.bufferedBytes == 0)
            wire.send(raw: [])
        }
        #expect(total == 8 * (50_000 + "$50000\r\n\r\n".utf8.count))
    }

    @Test("P-1: a paused connection that ends does not go on, however much of its output has left")
    func pausedThenEnded() {
        var wire = Wire()
        let big = String(repeating: "x", count: 50_000)
        for _ in 0..<8 { wire.send(["ECHO", big]) }
        wire.machine.end()
        _ = wire.received()
        #expect(!wire.machine.canResume)
    }

    @Test("D-35: a person deactivated meanwhile gets no answer, and the connection ends")
    func expelled() {
        var machine = ConnectionMachine(id: 1)
        machine.identity = Wire.somebody
        Request(["ME"]).encoded.withUnsafeBytes { machine.receive($0) }
        guard case .run = machine.next() else {
            Issue.record("the command was not run")
            return
        }
        machine.expel()
        guard case .close = machine.next() else {
            Issue.record("the connection goes on")
            return
        }
        #expect(machine.outbox.count == 0)
    }

    @Test("O-3: draining answers everything that has arrived, then ends")
    func draining() {
        var wire = Wire(authenticated: false)
        wire.send(["AUTH", "admin", "pw"])
        wire.send(["PING"])
        wire.machine.isDraining = true
        wire.send(raw: [])
        #expect(!wire.isClosed)
        #expect(wire.tell(.verified(Wire.somebody)) == "+OK\r\n+PONG\r\n")
        #expect(wire.isClosed)
    }
}

enum Examples {
    static func client(id: UInt64) -> ClientDescription {
        ClientDescription(
            id: id, address: "127.0.0.1:5000", localAddress: "127.0.0.1:6699", name: "n",
            ageSeconds: 2, idleSeconds: 1, channels: 0, patterns: 0, queued: nil, inputBytes: 0,
            outputBytes: 0, command: "client|list", user: "admin", version: .resp2,
            libraryName: "", libraryVersion: "")
    }

    static func bulk(_ text: String) -> String { "$\(text.utf8.count)\r\n\(text)\r\n" }
}
