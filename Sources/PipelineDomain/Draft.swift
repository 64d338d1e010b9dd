/// A decision of several steps, where a later one has to see what the earlier ones change: events so
/// far, and the state as it will be after them.
struct Draft {
    private(set) var state: State
    let context: Context
    private(set) var events: [Event] = []

    init(_ state: State, _ context: Context) {
        self.state = state
        self.context = context
    }

    mutating func add(_ event: Event) {
        events.append(event)
        state.evolve(Recorded(sequence: 0, at: context.now, actor: context.actor, event: event))
    }

    mutating func add(_ events: [Event]) {
        for event in events { add(event) }
    }
}
