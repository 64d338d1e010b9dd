/// A person on a deal's team and what they do there (D-6, D-10). One may have several roles.
public struct TeamMember: Hashable, Comparable, Sendable {
    public let person: PersonID
    public let role: String

    public init(person: PersonID, role: String) {
        self.person = person
        self.role = role
    }

    public static func < (left: Self, right: Self) -> Bool {
        left.person == right.person
            ? left.role.unicodeScalars.lexicographicallyPrecedes(right.role.unicodeScalars)
            : left.person < right.person
    }
}

/// `OPP.TEAM`: puts a person on a deal's team or takes them off it, also while an approval is pending
/// (D-6, D-25).
public struct ChangeTeam: Intent {
    public enum Wish: Sendable {
        case add(PersonReference, role: String)
        /// From all their roles.
        case remove(PersonReference)
    }

    let opportunity: OpportunityID
    let wish: Wish

    public init(opportunity: OpportunityID, wish: Wish) {
        self.opportunity = opportunity
        self.wish = wish
    }

    public func decide(_ state: State, _ context: Context) throws(Rejection) -> Decision {
        _ = try state.opportunity(opportunity, for: context.actor)
        switch wish {
        case .add(let reference, let role):
            return try add(try state.person(reference), role, state, context)
        case .remove(let reference):
            return try remove(try state.person(reference), state, context)
        }
    }

    private func add(
        _ person: Person, _ role: String, _ state: State, _ context: Context
    ) throws(Rejection) -> Decision {
        let deal = try state.changeable(opportunity, context, "change the team of")
        guard person.isActive else { throw .inactive(person.id) }
        let member = TeamMember(person: person.id, role: role)
        guard !deal.team.contains(member) else { return Decision(.opportunity(deal.id), []) }
        guard deal.team.count < Bounds.teamPlaces else {
            throw .invalid("ADD", "a team has at most \(Bounds.teamPlaces) places")
        }
        var events: [Event] = [.opportunity(deal.id, .teamJoined(member))]
        if person.id != context.actor {
            events.append(
                state.notify(person.id, .teamJoined, opportunity: deal.id, note: role, context))
        }
        return Decision(.opportunity(deal.id), events)
    }

    private func remove(
        _ person: Person, _ state: State, _ context: Context
    ) throws(Rejection) -> Decision {
        let deal = try state.changeable(opportunity, context, "change the team of")
        let roles = deal.roles(of: person.id)
        guard !roles.isEmpty else {
            throw .invalid("REMOVE", "\(person.id) is not on the team of \(deal.id)")
        }
        return Decision(
            .opportunity(deal.id),
            roles.map {
                .opportunity(deal.id, .teamLeft(TeamMember(person: person.id, role: $0)))
            })
    }
}

extension Opportunity {
    /// What the person does on the team, in order.
    public func roles(of person: PersonID) -> [String] {
        team.filter { $0.person == person }.map(\.role)
    }
}
