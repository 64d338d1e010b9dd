import PipelineProtocol
import Testing

@testable import PipelineCommands

/// P-5, §2: values that cannot be what an argument asks for.
struct RefusalValueTests {
    @Test(
        "§2: ids",
        arguments: [
            ("OPP.GET 1", "INVALID opportunity: must be the id of an opportunity, such as o12"),
            ("OPP.GET o", "INVALID opportunity: must be the id of an opportunity, such as o12"),
            ("OPP.GET e1", "INVALID opportunity: must be the id of an opportunity, such as o12"),
            (
                "OPP.GET o\(String(repeating: "9", count: 64))",
                "INVALID opportunity: must be the id of an opportunity, such as o12"
            ),
            ("OPP.GET o-1", "INVALID opportunity: must be the id of an opportunity, such as o12"),
            ("OPP.GET \"\"", "INVALID opportunity: must be the id of an opportunity, such as o12"),
            ("UNIT.TREE 销", "INVALID unit: must be the id of a unit, such as u12"),
            ("CUSTOMER.GET Acme", "INVALID customer: must be the id of a customer, such as c12"),
            ("APPROVAL.GET o1", "INVALID approval: must be the id of an approval, such as a12"),
            (
                "OPP.NOTE o1 hi REPLYTO 7",
                "INVALID REPLYTO: must be the id of a note, such as n12"
            ),
            ("PERSON.GET Ann", "INVALID person: must be a person's id, such as e3, or login"),
            ("PROCESS.GET Bid", "INVALID key: must be a process's key"),
        ])
    func ids(_ line: String, _ error: String) { check(line, error) }

    @Test("§2: ids may have leading zeros, and either case")
    func zeros() {
        let company = LedgerCompany.furnished()
        #expect(company.run("OPP.GET o000000000001")["id"]?.text == "o1")
        #expect(company.run("OPP.GET O2")["id"]?.text == "o2")
    }

    @Test(
        "D-36: amounts",
        arguments: [
            ("AMOUNT -1", "INVALID AMOUNT: must not be negative"),
            ("AMOUNT -0", "INVALID AMOUNT: must not be negative"),
            ("AMOUNT 1000000000000000", "INVALID AMOUNT: must be below 10^15"),
            ("AMOUNT 1000000000000000.00", "INVALID AMOUNT: must be below 10^15"),
            ("AMOUNT 99999999999999999999999999", "INVALID AMOUNT: must be below 10^15"),
            ("AMOUNT 1e6", "INVALID AMOUNT: must be a plain decimal such as 500000.00"),
            ("AMOUNT 1,000", "INVALID AMOUNT: must be a plain decimal such as 500000.00"),
            ("AMOUNT +1", "INVALID AMOUNT: must be a plain decimal such as 500000.00"),
            ("AMOUNT .5", "INVALID AMOUNT: must be a plain decimal such as 500000.00"),
            ("AMOUNT 5.", "INVALID AMOUNT: must be a plain decimal such as 500000.00"),
            ("AMOUNT 1.2.3", "INVALID AMOUNT: must be a plain decimal such as 500000.00"),
            ("AMOUNT ١٢", "INVALID AMOUNT: must be a plain decimal such as 500000.00"),
            ("AMOUNT 1.0000001", "INVALID AMOUNT: must be a plain decimal such as 500000.00"),
            ("AMOUNT 1.005", "INVALID AMOUNT: CNY has 2 decimals"),
            ("AMOUNT 1.5 CUR JPY", "INVALID AMOUNT: JPY has 0 decimals"),
            ("AMOUNT 1.0005 CUR KWD", "INVALID AMOUNT: KWD has 3 decimals"),
            ("AMOUNT 5 CUR ABC", "INVALID CUR: must be an ISO 4217 code such as CNY"),
            ("AMOUNT 5 CUR 人民币", "INVALID CUR: must be an ISO 4217 code such as CNY"),
        ])
    func amounts(_ words: String, _ error: String) {
        check("OPP.CREATE Tower CUSTOMER c1 PROCESS bid " + words, error)
    }

    @Test("D-36: amounts that are just right")
    func goodAmounts() {
        let company = LedgerCompany.furnished()
        for (given, kept) in [
            ("999999999999999.99", "999999999999999.99"), ("0", "0.00"), ("007", "7.00"),
            ("1.500", "1.50"), ("12 CUR JPY", "12"), ("1.005 CUR kwd", "1.005"),
            ("2.000000", "2.00"),
        ] {
            let deal = company.run("OPP.CREATE x CUSTOMER c1 AMOUNT \(given)")["id"]?.text ?? ""
            #expect(company.run("OPP.GET \(deal)")["amount"]?.text == kept, "\(given)")
        }
    }

