import PipelineProtocol
import Testing

@testable import PipelineCommands

@Suite("PROCESS.MIGRATE")
struct MigrateCommandTests {
    private func company() -> LedgerCompany {
        let company = LedgerCompany.furnished()
        company.put(
            "plain",
            """
            {"name": "Plain", "stages": [{"key": "begin", "name": "Begin", "winRate": 50},
             {"key": "finish", "name": "Finish", "winRate": 60}]}
            """)
        company.run("PROCESS.PUBLISH plain")
        return company
    }

    @Test("D-7: a dry run tells what the command then does; the history has it; replay agrees")
    func migrate() throws {
        let company = company()
        let line = "PROCESS.MIGRATE plain FROM 1 TO 2 MAP 1 start begin"
        let told = "key: plain, version: 2, migrated: 1, remaining: 0, pending: []}"
        #expect(company.run(long: "DRYRUN \(line)").plain == "{id: p2, rev: 4, \(told)")
        #expect(company.run(line).plain == "{id: p2, rev: 4, seq: \(company.log.count), \(told)")
        #expect(company.run("OPP.GET o2").plain.contains("version: 2, stage: begin"))
        #expect(
            company.run("OPP.HISTORY o2 FROM \(company.log.count)").plain.contains(
                "type: migrated, field: stage, from: start, to: begin"))
        #expect(
            try company.replayed().run("OPP.GET o2").plain == company.run("OPP.GET o2").plain)
    }

    @Test(
        "P-5: every refusal has its line",
        arguments: [
            (
                "PROCESS.MIGRATE plain FROM 1 TO 2", "root",
                "ERR syntax error: PROCESS.MIGRATE needs MAP; usage: PROCESS.MIGRATE key FROM n TO n MAP n from to ... [IFREV rev] [REQID token]"
            ),
            (
                "PROCESS.MIGRATE plain FROM 1 TO 2 MAP 2 start begin", "root",
                "ERR syntax error: MAP needs a value; usage: PROCESS.MIGRATE key FROM n TO n MAP n from to ... [IFREV rev] [REQID token]"
            ),
            (
                "PROCESS.MIGRATE plain FROM 1 TO 7 MAP 1 start begin", "ann",
                "NOTFOUND no version of 'plain' '7'; check the id, or ask whoever may see it"
            ),
            (
                "PROCESS.MIGRATE plain FROM 1 TO 2 MAP 1 start begin", "ann",
                "NOPERM you may not migrate deals; that is for an admin"
            ),
            (
                "PROCESS.MIGRATE plain FROM 1 TO 2 MAP 1 finish nowhere", "root",
                "INVALID MAP: version 2 has no stage 'nowhere'; MAP: stage 'start' is in use; say where its deals go"
            ),
        ])
    func refusals(line: String, login: String, error: String) {
        #expect(company().refusal(line, as: login) == error)
    }
}
