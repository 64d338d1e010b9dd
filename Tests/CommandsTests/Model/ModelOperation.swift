/// One command of one person, in a form that the model carries out and that can be written down as the
/// words of the wire.
struct Operation {
    struct Value: Equatable {
        let key: String
        let text: String
    }

    enum SuperiorWish: Equatable {
        case unchanged
        case byUnit
        case person(Int)
    }

    struct PersonWish: Equatable {
        var unit: Int?
        var superior = SuperiorWish.unchanged
        var role: String?
        var zone: String?
    }

    struct DealWish: Equatable {
        var title: String
        var customer: Int
        var amount: String?
        var currency: String?
        var close: Int?
        var process: Int?
        var owner: Int?
        var fields: [String: String] = [:]
    }

    struct DealUpdate: Equatable {
        var title: String?
        var customer: Int?
        /// An empty text clears.
        var amount: String?
        var currency: String?
        /// 0 clears.
        var close: Int?
        var fields: [String: String] = [:]
    }

    struct Conversion: Equatable {
        var title: String
        var customer: Int?
        var amount: String?
        var currency: String?
        var close: Int?
        var process: Int?
        var owner: Int?
    }

    enum Wish {
        case createUnit(parent: Int?, head: Int?)
        case updateUnit(Int, parent: Int?, head: Int?)
        case mergeUnit(Int, into: Int, dropping: [Int])
        case deactivateUnit(Int)
        case createPerson(login: String, unit: Int, superior: Int?, role: String?, zone: String?)
        case updatePerson(Int, PersonWish)
        case deactivatePerson(Int, heir: Int?)
        case activatePerson(Int)
        case delegate(Int, NaiveCompany.Delegation?)
        case acknowledge(upTo: Int)
        case putProcess(key: String, NaiveProcess)
        case publish(Int, allowsDip: Bool)
        case migrate(Int, from: Int, to: Int, map: [Value])
        case setRate(String, from: Int, scaled: Int)
        case createCustomer(name: String, fields: [String: String])
        case updateCustomer(Int, name: String?, fields: [String: String])
        case createDeal(DealWish)
        case updateDeal(Int, DealUpdate)
        case feedback(Int, [Value])
        case task(Int, String, done: Bool, evidence: String?)
        case advance(Int, to: String?, note: String?)
        case win(Int, review: String?)
        case close(Int, outcome: String, reason: String, review: String?)
        case reopen(Int, reason: String, stage: String?)
        case override(Int, to: String, reason: String)
        case transfer(Int, to: Int)
        case recall(Int)
        case note(Int, text: String, answering: Int?, mentioning: [Int])
        case tag(Int, adding: String?, removing: String?)
        case team(Int, person: Int, role: String?)
        case decide(Int, note: String?, approves: Bool)
        case reroute(Int, to: Int, reason: String)
        case createLead(name: String, owner: Int?, fields: [String: String])
        case updateLead(Int, source: String?, owner: Int?)
        case discardLead(Int)
        case convertLead(Int, Conversion)
        case showDeal(Int)
        case showApproval(Int)
        case funnel(unit: Int?, process: Int?, owner: Int?)
        case forecast(unit: Int?, process: Int?, period: ClosedRange<Int>?)
        /// Words that are refused as they stand. Where only a value is bad, what the command would do
        /// without it: whatever refuses that earlier than the value counts (P-5).
        indirect case malformed([String], Refused.Code, without: Wish?)

        var isReport: Bool {
            switch self {
            case .funnel, .forecast: true
            default: false
            }
        }
    }

    let actor: Int
    let wish: Wish
    var expectedRevision: Int?
    var requestKey: String?
    var isDry = false

    /// No zone that anybody knows.
    static let noZone = "Mars/Base"

    var isQuestion: Bool {
        switch wish {
        case .showDeal, .showApproval, .funnel, .forecast: true
        default: false
        }
    }

    var words: [String] {
        (isDry ? ["DRYRUN"] : []) + plainWords
            + (expectedRevision.map { ["IFREV", "\($0)"] } ?? [])
            + (requestKey.map { ["REQID", $0] } ?? [])
    }
}

// MARK: - On the wire

extension Operation {
    private static func option(_ keyword: String, _ text: String?) -> [String] {
        text.map { [keyword, $0] } ?? []
    }

    private static func option(_ keyword: String, _ letter: String, _ id: Int?) -> [String] {
        option(keyword, id.map { letter + "\($0)" })
    }

