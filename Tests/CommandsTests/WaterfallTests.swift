import PipelineProtocol
import Testing

@testable import PipelineCommands
@testable import PipelineDomain

@Suite("Waterfall")
struct WaterfallTests {
    private static let logins = ["root", "boss", "lee", "ann", "bob", "zoe"]
    private static let dates = ["2026-11-30", "2026-12-31", "2027-01-15", "2027-06-30"]
    /// The same process with its stages in other places, or without one of them.
    private static let methods = ["start extra finish", "finish", "finish start"].map(method)

    private static func method(_ keys: String) -> String {
        let stages = keys.split(separator: " ").map { key in
            #"{"key": "\#(key)", "name": "\#(key) of \#(keys.utf8.count)", "winRate": 50}"#
        }
        return #"{"name": "Plain", "stages": [\#(stages.joined(separator: ", "))]}"#
    }

    /// One line of work, often enough a sensible one.
    private func line(_ random: inout SplitMix, deals: Int, units: Int) -> (String, String) {
        func pick<T>(_ items: [T]) -> T { items[Int.random(in: 0..<items.count, using: &random)] }
        let deal = "o\(Int.random(in: 1...max(1, deals), using: &random))"
        let amount = pick(["1000", "250.5", "0", "99999.99", "7"])
        let date = pick(Self.dates)
        switch Int.random(in: 0..<24, using: &random) {
        case 0, 1, 2:
            let currency = pick(["CNY", "USD", "JPY"])
            let value = currency == "JPY" ? "4321" : amount
            let product = pick(["crane", "digger"])
            return (
                "OPP.CREATE T CUSTOMER c2 PROCESS plain AMOUNT \(value) CLOSE \(date) CUR \(currency) PRODUCT \(product)",
                pick(["ann", "bob", "zoe", "lee"])
            )
        case 3, 4, 5: return ("OPP.UPDATE \(deal) CLOSE \(date)", "boss")
        case 6, 7, 8: return ("OPP.UPDATE \(deal) AMOUNT \(pick(["5", "800", "60000"]))", "boss")
        case 9: return ("OPP.UPDATE \(deal) AMOUNT 300 CUR \(pick(["CNY", "USD"]))", "boss")
        case 10: return ("OPP.UPDATE \(deal) PRODUCT \(pick(["crane", "digger"]))", "boss")
        case 11: return ("OPP.OVERRIDE \(deal) TO finish REASON x", "root")
        case 12: return ("OPP.WIN \(deal)", "boss")
        case 13: return ("OPP.LOSE \(deal) REASON x", "boss")
        case 14: return ("OPP.INVALIDATE \(deal) REASON x", "boss")
        case 15: return ("OPP.REOPEN \(deal) REASON x", "boss")
        case 16: return ("OPP.TRANSFER \(deal) TO \(pick(["ann", "bob", "zoe", "lee"]))", "root")
        case 17:
            return (
                "PERSON.UPDATE \(pick(["ann", "bob", "zoe"])) UNIT u\(Int.random(in: 2...units, using: &random))",
                "root"
            )
        case 18:
            return (
                "UNIT.UPDATE u\(Int.random(in: 3...units, using: &random)) PARENT u\(Int.random(in: 1...units, using: &random))",
                "root"
            )
        case 19:
            return (
                "UNIT.CREATE N PARENT u\(Int.random(in: 1...units, using: &random)) KIND team",
                "root"
            )
        case 20:
            return (
                "UNIT.MERGE u\(Int.random(in: 3...units, using: &random)) INTO u\(Int.random(in: 2...units, using: &random))",
                "root"
            )
        case 21: return ("PROCESS.PUT plain '\(pick(Self.methods))'", "root")
        case 22: return ("PROCESS.PUBLISH plain ALLOW-DIP", "root")
        default:
            return (
                "RATE.SET \(pick(["USD", "JPY"])) 2026-11-01 \(pick(["7.25", "0.05", "6.9"]))",
                "root"
            )
        }
    }

