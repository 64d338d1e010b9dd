import PipelineDomain
import PipelineProtocol
import Testing

@testable import PipelineCommands

/// P-4: `EXEC` applies all or nothing.
struct TransactionTests {
    @Test("E-1: a transaction answers no more than fits under the lock")
    func boundedAnswers() {
        let company = LedgerCompany.furnished()
        let note = String(repeating: "x", count: 150)
        for number in 0..<300 {
            company.run("OPP.CREATE \"\(number) \(note)\" CUSTOMER c1 PROCESS bid", as: "ann")
        }
        let lists = Array(repeating: "OPP.LIST LIMIT 0 1000", count: 100)
        #expect(
            company.transact(["OPP.TAG o1 ADD x"] + lists, as: "ann").errorLine?
                .contains("would answer more than 8388608 bytes") == true)
        #expect(company.run("OPP.GET o1", as: "ann").plain.contains("tags: []"))
        let few = Array(repeating: "OPP.LIST STAGE nosuch", count: 331)
        #expect(company.transact(few, as: "ann").errorLine?.contains("100000 rows") == true)
        #expect(company.transact(Array(few.prefix(300)), as: "ann").elements?.count == 300)
    }

    @Test("E-1: nor may its writes, dry runs included, look at more than fits under the lock")
    func boundedWrites() {
        let company = LedgerCompany.furnished()
        for _ in 0..<40 { company.run("OPP.CREATE Deal CUSTOMER c1 PROCESS bid", as: "ann") }
        let move = "DRYRUN PERSON.DEACTIVATE ann DEALS-TO lee"
        #expect(company.transact(Array(repeating: move, count: 5)).elements?.count == 5)
        let many = company.transact(["UNIT.CREATE New"] + Array(repeating: move, count: 500))
        #expect(many.errorLine?.contains("or look at more than 100000 rows") == true)
        #expect(company.run("PERSON.GET ann").plain.contains("active: true"))
        #expect(!company.run("UNIT.TREE").plain.contains("New"))
    }

    @Test(
        "P-4: every command's reply in order; later ones see what earlier ones did; one unit of records"
    )
    func all() {
        let company = LedgerCompany.furnished()
        let before = company.ledger.lastSequence
        let reply = company.transact(
            [
                "CUSTOMER.CREATE New", "OPP.CREATE Tunnel CUSTOMER c3 AMOUNT 5",
                "OPP.FEEDBACK o4 budget_owner me", "OPP.GET o4", "DRYRUN OPP.NOTE o4 hi",
            ], as: "ann")
        let replies = reply.elements ?? []
        #expect(replies.count == 5)
        #expect(replies[0]["id"]?.text == "c3")
        #expect(replies[1]["id"]?.text == "o4")
        #expect(replies[2]["rev"] == .integer(2))
        #expect(replies[3]["customer"]?.text == "c3")
        #expect(replies[4]["note"] == .null)
        #expect(company.ledger.lastSequence == before + 3)
        #expect(company.records.ends.count == 3)
        #expect(company.wrote)
    }

    @Test(
        "P-4: a refusal applies nothing; EXECABORT names the command and why",
        arguments: [
            (
                "OPP.ADVANCE o1",
                "(OPP.ADVANCE) was refused: GATE o1 cannot leave 'proposal': missing feedback 'budget_owner'; task 'site-visit' not done"
            ),
            (
                "OPP.GET o3",
                "(OPP.GET) was refused: NOTFOUND no opportunity 'o3'; check the id, or ask whoever may see it"
            ),
            (
                "UNIT.CREATE x",
                "(UNIT.CREATE) was refused: NOPERM you may not create units; that is for an admin"
            ),
            (
                "CUSTOMER.CREATE nEw",
                "(CUSTOMER.CREATE) was refused: CONFLICT customer name 'New' is taken by c3"
            ),
            (
                "OPP.UPDATE o1 AMOUNT x",
                "(OPP.UPDATE) was refused: INVALID AMOUNT: must be a plain decimal such as 500000.00"
            ),
            (
                "OPP.HISTORY o1",
                "(OPP.HISTORY) was refused: ERR OPP.HISTORY is not allowed inside MULTI"
            ),
            ("PING", "(PING) was refused: ERR PING is not allowed inside MULTI"),
            (
                "DRYRUN OPP.GET o1",
                "(DRYRUN) was refused: INVALID command: OPP.GET changes nothing, DRYRUN takes a write"
            ),
        ])
    func nothing(_ line: String, _ why: String) {
        let company = LedgerCompany.furnished()
        let before = company.photograph()
        let reply = company.transact(
            ["CUSTOMER.CREATE New", "OPP.LOSE o2 REASON x", line, "OPP.NOTE o1 hi"], as: "ann")
        #expect(
            reply == .error("EXECABORT nothing was applied: command 3 \(why)"), "\(line)")
        #expect(company.photograph() == before)
        #expect(company.records.isEmpty && company.records.bytes.isEmpty)
        #expect(!company.wrote && company.execution.touchedInboxes.isEmpty)
        #expect(company.execution.deferred == nil)
        // A refusal takes no id (§2).
        #expect(company.run("CUSTOMER.CREATE New", as: "ann")["id"]?.text == "c3")
    }

    @Test("W-3, W-8: a transaction that would write more than one step may is refused whole")
    func tooMuch() {
        let company = LedgerCompany.furnished()
        let before = company.ledger.lastSequence
        let note = "OPP.NOTE o1 " + String(repeating: "x", count: 16_000)
        let reply = company.transact(Array(repeating: note, count: 300), as: "lee")
        #expect(
            reply.errorLine?.hasPrefix("EXECABORT nothing was applied: command ") == true
                && reply.errorLine?.hasSuffix(
                    "ERR OPP.NOTE would write more than \(Bounds.decisionBytes) bytes in one step; do it in several"
                ) == true)
        #expect(company.ledger.lastSequence == before)
        #expect(company.run("OPP.GET o1", as: "lee")["rev"]?.integer == 1)
        let fewer = company.transact(Array(repeating: note, count: 100), as: "lee")
        #expect(fewer.elements?.count == 100)
    }

    @Test("P-4: inboxes are touched once the whole is applied, and not by what was refused")
    func inboxes() {
        let company = LedgerCompany.furnished()
        company.transact(["OPP.NOTE o1 hi", "OPP.NOTE o3 ho"], as: "lee")
        #expect(company.execution.touchedInboxes.map(\.description).sorted() == ["e4", "e5"])
    }

    @Test("P-4: form is checked when a command is queued")
    func queueing() {
        let company = LedgerCompany()
        func error(_ line: String) -> String? {
            let request = Request(LedgerCompany.words(line))
            return CommandTable.find(request[0]).flatMap {
                company.ledger.formError(of: Invocation($0, request))
            }
        }
        #expect(error("OPP.GUIDE") == company.refusal("OPP.GUIDE"))
        #expect(error("OPP.GUIDE o1 x") == company.refusal("OPP.GUIDE o1 x"))
        #expect(
            error("OPP.CREATE x")
                == "ERR syntax error: OPP.CREATE needs CUSTOMER; usage: \(CommandTable.find("OPP.CREATE")?.usage ?? "")"
        )
        #expect(error("OPP.GUIDE o1") == nil)
        #expect(error("OPP.GUIDE nonsense") == nil)
    }

    @Test("P-4: an empty transaction answers an empty array")
    func empty() {
        let company = LedgerCompany.furnished()
        #expect(company.transact([]) == .array([]))
        #expect(!company.wrote)
    }
}

