public import PipelineDomain

/// Who is to be told of what, judged by the company as it is now (D-34).
public struct LiveView: Sendable {
    let state: State

    /// The channel of everything.
    public static let channel = Array("events".utf8)
    /// What the channel of one deal or one unit begins with: `events:u12`.
    static let prefix = Array("events:".utf8)

    public enum Audience: Sendable {
        case everybody
        /// These, and whoever sees everything.
        case people(Set<PersonID>)
    }

    init(_ state: State) { self.state = state }

    /// Whether messages may come on a channel of the name.
    public static func isChannel(_ name: [UInt8]) -> Bool {
        name == channel || name.starts(with: prefix)
    }

    public func seesEverything(_ person: PersonID) -> Bool {
        state.persons.contains(person) && state.seesEverything(person)
    }

    /// The channels that a change goes out on: its deal's, the units' that it lies in, nearest first,
    /// and that of everything.
    public func channels(of change: LiveChange) -> [[UInt8]] {
        var names: [[UInt8]] = []
        func add(_ id: String) { names.append(Self.prefix + Array(id.utf8)) }
        var unit: UnitID?
        switch change.recorded.event {
        case .opportunity(let id, _): unit = place(of: id, &names)
        case .approval(let id, _): unit = place(of: state.approvals[id].opportunity, &names)
        case .activity(let id, _):
            switch state.activities[id].target {
            case .opportunity(let deal): unit = place(of: deal, &names)
            case .lead(let lead): unit = state.persons[state.leads[lead].owner].unit
            }
        case .lead(let id, _): unit = state.persons[state.leads[id].owner].unit
        case .person(let id, _): unit = state.persons[id].unit
        case .unit(let id, _): unit = id
        case .target(let id, _):
            switch state.targets[id].key.holder {
            case .unit(let holder): unit = holder
            case .person(let holder): unit = state.persons[holder].unit
            }
        case .company, .process, .customer, .contact, .founded, .inbox, .answered, .reminder: break
        }
        if let unit {
            for unit in state.path(from: unit) { add(unit.description) }
        }
        names.append(Self.channel)
        return names
    }

    private func place(of deal: OpportunityID, _ names: inout [[UInt8]]) -> UnitID {
        names.append(Self.prefix + Array(deal.description.utf8))
        return state.opportunities[deal].unit
    }

    public func audience(of change: LiveChange) -> Audience {
        switch change.recorded.event {
        case .company, .unit, .person, .process, .founded: .everybody
        case .customer(let id, let event):
            event.isOfDetails ? .people(state.audience(of: state.customers[id])) : .everybody
        case .contact(let id, _): .people(state.audience(of: state.contacts[id]))
        case .lead(let id, _): .people(state.audience(of: state.leads[id]))
        case .opportunity(let id, _): .people(state.audience(of: state.opportunities[id]))
        case .approval(let id, let event):
            .people(
                state.audience(of: state.approvals[id]).union(event.formerDeciders))
        case .activity(let id, _): .people(state.audience(of: state.activities[id]))
        case .target(let id, _):
            .people(state.audience(of: state.targets[id].key.holder))
        case .inbox(let id, _), .answered(let id, _): .people([id])
        case .reminder: .people([])
        }
    }

    /// Whether the person may be told, now.
    public func shows(_ change: LiveChange, to person: PersonID) -> Bool {
        guard state.persons[find: person]?.isActive == true else { return false }
        return switch change.recorded.event {
        case .company, .unit, .person, .process: true
        case .customer(let id, let event):
            !event.isOfDetails || state.seesDetails(person, of: state.customers[id])
        case .contact(let id, _): state.sees(person, state.contacts[id])
        case .lead(let id, _): state.sees(person, state.leads[id])
        case .opportunity(let id, _): state.sees(person, state.opportunities[id])
        case .approval(let id, _): state.sees(person, state.approvals[id])
        case .activity(let id, _): state.sees(person, state.activities[id])
        case .target(let id, _): state.seesTarget(of: state.targets[id].key.holder, person)
        case .founded, .inbox, .answered, .reminder: false
        }
    }
}

extension CustomerEvent {
    /// Whether it tells more than the name, which everybody may know (D-32).
    fileprivate var isOfDetails: Bool {
        switch self {
        case .created, .renamed: false
        case .changed, .customChanged: true
        }
    }
}

extension ApprovalEvent {
    fileprivate var formerDeciders: [PersonID] {
        if case .reassigned(let reassignment) = self { return reassignment.deciders.from }
        return []
    }
}

extension Ledger {
    /// The company as subscribers may see it at the instant.
    public func liveView(at now: Instant) -> LiveView {
        var state = state
        state.clock = now
        return LiveView(state)
    }
}
