import PipelineDomain
import PipelineProtocol
import Testing

@testable import PipelineCommands

/// N-2, N-8: what is told of deals to the team and above, and who has not seen it.
struct TeamNewsTests {
    private func last(_ company: LedgerCompany, _ login: String) -> (type: String?, text: String?) {
        let row = company.run("INBOX.LIST", as: login).elements?.last
        return (row?["type"]?.text, row?["text"]?.text)
    }

    @Test("N-2: the owner's superior hears of a close date in a later quarter and of a cut by 20 %")
    func slipped() {
        let company = LedgerCompany.furnished()
        func rows() -> Int { company.ledger.state.inboxes[company.person("lee")].rows.count }
        company.run("OPP.UPDATE o1 CLOSE 2027-04-01 AMOUNT 480000.01", as: "ann")
        company.run("OPP.UPDATE o1 CLOSE 2027-06-01 AMOUNT 600000", as: "ann")
        #expect(rows() == 0)
        company.run("OPP.UPDATE o1 CLOSE 2027-07-01 AMOUNT 480000", as: "ann")
        #expect(rows() == 1)
        #expect(last(company, "lee").type == "deal.slipped")
        #expect(
            last(company, "lee").text
                == "Ann推迟或调低了商机「Bridge 大桥」:600000.00 CNY → 480000.00 CNY; 2027-06-01 → 2027-07-01")
        company.run(#"OPP.UPDATE o1 AMOUNT """#, as: "lee")
        #expect(rows() == 1, "nobody is told of their own doing")
    }

    @Test("N-2: moves and tasks are told to the team, once to each, but not to who did it")
    func team() {
        let company = LedgerCompany.furnished()
        company.run("OPP.TEAM o2 ADD zoe ROLE tech", as: "ann")
        company.run("OPP.TEAM o2 ADD zoe ROLE sales", as: "ann")
        company.run("OPP.TEAM o1 ADD zoe ROLE tech", as: "ann")
        company.run("OPP.ADVANCE o2", as: "ann")
        #expect(last(company, "zoe").type == "deal.moved")
        #expect(last(company, "zoe").text == "Ann moved 'Small roof': start → finish")
        #expect(company.told("zoe").count { $0.hasPrefix("deal.moved") } == 1)
        company.completeFirstGate()
        #expect(last(company, "zoe").text == "Ann did a task of 'Bridge 大桥': 参观客户")
        #expect(company.told("ann").isEmpty)
        company.run("OPP.OVERRIDE o1 TO closing REASON 特批", as: "lee")
        #expect(last(company, "zoe").text == "李雷 moved 'Bridge 大桥': proposal → closing")
    }

    @Test(
        "N-8: a manager sees who below has not seen what; others see nobody; a lost right hides it")
    func unseen() {
        let company = LedgerCompany.furnished()
        company.submit()
        company.markDelivered("lee", upTo: 1)
        company.run("OPP.NOTE o3 看看", as: "lee")
        func rows(_ login: String, _ words: String = "") -> [String] {
            (company.run("INBOX.UNSEEN \(words)", as: login).elements ?? []).map { row in
                let members = ["person", "login", "type", "opportunity"].map {
                    row[$0]?.text ?? "-"
                }
                return (members + ["\(row["delivered"] == .boolean(true))"])
                    .joined(separator: " ")
            }
        }
        #expect(
            rows("boss") == ["e3 lee approval.requested o1 true", "e5 bob note.added o3 false"])
        #expect(rows("lee") == ["e5 bob note.added o3 false"])
        #expect(rows("eve") == rows("boss"))
        #expect(rows("boss", "UNIT u4") == [])
        #expect(rows("ann") == [])
        #expect(
            company.refusal("INBOX.UNSEEN UNIT u99", as: "boss")
                == "NOTFOUND no unit 'u99'; check the id, or ask whoever may see it")
        company.run("OPP.RECALL o1", as: "ann")
        company.run("INBOX.ACK UPTO 99", as: "bob")
        #expect(rows("boss") == ["e3 lee approval.recalled o1 false"])
    }
}
