public enum TargetKind: IdentifierKind {
    public static var prefix: StaticString { "t" }
    public static let noun = "target"
}

public typealias TargetID = Identifier<TargetKind>

/// Whose target it is.
public enum TargetHolder: Hashable, Sendable, CustomStringConvertible {
    case unit(UnitID)
    case person(PersonID)

    public var description: String {
        switch self {
        case .unit(let id): id.description
        case .person(let id): id.description
        }
    }
}

/// What a target is set for: there is one target for each (§1, A-12).
public struct TargetKey: Hashable, Sendable {
    public let holder: TargetHolder
    public let period: CalendarPeriod
    /// The kind of activity to be counted; `nil`: an amount to be won.
    public let activity: String?
    public let product: String?
    public let region: String?
    public let channel: String?

    public init(
        holder: TargetHolder, period: CalendarPeriod, activity: String? = nil,
        product: String? = nil, region: String? = nil, channel: String? = nil
    ) {
        self.holder = holder
        self.period = period
        self.activity = activity
        self.product = product
        self.region = region
        self.channel = channel
    }

    func with(holder: TargetHolder) -> TargetKey {
        TargetKey(
            holder: holder, period: period, activity: activity, product: product, region: region,
            channel: channel)
    }

    func with(period: CalendarPeriod) -> TargetKey {
        TargetKey(
            holder: holder, period: period, activity: activity, product: product, region: region,
            channel: channel)
    }
}

public enum TargetValue: Hashable, Sendable {
    case amount(Money)
    /// Of activities.
    case count(Int)
}

/// A sales target (§1): an amount, or a number of activities, for a period.
public struct Target: Sendable {
    public let id: TargetID
    public let key: TargetKey
    public internal(set) var value: TargetValue
    public internal(set) var revision: Revision
    /// When it was set first.
    public let setAt: Instant
    /// What was held against the time already (N-4), in the order in which it was.
    public internal(set) var checks: [TargetCheck] = []
}

public enum TargetEvent: Hashable, Sendable {
    /// The first one brings the target into being.
    case set(TargetKey, Change<TargetValue?>)
    /// Time brought it about; whether somebody was told, and what, is an event of its own.
    case checked(TargetCheck)
}

extension State {
    mutating func evolve(_ id: TargetID, _ event: TargetEvent, _ recorded: Recorded) {
        switch event {
        case .checked(let check): targets[id].checks.append(check)
        case .set(let key, let change):
            guard let value = change.to else { return }
            if targets.contains(id) {
                targets[id].value = value
                targets[id].revision.advance(by: recorded.actor)
            } else {
                let revision = Revision(number: 1, by: recorded.actor)
                targets.append(
                    Target(
                        id: id, key: key, value: value, revision: revision, setAt: recorded.at))
                targetKeys[key] = id
            }
        }
    }

    public func target(_ key: TargetKey) -> Target? { targetKeys[key].map { targets[$0] } }
}

// MARK: - Rights

extension State {
    /// D-32: everyone above the holder, and admins. A unit's target is held by its head.
    func maySet(_ person: PersonID, targetOf holder: TargetHolder) -> Bool {
        if persons[person].role == .admin { return true }
        switch holder {
        case .person(let id): return isAbove(person, id)
        case .unit(let id):
            if let head = units[id].head { return head != person && isAbove(person, head) }
            return path(from: id).contains { unit in
                units[unit].head.map { $0 == person || isAbove(person, $0) } == true
            }
        }
    }

    /// One's own, those of the units that one heads, and those of everybody and everything below.
    public func seesTarget(of holder: TargetHolder, _ viewer: PersonID) -> Bool {
        if seesEverything(viewer) { return true }
        switch holder {
        case .person(let id): return id == viewer || isAbove(viewer, id)
        case .unit(let id):
            return path(from: id).contains { unit in
                units[unit].head.map { $0 == viewer || isAbove(viewer, $0) } == true
            }
        }
    }
}

// MARK: - Setting

/// How a caller names whose target it is.
public enum HolderReference: Hashable, Sendable {
    case unit(UnitID)
    case person(PersonReference)
}

extension State {
    public func holder(_ reference: HolderReference) throws(Rejection) -> TargetHolder {
        switch reference {
        case .unit(let id): .unit(try unit(id).id)
        case .person(let reference): .person(try person(reference).id)
        }
    }
}

/// `TARGET.SET`: everyone above the holder, and admins (D-32). A second one for the same corrects the
/// first.
public struct SetTarget: Intent {
    public enum Goal: Sendable {
        /// Without a currency in the company's own.
        case amount(Amount, Currency?)
        case activities(kind: String, count: Int)
    }

    let holder: HolderReference
    let period: CalendarPeriod
    let goal: Goal
    let product: String?
    let region: String?
    let channel: String?

    public init(
        holder: HolderReference, period: CalendarPeriod, goal: Goal, product: String?,
        region: String?, channel: String?
    ) {
        self.holder = holder
        self.period = period
        self.goal = goal
        self.product = product
        self.region = region
        self.channel = channel
    }

    public func decide(_ state: State, _ context: Context) throws(Rejection) -> Decision {
        let holder = try state.holder(holder)
        guard state.maySet(context.actor, targetOf: holder) else {
            throw .notPermitted(
                action: "set targets of \(holder)", who: "somebody above the holder, or an admin")
        }
        var activity: String?
        if case .activities(let kind, _) = goal { activity = kind }
        let key = TargetKey(
            holder: holder, period: period, activity: activity, product: product, region: region,
            channel: channel)
        let known = state.target(key)
        let id = known?.id ?? state.targets.nextID
        try context.check(
            known?.revision ?? Revision(number: 0, by: context.actor), of: id.description)
        let value = try value(state)
        let event = Event.target(id, .set(key, Change(from: known?.value, to: value)))
        return Decision(
            .target(id), known?.value == value ? [] : [event], createsSubject: known == nil,
            answer: [
                Answer.Field("holder", .text(holder.description)),
                Answer.Field("period", .text(period.text)),
            ])
    }

    private func value(_ state: State) throws(Rejection) -> TargetValue {
        switch goal {
        case .activities(_, let count): return .count(count)
        case .amount(let amount, let currency):
            let currency = currency ?? state.company.currency
            do throws(AmountProblem) {
                return .amount(try amount.money(in: currency))
            } catch {
                throw .invalid("AMOUNT", error.text(currency.code))
            }
        }
    }
}
