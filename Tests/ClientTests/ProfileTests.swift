import Glibc
import Testing

@testable import pipeline_client

/// A directory of its own for each test, removed afterwards.
final class Scratch {
    let path: String

    init() throws {
        var template = Array("/tmp/pipeline-client-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure(.usage, .cannotWrite, "/tmp", "") }
        path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    }

    deinit {
        for name in ["pins", "credentials", "ca.pem", "link", "out"] { unlink("\(path)/a/\(name)") }
        rmdir(path + "/a")
        rmdir(path)
    }

    var directory: ConfigurationDirectory {
        ConfigurationDirectory(environment: ["XDG_CONFIG_HOME": path])
    }
}

@Suite struct ProfileTests {
    @Test(
        "S-6: addresses are rediss://user@host:port",
        arguments: [
            ("rediss://crm.example.com", "crm.example.com", 6699, nil),
            ("rediss://xiaoli@localhost:7000", "localhost", 7000, "xiaoli"),
            ("REDISS://x%40y@h:1/", "h", 1, "x@y"), ("rediss://[::1]:6700", "::1", 6700, nil),
            ("rediss://[::1]", "::1", 6699, nil), ("rediss://@h", "h", 6699, nil),
        ] as [(String, String, Int, String?)])
    func address(url: String, host: String, port: Int, user: String?) throws {
        let address = try ServerAddress(url: url)
        #expect(address.host == host)
        #expect(address.port == port)
        #expect(address.user == user)
        #expect(try ServerAddress(url: address.url) == address)
    }

    @Test(
        "S-6: anything else is refused without showing a password",
        arguments: [
            "redis://h", "h:6699", "rediss://", "rediss://h:0", "rediss://h:65536", "rediss://h:+1",
            "rediss://h:", "rediss://h/0", "rediss://[::1", "rediss://u%4@h",
            "rediss://u:secret@h:x",
        ])
    func badAddress(url: String) {
        let failure = #expect(throws: Failure.self) { try ServerAddress(url: url) }
        #expect(failure?.text(in: .english).contains("secret") == false)
    }

    @Test("S-6: profiles survive writing and reading, blanks of a password included")
    func roundTrip() throws {
        var profiles = Profiles()
        let address = ServerAddress(host: "crm.example.com", port: 7000, user: "x y")
        profiles["default"] = .init(
            address: address, password: " p = #ä ", authority: "/etc/ca.pem")
        profiles["other"] = .init(address: ServerAddress(host: "::1"), password: nil)
        #expect(try Profiles(parsing: profiles.text, path: "p") == profiles)
    }

    @Test(
        "S-6: a mistyped profile names file and line",
        arguments: [("[a]\nurl = rediss://h\ncacrt = x", "3"), ("nonsense", "1")])
    func badLine(text: String, line: String) {
        #expect(throws: Failure(.usage, .badProfileLine, "p", line)) {
            try Profiles(parsing: text, path: "p")
        }
    }

