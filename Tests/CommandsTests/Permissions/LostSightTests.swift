import Foundation
import PipelineProtocol
import Testing

@testable import PipelineCommands

/// D-33, D-34: whoever saw a deal and sees it no more is told nothing further of it.
@Suite("Out of sight")
struct LostSightTests {
    private static let secrets = ["新密标题", "987654", "密决定", "密留言", "密申请"]

    /// Everything that the table lets anybody ask, and the pushes.
    private func told(_ company: LedgerCompany, _ login: String) -> [String] {
        var found: [String] = []
        for (name, cases) in PermissionTable.cases {
            guard let command = CommandTable.find(Array(name.utf8)[...]),
                case .query = command.access
            else { continue }
            for one in cases {
                let line = one.named(owner: "ann", unit: "u3").words
                let bytes = Data(company.bytes(line, as: login))
                for secret in Self.secrets where bytes.range(of: Data(secret.utf8)) != nil {
                    found.append("\(line): \(secret)")
                }
            }
        }
        for message in company.ledger.inboxMessages(
            of: company.person(login), after: 0, durable: .max, limit: 100)
        {
            let bytes = Data(message.payload)
            for secret in Self.secrets where bytes.range(of: Data(secret.utf8)) != nil {
                found.append("push \(message.seq): \(secret)")
            }
        }
        return found
    }

    /// ann's o1 waits for lee and then boss.
    private func waiting() -> LedgerCompany {
        let company = LedgerCompany.furnished()
        company.completeFirstGate()
        company.run("OPP.ADVANCE o1 NOTE 密申请", as: "ann")
        return company
    }

    @Test(
        "D-34: the submitter whose deal went to others learns what became of the request, and no more"
    )
    func submitter() throws {
        let company = waiting()
        company.run("OPP.TRANSFER o1 TO bob", as: "boss")
        company.run("APPROVAL.REJECT a1 NOTE 密决定", as: "lee")
        company.run("OPP.UPDATE o1 TITLE 新密标题 AMOUNT 987654", as: "bob")
        company.run("OPP.NOTE o1 密留言", as: "bob")
        #expect(told(company, "ann") == [])
        #expect(!told(company, "bob").isEmpty)
        let request = company.run("APPROVAL.GET a1", as: "ann")
        #expect(request["status"]?.text == "rejected" && request["decidedBy"]?.text == "e3")
        for field in ["title", "amount", "note"] { #expect(request[field] == .null) }
        #expect(company.run("APPROVAL.LIST SENT", as: "ann").rows == [request])
        let row = try #require(company.run("INBOX.LIST", as: "ann").rows.last)
        #expect(row["type"]?.text == "approval.rejected")
        #expect(row["text"]?.text == "李雷 rejected 'o1' in stage 'proposal'")
        #expect(row["opportunity"]?.plain == "{id: o1}")
        #expect(row["approval"]?["note"] == .null)
    }

    @Test("D-34: an approver out of the tree meanwhile, and one who was rerouted past, likewise")
    func approvers() {
        let company = waiting()
        company.run("APPROVAL.REROUTE a1 TO zoe REASON 密决定")
        company.run("APPROVAL.APPROVE a1 NOTE 密决定", as: "zoe")
        company.run("PERSON.UPDATE ann UNIT u1")
        company.run("APPROVAL.REJECT a1 NOTE 密决定", as: "boss")
        company.run("OPP.UPDATE o1 TITLE 新密标题 AMOUNT 987654", as: "ann")
        company.run("OPP.NOTE o1 密留言", as: "ann")
        for login in ["lee", "zoe", "boss"] {
            #expect(told(company, login) == [], "\(login)")
            #expect(company.run("APPROVAL.GET a1", as: login)["status"]?.text == "rejected")
        }
        #expect(
            company.run("INBOX.LIST", as: "boss").rows.first?["type"]?.text
                == "approval.requested")
    }