    private func scope(_ random: inout SplitMix) -> Scope {
        var scope = Scope()
        scope.unit = [nil, UnitID(2), UnitID(3), UnitID(4)].randomElement(using: &random) ?? nil
        let first = Day("2026-11-01".utf8) ?? Day(number: 0)
        let last = Day("2026-12-31".utf8) ?? first
        if Int.random(in: 0..<4, using: &random) > 0 { scope.period = first...last }
        if Int.random(in: 0..<5, using: &random) == 0 { scope.owner = .login("ann") }
        if Int.random(in: 0..<5, using: &random) == 0 { scope.fields[.product] = "crane" }
        return scope
    }

    private func basis(_ company: LedgerCompany, _ viewer: String = "root") -> ReportBasis {
        ReportBasis(
            past: company.ledger.state, present: company.ledger.state,
            viewer: company.person(viewer), at: company.now, sequence: UInt64(company.log.count),
            looksBack: false, zones: FixedZones())
    }

    /// One history; returns the movements that took place.
    private func play(_ seed: UInt64) throws -> Set<Waterfall.Movement> {
        var random = SplitMix(seed: seed)
        let company = LedgerCompany.furnished()
        for _ in 0..<5 {
            let (line, login) = line(&random, deals: 4, units: 4)
            company.run(line, as: login)
        }
        let scope = scope(&random)
        let grouping = Grouping.allCases.randomElement(using: &random) ?? .unit
        let start = (company.ledger.state, company.log.count, basis(company))
        for _ in 0..<24 {
            let state = company.ledger.state
            let (line, login) = line(
                &random, deals: state.opportunities.count, units: state.units.count)
            company.run(line, as: login)
        }
        // A scope that ceased to be of use is answered as any other: its unit is still there.
        var waterfall = try Waterfall(
            ReportBasis(
                past: start.0, present: company.ledger.state, viewer: PersonID(1), at: start.2.at,
                sequence: UInt64(start.1), looksBack: true, zones: FixedZones()), scope,
            by: grouping)
        var account = PlainAccount(scope, start.0)
        var state = start.0
        for (index, record) in company.log.enumerated().dropFirst(start.1) {
            let recorded = try RecordCodec.decode(record, sequence: UInt64(index + 1))
            waterfall.before(state, recorded)
            state.evolve(recorded)
            waterfall.after(state, recorded)
            account.look(state)
        }
        #expect(waterfall.total.opening == PlainAccount.open(scope, start.0), "seed \(seed)")
        #expect(waterfall.total.open == PlainAccount.open(scope, state), "seed \(seed)")
        #expect(waterfall.total.movements == account.movements, "seed \(seed)")
        let report = waterfall.report(basis(company))
        for figures in [report.total] + report.parts.map(\.figures) {
            let sum = figures.rows.reduce(figures.opening.amount + figures.revalued) {
                $0 + ($1.movement.isGain ? $1.amount : -$1.amount)
            }
            #expect(sum == figures.closing.amount, "seed \(seed)")
            #expect(figures.rows.allSatisfy { $0.amount >= 0 }, "seed \(seed)")
        }
        #expect(
            waterfall.parts.mapValues(\.opening).filter { $0.value.count > 0 }
                == PlainAccount.parts(scope, grouping, start.0), "seed \(seed)")
        #expect(
            waterfall.parts.mapValues(\.open).filter { $0.value.count > 0 }
                == PlainAccount.parts(scope, grouping, state), "seed \(seed)")
        partsAddUp(waterfall, grouping, seed)
        #expect(revaluation(waterfall, start.2, basis(company), report), "seed \(seed)")
        return Set(waterfall.total.movements.keys)
    }

    /// What comes and goes comes and goes in some part; what crosses over cancels out.
    private func partsAddUp(_ waterfall: Waterfall, _ grouping: Grouping, _ seed: UInt64) {
        func gain(_ account: Waterfall.Account, _ movements: [Waterfall.Movement]) -> [Currency:
            Int128]
        {
            var sum: [Currency: Int128] = [:]
            for movement in movements {
                for (currency, amount) in account.movements[movement]?.amounts ?? [:] {
                    sum[currency, default: 0] += movement.isGain ? amount : -amount
                }
            }
            return sum.filter { $0.value != 0 }
        }
        for movements in [
            [Waterfall.Movement.new], [.won], [.lost], [.invalid], [.reopened],
            [.pulledIn, .pushedOut, .transferredIn, .transferredOut, .increased, .decreased],
        ] {
            var parts: [Currency: Int128] = [:]
            for account in waterfall.parts.values {
                parts.merge(gain(account, movements), uniquingKeysWith: +)
            }
            #expect(
                parts.filter { $0.value != 0 } == gain(waterfall.total, movements),
                "seed \(seed) BY \(grouping) \(movements)")
        }
    }

    /// What is not explained by movements is what the opening's currencies gained or lost, up to the
    /// rounding of fourteen figures to the cent.
    private func revaluation(
        _ waterfall: Waterfall, _ opening: ReportBasis, _ closing: ReportBasis,
        _ report: WaterfallReport
    ) -> Bool {
        func value(_ sum: Waterfall.Sum, _ basis: ReportBasis) -> Double {
            sum.amounts.reduce(0.0) { total, amount in
                guard amount.key != basis.past.company.currency else {
                    return total + Double(amount.value)
                }
                let rates = basis.past.company.rates[amount.key]
                guard let rate = rates?.rate(on: basis.today) else { return total }
                let digits = [1, 10, 100, 1000][amount.key.exponent]
                return total + Double(amount.value) * 100 / Double(digits) * Double(rate.scaled)
                    / 1e8
            }
        }
        let expected =
            value(waterfall.total.opening, closing) - value(waterfall.total.opening, opening)
        return abs(Double(report.total.revalued) - expected) <= 8
    }

    @Test("A-17: a thousand short histories close to the cent, and every movement is explained")
    func random() throws {
        var seen: Set<Waterfall.Movement> = []
        for seed in 1...1_000 as ClosedRange<UInt64> { seen.formUnion(try play(seed)) }
        #expect(seen == Set(Waterfall.Movement.allCases))
    }

    @Test("A-18, A-19: a period ahead is told as of then, whatever was asked about in between")
    func ahead() {
        let company = LedgerCompany.furnished()
        let line = "REPORT.WATERFALL PERIOD 2026-12-01 2026-12-31"
        let early = (company.bytes(line), company.log.count)
        company.advance(milliseconds: 3_600_000)
        company.run(
            "OPP.CREATE New CUSTOMER c2 PROCESS plain AMOUNT 10 CLOSE 2026-12-01", as: "ann")
        let late = (company.bytes(line), company.log.count)
        company.run("OPP.UPDATE o1 CLOSE 2026-12-20", as: "ann")
        #expect(early.0 != late.0)
        for (bytes, position) in [late, early, late, early] {
            #expect(company.bytes("\(line) ASOF \(position)") == bytes)
            company.run("REPORT.FUNNEL PROCESS bid ASOF \(company.log.count - 1)")
        }
        let instant = Instant(milliseconds: company.now.milliseconds - 3_600_000)
        #expect(company.bytes("\(line) ASOF \(instant)") == early.0)
    }

    @Test("A-18: a unit that was not there yet is answered as absent")
    func unitOfLater() {
        let company = LedgerCompany.furnished()
        let position = company.log.count
        company.run("UNIT.CREATE 北部 PARENT u2")
        for words in ["UNIT u5", "UNIT u2 VERSUS u5"] {
            let line = "REPORT.WATERFALL \(words)"
            #expect(company.refusal(line) == nil)
            #expect(
                company.refusal("\(line) ASOF \(position)")
                    == "NOTFOUND no unit 'u5'; check the id, or ask whoever may see it")
        }
    }

    @Test("A-17: a stage that a new version of the process puts elsewhere is one part")
    func movedStage() throws {
        let company = LedgerCompany.furnished()
        func publish(_ stages: String) {
            company.put("p", Self.method(stages))
            company.run("PROCESS.PUBLISH p")
        }
        publish("a x b")
        company.run("OPP.CREATE T CUSTOMER c1 PROCESS p AMOUNT 100", as: "ann")
        for _ in 0..<2 { company.run("OPP.ADVANCE o4", as: "ann") }
        publish("a n x b")
        company.run("OPP.LOSE o4 REASON dear", as: "ann")
        let rows = company.run("REPORT.WATERFALL PROCESS p BY stage")["rows"]?.rows ?? []
        // It stood in each of them, and left it for the next or for good.
        #expect(rows.map { $0["key"]?.text } == ["a", "x", "b"])
        #expect(rows.map { $0["name"]?.text } == ["a of 7", "x of 7", "b of 7"])
        #expect(rows.map { amount($0, "transferredIn") } == ["0.00", "100.00", "100.00"])
        #expect(rows.map { amount($0, "lost") } == ["0.00", "0.00", "100.00"])
        #expect(rows.allSatisfy { $0["closing"]?["count"]?.plain == "0" })
    }

    private func amount(_ reply: Reply, _ name: String) -> String? { reply[name]?["amount"]?.text }

    @Test("A-17: one of each, over the wire")
    func wire() {
        let company = LedgerCompany.furnished()
        company.run("OPP.UPDATE o1 CLOSE 2026-12-20", as: "ann")
        company.run("OPP.UPDATE o3 CLOSE 2027-03-01", as: "bob")
        company.advance(milliseconds: 86_400_000)
        company.run(
            "OPP.CREATE New CUSTOMER c2 PROCESS plain AMOUNT 10 CLOSE 2026-12-01", as: "ann")
        company.run("OPP.UPDATE o3 CLOSE 2026-12-31", as: "bob")
        company.run("OPP.UPDATE o1 AMOUNT 600100", as: "ann")
        company.run("OPP.LOSE o4 REASON dear", as: "ann")
        company.run("OPP.TRANSFER o3 TO zoe", as: "boss")
        let line = "REPORT.WATERFALL PERIOD 2026-11-23 2026-12-31"
        let all = company.run(line)
        #expect(amount(all, "opening") == "600000.00")
        #expect(amount(all, "new") == "10.00" && amount(all, "lost") == "10.00")
        #expect(amount(all, "pulledIn") == "1000.50" && amount(all, "increased") == "100.00")
        #expect(amount(all, "transferredOut") == "0.00")
        #expect(amount(all, "closing") == "601100.50")
        #expect(all["revalued"]?.text == "0.00")
        #expect(all["complete"]?.plain == "true")
        let east = company.run(line + " UNIT u3", as: "boss")
        #expect(amount(east, "transferredOut") == "1000.50")
        #expect(amount(east, "closing") == "600100.00")
        let seq = all["receipt"]?["seq"]?.plain ?? ""
        company.run("OPP.UPDATE o1 AMOUNT 1", as: "ann")
        #expect(company.run(line + " ASOF \(seq)").plain == all.plain)
        // The same walk, told by unit, and the other unit beside.
        let beside = company.run(line + " UNIT u3 BY unit VERSUS u4", as: "boss")
        #expect(beside["rows"]?.elements?.count == 1)
        #expect(amount(beside["rows"]?.elements?[0] ?? .null, "transferredOut") == "1000.50")
        #expect(amount(beside["versus"] ?? .null, "transferredIn") == "1000.50")
        #expect(amount(beside["versus"] ?? .null, "closing") == "1000.50")
        let quarters = company.run(line + " BY quarter")
        #expect(quarters["rows"]?.elements?.map { $0["key"]?.text } == ["2026Q4"])
        // A period that is over ends there, as of whatever position later on.
        let over = company.run("REPORT.WATERFALL PERIOD 2026-11-22 2026-11-22")
        #expect(
            company.run("REPORT.WATERFALL PERIOD 2026-11-22 2026-11-22 ASOF \(company.log.count)")
                .plain == over.plain)
        #expect(company.refusal(line + " UNIT u3", as: "zoe")?.hasPrefix("NOTFOUND ") == true)
    }
}
