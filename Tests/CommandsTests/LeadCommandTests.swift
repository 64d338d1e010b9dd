import PipelineProtocol
import Testing

@testable import PipelineCommands

@Suite("Commands: leads")
struct LeadCommandTests {
    /// ann's lead l1 of Globex.
    private func company() -> LedgerCompany {
        let company = LedgerCompany.furnished()
        company.run(
            "LEAD.CREATE Zhao COMPANY Globex SOURCE fair EMAIL z@g VISITS 3 EMPLOYEES 40", as: "ann"
        )
        return company
    }

    @Test("D-9: the answer of a conversion names everything that came into being")
    func converted() {
        let company = company()
        let line =
            "LEAD.CONVERT l1 TITLE Tunnel AMOUNT 12.50 CUR USD CLOSE 2027-06-30 PROCESS bid REQID r1"
        let dry = company.run(
            "DRYRUN LEAD.CONVERT l1 TITLE Tunnel PROCESS bid", as: "ann")
        for field in ["customer", "contact", "opportunity"] { #expect(dry[field] == .null) }
        let reply = company.run(line, as: "ann")
        #expect(reply["id"]?.text == "l1")
        #expect(reply["rev"]?.integer == 2)
        #expect(reply["customer"]?.text == "c3")
        #expect(reply["contact"]?.text == "k1")
        #expect(reply["opportunity"]?.text == "o4")
        #expect(reply["stage"]?.text == "proposal")
        #expect(company.run(line, as: "ann") == reply)
        let deal = company.run("OPP.GET o4 WITH 1 contacts", as: "ann")
        #expect(deal["lead"]?.text == "l1")
        #expect(deal["source"]?.text == "fair")
        #expect(deal["amount"]?.text == "12.50")
        #expect(deal["currency"]?.text == "USD")
        #expect(deal["owner"]?.text == "e4")
        #expect(deal["contacts"]?.rows.first?["part"] == .null)
        #expect(company.run("CUSTOMER.GET c3", as: "ann")["name"]?.text == "Globex")
        let lead = company.run("LEAD.GET l1", as: "ann")
        #expect(lead["status"]?.text == "converted")
        #expect(lead["opportunity"]?.text == "o4")
        let row = company.run("OPP.HISTORY o4", as: "ann").rows.first
        #expect(row?["details"]?["lead"]?.text == "l1")
    }

    @Test("D-9: a refused conversion leaves nothing behind")
    func nothing() {
        let company = company()
        company.run("CUSTOMER.CREATE GLOBEX", as: "bob")
        let before = company.ledger.lastSequence
        #expect(
            company.refusal("LEAD.CONVERT l1 TITLE Tunnel", as: "ann")
                == "CONFLICT customer name 'GLOBEX' is taken by c3; LEAD.CONVERT l1 with CUSTOMER c3 makes the deal with it"
        )
        #expect(company.ledger.lastSequence == before)
        #expect(company.run("LEAD.GET l1", as: "ann")["status"]?.text == "open")
    }

    @Test("D-33: the list shows the leads of the caller and of those below, by owner and status")
    func listed() {
        let company = company()
        company.run("LEAD.CREATE Qian", as: "bob")
        company.run("LEAD.CREATE Sun OWNER bob", as: "lee")
        company.run("LEAD.DISCARD l2 REASON spam", as: "bob")
        func ids(_ line: String, as login: String) -> [String?] {
            company.run(line, as: login).rows.map { $0["id"]?.text }
        }
        #expect(ids("LEAD.LIST", as: "boss") == ["l1", "l2", "l3"])
        #expect(ids("LEAD.LIST", as: "ann") == ["l1"])
        #expect(ids("LEAD.LIST", as: "zoe") == [])
        #expect(ids("LEAD.LIST OWNER bob", as: "lee") == ["l2", "l3"])
        #expect(ids("LEAD.LIST STATUS discarded", as: "eve") == ["l2"])
        #expect(ids("LEAD.LIST STATUS open LIMIT 1 5", as: "root") == ["l3"])
    }

