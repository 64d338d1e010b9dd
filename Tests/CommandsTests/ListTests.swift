import PipelineProtocol
import Testing

@testable import PipelineCommands

/// §2: lists: `LIMIT`, `SORTBY`, `FIELDS`, filters.
struct ListTests {
    /// Deals o1 … o8: three of the furniture, then five of ann's.
    private func company() -> LedgerCompany {
        let company = LedgerCompany.furnished()
        for line in [
            "OPP.CREATE Éclair CUSTOMER c1 AMOUNT 30 CLOSE 2027-03-01",
            "OPP.CREATE 大桥 CUSTOMER c1 AMOUNT 10 CLOSE 2027-02-01",
            "OPP.CREATE apple CUSTOMER c1 AMOUNT 20",
            "OPP.CREATE Zebra CUSTOMER c2 PROCESS plain AMOUNT 10",
            "OPP.CREATE 一 CUSTOMER c1",
        ] {
            company.advance(milliseconds: 1000)
            company.run(line, as: "ann")
        }
        return company
    }

    private func ids(_ reply: Reply) -> [String] {
        reply.elements?.compactMap { $0["id"]?.text } ?? ["\(reply)"]
    }

    @Test(
        "§2: LIMIT offset count, by id unless sorted otherwise",
        arguments: [
            ("", ["o1", "o2", "o4", "o5", "o6", "o7", "o8"]),
            ("LIMIT 0 2", ["o1", "o2"]), ("LIMIT 5 2", ["o7", "o8"]), ("LIMIT 6 100", ["o8"]),
            ("LIMIT 7 100", []), ("LIMIT 2147483647 1000", []), ("LIMIT 0 0", []),
            ("SORTBY title", ["o1", "o2", "o7", "o6", "o4", "o8", "o5"]),
            ("SORTBY title DESC", ["o5", "o8", "o4", "o6", "o7", "o2", "o1"]),
            ("SORTBY amount", ["o5", "o7", "o6", "o4", "o1", "o2", "o8"]),
            ("SORTBY amount asc LIMIT 1 2", ["o7", "o6"]),
            ("sortby Close", ["o5", "o4", "o1", "o2", "o6", "o7", "o8"]),
            ("SORTBY createdAt DESC LIMIT 0 2", ["o8", "o7"]),
            ("SORTBY stage", ["o1", "o2", "o4", "o5", "o6", "o7", "o8"]),
            ("CUSTOMER c2", ["o2", "o7"]), ("PROCESS plain", ["o2", "o7"]),
            ("STAGE start", ["o2", "o7"]),
            ("STAGE nosuch", []), ("OUTCOME won", []), ("OUTCOME OPEN LIMIT 0 1", ["o1"]),
            ("CLOSE 2027-02-01 2027-03-01", ["o4", "o5"]), ("CLOSE 2027-02-02 2027-02-02", []),
            ("UNIT u4", []), ("UNIT u3 CUSTOMER c2", ["o2", "o7"]), ("OWNER ann LIMIT 6 1", ["o8"]),
            ("OWNER bob", []), ("SOURCE fair", ["o1"]), ("SOURCE \"\" LIMIT 0 2", ["o2", "o4"]),
            ("TAG HOT", ["o5", "o7"]), ("TAG hot EXTID E-7", ["o7"]), ("EXTID e-7", []),
            ("SORTBY process LIMIT 0 3", ["o1", "o4", "o5"]),
            ("SORTBY extid DESC LIMIT 0 2", ["o7", "o1"]),
            ("SORTBY tags LIMIT 0 3", ["o5", "o7", "o1"]),
            ("SORTBY customer DESC LIMIT 0 3", ["o2", "o7", "o1"]),
        ])
    func deals(_ words: String, _ expected: [String]) {
        let company = company()
        company.run("OPP.TAG o5 ADD hot", as: "ann")
        company.run("OPP.TAG o7 ADD hot", as: "ann")
        company.run("OPP.UPDATE o7 EXTID E-7", as: "ann")
        #expect(ids(company.run("OPP.LIST \(words)", as: "ann")) == expected)
    }