    private static func date(_ keyword: String, _ day: Int?) -> [String] {
        option(keyword, day.map { $0 == 0 ? "" : NaiveText.date($0) })
    }

    private static func fields(_ fields: [String: String]) -> [String] {
        fields.sorted { $0.key < $1.key }.flatMap { [$0.key.uppercased(), $0.value] }
    }

    private var plainWords: [String] {
        organisationWords ?? methodWords ?? dealWords ?? moveWords ?? otherWords
    }

    private var organisationWords: [String]? {
        switch wish {
        case .createUnit(let parent, let head):
            ["UNIT.CREATE", "新单元"] + Self.option("PARENT", "u", parent)
                + Self.option("HEAD", "e", head)
        case .updateUnit(let id, let parent, let head):
            ["UNIT.UPDATE", "u\(id)"] + Self.option("PARENT", "u", parent)
                + Self.option("HEAD", "e", head)
        case .mergeUnit(let id, let into, let dropping):
            ["UNIT.MERGE", "u\(id)", "INTO", "u\(into)"]
                + (dropping.isEmpty ? [] : ["DROP", "\(dropping.count)"])
                + dropping.map { "p\($0)" }
        case .deactivateUnit(let id): ["UNIT.DEACTIVATE", "u\(id)"]
        case .createPerson(let login, let unit, let superior, let role, let zone):
            ["PERSON.CREATE", login, "NAME", "员工 \(login)", "UNIT", "u\(unit)"]
                + Self.option("SUPERIOR", "e", superior) + Self.option("ROLE", role)
                + Self.option("TZ", zone)
        case .updatePerson(let id, let wish):
            ["PERSON.UPDATE", "e\(id)"] + Self.option("UNIT", "u", wish.unit)
                + Self.superior(wish.superior) + Self.option("ROLE", wish.role)
                + Self.option("TZ", wish.zone)
        case .deactivatePerson(let id, let heir):
            ["PERSON.DEACTIVATE", "e\(id)"] + Self.option("DEALS-TO", "e", heir)
        case .activatePerson(let id): ["PERSON.ACTIVATE", "e\(id)"]
        case .delegate(let id, let wish?):
            ["PERSON.DELEGATE", "e\(id)", "TO", "e\(wish.to)"] + Self.date("FROM", wish.from)
                + Self.date("UNTIL", wish.until)
        case .delegate(let id, nil): ["PERSON.DELEGATE", "e\(id)", "CLEAR"]
        case .acknowledge(let seq): ["INBOX.ACK", "UPTO", "\(seq)"]
        default: nil
        }
    }

    private static func superior(_ wish: SuperiorWish) -> [String] {
        switch wish {
        case .unchanged: []
        case .byUnit: ["SUPERIOR", ""]
        case .person(let id): ["SUPERIOR", "e\(id)"]
        }
    }

    private var methodWords: [String]? {
        switch wish {
        case .putProcess(let key, let definition): ["PROCESS.PUT", key, definition.json]
        case .publish(let id, let allowsDip):
            ["PROCESS.PUBLISH", "p\(id)"] + (allowsDip ? ["ALLOW-DIP"] : [])
        case .migrate(let id, let from, let to, let map):
            ["PROCESS.MIGRATE", "p\(id)", "FROM", "\(from)", "TO", "\(to)", "MAP", "\(map.count)"]
                + map.flatMap { [$0.key, $0.text] }
        case .setRate(let code, let day, let scaled):
            [
                "RATE.SET", code, NaiveText.date(day),
                NaiveText.decimal(Int128(scaled), digits: 8),
            ]
        case .createCustomer(let name, let fields):
            ["CUSTOMER.CREATE", name] + Self.fields(fields)
        case .updateCustomer(let id, let name, let fields):
            ["CUSTOMER.UPDATE", "c\(id)"] + Self.option("NAME", name) + Self.fields(fields)
        case .createLead(let name, let owner, let fields):
            ["LEAD.CREATE", name] + Self.option("OWNER", "e", owner) + Self.fields(fields)
        case .updateLead(let id, let source, let owner):
            ["LEAD.UPDATE", "l\(id)"] + Self.option("SOURCE", source)
                + Self.option("OWNER", "e", owner)
        case .discardLead(let id): ["LEAD.DISCARD", "l\(id)", "REASON", "没有预算"]
        case .convertLead(let id, let wish):
            ["LEAD.CONVERT", "l\(id)", "TITLE", wish.title]
                + Self.option("CUSTOMER", "c", wish.customer) + Self.option("AMOUNT", wish.amount)
                + Self.option("CUR", wish.currency) + Self.date("CLOSE", wish.close)
                + Self.option("PROCESS", "p", wish.process) + Self.option("OWNER", "e", wish.owner)
        default: nil
        }
    }

