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
            ("OWNER bob", []),
        ])
    func deals(_ words: String, _ expected: [String]) {
        #expect(ids(company().run("OPP.LIST \(words)", as: "ann")) == expected)
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
