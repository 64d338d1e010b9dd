import PipelineDomain
import PipelineProtocol
import Testing

@testable import PipelineCommands

/// W-1: the records alone give the company back.
struct ReplayTests {
    /// Everything that a company can do, refusals and dry runs among it.
    private func story() -> LedgerCompany {
        let company = LedgerCompany.furnished()
        func step(_ line: String, _ login: String, isRefused: Bool = false) {
            company.advance(milliseconds: 3_600_123)
            let refusal = company.run(line, as: login).errorLine
            #expect((refusal != nil) == isRefused, "\(line): \(refusal ?? "")")
        }
        step("OPP.ADVANCE o1", "ann", isRefused: true)
        company.submit()
        step("DRYRUN OPP.RECALL o1", "ann")
        step("OPP.RECALL o1 NOTE 等等 REQID r-1", "ann")
        step("OPP.RECALL o1 NOTE 等等 REQID r-1", "ann")
        step("OPP.UPDATE o1 AMOUNT 400000 TITLE 大桥二期 SOURCE \"\" REGION 华东", "ann")
        step("OPP.ADVANCE o1 REQID r-2", "ann")
        step("APPROVAL.REJECT a2 NOTE \"too dear 🙂\"", "lee")
        step(
            "OPP.FEEDBACK o1 budget 399999.99 decision 2027-01-31 size large tender yes floors -3.50 champion bob",
            "ann")
        step("OPP.ADVANCE o1", "ann")
        step("APPROVAL.APPROVE a3 NOTE ok", "lee")
        company.markDelivered("lee", upTo: 2)
        step("INBOX.ACK 1 3", "lee")
        step("INBOX.ACK UPTO 1", "ann")
        step("OPP.ADVANCE o1 TO proposal NOTE back", "lee")
        step("OPP.TASK o1 site-visit UNDO NOTE wrong", "ann")
        step(#"OPP.NOTE o1 "第一\nline""#, "boss")
        step("OPP.NOTE o1 reply REPLYTO n1", "ann")
        step("OPP.ADVANCE o2", "ann")
        step("OPP.WIN o2 REVIEW good", "ann")
        step("OPP.CREATE 丙 CUSTOMER c2 PROCESS bid AMOUNT 5 CUR JPY OWNER bob EXTID X-1", "lee")
        step("OPP.INVALIDATE o4 REASON duplicate", "bob")
        step("OPP.LOSE o3 REASON competitor COMPETITOR Initech REVIEW late", "bob")
        company.transact(
            [
                "CUSTOMER.CREATE Tx REQID t-1", "OPP.CREATE 丁 CUSTOMER c3 PROCESS bid",
                "OPP.NOTE o5 hi",
            ],
            as: "zoe")
        company.transact(["CUSTOMER.CREATE Undone", "OPP.ADVANCE o5"], as: "zoe")
        step("UNIT.UPDATE u4 PARENT u3 NAME 西部", "root")
        step("PERSON.UPDATE bob UNIT u4 SUPERIOR boss ROLE manager TZ UTC LANG zh", "root")
        step("PERSON.UPDATE bob SUPERIOR \"\"", "root")
        step("PERSON.PASSWORD ann brand-new-one OLD right-one", "ann")
        step("CUSTOMER.UPDATE c1 NAME \"Acme 2\" ADDRESS 上海 PHONE \"\"", "ann")
        company.put("bid", LedgerCompany.plain)
        step("PROCESS.PUBLISH bid", "root")
        company.put("plain", LedgerCompany.bid)
        step("OPP.CREATE 戊 CUSTOMER c2 PROCESS bid", "zoe")
        return company
    }

    @Test("W-1: a ledger that reads the records answers every question with the same bytes")
    func answers() throws {
        let company = story()
        let again = try company.replayed()
        #expect(company.log.count == Int(company.ledger.lastSequence))
        #expect(again.ledger.lastSequence == company.ledger.lastSequence)
        let (before, after) = (company.photograph(), again.photograph())
        #expect(before.count == after.count)
        for (left, right) in zip(before, after) where left != right {
            Issue.record(
                "\(String(decoding: left, as: UTF8.self))\n≠ \(String(decoding: right, as: UTF8.self))"
            )
        }
        for deal in 1...6 {
            for login in ["root", "ann", "zoe"] {
                let line = "OPP.GET o\(deal) WITH 6 feedback tasks history approvals contacts notes"
                #expect(company.bytes(line, as: login) == again.bytes(line, as: login))
            }
        }
    }

    @Test("W-1: and goes on in the same way: the same ids, keys and records")
    func continuation() throws {
        let company = story()
        let again = try company.replayed()
        let start = company.log.count
        for (line, login) in [
            ("OPP.RECALL o1 NOTE 等等 REQID r-1", "ann"), ("CUSTOMER.CREATE Tx REQID t-1", "zoe"),
            ("OPP.CREATE 己 CUSTOMER c1 EXTID X-1", "root"), ("OPP.NOTE o1 hi", "ann"),
            ("CUSTOMER.CREATE acme", "ann"), ("CUSTOMER.CREATE \"ACME 2\"", "ann"),
            ("INBOX.ACK UPTO 99", "lee"), ("PROCESS.PUBLISH plain ALLOW-DIP", "root"),
            ("UNIT.CREATE 新", "root"), ("PERSON.CREATE kim NAME Kim UNIT u5", "root"),
        ] {
            #expect(company.bytes(line, as: login) == again.bytes(line, as: login), "\(line)")
        }
        #expect(company.log.count > start)
        #expect(company.log == again.log)
        #expect(
            company.ledger.credentials(login: "ann".utf8)?.passwordHash
                == again.ledger.credentials(login: "ann".utf8)?.passwordHash)
    }

    @Test("W-6: a damaged record is refused, and nothing is applied")
    func damage() {
        let company = story()
        var ledger = company.ledger
        let sequence = ledger.lastSequence
        for record in [[], [0xFF, 0xFF, 0xFF], Array((company.log.last ?? []).dropLast())] {
            var failed = false
            record.withUnsafeBytes { bytes in
                do throws(RecordError) {
                    try ledger.replay(bytes, sequence: sequence + 1)
                } catch {
                    failed = true
                }
            }
            #expect(failed)
            #expect(ledger.lastSequence == sequence)
        }
    }

    @Test("D-17: records are the history: everything that happened to a deal, in the log's order")
    func history() {
        let company = LedgerCompany.furnished()
        company.submit()
        company.run("APPROVAL.REJECT a1 NOTE dear", as: "lee")
        let rows = company.run("OPP.HISTORY o1", as: "ann").elements ?? []
        #expect(
            rows.compactMap { $0["type"]?.text } == [
                "created", "feedback", "task.done", "approval.requested", "approval.rejected",
            ])
        let sequences = rows.compactMap { $0["seq"]?.integer }
        #expect(sequences == sequences.sorted() && Set(sequences).count == 5)
        let later =
            company.run("OPP.HISTORY o1 FROM \(sequences[2]) COUNT 2", as: "ann").elements ?? []
        #expect(later.compactMap { $0["seq"]?.integer } == Array(sequences[2...3]))
        #expect(rows.last?["note"]?.text == "dear")
        #expect(rows.last?["by"]?.text == "e3")
    }
}