extension LedgerCompany {
    /// Everything that anybody can ask, as it goes out, in both versions; and where the log ends.
    func photograph() -> [[UInt8]] {
        var answers = [Array("\(ledger.lastSequence)".utf8)]
        for login in ["root", "boss", "lee", "ann", "bob", "eve", "zoe"] {
            for line in Self.queries.sorted(by: { $0.key < $1.key }).flatMap(\.value) {
                answers.append(bytes(line, as: login, .resp3))
                answers.append(bytes(line, as: login, .resp2))
            }
            for message in ledger.inboxMessages(
                of: person(login), after: 0, durable: .max, limit: .max)
            {
                answers.append(message.payload)
            }
        }
        return answers
    }
}

struct DryRunTests {
    @Test(
        "§2: a dry run of every write answers as the write would, without seq, and changes nothing")
    func everyWrite() {
        for (name, write) in LedgerCompany.writes {
            let company = write.company()
            let before = company.photograph()
            let dry = company.run(
                [Array("DRYRUN".utf8)] + write.words, as: write.login)
            #expect(company.photograph() == before, "\(name)")
            #expect(company.records.isEmpty && !company.wrote, "\(name)")
            #expect(company.execution.touchedInboxes.isEmpty, "\(name)")
            let wet = company.run(write.words, as: write.login)
            #expect(dry["seq"] == nil, "\(name)")
            let pairs = wet.pairs?.filter { $0.key != .bulk(Array("seq".utf8)) } ?? []
            #expect(dry.pairs?.map(\.key) == pairs.map(\.key), "\(name): \(dry)")
            for pair in pairs {
                let key = pair.key.text ?? ""
                let dried = dry[key]
                #expect(dried == pair.value || dried == .null, "\(name) \(key)")
            }
        }
    }

