import Testing

@testable import PipelineCommands

struct VoidingCommandTests {
    @Test("D-24: status void in APPROVAL.GET and LIST; ADVANCE answers pending again")
    func shown() throws {
        let company = LedgerCompany.furnished()
        company.submit()
        company.run("APPROVAL.APPROVE a1", as: "lee")
        company.run("APPROVAL.APPROVE a1", as: "boss")
        company.run("OPP.UPDATE o1 AMOUNT 100000", as: "ann")
        #expect(company.run("APPROVAL.GET a1", as: "ann")["status"]?.text == "void")
        #expect(company.run("APPROVAL.LIST STATUS void", as: "ann").elements?.count == 1)
        #expect(
            company.run("OPP.HISTORY o1", as: "ann").elements?.last?["type"]?.text
                == "approval.void")
        let reply = company.run("OPP.ADVANCE o1", as: "ann")
        #expect(reply["status"]?.text == "pending")
        #expect(reply["stage"]?.text == "negotiation")
        #expect(
            company.run("APPROVAL.GET a2", as: "ann")["approvers"]?.elements?.map(\.text) == ["e3"])
        company.run("APPROVAL.APPROVE a2", as: "lee")
        #expect(company.run("OPP.GET o1", as: "ann")["stage"]?.text == "closing")
        let replayed = try company.replayed()
        for line in ["OPP.GET o1", "APPROVAL.GET a1", "OPP.GUIDE o1"] {
            #expect(replayed.run(line, as: "ann") == company.run(line, as: "ann"))
        }
    }
}
