import PipelineProtocol
import Testing

@testable import PipelineCommands

@Suite("UNIT.DEACTIVATE and UNIT.MERGE")
struct UnitCommandTests {
    @Test("D-29: a merge tells what moved; the tree shows where the unit went; replay agrees")
    func merge() throws {
        let company = LedgerCompany.furnished()
        let dry = company.run("DRYRUN UNIT.MERGE u4 INTO u3")
        #expect(dry.plain == "{id: u4, rev: 2, into: u3, people: 1, units: 0}")
        let reply = company.run("UNIT.MERGE u4 INTO u3")
        #expect(
            reply.plain
                == "{id: u4, rev: 2, seq: \(company.log.count), into: u3, people: 1, units: 0}")
        let tree = company.run("UNIT.TREE u3").plain
        #expect(tree.contains("active: false, mergedInto: u3"))
        #expect(tree.contains("active: true, mergedInto: null"))
        #expect(try company.replayed().run("UNIT.TREE").plain == company.run("UNIT.TREE").plain)
        #expect(company.run("PERSON.GET zoe").plain.contains("unit: u3"))
    }

    @Test(
        "P-5: every refusal has its line",
        arguments: [
            (
                "UNIT.DEACTIVATE u4", "root",
                "CONFLICT u4 is in use by e7; move them, or UNIT.MERGE u4 into another"
            ),
            (
                "UNIT.DEACTIVATE u9", "ann",
                "NOTFOUND no unit 'u9'; check the id, or ask whoever may see it"
            ),
            (
                "UNIT.DEACTIVATE u4", "ann",
                "NOPERM you may not deactivate units; that is for an admin"
            ),
            (
                "UNIT.MERGE u4 INTO u3", "ann",
                "NOPERM you may not merge units; that is for an admin"
            ),
            (
                "UNIT.MERGE u2 INTO u3", "root",
                "CONFLICT unit u2 would go into itself or below (u3); choose another one"
            ),
            (
                "UNIT.MERGE u4 INTO u3 DROP 1 bid", "root", "INVALID DROP: 'bid' does not name u4"
            ),
            (
                "UNIT.MERGE u4 INTO u3 DROP 1 none", "root",
                "NOTFOUND no process 'none'; check the id, or ask whoever may see it"
            ),
        ])
    func refusals(line: String, login: String, error: String) {
        #expect(LedgerCompany.furnished().refusal(line, as: login) == error)
    }

    @Test("D-29: what comes after a merge, and a tie of processes, have their lines")
    func later() {
        let company = LedgerCompany.furnished()
        for (key, unit) in [("west", "u4"), ("east", "u3")] {
            company.put(
                key,
                """
                {"name": "N", "appliesTo": {"units": ["\(unit)"]},
                 "stages": [{"key": "a", "name": "A", "winRate": 1}]}
                """)
            company.run("PROCESS.PUBLISH \(key)")
        }
        #expect(
            company.refusal("UNIT.MERGE u4 INTO u3")
                == "CONFLICT 'east' and 'west' would fit u3 equally well; say which do not follow: DROP n key"
        )
        company.run("UNIT.MERGE u4 INTO u3 DROP 1 west")
        #expect(
            company.refusal("PERSON.UPDATE ann UNIT u4")
                == "CONFLICT u4 is not active, it was merged into u3; name a unit that is")
    }
}
