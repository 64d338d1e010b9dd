import PipelineDomain

/// What the company sells, where, and how it came to know of it.
enum Market {
    static let products = (1...12).map { "product-\($0)" }
    static let regions = ["华东", "华南", "华北", "华中", "西南", "西北", "东北", "overseas"]
    static let channels = ["direct", "partner", "online", "tender"]
    static let sources = ["referral", "inbound", "campaign", "other"]
    static let industries = [
        "automotive", "energy", "finance", "health", "logistics", "media", "mining", "public",
        "retail", "steel",
    ]
    static let types = ["enterprise", "government", "institution"]

    /// Stages of the bid with their win rates in percent.
    static let bid = [
        ("chance", "机会", 10), ("shortlist", "入围", 20), ("proposal", "方案制定", 40),
        ("quote", "报价", 50), ("confirmed", "方案确认", 60), ("negotiation", "商务确认", 80),
        ("award", "中标", 90),
    ]
    static let renewal = [("expiring", "到期", 50), ("offer", "续约报价", 70), ("signing", "签约", 95)]

    /// Months that the second version of the bid comes after the founding, as a part of all.
    static let secondVersion = 0.5

    static func process(_ name: String, _ stages: [(String, String, Int)], raisedBy: Int) -> String
    {
        let list = stages.map {
            #"{"key": "\#($0.0)", "name": "\#($0.1)", "winRate": \#($0.2 + raisedBy)}"#
        }
        return #"{"name": "\#(name)", "stages": [\#(list.joined(separator: ", "))]}"#
    }
}

extension Business {
    /// The tree of units with its people: ten branches, a tenth of the units departments below them, the
    /// rest teams. Each unit has a head; everybody else sells, in a team.
    mutating func organise(units: Int, persons: Int) throws {
        for (currency, rate) in [("USD", "7.10"), ("EUR", "7.80")] {
            try run(["RATE.SET", currency, "2000-01-01", rate])
        }
        let departments = max(9, units / 10)
        parents = [-1]
        for unit in 1..<units {
            let parent =
                switch unit {
                case ...10: 0
                case ...departments: 1 + (unit - 11) % 10
                default: departments > 10 ? 11 + unit % (departments - 10) : 1 + unit % 10
                }
            parents.append(parent)
            let kind = unit <= 10 ? "branch" : unit <= departments ? "department" : "team"
            try run(["UNIT.CREATE", "单元\(unit)", "PARENT", "u\(parent + 1)", "KIND", kind])
        }
        for unit in 1..<units {
            try hire(unit == 1 ? "director" : "head-\(unit)", "经理\(unit)", into: unit)
            try run(["UNIT.UPDATE", "u\(unit + 1)", "HEAD", "e\(unit + 1)"])
        }
        let teams = Array(max(1, departments + 1)..<units)
        for number in 0..<persons - units {
            try hire(
                number == 0 ? "rep" : "seller-\(number)", "销售\(number)",
                into: teams[number % teams.count]
            )
            sellers.append(PersonID(UInt32(ledger.state.persons.count)))
        }
        if sellers.isEmpty { sellers = teams.map { PersonID(UInt32($0 + 1)) } }
        try run(["PROCESS.PUT", "bid", Market.process("广告投标", Market.bid, raisedBy: 0)])
        try run(["PROCESS.PUBLISH", "bid"])
        try run(["PROCESS.PUT", "renewal", Market.process("续约", Market.renewal, raisedBy: 0)])
        try run(["PROCESS.PUBLISH", "renewal"])
    }

    private mutating func hire(_ login: String, _ name: String, into unit: Int) throws {
        let words = ["PERSON.CREATE", login, "NAME", name, "UNIT", "u\(unit + 1)"]
        guard login == "director" || login == "rep" else {
            try run(words)
            return
        }
        try run(words + ["PASSWORD", "********"], withPasswordAt: words.count + 1)
    }

    /// What changes about the company once a month: rates, a team that moves to another department,
    /// people who change teams.
    mutating func reorganise(month: Int) throws {
        let day = calendarDay
        try run(["RATE.SET", "USD", day, "7.\(10 + dice.number(below: 20))"])
        try run(["RATE.SET", "EUR", day, "7.\(70 + dice.number(below: 20))"])
        let departments = parents.indices.filter { parents[$0] > 0 && parents[$0] <= 10 }
        let teams = parents.indices.filter { parents[$0] > 10 }
        if departments.count > 1, !teams.isEmpty {
            let (team, department) = (dice.one(of: teams), dice.one(of: departments))
            try run(["UNIT.UPDATE", "u\(team + 1)", "PARENT", "u\(department + 1)"])
            parents[team] = department
        }
        for _ in 0..<sellers.count / 500 {
            let (mover, colleague) = (dice.one(of: sellers), dice.one(of: sellers))
            let unit = ledger.state.persons[colleague].unit
            try run(["PERSON.UPDATE", "\(mover)", "UNIT", "\(unit)"])
            try sink?.moved(ledger.state, mover, now, ledger.lastSequence)
        }
        if month == Int(Market.secondVersion * Double(calendar.months)) {
            try run(["PROCESS.PUT", "bid", Market.process("广告投标", Market.bid, raisedBy: 5)])
            try run(["PROCESS.PUBLISH", "bid"])
        }
    }

    /// Today in UTC, as a word.
    var calendarDay: String {
        Day(number: Int32(now.milliseconds / Calendar.dayMilliseconds)).description
    }
}