    @Test("S-6: credentials that others can read are refused", arguments: [0o640, 0o604, 0o666])
    func mode(mode: Int) throws {
        let scratch = try Scratch()
        let path = scratch.path + "/a/credentials"
        try PrivateFile.write("x\n", to: path)
        #expect(try PrivateFile.read(path) == "x\n")
        var status = stat()
        #expect(stat(path, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
        chmod(path, mode_t(mode))
        #expect(throws: Failure(.usage, .badFileMode, path, String(mode, radix: 8))) {
            try PrivateFile.read(path)
        }
    }

    @Test("S-8: a file is replaced with its mode, and what is no regular file is written into")
    func outputFiles() throws {
        let scratch = try Scratch()
        try PrivateFile.write("x", to: scratch.path + "/a/credentials")
        let path = scratch.path + "/a/out"
        try OutputFile.write("one", to: path)
        chmod(path, 0o600)
        try OutputFile.write("two", to: path)
        #expect(try PrivateFile.read(path) == "two")
        let full = #expect(throws: Failure.self) { try OutputFile.write("x", to: "/dev/full") }
        #expect(full?.exit == .server && full?.phrase == .cannotWrite)
        try OutputFile.write("x", to: "/dev/null")
    }

    @Test("S-6: no file is no profile, and a directory is none either")
    func missing() throws {
        let scratch = try Scratch()
        #expect(try scratch.directory.profiles() == Profiles())
        #expect(throws: Failure(.usage, .notOurFile, scratch.path)) {
            try PrivateFile.read(scratch.path)
        }
    }

    @Test("S-6: pins survive writing and reading in either spelling")
    func pins() throws {
        let scratch = try Scratch()
        let path = scratch.path + "/a/pins"
        let digits = String(repeating: "0f", count: 32)
        var pins = try Pins.load(path)
        #expect(pins["h:1"] == nil)
        pins["h:1"] = digits
        pins["[::1]:6699"] = digits
        try pins.save(path)
        #expect(try Pins.load(path) == pins)
        let spelled = Pins.spelled(digits)
        #expect(spelled.hasPrefix("0F:0F:") && spelled.count == 95)
        #expect(try Pins(parsing: "# c\n\nh:1  sha256:\(spelled)\n", path: "p")["h:1"] == digits)
    }

    @Test(
        "S-6: a damaged pins file is an error, never an unknown server",
        arguments: [
            "h:1", "h:1 sha256:00", "h:1 md5:00", "h:1 sha256:" + String(repeating: "g", count: 64),
        ])
    func badPins(text: String) {
        #expect(throws: Failure(.usage, .badPinsLine, "p", "2")) {
            try Pins(parsing: "\n" + text, path: "p")
        }
    }
}

@Suite struct SettingsTests {
    private let profiles: Profiles = {
        var profiles = Profiles()
        profiles["default"] = .init(
            address: ServerAddress(host: "crm", port: 6699, user: "wang"), password: "stored",
            authority: "/ca.pem")
        return profiles
    }()

    private func settings(_ arguments: [String], _ environment: [String: String] = [:]) throws
        -> Settings
    {
        try Settings(Options(arguments), environment, profiles) { (path) throws(Failure) in
            path == "/pw" ? "from file\nrest" : ""
        }
    }

    @Test("S-6: without options the profile counts")
    func profile() throws {
        let settings = try settings(["deals"])
        #expect(settings.server.endpoint == "crm:6699")
        #expect(settings.user == "wang")
        #expect(settings.password == "stored")
        #expect(settings.authority == "/ca.pem")
    }

    @Test("S-6: a stored password goes to its own server and login only")
    func elsewhere() throws {
        #expect(try settings(["--host", "evil", "--user", "wang"]).password == nil)
        #expect(try settings(["--host", "evil"]).user == nil)
        #expect(try settings(["--port", "1"]).authority == nil)
        #expect(try settings(["--user", "li"]).password == nil)
        #expect(try settings(["--url", "rediss://wang@crm"]).password == "stored")
        #expect(try settings(["--url", "rediss://crm"]).password == "stored")
    }

    @Test("S-6: options before the environment before the profile")
    func order() throws {
        let environment = [
            "PIPELINED_URL": "rediss://env:inurl@envhost:1", "PIPELINED_USER": "envuser",
        ]
        #expect(try settings([], environment).server.endpoint == "envhost:1")
        #expect(try settings([], environment).user == "env")
        #expect(try settings([], environment).password == "inurl")
        let typed = try settings(["--url", "rediss://me@h:2", "--port", "3"], environment)
        #expect(typed.server.endpoint == "h:3")
        #expect(typed.user == "me")
        #expect(typed.password == nil)
        #expect(try settings([], ["PIPELINED_PASSWORD_FILE": "/pw"]).password == "from file")
        let both = ["PIPELINED_PASSWORD_FILE": "/pw", "PIPELINED_PASSWORD": "direct"]
        #expect(try settings([], both).password == "direct")
    }

    @Test("S-6: a profile asked for by name must exist, unless login makes it")
    func named() throws {
        #expect(throws: Failure(.usage, .noProfile, "x")) { try settings(["--profile", "x"]) }
        _ = try settings(["login", "--profile", "x"])
    }