    private var dealWords: [String]? {
        switch wish {
        case .createDeal(let wish):
            ["OPP.CREATE", wish.title, "CUSTOMER", "c\(wish.customer)"]
                + Self.option("AMOUNT", wish.amount) + Self.option("CUR", wish.currency)
                + Self.date("CLOSE", wish.close) + Self.option("PROCESS", "p", wish.process)
                + Self.option("OWNER", "e", wish.owner) + Self.fields(wish.fields)
        case .updateDeal(let id, let wish):
            ["OPP.UPDATE", "o\(id)"] + Self.option("TITLE", wish.title)
                + Self.option("CUSTOMER", "c", wish.customer) + Self.option("AMOUNT", wish.amount)
                + Self.option("CUR", wish.currency) + Self.date("CLOSE", wish.close)
                + Self.fields(wish.fields)
        case .feedback(let id, let values):
            ["OPP.FEEDBACK", "o\(id)"] + values.flatMap { [$0.key, $0.text] }
        case .task(let id, let key, let done, let evidence):
            ["OPP.TASK", "o\(id)", key, done ? "DONE" : "UNDO"]
                + Self.option("EVIDENCE", evidence)
        case .note(let id, let text, let answering, let mentioning):
            ["OPP.NOTE", "o\(id)", text] + Self.option("REPLYTO", "n", answering)
                + Self.option(
                    "MENTION",
                    mentioning.isEmpty
                        ? nil : mentioning.map { "e\($0)" }.joined(separator: ","))
        case .tag(let id, let adding, let removing):
            ["OPP.TAG", "o\(id)"] + Self.option("ADD", adding) + Self.option("REMOVE", removing)
        case .team(let id, let person, let role?):
            ["OPP.TEAM", "o\(id)", "ADD", "e\(person)", "ROLE", role]
        case .team(let id, let person, nil): ["OPP.TEAM", "o\(id)", "REMOVE", "e\(person)"]
        default: nil
        }
    }

    private var moveWords: [String]? {
        switch wish {
        case .advance(let id, let to, let note):
            ["OPP.ADVANCE", "o\(id)"] + Self.option("TO", to) + Self.option("NOTE", note)
        case .win(let id, let review): ["OPP.WIN", "o\(id)"] + Self.option("REVIEW", review)
        case .close(let id, "lost", let reason, let review):
            ["OPP.LOSE", "o\(id)", "REASON", reason] + Self.option("REVIEW", review)
        case .close(let id, _, let reason, _): ["OPP.INVALIDATE", "o\(id)", "REASON", reason]
        case .reopen(let id, let reason, let stage):
            ["OPP.REOPEN", "o\(id)", "REASON", reason] + Self.option("STAGE", stage)
        case .override(let id, let to, let reason):
            ["OPP.OVERRIDE", "o\(id)", "TO", to, "REASON", reason]
        case .transfer(let id, let to): ["OPP.TRANSFER", "o\(id)", "TO", "e\(to)"]
        case .recall(let id): ["OPP.RECALL", "o\(id)"]
        case .decide(let id, let note, true):
            ["APPROVAL.APPROVE", "a\(id)"] + Self.option("NOTE", note)
        case .decide(let id, let note, false):
            ["APPROVAL.REJECT", "a\(id)"] + Self.option("NOTE", note)
        case .reroute(let id, let to, let reason):
            ["APPROVAL.REROUTE", "a\(id)", "TO", "e\(to)", "REASON", reason]
        default: nil
        }
    }

    private var otherWords: [String] {
        switch wish {
        case .showDeal(let id): ["OPP.GET", "o\(id)"]
        case .showApproval(let id): ["APPROVAL.GET", "a\(id)"]
        case .funnel(let unit, let process, let owner):
            ["REPORT.FUNNEL"] + Self.option("UNIT", "u", unit)
                + Self.option("PROCESS", "p", process) + Self.option("OWNER", "e", owner)
        case .forecast(let unit, let process, let period):
            ["REPORT.FORECAST"] + Self.option("UNIT", "u", unit)
                + Self.option("PROCESS", "p", process)
                + (period.map {
                    ["PERIOD", NaiveText.date($0.lowerBound), NaiveText.date($0.upperBound)]
                } ?? [])
        case .malformed(let words, _, _): words
        default: []
        }
    }
}
