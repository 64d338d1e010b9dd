import PipelineDomain
import Testing

/// The company that most tests play in:
///
/// ```
/// u1 (no head): admin, executive, mentor
/// └ u2 headed by director
///   ├ u3 headed by manager: rep, colleague, junior (explicit superior: mentor), trainee (of junior)
///   └ u4 headed by neighbour: westerner
/// ```
enum SampleCompany {
    static let root = UnitID(1)
    static let sales = UnitID(2)
    static let east = UnitID(3)
    static let west = UnitID(4)
    static let customer = CustomerID(1)

    static func scenario(location: SourceLocation = #_sourceLocation) throws -> Scenario {
        let scenario = founded(location: location)
        for (name, parent) in [("Sales", root), ("East", sales), ("West", sales)] {
            try scenario.given(
                "admin", CreateUnit(name: name, parent: parent, kind: nil, head: nil))
        }
        let people: [(String, UnitID, String?, Person.Role)] = [
            ("executive", root, nil, .executive), ("mentor", root, nil, .rep),
            ("director", sales, nil, .manager), ("manager", east, nil, .manager),
            ("neighbour", west, nil, .manager), ("rep", east, nil, .rep),
            ("colleague", east, nil, .rep), ("junior", east, "mentor", .rep),
            ("trainee", east, "junior", .rep), ("westerner", west, nil, .rep),
        ]
        for (login, unit, superior, role) in people {
            try scenario.given("admin", hire(login, unit, superior: superior, role: role))
        }
        for (unit, head) in [(sales, "director"), (east, "manager"), (west, "neighbour")] {
            try scenario.given("admin", setHead(of: unit, to: head))
        }
        try scenario.given("admin", CreateCustomer(name: "方舟电子", fields: [:]))
        return scenario
    }

    /// The root unit and the admin alone, as `init` makes them.
    static func founded(location: SourceLocation = #_sourceLocation) -> Scenario {
        let scenario = Scenario(location: location)
        let admin = PersonFacts(
            login: "admin", name: "Admin", unit: root, superior: nil, role: .admin, zone: "UTC",
            language: .en, passwordHash: nil)
        scenario.given(
            [
                .founded(Founding(company: "Acme", currency: cny, zone: "Asia/Shanghai")),
                .unit(root, .created(name: "Acme", kind: .company, parent: nil, head: nil)),
                .person(PersonID(1), .created(admin)),
            ], by: PersonID(1))
        return scenario
    }

    static func hire(
        _ login: String, _ unit: UnitID, superior: String? = nil, role: Person.Role? = nil
    ) -> CreatePerson {
        CreatePerson(
            login: login, name: login.capitalized, unit: unit,
            superior: superior.map(PersonReference.login), role: role, zone: nil, language: nil)
    }

    static func setHead(of unit: UnitID, to head: String) -> UpdateUnit {
        UpdateUnit(unit: unit, name: nil, parent: nil, head: .login(head))
    }
}

extension String {
    fileprivate var capitalized: String { prefix(1).uppercased() + dropFirst() }
}

// MARK: - Values in few words

let cny = currency("CNY")

func currency(_ code: String) -> Currency {
    guard let currency = Currency(code) else { preconditionFailure("no currency \(code)") }
    return currency
}

func percent(_ percent: Int) -> Rate {
    guard let rate = Rate(basisPoints: percent * 100) else { preconditionFailure("no rate") }
    return rate
}

func amount(_ text: String) -> Amount {
    do {
        return try Amount(text.utf8)
    } catch {
        preconditionFailure("\(text): \(error)")
    }
}

func money(_ text: String, _ code: String = "CNY") -> Money {
    do {
        return try amount(text).money(in: currency(code))
    } catch {
        preconditionFailure("\(text) \(code): \(error)")
    }
}

func day(_ text: String) -> Day {
    guard let day = Day(text.utf8) else { preconditionFailure("no day \(text)") }
    return day
}

func stage(_ key: String, _ rate: Int, _ change: (inout Stage) -> Void = { _ in }) -> Stage {
    var stage = Stage(key: key, name: key.uppercased(), winRate: percent(rate))
    change(&stage)
    return stage
}

func askSuperior(_ change: (inout Gate) -> Void = { _ in }) -> Gate {
    var gate = Gate()
    gate.approval = .superior
    change(&gate)
    return gate
}

func linear(_ stages: Stage...) -> ProcessDefinition {
    ProcessDefinition(name: "Method", stages: stages)
}

