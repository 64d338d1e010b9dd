import Foundation
import PipelineDomain
import Testing

@testable import PipelineCommands

/// N-4, N-5, N-6, D-27: a company through random weeks: deeds, clock jumps, crashes that lose what was
/// not durable, starts from the log and from snapshots, zones with daylight saving, calendars with
/// make-up days, and one deal at which every reminder fails. Beside it runs an oracle that knows nothing
/// of how it is done (`TimeOracle`).
///
/// `TIME_SEEDS` and `TIME_FIRST_SEED` choose how many and which histories.
struct TimeSimulationTests {
    private static func setting(_ name: String) -> UInt64? {
        ProcessInfo.processInfo.environment[name].flatMap(UInt64.init)
    }

    @Test("N-4, N-6: every reminder once for its key, in its local minute, whatever time does")
    func histories() throws {
        let first = Self.setting("TIME_FIRST_SEED") ?? 1
        var counts = TimeSimulation.Counts()
        for seed in first..<(first + (Self.setting("TIME_SEEDS") ?? 2_000)) {
            var simulation = TimeSimulation(seed: seed)
            do {
                try simulation.run(steps: 12)
            } catch {
                Issue.record("seed \(seed): \(error)")
                return
            }
            guard simulation.faults.isEmpty else {
                Issue.record("seed \(seed): \(simulation.faults.joined(separator: "\n"))")
                return
            }
            counts.add(simulation.counts)
        }
        // All of it happened, and often.
        let seldom = counts.all.filter { $0.value < 100 }
        #expect(seldom.isEmpty || Self.setting("TIME_SEEDS") != nil, "\(seldom)")
    }
}

/// One random history.
struct TimeSimulation {
    /// How often what came to pass.
    struct Counts {
        var all = [
            "fired": 0, "an hour ahead": 0, "an hour back": 0, "a year ahead": 0, "a year back": 0,
            "lossy crashes": 0, "starts from the log": 0, "starts from a snapshot": 0, "poison": 0,
            "another zone": 0, "another calendar": 0, "on a make-up day": 0, "round a holiday": 0,
            "after the clocks were set": 0, "nine o'clock was skipped": 0, "deadlines": 0,
            "activities": 0, "late": 0, "digests": 0,
        ]

        mutating func add(_ others: Counts) { all.merge(others.all, uniquingKeysWith: +) }
        mutating func note(_ name: String) { all[name, default: 0] += 1 }
    }

    /// The deal at which every reminder fails.
    static let poisoned = DueSubject.opportunity(OpportunityID(6))

    var counts = Counts()
    /// The company as some record left it.
    private var snapshot: (state: State, sequence: UInt64, latest: Instant)?
    /// Records at the beginning of the step before: those behind may not be durable yet.
    private var durable = 0
    /// Records at the beginning of this step, or after a crash in it.
    private var begun = 0
    let company: LedgerCompany
    private var dice: SplitMix
    private(set) var faults: [String] = []
    /// What the records tell.
    var oracle = TimeOracle()
    let zones = FixedZones()

    init(seed: UInt64) {
        dice = SplitMix(seed: seed)
        // Half of them come to the days on which clocks are set.
        company = LedgerCompany(seed % 2 == 0 ? Self.inMarch : Self.furnished)
        company.fail(at: Self.poisoned)
        oracle.read(company.log)
        durable = company.log.count
    }

