import PipelineCommands
import PipelineProtocol

/// The channels and patterns of one connection (P-7, P-8).
struct Subscriptions: Sendable {
    private(set) var channels: Set<[UInt8]> = []
    private(set) var patterns: Set<[UInt8]> = []
    private var byteCount = 0
    /// Channels that live changes may come on.
    private var eventChannels = 0
    /// Whether the channel of everything is among them.
    private var hearsEverything = false

    private static let overheadBytes = WireBounds.subscriptionOverheadBytes

    /// The channel that delivers a person's own notifications (P-7).
    static let inbox = Array("inbox".utf8)

    var count: Int { channels.count + patterns.count }

    /// What stands against subscribing to all the names; nil if nothing does.
    func problem(adding names: [[UInt8]], arePatterns: Bool) -> String? {
        if arePatterns {
            if names.contains(where: { $0.count > WireBounds.patternBytes }) {
                return "ERR a pattern has at most \(WireBounds.patternBytes) bytes"
            }
            if patterns.union(names).count > WireBounds.patternsPerConnection {
                return "ERR a connection has at most \(WireBounds.patternsPerConnection) patterns;"
                    + " punsubscribe from some, or subscribe to channels by their names"
            }
        }
        let bytes = names.reduce(byteCount) { $0 + $1.count + Self.overheadBytes }
        guard bytes > WireBounds.subscriptionBytes else { return nil }
        return "ERR the names of a connection's subscriptions take at most"
            + " \(WireBounds.subscriptionBytes) bytes; unsubscribe from some"
    }

    mutating func add(_ name: [UInt8], isPattern: Bool) {
        let isNew = isPattern ? patterns.insert(name).inserted : channels.insert(name).inserted
        guard isNew else { return }
        byteCount += name.count + Self.overheadBytes
        if !isPattern, LiveView.isChannel(name) { eventChannels += 1 }
        if !isPattern, name == LiveView.channel { hearsEverything = true }
    }

    mutating func remove(_ name: [UInt8], isPattern: Bool) {
        let removed = isPattern ? patterns.remove(name) : channels.remove(name)
        guard removed != nil else { return }
        byteCount -= name.count + Self.overheadBytes
        if !isPattern, LiveView.isChannel(name) { eventChannels -= 1 }
        if !isPattern, name == LiveView.channel { hearsEverything = false }
    }

    mutating func removeAll() { self = Subscriptions() }

    private static let everything = [LiveMessage.Form(pattern: nil, channel: LiveView.channel)]

    /// Whether live changes may come (P-8).
    var listensToEvents: Bool { eventChannels > 0 || !patterns.isEmpty }

    /// The forms in which a change that goes out on `channels` is told: once for each channel
    /// subscribed to, and once for each pattern, by the first channel that it matches.
    func forms(of channels: [[UInt8]]) -> [LiveMessage.Form] {
        // Most listen to everything, on which every change goes out, and to nothing else.
        if hearsEverything, eventChannels == 1, patterns.isEmpty { return Self.everything }
        var forms: [LiveMessage.Form] = []
        if eventChannels > 0 {
            forms = channels.lazy.filter(self.channels.contains).map {
                LiveMessage.Form(pattern: nil, channel: $0)
            }
        }
        for pattern in patterns {
            let channel = channels.first { Glob.matches(pattern, $0, ignoringCase: false) }
            if let channel { forms.append(LiveMessage.Form(pattern: pattern, channel: channel)) }
        }
        return forms
    }

    /// Whether the form is still asked for.
    func asks(for form: LiveMessage.Form) -> Bool {
        if form.pattern == nil, form.channel == LiveView.channel { return hearsEverything }
        return form.pattern.map(patterns.contains) ?? channels.contains(form.channel)
    }
}

/// How far a subscriber has come in its person's inbox. Rows are pulled from the ledger after the
/// cursor, for replay and live alike, so nothing is skipped and nothing comes twice (P-7, N-1).
struct InboxFeed: Sendable {
    /// `seq` of the last row pushed.
    var cursor: UInt64 = 0
    /// Whether the replay has caught up: from then on rows are pushed as they become durable and
    /// count towards the cap of a slow subscriber (N-7).
    var isLive = false
}

extension ConnectionMachine {
    mutating func subscribe(_ request: Request, isPattern: Bool) {
        let names = (1..<request.count).map { Array(request[$0]) }
        if let problem = subscriptions.problem(adding: names, arePatterns: isPattern) {
            return answerError(problem)
        }
        for name in names {
            subscriptions.add(name, isPattern: isPattern)
            confirm(isPattern ? "psubscribe" : "subscribe", name)
            if !isPattern, name == Subscriptions.inbox { feed = InboxFeed() }
        }
        holdPushes()
    }

    mutating func unsubscribe(_ request: Request, isPattern: Bool) {
        let kind: StaticString = isPattern ? "punsubscribe" : "unsubscribe"
        var names = (1..<request.count).map { Array(request[$0]) }
        if names.isEmpty {
            let all = isPattern ? subscriptions.patterns : subscriptions.channels
            names = all.sorted { $0.lexicographicallyPrecedes($1) }
            if names.isEmpty { return confirm(kind, nil) }
        }
        for name in names {
            subscriptions.remove(name, isPattern: isPattern)
            if !isPattern, name == Subscriptions.inbox { feed = nil }
            confirm(kind, name)
        }
    }

    private mutating func confirm(_ kind: StaticString, _ name: [UInt8]?) {
        let count = subscriptions.count
        answer(isConfirmation: true) {
            $0.push(3)
            $0.bulk(kind)
            if let name { $0.bulk(name) } else { $0.null() }
            $0.integer(count)
        }
    }

    /// Holds pushes back until everything answered so far has been released.
    mutating func holdPushes() { pushBarrier = outbox.end }

    /// Whether rows of the inbox may be pushed now.
    var admitsPushes: Bool { feed != nil && isPastBarrier }

    /// Whether a push may be encoded now: none overtakes the confirmation of its subscription.
    var isPastBarrier: Bool { outbox.releasedEnd >= pushBarrier && !isClosing }
}
