import PipelineProtocol
import Synchronization
import Testing

@testable import pipeline_client

/// A server without a network: it does writes once by their token, and can lose the connection
/// before or after doing one.
private final class Fake: Sendable {
    enum Loss { case none, beforeDoing, afterDoing }

    struct State {
        var loss: [String: Loss] = [:]
        var dials = 0
        var refusedDials = 0
        var received: [[String]] = []
        var done: [String] = []
        var inbox: [Int] = []
        var links: [FakeLink] = []
    }

    let state = Mutex(State())

    func dial() throws -> any Link {
        try state.withLock { state in
            state.dials += 1
            if state.refusedDials > 0 {
                state.refusedDials -= 1
                throw Failure(.connect, .cannotConnect, "h", "refused")
            }
            let link = FakeLink(self)
            state.links.append(link)
            return link
        }
    }

    func session(staysConnected: Bool = false) -> Session {
        Session(staysConnected: staysConnected, dial: { try self.dial() }, pause: { _ in })
    }

    func lose(_ name: String, _ loss: Loss) { state.withLock { $0.loss[name] = loss } }

    var received: [[String]] { state.withLock { $0.received } }
    func received(_ name: String) -> [[String]] { received.filter { $0.first == name } }
}

private final class FakeLink: Link {
    let pushes: AsyncStream<Reply>
    private let push: AsyncStream<Reply>.Continuation
    private let server: Fake
    private let isLost = Mutex(false)

    init(_ server: Fake) {
        self.server = server
        (pushes, push) = AsyncStream.makeStream(of: Reply.self)
    }

    func close() {
        isLost.withLock { $0 = true }
        push.finish()
    }

    func send(_ arguments: [String]) async throws -> Reply {
        if isLost.withLock({ $0 }) { throw Failure.lost }
        let name = arguments.first ?? ""
        let loss = server.state.withLock { state in
            state.received.append(arguments)
            return state.loss.removeValue(forKey: name) ?? .none
        }
        if loss == .beforeDoing { return try fail() }
        let reply = answer(name, arguments)
        if loss == .afterDoing { return try fail() }
        return reply
    }

    private func fail() throws -> Reply {
        close()
        throw Failure.lost
    }

    private func answer(_ name: String, _ arguments: [String]) -> Reply {
        switch name {
        case "COMMAND":
            let all = [
                ("opp.create", "write"), ("opp.get", "readonly"), ("inbox.ack", "write"),
                ("multi", "fast"), ("exec", "fast"), ("ping", "fast"), ("flush", "write"),
                ("contact.create", "write"),
            ]
            let wanted = arguments.count > 2 ? arguments[2].lowercased() : nil
            return .array(
                all.filter { wanted == nil || $0.0 == wanted }.map { name, flag in
                    .array([
                        .bulk(Array(name.utf8)), .integer(name == "contact.create" ? -3 : -2),
                        .set([.simple(flag), .simple("fast")]),
                    ])
                })
        case "SUBSCRIBE":
            let rows = server.state.withLock { $0.inbox }
            for row in rows { message(row) }
            return .array([])
        case "CONTACT.CREATE": return .error("ERR has no keyword '\(arguments.last ?? "")'")
        case "DRYRUN": return .error("ERR PHONE needs a value")
        case "OPP.CREATE", "FLUSH":
            let token = arguments.last ?? ""
            server.state.withLock { state in
                if !state.done.contains(token) { state.done.append(token) }
            }
            return .simple("OK")
        default:
            return .simple("OK")
        }
    }

    func message(_ sequence: Int) {
        let payload = "{\"seq\":\(sequence),\"type\":\"note.added\"}"
        push.yield(
            .push([
                .bulk(Array("message".utf8)), .bulk(Array("inbox".utf8)),
                .bulk(Array(payload.utf8)),
            ]))
    }
}

@Suite struct SessionTests {
    private func connected(_ fake: Fake, staysConnected: Bool = false) async throws -> Session {
        let session = fake.session(staysConnected: staysConnected)
        try await session.connect()
        return session
    }

    @Test("S-7: writes carry a token, reads and connection commands do not")
    func token() async throws {
        let fake = Fake()
        let session = try await connected(fake)
        _ = try await session.run(["OPP.CREATE", "x"])
        _ = try await session.run(["OPP.GET", "o1"])
        _ = try await session.run(["PING"])
        let create = fake.received("OPP.CREATE")[0]
        #expect(create.count == 4 && create[2] == "REQID")
        #expect((1...64).contains(create[3].utf8.count))
        #expect(create[3].utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F })
        #expect(fake.received("OPP.GET") == [["OPP.GET", "o1"]])
        #expect(fake.received("COMMAND").count == 2)
    }

    @Test("S-7: a token that is given stays the only one")
    func givenToken() async throws {
        let fake = Fake()
        let session = try await connected(fake)
        _ = try await session.run(["OPP.CREATE", "x", "reqid", "mine"])
        #expect(fake.received("OPP.CREATE") == [["OPP.CREATE", "x", "reqid", "mine"]])
    }

    @Test("S-1, S-7: the token never takes the place of what was left out")
    func leftOut() async throws {
        let fake = Fake()
        let session = try await connected(fake)
        _ = try await session.run(["CONTACT.CREATE", "c1"])
        #expect(fake.received("CONTACT.CREATE") == [["CONTACT.CREATE", "c1"]])
        let typed = ["CONTACT.CREATE", "c1", "赵兵", "PHONE"]
        #expect(try await session.run(typed) == .error("ERR PHONE needs a value"))
        #expect(fake.received("CONTACT.CREATE").last?.suffix(2).first == "REQID")
        #expect(fake.received("DRYRUN") == [["DRYRUN"] + typed])
    }