    @Test("S-1: options may stand anywhere before --")
    func options() throws {
        let options = try Options(["--json", "deals", "--lang=zh", "mine", "--", "--csv", "-x"])
        #expect(options.format == .json)
        #expect(options.language == "zh")
        #expect(options.words == ["deals", "mine", "--csv", "-x"])
        let watch = try Options([
            "--timeout", "3", "watch", "--timeout", "9", "--count", "1", "--ack",
        ])
        #expect(watch.timeout == 3)
        #expect(watch.words == ["watch", "--timeout", "9", "--count", "1", "--ack"])
        #expect(try Options(["note", "-- dash", "-5"]).words == ["note", "-- dash", "-5"])
    }

    @Test("S-6: the address may stand first, and only there")
    func addressFirst() throws {
        let options = try Options(["--json", "rediss://li@h:7", "deals", "rediss://x"])
        #expect(options.url == "rediss://li@h:7" && options.words == ["deals", "rediss://x"])
        #expect(try Options(["login", "rediss://li@h"]).words == ["login", "rediss://li@h"])
        #expect(try settings(["REDISS://li@h:7", "me"]).server.endpoint == "h:7")
    }

    @Test("S-9: a word in Chinese takes the options of its own")
    func chineseWords() throws {
        #expect(try Options(["值守", "--count=1"]).words == ["值守", "--count", "1"])
        #expect(try Options(["导入", "客户", "x.csv", "--dry-run"]).words.last == "--dry-run")
        #expect(try Options(["登录"]).word == "login")
    }

    @Test("S-3, S-6: the profile comes from --profile, then from the environment")
    func profileName() throws {
        let work = ["PIPELINED_PROFILE": "work"]
        #expect(try settings([]).profile == "default")
        #expect(try settings(["login"], work).profile == "work")
        #expect(try settings(["login", "--profile", "home"], work).profile == "home")
        #expect(throws: Failure(.usage, .noProfile, "work")) { try settings([], work) }
    }

    @Test("S-1, S-2: help lists every option, and the version is said")
    func help() throws {
        let style = Style(format: .text, width: 80)
        let help = try Help.alone(Options(["--help"]), style) ?? []
        for name in Options.names {
            #expect(help.contains { $0.hasPrefix("  " + name) }, "\(name)")
        }
        #expect(help.allSatisfy { TextWidth.of($0) <= 100 })
        #expect(try Help.alone(Options(["--version"]), style)?.count == 1)
    }

    @Test(
        "S-1: a wrong option is a usage error",
        arguments: [
            ["--jsno"], ["--port", "0"], ["--port"], ["--color", "red"], ["--timeout", "0"],
            ["--timeout", "nan"], ["--lang", "de"], ["--json=1"], ["--url", "rediss://u:p@h"],
            ["--url", "http://h"], ["--password", "x"], ["redis://h"], ["rediss://u:p@h"],
            ["--version=2"], ["--color=blue"],
        ])
    func badOptions(arguments: [String]) {
        let failure = #expect(throws: Failure.self) { try Options(arguments) }
        #expect(failure?.exit == .usage)
    }

    @Test("S-1: a near option is suggested")
    func nearOption() {
        #expect(throws: Failure(.usage, .unknownOptionNear, "--jsno", "--json")) {
            try Options(["--jsno"])
        }
    }

    @Test(
        "S-9: the language comes from --lang, then from the locale",
        arguments: [
            (nil, [:], Language.english), (nil, ["LANG": "zh_CN.UTF-8"], .chinese),
            (nil, ["LC_ALL": "C", "LANG": "zh_CN"], .english),
            (nil, ["LC_ALL": "", "LC_MESSAGES": "zh_CN", "LANG": "en_US"], .chinese),
            ("en", ["LANG": "zh_CN"], .english), ("zh", [:], .chinese), ("zh-CN", [:], .chinese),
            ("zh_CN.UTF-8", [:], .chinese), ("中文", [:], .chinese), ("EN", [:], .english),
        ] as [(String?, [String: String], Language)])
    func language(option: String?, environment: [String: String], expected: Language) {
        #expect(Language(option: option, environment: environment) == expected)
    }
}
