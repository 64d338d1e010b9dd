import PipelineProtocol

/// What a session tells besides answers.
enum SessionEvent: Sendable, Equatable {
    case push(Push)
    case lost
    case reconnected
    /// No further attempt is made.
    case gave(up: Failure)
    case alarm(Int)
}

/// One person at one server, over as many connections as it takes (S-7): it connects again, sends
/// again what is safe to send again, subscribes again, and passes on no inbox row twice.
actor Session {
    typealias Dial = @Sendable () async throws -> any Link
    typealias Pause = @Sendable (_ seconds: Double) async throws -> Void

    /// Pushes and the fate of the connection, in order.
    nonisolated let events: AsyncStream<SessionEvent>
    private let notify: AsyncStream<SessionEvent>.Continuation
    private let dial: Dial
    private let pause: Pause
    /// Whether a lost connection is replaced at once, not only when something is to be sent.
    private let staysConnected: Bool

    private var link: (any Link)?
    private var generation = 0
    private var connecting: Task<any Link, any Error>?
    private(set) var commands = ServerCommands()
    private var channels: [String] = []
    private var patterns: [String] = []
    private var seenInbox: Int64 = 0
    private var transaction: [[String]]?
    private var closed = false
    /// Whether it was told that the connection is lost, which is told once.
    private var isLost = false

    /// Tries to come back within about six seconds before a command fails.
    static let attempts = 6

    init(
        staysConnected: Bool, dial: @escaping Dial,
        pause: @escaping Pause = { try await Task.sleep(for: .seconds($0)) }
    ) {
        (events, notify) = AsyncStream.makeStream(of: SessionEvent.self)
        self.staysConnected = staysConnected
        self.dial = dial
        self.pause = pause
    }

    /// Connects for the first time; a failure is final.
    func connect() async throws {
        link = adopt(try await dial())
    }

    func close() {
        closed = true
        link?.close()
        link = nil
        notify.finish()
    }

    // MARK: commands

    /// The whole table, once; for sessions of more than one command.
    func learnCommands() async throws {
        guard !commands.isComplete else { return }
        commands.learn(try await exchange(["COMMAND"], mayRepeat: true), complete: true)
    }

    /// The answer to one command. Writes get a token, so that a repetition after a lost connection
    /// is done once.
    ///
    /// Throws `uncertainWrite` when the connection was lost and repeating is not safe.
    func run(_ command: [String]) async throws -> Reply {
        guard let name = command.first?.uppercased() else { return .null }
        let isWrite = try await isWrite(name)
        let typed = command
        var command = command
        // Where words are missing, the token would be taken for them.
        if isWrite == true, name.contains("."), !RequestToken.isGiven(in: command),
            !commands.lacksWords(command)
        {
            command += ["REQID", RequestToken.random()]
        }
        let mayRepeat: Bool
        switch name {
        case "EXEC": mayRepeat = transaction?.allSatisfy { repeats($0) } ?? false
        case _ where Self.farewells.contains(name): mayRepeat = false
        default: mayRepeat = repeats(command)
        }
        do {
            let reply = try await exchange(command, mayRepeat: mayRepeat)
            remember(name, command, reply)
            if command != typed, let said = try await refusal(of: typed, reply) { return said }
            return reply
        } catch let failure as Failure where failure == .lost {
            // The server closes the connection in place of an answer.
            if Self.farewells.contains(name) { return .simple("OK") }
            if mayRepeat { throw failure }
            throw Failure(.connect, name == "EXEC" ? .transactionLost : .uncertainWrite, name)
        }
    }

    /// What the server says of the form of a write as it was typed: `… PHONE` without a value took our
    /// token for one. Trying it changes nothing.
    private func refusal(of typed: [String], _ reply: Reply) async throws -> Reply? {
        guard transaction == nil, reply.errorLine?.hasPrefix("ERR ") == true else { return nil }
        let tried = try await exchange(["DRYRUN"] + typed, mayRepeat: true)
        return tried.errorLine == nil ? nil : tried
    }

    /// The answers to many commands that are sent in one go. Every one may be repeated: reads, dry
    /// runs, and writes that carry a token.
    func batch(_ commands: [[String]]) async throws -> [Reply] {
        try await repeating(mayRepeat: true) { try await $0.send(batch: commands) }
    }

    private func isWrite(_ name: String) async throws -> Bool? {
        if let known = commands.isWrite(name) { return known }
        if commands.isComplete || transaction != nil || Self.harmless.contains(name) {
            return nil
        }
        let reply = try await exchange(["COMMAND", "INFO", name], mayRepeat: true)
        commands.learn(reply, complete: false)
        return commands.isWrite(name)
    }

    /// Reads may be sent again, and writes that carry a token.
    private func repeats(_ command: [String]) -> Bool {
        guard let name = command.first?.uppercased() else { return false }
        if Self.harmless.contains(name) || commands.isWrite(name) == false { return true }
        return name.contains(".") && RequestToken.isGiven(in: command)
    }

    private static let farewells: Set = ["QUIT", "SHUTDOWN"]

    /// Commands about the connection alone: doing them again changes nothing, and whether they write
    /// need not be asked.
    private static let harmless: Set = [
        "PING", "ECHO", "TIME", "HELLO", "COMMAND", "INFO", "SUBSCRIBE", "PSUBSCRIBE",
        "UNSUBSCRIBE", "PUNSUBSCRIBE", "MULTI", "DISCARD", "RESET",
    ]

    private func exchange(_ command: [String], mayRepeat: Bool) async throws -> Reply {
        try await repeating(mayRepeat: mayRepeat) { try await $0.send(command) }
    }

    private func repeating<Answer: Sendable>(
        mayRepeat: Bool, _ send: @Sendable (any Link) async throws -> Answer
    ) async throws -> Answer {
        var repetitions = 0
        while true {
            let link = try await connected()
            do {
                return try await send(link)
            } catch let failure as Failure where failure != .lost {
                throw failure
            } catch {
                if self.link === link { self.link = nil }
                guard mayRepeat, repetitions < Self.attempts, !closed else { throw Failure.lost }
                repetitions += 1
            }
        }
    }

    /// What has to be set up again on the next connection.
    private func remember(_ name: String, _ command: [String], _ reply: Reply) {
        let isRefused = reply.errorLine != nil
        let arguments = Array(command.dropFirst())
        switch name {
        case "MULTI" where !isRefused: transaction = []
        case "EXEC", "DISCARD": transaction = nil
        case "RESET" where !isRefused:
            transaction = nil
            channels = []
            patterns = []
        case _ where transaction != nil: if !isRefused { transaction?.append(command) }
        case "SUBSCRIBE" where !isRefused: channels = union(channels, arguments)
        case "PSUBSCRIBE" where !isRefused: patterns = union(patterns, arguments)
        case "UNSUBSCRIBE" where !isRefused: channels = without(channels, arguments)
        case "PUNSUBSCRIBE" where !isRefused: patterns = without(patterns, arguments)
        default: break
        }
    }

    private func union(_ old: [String], _ new: [String]) -> [String] {
        old + new.filter { !old.contains($0) }
    }

    private func without(_ old: [String], _ gone: [String]) -> [String] {
        gone.isEmpty ? [] : old.filter { !gone.contains($0) }
    }

    // MARK: inbox

    /// Rows up to `sequence` count as seen; the replay of a subscription does not show them again.
    func sawInbox(upTo sequence: Int64) {
        seenInbox = max(seenInbox, sequence)
    }

    /// The next subscription shows everything unacknowledged once more.
    func forgetSeen() {
        seenInbox = 0
    }

    /// Wakes whoever reads `events` after `seconds`.
    nonisolated func alarm(_ number: Int, after seconds: Double) -> Task<Void, Never> {
        Task { [notify] in
            guard (try? await Task.sleep(for: .seconds(seconds))) != nil else { return }
            notify.yield(.alarm(number))
        }
    }

    private func take(_ reply: Reply) {
        guard let push = Push(reply) else { return }
        if let sequence = push.inboxSequence {
            guard sequence > seenInbox else { return }
            seenInbox = sequence
        }
        notify.yield(.push(push))
    }

    // MARK: connections

    private func adopt(_ fresh: any Link) -> any Link {
        generation += 1
        let current = generation
        Task { [weak self] in
            for await push in fresh.pushes { await self?.take(push, of: current) }
            await self?.ended(current)
        }
        return fresh
    }

    private func take(_ reply: Reply, of generation: Int) {
        if generation == self.generation { take(reply) }
    }

    private func ended(_ generation: Int) async {
        guard generation == self.generation, !closed else { return }
        link = nil
        guard staysConnected else { return }
        // A command that was under way may have begun an attempt of its own, which ends sooner.
        while link == nil, !closed {
            do {
                _ = try await connected(attempts: .max)
            } catch let failure as Failure where failure.isTransient {
                continue
            } catch {
                notify.yield(.gave(up: error as? Failure ?? .lost))
                return
            }
        }
    }

    /// The connection there is, or a new one; several callers wait for the same attempt.
    private func connected(attempts: Int = attempts) async throws -> any Link {
        if let link { return link }
        if let connecting { return try await connecting.value }
        let attempt = Task { try await reconnect(attempts) }
        connecting = attempt
        return try await attempt.value
    }

    private func reconnect(_ attempts: Int) async throws -> any Link {
        // Gone before anybody hears how it ended: who asks then begins another.
        defer { connecting = nil }
        if !isLost { notify.yield(.lost) }
        isLost = true
        var wait = 0.1
        var failures = 0
        while true {
            if closed { throw Failure.lost }
            do {
                let fresh = adopt(try await dial())
                try await restore(fresh)
                link = fresh
                isLost = false
                notify.yield(.reconnected)
                return fresh
            } catch let failure as Failure where !failure.isTransient {
                throw failure
            } catch {
                link = nil
                failures += 1
                guard failures < attempts else { throw error }
                try await pause(wait * Double.random(in: 0.75...1.25))
                wait = min(wait * 2, 30)
            }
        }
    }

    private func restore(_ fresh: any Link) async throws {
        if !channels.isEmpty { _ = try await fresh.send(["SUBSCRIBE"] + channels) }
        if !patterns.isEmpty { _ = try await fresh.send(["PSUBSCRIBE"] + patterns) }
        guard let transaction else { return }
        _ = try await fresh.send(["MULTI"])
        for command in transaction { _ = try await fresh.send(command) }
    }
}

extension Failure {
    /// Worth another attempt later: the network or a server that is just starting, never trust, a
    /// login or a usage.
    var isTransient: Bool {
        switch phrase {
        case .connectionLost, .cannotConnect, .connectTimeout, .handshakeFailed, .answerTimeout:
            true
        case .authRefused: arguments.first?.hasPrefix("LOADING") == true
        default: false
        }
    }
}
