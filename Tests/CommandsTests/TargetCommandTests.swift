import PipelineProtocol
import Testing

@testable import PipelineCommands

@Suite("Targets over the wire")
struct TargetCommandTests {
    @Test("A-12: setting, reading, and the gap")
    func targets() {
        let company = LedgerCompany.furnished()
        let set = company.run("TARGET.SET u3 PERIOD 2026 AMOUNT 1200000", as: "boss")
        #expect(
            set.plain
                == "{id: t1, rev: 1, seq: \(company.log.count), holder: u3, period: 2026}")
        company.run("TARGET.SET ann PERIOD 2026 AMOUNT 700000", as: "lee")
        company.run("TARGET.SET e5 PERIOD 2026 AMOUNT 400000.50", as: "lee")
        company.run("TARGET.SET ann PERIOD 2026-11 ACTIVITY demo COUNT 20", as: "lee")
        let tree = company.run("TARGET.TREE u3", as: "lee")
        #expect(ids(tree) == ["t1", "t2", "t3", "t4"])
        #expect(
            tree["rows"]?.rows.first?.plain
                == "{id: t1, holder: u3, name: East, period: 2026, amount: 1200000.00, currency: CNY, activity: null, count: null, product: null, region: null, channel: null, parts: [{by: holder, sum: 1100000.50, gap: 99999.50}], rev: 1}"
        )
        #expect(tree["rows"]?.rows.last?["count"]?.plain == "20")
        #expect(tree["rows"]?.rows.last?["amount"] == .null)
        #expect(tree["complete"]?.plain == "true")
        let own = company.run("TARGET.TREE", as: "ann")
        #expect(ids(own) == ["t2", "t4"] && own["complete"]?.plain == "false")
        #expect(ids(company.run("TARGET.TREE PERIOD 2026Q4")) == ["t4"])
    }

    private func ids(_ tree: Reply) -> [String?] {
        tree["rows"]?.rows.map { $0["id"]?.text } ?? []
    }

    @Test("A-18, A-19: targets as of an instant, with a receipt; a plan has one too")
    func receipts() {
        let company = LedgerCompany.furnished()
        company.run("TARGET.SET u3 PERIOD 2026 AMOUNT 1200000", as: "boss")
        company.run("TARGET.SET ann PERIOD 2026 AMOUNT 700000", as: "lee")
        let plan = "PLAN.ACTIVITIES TARGET 500000 RATE 25 AVERAGE 100000"
        let (tree, planned) = (company.run("TARGET.TREE u3", as: "lee"), company.run(plan))
        let position = "\(company.log.count)"
        #expect(tree["receipt"]?["seq"]?.plain == position)
        #expect(planned["receipt"]?["seq"]?.plain == position)
        company.advance(milliseconds: 86_400_000)
        company.run("TARGET.SET ann PERIOD 2026 AMOUNT 5", as: "lee")
        company.run("UNIT.UPDATE u3 NAME 华东二部")
        #expect(company.run("TARGET.TREE u3", as: "lee").plain != tree.plain)
        #expect(company.run("TARGET.TREE u3 ASOF \(position)", as: "lee").plain == tree.plain)
        #expect(company.run("\(plan) ASOF \(position)").plain == planned.plain)
        company.run("TARGET.SET u3 PERIOD 2027 AMOUNT 9 CUR JPY", as: "boss")
        #expect(
            company.run("TARGET.TREE u3 PERIOD 2027")["unconverted"]?.plain
                == "[{currency: JPY, count: 1, amount: 9}]")
    }

    @Test("P-5, D-32: every refusal of TARGET.SET and TARGET.TREE, in order")
    func refusals() {
        let company = LedgerCompany.furnished()
        for (line, login, error) in [
            (
                "TARGET.SET u3 AMOUNT 5", "boss",
                "ERR syntax error: TARGET.SET needs PERIOD; usage: TARGET.SET holder PERIOD period [AMOUNT decimal] [CUR code] [ACTIVITY kind] [COUNT count] [PRODUCT name] [REGION name] [CHANNEL name] [IFREV rev] [REQID token]"
            ),
            (
                "TARGET.SET u3 PERIOD 2026Q5 AMOUNT 5", "boss",
                "INVALID PERIOD: must be a year, quarter or month: 2026, 2026Q4, 2026-11"
            ),
            (
                "TARGET.SET u3 PERIOD 2026", "boss",
                "INVALID AMOUNT: or ACTIVITY with COUNT must be given"
            ),
            (
                "TARGET.SET u3 PERIOD 2026 AMOUNT 5 ACTIVITY call COUNT 5", "boss",
                "INVALID AMOUNT: excludes ACTIVITY and COUNT; set two targets"
            ),
            (
                "TARGET.SET u3 PERIOD 2026 ACTIVITY call", "boss",
                "INVALID COUNT: must follow ACTIVITY"
            ),
            (
                "TARGET.SET u3 PERIOD 2026 COUNT 3", "boss",
                "INVALID ACTIVITY: must go with COUNT"
            ),
            (
                "TARGET.SET u3 PERIOD 2026 ACTIVITY call COUNT 5 CUR USD", "boss",
                "INVALID CUR: goes with AMOUNT; a count has no currency"
            ),
            (
                "TARGET.SET !! PERIOD 2026 AMOUNT 5", "boss",
                "INVALID holder: must be a unit such as u3, or a person: e4, login"
            ),
            (
                "TARGET.SET u99 PERIOD 2026 AMOUNT 5", "ann",
                "NOTFOUND no unit 'u99'; check the id, or ask whoever may see it"
            ),
            (
                "TARGET.SET tom PERIOD 2026 AMOUNT 5", "ann",
                "NOTFOUND no person 'tom'; check the id, or ask whoever may see it"
            ),
            (
                "TARGET.SET u3 PERIOD 2026 AMOUNT 5", "lee",
                "NOPERM you may not set targets of u3; that is for somebody above the holder, or an admin"
            ),
            (
                "TARGET.SET u3 PERIOD 2026 AMOUNT 5 IFREV 4", "boss",
                "CONFLICT t1 is at revision 0, changed by e2; read it again and repeat with IFREV 0"
            ),
            (
                "TARGET.SET u3 PERIOD 2026 AMOUNT 0.001", "boss",
                "INVALID AMOUNT: CNY has 2 decimals"
            ),
            (
                "TARGET.TREE u4", "lee",
                "NOTFOUND no unit 'u4'; check the id, or ask whoever may see it"
            ),
        ] {
            #expect(company.refusal(line, as: login) == error, "\(line)")
        }
    }

    @Test("W-1: targets and stays in stages come back from the records")
    func replay() throws {
        let company = LedgerCompany.furnished()
        company.run("TARGET.SET u3 PERIOD 2026Q4 AMOUNT 5 PRODUCT 挖掘机 REGION 华东 CHANNEL direct")
        company.run("TARGET.SET u3 PERIOD 2026Q4 AMOUNT 6 PRODUCT 挖掘机 REGION 华东 CHANNEL direct")
        company.run("OPP.ADVANCE o2", as: "ann")
        let again = try company.replayed()
        for line in [
            "TARGET.TREE", "REPORT.DWELL PROCESS plain", "REPORT.CONVERSION PROCESS plain",
        ] {
            #expect(again.run(line).plain == company.run(line).plain)
        }
        #expect(again.run("TARGET.TREE")["rows"]?.rows.first?["rev"]?.plain == "2")
    }
}