    private static let furnished: LedgerCompany.Parts = {
        let company = LedgerCompany.furnished()
        company.put(
            "timed",
            #"""
            {"name": "计时", "cycleDays": 30, "remindDaysBefore": 4,
             "stages": [
              {"key": "a", "name": "甲", "winRate": 10, "maxDwellDays": 5,
               "tasks": [{"key": "t", "name": "拜访", "dueDays": 3}]},
              {"key": "b", "name": "乙", "winRate": 20, "maxDwellDays": 9}]}
            """#)
        company.put(
            "asked",
            #"""
            {"name": "审批", "stages": [
              {"key": "a", "name": "甲", "winRate": 10,
               "gate": {"approval": "superior", "remindAfterHours": 5, "escalateAfterHours": 11,
                        "adminAfterHours": 23}},
              {"key": "b", "name": "乙", "winRate": 20}]}
            """#)
        company.run("PROCESS.PUBLISH timed")
        company.run("PROCESS.PUBLISH asked")
        for login in ["ann", "bob", "ann"] {
            company.run(
                "OPP.CREATE 塔 CUSTOMER c1 PROCESS timed CLOSE 2026-12-20 AMOUNT 100", as: login)
        }
        company.run("OPP.CREATE 桥 CUSTOMER c1 PROCESS asked", as: "ann")
        company.passTime()
        return company.parts
    }()

    private static let inMarch: LedgerCompany.Parts = {
        let company = LedgerCompany(furnished)
        company.fail(at: poisoned)
        company.live(until: at("2027-03-20T05:00:00Z"))
        // Where clocks are set, also past nine o'clock, on a Sunday that is worked on.
        company.put(
            calendar: #"{"name": "中国", "holidays": [], "workdays": ["2027-03-28"]}"#)
        company.run("PERSON.UPDATE ann TZ Test/Jump")
        company.run("PERSON.UPDATE bob TZ Europe/Berlin")
        company.run("OPP.UPDATE o4 CLOSE 2027-04-01", as: "ann")
        company.run("OPP.UPDATE o5 CLOSE 2027-04-03", as: "bob")
        return company.parts
    }()

    mutating func run(steps: Int) throws {
        for _ in 0..<steps where faults.isEmpty {
            begun = company.log.count
            switch below(11) {
            case 0..<4: deed()
            case 4..<7: live(hours: below(24 * 20))
            case 7:
                let jumps = [
                    ("an hour back", -3_600_000), ("an hour ahead", 3_600_000),
                    ("a year back", -31_536_000_000), ("a year ahead", 31_536_000_000),
                ]
                let (name, milliseconds) = jumps[below(4)]
                counts.note(name)
                company.advance(milliseconds: Int64(milliseconds))
                pass()
            case 8: try crash()
            case 9: takeSnapshot()
            default:
                try crash()
                company.advance(milliseconds: Int64(below(24 * 30)) * 3_600_000)
                pass()
            }
            durable = begun
        }
        // The records alone tell the same, and nothing of it fires again.
        if faults.isEmpty { pass() }
        let before = company.log.count
        try start()
        pass()
        let again = company.log[before...].filter { $0[1] == 0x0C }
        if !again.isEmpty { faults.append("\(again.count) reminders after a restart") }
    }

    /// What came about in the last step may be lost, as a whole, before it was told to anybody.
    private mutating func crash() throws {
        if below(2) == 0, durable < company.log.count {
            counts.note("lossy crashes")
            try company.recover(Array(company.log.prefix(durable)), at: company.now)
            if let taken = snapshot, Int(taken.sequence) > durable { snapshot = nil }
            oracle = TimeOracle()
            oracle.read(company.log)
            begun = company.log.count
        }
        try start()
    }

    private mutating func takeSnapshot() {
        snapshot = (
            company.ledger.state, company.ledger.lastSequence, company.ledger.lastInstant
        )
    }

    /// From the records alone, or from a snapshot and those behind it.
    private mutating func start() throws {
        if let snapshot, below(2) == 0 {
            counts.note("starts from a snapshot")
            try company.restart(
                from: MemorySnapshot(snapshot.state).state(), at: snapshot.sequence,
                latest: snapshot.latest)
        } else {
            counts.note("starts from the log")
            try company.restart()
        }
        company.fail(at: Self.poisoned)
    }

    private mutating func below(_ bound: Int) -> Int {
        Int(dice.next() % UInt64(bound))
    }

    /// Whatever falls due in these hours does so at its instant.
    private mutating func live(hours: Int) {
        let end = Instant(milliseconds: company.now.milliseconds + Int64(hours) * 3_600_000)
        pass()
        while faults.isEmpty, let next = company.ledger.schedule.dues.next?.at, next <= end {
            if next < company.now {
                faults.append("something is due at \(next) and was not done by \(company.now)")
            }
            company.now = max(next, company.now)
            pass()
        }
        company.now = end
        pass()
    }

    private mutating func deed() {
        let deal = ["o4", "o5"][below(2)]
        let owner = deal == "o4" ? "ann" : "bob"
        switch below(12) {
        case 0...2:
            let day = zones.day(in: "UTC", at: company.now).number + Int32(below(40)) - 8
            company.run("OPP.UPDATE \(deal) CLOSE \(Day(number: day))", as: owner)
        case 3: company.run("OPP.ADVANCE \(deal)", as: owner)
        case 4: company.run("OPP.TASK \(deal) t \(["DONE", "UNDO"][below(2)])", as: owner)
        case 5: company.run("OPP.LOSE \(deal) REASON x", as: owner)
        case 6: company.run("OPP.REOPEN \(deal) REASON x", as: "lee")
        case 7:
            counts.note("another zone")
            let zone = ["Asia/Shanghai", "Europe/Berlin", "UTC", "Test/Jump"][below(4)]
            company.run("PERSON.UPDATE \([owner, owner, "lee"][below(3)]) TZ \(zone)")
        case 8:
            let planned = Instant(
                milliseconds: company.now.milliseconds + Int64(below(24 * 20) - 24) * 3_600_000)
            company.run("OPP.ACTIVITY \(deal) call AT \(planned)", as: owner)
        case 9: company.run("OPP.ADVANCE o7", as: "ann")
        case 10: company.run("OPP.RECALL o7", as: "ann")
        default: changeCalendar()
        }
    }

    private mutating func changeCalendar() {
        counts.note("another calendar")
        let first = zones.day(in: "UTC", at: company.now).number
        let days = (0..<60).map { Day(number: first + $0) }
        let holidays = days.filter { _ in below(9) == 0 }
        let workdays = days.filter { _ in below(6) == 0 }
        func list(_ days: [Day]) -> String {
            days.map { "\"\($0)\"" }.joined(separator: ", ")
        }
        company.put(
            calendar:
                "{\"name\": \"中国\", \"holidays\": [\(list(holidays))], \"workdays\": [\(list(workdays))]}"
        )
    }

    private mutating func pass() {
        let before = due()
        let failed = company.passTime()
        if failed.contains(where: { $0 != Self.poisoned.id }) {
            faults.append("set aside: \(failed)")
        }
        if !failed.isEmpty { counts.note("poison") }
        let news = oracle.read(company.log)
        faults += oracle.faults
        for name in news where name.hasPrefix(Self.poisoned.id + " ") {
            faults.append("\(name) fired, which fails")
        }
        count(news, dueBefore: before)
        // Everything that was due is done, in one go.
        for (key, at) in before where at <= company.now && !news.contains(key) {
            faults.append("\(key) was due at \(at) and did not fire by \(company.now)")
        }
        for key in news where before[key].map({ $0 <= company.now }) == false {
            faults.append(
                "\(key) fired at \(company.now), before \(before[key]?.description ?? "")")
        }
        for (key, at) in due() where at <= company.now {
            faults.append("\(key) is still due since \(at) at \(company.now)")
        }
    }
}

extension LedgerCompany {
    fileprivate func put(calendar document: String) {
        run(["CALENDAR.PUT", "cn", document].map { Array($0.utf8) })
    }
}
