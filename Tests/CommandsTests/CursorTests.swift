import PipelineDomain
import PipelineProtocol
import Testing

@testable import PipelineCommands

@Suite("Long scans and bounded answers")
struct CursorTests {
    /// All rows of a scan, step by step; `between` runs after each step.
    private func scan(
        _ company: LedgerCompany, _ line: String, count: Int, as login: String = "root",
        between: () -> Void = {}
    ) -> [[String]] {
        var steps: [[String]] = []
        var cursor = "0"
        repeat {
            let reply = company.run("\(line) CURSOR \(cursor) COUNT \(count)", as: login)
            guard let parts = reply.elements, parts.count == 2, let next = parts[0].text else {
                Issue.record("\(line): \(reply.plain)")
                return steps
            }
            steps.append(
                (parts[1].elements ?? []).map {
                    $0["seq"]?.integer.map(String.init) ?? $0["id"]?.text ?? "?"
                })
            cursor = next
            between()
        } while cursor != "0" && steps.count < 200
        return steps
    }

    private func all(_ company: LedgerCompany, _ line: String, as login: String) -> [String] {
        (company.run("\(line) LIMIT 0 1000", as: login).elements ?? []).compactMap {
            $0["id"]?.text
        }
    }

    @Test(
        "§2: CURSOR c COUNT n answers the cursor and rows by id, and 0 when done",
        arguments: [
            "OPP.LIST", "OPP.LIST OUTCOME open UNIT u3", "CUSTOMER.LIST", "CUSTOMER.LIST NAME 客户",
            "CONTACT.LIST", "CONTACT.LIST CUSTOMER c1", "LEAD.LIST", "LEAD.LIST STATUS open",
            "PERSON.LIST", "PERSON.LIST UNIT u3", "APPROVAL.LIST", "APPROVAL.LIST STATUS pending",
        ])
    func lists(_ line: String) {
        let company = LedgerCompany.furnished()
        for index in 0..<7 {
            company.run("OPP.CREATE 项目\(index) CUSTOMER c1 PROCESS plain", as: "ann")
            company.run("CUSTOMER.CREATE 客户\(index)", as: "bob")
            company.run("CONTACT.CREATE c1 王\(index)", as: "ann")
            company.run("LEAD.CREATE 赵\(index)", as: "ann")
        }
        company.submit()
        for login in ["root", "ann", "zoe", "lee"] {
            let expected = all(company, line, as: login)
            for count in [1, 2, 3, 100] {
                let steps = scan(company, line, count: count, as: login)
                #expect(steps.flatMap { $0 } == expected, "\(line) as \(login)")
                #expect(steps.dropLast().allSatisfy { $0.count == count })
                #expect(steps.count == max(1, (expected.count + count - 1) / count))
            }
        }
    }

    @Test("§2: what is written meanwhile neither repeats nor hides a row")
    func stable() {
        let company = LedgerCompany.furnished()
        for index in 0..<20 { company.run("CUSTOMER.CREATE 客户\(index)") }
        let before = all(company, "CUSTOMER.LIST", as: "root")
        var made = 0
        let rows = scan(company, "CUSTOMER.LIST", count: 5) {
            made += 1
            company.run("CUSTOMER.CREATE 新客\(made)")
            company.run("CUSTOMER.UPDATE c\(made) NAME 改名\(made)")
        }.flatMap { $0 }
        #expect(Set(rows).count == rows.count && rows.count > before.count)
        #expect(Set(before).isSubset(of: rows))
    }

    @Test("§2: the audit is scanned by log position")
    func audit() {
        let company = LedgerCompany.furnished()
        let expected = (1...company.log.count).map(String.init)
        for count in [1, 7, 1000] {
            #expect(scan(company, "AUDIT.LIST", count: count).flatMap { $0 } == expected)
        }
        #expect(company.run("AUDIT.LIST CURSOR 999999").plain == "[0, []]")
        #expect(
            company.refusal("AUDIT.LIST CURSOR 0", as: "ann")
                == "NOPERM you may not read the audit; that is for an admin")
    }

    @Test(
        "§2: CURSOR goes with COUNT alone",
        arguments: [
            ("OPP.LIST CURSOR 0 LIMIT 0 5", "INVALID CURSOR: goes by id; leave LIMIT out"),
            ("OPP.LIST CURSOR 0 SORTBY title", "INVALID CURSOR: goes by id; leave SORTBY out"),
            (
                "OPP.LIST COUNT 5",
                "INVALID COUNT: goes with CURSOR; LIMIT says which rows otherwise"
            ),
            ("OPP.LIST CURSOR x", "INVALID CURSOR: must be a whole number from 0 on"),
            ("OPP.LIST CURSOR -1", "INVALID CURSOR: must be a whole number from 0 on"),
            ("OPP.LIST CURSOR 0 COUNT 0", "INVALID COUNT: must be a whole number from 1 to 1000"),
            ("PERSON.LIST CURSOR 0 LIMIT 0 5", "INVALID CURSOR: goes by id; leave LIMIT out"),
            (
                "AUDIT.LIST CURSOR 5 FROM 3",
                "INVALID CURSOR: goes on from where it was; leave FROM out"
            ),
        ])
    func refusals(line: String, refusal: String) {
        #expect(LedgerCompany.furnished().refusal(line) == refusal)
    }

    @Test("§2: a cursor beyond every id is done")
    func beyond() {
        let company = LedgerCompany.furnished()
        #expect(company.run("OPP.LIST CURSOR 9223372036854775807").plain == "[0, []]")
    }

    @Test("D-17: what is told from the log is bounded: the newest, or the first to go on from")
    func bounded() throws {
        let company = LedgerCompany.furnished()
        let note = String(repeating: "长", count: 5_000)
        for index in 0..<400 { company.run("OPP.NOTE o1 \"\(index) \(note)\"", as: "ann") }
        let whole = company.run("OPP.GET o1 WITH 1 notes", as: "ann")
        #expect(whole["notes"]?.elements?.count == 400 && whole["more"] == .boolean(false))
        for index in 400..<1_100 { company.run("OPP.NOTE o1 \(index)", as: "ann") }
        let deal = company.run("OPP.GET o1 WITH 2 notes history", as: "ann")
        let notes = try #require(deal["notes"]?.elements)
        #expect(notes.count == 1_000 && deal["more"] == .boolean(true))
        #expect(notes.last?["text"]?.text == "1099")
        #expect(company.run("OPP.GET o2 WITH 1 history", as: "ann")["more"] == .boolean(false))
        // A history is read on from its last row.
        var seen: [Int64] = []
        var steps = 0
        while steps < 10 {
            steps += 1
            let from = (seen.last ?? 0) + 1
            let rows =
                company.run("OPP.HISTORY o1 FROM \(from) COUNT 1000", as: "ann").elements ?? []
            if rows.isEmpty { break }
            seen += rows.compactMap { $0["seq"]?.integer }
        }
        #expect(seen.count == 1_101 && seen == seen.sorted() && steps > 2)
        let audit = scan(company, "AUDIT.LIST", count: 1000)
        #expect(audit.count > 1 && audit.flatMap { $0 } == (1...company.log.count).map(String.init))
        let newest = company.run("AUDIT.LIST COUNT 1000").elements ?? []
        #expect(newest.last?["seq"]?.integer == Int64(company.log.count))
        #expect(newest.count < company.log.count)
    }
}
