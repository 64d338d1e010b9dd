/// What a refused command tells a program (P-5): its code and, at a gate, everything that is missing.
struct Refused: Error, Equatable {
    enum Code: String {
        case form = "ERR"
        case notFound = "NOTFOUND"
        case notPermitted = "NOPERM"
        case conflict = "CONFLICT"
        case pending = "PENDING"
        case invalid = "INVALID"
        case gate = "GATE"
    }

    let code: Code
    var missing: Set<String> = []

    init(_ code: Code, missing: Set<String> = []) {
        self.code = code
        self.missing = missing
    }
}

/// A sales company as the rules describe it, and nothing else: plain rows, plain scans, no sums kept, no
/// index, no events. It is there to disagree with the real one.
///
/// Everything is found by its number, `o3` is `deals[2]`; days are counted from 1970-01-01.
struct NaiveCompany {
    struct Unit {
        var parent: Int?
        var head: Int?
        var isActive = true
        var mergedInto: Int?
        /// Processes that did not follow when it was merged.
        var dropped: Set<Int> = []
        var rev = 1
    }

    struct Person {
        let login: String
        var unit: Int
        var superior: Int?
        var role: String
        var isActive = true
        var zone = "Asia/Shanghai"
        var delegation: Delegation?
        /// Whether the delegate was told of what waited when it began.
        var delegationIsTold = true
        var inbox: [Row] = []
        var answers: [String: Remembered] = [:]
        var rev = 1
    }

    struct Delegation: Equatable {
        var to: Int
        var from: Int
        var until: Int
    }

    struct Row {
        let kind: String
        let deal: Int
        var approval: Int?
        /// Nobody, where it is the passing of time.
        let by: Int?
        var isAcknowledged = false
    }

    struct Remembered {
        let words: [String]
        let answer: NaiveAnswer
        let at: Int
    }

    struct Process {
        let key: String
        var draft: NaiveProcess?
        var versions: [NaiveProcess] = []
        var rev = 0
    }

    struct Customer {
        var name: String
        var fields: [String: String]
        let createdBy: Int
        var rev = 1
    }

    struct Deal {
        var title: String
        var customer: Int
        var owner: Int
        var unit: Int
        var process: Int
        var version: Int
        var stage: String
        var outcome = "open"
        /// When it was closed, and what it was worth that day, if there was a rate (D-36).
        var closedAt: Int?
        var worth: Int128?
        var pending: Int?
        var amount: Int?
        var currency: String
        var close: Int?
        var fields: [String: String] = [:]
        var team: [Member] = []
        var tags: [String] = []
        /// By stage and key, with a slash between.
        var feedback: [String: String] = [:]
        var done: Set<String> = []
        var entered: Set<String> = []
        var notes: [Int] = []
        /// Approvals that a new amount made void and that are needed again.
        var void: [Int] = []
        var rev = 1
    }

    struct Member: Equatable {
        let person: Int
        let role: String
    }

    enum Aim: Equatable {
        case stage(String)
        case won
        case reopen(String)

        var word: String {
            switch self {
            case .stage(let key): key
            case .won: "won"
            case .reopen: "reopen"
            }
        }
    }

    struct Approval {
        let deal: Int
        var stage: String
        var aim: Aim
        let submitter: Int
        var approvers: [Int]
        let endsByRule: Bool
        let attempt: Int
        let amount: Int?
        let currency: String
        let askedOn: Int
        /// The request by which it was granted again after it became void.
        var grantedBy: Int?
        var decided = 0
        var vacancies = 0
        var status = "pending"
        var decidedBy: Int?
        var decidedFor: Int?
        /// When it ended.
        var decidedAt: Int?
        /// Everybody that it was ever put to, and whoever decided a level in somebody's place.
        var putTo: Set<Int> = []
        var rev = 1

        var undecided: [Int] { status == "pending" ? Array(approvers.dropFirst(decided)) : [] }
        var current: Int? { undecided.first }
    }

    struct Lead {
        var name: String
        var owner: Int
        var fields: [String: String]
        var status = "open"
        var rev = 1
    }

