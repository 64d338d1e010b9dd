import PipelineProtocol
import Testing

@testable import PipelineCommands

/// P-5: what is wrong with the form of a command is told before anything is looked up.
struct RefusalFormTests {
    private func refusal(_ line: String, as login: String = "root") -> String? {
        LedgerCompany().refusal(line, as: login)
    }

    @Test(
        "P-5: an unknown command is told in Redis's words, with the nearest one",
        arguments: [
            (
                "OPP.GTE o1",
                "ERR unknown command 'OPP.GTE', with args beginning with: 'o1' ; did you mean OPP.GET?"
            ),
            (
                "opp.advanec o1 TO end",
                "ERR unknown command 'opp.advanec', with args beginning with: 'o1' 'TO' 'end' ; did you mean OPP.ADVANCE?"
            ),
            ("GET key", "ERR unknown command 'GET', with args beginning with: 'key' "),
            ("FLUSHALL", "ERR unknown command 'FLUSHALL', with args beginning with: "),
            (
                "NOSUCH a b \(String(repeating: "c", count: 200)) d",
                "ERR unknown command 'NOSUCH', with args beginning with: 'a' 'b' '\(String(repeating: "c", count: 120))' "
            ),
            (
                #""OPP\r\nGET""#,
                #"ERR unknown command 'OPP\r\nGET', with args beginning with: ; did you mean OPP.GET?"#
            ),
        ])
    func unknownCommand(_ line: String, _ error: String) {
        #expect(refusal(line) == error)
    }

    @Test("P-5: an unknown command is cut to 128 bytes of name and of arguments, and stays ASCII")
    func longUnknownCommand() {
        let name = String(repeating: "商", count: 200)
        let line = refusal(name + " " + String(repeating: "x", count: 5000))
        #expect(line?.allSatisfy(\.isASCII) == true)
        #expect((line?.utf8.count ?? 0) < 1000)
    }

