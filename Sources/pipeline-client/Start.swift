import Glibc

/// From the command line to one of the modes (S-1).
@MainActor
struct Start {
    private let arguments: [String]
    private let environment: [String: String]
    private let directory: ConfigurationDirectory
    private let input = LineReader(STDIN_FILENO)

    init(_ arguments: [String], _ environment: [String: String]) {
        self.arguments = arguments
        self.environment = environment
        directory = ConfigurationDirectory(environment: environment)
    }

    func run() async -> ExitCode {
        var language = Language(option: nil, environment: environment)
        var options: Options?
        do {
            let parsed = try Options(arguments)
            options = parsed
            language = Language(option: parsed.language, environment: environment)
            if let lines = Help.alone(parsed, style(parsed, language)) {
                Terminal.outLine(lines.joined(separator: "\n"))
                return .ok
            }
            return try await run(parsed, language)
        } catch {
            Rendering.remarks(error, language).forEach(Terminal.errorLine)
            guard let failure = error as? Failure else { return .connect }
            if options == nil { Terminal.errorLine(Phrase.usageLine(language)) }
            return failure.exit
        }
    }

    private func run(_ options: Options, _ language: Language) async throws -> ExitCode {
        let isLogin = options.word == "login"
        var options = options
        if isLogin, options.words.count == 2 { options.url = options.words[1] }
        if isLogin, let url = options.url, try ServerAddress(url: url).password != nil {
            throw Failure(.usage, .passwordInURL)
        }
        let isTyped = options.words.isEmpty && Terminal.isTerminal(STDIN_FILENO)
        // Words are checked before anything is asked or sent.
        if !options.words.isEmpty {
            _ = try Words.step(options.words, context: WordContext(deal: "o0", user: ""))
        }
        let profiles = try directory.profiles()
        let settings = try Settings(options, environment, profiles)
        let interrupts = isTyped ? nil : Terminal.onInterrupt(Self.leaveAtOnce)
        defer { interrupts?.cancel() }
        let (user, password) = try await credentials(settings, options, isLogin, language)
        let dialer = dialer(settings, options, user, password, language)
        if isLogin {
            var server = settings.server
            server.user = user
            let profile = Profiles.Profile(
                address: server, password: password,
                authority: settings.authority.map(PrivateFile.absolute))
            return try await Login(directory: directory, language: language)
                .run(dialer, profile, name: settings.profile)
        }
        let session = Session(
            staysConnected: isTyped || options.word == "watch", dial: dialer.dial)
        try await session.connect()
        let runner = Runner(
            session: session, server: settings.server, user: user, directory: directory,
            style: style(options, language), isInteractive: isTyped,
            profile: settings.profile)
        if options.word == "watch", options.words.count == 1, options.format == nil, hasScreen {
            return await Interactive(runner, input, environment, only: "watch").run()
        }
        if !options.words.isEmpty { return await OneCommand(runner).run(options.words) }
        if isTyped { return await Interactive(runner, input, environment).run() }
        return await Script(runner, input, keepsGoing: options.keepGoing).run()
    }

    /// Whether a full screen can be shown and keys read.
    private var hasScreen: Bool {
        Terminal.isTerminal(STDIN_FILENO) && Terminal.isTerminal(STDOUT_FILENO)
            && environment["TERM"] != "dumb"
    }

    nonisolated private static let leaveAtOnce: @Sendable () -> Void = {
        Terminal.restoreEcho()
        Glibc.exit(ExitCode.interrupted.rawValue)
    }

    /// Asks at a terminal for what is missing.
    private func credentials(
        _ settings: Settings, _ options: Options, _ isLogin: Bool, _ language: Language
    ) async throws -> (user: String, password: String) {
        let mayAsk = Terminal.isTerminal(STDERR_FILENO)
        var user = settings.user
        if user == nil, mayAsk {
            user = Terminal.ask(Phrase.askUser(language), echo: true)
        }
        guard let user, !user.isEmpty else { throw Failure(.auth, .noUser) }
        // `login` stores what is typed now, not what was stored before.
        var password = isLogin ? environment["PIPELINED_PASSWORD"] : settings.password
        if options.passwordFromInput { password = await input.next()?.text ?? "" }
        if password == nil, mayAsk {
            password = Terminal.ask(Phrase.askPassword(language, user), echo: false)
        }
        guard let password else {
            throw Failure(.auth, isLogin ? .noTerminalForLogin : .noPassword, user)
        }
        return (user, password)
    }

    private func dialer(
        _ settings: Settings, _ options: Options, _ user: String, _ password: String,
        _ language: Language
    ) -> Dialer {
        var dialer = Dialer(
            address: settings.server, user: user, password: password,
            authority: settings.authority, pinsPath: directory.pins)
        if let timeout = options.timeout {
            dialer.connectSeconds = timeout
            dialer.answerSeconds = timeout
        }
        let pinsPath = directory.pins
        if Terminal.isTerminal(STDIN_FILENO), Terminal.isTerminal(STDERR_FILENO) {
            dialer.consent = { endpoint, fingerprint in
                Terminal.errorLine(
                    Phrase.unknownAuthorityAtTerminal(language, endpoint, fingerprint))
                let answer = Terminal.ask(Phrase.pinQuestion(language), echo: true)
                return ["yes", "是"].contains(answer?.lowercased() ?? "")
            }
            dialer.pinned = { Terminal.errorLine(Phrase.pinned(language, pinsPath)) }
        }
        return dialer
    }

    private func style(_ options: Options, _ language: Language) -> Style {
        let isTerminal = Terminal.isTerminal(STDOUT_FILENO)
        let isPlain =
            environment["NO_COLOR"].map { !$0.isEmpty } ?? false
            || environment["TERM"] == "dumb"
        let format = options.format ?? (isTerminal ? .text : .tsv)
        return Style(
            format: format,
            width: isTerminal ? Terminal.width(STDOUT_FILENO, environment) : nil,
            color: options.color == .always
                || (options.color == .auto && isTerminal && !isPlain),
            language: language, localTime: isTerminal && format == .text)
    }
}

/// `login`: tries the login, then stores it (S-6).
@MainActor
struct Login {
    let directory: ConfigurationDirectory
    let language: Language

    func run(_ dialer: Dialer, _ profile: Profiles.Profile, name: String) async throws -> ExitCode {
        let link = try await dialer.dial()
        link.close()
        var profiles = try directory.profiles()
        profiles[name] = profile
        try directory.save(profiles)
        Terminal.errorLine(
            Phrase.loggedIn(
                language, dialer.user, dialer.address.endpoint, directory.credentials))
        return .ok
    }
}