    @Test(
        "D-37: dates",
        arguments: [
            "2026-02-30", "2027-02-29", "2026-13-01", "2026-00-10", "2026-01-00", "26-01-01",
            "2026/01/01", "2026-1-1", "2026-01-01T00:00", "1899-12-31", "明天明天",
        ])
    func dates(_ date: String) {
        check(
            "OPP.CREATE Tower CUSTOMER c1 CLOSE \(date)",
            "INVALID CLOSE: must be a calendar date, YYYY-MM-DD")
    }

    @Test(
        "§2: numbers, choices and periods",
        arguments: [
            ("UNIT.TREE DEPTH 65", "INVALID DEPTH: must be a whole number from 0 to 64"),
            ("UNIT.TREE DEPTH -1", "INVALID DEPTH: must be a whole number from 0 to 64"),
            ("UNIT.TREE DEPTH 1.5", "INVALID DEPTH: must be a whole number from 0 to 64"),
            ("OPP.LIST LIMIT 0 1001", "INVALID LIMIT: must be a whole number from 0 to 1000"),
            ("OPP.LIST LIMIT -1 1", "INVALID LIMIT: must be a whole number from 0 to 2147483647"),
            (
                "OPP.LIST LIMIT 9223372036854775808 1",
                "INVALID LIMIT: must be a whole number from 0 to 2147483647"
            ),
            (
                "OPP.GET o1 WITH 1 everything",
                "INVALID WITH: must be one of: feedback, tasks, history, approvals, contacts, notes, activities, fields"
            ),
            ("OPP.HISTORY o1 COUNT 0", "INVALID COUNT: must be a whole number from 1 to 1000"),
            ("OPP.HISTORY o1 FROM -1", "INVALID FROM: must be a whole number from 0 on"),
            ("INBOX.ACK 1 x", "INVALID seq: must be a whole number from 0 on"),
            ("INBOX.ACK UPTO -1", "INVALID UPTO: must be a whole number from 0 on"),
            (
                "INBOX.ACK 1 UPTO 3",
                "INVALID UPTO: is instead of single rows: name one of the two"
            ),
            (
                "PROCESS.GET bid VERSION 1 DRAFT",
                "INVALID DRAFT: is instead of a VERSION: name one of the two"
            ),
            ("OPP.LIST OUTCOME gone", "INVALID OUTCOME: must be one of: open, won, lost, invalid"),
            (
                "OPP.LIST SORTBY size",
                "INVALID SORTBY: must be one of: id, title, customer, amount, currency, close, owner, unit, process, version, stage, outcome, pending, enteredStage, createdAt, rev, source, industry, product, region, channel, extid, team, tags, closedAt, reason, competitor, lead, rate, feasibility, cost, roi, competitors"
            ),
            (
                "OPP.LIST FIELDS 1 amuont",
                "INVALID FIELDS: there is no 'amuont'; did you mean amount?"
            ),
            (
                "OPP.LIST FIELDS 1 zzzzzzzzzz",
                "INVALID FIELDS: must be one of: id, title, customer, amount, currency, close, owner, unit, process, version, stage, outcome, pending, enteredStage, createdAt, rev, source, industry, product, region, channel, extid, team, tags, closedAt, reason, competitor, lead, rate, feasibility, cost, roi, competitors"
            ),
            (
                "OPP.LIST CLOSE 2027-02-01 2027-01-31",
                "INVALID CLOSE: ends on 2027-01-31, before it begins on 2027-02-01"
            ),
            (
                "REPORT.FORECAST PERIOD 2027-02-01 2027-01-31",
                "INVALID PERIOD: ends on 2027-01-31, before it begins on 2027-02-01"
            ),
            (
                "OPP.NOTE o1 hi IFREV -1",
                "INVALID IFREV: must be a whole number from 0 to 4294967295"
            ),
            (
                "OPP.NOTE o1 hi IFREV 4294967296",
                "INVALID IFREV: must be a whole number from 0 to 4294967295"
            ),
            (
                "PERSON.CREATE kim NAME Kim UNIT u1 TZ Mars/Base",
                "INVALID TZ: 'Mars/Base' is no IANA time zone such as Asia/Shanghai"
            ),
            (
                "PERSON.CREATE kim NAME Kim UNIT u1 PASSWORD short",
                "INVALID PASSWORD: must have from 8 to 1024 bytes"
            ),
        ])
    func others(_ line: String, _ error: String) { check(line, error) }

    @Test(
        "§2: logins and keys are [a-z][a-z0-9._-]{0,63}, no id and no keyword",
        arguments: [
            ("Kim", "'Kim' must match [a-z][a-z0-9._-]*"),
            ("1kim", "'1kim' must match [a-z][a-z0-9._-]*"),
            ("金", "'金' must match [a-z][a-z0-9._-]*"), ("e12", "'e12' has the form of an id"),
            ("t9", "'t9' has the form of an id"), ("reqid", "'reqid' is a keyword of the protocol"),
            ("unit", "'unit' is a keyword of the protocol"), ("\"\"", "'' is empty"),
        ])
    func keys(_ login: String, _ problem: String) {
        check("PERSON.CREATE \(login) NAME x UNIT u1", escaped("INVALID login: \(problem)"))
        check("PROCESS.PUT \(login) {}", escaped("INVALID key: \(problem)"))
    }