    @Test("§2: new ids are null, the others are told")
    func newIDs() {
        let company = LedgerCompany.furnished()
        for line in [
            "UNIT.CREATE x", "PERSON.CREATE kim NAME x UNIT u1", "CUSTOMER.CREATE New",
            "OPP.CREATE x CUSTOMER c1",
        ] {
            #expect(company.run("DRYRUN \(line)")["id"] == .null, "\(line)")
            #expect(company.run("DRYRUN \(line)")["rev"] == .integer(1), "\(line)")
        }
        let words = ["DRYRUN", "PROCESS.PUT", "new", LedgerCompany.plain].map { Array($0.utf8) }
        #expect(company.run(words)["id"] == .null)
        let note = company.run("DRYRUN OPP.NOTE o1 hi", as: "ann")
        #expect(note["id"]?.text == "o1" && note["note"] == .null)
        company.completeFirstGate()
        let advance = company.run("DRYRUN OPP.ADVANCE o1", as: "ann")
        #expect(advance["status"]?.text == "pending" && advance["approval"] == .null)
        company.run("OPP.ADVANCE o1", as: "ann")
        #expect(company.run("DRYRUN OPP.RECALL o1", as: "ann")["approval"]?.text == "a1")
    }

    @Test(
        "§2: a dry run is refused as the write is, under the write's name",
        arguments: [
            "OPP.ADVANCE o1", "OPP.UPDATE o3 TITLE x", "OPP.UPDATE o1 AMOUNT 1.005", "OPP.CREATE x",
            "UNIT.CREATE x", "OPP.UPDATE o1 TITLE x IFREV 9", "OPP.GUIDE", "OPP.NOTE",
        ])
    func refusals(_ line: String) {
        let company = LedgerCompany.furnished()
        guard line != "OPP.GUIDE" else {
            #expect(
                company.refusal("DRYRUN OPP.GUIDE")
                    == "INVALID command: OPP.GUIDE changes nothing, DRYRUN takes a write")
            return
        }
        #expect(company.refusal("DRYRUN " + line, as: "ann") == company.refusal(line, as: "ann"))
    }

    @Test("§2: DRYRUN takes a command")
    func commands() {
        let company = LedgerCompany()
        #expect(
            company.refusal("DRYRUN")
                == "ERR wrong number of arguments for 'dryrun' command; usage: DRYRUN command [argument ...]"
        )
        #expect(
            company.refusal("DRYRUN OPP.GTE o1")
                == "ERR unknown command 'OPP.GTE', with args beginning with: 'o1' ; did you mean OPP.GET?"
        )
        #expect(
            company.refusal("DRYRUN DRYRUN OPP.NOTE o1 hi")
                == "INVALID command: DRYRUN changes nothing, DRYRUN takes a write")
        #expect(
            company.refusal("DRYRUN MULTI")
                == "INVALID command: MULTI changes nothing, DRYRUN takes a write")
    }

    @Test("O-2: a dry run checks passwords as the command does")
    func passwords() {
        let company = LedgerCompany.furnished()
        var invocation = Invocation(
            CommandTable.find("DRYRUN") ?? .dryRun,
            Request(["DRYRUN", "PERSON.PASSWORD", "ann", "brand-new-one", "OLD", "right-one"]))
        func run() -> Reply {
            var ledger = company.ledger
            var reply = ReplyWriter(.resp3)
            var records = Records()
            _ = ledger.run(
                invocation, as: company.person("ann"), at: company.now, reply: &reply,
                records: &records)
            return LedgerCompany.parse(reply.bytes)
        }
        #expect(run().errorLine?.hasPrefix("NOPERM") == true)
        invocation.secrets = [3: "$scrypt$x", 5: ""]
        #expect(run()["id"]?.text == "e4")
    }
}
