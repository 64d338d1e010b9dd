import PipelineProtocol
import Testing

@testable import PipelineCommands

/// P-5: of several refusals the first counts: form, NOTFOUND, NOPERM, CONFLICT (IFREV, then closed or
/// decided), PENDING, INVALID, GATE.
struct PrecedenceTests {
    @Test("P-5: form before everything")
    func form() {
        let company = LedgerCompany.furnished()
        #expect(company.refusal("OPP.LOSE o999", as: "zoe")?.hasPrefix("ERR ") == true)
        #expect(company.refusal("OPP.UPDATE o999 NOSUCH x", as: "zoe")?.hasPrefix("ERR ") == true)
    }

    /// o1 is closed, o2 open, o3 waits for approval.
    private func threeDeals() -> LedgerCompany {
        let company = LedgerCompany.furnished()
        company.run("OPP.LOSE o1 REASON price REVIEW late", as: "ann")
        company.run("OPP.FEEDBACK o3 budget_owner Wang", as: "bob")
        company.run("OPP.TASK o3 site-visit DONE EVIDENCE p", as: "bob")
        company.run("OPP.ADVANCE o3", as: "bob")
        return company
    }

    @Test(
        "P-5: a bad value hides nothing that comes before it",
        arguments: [
            "AMOUNT -5", "AMOUNT abc", "AMOUNT 1000000000000000", "CLOSE 2027-02-30", "CUR ZZZ",
            #"TITLE """#, "TITLE \(String(repeating: "x", count: 201))", #"REGION "a\x01""#,
            "FEASIBILITY perhaps", "COST 1e6", "FIELDS 1 Bad-Key x",
        ])
    func badValues(_ words: String) {
        let company = threeDeals()
        for (deal, login, more, expected) in [
            ("o999", "ann", "", "NOTFOUND"), ("o2", "zoe", "", "NOTFOUND"),
            ("o2", "eve", "", "NOPERM"), ("o2", "ann", "IFREV 99", "CONFLICT"),
            ("o1", "ann", "", "CONFLICT"), ("o3", "bob", "", "PENDING"),
            ("o2", "ann", "", "INVALID"),
            ("o2", "ann", "NOSUCH x", "ERR"),
        ] {
            #expect(
                code(company, "OPP.UPDATE \(deal) \(words) \(more)", login) == expected,
                "\(deal) \(words) \(more)")
            if expected != "ERR" {
                #expect(
                    code(company, "DRYRUN OPP.UPDATE \(deal) \(words) \(more)", login) == expected)
            }
        }
        #expect(!company.wrote)
    }

    @Test(
        "P-5: rights come before values",
        arguments: [
            #"UNIT.CREATE """#, "RATE.SET ZZZ 2026-13-01 -7", "PERSON.CREATE e12 NAME x UNIT u1",
            #"PERSON.CREATE Kim NAME "" UNIT u1 PASSWORD x"#, "PROCESS.PUT e1 x",
            "CALENDAR.PUT E x", "FIELD.PUT customer e1 {}", "TARGET.SET e1 PERIOD 20 AMOUNT x",
            "PERSON.DELEGATE ann TO bob FROM x UNTIL y",
            #"APPROVAL.REROUTE a1 TO zoe REASON "\x01""#,
        ])
    func rights(_ line: String) {
        let company = threeDeals()
        #expect(code(company, line, "bob") == "NOPERM", "\(company.refusal(line, as: "bob") ?? "")")
        #expect(code(company, line, "root") == "INVALID")
    }

    @Test("P-5: what is absent comes before bad values, in queries too")
    func absent() {
        let company = threeDeals()
        for line in [
            "OPP.NOTE o999 \"a\\x01\"", "OPP.HISTORY o999 COUNT 0", "OPP.GET o999 WITH 1 nosuch",
            "REPORT.FUNNEL UNIT u99 PERIOD 2027-02-30 x", "PERSON.LIST UNIT u99 LIMIT 0 -1",
            "LEAD.UPDATE l9 VISITS -1", "PROCESS.MIGRATE nosuch FROM 0 TO 0 MAP 1 A B",
        ] { #expect(code(company, line, "root") == "NOTFOUND", "\(line)") }
    }

    @Test("P-5: all bad values are named at once")
    func everyValue() {
        let company = LedgerCompany.furnished()
        #expect(
            company.refusal("OPP.UPDATE o1 AMOUNT abc CUR ZZZ CLOSE 2027-02-30", as: "ann")
                == "INVALID AMOUNT: must be a plain decimal such as 500000.00; CUR: must be an ISO 4217 code such as CNY; CLOSE: must be a calendar date, YYYY-MM-DD"
        )
        #expect(
            company.refusal("OPP.LIST LIMIT -1 2000 SORTBY nosuch STAGE A", as: "ann")?
                .hasPrefix("INVALID STAGE: 'A' must match [a-z][a-z0-9._-]*; SORTBY: ") == true)
    }

    @Test(
        "P-5: bad references, periods that end before they begin and BY hide nothing",
        arguments: [
            (
                "REPORT.FUNNEL UNIT zz OWNER ?? PERIOD x 2027-01-01 BY q VERSUS 7 ASOF ?",
                "UNIT OWNER PERIOD BY VERSUS ASOF"
            ),
            ("REPORT.FUNNEL PERIOD 2027-02-01 2027-01-01 BY q ASOF 99999", "PERIOD BY ASOF"),
            (
                "REPORT.EFFECT won BEFORE 2027-02-01 2027-01-01 AFTER 2027-04-01 2027-03-01",
                "BEFORE AFTER"
            ),
            (
                "REPORT.LEADS PERIOD 2027-02-01 2027-01-01 PRODUCT x BY stage ASOF 1",
                "PERIOD PRODUCT BY ASOF"
            ),
            (
                "REPORT.HOLES PERIOD 2027-02-01 2027-01-01 BY source ASOF 9999-01-01",
                "PERIOD BY ASOF"
            ),
            ("REPORT.ATTAINMENT PERIOD 2027-02-01 2027-01-01 BY stage", "PERIOD BY"),
            ("REPORT.WATERFALL PERIOD 2027-02-01 2027-01-01 ASOF 99999", "PERIOD ASOF"),
            ("REPORT.WATERFALL PERIOD 2027-02-01 2027-01-01 ASOF 9999-01-01", "PERIOD ASOF"),
            (
                "PLAN.ACTIVITIES TARGET 1.001 RATE 100.01 AVERAGE 0 ASOF 99999",
                "RATE TARGET AVERAGE ASOF"
            ),
            ("TARGET.SET u1 PERIOD x AMOUNT 1 ACTIVITY call PRODUCT \"\"", "PERIOD PRODUCT AMOUNT"),
            ("TARGET.SET ?? PERIOD x AMOUNT y", "holder PERIOD AMOUNT"),
            (
                "OPP.LIST UNIT zz CLOSE 2027-02-01 2027-01-01 OUTCOME q LIMIT -1 2",
                "UNIT OUTCOME CLOSE LIMIT"
            ),
        ])
    func everyFault(_ line: String, _ arguments: String) {
        let text = LedgerCompany.furnished().refusal(line) ?? ""
        let named = text.dropFirst("INVALID ".count).split(separator: "; ").filter {
            $0.prefix { $0 != " " }.hasSuffix(":")
        }.map { $0.prefix { $0 != ":" } }
        #expect(text.hasPrefix("INVALID "))
        #expect(named.joined(separator: " ") == arguments, "\(text)")
    }

    @Test(
        "P-5: in reports too what is absent comes before all that is wrong",
        arguments: [
            "REPORT.FUNNEL VERSUS u99", "REPORT.FUNNEL VERSUS u99 BY q",
            "REPORT.FUNNEL UNIT u99 PERIOD 2027-02-01 2027-01-01",
            "REPORT.ATTAINMENT UNIT u99 BY stage",
            "REPORT.HOLES VERSUS u99 BY source", "REPORT.LEADS OWNER nobody PRODUCT x",
            "REPORT.FUNNEL OWNER nobody ASOF 99999", "REPORT.WATERFALL UNIT u99 ASOF 99999",
            "REPORT.WATERFALL UNIT u99 ASOF 9999-01-01",
            "REPORT.EFFECT won BEFORE 2027-02-01 2027-01-01 AFTER x y UNIT u99",
            "TARGET.TREE u99 ASOF 99999",
        ])
    func absentInReports(_ line: String) {
        let company = LedgerCompany.furnished()
        #expect(code(company, line, "root") == "NOTFOUND", "\(company.refusal(line) ?? "")")
    }

    @Test("P-5: each kind before the next, in the order of the rule")
    func ladder() {
        let company = LedgerCompany.furnished()
        // Stale, locked and wrong at once: `1.005` is no amount in CNY.
        let line = "OPP.UPDATE o1 AMOUNT 1.005 IFREV 1"
        company.submit()
        #expect(code(company, line, "zoe") == "NOTFOUND")
        #expect(code(company, line, "eve") == "NOPERM")
        #expect(code(company, line, "ann") == "CONFLICT")
        let revision = company.run("OPP.GET o1", as: "ann")["rev"]?.integer ?? 0
        #expect(code(company, "OPP.UPDATE o1 AMOUNT 1.005 IFREV \(revision)", "ann") == "PENDING")
        company.run("OPP.RECALL o1", as: "ann")
        #expect(code(company, "OPP.UPDATE o1 AMOUNT 1.005", "ann") == "INVALID")
    }

    @Test("P-5: CONFLICT: IFREV before closed or decided")
    func conflicts() {
        let company = LedgerCompany.furnished()
        company.submit()
        company.run("OPP.LOSE o1 REASON price REVIEW dear", as: "ann")
        #expect(company.refusal("OPP.ADVANCE o1 IFREV 1", as: "ann")?.contains("revision") == true)
        #expect(company.refusal("OPP.ADVANCE o1", as: "ann")?.contains("closed") == true)
        #expect(
            company.refusal("APPROVAL.APPROVE a1 IFREV 9", as: "lee")?.contains("revision") == true)
        #expect(company.refusal("APPROVAL.APPROVE a1", as: "lee")?.contains("cancelled") == true)
    }

    @Test("P-5: NOPERM before CONFLICT: a later approver has no turn yet, whatever the revision")
    func turns() {
        let company = LedgerCompany.furnished()
        company.submit()
        #expect(
            company.refusal("APPROVAL.APPROVE a1 IFREV 9", as: "boss")
                == "NOPERM you may not decide a1 now; that is for e3, whose turn it is")
        company.run("APPROVAL.REJECT a1 NOTE 太贵", as: "lee")
        #expect(company.refusal("APPROVAL.APPROVE a1", as: "boss")?.contains("rejected") == true)
    }

    @Test("P-5: CONFLICT before INVALID: what others did before what the caller wrote")
    func conflictsBeforeValues() {
        let company = LedgerCompany.furnished()
        company.run("PERSON.DEACTIVATE zoe")
        let inactive = "CONFLICT e7 is not active; name somebody who is"
        #expect(company.refusal("PERSON.UPDATE bob TZ Mars/Base SUPERIOR zoe") == inactive)
        #expect(code(company, "PERSON.UPDATE boss TZ Mars/Base SUPERIOR lee", "root") == "CONFLICT")
        #expect(code(company, "PERSON.UPDATE root TZ Mars/Base ROLE rep", "root") == "CONFLICT")
        #expect(code(company, "PERSON.UPDATE bob TZ Mars/Base", "root") == "INVALID")
        #expect(company.refusal("UNIT.UPDATE u1 PARENT u4 HEAD zoe") == inactive)
        #expect(code(company, "UNIT.UPDATE u1 PARENT u4 HEAD eve", "root") == "INVALID")
        #expect(company.refusal("OPP.NOTE o1 \" \" MENTION zoe", as: "ann") == inactive)
        #expect(code(company, "OPP.NOTE o1 \" \" MENTION bob", "ann") == "INVALID")
    }

    @Test("P-5: INVALID before GATE, PENDING before GATE")
    func gates() {
        let company = LedgerCompany.furnished()
        #expect(code(company, "OPP.ADVANCE o1 TO nosuch", "ann") == "INVALID")
        #expect(code(company, "OPP.ADVANCE o1", "ann") == "GATE")
        company.submit()
        #expect(code(company, "OPP.ADVANCE o1 TO nosuch", "ann") == "PENDING")
    }

    @Test("P-5: whoever may not define processes learns nothing about the document")
    func documents() {
        let company = LedgerCompany.furnished()
        #expect(code(company, "PROCESS.PUT bid nonsense", "ann") == "NOPERM")
        #expect(code(company, "PROCESS.PUT bid nonsense", "root") == "INVALID")
    }

    private func code(_ company: LedgerCompany, _ line: String, _ login: String) -> String? {
        company.refusal(line, as: login)?.split(separator: " ").first.map(String.init)
    }
}