    @Test("§2: fields and counts are shown, changed and cleared")
    func fields() {
        let company = company()
        company.run(#"LEAD.UPDATE l1 COMPANY "" VISITS "" DOWNLOADS 7"#, as: "ann")
        let lead = company.run("LEAD.GET l01", as: "lee")
        #expect(lead["company"] == .null)
        #expect(lead["visits"] == .null)
        #expect(lead["downloads"]?.integer == 7)
        #expect(lead["employees"]?.integer == 40)
        #expect(lead["rev"]?.integer == 4)
    }

    @Test("D-9: a lead may be discarded without saying why")
    func discardedSilently() {
        let company = LedgerCompany.furnished()
        company.run("LEAD.CREATE 赵", as: "ann")
        #expect(company.run("LEAD.DISCARD l1", as: "ann")["status"]?.text == "discarded")
        #expect(company.run("LEAD.GET l1", as: "ann")["reason"] == .null)
    }

    @Test(
        "P-5: each refusal's line",
        arguments: [
            (
                "LEAD.GET l1", "bob",
                "NOTFOUND no lead 'l1'; check the id, or ask whoever may see it"
            ),
            (
                "LEAD.GET l9", "bob",
                "NOTFOUND no lead 'l9'; check the id, or ask whoever may see it"
            ),
            (
                "LEAD.LIST OWNER nobody", "bob",
                "NOTFOUND no person 'nobody'; check the id, or ask whoever may see it"
            ),
            (
                "LEAD.CREATE Zhao OWNER nobody", "bob",
                "NOTFOUND no person 'nobody'; check the id, or ask whoever may see it"
            ),
            (
                "LEAD.CREATE Zhao OWNER bob", "ann",
                "NOPERM you may not create a lead for e5; that is for somebody above them or an admin"
            ),
            (
                "LEAD.CREATE Zhao VISITS -1", "ann",
                "INVALID VISITS: must be a whole number from 0 to 1000000000"
            ),
            (
                "LEAD.UPDATE l1 NAME X", "bob",
                "NOTFOUND no lead 'l1'; check the id, or ask whoever may see it"
            ),
            (
                "LEAD.UPDATE l1 NAME X", "eve",
                "NOPERM you may not change l1; that is for its owner e4 or somebody above"
            ),
            (
                "LEAD.UPDATE l1 OWNER bob", "ann",
                "NOPERM you may not give l1 to another owner; that is for somebody above its owner e4 or an admin"
            ),
            (
                "LEAD.UPDATE l1 NAME X IFREV 3", "ann",
                "CONFLICT l1 is at revision 1, changed by e4; read it again and repeat with IFREV 1"
            ),
            (
                "LEAD.DISCARD l1 REASON spam", "eve",
                "NOPERM you may not discard l1; that is for its owner e4 or somebody above"
            ),
            (
                "LEAD.CONVERT l1 TITLE T", "bob",
                "NOTFOUND no lead 'l1'; check the id, or ask whoever may see it"
            ),
            (
                "LEAD.CONVERT l1 TITLE T CUSTOMER c9", "eve",
                "NOTFOUND no customer 'c9'; check the id, or ask whoever may see it"
            ),
            (
                "LEAD.CONVERT l1 TITLE T PROCESS none", "eve",
                "NOTFOUND no process 'none'; check the id, or ask whoever may see it"
            ),
            (
                "LEAD.CONVERT l1 TITLE T", "eve",
                "NOPERM you may not convert l1; that is for its owner e4 or somebody above"
            ),
            (
                "LEAD.CONVERT l1 TITLE T OWNER bob", "ann",
                "NOPERM you may not create a deal for e5; that is for somebody above them or an admin"
            ),
            (
                "LEAD.CONVERT l1 TITLE T AMOUNT 1.234", "ann",
                "INVALID AMOUNT: CNY has 2 decimals"
            ),
            (
                "LEAD.CONVERT l1 TITLE T PROCESS plain", "ann",
                "INVALID PROCESS: 'plain' does not apply to this deal"
            ),
        ])
    func refusals(line: String, login: String, text: String) {
        #expect(company().refusal(line, as: login) == text)
    }

    @Test("D-9: a lead that came to an end says so")
    func ended() {
        let company = company()
        company.run("LEAD.DISCARD l1 REASON spam", as: "ann")
        for line in [
            "LEAD.CONVERT l1 TITLE T", "LEAD.UPDATE l1 NAME X", "LEAD.DISCARD l1 REASON r",
        ] {
            #expect(
                company.refusal(line, as: "ann")
                    == "CONFLICT l1 is discarded already; LEAD.CREATE enters a new one")
        }
    }

    @Test("W-1: the records alone give the same leads back")
    func replayed() throws {
        let company = company()
        company.run("LEAD.CREATE Qian OWNER bob", as: "lee")
        company.run("LEAD.UPDATE l2 VISITS 5 OWNER ann", as: "lee")
        company.run("LEAD.DISCARD l2 REASON spam", as: "ann")
        company.run("LEAD.CONVERT l1 TITLE Tunnel PROCESS bid", as: "ann")
        let again = try company.replayed()
        for line in ["LEAD.LIST", "OPP.GET o4 WITH 2 contacts history", "CUSTOMER.LIST"] {
            for login in ["ann", "lee", "eve"] {
                #expect(again.run(line, as: login) == company.run(line, as: login))
            }
        }
    }
}
