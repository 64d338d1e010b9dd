import PipelineProtocol
import Testing

@testable import PipelineCommands

@Suite("Commands: contacts")
struct ContactCommandTests {
    /// Wang k1 and Li k2 of c1; o1 is ann's deal with it.
    private func company() -> LedgerCompany {
        let company = LedgerCompany.furnished()
        company.run(#"CONTACT.CREATE c1 Wang TITLE CFO EMAIL w@acme.example"#, as: "ann")
        company.run("CONTACT.CREATE c1 李明", as: "ann")
        return company
    }

    @Test("§2: a new contact answers its id; a dry run answers none")
    func created() throws {
        let company = company()
        let reply = company.run("CONTACT.CREATE c1 Zhao", as: "lee")
        #expect(reply["id"]?.text == "k3")
        #expect(reply["rev"]?.integer == 1)
        #expect(company.run("DRYRUN CONTACT.CREATE c1 Zhao", as: "lee")["id"] == .null)
        let wang = company.run("CONTACT.GET k000001", as: "ann")
        #expect(wang["name"]?.text == "Wang")
        #expect(wang["customer"]?.text == "c1")
        #expect(wang["title"]?.text == "CFO")
        #expect(wang["email"]?.text == "w@acme.example")
        #expect(wang["phone"] == .null)
        #expect(wang["left"] == .boolean(false))
    }

    @Test("D-10: OPP.GET WITH contacts shows them with their parts; the history tells what changed")
    func onDeal() {
        let company = company()
        let added = company.run("OPP.CONTACT o1 ADD k1 PART Decision-Maker", as: "ann")
        #expect(added["id"]?.text == "o1")
        #expect(added["contact"]?.text == "k1")
        company.run("OPP.CONTACT o1 REMOVE k1 SUCCESSOR k2", as: "ann")
        let contacts = company.run("OPP.GET o1 WITH 1 contacts", as: "boss")["contacts"]?.rows
        #expect(contacts?.count == 1)
        #expect(contacts?.first?["id"]?.text == "k2")
        #expect(contacts?.first?["part"]?.text == "decision-maker")
        let history = company.run("OPP.HISTORY o1", as: "ann").rows
        let rows = history.compactMap { row -> String? in
            guard let type = row["type"]?.text, type.hasPrefix("contact.") else { return nil }
            return [type, row["field"]?.text, row["from"]?.text, row["to"]?.text]
                .map { $0 ?? "-" }.joined(separator: " ")
        }
        #expect(
            rows == [
                "contact.added k1 - decision-maker", "contact.removed k1 decision-maker -",
                "contact.added k2 - decision-maker",
            ])
    }

