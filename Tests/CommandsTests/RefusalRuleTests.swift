import PipelineProtocol
import Testing

@testable import PipelineCommands

/// P-5: refusals by the company's rules, each in its exact words, saying how to mend it.
struct RefusalRuleTests {

    @Test("P-5, D-34: what one may not see is answered exactly as what does not exist")
    func invisible() {
        let tails: [String: String] = [
            "OPP.FEEDBACK": " budget_owner x", "OPP.TASK": " site-visit DONE", "OPP.NOTE": " hi",
            "OPP.LOSE": " REASON price", "OPP.INVALIDATE": " REASON duplicate",
            "APPROVAL.REJECT": " NOTE no", "APPROVAL.REROUTE": " TO bob REASON ill",
            "OPP.OVERRIDE": " TO closing REASON urgent", "OPP.REOPEN": " REASON back",
            "OPP.TEAM": " REMOVE bob", "OPP.TRANSFER": " TO bob",
            "OPP.TAG": " ADD hot", "OPP.ACTIVITY": " call", "OPP.CONTACT": " ADD k1 PART user",
        ]
        let company = LedgerCompany.furnished()
        company.submit()
        let commands = CommandTable.commands.filter { command in
            command.arguments.first.map { ["opportunity", "approval"].contains($0.name) } ?? false
        }
        #expect(commands.count == 23)
        for command in commands {
            let noun = command.arguments[0].name
            let letter = noun == "opportunity" ? "o" : "a"
            for options in ["", " IFREV 77"] where options.isEmpty || takesRevision(command) {
                let tail = (tails[command.name] ?? "") + options
                for (id, login) in [("1", "zoe"), ("999", "zoe"), ("999", "root")] {
                    #expect(
                        company.refusal("\(command.name) \(letter)\(id)\(tail)", as: login)
                            == "NOTFOUND no \(noun) '\(letter)\(id)'; check the id, or ask whoever may see it",
                        "\(command.name) as \(login)")
                }
            }
        }
    }

    private func takesRevision(_ command: Command) -> Bool {
        command.arguments.contains { $0.name == "IFREV" }
    }

    @Test(
        "P-5: what a command names must exist",
        arguments: [
            ("UNIT.TREE u9", "no unit 'u9'"), ("UNIT.CREATE x PARENT u9", "no unit 'u9'"),
            ("UNIT.CREATE x HEAD e99", "no person 'e99'"),
            ("UNIT.UPDATE u9 NAME x", "no unit 'u9'"),
            ("UNIT.UPDATE u3 PARENT u9", "no unit 'u9'"),
            ("UNIT.UPDATE u3 HEAD tom", "no person 'tom'"),
            ("PERSON.GET tom", "no person 'tom'"), ("PERSON.LIST UNIT u9", "no unit 'u9'"),
            ("PERSON.CREATE kim NAME x UNIT u9", "no unit 'u9'"),
            ("PERSON.CREATE kim NAME x UNIT u1 SUPERIOR tom", "no person 'tom'"),
            ("PERSON.UPDATE tom NAME x", "no person 'tom'"),
            ("PERSON.UPDATE ann UNIT u9", "no unit 'u9'"),
            ("PERSON.PASSWORD tom password-of-tom", "no person 'tom'"),
            ("PROCESS.GET nosuch", "no process 'nosuch'"), ("PROCESS.GET p9", "no process 'p9'"),
            ("PROCESS.GET bid VERSION 2", "no version of 'bid' '2'"),
            ("PROCESS.GET bid DRAFT", "no draft of process 'bid'"),
            ("PROCESS.PUBLISH nosuch", "no process 'nosuch'"),
            ("PROCESS.LIST UNIT u9", "no unit 'u9'"),
            ("PROCESS.TEMPLATES nosuch", "no template 'nosuch'"),
            ("CUSTOMER.GET c9", "no customer 'c9'"),
            ("CUSTOMER.UPDATE c9 TYPE x", "no customer 'c9'"),
            ("OPP.CREATE x CUSTOMER c9", "no customer 'c9'"),
            ("OPP.CREATE x CUSTOMER c1 OWNER tom", "no person 'tom'"),
            ("OPP.CREATE x CUSTOMER c1 PROCESS nosuch", "no process 'nosuch'"),
            ("OPP.LIST OWNER tom", "no person 'tom'"), ("OPP.LIST UNIT u9", "no unit 'u9'"),
            ("OPP.LIST PROCESS nosuch", "no process 'nosuch'"),
            ("OPP.NOTE o1 hi REPLYTO n9", "no note 'n9'"),
            ("REPORT.FUNNEL UNIT u9", "no unit 'u9'"),
            ("REPORT.FUNNEL PROCESS nosuch", "no process 'nosuch'"),
            ("REPORT.FORECAST OWNER tom", "no person 'tom'"),
        ])
    func references(_ line: String, _ what: String) {
        let company = LedgerCompany.furnished()
        #expect(
            company.refusal(line) == "NOTFOUND \(what); check the id, or ask whoever may see it",
            "\(line)")
    }

    @Test(
        "D-32: visible, but somebody else's to do",
        arguments: [
            ("UNIT.CREATE x", "boss", "create units; that is for an admin"),
            ("UNIT.UPDATE u3 NAME x", "eve", "change units; that is for an admin"),
            ("PERSON.CREATE kim NAME x UNIT u1", "boss", "create people; that is for an admin"),
            ("PERSON.UPDATE ann NAME x", "ann", "change people; that is for an admin"),
            (
                "PERSON.PASSWORD ann brand-new-one", "ann",
                "change the password of e4; that is for the person, giving OLD and the present password, or an admin"
            ),
            (
                "PERSON.PASSWORD ann brand-new-one OLD wrong-one", "ann",
                "change the password of e4; that is for the person, giving OLD and the present password, or an admin"
            ),
            (
                "PERSON.PASSWORD bob brand-new-one OLD right-one", "ann",
                "change the password of e5; that is for the person, giving OLD and the present password, or an admin"
            ),
            ("PROCESS.PUT bid nonsense", "boss", "define processes; that is for an admin"),
            ("PROCESS.PUBLISH bid", "boss", "publish processes; that is for an admin"),
            (
                "CUSTOMER.UPDATE c1 TYPE x", "zoe",
                "change c1; that is for e4, who entered it, somebody above, or an admin; who is in charge of a deal with c1 fills what is empty"
            ),
            (
                "OPP.CREATE x CUSTOMER c1 OWNER bob", "ann",
                "create a deal for e5; that is for somebody above them or an admin"
            ),
            (
                "OPP.UPDATE o1 TITLE x", "eve",
                "change o1; that is for its owner e4 or somebody above"
            ),
            (
                "OPP.UPDATE o1 TITLE x", "root",
                "change o1; that is for its owner e4 or somebody above"
            ),
            (
                "OPP.FEEDBACK o1 size small", "eve",
                "give feedback on o1; that is for its owner e4 or somebody above"
            ),
            (
                "OPP.TASK o1 site-visit UNDO", "eve",
                "mark tasks of o1; that is for its owner e4 or somebody above"
            ),
            ("OPP.ADVANCE o1", "eve", "move o1; that is for its owner e4 or somebody above"),
            ("OPP.WIN o1", "eve", "win o1; that is for its owner e4 or somebody above"),
            (
                "OPP.LOSE o1 REASON price", "eve",
                "lose o1; that is for its owner e4 or somebody above"
            ),
            (
                "OPP.INVALIDATE o1 REASON duplicate", "eve",
                "invalidate o1; that is for its owner e4 or somebody above"
            ),
            ("OPP.RECALL o1", "lee", "recall a1; that is for its submitter e4"),
            ("APPROVAL.APPROVE a1", "ann", "decide a1; that is for its approver e3"),
            ("APPROVAL.REJECT a1 NOTE no", "root", "decide a1; that is for its approver e3"),
            ("APPROVAL.APPROVE a1", "boss", "decide a1 now; that is for e3, whose turn it is"),
        ])
    func permissions(_ line: String, _ login: String, _ what: String) {
        let company = LedgerCompany.furnished()
        company.submit()
        #expect(company.refusal(line, as: login) == "NOPERM you may not \(what)", "\(line)")
    }

    @Test(
        "P-5: conflicts",
        arguments: [
            ("PERSON.CREATE ann NAME x UNIT u1", "root", "login 'ann' is taken by e4"),
            ("CUSTOMER.CREATE ACME", "zoe", "customer name 'Acme' is taken by c1"),
            ("CUSTOMER.UPDATE c2 NAME aCmE", "root", "customer name 'Acme' is taken by c1"),
            ("OPP.CREATE x CUSTOMER c1 EXTID T-1", "lee", "external id 'T-1' is taken by o3"),
            (
                "OPP.CREATE x CUSTOMER c1 EXTID T-1", "ann",
                "external id 'T-1' is taken by another deal"
            ),
            ("OPP.UPDATE o2 EXTID T-1", "ann", "external id 'T-1' is taken by another deal"),
            (
                "UNIT.UPDATE u2 PARENT u3", "root",
                "unit u2 would lie below itself (u3); choose another one"
            ),
            (
                "PERSON.UPDATE boss SUPERIOR ann", "root",
                "e2 would be their own superior (e2); choose another one"
            ),
            ("PROCESS.PUBLISH bid", "root", "'bid' has no draft; PROCESS.PUT one first"),
            ("OPP.RECALL o2", "ann", "o2 has no approval request; OPP.ADVANCE makes one"),
        ])
    func conflicts(_ line: String, _ login: String, _ what: String) {
        #expect(
            LedgerCompany.furnished().refusal(line, as: login) == "CONFLICT \(what)", "\(line)")
    }

    @Test("P-5, D-26: closed and decided name what happened")
    func ended() {
        let company = LedgerCompany.furnished()
        company.submit()
        company.run("OPP.RECALL o1", as: "ann")
        #expect(
            company.refusal("APPROVAL.APPROVE a1", as: "lee")
                == "CONFLICT a1 is recalled already, by e4")
        #expect(
            company.refusal("OPP.RECALL o1", as: "ann") == "CONFLICT a1 is recalled already, by e4")
        company.run("OPP.LOSE o1 REASON price REVIEW dear", as: "ann")
        for line in [
            "OPP.UPDATE o1 TITLE x", "OPP.FEEDBACK o1 size small", "OPP.TASK o1 site-visit UNDO",
            "OPP.ADVANCE o1", "OPP.WIN o1", "OPP.LOSE o1 REASON price",
            "OPP.INVALIDATE o1 REASON duplicate",
        ] {
            #expect(
                company.refusal(line, as: "ann")
                    == "CONFLICT o1 is closed (lost); OPP.NOTE is still possible", "\(line)")
        }
        #expect(company.refusal(#"OPP.NOTE o1 "pity""#, as: "ann") == nil)
    }

    @Test("D-25: locked while pending, except what the rule lists")
    func pending() {
        let company = LedgerCompany.furnished()
        company.submit()
        let line = "PENDING o1 waits for a1 and is locked; OPP.RECALL o1 takes the request back"
        for command in [
            "OPP.UPDATE o1 TITLE x", "OPP.FEEDBACK o1 size small", "OPP.TASK o1 site-visit UNDO",
            "OPP.ADVANCE o1", "OPP.WIN o1",
        ] {
            #expect(company.refusal(command, as: "ann") == line, "\(command)")
        }
        #expect(company.refusal("OPP.NOTE o1 hi", as: "ann") == nil)
        #expect(company.refusal("OPP.LOSE o1 REASON price REVIEW dear", as: "ann") == nil)
    }

    @Test("D-11: a gate names everything that is missing")
    func gates() {
        let company = LedgerCompany.furnished()
        company.run("OPP.UPDATE o1 AMOUNT \"\"", as: "ann")
        company.run("CUSTOMER.UPDATE c1 PHONE \"\"", as: "ann")
        #expect(
            company.refusal("OPP.ADVANCE o1", as: "ann")
                == "GATE o1 cannot leave 'proposal': missing feedback 'budget_owner'; task 'site-visit' not done; missing field 'amount'; missing field 'customer.phone'"
        )
        company.completeFirstGate()
        #expect(
            company.refusal("OPP.ADVANCE o1", as: "ann")
                == "GATE o1 cannot leave 'proposal': missing field 'amount'; missing field 'customer.phone'"
        )
        company.run("OPP.UPDATE o1 AMOUNT 5", as: "ann")
        company.run("CUSTOMER.UPDATE c1 PHONE 1", as: "ann")
        #expect(company.run("OPP.ADVANCE o1", as: "ann")["status"]?.text == "pending")
        company.run("APPROVAL.APPROVE a1", as: "lee")
        company.run("OPP.ADVANCE o1", as: "ann")
        #expect(
            company.refusal("OPP.WIN o1", as: "ann")
                == "GATE o1 cannot leave 'closing': missing REVIEW: what worked, what did not")
    }

    @Test("D-19: nobody above is told as such")
    func noSuperior() {
        let company = LedgerCompany.furnished()
        company.run("OPP.CREATE Top CUSTOMER c1 AMOUNT 1", as: "boss")
        company.run("OPP.FEEDBACK o4 budget_owner x", as: "boss")
        company.run("OPP.TASK o4 site-visit DONE EVIDENCE x", as: "boss")
        #expect(
            company.refusal("OPP.ADVANCE o4", as: "boss")
                == "GATE o4 cannot leave 'proposal': nobody above its owner may approve; an admin sets a superior or the gate's onNoSuperior"
        )
    }

    @Test("P-5: values that the company refuses")
    func values() {
        let company = LedgerCompany.furnished()
        func expect(_ line: String, as login: String = "ann", _ error: String) {
            #expect(company.refusal(line, as: login) == "INVALID " + error, "\(line)")
        }
        expect(
            "OPP.UPDATE o1 CUR JPY",
            "CUR: give AMOUNT as well: an amount is never carried into another currency")
        expect(
            "OPP.TASK o1 nosuch DONE",
            "nosuch: is no task of the process; stage 'proposal' has: site-visit")
        expect("OPP.TASK o2 nosuch DONE", "nosuch: stage 'start' has no tasks")
        expect(
            "OPP.TASK o1 site-visit DONE",
            "EVIDENCE: task 'site-visit' asks for a result that the customer can verify; add EVIDENCE"
        )
        expect(
            "OPP.LOSE o1 REASON weather",
            "REASON: must be one of: price, competitor; REVIEW: is compulsory in this process: what worked, what did not"
        )
        expect("OPP.INVALIDATE o1 REASON weather", "REASON: must be one of: duplicate")
        expect("OPP.ADVANCE o1 TO nosuch", "TO: no stage 'nosuch'; from here: negotiation")
        expect(
            "OPP.ADVANCE o1 TO proposal",
            "TO: o1 is in stage 'proposal' already; from here: negotiation")
        expect(
            "OPP.ADVANCE o1 TO closing",
            "TO: 'closing' cannot be reached from 'proposal'; from here: negotiation")
        expect("OPP.ADVANCE o1 TO won", "TO: a deal is won by OPP.WIN o1")
        expect(
            "OPP.WIN o1",
            "opportunity: o1 is in stage 'proposal' and is won from 'closing'; OPP.ADVANCE it first"
        )
        company.run("OPP.ADVANCE o2", as: "ann")
        expect(
            "OPP.ADVANCE o2", "TO: o2 is in its last stage 'finish'; OPP.WIN or OPP.LOSE ends it")
        expect(
            "OPP.CREATE x CUSTOMER c1 PROCESS plain", "PROCESS: 'plain' does not apply to this deal"
        )
        company.put("third", LedgerCompany.plain)
        expect(
            "OPP.CREATE x CUSTOMER c2 PROCESS third",
            "PROCESS: 'third' is not published; PROCESS.PUBLISH it")
        company.run("PROCESS.PUBLISH third")
        expect("OPP.CREATE x CUSTOMER c2", "PROCESS: plain and third fit equally well; name one")
        expect(
            "REPORT.FUNNEL", "PROCESS: the deals follow several processes, name one of bid, plain")
        expect(
            "UNIT.UPDATE u1 PARENT u2", as: "root",
            "PARENT: u1 is the root of the tree and stays it")
        company.submit()
        expect(#"APPROVAL.REJECT a1 NOTE " ""#, as: "lee", "NOTE: a rejection says why")
    }

    @Test("D-3: win rates that fall, and ALLOW-DIP")
    func dips() {
        let company = LedgerCompany.furnished()
        company.put(
            "dip",
            """
            {"name": "Dip", "stages": [{"key": "one", "name": "1", "winRate": 50},
             {"key": "two", "name": "2", "winRate": 40}, {"key": "three", "name": "3", "winRate": 30}]}
            """)
        #expect(
            company.refusal("PROCESS.PUBLISH dip")
                == "INVALID win rates fall from 'one' to 'two', 'two' to 'three'; correct them or say ALLOW-DIP"
        )
        #expect(company.refusal("PROCESS.PUBLISH dip allow-dip") == nil)
    }
}
