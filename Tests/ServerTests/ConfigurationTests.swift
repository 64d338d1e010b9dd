import PipelineCommands
import Testing

@testable import PipelineServer

@Suite("Configuration")
struct ConfigurationTests {
    private func read(
        flags: [Setting: String] = [:], environment: [String: String] = [:], file: String? = nil
    ) throws -> Configuration {
        try Configuration(
            flags: flags, environment: environment, file: file.map { ("/etc/p.conf", $0) })
    }

    private func refusal(
        flags: [Setting: String] = [:], environment: [String: String] = [:], file: String? = nil
    ) -> String {
        do {
            _ = try read(flags: flags, environment: environment, file: file)
            return "accepted"
        } catch {
            return "\(error)"
        }
    }

    @Test("O-2: flags beat the environment, which beats the file, which beats the defaults")
    func precedence() throws {
        let file = "# a comment\n\nlog-level = debug\r\nlisten=127.0.0.1:1\n  maxclients =  5  \n"
        let environment = ["PIPELINED_LISTEN": "127.0.0.1:2", "PIPELINED_LOG_LEVEL": "error"]
        let all = try read(
            flags: [.listen: "[::1]:3"], environment: environment, file: file)
        #expect(all.listen == HostPort("[::1]:3"))
        #expect(all[.listen].source == .flag("--listen"))
        #expect(all.logLevel == .error)
        #expect(all[.logLevel].source == .environment("PIPELINED_LOG_LEVEL"))
        #expect(all.maxClients == 5)
        #expect(all[.maxClients].source == .file(path: "/etc/p.conf", line: 5))
        #expect(all.logFormat == .text)
        #expect(all[.logFormat].source == .standard)
    }

    @Test("O-3: what SIGHUP does not take up is named, certificate and log settings left out")
    func awaitingRestart() throws {
        let running = try read(flags: [.data: "/d"], file: "listen = a:1\nlog-level = info\n")
        let changed = try read(
            flags: [.data: "/d"],
            file: "listen = a:2\nlog-level = debug\ntls-cert = /c\nmaxclients = 7\n")
        #expect(changed.awaitingRestart(since: running) == [.listen, .maxClients])
        #expect(running.awaitingRestart(since: running).isEmpty)
    }