    @Test("§2: every list is cut, sorted by any of its fields, and shows those asked for")
    func everyList() throws {
        let company = company()
        company.submit()
        company.run("CONTACT.CREATE c1 王", as: "ann")
        company.run("LEAD.CREATE 赵", as: "ann")
        company.run("RATE.SET JPY 2026-11-22 0.05")
        company.run("OPP.ACTIVITY o1 call AT 2026-11-25", as: "ann")
        company.run(
            ["FIELD.PUT", "customer", "tier", #"{"name": "Tier", "type": "text"}"#].map {
                Array($0.utf8)
            })
        company.run(["CALENDAR.PUT", "main", "{}"].map { Array($0.utf8) })
        let lists = CommandTable.commands.filter { $0.name.hasSuffix(".LIST") }
        #expect(lists.count == 14)
        for list in lists {
            let fields = try #require(list.arguments.first { $0.name == "FIELDS" }).choices
            let login = list.name == "INBOX.LIST" ? "lee" : "root"
            let own = list.name == "TODO.LIST" ? " OWNER ann" : ""
            let all = company.run("\(list.name)\(own)", as: login).elements ?? []
            #expect(!all.isEmpty, "\(list.name)")
            #expect(all.count <= 100)
            for field in fields where list.name != "AUDIT.LIST" || field == "seq" {
                let line = "\(list.name)\(own) SORTBY \(field) DESC LIMIT 0 2 FIELDS 1 \(field)"
                let rows = company.run(line, as: login).elements ?? []
                #expect(rows.count == min(2, all.count), "\(line)")
                #expect(rows.allSatisfy { $0.pairs?.map(\.key.text) == [field] }, "\(line)")
            }
            let scan = company.run("\(list.name)\(own) CURSOR 0 COUNT 1", as: login).elements
            #expect(scan?.count == 2 && scan?[1].elements?.count == 1, "\(list.name)")
            #expect(
                company.refusal("\(list.name) SORTBY nosuch", as: login)?
                    .hasPrefix("INVALID SORTBY: ") == true)
        }
    }

    @Test("§2, D-38: names are sorted by code point and ids by number, unknown ones last")
    func sortedRows() {
        let company = LedgerCompany()
        for name in ["k10", "k2", "王", "b", "É", "Z"] { company.run("CUSTOMER.CREATE \(name)") }
        for number in 7...11 { company.run("CUSTOMER.CREATE m\(number) PHONE \(number)") }
        func names(_ words: String) -> [String] {
            company.run("CUSTOMER.LIST \(words)").elements?.compactMap { $0["name"]?.text } ?? []
        }
        #expect(
            names("SORTBY name LIMIT 0 5 FIELDS 1 name") == ["Z", "b", "k10", "k2", "m10"])
        #expect(names("SORTBY name DESC LIMIT 0 2") == ["王", "É"])
        #expect(ids(company.run("CUSTOMER.LIST SORTBY id DESC LIMIT 0 3")) == ["c11", "c10", "c9"])
        #expect(names("SORTBY phone LIMIT 4 2") == ["m9", "k10"])
        #expect(names("SORTBY phone DESC LIMIT 4 2") == ["m10", "k10"])
    }

    @Test("§2: the audit is read newest first, or from any place on; it goes by seq alone")
    func audit() {
        let company = LedgerCompany.furnished()
        func seqs(_ words: String) -> [Int64] {
            company.run("AUDIT.LIST \(words)").elements?.compactMap { $0["seq"]?.integer } ?? []
        }
        let last = Int64(company.log.count)
        #expect(seqs("COUNT 2 SORTBY seq DESC") == [last, last - 1])
        #expect(seqs("LIMIT 2 3 FIELDS 1 seq") == [3, 4, 5])
        #expect(seqs("FROM 5 LIMIT 1 1") == [6])
        #expect(seqs("LIMIT 0 0").isEmpty)
        #expect(
            company.refusal("AUDIT.LIST SORTBY type")
                == "INVALID SORTBY: the audit goes by seq; say ASC or DESC")
        #expect(
            company.refusal("AUDIT.LIST LIMIT 0 5 COUNT 5")
                == "INVALID COUNT: says how many rows, as LIMIT does; leave one out")
    }

    @Test("§2: an inbox is cut, sorted and scanned like any list")
    func inbox() {
        let company = LedgerCompany.furnished()
        for number in 1...5 { company.run("OPP.NOTE o1 \(number)", as: "boss") }
        company.run("INBOX.ACK 2 3", as: "ann")
        func seqs(_ words: String) -> [Int64] {
            company.run("INBOX.LIST \(words)", as: "ann").elements?
                .compactMap { $0["seq"]?.integer } ?? []
        }
        #expect(seqs("") == [1, 2, 3, 4, 5])
        #expect(seqs("UNACKED LIMIT 1 2") == [4, 5])
        #expect(seqs("FROM 2 COUNT 2") == [2, 3])
        #expect(seqs("SORTBY acked DESC LIMIT 0 3") == [2, 3, 1])
        #expect(
            company.run("INBOX.LIST CURSOR 1 COUNT 2 UNACKED FIELDS 1 seq", as: "ann").plain
                == "[0, [{seq: 4}, {seq: 5}]]")
    }

    @Test("§2: unknown amounts come last, descending too; equals stay by id")
    func unknownValues() {
        #expect(
            ids(company().run("OPP.LIST SORTBY amount DESC", as: "ann"))
                == ["o1", "o4", "o6", "o5", "o7", "o2", "o8"])
    }

    @Test("§2: FIELDS chooses the members and their order")
    func fields() {
        let company = company()
        let rows =
            company.run("OPP.LIST LIMIT 0 1 FIELDS 3 stage id amount", as: "ann").elements ?? []
        #expect(rows.count == 1)
        #expect(rows.first?.pairs?.compactMap(\.key.text) == ["stage", "id", "amount"])
        #expect(rows.first?["amount"]?.text == "600000.00")
        #expect(
            company.run("OPP.LIST FIELDS 1 nosuch LIMIT 0 0", as: "ann").errorLine?
                .hasPrefix("INVALID FIELDS") == true)
    }

    @Test("§2: a list's default is 100 rows, its most 1000")
    func most() {
        let company = LedgerCompany()
        for number in 1...1001 { company.run("CUSTOMER.CREATE c-\(number)") }
        #expect(ids(company.run("CUSTOMER.LIST")).count == 100)
        #expect(ids(company.run("CUSTOMER.LIST")).last == "c100")
        #expect(ids(company.run("CUSTOMER.LIST LIMIT 0 1000")).count == 1000)
        #expect(ids(company.run("CUSTOMER.LIST LIMIT 1000 1000")) == ["c1001"])
        #expect(ids(company.run("CUSTOMER.LIST NAME C-100")) == ["c100", "c1000", "c1001"])
    }

    @Test(
        "D-33: each sees their own, what they must decide and what is below; never sideways",
        arguments: [
            ("ann", ["o1", "o2"]), ("bob", ["o3"]), ("lee", ["o1", "o2", "o3"]),
            ("boss", ["o1", "o2", "o3"]), ("eve", ["o1", "o2", "o3"]),
            ("root", ["o1", "o2", "o3"]),
            ("zoe", []),
        ])
    func visibility(_ login: String, _ expected: [String]) {
        #expect(ids(LedgerCompany.furnished().run("OPP.LIST", as: login)) == expected)
    }

    @Test(
        "§2: people by id, with their filters",
        arguments: [
            ("", ["e1", "e2", "e3", "e4", "e5", "e6", "e7"]), ("UNIT u3", ["e3", "e4", "e5"]),
            ("UNIT u2", ["e2", "e3", "e4", "e5", "e7"]), ("UNIT u2 LIMIT 1 2", ["e3", "e4"]),
            ("ACTIVE no", []), ("ACTIVE YES LIMIT 6 5", ["e7"]),
        ])
    func people(_ words: String, _ expected: [String]) {
        #expect(ids(LedgerCompany.furnished().run("PERSON.LIST \(words)", as: "zoe")) == expected)
    }

    @Test("§2: approvals put to one, made by one, by status")
    func approvals() {
        let company = LedgerCompany.furnished()
        company.submit()
        for (words, login, expected) in [
            ("", "ann", ["a1"]), ("SENT", "ann", ["a1"]), ("MINE", "ann", []),
            ("MINE", "lee", ["a1"]),
            ("MINE", "boss", ["a1"]), ("SENT", "lee", []), ("MINE SENT", "lee", ["a1"]),
            ("STATUS approved", "lee", []), ("STATUS pending", "lee", ["a1"]), ("", "zoe", []),
            ("LIMIT 1 5", "lee", []),
        ] {
            #expect(
                ids(company.run("APPROVAL.LIST \(words)", as: login)) == expected,
                "\(words) \(login)")
        }
    }

    @Test("§2: a tree is flat, parents first, with depths")
    func tree() {
        let company = LedgerCompany.furnished()
        #expect(ids(company.run("UNIT.TREE", as: "zoe")) == ["u1", "u2", "u3", "u4"])
        #expect(ids(company.run("UNIT.TREE DEPTH 1")) == ["u1", "u2"])
        #expect(ids(company.run("UNIT.TREE u2 DEPTH 0")) == ["u2"])
        let depths = company.run("UNIT.TREE").elements?.compactMap { $0["depth"]?.integer }
        #expect(depths == [0, 1, 2, 2])
    }
}
