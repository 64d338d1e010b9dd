/// Why a command is refused. A closed set: every case has exactly one wire text, and names
/// everything that is missing (P-5, D-11).
public enum Rejection: Error, Hashable, Sendable {
    /// Does not exist, or the caller may not see it: one answer for both (D-34).
    case notFound(noun: String, name: String)
    /// Visible, but not the caller's to do; `who` says who may.
    case notPermitted(action: String, who: String)

    /// Another change came first (D-30).
    case stale(name: String, current: UInt32, changedBy: PersonID)
    case alreadyClosed(opportunity: OpportunityID, outcome: Outcome)
    /// Converted or discarded (D-9).
    case leadEnded(lead: LeadID, status: Lead.Status)
    case alreadyDone(activity: ActivityID, by: PersonID)
    case alreadyDecided(approval: ApprovalID, status: Approval.Status, by: PersonID?)
    /// A text that must be unique is taken (D-10).
    case taken(what: String, text: String, by: String)
    /// A lead's customer is known already: to be named, not made again (D-9, D-10).
    case customerKnown(name: String, CustomerID, lead: LeadID)
    case cycle(what: String, name: String)
    case nothingPending(opportunity: OpportunityID)
    case nothingDrafted(process: String)
    case inactive(PersonID)
    case notClosed(opportunity: OpportunityID)
    /// A deal is not opened again for somebody who cannot work on it (D-35).
    case ownerInactive(opportunity: OpportunityID, owner: PersonID)
    case activity(PersonID, isActive: Bool)
    /// Nobody would be left to administer the company (D-35).
    case lastAdmin(PersonID)
    /// Deals would be left without an owner (D-35).
    case ownsDeals(PersonID, [OpportunityID])
    /// More would change in one step than one frame holds.
    case tooMuchAtOnce(PersonID, deals: Int, requests: Int)
    /// Deactivated, or merged into another unit (D-29).
    case inactiveUnit(UnitID, mergedInto: UnitID?)
    /// People or units are still there (D-29).
    case unitInUse(UnitID, people: [PersonID], units: [UnitID])
    /// After the merge these pairs would fit equally well there (D-1, D-29).
    case processConflict(UnitID, pairs: [[String]])

    /// Locked while an approval is pending (D-25).
    case pending(opportunity: OpportunityID, approval: ApprovalID)

    /// Values that are wrong, all of them.
    case invalid([Fault])
    /// Two processes fit equally well (D-1).
    case ambiguousProcess([String])
    /// A funnel over several processes needs one named.
    case severalProcesses([String])
    /// The process may not be published: its win rates fall (D-3).
    case winRatesFall([Dip])

    /// What is missing before the deal may leave its stage (D-11).
    case gate(opportunity: OpportunityID, stage: String, missing: [Missing])
    /// Nobody is left to ask for approval (D-19).
    case noSuperior(opportunity: OpportunityID, stage: String)

    public struct Dip: Hashable, Sendable {
        public let from: String
        public let to: String
        public init(from: String, to: String) {
            self.from = from
            self.to = to
        }
    }

    /// One wrong value: the argument, and what it must be.
    public struct Fault: Hashable, Sendable {
        public let argument: String
        public let problem: String
        public init(_ argument: String, _ problem: String) {
            self.argument = argument
            self.problem = problem
        }
    }

    /// One thing that a gate misses.
    public enum Missing: Hashable, Sendable {
        case task(key: String, name: String)
        case feedback(key: String, name: String)
        case field(Requirement)
        case review

        public var kind: String {
            switch self {
            case .task: "task"
            case .feedback: "feedback"
            case .field: "field"
            case .review: "review"
            }
        }
        public var key: String {
            switch self {
            case .task(let key, _), .feedback(let key, _): key
            case .field(let requirement): requirement.rawValue
            case .review: "review"
            }
        }
        public var name: String {
            switch self {
            case .task(_, let name), .feedback(_, let name): name
            case .field(let requirement): requirement.rawValue
            case .review: "review"
            }
        }
    }

    static func invalid(_ argument: String, _ problem: String) -> Rejection {
        .invalid([Fault(argument, problem)])
    }
}