    @Test("O-2: certificate and key are DIR/tls/{cert,key}.pem where nothing else is said")
    func certificates() throws {
        #expect(
            try read(flags: [.data: "/d"]).tls
                == TLSSettings(certificate: "/d/tls/cert.pem", key: "/d/tls/key.pem"))
        #expect(
            try read(flags: [.data: "/d", .tlsKey: "/k"]).tls
                == TLSSettings(certificate: "/d/tls/cert.pem", key: "/k"))
    }

    @Test("O-2: an unknown key is an error with its line and a suggestion")
    func unknownKey() {
        #expect(
            refusal(file: "listen = a:1\n\nlog-lvel = info\n")
                == "/etc/p.conf:3: unknown key 'log-lvel'; did you mean 'log-level'?")
        #expect(
            refusal(file: "zzzzzzzzzz = 1").hasPrefix(
                "/etc/p.conf:1: unknown key 'zzzzzzzzzz'; known keys: data, listen"))
        #expect(refusal(file: "what").hasPrefix("/etc/p.conf:1: 'what' is no 'key = value' line"))
        #expect(
            refusal(file: "data = a\ndata = b")
                == "/etc/p.conf:2: 'data' was set in line 1 already; keep one of them")
    }

    @Test("O-2: an unknown PIPELINED_ variable is told of, but harms nothing")
    func unknownVariable() throws {
        let all = try read(
            environment: [
                "PIPELINED_FOO": "1", "PIPELINED": "x", "HOME": "/", "PIPELINED_PASSWORD": "x",
                "PIPELINED_SERVICE_HOST": "10.0.0.1", "PIPELINED_PORT": "tcp://10.0.0.1:6699",
            ])
        #expect(all.strangers == ["PIPELINED_FOO", "PIPELINED_PORT", "PIPELINED_SERVICE_HOST"])
    }

    @Test("O-2: a variable that is nearly a setting is an error with a suggestion")
    func mistypedVariable() {
        #expect(
            refusal(environment: ["PIPELINED_LISTN": "127.0.0.1:1"])
                == "environment: unknown variable 'PIPELINED_LISTN'; did you mean 'PIPELINED_LISTEN'?"
        )
    }

    @Test("O-2: a certificate that is not there is named, with how to give one")
    func missingCertificate() throws {
        let all = try read(flags: [.tlsCertificate: "/nowhere/cert.pem"])
        let error = #expect(throws: OperationError.self) { try all.checkCertificate() }
        let text = "\(error.map { "\($0)" } ?? "")"
        #expect(text.contains("/nowhere/cert.pem: No such file or directory"))
        #expect(text.contains("--tls-cert and --tls-key") && text.contains("init --dev-tls"))
    }

    @Test(
        "O-2: a value that is none is an error that says where it stands",
        arguments: [
            ("listen", "6699"), ("listen", "localhost:99999"), ("listen", "::1:5"), ("listen", ""),
            ("maxclients", "0"), ("maxclients", "many"), ("output-cap", "1"),
            ("event-loops", "257"), ("log-level", "loud"), ("log-format", "xml"), ("data", ""),
        ])
    func wrongValue(_ key: String, _ value: String) {
        let text = refusal(file: "\(key) = \(value)")
        #expect(text.hasPrefix("/etc/p.conf:1: '\(key)' is '\(value)', but must be "))
    }

    @Test("P-1: a plaintext listener is on the loopback or not at all")
    func plaintext() throws {
        #expect(try read().plaintextListen == nil)
        #expect(try read(flags: [.plaintextListen: "127.0.0.1:1"]).plaintextListen?.port == 1)
        #expect(refusal(flags: [.plaintextListen: "0.0.0.0:1"]).hasPrefix("--plaintext-listen: "))
    }

    @Test("O-2: print-config masks secrets, also in an error")
    func masked() throws {
        let all = try read(environment: ["PIPELINED_TLS_KEY_PASSPHRASE": "hush"])
        #expect(all.lines.count == Setting.allCases.count)
        #expect(!all.lines.contains { $0.contains("hush") })
        #expect(all.lines.contains { $0.contains("********   # PIPELINED_TLS_KEY_PASSPHRASE") })
        #expect(all.tls.passphrase == "hush")
    }

    @Test("O-4: whatever a log event says, it takes one line", arguments: ServerLog.Format.allCases)
    func oneLine(_ format: ServerLog.Format) {
        let line = LineLogHandler.line(
            format, at: .init(milliseconds: 0), .info, "a\nb",
            [("k", "v w\r\n\"q\""), ("n", "1")])
        #expect(!line.contains("\n") && !line.contains("\r"))
        switch format {
        case .text:
            #expect(line == #"1970-01-01T00:00:00.000Z info a\nb k="v w\r\n\"q\"" n=1"#)
        case .json:
            #expect(
                line
                    == #"{"at":"1970-01-01T00:00:00.000Z","level":"info","message":"a\nb","k":"v w\r\n\"q\"","n":"1"}"#
            )
        }
    }

    @Test(
        "P-4: CONFIG GET takes Redis's patterns",
        arguments: [
            ("max*", "maxmemory", true), ("MAX*", "maxmemory", true), ("*", "", true),
            ("m?x*y", "maxmemory", true), ("m?x", "maxmemory", false),
            ("[l-n]ax*", "maxmemory", true),
            ("[^m]ax*", "maxmemory", false), ("\\*", "*", true), ("\\*", "x", false),
            ("a[", "ab", false), ("*a*b*c*", "xxaxxbxxcxx", true), ("*a*b*c", "xxaxxbxxcxx", false),
            ("", "", true), ("", "x", false),
        ])
    func globs(_ pattern: String, _ text: String, _ isMatch: Bool) {
        #expect(Glob.matches(Array(pattern.utf8), Array(text.utf8)) == isMatch)
    }
}