/// D-30: every change of something existing may state the revision that it saw.
struct RevisionTests {
    @Test(
        "D-30: a stale change is refused, naming the revision and who changed it; the right one goes through"
    )
    func stale() {
        for (name, write) in LedgerCompany.writes {
            guard let command = CommandTable.find(name) else { continue }
            let takes = command.arguments.contains { $0.name == "IFREV" }
            let company = write.company()
            guard takes else {
                let line = company.run(write.words("IFREV 1"), as: write.login).errorLine ?? ""
                let isRefused = line.hasPrefix("ERR syntax error: \(name) has no keyword 'IFREV'")
                // What lists numbers takes the word for one of them.
                #expect(
                    isRefused || name == "INBOX.ACK" && line.hasPrefix("INVALID seq"), "\(name)")
                continue
            }
            let before = company.ledger.lastSequence
            let line = company.run(write.words("IFREV 4000"), as: write.login).errorLine ?? ""
            #expect(company.ledger.lastSequence == before)
            let parts = line.split(separator: " ")
            #expect(line.hasPrefix("CONFLICT "), "\(name): \(line)")
            #expect(line.contains(" is at revision "), "\(name)")
            let current = parts.last.map(String.init) ?? ""
            #expect(
                line.hasSuffix("; read it again and repeat with IFREV \(current)"),
                "\(name): \(line)")
            #expect(
                company.run(write.words("IFREV \(current)"), as: write.login).errorLine == nil,
                "\(name)")
        }
    }

    @Test("D-30: exact words")
    func words() {
        let company = LedgerCompany.furnished()
        company.run("OPP.UPDATE o1 TITLE Bridges", as: "lee")
        #expect(
            company.refusal("OPP.UPDATE o1 TITLE x IFREV 1", as: "ann")
                == "CONFLICT o1 is at revision 2, changed by e3; read it again and repeat with IFREV 2"
        )
        #expect(company.run("OPP.UPDATE o1 TITLE x IFREV 2", as: "ann")["rev"] == .integer(3))
    }

    @Test("D-30: rev counts the object's events, its approvals' among them")
    func counting() {
        let company = LedgerCompany.furnished()
        #expect(company.run("OPP.UPDATE o1 TITLE x REGION y", as: "ann")["rev"] == .integer(3))
        #expect(company.run("OPP.UPDATE o1 TITLE x REGION y", as: "ann")["rev"] == .integer(3))
        company.submit()
        #expect(company.run("OPP.GET o1", as: "ann")["rev"] == .integer(6))
        #expect(company.run("APPROVAL.APPROVE a1", as: "lee")["rev"] == .integer(2))
        #expect(company.run("OPP.GET o1", as: "ann")["rev"] == .integer(7))
    }
}