func flexible(_ stages: [Stage], _ transitions: [(String, String)]) -> ProcessDefinition {
    var definition = ProcessDefinition(name: "Method", stages: stages)
    definition.kind = .flexible
    definition.transitions = transitions.map { .init(from: $0.0, to: $0.1) }
    return definition
}

// MARK: - Deeds in few words

extension Scenario {
    /// Puts a process down and publishes it.
    func publish(_ key: String, _ definition: ProcessDefinition) throws {
        try given("admin", PutProcess(key: key, definition: definition))
        try given("admin", PublishProcess(process: .key(key), allowDip: true))
    }

    /// A new deal with the sample customer.
    @discardableResult
    func deal(
        by who: String = "rep", amount: String? = nil, in code: String? = nil,
        process: String? = nil, for owner: String? = nil
    ) throws -> OpportunityID {
        try given(who, newDeal(amount: amount, in: code, process: process, for: owner))
        return OpportunityID(UInt32(state.opportunities.count))
    }

    func newDeal(
        amount text: String? = nil, in code: String? = nil, process: String? = nil,
        for owner: String? = nil, customer: CustomerID = SampleCompany.customer,
        fields: DealFields = [:]
    ) -> CreateOpportunity {
        CreateOpportunity(
            title: "Campaign", customer: customer, amount: text.map(DomainTests.amount),
            currency: code.map(currency), close: nil, process: process.map(ProcessReference.key),
            owner: owner.map(PersonReference.login), fields: fields)
    }

    subscript(_ deal: OpportunityID) -> Opportunity { state.opportunities[deal] }
    subscript(_ approval: ApprovalID) -> Approval { state.approvals[approval] }

    /// Asks to move on and names the request that this made.
    func submit(_ deal: OpportunityID, by who: String = "rep") throws -> ApprovalID {
        try given(who, advance(deal))
        return try #require(self[deal].pending)
    }
}

func advance(_ deal: OpportunityID, to stage: String? = nil, note: String? = nil)
    -> AdvanceOpportunity
{
    AdvanceOpportunity(opportunity: deal, to: stage, note: note)
}

func win(_ deal: OpportunityID, review: String? = nil) -> WinOpportunity {
    WinOpportunity(opportunity: deal, review: review, note: nil)
}

func lose(_ deal: OpportunityID, _ reason: String = "price", review: String? = nil)
    -> LoseOpportunity
{
    LoseOpportunity(
        opportunity: deal,
        closing: Closing(reason: reason, competitor: nil, review: review, note: nil))
}

func invalidate(_ deal: OpportunityID, _ reason: String = "duplicate") -> InvalidateOpportunity {
    InvalidateOpportunity(
        opportunity: deal,
        closing: Closing(reason: reason, competitor: nil, review: nil, note: nil))
}

func recall(_ deal: OpportunityID) -> RecallOpportunity {
    RecallOpportunity(opportunity: deal, note: nil)
}

func approve(_ approval: ApprovalID) -> DecideApproval {
    DecideApproval(approval: approval, verdict: .approve(note: nil))
}

func reject(_ approval: ApprovalID, _ note: String) -> DecideApproval {
    DecideApproval(approval: approval, verdict: .reject(note: note))
}

func update(
    _ deal: OpportunityID, title: String? = nil, amount: Amount?? = nil, currency: Currency? = nil,
    close: Day?? = nil, customer: CustomerID? = nil, fields: DealFields = [:]
) -> UpdateOpportunity {
    UpdateOpportunity(
        opportunity: deal, title: title, customer: customer, amount: amount, currency: currency,
        close: close, fields: fields)
}

func note(_ deal: OpportunityID, _ text: String = "call back", replyTo: NoteID? = nil) -> AddNote {
    AddNote(opportunity: deal, text: text, replyTo: replyTo)
}

func mark(_ deal: OpportunityID, _ task: String, done: Bool = true, evidence: String? = nil)
    -> MarkTask
{
    MarkTask(opportunity: deal, task: task, done: done, evidence: evidence, note: nil)
}

func feedback(_ deal: OpportunityID, _ values: (String, String)...) -> GiveFeedback {
    GiveFeedback(opportunity: deal, values: values.map { (field: $0.0, value: $0.1) })
}

func change(
    _ person: String, unit: UnitID? = nil, superior: PersonReference?? = nil,
    role: Person.Role? = nil, name: String? = nil
) -> UpdatePerson {
    UpdatePerson(
        person: .login(person), name: name, unit: unit, superior: superior, role: role, zone: nil,
        language: nil)
}

func move(_ unit: UnitID, under parent: UnitID) -> UpdateUnit {
    UpdateUnit(unit: unit, name: nil, parent: parent, head: nil)
}
