import PipelineProtocol
import Testing

@testable import PipelineCommands

/// D-39, D-34: an id beyond all that can be given out is one that does not exist.
struct EndlessIDTests {
    @Test(
        "D-39: a number above 2^32 is answered like any id never given out, as it was written",
        arguments: [
            ("OPP.GET", "o", "opportunity"), ("APPROVAL.GET", "a", "approval"),
            ("LEAD.GET", "l", "lead"), ("CONTACT.GET", "k", "contact"),
            ("CUSTOMER.GET", "c", "customer"), ("PERSON.GET", "e", "person"),
            ("UNIT.GET", "u", "unit"), ("UNIT.TREE", "u", "unit"), ("PROCESS.GET", "p", "process"),
            ("ACTIVITY.DONE", "v", "activity"),
        ])
    func endless(command: String, letter: String, noun: String) {
        let company = LedgerCompany.furnished()
        func refusal(_ id: String) -> String? { company.refusal("\(command) \(id)", as: "ann") }
        func absent(_ id: String) -> String {
            "NOTFOUND no \(noun) '\(id)'; check the id, or ask whoever may see it"
        }
        for number in [
            "4294967294", "4294967295", "4294967296", "99999999999", "18446744073709551616",
            "99999999999999999999999999",
        ] {
            let id = letter + number
            #expect(refusal(id) == absent(id))
            #expect(refusal(letter + "000" + number) == absent(id))
            #expect(refusal(letter.uppercased() + number) == absent(id))
        }
        #expect(refusal(letter + "0000000000000000999") == absent(letter + "999"))
    }

    @Test("D-39: in every place of a command, in DRYRUN and in MULTI")
    func places() {
        let company = LedgerCompany.furnished()
        let tail = "; check the id, or ask whoever may see it"
        for (line, what) in [
            ("OPP.NOTE o99999999999 hi", "opportunity 'o99999999999'"),
            ("OPP.NOTE o1 hi REPLYTO n99999999999", "note 'n99999999999'"),
            ("OPP.NOTE o1 hi MENTION e99999999999", "person 'e99999999999'"),
            ("OPP.CREATE x CUSTOMER c0099999999999", "customer 'c99999999999'"),
            ("OPP.UPDATE o1 CUSTOMER c99999999999", "customer 'c99999999999'"),
            ("OPP.LIST UNIT u99999999999", "unit 'u99999999999'"),
        ] {
            #expect(company.refusal(line, as: "ann") == "NOTFOUND no \(what)\(tail)", "\(line)")
        }
        #expect(
            company.refusal("DRYRUN OPP.NOTE o99999999999 hi", as: "ann")
                == "NOTFOUND no opportunity 'o99999999999'\(tail)")
        #expect(
            company.transact(["OPP.NOTE o99999999999 hi"], as: "ann").errorLine
                == "EXECABORT nothing was applied: command 1 (OPP.NOTE) was refused: "
                + "NOTFOUND no opportunity 'o99999999999'\(tail)")
        // As redis-benchmark's random numbers begin.
        #expect(
            company.refusal("OPP.GET o000000000000", as: "ann")
                == "NOTFOUND no opportunity 'o0'\(tail)")
        // Off the lock, as of the past.
        let past = "ASOF \(company.ledger.lastSequence - 1)"
        for (line, what) in [
            ("REPORT.FUNNEL UNIT u0 \(past)", "unit 'u0'"),
            ("REPORT.FORECAST OWNER e99999999999 \(past)", "person 'e99999999999'"),
            ("REPORT.WATERFALL UNIT u0", "unit 'u0'"),
            ("REPORT.WATERFALL VERSUS u99999999999 \(past)", "unit 'u99999999999'"),
            ("TARGET.TREE u0 \(past)", "unit 'u0'"),
        ] { #expect(company.refusal(line) == "NOTFOUND no \(what)\(tail)", "\(line)") }
        // It comes before what is wrong with values (P-5).
        #expect(
            company.refusal("OPP.UPDATE o99999999999 AMOUNT x", as: "ann")
                == "NOTFOUND no opportunity 'o99999999999'\(tail)")
    }
}
