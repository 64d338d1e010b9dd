import Testing

@testable import pipeline_client

@Suite struct FileTests {
    private func read(_ text: String, by size: Int = .max) -> [CSVReader.Record] {
        var reader = CSVReader()
        var records: [CSVReader.Record] = []
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            records += reader.feed(rest.prefix(size))
            rest = rest.dropFirst(size)
        }
        if let last = reader.finish() { records.append(last) }
        return records
    }

    @Test(
        "S-8: CSV as it comes: quotes, CR LF, a byte order mark, line ends in quotes, blank lines",
        arguments: [1, 2, 3, 1_000])
    func csv(size: Int) {
        let text = "\u{FEFF}名称,备注\r\n\r\n方舟,\"a \"\"b\"\", 'c'\"\n\"两\r\n行\",\n,\r\nlast,one"
        let records = read(text, by: size)
        #expect(
            records.map(\.cells) == [
                ["名称", "备注"], ["方舟", "a \"b\", 'c'"], ["两\r\n行", ""], ["", ""], ["last", "one"],
            ])
        #expect(records.map(\.line) == [1, 3, 4, 6, 7])
        #expect(records.allSatisfy { $0.problem == nil })
    }

    @Test("S-8: what is no CSV is told by its cell")
    func problems() {
        #expect(read("a,b\"c\n").map(\.problem) == [.quote(cell: 1)])
        #expect(read("\"a\"b,c\n").map(\.problem) == [.quote(cell: 0)])
        #expect(read("a,\"b\nc").map(\.problem) == [.unclosedQuote(cell: 1)])
        var reader = CSVReader()
        #expect(
            reader.feed([0x61, 0x2C, 0xB7, 0xBD, 0x0A]).map(\.problem) == [.notUTF8(cell: 1)])
        #expect(read("") == [] && read("\n\r\n") == [])
    }

    @Test("S-8: what is written is read back the same")
    func roundTrip() {
        let cells = ["plain", "", "a,b", "\"q\"", "two\nlines", "行\r\n", " blank ", "中文"]
        let line = SeparatedText.line(cells, .comma)
        #expect(read(line + "\r\n").map(\.cells) == [cells])
    }

    private func row(_ cells: [String: String]) -> FileRow {
        var places: [String: Int] = [:]
        var values: [String] = []
        for (name, value) in cells.sorted(by: { $0.key < $1.key }) {
            places[name] = values.count
            values.append(value)
        }
        return FileRow(line: 2, cells: values, places: places)
    }

    @Test("S-8: a row becomes one command, its blanks trimmed and its empty cells left out")
    func commands() {
        let deal = row([
            "extid": "X-1", "title": " 方舟 ", "customer": "方舟电子", "amount": "5.00", "close": "",
            "owner": "xiaoli", "stage": "quote",
        ])
        #expect(
            deal.command(.deals, customer: "c7") == [
                "OPP.CREATE", "方舟", "CUSTOMER", "c7", "EXTID", "X-1", "AMOUNT", "5.00", "OWNER",
                "xiaoli",
            ])
        #expect(
            row(["name": "甲", "industry": "制造"]).command(.customers, customer: nil) == [
                "CUSTOMER.CREATE", "甲", "INDUSTRY", "制造",
            ])
    }

    @Test("S-8: the same row has the same token, another row another one")
    func tokens() {
        let one = row(["name": "甲"]).token(.customers)
        #expect(one == row(["name": " 甲 "]).token(.customers))
        #expect(one != row(["name": "乙"]).token(.customers))
        #expect(one != row(["name": "甲"]).token(.leads))
        #expect(one.utf8.count <= 64 - "-stage".utf8.count)
    }

    @Test(
        "S-8: a refusal names the column",
        arguments: [
            ("INVALID AMOUNT: must be a plain decimal", "amount"),
            ("INVALID CUR: unknown", "currency"), ("INVALID title: too long", "title"),
            ("NOTFOUND no person 'wang'; check the id", "owner"), ("OOM full", nil),
        ])
    func columns(line: String, column: String?) {
        let cells = ["owner": "wang", "title": "t", "extid": "1"]
        #expect(FileNoun.deals.column(of: line, row(cells)) == column)
    }

    @Test("S-8: columns are known in both languages")
    func headers() {
        #expect(FileNoun.deals.column(named: "金额")?.name == "amount")
        #expect(FileNoun.customers.column(named: "Name ")?.name == "name")
        #expect(FileNoun.leads.column(named: "nothing") == nil)
    }

    @Test("S-8: the options of import")
    func options() throws {
        let options = try ImportOptions(["deals", "--dry-run", "a.csv", "--rejected", "bad.csv"])
        #expect(options.noun == .deals && options.isDryRun && options.rejectedPath == "bad.csv")
        #expect(try ImportOptions(["leads", "a.csv"]).rejectedPath == "a.rejected.csv")
        for wrong in [
            ["deals"], ["things", "a"], ["deals", "a", "--dry-rum"], ["deals", "a", "b"],
        ] {
            let failure = #expect(throws: Failure.self) { try ImportOptions(wrong) }
            #expect(failure?.exit == .usage)
        }
    }

    @Test("S-8: a deal that is closed in the file is closed by its outcome")
    func closing() {
        #expect(Closing.command(row(["outcome": "open"]), "o1") == nil)
        #expect(
            Closing.command(row(["outcome": "lost", "reason": "price"]), "o1") == [
                "OPP.LOSE", "o1", "REASON", "price", "REVIEW", "import",
            ])
    }

    @Test("S-8: the bar of progress fits its window")
    func progress() {
        #expect(
            Progress.line("checking", 450, 1_000, 40)
                == "checking ████████·········· 450/1,000")
        #expect(Progress.line("检查", 5, 5, 30).contains("5/5"))
    }
}
