/// A selling method as it is written down: an ordered list of stages plus where it applies (D-2…D-5).
///
/// A definition is a plain value; whether it may be published is `problems(isKeyword:)`'s business.
public struct ProcessDefinition: Hashable, Sendable {
    /// How deals move: only forward one by one, or along listed transitions (D-5).
    public enum Kind: String, Sendable, CaseIterable { case linear, flexible }

    public var name: String
    public var kind: Kind = .linear
    /// Average sales cycle in days; `nil` if not known (D-4).
    public var cycleDays: Int?
    /// Days before the end of the cycle, or the close date, at which the owner is reminded (D-4).
    public var remindDaysBefore: Int?
    public var appliesTo = Applicability()
    /// Reasons to choose from; empty: any text (D-13).
    public var lossReasons: [String] = []
    public var invalidReasons: [String] = []
    /// Whether winning and losing take a compulsory review (D-14).
    public var reviewRequired = false
    /// By how many percent an amount may fall after an approval before it is asked again (D-24).
    public var reaskDropPercent = 20
    public var stages: [Stage]
    public var transitions: [Transition] = []

    public init(name: String, stages: [Stage]) {
        self.name = name
        self.stages = stages
    }

    /// Where the process applies; an empty list means anywhere (D-1).
    public struct Applicability: Hashable, Sendable {
        public var units: [UnitID] = []
        public var persons: [PersonID] = []
        public var customerTypes: [String] = []
        public var industries: [String] = []
        public var products: [String] = []
        public init() {}
    }

    /// An allowed move of a flexible process, or a return of a linear one (D-5). `to` may be `won`.
    public struct Transition: Hashable, Sendable {
        public var from: String
        public var to: String
        /// The gate of this very move; `nil`: the stage's own gate forward, none backward.
        public var gate: Gate?
        public init(from: String, to: String, gate: Gate? = nil) {
            self.from = from
            self.to = to
            self.gate = gate
        }
    }
}

/// A milestone of a process (D-2).
public struct Stage: Hashable, Sendable {
    public enum Phase: String, Sendable, CaseIterable { case early, mid, late }
    /// The step of the customer's own journey.
    public enum Journey: String, Sendable, CaseIterable {
        case awareness, consideration, decision, retention
    }

    public var key: String
    public var name: String
    public var winRate: Rate
    public var phase: Phase?
    public var journey: Journey?
    /// Days after which a deal in this stage counts as stagnant; `nil`: no limit.
    public var maxDwellDays: Int?
    public var guidance = ""
    public var tasks: [StageTask] = []
    public var requires: [Requirement] = []
    public var feedback: [FeedbackField] = []
    public var gate = Gate()

    public init(key: String, name: String, winRate: Rate) {
        self.key = key
        self.name = name
        self.winRate = winRate
    }
}

/// Something to do in a stage (D-2, D-6).
public struct StageTask: Hashable, Sendable {
    public var key: String
    public var name: String
    public var required = false
    /// The role on the deal's team that does it; `nil`: the owner.
    public var role: String?
    /// Days after entering the stage; `nil`: no due time.
    public var dueDays: Int?
    /// Whether doing it asks for a result that the customer can verify.
    public var evidence = false

    public init(key: String, name: String) {
        self.key = key
        self.name = name
    }
}

/// A typed field that a stage asks for (D-2).
public struct FeedbackField: Hashable, Sendable {
    public enum ValueType: String, Sendable, CaseIterable {
        case text, number, money, date, choice, boolean, person, contact
    }
    public var key: String
    public var name: String
    public var type: ValueType
    public var required = false
    public var choices: [String] = []

    public init(key: String, name: String, type: ValueType) {
        self.key = key
        self.name = name
        self.type = type
    }
}

/// A field of the deal or its customer that must be filled, or a contact with the given part that the
/// deal must have, before leaving a stage (D-2).
public enum Requirement: String, Hashable, Sendable, CaseIterable {
    case amount, close, source, industry, product, region, channel
    case customerType = "customer.type"
    case customerIndustry = "customer.industry"
    case customerAddress = "customer.address"
    case customerPhone = "customer.phone"
    case customerWebsite = "customer.website"
    case contactDecisionMaker = "contact.decision-maker"
    case contactSponsor = "contact.sponsor"
    case contactInfluencer = "contact.influencer"
    case contactUser = "contact.user"
}

/// What must be approved before leaving a stage (D-11, D-18, D-19, D-23, D-27).
public struct Gate: Hashable, Sendable {
    public enum Approval: String, Sendable, CaseIterable {
        case none
        case superior
    }
    /// What happens where no superior is left to ask (D-19).
    public enum NoSuperior: String, Sendable, CaseIterable { case refuse, designate, auto }
    public enum Deadline: String, Sendable, CaseIterable { case wait, approve, reject }
    /// From this amount on (company's currency, minor units), so many superiors in turn (D-23).
    public struct Level: Hashable, Sendable {
        public var fromMinorUnits: Int64
        public var count: Int
        public init(fromMinorUnits: Int64, count: Int) {
            self.fromMinorUnits = fromMinorUnits
            self.count = count
        }
    }

    public var approval: Approval = .none
    /// Ascending; empty: one superior whatever the amount.
    public var levels: [Level] = []
    public var onNoSuperior: NoSuperior = .refuse
    public var designate: PersonID?
    /// Working hours after submission (D-27): T1, T2, T3; `nil`: never.
    public var remindAfterHours: Int?
    public var escalateAfterHours: Int?
    public var adminAfterHours: Int?
    public var onDeadline: Deadline = .wait

    public init() {}
}
