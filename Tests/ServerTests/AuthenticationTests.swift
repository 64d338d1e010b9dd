import PipelineDomain
import PipelineProtocol
import Testing

@testable import PipelineServer

@Suite("Before and while authenticating, as in Redis 7.0")
struct AuthenticationTests {
    private let wrong = "-WRONGPASS invalid username-password pair or user is disabled.\r\n"
    private let noAuth = "-NOAUTH Authentication required.\r\n"

    @Test("P-4: before AUTH only AUTH, HELLO, QUIT and RESET are answered")
    func beforeAuthentication() {
        var wire = Wire(authenticated: false)
        #expect(wire("PING") == noAuth)
        #expect(wire("ME") == noAuth)
        #expect(wire("MULTI") == noAuth)
        #expect(wire("PING", "a", "b", "c") == noAuth)
        #expect(wire("ECHO") == "-ERR wrong number of arguments for 'echo' command\r\n")
        #expect(
            wire("EXEC")
                == "-EXECABORT Transaction discarded because of: NOAUTH Authentication required.\r\n"
        )
        #expect(wire("RESET") == "+RESET\r\n")
        #expect(wire("QUIT", "x") == "+OK\r\n")
        #expect(wire.isClosed)
    }

    @Test("P-4: before AUTH at most 10 arguments and 16 KiB each, afterwards more")
    func limitsBeforeAuthentication() {
        var wire = Wire(authenticated: false)
        wire.send(Array(repeating: "PING", count: 11))
        #expect(wire.received() == "-ERR Protocol error: unauthenticated multibulk length\r\n")
        #expect(wire.isClosed)

        wire = Wire(authenticated: false)
        _ = wire("AUTH", "admin", "right")
        #expect(wire.tell(.verified(Wire.somebody)) == "+OK\r\n")
        #expect(wire("ECHO", String(repeating: "x", count: 20_000)).hasPrefix("$20000\r\n"))
        _ = wire("RESET")
        wire.send(["AUTH", String(repeating: "x", count: 20_000)])
        #expect(wire.received() == "-ERR Protocol error: unauthenticated bulk length\r\n")
    }

    @Test("P-4: AUTH has one or two arguments; a password alone is the default user's")
    func authForms() {
        var wire = Wire(authenticated: false)
        #expect(wire("AUTH") == "-ERR wrong number of arguments for 'auth' command\r\n")
        #expect(wire("AUTH", "a", "b", "c") == "-ERR syntax error\r\n")
        #expect(wire("AUTH", "secret") == "")
        guard case .verify(let login, let password) = wire.question else {
            Issue.record("no password was to be verified")
            return
        }
        #expect(login == Array("default".utf8) && password == Array("secret".utf8))
        #expect(wire.tell(.verified(nil)) == wrong)
        #expect(wire("PING") == noAuth)
    }

    @Test("P-4: commands pipelined behind AUTH wait for the verdict and are answered in order")
    func pipelinedBehindAuth() {
        var wire = Wire(authenticated: false)
        let commands = [["AUTH", "admin", "pw"], ["PING"], ["ECHO", "x"], ["CLIENT", "ID"]]
        wire.send(raw: commands.flatMap { Request($0).encoded })
        #expect(wire.received() == "")
        #expect(wire.tell(.verified(Wire.somebody)) == "+OK\r\n+PONG\r\n$1\r\nx\r\n:7\r\n")
        wire.send(raw: commands.flatMap { Request($0).encoded })
        #expect(wire.tell(.verified(nil)) == wrong + "+PONG\r\n$1\r\nx\r\n:7\r\n")
    }

    @Test("P-4: only one question is asked at a time, so one client holds one place in the queue")
    func oneQuestionAtATime() {
        var wire = Wire(authenticated: false)
        wire.send(["AUTH", "a", "1"])
        wire.send(["AUTH", "b", "2"])
        guard case .verify(let first, _) = wire.question else {
            Issue.record("nothing was asked")
            return
        }
        #expect(first == Array("a".utf8))
        #expect(wire.tell(.verified(nil)) == wrong)
        guard case .verify(let second, _) = wire.question else {
            Issue.record("nothing was asked")
            return
        }
        #expect(second == Array("b".utf8))
    }

    @Test("P-4: HELLO's refusals are Redis's, word for word")
    func helloRefusals() {
        var wire = Wire(authenticated: false)
        let needsAuth =
            "-NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO"
            + " AUTH <user> <pass> option can be used to authenticate the client and select the RESP"
            + " protocol version at the same time\r\n"
        #expect(wire("HELLO") == needsAuth)
        #expect(wire("HELLO", "3") == needsAuth)
        #expect(wire("HELLO", "4") == "-NOPROTO unsupported protocol version\r\n")
        #expect(wire("HELLO", "-1") == "-NOPROTO unsupported protocol version\r\n")
        for text in ["a", "3.0", "03"] {
            #expect(
                wire("HELLO", text) == "-ERR Protocol version is not an integer or out of range\r\n"
            )
        }
        #expect(
            wire("HELLO", "3", "AUTH", "default") == "-ERR Syntax error in HELLO option 'AUTH'\r\n")
        #expect(wire("HELLO", "3", "FOO") == "-ERR Syntax error in HELLO option 'FOO'\r\n")
        #expect(
            wire("HELLO", "3", "SETNAME", "a b")
                == "-ERR Client names cannot contain spaces, newlines or special characters.\r\n")
        _ = wire("HELLO", "3", "SETNAME", "x", "AUTH", "admin", "bad")
        #expect(wire.tell(.verified(nil)) == wrong)
        #expect(wire.machine.version == .resp2)
    }

    @Test("P-4: HELLO 3 AUTH SETNAME authenticates, names and changes the version at once")
    func hello() {
        var wire = Wire(authenticated: false)
        _ = wire("HELLO", "3", "AUTH", "admin", "pw", "SETNAME", "shell")
        #expect(
            wire.tell(.verified(Wire.somebody))
                == "%7\r\n$6\r\nserver\r\n$9\r\npipelined\r\n$7\r\nversion\r\n$5\r\n7.2.4\r\n"
                + "$5\r\nproto\r\n:3\r\n$2\r\nid\r\n:7\r\n$4\r\nmode\r\n$10\r\nstandalone\r\n"
                + "$4\r\nrole\r\n$6\r\nmaster\r\n$7\r\nmodules\r\n*0\r\n")
        #expect(wire("CLIENT", "GETNAME") == "$5\r\nshell\r\n")
        #expect(wire("HELLO", "2").hasPrefix("*14\r\n"))
        #expect(wire("RESET") == "+RESET\r\n")
        #expect(wire("PING") == noAuth)
    }

    @Test("O-2: a new password reaches the ledger only as its hash, also inside EXEC")
    func passwordsAreHashed() {
        var wire = Wire()
        _ = wire("PERSON.CREATE", "li", "NAME", "Li", "UNIT", "u1", "PASSWORD", "secret-1")
        guard case .hash(let argument, _, let password) = wire.question else {
            Issue.record("no password was to be hashed")
            return
        }
        #expect(argument == 7 && password == Array("secret-1".utf8))
        #expect(wire.tell(.secret(argument: argument, "$scrypt$")) == "")
        wire.sync()
        #expect(wire.received() == "+PERSON.CREATE\r\n")

        #expect(wire("MULTI") == "+OK\r\n")
        _ = wire("PERSON.CREATE", "li", "NAME", "Li", "UNIT", "u1", "PASSWORD", "secret-1")
        #expect(wire.question == nil)
        _ = wire("EXEC")
        #expect(wire.question != nil)
        _ = wire.tell(.secret(argument: argument, "$scrypt$"))
        wire.sync()
        #expect(wire.received() == "*1\r\n+PERSON.CREATE\r\n")
    }

    @Test("P-6: a password under a request key is compared with the one that is set")
    func repeatedPasswords() {
        for isSame in [true, false] {
            var wire = Wire()
            _ = wire("PERSON.PASSWORD", "li", "secret-12", "OLD", "secret-1", "REQID", "key")
            guard case .hash(let argument, _, _) = wire.question else {
                Issue.record("no password was to be hashed")
                return
            }
            #expect(wire.tell(.secret(argument: argument, "$scrypt$")) == "")
            guard
                case .compare(let place, let token, let asker, let person, let password) =
                    wire.question
            else {
                Issue.record("no password was to be compared")
                return
            }
            #expect(place == argument && token == "key" && asker == Wire.somebody)
            #expect(person == Array("li".utf8) && password == Array("secret-12".utf8))
            _ = wire.tell(.same(argument: place, isSame))
            guard case .prove(let proof, _, _) = wire.question else {
                Issue.record("no password was to be proved")
                return
            }
            _ = wire.tell(.secret(argument: proof, ""))
            #expect(wire.invocations.first?.knownPasswords == (isSame ? [argument] : []))
            #expect(wire.invocations.first?.secrets == [argument: "$scrypt$", proof: ""])
        }
    }
}
