import HashTreeCollections

/// The answer to one request key, so that a repeated request is done once (P-6, D-30).
public struct RememberedAnswer: Hashable, Sendable {
    public let token: String
    /// Tells the command apart from another one under the same token.
    public let fingerprint: UInt64
    public let answer: Answer

    public init(token: String, fingerprint: UInt64, answer: Answer) {
        self.token = token
        self.fingerprint = fingerprint
        self.answer = answer
    }
}

/// A person's request keys: 24 hours by log time, bounded in number, oldest dropped first (P-6).
public struct RequestMemory: Sendable {
    var answers = TreeDictionary<String, (RememberedAnswer, Instant)>()
    var order: ContiguousArray<(token: String, at: Instant)> = []
    var dropped = 0

    /// What was answered under the token, unless it has expired by `now`.
    public func answer(to token: String, at now: Instant) -> RememberedAnswer? {
        guard let (answer, at) = answers[token], !Self.isExpired(at, now) else { return nil }
        return answer
    }

    mutating func remember(_ answer: RememberedAnswer, at instant: Instant) {
        answers[answer.token] = (answer, instant)
        order.append((answer.token, instant))
        while dropped < order.count,
            order.count - dropped > Bounds.requestsPerPerson
                || Self.isExpired(order[dropped].at, instant)
        {
            let oldest = order[dropped]
            if let (_, at) = answers[oldest.token], at == oldest.at { answers[oldest.token] = nil }
            dropped += 1
        }
        if dropped > 1024, dropped > order.count / 2 {
            order.removeFirst(dropped)
            dropped = 0
        }
    }

    private static func isExpired(_ at: Instant, _ now: Instant) -> Bool {
        now.milliseconds - at.milliseconds > Bounds.requestMemoryMilliseconds
    }
}