    @Test("D-40, N-9: the superiors read in their language who left, moved or was replaced")
    func told() {
        let company = company()
        company.run("OPP.CONTACT o1 ADD k1 PART sponsor", as: "ann")
        company.run("OPP.CONTACT o1 REMOVE k1 SUCCESSOR k2", as: "ann")
        company.run("CONTACT.UPDATE k2 CUSTOMER c2", as: "ann")
        company.run("CONTACT.UPDATE k2 LEFT yes")
        let boss = company.run("INBOX.LIST", as: "boss").rows
        #expect(
            boss.map { $0["text"]?.text } == [
                "a contact of 'Bridge 大桥' changed: Wang was replaced by 李明",
                "a contact of 'Bridge 大桥' changed: 李明 works for 市政府 now",
                "a contact of 'Bridge 大桥' changed: 李明 has left 市政府",
            ])
        #expect(boss.allSatisfy { $0["type"]?.text == "contact.changed" })
        #expect(boss[0]["contact"]?["id"]?.text == "k1")
        #expect(boss[0]["contact"]?["change"]?.text == "replaced")
        #expect(boss[0]["contact"]?["successor"]?.text == "k2")
        #expect(boss[1]["contact"]?["customer"]?.text == "c2")
        let lee = company.run("INBOX.LIST", as: "lee").rows
        #expect(
            lee.map { $0["text"]?.text } == [
                "商机「Bridge 大桥」的客户联系人有变动：Wang由李明接替",
                "商机「Bridge 大桥」的客户联系人有变动：李明已转到市政府任职",
                "商机「Bridge 大桥」的客户联系人有变动：李明已离开市政府",
            ])
    }

    @Test("D-33: a list shows the contacts that the caller sees")
    func listed() {
        let company = company()
        company.run("CONTACT.CREATE c2 Official")
        func ids(_ line: String, as login: String) -> [String?] {
            company.run(line, as: login).rows.map { $0["id"]?.text }
        }
        #expect(ids("CONTACT.LIST", as: "eve") == ["k1", "k2", "k3"])
        #expect(ids("CONTACT.LIST", as: "bob") == ["k1", "k2"])
        #expect(ids("CONTACT.LIST CUSTOMER c2", as: "ann") == ["k3"])
        #expect(ids("CONTACT.LIST CUSTOMER c2", as: "bob") == [])
        #expect(ids("CONTACT.LIST LIMIT 1 1", as: "eve") == ["k2"])
        #expect(ids("CONTACT.LIST", as: "zoe") == [])
    }

    @Test(
        "P-5: each refusal's line",
        arguments: [
            (
                "CONTACT.GET k1", "zoe",
                "NOTFOUND no contact 'k1'; check the id, or ask whoever may see it"
            ),
            (
                "CONTACT.GET k9", "zoe",
                "NOTFOUND no contact 'k9'; check the id, or ask whoever may see it"
            ),
            ("CONTACT.GET o1", "ann", "INVALID contact: must be the id of a contact, such as k12"),
            (
                "CONTACT.LIST CUSTOMER c9", "ann",
                "NOTFOUND no customer 'c9'; check the id, or ask whoever may see it"
            ),
            (
                "CONTACT.CREATE c9 Zhao", "ann",
                "NOTFOUND no customer 'c9'; check the id, or ask whoever may see it"
            ),
            (
                "CONTACT.CREATE c1 Zhao", "zoe",
                "NOPERM you may not change c1; that is for e4, who entered it, somebody above, or an admin; who is in charge of a deal with c1 fills what is empty"
            ),
            (#"CONTACT.CREATE c1 """#, "ann", "INVALID name: must not be empty"),
            (
                "CONTACT.UPDATE k1 NAME X", "zoe",
                "NOTFOUND no contact 'k1'; check the id, or ask whoever may see it"
            ),
            (
                "CONTACT.UPDATE k1 CUSTOMER c9", "ann",
                "NOTFOUND no customer 'c9'; check the id, or ask whoever may see it"
            ),
            (
                "CONTACT.UPDATE k1 NAME X", "eve",
                "NOPERM you may not change k1; that is for e4, who entered it, somebody above, or an admin; who is in charge of a deal with c1 fills what is empty"
            ),
            (
                "CONTACT.UPDATE k1 NAME X IFREV 7", "ann",
                "CONFLICT k1 is at revision 1, changed by e4; read it again and repeat with IFREV 1"
            ),
            (
                "CONTACT.UPDATE k1 LEFT yes CUSTOMER c2", "ann",
                "INVALID LEFT: is either yes or a new CUSTOMER, not both"
            ),
            ("CONTACT.UPDATE k1 LEFT maybe", "ann", "INVALID LEFT: must be one of: yes, no"),
            ("OPP.CONTACT o1 ADD k1", "ann", "ERR syntax error: OPP.CONTACT needs PART; usage: "),
            ("OPP.CONTACT o1", "ann", "ERR syntax error: OPP.CONTACT needs ADD or REMOVE; usage: "),
            (
                "OPP.CONTACT o1 ADD k1 PART user SUCCESSOR k2", "ann",
                "INVALID ADD: is given with PART, REMOVE with or without SUCCESSOR"
            ),
            (
                "OPP.CONTACT o1 ADD k1 PART boss", "ann",
                "INVALID PART: must be one of: decision-maker, sponsor, influencer, user"
            ),
            (
                "OPP.CONTACT o1 ADD k1 PART user", "zoe",
                "NOTFOUND no opportunity 'o1'; check the id, or ask whoever may see it"
            ),
            (
                "OPP.CONTACT o1 ADD k9 PART user", "ann",
                "NOTFOUND no contact 'k9'; check the id, or ask whoever may see it"
            ),
            (
                "OPP.CONTACT o1 ADD k1 PART user", "eve",
                "NOPERM you may not change o1; that is for its owner e4 or somebody above"
            ),
            (
                "OPP.CONTACT o1 ADD k1 PART user IFREV 9", "ann",
                "CONFLICT o1 is at revision 1, changed by e4; read it again and repeat with IFREV 1"
            ),
            (
                "OPP.CONTACT o2 ADD k1 PART user", "ann",
                "INVALID ADD: k1 is a contact of c1, o2 is with c2"
            ),
            ("OPP.CONTACT o1 REMOVE k1", "ann", "INVALID REMOVE: k1 is not on o1"),
        ])
    func refusals(line: String, login: String, text: String) {
        let refusal = company().refusal(line, as: login)
        if text.hasSuffix("usage: ") {
            #expect(refusal?.hasPrefix(text) == true, "\(refusal ?? "accepted")")
        } else {
            #expect(refusal == text)
        }
    }

    @Test("D-25: the contacts of a deal are locked while an approval is pending")
    func locked() {
        let company = company()
        company.submit()
        #expect(
            company.refusal("OPP.CONTACT o1 ADD k1 PART user", as: "ann")
                == "PENDING o1 waits for a1 and is locked; OPP.RECALL o1 takes the request back")
        #expect(company.refusal("CONTACT.UPDATE k1 LEFT yes", as: "ann") == nil)
    }

    @Test(
        "D-2, D-11: a document asks for a contact with a part, and the gate names what is missing")
    func required() {
        let company = company()
        company.put(
            "power",
            """
            {"name": "Power", "appliesTo": {"products": ["crane"]},
             "stages": [
              {"key": "start", "name": "Start", "winRate": 10,
               "requires": ["contact.decision-maker", "contact.sponsor"]},
              {"key": "finish", "name": "Finish", "winRate": 60}]}
            """)
        company.run("PROCESS.PUBLISH power")
        company.run("OPP.CREATE Crane CUSTOMER c1 PRODUCT crane", as: "ann")
        company.run("OPP.CONTACT o4 ADD k1 PART sponsor", as: "ann")
        #expect(
            company.refusal("OPP.ADVANCE o4", as: "ann")
                == "GATE o4 cannot leave 'start': missing field 'contact.decision-maker'")
        company.run("OPP.CONTACT o4 ADD k2 PART decision-maker", as: "ann")
        #expect(company.run("OPP.ADVANCE o4", as: "ann")["status"]?.text == "moved")
        let document = company.run("PROCESS.GET power")["json"]?.text
        #expect(document?.contains(#""contact.decision-maker""#) == true)
    }

    @Test("W-1: the records alone give the same contacts back")
    func replayed() throws {
        let company = company()
        company.run("OPP.CONTACT o1 ADD k1 PART sponsor", as: "ann")
        company.run("OPP.CONTACT o1 REMOVE k1 SUCCESSOR k2", as: "ann")
        company.run("CONTACT.UPDATE k2 NAME Li PHONE 110 CUSTOMER c2", as: "ann")
        company.run("CONTACT.UPDATE k1 LEFT yes", as: "ann")
        company.run("CONTACT.UPDATE k1 LEFT no", as: "ann")
        let again = try company.replayed()
        for line in ["CONTACT.LIST", "OPP.GET o1 WITH 2 contacts history", "INBOX.LIST"] {
            for login in ["ann", "lee", "eve"] {
                #expect(again.run(line, as: login) == company.run(line, as: login))
            }
        }
    }
}