    /// Milliseconds.
    var now: Int
    /// When the log was last written to: the day that a report's rates are of.
    var recordedAt: Int
    var units: [Unit] = [Unit(parent: nil, head: nil)]
    var persons = [Person(login: "root", unit: 1, superior: nil, role: "admin")]
    var processes: [Process] = []
    var customers: [Customer] = []
    var contacts = 0
    var deals: [Deal] = []
    var approvals: [Approval] = []
    var leads: [Lead] = []
    /// The authors of all notes.
    var noteAuthors: [Int] = []
    /// By currency: from which day on, in hundred-millionths.
    var rates: [String: [(from: Int, scaled: Int)]] = [:]
    var rateRevs: [String: Int] = [:]

    init(now: Int) { (self.now, recordedAt) = (now, now) }
}

/// What a command that is carried out answers, position in the log aside.
struct NaiveAnswer: Equatable {
    var fields: [Field]
    /// Names of the fields whose value comes into being with the command: null in a dry run.
    var created: Set<String> = []

    struct Field: Equatable {
        let name: String
        let value: String
    }

    init(_ id: String, _ rev: Int, creates: Bool = false) {
        fields = [Field(name: "id", value: id), Field(name: "rev", value: "\(rev)")]
        if creates { created = ["id"] }
    }

    /// Of a question, which has no id and no revision of its own.
    init() { fields = [] }

    mutating func add(_ name: String, _ value: String, created isCreated: Bool = false) {
        fields.append(Field(name: name, value: value))
        if isCreated { created.insert(name) }
    }

    func with(_ name: String, _ value: String) -> NaiveAnswer {
        var copy = self
        copy.add(name, value)
        return copy
    }

    /// As a dry run answers it.
    var dry: NaiveAnswer {
        var copy = self
        copy.fields = fields.map {
            created.contains($0.name) ? Field(name: $0.name, value: "null") : $0
        }
        return copy
    }
}

// MARK: - Looking things up

extension NaiveCompany {
    /// Throws NOTFOUND for what was never there.
    func known(_ id: Int?, of count: Int) throws(Refused) {
        guard let id else { return }
        guard id >= 1, id <= count else { throw Refused(.notFound) }
    }

    func knownPerson(_ id: Int?) throws(Refused) { try known(id, of: persons.count) }
    func knownUnit(_ id: Int?) throws(Refused) { try known(id, of: units.count) }

    func person(_ id: Int) -> Person { persons[id - 1] }
    func unit(_ id: Int) -> Unit { units[id - 1] }
    func deal(_ id: Int) -> Deal { deals[id - 1] }
    func approval(_ id: Int) -> Approval { approvals[id - 1] }

    func definition(_ deal: Deal) -> NaiveProcess {
        processes[deal.process - 1].versions[deal.version - 1]
    }

    func stage(_ deal: Deal) -> NaiveProcess.Stage {
        let definition = definition(deal)
        return definition.stages[definition.place(deal.stage) ?? 0]
    }

    func isAdmin(_ id: Int) -> Bool { person(id).role == "admin" }

    func requireAdmin(_ id: Int) throws(Refused) {
        guard isAdmin(id) else { throw Refused(.notPermitted) }
    }

    /// The calendar date in a zone; the tests know two.
    func today(in zone: String) -> Int { Self.day(of: now, in: zone) }

    static func day(of instant: Int, in zone: String) -> Int {
        let local = instant + (zone == "Asia/Shanghai" ? 8 * 3_600_000 : 0)
        return local / 86_400_000
    }

    var companyToday: Int { today(in: "Asia/Shanghai") }
    var reportDay: Int { Self.day(of: recordedAt, in: "Asia/Shanghai") }

    /// Names are the same whatever their case (D-10); the tests' names need no more than this.
    static func folded(_ text: String) -> String { text.lowercased() }

    static func isBlank(_ text: String?) -> Bool {
        text?.allSatisfy(\.isWhitespace) ?? true
    }

    mutating func tell(_ person: Int, _ kind: String, deal: Int, approval: Int? = nil, by: Int) {
        persons[person - 1].inbox.append(
            Row(kind: kind, deal: deal, approval: approval, by: by))
    }

    static func id(_ letter: String, _ number: Int?) -> String {
        number.map { letter + String($0) } ?? "null"
    }

    static func list(_ letter: String, _ numbers: [Int]) -> String {
        "[" + numbers.map { letter + String($0) }.joined(separator: ", ") + "]"
    }
}
