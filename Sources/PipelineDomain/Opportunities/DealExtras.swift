/// What few deals have. It lies in a place of its own, so that all the others take less room and are
/// copied with fewer references.
struct DealExtras: Sendable {
    var tags: [String] = []
    var competitors: [String] = []
    var cost: Money?
    var custom: [String: FeedbackValue] = [:]
    var feedback: [StageItem: FeedbackValue] = [:]
    var tasksDone: [StageItem: TaskResult] = [:]
    var closingRate: ExchangeRate?
    var closedMilliseconds: Int64 = 0
    var team: [TeamMember] = []
    var voided = OrderedIDs<ApprovalKind>()
    var contacts: [DealContact] = []

    var isEmpty: Bool {
        tags.isEmpty && competitors.isEmpty && cost == nil && custom.isEmpty && feedback.isEmpty
            && tasksDone.isEmpty && closingRate == nil && closedMilliseconds == 0 && team.isEmpty
            && voided.isEmpty && contacts.isEmpty
    }
}

/// A deal's extras behind one reference; `nil` stands for none. A value like any other: it is copied
/// before it is changed where another deal's copy holds it as well.
struct DealExtrasBox: Sendable {
    /// Unchecked: changed only while it is held once.
    private final class Storage: @unchecked Sendable {
        var value: DealExtras
        init(_ value: DealExtras) { self.value = value }
    }

    private var storage: Storage?

    func read<Value>(_ property: (DealExtras) -> Value) -> Value? {
        storage.map { property($0.value) }
    }

    mutating func change(_ body: (inout DealExtras) -> Void) {
        if storage == nil {
            storage = Storage(DealExtras())
        } else if !isKnownUniquelyReferenced(&storage) {
            storage = storage.map { Storage($0.value) }
        }
        guard let storage else { return }
        body(&storage.value)
        if storage.value.isEmpty { self.storage = nil }
    }

    var isEmpty: Bool { storage == nil }
}

extension Opportunity {
    /// By code point.
    public internal(set) var tags: [String] {
        get { extras.read { $0.tags } ?? [] }
        set { setExtra(unless: newValue.isEmpty) { $0.tags = newValue } }
    }

    /// As they were named.
    public internal(set) var competitors: [String] {
        get { extras.read { $0.competitors } ?? [] }
        set { setExtra(unless: newValue.isEmpty) { $0.competitors = newValue } }
    }

    /// What carrying the deal out is estimated to cost, in the deal's currency.
    public internal(set) var cost: Money? {
        get { extras.read { $0.cost } ?? nil }
        set { setExtra(unless: newValue == nil) { $0.cost = newValue } }
    }

    /// Custom fields by key; filled ones only.
    public internal(set) var custom: [String: FeedbackValue] {
        get { extras.read { $0.custom } ?? [:] }
        set { setExtra(unless: newValue.isEmpty) { $0.custom = newValue } }
    }

    public internal(set) var feedback: [StageItem: FeedbackValue] {
        get { extras.read { $0.feedback } ?? [:] }
        set { setExtra(unless: newValue.isEmpty) { $0.feedback = newValue } }
    }

    public internal(set) var tasksDone: [StageItem: TaskResult] {
        get { extras.read { $0.tasksDone } ?? [:] }
        set { setExtra(unless: newValue.isEmpty) { $0.tasksDone = newValue } }
    }

    /// What a unit of the deal's currency was worth on the day it closed (D-36).
    var closingRate: ExchangeRate? {
        get { extras.read { $0.closingRate } ?? nil }
        set { setExtra(unless: newValue == nil) { $0.closingRate = newValue } }
    }

    /// For how long the deal was closed since it entered its stage: left out of dwell (D-15).
    public internal(set) var closedMilliseconds: Int64 {
        get { extras.read { $0.closedMilliseconds } ?? 0 }
        set { setExtra(unless: newValue == 0) { $0.closedMilliseconds = newValue } }
    }

    /// Who works on the deal beside its owner, and as what (D-6, D-10); ascending.
    public internal(set) var team: [TeamMember] {
        get { extras.read { $0.team } ?? [] }
        set { setExtra(unless: newValue.isEmpty) { $0.team = newValue } }
    }

    /// Requests that a new amount made void and that the next step forward needs again (D-24).
    public internal(set) var voided: OrderedIDs<ApprovalKind> {
        get { extras.read { $0.voided } ?? OrderedIDs() }
        set { setExtra(unless: newValue.isEmpty) { $0.voided = newValue } }
    }

    /// Ascending by id.
    public internal(set) var contacts: [DealContact] {
        get { extras.read { $0.contacts } ?? [] }
        set { setExtra(unless: newValue.isEmpty) { $0.contacts = newValue } }
    }

    /// Makes no room for what is not there anyway.
    private mutating func setExtra(unless isNothing: Bool, _ body: (inout DealExtras) -> Void) {
        if isNothing, extras.isEmpty { return }
        extras.change(body)
    }
}