    @Test("D-34: a delegate, a member of a team, whoever was mentioned or given something to do")
    func others() {
        let company = waiting()
        company.run("PERSON.DELEGATE lee TO zoe FROM 2026-11-22 UNTIL 2026-11-22", as: "lee")
        company.run("OPP.TEAM o1 ADD bob ROLE 技术", as: "ann")
        company.run("OPP.NOTE o1 密留言 MENTION bob,zoe", as: "ann")
        company.run("OPP.ACTIVITY o1 call TO bob NOTE 密留言", as: "ann")
        #expect(!told(company, "zoe").isEmpty && !told(company, "bob").isEmpty)
        company.run("OPP.TEAM o1 REMOVE bob", as: "ann")
        company.advance(milliseconds: 24 * 3_600_000)
        company.run("OPP.TAG o1 ADD 新", as: "ann")
        for login in ["zoe", "bob"] {
            #expect(told(company, login) == [], "\(login)")
            #expect(
                company.run("INBOX.LIST", as: login).rows.allSatisfy {
                    $0["type"]?.text == "withdrawn"
                })
        }
        #expect(
            company.run("TODO.LIST", as: "bob").rows.allSatisfy { $0["opportunity"]?.text == "o3" })
    }

    @Test("D-34, D-21: a delegate sees nothing of what was decided before the delegation began")
    func earlier() {
        let company = waiting()
        company.run("APPROVAL.REJECT a1 NOTE 密决定", as: "lee")
        company.advance(milliseconds: 24 * 3_600_000)
        company.run("PERSON.DELEGATE lee TO zoe FROM 2026-11-23 UNTIL 2026-11-30", as: "lee")
        let absent = "NOTFOUND no approval 'a1'; check the id, or ask whoever may see it"
        #expect(company.refusal("APPROVAL.GET a1", as: "zoe") == absent)
        #expect(company.refusal("APPROVAL.APPROVE a1", as: "zoe") == absent)
        company.run("OPP.ADVANCE o1", as: "ann")
        company.run("OPP.RECALL o1", as: "ann")
        #expect(
            company.refusal("APPROVAL.APPROVE a2", as: "zoe")
                == "CONFLICT a2 is recalled already, by e4")
    }

    @Test("D-34: a lead tells of no deal out of sight, and a deal of no lead")
    func leads() {
        let company = LedgerCompany.furnished()
        company.run("LEAD.CREATE 赵 COMPANY 环球", as: "ann")
        company.run("LEAD.CONVERT l1 TITLE 隧道 PROCESS bid", as: "ann")
        company.run("OPP.TRANSFER o4 TO bob", as: "lee")
        let lead = company.run("LEAD.GET l1", as: "ann")
        #expect(lead["status"]?.text == "converted" && lead["customer"]?.text == "c3")
        #expect(lead["opportunity"] == .null)
        #expect(company.run("LEAD.LIST", as: "ann").rows.first?["opportunity"] == .null)
        #expect(company.run("LEAD.GET l1", as: "lee")["opportunity"]?.text == "o4")
        #expect(company.run("OPP.GET o4", as: "bob")["lead"] == .null)
        #expect(company.run("OPP.GET o4", as: "lee")["lead"]?.text == "l1")
        #expect(
            company.run("OPP.LIST FIELDS 1 lead", as: "bob").rows.allSatisfy { $0["lead"] == .null }
        )
        let details = company.run("OPP.HISTORY o4", as: "bob").rows.first?["details"]
        #expect(details?["lead"] == nil && details?["owner"]?.text == "e4")
        #expect(
            company.run("OPP.HISTORY o4", as: "lee").rows.first?["details"]?["lead"]?.text == "l1")
    }

    @Test(
        "D-34: somebody above a decider sees no request of a deal that they do not see themselves")
    func toDoOfOthers() {
        let company = waiting()
        company.run("APPROVAL.REROUTE a1 TO zoe REASON 出差")
        company.run("PERSON.UPDATE zoe SUPERIOR bob")
        #expect(company.run("TODO.LIST", as: "zoe").rows.count == 1)
        #expect(company.run("TODO.LIST OWNER zoe", as: "bob").rows == [])
        #expect(company.run("TODO.LIST OWNER zoe", as: "boss").rows.count == 1)
    }

    @Test("P-6, D-34: a remembered answer says what it said, though the right is gone")
    func remembered() {
        let company = waiting()
        let line = "OPP.NOTE o1 好 REQID key"
        let first = company.bytes(line, as: "ann")
        company.run("OPP.TRANSFER o1 TO bob", as: "boss")
        #expect(company.bytes(line, as: "ann") == first)
        #expect(
            company.refusal("OPP.NOTE o1 坏 REQID key", as: "ann")
                == "INVALID REQID: 'key' came with another command before; use a fresh token")
        #expect(
            company.refusal("OPP.NOTE o1 好", as: "ann")
                == "NOTFOUND no opportunity 'o1'; check the id, or ask whoever may see it")
    }

    @Test("D-34: whoever may not see the deal with an external id is not told which it is")
    func externalID() {
        let company = LedgerCompany.furnished()
        for line in [
            "OPP.CREATE x CUSTOMER c1 PROCESS bid EXTID T-1", "OPP.UPDATE o1 EXTID T-1",
            "DRYRUN OPP.UPDATE o1 EXTID T-1",
        ] {
            #expect(
                company.refusal(line, as: "ann")
                    == "CONFLICT external id 'T-1' is taken by another deal")
        }
    }

    @Test("P-7, D-34: a withdrawn row has the members of every row, and tells not even its kind")
    func withdrawn() {
        let company = LedgerCompany.furnished()
        company.run("CONTACT.CREATE c1 王", as: "ann")
        company.run("OPP.CONTACT o1 ADD k1 PART user", as: "ann")
        company.run("OPP.TEAM o1 ADD zoe ROLE 技术", as: "ann")
        company.run("CONTACT.UPDATE k1 LEFT yes", as: "ann")
        let told = company.run("INBOX.LIST", as: "zoe").rows.last
        #expect(told?["type"]?.text == "contact.changed" && told?["contact"]?["id"]?.text == "k1")
        company.run("OPP.TEAM o1 REMOVE zoe", as: "ann")
        for row in company.run("INBOX.LIST", as: "zoe").rows {
            #expect(
                row.pairs?.compactMap(\.key.text) == [
                    "seq", "id", "type", "at", "acked", "settled", "text", "opportunity",
                    "approval", "by",
                ])
            #expect(row["type"]?.text == "withdrawn")
            for member in ["settled", "text", "opportunity", "approval", "by"] {
                #expect(row[member] == .null)
            }
        }
    }

    @Test("A-17, A-19, D-33: a waterfall leaves out the deals that went out of a head's sight")
    func waterfall() {
        let company = LedgerCompany.furnished()
        company.run("PERSON.UPDATE ann UNIT u4")
        #expect(company.refusal("OPP.GET o1", as: "lee")?.hasPrefix("NOTFOUND ") == true)
        for line in ["REPORT.WATERFALL UNIT u3 BY owner", "REPORT.WATERFALL BY owner"] {
            let report = company.run(line, as: "lee")
            #expect(report["new"]?["amount"]?.text == "1000.50")
            #expect(report["transferredOut"]?["count"]?.plain == "0")
            #expect(report["rows"]?.rows.map { $0["key"]?.text } == ["e5"])
            #expect(report["complete"]?.plain == "false")
        }
        // Who is above both units sees all of it.
        let whole = company.run("REPORT.WATERFALL UNIT u3", as: "boss")
        #expect(whole["transferredOut"]?["amount"]?.text == "600000.00")
        #expect(whole["complete"]?.plain == "true")
    }
}
