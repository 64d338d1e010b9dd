import HeapModule
import PipelineDomain

/// What a deal does next, and when.
private struct Step: Comparable {
    let at: Int64
    let deal: UInt32
    /// Steps left, the closing one included.
    let left: Int
    let gap: Int64

    static func < (a: Step, b: Step) -> Bool { (a.at, a.deal) < (b.at, b.deal) }
}

extension Business {
    /// Of a deal's records, those that no step of its own makes: reminders, and what a superior is told.
    private static let recordsBeside = 2.9
    /// Days from a deal's first step to its closing.
    private static let lifetimeDays = 20..<160
    /// A new customer for every so many deals.
    private static let dealsPerCustomer = 4

    /// Enters deals evenly over the whole span and takes each a step further from time to time.
    mutating func trade(deals: Int, recordsPerDeal: Int) throws {
        let lifetime = Double(Self.lifetimeDays.lowerBound + Self.lifetimeDays.upperBound) / 2
        let days = Double(calendar.span / Calendar.dayMilliseconds)
        // Those entered late have not done all of their steps by the end.
        let done = max(0.3, 1 - lifetime / days / 2)
        let mean = max(2, (Double(recordsPerDeal) - Self.recordsBeside) / done)
        var steps = Heap<Step>()
        var entered = 0
        var clocks = Clocks(calendar)
        while true {
            let arrival = calendar.instant(at: (Double(entered) + 0.5) / Double(deals)).milliseconds
            let isArrival = entered < deals && arrival <= steps.min?.at ?? .max
            let at = isArrival ? arrival : steps.min?.at ?? .max
            guard at < calendar.end.milliseconds else { break }
            try strike(&clocks, before: Instant(milliseconds: at))
            now = Instant(milliseconds: at)
            if isArrival {
                entered += 1
                steps.insert(try enter(UInt32(entered), steps: mean))
            } else if let step = steps.popMin(), let next = try take(step) {
                steps.insert(next)
            }
        }
        try passTime(to: calendar.end)
    }

    private struct Clocks {
        var hour: Int64
        var month = 0
        init(_ calendar: Calendar) { hour = calendar.start.milliseconds }
    }

    /// Lets the hours strike that come before an instant: what falls due does so at their end.
    private mutating func strike(_ clocks: inout Clocks, before instant: Instant) throws {
        while clocks.hour + 3_600_000 <= instant.milliseconds {
            clocks.hour += 3_600_000
            try passTime(to: Instant(milliseconds: clocks.hour))
            let month = Int(
                (clocks.hour - calendar.start.milliseconds) / (30 * Calendar.dayMilliseconds))
            if month > clocks.month {
                clocks.month = month
                try reorganise(month: month)
            }
        }
    }

    private mutating func enter(_ number: UInt32, steps mean: Double) throws -> Step {
        if (number - 1).isMultiple(of: UInt32(Self.dealsPerCustomer)) {
            let customer = ledger.state.customers.count + 1
            try run([
                "CUSTOMER.CREATE", "客户\(customer)", "TYPE", dice.one(of: Market.types), "INDUSTRY",
                dice.one(of: Market.industries),
            ])
        }
        let owner = dice.one(of: sellers)
        let life = Self.lifetimeDays.lowerBound + dice.number(below: Self.lifetimeDays.count)
        let customer = max(1, ledger.state.customers.count - dice.number(below: 1000))
        var words = [
            "OPP.CREATE", "年度投放\(number)", "CUSTOMER", "c\(customer)", "AMOUNT", amount(), "CUR",
            currency(), "CLOSE", day(in: life), "PROCESS",
            dice.comesUp(percent: 10) ? "renewal" : "bid",
        ]
        words += ["SOURCE", dice.one(of: Market.sources), "PRODUCT", dice.one(of: Market.products)]
        words += ["REGION", dice.one(of: Market.regions), "CHANNEL", dice.one(of: Market.channels)]
        words += ["INDUSTRY", dice.one(of: Market.industries)]
        if let sequence = try run(words, as: owner) {
            try sink?.changed(ledger.state, OpportunityID(number), "created", now, sequence, owner)
        }
        let count = max(2, Int(mean * (0.5 + dice.part())))
        let gap = Int64(life) * Calendar.dayMilliseconds / Int64(count)
        return Step(at: later(gap), deal: number, left: count - 1, gap: gap)
    }

    /// Half to one and a half times the gap from now.
    private mutating func later(_ gap: Int64) -> Int64 {
        now.milliseconds + max(1, Int64(Double(gap) * (0.5 + dice.part())))
    }

    private mutating func take(_ step: Step) throws -> Step? {
        let id = OpportunityID(step.deal)
        let (owner, isLast) = ledger.state.opportunities.borrow(id) {
            ($0.owner, $0.stage + 1 == $0.definition.stages.count)
        }
        let isOver = step.left <= 1
        let words = isOver ? closing(id, isLast) : work(id, owner, isLast)
        let actor = words[0] == "OPP.TRANSFER" ? Self.administrator : owner
        if let sequence = try run(words, as: actor) {
            try sink?.changed(ledger.state, id, words[0], now, sequence, actor)
        }
        guard !isOver else { return nil }
        return Step(at: later(step.gap), deal: step.deal, left: step.left - 1, gap: step.gap)
    }

    private mutating func closing(_ id: OpportunityID, _ isLast: Bool) -> [String] {
        if isLast, dice.comesUp(percent: 75) { return ["OPP.WIN", "\(id)"] }
        if dice.comesUp(percent: 8) { return ["OPP.INVALIDATE", "\(id)", "REASON", "duplicate"] }
        let reason = dice.one(of: ["price", "competitor", "no-budget", "timing"])
        return ["OPP.LOSE", "\(id)", "REASON", reason]
    }

    private mutating func work(
        _ id: OpportunityID, _ owner: PersonID, _ isLast: Bool
    ) -> [String] {
        let colleague = dice.one(of: sellers)
        switch dice.number(below: 100) {
        case ..<50 where !isLast: return ["OPP.ADVANCE", "\(id)"]
        case ..<64: return ["OPP.UPDATE", "\(id)", "AMOUNT", amount()]
        case ..<74:
            return ["OPP.UPDATE", "\(id)", "CLOSE", day(in: 5 + dice.number(below: 90))]
        case ..<76 where colleague != owner:
            return ["OPP.TRANSFER", "\(id)", "TO", "\(colleague)"]
        case ..<78: return ["OPP.UPDATE", "\(id)", "PRODUCT", dice.one(of: Market.products)]
        case ..<88: return ["OPP.NOTE", "\(id)", "客户要求周五前给出报价"]
        default: return ["OPP.ACTIVITY", "\(id)", "call", "RESULT", "answered"]
        }
    }

    /// Mostly some tens of thousands, seldom millions, to the cent.
    private mutating func amount() -> String {
        let part = dice.part()
        let cents = 1_000_000 + Int(part * part * part * 200_000_000)
        return "\(cents / 100).\(cents % 100 < 10 ? "0" : "")\(cents % 100)"
    }

    private mutating func currency() -> String {
        switch dice.number(below: 100) {
        case ..<4: "USD"
        case ..<6: "EUR"
        default: "CNY"
        }
    }

    private func day(in days: Int) -> String {
        let today = Int32(now.milliseconds / Calendar.dayMilliseconds)
        return Day(number: today + Int32(days)).description
    }
}
