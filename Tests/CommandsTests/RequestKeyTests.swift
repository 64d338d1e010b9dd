import PipelineDomain
import PipelineProtocol
import Testing

@testable import PipelineCommands

/// P-6: `REQID`.
struct RequestKeyTests {
    @Test("P-6: every write, repeated under its key, gets the same answer and has one effect")
    func repeated() {
        for (name, write) in LedgerCompany.writes {
            let company = write.company()
            let words = write.words("REQID retry-1")
            let first = company.bytes(words, as: write.login, .resp3)
            #expect(LedgerCompany.parse(first).errorLine == nil, "\(name)")
            let sequence = company.ledger.lastSequence
            let second = company.bytes(words, as: write.login, .resp3)
            #expect(first == second, "\(name)")
            #expect(company.ledger.lastSequence == sequence, "\(name)")
            #expect(company.records.isEmpty && !company.wrote, "\(name)")
            #expect(company.execution.touchedInboxes.isEmpty, "\(name)")
        }
    }

    @Test(
        "P-6: seq is the position of the effect; key and answer are one more record of the same unit"
    )
    func sequence() {
        let company = LedgerCompany.furnished()
        let before = Int64(company.ledger.lastSequence)
        let reply = company.run("OPP.NOTE o1 hi REQID a", as: "ann")
        #expect(reply["seq"] == .integer(before + 1))
        #expect(company.records.ends.count == 2)
        #expect(company.ledger.lastSequence == UInt64(before + 2))
    }

    @Test(
        "P-6: other words under the key, were it only IFREV or a letter's case, are another command: INVALID"
    )
    func otherCommand() {
        let company = LedgerCompany.furnished()
        company.run("OPP.NOTE o1 hi REQID key", as: "ann")
        let before = company.ledger.lastSequence
        let line = "INVALID REQID: 'key' came with another command before; use a fresh token"
        for other in [
            "OPP.NOTE o1 ho REQID key", "OPP.NOTE o2 hi REQID key", "OPP.NOTE o1 Hi REQID key",
            "CUSTOMER.CREATE New REQID key", "OPP.NOTE o1 hi IFREV 1 REQID key",
        ] {
            #expect(company.refusal(other, as: "ann") == line, "\(other)")
        }
        #expect(company.ledger.lastSequence == before)
    }

    @Test(
        "P-6: an id with zeros, a keyword's case and place and a choice's case make no other command",
        arguments: [
            (
                "OPP.UPDATE o1 TITLE 大桥 REGION 华东 FEASIBILITY yes CUR CNY REQID key",
                [
                    "opp.update O0001 reqid key region 华东 cur cny title 大桥 feasibility YES",
                    "OPP.UPDATE o00000000001 CUR CNY FEASIBILITY yes REGION 华东 TITLE 大桥 REQID key",
                ],
                ["OPP.UPDATE o1 TITLE 华东 REGION 大桥 FEASIBILITY yes CUR CNY REQID key"]
            ),
            (
                "OPP.TASK o1 site-visit DONE EVIDENCE x NOTE y REQID key",
                ["OPP.TASK o01 site-visit done NOTE y REQID key EVIDENCE x"],
                [
                    "OPP.TASK o1 site-visit DONE EVIDENCE y NOTE x REQID key",
                    "OPP.TASK o1 site-visit UNDO EVIDENCE x NOTE y REQID key",
                ]
            ),
            (
                "OPP.NOTE o1 hi MENTION e3,lee REQID key",
                ["OPP.NOTE o1 hi REQID key MENTION E03,lee"],
                ["OPP.NOTE o1 hi MENTION e3 REQID key", "OPP.NOTE o1 hi REQID key"]
            ),
            (
                "OPP.FEEDBACK o1 size large floors 3 REQID key",
                ["OPP.FEEDBACK o001 size large floors 3 REQID key"],
                ["OPP.FEEDBACK o1 floors 3 size large REQID key"]
            ),
            (
                "INBOX.ACK 1 2 REQID key", ["inbox.ack 1 2 reqid key"],
                ["INBOX.ACK 12 REQID key", "INBOX.ACK UPTO 1 REQID key"]
            ),
        ])
    func spellings(_ line: String, _ same: [String], _ others: [String]) {
        let company = LedgerCompany.furnished()
        let first = company.bytes(line, as: "ann")
        #expect(LedgerCompany.parse(first).errorLine == nil, "\(line)")
        let sequence = company.ledger.lastSequence
        for again in same { #expect(company.bytes(again, as: "ann") == first, "\(again)") }
        for other in others {
            #expect(
                company.refusal(other, as: "ann")
                    == "INVALID REQID: 'key' came with another command before; use a fresh token",
                "\(other)")
        }
        #expect(company.ledger.lastSequence == sequence)
    }

