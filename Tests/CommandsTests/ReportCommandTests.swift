import PipelineDomain
import PipelineProtocol
import Testing

@testable import PipelineCommands

@Suite("Reports over the wire")
struct ReportCommandTests {
    private let receipt = "receipt: {seq: "

    @Test("A-1, A-3: the fields of funnel and forecast, in their order")
    func fields() throws {
        let company = LedgerCompany.furnished()
        let funnel = company.run("REPORT.FUNNEL PROCESS bid")
        #expect(
            keys(funnel) == [
                "process", "version", "currency", "stages", "open", "amount", "weighted",
                "complete", "receipt",
            ])
        #expect(
            keys(funnel["stages"]?.rows.first) == [
                "stage", "name", "count", "amount", "winRate", "weighted", "conversion", "flag",
            ])
        let forecast = company.run("REPORT.FORECAST")
        for name in [
            "amount", "currency", "deals", "expectedWins", "sigma", "p10", "p50", "p90", "target",
            "gap", "receipt", "complete", "overdueAmount", "method", "chance",
        ] {
            #expect(forecast[name] != nil, "\(name)")
        }
        // 600 000 and 1 000.50 at 40 %: 600 000 × √0.24 and a little.
        #expect(forecast["amount"]?.text == "240400.20")
        #expect(forecast["sigma"]?.text == "293939.18")
        #expect(forecast["p10"]?.text == "0.00" && forecast["p90"]?.text == "601000.50")
        #expect(forecast["method"]?.text == "exact")
        #expect(forecast["target"] == .null && forecast["chance"] == .null)
        #expect(forecast["expectedWins"]?.text == "1.3")
        #expect(forecast["overdueAmount"]?.text == "0.00")
    }

    @Test("A-2, A-10: a deal past its close date is told once, in forecast and attainment alike")
    func overdue() {
        let company = LedgerCompany.furnished()
        company.run("OPP.UPDATE o3 CLOSE 2026-12-01", as: "lee")
        let quarter = "PERIOD 2026-10-01 2026-12-31"
        func told(_ line: String, _ fields: String...) -> [String?] {
            let reply = company.run(line)
            return fields.map { reply[$0]?.text }
        }
        for (days, expected) in [(9, ["400.20", "0.00"]), (1, ["0.00", "1000.50"])] {
            // On the day itself it is not late yet.
            company.advance(milliseconds: Int64(days) * 86_400_000)
            company.run("OPP.NOTE o1 hello", as: "ann")
            #expect(told("REPORT.FORECAST \(quarter)", "amount", "overdueAmount") == expected)
            #expect(told("REPORT.ATTAINMENT", "weighted", "overdueAmount") == expected)
            #expect(
                told("REPORT.FORECAST \(quarter) PROCESS bid", "amount", "overdueAmount")
                    == expected)
            // Without a period all open deals count, and what of them is late is said beside.
            for words in ["", " PROCESS bid", " UNIT u3"] {
                let all = told("REPORT.FORECAST\(words)", "amount", "overdueAmount")
                #expect(all == ["240400.20", expected[1]])
            }
        }
    }

    private func keys(_ reply: Reply?) -> [String] {
        guard case .map(let pairs) = reply else { return [] }
        return pairs.map { $0.key.plain }
    }

    @Test("A-1: two units side by side, and rows of what is asked for")
    func versus() {
        let company = LedgerCompany.furnished()
        company.run("OPP.CREATE West CUSTOMER c1 AMOUNT 5 PROCESS bid", as: "zoe")
        let both = company.run("REPORT.FUNNEL PROCESS bid UNIT u3 VERSUS u4", as: "boss")
        #expect(both["open"]?.plain == "2" && both["versus"]?["open"]?.plain == "1")
        #expect(both["versus"]?["amount"]?.text == "5.00")
        #expect(both["versus"]?["complete"]?.plain == "true")
        #expect(
            company.refusal("REPORT.FUNNEL PROCESS bid UNIT u3 VERSUS u4", as: "lee")
                == "NOTFOUND no unit 'u4'; check the id, or ask whoever may see it")
        let rows = company.run("REPORT.FUNNEL PROCESS bid BY owner")["rows"]
        #expect(
            rows?.plain
                == "[{key: e4, name: Ann, count: 1, amount: 600000.00, weighted: 240000.00}, {key: e5, name: Bob, count: 1, amount: 1000.50, weighted: 400.20}, {key: e7, name: Zoë, count: 1, amount: 5.00, weighted: 2.00}]"
        )
        let months = company.run("REPORT.FORECAST BY month")["rows"]?.rows
        #expect(months?.map { $0["key"]?.plain } == ["2027-06", "null"])
    }

    @Test(
        "D-33, A-14: whose closed deal stayed in the unit, but who went elsewhere, has no row there"
    )
    func gone() {
        let company = LedgerCompany.furnished()
        company.run("OPP.LOSE o2 REASON price", as: "ann")
        company.run("PERSON.UPDATE ann UNIT u4")
        company.run("OPP.ACTIVITY o1 call", as: "ann")
        func people(_ login: String) -> [String] {
            let report = company.run("REPORT.REPS UNIT u3", as: login)
            return report["rows"]?.elements?.compactMap { $0["key"]?.text } ?? []
        }
        // The deal itself is still the unit's (D-10).
        #expect(company.run("REPORT.LOSSES UNIT u3", as: "lee")["lost"]?.plain == "1")
        #expect(people("lee") == ["e3", "e5"])
        #expect(company.run("REPORT.REPS UNIT u3", as: "lee")["complete"]?.plain == "false")
        #expect(people("boss") == ["e3", "e4", "e5"])
        #expect(
            company.refusal("REPORT.REPS OWNER ann", as: "bob")?
                .hasPrefix("NOTFOUND no person 'ann'") == true)
    }

    @Test(
        "D-33: seen by a place on the team, as approver or as delegate, a deal is in one's reports")
    func otherRights() {
        let company = LedgerCompany.furnished()
        let line = "REPORT.FORECAST UNIT u3"
        func deals(_ login: String) -> String? { company.run(line, as: login)["deals"]?.plain }
        #expect(company.refusal(line, as: "zoe")?.hasPrefix("NOTFOUND ") == true)
        #expect(
            company.refusal("REPORT.FORECAST OWNER ann", as: "zoe")?.hasPrefix("NOTFOUND ") == true)
        company.run("OPP.TEAM o1 ADD zoe ROLE technical", as: "ann")
        #expect(deals("zoe") == "1")
        #expect(company.run(line, as: "zoe")["complete"]?.plain == "false")
        let own = company.run("REPORT.FORECAST OWNER ann", as: "zoe")
        #expect(own["deals"]?.plain == "1" && own["complete"]?.plain == "false")
        #expect(company.run("REPORT.FORECAST OWNER bob", as: "lee")["complete"]?.plain == "true")
        company.run("OPP.TEAM o1 REMOVE zoe", as: "ann")
        #expect(company.refusal(line, as: "zoe")?.hasPrefix("NOTFOUND ") == true)
        company.submit()
        company.run("APPROVAL.REROUTE a1 TO zoe REASON ill")
        #expect(deals("zoe") == "1")
        company.run("PERSON.CREATE kim NAME Kim UNIT u1")
        #expect(company.refusal(line, as: "kim")?.hasPrefix("NOTFOUND ") == true)
        company.run("PERSON.DELEGATE zoe TO kim FROM 2026-11-22 UNTIL 2026-11-30")
        #expect(deals("kim") == "1")
    }

    @Test("A-19: complete says whether deals are hidden, not whether people are")
    func complete() {
        let company = LedgerCompany.furnished()
        func complete(_ line: String, _ login: String) -> String? {
            company.run(line, as: login)["complete"]?.plain
        }
        // Ann owns o1 and o2, bob o3; lee owns nothing.
        #expect(complete("REPORT.FORECAST", "ann") == "false")
        #expect(complete("REPORT.FORECAST PROCESS plain", "ann") == "true")
        #expect(complete("REPORT.FORECAST PERIOD 2027-06-01 2027-06-30", "ann") == "true")
        #expect(complete("REPORT.FORECAST OWNER ann", "ann") == "true")
        #expect(complete("REPORT.FORECAST UNIT u3", "lee") == "true")
        #expect(complete("REPORT.FORECAST", "lee") == "true")
        company.run("OPP.CREATE T CUSTOMER c1", as: "zoe")
        #expect(complete("REPORT.FORECAST", "lee") == "false")
        #expect(complete("REPORT.FORECAST", "boss") == "true")
    }

    @Test("D-34: another subtree is as absent, in every report")
    func absent() {
        let company = LedgerCompany.furnished()
        for name in LedgerCompany.queries.keys where name.hasPrefix("REPORT.") {
            let rest =
                name == "REPORT.EFFECT"
                ? " won BEFORE 2026-01-01 2026-06-30 AFTER 2026-07-01 2026-12-31" : ""
            for unit in ["u4", "u99"] {
                #expect(
                    company.refusal("\(name)\(rest) UNIT \(unit)", as: "ann")
                        == "NOTFOUND no unit '\(unit)'; check the id, or ask whoever may see it",
                    "\(name)")
            }
        }
    }

    @Test("A-9: the causes are told in the viewer's language")
    func causes() {
        let company = LedgerCompany.furnished()
        company.put(
            "phased",
            #"""
            {"name": "P", "stages": [
              {"key": "call-in", "name": "一", "winRate": 10, "phase": "early", "maxDwellDays": 5},
              {"key": "offer", "name": "二", "winRate": 20, "phase": "mid", "maxDwellDays": 5},
              {"key": "signing", "name": "三", "winRate": 30, "phase": "late", "maxDwellDays": 5}]}
            """#)
        company.run("PROCESS.PUBLISH phased")
        for count in 0...2 {
            company.run("OPP.CREATE T\(count) CUSTOMER c1 PROCESS phased", as: "bob")
            for _ in 0..<count { company.run("OPP.ADVANCE o\(4 + count)", as: "bob") }
        }
        company.advance(milliseconds: 6 * 86_400_000)
        // What is told depends on the last record, not on when it is asked for.
        #expect(company.run("REPORT.STAGNANT PROCESS phased")["stagnant"]?.plain == "0")
        company.run("OPP.NOTE o1 hm", as: "ann")
        let english = company.run("REPORT.STAGNANT PROCESS phased", as: "bob")["rows"]?.rows
        #expect(
            english?.map { $0["causes"]?.plain } == [
                "[the buyer has not decided to buy yet, the rep is out of touch with the buyer]",
                "[the buyer is in a dilemma between offers, already lost to a competitor, and nobody says so]",
                "[disagreement inside the buyer's organisation]",
            ])
        #expect(
            english?.map { $0["flags"]?.plain } == [
                "[stagnant]", "[stagnant, no-power]", "[stagnant, no-power]",
            ])
        let chinese = company.run("REPORT.STAGNANT PROCESS phased", as: "lee")["rows"]?.rows
        #expect(
            chinese?.map { $0["causes"]?.plain } == [
                "[客户尚未下定购买决心, 销售人员与客户失去联系]",
                "[客户在几家方案之间左右为难, 已经输给竞争对手，只是没有说出来]", "[客户内部意见不一致]",
            ])
    }

    @Test("A-11: PLAN.ACTIVITIES, and what it refuses")
    func plan() {
        let company = LedgerCompany.furnished()
        let line = "PLAN.ACTIVITIES TARGET 500000 RATE 25 AVERAGE 100000"
        let plan = company.run(line, as: "ann")
        #expect(keys(plan) == ["activities", "deals", "complete", "receipt"])
        #expect(plan["activities"]?.plain == "20" && plan["deals"]?.plain == "5")
        for (line, error) in [
            ("PLAN.ACTIVITIES TARGET 5 RATE 25 AVERAGE 0", "INVALID AVERAGE: must be above 0"),
            (
                "PLAN.ACTIVITIES TARGET 5 RATE 0 AVERAGE 1",
                "INVALID RATE: must be a percentage above 0, at most 100, such as 25 or 33.33"
            ),
            (
                "PLAN.ACTIVITIES TARGET 5 RATE 100.01 AVERAGE 1",
                "INVALID RATE: must be a percentage above 0, at most 100, such as 25 or 33.33"
            ),
            (
                "PLAN.ACTIVITIES TARGET 0.001 RATE 10 AVERAGE 1",
                "INVALID TARGET: CNY has 2 decimals"
            ),
            (
                "PLAN.ACTIVITIES TARGET 999999999999999 RATE 0.01 AVERAGE 0.01",
                "INVALID TARGET: takes more activities than 64 bits count; raise RATE or AVERAGE"
            ),
        ] {
            #expect(company.refusal(line) == error)
        }
    }

    @Test("P-5: what cannot be broken down is refused, not answered otherwise")
    func groupings() {
        let company = LedgerCompany.furnished()
        for (line, error) in [
            (
                "REPORT.HOLES PROCESS bid BY source",
                "INVALID BY: targets, which holes are measured by, go by one of: unit, owner, process, product, region, channel, month, quarter"
            ),
            (
                "REPORT.ATTAINMENT BY stage",
                "INVALID BY: nothing is won in a stage; REPORT.FORECAST BY stage tells what each holds"
            ),
            (
                "REPORT.LEADS BY stage",
                "INVALID BY: leads go by one of: source, industry, owner, unit, month, quarter"
            ),
            (
                "REPORT.LEADS PRODUCT crane PROCESS bid",
                "INVALID PROCESS: leads have none; take UNIT, OWNER, SOURCE or INDUSTRY; PRODUCT: leads have none; take UNIT, OWNER, SOURCE or INDUSTRY"
            ),
        ] {
            #expect(company.refusal(line) == error)
        }
    }

    @Test("A-1…A-20: what can be broken down is, by everything that BY names")
    func everyGrouping() {
        let company = LedgerCompany.furnished()
        company.run("LEAD.CREATE Zhao SOURCE 展会", as: "ann")
        company.run("OPP.NOTE o1 hello", as: "ann")
        company.run("OPP.LOSE o3 REASON price REVIEW dear", as: "bob")
        company.run("TARGET.SET u2 PERIOD 2026Q4 AMOUNT 1000")
        let refused: Set<String> = [
            "HOLES customertype", "HOLES industry", "HOLES source", "ATTAINMENT stage",
            "LEADS stage", "LEADS process", "LEADS customertype", "LEADS product", "LEADS region",
            "LEADS channel",
        ]
        for report in [
            "FUNNEL", "FORECAST", "WINRATE", "CONVERSION", "DWELL", "STAGNANT", "HOLES",
            "ATTAINMENT", "VELOCITY", "REPS", "LOSSES", "LEADS", "UNANSWERED", "WATERFALL",
        ] {
            for grouping in Grouping.allCases {
                var line = "REPORT.\(report) BY \(grouping.rawValue)"
                if report != "LEADS" { line += " PROCESS bid" }
                let refusal = company.refusal(line)
                if refused.contains("\(report) \(grouping.rawValue)") {
                    #expect(refusal?.hasPrefix("INVALID BY: ") == true, "\(line)")
                    continue
                }
                #expect(refusal == nil, "\(line): \(refusal ?? "")")
                let reply = company.run(line)
                let rows = reply["groups"] ?? reply["rows"]
                #expect(rows?.elements != nil, "\(line)")
                for row in rows?.elements ?? [] where report != "FUNNEL" {
                    #expect(row["key"] != nil || row["id"] != nil, "\(line): \(row.plain)")
                }
            }
        }
    }

    @Test("A-7, A-10: what is won counts towards a target, whatever the process asked about")
    func targetsAndProcesses() {
        let company = LedgerCompany.furnished()
        company.run("TARGET.SET u1 PERIOD 2026Q4 AMOUNT 5000")
        company.run("OPP.CREATE T CUSTOMER c2 PROCESS plain AMOUNT 1000", as: "ann")
        let id = "o\(company.ledger.state.opportunities.count)"
        company.run("OPP.OVERRIDE \(id) TO finish REASON x")
        company.run("OPP.WIN \(id)", as: "ann")
        let period = "PERIOD 2026-10-01 2026-12-31"
        let holes = company.run("REPORT.HOLES PROCESS bid \(period)")
        #expect(holes["target"]?.text == "5000.00" && holes["won"]?.text == "1000.00")
        // A part of what counts is held against no target of the whole.
        for report in ["FORECAST", "ATTAINMENT"] {
            let part = company.run("REPORT.\(report) PROCESS bid \(period)")
            #expect(part["target"]?.text == nil && part["won"]?.text == "0.00")
            let whole = company.run("REPORT.\(report) \(period)")
            #expect(whole["target"]?.text == "5000.00" && whole["won"]?.text == "1000.00")
        }
    }

    @Test("A-4: the process is named also where win rates are broken down")
    func processOfWinRates() {
        let company = LedgerCompany.furnished()
        let reply = company.run("REPORT.WINRATE PROCESS bid BY owner")
        #expect(reply["process"]?.text == "bid" && reply["version"]?.plain == "1")
        #expect(company.run("REPORT.WINRATE BY owner")["process"] == .null)
    }

    @Test("A-14: people's figures by unit and by month, and narrowed down")
    func repsBroken() {
        let company = LedgerCompany.furnished()
        company.run("OPP.ACTIVITY o1 call RESULT answered", as: "ann")
        company.run("OPP.ACTIVITY o2 call RESULT answered", as: "ann")
        company.run("OPP.ACTIVITY o3 visit RESULT refused", as: "bob")
        func done(_ words: String) -> [String?: String?] {
            let rows = company.run("REPORT.REPS \(words)")["rows"]?.elements ?? []
            return Dictionary(rows.map { ($0["key"]?.text, $0["done"]?.plain) }) { $1 }
        }
        #expect(done("BY unit")["u3"] == "3")
        #expect(done("BY month") == ["2026-11": "3"])
        #expect(done("BY process") == ["bid": "2", "plain": "1"])
        #expect(done("PROCESS plain")["e4"] == "1" || done("PROCESS plain")["e4"] == "0")
    }

    @Test("A-15: REPORT.EFFECT's answer")
    func effect() {
        let company = LedgerCompany.furnished()
        let line = "REPORT.EFFECT deals BEFORE 2026-10-01 2026-10-31 AFTER 2026-11-01 2026-11-30"
        #expect(
            company.run(line).plain.hasPrefix(
                "{metric: deals, before: 0, after: 3, change: null, better: higher, effect: null, currency: null, complete: true, receipt: {seq: "
            ))
        #expect(
            company.refusal(
                "REPORT.EFFECT deals BEFORE 2026-10-31 2026-10-01 AFTER 2026-11-01 2026-11-30")
                == "INVALID BEFORE: ends on 2026-10-01, before it begins on 2026-10-31")
    }

    @Test("A-18, A-19: every report as of its receipt's position is the same answer again")
    func asOf() throws {
        let company = LedgerCompany.furnished()
        company.submit()
        company.run("TARGET.SET u3 PERIOD 2026Q4 AMOUNT 1000", as: "boss")
        company.run("LEAD.CREATE Zhao SOURCE 展会", as: "ann")
        var told: [(line: String, login: String, answer: String)] = []
        var position = ""
        for (name, lines) in LedgerCompany.queries where name.hasPrefix("REPORT.") {
            for line in lines {
                for login in ["root", "eve", "boss", "lee", "ann"] {
                    let reply = company.run(line, as: login)
                    if let seq = reply["receipt"]?["seq"]?.plain { position = seq }
                    told.append((line, login, reply.plain))
                }
            }
        }
        company.advance(milliseconds: 40 * 86_400_000)
        for line in [
            "OPP.LOSE o1 REASON price REVIEW dear", "OPP.UPDATE o3 AMOUNT 5", "OPP.ADVANCE o2",
            "TARGET.SET u3 PERIOD 2026Q4 AMOUNT 7", "LEAD.DISCARD l1 REASON spam",
            "OPP.CREATE T CUSTOMER c1 AMOUNT 12", "OPP.NOTE o2 hello", "UNIT.UPDATE u3 NAME 华东二部",
            "RATE.SET USD 2026-11-01 7",
        ] {
            let login = line.hasPrefix("RATE") || line.hasPrefix("UNIT") ? "root" : "lee"
            #expect(
                company.refusal(line, as: line.hasPrefix("TARGET") ? "boss" : login) == nil,
                "\(line)")
        }
        for (line, login, answer) in told {
            #expect(
                company.run("\(line) ASOF \(position)", as: login).plain == answer,
                "\(line) \(login)")
        }
    }
}
