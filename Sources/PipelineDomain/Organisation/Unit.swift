/// A node of the organisation tree (§1): company → branch → department → team.
public struct Unit: Sendable {
    public enum Kind: String, Sendable, CaseIterable { case company, branch, department, team }

    public let id: UnitID
    public internal(set) var name: String
    public internal(set) var kind: Kind
    /// `nil` for the root alone.
    public internal(set) var parent: UnitID?
    public internal(set) var head: PersonID?
    public internal(set) var children = OrderedIDs<UnitKind>()
    public internal(set) var members = OrderedIDs<PersonKind>()
    public internal(set) var isActive = true
    /// Where its people, units and processes went (D-29).
    public internal(set) var merger: Merger?
    public internal(set) var revision: Revision
    /// Kept on every event (E-5); behind only while a log is replayed (`State.deferSums`).
    var kept = UnitSums()
    /// Sums over the deals of the whole subtree.
    public var sums: [ProcessVersionID: [StageSum]] { kept.stages }
    /// The open deals' amounts by the day they are expected to close on.
    public var closes: CloseSums { kept.closes }
}

public enum UnitEvent: Hashable, Sendable {
    case created(name: String, kind: Unit.Kind, parent: UnitID?, head: PersonID?)
    case renamed(Change<String>)
    case moved(Change<UnitID>)
    case headChanged(Change<PersonID?>)
    case deactivated
    /// People, units and the processes that apply here go to another unit; closed deals stay.
    case merged(Merger)
}

extension State {
    public static let rootUnit = UnitID(1)

    mutating func evolve(_ id: UnitID, _ event: UnitEvent, _ recorded: Recorded) {
        switch event {
        case .created(let name, let kind, let parent, let head):
            units.append(
                Unit(
                    id: id, name: name, kind: kind, parent: parent, head: head,
                    revision: Revision(number: 1, by: recorded.actor)))
            if let parent { units[parent].children.insert(id) }
            if let head { persons[head].headOf.insert(id) }
            return
        case .renamed(let change):
            units[id].name = change.to
        case .moved(let change):
            hang(id, below: change.to)
        case .deactivated: retire(id)
        case .merged(let merger): merge(id, merger)
        case .headChanged(let change):
            if let old = change.from { persons[old].headOf.remove(id) }
            units[id].head = change.to
            if let new = change.to { persons[new].headOf.insert(id) }
        }
        units[id].revision.advance(by: recorded.actor)
    }

    /// The unit and all units above it, nearest first.
    public func path(from unit: UnitID) -> UnitPath { UnitPath(units: units, upcoming: unit) }

    /// Whether `unit` lies in the subtree of `root`, itself included.
    public func isUnit(_ unit: UnitID, within root: UnitID) -> Bool {
        var next: UnitID? = unit
        while let unit = next, unit != root { next = units[unit].parent }
        return next != nil
    }

    /// Refuses to hang so many levels below a unit if the tree would become too deep.
    fileprivate func requireDepth(_ levels: Int, below parent: UnitID) throws(Rejection) {
        let above = path(from: parent).reduce(0) { depth, _ in depth + 1 }
        guard above + levels <= Bounds.unitDepth else {
            throw .invalid("PARENT", "the tree is at most \(Bounds.unitDepth) levels deep")
        }
    }

    /// Levels of the subtree, the unit's own included.
    fileprivate func levels(below root: UnitID) -> Int {
        var levels = 0
        var level = [root]
        while !level.isEmpty {
            levels += 1
            level = level.flatMap { Array(units[$0].children) }
        }
        return levels
    }

    /// The unit and everything below it, parents before children, by id among siblings.
    public func subtree(of root: UnitID) -> [UnitID] {
        var found = [root]
        var next = 0
        while next < found.count {
            found.append(contentsOf: units[found[next]].children)
            next += 1
        }
        return found
    }
}

/// Walks from a unit to the root.
public struct UnitPath: Sequence, IteratorProtocol, Sendable {
    let units: Table<UnitKind, Unit>
    var upcoming: UnitID?

    public mutating func next() -> UnitID? {
        guard let current = upcoming else { return nil }
        upcoming = units[current].parent
        return current
    }
}

// MARK: - Intents

/// `UNIT.CREATE`: admin only (D-32); without a parent it hangs under the root.
public struct CreateUnit: Intent {
    let name: String
    let parent: UnitID?
    let kind: Unit.Kind?
    let head: PersonReference?

    public init(name: String, parent: UnitID?, kind: Unit.Kind?, head: PersonReference?) {
        self.name = name
        self.parent = parent
        self.kind = kind
        self.head = head
    }

    public func decide(_ state: State, _ context: Context) throws(Rejection) -> Decision {
        let parent = try state.unit(parent ?? State.rootUnit)
        let head: Person? = if let head { try state.person(head) } else { nil }
        try state.requireAdmin(context, "create units")
        try parent.requireActive()
        if let head, !head.isActive { throw .inactive(head.id) }
        let id = state.units.nextID
        try state.requireDepth(1, below: parent.id)
        let event = UnitEvent.created(
            name: name, kind: kind ?? .department, parent: parent.id, head: head?.id)
        return Decision(.unit(id), [.unit(id, event)], createsSubject: true)
    }
}

/// `UNIT.UPDATE`: name, parent, head, where an empty text means no head; cycles are refused (D-29).
public struct UpdateUnit: Intent {
    let unit: UnitID
    let name: String?
    let parent: UnitID?
    /// `.some(nil)` clears the head.
    let head: PersonReference??

    public init(unit: UnitID, name: String?, parent: UnitID?, head: PersonReference??) {
        self.unit = unit
        self.name = name
        self.parent = parent
        self.head = head
    }

    public func decide(_ state: State, _ context: Context) throws(Rejection) -> Decision {
        let unit = try state.unit(unit)
        let newParent: UnitID? = if let parent { try state.unit(parent).id } else { nil }
        var newHead: Person?
        if let reference = head.flatMap({ $0 }) { newHead = try state.person(reference) }
        try state.requireAdmin(context, "change units")
        try context.check(unit.revision, of: unit.id.description)
        if newParent != nil || newHead != nil { try unit.requireActive() }
        if let newParent { try state.units[newParent].requireActive() }
        if let newHead, newHead.id != unit.head, !newHead.isActive { throw .inactive(newHead.id) }
        var events: [Event] = []
        if let name, name != unit.name {
            events.append(.unit(unit.id, .renamed(Change(from: unit.name, to: name))))
        }
        let move = newParent.flatMap { $0 == unit.parent ? nil : $0 }
        if let move, let parent = unit.parent {
            guard !state.isUnit(move, within: unit.id) else {
                throw .cycle(
                    what: "unit \(unit.id) would lie below itself", name: move.description)
            }
            events.append(.unit(unit.id, .moved(Change(from: parent, to: move))))
        }
        if head != nil, newHead?.id != unit.head {
            events.append(.unit(unit.id, .headChanged(Change(from: unit.head, to: newHead?.id))))
        }
        try state.requireNoCircle(after: events, context)
        // What conflicts with the tree as it is comes before what is wrong by itself (P-5).
        if let move {
            guard unit.parent != nil else {
                throw .invalid("PARENT", "\(unit.id) is the root of the tree and stays it")
            }
            try state.requireDepth(state.levels(below: unit.id), below: move)
        }
        return Decision(.unit(unit.id), events)
    }
}