    @Test(
        "§2: bounds of text are told: names 200 characters, notes 16 KiB, keys 64, arguments 64 KiB"
    )
    func lengths() {
        let company = LedgerCompany.furnished()
        func name(_ count: Int) -> String { String(repeating: "商", count: count) }
        #expect(
            company.refusal("CUSTOMER.CREATE \(name(201))")
                == "INVALID name: is longer than 200 characters")
        #expect(company.refusal("CUSTOMER.CREATE \(name(200))") == nil)
        let note = String(repeating: "n", count: 16 * 1024)
        #expect(
            company.refusal("OPP.NOTE o1 \(note)x") == "INVALID text: is longer than 16384 bytes")
        #expect(company.refusal("OPP.NOTE o1 \(note)") == nil)
        let key = String(repeating: "k", count: 64)
        #expect(
            company.refusal("PERSON.CREATE \(key)k NAME x UNIT u1")
                == "INVALID login: '\(key)k' is longer than 64 characters")
        #expect(company.refusal("PERSON.CREATE \(key) NAME x UNIT u1") == nil)
        let long = [UInt8](repeating: 0x61, count: 65_537)
        #expect(
            company.run([Array("CUSTOMER.CREATE".utf8), long]).errorLine
                == "INVALID name: is longer than 65536 bytes")
    }

    @Test("§2: control characters but TAB and LF, and bytes that are not UTF-8, are refused")
    func characters() {
        check(#"OPP.NOTE o1 "a\x00b""#, "INVALID text: contains a control character")
        check(#"OPP.NOTE o1 "a\rb""#, "INVALID text: contains a control character")
        check(#"OPP.NOTE o1 "a\x1bb""#, "INVALID text: contains a control character")
        check(#"OPP.NOTE o1 "a\x7fb""#, "INVALID text: contains a control character")
        check(#"OPP.NOTE o1 "a\xc3(""#, "INVALID text: is not UTF-8")
        check(#"OPP.NOTE o1 "a\xed\xa0\x80""#, "INVALID text: is not UTF-8")
        check(#"OPP.NOTE o1 "\xc0\xaf""#, "INVALID text: is not UTF-8")
        check(#"CUSTOMER.CREATE "two\nlines""#, "INVALID name: must be one line")
        check(#"CUSTOMER.CREATE " ""#, "INVALID name: must not be empty")
        // Blanks fill nothing that a stage may require (D-11).
        check(
            #"OPP.UPDATE o1 SOURCE "\t ""#,
            "INVALID SOURCE: is nothing but blanks; an empty text clears", as: "ann")
        check(
            #"CUSTOMER.UPDATE c1 ADDRESS "\xe3\x80\x80""#,
            "INVALID ADDRESS: is nothing but blanks; an empty text clears")
        #expect(LedgerCompany.furnished().refusal(#"OPP.NOTE o1 "tab\tand\nline""#) == nil)
    }

    @Test("D-2, D-36: feedback is read by its field's type, and every fault is named")
    func feedback() {
        check(
            "OPP.FEEDBACK o1 budget 1.005 decision 2026-02-30 size huge tender perhaps floors many champion nobody",
            "INVALID budget: CNY has 2 decimals; decision: must be a date, YYYY-MM-DD; size: must be one of: small, large; tender: must be yes or no; floors: must be a number such as 12 or -3.5, below 10^15, at most 6 decimals; champion: must be a person's id or login",
            as: "ann")
        check(
            "OPP.TASK o1 site-visit MAYBE", "INVALID state: must be one of: DONE, UNDO", as: "ann")
        check(
            "OPP.FEEDBACK o1 colour red",
            "INVALID colour: is no feedback field of the process; stage 'proposal' has: budget_owner, budget, decision, size, tender, floors, champion",
            as: "ann")
        check(
            #"OPP.FEEDBACK o1 budget_owner " ""#,
            "INVALID budget_owner: is nothing but blanks; an empty value clears it", as: "ann")
        check("OPP.FEEDBACK o1 size small size large", "INVALID size: is given twice", as: "ann")
        check(
            "OPP.FEEDBACK o2 size small",
            "INVALID size: is no feedback field of the process; stage 'start' has none", as: "ann")
    }

    private func check(_ line: String, _ error: String, as login: String = "root") {
        #expect(LedgerCompany.refusalWithoutEffect(for: line, as: login) == error, "\(line)")
    }
}

extension LedgerCompany {
    /// The refusal of a line in a furnished company, in which nothing may have changed.
    fileprivate static func refusalWithoutEffect(for line: String, as login: String) -> String? {
        let company = furnished()
        let before = company.ledger.lastSequence
        let refusal = company.refusal(line, as: login)
        #expect(company.ledger.lastSequence == before)
        #expect(company.records.isEmpty)
        return refusal
    }
}
