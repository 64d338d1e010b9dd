import PipelineDomain
import PipelineProtocol
import Testing

@testable import PipelineCommands

@Suite("The past")
struct AsOfTests {
    @Test("D-29: the tree is kept by date: before and after a renaming, a move and a merge")
    func tree() {
        let company = LedgerCompany.furnished()
        var trees: [(position: Int, at: Instant, tree: String)] = []
        func keep() {
            let tree = company.run("UNIT.TREE", as: "ann").plain
            trees.append((company.log.count, company.now, tree))
            company.advance(milliseconds: 60_000)
        }
        keep()
        for line in [
            "UNIT.UPDATE u3 NAME 华东", "UNIT.UPDATE u4 PARENT u3", "UNIT.CREATE 北部 PARENT u2",
            "UNIT.MERGE u4 INTO u3", "PERSON.UPDATE bob UNIT u5", "UNIT.UPDATE u5 HEAD bob",
        ] {
            #expect(company.refusal(line) == nil)
            keep()
        }
        #expect(Set(trees.map(\.tree)).count == trees.count)
        // Backwards, forwards and in between: whatever state is at hand to build upon.
        for index in [6, 0, 3, 5, 1, 4, 2, 6, 0] {
            let then = trees[index]
            #expect(company.run("UNIT.TREE ASOF \(then.position)", as: "zoe").plain == then.tree)
            #expect(company.run("UNIT.TREE ASOF \(then.at)", as: "zoe").plain == then.tree)
        }
        let between = Instant(milliseconds: trees[2].at.milliseconds + 59_999)
        #expect(company.run("UNIT.TREE ASOF \(between)").plain == trees[2].tree)
        #expect(
            company.refusal("UNIT.TREE u5 ASOF \(trees[2].position)")
                == "NOTFOUND no unit 'u5'; check the id, or ask whoever may see it")
        #expect(
            company.run("UNIT.TREE u3 DEPTH 0 ASOF \(trees[0].position)").plain.contains("East"))
    }

    @Test("A-18, D-37: a date means its end in the company's zone")
    func date() {
        let company = LedgerCompany.furnished()
        // 10:17 in Shanghai; 14 hours later it is the next day there, and still the same in UTC.
        let before = company.run("UNIT.TREE").plain
        company.advance(milliseconds: 14 * 3_600_000)
        company.run("UNIT.UPDATE u3 NAME 华东")
        let after = company.run("UNIT.TREE").plain
        #expect(before != after)
        #expect(company.run("UNIT.TREE ASOF 2026-11-22").plain == before)
        #expect(company.run("UNIT.TREE ASOF 2026-11-23").plain == after)
        #expect(
            company.refusal("UNIT.TREE ASOF 2026-11-24")
                == "INVALID ASOF: lies ahead; today is 2026-11-23")
    }

    @Test(
        "A-18, P-5: what lies beyond the log is refused, naming the bound",
        arguments: [
            ("999999", "INVALID ASOF: position 999999 is beyond the last one, LAST"),
            (
                "9223372036854775807",
                "INVALID ASOF: position 9223372036854775807 is beyond the last one, LAST"
            ),
            ("2", "INVALID ASOF: the company begins with position 3"),
            ("0", "INVALID ASOF: the company begins with position 3"),
            ("2026-11-21", "INVALID ASOF: lies before the founding of the company"),
            ("1900-01-01T00:00:00Z", "INVALID ASOF: lies before the founding of the company"),
            ("2026-11-23T00:00:00+08:00", "INVALID ASOF: lies ahead; today is 2026-11-22"),
            (
                "yesterday",
                "INVALID ASOF: must be an instant such as 2026-11-22T09:30:00Z, a date, YYYY-MM-DD, or a position of the log"
            ),
            (
                "-1",
                "INVALID ASOF: must be an instant such as 2026-11-22T09:30:00Z, a date, YYYY-MM-DD, or a position of the log"
            ),
        ])
    func bounds(time: String, line: String) {
        let company = LedgerCompany.furnished()
        let expected = line.replacing("LAST", with: "\(company.log.count)")
        for command in [
            "UNIT.TREE", "REPORT.FUNNEL PROCESS bid", "REPORT.FORECAST", "REPORT.WATERFALL",
            "REPORT.WATERFALL PERIOD 2027-01-01 2027-03-31",
        ] {
            #expect(company.refusal("\(command) ASOF \(time)") == expected)
        }
    }

    @Test("W-3, A-18: an instant counts by a time that never goes back, whatever the clock did")
    func clock() {
        let company = LedgerCompany.furnished()
        let founded = company.now
        company.advance(milliseconds: 10_000)
        company.run("UNIT.UPDATE u3 NAME 甲")
        let first = company.run("UNIT.TREE").plain
        company.advance(milliseconds: -8_000)
        company.run("UNIT.UPDATE u3 NAME 乙")
        let second = company.run("UNIT.TREE").plain
        func tree(after milliseconds: Int64) -> String {
            let instant = Instant(milliseconds: founded.milliseconds + milliseconds)
            return company.run("UNIT.TREE ASOF \(instant)").plain
        }
        #expect(tree(after: 9_999).contains("East"))
        #expect(tree(after: 2_000).contains("East"))
        #expect(tree(after: 10_000) == second)
        #expect(company.run("UNIT.TREE ASOF \(company.log.count - 1)").plain == first)
        let receipt = company.run("REPORT.FORECAST")["receipt"]
        #expect(
            receipt?["at"]?.text
                == Instant(milliseconds: founded.milliseconds + 10_000).description)
    }

    @Test(
        "A-19: asked again as of its receipt, a report is the same to the byte", arguments: 1...12)
    func receipts(seed: UInt64) throws {
        let company = LedgerCompany.furnished()
        var dice = Dice(seed: seed)
        var asked: [(line: String, login: String, bytes: [UInt8])] = []
        for _ in 0..<60 {
            let (line, login) = step(&dice)
            company.run(line, as: login)
            company.advance(milliseconds: Int64(dice.roll(40)) * 3_600_000 / 4)
            guard dice.roll(4) == 0 else { continue }
            for login in ["root", "eve"] {
                for report in [
                    "REPORT.FUNNEL PROCESS bid", "REPORT.FUNNEL PROCESS plain UNIT u2",
                    "REPORT.FUNNEL OWNER ann PROCESS bid", "REPORT.FORECAST",
                    "REPORT.FORECAST UNIT u3 PERIOD 2026-12-01 2027-12-31", "UNIT.TREE u2",
                ] {
                    let line = report + " ASOF \(company.log.count)"
                    asked.append((line, login, company.bytes(report, as: login)))
                }
            }
        }
        let again = try company.replayed()
        for then in asked {
            #expect(company.bytes(then.line, as: then.login) == then.bytes, "\(then.line)")
            #expect(again.bytes(then.line, as: then.login) == then.bytes, "\(then.line)")
        }
        #expect(asked.count > 12)
    }

    @Test("A-18, A-19: a thousand histories: every report as of then is what was answered then")
    func histories() {
        var answered: Set<String> = []
        for seed in 1...1_000 as ClosedRange<UInt64> {
            let company = LedgerCompany.furnished()
            var dice = Dice(seed: seed)
            func work() {
                for _ in 0..<8 {
                    let (line, login) = step(&dice)
                    company.run(line, as: login)
                    company.advance(milliseconds: Int64(dice.roll(40)) * 3_600_000)
                }
            }
            work()
            var asked: [(line: String, login: String, bytes: [UInt8])] = []
            for _ in 0..<6 {
                let (line, login) = (report(&dice), ["root", "eve"][dice.roll(2)])
                let bytes = company.bytes(line, as: login)
                if bytes.first == UInt8(ascii: "%") {
                    answered.insert(String(line.prefix { $0 != " " }))
                }
                asked.append(("\(line) ASOF \(company.log.count)", login, bytes))
            }
            work()
            for then in asked {
                let isSame = company.bytes(then.line, as: then.login) == then.bytes
                #expect(isSame, "seed \(seed): \(then.line)")
            }
        }
        #expect(answered.count == 14, "each was answered, and not only refused: \(answered)")
    }

    /// Any report with any words behind it.
    private func report(_ dice: inout Dice) -> String {
        func one(_ texts: [String]) -> String { texts[dice.roll(texts.count)] }
        var line =
            "REPORT."
            + one([
                "FUNNEL", "FORECAST", "WINRATE", "CONVERSION", "DWELL", "STAGNANT", "HOLES",
                "ATTAINMENT", "VELOCITY", "REPS", "LOSSES", "LEADS", "UNANSWERED", "WATERFALL",
            ])
        for words in [
            one(["", "", " UNIT u2", " UNIT u3", " UNIT u4"]), one(["", "", "", " OWNER ann"]),
            one(["", " PROCESS bid", " PROCESS plain"]),
            one(["", "", " PERIOD 2026-11-22 2026-12-31", " PERIOD 2027-01-01 2027-09-30"]),
            one(["", "", "", " CUSTOMERTYPE enterprise"]),
            one(["", "", "", " PRODUCT crane", " SOURCE inbound", " REGION 华东"]),
            one(["", "", " VERSUS u4"]),
            one(["", "", " BY " + one(Grouping.allCases.map(\.rawValue))]),
        ] {
            line += words
        }
        return line
    }

    @Test("A-19, D-33: rights are those of now: what one may no longer see is not counted")
    func rights() {
        let company = LedgerCompany.furnished()
        let line = "REPORT.FUNNEL PROCESS bid UNIT u2"
        let before = company.bytes(line, as: "lee")
        let position = company.log.count
        company.run("OPP.UPDATE o1 AMOUNT 1", as: "ann")
        #expect(company.bytes("\(line) ASOF \(position)", as: "lee") == before)
        let full = company.run("\(line) ASOF \(position)", as: "lee")
        #expect(full["open"]?.integer == 2)
        // bob, who owns o3, goes where lee is not above him.
        company.run("PERSON.UPDATE bob UNIT u4")
        let less = company.run("\(line) ASOF \(position)", as: "lee")
        #expect(less["open"]?.integer == 1)
        #expect(less["complete"]?.boolean == false)
        #expect(company.run("\(line) ASOF \(position)", as: "boss")["open"]?.integer == 2)
        // zoe was not above anybody then, and is now.
        company.run("UNIT.UPDATE u3 HEAD zoe")
        #expect(company.run("\(line) ASOF \(position)", as: "zoe")["open"]?.integer == 1)
        // Somebody who was not there yet asks about the time before.
        company.run("PERSON.CREATE kim NAME Kim UNIT u1")
        #expect(
            company.refusal("\(line) ASOF \(position)", as: "kim")
                == "NOTFOUND no unit 'u2'; check the id, or ask whoever may see it")
        company.run("UNIT.UPDATE u2 HEAD kim")
        #expect(company.run("\(line) ASOF \(position)", as: "kim")["open"]?.integer == 2)
    }

    @Test("A-17: a walk shows every record of a span with the state before and after it")
    func walk() throws {
        let company = LedgerCompany.furnished()
        company.submit()
        company.run("UNIT.UPDATE u3 NAME 华东")
        for (from, to) in [(3, nil), (20, nil), (20, 25), (25, 20), (5, 5)] as [(UInt64, UInt64?)] {
            let spans = Span.walk(company, from: .position(from), to: to.map { .position($0) })
            let end = max(from, to ?? UInt64(company.log.count))
            #expect(spans?.seen == Array((from + 1)..<(end + 1)))
            #expect(spans?.isConsistent == true)
        }
        let all = Span.walk(company, from: .day(try #require(Day("1999-01-01".utf8))), to: nil)
        #expect(all?.seen == Array(4...UInt64(company.log.count)))
    }

    /// One random change of the company.
    private func step(_ dice: inout Dice) -> (String, String) {
        let deal = "o\(1 + dice.roll(6))"
        let people = ["ann", "bob", "zoe", "lee"]
        let who = people[dice.roll(people.count)]
        return switch dice.roll(19) {
        case 14:
            (
                "CUSTOMER.UPDATE c\(1 + dice.roll(2)) TYPE \(["enterprise", "government"][dice.roll(2)])",
                "root"
            )
        case 15: ("OPP.NOTE \(deal) 客户犹豫", who)
        case 16: ("OPP.ACTIVITY \(deal) call RESULT answered", who)
        case 17: ("LEAD.CREATE Zhao SOURCE inbound", who)
        case 18:
            (
                "TARGET.SET u\(2 + dice.roll(3)) PERIOD 2026Q4 AMOUNT \(1 + dice.roll(900_000))",
                "root"
            )
        case 0:
            (
                "OPP.CREATE 项目 CUSTOMER c1 AMOUNT \(dice.roll(900_000)).5 PRODUCT crane REGION 华东",
                who
            )
        case 1:
            ("OPP.CREATE Roof CUSTOMER c2 PROCESS plain CLOSE 2027-0\(1 + dice.roll(9))-15", who)
        case 2, 3: ("OPP.UPDATE \(deal) AMOUNT \(dice.roll(100_000))", "root")
        case 4: ("OPP.UPDATE \(deal) CUR USD AMOUNT \(dice.roll(100))", "ann")
        case 5: ("OPP.OVERRIDE \(deal) TO negotiation REASON 急", "root")
        case 6: ("OPP.ADVANCE \(deal)", "ann")
        case 7: ("OPP.LOSE \(deal) REASON price REVIEW 贵", "ann")
        case 8: ("OPP.TRANSFER \(deal) TO \(who)", "root")
        case 9: ("UNIT.UPDATE u\(3 + dice.roll(2)) PARENT u\(1 + dice.roll(4))", "root")
        case 10: ("PERSON.UPDATE \(who) UNIT u\(2 + dice.roll(3))", "root")
        case 11:
            (
                "RATE.SET USD 2026-1\(1 + dice.roll(2))-2\(dice.roll(9)) 7.\(1 + dice.roll(8))",
                "root"
            )
        case 12: ("OPP.UPDATE \(deal) CLOSE 2026-12-0\(1 + dice.roll(9))", "root")
        default: ("OPP.REOPEN \(deal) REASON 再来", "root")
        }
    }
}

/// Counts what it is shown.
private struct Span: SpanVisitor, Sendable {
    var seen: [UInt64] = []
    var isConsistent = true
    private var open: UInt64?
    private var units = 0

    mutating func before(_ state: borrowing State, _ recorded: Recorded) {
        isConsistent = isConsistent && open == nil
        open = recorded.sequence
        units = state.units.count
    }

    mutating func after(_ state: borrowing State, _ recorded: Recorded) {
        isConsistent = isConsistent && open == recorded.sequence && state.clock == recorded.at
        if case .unit(_, .created) = recorded.event {
            isConsistent = isConsistent && state.units.count == units + 1
        }
        open = nil
        seen.append(recorded.sequence)
    }

    static func walk(_ company: LedgerCompany, from: AsOf, to: AsOf?) -> Span? {
        final class Box: @unchecked Sendable { var span: Span? }
        let box = Box()
        let ledger = company.ledger
        let call = Call(
            state: ledger.state, viewer: PersonID(1), now: company.now,
            zones: FixedZones(), sequence: ledger.lastSequence, recordedAt: ledger.lastInstant,
            reply: ReplyWriter(.resp3))
        do throws(Rejection) {
            try call.walking(
                from: from, upTo: to, asOf: nil, start: { _, basis in Span() },
                { call, span, _ in
                    box.span = span
                    call.reply.simple("OK")
                })
        } catch {
            return nil
        }
        var reply = ReplyWriter(.resp3)
        call.deferred?.answer(
            from: KeptLog(records: company.log), PastStates(zones: FixedZones()), into: &reply)
        return box.span
    }
}