    @Test("S-7: every write has a token of its own")
    func freshTokens() {
        #expect(Set((0..<100).map { _ in RequestToken.random() }).count == 100)
    }

    @Test(
        "S-7: a write whose answer was lost is sent again and done once", arguments: [true, false])
    func repeated(wasDone: Bool) async throws {
        let fake = Fake()
        fake.lose("OPP.CREATE", wasDone ? .afterDoing : .beforeDoing)
        let session = try await connected(fake)
        fake.state.withLock { $0.refusedDials = 3 }
        #expect(try await session.run(["OPP.CREATE", "x"]) == .simple("OK"))
        let sent = fake.received("OPP.CREATE")
        #expect(sent.count == 2 && sent[0] == sent[1])
        #expect(fake.state.withLock { $0.done.count } == 1)
        #expect(fake.state.withLock { $0.dials } == 5)
    }

    @Test("S-7, S-8: a batch that was cut off in the middle is sent again and each write done once")
    func batch() async throws {
        let fake = Fake()
        let session = try await connected(fake)
        let commands = (0..<5).map { ["OPP.CREATE", "x\($0)", "REQID", "t\($0)"] }
        _ = try await session.batch(Array(commands.prefix(3)))
        fake.lose("OPP.CREATE", .afterDoing)
        #expect(try await session.batch(commands).count == 5)
        #expect(fake.state.withLock { $0.done } == (0..<5).map { "t\($0)" })
    }

    @Test("S-7: what cannot be repeated safely is not; the failure says so")
    func uncertain() async throws {
        let fake = Fake()
        let session = try await connected(fake)
        try await session.learnCommands()
        fake.lose("FLUSH", .afterDoing)
        await #expect(throws: Failure(.connect, .uncertainWrite, "FLUSH")) {
            try await session.run(["FLUSH", "x"])
        }
        #expect(fake.received("FLUSH").count == 1)
    }

    @Test("S-7: a server that stays away is given up after some attempts")
    func givenUp() async throws {
        let fake = Fake()
        let session = try await connected(fake)
        fake.lose("PING", .beforeDoing)
        fake.state.withLock { $0.refusedDials = 1_000 }
        await #expect(throws: Failure.self) { try await session.run(["PING"]) }
        #expect(fake.state.withLock { $0.dials } == 1 + Session.attempts)
    }

    @Test("S-7: a command that gives up takes nothing from the session that stays connected")
    func staysConnected() async throws {
        let fake = Fake()
        let session = try await connected(fake, staysConnected: true)
        fake.lose("PING", .beforeDoing)
        fake.state.withLock { $0.refusedDials = 5 * Session.attempts }
        _ = try? await session.run(["PING"])
        var seen: [SessionEvent] = []
        for await event in session.events {
            seen.append(event)
            if event != .lost { break }
        }
        #expect(seen == [.lost, .reconnected])
        await session.close()
    }

    @Test("S-6: a changed pin or login is not tried again")
    func notTransient() {
        #expect(!Failure(.connect, .pinChanged).isTransient)
        #expect(!Failure(.auth, .authRefused, "WRONGPASS x").isTransient)
        #expect(Failure(.connect, .authRefused, "LOADING x").isTransient)
        #expect(Failure.lost.isTransient)
    }

    @Test("S-7: a transaction is set up again on the next connection")
    func transaction() async throws {
        let fake = Fake()
        let session = try await connected(fake)
        try await session.learnCommands()
        _ = try await session.run(["MULTI"])
        _ = try await session.run(["OPP.CREATE", "x"])
        fake.lose("EXEC", .afterDoing)
        _ = try await session.run(["EXEC"])
        let names = fake.received.map { $0[0] }
        #expect(
            names == [
                "COMMAND", "MULTI", "OPP.CREATE", "EXEC", "MULTI", "OPP.CREATE", "EXEC",
            ])
        let sent = fake.received("OPP.CREATE")
        #expect(sent[0] == sent[1])
    }

    @Test("S-7: after a lost connection the inbox is subscribed again and no row comes twice")
    func inbox() async throws {
        let fake = Fake()
        fake.state.withLock { $0.inbox = [3, 4] }
        let session = try await connected(fake, staysConnected: true)
        _ = try await session.run(["SUBSCRIBE", "inbox"])
        var events = session.events.makeAsyncIterator()
        var sequences: [Int64?] = []
        for _ in 0..<2 { sequences.append(await events.next()?.sequence) }
        fake.state.withLock { $0.inbox = [3, 4, 5] }
        fake.state.withLock { $0.links.last }?.close()
        #expect(await events.next() == .lost)
        var sawAgain = false
        while sequences.count < 3 {
            let event = await events.next()
            if event == .reconnected { sawAgain = true } else { sequences.append(event?.sequence) }
        }
        #expect(sequences == [3, 4, 5])
        #expect(fake.received("SUBSCRIBE").count == 2)
        if !sawAgain { #expect(await events.next() == .reconnected) }
        await session.close()
    }

    @Test("S-7: rows shown before, such as the backlog at the start, are not shown by the replay")
    func backlog() async throws {
        let fake = Fake()
        fake.state.withLock { $0.inbox = [1, 2, 3] }
        let session = try await connected(fake)
        await session.sawInbox(upTo: 2)
        _ = try await session.run(["SUBSCRIBE", "inbox"])
        var events = session.events.makeAsyncIterator()
        #expect(await events.next()?.sequence == 3)
        await session.close()
    }
}

extension SessionEvent {
    fileprivate var sequence: Int64? {
        if case .push(let push) = self { push.inboxSequence } else { nil }
    }
}
