import PipelineDomain
import PipelineProtocol
import Testing

@testable import PipelineCommands

@Suite("PREF.SET, PREF.LIST and AUDIT.LIST")
struct PreferenceCommandTests {
    @Test("N-2: a kind turned off leaves no row; turned on again, rows come again")
    func off() throws {
        let company = LedgerCompany.furnished()
        company.run("PREF.SET note.added off", as: "ann")
        company.run("OPP.NOTE o1 one", as: "boss")
        #expect(company.execution.touchedInboxes.isEmpty)
        #expect(company.run("INBOX.LIST", as: "ann").plain == "[]")
        #expect(try company.replayed().run("INBOX.LIST", as: "ann").plain == "[]")
        company.run("PREF.SET note.added on", as: "ann")
        company.run("OPP.NOTE o1 two", as: "boss")
        #expect(company.run("INBOX.LIST", as: "ann").plain.contains("two"))
        #expect(!company.run("INBOX.LIST", as: "ann").plain.contains("one\""))
    }

    @Test("N-2: an approval request is never turned off")
    func requests() {
        let company = LedgerCompany.furnished()
        #expect(
            company.refusal("PREF.SET approval.requested off", as: "lee")
                == "INVALID kind: 'approval.requested' cannot be turned off: somebody waits for you"
        )
        company.submit()
        #expect(company.run("INBOX.LIST", as: "lee").plain.contains("approval.requested"))
    }

    @Test("N-2, §2: the answer has the person's revision; the list has every kind")
    func list() {
        let company = LedgerCompany.furnished()
        #expect(
            company.run("PREF.SET deal.won off", as: "ann").plain
                == "{id: e4, rev: 2, seq: \(company.log.count), kind: deal.won, on: false}")
        company.run("PREF.SET deal.won off", as: "ann")
        let list = company.run("PREF.LIST", as: "ann").plain
        #expect(list.contains("{kind: deal.won, on: false, fixed: false}"))
        #expect(list.contains("{kind: deal.lost, on: true, fixed: false}"))
        #expect(list.contains("{kind: approval.requested, on: true, fixed: true}"))
        #expect(!company.run("PREF.LIST", as: "bob").plain.contains("on: false"))
    }

    @Test(
        "P-5: every refusal has its line",
        arguments: [
            ("PREF.SET deal.won maybe", "ann", "INVALID state: must be one of: on, off"),
            (
                "PREF.SET deal.won off IFREV 9", "ann",
                "CONFLICT e4 is at revision 1, changed by e1; read it again and repeat with IFREV 1"
            ),
            ("AUDIT.LIST", "eve", "NOPERM you may not read the audit; that is for an admin"),
        ])
    func refusals(line: String, login: String, error: String) {
        #expect(LedgerCompany.furnished().refusal(line, as: login) == error)
    }

    @Test("D-17: the audit has every record, newest last, by range or from the end")
    func audit() {
        let company = LedgerCompany.furnished()
        company.run("RATE.SET USD 2026-12-01 7.5")
        company.run("PERSON.UPDATE bob ROLE manager")
        let end = company.log.count
        let at = "at: 2026-11-22T02:17:21.123Z, by: e1"
        #expect(
            company.run("AUDIT.LIST COUNT 2").plain == """
                [{seq: \(end - 1), \(at), type: company.rateSet, id: null, \
                details: {code: USD, date: 2026-12-01, to: 7.5}}, \
                {seq: \(end), \(at), type: person.roleChanged, id: e5, \
                details: {from: rep, to: manager}}]
                """)
        #expect(
            company.run("AUDIT.LIST FROM 1 COUNT 1").plain
                == "[{seq: 1, \(at), type: company.founded, id: null, details: {company: 华东建工, currency: CNY, zone: Asia/Shanghai}}]"
        )
        #expect(company.run("AUDIT.LIST FROM \(end + 1)").plain == "[]")
        #expect(company.run("AUDIT.LIST FROM 9223372036854775807").plain == "[]")
    }

    @Test("D-17, O-2: no secret is told, whatever was recorded")
    func secrets() {
        let company = LedgerCompany.furnished()
        company.run("PERSON.PASSWORD bob very-secret-password")
        company.run("OPP.NOTE o1 hello REQID token-1")
        let all = company.run("AUDIT.LIST FROM 1 COUNT 1000").plain
        #expect(all.contains("person.passwordChanged"))
        #expect(!all.contains("scrypt"))
        #expect(!all.contains("very-secret"))
    }

    @Test("D-17: every type of record has a row in the audit")
    func everyType() {
        for tag in RecordTag.all {
            var maker = EventMaker(.typical)
            let row = AuditRow(maker.recorded(tag))
            #expect(row.type == RecordTag.name(tag))
        }
    }
}