    @Test("P-5: too few words, for every command that needs some")
    func tooFew() {
        for command in CommandTable.commands {
            guard case .connection = command.access else {
                let least = abs(command.arity)
                guard least > 1, command.arguments.contains(where: needsPlace) else { continue }
                #expect(
                    refusal(command.name)
                        == "ERR wrong number of arguments for '\(command.name.lowercased())' command; usage: \(command.usage)"
                )
                continue
            }
        }
    }

    private func needsPlace(_ argument: ArgumentSpec) -> Bool {
        argument.isRequired && !argument.isKeyword
    }

    @Test(
        "P-5: too few or too many words, with the synopsis",
        arguments: [
            (
                "OPP.GUIDE",
                "ERR wrong number of arguments for 'opp.guide' command; usage: OPP.GUIDE opportunity"
            ),
            (
                "OPP.FEEDBACK o1 budget_owner",
                "ERR wrong number of arguments for 'opp.feedback' command; usage: OPP.FEEDBACK opportunity field value ... [IFREV rev] [REQID token]"
            ),
            (
                "OPP.FEEDBACK o1 REQID t",
                "ERR wrong number of arguments for 'opp.feedback' command; usage: OPP.FEEDBACK opportunity field value ... [IFREV rev] [REQID token]"
            ),
            (
                "INBOX.ACK",
                "ERR wrong number of arguments for 'inbox.ack' command; usage: INBOX.ACK [seq ...] [UPTO seq] [REQID token]"
            ),
        ])
    func wrongCount(_ line: String, _ error: String) {
        #expect(refusal(line) == escaped(error))
    }

    @Test("P-5: a word that is no keyword, for every command: the nearest keyword or the synopsis")
    func unknownKeyword() {
        for (name, lines) in LedgerCompany.queries {
            guard let usage = CommandTable.find(name)?.usage, let line = lines.first else {
                continue
            }
            let bare =
                name == "UNIT.TREE"
                ? "UNIT.TREE u1" : name == "PROCESS.TEMPLATES" ? name + " bid" : line
            #expect(
                refusal(bare + " zzzzzzzz 1")
                    == escaped(
                        "ERR syntax error: \(name) has no keyword 'zzzzzzzz'; usage: \(usage)"))
        }
        for (name, write) in LedgerCompany.writes where name != "INBOX.ACK" {
            guard let usage = CommandTable.find(name)?.usage else { continue }
            // What takes any number of words takes this one for a field.
            guard name != "OPP.FEEDBACK" else { continue }
            #expect(
                LedgerCompany().run(write.words("zzzzzzzz 1")).errorLine
                    == escaped(
                        "ERR syntax error: \(name) has no keyword 'zzzzzzzz'; usage: \(usage)"))
        }
    }

    @Test(
        "P-5: form",
        arguments: [
            (
                "OPP.CREATE Bridge CUSTOMR c1",
                "ERR syntax error: OPP.CREATE has no keyword 'CUSTOMR', did you mean CUSTOMER?"
            ),
            (
                "OPP.UPDATE o1 amout 5",
                "ERR syntax error: OPP.UPDATE has no keyword 'amout', did you mean AMOUNT?"
            ),
            (
                "OPP.GUIDE o1 extra",
                "ERR syntax error: OPP.GUIDE has no keyword 'extra'; usage: OPP.GUIDE opportunity"
            ),
            ("OPP.UPDATE o1 TITLE a title b", "ERR syntax error: TITLE is given twice"),
            ("OPP.LIST LIMIT 0 1 limit 0 2", "ERR syntax error: LIMIT is given twice"),
            (
                "OPP.CREATE Bridge AMOUNT 5",
                "ERR syntax error: OPP.CREATE needs CUSTOMER; usage: OPP.CREATE title CUSTOMER customer [AMOUNT decimal] [CUR code] [CLOSE date] [PROCESS process] [OWNER person] [SOURCE text] [INDUSTRY text] [PRODUCT text] [REGION text] [CHANNEL text] [EXTID text] [FEASIBILITY yes|no|unknown] [COST decimal] [COMPETITORS names] [TAGS names] [FIELDS n key value ...] [key value ...] [REQID token]"
            ),
            (
                "PERSON.CREATE kim",
                "ERR syntax error: PERSON.CREATE needs NAME, UNIT; usage: PERSON.CREATE login NAME name UNIT unit [SUPERIOR person] [ROLE rep|manager|executive|admin] [TZ name] [LANG en|zh] [PASSWORD password] [REQID token]"
            ),
            (
                "APPROVAL.REJECT a1",
                "ERR syntax error: APPROVAL.REJECT needs NOTE; usage: APPROVAL.REJECT approval NOTE text [IFREV rev] [REQID token]"
            ),
            (
                "OPP.RECALL o1 NOTE",
                "ERR syntax error: NOTE needs a value; usage: OPP.RECALL opportunity [NOTE text] [IFREV rev] [REQID token]"
            ),
            (
                "PERSON.LIST LIMIT 5",
                "ERR syntax error: LIMIT needs a value; usage: PERSON.LIST [UNIT unit] [ACTIVE yes|no] [SORTBY id|login|name|unit|superior|approver|role|tz|lang|active|delegate|delegateFrom|delegateUntil|rev [ASC|DESC]] [LIMIT offset count] [FIELDS n id|login|name|unit|superior|approver|role|tz|lang|active|delegate|delegateFrom|delegateUntil|rev ...] [CURSOR cursor] [COUNT n]"
            ),
            (
                "OPP.GET o1 WITH 3 notes",
                "ERR syntax error: WITH needs a value; usage: OPP.GET opportunity [WITH n feedback|tasks|history|approvals|contacts|notes|activities|fields ...]"
            ),
            ("OPP.GET o1 WITH notes", "INVALID WITH: starts with how many follow, from 1 to 1000"),
            ("OPP.GET o1 WITH 0", "INVALID WITH: starts with how many follow, from 1 to 1000"),
            (
                "OPP.GET o1 WITH 99999999999999999999 notes",
                "INVALID WITH: starts with how many follow, from 1 to 1000"
            ),
        ])
    func form(_ line: String, _ error: String) {
        #expect(refusal(line) == escaped(error))
    }

    @Test("P-5: an error is one line of printable ASCII; what is not ASCII is escaped")
    func escaping() {
        let line = refusal(#"OPP.GUIDE o1 "商\r\n\x00""#)
        #expect(
            line
                == #"ERR syntax error: OPP.GUIDE has no keyword '\xe5\x95\x86\r\n\x00'; usage: OPP.GUIDE opportunity"#
        )
    }
}

/// An error line as it goes out: ASCII, everything else escaped.
func escaped(_ line: String) -> String {
    var text = ""
    for byte in line.utf8 {
        if (0x20...0x7E).contains(byte) {
            text.unicodeScalars.append(UnicodeScalar(byte))
        } else {
            let digits = String(byte, radix: 16)
            text += "\\x" + (digits.count == 1 ? "0" : "") + digits
        }
    }
    return text
}