    @Test("P-6: the key is the person's own: another person's is another")
    func scope() {
        let company = LedgerCompany.furnished()
        #expect(company.run("OPP.NOTE o1 hi REQID key", as: "ann")["note"]?.text == "n1")
        #expect(company.run("OPP.NOTE o1 hi REQID key", as: "lee")["note"]?.text == "n2")
        #expect(company.run("OPP.NOTE o1 hi REQID key", as: "ann")["note"]?.text == "n1")
    }

    @Test("P-6: refusals are not remembered: the key is still free for the next try")
    func refusals() {
        let company = LedgerCompany.furnished()
        #expect(company.refusal("OPP.ADVANCE o1 REQID key", as: "ann")?.hasPrefix("GATE") == true)
        company.completeFirstGate()
        #expect(company.run("OPP.ADVANCE o1 REQID key", as: "ann")["status"]?.text == "pending")
        #expect(company.refusal("OPP.UPDATE o2 AMOUNT 1.005 REQID other", as: "ann") != nil)
        #expect(company.run("OPP.NOTE o2 hi REQID other", as: "ann").errorLine == nil)
    }

    @Test(
        "P-6: looked up after parsing and before any rule: the answer comes although it would be refused now"
    )
    func beforeRules() {
        let company = LedgerCompany.furnished()
        let first = company.bytes("OPP.UPDATE o1 TITLE x IFREV 1 REQID key", as: "ann")
        #expect(company.bytes("OPP.UPDATE o1 TITLE x IFREV 1 REQID key", as: "ann") == first)
        #expect(
            company.refusal("OPP.UPDATE o1 TITLE x IFREV 1", as: "ann")?.hasPrefix("CONFLICT")
                == true)
        company.submit()
        #expect(company.bytes("OPP.UPDATE o1 TITLE x IFREV 1 REQID key", as: "ann") == first)
        #expect(
            company.refusal("OPP.UPDATE o1 NOSUCH x REQID key", as: "ann")?.hasPrefix("ERR") == true
        )
    }

    @Test("P-6: remembered for 24 hours of the clock, to the millisecond")
    func expiry() {
        let day: Int64 = 24 * 60 * 60 * 1000
        let company = LedgerCompany.furnished()
        company.run("OPP.NOTE o1 hi REQID key", as: "ann")
        company.advance(milliseconds: day)
        #expect(company.run("OPP.NOTE o1 hi REQID key", as: "ann")["note"]?.text == "n1")
        company.advance(milliseconds: 1)
        #expect(company.run("OPP.NOTE o1 hi REQID key", as: "ann")["note"]?.text == "n2")
        #expect(company.run("OPP.NOTE o1 hi REQID key", as: "ann")["note"]?.text == "n2")
        company.advance(milliseconds: day + 1)
        #expect(company.run("CUSTOMER.CREATE New REQID key", as: "ann").errorLine == nil)
    }

    @Test("P-6: survives a restart, with its time")
    func restart() throws {
        let company = LedgerCompany.furnished()
        let line = "OPP.CREATE Tunnel CUSTOMER c1 PROCESS bid REQID key"
        let first = company.bytes(line, as: "ann")
        company.advance(milliseconds: 23 * 60 * 60 * 1000)
        let again = try company.replayed()
        #expect(again.bytes(line, as: "ann") == first)
        #expect(again.ledger.lastSequence == company.ledger.lastSequence)
        #expect(
            again.refusal("OPP.NOTE o1 hi REQID key", as: "ann")
                == "INVALID REQID: 'key' came with another command before; use a fresh token")
        again.advance(milliseconds: 60 * 60 * 1000 + 1)
        #expect(again.run(line, as: "ann")["id"]?.text == "o5")
    }

    @Test("P-6: another password under the key is another command, and no password is kept for it")
    func secrets() throws {
        let company = LedgerCompany.furnished()
        let other =
            "INVALID REQID: 'key' came before, and not with this password; use a fresh token"
        let set = "PERSON.PASSWORD ann password-one REQID key"
        let first = company.bytes(set)
        #expect(company.bytes("person.password ann password-one reqid key") == first)
        #expect(company.refusal("PERSON.PASSWORD ann password-two REQID key") == other)
        #expect(try company.replayed().bytes(set) == first)
        #expect(
            company.ledger.credentials(login: "ann".utf8)?.passwordHash == "$scrypt$password-one")
        // Set anew meanwhile: nothing shows any more what came under the key.
        company.run("PERSON.PASSWORD ann password-new")
        #expect(company.refusal(set) == other)
        let create = "PERSON.CREATE kim NAME 金 UNIT u3 PASSWORD password-of-kim REQID kim"
        let created = company.bytes(create)
        #expect(company.bytes(create) == created)
        #expect(
            company.refusal("PERSON.CREATE kim NAME 金 UNIT u3 PASSWORD password-of-kit REQID kim")
                == "INVALID REQID: 'kim' came before, and not with this password; use a fresh token"
        )
        #expect(
            company.refusal("PERSON.CREATE kim NAME 金 UNIT u3 REQID kim")
                == "INVALID REQID: 'kim' came with another command before; use a fresh token")
    }

    @Test("P-6: in MULTI, where a key may come twice, and again alone")
    func transactions() {
        let company = LedgerCompany.furnished()
        let line = "OPP.NOTE o1 hi REQID key"
        let reply = company.transact([line, line], as: "ann")
        #expect(reply.elements?.count == 2)
        #expect(reply.elements?.first == reply.elements?.last)
        #expect(company.run(line, as: "ann") == reply.elements?.first)
        let before = company.ledger.lastSequence
        #expect(company.transact([line, line], as: "ann") == reply)
        #expect(company.ledger.lastSequence == before)
        #expect(!company.wrote)
    }

    @Test("P-6: a transaction that is undone forgets its keys")
    func undone() {
        let company = LedgerCompany.furnished()
        company.transact(["OPP.NOTE o1 hi REQID key", "OPP.ADVANCE o1"], as: "ann")
        #expect(company.run("OPP.NOTE o2 ho REQID key", as: "ann")["note"]?.text == "n1")
    }

    @Test("P-6: refused in DRYRUN, and a dry run does not answer from memory")
    func dryRun() {
        let company = LedgerCompany.furnished()
        company.run("OPP.NOTE o1 hi REQID key", as: "ann")
        #expect(
            company.refusal("DRYRUN OPP.NOTE o1 hi REQID key", as: "ann")
                == "INVALID REQID: a dry run is never remembered; leave REQID out")
    }

    @Test("P-6: 1 to 64 bytes of printable ASCII")
    func bounds() {
        let company = LedgerCompany.furnished()
        let line = "INVALID REQID: must be 1 to 64 printable ASCII characters"
        let longest = String(repeating: "t", count: 64)
        for token in [#""""#, longest + "t", #""a b""#, #""a\x00""#, #""a\x7f""#, "商", #""a\n""#] {
            #expect(company.refusal("OPP.NOTE o1 hi REQID \(token)", as: "ann") == line, "\(token)")
        }
        for token in [longest, "!", "~", #""a'b""#] {
            #expect(company.refusal("OPP.NOTE o1 hi REQID \(token)", as: "ann") == nil, "\(token)")
        }
    }

    @Test("P-6: at most so many a person, the oldest dropped first")
    func most() {
        let company = LedgerCompany()
        let bound = Bounds.requestsPerPerson
        guard let command = CommandTable.find("INBOX.ACK") else { return }
        var ledger = company.ledger
        var records = Records()
        func run(_ token: Int) -> Bool {
            var reply = ReplyWriter(.resp3)
            records.removeAll()
            _ = ledger.run(
                Invocation(command, Request(["INBOX.ACK", "UPTO", "1", "REQID", "k\(token)"])),
                as: PersonID(1), at: company.now, reply: &reply, records: &records)
            return !records.isEmpty
        }
        for token in 1...bound { #expect(run(token)) }
        #expect(!run(1), "the first is remembered at the bound")
        #expect(run(bound + 1))
        #expect(run(1), "the first was dropped for the one above the bound")
        #expect(!run(3) && !run(bound + 1))
    }
}
