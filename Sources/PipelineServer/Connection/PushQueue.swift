import DequeModule

/// What a connection waits for a turn of its loop for; the more urgent, the greater.
enum PushUrgency: Int, Comparable {
    case nothing, events, inbox

    static func < (left: PushUrgency, right: PushUrgency) -> Bool { left.rawValue < right.rawValue }
}

/// The connections of one loop that something waits for. A pure machine: it knows no clock and no loop.
///
/// A round serves everybody who waits when it begins, a few at a time, so that commands come in between.
/// After a round of many the queue rests for as long as it took: what comes about meanwhile goes to
/// each in one write, and half of the loop's time is for others, however many subscribers there are. A
/// few whose inbox grew wait for no round (N-7).
struct PushQueue<Subscriber> {
    private var inboxes: Deque<Subscriber> = []
    private var events: Deque<Subscriber> = []
    private var phase = Phase.idle

    private enum Phase {
        case idle
        /// So many are still to be served in the round.
        case serving(left: Int, since: Int64, isLong: Bool)
        case resting
    }

    /// Connections served in one turn.
    static var turnConnections: Int { 64 }
    /// A longer round was long because others had the processor.
    static var restMicrosecondsMost: Int64 { 5_000 }

    mutating func add(_ subscriber: Subscriber, as urgency: PushUrgency) {
        switch urgency {
        case .inbox: inboxes.append(subscriber)
        case .events: events.append(subscriber)
        case .nothing: break
        }
    }

    /// Those whose inbox grew, if they are few; they wait no longer.
    mutating func urgent() -> [Subscriber] {
        guard inboxes.count <= Self.turnConnections else { return [] }
        defer { inboxes.removeAll(keepingCapacity: true) }
        return Array(inboxes)
    }

    /// Whether a round begins: somebody waits, and none is under way.
    mutating func beginRound(at microseconds: Int64) -> Bool {
        let waiting = inboxes.count + events.count
        guard case .idle = phase, waiting > 0 else { return false }
        phase = .serving(
            left: waiting, since: microseconds, isLong: waiting > Self.turnConnections)
        return true
    }

    /// Whose turn it is.
    mutating func next() -> [Subscriber] {
        guard case .serving(let left, let since, let isLong) = phase else { return [] }
        var turn: [Subscriber] = []
        turn.reserveCapacity(min(left, Self.turnConnections))
        while turn.count < min(left, Self.turnConnections),
            let subscriber = inboxes.popFirst() ?? events.popFirst()
        {
            turn.append(subscriber)
        }
        // Those of them who were urgent meanwhile are no longer in a queue.
        let rest = turn.count < Self.turnConnections ? 0 : left - turn.count
        phase = .serving(left: rest, since: since, isLong: isLong)
        return turn
    }

    /// Microseconds until the round goes on, or another may begin; `nil` if nothing is to be waited for.
    mutating func wait(at microseconds: Int64) -> Int64? {
        guard case .serving(let left, let since, let isLong) = phase else { return nil }
        if left > 0 { return 0 }
        guard isLong || !inboxes.isEmpty || !events.isEmpty else {
            phase = .idle
            return nil
        }
        phase = .resting
        return isLong ? min(microseconds - since, Self.restMicrosecondsMost) : 0
    }

    /// Whether there is somebody to serve now that the wait is over.
    mutating func continueRound(at microseconds: Int64) -> Bool {
        if case .serving = phase { return true }
        phase = .idle
        return beginRound(at: microseconds)
    }
}
