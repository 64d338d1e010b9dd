/// A decision of several steps, where a later one has to see what the earlier ones change: events so
/// far, and the state as it will be after them.
struct Draft {
    private(set) var state: State
    let context: Context
    private(set) var events: [Event] = []
    /// Bytes that the events' records take, rather too many than too few.
    private(set) var estimatedBytes = 0

    init(_ state: State, _ context: Context) {
        self.state = state
        self.context = context
    }

    mutating func add(_ event: Event) {
        events.append(event)
        estimatedBytes += event.estimatedBytes
        state.evolve(Recorded(sequence: 0, at: context.now, actor: context.actor, event: event))
    }

    mutating func add(_ events: [Event]) {
        for event in events { add(event) }
    }
}

extension Event {
    /// Of the events that one decision makes in great numbers.
    fileprivate var estimatedBytes: Int {
        switch self {
        case .inbox(_, .notified(let notification)): 64 + (notification.note?.utf8.count ?? 0)
        case .approval(_, .reassigned(let facts)):
            64 + 5 * (facts.deciders.from.count + facts.deciders.to.count)
                + (facts.reason?.utf8.count ?? 0)
        default: 64
        }
    }
}
