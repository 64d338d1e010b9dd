extension Notification.Kind {
    /// Everything may be turned off but what somebody waits for (N-2).
    public var mayBeTurnedOff: Bool { self != .approvalRequested }
}

/// `PREF.SET`: one's own; whether a kind of notification is wanted (N-2).
public struct SetPreference: Intent {
    let kind: Notification.Kind
    let isOn: Bool

    public init(kind: Notification.Kind, isOn: Bool) {
        self.kind = kind
        self.isOn = isOn
    }

    public func decide(_ state: State, _ context: Context) throws(Rejection) -> Decision {
        let person = state.persons[context.actor]
        try context.check(person.revision, of: person.id.description)
        guard isOn || kind.mayBeTurnedOff else {
            throw .invalid(
                "kind",
                "'\(kind.rawValue)' cannot be turned off: somebody waits for you")
        }
        let wasOn = !person.muted.contains(kind)
        let event = PersonEvent.preferenceSet(kind, Change(from: wasOn, to: isOn))
        return Decision(
            .person(person.id), wasOn == isOn ? [] : [.person(person.id, event)],
            answer: [
                Answer.Field("kind", .text(kind.rawValue)),
                Answer.Field("on", .boolean(isOn)),
            ])
    }
}

extension State {
    /// Without the inbox rows that their owners turned off (N-2). Whoever records what was decided
    /// leaves them out here, so that no rule has to think of it.
    public func wanted(_ events: [Event]) -> [Event] {
        let tells = events.contains {
            switch $0 {
            case .inbox, .reminder: true
            default: false
            }
        }
        guard tells else { return events }
        return events.filter { event in
            let (person, kind): (PersonID, Notification.Kind)
            switch event {
            case .inbox(let owner, .notified(let row)): (person, kind) = (owner, row.kind)
            case .reminder(.late(let owner, let item)): (person, kind) = (owner, item.kind)
            default: return true
            }
            guard kind.mayBeTurnedOff, let owner = persons[find: person] else { return true }
            return !owner.muted.contains(kind)
        }
    }
}
