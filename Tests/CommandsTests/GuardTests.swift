import PipelineProtocol
import Testing

@testable import PipelineCommands

/// What a hostile or careless user must not bring about.
struct GuardTests {
    @Test("D-35: the last active admin cannot step down, and can once there is another")
    func lastAdmin() {
        let company = LedgerCompany.furnished()
        #expect(
            company.refusal("PERSON.UPDATE root ROLE rep")
                == "CONFLICT e1 is the last active admin; give somebody else that role first")
        company.run("PERSON.UPDATE boss ROLE admin")
        #expect(company.refusal("PERSON.UPDATE root ROLE rep") == nil)
        #expect(
            company.refusal("PERSON.UPDATE boss ROLE rep", as: "boss")
                == "CONFLICT e2 is the last active admin; give somebody else that role first")
    }

    @Test("D-26, D-28: who submitted a request recalls it, even after a transfer out of sight")
    func recallAfterTransfer() {
        let company = LedgerCompany.furnished()
        company.submit()
        company.run("OPP.TRANSFER o1 TO bob", as: "boss")
        #expect(company.refusal("OPP.GET o1", as: "ann")?.hasPrefix("NOTFOUND ") == true)
        #expect(company.refusal("OPP.RECALL o1", as: "ann") == nil)
        #expect(company.run("APPROVAL.GET a1", as: "ann")["status"]?.text == "recalled")
        #expect(company.refusal("OPP.RECALL o1", as: "ann")?.hasPrefix("NOTFOUND ") == true)
    }

    @Test("D-22: an admin finds what is stuck without being asked or having asked")
    func stuckRequests() {
        let company = LedgerCompany.furnished()
        company.submit()
        let ids = company.run("APPROVAL.LIST STATUS pending").elements?.map { $0["id"]?.text }
        #expect(ids == ["a1"])
        #expect(company.run("APPROVAL.LIST MINE").elements?.isEmpty == true)
    }

    @Test("§2: C1 controls are refused, and so is a note of nothing")
    func texts() {
        let company = LedgerCompany.furnished()
        #expect(
            company.refusal("CUSTOMER.CREATE a\u{85}b")
                == "INVALID name: contains a control character")
        #expect(
            company.refusal(#"OPP.NOTE o1 """#, as: "ann") == "INVALID text: must not be empty")
    }

    @Test("P-5: a customer to list by must exist")
    func unknownCustomer() {
        let company = LedgerCompany.furnished()
        #expect(company.refusal("OPP.LIST CUSTOMER c99")?.hasPrefix("NOTFOUND ") == true)
    }
}
